//! LW306: something on the member itself narrows what its role gives.

use super::detail::{RestrictedMember, Restriction};
use super::{Answer, Answers, Binding, BoundMember, Case, Check, CheckId, Detail, Finding, Run, Words};
use crate::model::{ApiMember, DatasetName, MemberUse, Name, Severity, fold_name};
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
    let mut narrowed = restrictions(member, own);
    if let Some(level) = &member.level {
        match is_top_level(level) {
            Some(false) => narrowed.insert(0, Restriction::Level(Name::clone(level))),
            None if narrowed.is_empty() => {
                return answer(Answer::manual, RestrictedMember::LevelUnclear { level: Name::clone(level) });
            }
            _ => {}
        }
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

/// Whether a level is the top one; `None` for a name that does not say.
fn is_top_level(name: &str) -> Option<bool> {
    let folded = fold_name(name);
    let number = folded.rsplit_once("level").map(|(_, number)| number);
    match number {
        Some("1") => Some(true),
        Some(number) if !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()) => Some(false),
        _ if folded == "corporate" => Some(true),
        _ => None,
    }
}

fn restrictions(member: &ApiMember, own: &MemberUse) -> Vec<Restriction> {
    let mut narrowed = Vec::new();
    if own.restrict_location == Some(true) {
        narrowed.push(Restriction::Location);
    }
    if own.restrict_department == Some(true) {
        narrowed.push(Restriction::Department);
    }
    narrowed.extend(member.default_board.as_ref().map(|board| Restriction::Board(Name::clone(board))));
    if !member.excluded_boards.is_empty() {
        narrowed.push(Restriction::ExcludedBoards(member.excluded_boards.len()));
    }
    narrowed
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

#[cfg(test)]
mod tests {
    use super::is_top_level;

    #[test]
    fn the_top_level_is_known_by_its_number_or_its_usual_name() {
        assert_eq!(is_top_level("Corporate (Level 1)"), Some(true));
        assert_eq!(is_top_level("Corporate"), Some(true));
        assert_eq!(is_top_level("Region (Level 2)"), Some(false));
        assert_eq!(is_top_level("Team (Level 11)"), Some(false));
        // None of these says how far from the top it is.
        for name in ["Global", "Top Level", "Level B"] {
            assert_eq!(is_top_level(name), None, "{name}");
        }
    }
}
