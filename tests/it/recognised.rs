//! Names by which vendors' set-up pages tell their readers to call the role and the API member: a
//! tenant that was set up by the page is recognised. The table is written from the pages, not from the
//! rule files; a name that a page suggests and that is too general to stand for one product is left out.

use leastwise::model::fold_name;

use crate::tiny::{By, all, judge, library, tiny};

/// Rule file, role, member. `-` where the page suggests none.
const SUGGESTED: &str = "
avepoint-elements | ElementsAPI | -
barracuda-echo | BarracudaMSP API | -
cisco-umbrella | Umbrella | -
cisco-umbrella | Cisco Umbrella | -
crewhu | Crewhu API | -
cyberdrain-cow | CyberDrain Only Warranties | -
cyberfox-passwordboss | Password Boss | -
defensx | defensx | -
domotz | Domotz API | -
gozynta-mobius | - | Mobius
gradient | Gradient Permissions | -
heyhappy | HeyHappy | -
hudu | - | Hudu API Integrator
idemeum | Idemeum Role | -
immybot | ImmyBot | -
liongard | Liongard | Roarbot
mailprotector | Mailprotector Integration | -
neoagent | Neo | -
nodeware | NodewareAccess | -
petra | Petra API | -
rewst | Rewst API | Rewst
signl4 | SIGNL4 | signl4
signl4 | SIGNL4 | Derdack SIGNL4
smileback | SmileBack | -
suppfusion | SupportFusionIntegration | Support Fusion API
sync365 | - | S365
sync365 | - | S365L
sync365 | - | Sync 365
sync365 | - | Sync 365 License
teamgps | Team GPS | -
thread-ticket-report | Thread Ticket Report (RO) | ThreadTixRpt
thread-ticket-report | Thread Ticket Report (RO) | Thread Ticket Report (RO)
turbodocx | TurboDocxIntegration | TurboDocx
visionary360 | - | Acct Sync API
wise-sync | - | Wise-Sync
";

/// The integrations that are found in a tenant with one API member and its role.
fn found(role: &str, member: &str) -> Vec<String> {
    let tenant = tiny().role(5, role, &[]).api(50, member, 5).0;
    let judged = judge(&tenant, &By { request: all(), ..By::default() });
    let mut ids: Vec<_> =
        judged.of("LW308").iter().filter_map(|own| own.integration_id().map(str::to_owned)).collect();
    ids.extend(judged.of("LW101").iter().filter_map(|own| own.integration_id().map(str::to_owned)));
    ids.sort();
    ids.dedup();
    ids
}

#[test]
fn a_tenant_that_was_set_up_by_the_vendors_page_is_recognised() {
    for line in SUGGESTED.trim().lines() {
        let [id, role, member] = line.split(" | ").collect::<Vec<_>>()[..] else { panic!("{line}") };
        let other = "Something Of Ours";
        let role = if role == "-" { other } else { role };
        let member = if member == "-" { other } else { member };
        assert!(library().get(id).is_some(), "{id}");
        assert_eq!(found(role, member), [id], "role {role}, member {member}");
        if role != other {
            assert_eq!(found(role, other), [id], "by the role {role} alone");
        }
        if member != other {
            assert_eq!(found(other, member), [id], "by the member {member} alone");
        }
    }
}

#[test]
fn every_rule_file_is_found_by_each_of_its_own_names() {
    for rules in library().iter() {
        assert!(!rules.matches.roles.is_empty() && !rules.matches.members.is_empty(), "{}", rules.id);
        for role in &rules.matches.roles {
            assert_eq!(found(role, "Something Of Ours"), [rules.id.as_str()], "role {role}");
        }
        for member in &rules.matches.members {
            assert_eq!(found("Something Of Ours", member), [rules.id.as_str()], "member {member}");
        }
    }
}

#[test]
fn no_name_is_one_that_any_integration_could_have() {
    let general = ["API", "Admin", "Integration", "API Member", "Automation", "ConnectWise", "Role", "Sync"];
    let general = general.map(fold_name);
    for rules in library().iter() {
        let names = rules.matches.roles.iter().chain(&rules.matches.members).chain(&rules.matches.logins);
        for name in names {
            assert!(!general.contains(&fold_name(name)), "{}: {name}", rules.id);
        }
    }
}
