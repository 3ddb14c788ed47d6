//! Imports point one way: there is no circle among the folders of `src`, nor among its files; and what a check is
//! called stands in one place.

mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use self::tree::Tree;
use crate::support::project;

/// Every source of the library, without its tests.
fn sources() -> Vec<(PathBuf, String)> {
    let root = project().join("src");
    let (mut folders, mut found) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|own| own == "rs")
                && !["tests.rs", "testing.rs", "main.rs"].contains(&name)
            {
                let text = fs::read_to_string(&path).expect("text");
                let own = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
                let code = own.lines().filter(|line| !line.trim_start().starts_with("//"));
                let code = code.collect::<Vec<_>>().join("\n");
                found.push((path.strip_prefix(&root).expect("within").to_owned(), code));
            }
        }
    }
    found
}

/// The folder, or the file, of `src` that a source is part of.
fn room(path: &Path) -> String {
    let first = path.components().next().expect("a path").as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// What stands after `crate::` anywhere in a source.
fn named(code: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let after = code.split("crate::").skip(1);
    after.map(|rest| rest.chars().take_while(|c| is_part(*c)).collect()).collect()
}

#[test]
fn there_is_no_circle_among_the_folders() {
    let sources = sources();
    assert!(sources.len() > 100, "{}", sources.len());
    let rooms: BTreeSet<_> = sources.iter().map(|(path, _)| room(path)).collect();
    let mut needs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, code) in sources.iter().filter(|(path, _)| path != Path::new("lib.rs")) {
        let own = room(path);
        let others = named(code).into_iter().filter(|other| *other != own && rooms.contains(other));
        needs.entry(own.clone()).or_default().extend(others);
    }
    // Whoever needs nobody that is left is taken away, until nobody is left.
    loop {
        let free: Vec<_> =
            needs.iter().filter(|(_, others)| others.is_empty()).map(|(own, _)| own.clone()).collect();
        if free.is_empty() {
            break;
        }
        for own in &free {
            needs.remove(own);
        }
        for others in needs.values_mut() {
            others.retain(|other| !free.contains(other));
        }
    }
    assert!(needs.is_empty(), "a circle among {needs:?}");
}

/// All that a file needs, directly or over others.
fn all_needs<'a>(of: &Path, needs: &BTreeMap<&'a Path, BTreeSet<&'a Path>>) -> BTreeSet<&'a Path> {
    let mut open: Vec<_> = needs[of].iter().copied().collect();
    let mut all = BTreeSet::new();
    while let Some(file) = open.pop() {
        if all.insert(file) {
            open.extend(&needs[file]);
        }
    }
    all
}

/// Every import that leads back to where it stands.
fn circles(sources: &[(PathBuf, String)]) -> Vec<String> {
    let tree = Tree::new(sources);
    let needs = tree.needs();
    let all: BTreeMap<_, _> = needs.keys().map(|file| (*file, all_needs(file, &needs))).collect();
    let arrows = needs.iter().flat_map(|(from, others)| others.iter().map(move |to| (from, to)));
    let back = arrows.filter(|(from, to)| all[*to].contains(*from));
    back.map(|(from, to)| format!("{} needs {}", from.display(), to.display())).collect()
}

#[test]
fn there_is_no_circle_among_the_files() {
    let sources = sources();
    let found = circles(&sources);
    assert!(found.is_empty(), "{found:#?}");
    let tree = Tree::new(&sources);
    let needs: usize = tree.needs().values().map(BTreeSet::len).sum();
    assert!(needs > 1000, "only {needs} imports were understood");
}

#[test]
fn a_circle_is_found_however_it_is_written() {
    let found = |sources: &[(&str, &str)]| {
        let owned = sources.iter().map(|(file, code)| (PathBuf::from(file), (*code).to_owned()));
        circles(&owned.collect::<Vec<_>>())
    };
    let both = ["a/b.rs needs a/c.rs", "a/c.rs needs a/b.rs"];
    let parent = ("a.rs", "mod b;\nmod c;\npub use b::B;\npub(crate) use c::C as D;");
    for uses in [
        "use super::c::C;",
        "use crate::a::{\n    c::{self, C},\n};",
        "use super::D;",
        "fn f(c: super::D) {}",
        "fn f(c: crate::a::c::C) {}",
        "use crate::a;\nfn f(c: super::c::C) {}",
    ] {
        let sources = [parent, ("a/b.rs", uses), ("a/c.rs", "use super::B;"), ("lib.rs", "mod a;")];
        assert_eq!(found(&sources), both, "{uses}");
    }
    let back = ("a/b.rs", "use super::A;");
    let of_parent = ["a/b.rs needs a.rs", "a.rs needs a/b.rs"];
    assert_eq!(found(&[("a.rs", "mod b;\nuse b::B;\npub struct A(B);"), back]), of_parent);
    assert_eq!(found(&[("a.rs", "mod b;\npub use b::B;\npub struct A(B);"), back]), of_parent);
    for above in [
        "mod b;\npub use b::B;\npub struct A;",
        "mod b;\npub struct A;\nfn f() {\n    b::g();\n}",
        "#[cfg(test)]\nmod b;\nuse b::B;\npub struct A;",
    ] {
        assert_eq!(found(&[("a.rs", above), back]), [""; 0], "{above}");
    }
}

#[test]
fn the_ids_of_checks_stand_in_one_file() {
    for (path, code) in sources().iter().filter(|(path, _)| !path.ends_with("check_id.rs")) {
        let quoted = code.match_indices("\"LW").map(|(at, _)| &code[at + 3..]);
        let ids = quoted.filter(|rest| {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            digits == 3 && rest[digits..].starts_with('"')
        });
        assert_eq!(ids.count(), 0, "{}", path.display());
    }
}
