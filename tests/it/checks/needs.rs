//! What counts as needed: set-up, features, whole modules, implied levels, several integrations.

use jiff::civil::date;
use leastwise::checks::Certainty;
use leastwise::checks::Status::{Fail, Manual, NotApplicable, Pass, Unknown};
use leastwise::model::Severity;

use crate::tiny::{By, Tiny, UMBRELLA, all, asked, library_with, tiny, umbrella};

const WIDGET: &str = r#"
id = "widget"
vendor = "W"
product = "Widget"
read = 2026-11-22
[match]
roles = ["Widget"]
members = ["Widget"]
[needs.Project]
"*" = { inquire = "All" }
"Project Tickets" = { edit = "My" }
[needs.System]
"Report Writer" = { inquire = "All", implied = true }
"My Company" = { edit = "All", inquire = "All", setup_only = ["edit"] }
[features.extra]
summary = "More."
[features.extra.needs.System]
"API Reports" = { inquire = "All", edit = "My" }
"#;

const OPTIONS: &str = r#"
id = "options"
vendor = "W"
product = "Options"
read = 2026-11-22
[match]
members = ["Options"]
[features.one]
summary = "One."
[features.one.needs.System]
"My Company" = { inquire = "All" }
"#;

const RIGHT: [(&str, &str, &str); 5] = [
    ("Project", "Project Tickets", "NMNA"),
    ("Project", "Project Phase", "NN-A"),
    ("System", "Report Writer", "NNNA"),
    ("System", "My Company", "NANA"),
    ("System", "API Reports", "NNNN"),
];

fn widget(rows: &[(&str, &str, &str)]) -> Tiny {
    tiny().role(5, "Widget", rows).api(50, "Widget", 5)
}

fn with(row: usize, levels: &'static str) -> Tiny {
    let mut rows = RIGHT;
    rows[row].2 = levels;
    widget(&rows)
}

#[test]
fn set_up_needs_hold_up_to_and_on_the_last_day_of_set_up() {
    let library = library_with(&[WIDGET]);
    let config = "[[tenant.tiny.integration]]\nrules = \"widget\"\nsetup_until = 2026-11-22";
    for (day, missing, beyond) in
        [(date(2026, 11, 21), 1, 0), (date(2026, 11, 22), 1, 0), (date(2026, 11, 23), 0, 1)]
    {
        let by = By { library: &library, config, as_of: day, ..By::default() };
        assert_eq!(with(3, "NNNA").judge_by(&by).fails("LW101").len(), missing, "{day}");
        assert_eq!(with(3, "NANA").judge_by(&by).fails("LW102").len(), beyond, "{day}");
    }
    let by = By { library: &library, as_of: date(2030, 1, 1), ..By::default() };
    assert_eq!(with(3, "NNNA").judge_by(&by).fails("LW101").len(), 1, "without an end, set-up goes on");
}

#[test]
fn an_undeclared_feature_makes_excess_a_remark_and_asks_for_nothing() {
    let library = library_with(&[WIDGET]);
    let by = By { library: &library, ..By::default() };
    assert_eq!(widget(&RIGHT).judge_by(&by).statuses("LW101"), [Pass], "it is not missed");
    let judged = with(4, "NNNA").judge_by(&by);
    assert_eq!(judged.only("LW102").severity, Severity::Info);
    assert_eq!(judged.only("LW102").certainty, Certainty::Inferred);
    let above_it = with(4, "NANN").judge_by(&by);
    assert_ne!(above_it.only("LW102").severity, Severity::Info, "the feature needs My, not All");
}

#[test]
fn a_declared_feature_is_needed() {
    let library = library_with(&[WIDGET]);
    let config = "[[tenant.tiny.integration]]\nrules = \"widget\"\nfeatures = [\"extra\"]";
    let by = By { library: &library, config, ..By::default() };
    let lacks = widget(&RIGHT).judge_by(&by);
    assert_eq!(
        lacks.grants("LW101"),
        ["System / API Reports edit None -> My", "System / API Reports inquire None -> All"]
    );
    let has = with(4, "NMNA").judge_by(&by);
    assert_eq!(has.statuses("LW101"), [Pass]);
    assert_eq!(has.statuses("LW102"), [Pass]);
}

#[test]
fn a_rule_file_of_features_alone_decides_nothing_until_one_is_named() {
    let library = library_with(&[OPTIONS]);
    let tenant = tiny().role(6, "Opts", &[("System", "My Company", "AAAA")]).api(60, "Options", 6);
    let judged = tenant.judge_by(&By { library: &library, ..By::default() });
    assert_eq!(judged.statuses("LW101"), [Manual]);
    // It silences nothing that no feature could need: the role is wide all the same.
    assert_eq!(judged.statuses("LW102"), [Manual, NotApplicable]);
    assert_eq!(judged.statuses("LW206"), [Fail]);
    let all = tenant.judge_by(&By { library: &library, request: all(), ..By::default() });
    let severities: Vec<_> = all.fails("LW102").iter().map(|own| own.severity).collect();
    let (medium, info) = (Severity::Medium, Severity::Info);
    assert_eq!(severities, [medium, medium, medium, info], "the feature would need Inquire");
    assert_eq!(all.statuses("LW102"), [Fail, Fail, Fail, Fail, Manual]);
    let config = "[[tenant.tiny.integration]]\nrules = \"options\"\nfeatures = [\"one\"]";
    let judged = tenant.judge_by(&By { library: &library, config, ..By::default() });
    assert_eq!(judged.statuses("LW101"), [Pass]);
    assert_eq!(judged.statuses("LW206"), [Fail]);
}

