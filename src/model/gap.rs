//! Gaps: why a dataset could not be read, as a type; the sentence about it is made from that and is read by
//! nobody. No text of the PSA's is in it: what an answer said stands in words of our own lists.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DatasetName, Name, RoleId};

/// Why a dataset could not be read in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Which dataset is missing.
    pub dataset: DatasetName,
    /// Whose settings, where it is those of one role.
    pub role: Option<RoleId>,
    /// What happened.
    pub cause: GapCause,
}

impl Gap {
    /// A gap of a whole dataset.
    #[must_use]
    pub const fn new(dataset: DatasetName, cause: GapCause) -> Self {
        Self { dataset, role: None, cause }
    }

    /// The settings of one role are missing.
    #[must_use]
    pub const fn of_role(role: RoleId, cause: GapCause) -> Self {
        Self { dataset: DatasetName::Settings, role: Some(role), cause }
    }

    /// One sentence: what happened.
    #[must_use]
    pub fn reason(&self) -> String {
        match self.role {
            Some(role) => format!("the settings of role {role}: {}", self.cause),
            None => self.cause.to_string(),
        }
    }

    /// What the key's owner can do about it.
    #[must_use]
    pub fn fix(&self) -> String {
        let needs = format!("the role of leastwise's own key needs {}", self.dataset.right());
        if self.cause.is_refusal() { needs } else { format!("if it was refused: {needs}") }
    }

    /// What is missing, why, and what to do about it.
    #[must_use]
    pub fn with_fix(&self) -> String {
        format!("{self}; {}", self.fix())
    }

    /// Whether nothing is missing: a list that no check in use needs was not asked for.
    #[must_use]
    pub fn is_left_out(&self) -> bool {
        self.dataset.is_optional() && self.cause == GapCause::NotAsked
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} could not be read: {}", self.dataset, self.reason())
    }
}

/// What to check when a key is refused, the likeliest first.
const CHECK: &str = "check, in this order: public and private key (both whole, of one pair, not swapped), the company (the login company id, mind capitals), that the API member is active, the client id";

/// What kept a dataset from being read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum GapCause {
    /// Nobody asked for it.
    NotAsked,
    /// HTTP 403: the key's role does not allow it.
    Refused(Said),
    /// HTTP 401: the key itself.
    KeyRefused(Said),
    /// HTTP 404 to the first call with the key.
    NotAdmitted(Said),
    /// HTTP 400, for the client id.
    ClientId(Said),
    /// HTTP 404.
    NotFound(Said),
    /// HTTP 400: `Cannot route`.
    CannotRoute(Said),
    /// The PSA asks for TLS.
    SslRequired,
    /// HTTP 429.
    TooManyRequests {
        /// How long the PSA asked to wait.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seconds: Option<u64>,
        /// For how long nothing else came.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        waited: Option<u64>,
    },
    /// Any other error status.
    Http {
        /// The status.
        status: u16,
        /// What came with it.
        #[serde(flatten)]
        said: Said,
    },
    /// No connection.
    Unreachable(Said),
    /// A certificate that nobody known vouches for.
    Untrusted(Said),
    /// No answer in time.
    TimedOut,
    /// The connection broke while the answer came.
    BrokenOff(Said),
    /// A redirect, which is never followed.
    Redirected {
        /// The host that it names.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        host: Option<Name>,
    },
    /// An empty list, where the caller itself is in it.
    Empty,
    /// Pages that do not fit together, or that were not all read.
    NotReadInFull {
        /// What did not fit, in our words; a snapshot does not keep it.
        #[serde(skip)]
        detail: Option<Name>,
    },
    /// Something else than JSON.
    NotJson {
        /// What it was, in our words; a snapshot does not keep it.
        #[serde(skip)]
        detail: Option<Name>,
    },
    /// JSON that is not what it should be.
    Misshapen {
        /// What is wrong, in our words; a snapshot does not keep it.
        #[serde(skip)]
        detail: Option<Name>,
    },
    /// More than is read.
    TooLarge {
        /// The limit.
        mib: usize,
    },
    /// More rows than are read.
    TooManyRows {
        /// The limit.
        rows: usize,
    },
    /// A list that took too long.
    TooSlow {
        /// The limit.
        seconds: u64,
    },
    /// No such file among saved answers.
    NotSaved {
        /// The file; a snapshot does not keep it.
        #[serde(skip)]
        file: Option<Name>,
    },
    /// The site knows no such company.
    NoCompany,
    /// The settings of leastwise itself: nobody was asked.
    Unusable,
    /// A member without a role that could be found.
    NoRole,
    /// A snapshot that does not speak of it.
    NotInSnapshot,
    /// A snapshot that says it was not read, and not why.
    NoReason,
    /// A snapshot with a reason in words that are none of ours.
    Unexplained {
        /// How many.
        characters: usize,
    },
}

