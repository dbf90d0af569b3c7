//! The desk as a whole: tables of mangled text, and the laws.

use super::*;
use crate::document::Span;
use proptest::prelude::*;

const OFF: NormaliseSettings = NormaliseSettings::off();

#[track_caller]
fn check_with(settings: &NormaliseSettings, table: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (input, expected) in table {
        let edits = normalise(input, settings);
        let got = edits.apply(input);
        if got != *expected {
            wrong.push(format!(
                "{input:?}\n     got {got:?}\nexpected {expected:?}"
            ));
        } else if !normalise(&got, settings).is_empty() {
            wrong.push(format!("{input:?} is not settled"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Checks what all mends together make of a text.
#[track_caller]
fn check(table: &[(&str, &str)]) {
    check_with(&NormaliseSettings::default(), table);
}

/// Checks that nothing is done.
#[track_caller]
fn check_kept(table: &[&str]) {
    let pairs: Vec<_> = table.iter().map(|text| (*text, *text)).collect();
    check(&pairs);
}

#[test]
fn windows_1252_mojibake_is_mended() {
    check(&[
        (
            "The councilâ€™s vote was â€œfinalâ€\u{9d}, she said.",
            "The council’s vote was “final”, she said.",
        ),
        (
            "She called it â€œfinalâ€ and left.",
            "She called it “final” and left.",
        ),
        ("He said â€œnoâ€\u{fffd} twice.", "He said “no” twice."),
        (
            "1999â€“2004 â€” five seasonsâ€¦",
            "1999–2004 — five seasons…",
        ),
        (
            "Le cafÃ© oÃ¹ lâ€™Ã©tÃ© sâ€™achÃ¨ve",
            "Le café où l’été s’achève",
        ),
        ("Ã‰cole, Ã€ bientÃ´t, Ã§a va", "École, À bientôt, ça va"),
        (
            "El niÃ±o durmiÃ³ en MÃ¡laga; Â¿quiÃ©n?",
            "El niño durmió en Málaga; ¿quién?",
        ),
        ("Ã\u{81}vila y Ã\u{8d}ndice", "Ávila y Índice"),
        ("CORAÃ‡ÃƒO DE ESTUDANTE", "CORAÇÃO DE ESTUDANTE"),
        (
            "GrÃ¼ÃŸe aus MÃ¼nchen, Ã–sterreich und Ãœberlingen",
            "Grüße aus München, Österreich und Überlingen",
        ),
        ("SmÃ¸rrebrÃ¸d pÃ¥ Ã˜stergade", "Smørrebrød på Østergade"),
        (
            "Â£40 or â‚¬45 at 20Â°C, Â© 2020, MaxiCareÂ®",
            "£40 or €45 at 20°C, © 2020, MaxiCare®",
        ),
        (
            "a Â½ litre jug Â· 100Â km away",
            "a ½ litre jug · 100 km away",
        ),
        ("ZaÅ¼Ã³Å‚Ä‡ gÄ™Å›lÄ… jaÅºÅ„", "Zażółć gęślą jaźń"),
        (
            "PÅ™Ã\u{ad}liÅ¡ Å¾luÅ¥ouÄ\u{8d}kÃ½ kÅ¯Åˆ",
            "Příliš žluťoučký kůň",
        ),
        ("AÄŸaÃ§ kÃ¶ÅŸkÃ¼ndeki Ä±ÅŸÄ±k", "Ağaç köşkündeki ışık"),
        ("È™i È›ara", "și țara"),
        ("Viá»‡t Nam Ä‘áº¥t nÆ°á»›c", "Việt Nam đất nước"),
        (
            "ÐŸÑ€Ð¸Ð²ÐµÑ‚ Ð¸ Ð´Ð¾Ð±Ñ€Ñ‹Ð¹ Ð´ÐµÐ½ÑŒ",
            "Привет и добрый день",
        ),
        (
            "ÎšÎ±Î»Î·Î¼Î\u{ad}ÏÎ±"
                .replace("Î\u{ad}Ï", "Î\u{ad}Ï\u{81}")
                .leak(),
            "Καλημέρα",
        ),
        ("×©×œ×•×\u{9d} ×œ×›×•×œ×\u{9d}", "שלום לכולם"),
        ("Ø§Ù„Ø³Ù„Ø§Ù… Ø¹Ù„ÙŠÙƒÙ…", "السلام عليكم"),
        ("à¤¹à¤¿à¤¨à¥\u{8d}à¤¦à¥€", "हिन्दी"),
        ("à¸ªà¸§à¸±à¸ªà¸”à¸µ", "สวัสดี"),
        ("ä¸\u{ad}å›½ and æ—¥æœ¬", "中国 and 日本"),
        ("Well done ðŸ˜€ðŸ‘\u{8d}", "Well done 😀👍"),
        ("ï»¿It begins", "It begins"),
        (
            "voilÃ\u{a0} tout, lÃ  bas et Ã  bientÃ´t Ã©tÃ©",
            "voilà tout, là bas et à bientôt été",
        ),
        ("âœ“ Done â†’ next â˜…", "✓ Done → next ★"),
        ("Caf&Atilde;&copy;", "Café"),
        (
            "1.Â Â Â Myth\nthe airline Â Monday Â\nsays Â«noÂ»",
            "1.   Myth\nthe airline  Monday \nsays «no»",
        ),
        ("WestJetâ€™s man Â Calgary", "WestJet’s man  Calgary"),
        ("cut 1%Â â\u{80}\u{93}Â ð\u{9d}\u{95}\u{8f}", "cut 1% – 𝕏"),
    ]);
}

#[test]
fn mojibake_of_other_charsets_is_mended() {
    check(&[
        ("РџСЂРёРІРµС‚, РјРёСЂ", "Привет, мир"),
        ("Р”РѕР±СЂС‹Р№ РґРµРЅСЊ", "Добрый день"),
        (
            "things to вЂ\u{fffd}see before you dieвЂ™",
            "things to ‘see before you die’",
        ),
        (
            "the councilвЂ™s vote вЂ” вЂњfinalвЂќ",
            "the council’s vote — “final”",
        ),
        ("cafГ© MГјnchen TwГіj", "café München Twój"),
        ("О”П…ОЅО±ОјО№ОєО®", "Δυναμική"),
        ("ж·±е…Ґ", "ж·±е…Ґ"),
        ("Ê∑±ÂÖ•ËØùÈ¢ò", "深入话题"),
        ("vĂ\u{ad}ce neĹľ dĂ\u{ad}tÄ›", "více než dítě"),
        (
            "Zosta³a zaĹĽĂłĹ‚cona".replace('³', "ł").leak(),
            "Została zażółcona",
        ),
        ("ĂĽber", "über"),
        ("the councilβ€™s vote", "the council’s vote"),
        (
            "ΞΞ±Ξ»Ξ·ΞΌΞ\u{ad}ΟΞ±"
                .replace("ΞΞ±", "Ξ\u{9a}Ξ±")
                .replace("\u{ad}Ο", "\u{ad}Ο\u{81}")
                .leak(),
            "Καλημέρα",
        ),
        ("ğŸ˜€ ve aÄŸaÃ§", "😀 ve ağaç"),
        (
            "the council‚Äôs caf√© ‚Äî closed",
            "the council’s café — closed",
        ),
    ]);
}

#[test]
fn mojibake_of_mojibake_is_mended() {
    check(&[
        ("The councilÃ¢â‚¬â„¢s vote", "The council’s vote"),
        ("cafÃƒÂ©", "café"),
        ("cafÃƒÆ’Ã‚Â©", "café"),
        ("Ã¢Â€Âœfinal", "“final"),
        ("itÃƒÂ¢Ã¢â€šÂ¬Ã¢â€žÂ¢s", "it’s"),
    ]);
}

#[test]
fn c1_controls_are_windows_1252_characters() {
    check(&[
        (
            "\u{93}Quite\u{94}, it\u{92}s \u{80}5 \u{96} or\u{85}",
            "“Quite”, it’s €5 – or…",
        ),
        ("one\u{85}two", "one\ntwo"),
        ("hole\u{81}\u{8d}s", "holes"),
    ]);
}

#[test]
fn honest_text_is_no_mojibake() {
    check_kept(&[
        "SÃO PAULO, CORAÇÃO, AMANHÃ… IRMû e “AMANHÔ, Ã, LÃ®, FRANÇA",
        "A letra “Ô, a letra «Ã» e a letra “Â” (Â, Ã)",
        "«à l’été…» dit-il, l’été», bébé™, café® et thé…»",
        "Spaß“, groß… „Größe“ – Fuß”, Ä–Ö, Ü–Z, A–Ä",
        "HYVÄ… TÄÄLLÄ” ja Å” på Ö…",
        "está»—dijo ¿Qué? ¡Olé!",
        "Úžasný Žižkov, Éšé, áš, íž, ťuť, příšť, šišť",
        "prężą się mężą, żółw, ĆMA, ÓŁ, ŁÓDŹ…",
        "MĂŞTI, CASĂ…, FAȚĂ”, Ăştia, PĂŞUNE, România într-o dimineaţă",
        "İĞÜŞÇÖ ağaç, Ağ…, dağ»",
        "TIẾNG VIỆT, CỐ GẮNG, ĐẤT NƯỚC, Ân tình, HÂN",
        "«Россия», Её, чёрт, В «Доме», С…, Р. С., РФ — СССР™, С№5",
        "сірі, СІРІ вівці; Рівне, Січень, Рєпін, Сєвєродонецьк, Ії лії, Її «Віє»",
        "Рјешење, Сјеверна, Ђоковић, Љубљана, Рђ",
        "Γειά σας, ΑΘΗΝΑ… ΟΎΤΕ «ΓΗ» Ο,τι Ξ…",
        "√2 ≈ 1.41, √π, x≈° y, ¬p, 5 µm², 20°, §5, ½…, 3 × 4 ÷ 2, £5, €5",
        "× × ×, ÷, °C, №5, ¼ cup, Å·Å, naïve…, Þór’s, Øl®, Ñ…Ñ",
        "“café” ‘naïve’ ‹été› … — – • ™ © ® ¿",
        "l’alphabet: A Â B, A/Â, Â\nÃ Ä",
        "ÐÂÎÅ¡€ŽóÊÓÒ° Å®×Ó ÎÄ»¯ Ò»¶Î ÊÓÆµ ³ÉÍøºì ¹úÄÚÐÂÎÅ",
        "tani e qirasë”“Dhe normalisht",
        "lost \u{fffd} character, caf\u{fffd}\u{fffd}",
        "日本語、「中国」。한국어 ไทย हिन्दी العربية עברית",
        "😀 👍🏽 ❤️ 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
    ]);
}

#[test]
fn entities_are_read_to_the_bottom() {
    check(&[
        (
            "Marks &amp; Spencer &lt;b&gt; &quot;yes&quot;",
            "Marks & Spencer <b> \"yes\"",
        ),
        ("caf&eacute, &copy 2020, 5 &times 4", "café, © 2020, 5 × 4"),
        (
            "it&#8217;s, it&#x2019;s, it&#146;s, it&#x92;s, &#x80;5, don&#39t",
            "it’s, it’s, it’s, it’s, €5, don't",
        ),
        ("&amp;amp;amp;lt; &amp;#39; &#38;amp;", "< ' &"),
        ("a&nbsp;b&ensp;c&shy;d&zwnj;e&NewLine;f", "a b cde\nf"),
        ("&am&shy;p;eacute;", "é"),
        ("&hellip;&mdash;&CounterClockwiseContourIntegral;", "…—∳"),
        ("?a=1&amp;copy=2", "?a=1&copy=2"),
    ]);
    check_kept(&[
        "R&D, AT&T, Q&A, B&B, H&M, a & b, && and &; &#; &#x; &x; &nosuch;",
        "https://example.org/?a=1&copy=2&lt=3&reg&sect&para=1",
        "/page?a=1&times&b=2",
        "black&notes &notit; &copyright &ampere &ltd",
        "&#0; &#xD800; &#x110000; &#99999999999;",
    ]);
}

#[test]
fn nfc_composes_what_is_apart() {
    check(&[
        ("cafe\u{301} au lait", "café au lait"),
        ("Vie\u{302}\u{323}t", "Việt"),
        ("a\u{323}\u{301} \u{1e61}\u{323}", "ạ\u{301} \u{1e69}"),
        ("\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}", "한국"),
        ("\u{304b}\u{3099}\u{212b}\u{2126}\u{212a}", "がÅΩK"),
        ("\u{f900}\u{958}", "豈\u{915}\u{93c}"),
    ]);
    check_kept(&["x\u{301}", "ﬁ ² ½ Ⅳ ㎏ Ａ", "\u{301}"]);
}

#[test]
fn controls_and_zero_width_characters_go() {
    check(&[
        (
            "nul\0l, bell\u{7}, del\u{7f}, \u{1b}[31m",
            "null, bell, del, [31m",
        ),
        (
            "non\u{fffe}cha\u{ffff}rac\u{fdd0}ter\u{1ffff}",
            "noncharacter",
        ),
        (
            "\u{feff}Zero\u{200b}width\u{2060}, BOM \u{feff}inside",
            "Zerowidth, BOM inside",
        ),
        (
            "left\u{200e}right\u{200f}, \u{202a}embed\u{202c} \u{2066}isolate\u{2069}",
            "leftright, embed isolate",
        ),
        ("auf\u{200c}lage, f\u{200d}i", "auflage, fi"),
        ("soft\u{ad}ly, \u{ad}so", "softly, so"),
        ("می\u{200c}\u{200c}خواهم", "می\u{200c}خواهم"),
        ("سلام\u{200c} دنیا", "سلام دنیا"),
        ("שלום\u{200f}", "שלום"),
        ("😀\u{200d} alone", "😀 alone"),
        ("tab\tand\nline", "tab\tand\nline"),
    ]);
    check_kept(&[
        "می\u{200c}خواهم کتاب\u{200c}ها، PDF\u{200c}ها",
        "क\u{94d}\u{200d}ष क\u{94d}\u{200c}ष, ന\u{d4d}\u{200d}, ක\u{dca}\u{200d}ර, র\u{200d}\u{9cd}য",
        "1445 ه\u{200d}",
        "👨\u{200d}👩\u{200d}👧\u{200d}👦 🏳\u{fe0f}\u{200d}🌈 🧑🏽\u{200d}🚀 🙋\u{200d}♀\u{fe0f} ❤\u{fe0f}\u{200d}🔥",
        "مرحبا C++\u{200e} عالم",
        "טלפון 03\u{200e}-1234",
    ]);
}

#[test]
fn spaces_and_line_breaks_become_plain() {
    check(&[
        (
            "10\u{a0}000\u{202f}€ thin\u{2009}hair\u{200a}figure\u{2007}",
            "10 000 € thin hair figure ",
        ),
        (
            "\u{3000}\u{3000}今天，山田\u{3000}太郎",
            "  今天，山田 太郎",
        ),
        (
            "one\r\ntwo\rthree\u{2028}four\u{2029}five\u{b}six\u{c}seven",
            "one\ntwo\nthree\nfour\nfive\nsix\nseven",
        ),
        ("a\r\n\r\n\r\n\r\nb", "a\n\nb"),
        ("a\n \n\t\n\u{a0}\nb\n\n\n", "a\n \nb\n\n"),
        ("\n\n\na", "\na"),
        ("a\n\n  ", "a\n\n"),
    ]);
    check_kept(&[
        "a\n\nb\n\nc\n",
        "\na\n\n",
        "",
        "\n",
        " \n",
        "  indented\n\n\tcode",
    ]);
}

#[test]
fn each_mend_can_be_switched_off() {
    let text = "cafÃ© &amp; e\u{301}\u{7}\u{200b}\u{ad}\u{a0}\r\n\n\n\n";
    check_with(&OFF, &[(text, text)]);
    check_with(
        &NormaliseSettings {
            mojibake: true,
            ..OFF
        },
        &[("cafÃ© &amp;", "café &amp;")],
    );
    check_with(
        &NormaliseSettings {
            controls: true,
            ..OFF
        },
        &[("a\u{7}\r\u{93}", "a\r")],
    );
    check_with(
        &NormaliseSettings {
            blank_lines: true,
            ..OFF
        },
        &[("a\r\n\r\n\r\nb", "a\r\n\r\nb")],
    );
    check_with(
        &NormaliseSettings {
            spaces: false,
            ..Default::default()
        },
        &[("a\u{a0}\r\n", "a\u{a0}\n")],
    );
}

#[test]
fn edits_are_small_and_named() {
    let text = "The cafÃ© &amp; the e\u{301}cole\r\n";
    let edits = normalise(text, &NormaliseSettings::default());
    let named: Vec<_> = edits
        .iter()
        .map(|edit| (edit.span.of(text), edit.replacement, edit.tag.as_str()))
        .collect();
    let expected = [
        ("Ã©", "é", "mojibake"),
        ("&amp;", "&", "entities"),
        ("e\u{301}", "é", "nfc"),
        ("\r", "", "line-breaks"),
    ];
    assert_eq!(named, expected);
}

#[test]
fn a_text_made_never_to_settle_is_left_alone() {
    let text = (0..40).fold("&amp;".to_owned(), |text, _| {
        text.replacen("&am", "&am&shy;", 1)
    });
    let deep = (0..40).fold("x".to_owned(), |text, _| {
        format!("&am{}p;", "&shy;".to_owned() + &text[..0]) + &text
    });
    for text in [text, deep] {
        let settings = NormaliseSettings::default();
        let cleaned = normalise(&text, &settings).apply(&text).into_owned();
        assert!(normalise(&cleaned, &settings).is_empty());
    }
}

#[test]
fn hostile_texts_take_time_in_proportion_to_their_length() {
    let fragments = [
        "Ð ",
        "¬©",
        "Ã",
        "â€",
        "\u{200c}\u{200d}",
        "\u{85}",
        "&",
        "&amp",
        "&amp;",
        "&#",
        "e\u{301}\u{323}",
        "\u{1100}",
        "\u{200e}",
        "\n ",
        "С…",
        "Â ",
        "\u{301}",
        "\u{c3}\u{a9}",
    ];
    for fragment in fragments {
        let text = fragment.repeat(40_000);
        let cleaned = normalise(&text, &NormaliseSettings::default())
            .apply(&text)
            .into_owned();
        assert!(
            normalise(&cleaned, &NormaliseSettings::default()).is_empty(),
            "{fragment:?}"
        );
    }
}

/// Fragments that mends fight over.
const NASTY: &[&str] = &[
    "Ã", "Â", "â", "€", "™", "©", "Ð", "Ñ", "Р", "С", "є", "°", "»", "œ", "ƒ", "‚", "ð", "Ÿ", "˜",
    "à", "¤", "ï", "¿", "½", "√", "Ä", "Å", "š", "Ă", "ş", "Ξ", "±", "в", "Ђ", "â€", "â€œ", "Ã©",
    "РџСЂ", "\u{80}", "\u{81}", "\u{85}", "\u{92}", "\u{9d}", "\u{a0}", "\u{ad}", "&", "&amp", ";",
    "&am", "p;", "&lt;", "&shy;", "&#", "xe9;", "38;", "&#13;", "&zwj;", "&Atilde;", "=", "e", "a",
    "A", "Z", "7", "\u{301}", "\u{323}", "\u{327}", "\u{1100}", "\u{1161}", "\u{11a8}", "\u{ac00}",
    "\u{915}", "\u{93c}", "\u{94d}", "\u{9be}", "\u{9c7}", "\u{212b}", "\u{2000}", "\u{200b}",
    "\u{200c}", "\u{200d}", "\u{200e}", "\u{200f}", "\u{202e}", "\u{2066}", "\u{feff}", "ش", "م",
    "א", "👨", "👩", "❤", "\u{fe0f}", "\0", "\u{7}", "\u{7f}", "\u{fffe}", "\u{fffd}", "\r", "\n",
    "\r\n", "\t", " ", "\u{b}", "\u{2028}", "\u{3000}", "\u{1f71}", "中", "?a=1", "://", ".",
];

fn nasty() -> impl Strategy<Value = String> {
    let fragment = prop_oneof![
        8 => prop::sample::select(NASTY).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(fragment, 0..24).prop_map(|parts| parts.concat())
}

fn settings() -> impl Strategy<Value = NormaliseSettings> {
    let some = any::<[bool; 9]>().prop_map(|on| NormaliseSettings {
        mojibake: on[0],
        entities: on[1],
        nfc: on[2],
        controls: on[3],
        zero_width: on[4],
        soft_hyphens: on[5],
        spaces: on[6],
        line_breaks: on[7],
        blank_lines: on[8],
    });
    prop_oneof![Just(NormaliseSettings::default()), some]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn twice_is_once_and_every_edit_can_be_taken_back(text in nasty(), settings in settings()) {
        let edits = normalise(&text, &settings);
        let cleaned = edits.apply(&text).into_owned();
        prop_assert!(normalise(&cleaned, &settings).is_empty(), "{cleaned:?}");
        let mut at = 0;
        for edit in edits.iter() {
            let Span { start, end } = edit.span;
            prop_assert!(at <= start && text.get(start..end).is_some());
            at = end;
        }
        let originals: Vec<&str> = edits.iter().map(|edit| edit.span.of(&text)).collect();
        prop_assert_eq!(edits.revert(&cleaned, originals), Some(text));
    }

    #[test]
    fn text_settles_in_few_rounds(text in nasty()) {
        // What is left alone for never settling would look unmended here.
        let cleaned = normalise(&text, &NormaliseSettings::default()).apply(&text).into_owned();
        let settled = !cleaned.contains(['\0', '\r', '\u{200b}']);
        prop_assert!(settled, "{:?}", cleaned);
    }

    #[test]
    fn switched_off_it_edits_nothing(text in nasty()) {
        prop_assert!(normalise(&text, &OFF).is_empty());
    }

    #[test]
    fn nfc_is_what_the_oracle_makes(text in nasty()) {
        use unicode_normalization::UnicodeNormalization;
        let edits = nfc::mend(&text);
        prop_assert_eq!(edits.apply(&text).into_owned(), text.nfc().collect::<String>());
    }
}
