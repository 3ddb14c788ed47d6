//! Tables: exit codes, checks, dependencies and fields that are read, each complete.

use std::collections::BTreeSet;

use leastwise::checks;
use leastwise::exit::Exit;
use leastwise::model::{DatasetName, RoleId};
use leastwise::source::connectwise::{Endpoint, endpoints};

use super::page::{code_words, page};
use crate::support::{leastwise, project};

const EXITS: [Exit; 7] = [
    Exit::Clean,
    Exit::Findings,
    Exit::Usage,
    Exit::Failed,
    Exit::Partial,
    Exit::NothingMatched,
    Exit::Interrupted,
];

#[test]
fn exit_codes_are_those_of_the_program() {
    let codes: Vec<_> = EXITS.map(|exit| exit.code().to_string()).to_vec();
    for section in [page("README.md").section("## Exit codes"), page("docs/exit-codes.md")] {
        let rows = section.rows();
        let shown: Vec<_> =
            rows.iter().map(|row| row[0].clone()).filter(|cell| cell.parse::<u8>().is_ok()).collect();
        assert_eq!(shown, codes, "{}", section.path.display());
    }
}

#[test]
fn examples_of_exit_codes_end_so() {
    let rows = page("docs/exit-codes.md").rows();
    let mut tried = BTreeSet::new();
    for row in rows.iter().filter(|row| row[0].parse::<u8>().is_ok()) {
        let command = row.last().map_or("", String::as_str).trim_matches('`');
        if let Some(arguments) = command.strip_prefix("leastwise ") {
            let ran = leastwise(arguments.split_whitespace()).run();
            assert_eq!(ran.code.to_string(), row[0], "{command}: {}", ran.stderr);
            tried.insert(ran.code);
        }
    }
    assert_eq!(tried.into_iter().collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
}

#[test]
fn every_check_has_its_page() {
    let folder = std::fs::read_dir(project().join("docs/checks")).expect("the pages");
    assert_eq!(folder.count(), checks::ALL.len(), "pages of checks that do not exist");

    for check in checks::ALL {
        let name = format!("docs/checks/{}-{}.md", check.id.as_str().to_lowercase(), check.name);
        let page = page(&name);
        assert_eq!(page.text, check.page(), "{name} is not the page that the program carries");
        let title = page.text.lines().next().unwrap_or_default();
        assert_eq!(title, format!("# {} {}", check.id, check.name), "{name}");
        let severity =
            page.rows().into_iter().find(|row| row[0] == "Severity").expect("a severity")[1].clone();
        let expected = match check.id.as_str() {
            "LW102" => "from the catalog",
            // Always unknown, so a severity says nothing.
            "LW310" | "LW901" => "none",
            _ => check.severity.as_str(),
        };
        assert!(severity.starts_with(expected), "{name}: {severity}, not {expected}");
        let rows = page.rows();
        let controls = &rows.iter().find(|row| row[0] == "Controls").expect("controls")[1];
        let own = if check.controls.is_empty() {
            "none of its own".to_owned()
        } else {
            check.controls.join(" · ")
        };
        assert_eq!(*controls, own, "{name}");
        let headings: Vec<_> = page.text.lines().filter(|line| line.starts_with("## ")).collect();
        assert_eq!(
            headings,
            ["## Why it matters", "## How it is decided", "## How to fix it", "## What it cannot see"],
            "{name}"
        );
    }
}

#[test]
fn every_dependency_is_accounted_for() {
    let manifest = std::fs::read_to_string(project().join("Cargo.toml")).expect("the manifest");
    let manifest: toml::Table = toml::from_str(&manifest).expect("TOML");
    for (table, heading) in
        [("dependencies", "## What the program is built of"), ("dev-dependencies", "## For tests only")]
    {
        let declared: BTreeSet<_> = manifest[table].as_table().expect("a table").keys().cloned().collect();
        let rows = page("docs/dev/dependencies.md").section(heading).rows();
        let explained: BTreeSet<_> =
            rows.iter().flat_map(|row| code_words(&row[0])).map(str::to_owned).collect();
        assert_eq!(explained, declared, "docs/dev/dependencies.md, {heading}");
    }
}

#[test]
fn every_field_that_is_read_is_listed() {
    let everything = DatasetName::ALL.into_iter().collect();
    let mut all = endpoints(&everything);
    all.push(Endpoint::settings(RoleId(0)));
    let read: BTreeSet<_> = all
        .iter()
        .flat_map(|endpoint| {
            let path = endpoint.path.replace("/0/", "/{id}/");
            endpoint.fields.split(',').map(move |field| (path.clone(), field.to_owned()))
        })
        .collect();
    let mut listed = BTreeSet::new();
    for row in page("docs/data-protection.md").section("## What is read").rows() {
        let path = code_words(&row[0])[0].to_owned();
        listed.extend(code_words(&row[1]).into_iter().map(|field| (path.clone(), field.to_owned())));
    }
    listed.remove(&("login/companyinfo/{company}".to_owned(), "Codebase".to_owned()));
    listed.remove(&("login/companyinfo/{company}".to_owned(), "VersionCode".to_owned()));
    assert_eq!(listed, read);
}
