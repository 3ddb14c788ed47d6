//! A whole tenant with what its owner wrote about it, as the text that a person would have: a snapshot,
//! leastwise.toml, and rule files.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use crate::support::{Ran, leastwise};

/// The verbs, as a snapshot and a plan name them.
pub(super) const VERBS: [&str; 4] = ["add", "edit", "delete", "inquire"];

/// A tenant, the rule files of its owner's own, and the decisions in leastwise.toml.
#[derive(Clone, Debug)]
pub(super) struct Estate {
    pub(super) snapshot: Snapshot,
    pub(super) rules: Vec<Rules>,
    pub(super) bindings: Vec<Binding>,
    pub(super) waivers: Vec<Waiver>,
}

/// The JSON of a snapshot, typed as far as a plan changes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Snapshot {
    pub(super) format: String,
    pub(super) header: Map<String, Value>,
    pub(super) tenant: Value,
    pub(super) coverage: Vec<Value>,
    pub(super) members: Vec<Member>,
    pub(super) api_members: Vec<ApiMember>,
    pub(super) member_use: Vec<Value>,
    pub(super) logins: Vec<Login>,
    pub(super) roles: Vec<Role>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Member {
    pub(super) id: i64,
    pub(super) licence: Option<String>,
    pub(super) active: Option<bool>,
    pub(super) role: Option<i64>,
    #[serde(flatten)]
    pub(super) rest: Map<String, Value>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ApiMember {
    pub(super) id: i64,
    pub(super) identifier: String,
    pub(super) active: Option<bool>,
    pub(super) role: Option<i64>,
    #[serde(flatten)]
    pub(super) rest: Map<String, Value>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Login {
    pub(super) id: i64,
    pub(super) username: String,
    pub(super) active: Option<bool>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Role {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) admin: Option<bool>,
    pub(super) active: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) settings: Option<Vec<Row>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) unavailable: Option<String>,
    #[serde(flatten)]
    pub(super) rest: Map<String, Value>,
}

/// A setting: its verbs stand among the cells as a word, as null, or not at all.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) module: String,
    pub(super) function: String,
    #[serde(flatten)]
    pub(super) cells: Map<String, Value>,
}

/// A rule file.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) read: &'static str,
    pub(super) keys_since: Option<&'static str>,
    pub(super) partial: bool,
    pub(super) asks_admin: bool,
    pub(super) needs: Vec<Need>,
    /// What its one option needs, if it has one.
    pub(super) feature: Vec<Need>,
    /// What the source leaves open, by function.
    pub(super) doubt: Option<(&'static str, &'static str)>,
}

/// What a rule file asks for on one function.
#[derive(Clone, Debug)]
pub(super) struct Need {
    pub(super) module: &'static str,
    pub(super) function: &'static str,
    /// By verb; `None` is level None.
    pub(super) levels: [Option<&'static str>; 4],
    /// A further key of the row, such as `basis = "inferred"`.
    pub(super) quirk: Option<&'static str>,
}

/// The name of the option that a rule file may have.
pub(super) const FEATURE: &str = "extra";

/// An `[[integration]]`.
#[derive(Clone, Debug)]
pub(super) struct Binding {
    pub(super) rules: String,
    pub(super) member: Option<String>,
    pub(super) role: Option<String>,
    pub(super) declares_feature: bool,
    pub(super) setup_until: Option<&'static str>,
}

/// A `[[waiver]]`.
#[derive(Clone, Debug)]
pub(super) struct Waiver {
    pub(super) check: &'static str,
    pub(super) names: Vec<(&'static str, String)>,
    pub(super) expires: &'static str,
}

/// How an estate is run: the folder that holds it, kept while it is needed.
pub(super) struct Written(TempDir);

impl Estate {
    /// A snapshot of the project with nothing said about it.
    pub(super) fn of_snapshot(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("a snapshot");
        let snapshot = serde_json::from_str(&text).expect("a snapshot's JSON");
        Self { snapshot, rules: Vec::new(), bindings: Vec::new(), waivers: Vec::new() }
    }

    pub(super) fn role(&self, id: i64) -> Option<&Role> {
        self.snapshot.roles.iter().find(|role| role.id == id)
    }

    pub(super) fn rules(&self, id: &str) -> Option<&Rules> {
        self.rules.iter().find(|rules| rules.id == id)
    }

    /// Whether the snapshot says that a list was read.
    pub(super) fn has_read(&self, dataset: &str) -> bool {
        self.snapshot.coverage.iter().any(|row| row["dataset"] == dataset && row["status"] == "complete")
    }

    pub(super) fn write(&self) -> Written {
        let folder = TempDir::new().expect("a folder");
        self.write_to(folder.path());
        Written(folder)
    }

    pub(super) fn write_to(&self, folder: &Path) {
        let write = |name: &str, text: String| std::fs::write(folder.join(name), text).expect("a file");
        write("tenant.json", self.snapshot.text());
        write("leastwise.toml", self.config());
        std::fs::create_dir_all(folder.join("rules")).expect("a folder");
        for rules in &self.rules {
            write(&format!("rules/{}.toml", rules.id), rules.text());
        }
    }

