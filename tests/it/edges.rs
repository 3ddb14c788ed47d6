//! Edges of the command line: what is read and refused, what is replaced, what is asked for and opened.

use std::cell::RefCell;
use std::fs;
use std::path::Path;
use std::rc::Rc;

use serde_json::Value;
use tempfile::TempDir;

use crate::psa::fixture_path;
use crate::support::{Leastwise, leastwise};

fn folder() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for name in ["acme-msp", "parapluie"] {
        fs::copy(fixture_path(name), folder.path().join(format!("{name}.json"))).expect("a copy");
    }
    folder
}

fn text(name: &str) -> String {
    fs::read_to_string(fixture_path(name)).expect("the fixture")
}

#[test]
fn an_ending_says_the_format_and_a_name_before_a_sign_says_it_too() {
    let folder = folder();
    let ran = |args: &[&str]| {
        leastwise(["audit", "--snapshot", "parapluie.json", "--quiet"].iter().chain(args).copied())
            .folder(folder.path())
            .run()
    };
    for (ending, begins) in [
        ("html", "<!"),
        ("json", "{"),
        ("sarif", "{"),
        ("csv", "\u{feff}\"tenant\""),
        ("md", "#"),
        ("xml", "<?xml"),
        ("txt", "nimbus"),
        ("HTML", "<!"),
    ] {
        // A sign in the path is part of it.
        let name = format!("./a=b/r.{ending}");
        fs::create_dir_all(folder.path().join("a=b")).expect("a folder");
        assert_eq!(ran(&["--output", &name]).code, 0, "{name}");
        let text = fs::read_to_string(folder.path().join(&name)).expect("a report").to_lowercase();
        assert!(text.starts_with(begins), "{name}: {text:.80}");
    }
    for (wrong, said) in [
        ("report", ".html, .json, .sarif, .csv, .md, .xml, .txt"),
        ("r.pdf", ".html, .json"),
        ("pdf=r.html", "\"pdf\" is not a format"),
        ("json=", "the path is missing"),
    ] {
        let ran = ran(&["--output", wrong]);
        assert!(ran.code == 2 && ran.stderr.contains(said), "{wrong}: {}", ran.stderr);
    }
    let diff = leastwise(["diff", "parapluie.json", "parapluie.json", "--output", "d.md"]);
    assert_eq!(diff.folder(folder.path()).run().code, 0);
    assert!(folder.path().join("d.md").is_file());
    let html = leastwise(["diff", "parapluie.json", "parapluie.json", "--output", "d.html"]).run();
    assert!(html.code == 2 && html.stderr.contains(".json, .md, .txt"), "{}", html.stderr);
}

#[test]
fn fail_on_lists_all_its_words_in_help_and_errors() {
    let wrong = leastwise(["audit", "--fail-on", "bad"]).run();
    let help = leastwise(["audit", "--help"]).run().stdout;
    assert_eq!(wrong.code, 2);
    for word in ["critical", "high", "medium", "low", "info", "never"] {
        assert!(wrong.stderr.contains(word) && help.contains(&format!("- {word}:")), "{word}\n{help}");
    }
    let diff = leastwise(["diff", "a", "--fail-on", "bad"]).run().stderr;
    assert!(["widened", "any", "never"].iter().all(|word| diff.contains(word)), "{diff}");
}

#[test]
fn open_writes_the_page_and_opens_that_page() {
    let folder = folder();
    let opened = Rc::new(RefCell::new(Vec::new()));
    let run = |args: &[&str], works: bool| {
        let noted = Rc::clone(&opened);
        leastwise(["audit", "--snapshot", "parapluie.json", "--open"].iter().chain(args).copied())
            .folder(folder.path())
            .open(move |page: &Path| {
                assert!(page.is_absolute() && page.is_file(), "written before it is opened");
                noted.borrow_mut().push(page.to_owned());
                if works { Ok(()) } else { Err(std::io::Error::other("no browser")) }
            })
            .run()
    };
    assert_eq!(run(&[], true).code, 0);
    assert_eq!(run(&["--output", "html=own.page"], true).code, 0);
    let failed = run(&[], false);
    assert!(failed.code == 0 && failed.stderr.contains("no browser"), "{}", failed.stderr);
    let named = ["nimbus-2026-11-22.html", "own.page", "nimbus-2026-11-22.html"];
    assert_eq!(*opened.borrow(), named.map(|name| folder.path().join(name)));
    let quiet = leastwise(["audit", "--snapshot", "parapluie.json"]).folder(folder.path()).run();
    assert!(!quiet.stderr.contains("opening"));
}

