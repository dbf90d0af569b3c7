//! Files, folders, globs and standard input; plain, gzip and zstd; JSONL and text.

use crate::support::Desk;
use std::io::Write as _;

fn gz(text: &str) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(text.as_bytes()).unwrap();
    packer.finish().unwrap()
}

fn ids(text: &str) -> Vec<String> {
    crate::support::rows(text)
        .iter()
        .map(|row| {
            row["id"]
                .as_str()
                .map_or_else(|| row["id"].to_string(), str::to_owned)
        })
        .collect()
}

#[test]
fn every_kind_of_input_is_read_in_order() {
    let desk = Desk::new();
    desk.write(
        "a.jsonl",
        "{\"id\":\"a1\",\"text\":\"x\"}\n{\"id\":\"a2\",\"text\":\"x\"}",
    );
    // Two members: a reader that stops after the first loses b2.
    let members = [
        gz("{\"id\":\"b1\",\"text\":\"x\"}\n"),
        gz("{\"id\":\"b2\",\"text\":\"x\"}\n"),
    ]
    .concat();
    desk.write("deep/er/b.jsonl.gz", members);
    let frames: Vec<u8> = ["c1", "c2"]
        .iter()
        .flat_map(|id| {
            zstd::bulk::compress(
                format!("{{\"id\":\"{id}\",\"text\":\"x\"}}\n").as_bytes(),
                3,
            )
            .unwrap()
        })
        .collect();
    desk.write("deep/c.ndjson.zst", frames);
    desk.write("deep/d.txt", "A headline\n\nA text.\n");
    desk.write("deep/.hidden.jsonl", "{\"id\":\"hidden\",\"text\":\"x\"}\n");
    desk.write("deep/ignored.html", "<p>");
    for (words, expected) in [
        (
            &["a.jsonl", "deep"][..],
            &["a1", "a2", "c1", "c2", "deep/d.txt", "b1", "b2"][..],
        ),
        (&["deep/*.zst"], &["c1", "c2"]),
        (&["**/*.gz", "a.jsonl"], &["b1", "b2", "a1", "a2"]),
        (&["deep/d.txt"], &["deep/d.txt"]),
    ] {
        let mut all = vec!["clean"];
        all.extend(words);
        all.extend(["-o", "-", "-q"]);
        assert_eq!(ids(&desk.ok(&all)), expected, "{words:?}");
    }
    let row = &crate::support::rows(&desk.ok(&["clean", "deep/d.txt", "-o", "-", "-q"]))[0];
    assert_eq!(
        (row["title"].as_str(), row["text"].as_str()),
        (Some("A headline"), Some("A headline\n\nA text.\n"))
    );
}

#[test]
fn fields_can_be_named_and_nested() {
    let desk = Desk::new();
    desk.write(
        "in.jsonl",
        r#"{"meta":{"key":"k1"},"content":{"body":["skip","Fish &amp; chips"]},"z":0}"#,
    );
    let out = desk.ok(&[
        "clean",
        "in.jsonl",
        "-o",
        "-",
        "-q",
        "--text-field",
        "/content/body/1",
        "--id-field",
        "/meta/key",
    ]);
    assert_eq!(
        out,
        "{\"meta\":{\"key\":\"k1\"},\"content\":{\"body\":[\"skip\",\"Fish & chips\"]},\"z\":0}\n"
    );
    desk.write("copydesk.toml", "[input]\ntext_field = \"body\"\n");
    desk.write("named.jsonl", "{\"body\":\"A &amp; B\"}\n");
    assert_eq!(
        desk.ok(&["clean", "named.jsonl", "-o", "-", "-q"]),
        "{\"body\":\"A & B\"}\n"
    );
}

#[test]
fn all_other_bytes_pass_through() {
    let desk = Desk::new();
    let line =
        r#" {"n": 1.50e3,"big":1e400, "dup":1,"dup":2,"text" : "a&amp;b" ,"esc":"\u00e9\/"}"#;
    desk.write("in.jsonl", format!("{line}\r\n"));
    let out = desk.ok(&["clean", "in.jsonl", "-o", "-", "-q"]);
    assert_eq!(out, format!("{}\n", line.trim().replace("a&amp;b", "a&b")));
}

#[test]
fn the_output_is_packed_by_its_ending() {
    let desk = Desk::new();
    desk.write("in.jsonl", "{\"id\":1,\"text\":\"x\"}\n");
    for name in ["out.jsonl.gz", "out.jsonl.zst", "out.jsonl"] {
        desk.ok(&["clean", "in.jsonl", "-o", name, "-q"]);
        let bytes = std::fs::read(desk.path(name)).unwrap();
        assert_eq!(name.ends_with("gz"), bytes.starts_with(&[0x1f, 0x8b]));
        assert_eq!(name.ends_with("zst"), bytes.starts_with(&[0x28, 0xb5]));
        assert_eq!(ids(&desk.ok(&["clean", name, "-o", "-", "-q"])), ["1"]);
    }
}

