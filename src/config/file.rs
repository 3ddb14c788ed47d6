//! `leastwise.toml`: tenants and their bindings, changes to checks, waivers. Never a key.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::mistyped;
use crate::checks::{self, CheckId};
use crate::model::{Severity, Verb};
use crate::policy::review::Reviews;
use crate::policy::{CheckOverride, DeclaredBinding, Ownership, Place, Policy, Waiver};
use crate::rules::{BACKSLASH, Document, Item, Library, Problems, Section, did_you_mean};
use crate::source::connectwise::Site;
use crate::term::text::is_blank;

/// The word that `--tenant` takes for every tenant.
pub(super) const EVERY_TENANT: &str = "all";

/// What `leastwise.toml` says.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Tenants by name.
    pub tenants: BTreeMap<String, TenantConfig>,
    /// Changes to checks, for all tenants.
    pub checks: BTreeMap<CheckId, CheckOverride>,
    /// Accepted findings, for all tenants.
    pub waivers: Vec<Waiver>,
    /// What people decided about keys, and whether they have to.
    pub reviews: Reviews,
}

/// `[tenant.NAME]`.
#[derive(Clone, Debug, Default)]
pub struct TenantConfig {
    /// The PSA's host.
    pub site: Option<String>,
    /// The login company id.
    pub company: Option<String>,
    /// Words by which `--tag` picks it.
    pub tags: Vec<String>,
    /// Certificates to trust beside the system's.
    pub ca_file: Option<PathBuf>,
    /// Where the client id comes from.
    pub client_id: KeySource,
    /// Where the public key comes from.
    pub public_key: KeySource,
    /// Where the private key comes from.
    pub private_key: KeySource,
    /// How patiently and how fast to ask.
    pub network: NetworkConfig,
    /// Which member serves which integration.
    pub bindings: Vec<DeclaredBinding>,
}

/// Where a secret comes from: never from this file itself.
#[derive(Clone, Debug, Default)]
pub struct KeySource {
    /// The name of a variable (`NAME_env`).
    pub env: Option<String>,
    /// A file that holds it (`NAME_file`).
    pub file: Option<PathBuf>,
    /// A program and its arguments, whose first line of output it is (`NAME_command`).
    pub command: Vec<String>,
}

impl KeySource {
    /// Whether the config says where it comes from.
    pub(super) fn is_set(&self) -> bool {
        self.env.is_some() || self.file.is_some() || !self.command.is_empty()
    }
}

/// `[tenant.NAME.network]`.
#[derive(Clone, Debug, Default)]
pub struct NetworkConfig {
    /// For one try.
    pub timeout_ms: Option<u32>,
    /// For all tries of one request.
    pub total_ms: Option<u32>,
    /// The first pause between two tries.
    pub pause_ms: Option<u32>,
    /// Requests under way at once.
    pub connections: Option<u32>,
    /// Requests in any minute.
    pub requests_per_minute: Option<u32>,
}

