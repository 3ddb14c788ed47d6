//! What a gate decides by: what is new since the baseline, what somebody accepted, and how to accept
//! the last of it.

use jiff::civil::Date;

use super::rest::{short, with_subject};
use crate::audit::waivers;
use crate::checks::{Since, Status};
use crate::render::TenantReport;
use crate::render::words::{sentence, subject, worst_first};
use crate::term::Page;
use crate::term::text::count_days;

/// So many new findings are shown above everything else.
pub(super) const MOST_NEW: usize = 8;

/// With no more findings than this left, the report offers a waiver.
const FEW_LEFT: usize = 3;

/// What changed since the baseline, whose age is part of the answer, with the worst `most` that are new.
/// Answers how many lines of a terminal it takes at most.
pub(super) fn since_baseline(page: &mut Page, tenant: &TenantReport, most: usize) -> usize {
    let Some(baseline) = &tenant.baseline else { return 0 };
    let of = |since| tenant.count_since(since);
    page.paragraph(&format!(
        "Since the baseline {} ({} old): {} new, {} unchanged, {} resolved. Only what is new counts.",
        baseline.path,
        count_days(baseline.age_days),
        of(Since::New),
        of(Since::Unchanged),
        of(Since::Resolved),
    ));
    let shown = new_findings(page, tenant, most);
    page.blank();
    2 + 2 * shown
}

/// What counts beside a baseline, one by one as far as there is room.
fn new_findings(page: &mut Page, tenant: &TenantReport, most: usize) -> usize {
    let new = worst_first(tenant.since(Since::New));
    let rows: Vec<_> = new
        .iter()
        .take(most)
        .map(|finding| (format!("new: {} {}", finding.severity, finding.check), with_subject(finding)))
        .collect();
    page.list(&rows);
    if new.len() > most {
        page.paragraph(&format!("  and {} more that are new", new.len() - most));
    }
    rows.len()
}

/// Findings that somebody accepted: who, why, and for how long.
pub(super) fn waived(page: &mut Page, tenant: &TenantReport) {
    let accepted = tenant.results.iter().filter(|finding| finding.status == Status::Waived);
    let rows: Vec<_> = accepted
        .filter_map(|finding| {
            let waiver = finding.waiver.as_ref()?;
            Some((
                format!("{} {}", short(finding.severity), finding.check),
                format!("{}: {}", subject(finding), sentence(waiver)),
            ))
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    page.blank();
    page.heading("Waived: accepted for a while, and not counted");
    page.list(&rows);
}

/// Where little is left to decide, the waiver that would accept the worst of it, ready to paste; where
/// there is more, mending comes first.
pub(super) fn waiver_snippet(page: &mut Page, as_of: Date, tenant: &TenantReport) {
    let counting = worst_first(tenant.findings().filter(|finding| finding.counts()));
    let (Some(worst), true) = (counting.first(), counting.len() <= FEW_LEFT) else { return };
    let Some(snippet) = waivers::snippet(worst, as_of) else { return };
    page.blank();
    page.paragraph(&format!("To accept {} {} for a while, in leastwise.toml:", worst.severity, worst.check));
    for line in snippet.lines() {
        page.verbatim(&format!("  {line}"));
    }
    page.blank();
}
