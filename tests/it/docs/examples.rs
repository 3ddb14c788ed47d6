//! Examples: configs and rule files in the pages are read by the program's own readers.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::page::{is_blessing, page, pages};
use crate::support::{leastwise, project};

fn judge(config: &str) -> crate::support::Ran {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("leastwise.toml");
    fs::write(&path, config).expect("written");
    let arguments = ["audit", "--snapshot", "fixtures/acme-msp.json", "--format", "json", "--config"];
    leastwise(arguments.map(Into::into).into_iter().chain([path.into_os_string()])).run()
}

#[test]
fn configs_in_the_pages_are_read() {
    let mut read = 0;
    for name in ["docs/config.md", "docs/faq.md", "docs/powershell.md"] {
        for block in page(name).blocks_in("toml") {
            let ran = judge(block.text);
            assert_eq!(ran.code, 1, "{name}: {}\n{}", block.text, ran.stderr);
            read += 1;
        }
    }
    assert!(read >= 3, "only {read} configs were found");
}

/// In a folder of its own, so that what they write goes nowhere else.
#[cfg(unix)]
#[test]
fn commands_on_the_bundled_tenants_run() {
    let folder = tempfile::tempdir().expect("a folder");
    std::os::unix::fs::symlink(project().join("fixtures"), folder.path().join("fixtures")).expect("a link");
    let mut ran = 0;
    for page in pages() {
        let lines = page.blocks_in("sh").into_iter().flat_map(|block| block.text.lines());
        for line in lines.filter(|line| line.starts_with("leastwise ") && line.contains("fixtures/")) {
            let words = shlex::split(line).expect("quotes in pairs");
            let own = leastwise(&words[1..]).folder(folder.path()).run();
            assert!(matches!(own.code, 0 | 1), "{}: {line}: {own:?}", page.path.display());
            ran += 1;
        }
    }
    assert!(ran > 0);
}

#[test]
fn the_example_config_says_what_its_page_says() {
    let page = page("docs/config.md").section("## Example");
    let example = page.blocks_in("toml")[0].text.to_owned();
    let of = |config: &str, check: &str| -> Vec<Value> {
        let results = judge(config).results();
        results.into_iter().filter(|result| result["check"] == check && result["status"] == "fail").collect()
    };
    // Bound: the member that no rule file accounts for is gone from the findings.
    assert_eq!((of("", "LW309").len(), of(&example, "LW309").len()), (1, 0));
    // Off, and with another number of days.
    assert_eq!((of("", "LW307").len(), of(&example, "LW307").len()), (1, 0));
    assert_eq!((of("", "LW304").len(), of(&example, "LW304").len()), (1, 0));
    // leastwise has read the integrator logins, which accounts for its own Table Setup, named or not.
    let own = |config: &str| {
        of(config, "LW102").iter().filter(|result| result["role"]["name"] == "leastwise").count()
    };
    assert_eq!((own(""), own(&example)), (0, 0));
}

/// Nothing here is asked: http is refused, and a missing key is noticed, before anything is sent.
#[test]
fn an_argument_beats_the_environment_which_beats_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = "[tenant.acme]\nsite = \"psa.example\"\ncompany = \"acme\"\n";
    fs::write(folder.path().join("leastwise.toml"), config).expect("written");
    let variable = ("LEASTWISE_SITE", "http://variable.example");
    let by_file = leastwise(["audit"]);
    let by_variable = leastwise(["audit"]).env(variable.0, variable.1);
    let by_argument = leastwise(["audit", "--site", "http://argument.example"]).env(variable.0, variable.1);
    let said = [
        (by_file, "3 settings are missing"),
        (by_variable, "the site http://variable.example is http"),
        (by_argument, "the site http://argument.example is http"),
    ];
    for (command, words) in said {
        let ran = command.folder(folder.path()).run();
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
}

