//! Lines and sentences of a pasted text: which are a program's code, headers or settings, which advise, and
//! which say nothing.

use super::status::ADDRESS;

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing.
    Blank,
    /// The caller's code, or a place in it.
    Code,
    /// A header or a setting: a name and a value.
    Setting,
    /// An entry of a list.
    Entry,
    /// Anything else: something is said.
    Said,
}

/// A line without the arrows and marks that consoles put before what an inner error said.
pub(super) fn without_arrow(line: &str) -> &str {
    let mut plain = line.trim();
    while let Some(rest) = plain.strip_prefix("-->").or_else(|| plain.strip_prefix("--->")) {
        plain = rest.trim_start();
    }
    plain
}

/// What a line is.
pub(super) fn kind(line: &str) -> Kind {
    let plain = line.trim();
    if plain.is_empty() {
        Kind::Blank
    } else if is_code(plain) {
        Kind::Code
    } else if is_setting(plain) {
        Kind::Setting
    } else if plain.starts_with(['-', '*', '•', '–', '·']) || is_numbered(plain) {
        Kind::Entry
    } else {
        Kind::Said
    }
}

fn is_numbered(plain: &str) -> bool {
    let rest = plain.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < plain.len() && plain.len() - rest.len() <= 2 && rest.starts_with(['.', ')'])
}

fn is_code(plain: &str) -> bool {
    const OPENS: [&str; 24] = [
        "+ ",
        "~",
        "File \"",
        "VERBOSE:",
        "DEBUG:",
        "$",
        "const ",
        "let ",
        "var ",
        "def ",
        "function ",
        "import ",
        "using ",
        "return ",
        "throw ",
        "await ",
        "if (",
        "if(",
        "else",
        "try {",
        "catch",
        "foreach",
        "curl ",
        "> ",
    ];
    let opens = OPENS.iter().any(|start| plain.starts_with(start));
    let is_place = plain.strip_prefix("at ").or_else(|| plain.strip_prefix("At ")).is_some_and(|rest| {
        rest.starts_with("line:")
            || rest.contains('(')
            || (rest.contains(['.', '/', '\\']) && !rest.contains(". "))
    });
    let assigns = plain.split_once(" = ").is_some_and(|(name, _)| {
        !name.is_empty()
            && name.chars().all(|c| c.is_alphanumeric() || "_.[]\"'$ ".contains(c))
            && name.split(' ').count() <= 2
    });
    let ends =
        plain.ends_with(';') || plain.ends_with("=> {") || plain.ends_with("({") || plain.ends_with("){");
    opens || is_place || assigns || ends || plain.chars().all(|c| !c.is_alphanumeric())
}

/// `name: value`, where the name is a header's, or the value is a value and nothing that is said.
fn is_setting(plain: &str) -> bool {
    let plain = plain.trim_start_matches("-H ").trim_matches(['"', '\'', ',']);
    let Some((name, value)) = plain.split_once([':', '=']) else { return false };
    let name = name.trim().trim_matches(['"', '\'']).to_lowercase();
    let value = value.trim().trim_end_matches(',');
    let is_name = !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        && !matches!(name.as_str(), "error" | "message" | "exception" | "reason" | "detail" | "code");
    if !is_name {
        return false;
    }
    let is_header = name.contains("authorization")
        || matches!(
            name.as_str(),
            "host"
                | "accept"
                | "cookie"
                | "set-cookie"
                | "connection"
                | "date"
                | "server"
                | "via"
                | "etag"
                | "vary"
                | "location"
                | "pragma"
                | "origin"
                | "referer"
                | "expires"
                | "age"
        )
        || ["x-", "cf-", "content-", "accept-", "cache-", "user-agent", "proxy-a", "access-control-", "sec-"]
            .iter()
            .any(|start| name.starts_with(start))
        || name == "retry-after";
    let is_value = value.is_empty()
        || value.parse::<f64>().is_ok()
        || matches!(value, "true" | "false" | "null" | "undefined" | "None" | "True" | "False" | "{" | "[")
        || (value.starts_with(['"', '\'', '*', '<']) && !value.trim_matches(['"', '\'']).contains(' '))
        || (name.contains("client") && name.ends_with("id") && !value.contains(' '))
        || (name.contains("key") && !value.contains(' '));
    is_header || is_value
}