impl Config {
    /// Reads a config file, which problems call `name`.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn load(name: &str, path: &Path, library: &Library) -> Result<Self, Problems> {
        let text = Document::load(path).map_err(|problem| Problems(vec![problem]))?;
        Self::parse(name, &text, library)
    }

    /// Reads the text of a config.
    ///
    /// # Errors
    /// Every problem of the text.
    pub fn parse(name: &str, text: &str, library: &Library) -> Result<Self, Problems> {
        Document::new(name, text).discreet().read(|root| {
            // Read before the rest, which needs the rule files.
            root.text(RULES_DIR);
            let reader = Reader { file: name, library };
            let tenants = reader.tenants(root);
            let names = tenants.keys().map(String::as_str).collect();
            Self {
                waivers: reader.waivers(root, &names),
                checks: read_checks(root),
                reviews: read_review(root),
                tenants,
            }
        })
    }

    /// Reads the waivers of a config and nothing else of it, so that a change cannot waive itself.
    ///
    /// # Errors
    /// Every problem of its waivers.
    pub fn load_waivers(name: &str, path: &Path, library: &Library) -> Result<Vec<Waiver>, Problems> {
        let text = Document::load(path).map_err(|problem| Problems(vec![problem]))?;
        Self::parse_waivers(name, &text, library)
    }

    /// As above, of the text of a config.
    ///
    /// # Errors
    /// Every problem of its waivers.
    pub fn parse_waivers(name: &str, text: &str, library: &Library) -> Result<Vec<Waiver>, Problems> {
        Document::new(name, text).discreet().read(|root| {
            let tenants = root.section("tenant").map(|all| all.keys()).unwrap_or_default();
            root.section("checks");
            root.section("review");
            root.text(RULES_DIR);
            let names = tenants.iter().map(|tenant| tenant.value.as_str()).collect();
            Reader { file: name, library }.waivers(root, &names)
        })
    }

    /// What was decided for one tenant, by its name here.
    #[must_use]
    pub fn policy(&self, name: Option<&str>) -> Policy {
        let tenant = name.and_then(|name| self.tenants.get(name));
        let is_meant = |waiver: &&Waiver| waiver.tenant.is_none() || waiver.tenant.as_deref() == name;
        Policy {
            bindings: tenant.map(|tenant| tenant.bindings.clone()).unwrap_or_default(),
            checks: self.checks.clone(),
            waivers: self.waivers.iter().filter(is_meant).cloned().collect(),
            reviews: self.reviews.clone(),
            fleet: self.tenants.len() > 1,
        }
    }
}

/// The key that names the folder of rule files.
const RULES_DIR: &str = "rules_dir";

/// The folder of rule files that a config names, which starts from the config's own. Whatever is wrong with
/// the config is said when it is read in full.
pub(crate) fn rules_dir(shown: &Path, path: &Path) -> Option<PathBuf> {
    let text = Document::load(path).ok()?;
    let table: toml::Table = text.parse().ok()?;
    let folder = table.get(RULES_DIR)?.as_str()?;
    Some(shown.parent().unwrap_or(Path::new("")).join(folder))
}

struct Reader<'r> {
    file: &'r str,
    library: &'r Library,
}

