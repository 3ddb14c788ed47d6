//! What an audit said, read from the JSON report and from nothing else. Should the report's layout move,
//! this is the file that follows it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::support::Ran;

/// An audit's report of its only tenant.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub(super) code: u8,
    pub(super) report: Value,
}

/// A key of the report.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key<'j>(pub(super) &'j Value);

/// A step of the plan.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step<'j>(pub(super) &'j Value);

/// What a key can do, as far as it is counted: power, and whether all or own records alone.
pub(super) type Powers = BTreeMap<String, bool>;

pub(super) const DANGEROUS: [&str; 3] = ["take-over", "reach-customers", "read-secrets"];

/// What makes a key one for the plan, in the order of a first screen.
pub(super) const STANDINGS: [&str; 9] = [
    "broken",
    "exposed",
    "unowned",
    "to-decide",
    "excess",
    "undetermined",
    "switched-off",
    "accepted",
    "fine",
];

impl Judged {
    pub(super) fn of(ran: &Ran) -> Result<Self, String> {
        let report = serde_json::from_str(&ran.stdout)
            .map_err(|error| format!("no report ({error}), exit {}: {}", ran.code, ran.stderr))?;
        Ok(Self { code: ran.code, report })
    }

    fn list(&self, name: &str) -> &[Value] {
        let list = &self.report["tenants"][0][name];
        list.as_array().unwrap_or_else(|| panic!("the report's tenant has no `{name}`"))
    }

    pub(super) fn results(&self) -> &[Value] {
        self.list("results")
    }

    /// Open findings.
    pub(super) fn open(&self) -> impl Iterator<Item = &Value> {
        self.results().iter().filter(|result| result["status"] == "fail")
    }

    pub(super) fn keys(&self) -> Vec<Key<'_>> {
        self.list("keys").iter().map(Key).collect()
    }

    pub(super) fn steps(&self) -> Vec<Step<'_>> {
        self.list("plan").iter().map(Step).collect()
    }

    pub(super) fn left(&self) -> &[Value] {
        self.list("left")
    }

    /// The keys by who they are.
    pub(super) fn by_who(&self) -> BTreeMap<String, Key<'_>> {
        self.keys().into_iter().map(|key| (key.who(), key)).collect()
    }
}

impl<'j> Key<'j> {
    /// Who it is, whatever role it holds; what is only expected, by the role that was meant.
    pub(super) fn who(self) -> String {
        let Self(key) = self;
        let member = match (self.member(), self.role(), key["login"]["id"].as_i64()) {
            (Some(member), ..) => format!("member {member}"),
            (None, _, Some(login)) => format!("login {login}"),
            (None, Some(role), None) => format!("role {role}"),
            (None, None, None) => "nobody".to_owned(),
        };
        format!("{} as {member}", self.integration().unwrap_or("nothing"))
    }

    pub(super) fn integration(self) -> Option<&'j str> {
        self.0["integration"].as_str()
    }

    pub(super) fn member(self) -> Option<i64> {
        self.0["member"]["id"].as_i64()
    }

    pub(super) fn role(self) -> Option<i64> {
        self.0["role"]["id"].as_i64()
    }

    pub(super) fn is_login(self) -> bool {
        self.0["login"].is_object()
    }

    pub(super) fn works(self) -> &'j str {
        self.0["works"].as_str().unwrap_or_else(|| panic!("a key without `works`: {}", self.0))
    }

    pub(super) fn standing(self) -> BTreeSet<&'j str> {
        let standing = self.0["standing"].as_array().unwrap_or_else(|| panic!("no `standing`: {}", self.0));
        standing.iter().filter_map(Value::as_str).collect()
    }

    pub(super) fn is(self, standing: &str) -> bool {
        self.standing().contains(standing)
    }

    /// `None` where its role could not be read.
    pub(super) fn power_rows(self) -> Option<&'j Vec<Value>> {
        self.0["powers"].as_array()
    }

    /// The powers that count, by whomever they are asked.
    pub(super) fn powers(self) -> Powers {
        let mut powers = Powers::new();
        for row in self.power_rows().into_iter().flatten().filter(|row| counts(row)) {
            let over_all = row["level"] == "all";
            *powers.entry(text(&row["power"])).or_default() |= over_all;
        }
        powers
    }

    pub(super) fn dangerous(self) -> BTreeSet<String> {
        let powers = self.powers().into_keys();
        powers.filter(|power| DANGEROUS.contains(&power.as_str())).collect()
    }
}

/// Whether a row of powers is of those that a standing rests on.
pub(super) fn counts(row: &Value) -> bool {
    row["conditional"] != true && row["inferred"] != true
}

impl<'j> Step<'j> {
    pub(super) fn kind(self) -> &'j str {
        self.0["kind"].as_str().unwrap_or_else(|| panic!("a step without `kind`: {}", self.0))
    }

    pub(super) fn is_decision(self) -> bool {
        self.0["decision"] == true
    }

    pub(super) fn integration(self) -> Option<&'j str> {
        self.0["integration"].as_str()
    }

    pub(super) fn role(self) -> Option<i64> {
        self.0["role"]["id"].as_i64()
    }

    pub(super) fn member(self) -> Option<i64> {
        self.0["member"]["id"].as_i64()
    }

    pub(super) fn levels(self) -> &'j [Value] {
        self.0["levels"].as_array().map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn findings(self) -> impl Iterator<Item = &'j str> + use<'j> {
        fingerprints(self.0)
    }

    /// In a line, for a failure.
    pub(super) fn shown(self) -> String {
        let Self(step) = self;
        let bare = ["step", "kind", "title", "integration", "member", "role", "login", "levels", "decision"];
        bare.map(|field| format!("{field}: {}", step[field])).join(", ")
    }
}

/// The findings that a step closes, or that an entry of `left` leaves.
pub(super) fn fingerprints(step: &Value) -> impl Iterator<Item = &str> {
    step["findings"].as_array().into_iter().flatten().filter_map(Value::as_str)
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// That a law holds, or how it does not.
pub(super) fn ensure(holds: bool, said: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(said()) }
}

/// That whatever works before works after.
pub(super) fn works_still(before: &Judged, after: &Judged) -> Result<(), String> {
    let now = after.by_who();
    for (who, key) in before.by_who() {
        let works = now.get(&who).map_or("no longer in the report", |key| key.works());
        ensure(key.works() != "yes" || works == "yes", || {
            format!(
                "{who} worked, and now: {works}\nbefore: {}\nafter: {}",
                key.0,
                now.get(&who).map_or(&Value::Null, |key| key.0)
            )
        })?;
    }
    Ok(())
}
