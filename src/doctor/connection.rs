//! Settings, connection, clock and company: everything before the key is looked at.

use super::Doctor;
use super::facts::{Facts, NoCompany, Trouble};
use super::step::{Step, StepId};
use crate::exit::Exit;
use crate::rules::Cause;
use crate::term::text::{count, join_and};

/// Clocks that differ by less are as good as equal: certificates and `lastLogin` do not mind.
const TOLERATED: i64 = 5 * 60;

/// Settings are there and well formed.
pub(super) fn settings(facts: &Facts, doctor: &Doctor<'_>) -> Step {
    let problems = &facts.settings.problems;
    let mut step = match problems.as_slice() {
        [] => Step::ok(StepId::Settings, "site, company, client id and key pair are set"),
        [first, rest @ ..] => {
            let mut step =
                Step::fail(StepId::Settings, first.clone()).fix(how_to_set(problems)).stop(Exit::Usage);
            step.notes.extend(rest.iter().cloned());
            step.note(format!(
                "without this key: `leastwise checklist --integration {} --missing` names the missing permissions with leastwise's own key; it cannot see customise lists",
                doctor.rules.id
            ))
        }
    };
    step.notes.extend(facts.settings.remarks.iter().cloned());
    step
}

/// Where the settings are, in the order in which people set them.
const VARIABLES: [&str; 5] = [
    "LEASTWISE_SITE",
    "LEASTWISE_COMPANY",
    "LEASTWISE_CLIENT_ID",
    "LEASTWISE_INTEGRATION_PUBLIC_KEY",
    "LEASTWISE_INTEGRATION_PRIVATE_KEY",
];

/// Names what the problems are about; all of it where they do not say.
fn how_to_set(problems: &[String]) -> String {
    let is_named = |variable: &&str| problems.iter().any(|problem| problem.contains(*variable));
    let named: Vec<_> = VARIABLES.into_iter().filter(is_named).collect();
    let named = if named.is_empty() { VARIABLES.to_vec() } else { named };
    let is_of_pair = named.iter().any(|variable| variable.starts_with("LEASTWISE_INTEGRATION_"));
    let key = if is_of_pair {
        "; the pair is a second key made on the integration's API member for this (System > Members > API Members > the member > API Keys > +), or the key of a temporary API member with the same role: delete it afterwards"
    } else {
        ""
    };
    format!("set {}{key}", join_and(&named))
}

/// The site answers, and the API with it.
pub(super) fn connection(facts: &Facts, doctor: &Doctor<'_>) -> Option<Step> {
    let site = facts.tenant.as_ref().map(|tenant| tenant.site.clone()).unwrap_or_default();
    Some(match facts.company.as_ref()? {
        Err(NoCompany::Trouble(trouble)) => {
            failed(doctor, StepId::Connection, trouble, "the PSA cannot be asked").stop(Exit::Failed)
        }
        Err(NoCompany::Unknown) | Ok(_) => Step::ok(StepId::Connection, format!("{site} answers")),
    })
}

/// Causes of what a vendor's product asked for: a record, a field, a function. No advice about them fits a call of
/// leastwise's own, which asks for lists and for its own member.
const OF_A_PRODUCT: [&str; 9] = [
    "api-only-member",
    "bad-condition",
    "call-version",
    "customer-not-found",
    "http-403",
    "integrator-login",
    "invalid-object",
    "permission-denied",
    "record-not-found",
];

/// The known cause of a fault of leastwise's own call, where its advice fits such a call.
pub(super) fn cause_of<'d>(doctor: &Doctor<'d>, trouble: &Trouble) -> Option<&'d Cause> {
    let cause = doctor.causes.of_fault(trouble.status, &trouble.cause)?;
    (!OF_A_PRODUCT.contains(&cause.id.as_str())).then_some(cause)
}

/// A step that failed for a fault of the network or of the PSA, with its known cause.
pub(super) fn failed(doctor: &Doctor<'_>, id: StepId, trouble: &Trouble, else_says: &str) -> Step {
    match cause_of(doctor, trouble) {
        Some(cause) => Step::fail(id, cause.cause.clone()).fix(cause.fix.clone()).note(trouble.text.clone()),
        None => Step::fail(id, format!("{else_says}: {}", trouble.text)),
    }
}

/// The clocks agree.
pub(super) fn clock(facts: &Facts) -> Option<Step> {
    facts.company.as_ref()?;
    let Some(skew) = facts.skew else {
        return Some(Step::unknown(StepId::Clock, "the PSA did not say what time it has"));
    };
    let off = usize::try_from(skew.unsigned_abs()).unwrap_or(usize::MAX);
    if skew.abs() <= TOLERATED {
        return Some(Step::ok(StepId::Clock, "this machine's clock and the PSA's agree"));
    }
    let size = match off {
        ..7200 => count(off / 60, "minute"),
        7200..172_800 => count(off / 3600, "hour"),
        _ => count(off / 86_400, "day"),
    };
    let way = if skew > 0 { "ahead of" } else { "behind" };
    Some(
        Step::remark(StepId::Clock, format!("the PSA's clock is {size} {way} this machine's"))
            .cause("one of the two clocks is wrong; certificates and the age of a login are judged by them")
            .fix(
                "set this machine's clock by the network; if it is right, tell whoever runs the PSA's server",
            ),
    )
}

/// The site knows the company.
pub(super) fn company(facts: &Facts) -> Option<Step> {
    let tenant = facts.tenant.as_ref()?;
    Some(match facts.company.as_ref()? {
        Err(NoCompany::Trouble(_)) => return None,
        Err(NoCompany::Unknown) => {
            let mut step = Step::fail(StepId::Company, format!("{} knows no company \"{}\"", tenant.site, tenant.company))
                .cause("the login company id is wrong, or the company is on another site (na, eu, au, …)")
                .fix("set LEASTWISE_COMPANY to the company id that is typed on the PSA's login screen, and enter the same in the vendor's console")
                .stop(Exit::Failed);
            if tenant.company.contains(' ') {
                step = step
                    .note("it has a blank in it, as names have: the login company id is short and has none");
            }
            step
        }
        Ok(company) => {
            let hosting = match company.cloud {
                Some(true) => "in ConnectWise's cloud",
                Some(false) => "on-premises",
                None => "the site does not say where it is hosted",
            };
            let version = company.version.as_deref().unwrap_or("release not said");
            Step::ok(
                StepId::Company,
                format!("{}: {hosting}, {version}, codebase {}", tenant.company, company.codebase),
            )
        }
    })
}
