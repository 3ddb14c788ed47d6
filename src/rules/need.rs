//! Needs: what an integration asks of a role, function by function.

use crate::model::{Level, Verb};

use super::catalog::{Catalog, FunctionId, ModuleId};
use super::document::{Item, Section};
use super::problem::did_you_mean;

/// What a need is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// One function.
    Function(FunctionId),
    /// Every function that the tenant shows in a module (`"*"`).
    Module(ModuleId),
}

/// How the source says that something is needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Basis {
    /// The vendor's text says so.
    #[default]
    Stated,
    /// It is on the vendor's screenshot.
    Shown,
    /// It follows from what the integration does, but the vendor does not say so.
    Inferred,
}

impl Basis {
    const ALL: [Self; 3] = [Self::Stated, Self::Shown, Self::Inferred];

    /// The word that rule files use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Shown => "shown",
            Self::Inferred => "inferred",
        }
    }
}

/// The level that is needed of one verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NeedLevel {
    /// The level.
    pub level: Level,
    /// The vendor names the operation but states no level; `All` is read into it.
    pub implied: bool,
    /// Needed while the integration is set up, and excess once that is over.
    pub setup_only: bool,
}

/// Entries of a function's customise list that are needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow {
    /// The entries; for Table Setup in the form `Category / Table`.
    pub entries: Vec<String>,
}

/// What is needed of one function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Need {
    /// The level of each verb; `None` where nothing is asked for.
    pub levels: [Option<NeedLevel>; 4],
    /// The customise list; `None` where the vendor does not say which entries.
    pub allow: Option<Allow>,
    /// What it is for, where that is known.
    pub why: Option<String>,
    /// How the source says so.
    pub basis: Basis,
    /// What the source leaves open.
    pub unclear: Option<String>,
}

impl Need {
    /// The level that is needed of `verb`, if any above None.
    #[must_use]
    pub fn level(&self, verb: Verb) -> Option<NeedLevel> {
        self.levels[verb as usize].filter(|need| need.level > Level::None)
    }
}

/// Everything that an integration, or one feature of it, needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Each target once, in the order of the role screen.
    pub rows: Vec<(Target, Need)>,
}

impl Needs {
    /// Whether nothing is needed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Puts rows in the order of the role screen.
    #[must_use]
    pub fn in_screen_order(mut rows: Vec<(Target, Need)>, catalog: &Catalog) -> Self {
        rows.sort_by_key(|(target, _)| target.place(catalog));
        Self { rows }
    }

    /// What is needed of one target, if anything.
    #[must_use]
    pub fn of(&self, target: Target) -> Option<&Need> {
        self.rows.iter().find(|(own, _)| *own == target).map(|(_, need)| need)
    }

    /// The level that is needed of a target's verb, for itself or with its whole module.
    #[must_use]
    pub fn level(&self, target: Target, verb: Verb, catalog: &Catalog) -> Level {
        let own =
            |target| self.of(target).and_then(|need| need.level(verb)).map_or(Level::None, |need| need.level);
        match target {
            Target::Module(_) => own(target),
            Target::Function(id) => own(target).max(own(Target::Module(catalog.function(id).module))),
        }
    }

    /// Reads `[needs.MODULE]` tables: a key for each module, a key for each function.
    pub(super) fn read(section: &Section<'_, '_>, catalog: &Catalog) -> Self {
        let mut rows: Vec<(Target, Need)> = Vec::new();
        for target_section in targets(section, catalog) {
            let TargetSection { target, section: row, .. } = target_section;
            let is_table_setup = matches!(target, Target::Function(id) if catalog.is_table_setup(id));
            let need = read_need(&row, is_table_setup, catalog);
            row.finish();
            rows.push((target, need));
        }
        Self::in_screen_order(rows, catalog)
    }
}

