//! The trend for job summaries and pull requests.

use super::{TenantTrend, Trend, spark, told};
use crate::model::Severity;
use crate::render::markdown as report;
use crate::term::escape::markdown as escaped;

pub(crate) fn text(trend: &Trend) -> String {
    let mut parts = Vec::new();
    if trend.tenants.len() > 1 {
        parts.push(report::roll_up(&trend.roll_up));
    }
    parts.extend(trend.tenants.iter().map(tenant_text));
    parts.join("\n")
}

fn tenant_text(tenant: &TenantTrend) -> String {
    let severities: Vec<_> = Severity::ALL.into_iter().rev().map(|severity| severity.to_string()).collect();
    let mut text = format!(
        "## {}\n\nOpen findings: {}\n\n| day | {} | unknown | new | resolved |\n|---|{}\n",
        escaped(&tenant.title()),
        spark::line(&tenant.open(), true),
        severities.join(" | "),
        "---:|".repeat(severities.len() + 3)
    );
    for reading in &tenant.readings {
        let numbers: Vec<_> = reading.severities().map(|(_, number)| number.to_string()).collect();
        let first = reading.new.is_none();
        let change = |number| if first { String::new() } else { told(number) };
        text.push_str(&format!(
            "| {}{} | {} | {} | {} | {} |\n",
            reading.as_of,
            if reading.complete { "" } else { " (in part)" },
            numbers.join(" | "),
            reading.unknown,
            change(reading.new),
            change(reading.resolved)
        ));
    }
    if !tenant.integrations.is_empty() {
        text.push_str(
            "\n| integration | findings | missing | beyond need | other |\n|---|---|---:|---:|---:|\n",
        );
        for integration in &tenant.integrations {
            let latest = integration.latest();
            text.push_str(&format!(
                "| {} | {} | {} | {} | {} |\n",
                escaped(&integration.id),
                spark::line(&integration.open(), true),
                latest.missing,
                latest.beyond,
                latest.other
            ));
        }
    }
    text
}
