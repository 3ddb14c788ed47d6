//! Keys in answers: a PSA, or something before it, may repeat what it was sent, in whatever form. No text of
//! theirs is shown but what is known ([`Words`](crate::rules)) and names; this keeps keys out of those, and out
//! of what `-vv` shows.
//!
//! A text is searched as it is, and as what it stands for: escapes are undone again and again, and only
//! letters and digits count, in either case. So a key is found in JSON escapes, HTML entities, percent signs
//! (twice, too), UTF-16, with blanks or other signs within, in hex and in base64 of any offset or alphabet.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use secrecy::ExposeSecret;

use super::access::Access;

/// A shorter key could be part of any word, and the PSA makes none.
const SHORTEST: usize = 8;

/// What stands in place of a key.
const INSTEAD: &str = "***";

/// Escapes within escapes are undone so many times.
const LAYERS: usize = 5;

/// Enough slots that hardly two forms share one.
const SLOT_BITS: u32 = 14;

/// The keys that are sent, in each form in which they may come back.
#[derive(Clone)]
pub struct Redaction {
    /// By their first bytes, which are [`SHORTEST`] many.
    forms: BTreeMap<u64, Vec<Vec<u8>>>,
    /// Whether any form begins with bytes of this [`Redaction::slot`]: nearly always not, and that is quick.
    begins: Vec<bool>,
}

impl fmt::Debug for Redaction {
    /// Without the keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redaction").finish_non_exhaustive()
    }
}

impl Redaction {
    /// Of every key that is in use, whoever is asked: who answers may know them all.
    #[must_use]
    pub fn of<'a>(accesses: impl IntoIterator<Item = &'a Access>) -> Self {
        let mut forms = Vec::new();
        for access in accesses {
            for key in [&access.private_key, &access.public_key, &access.client_id] {
                add_forms(key.expose_secret(), &mut forms);
            }
            let (public, private) = (access.public_key.expose_secret(), access.private_key.expose_secret());
            add_forms(&STANDARD_NO_PAD.encode(format!("{}+{public}:{private}", access.company)), &mut forms);
        }
        let mut own = Self { forms: BTreeMap::new(), begins: vec![false; 1 << SLOT_BITS] };
        for form in forms {
            let start = form.iter().take(SHORTEST).fold(0, |window, &byte| window << 8 | u64::from(byte));
            own.begins[slot(start)] = true;
            own.forms.entry(start).or_default().push(form);
        }
        own
    }

    /// Whether a form is in a squeezed text, which is read once.
    fn is_in(&self, squeezed: &[u8]) -> bool {
        let mut window = 0_u64;
        squeezed.iter().enumerate().any(|(at, &byte)| {
            window = window << 8 | u64::from(byte);
            at + 1 >= SHORTEST
                && self.begins[slot(window)]
                && self.forms.get(&window).is_some_and(|forms| {
                    let from = &squeezed[at + 1 - SHORTEST..];
                    forms.iter().any(|form| from.starts_with(form))
                })
        })
    }

    /// Whether a key is in there, in any form.
    #[must_use]
    pub fn holds(&self, bytes: &[u8]) -> bool {
        if self.is_in(&squeezed(bytes)) {
            return true;
        }
        let mut plain = bytes.to_vec();
        plain.retain(|&byte| byte != 0);
        [Reading::Json, Reading::Strict, Reading::Loose]
            .into_iter()
            .any(|reading| self.is_under_escapes(&plain, reading))
    }

    /// Whether a key shows once escapes are undone.
    fn is_under_escapes(&self, bytes: &[u8], reading: Reading) -> bool {
        let mut layer = unescaped(bytes, reading);
        for _ in 0..LAYERS {
            let Some(plain) = layer else { return false };
            if self.is_in(&squeezed(&plain)) {
                return true;
            }
            layer = unescaped(&plain, reading);
        }
        // Nobody escapes so often without a reason.
        layer.is_some()
    }

    /// A text without any key: words that hold one go, and all of it where it is spread over words.
    #[must_use]
    pub fn text(&self, text: String) -> String {
        if !self.holds(text.as_bytes()) {
            return text;
        }
        let word = |word| if self.holds(str::as_bytes(word)) { INSTEAD } else { word };
        let plain = text.split(' ').map(word).collect::<Vec<_>>().join(" ");
        if self.holds(plain.as_bytes()) { INSTEAD.to_owned() } else { plain }
    }

    /// A JSON body of which no string holds a key.
    #[must_use]
    pub fn body(&self, body: Vec<u8>) -> Vec<u8> {
        if !self.holds(&body) {
            return body;
        }
        let mut clean = Vec::with_capacity(body.len());
        let mut rest = body.as_slice();
        while let Some(open) = rest.iter().position(|&byte| byte == b'"') {
            let (before, literal) = rest.split_at(open);
            let (literal, after) = literal.split_at(literal_len(literal));
            clean.extend_from_slice(before);
            if self.holds(literal) {
                let text = serde_json::from_slice(literal).unwrap_or_default();
                let text = serde_json::Value::String(self.text(text)).to_string();
                // Escapes that JSON itself needs count, too.
                let text = if self.holds(text.as_bytes()) { format!("\"{INSTEAD}\"") } else { text };
                clean.extend_from_slice(text.as_bytes());
            } else {
                clean.extend_from_slice(literal);
            }
            rest = after;
        }
        clean.extend_from_slice(rest);
        clean
    }
}

