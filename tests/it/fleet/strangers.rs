//! A leastwise.toml with many tenants that somebody else wrote: what it can reach and run, and what it cannot.

use std::fs;

use psa_sim::{Fault, Sim, When};
use serde_json::json;

use super::psas::{Fleet, PRIVATE_KEY, section, small};
use crate::psa::{Elsewhere, Serving, fixture_path};
use crate::support::{Ran, leastwise};

/// A tenant whose key is fetched by a program, which leaves a trace.
fn with_program(name: &str, site: &str, tag: &str) -> String {
    let program = format!("private_key_command = [\"sh\", \"-c\", \"touch ran-{name}; cat key\"]");
    section(name, site, name).replace("private_key_file = \"key\"", &program).replacen(
        "site =",
        &format!("tags = [\"{tag}\"]\nsite ="),
        1,
    )
}

fn another(company: &str) -> Serving {
    let (snapshot, sim) = small(company, false);
    Serving::of(Sim::from_values(snapshot, sim).expect("a tenant"))
}

/// The programs that ran since the last time.
fn ran(fleet: &Fleet) -> Vec<String> {
    let mut ran: Vec<_> = fs::read_dir(fleet.folder())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("text"))
        .filter(|name| name.starts_with("ran-"))
        .collect();
    for name in &ran {
        fs::remove_file(fleet.path(name)).expect("a trace");
    }
    ran.sort();
    ran
}

