//! Habits of Windows and of pasting: each is named before anything is sent, and no key is repeated.

use std::fs;

use crate::psa::Psa;
use crate::support::{Ran, leastwise};

const PUBLIC: &str = "aB3dE5fG7hI9pubL";
const PRIVATE: &str = "zY8xW6vU4tS2priV";

/// A command with all five settings, some of them changed.
fn with(args: &[&str], changed: &[(&str, &str)]) -> Ran {
    let mut command = leastwise(args.iter().copied());
    let usual = [
        ("LEASTWISE_SITE", "psa.example.invalid"),
        ("LEASTWISE_COMPANY", "acme"),
        ("LEASTWISE_CLIENT_ID", "00000000-0000-4000-8000-000000000000"),
        ("LEASTWISE_PUBLIC_KEY", PUBLIC),
        ("LEASTWISE_PRIVATE_KEY", PRIVATE),
    ];
    for (name, value) in usual.iter().chain(changed) {
        command = command.env(name, value);
    }
    command.run()
}

/// What becomes of a key on its way.
type Paste = fn(&str) -> String;

#[test]
fn what_was_pasted_wrongly_is_named_before_anything_is_sent() {
    let keys: [(Paste, &str); 10] = [
        (|key| format!("\"{key}\""), "is in quotes"),
        (|key| format!("'{key}'"), "is in quotes"),
        (|key| format!("“{key}”"), "is in quotes"),
        (|key| format!("acme+{key}"), "without the company in front"),
        (|key| format!("{key}:{key}"), "one half of the pair"),
        (|key| format!("{key} {key}"), "holds a blank"),
        (|key| format!("{key}\r\n{key}"), "holds a blank or a line break"),
        (|key| format!("\u{feff}{key}"), "a character that no key has"),
        (|key| format!("PRIVATE_KEY={key}"), "a name and a ="),
        (|key| format!("<{key}>"), "fill in"),
    ];
    for (paste, said) in keys {
        for (variable, key) in [("LEASTWISE_PUBLIC_KEY", PUBLIC), ("LEASTWISE_PRIVATE_KEY", PRIVATE)] {
            let ran = with(&["audit"], &[(variable, &paste(key))]);
            assert_eq!(ran.code, 2, "{said}: {ran:?}");
            assert!(ran.stderr.contains(variable) && ran.stderr.contains(said), "{said}: {}", ran.stderr);
            assert!(!ran.stderr.contains(PUBLIC) && !ran.stderr.contains(PRIVATE), "{}", ran.stderr);
        }
    }
    for (changed, said) in [
        (("LEASTWISE_PUBLIC_KEY", PRIVATE), "hold the same text: one of them was pasted twice"),
        (
            ("LEASTWISE_PUBLIC_KEY", "00000000-0000-4000-8000-000000000000"),
            "LEASTWISE_PUBLIC_KEY holds a client id",
        ),
        (
            ("LEASTWISE_CLIENT_ID", "'00000000-0000-4000-8000-000000000000'"),
            "the client id in LEASTWISE_CLIENT_ID is in quotes",
        ),
        (("LEASTWISE_COMPANY", "“acme”"), "the company is in quotes"),
        (("LEASTWISE_COMPANY", "acme+aB3d"), "the company holds a + or a colon"),
        (("LEASTWISE_COMPANY", "https://na.myconnectwise.net/login"), "the company is an address"),
        (("LEASTWISE_SITE", "'psa.example.invalid'"), "the site is in quotes"),
        (("LEASTWISE_SITE", "„psa.example.invalid“"), "the site is in quotes"),
        (("LEASTWISE_SITE", "psa.example.in\u{200b}valid"), "a character that no host name has"),
        (("LEASTWISE_SITE", PRIVATE), "may be a key"),
    ] {
        for args in [&["audit"][..], &["doctor", "--integration", "cisco-umbrella"]] {
            let is_key = !["LEASTWISE_SITE", "LEASTWISE_COMPANY"].contains(&changed.0);
            if is_key && args[0] != "audit" {
                continue;
            }
            let ran = with(args, &[changed]);
            assert_eq!(ran.code, 2, "{args:?} {changed:?}: {ran:?}");
            // Doctor says it in its report, wrapped.
            let all = format!("{} {}", ran.stdout, ran.stderr);
            let all = all.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(all.contains(said), "{args:?} {said}: {all}");
            assert!(!all.contains(PRIVATE), "{all}");
        }
    }
}