#[test]
fn an_old_snapshot_is_judged_in_part_and_one_from_tomorrow_not_at_all() {
    let folder = folder();
    let run = |args: &[&str], taken: &str| {
        let text = text("parapluie").replacen("2026-11-21T02:00:11Z", taken, 1);
        assert!(text.contains(taken));
        leastwise(["audit", "--snapshot", "-"].iter().chain(args).copied()).stdin(text).run()
    };
    assert!(text("parapluie").contains("\"taken_at\":\"2026-11-21T02:00:11Z\""), "the fixture moved");
    for (taken, args, code) in [
        ("2026-11-21T02:00:11Z", &[][..], 0),
        ("2026-08-24T00:00:00Z", &[], 0),
        ("2026-08-23T23:59:59Z", &[], 4),
        ("2001-01-01T00:00:00Z", &[], 4),
        ("2001-01-01T00:00:00Z", &["--max-age", "20000"], 0),
        ("2026-11-21T02:00:11Z", &["--max-age", "0"], 4),
        ("2026-11-21T02:00:11Z", &["--as-of", "2027-02-19"], 0),
        ("2026-11-21T02:00:11Z", &["--as-of", "2027-02-20"], 4),
        // A clock may be off by a day.
        ("2026-11-23T12:00:00Z", &[], 0),
        ("2026-11-23T12:00:01Z", &[], 2),
        ("2099-01-01T00:00:00Z", &["--as-of", "2099-01-02"], 2),
    ] {
        let ran = run(args, taken);
        assert_eq!(ran.code, code, "{taken} {args:?}: {}", ran.stderr);
        assert_eq!(ran.stderr.contains("--max-age is"), code == 4, "{}", ran.stderr);
    }
    // Findings come first.
    let args = ["audit", "--snapshot", "acme-msp.json", "--max-age", "0"];
    assert_eq!(leastwise(args).folder(folder.path()).run().code, 1);
    // Every command that reads one looks at the clock.
    let future = text("parapluie").replacen("2026-11-21T02:00:11Z", "2099-01-01T00:00:00Z", 1);
    fs::write(folder.path().join("future.json"), future).expect("a file");
    for args in [
        &["audit", "--snapshot", "future.json"][..],
        &["audit", "--snapshot", "parapluie.json", "--baseline", "future.json"],
        &["diff", "parapluie.json", "future.json"],
        &["checklist", "--snapshot", "future.json", "--integration", "cisco-umbrella"],
        &["impact", "Umbrella", "--snapshot", "future.json"],
        &["init", "--snapshot", "future.json"],
    ] {
        let ran = leastwise(args).folder(folder.path()).run();
        assert!(ran.code == 2 && ran.stderr.contains("this machine's clock"), "{args:?}: {}", ran.stderr);
    }
}

#[test]
fn the_later_snapshot_first_is_refused_with_both_dates() {
    let folder = folder();
    let later = text("parapluie").replacen("2026-11-21T02:00:11Z", "2026-11-22T02:00:11Z", 1);
    fs::write(folder.path().join("later.json"), later).expect("a file");
    let run = |old: &str, new: &str| leastwise(["diff", old, new]).folder(folder.path()).run();
    assert_eq!(run("parapluie.json", "later.json").code, 0);
    assert_eq!(run("later.json", "later.json").code, 0, "the same moment");
    let ran = run("later.json", "parapluie.json");
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    for word in ["later.json", "2026-11-22 02:00:11", "parapluie.json", "2026-11-21 02:00:11"] {
        assert!(ran.stderr.contains(word), "{word}: {}", ran.stderr);
    }
}

