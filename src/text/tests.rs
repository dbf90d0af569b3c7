//! Real texts for the tests of the kernels, where the shared data is at hand.

use std::io::BufRead as _;
use std::path::PathBuf;

/// Returns every `step`th text of the four sets of real documents; none, loudly, where they are
/// not here.
pub(super) fn texts(step: usize) -> impl Iterator<Item = String> {
    let shared = std::env::var_os("COPYDESK_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared")),
        PathBuf::from,
    );
    ["news", "web", "descr", "licences"]
        .into_iter()
        .filter_map(move |set| {
            let path = shared.join(format!("data/duplicates/{set}.jsonl.zst"));
            let file = std::fs::File::open(&path);
            if file.is_err() {
                eprintln!(
                    "SKIPPED: no texts at {} (set COPYDESK_SHARED)",
                    path.display()
                );
            }
            zstd::Decoder::new(file.ok()?).ok()
        })
        .flat_map(move |file| std::io::BufReader::new(file).lines().step_by(step))
        .map(|line| {
            let record: serde_json::Value =
                serde_json::from_str(&line.expect("a line")).expect("a record");
            record["text"].as_str().expect("a text").to_owned()
        })
}