impl Reader<'_> {
    fn tenants(&self, root: &Section<'_, '_>) -> BTreeMap<String, TenantConfig> {
        let mut tenants = BTreeMap::new();
        let Some(all) = root.section("tenant") else {
            return tenants;
        };
        for key in all.keys() {
            if let Some(section) = all.section(&key.value) {
                if key.value == EVERY_TENANT || key.value.contains(',') {
                    let help = "`--tenant all` means every tenant, and a comma parts their names";
                    let message = format!("\"{}\" cannot be a tenant's name", key.value);
                    section.document.note(key.span.clone(), message, Some(help.to_owned()));
                }
                tenants.insert(key.value, self.tenant(&section));
                section.finish();
            }
        }
        tenants
    }

    fn tenant(&self, section: &Section<'_, '_>) -> TenantConfig {
        let site = section.text("site");
        if let Some(site) = &site
            && let Err(error) = site.value.parse::<Site>()
        {
            section.document.note(site.span.clone(), error.to_string(), None);
        }
        let company = section.text("company");
        if let Some(company) = &company
            && let Some(wrong) = mistyped::company(&company.value)
        {
            section.document.note(company.span.clone(), format!("the company {wrong}"), None);
        }
        TenantConfig {
            site: site.map(|site| site.value),
            company: company.map(|company| company.value),
            tags: section.texts("tags").into_iter().map(|tag| tag.value).collect(),
            ca_file: section.text("ca_file").map(|text| text.value.into()),
            client_id: read_key_source(section, "client_id"),
            public_key: read_key_source(section, "public_key"),
            private_key: read_key_source(section, "private_key"),
            network: read_network(section),
            bindings: section.sections("integration").iter().filter_map(|own| self.binding(own)).collect(),
        }
    }

    fn binding(&self, section: &Section<'_, '_>) -> Option<DeclaredBinding> {
        let rules = section.required_text("rules");
        let features = section.texts("features");
        let binding = DeclaredBinding {
            member: section.text("member").map(|text| text.value),
            role: section.text("role").map(|text| text.value),
            setup_until: section.date("setup_until").map(|date| date.value),
            features: features.iter().map(|feature| feature.value.clone()).collect(),
            ownership: Ownership {
                owner: told(section, "owner"),
                purpose: told(section, "purpose"),
                key_made: section.date("key_made").map(|date| date.value),
            },
            place: Some(Arc::new(Place { file: self.file.to_owned(), line: section.line() })),
            rules: rules.as_ref().map(|rules| rules.value.clone()).unwrap_or_default(),
        };
        section.finish();
        let rules = rules?;
        let Some(known) = self.library.get(&rules.value) else {
            let help = self.library.suggest(&rules.value).map(|near| format!("did you mean \"{near}\"?"));
            section.document.note(rules.span, format!("there is no rule file \"{}\"", rules.value), help);
            return None;
        };
        for feature in features.iter().filter(|feature| !known.features.contains_key(&feature.value)) {
            let near = did_you_mean(&feature.value, known.features.keys().map(String::as_str));
            let all: Vec<_> = known.features.keys().map(String::as_str).collect();
            let help = near.map_or_else(
                || {
                    if all.is_empty() {
                        "it has none".to_owned()
                    } else {
                        format!("it has {}", all.join(", "))
                    }
                },
                |near| format!("did you mean \"{near}\"?"),
            );
            let message = format!("the rule file {} has no feature \"{}\"", known.id, feature.value);
            section.document.note(feature.span.clone(), message, Some(help));
        }
        Some(binding)
    }

    fn waivers(&self, root: &Section<'_, '_>, tenants: &BTreeSet<&str>) -> Vec<Waiver> {
        let sections = root.sections("waiver");
        for section in &sections {
            if let Some(tenant) = section.text("tenant").filter(|own| !tenants.contains(own.value.as_str())) {
                let near = did_you_mean(&tenant.value, tenants.iter().copied());
                let help = near.map(|near| format!("did you mean \"{near}\"?"));
                section.document.note(tenant.span, format!("there is no tenant \"{}\"", tenant.value), help);
            }
        }
        sections.iter().map(|section| self.waiver(section)).collect()
    }

    /// A waiver is read leniently: one with a gap does not waive, and the audit says so (LW401).
    fn waiver(&self, section: &Section<'_, '_>) -> Waiver {
        let text = |key| section.text(key).map(|item| item.value).filter(|value| !is_blank(value));
        let check = section.required_text("check");
        if let Some(check) = &check
            && checks::find(&check.value).is_none()
        {
            section.document.note(
                check.span.clone(),
                format!("there is no check \"{}\"", check.value),
                near_check(&check.value),
            );
        }
        let id = |key| section.number(key).map(|item| i64::from(item.value));
        let mut faults: Vec<_> = BLANKABLE
            .iter()
            .filter(|key| section.text(key).is_some_and(|item| is_blank(&item.value)))
            .map(|key| format!("`{key}` is blank: leave it out, or say what it is"))
            .collect();
        let verb = section.text("verb").and_then(|word| {
            let verb = Verb::from_word(&word.value.to_lowercase());
            if verb.is_none() {
                section.document.note(
                    word.span,
                    format!("\"{}\" is not a verb", word.value),
                    Some("add, edit, delete or inquire".to_owned()),
                );
            }
            verb
        });
        let mut day = |key: &str| {
            let read = section.lenient_date(key);
            if let Some(Err(word)) = &read {
                faults.push(format!("`{key}` is \"{word}\", which is no day such as 2026-11-22"));
            }
            read.and_then(Result::ok)
        };
        let (since, expires) = (day("since"), day("expires"));
        let waiver = Waiver {
            check: check.map(|check| check.value).unwrap_or_default(),
            tenant: text("tenant"),
            integration: text("integration"),
            role: text("role"),
            role_id: id("role_id"),
            member: text("member"),
            member_id: id("member_id"),
            login: text("login"),
            function: text("function"),
            verb,
            table: text("table"),
            reason: text("reason"),
            owner: text("owner"),
            since,
            expires,
            faults,
            place: Some(Arc::new(Place { file: self.file.to_owned(), line: section.line() })),
        };
        section.finish();
        waiver
    }
}