/// One company name on two sites is two tenants.
#[test]
fn a_snapshot_is_a_tenant_of_the_config_only_by_company_and_site() {
    let folder = folder();
    let waived = |site: &str, company: &str| {
        let config = format!(
            "[tenant.a]\n{site}company = \"{company}\"\n[[waiver]]\ncheck = \"LW304\"\nmember_id = 257\ntenant = \"a\"\nreason = \"r\"\nowner = \"o\"\nsince = 2026-11-01\nexpires = 2026-12-31\n"
        );
        fs::write(folder.path().join("leastwise.toml"), config).expect("a config");
        let ran = leastwise(["audit", "--snapshot", "acme-msp.json", "--format", "json"]);
        let ran = ran.folder(folder.path()).run();
        (
            ran.results().iter().any(|result| result["status"] == "waived"),
            ran.json()["tenants"][0]["tenant"].clone(),
        )
    };
    for (site, company, is_own) in [
        ("site = \"na.myconnectwise.net\"\n", "acme", true),
        ("site = \"https://api-na.myconnectwise.net/v4_6_release\"\n", "ACME", true),
        ("", "acme", true),
        ("site = \"eu.myconnectwise.net\"\n", "acme", false),
        ("site = \"na.myconnectwise.net\"\n", "acme2", false),
    ] {
        let (is_waived, name) = waived(site, company);
        assert_eq!((is_waived, name == "a"), (is_own, is_own), "{site}{company}: {name}");
    }
}

#[test]
fn the_config_is_the_named_one_or_the_nearest_and_it_is_said_which() {
    let folder = folder();
    let inner = folder.path().join("a/b");
    fs::create_dir_all(&inner).expect("a folder");
    fs::create_dir(folder.path().join(".git")).expect("a folder");
    let wrong = |name: &str| format!("{name} = 1\n");
    fs::write(folder.path().join("leastwise.toml"), wrong("tenants")).expect("a config");
    fs::write(folder.path().join("other.toml"), wrong("waivers")).expect("a config");
    let other = folder.path().join("other.toml").display().to_string();
    let run = |run: Leastwise| run.folder(&inner).run();
    let found = run(leastwise(["plan"]));
    assert!(found.stderr.contains("the config is ../../leastwise.toml"), "{}", found.stderr);
    assert!(found.code == 2 && found.stderr.contains("did you mean `tenant`"), "{}", found.stderr);
    let named = run(leastwise(["plan"]).env("LEASTWISE_CONFIG", &other));
    assert!(named.stderr.contains(&format!("the config is {other}")) && named.stderr.contains("`waiver`?"));
    fs::write(inner.join("leastwise.toml"), wrong("chekcs")).expect("a config");
    assert!(run(leastwise(["plan"])).stderr.contains("`checks`?"));
    assert!(run(leastwise(["plan"]).env("LEASTWISE_CONFIG", &other)).stderr.contains("`waiver`?"));
    let argument = run(leastwise(["plan", "--config", "leastwise.toml"]).env("LEASTWISE_CONFIG", &other));
    assert!(
        argument.stderr.contains("`checks`?") && !argument.stderr.contains("`waiver`?"),
        "{}",
        argument.stderr
    );
    let gone = run(leastwise(["plan"]).env("LEASTWISE_CONFIG", "gone.toml"));
    assert!(gone.code == 2 && gone.stderr.contains("gone.toml"), "{}", gone.stderr);
}

