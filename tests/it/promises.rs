//! `docs/dev/promises.md` names for each promise a page that makes it and a test that holds it: both are there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::project;

/// The names of all functions that are tests, in the program and beside it.
fn tests(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            tests(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).expect("a source");
            let mut is_test = false;
            for line in text.lines().map(str::trim) {
                if line == "#[test]" || line.starts_with("#[tokio::test") {
                    is_test = true;
                } else if let Some(rest) = line.strip_prefix("fn ").or_else(|| line.strip_prefix("async fn "))
                {
                    if is_test {
                        found.extend(rest.split('(').next().map(str::to_owned));
                    }
                    is_test = false;
                }
            }
        }
    }
}

/// One blank for any number of them: a sentence may be broken into lines anywhere.
fn flowing(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_promise_stands_on_its_page_and_has_its_tests() {
    let page = fs::read_to_string(project().join("docs/dev/promises.md")).expect("the page");
    let mut known = BTreeSet::new();
    for folder in ["src", "tests"] {
        tests(&project().join(folder), &mut known);
    }
    assert!(known.len() > 300, "{}", known.len());
    let rows: Vec<Vec<&str>> = page
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| promise"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    assert!(rows.len() > 10, "{}", rows.len());
    for row in rows {
        let [promise, page, words, tests] = row[..] else { panic!("not four columns: {row:?}") };
        let text =
            fs::read_to_string(project().join(page)).unwrap_or_else(|_| panic!("{promise}: no {page}"));
        assert!(flowing(&text).contains(words), "{promise}: {page} does not say \"{words}\"");
        let named: Vec<_> = tests.split('`').filter(|name| !name.trim().is_empty()).collect();
        assert!(!named.is_empty(), "{promise}: no test");
        for test in named {
            assert!(known.contains(test), "{promise}: there is no test {test}");
        }
    }
}