/// A tenant that is not chosen is as good as not there: its program does not run, its site is not asked.
#[test]
fn only_what_is_chosen_is_run_and_asked() {
    let fleet = Fleet::start(1, 100);
    let names = ["one", "two", "three"];
    let sims = names.map(another);
    let sections = [0, 1, 2].map(|i| with_program(names[i], sims[i].url(), ["x", "y", "x"][i]));
    fleet.config_text(&format!("[checks.LW307]\nseverity = \"off\"\n{}", sections.join("\n")));
    let mut in_shards = Vec::new();
    for choice in [
        &["--tenant", "two"][..],
        &["--tenant", "one,three"],
        &["--tag", "x"],
        &["--tag", "y"],
        &["--shard", "1/3"],
        &["--shard", "2/3"],
        &["--shard", "3/3"],
        &["--tag", "x", "--shard", "1/2"],
        &["--tenant", "all"],
    ] {
        let before = sims.each_ref().map(|sim| sim.requests().len());
        let audit = fleet.audit(&[choice, &["--format", "json"]].concat());
        assert_eq!(audit.code, 0, "{choice:?}: {}", audit.stderr);
        let told = told(&audit);
        let asked: Vec<_> =
            (0..3).filter(|i| sims[*i].requests().len() > before[*i]).map(|i| names[i].to_owned()).collect();
        let programs: Vec<_> = told.iter().map(|name| format!("ran-{name}")).collect();
        assert_eq!(ran(&fleet), programs, "{choice:?}");
        assert_eq!(sorted(asked), told, "{choice:?}");
        if choice[0] == "--shard" {
            in_shards.extend(told);
        }
    }
    assert_eq!(sorted(in_shards), sorted(names.map(str::to_owned).to_vec()));
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

/// The tenants of a report.
fn told(audit: &Ran) -> Vec<String> {
    let report = audit.json();
    let tenants = report["tenants"].as_array().expect("tenants").iter();
    sorted(tenants.map(|own| own["tenant"].as_str().expect("a name").to_owned()).collect())
}

/// The keys of the environment are for the site of the environment: a section that names none gets none.
#[test]
fn a_section_without_keys_of_its_own_gets_those_of_nobody() {
    let (fleet, elsewhere) = (Fleet::start(2, 100), Elsewhere::start());
    let site = elsewhere.url();
    let of_evil = [
        format!("[tenant.evil1]\nsite = \"{site}\"\ncompany = \"nimbus\"\n"),
        format!(
            "[tenant.evil2]\nsite = \"{site}\"\ncompany = \"nimbus\"\nclient_id_env = \"FLEET_CLIENT_ID\"\n"
        ),
        format!(
            "[tenant.evil3]\nsite = \"{site}\"\ncompany = \"nimbus\"\npublic_key_env = \"FLEET_PUBLIC_KEY\"\n"
        ),
    ];
    let first = section("t001", fleet.sim.url(), "company1");
    fleet.config_text(&format!("[checks.LW307]\nseverity = \"off\"\n{first}\n{}", of_evil.join("\n")));
    for choice in [&["--tenant", "all"][..], &["--shard", "1/1"], &["--tenant", "evil1,evil2,evil3"]] {
        let audit = fleet
            .command(&[&["audit", "--format", "json"], choice].concat())
            .env("LEASTWISE_SITE", fleet.sim.url())
            .env("LEASTWISE_COMPANY", "company1")
            .env("LEASTWISE_CLIENT_ID", "00000000-0000-4000-8000-000000000000")
            .env("LEASTWISE_PUBLIC_KEY", "simpub-leastwise")
            .env("LEASTWISE_PRIVATE_KEY", PRIVATE_KEY)
            .run();
        assert_eq!(audit.code, 3, "{choice:?}: {}", audit.stderr);
        let report = audit.json();
        let of_evil = report["tenants"].as_array().expect("tenants").iter();
        for tenant in of_evil.filter(|own| own["company"] == "nimbus") {
            let failure = tenant["failure"].as_str().expect("a reason");
            assert!(failure.contains("is not set"), "{failure}");
        }
    }
}

/// What a PSA answers sends nobody to another host, in whichever tenant; each key stays with its own.
#[test]
fn no_answer_of_one_tenant_leads_to_another_host() {
    let (fleet, elsewhere) = (Fleet::start(1, 100), Elsewhere::start());
    let away = || Fault::Redirect { location: format!("{}/login", elsewhere.url()) };
    let faults = [
        ("login", "/login/companyinfo", away()),
        ("roles", "=/system/securityroles", away()),
        ("pages", "", Fault::LinkForeignHost),
    ];
    let sims = faults.map(|(name, place, fault)| {
        let sim = another(name);
        sim.set_fault(place, When::Always, fault);
        (name, sim)
    });
    let sections: Vec<_> = sims.iter().map(|(name, sim)| section(name, sim.url(), name)).collect();
    fleet.config_text(&sections.join("\n"));
    let audit = fleet.audit(&["--tenant", "all", "--format", "json"]);
    assert_eq!(audit.code, 3, "{}", audit.stderr);
    assert_eq!(told(&audit), ["login", "pages", "roles"]);
    assert!(sims.iter().all(|(_, sim)| !sim.requests().is_empty()), "each was asked");
}

/// Whatever is no live audit fetches no key and asks nobody, and a config with a mistake does nothing at all.
#[test]
fn without_a_live_audit_no_program_runs_and_nobody_is_asked() {
    let (fleet, elsewhere) = (Fleet::start(1, 100), Elsewhere::start());
    let sections = ["one", "two"].map(|name| with_program(name, elsewhere.url(), "x")).join("\n");
    fs::copy(fixture_path("acme-msp"), fleet.path("acme.json")).expect("a snapshot");
    fs::write(
        fleet.path("r.json"),
        json!({
            "format": "leastwise-report/1", "as_of": "2026-11-22", "tenants": [],
        })
        .to_string(),
    )
    .expect("a report");
    fleet.config_text(&sections);
    for (args, code) in [
        (&["audit", "--snapshot", "acme.json"][..], 1),
        (&["audit", "--snapshot", "acme.json", "--tenant", "one"], 1),
        (&["audit", "--snapshot", "acme.json", "--tenant", "all"], 2),
        (&["audit", "--tenant", "one,nobody"], 2),
        (&["audit"], 2),
        (&["snapshot", "-o", "x.json", "--tenant", "all"], 2),
        (&["diff", "acme.json", "--tag", "x"], 2),
        (&["diff", "acme.json", "acme.json"], 0),
        (&["doctor", "--integration", "cisco-umbrella", "--tenant", "all"], 2),
        (&["impact", "Umbrella", "--snapshot", "acme.json"], 0),
        (&["init", "--snapshot", "acme.json"], 0),
        (&["plan"], 0),
        (&["explain", "LW101"], 0),
        (&["rules", "list"], 0),
        (&["report", "r.json", "--gate"], 0),
    ] {
        let ran = leastwise(args.iter().copied()).folder(fleet.folder()).run();
        assert_eq!(ran.code, code, "{args:?}: {}", ran.stderr);
    }
    fleet.config_text(&format!("{sections}\n[tenant.three]\nsite = \"http://psa.example.org\"\n"));
    let audit = fleet.audit(&["--tenant", "one,two"]);
    assert_eq!(audit.code, 2, "a mistake in one section: {}", audit.stderr);
    assert_eq!(ran(&fleet), [""; 0]);
}
