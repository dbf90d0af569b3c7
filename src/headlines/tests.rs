//! Tables of pages: what is a repeat, and what comes back for a reason.

use super::repeated_headlines;
use crate::document::Page;
use crate::settings::HeadlineSettings;

const BODY: &str = "The ferry crossed the upper lake again on Sunday, after nine years in the boatyard behind the mill.";

fn found(text: &str, title: Option<&str>) -> Vec<String> {
    repeated_headlines(&Page::new(text, title), &HeadlineSettings::default())
        .iter()
        .map(|finding| finding.span.of(text).to_owned())
        .collect()
}

#[test]
fn a_headline_that_stands_again_is_found() {
    for (text, title, expected) in [
        (
            "Old ferry returns to the lake\nOld ferry returns to the lake\n@",
            None,
            &["Old ferry returns to the lake"][..],
        ),
        (
            "Old ferry returns to the lake\nOLD FERRY RETURNS TO THE LAKE\n@",
            None,
            &["OLD FERRY RETURNS TO THE LAKE"],
        ),
        (
            "‘Old’ ferry returns to the lake\n\"Old\" ferry returns to the lake!\n@",
            None,
            &["\"Old\" ferry returns to the lake!"],
        ),
        (
            "Old ferry returns to the lake\nOld ferry returns to the lake | The Shore\n@",
            None,
            &["Old ferry returns to the lake | The Shore"],
        ),
        (
            "Old ferry returns to the lake\nHome » News » Old ferry returns to the lake\n@",
            None,
            &["Home » News » Old ferry returns to the lake"],
        ),
        (
            "Old ferry returns to the lake\nOld ferry returns\nto the lake\n@",
            None,
            &["Old ferry returns", "to the lake"],
        ),
        (
            "Old ferry returns to the lake | The Shore\nOld ferry returns to the lake\n@",
            Some("Old ferry returns to the lake"),
            &["Old ferry returns to the lake | The Shore"],
        ),
        (
            "Old ferry returns\nto the lake of pikes\nOld ferry returns to the la…\nOld ferry returns to the lake of pikes\n@",
            Some("Old ferry returns to the lake of pikes"),
            &[
                "Old ferry returns to the la…",
                "Old ferry returns to the lake of pikes",
            ],
        ),
        (
            "Old ferry returns to the lake of pikes\nOld ferry returns to the…\n@",
            None,
            &["Old ferry returns to the…"],
        ),
        (
            "Old ferry returns to the lake\nBy Ana Roe\nOld ferry returns to the lake\n@",
            None,
            &["Old ferry returns to the lake"],
        ),
        (
            "Shore\nOld ferry returns to the lake\nOld ferry returns to the lake\n@",
            Some("Old ferry returns to the lake - The Shore"),
            &["Old ferry returns to the lake"],
        ),
        (
            "Old ferry returns to the lake\n@\nOld ferry returns to the lake",
            Some("Old ferry returns to the lake"),
            &["Old ferry returns to the lake"],
        ),
        (
            "Old ferry returns to teh harbour\nOld ferry returns to the harbuor\n@",
            Some("Old ferry returns to the harbor"),
            &[],
        ),
        (
            "Old fishermen return to the harbour\nOld fishermen return to the harbours\n@",
            None,
            &["Old fishermen return to the harbours"],
        ),
        (
            "老渡船重新回到湖上\n老渡船重新回到湖上\n@",
            None,
            &["老渡船重新回到湖上"],
        ),
    ] {
        assert_eq!(found(&text.replace('@', BODY), title), expected, "{text}");
    }
}

