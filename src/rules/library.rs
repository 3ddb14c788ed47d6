//! The rule library: the rule files that are embedded, and those of `--rules-dir` in their place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use jiff::civil::Date;

use super::catalog::Catalog;
use super::document::Document;
use super::problem::{Problem, Problems, did_you_mean};
use super::rule_file::{Origin, RuleFile};

/// The project's own `rules/integrations` folder, as it was when the program was built.
pub static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules/integrations");

/// The embedded catalog.
///
/// # Errors
/// Every problem of the file; a test holds that it has none.
pub fn built_in_catalog() -> Result<Catalog, Problems> {
    Catalog::parse("rules/catalog.toml", include_str!("../../rules/catalog.toml"))
}

/// Every rule file, by id, and the catalog that they speak of.
#[derive(Clone, Debug)]
pub struct Library {
    /// What is known of the PSA.
    pub catalog: Catalog,
    rules: BTreeMap<String, RuleFile>,
}

impl Library {
    /// Reads the embedded files, then those of `folder`, which replace embedded ones by id.
    ///
    /// # Errors
    /// Every problem of every file. A day of reading after `today` is one.
    pub fn load(folder: Option<&Path>, today: Date) -> Result<Self, Problems> {
        let mut library = Self { catalog: built_in_catalog()?, rules: BTreeMap::new() };
        let mut problems = Vec::new();
        for file in BUILT_IN.files() {
            let name = format!("rules/integrations/{}", file.path().display());
            let text = file.contents_utf8().unwrap_or_default();
            library.keep(RuleFile::parse(&name, text, Origin::BuiltIn, &library.catalog), &mut problems);
        }
        if let Some(folder) = folder {
            library.load_folder(folder, today, &mut problems);
        }
        if problems.is_empty() { Ok(library) } else { Err(Problems(problems)) }
    }

    fn keep(&mut self, parsed: Result<RuleFile, Problems>, problems: &mut Vec<Problem>) {
        match parsed {
            Ok(rules) => {
                self.rules.insert(rules.id.clone(), rules);
            }
            Err(Problems(more)) => problems.extend(more),
        }
    }

    fn load_folder(&mut self, folder: &Path, today: Date, problems: &mut Vec<Problem>) {
        let paths = match toml_files(folder) {
            Ok(paths) => paths,
            Err(problem) => return problems.push(problem),
        };
        let mut seen: BTreeMap<String, PathBuf> = BTreeMap::new();
        for path in paths {
            let parsed = load_file(&path, today, &self.catalog);
            if let Ok(rules) = &parsed
                && let Some(first) = seen.insert(rules.id.clone(), path.clone())
            {
                let message = format!("the id \"{}\" is already that of {}", rules.id, first.display());
                problems.push(at_top(&path, message, Some("give each file an id of its own".to_owned())));
            }
            self.keep(parsed, problems);
        }
    }

    /// The rule file with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&RuleFile> {
        self.rules.get(id)
    }

    /// Every rule file, in order of id.
    pub fn iter(&self) -> impl Iterator<Item = &RuleFile> {
        self.rules.values()
    }

    /// The id nearest to one that does not exist.
    #[must_use]
    pub fn suggest(&self, id: &str) -> Option<&str> {
        let by_part =
            || self.rules.keys().map(String::as_str).find(|known| known.split('-').any(|part| part == id));
        by_part().or_else(|| did_you_mean(id, self.rules.keys().map(String::as_str)))
    }
}

/// Reads one rule file from the disk.
fn load_file(path: &Path, today: Date, catalog: &Catalog) -> Result<RuleFile, Problems> {
    let text = Document::load(path).map_err(|problem| Problems(vec![problem]))?;
    let name = path.display().to_string();
    let rules = RuleFile::parse(&name, &text, Origin::File(path.to_owned()), catalog)?;
    if rules.read > today {
        let message = format!("`read` is {}, a day that has not come yet", rules.read);
        return Err(Problems(vec![at_top(
            path,
            message,
            Some("the day you last read the source".to_owned()),
        )]));
    }
    Ok(rules)
}

fn at_top(path: &Path, message: String, help: Option<String>) -> Problem {
    Problem { file: path.display().to_string(), line: 1, column: 1, message, help }
}

/// The `.toml` files directly in a folder, or in its `integrations` folder, but not a catalog; sorted.
fn toml_files(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let inner = folder.join("integrations");
    let folder = if inner.is_dir() { inner } else { folder.to_owned() };
    let unreadable =
        |error: std::io::Error| at_top(&folder, format!("the folder cannot be read: {error}"), None);
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let is_rules = path.extension().is_some_and(|ending| ending == "toml")
            && path.file_name().is_some_and(|name| name != "catalog.toml");
        if is_rules && path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
