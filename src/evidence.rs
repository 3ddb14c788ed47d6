//! Evidence: what a member's own key saw of its customise lists, bound to a role and to a hash of its
//! settings. It lapses when they change.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::json_map::each_once_or_none;
use crate::model::{MemberId, RoleId, Setting, TenantId, fold_function};
use crate::rules::Catalog;
use crate::term::text::hex;

/// What an evidence file says it is.
const FORMAT: &str = "leastwise-evidence/1";

/// The API's name for the customise list of Table Setup.
pub(crate) const TABLE_SETUP: &str = "SystemTableSetup";

/// What keys of one tenant saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Which PSA.
    pub tenant: TenantId,
    /// When it was seen.
    pub taken_at: Timestamp,
    /// By role.
    pub roles: Vec<RoleEvidence>,
}

/// What a key of one role saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleEvidence {
    /// The role.
    pub role: RoleId,
    /// The member whose key it was.
    pub member: MemberId,
    /// The hash of the role's settings at that time.
    pub settings: String,
    /// Endpoints that were asked for one row.
    pub probes: Vec<Probed>,
    /// The rows of the member's own customise lists, by list; absent where they could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "each_once_or_none")]
    pub lists: Option<BTreeMap<String, BTreeSet<String>>>,
}

/// One endpoint and how it answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Probed {
    /// The path below the API's base.
    pub path: String,
    /// The table that opens it, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// The status; absent where there was no answer.
    pub status: Option<u16>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    tool: String,
    taken_at: String,
    tenant: TenantId,
    roles: Vec<RoleEvidence>,
}

/// What the rows of a customise list mean. It is not documented, so it is told from probes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The rows are what is allowed.
    Allow,
    /// The rows are what is refused.
    Deny,
}

impl Reading {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Allow, Self::Deny];

    /// Whether an entry is allowed, given whether the list has it.
    #[must_use]
    pub const fn allows(self, listed: bool) -> bool {
        matches!((self, listed), (Self::Allow, true) | (Self::Deny, false))
    }
}

/// Whether an entry is allowed, and how that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// Whether it is allowed.
    pub allowed: bool,
    /// Its own endpoint answered; else the list says so, by a reading that probes agree with.
    pub probed: bool,
}

/// A hash of a role's settings that does not depend on their order, ids or spelling.
#[must_use]
pub(crate) fn settings_hash(settings: &[Setting]) -> String {
    let mut lines: Vec<_> = settings
        .iter()
        .map(|setting| {
            let levels: Vec<_> = setting.grants.iter().map(|(_, grant)| grant.to_string()).collect();
            format!(
                "{}/{}={}",
                fold_function(&setting.module),
                fold_function(&setting.function),
                levels.join(",")
            )
        })
        .collect();
    lines.sort();
    hex(&Sha256::digest(lines.join("\n")))
}

impl Evidence {
    /// Reads an evidence file.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let file: File =
            serde_json::from_slice(bytes).map_err(|error| format!("it is no evidence: {error}"))?;
        if file.format != FORMAT {
            return Err(format!("its format is \"{}\", not {FORMAT}", file.format));
        }
        let taken_at = file
            .taken_at
            .parse()
            .map_err(|_| format!("taken_at is \"{}\", which is no time", file.taken_at))?;
        let evidence = Self { tenant: file.tenant, taken_at, roles: file.roles };
        let mut seen = BTreeSet::new();
        if let Some(twice) = evidence.roles.iter().find(|own| !seen.insert((own.role, own.member))) {
            return Err(format!("role {} is in it twice, as member {} saw it", twice.role, twice.member));
        }
        match Self::contradiction([&evidence]) {
            Some(said) => Err(format!("it contradicts itself: {said}")),
            None => Ok(evidence),
        }
    }

    /// What pieces of evidence of one moment say both ways, so that none of them decides.
    pub fn contradiction<'e>(pieces: impl IntoIterator<Item = &'e Self>) -> Option<String> {
        let mut answers: BTreeMap<(Timestamp, RoleId, String), bool> = BTreeMap::new();
        for piece in pieces {
            for seen in &piece.roles {
                for (table, open) in seen.probes.iter().filter_map(Probed::of_table) {
                    let key = (piece.taken_at, seen.role, fold_function(table));
                    if *answers.entry(key).or_insert(open) != open {
                        return Some(format!("{table} of role {} answered both 200 and 403", seen.role));
                    }
                }
            }
        }
        None
    }

    /// The file's text.
    ///
    /// # Errors
    /// None in practice: every value has a form in JSON.
    pub fn to_json(&self, tool: &str) -> serde_json::Result<String> {
        let file = File {
            format: FORMAT.to_owned(),
            tool: tool.to_owned(),
            taken_at: self.taken_at.to_string(),
            tenant: self.tenant.clone(),
            roles: self.roles.clone(),
        };
        Ok(serde_json::to_string_pretty(&file)? + "\n")
    }
}

