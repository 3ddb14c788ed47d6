//! One tenant: its snapshot, the simulator's own data, and an index so that no request walks the
//! whole snapshot.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::error::Error;
use crate::sim_file::{Access, SimFile};

/// A snapshot with what is served beside it.
#[derive(Debug)]
pub(crate) struct Tenant {
    company: String,
    snapshot: Value,
    index: Index,
    pub(crate) sim: SimFile,
}

/// Where each row is, by id.
#[derive(Debug)]
struct Index {
    roles: HashMap<i64, usize>,
    members: HashMap<i64, usize>,
    api_members: HashMap<i64, usize>,
    member_use: HashMap<i64, usize>,
}

impl Index {
    fn of(snapshot: &Value) -> Self {
        Self {
            roles: positions(rows(snapshot, "roles")),
            members: positions(rows(snapshot, "members")),
            api_members: positions(rows(snapshot, "api_members")),
            member_use: positions(rows(snapshot, "member_use")),
        }
    }
}

impl Tenant {
    pub(crate) fn new(snapshot: Value, sim: SimFile) -> Result<Self, Error> {
        if snapshot["format"] != "leastwise-snapshot/1" {
            return Err(Error::Snapshot("`format` is not leastwise-snapshot/1"));
        }
        let company = snapshot["tenant"]["company"]
            .as_str()
            .ok_or(Error::Snapshot("`tenant.company` is missing"))?
            .to_owned();
        let index = Index::of(&snapshot);
        Ok(Self { company, snapshot, index, sim })
    }

    /// The short name that callers put before the `+` of their user name.
    pub(crate) fn company(&self) -> &str {
        &self.company
    }

    /// The site that the snapshot is of.
    pub(crate) fn site(&self) -> &str {
        self.snapshot["tenant"]["site"].as_str().unwrap_or_default()
    }

    /// The keys that are accepted, ready to call with.
    pub(crate) fn access(&self) -> impl Iterator<Item = Access> {
        let client_id = self.sim.client_ids.first().map_or("any", String::as_str);
        self.sim.keys.iter().map(move |key| Access {
            company: self.company.clone(),
            client_id: client_id.to_owned(),
            member: key.member,
            public: key.public.clone(),
            private: key.private.clone(),
        })
    }

    /// Changes the snapshot in place. What is no longer a valid row is no longer served.
    pub(crate) fn edit<T>(&mut self, change: impl FnOnce(&mut Value) -> T) -> T {
        let result = change(&mut self.snapshot);
        self.index = Index::of(&self.snapshot);
        result
    }

    /// The rows of one list of the snapshot.
    pub(crate) fn rows(&self, list: &str) -> &[Value] {
        rows(&self.snapshot, list)
    }

    pub(crate) fn role(&self, id: i64) -> Option<&Value> {
        self.rows("roles").get(*self.index.roles.get(&id)?)
    }

    pub(crate) fn member(&self, id: i64) -> Option<&Value> {
        self.rows("members").get(*self.index.members.get(&id)?)
    }

    pub(crate) fn api_member(&self, id: i64) -> Option<&Value> {
        self.rows("api_members").get(*self.index.api_members.get(&id)?)
    }

    /// What only the list of members says of an API member: its restrict flags.
    pub(crate) fn member_use(&self, id: i64) -> Option<&Value> {
        self.rows("member_use").get(*self.index.member_use.get(&id)?)
    }

    /// Who last changed a role and when, where the snapshot says so.
    pub(crate) fn role_update(&self, id: i64) -> Option<&Value> {
        self.snapshot["header"]["role_updates"].get(id.to_string())
    }

    /// When a member last used the PSA, counted back from the time of the snapshot.
    pub(crate) fn last_use(&self, member: i64) -> Option<Timestamp> {
        let header = &self.snapshot["header"];
        let taken: Timestamp = header["taken_at"].as_str()?.parse().ok()?;
        let days = header["last_use_days"].get(member.to_string())?.as_i64()?;
        let ago = SignedDuration::from_secs(days.checked_mul(24 * 60 * 60)?);
        taken.checked_sub(ago).ok()
    }
}

fn rows<'a>(snapshot: &'a Value, list: &str) -> &'a [Value] {
    snapshot[list].as_array().map_or(&[], Vec::as_slice)
}

fn positions(rows: &[Value]) -> HashMap<i64, usize> {
    let with_id = |(position, row): (usize, &Value)| Some((row["id"].as_i64()?, position));
    rows.iter().enumerate().filter_map(with_id).collect()
}
