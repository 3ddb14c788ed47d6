//! Two roles of one name, or two members of one identifier: wherever people read the name, the id stands beside it.

use std::fs;

use leastwise::model::{Dataset, Role};
use leastwise::source::snapshot;
use tempfile::TempDir;

use crate::support::leastwise;
use crate::tiny::{Tiny, tiny};

const RIGHTS: (&str, &str, &str) = ("System", "Security Roles", "AAAA");

/// Roles 63 and 64 share a name, and members 251 and 252 an identifier.
fn twins() -> Tiny {
    tiny()
        .role(31, "Hudu", &[])
        .role(63, "Umbrella", &[])
        .role(64, "umbrella", &[RIGHTS])
        .api(251, "svc-sync", 31)
        .api(252, "SVC-Sync", 64)
        .api(253, "Umbrella", 64)
}

fn folder(tenant: &Tiny) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("tiny.json"), tenant.text()).expect("a file");
    folder
}

fn audit(tenant: &Tiny, args: &[&str]) -> String {
    let folder = folder(tenant);
    let ran = leastwise([&["audit", "--snapshot", "tiny.json"], args].concat()).folder(folder.path()).run();
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    ran.stdout
}

#[test]
fn what_shares_its_name_is_noted_when_it_is_read() {
    let tenant = snapshot::parse(twins().text().as_bytes()).expect("a snapshot");
    let noted = |roles: &Dataset<Vec<Role>>| -> Vec<bool> {
        roles.rows().expect("roles").iter().map(|role| role.namesake).collect()
    };
    assert_eq!(noted(&tenant.roles), [false, true, true]);
    let members: Vec<_> =
        tenant.api_members.rows().expect("members").iter().map(|member| member.namesake).collect();
    assert_eq!(members, [true, true, false]);
    let signs = tiny().role(1, "!", &[]).role(2, "?", &[]).role(3, "?", &[]);
    let signs = snapshot::parse(signs.text().as_bytes()).expect("a snapshot");
    assert_eq!(noted(&signs.roles), [false, true, true], "a name of nothing but signs is itself");
}

#[test]
fn every_format_for_people_adds_the_id_where_a_name_is_not_unique() {
    let tenant = twins();
    for args in [
        &[][..],
        &["--details"],
        &["--format", "html"],
        &["--format", "markdown"],
        &["--format", "csv"],
        &["--format", "summary"],
        &["--format", "github"],
        &["--format", "junit"],
    ] {
        let text = audit(&tenant, args);
        assert!(text.contains("umbrella (id 64)") || args.contains(&"summary"), "{args:?}: {text}");
        assert!(text.contains("(id 252)"), "{args:?}: {text}");
        for bare in ["role umbrella,", "role umbrella)", "role umbrella;", "Role umbrella:", "> umbrella:"] {
            assert!(!text.contains(bare), "{args:?}: {bare}: {text}");
        }
        assert!(!text.contains("Hudu (id"), "a name that is unique has none: {args:?}");
    }
}

#[test]
fn the_id_leads_to_the_role_in_the_plan_its_clicks_and_the_matrix() {
    let details = audit(&twins(), &["--details"]);
    for said in ["SVC-Sync (id 252)", "role umbrella (id 64)"] {
        assert!(details.contains(said), "{said}: {details}");
    }
    // One key on the role, so that levels are taken from the role itself.
    let tickets = ("Service Desk", "Service Tickets", "NNNN");
    let alone =
        tiny().role(63, "Umbrella", &[]).role(64, "Umbrella", &[RIGHTS, tickets]).api(253, "Umbrella", 64);
    let details = audit(&alone, &["--details"]);
    for said in ["Role Umbrella (id 64), for cisco-umbrella: ", "System > Security Roles > Umbrella (id 64)"]
    {
        assert!(details.contains(said), "{said}: {details}");
    }
    let first = audit(&alone, &[]);
    for said in [
        "role Umbrella (id 64) missing: ",
        "role Umbrella (id 64): Security Roles",
        "Umbrella, role Umbrella (id 64): add 3 missing levels",
    ] {
        assert!(first.contains(said), "{said}: {first}");
    }
    let page = audit(&alone, &["--format", "html"]);
    assert!(page.contains("<h4>Umbrella (id 64)</h4>"), "the heading of its matrix");
}

#[test]
fn a_checklist_says_which_role_and_init_binds_by_the_id() {
    let folder =
        folder(&tiny().role(63, "Umbrella", &[]).role(64, "Umbrella", &[RIGHTS]).api(253, "Umbrella", 64));
    let run = |args: &[&str]| leastwise(args.to_vec()).folder(folder.path()).run().stdout;
    let list = run(&["checklist", "--snapshot", "tiny.json", "--integration", "cisco-umbrella"]);
    assert!(list.contains("System > Security Roles > Umbrella (id 64)"), "{list}");
    let config = run(&["init", "--snapshot", "tiny.json"]);
    assert!(config.contains("role   = \"64\""), "{config}");
}

#[test]
fn what_machines_read_keeps_the_name_as_it_is() {
    let report = audit(&twins(), &["--format", "json"]);
    assert!(report.contains(r#""name":"umbrella""#) || report.contains(r#""name": "umbrella""#), "{report}");
    let rows = audit(&twins(), &["--format", "csv"]);
    assert!(rows.contains("\"64\",\"umbrella\""), "the columns of id and name: {rows}");
}

#[test]
fn a_waiver_by_a_name_that_several_bear_waives_nothing_and_one_by_id_does() {
    let waiver = |subject: &str| {
        let of = if subject.contains("role") { "LW102" } else { "LW306" };
        format!(
            "[[waiver]]\ncheck = \"{of}\"\n{subject}\nreason = \"r\"\nowner = \"o\"\nsince = 2026-11-01\nexpires = 2026-12-31\n"
        )
    };
    for (subject, waives) in [
        ("role = \"Umbrella\"", false),
        ("role_id = 64", true),
        ("role = \"umbrella\"\nrole_id = 64", true),
        ("member = \"svc-sync\"", false),
        ("member_id = 251", true),
    ] {
        let restricted = twins().change_api(251, |own| own.level = Some("Branch (Level 2)".into()));
        let folder = folder(&restricted);
        fs::write(folder.path().join("leastwise.toml"), waiver(subject)).expect("a config");
        let run = leastwise(["audit", "--snapshot", "tiny.json", "--all", "--format", "json"]);
        let results = run.folder(folder.path()).run().results();
        let accepted = results.iter().filter(|one| one["status"] == "waived").count();
        let void = results.iter().filter(|one| one["check"] == "LW401" && one["status"] == "fail");
        let void: Vec<_> = void.map(|one| one["message"].to_string()).collect();
        assert_eq!(accepted > 0, waives, "{subject}: {void:?}");
        assert_eq!(void.iter().any(|message| message.contains("say which by")), !waives, "{void:?}");
    }
}
