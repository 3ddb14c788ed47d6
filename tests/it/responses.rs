//! `snapshot --from-responses`: saved answers give what the live tenant gives, and what is missing is
//! never taken for empty.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::collectors::collect;
use crate::psa::Psa;
use crate::support::{Ran, leastwise};

/// Saves the answers of acme-msp into a new folder, as the collector does.
fn save(psa: &Psa, folder: &Path) {
    let ran = collect(psa, &psa.env(), folder);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}

fn build(psa: &Psa, args: &[&str]) -> Ran {
    let site = psa.env()["LEASTWISE_SITE"].clone();
    let all = [
        "snapshot",
        "--from-responses",
        "answers",
        "--force",
        "-o",
        "saved.json",
        "--site",
        &site,
        "--company",
        "acme",
    ];
    // No key is in this environment.
    leastwise([&all[..], args].concat()).folder(psa.folder.path()).run()
}

fn read(psa: &Psa, name: &str) -> String {
    fs::read_to_string(psa.path(name)).expect("a file")
}

#[test]
fn answers_saved_by_the_collector_give_the_snapshot_of_the_live_tenant() {
    let psa = Psa::acme();
    assert_eq!(psa.leastwise(&["snapshot", "-o", "live.json"]).run().code, 0);
    save(&psa, &psa.path("answers"));
    let built = build(&psa, &[]);
    assert_eq!(built.code, 0, "{}", built.stderr);
    let rest = |text: &str| text.split_once('\n').expect("a header").1.to_owned();
    assert_eq!(rest(&read(&psa, "saved.json")), rest(&read(&psa, "live.json")));
    let header = |name: &str| -> Value {
        let text: Value = serde_json::from_str(&read(&psa, name)).expect("JSON");
        text["header"].clone()
    };
    for key in ["own_member", "role_updates"] {
        assert_eq!(header("saved.json")[key], header("live.json")[key], "{key}");
    }
}

#[test]
fn the_file_may_say_which_tenant_it_is_of_and_when_it_was_read() {
    let psa = Psa::acme();
    save(&psa, &psa.path("answers"));
    let build = || {
        let args = ["snapshot", "--from-responses", "answers", "--force", "-o", "saved.json"];
        leastwise(args).folder(psa.folder.path()).run()
    };
    let meta = r#"{"site":"https://api-na.myconnectwise.net","company":"acme","taken_at":"2026-11-22T03:00:00Z","page_size":1000}"#;
    fs::write(psa.path("answers/meta.json"), meta).expect("written");
    assert_eq!(build().code, 0);
    let saved: Value = serde_json::from_str(&read(&psa, "saved.json")).expect("JSON");
    assert_eq!(saved["tenant"]["site"], "na.myconnectwise.net");
    assert_eq!(saved["header"]["taken_at"], "2026-11-22T03:00:00Z");
    // The fixture was read a day before: a day more since each last use.
    assert_eq!(saved["header"]["last_use_days"]["257"], 212);
    fs::write(psa.path("answers/meta.json"), meta.replace("2026-11-22T", "yesterday")).expect("written");
    assert_eq!(build().code, 2);
    fs::write(psa.path("answers/meta.json"), "{}").expect("written");
    let unknown = build();
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("give --site"), "{}", unknown.stderr);
}

#[test]
fn without_a_word_on_it_the_time_of_the_file_and_the_usual_page_count() {
    let psa = Psa::acme();
    save(&psa, &psa.path("answers"));
    for name in ["meta.json", "members-page2.json"] {
        fs::remove_file(psa.path("answers").join(name)).expect("removed");
    }
    let file = fs::File::options().write(true).open(psa.path("answers/roles.json")).expect("open");
    let at = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_795_312_800);
    file.set_modified(at).expect("set");
    let built = build(&psa, &[]);
    // acme-msp has 25 members, which could be the first page of more.
    assert_eq!(built.code, 4);
    assert!(
        built.stderr.contains("members.json: it ends with 25 rows, which may be a full page"),
        "{}",
        built.stderr
    );
    let saved: Value = serde_json::from_str(&read(&psa, "saved.json")).expect("JSON");
    assert_eq!(saved["header"]["taken_at"], "2026-11-22T02:00:00Z");
}