#[test]
fn a_headline_in_every_dress_is_found() {
    for (text, title, expected) in [
        // The site's name before it, with and without a title.
        (
            "Old ferry returns to the lake\nThe Shore | Old ferry returns to the lake\n@",
            None,
            &["The Shore | Old ferry returns to the lake"][..],
        ),
        (
            "Lake Shore - Old ferry returns to the lake\nOld ferry returns to the lake\n@",
            Some("Old ferry returns to the lake"),
            &["Lake Shore - Old ferry returns to the lake"],
        ),
        (
            "Old ferry returns to the lake\nBy Ana Roe\nOLD FERRY RETURNS TO THE LAKE – LAKE SHORE\n@",
            Some("Lake Shore – Old ferry returns to the lake"),
            &["OLD FERRY RETURNS TO THE LAKE – LAKE SHORE"],
        ),
        // Breadcrumbs.
        (
            "Old ferry returns to the lake\nHome / News / Old ferry returns to the lake\n@",
            None,
            &["Home / News / Old ferry returns to the lake"],
        ),
        (
            "Home › Old ferry returns to the lake\nOld ferry returns to the lake\n@",
            Some("Old ferry returns to the lake"),
            &["Home › Old ferry returns to the lake"],
        ),
        (
            "Home » News » Old ferry returns to the lake\nOld ferry returns to the lake\n@",
            Some("Old ferry returns to the lake | The Shore"),
            &["Home » News » Old ferry returns to the lake"],
        ),
        (
            "Startseite »\nLokales »\nAlte Fähre fährt wieder über den See\nAlte Fähre fährt wieder über den See\n@",
            None,
            &[
                "Startseite »",
                "Lokales »",
                "Alte Fähre fährt wieder über den See",
            ],
        ),
        (
            "Home\n/\nNews\n/\nOld ferry returns to the lake\nOld ferry returns to the lake\n@",
            Some("Old ferry returns to the lake"),
            &["Home", "/", "News", "/", "Old ferry returns to the lake"],
        ),
        (
            "Home\nNews\nThe lake\nOld ferry returns to the lake\n@",
            Some("Old ferry returns to the lake"),
            &["Home", "News", "The lake"],
        ),
        (
            "首页 > 新闻 >\n老渡船九年之后重新回到湖上\n老渡船九年之后重新回到湖上\n@",
            None,
            &["首页 > 新闻 >", "老渡船九年之后重新回到湖上"],
        ),
        // Of two in a row the bare one stays, though no title says which it is.
        (
            "Lake News - Old ferry returns to the lake\nOld ferry returns to the lake\n@",
            Some("The ferry is back on the lake of pikes"),
            &["Lake News - Old ferry returns to the lake"],
        ),
        (
            "Old ferry returns to the lake | The Shore\nOld ferry returns to the lake\n@",
            None,
            &["Old ferry returns to the lake | The Shore"],
        ),
        // The title is missing or the site's name.
        (
            "Old ferry returns to the lake\nBy Ana Roe\nOld ferry returns to the lake\n@",
            Some("The Shore"),
            &["Old ferry returns to the lake"],
        ),
        (
            "Shore\nLocal\nOld ferry returns to the lake\nOld ferry returns to the lake\n@",
            None,
            &["Old ferry returns to the lake"],
        ),
        (
            "Shore\nOld ferry returns to the lake\nOLD FERRY RETURNS TO THE LAKE\n@",
            Some("Shore"),
            &["OLD FERRY RETURNS TO THE LAKE"],
        ),
    ] {
        assert_eq!(found(&text.replace('@', BODY), title), expected, "{text}");
    }
}

#[test]
fn any_number_of_copies_right_below_the_headline_goes_at_once() {
    let text = "Old ferry returns to the lake\n".repeat(400);
    assert_eq!(
        found(&text, Some("Old ferry returns to the lake")).len(),
        399
    );
}

