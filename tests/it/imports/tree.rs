//! Which file of `src` needs which: every import of a source, resolved to the file that defines what it names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A module by its path from the root of the crate; the root itself is empty.
type Module = Vec<String>;

/// A name that a `use` brings into a module.
struct Binding {
    path: Vec<String>,
    passed_on: bool,
}

struct Source {
    file: PathBuf,
    bindings: BTreeMap<String, Binding>,
    /// The code without its imports and the modules that it declares.
    body: String,
}

pub struct Tree(BTreeMap<Module, Source>);

impl Tree {
    /// Of each source its path below `src` and its code, without comments and tests.
    pub fn new(sources: &[(PathBuf, String)]) -> Self {
        let tests = sources.iter().flat_map(|(file, code)| test_modules(&module(file), code));
        let tests: Vec<Module> = tests.collect();
        let modules = sources.iter().map(|(file, code)| (module(file), file, code));
        let kept = modules.filter(|(own, ..)| !tests.iter().any(|test| own.starts_with(test)));
        Self(kept.map(|(own, file, code)| (own, source(file, code))).collect())
    }

    /// The other files that each file needs.
    pub fn needs(&self) -> BTreeMap<&Path, BTreeSet<&Path>> {
        self.0.iter().map(|(own, source)| (source.file.as_path(), self.needs_of(own, source))).collect()
    }

    fn needs_of<'a>(&'a self, own: &Module, source: &'a Source) -> BTreeSet<&'a Path> {
        let paths = paths(&source.body);
        // What is only passed on is needed by whoever asks for it here.
        let is_used = |name: &String| paths.iter().any(|path| path.contains(name));
        let imported = source.bindings.iter().filter(|(name, to)| !to.passed_on || is_used(name));
        // That a module calls the files below it, as in `table::write`, is no import.
        let inline = paths.iter().filter(|path| path.len() > 1 && ["crate", "super"].contains(&&*path[0]));
        let all = imported.map(|(_, to)| &to.path).chain(inline);
        let files = all.filter_map(|path| self.resolve(own, path)).map(|module| &*self.0[&module].file);
        files.filter(|file| *file != source.file).collect()
    }

    /// The module that defines what a path names when it is written in `from`; none where it is of another crate.
    fn resolve(&self, from: &Module, path: &[String]) -> Option<Module> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => self.within(Module::new(), rest),
            "self" => self.within(from.clone(), rest),
            "super" => self.resolve_above(from, rest),
            name => {
                // `use toml::toml` begins with the crate, not with the name that it brings in.
                let binding = self.0[from].bindings.get(name).filter(|to| to.path.first() != Some(first));
                let is_own = binding.is_some() || self.child(from, name).is_some();
                if is_own { self.within(from.clone(), path) } else { None }
            }
        }
    }

    fn resolve_above(&self, from: &Module, rest: &[String]) -> Option<Module> {
        let (_, above) = from.split_last()?;
        match rest.split_first() {
            Some((next, rest)) if next == "super" => self.resolve_above(&above.to_vec(), rest),
            _ => self.within(above.to_vec(), rest),
        }
    }

    /// Follows a path from a module: into modules below it, and to where a name that it imports comes from.
    fn within(&self, module: Module, path: &[String]) -> Option<Module> {
        let Some((next, rest)) = path.split_first() else { return Some(module) };
        if let Some(child) = self.child(&module, next) {
            return self.within(child, rest);
        }
        match self.0[&module].bindings.get(next) {
            Some(to) => self.resolve(&module, &[to.path.as_slice(), rest].concat()),
            None => Some(module),
        }
    }

    fn child(&self, module: &Module, name: &str) -> Option<Module> {
        let child = [module.as_slice(), &[name.to_owned()]].concat();
        self.0.contains_key(&child).then_some(child)
    }
}

/// `model/level.rs` is `model::level`.
fn module(file: &Path) -> Module {
    let parts = file.with_extension("");
    let parts: Module = parts.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts == ["lib"] { Module::new() } else { parts }
}

