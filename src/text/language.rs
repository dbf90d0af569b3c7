//! The language of a text, told by the trigrams of its beginning (`whatlang`).

use super::boundary;
use super::hash;

/// How much of a text is looked at, in bytes.
const READ: usize = 300;

/// All of so many documents are looked at, and one in [`STEP`] of the others: a look takes some 70
/// microseconds, as long as all else that `dedup` does to five documents.
pub const ALL: u64 = 200;
/// One in so many of the later documents is looked at, picked by the hash of its number.
pub const STEP: u64 = 1_024;

/// What stands for a language that the text does not tell (ISO 639-2).
pub const UNKNOWN: &str = "und";

/// Returns the language of document `doc`, as ISO 639-3 has it, or [`UNKNOWN`]; nothing where the
/// document is not among those that are looked at, or has no text.
pub fn sampled(doc: u64, text: &str) -> Option<&'static str> {
    let looked = doc < ALL || hash::word(&doc.to_le_bytes()).is_multiple_of(STEP);
    (looked && !text.trim().is_empty()).then(|| language(text))
}

/// Returns the language of a text, or [`UNKNOWN`].
fn language(text: &str) -> &'static str {
    let start = text.get(..boundary(text, READ)).unwrap_or(text);
    match whatlang::detect(start) {
        Some(told) if told.is_reliable() => told.lang().code(),
        _ => UNKNOWN,
    }
}

/// Returns the English name of a language.
pub fn name(code: &str) -> &str {
    whatlang::Lang::from_code(code).map_or("not told", |language| language.eng_name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_told_of_sentences() {
        for (text, code) in [
            (
                "The ferry to the island returned on Monday, a month after its engine had failed in the strait.",
                "eng",
            ),
            (
                "Die Fähre zur Insel kehrte am Montag zurück, einen Monat nachdem ihre Maschine ausgefallen war.",
                "deu",
            ),
            (
                "Le bac de l'île est revenu lundi, un mois après la panne de son moteur au milieu du détroit.",
                "fra",
            ),
            ("Το πλοίο επέστρεψε στο νησί τη Δευτέρα.", "ell"),
            ("島へのフェリーは月曜日に戻りました。", "jpn"),
            ("12 34 56", UNKNOWN),
            ("x", UNKNOWN),
        ] {
            assert_eq!(sampled(0, text), Some(code), "{text}");
        }
        assert_eq!(name("deu"), "German");
        assert_eq!(name(UNKNOWN), "not told");
        assert_eq!(sampled(0, " \n"), None);
        // Whatever is behind the beginning.
        let long =
            "The ferry to the island returned on Monday. ".repeat(30) + &"Die Fähre. ".repeat(500);
        assert_eq!(sampled(0, &long), Some("eng"));
    }

    #[test]
    fn of_many_documents_few_are_looked_at() {
        let looked =
            |range: std::ops::Range<u64>| range.filter(|doc| sampled(*doc, "x").is_some()).count();
        assert_eq!(looked(0..ALL), ALL as usize);
        let later = looked(ALL..ALL + 1_024_000);
        assert!((800..1_200).contains(&later), "{later}");
    }
}
