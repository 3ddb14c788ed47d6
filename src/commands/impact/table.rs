//! What a key could do, for people: what to do comes before what there is to know.

use crate::impact::{Impact, LoginImpact, Raise, Reach};
use crate::model::{Level, TenantId, Verb};
use crate::rules::{Fact, GivenKind};
use crate::term::text::{count, join_and};
use crate::term::{Page, Style};

pub(super) fn write(impact: &Impact<'_>, tenant: &TenantId, style: Style) -> String {
    let mut page = Page::new(style);
    page.heading(&format!("What a key of {} could do at {tenant}", impact.name()));
    page.list(&head(impact));
    page.blank();
    match &impact.reach {
        Err(gap) => page.alarm(&format!("What it reaches could not be read: {gap}")),
        Ok(reach) if impact.is_admin => {
            page.alarm(&format!(
                "Everything: its role is an admin role ({})",
                count(reach.len(), "known function")
            ));
        }
        Ok(reach) => page.paragraph(&summary(reach)),
    }
    let ways: Vec<_> = impact.raises.iter().filter(|raise| raise.counts()).map(way).collect();
    if !ways.is_empty() {
        page.blank();
        page.alarm(&format!("Ways to more than that: {}", ways.len()));
        page.list(&ways);
    }
    if !impact.vendor.is_empty() {
        page.blank();
        page.heading("What the vendor says of its own side");
        page.list(&impact.vendor.iter().map(vendor_fact).collect::<Vec<_>>());
    }
    numbered(&mut page, "Contain it, in this order", &impact.contain);
    numbered(&mut page, "Afterwards", &impact.afterwards);
    if !impact.is_admin {
        write_reach(&mut page, impact.reach.as_deref().unwrap_or_default());
    }
    page.blank();
    page.heading("What cannot be seen from here");
    page.list(&impact.unseen.iter().map(|line| ("-".to_owned(), line.clone())).collect::<Vec<_>>());
    page.into_text()
}

pub(super) fn write_login(own: &LoginImpact<'_>, tenant: &TenantId, style: Style) -> String {
    let mut page = Page::new(style);
    page.heading(&format!("What the integrator login {} could do at {tenant}", own.login.username));
    let serves = if own.integrations.is_empty() {
        "nothing that a rule file knows".to_owned()
    } else {
        own.integrations.join(", ")
    };
    page.list(&[("serves".to_owned(), serves)]);
    numbered(&mut page, "Contain it, in this order", &own.contain);
    page.blank();
    page.heading("What cannot be seen from here");
    page.list(&own.unseen.iter().map(|line| ("-".to_owned(), line.clone())).collect::<Vec<_>>());
    page.into_text()
}

pub(super) fn vendor_fact((id, fact): &(String, Fact)) -> (String, String) {
    let source = fact.source.as_ref().map(|source| format!(" ({source})")).unwrap_or_default();
    (fact.kind.label().to_owned(), format!("{}{source} [{id}]", fact.text))
}

pub(super) fn way(raise: &Raise) -> (String, String) {
    let verbs: Vec<_> = raise.verbs.iter().map(|(verb, level)| format!("{} {level}", verb.title())).collect();
    let verbs = verbs.join(", ");
    let how = match &raise.kind {
        GivenKind::Sure | GivenKind::Inferred => format!("{verbs}: {}", raise.how),
        GivenKind::Conditional { .. } => format!(
            "{verbs}: {}, unless the customise list leaves these tables out, which cannot be seen from here",
            raise.how
        ),
    };
    (raise.function.clone(), how)
}

pub(super) fn head(impact: &Impact<'_>) -> Vec<(String, String)> {
    let state = match impact.member.active() {
        Some(true) => "active",
        Some(false) => "inactive",
        None => "the PSA does not say whether it is active",
    };
    let role = impact
        .role
        .map_or_else(|| "none that could be found".to_owned(), |role| format!("{} ({})", role.name, role.id));
    let serves = if impact.integrations.is_empty() {
        "nothing that a binding or a rule file knows".to_owned()
    } else {
        impact.integrations.join(", ")
    };
    let member = format!("{} ({}), {state}", impact.name(), impact.member.id());
    let mut rows = vec![("member", member), ("role", role), ("serves", serves)];
    if !impact.limits.is_empty() {
        rows.push(("narrowed by", format!("{}; not taken off below", join_and(&impact.limits))));
    }
    rows.into_iter().map(|(label, text)| (label.to_owned(), text)).collect()
}

pub(super) fn summary(reach: &[Reach]) -> String {
    let number =
        |verbs: &[Verb]| reach.iter().filter(|row| verbs.iter().any(|&verb| row.allows(verb))).count();
    format!(
        "It reaches {}: it can read {}, write {} and delete in {}.",
        count(reach.len(), "function"),
        number(&[Verb::Inquire]),
        number(&[Verb::Add, Verb::Edit]),
        number(&[Verb::Delete])
    )
}

fn numbered(page: &mut Page, heading: &str, lines: &[String]) {
    page.blank();
    page.heading(heading);
    let rows = lines.iter().enumerate().map(|(i, line)| (format!("{}.", i + 1), line.clone()));
    page.list(&rows.collect::<Vec<_>>());
}

/// The worst first.
fn write_reach(page: &mut Page, reach: &[Reach]) {
    if reach.is_empty() {
        return;
    }
    page.blank();
    page.heading("What it reaches, the worst first");
    let rows = reach.iter().map(|row| {
        let words = row.exposes.as_ref().map(|words| format!(". {words}")).unwrap_or_default();
        (row.function.to_string(), format!("{}{words}", deeds(row)))
    });
    page.list(&rows.collect::<Vec<_>>());
}

/// "read, change only its own records".
pub(super) fn deeds(row: &Reach) -> String {
    let words =
        [(Verb::Inquire, "read"), (Verb::Add, "add"), (Verb::Edit, "change"), (Verb::Delete, "delete")];
    let deeds = words.into_iter().filter_map(|(verb, word)| match row.level(verb) {
        Some(Level::None) => None,
        Some(Level::My) => Some(format!("{word} only its own records")),
        Some(Level::All) => Some(word.to_owned()),
        None => Some(format!("perhaps {word} (the level was not understood)")),
    });
    deeds.collect::<Vec<_>>().join(", ")
}
