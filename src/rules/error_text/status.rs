//! A status within a line: a number of three digits is one only where the words beside it say so.

use std::ops::Range;

/// A status, and which part of the line says so, with the phrase that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    /// The status.
    pub status: u16,
    /// From the number to the end of its phrase.
    pub span: Range<usize>,
}

/// What the word before a number makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    /// It is a status, whatever follows.
    Decides,
    /// It is one if nothing follows that would be counted.
    Allows,
    /// It is none.
    Refuses,
}

/// Every status in a line, whose addresses were taken out.
pub(super) fn mentions(line: &str) -> Vec<Mention> {
    let words = words(line);
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let text = &line[word.clone()];
        let Ok(status) = text.parse::<u16>() else { continue };
        if text.len() != 3 || !(300..600).contains(&status) || is_part_of_something(line, word) {
            continue;
        }
        let phrase = phrase_behind(line, word.end, status);
        let is_one = match before(line, &words[..at], word.start) {
            Before::Decides => true,
            Before::Allows => phrase.is_some() || ends_there(line, word.end),
            Before::Refuses => false,
        };
        if is_one {
            found.push(Mention { status, span: word.start..phrase.unwrap_or(word.end) });
        }
    }
    found
}

fn words(line: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in line.char_indices().chain([(line.len(), ' ')]) {
        match (c.is_alphanumeric() || c == '_', start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// A decimal, a version, a share, a ticket's number.
fn is_part_of_something(line: &str, word: &Range<usize>) -> bool {
    let before = line[..word.start].chars().next_back();
    let mut behind = line[word.end..].chars();
    let (next, after) = (behind.next(), behind.next());
    let joins = |c: Option<char>| c.is_some_and(|c| matches!(c, '.' | ',' | ':' | '-' | '/'));
    let digit = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    matches!(before, Some('#' | '$' | '.' | '+' | '-'))
        || matches!(next, Some('%'))
        || (joins(next) && digit(after) && next != Some(':'))
}

fn before(line: &str, words: &[Range<usize>], start: usize) -> Before {
    let Some(last) = words.last() else { return beginning(line, start) };
    let gap = &line[last.end..start];
    let word = |back: usize| {
        let at = words.len().checked_sub(back)?;
        Some(line[words[at].clone()].to_lowercase())
    };
    let (one, two) = (word(1).unwrap_or_default(), word(2).unwrap_or_default());
    if is_http_version(&line[..start]) {
        return Before::Decides;
    }
    if gap.contains(ADDRESS) {
        return Before::Decides;
    }
    if gap.chars().any(|c| !" \t:=(\"'[]->*".contains(c)) {
        return beginning(line, start);
    }
    match one.as_str() {
        "http" | "https" | "httpcode" | "httpstatus" | "statuscode" | "httpstatuscode" | "responsecode"
        | "status_code" | "http_status" | "http_code" | "response_code" => Before::Decides,
        "code" => match two.as_str() {
            "status" | "response" | "http" | "error" => Before::Decides,
            "exit" | "return" | "postal" | "zip" | "area" | "product" | "item" | "work" => Before::Refuses,
            _ => Before::Allows,
        },
        // The status of a ticket or of a board has a number too.
        "status" => match two.as_str() {
            "" | "http" | "response" | "with" | "a" | "the" | "returned" | "got" | "error" | "by" | "and" => {
                Before::Decides
            }
            _ => Before::Refuses,
        },
        "is" | "was" if matches!(two.as_str(), "status" | "code") => Before::Decides,
        "error" | "errors" | "returned" | "returns" | "got" | "with" | "answered" | "answers"
        | "received" | "fetch" | "response" | "responded" | "replied" | "failed" | "failure"
        | "exception" | "a" | "an" | "gave" | "gives" | "get" | "post" | "put" | "patch" | "delete"
        | "server" | "api" => Before::Allows,
        // "sync: 404", but neither "ticket 404" nor "192.0.2.1:404"
        _ if gap.ends_with('>') || (!gap.trim().is_empty() && gap.contains(' ')) => Before::Allows,
        _ => Before::Refuses,
    }
}

/// The number opens the line, or stands after a mark that no word joins it to.
fn beginning(line: &str, start: usize) -> Before {
    let before = line[..start].trim_end_matches([' ', '\t', '(', '[', '"', '\'', '*', '-']);
    if before.is_empty()
        || before.ends_with(['>', ',', ';', '|', '!', '?', ')', ADDRESS])
        || before.ends_with(". ")
    {
        Before::Allows
    } else {
        Before::Refuses
    }
}

/// What `without_addresses` leaves where an address was.
pub(super) const ADDRESS: char = '\u{1}';

/// "HTTP/1.1 " or "HTTP/2 ".
fn is_http_version(before: &str) -> bool {
    let text = before.trim_end().trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    text.len() < before.trim_end().len() && text.to_lowercase().ends_with("http/")
}

/// Nothing follows that the number could count: the end, a mark, or a word that leads on.
fn ends_there(line: &str, end: usize) -> bool {
    const LEADS_ON: [&str; 17] = [
        "error", "errors", "status", "response", "from", "on", "for", "when", "while", "at", "by", "trying",
        "because", "during", "after", "instead", "and",
    ];
    let rest = &line[end..];
    let plain = rest.trim_start();
    let Some(next) = plain.chars().next() else { return true };
    if !next.is_alphanumeric() {
        return true;
    }
    let word: String = plain.chars().take_while(|c| c.is_alphanumeric()).collect();
    LEADS_ON.contains(&word.to_lowercase().as_str())
}

/// Where the status's own phrase ends, if it stands behind the number.
fn phrase_behind(line: &str, end: usize, status: u16) -> Option<usize> {
    let rest = &line[end..];
    let plain = rest.trim_start_matches([' ', ')', ']', ':', '-', '(', '"', '\'', ',', '\u{2013}']);
    let at = end + rest.len() - plain.len();
    let phrases: &[&str] = match status {
        301 => &["moved permanently"],
        302 => &["found"],
        400 => &["bad request", "badrequest"],
        401 => &["unauthorized", "unauthorised"],
        403 => &["forbidden"],
        404 => &["not found", "notfound"],
        405 => &["method not allowed"],
        407 => &["proxy authentication required"],
        408 => &["request timeout"],
        409 => &["conflict"],
        415 => &["unsupported media type"],
        429 => &["too many requests"],
        500 => &["internal server error", "internalservererror"],
        502 => &["bad gateway"],
        503 => &["service unavailable", "service temporarily unavailable"],
        504 => &["gateway time-out", "gateway timeout", "gatewaytimeout"],
        _ => &[],
    };
    let folded = plain.to_ascii_lowercase();
    let phrase = phrases.iter().find(|phrase| folded.starts_with(**phrase))?;
    let behind = &plain[phrase.len()..];
    let is_whole = !behind.starts_with(|c: char| c.is_alphanumeric());
    is_whole.then(|| at + phrase.len() + usize::from(behind.starts_with([')', ']', '"', '\''])))
}

#[cfg(test)]
mod tests {
    use super::mentions;
    use crate::rules::error_text::line::without_addresses;

    fn status(line: &str) -> Option<u16> {
        mentions(&without_addresses(line)).first().map(|mention| mention.status)
    }

    #[test]
    fn a_number_is_a_status_where_the_text_says_so() {
        for (line, expected) in [
            ("HTTP/1.1 403 Forbidden", 403),
            ("HTTP/2 502", 502),
            ("HTTP 404", 404),
            ("HTTP 500: no", 500),
            ("http error 503 while syncing", 503),
            ("Request failed with status code 401", 401),
            ("StatusCode: 404", 404),
            ("status=400", 400),
            ("\"statusCode\": 403", 403),
            ("Response status code does not indicate success: 401 (Unauthorized).", 401),
            ("The remote server returned an error: (400) Bad Request.", 400),
            ("Error: 404", 404),
            ("Error code 403.", 403),
            ("profile fetch 400", 400),
            ("the PSA answered 403 for tickets", 403),
            ("got a 429 from the server", 429),
            ("GET https://psa.example.org/a/b 404 (Not Found)", 404),
            ("GET /v4_6_release/apis/3.0/system/info: 401 in 12 ms", 401),
            ("<title>502 Bad Gateway</title>", 502),
            ("403", 403),
            ("401: not today", 401),
            ("status was 500", 500),
            ("sync: 404 Not Found", 404),
            ("[error] 503", 503),
        ] {
            assert_eq!(status(line), Some(expected), "{line}");
        }
    }

    #[test]
    fn any_other_number_is_none() {
        for line in [
            "At line:404 char:23",
            "Ticket 403 could not be updated",
            "Ticket 404 not found",
            "Synced 500 of 1200",
            "Synced 404 companies",
            "404 tickets were closed",
            "returned 500 rows",
            "failed with 403 tickets left",
            "Service Status 404 not found for Service Board 401",
            "Service Status: 404",
            "board 404, company 403",
            "port 503",
            "connect to 192.0.2.1:404",
            "https://psa.example.org:500/x",
            "/service/tickets/404",
            "ticket #403",
            "case ABC-404",
            "version 4.500",
            "500.12 USD",
            "$500",
            "500%",
            "took 503 ms",
            "a total of 400",
            "line 400, column 404",
            "main.py:401",
            "1,404 rows",
            "id: 40312",
        ] {
            assert_eq!(status(line), None, "{line}");
        }
    }
}
