//! Commands of `rules` and their flags.

use clap::Subcommand;

/// Commands of `rules`.
#[derive(Subcommand, Debug)]
pub enum Rules {
    /// Name every rule, with its kind, the level from which it works, and why
    ///
    ///   copydesk rules list
    ///   copydesk rules list --json --rules my.toml         for a program, yours too
    #[command(verbatim_doc_comment)]
    List(RuleList),
    /// Tell everything about one rule: its name, its code, or a name in the ledger
    ///
    ///   copydesk rules show known-phrase                   a rule
    ///   copydesk rules show B03                            the same, by its code
    ///   copydesk rules show share-bar                      a name in removed.jsonl
    #[command(verbatim_doc_comment)]
    Show(RuleShow),
    /// Name the phrases that a line is or that hold a text, and rules that say it
    ///
    ///   copydesk rules find "Leave a reply"                which phrase a line is
    ///   copydesk rules find newsletter --rules my.toml     yours come first
    ///   copydesk rules find newsletter --json              all, for a program
    ///
    /// Case and accents count for nothing. Whether a line goes hangs on the page too:
    /// copydesk explain tells that.
    #[command(verbatim_doc_comment)]
    Find(RuleFind),
    /// Try every rule's own examples; exits with 1 if one fails
    ///
    ///   copydesk rules test                                ours
    ///   copydesk rules test --rules my.toml                yours too
    ///
    /// An example of one line is tried inside a page, one of several lines is a
    /// page.
    #[command(verbatim_doc_comment)]
    Test(RuleTest),
}

/// Flags of `rules list`.
#[derive(clap::Args, Debug)]
pub struct RuleList {
    /// File of your own rules
    #[arg(long, value_name = "FILE")]
    pub rules: Option<String>,
    /// JSON in place of the table
    #[arg(long)]
    pub json: bool,
}

/// Flags of `rules show`.
#[derive(clap::Args, Debug)]
pub struct RuleShow {
    /// The rule, such as known-phrase, B03 or share-bar
    #[arg(value_name = "NAME")]
    pub name: String,
    /// File of your own rules
    #[arg(long, value_name = "FILE")]
    pub rules: Option<String>,
    /// JSON in place of text
    #[arg(long)]
    pub json: bool,
}

/// Flags of `rules find`.
#[derive(clap::Args, Debug)]
pub struct RuleFind {
    /// The line, or a part of one
    #[arg(value_name = "TEXT", required = true)]
    pub text: Vec<String>,
    /// File of your own rules, whose phrases are looked through first
    #[arg(long, value_name = "FILE")]
    pub rules: Option<String>,
    /// JSON in place of the table, and every phrase
    #[arg(long)]
    pub json: bool,
}

/// Flags of `rules test`.
#[derive(clap::Args, Debug)]
pub struct RuleTest {
    /// File of your own rules, whose examples are tried too
    #[arg(long, value_name = "FILE")]
    pub rules: Option<String>,
    /// JSON in place of text
    #[arg(long)]
    pub json: bool,
}
