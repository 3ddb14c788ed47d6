//! The first screen: at most 24 lines of 80 columns, by keys. What is broken, what a thief could do, whose key is
//! nobody's, what somebody has to decide, and the first steps with their commands.

use super::gate;
use crate::access::By;
use crate::audit::{Key, Kind, Standing, Step, What};
use crate::checks::{CheckId, Finding, Status};
use crate::model::{Power, RoleRef};
use crate::render::{TenantReport, words};
use crate::term::text::{count, join_few, join_fitting};
use crate::term::{Page, Paint};

/// The lines of a screen.
const LINES: usize = 24;

/// So many of them at most name keys.
const KEY_LINES: usize = 12;

/// So many keys of one kind have a line of their own, where there is room for it.
const OF_ONE_KIND: usize = 3;

/// So many names stand in one line.
const NAMED: usize = 6;

/// So many new findings are shown beside a baseline.
const NEW: usize = 4;

/// Where the keys of a group begin.
const LABEL: usize = 18;

/// A line: its label, its colour, a name and what there is to say.
struct Line {
    label: &'static str,
    paint: Paint,
    text: String,
}

/// Writes the screen of one tenant into the lines that are left; `name` is the tenant's.
pub(super) fn write(page: &mut Page, name: &str, tenant: &TenantReport) {
    page.heading(&format!("{name}, {}", words::read_at(&tenant.source)));
    let mut used = 1;
    used += gate::since_baseline(page, tenant, NEW);
    if let Some(line) = scope(tenant) {
        page.paragraph(&line);
        used += 1;
    }
    page.blank();
    let room = usize::from(page.width()).saturating_sub(LABEL);
    let fewer = (1..=OF_ONE_KIND).rev().map(|each| key_lines(tenant, room, each));
    let too_many = |lines: &Vec<Line>| if lines.len() > KEY_LINES { lines.len() } else { 0 };
    let lines = fewer.min_by_key(too_many).unwrap_or_default();
    for line in lines.iter().take(KEY_LINES) {
        page.labelled(line.label, LABEL, line.paint, &line.text);
    }
    used += 1 + lines.len().min(KEY_LINES);
    let footer = footer(tenant);
    steps(page, tenant, LINES.saturating_sub(used + footer.len() + 3));
    page.blank();
    for line in footer {
        page.paragraph(&line);
    }
}

/// What the screen speaks of, where that is not everything.
fn scope(tenant: &TenantReport) -> Option<String> {
    if tenant.is_outdated {
        return Some("The snapshot is older than --max-age allows: nothing here is a pass.".to_owned());
    }
    let asked = tenant.asked.as_ref()?;
    Some(format!("Limited to {}.", join_few(asked, NAMED)))
}