#[test]
fn a_snapshot_on_standard_input_is_judged_as_the_file_is() {
    let snapshot = fs::read(project().join("fixtures/acme-msp.json")).expect("the fixture");
    let by_stream = leastwise(["audit", "--snapshot", "-", "--format", "json"]).stdin(snapshot).run();
    let by_file = leastwise(["audit", "--snapshot", "fixtures/acme-msp.json", "--format", "json"]).run();
    assert_eq!((by_stream.code, by_stream.results()), (by_file.code, by_file.results()));
}

#[test]
fn every_key_of_the_config_is_explained() {
    let schema = leastwise::schema::all().into_iter().find(|(name, _)| *name == "config.schema.json");
    let mut keys = Vec::new();
    property_names(&schema.expect("the schema").1, &mut keys);
    let text = page("docs/config.md").text;
    assert!(keys.len() > 25, "{keys:?}");
    for key in keys {
        assert!(
            text.contains(&format!("`{key}`")) || text.contains(&format!("[{key}")),
            "docs/config.md lacks {key}"
        );
    }
}

fn property_names(schema: &Value, names: &mut Vec<String>) {
    let Value::Object(object) = schema else { return };
    for (key, value) in object {
        if let ("properties", Value::Object(properties)) = (key.as_str(), value) {
            names.extend(properties.keys().cloned());
        }
        property_names(value, names);
    }
}

#[test]
fn the_example_rule_file_is_read() {
    let page = page("docs/rule-files.md");
    let folder = tempfile::tempdir().expect("a folder");
    let mut shown = 0;
    for block in page.section("## Example").blocks_in("toml") {
        let Some(id) = block.text.lines().find_map(|line| line.strip_prefix("id = ")) else { continue };
        let id = id.trim_matches('"');
        fs::write(folder.path().join(format!("{id}.toml")), block.text).expect("written");
        let section = page.section("## What becomes of it");
        let output = section.blocks_in("text")[0].text;
        let printed = rules_show(id, folder.path());
        if output != printed && is_blessing() {
            page.rewrite(output, &printed);
        } else {
            assert_eq!(
                output, printed,
                "docs/rule-files.md is out of date: run the tests with LEASTWISE_BLESS=1"
            );
        }
        shown += 1;
    }
    assert_eq!(shown, 1, "one whole example");
}

fn rules_show(id: &str, folder: &Path) -> String {
    let arguments =
        ["rules".into(), "show".into(), id.into(), "--rules-dir".into(), folder.as_os_str().to_owned()];
    let ran = leastwise(arguments).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.stdout
}

#[test]
fn every_key_of_rule_files_is_explained() {
    let text = page("docs/rule-files.md").text;
    let folder = project().join("rules/integrations");
    let mut keys = std::collections::BTreeSet::new();
    let paths = fs::read_dir(folder).expect("the rule files").map(|entry| entry.expect("an entry").path());
    for path in paths.filter(|path| path.is_file()) {
        let text = fs::read_to_string(path).expect("a rule file");
        keys.extend(own_keys(&toml::from_str(&text).expect("TOML")));
    }
    for key in keys {
        assert!(text.contains(&format!("`{key}`")), "docs/rule-files.md lacks {key}");
    }
}

/// The format's own keys: the first two ranks, and those of one row of needs.
fn own_keys(file: &toml::Table) -> Vec<String> {
    let mut keys: Vec<String> = file.keys().cloned().collect();
    for name in ["match", "member", "advice", "checklist"] {
        keys.extend(
            file.get(name)
                .and_then(toml::Value::as_table)
                .into_iter()
                .flat_map(|table| table.keys().cloned()),
        );
    }
    let modules = file.get("needs").and_then(toml::Value::as_table).into_iter().flat_map(toml::Table::values);
    let rows = modules
        .filter_map(toml::Value::as_table)
        .flat_map(toml::Table::values)
        .filter_map(toml::Value::as_table);
    keys.extend(rows.flat_map(|row| row.keys().cloned()));
    keys
}