impl Target {
    /// `Module / Function`, or `Module / *`.
    #[must_use]
    pub fn name(self, catalog: &Catalog) -> String {
        match self {
            Self::Function(id) => catalog.full_name(id),
            Self::Module(id) => format!("{} / *", catalog.module_name(id)),
        }
    }

    /// Its module.
    #[must_use]
    pub fn module(self, catalog: &Catalog) -> ModuleId {
        match self {
            Self::Function(id) => catalog.function(id).module,
            Self::Module(id) => id,
        }
    }

    /// Where it stands on the role screen; a whole module before its functions.
    #[must_use]
    pub fn place(self, catalog: &Catalog) -> (ModuleId, Option<FunctionId>) {
        match self {
            Self::Function(id) => (catalog.function(id).module, Some(id)),
            Self::Module(id) => (id, None),
        }
    }

    /// The function's name, or `*`.
    #[must_use]
    pub fn function(self, catalog: &Catalog) -> &str {
        match self {
            Self::Function(id) => &catalog.function(id).name,
            Self::Module(_) => "*",
        }
    }
}

/// A table under `[needs.MODULE]` (or `[advice.needs.MODULE]`) whose function is known.
pub(super) struct TargetSection<'d, 't> {
    pub(super) target: Target,
    pub(super) key: Item<String>,
    pub(super) section: Section<'d, 't>,
}

/// Every row under `[….MODULE]`, in file order; a module or function that is not known is a problem
/// with the nearest right spelling.
pub(super) fn targets<'d, 't>(section: &Section<'d, 't>, catalog: &Catalog) -> Vec<TargetSection<'d, 't>> {
    let mut found = Vec::new();
    for module_key in section.keys() {
        let Some(rows) = section.section(&module_key.value) else {
            continue;
        };
        let Some(module) = catalog.find_module(&module_key.value) else {
            let help = catalog.suggest_module(&module_key.value).map_or_else(
                || format!("the modules are {}", module_names(catalog)),
                |near| format!("did you mean \"{near}\"?"),
            );
            let message = format!("\"{}\" is not a module of the PSA", module_key.value);
            section.document.note(module_key.span, message, Some(help));
            continue;
        };
        if module_key.value != catalog.module_name(module) {
            warn_of_other_name(section, &module_key, catalog.module_name(module));
        }
        for key in rows.keys() {
            let Some(row) = rows.section(&key.value) else {
                continue;
            };
            if let Some(target) = find_target(catalog, module, &key.value) {
                warn_of_spelling(section, &key, target, catalog);
                if found.iter().any(|other: &TargetSection<'_, '_>| other.target == target) {
                    let message = format!("\"{}\" names a function that this table already has", key.value);
                    section.document.note(key.span, message, None);
                } else {
                    found.push(TargetSection { target, key, section: row });
                }
            } else {
                let near = catalog.suggest_function(module, &key.value);
                let help = near.map(|near| format!("did you mean {near}?"));
                let message =
                    format!("\"{}\" is not a function of {}", key.value, catalog.module_name(module));
                section.document.note(key.span, message, help);
            }
        }
    }
    found
}

fn warn_of_spelling(section: &Section<'_, '_>, key: &Item<String>, target: Target, catalog: &Catalog) {
    if let Target::Function(id) = target
        && key.value != catalog.function(id).name
    {
        warn_of_other_name(section, key, &catalog.function(id).name);
    }
}

/// A spelling that is understood, but is not the screen's.
fn warn_of_other_name(section: &Section<'_, '_>, written: &Item<String>, name: &str) {
    let message = format!("\"{}\" is another spelling of \"{name}\"", written.value);
    section.document.warn(written.span.clone(), message, Some(format!("write \"{name}\"")));
}

fn find_target(catalog: &Catalog, module: ModuleId, name: &str) -> Option<Target> {
    if name == "*" {
        return Some(Target::Module(module));
    }
    catalog.find_function(module, name).map(Target::Function)
}

