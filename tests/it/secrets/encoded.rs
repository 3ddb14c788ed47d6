//! Keys in every encoding, in every place of an answer, through every command: a table of places, each holding
//! all encodings of all secrets at once.

use std::collections::HashMap;
use std::fs;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::between::Between;
use super::{CLIENT_ID, COMMANDS, OWN_PRIVATE, OWN_PUBLIC, PRIVATE, PUBLIC, keyed, serve};
use crate::psa::Psa;
use crate::support::Ran;

/// What was sent and may come back: keys, client id, the user of the Basic value, and the value itself. Doctor sends
/// both pairs, the other commands the auditor's alone.
fn secrets(doctor: bool) -> Vec<String> {
    let mut all = vec![CLIENT_ID.to_owned()];
    let pairs = [(PUBLIC, PRIVATE), (OWN_PUBLIC, OWN_PRIVATE)];
    for (public, private) in pairs.into_iter().take(if doctor { 2 } else { 1 }) {
        all.extend([public.to_owned(), private.to_owned(), format!("nimbus+{public}")]);
        all.push(STANDARD.encode(format!("nimbus+{public}:{private}")));
    }
    all
}

/// Every encoding of a text, as text.
fn encodings(secret: &str) -> Vec<(&'static str, String)> {
    let each = |form: &dyn Fn(u8) -> String| secret.bytes().map(form).collect::<String>();
    let percent = each(&|byte| format!("%{byte:02X}"));
    let mut all = vec![
        ("plain", secret.to_owned()),
        ("upper case", secret.to_uppercase()),
        ("lower case", secret.to_lowercase()),
        ("JSON escapes", each(&|byte| format!("\\u{byte:04x}"))),
        ("escaped slashes", secret.replace('/', "\\/").replace('+', "\\u002B").replace('-', "\\u002d")),
        ("HTML, decimal", each(&|byte| format!("&#{byte};"))),
        ("HTML, hex", each(&|byte| format!("&#x{byte:x};"))),
        ("percent", percent.clone()),
        ("percent twice", percent.replace('%', "%25")),
        ("hex", each(&|byte| format!("{byte:02x}"))),
        ("HEX", each(&|byte| format!("{byte:02X}"))),
        ("over two lines", format!("{}\n{}", &secret[..7], &secret[7..])),
        ("over two lines, HTML", format!("{}<br>{}", &secret[..7], &secret[7..])),
        ("with tabs", each(&|byte| format!("{}\t", char::from(byte)))),
        ("HTML, open", each(&|byte| format!("&#{byte}"))),
    ];
    for before in ["", "x", "xy"] {
        let base64 = STANDARD.encode(format!("{before}{secret}"));
        all.push(("base64url", base64.replace('+', "-").replace('/', "_").replace('=', "")));
        all.push(("base64 over two lines", format!("{}\r\n{}", &base64[..8], &base64[8..])));
        all.push(("base64", base64));
    }
    let utf16: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
    all.push(("base64 of UTF-16", STANDARD.encode(utf16)));
    all
}

/// All of it, a blank between.
fn said() -> String {
    let all =
        secrets(true).iter().flat_map(|secret| encodings(secret)).map(|(_, form)| form).collect::<Vec<_>>();
    all.join(" ")
}

/// Letters and digits in lower case, in which signs that somebody put between do not count.
fn squeezed(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

const SHORTEST: usize = 8;

/// By their first bytes.
type Needles = HashMap<[u8; SHORTEST], Vec<(String, String)>>;

/// What must not be found: the middle of every encoding, so that a part of one is found too.
fn needles(doctor: bool) -> Needles {
    let mut all = Needles::new();
    for secret in secrets(doctor) {
        for (encoding, form) in encodings(&secret) {
            let form = squeezed(&form);
            let cut = if form.len() > 24 { 4 } else { 0 };
            let middle = form[cut..form.len() - cut].to_owned();
            let start: [u8; SHORTEST] = middle.as_bytes()[..SHORTEST].try_into().expect("long enough");
            all.entry(start).or_default().push((middle, format!("{encoding} of {secret}")));
        }
    }
    all
}

fn found(text: &str, doctor: bool) -> Option<&'static str> {
    static ALL: LazyLock<[Needles; 2]> = LazyLock::new(|| [needles(false), needles(true)]);
    let text = squeezed(text);
    let bytes = text.as_bytes();
    bytes.windows(SHORTEST).enumerate().find_map(|(at, window)| {
        let start: [u8; SHORTEST] = window.try_into().expect("so long");
        let near = ALL[usize::from(doctor)].get(&start)?;
        near.iter()
            .find(|(needle, _)| bytes[at..].starts_with(needle.as_bytes()))
            .map(|(_, what)| what.as_str())
    })
}

