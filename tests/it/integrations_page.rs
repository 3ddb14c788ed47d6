//! `docs/integrations.md` is generated from the rule files.

use std::collections::BTreeSet;
use std::fmt::Write;

use leastwise::model::{Level, Power, Verb};
use leastwise::rules::{FunctionId, GivenKind, Library, Needs, RuleFile, Target};

use crate::support::blessed;

#[test]
fn the_page_of_integrations_is_that_of_the_rule_files() {
    let today = "2026-11-28".parse().expect("a day");
    let library = Library::load(None, today).expect("the library is sound");
    blessed("docs/integrations.md", &page(&library));
}

const HEAD: &str = "\
# Integrations

Generated from `rules/integrations/*.toml`: do not edit this page. `leastwise rules show ID` prints the permissions of one
integration. `leastwise rules list` filters this table. `leastwise rules list --unmatched` names your API members that no
rule file knows. If an integration is missing or wrong, [Rule files](rule-files.md) says how to write a rule file, and
[For vendors](for-vendors.md) says how a vendor corrects its own.

* *List*: what the vendor publishes. `whole`: every permission that the integration needs. `partial`: only a part, so
  leastwise reports other permissions as *perhaps* in excess. `by feature`: what is needed depends on the features that are
  switched on. `Admin`: the vendor asks for the role Admin and publishes no list.
* *Functions*, *tables*: how many the list names. *Doubts*: functions of which the vendor's page does not say clearly whether
  the integration needs them.
* *Delete*: functions on which the vendor asks for Delete.
* *Dangerous*: which of the three worst powers the list certainly gives. `take-over`: the key could take over the PSA.
  `reach-customers`: the key could reach customers' systems. `read-secrets`: the key could read stored passwords.

| Vendor | Product | Id | List | Functions | Tables | Doubts | Delete | Dangerous | Source, read |
|---|---|---|---|---|---|---|---|---|---|
";

fn page(library: &Library) -> String {
    let mut all: Vec<_> = library.iter().collect();
    all.sort_by_key(|rules| (rules.vendor.to_lowercase(), rules.id.clone()));
    let mut text = HEAD.replacen("\n\n*", &format!("\n\n{}\n\n*", counts(&all)), 1);
    for rules in &all {
        let features = match rules.features.len() {
            0 => String::new(),
            1 => " (1 feature)".to_owned(),
            number => format!(" ({number} features)"),
        };
        let doubts = rules.doubts.iter().flat_map(|doubt| &doubt.functions).collect::<BTreeSet<_>>().len();
        writeln!(
            text,
            "| {} | {} | `{}` | {} | {}{features} | {} | {} | {} | {} | {} |",
            cell(&rules.vendor),
            cell(&rules.product),
            rules.id,
            quality(rules),
            number(functions(rules, library).len()),
            number(tables(rules).len()),
            number(doubts),
            deletes(rules, library),
            dangerous(rules, library),
            source(rules),
        )
        .expect("a String takes everything");
    }
    text
}

/// "91 integrations: 60 whole, …".
fn counts(all: &[&RuleFile]) -> String {
    let of = |word: &str| all.iter().filter(|rules| quality(rules) == word).count();
    format!(
        "**{} integrations**: {} with a whole list, {} partial, {} by feature, {} that ask for Admin. {} have doubts, {} say how to test.",
        all.len(),
        of("whole"),
        of("partial"),
        of("by feature"),
        of("Admin"),
        all.iter().filter(|rules| !rules.doubts.is_empty()).count(),
        all.iter().filter(|rules| rules.test().is_some()).count(),
    )
}

fn quality(rules: &RuleFile) -> &'static str {
    if rules.asks_admin() {
        "Admin"
    } else if rules.is_partial() {
        "partial"
    } else if rules.needs.is_empty() {
        "by feature"
    } else {
        "whole"
    }
}

fn number(number: usize) -> String {
    if number == 0 { "–".to_owned() } else { number.to_string() }
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

/// The tables of Table Setup, and entries of other customise lists, that it names.
fn tables(rules: &RuleFile) -> BTreeSet<&String> {
    let rows = all_needs(rules).flat_map(|needs| &needs.rows);
    rows.filter_map(|(_, need)| need.allow.as_ref()).flat_map(|allow| &allow.entries).collect()
}

fn asks(rules: &RuleFile, library: &Library, id: FunctionId, verb: Verb) -> bool {
    all_needs(rules).any(|needs| needs.level(Target::Function(id), verb, &library.catalog) > Level::None)
}

fn deletes(rules: &RuleFile, library: &Library) -> String {
    let ids = functions(rules, library).into_iter().filter(|id| asks(rules, library, *id, Verb::Delete));
    let names: Vec<_> = ids.map(|id| library.catalog.full_name(id)).collect();
    match names.as_slice() {
        [] => "–".to_owned(),
        names if names.len() > 4 => format!("{} functions", names.len()),
        names => names.join("; "),
    }
}

/// What its list surely gives, by a function or by a table that it names.
fn dangerous(rules: &RuleFile, library: &Library) -> String {
    let catalog = &library.catalog;
    let mut powers: BTreeSet<Power> = BTreeSet::new();
    for id in functions(rules, library) {
        for verb in Verb::ALL.into_iter().filter(|verb| asks(rules, library, id, *verb)) {
            let tables = tables(rules).into_iter().filter(|_| catalog.is_table_setup(id));
            let given = tables.flat_map(|table| catalog.powers_of_table(table, verb));
            let given =
                given.chain(catalog.powers_of(id, verb)).filter(|given| given.kind == GivenKind::Sure);
            powers.extend(given.map(|given| given.power).filter(|power| power.is_dangerous()));
        }
    }
    let words: Vec<_> = powers.into_iter().map(|power| format!("`{power}`")).collect();
    if words.is_empty() { "–".to_owned() } else { words.join(" ") }
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
