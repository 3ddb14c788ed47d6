//! Reading a rule file, key by key.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::super::catalog::Catalog;
use super::super::document::{Item, Section};
use super::super::need::{Needs, read_level, targets};
use super::super::rule_file::{
    Advice, AdvisedLevels, AsksAdmin, Checklist, Feature, Match, MemberAdvice, Note, Origin, RuleFile,
};
use super::super::{doubt, facts};
use crate::model::Verb;
use crate::rules::forbidden::is_forbidden;

/// `None` only where a problem was noted.
pub(super) fn read(
    root: &Section<'_, '_>,
    origin: Origin,
    digest: String,
    catalog: &Catalog,
) -> Option<RuleFile> {
    let id = root.required_text("id");
    let vendor = root.required_text("vendor");
    let product = root.required_text("product");
    if !root.has("read") {
        root.missing("read");
    }
    let read = root.date("read");
    check_id(root, id.as_ref());
    let rules = RuleFile {
        source: root.text_if_any("source").map(value),
        published: root.text("published").map(value),
        keys_since: root.date("keys_since").map(|date| date.value),
        partial: root.flag("partial").is_some_and(|flag| flag.value),
        unclear: values(root, "unclear"),
        doubts: doubt::read(root, catalog),
        asks_admin: read_asks_admin(root),
        test: root.text_if_any("test").map(value),
        probes: read_probes(root),
        matches: read_match(root),
        needs: root.section("needs").map(|needs| Needs::read(&needs, catalog)).unwrap_or_default(),
        features: read_features(root, catalog),
        member: read_member(root),
        advice: read_advice(root, catalog),
        checklist: read_checklist(root),
        facts: facts::read(root),
        digest,
        origin,
        id: id?.value,
        vendor: vendor?.value,
        product: product?.value,
        read: read?.value,
    };
    check_needs(root, &rules);
    Some(rules)
}

/// A file says what is needed, or that its vendor asks for Admin and does not say; never both.
fn check_needs(root: &Section<'_, '_>, rules: &RuleFile) {
    let is_empty = rules.needs.is_empty() && rules.features.is_empty();
    if is_empty && !rules.asks_admin() {
        let help = "add a [needs.MODULE] table, or `asks_admin = true` if the vendor asks for Admin and publishes no list";
        root.note("the file names no needs", Some(help.to_owned()));
    }
    for key in ["needs", "features"].into_iter().filter(|_| rules.asks_admin()) {
        if let Some(span) = root.place_of(key) {
            let help = "take out `asks_admin` if the vendor publishes a list, else the needs";
            let message = format!("`asks_admin` says that no list is published, and `{key}` is one");
            root.document.note(span, message, Some(help.to_owned()));
        }
    }
}

fn read_asks_admin(root: &Section<'_, '_>) -> Option<AsksAdmin> {
    let asks = root.flag("asks_admin").is_some_and(|flag| flag.value);
    let says = root.text_if_any("vendor_says");
    match says {
        Some(says) if !asks => {
            let help = Some("add `asks_admin = true`, or use `unclear`".to_owned());
            root.document.note(says.span, "`vendor_says` goes with `asks_admin`".to_owned(), help);
            None
        }
        says => asks.then(|| AsksAdmin { says: says.map(value) }),
    }
}

pub(super) fn check_read(root: &Section<'_, '_>, today: Date) {
    for read in read_days(root).into_iter().filter(|read| read.value > today) {
        let message = format!("`read` is {}, a day that has not come yet", read.value);
        let help = Some(format!("the day you last read the source, such as {today}"));
        root.document.note(read.span, message, help);
    }
}

/// The day on which the source was last read, and those of features with a source of their own.
pub(in crate::rules) fn read_days(root: &Section<'_, '_>) -> Vec<Item<Date>> {
    let mut days: Vec<_> = root.date("read").into_iter().collect();
    if let Some(features) = root.section("features") {
        let own = features.keys().into_iter().filter_map(|key| features.section(&key.value)?.date("read"));
        days.extend(own);
    }
    days
}

fn value(item: Item<String>) -> String {
    item.value
}

fn values(section: &Section<'_, '_>, key: &str) -> Vec<String> {
    section.texts(key).into_iter().map(value).collect()
}