#[test]
fn a_headline_glued_to_the_first_paragraph_is_cut_out() {
    for (text, title, expected) in [
        (
            "Old ferry returns to the lake\nOld ferry returns to the lake@",
            None,
            "Old ferry returns to the lake",
        ),
        (
            "Old ferry returns to the lake\nBy Ana Roe\nOld ferry returns to the lake. @",
            Some("Old ferry returns to the lake"),
            "Old ferry returns to the lake. ",
        ),
        (
            "Old ferry returns to the lake!\nOld ferry returns to the lake! @",
            Some("Old ferry returns to the lake! | The Shore"),
            "Old ferry returns to the lake! ",
        ),
        (
            "Old ferry returns to the lake\nOld ferry returns to the lake – @",
            Some("Old ferry returns to the lake"),
            "Old ferry returns to the lake – ",
        ),
        (
            "老渡船九年之后重新回到湖上\n老渡船九年之后重新回到湖上。星期天，那条老渡船在船厂里停了九年之后又一次驶过了湖面，船上坐满了人，没有一个人问票价。",
            None,
            "老渡船九年之后重新回到湖上。",
        ),
    ] {
        assert_eq!(found(&text.replace('@', BODY), title), [expected], "{text}");
    }
    for text in [
        // A name goes on; a small letter does; the headline stands nowhere else.
        "Old ferry returns to the lake\nOld ferry returns to the lake Geneva ferrymen know best, with nine years of rust on its hull and a new bell.",
        "Old ferry returns to the lake\nOld ferry returns to the lake and stays there, with nine years of rust on its hull and a new bell.",
        "Old ferry returns to the lake\nOld ferry returns to the lake, and stays there, with nine years of rust on its hull and a new bell.",
        "Ferry returns\nOld ferry returns to the lake. @",
        // A sentence that the author says again.
        "The old ferry returns to the lake.\nThe old ferry returns to the lake. @",
        // Too short to be sure: "US" and "USA".
        "Aid from the US\nAid from the USAID office reached the lake on Monday, after nine weeks on the road and two in the harbour.",
        // Not the first paragraph.
        "Old ferry returns to the lake\n@\nOld ferry returns to the lake. @",
    ] {
        assert_eq!(
            found(&text.replace('@', BODY), None),
            Vec::<String>::new(),
            "{text}"
        );
    }
}

