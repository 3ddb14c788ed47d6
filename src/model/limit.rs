//! Limits: what on a member itself narrows what its role grants. The one reading of it, for every report.

use super::Name;
use super::fold::fold_name;
use super::member::{ApiMember, MemberUse};

/// Something that narrows a member, or may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit<'m> {
    /// A level below the top.
    Level(&'m Name),
    /// A level whose name does not say whether it is the top one.
    UnclearLevel(&'m Name),
    /// Its location only.
    Location,
    /// Its department only.
    Department,
    /// One board only.
    Board(&'m Name),
    /// These boards, which it does not see.
    ExcludedBoards(&'m [i64]),
}

impl ApiMember {
    /// What narrows the member: a level below the top, restrict flags and boards. The top level is no limit, and
    /// neither is a location without its restrict flag.
    #[must_use]
    pub fn limits<'m>(&'m self, own: Option<&MemberUse>) -> Vec<Limit<'m>> {
        let level = self.level.as_ref().and_then(|level| match is_top_level(level) {
            Some(true) => None,
            Some(false) => Some(Limit::Level(level)),
            None => Some(Limit::UnclearLevel(level)),
        });
        let is_set = |flag: fn(&MemberUse) -> Option<bool>| own.and_then(flag) == Some(true);
        let location = is_set(|own| own.restrict_location).then_some(Limit::Location);
        let department = is_set(|own| own.restrict_department).then_some(Limit::Department);
        let board = self.default_board.as_ref().map(Limit::Board);
        let excluded = Some(self.excluded_boards.as_slice()).filter(|boards| !boards.is_empty());
        [level, location, department, board, excluded.map(Limit::ExcludedBoards)]
            .into_iter()
            .flatten()
            .collect()
    }
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

#[cfg(test)]
mod tests {
    use super::Limit;
    use crate::model::{ApiMember, MemberId, MemberUse, Name};

    #[test]
    fn the_top_level_and_a_location_alone_are_no_limits() {
        let mut member = ApiMember::new(MemberId(251), "Umbrella");
        member.location = Some("Main".into());
        assert_eq!(member.limits(None), []);
        for top in ["Corporate (Level 1)", "Corporate"] {
            member.level = Some(top.into());
            assert_eq!(member.limits(None), [], "{top}");
        }
        for below in ["Region (Level 2)", "Team (Level 11)"] {
            let name = Name::from(below);
            member.level = Some(name.clone());
            assert_eq!(member.limits(None), [Limit::Level(&name)]);
        }
        for unclear in ["Global", "Top Level", "Level B"] {
            let name = Name::from(unclear);
            member.level = Some(name.clone());
            assert_eq!(member.limits(None), [Limit::UnclearLevel(&name)]);
        }
    }

    #[test]
    fn flags_and_boards_are_limits() {
        let board = Name::from("Triage");
        let member = ApiMember {
            level: Some("Corporate (Level 1)".into()),
            default_board: Some(board.clone()),
            excluded_boards: vec![3, 5],
            ..ApiMember::new(MemberId(251), "Umbrella")
        };
        let own = |flag| MemberUse {
            id: member.id,
            days: None,
            restrict_location: flag,
            restrict_department: flag,
        };
        let boards = [Limit::Board(&board), Limit::ExcludedBoards(&[3, 5])];
        for unset in [None, Some(false)] {
            assert_eq!(member.limits(Some(&own(unset))), boards);
        }
        let all = [Limit::Location, Limit::Department].into_iter().chain(boards).collect::<Vec<_>>();
        assert_eq!(member.limits(Some(&own(Some(true)))), all);
    }
}
