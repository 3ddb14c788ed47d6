//! Redaction: a key in any form that design knows (case, JSON, HTML, percent, hex, base64, UTF-16, one within the
//! other), with whatever around it, is found and never comes out; a body stays the JSON that it was.

#![no_main]

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use leastwise::source::connectwise::{Access, Redaction};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const KEYS: [&str; 3] = ["Pb7Kq2xLw9TzRm4V", "pR9/vT+4kQz_Wn-8", "11111111-2222-3333-4444-555555555555"];

static REDACTION: LazyLock<Redaction> = LazyLock::new(|| {
    Redaction::of([&Access {
        company: "acme".to_owned(),
        public_key: KEYS[0].to_owned().into(),
        private_key: KEYS[1].to_owned().into(),
        client_id: KEYS[2].to_owned().into(),
    }])
});

fuzz_target!(|data: &[u8]| {
    let Some((plan, around)) = data.split_at_checked(8) else { return };
    let form = written(plan);
    let (before, after) = around.split_at(usize::from(plan[7]).min(around.len()));
    let whole = [before, &form, after].concat();
    assert!(REDACTION.holds(&whole), "{}", String::from_utf8_lossy(&whole));
    let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if let Ok(form) = String::from_utf8(form) {
        let (before, after) = (lossy(before), lossy(after));
        let plain = REDACTION.text(format!("{before}{form}{after}"));
        assert!(!plain.contains(&form), "{plain}");
        assert!(!REDACTION.holds(plain.as_bytes()), "{plain}");
        keeps_the_shape(&before, &form, &after);
    }
    // What holds no key is as it was.
    let text = lossy(around);
    if !REDACTION.holds(text.as_bytes()) {
        assert_eq!(REDACTION.text(text.clone()), text);
        assert_eq!(REDACTION.body(text.clone().into_bytes()), text.into_bytes());
    }
});

/// The key that the plan chooses, in the form that it chooses, within up to four layers of escapes.
fn written(plan: &[u8]) -> Vec<u8> {
    let basic = format!("acme+{}:{}", KEYS[0], KEYS[1]);
    let key = match plan[0] % 4 {
        3 => basic.as_str(),
        own => KEYS[usize::from(own)],
    };
    let key = match plan[1] % 3 {
        0 => key.to_owned(),
        1 => key.to_lowercase(),
        _ => key.to_uppercase(),
    };
    let utf16 = |unit: fn(u16) -> [u8; 2]| key.encode_utf16().flat_map(unit).collect::<Vec<_>>();
    let bytes = match plan[2] % 4 {
        1 => utf16(u16::to_le_bytes),
        2 => utf16(u16::to_be_bytes),
        _ => key.clone().into_bytes(),
    };
    let offset = &b"xy"[..usize::from(plan[3] % 3)];
    let longer = [offset, &bytes, b":z"].concat();
    let mut form = match plan[4] % 4 {
        // In base64 the case is that of the whole, so a key in another case is another text: three are known.
        1 => STANDARD.encode(longer).into_bytes(),
        2 => URL_SAFE_NO_PAD.encode(longer).into_bytes(),
        3 => bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into_bytes(),
        _ => bytes,
    };
    let mut layers = plan[5];
    for _ in 0..plan[6] % 5 {
        form = escaped(&form, layers % 4);
        layers /= 4;
    }
    form
}

fn escaped(bytes: &[u8], layer: u8) -> Vec<u8> {
    let each =
        |form: &dyn Fn(u8) -> String| bytes.iter().map(|&byte| form(byte)).collect::<String>().into_bytes();
    match layer {
        0 => each(&|byte| format!("%{byte:02X}")),
        1 => each(&|byte| format!("\\u{byte:04x}")),
        2 => each(&|byte| format!("&#{byte};")),
        _ => each(&|byte| format!("&#x{byte:x};")),
    }
}

/// In a body, only the strings that hold a key change.
fn keeps_the_shape(before: &str, form: &str, after: &str) {
    let body =
        serde_json::json!([{ "id": 7, "name": format!("{before}{form}{after}"), "note": "a note" }, 8]);
    let clean = REDACTION.body(body.to_string().into_bytes());
    let read: Value = serde_json::from_slice(&clean).unwrap_or_else(|error| panic!("{error}: {clean:?}"));
    let Some(name) = read[0]["name"].as_str() else { panic!("{read}") };
    assert!(!name.contains(form), "{name}");
    assert!(!REDACTION.holds(&clean), "{read}");
    assert_eq!((&read[0]["id"], &read[0]["note"], &read[1]), (&body[0]["id"], &body[0]["note"], &body[1]));
}
