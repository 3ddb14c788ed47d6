//! One key in a review: what is known of it, and what is recommended; never a decision.

use serde::Serialize;

use super::judged::Judged;
use crate::access::{By, PowerRow, Reach};
use crate::audit::{Key, Plan};
use crate::checks::Holders;
use crate::impact::limits;
use crate::model::{MemberRef, RoleId, Tenant};
use crate::policy::review::{State, Subject};
use crate::term::text::{count, count_days, join_and, join_few};

/// What is said of a key, in this order.
pub(crate) const COLUMNS: [&str; 26] = [
    "integration",
    "vendor",
    "purpose",
    "owner",
    "technical contact",
    "kind",
    "id",
    "identifier",
    "active",
    "role id",
    "role",
    "restrictions",
    "who else holds the role",
    "works",
    "standing",
    "asked for by the vendor",
    "in excess",
    "accepted",
    "permissions missing",
    "permissions in excess",
    "last used",
    "role last changed",
    "key made on",
    "changed since the last review",
    "last decision",
    "recommendation",
];

/// What a person fills in.
pub(crate) const BLANKS: [&str; 7] =
    ["decision", "reason", "reviewer", "date", "ticket", "due", "closed by snapshot"];

/// Many holders of a role are counted beyond so many.
const NAMED: usize = 6;

/// One key.
#[derive(Serialize)]
pub(crate) struct Row {
    pub(crate) subject: Subject,
    pub(crate) name: String,
    pub(crate) fields: Vec<String>,
    /// The digest of its access; `None` where that could not be read in full.
    pub(crate) access: Option<String>,
}

impl Row {
    /// The row of a key; `None` where an expected integration has none.
    pub(super) fn of(key: &Key, of: &Judged<'_>, holders: &Holders<'_>) -> Option<Self> {
        let rules = key.integration.as_ref().and_then(|own| of.library.get(&own.id));
        let subject = key.subject()?;
        let (kind, id) = match subject {
            Subject::Login(id) => ("integrator login", id),
            Subject::Member(id) if key.person => ("a person's licence", id.0),
            Subject::Member(id) => ("API member", id.0),
        };
        let name = key.bare_name();
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let not_said = || "the PSA does not say".to_owned();
        let fields = [
            key.integration
                .as_ref()
                .map_or_else(|| "none that is known".to_owned(), |own| own.id.to_string()),
            text(rules.map(|rules| rules.vendor.as_str())),
            text(key.ownership.purpose.as_deref()),
            text(key.ownership.owner.as_deref()),
            String::new(),
            kind.to_owned(),
            id.to_string(),
            name.clone(),
            key.active.map_or_else(not_said, |active| if active { "yes" } else { "no" }.to_owned()),
            key.role.as_ref().map(|role| role.id.to_string()).unwrap_or_default(),
            key.role.as_ref().map(|role| role.name.to_string()).unwrap_or_default(),
            restrictions(subject, of.tenant),
            key.role.as_ref().map(|role| others(role.id, id, of.tenant, holders)).unwrap_or_default(),
            works(key).to_owned(),
            join_and(&key.standing.iter().map(|own| own.as_str()).collect::<Vec<_>>()),
            powers(key, By::Asked),
            powers(key, By::Excess),
            powers(key, By::Accepted),
            counted(key, key.missing),
            excess(key),
            key.last_use_days.map_or_else(
                || "the PSA does not show it".to_owned(),
                |days| format!("{} before it was read", count_days(i32::try_from(days).unwrap_or(i32::MAX))),
            ),
            role_changed(key, of.tenant),
            key.ownership.key_made.map_or_else(|| "not written down".to_owned(), |day| day.to_string()),
            changed(key).to_owned(),
            last_decision(key),
            recommendation(key, &of.judgement.plan),
        ];
        Some(Self { subject, name, fields: fields.to_vec(), access: key.access.clone() })
    }

    /// The field of a column.
    pub(crate) fn field(&self, column: &str) -> &str {
        let place = COLUMNS.iter().position(|own| *own == column);
        place.and_then(|place| self.fields.get(place)).map_or("", String::as_str)
    }

    /// The fields that say something, with their columns, without those that stand in a heading.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = COLUMNS.into_iter().zip(self.fields.iter().map(String::as_str));
        all.filter(|(column, text)| !text.is_empty() && !["identifier", "id"].contains(column))
    }

    /// "Umbrella (251)"; a login is called one.
    pub(crate) fn title(&self) -> String {
        match self.subject {
            Subject::Member(id) => format!("{} ({id})", self.name),
            Subject::Login(id) => format!("login {} ({id})", self.name),
        }
    }
}

fn works(key: &Key) -> &'static str {
    use crate::audit::Works;
    match key.works {
        Works::Off => "switched off",
        Works::No => "no",
        Works::Unknown => "not known",
        Works::Yes => "yes, as far as the PSA shows",
    }
}

