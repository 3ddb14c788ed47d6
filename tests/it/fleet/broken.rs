//! Twenty ways in which a tenant can be broken.

use std::time::Duration;

use psa_sim::{Fault, Sim, When};

use super::psas::{section, small};
use crate::psa::Serving;

/// A tenant that cannot be read.
pub struct Broken {
    pub name: &'static str,
    /// What its reason holds.
    pub says: &'static str,
    /// Its own PSA, where the fault is there.
    sim: Option<Serving>,
    /// What is changed in its section.
    change: fn(String) -> String,
}

impl Broken {
    /// Its part of leastwise.toml; without a PSA of its own it is at `site`.
    pub fn section(&self, site: &str) -> String {
        let site = self.sim.as_ref().map_or(site, |sim| sim.url());
        (self.change)(section(self.name, site, self.name))
    }
}

/// What is wrong is in the config.
fn config(name: &'static str, says: &'static str, change: fn(String) -> String) -> Broken {
    Broken { name, says, sim: None, change }
}

/// What is wrong is in the PSA.
fn psa(name: &'static str, says: &'static str, fault_at: &str, fault: Fault) -> Broken {
    let running = running(name, |sim| sim);
    running.set_fault(fault_at, When::Always, fault);
    Broken { name, says, sim: Some(running), change: |section| section }
}

fn running(name: &str, change: impl FnOnce(Sim) -> Sim) -> Serving {
    let (snapshot, sim) = small(name, false);
    Serving::of(change(Sim::from_values(snapshot, sim).expect("a tenant")))
}

fn without(section: &str, key: &str) -> String {
    section.split_inclusive('\n').filter(|line| !line.starts_with(key)).collect()
}

pub fn all() -> Vec<Broken> {
    const ROLES: &str = "=/system/securityroles";
    let untrusted = Broken {
        name: "untrusted",
        says: "is not trusted",
        sim: Some(running("untrusted", Sim::tls)),
        change: |section| section,
    };
    vec![
        config("no-such-company", "knows no company", |section| section),
        config("no-site", "`site` is not set", |section| without(&section, "site")),
        config("no-company", "`company` is not set", |section| without(&section, "company")),
        config("no-key", "the private key is not set", |section| without(&section, "private_key_file")),
        config("no-variable", "the variable that `public_key_env` names", |section| {
            section.replace("FLEET_PUBLIC_KEY", "NOT_SET")
        }),
        config("no-file", "the file that `private_key_file` names", |section| {
            section.replace("\"key\"", "\"no-such-file\"")
        }),
        config("no-program", "the command that `private_key_command` names", |section| {
            section.replace("private_key_file = \"key\"", "private_key_command = [\"no-such-program\"]")
        }),
        config("no-authority", "the certificate file", |section| {
            section.replace(
                "[tenant.no-authority.network]",
                "ca_file = \"none.pem\"\n[tenant.no-authority.network]",
            )
        }),
        Broken {
            change: |section| section.replace("FLEET_PUBLIC_KEY", "FLEET_OTHER_KEY"),
            ..psa("wrong-key", "the key was refused", "/nowhere", Fault::Reset)
        },
        psa("unreachable", "cannot be reached", "", Fault::Refuse),
        psa("reset", "cannot be reached", "", Fault::Reset),
        psa("forbidden", "HTTP 403", ROLES, Fault::status(403)),
        psa("failing", "HTTP 500", ROLES, Fault::status(500)),
        psa("throttled", "HTTP 429", ROLES, Fault::TooMany { retry_after: Some(3_600), times: 1_000 }),
        Broken {
            change: |section| {
                section.replace(
                    "timeout_ms = 5000
total_ms = 15000",
                    "timeout_ms = 300
total_ms = 600",
                )
            },
            ..psa("stalling", "no answer came in time", "", Fault::Stall(Duration::from_secs(30)))
        },
        psa("login-page", "not JSON", "", Fault::Html(200)),
        psa(
            "elsewhere",
            "redirects to elsewhere.example",
            "",
            Fault::Redirect { location: "https://elsewhere.example/".to_owned() },
        ),
        psa("cut-off", "broke off", ROLES, Fault::CutOff),
        psa("empty", "empty", ROLES, Fault::EmptyList),
        untrusted,
    ]
}
