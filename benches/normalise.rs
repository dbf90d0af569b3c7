//! How fast the normalise desk reads clean text, and mends what is not.
//!
//! The texts are a few sentences of our own, over and over, in paragraphs.

use copydesk::normalise::normalise;
use copydesk::settings::NormaliseSettings;
use divan::counter::BytesCount;
use divan::{Bencher, black_box};

const LENGTH: usize = 1 << 20;

const ENGLISH: &str = "The harbour board met on Tuesday to hear how the storm had left the pier, and \
    agreed, after two hours, to have it mended before the first ferries of spring.";
const FRENCH: &str = "Le comité s’est réuni mardi à la mairie : après deux heures de débat, les élus ont \
    décidé de réparer la jetée avant l’été, « coûte que coûte ».";
const RUSSIAN: &str = "Совет порта собрался во вторник, чтобы узнать, что осталось от пирса после бури, и \
    решил починить его до первых весенних паромов.";
const UKRAINIAN: &str = "Рада порту зібралася у вівторок і вирішила відремонтувати пірс до весни; Сергій \
    Рєпін з Рівного сказав, що її рішення своєчасне.";
const CHINESE: &str =
    "港务委员会星期二开会，了解风暴过后码头的情况，并决定在春季第一班渡轮开航之前将其修复。";
const GREEK: &str =
    "Το λιμενικό συμβούλιο συνεδρίασε την Τρίτη και αποφάσισε να επισκευάσει την προβλήτα.";
const ARABIC: &str =
    "اجتمع مجلس الميناء يوم الثلاثاء وقرر إصلاح الرصيف قبل وصول أولى العبّارات في الربيع.";
const HINDI: &str = "बंदरगाह समिति की बैठक मंगलवार को हुई और घाट की मरम्मत का निर्णय लिया गया।";
const MANGLED: &str = "The harbour board\u{a0}met on Tuesday &amp; heard how the stormâ€™s waves had left the \
    pier, and\u{200b} agreed to have it mended before cafe\u{301}s open.\r";

fn main() {
    divan::main();
}

fn pages(sentence: &str) -> String {
    let paragraph = format!("{}\n\n", [sentence; 3].join(" "));
    paragraph.repeat(LENGTH / paragraph.len())
}

#[divan::bench(args = [
    "english", "french", "russian", "ukrainian", "chinese", "greek", "arabic", "hindi",
])]
fn clean(bencher: Bencher, language: &str) {
    run(
        bencher,
        match language {
            "french" => FRENCH,
            "russian" => RUSSIAN,
            "ukrainian" => UKRAINIAN,
            "chinese" => CHINESE,
            "greek" => GREEK,
            "arabic" => ARABIC,
            "hindi" => HINDI,
            _ => ENGLISH,
        },
    );
}

#[divan::bench]
fn mangled(bencher: Bencher) {
    run(bencher, MANGLED);
}

fn run(bencher: Bencher, sentence: &str) {
    let text = pages(sentence);
    let settings = NormaliseSettings::default();
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| normalise(black_box(&text), &settings));
}
