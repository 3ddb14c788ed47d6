//! LW311: a callback that nobody answers for, or that sends all records. Off unless the config gives it a severity.

use std::collections::HashSet;
use std::sync::Arc;

use super::detail::standing_outflow::{NotSaid, StandingOutflow, Why};
use super::{Answer, Answers, Binding, Case, Certainty, Check, CheckId, Detail, Finding, Run, Words};
use crate::model::{Callback, DatasetName, Gap, MemberId, MemberRef, Severity, Word};

pub(super) static CHECK: Check = Check {
    id: CheckId::StandingOutflow,
    name: "standing-outflow",
    severity: Severity::High,
    summary: "a callback belongs to nobody that is accounted for, to an inactive member, or sends all records",
    clear: "every callback belongs to an active member that is accounted for, and none sends all records",
    data: &[DatasetName::Callbacks, DatasetName::Roles, DatasetName::ApiMembers, DatasetName::Members],
    run: Run::Tenant(run),
    ..Check::OF_MEMBER
};

fn run(case: &Case<'_>) -> Answers {
    case.roles()?; // a rule file may account for the member through its role's name
    case.api_members()?;
    let callbacks = case.tenant.callbacks.rows().map_err(Clone::clone)?;
    let asked = case.is_limited.then(|| asked(case));
    let is_asked = |callback: &Callback| {
        asked.as_ref().is_none_or(|asked| callback.member.is_some_and(|id| asked.contains(&id)))
    };
    let on = callbacks.iter().filter(|callback| callback.active != Some(false) && is_asked(callback));
    let answer = |callback: &Callback| {
        let answer = match owner(case, callback) {
            Ok(owner) => judge(callback, &owner)?,
            Err(gap) => Answer::of_gap(gap),
        };
        Some(answer.key(callback.id.to_string()))
    };
    Ok(on.filter_map(answer).collect())
}

/// The members that belong to what was asked about.
fn asked(case: &Case<'_>) -> HashSet<MemberId> {
    let bindings = case.integrations.iter().flat_map(|integration| &integration.bindings);
    let members = case.members.iter().map(|member| member.id);
    members.chain(bindings.filter_map(Binding::member_id)).collect()
}

/// Whose a callback is.
enum Owner {
    Nobody,
    Unlisted(MemberRef),
    Member { member: MemberRef, active: Option<bool>, is_bound: bool },
}

impl Owner {
    fn member(&self) -> Option<MemberRef> {
        match self {
            Self::Nobody => None,
            Self::Unlisted(member) | Self::Member { member, .. } => Some(member.clone()),
        }
    }
}

fn owner(case: &Case<'_>, callback: &Callback) -> Result<Owner, Gap> {
    let Some(id) = callback.member else { return Ok(Owner::Nobody) };
    let is_bound = !case.bindings.of_member(id).is_empty();
    if let Some(api) = case.tenant.api_member(id) {
        return Ok(Owner::Member { member: api.into(), active: api.active, is_bound });
    }
    case.all_members()?;
    let found = case.tenant.member(id);
    Ok(found.map_or_else(
        || Owner::Unlisted(unnamed(id)),
        |member| Owner::Member { member: member.into(), active: member.active, is_bound },
    ))
}

const fn unnamed(id: MemberId) -> MemberRef {
    MemberRef { id, identifier: None, namesake: false }
}

/// What is wrong with a callback of this owner; `None` where nothing is.
fn judge(callback: &Callback, owner: &Owner) -> Option<Answer> {
    let mut why = match owner {
        Owner::Nobody => vec![Why::NoMember],
        Owner::Unlisted(_) => vec![Why::Unlisted],
        Owner::Member { active, is_bound, .. } => {
            let unbound = (!is_bound).then_some(Why::Unbound);
            unbound.into_iter().chain((*active == Some(false)).then_some(Why::Inactive)).collect()
        }
    };
    why.extend((callback.sees_all() == Some(true)).then_some(Why::AllRecords));
    let not_said = match owner {
        _ if !why.is_empty() => callback.active.is_none().then_some(NotSaid::Active),
        Owner::Member { active: None, .. } => Some(NotSaid::MemberActive),
        _ => callback.sees_all().is_none().then_some(NotSaid::Level),
    };
    let answer = match not_said {
        Some(what) => Answer::unknown(detail(StandingOutflow::NotSaid { id: callback.id, what })),
        None if why.is_empty() => return None,
        None => {
            // That setting the member inactive does not stop it is inferred.
            let certainty = if why == [Why::Inactive] { Certainty::Inferred } else { Certainty::Certain };
            Answer::fail(detail(StandingOutflow::On { callback: callback.clone(), why })).certainty(certainty)
        }
    };
    Some(match owner.member() {
        Some(member) => answer.member(Arc::new(member)),
        None => answer,
    })
}

fn detail(detail: StandingOutflow) -> Detail {
    Detail::StandingOutflow(Box::new(detail))
}

/// "all Ticket records", "Ticket records (level Board)".
fn records(callback: &Callback) -> String {
    let records = match callback.kind {
        Some(Word::Known(kind)) => format!("{kind} records"),
        Some(Word::Unknown(characters)) => {
            format!("records of a type of {characters} characters that leastwise does not know")
        }
        None => "records of a type that the PSA does not name".to_owned(),
    };
    match (callback.sees_all(), callback.level) {
        (Some(true), _) => format!("all {records}"),
        (_, Some(level)) => format!("{records} (level {level})"),
        (_, None) => records,
    }
}

fn host(callback: &Callback) -> &str {
    callback.host.as_deref().unwrap_or("an address that is not understood")
}