#[test]
fn a_standfirst_that_the_first_paragraph_says_again_goes() {
    let deck = "The ferry crossed the upper lake again on Sunday, after nine years in the boatyard";
    for (text, title, expected) in [
        ("Old ferry\n@.\n@. It was full.", None, "@."),
        (
            "Old ferry\n@\nBy Ana Roe\n4 March\n@, and was full.",
            None,
            "@",
        ),
        ("Old ferry\n@…\n@ behind the mill.", Some("Old ferry"), "@…"),
        (
            "Old ferry\n@.\nBy Ana Roe\n@.\nBread was cheap on both shores, and the bakers of the two towns had sold all of it by noon.",
            None,
            "@.",
        ),
        ("Old ferry\n“@”\n@ behind the mill.", None, "“@”"),
    ] {
        let text = text.replace('@', deck);
        assert_eq!(found(&text, title), [expected.replace('@', deck)], "{text}");
    }
    for text in [
        // It says more than the paragraph, or something else.
        "Old ferry\n@, and was full.\n@. It will cross again on Monday, the captain said.",
        "Old ferry\n@.\nThe ferry crossed the upper lake again on Monday, after nine years in the boatyard. It was full.",
        // Two verses, and nothing under them.
        "Old ferry\nRow me over the lake, and over the lake again, my dear.\nRow me over the lake, and over the lake again, my dear.",
        "Old ferry\n@.\n@.",
        // Part of a sentence that is wrapped over lines.
        "Old ferry, and whoever wants to cross the lake with it\nis asked to read what follows here about the oars and the bell.\nIs asked to read what follows here about the oars and the bell. It was full on Sunday, and on Monday.",
        // Both are text: another paragraph stands between.
        "Old ferry\n@.\nBread was cheap on both shores, and the bakers of the two towns had sold all of it by noon.\n@. It was full.",
        // A list's heading and its first item.
        "Old ferry\nThe ferry\nThe ferry crossed the upper lake again on Sunday, and it was full from the first trip to the last.",
    ] {
        let text = text.replace('@', deck);
        assert_eq!(found(&text, None), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_line_that_comes_back_for_a_reason_stays() {
    for (text, title) in [
        // The title field is another field: the text's own copy stays.
        (
            "Old ferry returns to the lake\n@",
            Some("Old ferry returns to the lake"),
        ),
        ("@", Some("Old ferry returns to the lake")),
        // Numbers differ.
        (
            "Trial of the miller, day 1\nTrial of the miller, day 2\n@",
            None,
        ),
        ("Lakers win the cup 2-1\nLakers win the cup 2-2\n@", None),
        // Words differ.
        (
            "Prices of perch and pike rise in the north\nPrices of perch and pike fall in the north\n@",
            None,
        ),
        (
            "Iran sends its ferry to the lake\nIraq sends its ferry to the lake\n@",
            None,
        ),
        (
            "Miller is guilty of theft\nMiller is not guilty of theft\n@",
            None,
        ),
        // A refrain.
        (
            "Row me home again\nRow me home again\nOver the lake\nRow me home again",
            None,
        ),
        (
            "Row me home\nRow me home\nOver the lake\nRow me home",
            Some("Row me home"),
        ),
        // Dialogue and tables.
        ("\"Home?\"\n\"Home.\"\nShe put the oars down.", None),
        ("Name\nName\nAge\nAna\nAge", None),
        // In the middle of the body it is the author's.
        ("Who owns the lake?\n@\nWho owns the lake?\n@", None),
        // Too little to know it again.
        ("News\nNews\n@", None),
        // What stands behind the dash is no site.
        (
            "Trial of the miller - first day\nTrial of the miller - last day\n@",
            None,
        ),
        ("Trial of the miller - day 1\nTrial of the miller\n@", None),
        // A text that says its own title again, after it has begun or as part of a sentence.
        (
            "The open lake licence\nEveryone may read this and hand it on.\nThe open lake licence\nTerms of use\n@",
            None,
        ),
        (
            "The ferry of the upper lake\n\n\"The ferry of the upper lake\",\nand all that belongs to it, was sold to the mill in the spring of the ninth year after the flood.",
            None,
        ),
        (
            "The ferry and the boats of the lake\nwere sold in the spring, and whoever bought\nthe ferry and the boats of the lake\npaid for the mill as well, the clerk wrote, and nobody on either shore asked for the bill.",
            None,
        ),
        // A path of a file.
        ("/home/ => /var/lake/\nThe copies of the lake\n@", None),
        // A sentence that opens the text, and again later in it.
        (
            "The ferry is free for all.\nYou may board it at\n[the quay]\nThe ferry is free for all.\n@",
            None,
        ),
        // The headline is no step, however short.
        ("Home of the ferry\nFerry returns\nBy Ana Roe\n@", None),
        // Subheads, not the steps of a breadcrumb.
        ("Home and away\nNews of the lake\nFerry\n@", None),
        (
            "Home\nOld ferry returns to the lake\n@",
            Some("Old ferry returns to the lake"),
        ),
    ] {
        assert_eq!(
            found(&text.replace('@', BODY), title),
            Vec::<String>::new(),
            "{text}"
        );
    }
}

#[test]
fn the_desk_can_be_switched_off() {
    let settings = HeadlineSettings {
        enabled: false,
        ..Default::default()
    };
    let text = format!("Old ferry returns to the lake\nOld ferry returns to the lake\n{BODY}");
    assert_eq!(repeated_headlines(&Page::new(&text, None), &settings), []);
}

proptest::proptest! {
    #[test]
    fn ascii_is_split_as_everything_else_is(text in "[ -~\t]{0,60}") {
        // One letter that is no ASCII sends the line the other way.
        let slow = super::key::words(&format!("{text} ж"));
        let fast = super::key::words(&text);
        proptest::prop_assert_eq!(slow.trim_end_matches('ж').trim_end(), fast);
    }
}