#[test]
fn rules_dir_in_the_config_starts_from_the_config() {
    let folder = folder();
    let rule = "id = \"of-this-folder\"\nvendor = \"V\"\nproduct = \"P\"\nsource = \"https://example.com\"\nread = 2026-11-01\n\n[needs.System]\n\"Member Maintenance\" = { inquire = \"All\" }\n";
    for (place, rules_dir) in [("conf", "own"), ("conf", "../shared")] {
        let at = folder.path().join(place).join(rules_dir);
        fs::create_dir_all(folder.path().join(place)).expect("a folder");
        fs::create_dir_all(&at).expect("a folder");
        fs::write(at.join("x.toml"), rule).expect("a rule file");
        let config = format!("rules_dir = \"{rules_dir}\"\n");
        fs::write(folder.path().join(place).join("leastwise.toml"), config).expect("a config");
        let listed = |args: &[&str]| {
            let args = ["rules", "list"].iter().chain(args).copied().collect::<Vec<_>>();
            leastwise(args).folder(folder.path()).run().stdout.contains("of-this-folder")
        };
        assert!(listed(&["--config", "conf/leastwise.toml"]), "{rules_dir}");
        assert!(!listed(&[]));
        let empty = folder.path().join("empty");
        fs::create_dir_all(&empty).expect("a folder");
        assert!(
            !listed(&["--config", "conf/leastwise.toml", "--rules-dir", "empty"]),
            "an argument comes first"
        );
    }
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::symlink;
    use std::process::Command;

    use super::*;

    /// Whoever proposes a change chooses where its links lead.
    #[test]
    fn a_link_is_not_followed_where_ci_is_set() {
        let folder = folder();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("real.toml"), "").expect("a file");
        fs::create_dir(path("rules")).expect("a folder");
        fs::create_dir(path("real")).expect("a folder");
        fs::copy(path("parapluie.json"), path("real/s.json")).expect("a copy");
        for (target, link) in [
            ("parapluie.json", "s.json"),
            ("real.toml", "c.toml"),
            ("rules", "r"),
            ("real", "through"),
            ("/dev/zero", "zero"),
        ] {
            symlink(target, path(link)).expect("a link");
        }
        let absolute = path("s.json").display().to_string();
        let whole = &["audit", "--snapshot", "parapluie.json"][..];
        for args in [
            &["audit", "--snapshot", "s.json"][..],
            &["audit", "--snapshot", "./s.json"],
            &["audit", "--snapshot", &absolute],
            &["audit", "--snapshot", "through/s.json"],
            &["audit", "--snapshot", "zero"],
            &[whole, &["--baseline", "s.json"]].concat(),
            &[whole, &["--baseline", "zero"]].concat(),
            &[whole, &["--config", "c.toml"]].concat(),
            &[whole, &["--waivers-from", "c.toml"]].concat(),
            &[whole, &["--rules-dir", "r"]].concat(),
            &[whole, &["--evidence", "zero"]].concat(),
            &[whole, &["--survey", "zero"]].concat(),
            &["diff", "s.json", "parapluie.json"],
            &["diff", "parapluie.json", "s.json"],
            &["init", "--snapshot", "s.json"],
            &["impact", "Umbrella", "--snapshot", "s.json"],
        ] {
            let ran = leastwise(args).folder(folder.path()).env("CI", "true").run();
            assert_eq!(ran.code, 2, "{args:?}: {}", ran.stderr);
            assert!(ran.stderr.contains("symbolic link"), "{args:?}: {}", ran.stderr);
            if !args.contains(&"zero") {
                let at_home = leastwise(args).folder(folder.path()).run();
                assert!(!at_home.stderr.contains("symbolic link"), "{args:?}: {}", at_home.stderr);
            }
        }
        symlink("real.toml", path("leastwise.toml")).expect("a link");
        let ran = leastwise(whole).folder(folder.path()).env("CI", "1").run();
        assert!(ran.code == 2 && ran.stderr.contains("leastwise.toml is a symbolic link"), "{}", ran.stderr);
    }

    #[test]
    fn a_link_on_the_way_of_a_report_is_not_followed_where_ci_is_set() {
        let folder = folder();
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("theirs")).expect("a folder");
        fs::create_dir(path("own")).expect("a folder");
        symlink("theirs", path("out")).expect("a link");
        let run = |to: &str, ci: &str| {
            let args = ["audit", "--snapshot", "parapluie.json", "--quiet", "--output", to];
            leastwise(args).folder(folder.path()).env("CI", ci).run()
        };
        let ran = run("out/r.json", "true");
        assert!(ran.code == 3 && ran.stderr.contains("out is a symbolic link"), "{}", ran.stderr);
        assert!(!path("theirs/r.json").exists());
        assert_eq!(run("own/r.json", "true").code, 0);
        assert_eq!(run("out/r.json", "").code, 0, "at home, a link is one's own");
    }

    /// The program itself, under a limit on what it may take: a device without an end is not read.
    #[test]
    fn a_pipe_is_read_like_a_file_and_a_device_is_not_read_at_all() {
        let folder = folder();
        let program = assert_cmd::cargo::cargo_bin!("leastwise");
        let shell = |script: &str| {
            let script = format!("ulimit -v 4000000; {script}");
            Command::new("bash")
                .args(["-c", &script])
                .env_clear()
                .env("LW", program)
                .env("PATH", "/usr/bin:/bin")
                .current_dir(folder.path())
                .output()
                .expect("bash")
        };
        symlink("/dev/zero", folder.path().join("zero")).expect("a link");
        fs::write(folder.path().join("ok.json"), text("parapluie")).expect("a file");
        let day = "--as-of 2026-11-22 --format json";
        let plain = shell(&format!("\"$LW\" audit --snapshot ok.json {day}"));
        assert_eq!(plain.status.code(), Some(0), "{}", String::from_utf8_lossy(&plain.stderr));
        let results = |bytes: &[u8]| {
            let report: Value = serde_json::from_slice(bytes).expect("JSON");
            report["tenants"][0]["results"].clone()
        };
        for piped in [
            format!("\"$LW\" audit --snapshot <(cat ok.json) {day}"),
            format!("\"$LW\" audit --snapshot /dev/stdin {day} < ok.json"),
            format!("cat ok.json | \"$LW\" audit --snapshot /dev/stdin {day}"),
            format!("cat ok.json | \"$LW\" audit --snapshot - {day}"),
            format!("mkfifo p.$$; cat ok.json > p.$$ & \"$LW\" audit --snapshot p.$$ {day}"),
            format!("CI=true \"$LW\" audit --snapshot <(cat ok.json) {day}"),
            format!("\"$LW\" audit --snapshot <(cat ok.json) --baseline <(cat ok.json) {day}"),
        ] {
            let ran = shell(&piped);
            assert_eq!(ran.status.code(), Some(0), "{piped}: {}", String::from_utf8_lossy(&ran.stderr));
            if !piped.contains("--baseline") {
                assert_eq!(results(&ran.stdout), results(&plain.stdout), "{piped}");
            }
        }
        let diff = shell("\"$LW\" diff <(cat ok.json) <(cat ok.json)");
        assert_eq!(diff.status.code(), Some(0), "{}", String::from_utf8_lossy(&diff.stderr));
        for endless in ["zero", "/dev/zero", "<(cat /dev/zero)"] {
            for before in [
                "audit --snapshot",
                "audit --snapshot ok.json --baseline",
                "audit --snapshot ok.json --survey",
                "diff ok.json",
                "report",
            ] {
                let ran = shell(&format!("timeout 60 \"$LW\" {before} {endless}"));
                let said = String::from_utf8_lossy(&ran.stderr);
                assert_eq!(ran.status.code(), Some(2), "{before} {endless}: {said}");
                assert!(said.contains("device") || said.contains("the most that is read"), "{said}");
            }
        }
    }
}