impl Why {
    fn words(self, member: &str) -> String {
        match self {
            Self::NoMember => "the PSA names no member for it".to_owned(),
            Self::Unlisted => format!("{member}, to whom it belongs, is in no list of members"),
            Self::Unbound => format!("no binding and no rule file accounts for {member}"),
            Self::Inactive => format!("{member} is inactive, and it is inferred that this does not stop it"),
            Self::AllRecords => "its level, Owner, means every record".to_owned(),
        }
    }
}

impl Words for StandingOutflow {
    fn message(&self, finding: &Finding) -> String {
        match self {
            Self::On { callback, why } => {
                let member = finding.member.as_ref().map(ToString::to_string).unwrap_or_default();
                let why: Vec<_> = why.iter().map(|why| why.words(&member)).collect();
                format!(
                    "callback {} sends {} to {} at every save, without any key: {}",
                    callback.id,
                    records(callback),
                    host(callback),
                    why.join("; ")
                )
            }
            Self::NotSaid { id, what } => {
                let what = match what {
                    NotSaid::Active => "whether it is active",
                    NotSaid::MemberActive => "whether its member is active",
                    NotSaid::Level => "with a level that is known which records it sends",
                };
                format!("of callback {id} the PSA does not say {what}")
            }
        }
    }

    fn fix(&self, finding: &Finding) -> Option<String> {
        let Self::On { callback, why } = self else { return None };
        let host = host(callback);
        if why == &[Why::AllRecords] {
            return Some(format!(
                "ask whoever runs {host} whether fewer records are enough (a level such as Board or Company); if all are needed, accept that with a waiver"
            ));
        }
        let bind = match &finding.member {
            Some(member) if why.contains(&Why::Unbound) => {
                format!("bind {member} in leastwise.toml if it is wanted; else ")
            }
            _ => String::new(),
        };
        Some(format!(
            "find out who runs {host}; {bind}ask whoever made the callback to delete it by API (DELETE /system/callbacks/{}); we know no screen of the PSA that lists callbacks",
            callback.id
        ))
    }

    fn actual(&self) -> Option<String> {
        let Self::On { callback, .. } = self else { return None };
        Some(format!("{} to {}", records(callback), host(callback)))
    }
}

#[cfg(test)]
mod tests {
    use super::{CHECK, Owner, judge};
    use crate::checks::Subject;
    use crate::checks::testing::lines;
    use crate::model::{Callback, MemberId, MemberRef, Word};

    /// Tickets of one board, to a host.
    fn callback() -> Callback {
        Callback {
            id: 12,
            kind: Some(Word::of("Ticket")),
            level: Some(Word::of("Board")),
            member: Some(MemberId(251)),
            host: Some("hooks.example.com".into()),
            active: Some(true),
        }
    }

    fn all() -> Callback {
        Callback { level: Some(Word::of("Owner")), ..callback() }
    }

    fn of(active: Option<bool>, is_bound: bool) -> Owner {
        let member = MemberRef { id: MemberId(251), identifier: Some("sync".into()), namesake: false };
        Owner::Member { member, active, is_bound }
    }

    fn said(callback: &Callback, owner: &Owner) -> String {
        let answers = judge(callback, owner).into_iter().collect();
        lines(&CHECK, &Subject::default(), answers).concat()
    }

    #[test]
    fn each_reason_is_said_and_a_callback_without_one_passes() {
        assert_eq!(said(&callback(), &of(Some(true), true)), "");
        let head = "callback 12 sends Ticket records (level Board) to hooks.example.com at every save, without any key";
        for (owner, status, why) in [
            (Owner::Nobody, "fail certain", "the PSA names no member for it"),
            (of(Some(true), false), "fail certain", "no binding and no rule file accounts for sync"),
            (of(None, false), "fail certain", "no binding and no rule file accounts for sync"),
            (
                of(Some(false), true),
                "fail inferred",
                "sync is inactive, and it is inferred that this does not stop it",
            ),
        ] {
            let said = said(&callback(), &owner);
            assert!(said.starts_with(&format!("{status} -: {head}: {why} => ")), "{said}");
        }
        let all = said(&all(), &of(Some(true), true));
        assert!(all.starts_with("fail certain -: callback 12 sends all Ticket records to"), "{all}");
        assert!(all.contains("whether fewer records are enough"), "{all}");
    }

    #[test]
    fn what_is_not_said_makes_only_that_callback_unknown() {
        let unknown =
            |what: &str| format!("unknown certain -: of callback 12 the PSA does not say {what} => -");
        let odd = |level: Option<&str>| Callback { level: level.map(Word::of), ..callback() };
        let bound = of(Some(true), true);
        let level = unknown("with a level that is known which records it sends");
        assert_eq!(said(&odd(None), &bound), level);
        assert_eq!(said(&odd(Some("canary")), &bound), level);
        assert_eq!(said(&callback(), &of(None, true)), unknown("whether its member is active"));
        let perhaps = Callback { active: None, ..all() };
        assert_eq!(said(&perhaps, &bound), unknown("whether it is active"));
        let perhaps = Callback { active: None, ..callback() };
        assert_eq!(said(&perhaps, &bound), "", "nothing is wrong with it, active or not");
    }

    #[test]
    fn nothing_that_somebody_typed_is_repeated() {
        let odd = Callback { kind: Some(Word::of("canary")), level: None, host: None, ..callback() };
        let said = said(&odd, &Owner::Nobody);
        assert!(!said.contains("canary"), "{said}");
        assert!(said.contains("a type of 6 characters that leastwise does not know"), "{said}");
        assert!(said.contains("to an address that is not understood"), "{said}");
    }
}