/// Where the first bytes of a form, or of a place in a text, are looked up.
const fn slot(window: u64) -> usize {
    // Fibonacci hashing spreads letters and digits, which differ in few bits.
    (window.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - SLOT_BITS)) as usize
}

/// How long the string is that a text begins with, with its quotes.
fn literal_len(text: &[u8]) -> usize {
    let mut at = 1;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// Every form of a key, squeezed.
fn add_forms(key: &str, forms: &mut Vec<Vec<u8>>) {
    if squeezed(key.as_bytes()).len() < SHORTEST {
        return;
    }
    let cases = [key.to_owned(), key.to_lowercase(), key.to_uppercase()];
    let utf16 = |key: &str, unit: fn(u16) -> [u8; 2]| key.encode_utf16().flat_map(unit).collect::<Vec<_>>();
    let encodings =
        |key: &String| [key.clone().into_bytes(), utf16(key, u16::to_le_bytes), utf16(key, u16::to_be_bytes)];
    for bytes in cases.iter().flat_map(encodings) {
        let base64 = (0..3).map(|offset| base64_within(&bytes, offset).into_bytes());
        let hex = crate::term::text::hex(&bytes).into_bytes();
        let all = base64.chain([hex, bytes.clone()]).map(|form| squeezed(&form));
        forms.extend(all.filter(|form| form.len() >= SHORTEST));
    }
}

/// What base64 makes of bytes that begin `offset` bytes after a group of three: the signs that depend on them
/// alone.
fn base64_within(bytes: &[u8], offset: usize) -> String {
    let mut all = vec![0; offset];
    all.extend_from_slice(bytes);
    let text = STANDARD_NO_PAD.encode(&all);
    let (first, last) = ((offset * 8).div_ceil(6), all.len() * 8 / 6);
    text.get(first..last).unwrap_or_default().to_owned()
}

/// Letters and digits, in lower case.
fn squeezed(bytes: &[u8]) -> Vec<u8> {
    let mut all = Vec::with_capacity(bytes.len());
    all.extend(bytes.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase));
    all
}

/// How escapes are read. Each hides what the other shows: a sign that is none, or a letter that is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    /// As JSON alone, which is what an answer is: a percent sign before a key takes none of its letters.
    Json,
    /// Only what is whole: a number of HTML has its semicolon, and a letter after a backslash is itself.
    Strict,
    /// As programs do that show text: ends of lines and tags are signs, and a number may lack its semicolon.
    Loose,
}