impl RoleEvidence {
    /// How the endpoint of a table answered: true for 200, false for 403.
    #[must_use]
    pub fn answered(&self, table: &str) -> Option<bool> {
        let folded = fold_function(table);
        let of_table =
            |probed: &&Probed| probed.table.as_ref().is_some_and(|own| fold_function(own) == folded);
        self.probes.iter().filter(of_table).find_map(Probed::is_open)
    }

    /// Whether any table's endpoint answered, so that Table Setup itself is open.
    #[must_use]
    pub fn opens_a_table(&self) -> bool {
        self.probes.iter().any(|probed| probed.table.is_some() && probed.is_open() == Some(true))
    }

    /// Tables whose endpoint answered.
    pub fn open_tables(&self) -> impl Iterator<Item = &str> {
        let open = self.probes.iter().filter(|probed| probed.is_open() == Some(true));
        open.filter_map(|probed| probed.table.as_deref())
    }

    /// What the lists mean: the one reading with which at least one 200 and one 403 agree and that no
    /// probe contradicts.
    #[must_use]
    pub fn reading(&self) -> Option<Reading> {
        let listed = self.folded(TABLE_SETUP)?;
        let answers: Vec<_> = self
            .probes
            .iter()
            .filter_map(|probed| {
                Some((listed.contains(&fold_function(probed.table.as_ref()?)), probed.is_open()?))
            })
            .collect();
        let both = [true, false].iter().all(|way| answers.iter().any(|(_, open)| open == way));
        let agrees =
            |reading: &Reading| answers.iter().all(|(listed, open)| reading.allows(*listed) == *open);
        // With no entry of the list among the probed, an unknown form of entries would look like a reading.
        let met = answers.iter().any(|(listed, _)| *listed);
        if both && met { Reading::ALL.into_iter().find(agrees) } else { None }
    }

    /// The rows of a list, where a reading of them is established.
    #[must_use]
    pub fn read(&self, list: &str) -> Option<(Reading, &BTreeSet<String>)> {
        let reading = self.reading()?;
        Some((reading, self.lists.as_ref()?.get(list)?))
    }

    /// Whether a list allows an entry. A table that is refused while all of Table Setup may be closed
    /// (`opened` is false) says nothing of the list.
    #[must_use]
    pub fn rules_on(&self, list: &str, entry: &str, opened: bool) -> Option<Ruling> {
        let opened = opened || self.opens_a_table();
        let probed = if list == TABLE_SETUP { self.answered(entry) } else { None };
        match probed {
            Some(allowed) if allowed || opened => return Some(Ruling { allowed, probed: true }),
            Some(_) => return None,
            None => {}
        }
        let (reading, _) = self.read(list)?;
        let listed = self.folded(list)?.contains(&fold_function(entry));
        Some(Ruling { allowed: reading.allows(listed), probed: false })
    }

    /// Entries that are allowed and not needed; `None` where the lists cannot be read so far. Under a
    /// list of refusals, only tables that the catalog knows can be named.
    #[must_use]
    pub fn beyond(&self, list: &str, needed: &BTreeSet<String>, catalog: &Catalog) -> Option<Vec<String>> {
        let (reading, items) = self.read(list)?;
        let needed: BTreeSet<_> = needed.iter().map(|entry| fold_function(entry)).collect();
        let known = catalog.tables().iter().map(|table| &table.name);
        let candidates: Vec<&String> = match reading {
            Reading::Allow => items.iter().collect(),
            Reading::Deny if list == TABLE_SETUP => known.collect(),
            Reading::Deny => Vec::new(),
        };
        let listed = self.folded(list)?;
        let is_beyond = |entry: &&&String| {
            let folded = fold_function(entry);
            reading.allows(listed.contains(&folded)) && !needed.contains(&folded)
        };
        Some(candidates.iter().filter(is_beyond).map(|entry| (*entry).clone()).collect())
    }

    fn folded(&self, list: &str) -> Option<BTreeSet<String>> {
        Some(self.lists.as_ref()?.get(list)?.iter().map(|entry| fold_function(entry)).collect())
    }
}

impl Probed {
    /// The table that it is of, and whether it is open; `None` where it says nothing of one.
    fn of_table(&self) -> Option<(&str, bool)> {
        Some((self.table.as_deref()?, self.is_open()?))
    }

