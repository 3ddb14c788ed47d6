//! Small text helpers that several modules share.

use std::fmt::Write;

/// Bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| DIGITS[usize::from(digit)]).collect()
}

/// "1 role", "2 roles", "1 person", "2 people".
pub(crate) fn count(number: usize, one: &str) -> String {
    match (number, one) {
        (1, _) => format!("1 {one}"),
        (_, "person") => format!("{number} people"),
        _ => format!("{number} {one}s"),
    }
}

/// "1 day", "21 days"; what lies in the future has no age.
pub(crate) fn count_days(days: i32) -> String {
    count(usize::try_from(days).unwrap_or_default(), "day")
}

/// "a", "a and b", "a, b and c".
pub(crate) fn join_and(words: &[impl ToString]) -> String {
    match words {
        [] => String::new(),
        [one] => one.to_string(),
        [first @ .., last] => {
            let first: Vec<_> = first.iter().map(ToString::to_string).collect();
            format!("{} and {}", first.join(", "), last.to_string())
        }
    }
}

/// The first of many names: "a, b, c and 4 more".
pub(crate) fn join_few(names: &[impl ToString], most: usize) -> String {
    match names.split_at_checked(most) {
        Some((first, more)) if !more.is_empty() => {
            let first: Vec<_> = first.iter().map(ToString::to_string).collect();
            format!("{} and {} more", first.join(", "), more.len())
        }
        _ => join_and(names),
    }
}

/// As many of the names as fit into so many characters, the first at least: "a, b and 4 more".
pub(crate) fn join_fitting(names: &[impl ToString], room: usize) -> String {
    let fits = |text: &String| text.chars().count() <= room;
    // What is between two names takes two characters, so that no more than these can fit.
    let most = names.len().min(room / 2 + 1);
    let texts = (1..=most).rev().map(|most| join_few(names, most));
    texts.into_iter().find(fits).unwrap_or_else(|| join_few(names, 1))
}

/// Text from the tenant as a terminal or the log of a CI may show it: control characters, those that turn
/// the direction of text or take no room, and what begins a command to a runner (`::name`, `##[`, `##vso[`)
/// are shown as their number.
pub(crate) fn printable(text: &str) -> String {
    let mut rest = text.chars();
    let (mut safe, mut before) = (String::with_capacity(text.len()), ' ');
    while let Some(c) = rest.next() {
        let next = rest.as_str();
        let is_command = match c {
            '#' => before == '#',
            ':' => {
                next.strip_prefix(':').is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
            }
            _ => false,
        };
        if is_unsafe(c) || is_command {
            // Writing to a String cannot fail.
            let _ = write!(safe, "<U+{:04X}>", u32::from(c));
        } else {
            safe.push(c);
        }
        before = c;
    }
    safe
}

/// Whether nothing of a text is seen, so that nobody wrote anything.
pub(crate) fn is_blank(text: &str) -> bool {
    let selects = |c: char| matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}');
    text.chars().all(|c| c.is_whitespace() || is_unsafe(c) || selects(c))
}

/// Whether a character could steer a display, or hide in it.
pub(crate) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Fillers and an empty pattern of Braille have a width, and nothing to see.
            '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{FFA0}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// Lower-case ASCII letters and digits, everything else a single dash: for paths and ids.
pub(crate) fn slug(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    if slug.is_empty() { "x".to_owned() } else { slug }
}

#[cfg(test)]
mod tests {
    use super::{count, join_and, printable, slug};

    #[test]
    fn lists_and_counts_read_like_english() {
        assert_eq!(join_and(&["a", "b", "c"]), "a, b and c");
        assert_eq!(count(1, "role"), "1 role");
        assert_eq!(count(0, "person"), "0 people");
    }

    #[test]
    fn what_could_steer_a_terminal_is_shown_as_its_number() {
        assert_eq!(printable("a\u{1b}[31mb"), "a<U+001B>[31mb");
        assert_eq!(printable("abc\u{202E}def"), "abc<U+202E>def");
        assert_eq!(printable("Größe & 日本 #1: x:: [::1]:80"), "Größe & 日本 #1: x:: [::1]:80");
    }

    #[test]
    fn what_a_runner_would_take_for_a_command_is_broken() {
        assert_eq!(printable("::error::x"), "<U+003A>:error<U+003A>:x");
        assert_eq!(printable("##[error]x ##vso[task]"), "#<U+0023>[error]x #<U+0023>vso[task]");
    }

    #[test]
    fn slugs_have_nothing_that_a_path_could_trip_on() {
        assert_eq!(slug("Service Desk / Tickets: 100%"), "service-desk-tickets-100");
        assert_eq!(slug("日本"), "x");
    }

    #[test]
    fn what_nobody_sees_nobody_wrote() {
        for blank in ["", " \t", "\u{200B}", "\u{3164}", "\u{2800}\u{FE0F}"] {
            assert!(super::is_blank(blank), "{blank:?}");
        }
        assert!(!super::is_blank("\u{200B}x"));
    }

    #[test]
    fn as_many_names_as_fit_are_shown() {
        let names = ["one", "three", "five"];
        for (room, shown) in [(19, "one, three and five"), (18, "one and 2 more"), (4, "one and 2 more")] {
            let text = super::join_fitting(&names, room);
            assert_eq!(text, shown);
        }
    }
}
