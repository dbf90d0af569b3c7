//! What the desk does, in words and examples, for whoever asks about its rule.

/// The code of the desk's rule, for ever.
pub const CODE: &str = "H01";

/// The name of its findings.
pub const NAME: &str = "repeated-headline";

/// What the rule finds, and why that is no author's text.
pub const WHY: &str = "A page prints its headline as a heading, as a title and once more above the text; \
    an author writes it once. The first copy stays. Copies in capitals, with the site's name behind them, \
    cut with \"…\" or wrapped over two lines go where systems print them: beside the first, before the \
    body, or after its end.";

/// Pages, and the lines that go.
pub const REMOVES: [(&str, &[&str]); 2] = [
    (
        "Ferry returns to the lake\nFerry returns to the lake\nThe old ferry crossed the lake again on Sunday after nine years in the boatyard, and it was full.",
        &["Ferry returns to the lake"],
    ),
    (
        "Ferry returns to the lake\nFERRY RETURNS TO THE LAKE | The Harrow Courier\nThe old ferry crossed the lake again on Sunday after nine years in the boatyard, and it was full.",
        &["FERRY RETURNS TO THE LAKE | The Harrow Courier"],
    ),
];

/// Pages that look like it and stay whole.
pub const KEEPS: [&str; 2] = [
    "Hold the line\nRain on the tin roof\nBread in the tin\nHold the line\nWe are nearly home\nHold the line",
    "Ferry returns to the lake\nThe old ferry crossed the lake again on Sunday after nine years in the boatyard, and it was full.\n\"Ferry returns to the lake\", the paper wrote, and the whole town had a holiday for it on the next day.",
];