#[test]
fn empty_inputs_give_empty_outputs() {
    let desk = Desk::new();
    desk.write("empty.jsonl", "");
    desk.write("blank.jsonl", "\n\n  \n");
    desk.write(
        "mark.jsonl",
        "\u{feff}{\"id\":1,\"text\":\"behind a byte order mark\"}",
    );
    assert_eq!(
        desk.ok(&["clean", "empty.jsonl", "blank.jsonl", "-o", "-", "-q"]),
        ""
    );
    assert_eq!(
        ids(&desk.ok(&["run", "mark.jsonl", "-o", "-", "-q"])),
        ["1"]
    );
}

#[test]
fn a_run_among_the_inputs_is_read_for_its_cleaned_records_alone() {
    let desk = Desk::new();
    desk.write("in/a.jsonl", "{\"id\":1,\"text\":\"x\"}\nbroken\n");
    desk.ok(&["run", "in", "-o", "in/out", "-q"]);
    assert_eq!(ids(&desk.ok(&["clean", "in/out", "-o", "-", "-q"])), ["1"]);
    desk.ok(&["run", "in", "-o", "in/out", "-q", "--force"]);
    assert_eq!(desk.rows("in/out/cleaned-00000.jsonl").len(), 1);
}

#[test]
fn a_byte_order_mark_before_a_later_line_is_no_fault() {
    let desk = Desk::new();
    desk.write(
        "in.jsonl",
        "\u{feff}{\"id\":1,\"text\":\"x\"}\n\u{feff}{\"id\":2,\"text\":\"y\"}\n",
    );
    assert_eq!(
        ids(&desk.ok(&["clean", "in.jsonl", "-o", "-", "-q"])),
        ["1", "2"]
    );
}

#[test]
fn a_byte_order_mark_does_not_hide_that_a_file_is_jsonl() {
    let desk = Desk::new();
    for (name, mark) in [
        ("bare", ""),
        ("marked", "\u{feff}"),
        ("spaced", "\u{feff} \n"),
    ] {
        for ending in [".csv", ".html", ".dat", ""] {
            let name = format!("{name}{ending}");
            desk.write(&name, format!("{mark}{{\"id\":1,\"text\":\"x\"}}\n"));
            assert_eq!(ids(&desk.ok(&["clean", &name, "-o", "-"])), ["1"], "{name}");
        }
    }
}

#[test]
fn a_file_that_two_names_stand_for_is_refused() {
    let desk = Desk::new();
    desk.write("in/a.jsonl", "{\"text\":\"a\"}\n");
    desk.write("in/b.jsonl", "{\"text\":\"b\"}\n");
    for (names, said) in [
        (
            &["in", "in/a.jsonl"][..],
            "in/a.jsonl: the file is named twice, by in and by in/a.jsonl",
        ),
        (
            &["in/b.jsonl", "in/*.jsonl"],
            "named twice, by in/b.jsonl and by in/*.jsonl",
        ),
        (
            &["in/b.jsonl", "./in/b.jsonl"],
            "named twice, by in/b.jsonl and by ./in/b.jsonl",
        ),
        (
            &["in", "in"],
            "in/a.jsonl: the file is named twice; name it once",
        ),
    ] {
        let words = [&["clean"], names, &["-o", "-"]].concat();
        let found = desk.fails(1, &words);
        assert!(found.contains(said), "{found}");
    }
    desk.ok(&["clean", "in/a.jsonl", "in/b.jsonl", "-o", "-"]);
}

/// Writes to the input when the reading is done.
struct Meddler<F: Fn() + Sync>(F);

impl<F: Fn() + Sync> copydesk::Progress for Meddler<F> {
    fn begin(&self, stage: copydesk::Stage, _total: Option<u64>) {
        if stage == copydesk::Stage::Write {
            self.0();
        }
    }

    fn advance(&self, _position: u64, _records: u64) {}

    fn end(&self) {}
}

