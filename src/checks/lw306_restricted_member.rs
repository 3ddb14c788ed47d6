//! LW306: something on the member itself narrows what its role gives.

use super::detail::{RestrictedMember, Restriction};
use super::{Answer, Answers, Binding, BoundMember, Case, Check, CheckId, Detail, Finding, Run, Words};
use crate::model::{DatasetName, Limit, Name, Severity};
use crate::term::text::join_and;

pub(super) static CHECK: Check = Check {
    id: CheckId::RestrictedMember,
    name: "restricted-member",
    severity: Severity::Info,
    summary: "the member's level, restrict flags or boards hide records from it",
    clear: "the member's level, restrict flags and boards hide no records from it",
    data: &[DatasetName::ApiMembers, DatasetName::MemberUse],
    run: Run::Bound(run),
    ..Check::OF_MEMBER
};

fn run(case: &Case<'_>, _binding: &Binding<'_>, member: &BoundMember<'_>) -> Answers {
    let answer = |answer: fn(Detail) -> Answer, detail| Ok(vec![answer(Detail::RestrictedMember(detail))]);
    let BoundMember::Api(member) = member else {
        return answer(Answer::not_applicable, RestrictedMember::Person);
    };
    case.tenant.member_use.rows().map_err(Clone::clone)?;
    let Some(own) = case.tenant.use_of(member.id) else {
        return answer(Answer::unknown, RestrictedMember::NotListed);
    };
    let limits = member.limits(Some(own));
    let narrowed: Vec<_> = limits.iter().filter_map(restriction).collect();
    if let ([], [Limit::UnclearLevel(level)]) = (narrowed.as_slice(), limits.as_slice()) {
        return answer(Answer::manual, RestrictedMember::LevelUnclear { level: Name::clone(level) });
    }
    if narrowed.is_empty() {
        let unsaid = own.restrict_location.is_none() || own.restrict_department.is_none();
        return if unsaid || member.level.is_none() {
            answer(Answer::manual, RestrictedMember::NotSaid)
        } else {
            Ok(Vec::new())
        };
    }
    answer(Answer::fail, RestrictedMember::Narrowed(narrowed))
}

/// What certainly narrows the member.
fn restriction(limit: &Limit<'_>) -> Option<Restriction> {
    Some(match *limit {
        Limit::Level(level) => Restriction::Level(Name::clone(level)),
        Limit::UnclearLevel(_) => return None,
        Limit::Location => Restriction::Location,
        Limit::Department => Restriction::Department,
        Limit::Board(board) => Restriction::Board(Name::clone(board)),
        Limit::ExcludedBoards(boards) => Restriction::ExcludedBoards(boards.len()),
    })
}

impl Words for RestrictedMember {
    fn message(&self, _finding: &Finding) -> String {
        match self {
            Self::Narrowed(narrowed) => {
                format!("the member sees less than its role grants: {}", join_and(narrowed))
            }
            Self::Person => "the integration runs on a person's licence".to_owned(),
            Self::NotListed => {
                "the PSA's list of members does not have this API member, so its restrict flags are not known"
                    .to_owned()
            }
            Self::LevelUnclear { level } => {
                format!("whether \"{level}\" is the top level does not follow from its name")
            }
            Self::NotSaid => "the PSA does not give the member's level or restrict flags".to_owned(),
        }
    }

    fn fix(&self, finding: &Finding) -> Option<String> {
        let path = finding.member_path();
        match self {
            Self::Narrowed(_) => Some(format!(
                "if nobody wants this limit: {path}: set the top level, clear the restrict flags and the boards, then Save"
            )),
            Self::LevelUnclear { .. } => Some(format!("look at {path} > Level")),
            Self::NotSaid => Some(format!("look at {path}")),
            Self::Person | Self::NotListed => None,
        }
    }

    fn actual(&self) -> Option<String> {
        match self {
            Self::Narrowed(narrowed) => Some(join_and(narrowed)),
            Self::LevelUnclear { level } => Some(level.to_string()),
            _ => None,
        }
    }
}