/// A line without addresses, paths, and what is given to an option; a mark stays where each was.
pub(super) fn without_addresses(line: &str) -> String {
    let parts = line.split_inclusive([' ', '\t']);
    parts
        .map(|part| {
            let (token, blank) = part.split_at(part.trim_end().len());
            let plain = token.trim_matches(['"', '\'', '(', ')', '<', '>', ',', '[', ']']);
            let tail: String = token.chars().rev().take_while(|c| ":,.;)".contains(*c)).collect();
            if is_address(plain) { format!("{ADDRESS}{tail}{blank}") } else { part.to_owned() }
        })
        .collect()
}

fn is_address(token: &str) -> bool {
    let is_path = token.starts_with('/') && token.len() > 1 && !token.contains('>');
    let is_file = token.get(1..3).is_some_and(|rest| rest == ":\\");
    let is_option = token.split_once('=').is_some_and(|(name, value)| {
        !value.is_empty()
            && !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_?&/.".contains(c))
            && !name.to_lowercase().contains("status")
            && !name.to_lowercase().ends_with("code")
    });
    token.contains("://") || is_path || is_file || is_option
}

/// The sentences of a line, without the marks around them.
pub(super) fn sentences(text: &str) -> Vec<String> {
    let text = without_command(text);
    let mut parts = vec![text];
    for mark in [". ", "; ", " \u{2014} ", " \u{2013} ", " | ", " --> ", "! ", "\n", "\r", "\\n"] {
        parts = parts.into_iter().flat_map(|part| part.split(mark)).collect();
    }
    let trim = |part: &str| {
        let marks = |c: char| c.is_whitespace() || ".,;:-(){}[]\"'!*•".contains(c) || c == ADDRESS;
        part.trim_start_matches(marks).trim_end_matches(marks).to_owned()
    };
    parts.into_iter().map(trim).filter(|part| part.chars().any(char::is_alphanumeric)).collect()
}

/// `Invoke-Something : what was said` without the command.
fn without_command(text: &str) -> &str {
    match text.split_once(" : ") {
        Some((command, said)) if command.contains('-') && !command.trim().contains(' ') => said,
        _ => text,
    }
}

/// Whether what stands behind a status is set off from it, as a body is.
pub(super) fn separates(behind: &str) -> bool {
    let plain = behind.trim_start_matches([' ', '\t', ')', '"', '\'']);
    plain.starts_with([':', '-', '\u{2013}', '\u{2014}', '.', ',', ';', '{', '<', '|'])
}

/// Whether a sentence tells what to look at, or what it may be, rather than what happened.
pub(super) fn is_advice(sentence: &str) -> bool {
    const WORDS: [&str; 26] = [
        "check",
        "verify",
        "ensure",
        "make sure",
        "double-check",
        "confirm",
        "review",
        "possible",
        "possibly",
        "perhaps",
        "maybe",
        "may be",
        "might be",
        "could be",
        "can be",
        "may have",
        "might have",
        "could have",
        "probably",
        "likely",
        "usually",
        "typically",
        "often",
        "for example",
        "e.g",
        "did you",
    ];
    let mut folded = sentence.to_lowercase();
    let failures = [
        "not verify",
        "unable to verify",
        "failed to verify",
        "verify failed",
        "verify_failed",
        "verify error",
        "not confirm",
        "not ensure",
    ];
    for failed in failures {
        folded = folded.replace(failed, "");
    }
    // The PSA's own, which begins in the same way.
    !folded.starts_with("check your accept header") && WORDS.iter().any(|word| has_word(&folded, word))
}

/// Whether a line opens a list of possible causes.
pub(super) fn opens_a_list(line: &str) -> bool {
    let folded = line.trim().to_lowercase();
    let names = ["cause", "reason", "the following", "one of", "try", "troubleshoot", "things to"];
    folded.ends_with(':') && (is_advice(&folded) || names.iter().any(|name| folded.contains(name)))
}

/// Whether a sentence names several things, any of which may be at fault.
pub(super) fn is_list(sentence: &str) -> bool {
    const TOPICS: [&[&str]; 6] = [
        &["client id", "clientid", "client-id"],
        &["company id", "company name", "companyid", "login company", "company"],
        &["key", "keys", "credential", "credentials", "password", "token"],
        &["url", "site", "host", "server address", "server url"],
        &["permission", "permissions", "security role", "rights"],
        &["certificate", "firewall", "proxy", "network"],
    ];
    let folded = sentence.to_lowercase();
    let joins = [" or ", " and/or ", " / ", ", and "].iter().any(|mark| folded.contains(mark));
    let named = TOPICS.iter().filter(|words| words.iter().any(|word| has_word(&folded, word))).count();
    joins && named >= 2
}

