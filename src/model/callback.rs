//! Callbacks: the PSA posts records to an address at every save, without any key. An address can hold secrets,
//! so of it no more than the host is kept.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use url::Url;

use super::gap::is_plain_host;
use super::{MemberId, Name};

/// A callback, in the form that a snapshot has, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Callback {
    /// Its id.
    pub id: i64,
    /// What it sends, such as Ticket.
    #[serde(rename = "type")]
    pub kind: Option<Word>,
    /// Of which of them, such as those of one board.
    pub level: Option<Word>,
    /// Whose it is.
    pub member: Option<MemberId>,
    /// The host of the address that it sends to; null where the address is not understood.
    #[serde(default, deserialize_with = "plain_host")]
    pub host: Option<Name>,
    /// Not `inactiveFlag`; null where the PSA says null or nothing.
    pub active: Option<bool>,
}

impl Callback {
    /// Whether it is for every record of its type; `None` where its level is not understood.
    #[must_use]
    pub fn sees_all(&self) -> Option<bool> {
        match self.level? {
            Word::Known(level) => Some(level == OWNER),
            Word::Unknown(_) => None,
        }
    }
}

/// The level of all records, whoever may see them (ConnectWise's guide on callbacks).
const OWNER: &str = "Owner";

/// Types and levels that ConnectWise's guide on callbacks names.
const WORDS: [&str; 28] = [
    "Activity",
    "Agreement",
    "Board",
    "ChargeToType",
    "Class",
    "Company",
    "Configuration",
    "Contact",
    "Expense",
    "IntegratorTag",
    "Invoice",
    "Location",
    "Member",
    "Opportunity",
    OWNER,
    "Phase",
    "ProductCatalog",
    "Project",
    "PurchaseOrder",
    "Schedule",
    "SecurityRole",
    "Status",
    "StatusId",
    "Territory",
    "Ticket",
    "Time",
    "Type",
    "Vendor",
];

/// A word of a callback's: as our list has it, or, where somebody wrote something else, its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(into = "Written")]
pub enum Word {
    /// One that ConnectWise's guide names.
    Known(&'static str),
    /// So many characters of something else.
    Unknown(usize),
}

/// A word in a file.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Written {
    Word(String),
    Characters(usize),
}

impl Word {
    /// Reads what the PSA or a file says.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let known = WORDS.into_iter().find(|word| word.eq_ignore_ascii_case(text.trim()));
        known.map_or_else(|| Self::Unknown(text.chars().count()), Self::Known)
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Written::deserialize(deserializer)? {
            Written::Word(text) => Self::of(&text),
            Written::Characters(characters) => Self::Unknown(characters),
        })
    }
}

impl From<Word> for Written {
    fn from(word: Word) -> Self {
        match word {
            Word::Known(word) => Self::Word(word.to_owned()),
            Word::Unknown(characters) => Self::Characters(characters),
        }
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(word) => f.write_str(word),
            Self::Unknown(characters) => {
                write!(f, "a word of {characters} characters that leastwise does not know")
            }
        }
    }
}

/// The host of an address, without user name, password, port, path and query; `None` where it has none.
#[must_use]
pub fn host_of(address: &str) -> Option<Name> {
    let url = Url::parse(address.trim()).ok()?;
    // Of other schemes nobody knows which part is the host.
    let is_web = matches!(url.scheme(), "http" | "https");
    url.host_str().filter(|host| is_web && is_plain_host(host)).map(Into::into)
}

/// A file may say anything.
fn plain_host<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Name>, D::Error> {
    let host = Option::<String>::deserialize(deserializer)?;
    Ok(host.filter(|host| is_plain_host(host)).map(Into::into))
}

#[cfg(test)]
mod tests {
    use super::{Callback, WORDS, Word, host_of};

    #[test]
    fn of_an_address_only_the_host_is_kept() {
        for (address, host) in [
            ("https://Hooks.Example.com:8443/canary?token=canary#canary", Some("hooks.example.com")),
            ("https://canary:canary@hooks.example.com/x", Some("hooks.example.com")),
            ("https://canary@canary:canary@hooks.example.com", Some("hooks.example.com")),
            (" http://[2001:db8::1]/canary ", Some("[2001:db8::1]")),
            ("https://hooks.example.com\\@canary/canary", Some("hooks.example.com")),
            ("https:hooks.example.com/canary", Some("hooks.example.com")),
            ("https://hooks_1.example.com", Some("hooks_1.example.com")),
            ("//hooks.example.com/canary", None),
            ("hooks.example.com/canary?canary", None),
            ("canary:canary@hooks.example.com", None),
            ("amqp://canary:canary@hooks.example.com/canary", None),
            ("data:text/plain,canary", None),
            ("canary", None),
            ("", None),
        ] {
            assert_eq!(host_of(address).as_deref(), host, "{address}");
        }
    }

    #[test]
    fn a_word_that_somebody_wrote_is_counted_and_not_kept() {
        assert_eq!(Word::of(" ticket "), Word::Known("Ticket"));
        assert_eq!(Word::of("canary"), Word::Unknown(6));
        assert!(WORDS.is_sorted(), "so that a double shows");
        let row = r#"{"id":1,"type":"canary","level":12,"member":null,"host":"canary/canary","active":true}"#;
        let read: Callback = serde_json::from_str(row).unwrap();
        let written = serde_json::to_string(&read).unwrap();
        assert_eq!(written, r#"{"id":1,"type":6,"level":12,"member":null,"host":null,"active":true}"#);
        assert_eq!(serde_json::from_str::<Callback>(&written).unwrap(), read);
        assert_eq!(read.sees_all(), None);
    }

    #[test]
    fn only_the_level_owner_is_that_of_all_records() {
        let of = |level: Option<&str>| Callback {
            id: 1,
            kind: None,
            level: level.map(Word::of),
            member: None,
            host: None,
            active: None,
        };
        assert_eq!(of(Some("owner")).sees_all(), Some(true));
        assert_eq!(of(Some("Board")).sees_all(), Some(false));
        assert_eq!((of(Some("Everything")).sees_all(), of(None).sees_all()), (None, None));
    }
}
