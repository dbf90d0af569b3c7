//! Every setting: its key in the file, its flag, what it is, and what may stand there.
//!
//! The settings file that `copydesk init` writes, the names of environment variables, messages
//! about mistakes and `copydesk config show` come from here. A test holds the list to the structs.

use super::nearest;

/// How a setting is written as one word, in the environment or behind a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it stands: a name.
    Text,
    /// Words with commas between them.
    List,
    /// As a TOML value, or as a bare word.
    Value,
}

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its key: the table, a dot, the name in it.
    pub key: &'static str,
    /// The flag that sets it, where there is one; `--set KEY=VALUE` sets every one.
    pub flag: Option<&'static str>,
    /// What it is, in one or two sentences.
    pub about: &'static str,
    /// What may stand there.
    pub expects: &'static str,
    /// For a setting that has no value where nothing is said: what one may look like, in TOML.
    pub example: Option<&'static str>,
    /// How it is written as one word.
    pub form: Form,
}

impl Setting {
    /// Returns the table it stands in.
    pub fn table(&self) -> &'static str {
        self.key.split_once('.').map_or("", |(table, _)| table)
    }

    /// Returns its name in the table.
    pub fn name(&self) -> &'static str {
        self.key.split_once('.').map_or(self.key, |(_, name)| name)
    }

    /// Returns the environment variable that sets it, such as `COPYDESK_DUPLICATES_THRESHOLD`.
    pub fn variable(&self) -> String {
        let name = self.key.replace('.', "_").to_ascii_uppercase();
        format!("{PREFIX}{name}")
    }

    /// Returns the setting of this key.
    pub fn of_key(key: &str) -> Option<&'static Self> {
        SETTINGS.iter().find(|setting| setting.key == key)
    }

    /// Returns what is said of a key that is none.
    pub fn unknown(key: &str) -> String {
        let keys: Vec<&str> = SETTINGS.iter().map(|setting| setting.key).collect();
        // Whoever leaves the table out means the name.
        let named = keys
            .iter()
            .find(|known| known.split('.').nth(1) == Some(key));
        match named.copied().or_else(|| nearest(key, &keys)) {
            Some(near) => format!("there is no setting {key:?}; did you mean {near}?"),
            None => format!("there is no setting {key:?}; `copydesk config show` lists them"),
        }
    }
}

/// What the names of environment variables begin with.
pub(super) const PREFIX: &str = "COPYDESK_";

const FIELD: &str = "the name of a field; /a/b is a JSON pointer";
const SWITCH: &str = "true or false";
const SHARE: &str = "a share from 0 to 1; 1 is no limit";
const SIZE: &str = "a number of bytes above 0, such as 64MiB";

/// A setting with a value where nothing is said, written as TOML.
const fn setting(
    key: &'static str,
    flag: Option<&'static str>,
    expects: &'static str,
    about: &'static str,
) -> Setting {
    Setting {
        key,
        flag,
        about,
        expects,
        example: None,
        form: Form::Value,
    }
}

/// The name of a field.
const fn field(key: &'static str, flag: &'static str, about: &'static str) -> Setting {
    Setting {
        form: Form::Text,
        ..setting(key, Some(flag), FIELD, about)
    }
}

/// One of the mends.
const fn mend(key: &'static str, about: &'static str) -> Setting {
    setting(key, Some("--no-normalise"), SWITCH, about)
}