/// The modules that a source has for its tests alone.
fn test_modules(own: &Module, code: &str) -> Vec<Module> {
    let after = code.split("#[cfg(test)]\n").skip(1);
    let declared = after.filter_map(|rest| rest.lines().next()?.strip_suffix(';')?.split_once("mod "));
    declared.map(|(_, name)| [own.as_slice(), &[name.to_owned()]].concat()).collect()
}

fn source(file: &Path, code: &str) -> Source {
    let (mut bindings, mut body) = (BTreeMap::new(), String::new());
    let mut lines = code.lines();
    while let Some(line) = lines.next() {
        let Some((passed_on, tree)) = imported(line) else {
            let is_module = line.contains("mod ") && line.ends_with(';');
            if !is_module {
                body.push_str(&without_visibility(line));
                body.push('\n');
            }
            continue;
        };
        let mut tree = tree.to_owned();
        while !tree.ends_with(';') {
            tree.push_str(lines.next().expect("the end of a use statement"));
        }
        let tree: String = tree.replace(" as ", "=").chars().filter(|c| !c.is_whitespace()).collect();
        bind(&[], tree.trim_end_matches(';'), passed_on, &mut bindings);
    }
    Source { file: file.to_owned(), bindings, body }
}

/// Without `pub(in path)`, which imports nothing.
fn without_visibility(line: &str) -> String {
    match line.split_once("pub(in ").and_then(|(before, rest)| Some((before, rest.split_once(')')?.1))) {
        Some((before, after)) => format!("{before}{after}"),
        None => line.to_owned(),
    }
}

/// Of a line that begins a `use` statement: whether it passes its names on, and what it names.
fn imported(line: &str) -> Option<(bool, &str)> {
    let line = line.trim_start();
    if let Some(tree) = line.strip_prefix("use ") {
        return Some((false, tree));
    }
    let (visibility, tree) = line.split_once(" use ")?;
    let is_visibility = visibility == "pub" || visibility.starts_with("pub(") && visibility.ends_with(')');
    is_visibility.then_some((true, tree))
}

/// What a part of a `use` statement brings in, below the path before it.
fn bind(before: &[String], tree: &str, passed_on: bool, bindings: &mut BTreeMap<String, Binding>) {
    let (path, group) = tree.split_once('{').map_or((tree, None), |(path, group)| (path, Some(group)));
    let (path, alias) = path.split_once('=').map_or((path, None), |(path, alias)| (path, Some(alias)));
    let own = path.split("::").filter(|part| !part.is_empty() && *part != "self").map(str::to_owned);
    let path: Vec<String> = before.iter().cloned().chain(own).collect();
    if let Some(group) = group {
        for part in parts(group.strip_suffix('}').unwrap_or(group)) {
            bind(&path, part, passed_on, bindings);
        }
        return;
    }
    let alias = alias.filter(|alias| *alias != "_").map(str::to_owned);
    if let Some(name) = alias.or_else(|| path.last().cloned()) {
        bindings.insert(name, Binding { path, passed_on });
    }
}

/// Split at the commas that are in no further braces.
fn parts(group: &str) -> Vec<&str> {
    let mut depth = 0;
    let at_comma = |c: char| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    };
    group.split(at_comma).filter(|part| !part.is_empty()).collect()
}

/// Every path in the code, be it of one part.
fn paths(code: &str) -> Vec<Vec<String>> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let (mut found, mut rest): (Vec<Vec<String>>, _) = (Vec::new(), code);
    let mut goes_on = false;
    while let Some(start) = rest.find(is_part) {
        let length = rest[start..].find(|c| !is_part(c)).unwrap_or(rest.len() - start);
        let word = rest[start..start + length].to_owned();
        match found.last_mut() {
            Some(path) if goes_on && start == 0 => path.push(word),
            // What follows a dot is a field or a method.
            _ if rest[..start].ends_with('.') && !rest[..start].ends_with("..") => found.push(vec![]),
            _ => found.push(vec![word]),
        }
        rest = &rest[start + length..];
        goes_on = rest.starts_with("::");
        rest = rest.strip_prefix("::").unwrap_or(rest);
    }
    found
}
