//! `NAME.sim.json`: what a PSA knows and a snapshot does not (keys, names of people, customise
//! lists, business rows).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// The simulator's own data for one tenant. Everything has a default, so `{}` is a valid file (with
/// no keys).
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct SimFile {
    /// The API keys that are accepted.
    pub keys: Vec<Key>,
    /// The `clientId` headers that are accepted. None listed: any that is not empty.
    pub client_ids: Vec<String>,
    /// The PSA release, as in `VersionCode`.
    pub version: String,
    /// The versioned part of the path, with its slash. In the cloud it names the release; on-premises it is
    /// `v4_6_release/`.
    pub codebase: String,
    /// What `IsCloud` says.
    pub cloud: bool,
    /// Fields laid over the rows of `/system/members`, by member id.
    pub people: BTreeMap<String, Map<String, Value>>,
    /// By role id, then by `customizeIdentifier`: the entries that the role may use. No list: no
    /// restriction.
    pub customize: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// Rows served as they are, by endpoint without the leading slash (`service/boards`).
    pub rows: BTreeMap<String, Vec<Value>>,
}

/// An API key pair of the simulator.
#[derive(Debug, Clone, Deserialize)]
pub struct Key {
    /// The member that the key belongs to.
    pub member: i64,
    /// The public half.
    pub public: String,
    /// The private half.
    pub private: String,
}

/// Everything that a caller needs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Access {
    /// The company id.
    pub company: String,
    /// A `clientId` that is accepted.
    pub client_id: String,
    /// The member that the key belongs to.
    pub member: i64,
    /// The public half of the key.
    pub public: String,
    /// The private half of the key.
    pub private: String,
}

impl Default for SimFile {
    fn default() -> Self {
        Self {
            keys: Vec::new(),
            client_ids: Vec::new(),
            version: "v2026.11".to_owned(),
            codebase: "v2026_11/".to_owned(),
            cloud: true,
            people: BTreeMap::new(),
            customize: BTreeMap::new(),
            rows: BTreeMap::new(),
        }
    }
}

impl SimFile {
    /// The entries that a role is held to for one customise list, or none when it is not
    /// restricted.
    pub(crate) fn allowed(&self, role: i64, list: &str) -> Option<&[String]> {
        let lists = self.customize.get(&role.to_string())?;
        lists.get(list).map(Vec::as_slice)
    }

    /// Rows of an endpoint, none when the file has none.
    pub(crate) fn rows(&self, endpoint: &str) -> &[Value] {
        self.rows.get(endpoint).map_or(&[], Vec::as_slice)
    }
}