/// What there is to say of the keys: of `each` kind so many lines, within `room` characters where that can be.
fn key_lines(tenant: &TenantReport, room: usize, each: usize) -> Vec<Line> {
    let keys = &tenant.keys;
    let mut lines = Vec::new();
    let not_read: Vec<_> = tenant.coverage.iter().filter(|own| own.reason.is_some()).collect();
    if let Some(first) = not_read.first() {
        let reason = first.reason.as_deref().unwrap_or_default();
        let more =
            if not_read.len() > 1 { format!(" (and {} more)", not_read.len() - 1) } else { String::new() };
        lines.push(Line {
            label: "NOT READ",
            paint: Paint::Yellow,
            text: format!("{}{more}: {reason}", first.dataset),
        });
    }
    let with = |standing| keys.iter().filter(move |key| key.is(standing));
    group(&mut lines, (room, each), "BROKEN", Paint::Yellow, with(Standing::Broken), |key, room| {
        broken(tenant, key, room)
    });
    let takes_over = |key: &&Key| key.dangers(By::Excess).any(|row| row.power == Power::TakeOver);
    let exposed = |key: &&Key| key.is(Standing::Exposed) || key.is(Standing::Unowned);
    let over = keys.iter().filter(exposed).filter(takes_over);
    group(&mut lines, (room, each), "CAN TAKE OVER PSA", Paint::Red, over, |key, room| {
        danger(tenant, key, Power::TakeOver, room)
    });
    let others = keys
        .iter()
        .filter(exposed)
        .filter(|key| !takes_over(key) && key.dangers(By::Excess).next().is_some());
    group(&mut lines, (room, each), "INTO CUSTOMERS'", Paint::Red, others, |key, room| {
        let worst = key.dangers(By::Excess).map(|row| row.power).min().unwrap_or(Power::ReadSecrets);
        danger(tenant, key, worst, room)
    });
    group(&mut lines, (room, each), "NOBODY'S", Paint::Red, with(Standing::Unowned), |key, _| unowned(key));
    group(
        &mut lines,
        (room, each),
        "FOR YOU TO DECIDE",
        Paint::Yellow,
        with(Standing::ToDecide),
        |key, _| to_decide(key),
    );
    for (label, standing, paint) in [
        ("EXCESS", Standing::Excess, Paint::Plain),
        ("NOT KNOWN", Standing::Undetermined, Paint::Yellow),
        ("OFF", Standing::SwitchedOff, Paint::Plain),
        ("ACCEPTED", Standing::Accepted, Paint::Plain),
        ("FINE", Standing::Fine, Paint::Green),
    ] {
        let names: Vec<_> = keys.iter().filter(|key| key.worst() == standing).map(named).collect();
        if !names.is_empty() {
            lines.push(Line { label, paint, text: join_fitting(&names, room) });
        }
    }
    if tenant.nothing_matched {
        let text = "no member and no role has the name that was asked for".to_owned();
        lines.push(Line { label: "NOT FOUND", paint: Paint::Yellow, text });
    } else if keys.is_empty() && not_read.is_empty() {
        lines.push(Line {
            label: "NO KEYS",
            paint: Paint::Plain,
            text: "no API member and no expected integration".to_owned(),
        });
    }
    lines
}

fn group<'k>(
    lines: &mut Vec<Line>,
    (room, each): (usize, usize),
    label: &'static str,
    paint: Paint,
    keys: impl Iterator<Item = &'k Key>,
    text: impl Fn(&Key, usize) -> String,
) {
    let keys: Vec<_> = keys.collect();
    // One more takes no more room than its name in a line of its own.
    let shown = if keys.len() == each + 1 { keys.len() } else { each };
    let width = keys.iter().take(shown).map(|key| named(key).chars().count()).max().unwrap_or_default();
    for (place, key) in keys.iter().take(shown).enumerate() {
        let name = named(key);
        let gap = " ".repeat(width.saturating_sub(name.chars().count()));
        let label = if place == 0 { label } else { "" };
        let text = text(key, room.saturating_sub(width + 2));
        lines.push(Line { label, paint, text: format!("{name}{gap}  {text}") });
    }
    if keys.len() > shown {
        let names: Vec<_> = keys[shown..].iter().map(|key| named(key)).collect();
        lines.push(Line {
            label: "",
            paint,
            text: format!("and {}", join_fitting(&names, room.saturating_sub(4))),
        });
    }
}

/// A key's name; the integration's behind it where the two differ too much to be told from each other.
fn named(key: &Key) -> String {
    let name = key.name();
    match &key.login {
        Some(_) => format!("{name} (old login)"),
        None => name,
    }
}

fn of_role<'t>(tenant: &'t TenantReport, key: &'t Key, check: CheckId) -> impl Iterator<Item = &'t Finding> {
    tenant.results.iter().filter(move |finding| {
        finding.check == check
            && finding.status == Status::Fail
            && finding.role.is_some()
            && finding.role == key.role
            && (finding.integration.is_none() || finding.integration == key.integration)
    })
}

fn broken(tenant: &TenantReport, key: &Key, room: usize) -> String {
    if key.member.is_none() {
        return "has no API member".to_owned();
    }
    for (check, text) in
        [(CheckId::InactiveRole, "its role is inactive"), (CheckId::RoleNotFound, "its role does not exist")]
    {
        if key.faults.contains(&check) {
            return text.to_owned();
        }
    }
    let refused =
        if key.faults.contains(&CheckId::MissingTable) { "a table that it needs is refused" } else { "" };
    let missing: Vec<_> = of_role(tenant, key, CheckId::MissingPermission).filter_map(permission).collect();
    let role = namesake(key).map(|role| format!("role {role} ")).unwrap_or_default();
    if missing.is_empty() {
        return refused.to_owned();
    }
    let also = if refused.is_empty() { String::new() } else { format!("{refused}; ") };
    let lacks = format!("{also}{role}missing: ");
    let room = room.saturating_sub(lacks.chars().count());
    format!("{lacks}{}", join_fitting(&missing, room))
}

