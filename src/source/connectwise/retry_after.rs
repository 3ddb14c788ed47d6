//! The `Retry-After` header: how long a 429 asks to wait, as seconds or as a date.

use std::time::Duration;

use jiff::fmt::rfc2822::DateTimeParser;

/// Reads the header. A date counts from the answer's own `Date`, whatever the clock here says; without
/// one it says nothing.
pub(super) fn read(value: &str, date: Option<&str>) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let parser = DateTimeParser::new();
    let until = parser.parse_timestamp(value).ok()?;
    let now = parser.parse_timestamp(date?.trim()).ok()?;
    Some(Duration::try_from(until.duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::read;

    const NOW: &str = "Sat, 28 Nov 2026 10:00:00 GMT";

    #[test]
    fn seconds_and_dates_say_the_same() {
        for (value, seconds) in [
            ("30", 30),
            (" 0 ", 0),
            ("Sat, 28 Nov 2026 10:00:30 GMT", 30),
            ("Sun, 29 Nov 2026 10:00:00 GMT", 86_400),
            ("Sat, 28 Nov 2026 09:00:00 GMT", 0),
        ] {
            assert_eq!(read(value, Some(NOW)), Some(Duration::from_secs(seconds)), "{value}");
        }
    }

    #[test]
    fn what_is_neither_says_nothing() {
        for value in ["", "soon", "-1", "1.5", "2026-11-28", "99999999999999999999"] {
            assert_eq!(read(value, Some(NOW)), None, "{value}");
        }
        assert_eq!(read("Sat, 28 Nov 2026 10:00:30 GMT", None), None);
        assert_eq!(read("Sat, 28 Nov 2026 10:00:30 GMT", Some("today")), None);
    }
}