#[test]
fn what_cannot_be_made_again_is_replaced_only_by_force() {
    let folder = folder();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("responses")).expect("a folder");
    let roles = "[{\"id\":1,\"name\":\"Admin\",\"adminFlag\":true}]";
    fs::write(path("responses/roles.json"), roles).expect("a file");
    let saved =
        ["snapshot", "--from-responses", "responses", "--site", "psa.example.org", "--company", "It & Co"];
    let run = |args: &[&str]| leastwise(args.iter().copied()).folder(folder.path()).run();
    for args in [
        &[&saved[..], &["-o", "x"]].concat(),
        &["init", "--snapshot", "acme-msp.json", "-o", "x"].to_vec(),
        &["rules", "new", "x", "-o", "x"].to_vec(),
    ] {
        fs::write(path("x"), "what was there\n").expect("a file");
        let refused = run(args);
        assert!(refused.code == 2 && refused.stderr.contains("--force"), "{args:?}: {}", refused.stderr);
        assert_eq!(fs::read_to_string(path("x")).expect("the file"), "what was there\n");
        let forced = run(&[args.as_slice(), &["--force"]].concat());
        assert!([0, 4].contains(&forced.code), "{args:?}: {}", forced.stderr);
        assert_ne!(fs::read_to_string(path("x")).expect("the file"), "what was there\n");
        fs::remove_file(path("x")).expect("removed");
        assert!([0, 4].contains(&run(args).code), "{args:?}");
    }
    // Without a name, one of company and day.
    let made = run(&saved);
    assert!(made.stderr.contains("wrote it-co-"), "{}", made.stderr);
    assert_eq!(run(&saved).code, 2);
    // A report takes the place of a report, and of nothing that it is made of.
    let config = fs::read_to_string(path("acme-msp.json")).expect("a file");
    fs::write(path("rules.toml"), "id = 1\n").expect("a file");
    for taken in ["json=acme-msp.json", "table=rules.toml", "sarif=parapluie.json"] {
        let ran = run(&["audit", "--snapshot", "acme-msp.json", "--output", taken]);
        assert!(ran.code == 3 && ran.stderr.contains("is there already"), "{taken}: {}", ran.stderr);
    }
    assert_eq!(fs::read_to_string(path("acme-msp.json")).expect("a file"), config);
    for _ in 0..2 {
        assert_eq!(run(&["audit", "--snapshot", "acme-msp.json", "--output", "r.json"]).code, 1);
    }
}

