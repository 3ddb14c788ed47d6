//! The trend for people: for each tenant how many keys stood how, reading by reading, and each key.

use super::{TenantTrend, Trend};
use crate::term::text::count;
use crate::term::{Page, Style};

/// What stands between two readings, and how wide it is where it has to be ASCII.
const ARROW: &str = " → ";
const GAP: usize = 4;

pub(crate) fn text(trend: &Trend, style: Style) -> String {
    let mut page = Page::new(style);
    if trend.tenants.len() > 1 {
        trend.roll_up.write(&mut page, style);
    }
    for tenant in &trend.tenants {
        page.blank();
        write_tenant(&mut page, tenant, style);
    }
    page.into_text()
}

fn write_tenant(page: &mut Page, tenant: &TenantTrend, style: Style) {
    let days: Vec<_> = tenant.readings.iter().map(super::Reading::day).collect();
    page.heading(&format!("{}: {}", tenant.title(), count(days.len(), "reading")));
    if let Some(reason) = tenant.unread() {
        page.paragraph(&format!("could not be read: {reason}"));
    }
    let mut rows = vec![("day".to_owned(), days)];
    rows.extend(tenant.rows().into_iter().map(|(name, shown)| (name.to_owned(), shown)));
    write_rows(page, &rows, style);
    if tenant.is_in_part_older() {
        page.note("? means that the report is older than keys: audit its snapshot again");
    }
    if !tenant.keys.is_empty() {
        page.blank();
        let keys = tenant.keys.iter().map(|key| (key.title(), key.words().map(str::to_owned).collect()));
        write_rows(page, &keys.collect::<Vec<_>>(), style);
    }
}

/// Rows of a name and what stood at each reading; of many readings the last, as far as a line goes.
fn write_rows(page: &mut Page, rows: &[(String, Vec<String>)], style: Style) {
    let width =
        |texts: &mut dyn Iterator<Item = &String>| texts.map(|text| text.chars().count()).max().unwrap_or(0);
    let names = width(&mut rows.iter().map(|(name, _)| name)).min(usize::from(style.width) * 2 / 5);
    let readings = rows.iter().map(|(_, shown)| shown.len()).max().unwrap_or(0);
    let columns: Vec<_> =
        (0..readings).map(|at| width(&mut rows.iter().filter_map(|(_, shown)| shown.get(at)))).collect();
    let mut room = usize::from(style.width).saturating_sub(names + 2 * GAP);
    let mut first = readings;
    while let Some(left) = first.checked_sub(1).and_then(|at| room.checked_sub(columns[at] + GAP)) {
        room = left;
        first -= 1;
    }
    let first = first.min(readings.saturating_sub(1));
    for (name, shown) in rows {
        let cells: Vec<_> = shown[first..]
            .iter()
            .zip(&columns[first..])
            .map(|(cell, width)| format!("{cell:>width$}"))
            .collect();
        let before = if first > 0 { "... " } else { "" };
        let name: String = name.chars().take(names).collect();
        page.line(&format!("  {name:<names$}  {before}{}", cells.join(ARROW)));
    }
}