impl GapCause {
    /// Whether the key's role is what stands in the way.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused(_))
    }

    /// What an answer said, where one came.
    #[must_use]
    pub const fn said(&self) -> Option<&Said> {
        match self {
            Self::Refused(said)
            | Self::KeyRefused(said)
            | Self::NotAdmitted(said)
            | Self::ClientId(said)
            | Self::NotFound(said)
            | Self::CannotRoute(said)
            | Self::Unreachable(said)
            | Self::Untrusted(said)
            | Self::BrokenOff(said)
            | Self::Http { said, .. } => Some(said),
            _ => None,
        }
    }

    /// The same without a host that is written as none is: a file may say anything.
    #[must_use]
    pub fn with_plain_host(self) -> Self {
        match self {
            Self::Redirected { host } => Self::Redirected { host: host.filter(|host| is_plain_host(host)) },
            other => other,
        }
    }

    /// The same without the name of any host, for whoever may not learn it.
    #[must_use]
    pub fn without_host(self) -> Self {
        match self {
            Self::Redirected { .. } => Self::Redirected { host: None },
            other => other,
        }
    }
}

impl fmt::Display for GapCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let because =
            |detail: &Option<Name>| detail.as_ref().map_or_else(String::new, |detail| format!(" ({detail})"));
        match self {
            Self::NotAsked => write!(f, "it was not asked for"),
            Self::Refused(said) => write!(f, "HTTP 403: the key's role does not allow it{said}"),
            Self::KeyRefused(said) => write!(f, "the key was refused; {CHECK}{said}"),
            Self::NotAdmitted(said) => write!(
                f,
                "HTTP 404 to the first call with the key, which a cloud PSA also gives for a wrong key or company; {CHECK}{said}"
            ),
            Self::ClientId(said) => write!(
                f,
                "HTTP 400: the client id is not accepted; check that it is one of your own from developer.connectwise.com, of the kind Private for your own PSA, whole, and not a key{said}"
            ),
            Self::NotFound(said) => write!(
                f,
                "HTTP 404: not there; on cloud this can also mean that company or key are wrong{said}"
            ),
            Self::CannotRoute(said) => write!(
                f,
                "HTTP 400: the PSA cannot route the call; check the company (the login company id, not its name) and the site{said}"
            ),
            Self::SslRequired => write!(
                f,
                "the PSA says that SSL is required, as it does at a host that is not its API's; for a cloud site, use the name with api- in front as the site"
            ),
            Self::TooManyRequests { seconds, waited } => f.write_str(&too_many_requests(*seconds, *waited)),
            Self::Http { status, said } => write!(f, "HTTP {status}{}{said}", meaning(*status)),
            Self::Unreachable(said) => {
                write!(f, "the site {}{said}; check {}", said.no_connection(), said.to_check())
            }
            Self::Untrusted(said) => write!(
                f,
                "the PSA's certificate is not trusted{said}; where the PSA or something that inspects TLS has an authority of its own, name its certificate in leastwise.toml: ca_file = \"authority.pem\""
            ),
            Self::TimedOut => write!(
                f,
                "no answer came in time; the PSA is slow or something on the way drops the connection: try again"
            ),
            Self::BrokenOff(said) => write!(f, "the answer broke off{said}; try again"),
            Self::Redirected { host } => write!(
                f,
                "the site redirects to {}, which leastwise does not follow; if that is your PSA, use it as the site",
                host.as_deref().unwrap_or("another address")
            ),
            Self::Empty => write!(
                f,
                "the PSA sent an empty list, which cannot be: whoever asks is in it; the key may lack the permission to see it"
            ),
            Self::NotReadInFull { detail } => write!(
                f,
                "the pages of the list do not fit together{}: it may have changed while it was read; try again",
                because(detail)
            ),
            Self::NotJson { detail } => write!(
                f,
                "the answer is {}not JSON: something else than the PSA's API answers at this address (a login page, a proxy, a firewall)",
                detail.as_ref().map_or_else(String::new, |detail| format!("{detail}, "))
            ),
            Self::Misshapen { detail } => {
                let detail = detail.as_ref().map_or_else(String::new, |detail| format!(": {detail}"));
                write!(f, "the answer is not understood{detail}")
            }
            Self::TooLarge { mib } => {
                write!(f, "the answer is larger than {mib} MiB, which no list of the PSA is: it was not read")
            }
            Self::TooManyRows { rows } => {
                write!(
                    f,
                    "the list has more than {rows} rows, which no list of the PSA has: it was not read in full"
                )
            }
            Self::TooSlow { seconds } => {
                write!(
                    f,
                    "the list took more than {seconds} s: it was not read in full; the PSA is slow: try again"
                )
            }
            Self::NotSaved { file } => {
                let file = file.as_ref().map_or_else(String::new, |file| format!(": there is no {file}"));
                write!(f, "it was not saved{file}")
            }
            Self::NoCompany => write!(
                f,
                "the site knows no such company: write the company id that is typed on the login screen, not the company's name"
            ),
            Self::Unusable => write!(f, "it could not be asked for with the settings that leastwise has"),
            Self::NoRole => write!(f, "the member has no role that could be found"),
            Self::NotInSnapshot => write!(f, "the snapshot does not say that it was read"),
            Self::NoReason => write!(f, "the snapshot gives no reason"),
            Self::Unexplained { characters } => {
                write!(
                    f,
                    "the snapshot gives a reason of {characters} characters that leastwise does not know"
                )
            }
        }
    }
}

