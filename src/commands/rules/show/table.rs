//! A rule file for people, in the order of the PSA's screen.

use super::{ASKS_ADMIN, advice, by_module, doubts, facts, feature_origin, legend, level, notes, row_name};
use crate::model::Verb;
use crate::rules::{Catalog, Needs, RuleFile};
use crate::term::{GridRow, Page, Style};

/// The columns of the PSA's role screen.
const SCREEN: [&str; 5] = ["", "Add", "Edit", "Delete", "Inquire"];

pub(super) fn write(rules: &RuleFile, catalog: &Catalog, style: Style) -> String {
    let mut page = Page::new(style);
    page.heading(&format!("{} ({})", rules.title(), rules.id));
    page.list(&head(rules));
    page.blank();
    if rules.asks_admin() {
        page.paragraph(ASKS_ADMIN);
        write_rest(&mut page, rules, catalog);
        return page.into_text();
    }
    write_needs(&mut page, &rules.needs, catalog);
    for (name, feature) in &rules.features {
        page.blank();
        page.heading(&format!("With the feature {name}: {}", feature.summary));
        if let Some(origin) = feature_origin(feature) {
            page.paragraph(&origin);
        }
        page.blank();
        write_needs(&mut page, &feature.needs, catalog);
    }
    let all: Vec<_> =
        std::iter::once(&rules.needs).chain(rules.features.values().map(|feature| &feature.needs)).collect();
    page.blank();
    for line in legend(&all) {
        page.paragraph(line);
    }
    page.paragraph("Everything else: None.");
    write_rest(&mut page, rules, catalog);
    page.into_text()
}

fn head(rules: &RuleFile) -> Vec<(String, String)> {
    let mut rows = vec![
        ("source".to_owned(), rules.source.clone().unwrap_or_else(|| "no address is recorded".to_owned())),
        ("read".to_owned(), rules.read.to_string()),
    ];
    let mut add = |label: &str, text: Option<String>| rows.extend(text.map(|text| (label.to_owned(), text)));
    add("published", rules.published.clone());
    add("keys since", rules.keys_since.map(|date| date.to_string()));
    add("partial", rules.partial.then(|| "the source covers only part of what the product needs".to_owned()));
    add("vendor says", rules.vendor_says().map(str::to_owned));
    add("test", rules.test.clone());
    for text in &rules.unclear {
        add("unclear", Some(text.clone()));
    }
    let names = |list: &[String]| (!list.is_empty()).then(|| list.join(", "));
    add("role named", names(&rules.matches.roles));
    add("member named", names(&rules.matches.members));
    add("login named", names(&rules.matches.logins));
    rows
}

fn write_needs(page: &mut Page, needs: &Needs, catalog: &Catalog) {
    if needs.is_empty() {
        page.paragraph("Nothing beside what a feature needs.");
        return;
    }
    let sections = by_module(needs, catalog).into_iter().map(|module| {
        let rows = module.rows.iter().map(|(target, need)| GridRow {
            name: row_name(*target, catalog),
            cells: Verb::ALL.map(|verb| level(need, verb)).to_vec(),
        });
        (module.module.to_owned(), rows.collect())
    });
    page.grid(&SCREEN, &sections.collect::<Vec<_>>());
    let notes = notes(needs, catalog);
    if !notes.is_empty() {
        page.blank();
        page.list(&notes);
    }
}

fn write_rest(page: &mut Page, rules: &RuleFile, catalog: &Catalog) {
    let mut member = Vec::new();
    let mut add = |label: &str, text: &Option<String>| {
        member.extend(text.clone().map(|text| (label.to_owned(), text)));
    };
    add("level", &rules.member.level);
    add("location", &rules.member.location);
    add("boards", &rules.member.boards);
    member.extend(rules.member.notes.iter().map(|note| ("note".to_owned(), note.clone())));
    let sections = [
        ("In doubt", doubts(rules, catalog)),
        ("The vendor's side", facts(rules)),
        ("The API member", member),
        ("Less may do", advice(&rules.advice, catalog)),
        (
            "Calls that it makes (GET)",
            rules.probes.iter().map(|probe| (String::new(), probe.clone())).collect(),
        ),
    ];
    for (heading, rows) in sections.into_iter().filter(|(_, rows)| !rows.is_empty()) {
        page.blank();
        page.heading(heading);
        page.list(&rows);
    }
    if let Some(checklist) = &rules.checklist {
        page.blank();
        let console = checklist.console.as_deref().unwrap_or("the vendor's console");
        page.heading(&format!("Then, in {console}"));
        let steps = checklist.steps.iter().enumerate().map(|(i, step)| (format!("{}.", i + 1), step.clone()));
        page.list(&steps.collect::<Vec<_>>());
    }
}
