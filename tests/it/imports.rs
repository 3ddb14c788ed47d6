//! Imports point one way: between the folders of `src` there is no circle, and what a check is called stands in
//! one place.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

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