/// Every setting, in the order of the structs.
pub const SETTINGS: &[Setting] = &[
    field(
        "input.text_field",
        "--text-field",
        "Field that holds the text.",
    ),
    field("input.id_field", "--id-field", "Field that names a record."),
    field(
        "input.title_field",
        "--title-field",
        "Field that holds the headline.",
    ),
    field(
        "input.url_field",
        "--url-field",
        "Field that holds the address.",
    ),
    Setting {
        example: Some("\"site\""),
        ..field(
            "input.site_field",
            "--site-field",
            "Field that names the site; where nothing is said, the host of the address is the site.",
        )
    },
    field(
        "input.date_field",
        "--date-field",
        "Field that holds the date, for duplicates.keep = \"earliest\" and \"latest\".",
    ),
    mend(
        "normalise.mojibake",
        "Mend text decoded with the wrong charset, once or more.",
    ),
    mend("normalise.entities", "Put characters for HTML entities."),
    mend("normalise.nfc", "Compose characters (Unicode NFC)."),
    mend(
        "normalise.controls",
        "Take out control characters, NUL among them.",
    ),
    mend(
        "normalise.zero_width",
        "Take out zero-width characters and stray direction marks, where they join nothing.",
    ),
    mend("normalise.soft_hyphens", "Take out soft hyphens."),
    mend(
        "normalise.spaces",
        "Make no-break and other exotic spaces a space.",
    ),
    mend(
        "normalise.line_breaks",
        "Make CR LF, CR, NEL, line and paragraph separators a line feed.",
    ),
    mend(
        "normalise.blank_lines",
        "Make runs of blank lines one blank line.",
    ),
    setting(
        "headlines.enabled",
        Some("--no-headlines"),
        SWITCH,
        "Take out headlines that stand again.",
    ),
    setting(
        "headlines.similarity",
        None,
        "a likeness from 0.5 to 1",
        "Least likeness of two lines, case and punctuation aside, to be the same headline.",
    ),
    setting(
        "boilerplate.level",
        Some("--boilerplate"),
        "off, safe, standard or aggressive",
        "How bold the boilerplate desk is. Aggressive is for pages dumped whole: of clean text it takes \
         short lines and tables that are the author's.",
    ),
    Setting {
        form: Form::List,
        ..setting(
            "boilerplate.keep_kinds",
            Some("--keep-kind"),
            "kinds of boilerplate, such as byline_named, comment_form or share",
            "Kinds of boilerplate that stay. (The flag adds to them.)",
        )
    },
    Setting {
        example: Some("\"my.toml\""),
        form: Form::Text,
        ..setting(
            "boilerplate.rules_file",
            Some("--rules"),
            "the name of a file",
            "File of your own rules, beside this file: phrases that go, and what is to stay.",
        )
    },
    Setting {
        example: Some("\"0000000000000000000000000000000000000000000000000000000000000000\""),
        form: Form::Text,
        ..setting(
            "boilerplate.rules_sha256",
            None,
            "64 hexadecimal digits",
            "The SHA-256 of that file, which it must then have.",
        )
    },
    setting(
        "boilerplate.site_model",
        Some("--site-model"),
        "off, auto, or the name of a file that `copydesk learn` wrote",
        "What recurs on each site: a file that `copydesk learn` wrote, beside this file; auto: learned from the input itself, which is read twice; off.",
    ),
    setting(
        "boilerplate.agency_tags",
        Some("--strip-agency-tags"),
        SWITCH,
        "Take out agencies' names in datelines and at the end of paragraphs too.",
    ),
    setting(
        "boilerplate.line_model",
        Some("--line-model"),
        "true, false, or the name of a file that `copydesk train` wrote",
        "The line model: true is the shipped one, false is none (faster, but less goes), a text is the name of a file that `copydesk train` wrote, beside this file.",
    ),
    setting(
        "duplicates.mode",
        Some("--duplicates"),
        "drop, mark or off",
        "What is done with duplicates. (`copydesk clean` looks for none.)",
    ),
    setting(
        "duplicates.threshold",
        Some("--threshold"),
        "a similarity above 0 and at most 1",
        "Least similarity of near-duplicates: Jaccard, of the sets of runs of five words.",
    ),
    setting(
        "duplicates.keep",
        Some("--keep"),
        "first, longest, earliest, latest, or field:NAME",
        "Which of several duplicates stays; with field:NAME the one with the greatest value there.",
    ),
    Setting {
        example: Some("0.9"),
        ..setting(
            "duplicates.containment",
            Some("--containment"),
            "a share above 0 and at most 1",
            "Least share of a document's runs of five words that stand in a longer one that stays, for it to go; where nothing is said, none goes so.",
        )
    },
    setting(
        "brake.documents",
        Some("--brake-documents"),
        SHARE,
        "Greatest share of all documents that may be dropped; a run over it stops with exit code 4.",
    ),
    setting(
        "brake.site",
        Some("--brake-site"),
        SHARE,
        "Greatest share of one site's documents that may be dropped; a run over it stops.",
    ),
    setting(
        "brake.least_documents",
        None,
        "a number of documents",
        "With fewer documents, of the run or of the site, the two limits above say nothing.",
    ),
    Setting {
        example: Some("\"1%\""),
        ..setting(
            "brake.rejects",
            Some("--max-rejects"),
            "a number of records, or a share such as 1%",
            "How many records may be rejected, as a number or as a share of those read; where nothing is said, half of them, asked of 100 records (least_documents) and more when all are read.",
        )
    },
    setting(
        "brake.text",
        Some("--brake-text"),
        SHARE,
        "Greatest share of one document's text that may be taken; a document over it is left alone, only mended, and named in spared.jsonl.",
    ),
    setting(
        "brake.least_text",
        None,
        "a number of characters",
        "With fewer characters, white space aside, the limit above says nothing.",
    ),
    setting(
        "resources.threads",
        Some("--threads"),
        "a number of threads",
        "Threads to work with; 0 is one a core. Changes no output.",
    ),
    setting(
        "resources.memory",
        Some("--memory"),
        SIZE,
        "About how much memory the search for duplicates may use. Changes no output.",
    ),
    Setting {
        example: Some("\"scratch\""),
        form: Form::Text,
        ..setting(
            "resources.temp_dir",
            Some("--temp-dir"),
            "the name of a folder",
            "Folder, beside this file, to lay things aside in while running; where nothing is said, in the output folder.",
        )
    },
    setting(
        "resources.compress",
        Some("--compress"),
        "none, gz or zst",
        "How files in an output folder are packed.",
    ),
    setting(
        "resources.shard_size",
        Some("--shard-size"),
        SIZE,
        "After how many bytes the next cleaned-*.jsonl begins.",
    ),
    setting(
        "resources.max_record",
        Some("--max-record"),
        SIZE,
        "Longest record taken; longer ones are rejected.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Config;
    use std::collections::BTreeSet;

    /// What a struct says it knows, from the message about a key that it does not.
    fn fields(text: &str) -> Vec<String> {
        let bad = toml::from_str::<Config>(text).unwrap_err();
        let quoted = bad.message().split('`').skip(3).step_by(2);
        quoted.map(str::to_owned).collect()
    }

    #[test]
    fn every_setting_is_in_the_catalogue() {
        let mut keys = BTreeSet::new();
        for table in fields("nothing = 1\n")
            .iter()
            .filter(|name| *name != "preset")
        {
            for name in fields(&format!("[{table}]\nnothing = 1\n")) {
                keys.insert(format!("{table}.{name}"));
            }
        }
        assert!(keys.len() > 30);
        let known: BTreeSet<String> = SETTINGS.iter().map(|one| one.key.to_owned()).collect();
        let missing: Vec<_> = keys.difference(&known).collect();
        let gone: Vec<_> = known.difference(&keys).collect();
        assert!(
            missing.is_empty() && gone.is_empty(),
            "src/settings/catalogue.rs: add rows for {missing:?}, take out {gone:?}"
        );
        assert_eq!(SETTINGS.len(), known.len(), "a key stands twice");
    }

    #[test]
    fn what_has_no_value_where_nothing_is_said_has_an_example() {
        let defaults = toml::Table::try_from(Config::default()).unwrap();
        for setting in SETTINGS {
            let has = defaults[setting.table()]
                .as_table()
                .unwrap()
                .contains_key(setting.name());
            assert_eq!(has, setting.example.is_none(), "{}", setting.key);
        }
    }
}