/// The role of a key, where another bears its name, so that the member alone does not say which it is.
fn namesake(key: &Key) -> Option<&RoleRef> {
    key.role.as_deref().filter(|role| role.namesake)
}

/// "Service Tickets Edit".
fn permission(finding: &Finding) -> Option<String> {
    Some(format!("{} {}", finding.function.as_ref()?.function, finding.verb?.title()))
}

fn danger(tenant: &TenantReport, key: &Key, power: Power, room: usize) -> String {
    let role = key.role.as_ref().map(ToString::to_string).unwrap_or_default();
    if key.admin {
        return format!("role {role}: everything");
    }
    let ways: Vec<_> = of_role(tenant, key, CheckId::ExcessivePermission)
        .filter(|finding| finding.powers().contains(&power))
        .filter_map(permission)
        .collect();
    if ways.is_empty() {
        return format!("{} (role {role})", power.board_words());
    }
    let role = namesake(key).map(|role| format!("role {role}: ")).unwrap_or_default();
    let room = room.saturating_sub(role.chars().count());
    format!("{role}{}", join_fitting(&ways, room))
}

fn unowned(key: &Key) -> String {
    let used = match key.last_use_days {
        Some(0) => "used today".to_owned(),
        Some(days) => format!("last used {} ago", count(days as usize, "day")),
        None => "last use not shown".to_owned(),
    };
    let role = key.role.as_ref().map_or_else(|| "no role".to_owned(), |role| format!("role {role}"));
    format!("{used}; {role}")
}

fn to_decide(key: &Key) -> String {
    let asked: Vec<_> = key.dangers(By::Asked).map(|row| row.power.board_words()).collect();
    format!("{}: its vendor asks for it", join_few(&asked, 2))
}

/// The first steps, as many as there is room for.
fn steps(page: &mut Page, tenant: &TenantReport, room: usize) {
    let steps: Vec<_> = tenant.plan.steps.iter().filter(|step| step.kind != Kind::Prove).collect();
    if steps.is_empty() || room < 2 {
        return;
    }
    page.blank();
    page.heading("Do this, in this order (first: leastwise snapshot -o before.json)");
    let mut left = room;
    for step in steps {
        let how = command(step);
        let lines = 1 + usize::from(how.is_some());
        if left < lines {
            break;
        }
        left -= lines;
        let ask = if step.decision { " (you decide)" } else { "" };
        page.line(&format!("{:>2}  {}{ask}", step.number, step.title()));
        if let Some(how) = how {
            page.line(&format!("    {how}"));
        }
    }
}

/// What to type or to click.
fn command(step: &Step) -> Option<String> {
    let id = step.integration.as_ref().map(|integration| &integration.id);
    match (step.kind, id) {
        (Kind::Restore, Some(id)) => match step.what {
            What::SetUp => Some(format!("leastwise checklist --integration {id} --new")),
            // A checklist has no evidence, and so does not know what a customise list refuses.
            What::Tables(_) => step.clicks().into_iter().nth(1),
            _ => Some(format!("leastwise checklist --integration {id} --missing")),
        },
        (Kind::Separate | Kind::Cut | Kind::Remove, Some(id)) => {
            Some(format!("leastwise checklist --integration {id}"))
        }
        (Kind::Disable, _) => step.clicks().into_iter().next_back(),
        _ => None,
    }
}

fn footer(tenant: &TenantReport) -> Vec<String> {
    let of = |status| tenant.results.iter().filter(|finding| finding.status == status).count();
    let mut parts = vec![count(tenant.findings().count(), "finding")];
    let steps = tenant.plan.steps.len();
    if steps > 0 {
        parts.push(count(steps, "step"));
    }
    for (number, words) in [
        (tenant.plan.left.len(), "without a step"),
        (of(Status::Manual), "to look at in the PSA"),
        (of(Status::Unknown), "unknown"),
        (of(Status::Waived), "waived"),
    ] {
        if number > 0 {
            parts.push(format!("{number} {words}"));
        }
    }
    vec![format!("{}. More: --details or --open", parts.join(", "))]
}
