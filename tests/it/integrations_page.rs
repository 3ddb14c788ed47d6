//! `docs/integrations.md` is generated from the rule files.

use std::fmt::Write;

use leastwise::model::{Level, Verb};
use leastwise::rules::{FunctionId, Library, Needs, RuleFile, Target};

use crate::support::blessed;

#[test]
fn the_page_of_integrations_is_that_of_the_rule_files() {
    let today = "2026-11-22".parse().expect("a day");
    let library = Library::load(None, today).expect("the library is sound");
    blessed("docs/integrations.md", &page(&library));
}

const HEAD: &str = "\
# Integrations

Generated from `rules/integrations/*.toml`: do not edit. `leastwise rules show ID` prints the table of one,
`leastwise rules list` filters. Features count as far as the vendor publishes what they need.

*Delete* names the functions on which the vendor asks for Delete. *Raises itself* names those that let a
key get more than its role says: write on Security Roles or Member Maintenance, Manage Hosted API,
Configuration - Display Passwords.

| Vendor | Product | Id | Functions | Delete | Raises itself | Source, read |
|---|---|---|---|---|---|---|
";

fn page(library: &Library) -> String {
    let mut text = HEAD.to_owned();
    let mut all: Vec<_> = library.iter().collect();
    all.sort_by_key(|rules| (rules.vendor.to_lowercase(), rules.id.clone()));
    for rules in &all {
        let features = match rules.features.len() {
            0 => String::new(),
            1 => " (1 feature)".to_owned(),
            number => format!(" ({number} features)"),
        };
        let delete = asking(rules, library, &[Verb::Delete], |_| true);
        let critical = asking(rules, library, &[Verb::Add, Verb::Edit], |name| {
            ["System / Security Roles", "System / Member Maintenance", "System / Manage Hosted API"]
                .contains(&name)
        });
        let passwords =
            asking(rules, library, &[Verb::Inquire, Verb::Edit], |name| name.ends_with("Display Passwords"));
        let raises: Vec<_> = critical.into_iter().chain(passwords).collect();
        writeln!(
            text,
            "| {} | {} | `{}` | {}{features} | {} | {} | {} |",
            cell(&rules.vendor),
            cell(&rules.product),
            rules.id,
            functions(rules, library).len(),
            list(&delete),
            list(&raises),
            source(rules),
        )
        .expect("a String takes everything");
    }
    writeln!(text, "\n{} integrations.", all.len()).expect("a String takes everything");
    text
}

fn all_needs(rules: &RuleFile) -> impl Iterator<Item = &Needs> {
    std::iter::once(&rules.needs).chain(rules.features.values().map(|feature| &feature.needs))
}

/// The functions that a rule file names, those of whole modules included.
fn functions(rules: &RuleFile, library: &Library) -> Vec<FunctionId> {
    let is_named = |id: FunctionId| {
        let module = library.catalog.function(id).module;
        let is_own = |target: &Target| *target == Target::Function(id) || *target == Target::Module(module);
        all_needs(rules).flat_map(|needs| &needs.rows).any(|(target, _)| is_own(target))
    };
    library.catalog.functions().map(|(id, _)| id).filter(|id| is_named(*id)).collect()
}

fn asking(
    rules: &RuleFile,
    library: &Library,
    verbs: &[Verb],
    is_meant: impl Fn(&str) -> bool,
) -> Vec<String> {
    let asks = |id: FunctionId| {
        let level = |needs: &Needs, verb| needs.level(Target::Function(id), verb, &library.catalog);
        all_needs(rules).any(|needs| verbs.iter().any(|&verb| level(needs, verb) > Level::None))
    };
    let ids = functions(rules, library).into_iter().filter(|id| asks(*id));
    ids.map(|id| library.catalog.full_name(id)).filter(|name| is_meant(name)).collect()
}

fn list(names: &[String]) -> String {
    match names {
        [] => "–".to_owned(),
        names if names.len() > 8 => format!("{} functions", names.len()),
        names => names.join("; "),
    }
}

fn source(rules: &RuleFile) -> String {
    match &rules.source {
        Some(source) if source.starts_with("http") => format!("[{}]({source})", rules.read),
        Some(source) => format!("[{}](../{source})", rules.read),
        None => rules.read.to_string(),
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
