//! The trend for people: a table for each tenant, and one of its integrations.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use super::{TenantTrend, Trend, spark, told};
use crate::term::text::{count, printable};
use crate::term::{Page, Style};

/// From this width on, severities are written out.
const ROOM_FOR_WORDS: u16 = 76;

pub(crate) fn text(trend: &Trend, style: Style) -> String {
    let mut parts = Vec::new();
    if trend.tenants.len() > 1 {
        let mut page = Page::new(style);
        trend.roll_up.write(&mut page);
        parts.push(page.into_text());
    }
    parts.extend(trend.tenants.iter().map(|tenant| tenant_text(tenant, style)));
    parts.join("\n")
}

fn tenant_text(tenant: &TenantTrend, style: Style) -> String {
    let mut text = format!(
        "{}: {}, open findings {}\n",
        printable(&tenant.title()),
        count(tenant.readings.len(), "reading"),
        spark::line(&tenant.open(), style.unicode)
    );
    if let Some(reason) = tenant.unread() {
        text.push_str(&format!("could not be read: {}\n", printable(reason)));
    }
    text.push_str(&readings(tenant, style));
    if tenant.readings.iter().any(|reading| !reading.complete) {
        text.push_str("* could not be read in full\n");
    }
    if !tenant.integrations.is_empty() {
        text.push('\n');
        text.push_str(&integrations(tenant, style));
    }
    text
}

fn readings(tenant: &TenantTrend, style: Style) -> String {
    let header = if style.width < ROOM_FOR_WORDS {
        ["day", "crit", "high", "med", "low", "info", "unkn", "new", "gone"]
    } else {
        ["day", "critical", "high", "medium", "low", "info", "unknown", "new", "resolved"]
    };
    let rows = tenant.readings.iter().map(|reading| {
        let day = format!("{}{}", reading.as_of, if reading.complete { "" } else { " *" });
        let is_first = reading.new.is_none();
        let change = |number| if is_first { String::new() } else { told(number) };
        let numbers = reading.severities().map(|(_, number)| number.to_string());
        let rest = [reading.unknown.to_string(), change(reading.new), change(reading.resolved)];
        std::iter::once(day).chain(numbers).chain(rest).collect()
    });
    table(style, &header, 1, rows.collect())
}

fn integrations(tenant: &TenantTrend, style: Style) -> String {
    let rows = tenant.integrations.iter().map(|integration| {
        let latest = integration.latest();
        vec![
            printable(&integration.id),
            spark::line(&integration.open(), style.unicode),
            latest.missing.to_string(),
            latest.beyond.to_string(),
            latest.other.to_string(),
        ]
    });
    table(style, &["integration", "findings", "missing", "too much", "other"], 2, rows.collect())
}

/// A table without lines; the columns after the first few hold numbers.
fn table(style: Style, header: &[&str], texts: usize, rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(style.width)
        .set_header(header);
    for row in rows {
        table.add_row(row);
    }
    for (i, column) in table.column_iter_mut().enumerate() {
        column.set_padding((if i == 0 { 2 } else { 1 }, 1));
        if i >= texts {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    format!("{}\n", table.trim_fmt())
}
