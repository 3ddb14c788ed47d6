//! What keys could do, in Markdown, for a ticket.

use super::table::{deeds, head, summary, vendor_fact, way};
use crate::impact::{Impact, LoginImpact};
use crate::model::TenantId;
use crate::term::escape::markdown;

pub(super) fn write(impacts: &[Impact<'_>], logins: &[LoginImpact<'_>], tenant: &TenantId) -> String {
    let members = impacts.iter().map(|impact| member(impact, tenant));
    members.chain(logins.iter().map(|own| login(own, tenant))).collect::<Vec<_>>().join("\n")
}

fn member(impact: &Impact<'_>, tenant: &TenantId) -> String {
    let mut text = title(&impact.name(), tenant);
    rows(&mut text, None, &head(impact));
    let reach = match &impact.reach {
        Err(gap) => format!("What it reaches could not be read: {gap}"),
        Ok(_) if impact.is_admin => "Everything: its role is an admin role".to_owned(),
        Ok(reach) => summary(reach),
    };
    text.push_str(&format!("\n{}\n", markdown(&reach)));
    let ways: Vec<_> = impact.raises.iter().filter(|raise| raise.counts()).map(way).collect();
    rows(&mut text, Some("Ways to more than that"), &ways);
    let vendor: Vec<_> = impact.vendor.iter().map(vendor_fact).collect();
    rows(&mut text, Some("What the vendor says of its own side"), &vendor);
    numbered(&mut text, "Contain it, in this order", &impact.contain);
    numbered(&mut text, "Afterwards", &impact.afterwards);
    if !impact.is_admin {
        let reach = impact.reach.as_deref().unwrap_or_default();
        let reach: Vec<_> = reach.iter().map(|row| (row.function.to_string(), deeds(row))).collect();
        rows(&mut text, Some("What it reaches, the worst first"), &reach);
    }
    bullets(&mut text, &impact.unseen);
    text
}

fn login(own: &LoginImpact<'_>, tenant: &TenantId) -> String {
    let mut text = title(&format!("the integrator login {}", own.login.username), tenant);
    numbered(&mut text, "Contain it, in this order", &own.contain);
    bullets(&mut text, &own.unseen);
    text
}

fn title(name: &str, tenant: &TenantId) -> String {
    format!("## What a key of {} could do at {}\n", markdown(name), markdown(&tenant.to_string()))
}

fn rows(text: &mut String, heading: Option<&str>, rows: &[(String, String)]) {
    if rows.is_empty() {
        return;
    }
    text.push_str(&heading.map(|heading| format!("\n### {heading}\n")).unwrap_or_default());
    text.push('\n');
    for (label, said) in rows {
        text.push_str(&format!("* **{}**: {}\n", markdown(label), markdown(said)));
    }
}

fn numbered(text: &mut String, heading: &str, lines: &[String]) {
    text.push_str(&format!("\n### {heading}\n\n"));
    for (place, line) in lines.iter().enumerate() {
        text.push_str(&format!("{}. {}\n", place + 1, markdown(line)));
    }
}

fn bullets(text: &mut String, lines: &[String]) {
    text.push_str("\n### What cannot be seen from here\n\n");
    for line in lines {
        text.push_str(&format!("* {}\n", markdown(line)));
    }
}