    pub(super) fn config(&self) -> String {
        let mut text = String::from("[tenant.gen]\nsite = \"na.myconnectwise.net\"\ncompany = \"gen\"\n");
        for binding in &self.bindings {
            let _ = write!(text, "\n[[tenant.gen.integration]]\nrules = {}\n", quoted(&binding.rules));
            for (key, value) in [("member", &binding.member), ("role", &binding.role)] {
                if let Some(value) = value {
                    let _ = writeln!(text, "{key} = {}", quoted(value));
                }
            }
            if binding.declares_feature {
                let _ = writeln!(text, "features = [{}]", quoted(FEATURE));
            }
            if let Some(day) = binding.setup_until {
                let _ = writeln!(text, "setup_until = {day}");
            }
        }
        for waiver in &self.waivers {
            let _ = write!(text, "\n[[waiver]]\ncheck = {}\n", quoted(waiver.check));
            for (key, value) in &waiver.names {
                let _ = writeln!(text, "{key} = {}", quoted(value));
            }
            let _ = writeln!(
                text,
                "reason = \"agreed\"\nowner = \"netops\"\nsince = 2026-11-01\nexpires = {}",
                waiver.expires
            );
        }
        text
    }

    /// Everything but the rows that give nothing, for whoever reads a failure.
    pub(super) fn shown(&self) -> String {
        let mut snapshot = self.snapshot.clone();
        for rows in snapshot.roles.iter_mut().filter_map(|role| role.settings.as_mut()) {
            rows.retain(|row| VERBS.iter().any(|verb| row.cells.get(*verb) != Some(&json!("None"))));
        }
        let mut text = format!(
            "tenant.json (without the rows that are None)\n{}\nleastwise.toml\n{}",
            snapshot.text(),
            self.config()
        );
        for rules in &self.rules {
            let _ = write!(text, "\nrules/{}.toml\n{}", rules.id, rules.text());
        }
        text
    }
}

impl Written {
    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(super) fn run(&self, args: &[&str]) -> Ran {
        let given = ["audit", "--snapshot", "tenant.json", "--rules-dir", "rules", "--format", "json"];
        leastwise([&given, args].concat()).folder(self.path()).run()
    }
}

impl Snapshot {
    /// Puts one more active holder on a role: a person, or an API member whose name tells nothing.
    pub(super) fn add_stranger(&mut self, id: i64, role: i64, is_person: bool) {
        let licence = Some(if is_person { "F" } else { "A" }.to_owned());
        self.members.push(Member { id, licence, active: Some(true), role: Some(role), rest: Map::new() });
        if !is_person {
            let identifier = format!("svc-{id}");
            let rest = [("level".to_owned(), json!("Corporate (Level 1)"))].into_iter().collect();
            self.api_members.push(ApiMember { id, identifier, active: Some(true), role: Some(role), rest });
        }
    }

    /// One setting per line, as `leastwise snapshot` writes it, so that it is read role by role.
    pub(super) fn text(&self) -> String {
        fn list<T: Serialize>(rows: &[T]) -> String {
            let rows: Vec<_> = rows.iter().map(|row| json!(row).to_string()).collect();
            format!("[\n{}\n]", rows.join(",\n"))
        }
        let header = json!(self.header);
        let roles: Vec<_> = self
            .roles
            .iter()
            .map(|role| {
                let bare = json!(Role { settings: None, ..role.clone() }).to_string();
                match &role.settings {
                    Some(rows) => {
                        format!("{},\"settings\":{}}}", bare.trim_end_matches('}'), list(rows))
                    }
                    None => bare,
                }
            })
            .collect();
        format!(
            "{{\"format\":{},\"header\":{header},\n\"tenant\":{},\n\"coverage\":{},\n\"members\":{},\n\
             \"api_members\":{},\n\"member_use\":{},\n\"logins\":{},\n\"roles\":[\n{}\n]}}\n",
            json!(self.format),
            self.tenant,
            list(&self.coverage),
            list(&self.members),
            list(&self.api_members),
            list(&self.member_use),
            list(&self.logins),
            roles.join(",\n"),
        )
    }
}

impl Rules {
    pub(super) fn text(&self) -> String {
        let Self { id, name, read, .. } = self;
        let mut text = format!(
            "id = \"{id}\"\nvendor = \"{name}\"\nproduct = \"{name}\"\nsource = \"https://{id}.example/keys\"\nread = {read}\n"
        );
        if let Some(day) = self.keys_since {
            let _ = writeln!(text, "keys_since = {day}");
        }
        for (key, is_set) in [("partial", self.partial), ("asks_admin", self.asks_admin)] {
            if is_set {
                let _ = writeln!(text, "{key} = true");
            }
        }
        let _ =
            write!(text, "\n[match]\nroles = [\"{name}\"]\nmembers = [\"{name}\"]\nlogins = [\"{name}\"]\n");
        tables(&mut text, "needs", &self.needs);
        if !self.feature.is_empty() {
            let _ = write!(text, "\n[features.{FEATURE}]\nsummary = \"Does more.\"\n");
            tables(&mut text, &format!("features.{FEATURE}.needs"), &self.feature);
        }
        if let Some((module, function)) = self.doubt {
            let _ = write!(
                text,
                "\n[[doubt]]\nfunctions = [\"{module} / {function}\"]\ntext = \"The page does not say.\"\n"
            );
        }
        text
    }
}

/// A table for each module.
fn tables(text: &mut String, under: &str, needs: &[Need]) {
    let modules: BTreeSet<_> = needs.iter().map(|need| need.module).collect();
    for module in modules {
        let _ = write!(text, "\n[{under}.{}]\n", quoted(module));
        for need in needs.iter().filter(|need| need.module == module) {
            text.push_str(&need.text());
        }
    }
}

impl Need {
    fn text(&self) -> String {
        let levels = VERBS.iter().zip(self.levels);
        let mut cells: Vec<_> =
            levels.filter_map(|(verb, level)| Some(format!("{verb} = \"{}\"", level?))).collect();
        cells.extend(self.quirk.map(str::to_owned));
        format!("{} = {{ {} }}\n", quoted(self.function), cells.join(", "))
    }
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