#[test]
fn keys_that_are_missing_are_asked_for_where_somebody_can_answer() {
    let psa = crate::psa::Psa::acme();
    let env = psa.env();
    let keys = ["LEASTWISE_CLIENT_ID", "LEASTWISE_PUBLIC_KEY", "LEASTWISE_PRIVATE_KEY"];
    let run = |set: &[&str], answers: Option<Vec<String>>| {
        let asked = Rc::new(RefCell::new(Vec::new()));
        let mut run = leastwise(["audit", "--integration", "cisco-umbrella"]).folder(psa.folder.path());
        for (name, value) in &env {
            if !keys.contains(name) || set.contains(name) {
                run = run.env(name, value);
            }
        }
        if let Some(answers) = answers {
            let (noted, mut answers) = (Rc::clone(&asked), answers.into_iter());
            run = run.ask(move |question: &str| {
                noted.borrow_mut().push(question.to_owned());
                Ok(answers.next().expect("no more questions than keys"))
            });
        }
        let ran = run.run();
        let asked = asked.borrow().clone();
        (ran, asked)
    };
    let own: Vec<_> = keys.map(|key| env[key].clone()).to_vec();
    let (ran, asked) = run(&[], Some(own.clone()));
    assert!([0, 1, 4].contains(&ran.code), "{}", ran.stderr);
    assert!(asked.len() == 3 && keys.iter().zip(&asked).all(|(key, asked)| asked.contains(key)), "{asked:?}");
    for key in &own[1..] {
        assert!(!ran.stdout.contains(key.as_str()) && !ran.stderr.contains(key.as_str()));
    }
    let (ran, asked) = run(&keys[..2], Some(vec![own[2].clone()]));
    assert!([0, 1, 4].contains(&ran.code) && asked.len() == 1, "{asked:?}: {}", ran.stderr);
    // An empty answer is none; where nobody can answer, nobody is asked.
    for answers in [Some(vec![String::new(); 3]), None] {
        let (ran, _) = run(&[], answers);
        assert!(ran.code == 2 && ran.stderr.contains("LEASTWISE_CLIENT_ID"), "{}", ran.stderr);
    }
}

#[test]
fn help_and_version_are_words_too() {
    for (words, options) in [
        (&["help"][..], &["--help"][..]),
        (&["help", "audit"], &["audit", "--help"]),
        (&["help", "rules", "show"], &["rules", "show", "--help"]),
        (&["version"], &["--version"]),
    ] {
        let (one, other) = (leastwise(words.iter().copied()).run(), leastwise(options.iter().copied()).run());
        assert_eq!((one.code, &one.stdout), (0, &other.stdout), "{words:?}");
        assert!(!one.stdout.is_empty());
    }
    assert_eq!(leastwise(["help", "nonsense"]).run().code, 2);
}

