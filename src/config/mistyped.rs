//! What can be wrong with a setting that was pasted, found before anything is asked. The value itself is
//! repeated nowhere: it may be a key.

use crate::source::connectwise::{is_guid, is_quote};

/// What is wrong with one half of a key pair.
pub(super) fn key(text: &str) -> Option<&'static str> {
    if let Some(wrong) = around(text) {
        return Some(wrong);
    }
    if text.contains('+') {
        return Some("holds a +: enter the key alone, without the company in front of it");
    }
    if text.contains(':') {
        return Some("holds a colon: enter one half of the pair, not both");
    }
    if is_assignment(text) {
        return Some("holds a name and a =: enter the key alone");
    }
    if text.ends_with([';', ',']) {
        return Some("ends with a comma or a semicolon, which no key does");
    }
    if text.get(..SECURE_STRING.len()).is_some_and(|start| start.eq_ignore_ascii_case(SECURE_STRING)) {
        return Some(
            "was encrypted by ConvertFrom-SecureString: have a command decrypt it (`private_key_command`)",
        );
    }
    // What a client sends in its header: company+public:private, encoded.
    let decoded =
        base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text).unwrap_or_default();
    if decoded.contains(&b'+') && decoded.contains(&b':') && decoded.is_ascii() {
        return Some("is a whole Basic header: enter one half of the pair");
    }
    None
}

/// What is wrong with a client id.
pub(super) fn client_id(text: &str) -> Option<&'static str> {
    if let Some(wrong) = around(text) {
        return Some(wrong);
    }
    (text.contains(':') || is_assignment(text))
        .then_some("holds more than the id: enter the id alone, without a name in front of it")
        .or_else(|| text.starts_with('{').then_some("is in braces, which are no part of it"))
}

/// What is wrong with a company.
pub(super) fn company(text: &str) -> Option<&'static str> {
    let text = text.trim();
    if text.contains("://") {
        return Some("is an address: write the company id that is typed on the login screen");
    }
    if text.contains(['+', ':']) {
        return Some("holds a + or a colon: write the login company id alone, without any key");
    }
    if is_quoted(text) {
        return Some(IN_QUOTES);
    }
    if is_placeholder(text) {
        return Some("is a place to fill in, or the name of a variable: write the company id");
    }
    if is_assignment(text) {
        return Some("holds a name and a =: write the company id alone");
    }
    // A company's name may have blanks; what cannot be seen was not typed.
    text.chars().any(is_invisible).then_some("holds a character that cannot be seen: type it anew")
}

const IN_QUOTES: &str = "is in quotes, which are no part of it";

/// What stands around a value or within it that belongs to no key and no id.
fn around(text: &str) -> Option<&'static str> {
    if is_quoted(text) {
        Some(IN_QUOTES)
    } else if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        Some("holds a blank or a line break, which no key does")
    } else if !text.is_ascii() {
        Some("holds a character that no key has")
    } else if text.chars().all(|c| matches!(c, '*' | '.' | '-')) && !text.is_empty() {
        Some("is a row of stars, as a screen shows what is hidden: enter the value itself")
    } else if is_placeholder(text) {
        Some("is a place to fill in, or the name of a variable: enter the value")
    } else {
        None
    }
}

/// How every text begins that Windows encrypted for one user of one machine.
const SECURE_STRING: &str = "01000000d08c9ddf0115d1118c7a00c04fc297eb";

/// `<key>`, `%KEY%`, `${KEY}`, `$env:KEY`; a GUID in braces is a value.
fn is_placeholder(text: &str) -> bool {
    let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    text.starts_with(['<', '{', '[', '$', '%'])
        && text.ends_with(['>', '}', ']', '%'])
        && !inner.is_some_and(is_guid)
        || text.starts_with('$')
}

fn is_quoted(text: &str) -> bool {
    text.starts_with(is_quote) || text.ends_with(is_quote)
}

/// Names of settings that have no dash within.
const NAMES: [&str; 7] = ["key", "privatekey", "publickey", "password", "clientid", "company", "companyid"];

/// Whether a text is a line of a settings file: NAME=value.
fn is_assignment(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, value)| {
        !value.trim_matches('=').is_empty()
            && name.len() > 2
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
            && (name.contains(['_', '-']) || NAMES.iter().any(|own| own.eq_ignore_ascii_case(name)))
    })
}

fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::{client_id, company, key};

    #[test]
    fn each_way_of_pasting_a_key_wrongly_is_named_and_the_key_is_not_repeated() {
        for (text, said) in [
            ("\"abcSECRET\"", "in quotes"),
            ("'abcSECRET", "in quotes"),
            ("“abcSECRET”", "in quotes"),
            ("abcSECRET’", "in quotes"),
            ("«abcSECRET»", "in quotes"),
            ("acme+abcSECRET", "company in front"),
            ("acme+abc:SECRET", "company in front"),
            ("abc:SECRET", "one half of the pair"),
            ("abc SECRET", "a blank"),
            ("abc\u{a0}SECRET", "a blank"),
            ("abc\u{200b}SECRET", "a character that no key has"),
            ("\u{feff}abcSECRET", "a character that no key has"),
            ("PRIVATE_KEY=abcSECRET", "a name and a ="),
            ("YWNtZSthYmM6U0VDUkVU", "Basic header"),
            ("<SECRET>", "fill in"),
            ("%LEASTWISE_SECRET%", "fill in"),
            ("$SECRET", "fill in"),
            ("PrivateKey=abcSECRET", "a name and a ="),
            ("abcSECRET;", "a comma or a semicolon"),
            ("abcSECRET,", "a comma or a semicolon"),
            ("****************", "a row of stars"),
            ("01000000D08C9DDF0115D1118C7A00C04FC297EB01000000SECRET", "ConvertFrom-SecureString"),
        ] {
            let wrong = key(text).unwrap_or_else(|| panic!("{text} passed"));
            assert!(wrong.contains(said) && !wrong.contains("SECRET"), "{text}: {wrong}");
        }
        for right in ["abcSECRET", "a1B2c3D4e5F6g7H8", "simpub-leastwise", "YWJj", "a=="] {
            assert_eq!(key(right), None, "{right}");
        }
    }

    #[test]
    fn client_ids_and_companies_are_looked_at_too() {
        let braces = client_id("{00000000-0000-4000-8000-000000000000}");
        assert!(braces.is_some_and(|wrong| wrong.contains("braces")));
        for text in ["\"0-0\"", "clientId: 0-0", "0-0 ", "CLIENT_ID=0-0"] {
            assert!(client_id(text).is_some(), "{text}");
        }
        assert_eq!(client_id("00000000-0000-4000-8000-000000000000"), None);
        for text in [
            "\"acme\"",
            "“acme”",
            "acme+key",
            "acme:key",
            "https://na.myconnectwise.net",
            "acme\u{200b}",
            "company=acme",
            "%COMPANY%",
            "<company>",
            "$env:COMPANY",
        ] {
            assert!(company(text).is_some(), "{text}");
        }
        for text in ["acme", " acme ", "Müller & Co", "o'neil it"] {
            assert_eq!(company(text), None, "{text}");
        }
    }
}
