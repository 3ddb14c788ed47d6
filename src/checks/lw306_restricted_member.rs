//! LW306: something on the member itself narrows what its role grants.

use super::{Binding, BoundMember, Case, Check, Draft, Found, Run};
use crate::model::{ApiMember, DatasetName, MemberUse, Severity, fold_name};
use crate::term::text::{count, join_and};

pub(super) static CHECK: Check = Check {
    id: "LW306",
    name: "restricted-member",
    severity: Severity::Info,
    summary: "level, restrict flags or boards of the member narrow what its role grants",
    clear: "nothing on the member narrows what its role grants",
    page: include_str!("../../docs/checks/lw306-restricted-member.md"),
    data: &[DatasetName::ApiMembers, DatasetName::MemberUse],
    run: Run::Bound(run),
};

fn run(case: &Case<'_>, _binding: &Binding<'_>, member: &BoundMember<'_>) -> Found {
    let BoundMember::Api(member) = member else {
        return Ok(vec![Draft::not_applicable("the integration runs on a person's licence")]);
    };
    case.tenant.member_use.rows().map_err(Clone::clone)?;
    let Some(own) = case.tenant.use_of(member.id) else {
        return Ok(vec![Draft::unknown(
            "the PSA's list of members does not have this API member, so its restrict flags are not known",
        )]);
    };
    let mut narrowed = restrictions(member, own);
    match member.level.as_deref().map(is_top_level) {
        Some(Some(false)) => {
            narrowed.insert(0, format!("level \"{}\"", member.level.as_deref().unwrap_or_default()));
        }
        Some(None) if narrowed.is_empty() => return Ok(vec![other_level(member)]),
        _ => {}
    }
    if narrowed.is_empty() {
        let unsaid = own.restrict_location.is_none() || own.restrict_department.is_none();
        return Ok(if unsaid || member.level.is_none() { vec![unsaid_draft(member)] } else { Vec::new() });
    }
    Ok(vec![
        Draft::fail(format!("the member sees less than its role grants: {}", join_and(&narrowed)))
            .actual(join_and(&narrowed))
            .fix(format!("if that is not meant: System > Members > API Members > {}", member.identifier)),
    ])
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

fn other_level(member: &ApiMember) -> Draft {
    let level = member.level.as_deref().unwrap_or_default();
    Draft::manual(format!("whether \"{level}\" is the top level cannot be told from its name"))
        .actual(level)
        .fix(format!("look at System > Members > API Members > {} > Level", member.identifier))
}

fn unsaid_draft(member: &ApiMember) -> Draft {
    Draft::manual("the PSA does not give the member's level or restrict flags")
        .fix(format!("look at System > Members > API Members > {}", member.identifier))
}

fn restrictions(member: &ApiMember, own: &MemberUse) -> Vec<String> {
    let mut narrowed = Vec::new();
    if own.restrict_location == Some(true) {
        narrowed.push("restricted to its location".to_owned());
    }
    if own.restrict_department == Some(true) {
        narrowed.push("restricted to its department".to_owned());
    }
    if let Some(board) = &member.default_board {
        narrowed.push(format!("restricted to the board \"{board}\""));
    }
    if !member.excluded_boards.is_empty() {
        narrowed.push(format!("kept from {}", count(member.excluded_boards.len(), "board")));
    }
    narrowed
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
