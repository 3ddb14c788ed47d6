//! What could be better in a rule file that can be used as it is.

use std::ops::Range;

use jiff::civil::Date;

use super::GivenKind;
use super::catalog::Catalog;
use super::document::Section;
use super::need::{Need, Needs, Target, TargetSection, targets};
use super::reading::keys::read_days;
use super::rule_file::RuleFile;
use crate::model::{Level, Power, Verb};

/// A source that was last read longer ago than this may have changed.
pub const STALE_AFTER_DAYS: u32 = 365;

/// Notes every warning but those on spelling, which the reader notes where it reads.
pub(super) fn warn(root: &Section<'_, '_>, rules: &RuleFile, catalog: &Catalog, as_of: Date) {
    stale_source(root, as_of);
    if let Some(needs) = root.section("needs") {
        tables_without_grant(&needs, &rules.needs, rules, catalog);
        powers_without_reason(&needs, &rules.needs, catalog);
    }
    features(root, rules, catalog);
    idle_advice(root, rules, catalog);
}

fn stale_source(root: &Section<'_, '_>, as_of: Date) {
    for read in read_days(root) {
        let days = as_of.since(read.value).map_or(0, |span| span.get_days());
        if i64::from(days) > i64::from(STALE_AFTER_DAYS) {
            let message = format!("the source was last read {days} days before {as_of}");
            let help = Some("read it again, correct what changed, and set `read` to that day".to_owned());
            root.document.warn(read.span, message, help);
        }
    }
}

/// A customise list narrows a grant; without the grant there is nothing to narrow.
fn tables_without_grant(section: &Section<'_, '_>, needs: &Needs, rules: &RuleFile, catalog: &Catalog) {
    for row in targets(section, catalog) {
        let is_granted = |needs: &Needs| {
            Verb::ALL.iter().any(|&verb| needs.level(row.target, verb, catalog) > Level::None)
        };
        // Where the source leaves the level open, the file says so.
        let is_open = row.section.has("unclear");
        if row.section.has("allow") && !is_open && !is_granted(needs) && !is_granted(&rules.needs) {
            let name = row.target.name(catalog);
            let message = format!("tables are allowed, but {name} itself is not granted");
            let help = Some("add the level, usually `inquire = \"All\"`".to_owned());
            section.document.warn(row.key.span, message, help);
        }
    }
}

/// A key that can take the PSA over, or read passwords, has to be asked for with a reason.
fn powers_without_reason(section: &Section<'_, '_>, needs: &Needs, catalog: &Catalog) {
    for TargetSection { target, key, .. } in targets(section, catalog) {
        let Some(need) = needs.of(target).filter(|need| need.why.is_none()) else { continue };
        let Some((verb, power, why)) = unexplained(target, need, catalog) else { continue };
        let name = target.name(catalog);
        let message = format!("{} of {name} gives {power}: its key could {why}", verb.title());
        let help = "say in `why` what it is needed for, or that the vendor does not say; else take it out";
        section.document.warn(key.span, message, Some(help.to_owned()));
    }
}

/// The worst that a need gives of what asks for a reason.
fn unexplained<'c>(target: Target, need: &Need, catalog: &'c Catalog) -> Option<(Verb, Power, &'c str)> {
    let ids = catalog.functions().map(|(id, _)| id).filter(|&id| match target {
        Target::Function(own) => own == id,
        Target::Module(module) => catalog.function(id).module == module,
    });
    let verbs = Verb::ALL.into_iter().filter(|&verb| need.level(verb).is_some());
    let of_functions = ids.flat_map(|id| verbs.clone().map(move |verb| (verb, catalog.powers_of(id, verb))));
    let is_tables = matches!(target, Target::Function(id) if catalog.is_table_setup(id));
    let entries = need.allow.iter().filter(|_| is_tables).flat_map(|allow| &allow.entries);
    let of_tables =
        entries.flat_map(|entry| verbs.clone().map(move |verb| (verb, catalog.powers_of_table(entry, verb))));
    let given =
        of_functions.chain(of_tables).flat_map(|(verb, powers)| powers.iter().map(move |own| (verb, own)));
    given
        .filter(|(_, own)| own.kind == GivenKind::Sure)
        .filter(|(_, own)| matches!(own.power, Power::TakeOver | Power::ReadSecrets))
        .min_by_key(|(_, own)| own.power)
        .map(|(verb, own)| (verb, own.power, own.why.as_str()))
}

fn features(root: &Section<'_, '_>, rules: &RuleFile, catalog: &Catalog) {
    let Some(all) = root.section("features") else { return };
    for key in all.keys() {
        let Some(feature) = rules.features.get(&key.value) else { continue };
        if let Some(needs) = all.section(&key.value).and_then(|section| section.section("needs")) {
            tables_without_grant(&needs, &feature.needs, rules, catalog);
            powers_without_reason(&needs, &feature.needs, catalog);
        }
        if !feature.needs.is_empty() && !adds_something(&feature.needs, &rules.needs, catalog) {
            let message = format!("the feature \"{}\" needs nothing that the base does not", key.value);
            let help = Some("take it out, or move what only it needs from [needs] to it".to_owned());
            root.document.warn(key.span, message, help);
        }
    }
}

fn adds_something(feature: &Needs, base: &Needs, catalog: &Catalog) -> bool {
    feature.rows.iter().any(|(target, need)| {
        let more_levels = Verb::ALL
            .into_iter()
            .any(|verb| need.level(verb).is_some_and(|need| need.level > base.level(*target, verb, catalog)));
        let own = need.allow.iter().flat_map(|allow| &allow.entries);
        let listed = base.of(*target).and_then(|need| need.allow.as_ref());
        let more_tables = own.clone().any(|entry| listed.is_none_or(|base| !base.entries.contains(entry)));
        more_levels || more_tables
    })
}

/// Advice says that less would do, so something must ask for more.
fn idle_advice(root: &Section<'_, '_>, rules: &RuleFile, catalog: &Catalog) {
    let rows = root.section("advice").and_then(|advice| advice.section("needs"));
    let Some(rows) = rows else { return };
    for row in targets(&rows, catalog) {
        let advised = rules.advice.levels.iter().find(|advised| advised.target == row.target);
        let Some(advised) = advised else { continue };
        for verb in Verb::ALL {
            let Some(level) = advised.levels[verb as usize] else { continue };
            let asked = most_asked(rules, row.target, verb, catalog);
            if asked <= level {
                let name = row.target.name(catalog);
                let message = format!(
                    "advice on {} of {name}, of which nothing asks for more than {asked}",
                    verb.title()
                );
                let span: Range<usize> =
                    row.section.text(verb.as_str()).map_or(row.key.span.clone(), |text| text.span);
                root.document.warn(span, message, Some(format!("take `{verb}` out of the advice")));
            }
        }
    }
}

/// The highest level that the base or any feature asks for; for a whole module, of any function in it.
fn most_asked(rules: &RuleFile, target: Target, verb: Verb, catalog: &Catalog) -> Level {
    let of_needs = |needs: &Needs| match target {
        Target::Function(_) => needs.level(target, verb, catalog),
        Target::Module(module) => needs
            .rows
            .iter()
            .filter(|(own, _)| own.module(catalog) == module)
            .filter_map(|(_, need)| need.level(verb))
            .map(|need| need.level)
            .max()
            .unwrap_or_default(),
    };
    rules.all_needs().map(|(_, needs)| of_needs(needs)).max().unwrap_or_default()
}