#[test]
fn demo_is_the_audit_of_the_bundled_tenant_on_its_own_day_whatever_is_set() {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("leastwise.toml"), "not a config").expect("a file");
    let demo = leastwise(["demo", "--format", "json", "--output", "r.html"])
        .folder(folder.path())
        .env("LEASTWISE_SITE", "http://example.com")
        .now(|| "2031-05-05T00:00:00Z".parse().expect("a time"))
        .run();
    assert_eq!(demo.code, 1, "{}", demo.stderr);
    let audit = leastwise([
        "audit",
        "--snapshot",
        "fixtures/acme-msp.json",
        "--format",
        "json",
        "--as-of",
        "2026-11-21",
    ]);
    assert_eq!(demo.results(), audit.run().results());
    assert_eq!(demo.json()["as_of"], "2026-11-21");
    assert!(folder.path().join("r.html").is_file());
    assert_eq!(leastwise(["demo", "--fail-on", "never", "--quiet"]).run().stderr, "");
}

#[test]
fn plan_names_the_host_and_counts() {
    let ran = leastwise(["plan", "--site", "eu.myconnectwise.net", "--company", "acme"]).run();
    let first = ran.stdout.lines().next().expect("a line");
    assert!(first.contains("of acme") && first.contains("https://api-eu.myconnectwise.net"), "{first}");
    let requests = ran.stdout.lines().filter(|line| line.starts_with("GET ")).count() - 1;
    assert!(
        ran.stdout.contains(&format!("That is {requests} requests, and 1 for each role")),
        "{}",
        ran.stdout
    );
}

#[test]
fn standard_error_fits_its_terminal() {
    let folder = folder();
    let args = ["audit", "--snapshot", "parapluie.json", "--max-age", "0"];
    let wide = leastwise(args).folder(folder.path()).run().stderr;
    assert!(wide.lines().any(|line| line.len() > 80), "{wide}");
    let fitted = leastwise(args).folder(folder.path()).stderr_terminal(60).run().stderr;
    assert!(fitted.lines().all(|line| line.len() <= 60), "{fitted}");
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(&fitted), words(&wide));
}

/// A clean run with more results than GitHub takes in a run: one run for each part, and a warning.
#[test]
fn no_run_of_sarif_has_more_results_than_github_takes() {
    let mut snapshot: Value = serde_json::from_str(&text("acme-msp")).expect("JSON");
    let admin = snapshot["roles"][0].clone();
    let mut settings = admin["settings"].as_array().expect("settings").clone();
    if settings.is_empty() {
        settings = snapshot["roles"]
            .as_array()
            .expect("roles")
            .iter()
            .map(|role| &role["settings"])
            .filter_map(Value::as_array)
            .max_by_key(|own| own.len())
            .expect("settings")
            .clone();
    }
    for row in &mut settings {
        for verb in ["add", "edit", "delete", "inquire"] {
            row[verb] = "All".into();
        }
    }
    let each = settings.len() * 3;
    for i in 0..=(26_000 / each) {
        let mut role = snapshot["roles"][1].clone();
        role["id"] = (10_000 + i).into();
        role["name"] = format!("Wide {i}").into();
        role["admin"] = false.into();
        role["inactive"] = false.into();
        role["settings"] = settings.clone().into();
        snapshot["roles"].as_array_mut().expect("roles").push(role);
        let members = snapshot["api_members"].as_array_mut().expect("members");
        let mut member = members[0].clone();
        member["id"] = (20_000 + i).into();
        member["identifier"] = if i == 0 { "OpenDNS".into() } else { "Umbrella".into() };
        member["role"] = (10_000 + i).into();
        members.push(member);
    }
    let ran = leastwise(["audit", "--snapshot", "-", "--all", "--allow-partial", "--format", "sarif"])
        .stdin(snapshot.to_string())
        .run();
    let log = ran.json();
    let runs = log["runs"].as_array().expect("runs");
    let sizes: Vec<_> = runs.iter().map(|run| run["results"].as_array().expect("results").len()).collect();
    assert!(sizes.len() > 1 && sizes.iter().all(|size| *size <= 25_000), "{sizes:?}");
    assert!(ran.stderr.contains("25,000 results in a run"), "{}", ran.stderr);
    let ids: std::collections::BTreeSet<_> =
        runs.iter().map(|run| run["automationDetails"]["id"].as_str().expect("an id")).collect();
    assert_eq!(ids.len(), runs.len(), "GitHub refuses two runs of one category");
    let prints: std::collections::BTreeSet<_> = runs
        .iter()
        .flat_map(|run| run["results"].as_array().expect("results"))
        .map(|result| result["partialFingerprints"]["primaryLocationLineHash"].as_str().expect("a print"))
        .collect();
    assert_eq!(prints.len(), sizes.iter().sum::<usize>(), "each result once");
}

