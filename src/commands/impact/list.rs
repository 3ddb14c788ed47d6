//! Every member in a line, the one that reaches furthest first.

use std::cmp::Reverse;

use super::table::summary;
use crate::impact::Impact;
use crate::model::{RoleRef, Severity, TenantId};
use crate::term::escape;
use crate::term::text::count;
use crate::term::{Page, Style};

/// The worst first: active ones, those that nobody can say of, and then by what they reach.
pub(super) fn sort(impacts: &mut [Impact<'_>]) {
    impacts.sort_by_key(|impact| {
        let reach = impact.reach.as_deref().unwrap_or_default();
        let number = |severity| reach.iter().filter(|row| row.severity == severity).count();
        (
            impact.member.active() == Some(false),
            impact.reach.is_ok(),
            Reverse(impact.is_admin),
            Reverse((number(Severity::Critical), number(Severity::High), reach.len())),
            impact.member.id(),
        )
    });
}

pub(super) fn table(impacts: &[Impact<'_>], tenant: &TenantId, style: Style) -> String {
    let mut page = Page::new(style);
    page.heading(&format!("What each key could do at {tenant}, the furthest reach first"));
    page.list(&impacts.iter().map(row).collect::<Vec<_>>());
    page.paragraph("leastwise impact MEMBER shows one key in full, and what to do.");
    page.into_text()
}

pub(super) fn markdown(impacts: &[Impact<'_>], tenant: &TenantId) -> String {
    let rows = impacts
        .iter()
        .map(row)
        .map(|(name, said)| format!("| {} | {} |\n", escape::markdown(&name), escape::markdown(&said)));
    let title = escape::markdown(&tenant.to_string());
    format!(
        "## What each key could do at {title}\n\n| key | reach |\n|---|---|\n{}",
        rows.collect::<String>()
    )
}

fn row(impact: &Impact<'_>) -> (String, String) {
    let name = format!("{} ({})", impact.name(), impact.member.id());
    let state = if impact.member.active() == Some(false) { "Inactive. " } else { "" };
    let reach = match &impact.reach {
        Err(gap) => format!("not known: {gap}"),
        Ok(_) if impact.is_admin => "Everything: its role is an admin role.".to_owned(),
        Ok(reach) => summary(reach),
    };
    let ways = impact.raises.iter().filter(|raise| raise.counts()).count();
    let ways = if ways == 0 || impact.is_admin {
        String::new()
    } else {
        format!(" {} to more.", count(ways, "way"))
    };
    let role = impact.role.map(|role| format!(" Role {}.", RoleRef::from(role))).unwrap_or_default();
    (name, format!("{state}{reach}{ways}{role}"))
}
