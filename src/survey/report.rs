//! The report of a survey: one finding for each assumption, and how it was come by.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::ask::{Asked, Seen};
use super::finding::{Finding, Verdict};
use super::judge::{judge, unknown};
use crate::rules::{AssumptionText, Assumptions, Catalog};

/// What a survey says; without any name, key, id or address.
#[derive(Clone, Debug)]
pub(crate) struct Report<'a> {
    /// The day.
    pub(super) on: Date,
    /// The PSA's release, where it is written like one.
    pub(super) release: Option<String>,
    /// Whether it is in ConnectWise's cloud.
    pub(super) cloud: Option<bool>,
    /// Whether an integration's key was used too.
    pub(super) with_integration: bool,
    /// Every assumption with what was seen of it, in the order of the file.
    pub(super) findings: Vec<(&'a AssumptionText, Finding)>,
    /// How many functions the catalog does not know.
    pub(super) unknown_functions: usize,
    /// Their names, where they were asked for.
    pub(super) function_names: Option<Vec<String>>,
    /// Requests, each with how often it was made.
    pub(super) requests: Vec<(Asked, usize)>,
}

impl<'a> Report<'a> {
    /// Concludes from what was seen.
    #[must_use]
    pub(crate) fn of(
        seen: &Seen,
        assumptions: &'a Assumptions,
        catalog: &Catalog,
        with_function_names: bool,
    ) -> Self {
        let names = unknown(seen, catalog);
        let mut requests: Vec<(Asked, usize)> = Vec::new();
        for asked in &seen.asked {
            match requests.last_mut() {
                Some((last, count)) if last == asked => *count += 1,
                _ => requests.push((asked.clone(), 1)),
            }
        }
        Self {
            on: seen.at.to_zoned(TimeZone::UTC).date(),
            release: seen.company.version.as_deref().and_then(release),
            cloud: seen.company.cloud,
            with_integration: seen.callers.len() > 1,
            findings: assumptions.all().iter().map(|own| (own, judge(own.id, seen, catalog))).collect(),
            unknown_functions: names.len(),
            function_names: with_function_names.then_some(names),
            requests,
        }
    }

    /// The functions that the catalog does not know, where their names were asked for.
    #[must_use]
    pub(crate) fn function_names(&self) -> Option<&[String]> {
        self.function_names.as_deref()
    }

    /// How many held, did not hold, and were not seen.
    #[must_use]
    pub(crate) fn counts(&self) -> (usize, usize, usize) {
        let count = |is: fn(Verdict) -> bool| self.findings.iter().filter(|(_, own)| is(own.verdict)).count();
        (
            count(|own| own == Verdict::Held),
            count(|own| own == Verdict::DidNotHold),
            count(|own| matches!(own, Verdict::NotSeen(_))),
        )
    }
}

/// A release such as v2025.8 or 2026.11; anything else could be anything.
fn release(text: &str) -> Option<String> {
    let plain = text.trim().trim_start_matches('v');
    let (year, number) = plain.split_once('.')?;
    let is_number = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.chars().all(|c| c.is_ascii_digit())
    };
    (year.len() == 4 && is_number(year, 4) && is_number(number, 3)).then(|| format!("v{plain}"))
}

#[cfg(test)]
mod tests {
    use super::release;

    #[test]
    fn only_what_is_written_like_a_release_is_one() {
        assert_eq!(release("v2025.8").as_deref(), Some("v2025.8"));
        assert_eq!(release("2026.11").as_deref(), Some("v2026.11"));
        for other in ["Acme 2025.8", "v2025", "10.0.0.1", "2025.8.1", "v1..2", ""] {
            assert_eq!(release(other), None, "{other}");
        }
    }
}
