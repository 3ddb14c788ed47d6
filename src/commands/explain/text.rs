//! An explanation for people.

use super::{Asking, Subject, asking, asking_for_table};
use crate::model::{Level, Severity, Verb};
use crate::rules::{Function, FunctionId, Library, Table};
use crate::term::text::count;
use crate::term::{GridRow, Page, Style};

pub(super) fn write(subject: &Subject<'_>, library: &Library, style: Style) -> String {
    match subject {
        Subject::Check(check) => check.page().to_owned(),
        Subject::Function(id) => function(*id, library, style),
        Subject::Table(table) => of_table(table, library, style),
    }
}

/// What each verb lets its holder do.
const DEEDS: [(Verb, &str); 4] = [
    (Verb::Add, "create records"),
    (Verb::Edit, "change records"),
    (Verb::Delete, "remove records"),
    (Verb::Inquire, "read records"),
];

fn function(id: FunctionId, library: &Library, style: Style) -> String {
    let function = library.catalog.function(id);
    let mut page = Page::new(style);
    page.heading(&library.catalog.full_name(id));
    page.blank();
    let rows =
        DEEDS.map(|(verb, deed)| (verb.title().to_owned(), format!("{deed}; {}", rated(function, verb))));
    page.list(&rows);
    page.paragraph("My: the member's own records, or records assigned to it. All: every record.");
    for (heading, text) in
        [("What it opens", &function.exposes), ("What breaks without it", &function.breaks)]
    {
        page.blank();
        page.heading(heading);
        page.paragraph(text.as_deref().unwrap_or("Nothing is recorded."));
    }
    page.blank();
    page.heading("Who asks for it");
    write_asking(&mut page, &asking(id, library));
    let mut rows = Vec::new();
    let mut add = |label: &str, text: String| rows.push((label.to_owned(), text));
    if function.customize.is_some() {
        add(
            "customise",
            "it has a customise list, which may narrow it; the API does not show what it allows".to_owned(),
        );
    }
    if !function.endpoints.is_empty() {
        add("GET", format!("{} (with its Inquire; inferred)", function.endpoints.join(", ")));
    }
    if !function.spellings.is_empty() {
        add("also written", function.spellings.join(", "));
    }
    if !rows.is_empty() {
        page.blank();
        page.list(&rows);
    }
    page.into_text()
}

fn rated(function: &Function, verb: Verb) -> String {
    let rating: Severity = function.sensitivity.of(verb);
    if function.sensitivity.is_rated(verb) {
        format!("{rating} if nobody needs it")
    } else {
        format!("{rating} if nobody needs it (not rated)")
    }
}

fn write_asking(page: &mut Page, asking: &[Asking]) {
    if asking.is_empty() {
        page.paragraph("No rule file.");
        return;
    }
    let rows = asking.iter().map(|asking| {
        let feature = asking.feature.as_ref().map(|name| format!(":{name}")).unwrap_or_default();
        let cell = |level: Level| if level == Level::None { String::new() } else { level.to_string() };
        GridRow { name: format!("{}{feature}", asking.id), cells: asking.levels.map(cell).to_vec() }
    });
    let mut ids: Vec<_> = asking.iter().map(|asking| asking.id.as_str()).collect();
    ids.dedup();
    let number = count(ids.len(), "integration");
    page.grid(&["", "Add", "Edit", "Delete", "Inquire"], &[(number, rows.collect())]);
}

fn of_table(table: &Table, library: &Library, style: Style) -> String {
    let mut page = Page::new(style);
    page.heading(&table.name);
    page.paragraph("An entry of the customise list of System / Table Setup. The permission on Table Setup reaches it where the list allows it; the API does not show what a list allows.");
    let asking = asking_for_table(table, library);
    let mut ids: Vec<_> = asking.iter().map(|id| id.split(':').next().unwrap_or(id)).collect();
    ids.dedup();
    page.blank();
    page.heading(&format!("Who asks for it: {}", count(ids.len(), "integration")));
    page.paragraph(&asking.join(", "));
    let mut rows = Vec::new();
    if !table.endpoints.is_empty() {
        rows.push((
            "GET".to_owned(),
            format!("{} (with Table Setup's Inquire; inferred)", table.endpoints.join(", ")),
        ));
    }
    if !table.spellings.is_empty() {
        rows.push(("also written".to_owned(), table.spellings.join(", ")));
    }
    page.list(&rows);
    page.into_text()
}