    /// 200 or 403; anything else says nothing of a right.
    #[must_use]
    pub const fn is_open(&self) -> Option<bool> {
        match self.status {
            Some(200) => Some(true),
            Some(403) => Some(false),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{Evidence, Probed, Reading, RoleEvidence, Ruling, TABLE_SETUP};
    use crate::model::{MemberId, RoleId, TenantId};

    fn evidence(probes: &[(&str, u16)], items: &[&str]) -> RoleEvidence {
        let answered = |&(table, status): &(&str, u16)| Probed {
            path: "x".to_owned(),
            table: Some(table.to_owned()),
            status: Some(status),
        };
        let items: BTreeSet<_> = items.iter().map(|&item| item.to_owned()).collect();
        RoleEvidence {
            role: RoleId(21),
            member: MemberId(251),
            settings: String::new(),
            probes: probes.iter().map(answered).collect(),
            lists: Some(BTreeMap::from([(TABLE_SETUP.to_owned(), items)])),
        }
    }

    #[test]
    fn a_reading_needs_a_200_and_a_403_that_agree_with_it() {
        let read = |probes: &[(&str, u16)], items: &[&str]| evidence(probes, items).reading();
        assert_eq!(read(&[("A / B", 200), ("A / C", 403)], &["A / B"]), Some(Reading::Allow));
        assert_eq!(read(&[("A / B", 200), ("A / C", 403)], &["a / c"]), Some(Reading::Deny));
        assert_eq!(read(&[("A / B", 200)], &["A / B"]), None, "no 403");
        assert_eq!(read(&[("A / C", 403)], &["A / B"]), None, "no 200");
        assert_eq!(read(&[("A / B", 200), ("A / C", 403)], &["A / B", "A / C"]), None, "contradiction");
        assert_eq!(read(&[("A / B", 200), ("A / C", 403)], &["17"]), None, "entries of another form");
        assert_eq!(read(&[("A / B", 200), ("A / C", 500)], &["A / B"]), None, "500 says nothing");
    }

    #[test]
    fn a_probe_beats_the_list_and_a_refusal_needs_an_open_table_setup() {
        let seen = evidence(&[("A / B", 200), ("A / C", 403)], &["A / B", "A / D"]);
        let ruling = |entry| seen.rules_on(TABLE_SETUP, entry, false);
        assert_eq!(ruling("A / C"), Some(Ruling { allowed: false, probed: true }));
        assert_eq!(ruling("A / D"), Some(Ruling { allowed: true, probed: false }));
        assert_eq!(ruling("A / E"), Some(Ruling { allowed: false, probed: false }));
        let closed = evidence(&[("A / C", 403)], &[]);
        assert_eq!(closed.rules_on(TABLE_SETUP, "A / C", false), None);
        assert_eq!(
            closed.rules_on(TABLE_SETUP, "A / C", true),
            Some(Ruling { allowed: false, probed: true })
        );
    }

    #[test]
    fn a_file_reads_as_it_was_written_and_nothing_else_does() {
        let evidence = Evidence {
            tenant: TenantId { site: "psa.example.org".to_owned(), company: "acme".to_owned() },
            taken_at: "2026-11-22T12:00:00Z".parse().unwrap(),
            roles: vec![evidence(&[("A / B", 200)], &["A / B"])],
        };
        let text = evidence.to_json("leastwise 0").unwrap();
        assert_eq!(Evidence::parse(text.as_bytes()), Ok(evidence));
        for wrong in
            [text.replace("evidence/1", "evidence/9"), text.replace("2026-11", "soon"), "[]".to_owned()]
        {
            assert!(Evidence::parse(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_contradicts_itself_decides_nothing() {
        let piece = |roles: Vec<RoleEvidence>| Evidence {
            tenant: TenantId { site: "psa.example.org".to_owned(), company: "acme".to_owned() },
            taken_at: "2026-11-22T12:00:00Z".parse().unwrap(),
            roles,
        };
        let (open, closed) = (evidence(&[("A / B", 200)], &[]), evidence(&[("a / b", 403)], &[]));
        let parse =
            |evidence: &Evidence| Evidence::parse(evidence.to_json("leastwise 0").unwrap().as_bytes());
        assert!(parse(&piece(vec![open.clone(), open.clone()])).is_err_and(|why| why.contains("twice")));
        let other = RoleEvidence { member: MemberId(252), ..closed.clone() };
        assert!(parse(&piece(vec![open.clone(), other])).is_err_and(|why| why.contains("contradicts")));
        let (one, two) = (piece(vec![open.clone()]), piece(vec![closed]));
        assert!(Evidence::contradiction([&one, &two]).is_some());
        let later = Evidence { taken_at: "2026-11-23T12:00:00Z".parse().unwrap(), ..two };
        assert_eq!(Evidence::contradiction([&one, &later]), None, "the newer one decides");
        let list = "\"SystemTableSetup\": []";
        let text = one.to_json("leastwise 0").unwrap();
        assert!(text.contains(list), "{text}");
        let doubled = text.replace(list, &format!("{list}, {list}"));
        assert!(Evidence::parse(doubled.as_bytes()).is_err_and(|why| why.contains("there twice")));
    }
}