#[test]
fn a_whole_module_is_needed_as_far_as_the_tenant_shows_it() {
    let library = library_with(&[WIDGET]);
    let by = By { library: &library, ..By::default() };
    assert_eq!(with(1, "NN--").judge_by(&by).statuses("LW101"), [Pass], "not offered, not missed");
    assert_eq!(with(1, "NNNM").judge_by(&by).grants("LW101"), ["Project / Project Phase inquire My -> All"]);
    let mut rows = RIGHT.to_vec();
    rows.push(("Project", "Quark", "NNNN"));
    assert_eq!(
        widget(&rows).judge_by(&by).grants("LW101"),
        ["Project / Quark inquire None -> All"],
        "a function of the module that the catalog does not know"
    );
    rows[5].2 = "NNNA";
    assert_eq!(widget(&rows).judge_by(&by).statuses("LW102"), [Pass]);
    let elsewhere: Vec<_> = RIGHT.into_iter().filter(|row| row.0 != "Project").collect();
    let judged = widget(&elsewhere).judge_by(&by);
    assert_eq!(judged.statuses("LW101"), [Unknown; 2], "the module, and Project Tickets");
}

#[test]
fn a_functions_own_need_and_its_modules_add_up() {
    let library = library_with(&[WIDGET]);
    let by = By { library: &library, ..By::default() };
    assert_eq!(
        with(0, "NNNN").judge_by(&by).grants("LW101"),
        ["Project / Project Tickets edit None -> My", "Project / Project Tickets inquire None -> All"]
    );
    assert_eq!(with(0, "NANA").judge_by(&by).grants("LW102"), ["Project / Project Tickets edit All -> My"]);
}

#[test]
fn an_implied_level_is_less_than_certain() {
    let library = library_with(&[WIDGET]);
    let by = By { library: &library, ..By::default() };
    assert_eq!(with(2, "NNNN").judge_by(&by).only("LW101").certainty, Certainty::Likely);
    assert_eq!(with(2, "NNNM").judge_by(&by).only("LW101").certainty, Certainty::Inferred);
    assert_eq!(with(3, "NANM").judge_by(&by).only("LW101").certainty, Certainty::Certain);
}

#[test]
fn two_integrations_on_one_role_need_what_both_need() {
    let library = library_with(&[WIDGET]);
    let rows = [&UMBRELLA[..], &RIGHT[..]].concat();
    let shared = umbrella(&rows).api(50, "Widget", 31);
    let judged = shared.judge_by(&By { library: &library, ..By::default() });
    assert_eq!(judged.statuses("LW101"), [Pass; 2], "each integration has what it needs");
    assert_eq!(judged.statuses("LW102"), [Pass], "and neither's needs are the other's excess");
    assert_eq!(judged.statuses("LW202"), [Fail]);
    let only_one =
        shared.judge_by(&By { library: &library, request: asked("cisco-umbrella"), ..By::default() });
    assert_eq!(only_one.statuses("LW102"), [Pass], "what is reported does not change the union");
    let reported: Vec<_> = only_one.results.iter().filter_map(|own| own.integration_id()).collect();
    assert!(reported.iter().all(|id| *id == "cisco-umbrella"), "{reported:?}");
    assert_eq!(only_one.statuses("LW101"), [Pass]);
}

#[test]
fn what_neither_of_two_integrations_needs_is_one_finding_of_the_role() {
    let library = library_with(&[WIDGET]);
    let rows = [&UMBRELLA[..], &RIGHT[..], &[("Sales", "Opportunity", "NNNA")]].concat();
    let judged = umbrella(&rows).api(50, "Widget", 31).judge_by(&By { library: &library, ..By::default() });
    assert_eq!(judged.grants("LW102"), ["Sales / Opportunity inquire All -> None"]);
}

#[test]
fn a_partial_rule_file_makes_excess_a_remark_and_no_role_wide() {
    let partial = format!("partial = true\n{}", OPTIONS.replace("[features.one]\nsummary = \"One.\"\n", ""));
    let library = library_with(&[&partial.replace("[features.one.needs.System]", "[needs.System]")]);
    let tenant = tiny().role(6, "Opts", &[("System", "My Company", "AAAA")]).api(60, "Options", 6);
    let judged = tenant.judge_by(&By { library: &library, ..By::default() });
    assert_eq!(judged.fails("LW102").len(), 3);
    assert!(judged.fails("LW102").iter().all(|finding| finding.severity == Severity::Info));
    assert_eq!(judged.statuses("LW206"), [Pass]);
}
