//! A rule file: what one integration needs of its role, with where that is written and since when.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::catalog::{Catalog, FunctionId};
use super::document::{Document, Item, Section};
use super::doubt::{self, Doubt};
use super::facts::{self, Fact};
use super::forbidden::is_forbidden;
use super::lint;
use super::need::{Needs, Target, read_level, targets};
use super::problem::{Problem, Problems};
use crate::model::{Level, Verb};
use crate::term::text::hex;

/// What one integration needs, and how to recognise it.
#[derive(Clone, Debug)]
pub struct RuleFile {
    /// Kebab-case name, the file's own.
    pub id: String,
    /// Who makes the product.
    pub vendor: String,
    /// The product.
    pub product: String,
    /// Where the needs are published; `None` where no address was recorded.
    pub source: Option<String>,
    /// The day the source was last read.
    pub read: Date,
    /// What the source says of its own date.
    pub published: Option<String>,
    /// When API keys replaced user names and passwords.
    pub keys_since: Option<Date>,
    /// The source covers only part of what the product needs: what is beyond it may be needed too.
    pub partial: bool,
    /// What the source leaves open about the whole table.
    pub unclear: Vec<String>,
    /// What the source leaves open about functions that it may not name.
    pub doubts: Vec<Doubt>,
    /// The vendor asks for Admin and publishes no list: what it needs is not known.
    pub asks_admin: Option<AsksAdmin>,
    /// How to see that the integration works.
    pub test: Option<String>,
    /// GET paths that the integration itself calls, relative to the API's base.
    pub probes: Vec<String>,
    /// How to recognise it in a tenant.
    pub matches: Match,
    /// What it needs whatever is switched on.
    pub needs: Needs,
    /// What its options and variants need, by name.
    pub features: BTreeMap<String, Feature>,
    /// What the source says about the API member itself.
    pub member: MemberAdvice,
    /// Where less than the vendor asks would do.
    pub advice: Advice,
    /// What remains to be done in the vendor's console.
    pub checklist: Option<Checklist>,
    /// What the vendor says of its own side.
    pub facts: Vec<Fact>,
    /// SHA-256 of the file, in hexadecimal.
    pub digest: String,
    /// Where the file came from.
    pub origin: Origin,
}

/// Where a rule file came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Embedded in the program.
    BuiltIn,
    /// Read from a file.
    File(PathBuf),
}

/// That a vendor asks for Admin and publishes no list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AsksAdmin {
    /// What it says about that, in our words.
    pub says: Option<String>,
}

/// Names by which an integration is recognised: equality after folding, never a substring.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Match {
    /// Names of its security role.
    pub roles: Vec<String>,
    /// Identifiers or names of its API member.
    pub members: Vec<String>,
    /// User names of its integrator login, from before keys.
    pub logins: Vec<String>,
}

/// An option or a variant of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feature {
    /// What it is, in a sentence.
    pub summary: String,
    /// Where its needs are published, where that is another page than the file's.
    pub source: Option<String>,
    /// The day that page was last read.
    pub read: Option<Date>,
    /// What it needs beside the base.
    pub needs: Needs,
}

/// What the source says about the API member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberAdvice {
    /// Which level it should have.
    pub level: Option<String>,
    /// Which location and department.
    pub location: Option<String>,
    /// Which boards.
    pub boards: Option<String>,
    /// Anything else.
    pub notes: Vec<String>,
}

/// Where less than the vendor asks would do, and how sure that is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advice {
    /// Remarks on the whole role.
    pub notes: Vec<Note>,
    /// Levels that would do instead.
    pub levels: Vec<AdvisedLevels>,
}

/// A remark, proven or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The remark.
    pub text: String,
    /// Whether somebody tried it.
    pub proven: bool,
}

/// Levels that would do for one function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdvisedLevels {
    /// Which function or module.
    pub target: Target,
    /// The level of each verb that is advised on.
    pub levels: [Option<Level>; 4],
    /// Why.
    pub why: String,
    /// Whether somebody tried it.
    pub proven: bool,
}

