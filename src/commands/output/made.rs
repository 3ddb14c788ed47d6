//! What a file is by its first lines: a report, which may be made again and so replaced, or something else.

use std::path::Path;

/// So much of a file is looked at, in bytes.
pub(super) const START: u64 = 4096;

/// Of a text, so many lines may name the tenant: a long name wraps.
const FIRST_LINES: usize = 3;

/// A file that ends so is a report, or was to be one and is broken, unless it begins as something else does.
const ENDINGS: [&str; 5] = ["json", "sarif", "html", "csv", "xml"];

/// What a file is that begins so; `None` where it is a report, or empty.
pub(super) fn other_than_a_report(start: &[u8], path: &Path) -> Option<&'static str> {
    let Some(start) = text(start) else { return Some("a file that is no report") };
    let start = start.trim_start_matches('\u{feff}').trim_start();
    match start.chars().next() {
        None => None,
        Some('{') => other_than_a_json_report(start),
        _ if is_markup(start) || is_list(start) || is_text(start) => None,
        Some(first) if ends_as_a_report(path) && !['<', '['].contains(&first) => None,
        _ => Some("a file that is no report"),
    }
}

/// The text, of which a letter at the end may be cut; every report is one, in UTF-8.
fn text(start: &[u8]) -> Option<&str> {
    let text = match std::str::from_utf8(start) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&start[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    (!text.contains('\0')).then_some(text)
}

fn ends_as_a_report(path: &Path) -> bool {
    path.extension().is_some_and(|own| ENDINGS.iter().any(|ending| own.eq_ignore_ascii_case(ending)))
}

fn other_than_a_json_report(start: &str) -> Option<&'static str> {
    let squeezed: String = start.split_whitespace().collect();
    let says = |format: &str| squeezed.contains(&format!("\"format\":\"leastwise-{format}"));
    if says("snapshot/") {
        Some("a snapshot")
    } else if says("evidence/") {
        Some("evidence")
    } else if says("") || squeezed.contains("json.schemastore.org/sarif") {
        None
    } else {
        Some("a file that is no report")
    }
}

/// HTML and JUnit, whose pages are known by what no other program writes at their head.
fn is_markup(start: &str) -> bool {
    let is_page = start.starts_with("<!DOCTYPE html>") && start.contains("default-src &#39;none&#39;");
    is_page || start.starts_with("<?xml") && start.contains("<testsuites name=\"leastwise\"")
}

/// CSV, and the commands to GitHub's runner.
fn is_list(start: &str) -> bool {
    start.starts_with("\"tenant\",\"") || start.starts_with("::")
}

/// Tables, summaries and Markdown, which begin with leastwise, with a tenant, or with how many there are.
fn is_text(start: &str) -> bool {
    let lines: Vec<_> = start.lines().take(FIRST_LINES).collect();
    let first = lines.join(" ");
    let heading = first.trim_start_matches(['#', ' ']);
    let is_count =
        heading.split_once(" tenants: ").is_some_and(|(number, _)| number.parse::<usize>().is_ok());
    is_count
        || heading.starts_with("leastwise: ")
        || heading.starts_with("Access review of ")
        || names_tenant(heading)
}

/// "acme on na.myconnectwise.net, read …", "a on 127.0.0.1:1: could not be read".
fn names_tenant(heading: &str) -> bool {
    heading.split(" on ").skip(1).any(|after| {
        let host = after.split(' ').next().unwrap_or_default().trim_end_matches([',', ':', '.']);
        host.contains(['.', ':'])
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    fn other_than_a_report(start: &str) -> Option<&'static str> {
        super::other_than_a_report(start.as_bytes(), Path::new("notes"))
    }

    #[test]
    fn what_somebody_else_wrote_is_no_report() {
        for other in [
            "Call Cisco on Monday about the role.",
            "# Umbrella\n\nSee leastwise's page.",
            "{\"name\": \"a package\"}",
            "<!DOCTYPE html>\n<html><head><title>leastwise</title>",
            "name,role\nUmbrella,31",
            "-----BEGIN OPENSSH PRIVATE KEY-----",
            "Host github.com\n  User git",
        ] {
            assert_eq!(other_than_a_report(other), Some("a file that is no report"), "{other}");
        }
        assert_eq!(other_than_a_report("{ \"format\" : \"leastwise-snapshot/1\""), Some("a snapshot"));
        assert_eq!(other_than_a_report("{\n  \"format\": \"leastwise-evidence/1\""), Some("evidence"));
        assert_eq!(other_than_a_report(" \n"), None, "nothing is lost");
        for (start, name, is_kept) in [
            ("half a rep", "r.json", false),
            ("half a rep", "r.html", false),
            ("{\"name\": \"a package\"}", "package.json", true),
            ("<html><body>our page", "index.html", true),
            ("half a rep", "r.txt", true),
            ("{\0\"\0f\0", "utf-16.json", true),
            ("{\"api_members\": [", "sorted.json", true),
            ("half a rep", "README.md", true),
        ] {
            assert_eq!(
                super::other_than_a_report(start.as_bytes(), Path::new(name)).is_some(),
                is_kept,
                "{name}"
            );
        }
    }
}