fn module_names(catalog: &Catalog) -> String {
    catalog.modules().iter().map(|module| module.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn read_need(row: &Section<'_, '_>, is_table_setup: bool, catalog: &Catalog) -> Need {
    let setup_only = read_verbs(row, "setup_only");
    let implied = read_verbs(row, "implied");
    let mut need = Need {
        why: row.text("why").map(|text| text.value),
        unclear: row.text("unclear").map(|text| text.value),
        basis: read_basis(row),
        allow: read_allow(row, is_table_setup, catalog),
        ..Need::default()
    };
    for verb in Verb::ALL {
        need.levels[verb as usize] = read_level(row, verb).map(|level| NeedLevel {
            level,
            implied: implied.contains(&verb),
            setup_only: setup_only.contains(&verb),
        });
    }
    if !Verb::ALL.iter().any(|verb| row.has(verb.as_str())) && need.allow.is_none() {
        row.note(
            "the row asks for nothing",
            Some("give a level to add, edit, delete or inquire, or an allow list".to_owned()),
        );
    }
    need
}

/// The level of one verb, if the key is there.
pub(super) fn read_level(row: &Section<'_, '_>, verb: Verb) -> Option<Level> {
    let word = row.text(verb.as_str())?;
    let level = Level::ALL.into_iter().find(|level| level.as_str() == word.value);
    if level.is_none() {
        let near = Level::from_word(&word.value).map(Level::as_str);
        let help = near
            .map_or_else(|| "the levels are None, My, All".to_owned(), |near| format!("write \"{near}\""));
        row.document.note(word.span, format!("\"{}\" is not a level", word.value), Some(help));
    }
    level
}

fn read_basis(row: &Section<'_, '_>) -> Basis {
    let Some(word) = row.text("basis") else {
        return Basis::default();
    };
    let found = Basis::ALL.into_iter().find(|basis| basis.as_str() == word.value);
    if found.is_none() {
        let help = Some("stated, shown or inferred".to_owned());
        row.document.note(word.span, format!("\"{}\" is not a basis", word.value), help);
    }
    found.unwrap_or_default()
}

/// `true` for every verb of the row, or a list of verbs.
fn read_verbs(row: &Section<'_, '_>, key: &str) -> Vec<Verb> {
    if !row.is_list(key) {
        return match row.flag(key) {
            Some(flag) if flag.value => Verb::ALL.to_vec(),
            _ => Vec::new(),
        };
    }
    let mut verbs = Vec::new();
    for word in row.texts(key) {
        match Verb::from_word(&word.value).filter(|verb| row.has(verb.as_str())) {
            Some(verb) => verbs.push(verb),
            None => {
                let near = did_you_mean(&word.value, Verb::ALL.map(Verb::as_str));
                let help = near.map(|near| format!("`{near}` with a level in the same row"));
                row.document.note(
                    word.span,
                    format!("`{key}` names \"{}\", to which the row gives no level", word.value),
                    help,
                );
            }
        }
    }
    verbs
}

fn read_allow(row: &Section<'_, '_>, is_table_setup: bool, catalog: &Catalog) -> Option<Allow> {
    if !row.has("allow") {
        return None;
    }
    let mut entries = Vec::new();
    for entry in row.texts("allow") {
        let known = catalog.find_table(&entry.value).filter(|_| is_table_setup);
        if is_table_setup && known.is_none() && !has_category(&entry.value) {
            let help = catalog.suggest_table(&entry.value);
            row.document.note(
                entry.span.clone(),
                format!("the table \"{}\" has no category", entry.value),
                Some(help),
            );
        }
        if let Some(table) = known.filter(|table| table.name != entry.value) {
            warn_of_other_name(row, &entry, &table.name);
        }
        entries.push(known.map_or(entry.value, |table| table.name.clone()));
    }
    Some(Allow { entries })
}

fn has_category(table: &str) -> bool {
    table
        .split_once('/')
        .is_some_and(|(category, name)| !category.trim().is_empty() && !name.trim().is_empty())
}