/// What somebody wrote down about a key; a blank says nothing, and must not look as if it did.
fn told(section: &Section<'_, '_>, key: &str) -> Option<String> {
    let item = section.text(key)?;
    if is_blank(&item.value) {
        section.document.note(
            item.span,
            format!("`{key}` is blank"),
            Some("say it, or leave it out".to_owned()),
        );
        return None;
    }
    Some(item.value)
}

/// The fields of a waiver that narrow it: a blank one would widen it.
const BLANKABLE: [&str; 7] = ["tenant", "integration", "role", "member", "login", "function", "table"];

/// A key in clear is refused without being repeated.
fn read_key_source(section: &Section<'_, '_>, name: &str) -> KeySource {
    if let Some(clear) = section.place_of(name) {
        let help = format!(
            "write `{name}_env`, `{name}_file` or `{name}_command`, or set LEASTWISE_{}",
            name.to_uppercase()
        );
        section.document.note(
            clear,
            format!("`{name}` is in the file in clear, and keys never may be"),
            Some(help),
        );
    }
    let text = |suffix: &str| section.text(&format!("{name}_{suffix}")).map(|item| item.value);
    let file = section.text(&format!("{name}_file"));
    if let Some(file) = file.as_ref().filter(|file| file.value.chars().any(char::is_control)) {
        let message =
            format!("`{name}_file` holds a tab, a line break or the like, which a backslash made of it");
        section.document.note(file.span.clone(), message, Some(BACKSLASH.to_owned()));
    }
    KeySource {
        env: text("env"),
        file: file.map(|file| file.value.into()),
        command: section.texts(&format!("{name}_command")).into_iter().map(|item| item.value).collect(),
    }
}

fn read_network(section: &Section<'_, '_>) -> NetworkConfig {
    let Some(network) = section.section("network") else {
        return NetworkConfig::default();
    };
    let number = |key| network.number(key).map(|item| item.value);
    let config = NetworkConfig {
        timeout_ms: number("timeout_ms"),
        total_ms: number("total_ms"),
        pause_ms: number("pause_ms"),
        connections: number("connections"),
        requests_per_minute: number("requests_per_minute"),
    };
    network.finish();
    config
}

/// `[review]`. What was decided stands in files of its own.
fn read_review(root: &Section<'_, '_>) -> Reviews {
    let Some(section) = root.section("review") else {
        return Reviews::default();
    };
    let required = section.flag("required").is_some_and(|flag| flag.value);
    section.finish();
    Reviews { required, ..Reviews::default() }
}

fn read_checks(root: &Section<'_, '_>) -> BTreeMap<CheckId, CheckOverride> {
    let mut all = BTreeMap::new();
    let Some(checks) = root.section("checks") else {
        return all;
    };
    for key in checks.keys() {
        let Some(section) = checks.section(&key.value) else {
            continue;
        };
        let Some(check) = checks::find(&key.value) else {
            checks.document.note(
                key.span.clone(),
                format!("there is no check \"{}\"", key.value),
                near_check(&key.value),
            );
            continue;
        };
        let over = read_override(&section);
        if over.off && check.id == CheckId::CollectionIncomplete {
            section
                .note(format!("{} cannot be switched off: it says what could not be read", check.id), None);
        }
        section.finish();
        if all.insert(check.id, over).is_some() {
            section.note(format!("{} ({}) is changed twice", check.id, check.name), None);
        }
    }
    all
}

fn read_override(section: &Section<'_, '_>) -> CheckOverride {
    let word: Option<Item<String>> = section.text("severity");
    let mut over =
        CheckOverride { days: section.number("days").map(|days| days.value), ..CheckOverride::default() };
    if let Some(word) = word {
        match word.value.as_str() {
            "off" => over.off = true,
            severity => match severity.parse::<Severity>() {
                Ok(severity) => over.severity = Some(severity),
                Err(error) => section.document.note(word.span, format!("{error}; or \"off\""), None),
            },
        }
    }
    over
}

fn near_check(word: &str) -> Option<String> {
    checks::suggest(word).map(|near| format!("did you mean \"{near}\"?"))
}
