//! What a release is made of, as far as it can be told without making one: RELEASING.md names the rest.

use std::collections::BTreeSet;
use std::fs;

use yaml_rust2::{Yaml, YamlLoader};

use crate::support::project;

fn read(path: &str) -> String {
    fs::read_to_string(project().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn yaml(text: &str) -> Yaml {
    let mut documents = YamlLoader::load_from_str(text).unwrap_or_else(|error| panic!("{error}:\n{text}"));
    assert_eq!(documents.len(), 1);
    documents.remove(0)
}

fn workflow() -> Yaml {
    yaml(&read(".github/workflows/release.yml"))
}

fn strings(list: &Yaml) -> Vec<&str> {
    list.as_vec().expect("a list").iter().map(|own| own.as_str().expect("a string")).collect()
}

fn jobs(workflow: &Yaml) -> Vec<(&str, &Yaml)> {
    let jobs = workflow["jobs"].as_hash().expect("jobs");
    jobs.iter().map(|(name, job)| (name.as_str().expect("a name"), job)).collect()
}

fn targets() -> BTreeSet<String> {
    let workflow = workflow();
    let rows = workflow["jobs"]["build"]["strategy"]["matrix"]["include"].as_vec().expect("targets");
    rows.iter().map(|row| row["target"].as_str().expect("a target").to_owned()).collect()
}

/// The name of a target's archive, without version and ending.
fn ending(target: &str) -> &'static str {
    if target.contains("windows") { "zip" } else { "tar.gz" }
}

#[test]
fn every_system_that_is_promised_is_built_for() {
    let targets = targets();
    for part in ["linux-gnu", "linux-musl", "apple-darwin", "windows-msvc"] {
        for machine in ["x86_64", "aarch64"] {
            assert!(
                targets.iter().any(|target| target.starts_with(machine) && target.ends_with(part)),
                "{machine} {part}"
            );
        }
    }
    let deny: toml::Table = toml::from_str(&read("deny.toml")).expect("TOML");
    let checked = deny["graph"]["targets"].as_array().expect("targets");
    let checked: BTreeSet<_> = checked.iter().map(|own| own.as_str().expect("a target").to_owned()).collect();
    assert_eq!(checked, targets, "deny.toml looks at what is built");
}

#[test]
fn workflows_ask_for_no_more_than_they_need_and_pin_what_they_use() {
    let mut used = 0;
    for entry in fs::read_dir(project().join(".github/workflows")).expect("workflows") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("a workflow");
        let workflow = yaml(&text);
        assert_eq!(workflow["permissions"].as_hash().expect("permissions").len(), 1, "{}", path.display());
        assert_eq!(workflow["permissions"]["contents"].as_str(), Some("read"), "{}", path.display());
        for (name, job) in jobs(&workflow) {
            assert!(job["timeout-minutes"].as_i64().is_some(), "{name} may hang");
            for step in job["steps"].as_vec().expect("steps") {
                // What people write into a tag or a title would run there.
                let run = step["run"].as_str().unwrap_or_default();
                assert!(!run.contains("${{"), "{name}: {run}");
                if let Some(uses) = step["uses"].as_str() {
                    let (_, commit) = uses.split_once('@').expect("a version");
                    assert!(
                        commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()),
                        "{uses}"
                    );
                    used += 1;
                }
            }
        }
    }
    assert!(used >= 6, "{used}");
}

#[test]
fn only_the_job_that_drafts_the_release_may_write() {
    let workflow = workflow();
    for (name, job) in jobs(&workflow) {
        let permissions = job["permissions"].as_hash();
        assert_eq!(permissions.is_some(), name == "release", "{name}");
    }
    let release = &workflow["jobs"]["release"];
    assert_eq!(strings(&release["needs"]), ["build", "sbom"]);
    let steps = release["steps"].as_vec().expect("steps");
    let has = |wanted: &str| {
        steps.iter().any(|step| {
            [&step["uses"], &step["run"]]
                .iter()
                .any(|own| own.as_str().is_some_and(|own| own.contains(wanted)))
        })
    };
    assert!(has("attest-build-provenance") && has("SHA256SUMS") && has("packaging/fill") && has("--draft"));
}

#[test]
fn binstall_looks_where_the_archives_are() {
    let manifest: toml::Table = toml::from_str(&read("Cargo.toml")).expect("TOML");
    let binstall = &manifest["package"]["metadata"]["binstall"];
    for target in targets() {
        let own = binstall["overrides"].get(&target).unwrap_or(binstall);
        let url = own["pkg-url"].as_str().expect("an address");
        let file = format!("leastwise-v{{ version }}-{{ target }}.{}", ending(&target));
        assert_eq!(url, format!("{{ repo }}/releases/download/v{{ version }}/{file}"), "{target}");
    }
    let folder = binstall["bin-dir"].as_str().expect("a folder");
    assert!(folder.starts_with("leastwise-v{ version }-{ target }/"), "{folder}");
}

