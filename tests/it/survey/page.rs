//! `docs/assumptions.md` is generated from `rules/assumptions.toml`.

use std::fmt::Write;

use leastwise::rules::{AssumptionText, Assumptions, Look};

use crate::support::blessed;

const HEAD: &str = "\
# What leastwise assumes about the PSA

Generated from `rules/assumptions.toml`: do not edit. Nobody on the project has a PSA; this is what leastwise goes by and
could not read in ConnectWise's documents. `leastwise survey` looks at the first part with GET alone, and its report can
be [sent to the project](first-run.md). *Source*: how well it is known, and where it was read.
";

#[test]
fn the_page_of_assumptions_is_that_of_the_file() {
    let assumptions = Assumptions::built_in().expect("the file is sound");
    let mut text = HEAD.to_owned();
    for (look, heading, lead) in [
        (Look::Survey, "What a survey looks at", "`leastwise survey` says held, did not hold or not seen."),
        (Look::ByHand, "What a person has to try", "A test role and a test member are enough."),
        (Look::InTime, "What only time tells", "Nothing to do but to notice it."),
    ] {
        write!(text, "\n## {heading}\n\n{lead}\n").expect("a String takes everything");
        assumptions.all().iter().filter(|own| own.look == look).for_each(|own| entry(&mut text, own));
    }
    blessed("docs/assumptions.md", &text);
}

fn entry(text: &mut String, own: &AssumptionText) {
    let AssumptionText { id, says, mark, source, rests, otherwise, how, .. } = own;
    write!(
        text,
        "\n### {id}\n\n{}.\n\n* Source: {} ({}).\n* What depends on it: {}.\n* If it is otherwise: {}.\n* How to find out: {}.\n",
        upper(&plain(says)),
        mark.words(),
        plain(source),
        plain(&rests.join(", ")),
        plain(otherwise),
        plain(how),
    )
    .expect("a String takes everything");
}

/// What Markdown would take for a mark.
fn plain(text: &str) -> String {
    text.replace('_', "\\_").replace('*', "\\*").replace('{', "\\{")
}

fn upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