/// Whether a text is written as a host is.
pub(super) fn is_plain_host(host: &str) -> bool {
    const LONGEST: usize = 253;
    (1..=LONGEST).contains(&host.len())
        && host.chars().all(|c| c.is_ascii_alphanumeric() || "-._:[]".contains(c))
}

/// What became of asking a PSA that is busy.
fn too_many_requests(seconds: Option<u64>, waited: Option<u64>) -> String {
    let asked = seconds.map_or_else(String::new, |seconds| format!(" (it asks to wait {seconds} s)"));
    let waited = match waited {
        None => String::new(),
        Some(0) => "; that is longer than it is waited for".to_owned(),
        Some(waited) => format!("; nothing else came for {waited} s"),
    };
    format!(
        "HTTP 429: too many requests, by all users of this API together{asked}{waited}; try again later, or wait longer with --max-wait"
    )
}

/// What to make of a status that has no sentence of its own.
const fn meaning(status: u16) -> &'static str {
    match status {
        401 | 403 => ", where no key is asked for: something before the PSA refuses, such as a firewall",
        404 => ": no PSA answers there; check the site",
        406 | 415 => {
            ": the PSA takes neither the version of the API that leastwise asks for, nor the call without one"
        }
        408 | 500..=599 => ": the PSA, or something before it, failed; try again later",
        _ => "",
    }
}

/// What an answer or a library said, as far as our own lists have it: never its own text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Said {
    /// Codes and messages that are known, as they stand in our list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<Name>,
    /// How many characters of it are not known, where nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown: Option<usize>,
    /// Modules, functions, tables, verbs, levels and fields that it names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<Name>,
}

/// What TLS says of an answer that is none of TLS.
const NO_TLS: &str = "InvalidContentType";

