//! What the desk does, in words and examples, for whoever asks about its rule.

/// The code of the desk's rule, for ever.
pub const CODE: &str = "H01";

/// The name of the rule, and of its findings.
pub const NAME: &str = "repeated-headline";

/// The name of what it finds of a standfirst.
pub const STANDFIRST: &str = "repeated-standfirst";

/// What the rule finds, and why that is no author's text.
pub const WHY: &str = "A page prints its headline as a heading, as a title and once more above the text; \
    an author writes it once. The first copy stays. Copies in capitals, with the site's name before or \
    behind them, at the end of a breadcrumb, cut with \"…\" or wrapped over two lines go where systems \
    print them: beside the first, before the body, or after its end. The breadcrumb's own steps go too, \
    and so does the headline at the start of the first paragraph where it is glued on. A standfirst goes \
    where the first paragraph says it again, word for word; the paragraph stays.";

/// Pages, and the lines (or parts of lines) that go.
pub const REMOVES: [(&str, &[&str]); 8] = [
    (
        "Ferry returns to the lake\nFerry returns to the lake\nThe old ferry crossed the lake again on Sunday after nine years in the boatyard, and it was full.",
        &["Ferry returns to the lake"],
    ),
    (
        "Ferry returns to the lake\nFERRY RETURNS TO THE LAKE | The Harrow Courier\nThe old ferry crossed the lake again on Sunday after nine years in the boatyard, and it was full.",
        &["FERRY RETURNS TO THE LAKE | The Harrow Courier"],
    ),
    (
        "Ferry returns to the lake after nine years\nFerry returns to the lake after…\nThe old ferry crossed the lake again on Sunday, and it was full from the first trip to the last.",
        &["Ferry returns to the lake after…"],
    ),
    (
        "Ferry returns to the lake after nine years\nFerry returns to the lake\nafter nine years\nThe old ferry crossed the lake again on Sunday, and it was full from the first trip to the last.",
        &["Ferry returns to the lake", "after nine years"],
    ),
    (
        "Ferry returns to the lake\nHome » News » Ferry returns to the lake\nThe old ferry crossed the lake again on Sunday after nine years in the boatyard, and it was full.",
        &["Home » News » Ferry returns to the lake"],
    ),
    (
        "Home »\nNews »\nFerry returns to the lake\nFerry returns to the lake\nThe old ferry crossed the lake again on Sunday after nine years in the boatyard, and it was full.",
        &["Home »", "News »", "Ferry returns to the lake"],
    ),
    (
        "Ferry returns to the lake\nThe old ferry crossed the lake again on Sunday after nine years in the boatyard.\nBy Ana Roe\nThe old ferry crossed the lake again on Sunday after nine years in the boatyard. It was full, and nobody asked what it cost.",
        &["The old ferry crossed the lake again on Sunday after nine years in the boatyard."],
    ),
    (
        "Ferry returns to the lake\nFerry returns to the lakeThe old ferry crossed the lake again on Sunday after nine years in the boatyard, and it was full.",
        &["Ferry returns to the lake"],
    ),
];

/// Pages that look like it and stay whole.
pub const KEEPS: [&str; 8] = [
    "Hold the line\nRain on the tin roof\nBread in the tin\nHold the line\nWe are nearly home\nHold the line",
    "Ferry returns to the lake\nThe old ferry crossed the lake again on Sunday after nine years in the boatyard, and it was full.\n\"Ferry returns to the lake\", the paper wrote, and the whole town had a holiday for it on the next day.",
    "Trial of the miller - first day\nTrial of the miller - last day\nThe court heard nine witnesses on the two days, and believed four of them, as the clerk wrote down.",
    "Ferry returns to the lake\nFerry returns to the lake of pikes and perch after nine years in the boatyard, and it was full from the first trip.",
    "Ferry returns to the lake\nThe old ferry crossed the lake again on Sunday after nine years in the boatyard.\nThe old ferry crossed the lake on Monday too, with half as many on board, and on Tuesday it lay still.",
    "https://lake.example/ferry/\nhttps://lake.example/ferry/\nThe old ferry crossed the lake again on Sunday after nine years in the boatyard, the captain said.",
    "The song of the ferry\nAnd the old ferry crosses the lake again in the morning, after nine years in the boatyard, and so do we.\nAnd the old ferry crosses the lake again in the morning, after nine years in the boatyard, and so do we.\nAnd the old ferry crosses the lake again in the morning, after nine years in the boatyard, and so do we.",
    "Home and away\nNews from the lake\nThe two teams of the lake met on Sunday, and the ferry took a day off to carry the crowd over.",
];