/// The bytes with one layer of escapes undone: of JSON, of HTML, of addresses; `None` where there is none.
fn unescaped(bytes: &[u8], reading: Reading) -> Option<Vec<u8>> {
    let is_loose = reading == Reading::Loose;
    let begins: &[u8] = match reading {
        Reading::Json => b"\\",
        Reading::Strict => b"\\%&",
        Reading::Loose => b"\\%&<",
    };
    let next = |bytes: &[u8]| bytes.iter().position(|byte| begins.contains(byte));
    let mut next_at = Some(next(bytes)?);
    let mut plain = Vec::with_capacity(bytes.len());
    let mut changed = false;
    let mut left = bytes;
    while let Some(at) = next_at {
        plain.extend_from_slice(&left[..at]);
        let (byte, rest) = (left[at], &left[at + 1..]);
        let escape = match byte {
            b'\\' => json_escape(rest, is_loose),
            b'%' => percent(rest, is_loose),
            b'&' => entity(rest, is_loose),
            _ => tag(rest),
        };
        left = match escape {
            Some((code, len)) => {
                push(code, byte == b'%' && len == 2, &mut plain);
                changed = true;
                rest.get(len..).unwrap_or_default()
            }
            None => {
                plain.push(byte);
                rest
            }
        };
        next_at = next(left);
    }
    plain.extend_from_slice(left);
    changed.then_some(plain)
}

/// What stands after a backslash, and how long that is.
fn json_escape(rest: &[u8], is_loose: bool) -> Option<(u32, usize)> {
    match *rest.first()? {
        b'u' if rest.get(1) == Some(&b'{') => {
            let digits = rest[2..].iter().take(6).position(|&byte| byte == b'}')?;
            number(rest.get(2..2 + digits), 16).map(|code| (code, digits + 3))
        }
        b'u' => number(rest.get(1..5), 16).map(|code| (code, 5)),
        b'x' => number(rest.get(1..3), 16).map(|code| (code, 3)),
        // The ends of lines, and what else JSON has a letter for, are signs, and signs do not count.
        b'b' | b'f' | b'n' | b'r' | b't' if is_loose => Some((u32::from(b' '), 1)),
        other => Some((u32::from(other), 1)),
    }
}

/// What stands after a percent sign: two digits of a byte, or four of a letter.
fn percent(rest: &[u8], is_loose: bool) -> Option<(u32, usize)> {
    match rest.first()? {
        b'u' | b'U' if is_loose => number(rest.get(1..5), 16).map(|code| (code, 5)),
        _ => number(rest.get(..2), 16).map(|code| (code, 2)),
    }
}

/// A tag of HTML counts as a sign: a line may be broken by one.
fn tag(rest: &[u8]) -> Option<(u32, usize)> {
    const LONGEST: usize = 40;
    rest.first().filter(|&&first| first == b'/' || first.is_ascii_alphabetic())?;
    let end = rest.iter().take(LONGEST).position(|&byte| byte == b'>')?;
    Some((u32::from(b' '), end + 1))
}

/// What stands after an ampersand, and how long that is: a number, or a sign that a key may have.
fn entity(rest: &[u8], is_loose: bool) -> Option<(u32, usize)> {
    const LONGEST: usize = 10;
    if let [b'#', rest @ ..] = rest {
        return numeric_entity(rest, is_loose).map(|(code, len)| (code, len + 1));
    }
    let end = rest.iter().take(LONGEST).position(|&byte| byte == b';')?;
    let name = &rest[..end];
    let code = match name {
        b"amp" => u32::from(b'&'),
        b"percnt" => u32::from(b'%'),
        b"bsol" => u32::from(b'\\'),
        b"num" => u32::from(b'#'),
        b"semi" => u32::from(b';'),
        // The others stand for signs, and signs do not count; what is no name stands for itself.
        _ if name.iter().all(u8::is_ascii_alphanumeric) => u32::from(b' '),
        _ => return None,
    };
    Some((code, end + 1))
}

/// The number of a letter, and how long it is; browsers need no semicolon after it.
fn numeric_entity(rest: &[u8], is_loose: bool) -> Option<(u32, usize)> {
    const LONGEST: usize = 8;
    let (radix, prefix) = if matches!(rest.first()?, b'x' | b'X') { (16, 1) } else { (10, 0) };
    let digits = rest[prefix..].iter().take(LONGEST);
    let digits = digits.take_while(|&&byte| char::from(byte).is_digit(radix)).count();
    let end = prefix + digits;
    let code = number(rest.get(prefix..end), radix)?;
    let is_whole = rest.get(end) == Some(&b';');
    (is_whole || is_loose).then_some((code, end + usize::from(is_whole)))
}