/// What remains to be done in the vendor's console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checklist {
    /// Which console.
    pub console: Option<String>,
    /// The steps, in order.
    pub steps: Vec<String>,
    /// What looks like a fault and is none.
    pub normal: Vec<String>,
}

/// The days that a rule file is read by.
#[derive(Clone, Copy, Debug)]
pub struct Days {
    /// The day by the clock: nobody read a source after it.
    pub today: Date,
    /// The day that staleness is judged by.
    pub as_of: Date,
}

/// What came of reading one rule file.
#[derive(Debug)]
pub struct Reading {
    /// The rule file; `None` where anything is wrong with it.
    pub rules: Option<RuleFile>,
    /// The id that it claims, right or wrong, and where it stands.
    pub id: Option<(String, Problem)>,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// What could be better.
    pub warnings: Vec<Problem>,
}

impl RuleFile {
    /// Reads a rule file.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn parse(file: &str, text: &str, origin: Origin, catalog: &Catalog) -> Result<Self, Problems> {
        let reading = Self::examine(file, text, origin, catalog, None);
        reading.rules.ok_or(Problems(reading.problems))
    }

    /// Reads a rule file, whatever is wrong with it. Without `days`, no date is too late or too old.
    #[must_use]
    pub fn examine(file: &str, text: &str, origin: Origin, catalog: &Catalog, days: Option<Days>) -> Reading {
        let digest = hex(&Sha256::digest(text));
        let mut id_place = None;
        let examined = Document::new(file, text).examine(|root| {
            id_place = root.text("id").map(|id| {
                let taken = format!("the id \"{}\" is already that of ", id.value);
                let place = root.document.problem(&id.span, taken, None);
                (id.value, place)
            });
            if let Some(days) = days {
                check_read(root, days.today);
            }
            let rules = read(root, origin, digest, catalog)?;
            if let Some(days) = days {
                lint::warn(root, &rules, catalog, days.as_of);
            }
            Some(rules)
        });
        let is_sound = examined.problems.is_empty();
        Reading {
            rules: examined.result.flatten().filter(|_| is_sound),
            id: id_place,
            problems: examined.problems,
            warnings: examined.warnings,
        }
    }

    /// What the source leaves open about a function, if anything.
    #[must_use]
    pub fn doubt_on(&self, function: FunctionId) -> Option<&Doubt> {
        self.doubts.iter().find(|doubt| doubt.functions.contains(&function))
    }

    /// Whether what is beyond the file may be needed too.
    #[must_use]
    pub const fn is_partial(&self) -> bool {
        self.partial
    }

    /// Whether the vendor asks for Admin and publishes no list.
    #[must_use]
    pub const fn asks_admin(&self) -> bool {
        self.asks_admin.is_some()
    }

    /// How to see that the integration works, where its vendor says so.
    #[must_use]
    pub fn test(&self) -> Option<&str> {
        self.test.as_deref()
    }

    /// When API keys replaced user names and passwords.
    #[must_use]
    pub const fn keys_since(&self) -> Option<Date> {
        self.keys_since
    }

    /// A name for people: vendor and product.
    #[must_use]
    pub fn title(&self) -> String {
        if self.product.starts_with(&self.vendor) {
            return self.product.clone();
        }
        format!("{} {}", self.vendor, self.product)
    }
}

/// `None` only where a problem was noted.
fn read(root: &Section<'_, '_>, origin: Origin, digest: String, catalog: &Catalog) -> Option<RuleFile> {
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

fn check_read(root: &Section<'_, '_>, today: Date) {
    for read in read_days(root).into_iter().filter(|read| read.value > today) {
        let message = format!("`read` is {}, a day that has not come yet", read.value);
        let help = Some(format!("the day you last read the source, such as {today}"));
        root.document.note(read.span, message, help);
    }
}

/// The day on which the source was last read, and those of features with a source of their own.
pub(super) fn read_days(root: &Section<'_, '_>) -> Vec<Item<Date>> {
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
