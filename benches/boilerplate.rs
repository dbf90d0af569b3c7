//! The headlines and boilerplate desks on one clean article and on one page with furniture.

use copydesk::boilerplate::Catalogue;
use copydesk::document::Page;
use copydesk::headlines::repeated_headlines;
use copydesk::settings::{BoilerplateSettings, HeadlineSettings};
use divan::counter::BytesCount;

fn main() {
    divan::main();
}

/// An article of twelve paragraphs, with what a blog prints around one.
fn page(furniture: bool) -> String {
    let mut text = "Old ferry returns to the lake\n".to_owned();
    if furniture {
        text.push_str("Old ferry returns to the lake\nOur Correspondent\nShare this:\nFacebook\n");
    }
    for day in 1..=12 {
        text.push_str(&format!(
            "On day {day} of its second life the ferry crossed the upper lake nine times, with the mayor, the \
             miller and forty others on board, and nobody asked what the ticket would cost next year.\n"
        ));
    }
    if furniture {
        text.push_str(
            "Related Stories\nMiller sells his boat\nLeave a Reply\nComment *\nName *\nEmail *\n",
        );
    }
    text
}

#[divan::bench(args = [false, true])]
fn both_desks(bencher: divan::Bencher<'_, '_>, furniture: bool) {
    let text = page(furniture);
    let (headlines, boilerplate) = (HeadlineSettings::default(), BoilerplateSettings::default());
    let catalogue = Catalogue::shipped();
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| {
        let page = Page::new(&text, Some("Old ferry returns to the lake"));
        let taken = repeated_headlines(&page, &headlines);
        catalogue.find(&page, &taken, &boilerplate).len()
    });
}