#[test]
fn the_container_has_no_root_and_is_built_of_what_is_not_ignored() {
    let text = read("Dockerfile");
    let stages: Vec<_> = text.lines().filter(|line| line.starts_with("FROM ")).collect();
    assert!(
        stages.len() == 3 && stages[2].contains("distroless") && stages[2].contains(":nonroot@"),
        "{stages:?}"
    );
    for stage in &stages {
        let digest = stage.split_once("@sha256:").expect("a digest").1.split(' ').next().expect("a word");
        assert!(digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()), "{stage}");
    }
    assert!(stages[1].ends_with(" AS ci") && text.contains("apk add --no-cache bash ca-certificates git"));
    let (_, last) = text.split_once(stages[2]).expect("the last stage");
    assert!(last.contains("\nUSER 65532:65532\n") && !last.contains("\nRUN "), "{last}");
    let version = read("Cargo.toml");
    let rust = version
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = "))
        .expect("a version")
        .trim_matches('"')
        .to_owned();
    assert!(stages[0].contains(&format!("rust:{rust}-")), "{stages:?}");
    let workflow = read(".github/workflows/release.yml");
    assert!(
        workflow.contains(&format!("rustup toolchain install {rust}.0 ")) && !workflow.contains("stable")
    );
    assert!(read("action.yml").contains(&format!("RUSTUP_TOOLCHAIN: {rust}.0\n")));
    let ignored = read(".dockerignore");
    let kept: BTreeSet<_> = ignored.lines().filter_map(|line| line.strip_prefix('!')).collect();
    for needed in
        ["Cargo.toml", "Cargo.lock", "askama.toml", "src", "rules", "templates", "docs", "tests/psa-sim"]
    {
        assert!(kept.contains(needed) && project().join(needed).exists(), "{needed}");
    }
}

#[test]
fn what_is_not_tried_is_named() {
    let text = read("RELEASING.md");
    let (_, untried) = text.split_once("## What no machine of ours has run").expect("the section");
    for what in [
        "release.yml",
        "archive",
        "winget",
        "scoop",
        "homebrew",
        "Authenticode",
        "collect.ps1",
        "powershell.md",
        "binstall",
        "Dockerfile",
        "SBOM",
    ] {
        assert!(untried.contains(what), "{what}");
    }
}

/// The scripts of the workflow, with made-up sums.
#[cfg(unix)]
mod scripts {
    use std::fs;
    use std::path::Path;
    use std::process::Command;

    use tempfile::TempDir;

    use super::{ending, targets, yaml};
    use crate::support::project;

    fn run(script: &str, args: &[&str]) -> std::process::Output {
        Command::new(project().join(script)).args(args).output().expect("a shell")
    }

    fn filled(folder: &Path) -> String {
        let mut sums = String::new();
        for (i, target) in targets().iter().enumerate() {
            sums.push_str(&format!("{i:064x}  leastwise-v1.2.3-{target}.{}\n", ending(target)));
        }
        let file = folder.join("SHA256SUMS");
        fs::write(&file, &sums).expect("a file");
        let text = |path: &Path| path.to_str().expect("a path").to_owned();
        let ran = run("packaging/fill", &["1.2.3", "someone/leastwise", &text(&file), &text(folder)]);
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        sums
    }

