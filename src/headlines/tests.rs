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