/// What a command said and wrote, which is then removed.
#[track_caller]
fn assert_nothing_said(psa: &Psa, ran: &Ran, doctor: bool, what: &str) {
    const KEPT: [&str; 3] = ["old.json", "old-report.json", "leastwise.toml"];
    for (place, text) in [("standard output", &ran.stdout), ("standard error", &ran.stderr)] {
        assert_eq!(found(text, doctor), None, "{what}: {place}: {text}");
    }
    for entry in fs::read_dir(psa.folder.path()).expect("a folder").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !KEPT.contains(&name.as_str()) {
            let bytes = fs::read(entry.path()).expect("a file");
            let text = String::from_utf8_lossy(&bytes);
            assert_eq!(found(&text, doctor), None, "{what}: {name}: {text}");
            fs::remove_file(entry.path()).expect("removed");
        }
    }
}

fn response(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut all = format!("HTTP/1.1 {status}\r\n").into_bytes();
    for (name, value) in headers {
        all.extend(format!("{name}: {value}\r\n").into_bytes());
    }
    all.extend(format!("Content-Length: {}\r\nConnection: close\r\n\r\n", body.len()).into_bytes());
    all.extend(body);
    all
}

/// Every place of an answer that can hold a text, each with a name.
fn places() -> Vec<(&'static str, Vec<u8>)> {
    let said = said();
    let said = said.as_str();
    let json_type = ("Content-Type", "application/json");
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    // JSON whose escapes are the text's own, and JSON that escapes them once more.
    let raw = |text: &str| format!(r#"{{"code":"Security","message":"{text}"}}"#).into_bytes();
    let error = |value: Value| value.to_string().into_bytes();
    let not_utf8 = [b"f\xFCr ".as_slice(), said.as_bytes(), b" \xFF"].concat();
    let error_with = |body: &[u8]| response("403 Forbidden", &[json_type], body);
    let found = |body: &[u8]| response("200 OK", &[json_type], body);
    vec![
        ("the status line", response(&format!("500 {said}"), &[json_type], b"{}")),
        ("headers", response("500 No", &[("Server", said), ("X-Request-Id", said), ("Api-Current-Version", said), ("CF-Ray", said), ("Date", said), ("Retry-After", said), (PRIVATE, said), ("Set-Cookie", said), ("Link", said), ("WWW-Authenticate", said)], b"")),
        ("headers of what is found", response("200 OK", &[json_type, ("Server", said), ("X-Request-Id", PUBLIC), ("Link", &format!("<{said}>; rel=next"))], b"[]")),
        ("an id of a request", response("500 No", &[("X-Request-Id", &squeezed(&encodings(PUBLIC)[9].1)), ("CF-Ray", &squeezed(PUBLIC))], b"")),
        ("where to go", response("302 Found", &[("Location", &format!("https://psa.example/?{}", said.replace(' ', "&")))], b"")),
        ("the host to go to", response("302 Found", &[("Location", &format!("https://{PRIVATE}.example/{PUBLIC}"))], b"")),
        ("a relative place to go to", response("307 Go", &[("Location", &format!("/{PRIVATE}"))], said.as_bytes())),
        ("the type of the body", response("200 OK", &[("Content-Type", &format!("{PRIVATE}/{PUBLIC}; charset={PRIVATE}"))], said.as_bytes())),
        ("a message", error_with(&error(json!({"code": "Security", "message": said})))),
        ("a message with its own escapes", error_with(&raw(said))),
        ("a code", error_with(&error(json!({"code": said, "message": ""})))),
        ("a code beside a known message", error_with(&error(json!({"code": PRIVATE, "message": "do not have security permission"})))),
        ("inner errors", error_with(&error(json!({"code": "InvalidObject", "message": "no", "errors": [{"code": said, "message": said, "resource": said, "field": said}]})))),
        ("unknown keys", error_with(&error(json!({said: said, "message": {"a": said}})))),
        ("a known text with more", error_with(&error(json!({"code": "Security", "message": format!("do not have security permission {said} Service Tickets")})))),
        ("plain text", response("401 No", &[("Content-Type", "text/plain")], said.as_bytes())),
        ("text that is not UTF-8", response("403 No", &[("Content-Type", "text/plain; charset=iso-8859-1")], &not_utf8)),
        ("text in UTF-16", response("500 No", &[("Content-Type", "text/plain; charset=utf-16")], &utf16(said))),
        ("JSON in UTF-16", response("403 No", &[json_type], &utf16(&json!({"message": said}).to_string()))),
        ("a page", response("502 Bad Gateway", &[("Content-Type", "text/html")], format!("<html><title>{said}</title>").as_bytes())),
        ("a page for JSON", response("200 OK", &[("Content-Type", "text/html")], format!("<html>{said}").as_bytes())),
        ("a type that is another", found(format!(r#"[{{"id":"{said}"}}]"#).as_bytes())),
        ("an object for a list", found(&error(json!({said: said})))),
        ("a text for a list", found(format!("[\"{said}\"]").as_bytes())),
        ("JSON that is none", found(format!("[{{\"id\":{said}").as_bytes())),
        ("JSON that ends", found(format!("[{{\"id\":1,\"name\":\"{said}").as_bytes())),
        ("JSON that is not UTF-8", found(&[b"[{\"id\":1,\"name\":\"".as_slice(), &not_utf8, b"\"}]"].concat())),
        ("names", found(format!(r#"[{{"id":1,"name":"{said}","identifier":"{said}","username":"{said}","roleType":"{said}","moduleName":"{said}","moduleFunctionName":"{said}","addLevel":"{said}","editLevel":"All","licenseClass":"{said}","structureLevel":{{"id":1,"name":"{said}"}},"lastLogin":"{said}","_info":{{"updatedBy":"{said}","lastUpdated":"{said}"}},"customizeIdentifier":"{said}","itemIdentifier":"{said}"}}]"#).as_bytes())),
        ("one name", found(format!(r#"{{"id":101,"identifier":"{said}","Codebase":"{PRIVATE}/","VersionCode":"{said}","lastLogin":"{said}"}}"#).as_bytes())),
        ("nothing that is HTTP", format!("{said}\r\n\r\n").into_bytes()),
        ("a chunk that is none", format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{said}\r\n").into_bytes()),
    ]
}

#[test]
fn no_encoding_of_a_key_in_any_place_of_an_answer_is_shown_by_any_command() {
    const EACH: usize = 7;
    let endpoints = ["/system/", "/companyinfo/", "/members", "/securityroles/", "=", "/integratorlogins"];
    let psa = serve(|_| {});
    let between = Between::start(psa.host());
    for (number, (place, answer)) in places().into_iter().enumerate() {
        for (turn, command) in COMMANDS.iter().enumerate() {
            // Forms of a command differ too little to try each at each place.
            if !(number + turn).is_multiple_of(EACH) {
                continue;
            }
            let endpoint = endpoints[(number + turn / EACH) % endpoints.len()];
            between.answer(endpoint, answer.clone());
            let verbose = [command, &["-vv"][..]].concat();
            let ran = keyed(&psa, &verbose).env("LEASTWISE_SITE", &between.url()).watched().run();
            assert_nothing_said(
                &psa,
                &ran,
                command[0] == "doctor",
                &format!("{place} at {endpoint}: {command:?}"),
            );
        }
    }
}

/// What nobody knows is shown to a person at a terminal who asks for it, and to nobody else.
#[test]
fn what_an_answer_says_is_shown_at_a_terminal_alone_and_without_keys() {
    let psa = serve(|_| {});
    let between = Between::start(psa.host());
    let body = format!("Jane says {PRIVATE} is no key");
    between.answer("integratorlogins", response("403 No", &[], body.as_bytes()));
    let run = |args: &[&str], terminal: bool| {
        let command =
            keyed(&psa, &[&["audit", "--output", "json=r.json", "--output", "html=r.html"], args].concat());
        let command = command.env("LEASTWISE_SITE", &between.url());
        let ran = if terminal { command.watched() } else { command }.run();
        let files = ["r.json", "r.html"].map(|name| fs::read_to_string(psa.path(name)).expect("a report"));
        assert!(!files.concat().contains("Jane"), "{args:?}");
        assert!(!ran.stdout.contains("Jane"), "{args:?}: {}", ran.stdout);
        assert!(files.concat().contains("characters that leastwise does not know"), "{args:?}");
        ran.stderr
    };
    assert!(run(&["-vv"], true).contains("said: Jane says *** is no key"));
    for (args, terminal) in [(&["-vv"][..], false), (&["-v"], true), (&[], true)] {
        assert!(!run(args, terminal).contains("Jane"), "{args:?}");
    }
}