#[test]
fn a_report_replaces_a_report_of_any_format_and_nothing_that_somebody_wrote() {
    let folder = folder();
    let path = |name: &str| folder.path().join(name);
    let run = |args: &[&str]| leastwise(args.iter().copied()).folder(folder.path()).run();
    let fleet = "[tenant.a]\nsite = \"https://127.0.0.1:1\"\ncompany = \"a\"\n";
    fs::write(path("fleet.toml"), fleet.to_owned() + &fleet.replace("a]", "b]")).expect("a config");
    let written = ["audit", "--snapshot", "acme-msp.json", "--output", "json=reading"];
    assert_eq!(run(&written).code, 1);
    let audit = ["audit", "--snapshot", "acme-msp.json"];
    let of_many = ["audit", "--config", "fleet.toml", "--tenant", "all", "--allow-partial"];
    let diff = ["diff", "parapluie.json", "parapluie.json"];
    let review = ["review", "--snapshot", "acme-msp.json", "--format"];
    let formats = ["table", "json", "sarif", "html", "markdown", "csv", "junit", "github", "summary"];
    let mut tried = 0;
    for (command, formats) in [(&audit[..], &formats[..]), (&of_many, &formats), (&diff, &formats[..2])] {
        for format in formats {
            let output = format!("{format}=there");
            let args = [command, &["--output", &output]].concat();
            for time in 0..2 {
                let ran = run(&args);
                assert!(!ran.stderr.contains("is there already"), "{args:?}, {time}: {}", ran.stderr);
                assert!(path("there").is_file(), "{args:?}: {}", ran.stderr);
            }
            fs::remove_file(path("there")).expect("removed");
            fs::write(path("there"), "Call Cisco on Monday.\n").expect("a file");
            let refused = run(&args);
            assert!(refused.code == 3 && refused.stderr.contains("no report is there"), "{}", refused.stderr);
            assert_eq!(fs::read_to_string(path("there")).expect("a file"), "Call Cisco on Monday.\n");
            fs::remove_file(path("there")).expect("removed");
            tried += 1;
        }
    }
    for format in ["table", "markdown", "csv", "html"] {
        for _ in 0..2 {
            let ran = run(&[&review[..], &[format, "-o", "record"]].concat());
            assert_eq!(ran.code, 0, "{format}: {}", ran.stderr);
        }
        fs::remove_file(path("record")).expect("removed");
    }
    assert_eq!(tried, 20);
}

#[test]
fn two_reports_are_not_written_to_one_file() {
    let folder = folder();
    let run = |args: &[&str]| leastwise(args.iter().copied()).folder(folder.path()).run();
    fs::create_dir(folder.path().join("sub")).expect("a folder");
    for (command, one, other) in [
        (&["audit", "--snapshot", "acme-msp.json"][..], "json=a", "csv=./a"),
        (&["audit", "--snapshot", "acme-msp.json"], "json=sub/../a", "sarif=a"),
        (&["demo"], "a.json", "html=a.json"),
        (&["diff", "parapluie.json", "parapluie.json"], "json=a", "markdown=a"),
    ] {
        let ran = run(&[command, &["--output", one, "--output", other]].concat());
        assert!(ran.code == 2 && ran.stderr.contains("two reports"), "{one} {other}: {}", ran.stderr);
        assert!(!folder.path().join("a").exists() && !folder.path().join("a.json").exists());
    }
    assert_eq!(run(&["demo", "--output", "json=a", "--output", "csv=b"]).code, 1);
}