    /// The sum of the archive that an address ends with.
    fn sum<'s>(sums: &'s str, url: &str) -> &'s str {
        let name = url.rsplit('/').next().expect("a name");
        assert!(url.starts_with("https://github.com/someone/leastwise/releases/download/v1.2.3/"), "{url}");
        let line = sums.lines().find(|line| line.ends_with(&format!("  {name}")));
        line.unwrap_or_else(|| panic!("nothing of that name is built: {url}"))
            .split("  ")
            .next()
            .expect("a sum")
    }

    #[test]
    fn the_winget_manifests_name_the_archives_and_their_sums() {
        let folder = TempDir::new().expect("a folder");
        let sums = filled(folder.path());
        let manifest = |name: &str| {
            let text = fs::read_to_string(folder.path().join("winget").join(name)).expect("a manifest");
            assert!(!text.contains('@'), "{text}");
            yaml(&text)
        };
        let installer = manifest("leastwise.installer.yaml");
        let rows = installer["Installers"].as_vec().expect("installers");
        assert_eq!(rows.len(), 2);
        for row in rows {
            let url = row["InstallerUrl"].as_str().expect("an address");
            assert_eq!(row["InstallerSha256"].as_str(), Some(sum(&sums, url)));
            let inside = row["NestedInstallerFiles"][0]["RelativeFilePath"].as_str().expect("a path");
            let name = url.rsplit('/').next().and_then(|name| name.strip_suffix(".zip")).expect("a zip");
            assert_eq!(inside, format!("{name}\\leastwise.exe"));
        }
        for (name, kind) in [
            ("leastwise.yaml", "version"),
            ("leastwise.installer.yaml", "installer"),
            ("leastwise.locale.en-US.yaml", "defaultLocale"),
        ] {
            let manifest = manifest(name);
            assert_eq!(manifest["ManifestType"].as_str(), Some(kind));
            assert_eq!(manifest["PackageIdentifier"].as_str(), Some("someone.leastwise"));
            assert_eq!(manifest["PackageVersion"].as_str(), Some("1.2.3"));
        }
    }

    #[test]
    fn the_scoop_manifest_names_the_archives_and_their_sums() {
        let folder = TempDir::new().expect("a folder");
        let sums = filled(folder.path());
        let text = fs::read_to_string(folder.path().join("scoop/leastwise.json")).expect("a manifest");
        assert!(!text.contains('@'), "{text}");
        let manifest: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(manifest["version"], "1.2.3");
        for kind in ["64bit", "arm64"] {
            let row = &manifest["architecture"][kind];
            let url = row["url"].as_str().expect("an address");
            assert_eq!(row["hash"].as_str(), Some(sum(&sums, url)));
            let name = url.rsplit('/').next().and_then(|name| name.strip_suffix(".zip")).expect("a zip");
            assert_eq!(row["extract_dir"], name);
            let later = &manifest["autoupdate"]["architecture"][kind];
            for key in ["url", "extract_dir"] {
                let filled = later[key].as_str().expect("a pattern").replace("$version", "1.2.3");
                assert_eq!(row[key].as_str(), Some(filled.as_str()), "{kind} {key}");
            }
        }
    }

    #[test]
    fn the_homebrew_formula_names_the_archives_and_their_sums() {
        let folder = TempDir::new().expect("a folder");
        let sums = filled(folder.path());
        let formula = fs::read_to_string(folder.path().join("homebrew/leastwise.rb")).expect("a formula");
        assert!(!formula.contains('@'), "{formula}");
        let quoted = |word: &str| -> Vec<String> {
            let lines = formula.lines().filter_map(|line| line.trim().strip_prefix(word));
            lines.map(|rest| rest.trim_matches('"').to_owned()).collect()
        };
        let (urls, hashes) = (quoted("url "), quoted("sha256 "));
        assert_eq!((urls.len(), hashes.len()), (4, 4));
        for (url, hash) in urls.iter().zip(&hashes) {
            assert_eq!(hash, sum(&sums, url));
        }
    }

    #[test]
    fn a_missing_archive_stops_the_manifests() {
        let folder = TempDir::new().expect("a folder");
        let file = folder.path().join("SHA256SUMS");
        fs::write(&file, "").expect("a file");
        let text = |path: &Path| path.to_str().expect("a path").to_owned();
        let ran = run("packaging/fill", &["1.2.3", "someone/leastwise", &text(&file), &text(folder.path())]);
        assert!(!ran.status.success());
        assert!(!folder.path().join("winget").exists());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn an_archive_holds_program_pages_and_completions() {
        let folder = TempDir::new().expect("a folder");
        let program = assert_cmd::cargo::cargo_bin!("leastwise");
        let target = "x86_64-unknown-linux-gnu";
        let ran = run(
            "packaging/archive",
            &[target, program.to_str().expect("a path"), folder.path().to_str().expect("a path")],
        );
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        let name = format!("leastwise-v{}-{target}", env!("CARGO_PKG_VERSION"));
        let archive = folder.path().join(format!("{name}.tar.gz"));
        let list = Command::new("tar").arg("-tzf").arg(archive).output().expect("tar");
        let list = String::from_utf8(list.stdout).expect("names");
        for file in [
            "leastwise",
            "LICENSE-MIT",
            "LICENSE-APACHE",
            "README.md",
            "collect.ps1",
            "collect.sh",
            "man/leastwise.1",
            "man/leastwise-audit.1",
            "man/leastwise-rules-show.1",
            "completions/leastwise.bash",
            "completions/_leastwise",
            "completions/leastwise.fish",
            "completions/_leastwise.ps1",
            "completions/leastwise.nu",
        ] {
            assert!(list.lines().any(|line| line == format!("{name}/{file}")), "{file} in\n{list}");
        }
    }
}