#[test]
fn everything_that_is_missing_is_named_at_once_with_the_line_of_the_running_shell() {
    for (shell, line) in [
        (&[][..], "export LEASTWISE_PRIVATE_KEY='…'"),
        (&[("SHELL", "/bin/zsh")], "export LEASTWISE_PRIVATE_KEY='…'"),
        (&[("SHELL", "/usr/bin/fish")], "set -x LEASTWISE_PRIVATE_KEY '…'"),
        (&[("NU_VERSION", "0.110")], "$env.LEASTWISE_PRIVATE_KEY = '…'"),
        (&[("ComSpec", "cmd.exe"), ("PROMPT", "$P$G")], "set \"LEASTWISE_PRIVATE_KEY=…\""),
        (&[("ComSpec", "cmd.exe"), ("PSModulePath", "C:\\")], "$env:LEASTWISE_PRIVATE_KEY = '…'"),
    ] {
        let mut command = leastwise(["audit"]).env("LEASTWISE_COMPANY", "acme");
        for (name, value) in shell {
            command = command.env(name, value);
        }
        let ran = command.run();
        assert_eq!(ran.code, 2);
        for name in ["the site (", "the client id:", "the public key:", "the private key:", line] {
            assert!(ran.stderr.contains(name), "{name}: {}", ran.stderr);
        }
        assert!(!ran.stderr.contains("the company ("), "{}", ran.stderr);
    }
}

#[test]
fn a_key_file_may_have_the_mark_and_the_encoding_of_windows() {
    let psa = Psa::acme();
    let env = psa.env();
    let key = env["LEASTWISE_PRIVATE_KEY"].clone();
    let utf_16 =
        std::iter::once(0xFEFF).chain(key.encode_utf16()).flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    psa.config(&format!(
        "[tenant.acme]\nsite = \"{}\"\ncompany = \"acme\"\nprivate_key_file = 'key.txt'\n",
        env["LEASTWISE_SITE"]
    ));
    for (bytes, code) in [
        (format!("\u{feff}{key}\r\n").into_bytes(), 1),
        (utf_16, 1),
        (format!("\"{key}\"").into_bytes(), 2),
        (b"caf\xE9".to_vec(), 2),
    ] {
        fs::write(psa.path("key.txt"), &bytes).expect("written");
        let ran = psa
            .leastwise(&["audit", "--integration", "cisco-umbrella"])
            .env("LEASTWISE_PRIVATE_KEY", "")
            .run();
        assert_eq!(ran.code, code, "{bytes:?}: {}", ran.stderr);
        assert!(!ran.stderr.contains(&key), "{}", ran.stderr);
    }
}

#[test]
fn backslashes_quotes_and_hidden_endings_are_said_in_words_of_whoever_made_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("leastwise.toml");
    let audit = || leastwise(["audit"]).folder(folder.path()).run();
    for (text, said) in [
        ("[tenant.a]\nprivate_key_file = \"C:\\Users\\me\\key.txt\"\n", "write a path in single quotes"),
        (
            "[tenant.a]\nprivate_key_file = \"C:\\temp\\new.txt\"\n",
            "`private_key_file` holds a tab, a line break or the like",
        ),
        ("[tenant.a]\nsite = “na.myconnectwise.net”\n", "quotes are straight in TOML"),
        ("[tenant.a]\ncompany = \"acme+key\"\n", "leastwise.toml:2:11: the company holds a +"),
    ] {
        fs::write(&config, text).expect("written");
        let ran = audit();
        assert_eq!(ran.code, 2, "{text}: {ran:?}");
        assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
    }
    fs::rename(&config, folder.path().join("leastwise.toml.txt")).expect("renamed");
    let ran = audit();
    assert!(ran.code == 2 && ran.stderr.contains("rename it to leastwise.toml"), "{ran:?}");
    let rules = folder.path().join("my-rules");
    fs::create_dir(&rules).expect("a folder");
    fs::write(rules.join("acme.toml.txt"), "id = \"acme\"\n").expect("written");
    fs::write(rules.join("README.md"), "").expect("written");
    fs::remove_file(folder.path().join("leastwise.toml.txt")).expect("removed");
    let lint = leastwise(["rules", "lint", "my-rules"]).folder(folder.path()).run();
    assert!(
        lint.stdout.contains("acme.toml.txt:1:1: warning: acme.toml.txt does not end in .toml"),
        "{lint:?}"
    );
    assert!(!lint.stdout.contains("README"), "{lint:?}");
    let shown = leastwise(["rules", "show", "hudu", "--rules-dir", "my-rules"]).folder(folder.path()).run();
    assert!(
        shown.stderr.contains("my-rules/acme.toml.txt:1:1: acme.toml.txt does not end in .toml"),
        "{shown:?}"
    );
}