fn check_id(root: &Section<'_, '_>, id: Option<&Item<String>>) {
    let Some(id) = id else { return };
    let is_kebab = id
        .value
        .split('-')
        .all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()));
    if !is_kebab {
        let help =
            Some("lower-case letters, digits and single dashes, such as \"cisco-umbrella\"".to_owned());
        root.document.note(id.span.clone(), format!("\"{}\" is not an id", id.value), help);
    }
}

/// A probe is a path below the API's base: it can name neither another host nor a way out of it.
fn read_probes(root: &Section<'_, '_>) -> Vec<String> {
    let mut probes = Vec::new();
    for probe in root.texts("probes") {
        let path = probe.value.trim_start_matches('/');
        let is_plain = !path.is_empty()
            && path.split('/').all(|part| {
                !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
            });
        if is_forbidden(path) {
            let message = format!("\"{}\" is never asked for: its answer is a secret", probe.value);
            root.document.note(probe.span, message, None);
        } else if is_plain {
            probes.push(path.to_owned());
        } else {
            let help = Some("a path below the API's base, such as \"service/tickets\"".to_owned());
            root.document.note(probe.span, format!("\"{}\" is not a probe", probe.value), help);
        }
    }
    probes
}

fn read_match(root: &Section<'_, '_>) -> Match {
    let Some(section) = root.section("match") else {
        return Match::default();
    };
    let matches = Match {
        roles: values(&section, "roles"),
        members: values(&section, "members"),
        logins: values(&section, "logins"),
    };
    section.finish();
    matches
}

fn read_features(root: &Section<'_, '_>, catalog: &Catalog) -> BTreeMap<String, Feature> {
    let mut features = BTreeMap::new();
    let Some(all) = root.section("features") else {
        return features;
    };
    for key in all.keys() {
        let Some(section) = all.section(&key.value) else {
            continue;
        };
        let summary = section.required_text("summary").map(value).unwrap_or_default();
        let source = section.text_if_any("source").map(value);
        let read = section.date("read").map(|date| date.value);
        let needs = section.section("needs").map(|needs| Needs::read(&needs, catalog)).unwrap_or_default();
        if needs.is_empty() {
            let help = format!("add [features.{}.needs.MODULE], or take the feature out", key.value);
            let message = format!("nothing is needed for the feature \"{}\"", key.value);
            all.document.note(key.span.clone(), message, Some(help));
        }
        section.finish();
        features.insert(key.value, Feature { summary, source, read, needs });
    }
    features
}

fn read_member(root: &Section<'_, '_>) -> MemberAdvice {
    let Some(section) = root.section("member") else {
        return MemberAdvice::default();
    };
    let member = MemberAdvice {
        level: section.text("level").map(value),
        location: section.text("location").map(value),
        boards: section.text("boards").map(value),
        notes: values(&section, "notes"),
    };
    section.finish();
    member
}

fn read_advice(root: &Section<'_, '_>, catalog: &Catalog) -> Advice {
    let Some(section) = root.section("advice") else {
        return Advice::default();
    };
    let notes = section
        .sections("notes")
        .into_iter()
        .filter_map(|note| {
            let proven = note.flag("proven").is_some_and(|flag| flag.value);
            let text = note.required_text("text");
            note.finish();
            Some(Note { text: text?.value, proven })
        })
        .collect();
    let mut levels = Vec::new();
    if let Some(needs) = section.section("needs") {
        for row in targets(&needs, catalog) {
            let advised = AdvisedLevels {
                target: row.target,
                levels: Verb::ALL.map(|verb| read_level(&row.section, verb)),
                why: row.section.required_text("why").map(value).unwrap_or_default(),
                proven: row.section.flag("proven").is_some_and(|flag| flag.value),
            };
            row.section.finish();
            levels.push(advised);
        }
    }
    levels.sort_by_key(|advised| advised.target.place(catalog));
    section.finish();
    Advice { notes, levels }
}

fn read_checklist(root: &Section<'_, '_>) -> Option<Checklist> {
    let section = root.section("checklist")?;
    let checklist = Checklist {
        console: section.text("console").map(value),
        steps: values(&section, "steps"),
        normal: values(&section, "normal"),
    };
    section.finish();
    Some(checklist)
}
