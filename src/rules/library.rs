//! The rule library: the rule files that are embedded, and those of `--rules-dir` in their place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use jiff::civil::Date;

use super::catalog::Catalog;
use super::document::Document;
use super::names::Names;
use super::problem::{Problem, Problems, did_you_mean};
use super::reading::Days;
use super::rule_file::{Origin, RuleFile};
use crate::embedded;

/// The project's own folder of rule files.
const BUILT_IN: &str = "rules/integrations/";

/// The files of the project's own folder of rule files, with their paths within, as they were when the program was
/// built.
pub fn built_in_files() -> impl Iterator<Item = (&'static str, &'static str)> {
    embedded::within(BUILT_IN).filter_map(|(path, text)| Some((path.strip_prefix(BUILT_IN)?, text)))
}

/// The embedded catalog and rule files, read once: whoever runs several commands in one process, as a
/// test does, would read them for each.
static EMBEDDED: LazyLock<Result<Library, Problems>> = LazyLock::new(|| {
    let catalog = Catalog::parse("rules/catalog.toml", embedded::text("rules/catalog.toml"))?;
    let shelf = Shelf::built_in(&catalog, None);
    let mut library = Library::of(Arc::new(catalog));
    library.take(shelf)?;
    Ok(library)
});

/// The embedded catalog.
///
/// # Errors
/// Every problem of the file; a test holds that it has none.
pub fn built_in_catalog() -> Result<Arc<Catalog>, Problems> {
    EMBEDDED.as_ref().map(|library| Arc::clone(&library.catalog)).map_err(Problems::clone)
}

/// The ids of the embedded rule files.
pub fn built_in_ids() -> impl Iterator<Item = &'static str> {
    EMBEDDED.iter().flat_map(|library| library.rules.keys()).map(String::as_str)
}

/// Every rule file, by id, and the catalog that they speak of.
#[derive(Clone, Debug)]
pub struct Library {
    /// What is known of the PSA.
    pub catalog: Arc<Catalog>,
    /// Files of the folder that were not read, and why.
    pub passed_over: Vec<Problem>,
    rules: BTreeMap<String, Arc<RuleFile>>,
    names: Arc<Names>,
}

/// What came of reading several rule files together.
#[derive(Debug, Default)]
pub struct Shelf {
    /// The rule files, where nothing is wrong with any of them.
    pub rules: Vec<RuleFile>,
    /// How many files were read.
    pub files: usize,
    /// What is wrong, file by file.
    pub problems: Vec<Problem>,
    /// What could be better, file by file.
    pub warnings: Vec<Problem>,
    /// Files of a folder that are no rule files by their name.
    pub passed_over: Vec<Problem>,
    ids: BTreeMap<String, String>,
}

impl Shelf {
    /// One file of another kind, and what is wrong with it.
    #[must_use]
    pub fn of_one(problems: Vec<Problem>) -> Self {
        Self { files: 1, problems, ..Self::default() }
    }

    /// Reads the embedded files.
    #[must_use]
    pub fn built_in(catalog: &Catalog, days: Option<Days>) -> Self {
        let mut shelf = Self::default();
        // Those of its folders belong to tests.
        for (path, text) in built_in_files().filter(|(path, _)| !path.contains('/')) {
            shelf.put(&format!("{BUILT_IN}{path}"), text, Origin::BuiltIn, catalog, days);
        }
        shelf
    }

    /// Reads files, and the rule files of folders, which start from `base` and are named without it.
    /// Two files with one id are a problem.
    #[must_use]
    pub fn of(paths: &[PathBuf], base: &Path, catalog: &Catalog, days: Days) -> Self {
        let mut shelf = Self::default();
        let named = |path: &Path| path.strip_prefix(base).unwrap_or(path).display().to_string();
        for path in paths {
            let path = base.join(path);
            let inside = if path.is_dir() { files_of(&path) } else { Ok((vec![path], Vec::new())) };
            let (inside, others) = inside.unwrap_or_else(|problem| {
                shelf.problems.push(problem);
                (Vec::new(), Vec::new())
            });
            shelf.passed_over.extend(others.iter().map(|file| passed_over(&named(file), file)));
            for file in inside {
                let name = named(&file);
                match Document::load(&file) {
                    Ok(text) => shelf.put(&name, &text, Origin::File(file), catalog, Some(days)),
                    Err(problem) => {
                        shelf.files += 1;
                        shelf.problems.push(Problem { file: name, ..problem });
                    }
                }
            }
        }
        shelf
    }

    /// Reads one text, such as that of a pipe.
    #[must_use]
    pub fn of_text(name: &str, text: &str, catalog: &Catalog, days: Days) -> Self {
        let mut shelf = Self::default();
        shelf.put(name, text, Origin::File(PathBuf::from(name)), catalog, Some(days));
        shelf
    }

