//! LW101, LW102, LW105 and LW206: levels at their boundaries.

use leastwise::checks::Finding;
use leastwise::checks::Status::{Fail, Manual, NotApplicable, Pass, Unknown};
use leastwise::model::{Dataset, DatasetName, GapCause, RoleId, Said, Severity, Verb};

use crate::tiny::{By, UMBRELLA, all, grant, rows, setting, tiny, umbrella};

/// Umbrella's rows, with these four letters for Service Tickets.
fn with_tickets(levels: &str) -> Vec<(&str, &str, &str)> {
    let mut rows = UMBRELLA.to_vec();
    rows[2].2 = levels;
    rows
}

#[test]
fn an_exact_role_passes_each_check_once() {
    let judged = umbrella(&UMBRELLA).judge();
    for check in ["LW101", "LW102", "LW105", "LW201", "LW202", "LW203", "LW204", "LW206"] {
        assert_eq!(judged.statuses(check), [Pass], "{check}");
    }
    assert_eq!(judged.only("LW101").role.as_ref().map(|role| role.id), Some(RoleId(31)));
    assert_eq!(judged.only("LW101").integration_id(), Some("cisco-umbrella"));
    assert_eq!(judged.only("LW102").integration, None, "excess is the role's, not one integration's");
}

#[test]
fn a_verb_that_is_not_offered_is_no_pass_where_it_is_needed_and_no_excess_where_it_is_not() {
    let needed = umbrella(&with_tickets("A-NA")).judge();
    assert_eq!(needed.statuses("LW101"), [Unknown]);
    assert_eq!(needed.only("LW101").actual().as_deref(), Some("not offered"));
    let unneeded = umbrella(&with_tickets("AA-A")).judge();
    assert_eq!(unneeded.statuses("LW101"), [Pass]);
    let excess: Vec<_> = unneeded.of("LW102").iter().map(|finding| finding.status).collect();
    assert_eq!(excess, [Pass, NotApplicable], "one pass, and the verb by name");
}

#[test]
fn a_level_that_was_left_out_is_unknown_for_both() {
    let judged = umbrella(&with_tickets("A.NA")).judge();
    assert_eq!(judged.statuses("LW101"), [Unknown]);
    assert_eq!(judged.statuses("LW102"), [Unknown]);
    let unneeded = umbrella(&with_tickets("AA.A")).judge();
    assert_eq!(unneeded.statuses("LW101"), [Pass]);
    assert_eq!(unneeded.statuses("LW102"), [Unknown]);
}

#[test]
fn a_word_that_is_no_level_is_unknown_for_both() {
    let judged = umbrella(&with_tickets("A?NA")).judge();
    assert_eq!(judged.statuses("LW101"), [Unknown]);
    assert_eq!(judged.statuses("LW102"), [Unknown]);
    assert_eq!(judged.only("LW101").actual().as_deref(), Some("Mine"));
    assert_eq!(judged.only("LW101").verb, Some(Verb::Edit));
}

#[test]
fn a_needed_row_that_is_not_there_is_unknown_for_each_of_its_verbs() {
    let rows: Vec<_> = UMBRELLA.into_iter().filter(|row| row.1 != "Service Tickets").collect();
    let judged = umbrella(&rows).judge();
    assert_eq!(judged.statuses("LW101"), [Unknown; 3]);
    assert!(judged.of("LW101").iter().all(|finding| finding.actual().as_deref() == Some("no row")));
    assert_eq!(judged.statuses("LW102"), [Pass]);
}

#[test]
fn rows_are_found_in_any_published_spelling() {
    for (module, function) in [
        ("Service Desk", "Service Tickets (customize)"),
        ("Service Desk", "service ticket"),
        ("SERVICE-DESK", "Service  Tickets"),
        ("Service Desk", "SERVICE–TICKETS (Customize)"),
    ] {
        let mut rows = UMBRELLA.to_vec();
        rows[2] = (module, function, "AANA");
        let judged = umbrella(&rows).judge();
        for check in ["LW101", "LW102", "LW105"] {
            assert_eq!(judged.statuses(check), [Pass], "{check} of {module} / {function}");
        }
    }
}

#[test]
fn rows_are_found_by_their_description() {
    let judged = umbrella(&UMBRELLA)
        .change(|tenant| {
            let settings = rows(tenant.settings.get_mut(&RoleId(31)).expect("the role"));
            settings[2].description = Some("Service Tickets (customize)".into());
            settings[2].function = "ServiceTicketsModule".into();
        })
        .judge();
    assert_eq!(judged.statuses("LW101"), [Pass]);
    assert_eq!(judged.statuses("LW102"), [Pass]);
}

