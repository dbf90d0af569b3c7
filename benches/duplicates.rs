//! The kernels of the duplicates desk, on sentences made here.
//!
//! `cargo bench --bench duplicates`; throughput is of text bytes.

use copydesk::document::DocId;
use copydesk::duplicates::{
    Counter, Digest, Fingerprint, FingerprintReader, Limits, Screener, Shelf, Threshold, decide,
};
use copydesk::text::words::WordReader;
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

/// The scripts that take different ways through the reader.
#[derive(Clone, Copy, Debug)]
enum Script {
    Ascii,
    Quoted,
    Polish,
    Cyrillic,
    Han,
}

const SCRIPTS: [Script; 5] = [
    Script::Ascii,
    Script::Quoted,
    Script::Polish,
    Script::Cyrillic,
    Script::Han,
];

impl Script {
    fn syllables(self) -> [&'static str; 8] {
        match self {
            Self::Ascii | Self::Quoted => ["ta", "no", "ri", "kel", "o", "sen", "ment", "s"],
            Self::Polish => ["ta", "ść", "rzy", "kel", "ą", "sen", "dło", "ów"],
            Self::Cyrillic => ["та", "но", "ри", "кел", "о", "сен", "мент", "ы"],
            Self::Han => ["新", "闻", "报", "道", "记", "者", "今", "日"],
        }
    }
}

/// A small generator of numbers that are as good as random (SplitMix64, Steele et al. 2014).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sides as u64) as usize
    }
}

/// A text of so many words, in sentences and paragraphs.
fn text(script: Script, words: usize, dice: &mut Dice) -> String {
    let syllables = script.syllables();
    let mut text = String::new();
    for word in 0..words {
        let start = text.len();
        for _ in 0..=dice.roll(3) {
            text.push_str(syllables[dice.roll(8)]);
        }
        if word % 12 == 0 {
            let capital = text[start..].to_uppercase();
            text.replace_range(start.., &capital);
        }
        text.push_str(match (word % 12, script) {
            (11, Script::Quoted) => ".” ",
            (11, Script::Han) => "。",
            (11, _) if word % 48 == 47 => ".\n\n",
            (11, _) => ". ",
            (5, Script::Quoted) => "’s ",
            (_, Script::Han) => "",
            _ => " ",
        });
    }
    text
}

fn megabyte(script: Script) -> Vec<String> {
    let mut dice = Dice(7);
    let mut texts = Vec::new();
    let mut bytes = 0;
    while bytes < 1 << 20 {
        let words = 50 + dice.roll(500);
        texts.push(text(script, words, &mut dice));
        bytes += texts.last().map_or(0, String::len);
    }
    texts
}

fn bytes(texts: &[String]) -> BytesCount {
    BytesCount::new(texts.iter().map(String::len).sum::<usize>())
}

#[divan::bench(args = SCRIPTS)]
fn words(bencher: Bencher<'_, '_>, script: Script) {
    let texts = megabyte(script);
    let mut reader = WordReader::new();
    bencher.counter(bytes(&texts)).bench_local(|| {
        for text in &texts {
            reader.read(black_box(text));
            black_box(reader.hashes());
        }
    });
}

#[divan::bench(args = SCRIPTS)]
fn fingerprints(bencher: Bencher<'_, '_>, script: Script) {
    let texts = megabyte(script);
    let mut reader = FingerprintReader::new(Threshold::new(0.8));
    let mut print = Fingerprint::default();
    bencher.counter(bytes(&texts)).bench_local(|| {
        for text in &texts {
            reader.read_into(black_box(text), &mut print);
            black_box(&print);
        }
    });
}

/// Texts of which every third repeats an earlier one but for a few words.
fn repeating(threshold: f64) -> Vec<Fingerprint> {
    let mut dice = Dice(11);
    let mut texts: Vec<String> = Vec::new();
    for at in 0..5_000 {
        let text = if at % 3 == 2 {
            let old = texts[dice.roll(at)].clone();
            let at = old
                .match_indices(' ')
                .map(|(at, _)| at)
                .nth(dice.roll(40))
                .unwrap_or(0);
            format!("{} more{}", &old[..at], &old[at..])
        } else {
            let words = 50 + dice.roll(500);
            text(Script::Ascii, words, &mut dice)
        };
        texts.push(text);
    }
    let mut reader = FingerprintReader::new(Threshold::new(threshold));
    texts.iter().map(|text| reader.read(text)).collect()
}

fn counted(prints: &[Fingerprint]) -> Counter {
    let counter = Counter::new(shingles(prints) as u64, 1 << 26);
    prints.iter().for_each(|print| counter.add(print.counted()));
    counter
}

fn shingles(prints: &[Fingerprint]) -> usize {
    prints.iter().map(|print| print.shingles.len()).sum()
}

#[divan::bench]
fn count(bencher: Bencher<'_, '_>) {
    let prints = repeating(0.8);
    bencher
        .counter(ItemsCount::new(shingles(&prints)))
        .bench_local(|| black_box(counted(&prints)));
}

#[divan::bench(args = [0.5, 0.8])]
fn screen(bencher: Bencher<'_, '_>, threshold: f64) {
    let prints = repeating(threshold);
    let counter = counted(&prints);
    let mut screener = Screener::new();
    bencher
        .counter(ItemsCount::new(shingles(&prints)))
        .bench_local(|| {
            for print in &prints {
                let [leading, others] = print.parts();
                let others = |into: &mut Vec<u64>| into.extend_from_slice(others);
                let (all, threshold) = (print.shingles.len(), Threshold::new(threshold));
                black_box(screener.screen(leading, all, others, &counter, threshold));
            }
        });
}

#[divan::bench(args = [0.5, 0.8])]
fn screen_and_decide(bencher: Bencher<'_, '_>, threshold: f64) {
    let prints = repeating(threshold);
    let counter = counted(&prints);
    let mut shelf = Shelf::new();
    let mut documents: Vec<(DocId, Digest)> = Vec::new();
    for (id, print) in (0..).map(DocId).zip(&prints) {
        shelf.put(id, &print.shingles);
        documents.push((id, print.digest));
    }
    let limits = Limits {
        threshold: Threshold::new(threshold),
        memory: usize::MAX,
    };
    bencher
        .counter(ItemsCount::new(documents.len()))
        .bench_local(|| decide(&documents, &mut shelf, &counter, limits));
}
