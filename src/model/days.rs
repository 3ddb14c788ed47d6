//! Days between two dates.

use jiff::civil::Date;

/// Whole days from one day to another; negative where the other comes first. Every date of the calendar is near
/// enough to every other to be counted.
#[must_use]
pub fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::days_between;

    #[test]
    fn days_are_counted_both_ways_and_from_end_to_end() {
        let (one, other) = (date(2026, 2, 27), date(2026, 3, 1));
        assert_eq!((days_between(one, other), days_between(other, one)), (2, -2));
        assert_eq!(days_between(Date::MIN, Date::MAX), 7_304_483);
    }
}