#[test]
fn a_function_of_the_same_name_in_another_module_is_another_function() {
    let mut rows = UMBRELLA.to_vec();
    rows[2].0 = "Project";
    let judged = umbrella(&rows).judge();
    assert_eq!(judged.statuses("LW101"), [Unknown; 3], "the row of the right module is not there");
    assert_eq!(judged.statuses("LW105"), [Fail]);
}

#[test]
fn two_rows_that_disagree_decide_nothing_on_the_verb_in_question() {
    let mut rows = UMBRELLA.to_vec();
    rows.push(("Service Desk", "service ticket", "AANN"));
    let judged = umbrella(&rows).judge();
    assert_eq!(judged.statuses("LW101"), [Unknown]);
    assert_eq!(judged.only("LW101").verb, Some(Verb::Inquire));
    assert_eq!(judged.statuses("LW102"), [Unknown]);
}

#[test]
fn two_rows_that_agree_are_one() {
    let mut rows = UMBRELLA.to_vec();
    rows.extend([UMBRELLA[2], ("System", "Quark", "NNNA"), ("System", "QUARKS", "NNNA")]);
    let judged = umbrella(&rows).judge();
    assert_eq!(judged.statuses("LW101"), [Pass]);
    assert_eq!(judged.grants("LW102"), ["System / QUARKS inquire All -> None"]);
    assert_eq!(judged.statuses("LW105"), [Fail]);
}

#[test]
fn unknown_rows_that_disagree_are_unknown_not_listed_twice() {
    let mut rows = UMBRELLA.to_vec();
    rows.extend([("System", "Quark", "NNNA"), ("System", "Quark", "NNNN")]);
    let judged = umbrella(&rows).judge();
    assert_eq!(judged.statuses("LW102"), [Unknown]);
    assert_eq!(judged.statuses("LW105"), [Fail], "one of them grants something");
}

#[test]
fn settings_that_were_refused_are_unknown() {
    let judged = umbrella(&UMBRELLA)
        .change(|tenant| {
            let refused = Dataset::unavailable(DatasetName::Settings, GapCause::Refused(Said::default()));
            tenant.settings.insert(RoleId(31), refused);
        })
        .judge();
    for check in ["LW101", "LW102", "LW104", "LW105", "LW206", "LW901"] {
        assert_eq!(judged.statuses(check), [Unknown], "{check}");
    }
    assert_eq!(judged.statuses("LW103"), [Manual]);
}

#[test]
fn no_settings_at_all_are_settings_that_were_not_read() {
    let judged = umbrella(&[]).judge();
    assert_eq!(judged.statuses("LW101"), [Unknown]);
    assert_eq!(judged.statuses("LW102"), [Unknown]);
    assert_eq!(judged.statuses("LW901"), [Unknown]);
}

#[test]
fn an_unknown_function_is_one_finding_for_the_tenant() {
    let mut rows = UMBRELLA.to_vec();
    rows.extend([("System", "Quark", "NNNA"), ("Physics", "Quark", "NMNN"), ("System", "Idle", "NN-N")]);
    let judged = umbrella(&rows).role(32, "Other", &rows).api(252, "other", 32).judge();
    let found: Vec<_> = judged.fails("LW105").iter().filter_map(|finding| finding.function.clone()).collect();
    let found: Vec<_> = found.iter().map(ToString::to_string).collect();
    assert_eq!(found, ["Physics / Quark", "System / Quark"]);
    assert!(judged.fails("LW105").iter().all(|finding| finding.role.is_none()));
}

#[test]
fn an_unknown_function_whose_level_is_not_understood_grants_nothing_here() {
    let mut rows = UMBRELLA.to_vec();
    rows.push(("System", "Quark", "??.-"));
    let judged = umbrella(&rows).judge();
    assert_eq!(judged.statuses("LW105"), [Pass]);
    assert_eq!(judged.statuses("LW102"), [Unknown; 3]);
}

/// 16 verbs, of which Umbrella needs 10: `excess` of the others are All.
fn with_excess(excess: usize) -> Vec<(&'static str, &'static str, &'static str)> {
    let company = ["NNNA", "ANNA", "AANA", "AAAA"];
    let mut rows = UMBRELLA.to_vec();
    rows[0].2 = company[excess.min(3)];
    rows[1].2 = if excess > 3 { "AAAA" } else { "AANA" };
    rows[2].2 = if excess > 4 { "AAAA" } else { "AANA" };
    rows
}

