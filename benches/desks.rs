//! The three cleaning desks over the texts of a real file, one by one and together, without
//! reading, writing and the line model.
//!
//!     cargo bench --bench desks -- FILE.jsonl [ROUNDS]
//!
//! Prints MB of text a CPU-second, the best of the rounds. Where the system does not tell a
//! thread's CPU time (it does in Linux's `/proc`), it is time on the wall.

use copydesk::boilerplate::Catalogue;
use copydesk::document::{Document, Page};
use copydesk::headlines::repeated_headlines;
use copydesk::normalise::normalise;
use copydesk::pipeline::Cleaner;
use copydesk::settings::{LineModelSource, Settings};
use serde::Deserialize;
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::time::{Duration, Instant};

#[derive(Deserialize)]
struct Article {
    text: String,
    title: Option<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    let Some(file) = words.next() else {
        println!("usage: cargo bench --bench desks -- FILE.jsonl [ROUNDS]");
        return Ok(());
    };
    let rounds: usize = words.next().map_or(Ok(5), |word| word.parse())?;
    let articles: Vec<Article> = fs::read_to_string(file)?
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    let bytes: usize = articles.iter().map(|article| article.text.len()).sum();
    let mut settings = Settings::default();
    settings.boilerplate.line_model = LineModelSource::Off;
    let cleaner = Cleaner::new(&settings);
    let catalogue = Catalogue::shipped();
    let mended: Vec<_> = articles
        .iter()
        .map(|article| normalise(&article.text, &settings.normalise).apply(&article.text))
        .collect();
    let pages = || {
        let each = articles.iter().zip(&mended);
        each.map(|(article, text)| Page::new(text, article.title.as_deref()))
    };
    let jobs: [(&str, &dyn Fn() -> usize); 5] = [
        ("normalise", &|| {
            let each = articles.iter();
            each.map(|article| normalise(&article.text, &settings.normalise).len())
                .sum()
        }),
        ("pages", &|| pages().map(|page| page.lines.len()).sum()),
        ("pages, headlines", &|| {
            let each = pages();
            each.map(|page| repeated_headlines(&page, &settings.headlines).len())
                .sum()
        }),
        ("pages, boilerplate", &|| {
            let each = pages();
            each.map(|page| catalogue.find(&page, &[], &settings.boilerplate).len())
                .sum()
        }),
        ("all three, to a fixed point", &|| {
            let each = articles.iter();
            each.map(|article| {
                let document = Document {
                    text: &article.text,
                    title: article.title.as_deref(),
                    ..Document::default()
                };
                cleaner.clean(&document).edits.len()
            })
            .sum()
        }),
    ];
    println!("{:.1} MB of text, best of {rounds}", bytes as f64 / 1e6);
    println!("| desk | MB a CPU-second | found |");
    println!("|---|---|---|");
    for (name, job) in jobs {
        let mut best = Duration::MAX;
        let mut found = 0;
        for _ in 0..rounds {
            let start = cpu_time();
            let wall = Instant::now();
            found = black_box(job());
            let spent = match start.zip(cpu_time()) {
                Some((start, end)) => end.saturating_sub(start),
                None => wall.elapsed(),
            };
            best = best.min(spent);
        }
        let speed = bytes as f64 / 1e6 / best.as_secs_f64().max(1e-9);
        println!("| {name} | {speed:.0} | {found} |");
    }
    Ok(())
}

/// The allocator of the program, so that what is timed is what runs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Returns how long this thread has run on a CPU, where the system tells.
fn cpu_time() -> Option<Duration> {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let spent = told.split(' ').next()?.parse().ok()?;
    Some(Duration::from_nanos(spent))
}