fn number(digits: Option<&[u8]>, radix: u32) -> Option<u32> {
    // A sign in front, which Rust would take, is none of an escape's.
    let digits = digits?.first().filter(|first| first.is_ascii_hexdigit()).and(digits)?;
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()
}

fn push(code: u32, is_byte: bool, into: &mut Vec<u8>) {
    match (is_byte, u8::try_from(code), char::from_u32(code)) {
        (true, Ok(byte), _) => into.push(byte),
        (_, _, Some(c)) => into.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    use super::{Access, Redaction};

    const PUBLIC: &str = "Pb7Kq2xLw9TzRm4V";
    const PRIVATE: &str = "pR9/vT+4kQz_Wn-8";

    fn access() -> Access {
        Access {
            company: "acme".to_owned(),
            client_id: "11111111-2222-3333-4444-555555555555".to_owned().into(),
            public_key: PUBLIC.to_owned().into(),
            private_key: PRIVATE.to_owned().into(),
        }
    }

    /// Every way to write a key that is not the key itself.
    fn forms(key: &str) -> Vec<(&'static str, Vec<u8>)> {
        let units = || key.encode_utf16();
        let bytes = key.as_bytes();
        let each = |form: &dyn Fn(u8) -> String| bytes.iter().map(|&byte| form(byte)).collect::<String>();
        let percent = each(&|byte| format!("%{byte:02x}"));
        let mut all = vec![
            ("as it is", key.to_owned()),
            ("upper case", key.to_uppercase()),
            ("lower case", key.to_lowercase()),
            ("JSON escapes", each(&|byte| format!("\\u{byte:04X}"))),
            ("JSON slashes", key.replace('/', "\\/").replace('+', "\\u002B")),
            ("JSON within JSON", each(&|byte| format!("\\\\u{byte:04x}"))),
            ("HTML, decimal", each(&|byte| format!("&#{byte};"))),
            ("HTML, hex", each(&|byte| format!("&#x{byte:X};"))),
            ("HTML within HTML", each(&|byte| format!("&amp;#{byte};"))),
            ("percent", percent.clone()),
            ("percent twice", percent.replace('%', "%25")),
            ("percent in JSON", percent.replace('%', "\\u0025")),
            ("hex", each(&|byte| format!("{byte:02x}"))),
            ("hex, upper case with colons", each(&|byte| format!("{byte:02X}:"))),
            ("HTML, behind an ampersand", format!("&{}", each(&|byte| format!("&#{byte};")))),
            ("with blanks", each(&|byte| format!("{} ", char::from(byte)))),
            ("JSON, over two lines", format!("{}\\n{}", &key[..6], &key[6..])),
            ("JSON, with tabs", each(&|byte| format!("{}\\t", char::from(byte)))),
            ("over two lines", format!("{}\r\n{}", &key[..6], &key[6..])),
            ("percent, over two lines", format!("{}%0D%0A{}", &key[..6], &key[6..])),
            ("HTML, over two lines", format!("{}<br/>{}", &key[..6], &key[6..])),
            ("HTML, decimal, open", each(&|byte| format!("&#{byte}"))),
            ("HTML, hex, open and with signs", each(&|byte| format!("&#x{byte:x} "))),
            ("percent, of letters", each(&|byte| format!("%u{byte:04x}"))),
            ("braces", each(&|byte| format!("\\u{{{byte:x}}}"))),
        ];
        for before in ["", "a", "ab"] {
            let base64 = STANDARD.encode(format!("{before}{key}:tail"));
            all.push(("base64", base64.clone()));
            all.push(("base64 over two lines", format!("{}\\r\\n{}", &base64[..8], &base64[8..])));
            all.push(("base64url", base64.replace('+', "-").replace('/', "_").replace('=', "")));
            all.push(("base64, percent", base64.replace('+', "%2B").replace('/', "%2F")));
        }
        let mut all: Vec<_> = all.into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
        all.push(("UTF-16 LE", units().flat_map(u16::to_le_bytes).collect()));
        all.push(("UTF-16 BE", units().flat_map(u16::to_be_bytes).collect()));
        for key in [key.to_owned(), key.to_lowercase(), key.to_uppercase()] {
            let utf16: Vec<u8> = key.encode_utf16().flat_map(u16::to_le_bytes).collect();
            all.push(("base64 of UTF-16", STANDARD.encode(&utf16).into_bytes()));
            all.push(("hex of UTF-16", crate::term::text::hex(&utf16).into_bytes()));
        }
        all
    }

    #[test]
    fn a_key_is_found_in_every_form_and_beside_what_is_no_text() {
        let access = access();
        let redaction = Redaction::of([&access]);
        let basic = STANDARD.encode(format!("acme+{PUBLIC}:{PRIVATE}"));
        let with_company = format!("acme+{PUBLIC}");
        let client_id = "11111111-2222-3333-4444-555555555555";
        for key in [PUBLIC, PRIVATE, client_id, &basic, &with_company] {
            for (name, form) in forms(key) {
                let body = [b"f\xFCr ".as_slice(), &form, b" \xFF"].concat();
                assert!(redaction.holds(&body), "{name} of {key}: {}", String::from_utf8_lossy(&form));
            }
        }
    }

    #[test]
    fn what_stands_before_a_key_hides_none_of_it() {
        const CLIENT_ID: &str = "11111111-2222-3333-4444-555555555555";
        let redaction = Redaction::of([&access()]);
        let in_part = |key: &str| format!("{}%{:02x}{}", &key[..1], key.as_bytes()[1], &key[2..]);
        for key in [PUBLIC, CLIENT_ID] {
            for (before, after) in
                [("<a", ">"), ("&#", ""), ("&#x", ";"), ("\\", ""), ("</", ">"), ("%u", "")]
            {
                let text = format!("{before}{}{after}", in_part(key));
                assert!(redaction.holds(text.as_bytes()), "{text}");
            }
        }
        let utf16: String = CLIENT_ID.chars().flat_map(|letter| [letter, '\0']).collect();
        let body = serde_json::json!([format!("&%d{utf16}")]).to_string();
        assert!(redaction.holds(body.as_bytes()), "{body}");
    }

    #[test]
    fn what_is_no_key_is_left_alone() {
        let redaction = Redaction::of([&access()]);
        for text in ["Umbrella", "100 % of A&B \\ C", "Pb7Kq2x", "%zz &nothing \\u12", ""] {
            assert!(!redaction.holds(text.as_bytes()), "{text}");
            assert_eq!(redaction.text(text.to_owned()), text);
        }
        let rows = br#"[{"name":"A \"quoted\" \\ name","id":1}]"#.to_vec();
        assert_eq!(redaction.body(rows.clone()), rows);
    }

    #[test]
    fn a_short_key_could_be_part_of_any_word() {
        let short = Access { private_key: "short".to_owned().into(), ..access() };
        assert!(!Redaction::of([&short]).holds(b"short"));
    }

    #[test]
    fn a_name_loses_the_word_that_is_a_key_or_all_where_words_make_it() {
        let redaction = Redaction::of([&access()]);
        assert_eq!(redaction.text(format!("role {PUBLIC} x")), "role *** x");
        let (one, two) = PUBLIC.split_at(7);
        assert_eq!(redaction.text(format!("role {one} {two}")), "***");
    }

    #[test]
    fn strings_of_a_body_lose_their_keys_and_the_rest_stays() {
        let redaction = Redaction::of([&access()]);
        let (_, escaped) = forms(PRIVATE).into_iter().find(|(name, _)| *name == "JSON escapes").expect("it");
        let escaped = String::from_utf8(escaped).expect("text");
        let body = format!(r#"[{{"id":7,"name":"A {escaped}"}},{{"id":8,"name":"B \"{PUBLIC}"}}]"#);
        let clean = redaction.body(body.into_bytes());
        assert_eq!(clean, br#"[{"id":7,"name":"A ***"},{"id":8,"name":"B ***"}]"#);
        let broken = format!("[\"{PUBLIC}");
        assert!(!redaction.holds(&redaction.body(broken.into_bytes())));
    }
}
