//! Links and names of files: what a page points to exists.

use super::page::{Page, code_words, page, pages};
use crate::support::project;

#[test]
fn relative_links_lead_somewhere() {
    let mut followed = 0;
    for page in pages() {
        for link in links(&page).iter().filter(|link| !link.contains("://") && !link.starts_with("mailto:")) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = match file {
                "" => project().join(&page.path),
                file => project().join(&page.path).with_file_name("").join(file),
            };
            assert!(target.exists(), "{}: {link} leads nowhere", page.path.display());
            if !heading.is_empty() {
                let text = std::fs::read_to_string(&target).expect("a page");
                assert!(
                    anchors(&text).contains(&heading.to_owned()),
                    "{}: {link} has no such heading",
                    page.path.display()
                );
            }
            followed += 1;
        }
    }
    assert!(followed > 20, "only {followed} links were found");
}

/// The targets of `[text](target)`, outside of blocks.
fn links(page: &Page) -> Vec<String> {
    let mut text = page.text.clone();
    for block in page.blocks() {
        text = text.replacen(block.text, "", 1);
    }
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).map(str::to_owned).collect()
}

/// The anchors that GitHub gives a page's headings.
fn anchors(text: &str) -> Vec<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let kept = line.trim_start_matches('#').trim().to_lowercase();
            kept.chars()
                .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
                .collect::<String>()
                .replace(' ', "-")
        })
        .collect()
}

#[test]
fn files_that_contributors_are_sent_to_exist() {
    let text = page("CONTRIBUTING.md").text;
    let folders = ["src/", "tests/", "docs/", "rules/", "fixtures/", ".ci/", ".github/"];
    let is_file = |word: &&&str| folders.iter().any(|folder| word.starts_with(folder));
    let words = code_words(&text);
    let named: Vec<_> = words.iter().filter(is_file).filter(|word| !word.contains(['*', '…', ' '])).collect();
    assert!(named.len() > 15, "only {} files are named", named.len());
    for file in named {
        assert!(project().join(file).exists(), "CONTRIBUTING.md names {file}, which does not exist");
    }
}