#[test]
fn a_quarter_beyond_need_is_not_wide_and_one_more_is() {
    let quarter = umbrella(&with_excess(4)).judge();
    assert_eq!(quarter.statuses("LW206"), [Pass]);
    assert_eq!(quarter.fails("LW102").len(), 4);
    let more = umbrella(&with_excess(5)).judge();
    assert_eq!(more.statuses("LW206"), [Fail]);
    assert_eq!(more.only("LW206").actual().as_deref(), Some("5 of 16"));
}

#[test]
fn verbs_that_are_not_offered_do_not_count() {
    let mut rows = with_excess(4);
    rows[3].2 = "AA-A"; // 4 of 15 is more than a quarter
    assert_eq!(umbrella(&rows).judge().statuses("LW206"), [Fail]);
}

#[test]
fn what_was_not_understood_may_tip_it() {
    let mut rows = with_excess(4);
    rows[3].2 = "AA?A"; // 4 of 16, or 5
    assert_eq!(umbrella(&rows).judge().statuses("LW206"), [Unknown]);
    let mut rows = with_excess(5);
    rows[3].2 = "AA?A"; // 5 of 16 at least
    assert_eq!(umbrella(&rows).judge().statuses("LW206"), [Fail]);
    let mut rows = with_excess(3);
    rows[3].2 = "AA?A"; // 4 of 16 at most
    assert_eq!(umbrella(&rows).judge().statuses("LW206"), [Pass]);
}

#[test]
fn of_a_wide_role_only_critical_excess_and_dangerous_powers_are_listed() {
    let mut rows = with_excess(5);
    rows.extend([("Companies", "Notes", "AAAA"), ("System", "Member Maintenance", "NAAN")]);
    let wide = umbrella(&rows);
    let folded = wide.judge();
    let is_listed = |finding: &&&Finding| {
        let is_dangerous = finding.powers().iter().any(|power| power.is_dangerous());
        finding.severity == Severity::Critical || is_dangerous
    };
    let everything = wide.judge_by(&By { request: all(), ..By::default() });
    let everything = everything.fails("LW102");
    assert_eq!(everything.len(), 11);
    let listed: Vec<_> = everything.iter().filter(is_listed).map(|own| grant(own)).collect();
    assert_eq!(folded.grants("LW102"), listed);
    assert_eq!(listed, ["System / Member Maintenance edit All -> None"], "high alone is counted");
    let off = wide.judge_by(&By { config: "[checks.LW206]\nseverity = \"off\"", ..By::default() });
    assert_eq!(off.fails("LW102").len(), 11, "nothing folds what nothing counts");
    assert_eq!(off.of("LW206").len(), 0);
}

#[test]
fn a_wide_role_without_anything_critical_or_dangerous_leaves_lw102_to_lw206() {
    let judged = tiny()
        .role(31, "Umbrella", &[&UMBRELLA[..], &[("Companies", "Notes", "NNNA"); 1]].concat())
        .change(|tenant| {
            let settings = rows(tenant.settings.get_mut(&RoleId(31)).expect("the role"));
            for name in ["a", "b", "c"] {
                settings.push(setting("Companies", name, "AAAA"));
            }
        })
        .api(251, "Umbrella", 31)
        .judge();
    assert_eq!(judged.statuses("LW206"), [Fail]);
    assert_eq!(judged.statuses("LW102"), [NotApplicable]);
}

#[test]
fn tables_are_for_a_person_to_look_at_list_by_list() {
    let judged = umbrella(&UMBRELLA).judge();
    assert_eq!(judged.statuses("LW103"), [Manual]);
    let lists: Vec<_> = judged.of("LW104").iter().map(|own| (own.status, own.function.clone())).collect();
    let lists: Vec<_> =
        lists.iter().map(|(status, own)| (*status, own.as_ref().map(ToString::to_string))).collect();
    let of = |list: &str| (Manual, Some(list.to_owned()));
    assert_eq!(lists, [of("Companies / Configurations"), of("System / Table Setup")]);
    for table in ["Company / Configuration", "Service / Priority", "Service / Service Board"] {
        assert!(judged.only("LW103").fix().as_ref().is_some_and(|fix| fix.contains(table)), "{table}");
    }
    let closed = umbrella(&[("Companies", "Company Maintenance", "NNNA")]).judge();
    assert_eq!(closed.statuses("LW104"), [NotApplicable]);
}
