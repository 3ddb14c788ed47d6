//! Many small tenants on one simulator, and the folder that leastwise runs in.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use psa_sim::Sim;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::broken::Broken;
use crate::psa::{Serving, fixture_path, reading};
use crate::support::{Leastwise, Ran, leastwise};

pub const CLIENT_ID: &str = "00000000-0000-4000-8000-000000000000";
pub const PUBLIC_KEY: &str = "simpub-leastwise";
pub const PRIVATE_KEY: &str = "simpriv-leastwise";

/// The functions that small tenants have settings for.
const FUNCTIONS: [&str; 6] = [
    "Company Maintenance",
    "Configurations",
    "Service Tickets",
    "Table Setup",
    "Security Roles",
    "Member Maintenance",
];

/// What fails is tried again at once.
pub const NETWORK: &str = "timeout_ms = 5000\ntotal_ms = 15000\npause_ms = 1\n";

/// Tenants on one simulator.
pub struct Fleet {
    pub sim: Serving,
    folder: TempDir,
    healthy: usize,
}

fn read(name: &str, extension: &str) -> Value {
    let path = fixture_path(name).with_extension(extension);
    serde_json::from_str(&fs::read_to_string(path).expect("a fixture")).expect("JSON")
}

/// The invented tenant parapluie with little in it, as another company, and what the simulator needs.
pub fn small(company: &str, lacks: bool) -> (Value, Value) {
    let (mut snapshot, sim) = (read("parapluie", "json"), read("parapluie", "sim.json"));
    snapshot["tenant"]["company"] = json!(company);
    for role in snapshot["roles"].as_array_mut().expect("roles") {
        let is_umbrella = role["name"] == "Parapluie";
        let settings = role["settings"].as_array_mut().expect("settings");
        settings.retain(|row| FUNCTIONS.iter().any(|name| row["function"] == *name));
        for row in settings.iter_mut().filter(|row| row["function"] == "Service Tickets") {
            if is_umbrella && lacks {
                row["edit"] = json!("None");
            }
        }
    }
    (snapshot, sim)
}

/// `[tenant.NAME]` with keys that are right.
pub fn section(name: &str, site: &str, company: &str) -> String {
    format!(
        "[tenant.{name}]\nsite = \"{site}\"\ncompany = \"{company}\"\nclient_id_env = \"FLEET_CLIENT_ID\"\n\
         public_key_env = \"FLEET_PUBLIC_KEY\"\nprivate_key_file = \"key\"\n[tenant.{name}.network]\n{NETWORK}"
    )
}

impl Fleet {
    /// So many tenants, `t001` and on; Umbrella lacks a grant in every `narrow`th.
    pub fn start(healthy: usize, narrow: usize) -> Self {
        let company = |number: usize| small(&format!("company{number}"), number.is_multiple_of(narrow));
        let (snapshot, sim) = company(1);
        let first = Sim::from_values(snapshot, sim).expect("a tenant");
        let all = (2..=healthy).map(company);
        let sim = all.fold(first, |sim, (snapshot, own)| sim.add_tenant(snapshot, own).expect("a tenant"));
        let fleet = Self { sim: Serving::of(sim), folder: TempDir::new().expect("a folder"), healthy };
        fs::write(fleet.path("key"), PRIVATE_KEY).expect("a key");
        #[cfg(unix)]
        {
            // As a scheduler mounts it for a group.
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(fleet.path("key"), fs::Permissions::from_mode(0o440)).expect("a mode");
        }
        fleet.config(&[]);
        fleet
    }

    /// A leastwise.toml with the healthy tenants and these.
    pub fn config(&self, broken: &[Broken]) {
        let mut text = "[checks.LW307]\nseverity = \"off\"\n".to_owned();
        for number in 1..=self.healthy {
            let section = section(&format!("t{number:03}"), self.sim.url(), &format!("company{number}"));
            writeln!(text, "{section}").expect("text");
        }
        for own in broken {
            writeln!(text, "{}", own.section(self.sim.url())).expect("text");
        }
        self.config_text(&text);
    }

    pub fn config_text(&self, text: &str) {
        fs::write(self.path("leastwise.toml"), text).expect("a config");
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A command in the folder, with the keys of healthy tenants in the environment.
    pub fn command(&self, args: &[&str]) -> Leastwise {
        leastwise(args.iter().copied())
            .folder(self.folder())
            .now(reading)
            .env("FLEET_CLIENT_ID", CLIENT_ID)
            .env("FLEET_PUBLIC_KEY", PUBLIC_KEY)
            .env("FLEET_OTHER_KEY", "of-somebody-else")
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        self.command(args).run()
    }

    pub fn audit(&self, args: &[&str]) -> Ran {
        self.run(&[&["audit"], args].concat())
    }
}
