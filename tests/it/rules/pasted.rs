//! The law of pasted pages: no row and no word is lost, whatever the form and wherever it stands.

use std::sync::{Arc, LazyLock};

use leastwise::model::{Level, Verb};
use leastwise::rules::pasted::{self, Fate, Pasted, Why};
use leastwise::rules::{Catalog, Target, built_in_catalog};
use proptest::prelude::*;

static CATALOG: LazyLock<Arc<Catalog>> = LazyLock::new(|| built_in_catalog().expect("the catalog"));

/// A word that no page has.
const CANARY: &str = "zqvjk";

/// What a page is made of: rows of a table, lines of a list, or text.
#[derive(Clone, Debug)]
enum Piece {
    Row { function: usize, levels: [usize; 4], why: bool },
    Text(&'static str),
    Table(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Bars,
    Tabs,
    Commas,
    Html,
    Lines,
}

const LEVELS: [&str; 4] = ["None", "My", "All", "x"];
const TEXTS: [&str; 4] = [
    "The account needs the rights below",
    "Then save, and close the window",
    "Click the plus sign",
    "See our blog for more",
];

fn piece() -> impl Strategy<Value = Piece> {
    let levels = prop::array::uniform4(0..LEVELS.len());
    prop_oneof![
        5 => (0..CATALOG.functions().count(), levels, any::<bool>())
            .prop_map(|(function, levels, why)| Piece::Row { function, levels, why }),
        2 => prop::sample::select(TEXTS.to_vec()).prop_map(Piece::Text),
        1 => (0..CATALOG.tables().len()).prop_map(Piece::Table),
    ]
}

fn form() -> impl Strategy<Value = Form> {
    prop::sample::select(vec![Form::Bars, Form::Tabs, Form::Commas, Form::Html, Form::Lines])
}

fn cells(piece: &Piece) -> Option<Vec<String>> {
    let Piece::Row { function, levels, why } = piece else { return None };
    let (_, own) = CATALOG.functions().nth(*function).expect("a function");
    let mut cells = vec![CATALOG.module_name(own.module).to_owned(), own.name.clone()];
    cells.extend(levels.map(|level| LEVELS[level].to_owned()));
    cells.push(if *why { "for the sync".to_owned() } else { String::new() });
    Some(cells)
}

/// The lines of a page, headings first; a word may be put into one of its cells.
fn page(form: Form, pieces: &[Piece], canary: Option<(usize, usize)>) -> Vec<String> {
    let headings = ["Module", "Function", "Add", "Edit", "Delete", "Inquire", "Why"].map(str::to_owned);
    let mut lines = match form {
        Form::Lines => vec!["Rights".to_owned()],
        Form::Html => vec!["<table>".to_owned(), joined(form, &headings)],
        Form::Bars => vec![joined(form, &headings), "|---|---|---|---|---|---|---|".to_owned()],
        Form::Tabs | Form::Commas => vec![joined(form, &headings)],
    };
    for (index, piece) in pieces.iter().enumerate() {
        let mut cells = match piece {
            Piece::Text(text) => vec![(*text).to_owned()],
            Piece::Table(table) => vec![CATALOG.tables()[*table].name.clone()],
            Piece::Row { .. } => cells(piece).expect("a row"),
        };
        if let Some((_, cell)) = canary.filter(|(row, _)| *row == index) {
            let cell = cell % cells.len();
            let text = &mut cells[cell];
            *text = if text.is_empty() { CANARY.to_owned() } else { format!("{text} {CANARY}") };
        }
        lines.push(joined(form, &cells));
    }
    if form == Form::Html {
        lines.push("</table>".to_owned());
    }
    lines
}

fn joined(form: Form, cells: &[String]) -> String {
    let escaped = |cell: &String| cell.replace('&', "&amp;");
    match (form, cells) {
        (Form::Html, [one]) => format!("<p>{}</p>", escaped(one)),
        (Form::Html, _) => {
            format!("<tr><td>{}</td></tr>", cells.iter().map(escaped).collect::<Vec<_>>().join("</td><td>"))
        }
        (_, [one]) => one.clone(),
        (Form::Bars, _) => format!("| {} |", cells.join(" | ")),
        (Form::Tabs, _) => cells.join("\t"),
        (Form::Commas, _) => cells.iter().map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(","),
        (Form::Lines, _) => {
            let verbs: Vec<_> = Verb::ALL
                .iter()
                .zip(&cells[2..6])
                .map(|(verb, level)| format!("{} = {}", verb.title(), level.replace('x', "All")))
                .collect();
            let why = if cells[6].is_empty() { String::new() } else { format!(" ({})", cells[6]) };
            format!("{} > {}: {}{why}", cells[0], cells[1], verbs.join(", "))
        }
    }
}

fn read(lines: &[String]) -> Result<Pasted, String> {
    pasted::read("page", &(lines.join("\n") + "\n"), &CATALOG).map_err(|problems| problems.to_string())
}

/// What the row asks for, read off its own cells.
fn asks(piece: &Piece) -> bool {
    matches!(piece, Piece::Row { levels, .. } if levels.iter().any(|&level| level > 0))
}

fn accounts_for_every_line(pasted: &Pasted, lines: &[String]) {
    let is_mark = |line: &str| line.starts_with("|---") || line == "<table>" || line == "</table>";
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| !is_mark(line)) {
        let own: Vec<_> =
            pasted.account.iter().filter(|own| (own.lines.0..=own.lines.1).contains(&(index + 1))).collect();
        assert_eq!(own.len(), 1, "line {} \"{line}\" of {lines:#?}", index + 1);
        if own[0].fate == Fate::LeftOut {
            assert!(
                pasted.left_out.iter().any(|left| left.line == index + 1) || is_joined(pasted, index + 1),
                "line {} \"{line}\" is left out and not said: {pasted:#?}",
                index + 1
            );
        }
    }
}

/// Rows on one function that asks for nothing are left out as one.
fn is_joined(pasted: &Pasted, line: usize) -> bool {
    pasted.left_out.iter().any(|left| left.why == Why::AsksForNothing && left.line <= line)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn every_row_ends_in_a_need_a_doubt_or_among_what_is_left_out(
        form in form(),
        pieces in prop::collection::vec(piece(), 1..12),
    ) {
        prop_assume!(pieces.iter().any(asks));
        let lines = page(form, &pieces, None);
        let pasted = read(&lines).unwrap_or_else(|problems| panic!("{problems}\n{lines:#?}"));
        accounts_for_every_line(&pasted, &lines);
        for piece in pieces.iter().filter(|piece| asks(piece)) {
            let Piece::Row { function, levels, .. } = piece else { continue };
            let (id, _) = CATALOG.functions().nth(*function).expect("a function");
            for (verb, &level) in Verb::ALL.into_iter().zip(levels) {
                let least = [Level::None, Level::My, Level::All, Level::All][level];
                let read = pasted.needs.level(Target::Function(id), verb, &CATALOG);
                prop_assert!(read >= least, "{verb} of {lines:#?}");
            }
        }
    }

    #[test]
    fn a_word_that_nobody_knows_is_in_what_is_written_or_in_what_is_said(
        form in form(),
        pieces in prop::collection::vec(piece(), 1..8),
        row in 0..8_usize,
        cell in 0..7_usize,
    ) {
        prop_assume!(pieces.iter().any(asks));
        let canary = (row % pieces.len(), cell);
        let lines = page(form, &pieces, Some(canary));
        let line = lines.iter().position(|line| line.contains(CANARY)).expect("the word") + 1;
        match read(&lines) {
            Ok(pasted) => prop_assert!(format!("{pasted:?}").contains(CANARY), "{lines:#?}\n{pasted:#?}"),
            Err(problems) => prop_assert!(
                problems.contains(CANARY) || problems.contains(&format!("page:{line}:")),
                "{lines:#?}\n{problems}"
            ),
        }
    }
}