impl Said {
    /// Whether a text of our list is in it.
    #[must_use]
    pub fn has(&self, text: &str) -> bool {
        self.known.iter().any(|known| &**known == text)
    }

    /// What happened where no connection came about: somebody may have answered who does not speak TLS.
    #[must_use]
    pub fn no_connection(&self) -> &'static str {
        if self.has(NO_TLS) { "answers without TLS" } else { "cannot be reached" }
    }

    /// What to check then.
    #[must_use]
    pub fn to_check(&self) -> &'static str {
        if self.has(NO_TLS) { "the host and the port of the site" } else { "the site and the network" }
    }

    /// Both, each thing once. Where either is known, the rest need not be counted.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        for (own, more) in [(&mut self.known, other.known), (&mut self.names, other.names)] {
            for text in more {
                if !own.contains(&text) {
                    own.push(text);
                }
            }
        }
        let unknown = self.unknown.into_iter().chain(other.unknown).reduce(usize::saturating_add);
        self.unknown = unknown.filter(|_| self.known.is_empty());
        self
    }
}

impl fmt::Display for Said {
    /// In brackets, with a blank before; nothing where nothing was said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if !self.known.is_empty() {
            parts.push(format!("it says: {}", self.known.join(": ")));
        }
        if let Some(characters) = self.unknown {
            parts.push(format!("with a message of {characters} characters that leastwise does not know"));
        }
        if !self.names.is_empty() {
            parts.push(format!("it names {}", self.names.join(", ")));
        }
        if parts.is_empty() { Ok(()) } else { write!(f, " ({})", parts.join("; ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Gap, GapCause, Said};
    use crate::model::{DatasetName, RoleId};

    #[test]
    fn a_gap_says_what_is_missing_why_and_what_to_do() {
        let timed_out = Gap::new(DatasetName::Roles, GapCause::TimedOut);
        assert!(timed_out.to_string().starts_with("roles could not be read: no answer came in time; "));
        let needs = "the role of leastwise's own key needs System / Security Roles, Inquire = All";
        let refused = Gap::of_role(RoleId(3), GapCause::Refused(Said::default()));
        assert_eq!(refused.fix(), needs);
        assert_eq!(refused.reason(), "the settings of role 3: HTTP 403: the key's role does not allow it");
        // That 403 is of something before the PSA.
        let before = GapCause::Http { status: 403, said: Said::default() };
        for other in [GapCause::TimedOut, GapCause::KeyRefused(Said::default()), before] {
            let gap = Gap::new(DatasetName::Roles, other);
            assert_eq!(gap.fix(), format!("if it was refused: {needs}"));
            assert_eq!(gap.with_fix(), format!("{gap}; {}", gap.fix()));
        }
    }

    #[test]
    fn what_was_said_is_told_apart() {
        let said = Said { known: vec!["Security".into()], unknown: None, names: vec!["Inquire".into()] };
        assert_eq!(said.to_string(), " (it says: Security; it names Inquire)");
        let said = Said { unknown: Some(212), ..Said::default() };
        assert_eq!(said.to_string(), " (with a message of 212 characters that leastwise does not know)");
        assert_eq!(Said::default().to_string(), "");
    }

    #[test]
    fn a_cause_comes_back_from_its_own_file_form() {
        let said = Said { known: vec!["Security".into()], unknown: Some(7), names: Vec::new() };
        for cause in [
            GapCause::NotAsked,
            GapCause::Refused(said.clone()),
            GapCause::Http { status: 502, said },
            GapCause::TooManyRequests { seconds: Some(3), waited: Some(300) },
            GapCause::NotAdmitted(Said::default()),
            GapCause::TooManyRows { rows: 9 },
            GapCause::Redirected { host: Some("psa.example".into()) },
            GapCause::TooLarge { mib: 64 },
            GapCause::Unexplained { characters: 3 },
        ] {
            let text = serde_json::to_string(&cause).unwrap();
            assert_eq!(serde_json::from_str::<GapCause>(&text).unwrap(), cause, "{text}");
        }
    }
}