/// What stays as it is waits in the input itself for the decision: it is read there again.
#[test]
fn an_input_that_changes_while_it_is_read_ends_the_run() {
    let desk = Desk::new();
    let text: String = (0..400)
        .map(|number| format!("{{\"id\":{number},\"text\":\"Boat {number} of the harbour left at dawn, and boat {} came in.\"}}\n", number * 7))
        .collect();
    let path = desk.path("in.jsonl");
    let run = |meddle: &(dyn Fn() + Sync)| {
        let mut settings = copydesk::Settings::default();
        settings.brake.release();
        let mut pipeline = copydesk::Pipeline::new(settings)
            .read(&[path.to_str().unwrap()])
            .unwrap()
            .write(desk.path("out").to_str().unwrap());
        pipeline.plan().cut.block = 8 << 10;
        pipeline.plan().segment_bytes = 16 << 10;
        let done = pipeline.run(&Meddler(meddle));
        done.map(|_| ()).map_err(|bad| bad.to_string())
    };
    desk.write("in.jsonl", &text);
    // What is appended was not there when the run began.
    run(&|| {
        let mut file = std::fs::File::options().append(true).open(&path).unwrap();
        file.write_all(b"{\"id\":\"late\",\"text\":\"One more boat.\"}\n")
            .unwrap();
    })
    .unwrap();
    let cleaned = std::fs::read_to_string(desk.path("out/cleaned-00000.jsonl")).unwrap();
    assert_eq!(cleaned, text);
    std::fs::remove_dir_all(desk.path("out")).unwrap();
    let changed = text.replace("Boat 77 ", "Bout 77 ");
    for (meddle, said) in [
        (
            &(|| std::fs::write(&path, &changed).unwrap()) as &(dyn Fn() + Sync),
            "in.jsonl: was changed while it was read: bytes ",
        ),
        (
            &|| std::fs::write(&path, &text[..9_000]).unwrap(),
            "in.jsonl: was cut short while it was read: bytes ",
        ),
        (
            &|| std::fs::remove_file(&path).unwrap(),
            "in.jsonl: cannot be opened again: bytes ",
        ),
    ] {
        desk.write("in.jsonl", &text);
        let bad = run(meddle).unwrap_err();
        assert!(bad.contains(said), "{bad}");
        assert!(bad.contains("run it again"), "{bad}");
        // Nothing is left to go on from: it would be of another input.
        assert!(!desk.path("out").exists());
    }
    // Not even where the file's time tells nothing.
    desk.write("in.jsonl", &text);
    let open = || std::fs::File::options().write(true).open(&path).unwrap();
    let time = open().metadata().unwrap().modified().unwrap();
    let quietly = || {
        std::fs::write(&path, &changed).unwrap();
        open().set_modified(time).unwrap();
    };
    run(&quietly).unwrap_err();
    run(&|| ()).unwrap();
    let cleaned = std::fs::read_to_string(desk.path("out/cleaned-00000.jsonl")).unwrap();
    assert_eq!(cleaned, changed);
}

/// A page is refused under any name that does not tell, of a pipe too; nobody's text is.
#[test]
fn a_page_is_no_text_unless_it_is_asked_for() {
    let desk = Desk::new();
    let page = "<html lang=\"en\">\n<head><title>Ferry</title></head><body>Late.</body></html>\n";
    let prose = "<html> is the element that holds the page.\n\nThe book says so.\n";
    for (name, content) in [
        ("page", page),
        ("page.php", page),
        ("note", prose),
        ("page.txt", page),
    ] {
        desk.write(name, content);
    }
    for name in ["page", "page.php"] {
        let said = desk.fails(1, &["run", name, "-o", "out"]);
        assert!(said.contains("looks like a page with its markup"), "{said}");
        let row = &crate::support::rows(&desk.ok(&[
            "clean",
            name,
            "-o",
            "-",
            "-q",
            "--format",
            "text",
            "--boilerplate",
            "off",
        ]))[0];
        assert!(row["text"].as_str().unwrap().contains("<title>"), "{row}");
    }
    desk.write("array", "[\n  {\"text\": \"A harbour.\"}\n]\n");
    let said = desk.fails(1, &["run", "array", "-o", "out"]);
    assert!(said.contains("looks like an array of JSON"), "{said}");
    for name in ["note", "page.txt"] {
        let rows = crate::support::rows(&desk.ok(&["clean", name, "-o", "-", "-q"]));
        assert_eq!(rows.len(), 1, "{name}");
    }
    // Of records that begin with a page, the page is one that is rejected.
    desk.write("stream", "<html><head>\n{\"text\":\"A harbour.\"}\n");
    let rows =
        crate::support::rows(&desk.ok(&["clean", "stream", "--format", "jsonl", "-o", "-", "-q"]));
    assert_eq!(rows[0]["text"], "A harbour.");
}

/// A table is read as it was, but said to be one; `explain` says it too, and -q keeps still.
#[test]
fn a_table_under_a_name_that_does_not_tell_is_warned_of() {
    let desk = Desk::new();
    desk.write("table", "id\ttitle\ttext\n1\tFerry\tLate\n2\tFair\tRain\n");
    let said = |words: &[&str]| {
        let done = desk.copydesk(words).output().unwrap();
        assert!(done.status.success(), "{words:?}");
        String::from_utf8(done.stderr).unwrap()
    };
    for words in [
        &["run", "table", "-o", "out"][..],
        &["explain", "table"],
        &["clean", "table", "-o", "-"],
    ] {
        let told = said(words);
        assert!(
            told.contains("looks like a table of 3 columns (id title text)"),
            "{told}"
        );
    }
    for words in [
        &["explain", "table", "-q"][..],
        &["explain", "table", "--format", "text"],
        &["clean", "table", "-o", "-", "--format", "text"],
    ] {
        assert!(!said(words).contains("looks like"), "{words:?}");
    }
}