/// How many permissions nothing needs; of a role with the admin flag, they are not counted.
fn excess(key: &Key) -> String {
    if key.admin { "everything: its role has the admin flag".to_owned() } else { counted(key, key.excess) }
}

/// A number of permissions; of a key whose need or whose permissions are not known, there is none.
fn counted(key: &Key, number: usize) -> String {
    if key.integration.is_none() || key.powers.is_none() {
        "not known".to_owned()
    } else {
        number.to_string()
    }
}

/// The day on which the PSA says that the role was last changed. By whom is a person's name, which no review shows.
fn role_changed(key: &Key, tenant: &Tenant) -> String {
    let role = key.role.as_ref().and_then(|role| tenant.role(role.id));
    let at = role.and_then(|role| role.updated.as_ref()).and_then(|updated| updated.at.as_deref());
    match at.and_then(|at| at.split('T').next()) {
        Some(day) => day.to_owned(),
        None => "not in this snapshot".to_owned(),
    }
}

fn restrictions(subject: Subject, tenant: &Tenant) -> String {
    let Subject::Member(id) = subject else { return String::new() };
    let member = tenant.api_member(id).map(crate::checks::BoundMember::Api);
    member.map(|member| join_and(&limits(&member, tenant))).unwrap_or_default()
}

fn others(role: RoleId, own: i64, tenant: &Tenant, holders: &Holders<'_>) -> String {
    let api = holders.api(role).iter().filter(|member| member.id.0 != own);
    let mut names: Vec<_> = api.map(|member| MemberRef::from(*member).to_string()).collect();
    if tenant.members.rows().is_err() {
        names.push("people who could not be counted".to_owned());
        return join_few(&names, NAMED);
    }
    let people =
        holders.all(role).iter().filter(|member| member.is_person() != Some(false) && member.id.0 != own);
    let people = people.filter(|member| tenant.api_member(member.id).is_none()).count();
    if people > 0 {
        names.push(count(people, "person"));
    }
    if names.is_empty() { "nobody".to_owned() } else { join_few(&names, NAMED) }
}

/// What a key can do for this reason, in words for a board.
pub(super) fn powers(key: &Key, by: By) -> String {
    let Some(rows) = key.powers.as_ref().filter(|_| key.login.is_none()) else {
        if key.login.is_some() {
            return if by == By::Excess {
                "what a login may do is shown nowhere".to_owned()
            } else {
                String::new()
            };
        }
        return if by == By::Excess {
            "what its role gives could not be read".to_owned()
        } else {
            String::new()
        };
    };
    let words: Vec<_> = rows.iter().filter(|row| row.by == by).map(power).collect();
    join_and(&words)
}

fn power(row: &PowerRow) -> String {
    let mut notes = Vec::new();
    if row.level == Reach::Own {
        notes.push("its own records");
    }
    if row.conditional {
        notes.push("unless a customise list takes it away");
    }
    if row.inferred {
        notes.push("nobody has shown it");
    }
    if row.dormant {
        notes.push("once it is active");
    }
    let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join("; ")) };
    format!("{}{notes}", row.power.board_words())
}

fn changed(key: &Key) -> &'static str {
    match key.decided.as_ref().map(|own| own.state) {
        None => "never reviewed",
        Some(State::Holds | State::RanOut) => "no",
        Some(State::Lapsed) => "yes",
        Some(State::NotRead) => "not known",
    }
}

pub(super) fn last_decision(key: &Key) -> String {
    let Some(decided) = &key.decided else { return "none".to_owned() };
    let answer = &decided.answer;
    let worth = match decided.state {
        State::Holds => "",
        State::Lapsed => "; it lapsed, since the access has changed",
        State::RanOut => "; it has run out",
        State::NotRead => "; whether it holds is not known",
    };
    let ticket = answer.ticket.as_ref().map(|ticket| format!(", {ticket}")).unwrap_or_default();
    format!("{}, by {} on {}{ticket}{worth}", answer.word.as_str(), answer.reviewer, answer.date)
}

/// What the plan says of the key. Never to keep it: that is for a person to say.
fn recommendation(key: &Key, plan: &Plan) -> String {
    let is_its = |step: &&crate::audit::Step| {
        let by_member = step.member.is_some() && step.member == key.member;
        let by_login = step.login.is_some() && step.login == key.login;
        let by_role = step.member.is_none() && step.role.is_some() && step.role == key.role;
        by_member || by_login || by_role
    };
    let steps: Vec<_> = plan.steps.iter().filter(is_its).map(crate::audit::Step::title).collect();
    if !steps.is_empty() {
        return steps.join("; ");
    }
    let left = plan.left.iter().find(|left| {
        left.member.is_some() && left.member == key.member && left.integration == key.integration
    });
    left.map_or_else(
        || "nothing was found: decide whether it is still wanted".to_owned(),
        |left| left.reason.to_string(),
    )
}