/// Each way in which a file is not a whole list, and a word of what is said about it.
#[test]
fn what_is_not_a_whole_list_is_not_read() {
    let psa = Psa::acme();
    save(&psa, &psa.path("answers"));
    let whole = read(&psa, "answers/integrator-logins.json");
    let row = |id: usize| format!("{{\"id\":{id},\"username\":\"u{id}\",\"inactiveFlag\":false}}");
    let page = |rows: usize| format!("[{}]", (0..rows).map(row).collect::<Vec<_>>().join(","));
    for (text, word) in [
        (None, "it was not saved"),
        (Some(String::new()), "ends too early"),
        (Some(whole[..10].to_owned()), "ends too early"),
        (Some("<html>".to_owned()), "is not understood"),
        (
            Some(r#"{"code":"Forbidden","message":"no right to this"}"#.to_owned()),
            "the PSA did not send a list but an error",
        ),
        (Some(page(1000)), "which may be a full page"),
        (Some(format!("[{},{}]", row(1), row(1))), "id 1 came twice"),
        (Some("[{\"id\":1}]".to_owned()), "has no username"),
    ] {
        let path = psa.path("answers/integrator-logins.json");
        match &text {
            Some(text) => fs::write(&path, text).expect("written"),
            None => fs::remove_file(&path).expect("removed"),
        }
        let built = build(&psa, &[]);
        assert_eq!(built.code, 4, "{text:?}: {}", built.stderr);
        assert!(built.stderr.contains(word), "{word}: {}", built.stderr);
        fs::write(&path, &whole).expect("written");
    }
    // A full page with an empty one after it is a whole list; so is one with the rest after it.
    fs::write(psa.path("answers/integrator-logins.json"), page(1000)).expect("written");
    fs::write(psa.path("answers/integrator-logins-page2.json"), "[]").expect("written");
    assert_eq!(build(&psa, &[]).code, 0);
    fs::write(psa.path("answers/integrator-logins-page2.json"), format!("[{}]", row(1099))).expect("written");
    assert_eq!(build(&psa, &[]).code, 0);
    assert!(read(&psa, "saved.json").contains("\"u1099\""));
}

#[test]
fn a_role_whose_settings_were_not_saved_is_named() {
    let psa = Psa::acme();
    save(&psa, &psa.path("answers"));
    fs::remove_file(psa.path("answers/settings-31.json")).expect("removed");
    let built = build(&psa, &[]);
    assert_eq!(built.code, 4);
    assert!(built.stderr.contains("the settings of role 31: it was not saved"), "{}", built.stderr);
    fs::remove_file(psa.path("answers/roles.json")).expect("removed");
    let nothing = build(&psa, &[]);
    assert_eq!(nothing.code, 2);
    assert!(nothing.stderr.contains("there is no roles.json in answers"), "{}", nothing.stderr);
}

#[test]
fn files_of_older_powershells_are_read() {
    let psa = Psa::acme();
    save(&psa, &psa.path("answers"));
    assert_eq!(build(&psa, &[]).code, 0);
    let plain = read(&psa, "saved.json");
    let roles = read(&psa, "answers/roles.json");
    let utf16 = |big: bool| -> Vec<u8> {
        let units = std::iter::once('\u{feff}').chain(roles.chars()).collect::<String>();
        units
            .encode_utf16()
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    };
    for bytes in [utf16(false), utf16(true), [b"\xEF\xBB\xBF", roles.as_bytes()].concat()] {
        fs::write(psa.path("answers/roles.json"), bytes).expect("written");
        assert_eq!(build(&psa, &[]).code, 0);
        assert_eq!(read(&psa, "saved.json"), plain);
    }
}

/// The answers of a small tenant, each in its own file.
const SMALL: [(&str, &str); 7] = [
    ("meta.json", r#"{"site":"na.myconnectwise.net","company":"acme","taken_at":"2026-11-22T03:00:00Z"}"#),
    (
        "roles.json",
        r#"[{"id":31,"name":"Sync","adminFlag":false,"inactiveFlag":false},{"id":32,"name":"Café","adminFlag":false,"inactiveFlag":false}]"#,
    ),
    (
        "settings-31.json",
        r#"[{"id":31001,"moduleName":"Companies","moduleFunctionName":"Contacts","addLevel":"None","editLevel":"None","deleteLevel":"None","inquireLevel":"All"}]"#,
    ),
    (
        "settings-32.json",
        r#"[{"id":32001,"moduleName":"Companies","moduleFunctionName":"Contacts","addLevel":"None","editLevel":"None","deleteLevel":"None","inquireLevel":"My"}]"#,
    ),
    (
        "api-members.json",
        r#"[{"id":7,"identifier":"sync","name":"Sync","inactiveFlag":false,"securityRole":{"id":31,"name":"Sync"}}]"#,
    ),
    (
        "members.json",
        r#"[{"id":7,"identifier":"sync","licenseClass":"A","inactiveFlag":false,"securityRole":{"id":31}},{"id":8,"identifier":"jo","licenseClass":"F","inactiveFlag":false,"securityRole":{"id":32}}]"#,
    ),
    ("integrator-logins.json", "[]"),
];
const USE: (&str, &str) = (
    "member-use.json",
    r#"[{"id":7,"lastLogin":"2026-11-21T02:00:00Z","restrictLocationFlag":false,"restrictDepartmentFlag":false}]"#,
);
const OWN: (&str, &str) = ("own-member.json", r#"{"id":7,"lastLogin":"2026-11-22T02:00:00Z"}"#);

fn small() -> Vec<(&'static str, &'static str)> {
    SMALL.into_iter().chain([USE, OWN]).collect()
}

/// Makes the snapshot of these files, after each was written by `write`.
fn snapshot_of(files: &[(&str, &str)], write: impl Fn(&Path, &str, &str)) -> (Ran, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let answers = folder.path().join("answers");
    fs::create_dir(&answers).expect("a folder");
    for (name, text) in files {
        write(&answers, name, text);
    }
    let ran =
        leastwise(["snapshot", "--from-responses", "answers", "-o", "out.json"]).folder(folder.path()).run();
    (ran, fs::read_to_string(folder.path().join("out.json")).unwrap_or_default())
}

fn plainly(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).expect("written");
}

/// The name and the bytes under which a tool saves an answer.
type Rewrite = Box<dyn Fn(&str, &str) -> (String, Vec<u8>)>;

#[test]
#[expect(clippy::too_many_lines, reason = "a row for each tool")]
fn whatever_tool_saved_the_answers_the_snapshot_is_the_same() {
    let (plain, expected) = snapshot_of(&small(), plainly);
    assert_eq!(plain.code, 0, "{}", plain.stderr);
    let is_list = |text: &str| text.starts_with('[');
    let utf_16 = |text: &str| -> Vec<u8> {
        std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    };
    let gzip = |text: &str| {
        let mut file = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut file, text.as_bytes()).expect("memory takes everything");
        file.finish().expect("memory takes everything")
    };
    let rows = |text: &str| -> Vec<Value> { serde_json::from_str(text).expect("a list") };
    let capital = |text: &str| {
        text.replace("\"id\"", "\"Id\"")
            .replace("\"module", "\"Module")
            .replace("\"inactiveFlag", "\"InactiveFlag")
    };
    let forms: [(&str, Rewrite); 12] = [
        ("UTF-16", Box::new(move |name, text| (name.into(), utf_16(text)))),
        (
            "a mark and other line ends",
            Box::new(|name, text| (name.into(), format!("\u{feff}{text}\r\n").into())),
        ),
        ("gzip", Box::new(move |name, text| (format!("{name}.gz"), gzip(text)))),
        ("Notepad's ending", Box::new(|name, text| (format!("{name}.txt"), text.into()))),
        ("other case", Box::new(|name, text| (name.to_uppercase(), text.into()))),
        (
            "names as in the API's paths",
            Box::new(|name, text| {
                (
                    name.replace("roles.", "securityRoles.")
                        .replace("api-members", "apiMembers")
                        .replace("settings-31", "securityRoles-31-settings"),
                    text.into(),
                )
            }),
        ),
        (
            "PowerShell's value and Count",
            Box::new(move |name, text| {
                (
                    name.into(),
                    if is_list(text) {
                        format!("{{\"value\":{text},\"Count\":{}}}", rows(text).len())
                    } else {
                        text.into()
                    }
                    .into(),
                )
            }),
        ),
        (
            "single rows without brackets",
            Box::new(move |name, text| {
                (
                    name.into(),
                    if is_list(text) && rows(text).len() == 1 {
                        rows(text)[0].to_string()
                    } else {
                        text.into()
                    }
                    .into(),
                )
            }),
        ),
        (
            "curl -i",
            Box::new(|name, text| {
                (
                    name.into(),
                    if name == "meta.json" {
                        text.into()
                    } else {
                        format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{text}")
                    }
                    .into(),
                )
            }),
        ),
        (
            "a row to a line",
            Box::new(move |name, text| {
                (
                    name.into(),
                    if is_list(text) && text != "[]" {
                        rows(text).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
                    } else {
                        text.to_owned()
                    }
                    .into(),
                )
            }),
        ),
        (
            "an agent's message",
            Box::new(move |name, text| {
                (name.into(), if name == "meta.json" { text.into() } else { serde_json::json!({"jsonrpc": "2.0", "id": 3, "result": {"content": [{"type": "text", "text": text}]}}).to_string() }.into())
            }),
        ),
        ("keys with a capital", Box::new(move |name, text| (name.into(), capital(text).into()))),
    ];
    for (form, make) in &forms {
        let (ran, made) = snapshot_of(&small(), |folder, name, text| {
            let (name, bytes) = make(name, text);
            fs::write(folder.join(name), bytes).expect("written");
        });
        assert_eq!((ran.code, made.as_str()), (0, expected.as_str()), "{form}: {}", ran.stderr);
    }
}

#[test]
fn what_a_tool_cut_or_rewrote_is_named_with_its_file_its_key_and_the_command() {
    let settings = |rows: usize| {
        let row = |id: usize| {
            format!(
                r#"{{"id":{id},"moduleName":"Companies","moduleFunctionName":"F{id}","inquireLevel":"None"}}"#
            )
        };
        format!("[{}]", (1..=rows).map(row).collect::<Vec<_>>().join(","))
    };
    let cut = |rows: usize| {
        (settings(rows), format!("settings-31.json: it ends with {rows} rows, which may be a full page"))
    };
    let mut cases: Vec<(&str, String, String)> = Vec::new();
    for rows in [25, 50, 100, 200, 250, 500, 999, 1000, 2000] {
        let (text, said) = cut(rows);
        cases.push(("settings-31.json", text, said));
    }
    for (name, text, said) in [
        (
            "api-members.json",
            r#"[{"id":7,"identifier":"sync","securityRole":"@{id=31; name=Sync}"}]"#,
            "api-members.json: `securityRole` of row 1 is a text such as @{…}: PowerShell cut it; add -Depth 10",
        ),
        (
            "member-use.json",
            r#"[{"id":7,"lastLogin":"/Date(1795312800000)/"}]"#,
            "member-use.json: `lastLogin` of row 1 is no time with a zone",
        ),
        ("member-use.json", r#"[{"id":7,"lastLogin":"11/21/2026 02:00"}]"#, "use.json: `lastLogin` of row 1"),
        (
            "settings-32.json",
            SMALL[2].1,
            "settings-31.json and settings-32.json have the same rows (id 31001)",
        ),
        (
            "integrator-logins.json",
            "HTTP/1.1 403 Forbidden\r\n\r\n{}",
            "HTTP 403: the key's role does not allow it",
        ),
        (
            "integrator-logins.json",
            r#"{"items":[{"id":1,"username":"a"}],"total":3}"#,
            "it says itself that more rows follow",
        ),
        ("members.json", "id,identifier\n7,sync\n", "members.json: it is a table (CSV)"),
    ] {
        cases.push((name, text.to_owned(), said.to_owned()));
    }
    for (name, text, said) in cases {
        let files: Vec<_> =
            small().into_iter().map(|own| if own.0 == name { (name, text.as_str()) } else { own }).collect();
        let (ran, _) = snapshot_of(&files, plainly);
        assert_eq!(ran.code, 4, "{name}: {}", ran.stderr);
        assert!(ran.stderr.contains(&said), "{said}: {}", ran.stderr);
    }
    let (ran, _) = snapshot_of(&small(), |folder, name, text| {
        let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin")).collect();
        fs::write(folder.join(name), bytes).expect("written");
    });
    assert!(ran.code == 3 && ran.stderr.contains("roles.json: it is not UTF-8 (byte 0xE9"), "{}", ran.stderr);
}

#[test]
fn two_files_of_one_meaning_and_files_of_none_are_named() {
    let mut files = small();
    files.push(("Members.json.txt", "[]"));
    files.push(("settings-99.json", "[]"));
    let (ran, _) = snapshot_of(&files, plainly);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for name in ["Members.json.txt", "settings-99.json"] {
        assert!(ran.stderr.contains(&format!("answers/{name} was not read")), "{}", ran.stderr);
    }
    let files: Vec<_> = files
        .into_iter()
        .filter(|(name, _)| *name != "members.json")
        .chain([("MEMBERS.json", "[]")])
        .collect();
    let (ran, _) = snapshot_of(&files, plainly);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("MEMBERS.json and Members.json.txt may both be members.json"),
        "{}",
        ran.stderr
    );
}

#[test]
fn copies_and_numbered_pages_are_read_and_nothing_is_said_of_settings_that_nobody_could_ask_for() {
    let (plain, expected) = snapshot_of(&small(), plainly);
    assert_eq!(plain.code, 0, "{}", plain.stderr);
    for ending in [" (1).json", " - Copy.json", "-page1.json"] {
        let (ran, made) = snapshot_of(&small(), |folder, name, text| {
            let name = if name == "roles.json" { format!("roles{ending}") } else { name.to_owned() };
            plainly(folder, &name, text);
        });
        assert_eq!((ran.code, made.as_str()), (0, expected.as_str()), "{ending}: {}", ran.stderr);
    }
    let files: Vec<_> = small().into_iter().chain([("settings-99.json", "[]")]).collect();
    let (ran, _) = snapshot_of(&files, plainly);
    assert!(
        ran.stderr.contains("settings-99.json was not read: no role of roles.json has the id 99"),
        "{ran:?}"
    );
    let files: Vec<_> = small()
        .into_iter()
        .map(|own| if own.0 == "roles.json" { (own.0, "<Objs Version=\"1.1.0.1\">") } else { own })
        .collect();
    let (ran, _) = snapshot_of(&files, plainly);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("Export-Clixml wrote it") && !ran.stderr.contains("was not read"), "{ran:?}");
}

#[test]
fn a_person_may_save_the_answers_of_a_tenant_without_api_members() {
    let people =
        r#"[{"id":8,"identifier":"jo","licenseClass":"F","inactiveFlag":false,"securityRole":{"id":32}}]"#;
    let files = |own: &'static str| -> Vec<_> {
        small()
            .into_iter()
            .map(|(name, text)| match name {
                "api-members.json" | "member-use.json" => (name, "[]"),
                "members.json" => (name, people),
                "own-member.json" => (name, own),
                _ => (name, text),
            })
            .collect()
    };
    let (ran, snapshot) = snapshot_of(&files(r#"{"id":8}"#), plainly);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let audit = leastwise(["audit", "--snapshot", "-", "--format", "json"]).stdin(snapshot).run();
    assert_eq!(audit.code, 0, "{audit:?}");
    let (ran, _) = snapshot_of(&files(r#"{"id":7}"#), plainly);
    assert_eq!(ran.code, 4, "an API member is in the list itself");
}