/// Whether a sentence is what any program says around an error.
pub(super) fn says_nothing(sentence: &str) -> bool {
    const EMPTY: [&str; 36] = [
        "try again",
        "contact support",
        "contact your administrator",
        "see inner exception",
        "for more information",
        "for more details",
        "more information",
        "remote server returned an error",
        "error has been thrown",
        "exception has been thrown",
        "exception was thrown",
        "request failed",
        "an error occurred",
        "an error has occurred",
        "error occurred while",
        "does not indicate success",
        "connection has been halted",
        "exception of type",
        "operation failed",
        "has stopped",
        "unexpected error",
        "something went wrong",
        "that's an error",
        "thats all we know",
        "see the log",
        "unhandled exception",
        "retrying",
        "giving up",
        "attempt",
        "unable to connect to the remote server",
        "error while sending the request",
        "sending the request",
        "api error",
        "server error",
        "response error",
        "connectwiseapi",
    ];
    let folded = sentence.to_lowercase();
    let letters = folded.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() > 1).count();
    letters < 2 && !folded.contains(|c: char| c.is_ascii_digit()) && is_bare(&folded)
        || EMPTY.iter().any(|text| folded.contains(text))
}

/// A word that only says that something failed.
fn is_bare(folded: &str) -> bool {
    matches!(
        folded,
        "error"
            | "failed"
            | "failure"
            | "exception"
            | "fail"
            | "security"
            | "null"
            | "none"
            | "badrequest"
            | "err_bad_request"
            | "axioserror"
            | "err_bad_response"
            | "httperror"
            | "exit"
    )
}

/// Whether a folded text has this as a word of its own.
pub(in crate::rules) fn has_word(folded: &str, word: &str) -> bool {
    let is_edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    folded.match_indices(word).any(|(at, _)| {
        is_edge(folded[..at].chars().next_back()) && is_edge(folded[at + word.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::{Kind, is_advice, is_list, kind, says_nothing, sentences, without_addresses};

    #[test]
    fn a_line_is_what_it_looks_like() {
        for (line, expected) in [
            ("  ", Kind::Blank),
            ("At line:404 char:23", Kind::Code),
            ("   at Some.Thing.Do(String x) in C:\\a.cs:line 404", Kind::Code),
            ("    at process.processTicksAndRejections (node:internal:95:5)", Kind::Code),
            ("+ Invoke-RestMethod -Uri $uri -Headers @{clientId='x'}", Kind::Code),
            ("+ ~~~~~~~~", Kind::Code),
            ("  File \"sync.py\", line 404, in main", Kind::Code),
            ("headers[\"clientId\"] = id", Kind::Code),
            ("throw new Error('connection refused');", Kind::Code),
            ("clientId: 00000000-0000-4000-8000-000000000000", Kind::Setting),
            ("Authorization: Basic ****", Kind::Setting),
            ("timeout: 30000,", Kind::Setting),
            ("-H \"clientId: abc\"", Kind::Setting),
            ("- a wrong company", Kind::Entry),
            ("2. a wrong key", Kind::Entry),
            ("Error: connect ECONNREFUSED 192.0.2.1:443", Kind::Said),
            ("Status: 403", Kind::Setting),
            ("clientId: the header is missing", Kind::Said),
            ("System.Net.WebException: The operation has timed out", Kind::Said),
        ] {
            assert_eq!(kind(line), expected, "{line}");
        }
    }

    #[test]
    fn sentences_are_told_apart_and_addresses_are_none() {
        assert_eq!(
            sentences("Get-Thing : It failed. Then \u{2014} it stopped!"),
            ["It failed", "Then", "it stopped"]
        );
        let plain = without_addresses("GET https://a.example/clientId?timeout=3 failed, clientId=7 too");
        assert!(!plain.contains("clientId") && plain.contains("failed"), "{plain}");
    }

    #[test]
    fn advice_and_lists_are_not_what_happened() {
        for advice in ["Please check the clientId", "this may be a wrong key", "Possible causes"] {
            assert!(is_advice(advice), "{advice}");
        }
        for said in ["The key was refused", "Checkout was closed", "We could not verify the key"] {
            assert!(!is_advice(said), "{said}");
        }
        assert!(is_list("invalid company, key or clientId"));
        assert!(!is_list("Cannot route. Codebase/company is invalid"));
        assert!(!is_list("no ticket or board was found"));
    }

    #[test]
    fn what_any_program_says_says_nothing() {
        for empty in ["Please try again later", "Error", "An error has been thrown"] {
            assert!(says_nothing(empty), "{empty}");
        }
        for said in ["the field colour is not known", "Security policy 7 applies", "Unlicensed"] {
            assert!(!says_nothing(said), "{said}");
        }
    }
}