    fn put(&mut self, name: &str, text: &str, origin: Origin, catalog: &Catalog, days: Option<Days>) {
        let reading = RuleFile::examine(name, text, origin, catalog, days);
        self.files += 1;
        self.problems.extend(reading.problems);
        self.warnings.extend(reading.warnings);
        if let Some((id, mut place)) = reading.id {
            match self.ids.get(&id) {
                Some(first) => {
                    place.message.push_str(first);
                    place.help = Some("give each file an id of its own".to_owned());
                    self.problems.push(place);
                }
                None => {
                    self.ids.insert(id, name.to_owned());
                }
            }
        }
        self.rules.extend(reading.rules);
    }
}

impl Library {
    fn of(catalog: Arc<Catalog>) -> Self {
        Self { catalog, passed_over: Vec::new(), rules: BTreeMap::new(), names: Arc::default() }
    }

    /// Reads the embedded files, then those of `folder`, which replace embedded ones by id.
    ///
    /// # Errors
    /// Every problem of every file. A day of reading after `today` is one.
    pub fn load(folder: Option<&Path>, today: Date) -> Result<Self, Problems> {
        let mut library = EMBEDDED.clone()?;
        if let Some(folder) = folder {
            let days = Days { today, as_of: today };
            library.take(Shelf::of(&[folder.to_owned()], Path::new(""), &library.catalog, days))?;
        }
        Ok(library)
    }

    /// Reads the files of one folder and nothing else.
    ///
    /// # Errors
    /// Every problem of every file.
    pub fn of_folder(folder: &Path, today: Date) -> Result<Self, Problems> {
        let catalog = built_in_catalog()?;
        let mut shelf =
            Shelf::of(&[folder.to_owned()], Path::new(""), &catalog, Days { today, as_of: today });
        if shelf.files == 0 && shelf.problems.is_empty() {
            shelf.problems.push(Problem {
                file: folder.display().to_string(),
                line: 1,
                column: 1,
                message: "the folder holds no rule file".to_owned(),
                help: Some(
                    "rule files end in .toml and lie in the folder itself or in its integrations folder"
                        .to_owned(),
                ),
            });
        }
        let mut library = Self::of(catalog);
        library.take(shelf)?;
        Ok(library)
    }

    /// Takes the files of a shelf, which replace earlier ones by id.
    fn take(&mut self, taken: Shelf) -> Result<(), Problems> {
        if !taken.problems.is_empty() {
            return Err(Problems(taken.problems));
        }
        self.passed_over.extend(taken.passed_over);
        self.rules.extend(taken.rules.into_iter().map(|rules| (rules.id.clone(), Arc::new(rules))));
        self.names = Arc::new(Names::of(self.iter()));
        Ok(())
    }

    /// The rule file with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&RuleFile> {
        self.rules.get(id).map(AsRef::as_ref)
    }

    /// Every rule file, in order of id.
    pub fn iter(&self) -> impl Iterator<Item = &RuleFile> {
        self.rules.values().map(AsRef::as_ref)
    }

    /// Which integrations a name is one of.
    #[must_use]
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The id nearest to one that does not exist.
    #[must_use]
    pub fn suggest(&self, id: &str) -> Option<&str> {
        let by_part =
            || self.rules.keys().map(String::as_str).find(|known| known.split('-').any(|part| part == id));
        by_part().or_else(|| did_you_mean(id, self.rules.keys().map(String::as_str)))
    }
}

/// A file that may have been meant for a rule file, and is none by its name.
fn passed_over(name: &str, path: &Path) -> Problem {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    if path.is_dir() {
        return Problem {
            file: name.to_owned(),
            line: 1,
            column: 1,
            message: format!("the folder {file} has rule files, and is not read"),
            help: Some("put them into the folder above, or name this folder".to_owned()),
        };
    }
    let help = file
        .split_once(".toml")
        .map(|(stem, _)| format!("rename it to {stem}.toml; Explorer hides the last ending"));
    Problem {
        file: name.to_owned(),
        line: 1,
        column: 1,
        message: format!("{file} does not end in .toml, so it is not read"),
        help,
    }
}

/// Whether rule files may lie in a folder within, which is not looked into.
fn has_rule_files(folder: &Path) -> bool {
    let is_hidden = folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    !is_hidden
        && entries.map(|entry| entry.path()).any(|path| path.extension().is_some_and(|own| own == "toml"))
}

/// The `.toml` files directly in a folder, or in its `integrations` folder, but not a catalog; and the other
/// files, but for what explains a folder. Both sorted.
fn files_of(folder: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Problem> {
    let inner = folder.join("integrations");
    let folder = if inner.is_dir() { inner } else { folder.to_owned() };
    let unreadable = |error: std::io::Error| Problem {
        file: folder.display().to_string(),
        line: 1,
        column: 1,
        message: format!("the folder cannot be read: {error}"),
        help: None,
    };
    let (mut rules, mut others) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if !path.is_file() {
            others.extend(has_rule_files(&path).then_some(path));
            continue;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        if ending == "toml" {
            if name != "catalog.toml" {
                rules.push(path);
            }
            continue;
        }
        let explains = ending == "md" || ["readme", "license"].iter().any(|own| name.starts_with(own));
        if !explains && !name.starts_with(['.', '~']) {
            others.push(path);
        }
    }
    rules.sort();
    others.sort();
    Ok((rules, others))
}
