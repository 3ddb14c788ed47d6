//! The trend for job summaries and pull requests.

use super::{TenantTrend, Trend};
use crate::render::markdown as report;
use crate::term::escape::markdown as escaped;

/// So many readings have a column: the last.
const MOST: usize = 12;

pub(crate) fn text(trend: &Trend) -> String {
    let mut parts = Vec::new();
    if trend.tenants.len() > 1 {
        parts.push(report::roll_up(&trend.roll_up));
    }
    parts.extend(trend.tenants.iter().map(tenant_text));
    parts.join("\n")
}

fn tenant_text(tenant: &TenantTrend) -> String {
    let first = tenant.readings.len().saturating_sub(MOST);
    let days: Vec<_> = tenant.readings[first..].iter().map(super::Reading::day).collect();
    let mut text = format!("## {}\n\n", escaped(&tenant.title()));
    if let Some(reason) = tenant.unread() {
        text.push_str(&format!("Could not be read: {}\n\n", escaped(reason)));
    }
    let header =
        |first: &str| format!("| {first} | {} |\n|---|{}\n", days.join(" | "), "---:|".repeat(days.len()));
    text.push_str(&header("keys by standing"));
    for (name, shown) in tenant.rows() {
        text.push_str(&format!("| {name} | {} |\n", shown[first..].join(" | ")));
    }
    if tenant.is_in_part_older() {
        text.push_str("\n? means that the report is older than keys.\n");
    }
    if !tenant.keys.is_empty() {
        text.push_str(&format!("\n{}", header("key")));
        for key in &tenant.keys {
            let cells: Vec<_> = key.words().skip(first).collect();
            text.push_str(&format!("| {} | {} |\n", escaped(&key.title()), cells.join(" | ")));
        }
    }
    text
}
