//! Facts: everything that a visit of the doctor learned, before anything is concluded from it.

use jiff::Timestamp;

use crate::model::{GapCause, MemberId, RequestCount, Setting, Tenant, TenantId};
use crate::policy::DeclaredBinding;
use crate::source::connectwise::{Board, Company, CompanyRow, Exchange, Fault, KeyHolder, ListItem};

/// What a visit learned. What is `None` was not asked, because something before it failed.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// Which PSA; `None` where the settings do not say.
    pub tenant: Option<TenantId>,
    /// When the visit began.
    pub at: Timestamp,
    /// The settings, as far as they can be judged without asking.
    pub settings: SettingsFacts,
    /// What the site says of the company.
    pub company: Option<Result<Company, NoCompany>>,
    /// By how many seconds the server's clock is ahead of this machine's.
    pub skew: Option<i64>,
    /// What the auditor's key read.
    pub auditor: Auditor,
    /// Whose key it is.
    pub holder: Option<Result<KeyHolder, Trouble>>,
    /// Whether the pair was accepted the other way round.
    pub swapped: bool,
    /// The integration's member, where the auditor's key sees that it is inactive.
    pub inactive: Option<String>,
    /// Whether the key is one to judge the integration by.
    pub identity: Option<Identity>,
    /// What serves which integration, by id, so that it holds under other names too.
    pub bindings: Vec<DeclaredBinding>,
    /// The member's effective rights.
    pub rights: Option<Result<Vec<Setting>, Trouble>>,
    /// The member's customise lists.
    pub lists: Option<Result<Vec<ListItem>, Trouble>>,
    /// Endpoints that were asked for one row.
    pub probes: Vec<Probe>,
    /// Boards, and whether each has a default team.
    pub boards: Option<Result<Vec<BoardFact>, Trouble>>,
    /// The company that `--company-id` names.
    pub mapping: Option<Mapping>,
    /// Requests, counted.
    pub requests: Vec<RequestCount>,
    /// Requests of the integration's key, one by one.
    pub exchanges: Vec<Exchange>,
}

/// What can be said of the settings without asking.
#[derive(Clone, Debug, Default)]
pub(crate) struct SettingsFacts {
    /// What makes them unusable.
    pub problems: Vec<String>,
    /// What is worth knowing.
    pub remarks: Vec<String>,
    /// The site and the company as they were written, which a problem may repeat.
    pub written: Vec<String>,
}

/// Why the company was not found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NoCompany {
    /// The site knows no such company.
    Unknown,
    /// The site could not be asked.
    Trouble(Trouble),
}

/// What the auditor's key read.
#[derive(Clone, Debug)]
pub(crate) enum Auditor {
    /// No such key is set.
    Absent,
    /// It could not be used, and why.
    Unusable(Trouble),
    /// It was refused as the integration's was, so that what both share is at fault.
    Refused,
    /// It read the lists of roles and members.
    Read(Box<Tenant>),
}

impl Auditor {
    /// What it read.
    #[must_use]
    pub(crate) fn tenant(&self) -> Option<&Tenant> {
        match self {
            Self::Read(tenant) => Some(tenant),
            _ => None,
        }
    }
}

/// Whether a key is one to judge the integration by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// It is the integration's own member's.
    Own(MemberId),
    /// It is another member's, which holds the same role as the integration's.
    SameRole {
        /// The integration's member, where it is known.
        bound: Option<MemberId>,
    },
    /// It is somebody else's; with what the integration's member is known to be.
    Stranger(Option<String>),
    /// Several members may be the integration's.
    Ambiguous(Vec<String>),
    /// The tenant has neither a role nor a member for the integration.
    Nothing,
}

impl Identity {
    /// The member to judge, where the key is one to judge by.
    #[must_use]
    pub(crate) fn subject(&self, holder: MemberId) -> Option<MemberId> {
        match self {
            Self::Own(member) => Some(*member),
            Self::SameRole { bound } => Some(bound.unwrap_or(holder)),
            _ => None,
        }
    }
}

/// A fault, as the steps speak of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// The HTTP status, where there was one.
    pub status: Option<u16>,
    /// What it is as the reason of a gap.
    pub cause: GapCause,
    /// What happened, a sentence without a full stop; may name hosts.
    pub text: String,
}

impl Trouble {
    /// A reason that has no status of its own.
    #[must_use]
    pub(crate) fn of(cause: GapCause) -> Self {
        Self { status: None, text: cause.to_string(), cause }
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self { status: fault.status(), cause: fault.cause(), text: fault.to_string() }
    }
}

/// An endpoint that was asked for one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Probe {
    /// The path below the API's base.
    pub path: String,
    /// What opens it.
    pub opened_by: Opener,
    /// Whether the integration uses it; else it only tells how customise lists are to be read.
    pub needed: bool,
    /// How it answered.
    pub answer: Answer,
}

/// What opens an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Opener {
    /// Inquire on a function, as `Module / Function`.
    Function(String),
    /// A table of Table Setup.
    Table(String),
    /// The catalog does not know.
    Unknown,
}

/// How an endpoint answered: three different things, or none of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// 200, with a row.
    Rows,
    /// 200, with nothing.
    Empty,
    /// 403.
    Refused,
    /// Anything else.
    Trouble(Trouble),
}

impl Answer {
    /// The status.
    #[must_use]
    pub(crate) const fn status(&self) -> Option<u16> {
        match self {
            Self::Rows | Self::Empty => Some(200),
            Self::Refused => Some(403),
            Self::Trouble(trouble) => trouble.status,
        }
    }

    /// The word that reports use.
    #[must_use]
    pub(crate) const fn as_str(&self) -> &'static str {
        match self {
            Self::Rows => "rows",
            Self::Empty => "empty",
            Self::Refused => "refused",
            Self::Trouble(_) => "unknown",
        }
    }
}

/// A board, and whether a ticket on it would have a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BoardFact {
    /// The board.
    pub board: Board,
    /// Whether it has a default team; `None` where that could not be told.
    pub default_team: Option<bool>,
}

/// The company that `--company-id` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mapping {
    /// What was asked for.
    pub asked: String,
    /// Companies with that Company ID.
    pub by_id: Result<Vec<CompanyRow>, Trouble>,
    /// Companies with that name, where none has the id.
    pub by_name: Vec<CompanyRow>,
}

impl Facts {
    /// A visit that has learned nothing yet.
    #[must_use]
    pub(crate) fn new(tenant: Option<TenantId>, at: Timestamp, settings: SettingsFacts) -> Self {
        Self {
            tenant,
            at,
            settings,
            company: None,
            skew: None,
            auditor: Auditor::Absent,
            holder: None,
            swapped: false,
            inactive: None,
            identity: None,
            bindings: Vec::new(),
            rights: None,
            lists: None,
            probes: Vec::new(),
            boards: None,
            mapping: None,
            requests: Vec::new(),
            exchanges: Vec::new(),
        }
    }

    /// The member that the integration is judged by, where the key is one to judge it by.
    pub(super) fn subject(&self) -> Option<MemberId> {
        self.identity.as_ref()?.subject(self.key_holder()?.member.id)
    }

    /// The member whose key it is, where the key was accepted.
    #[must_use]
    pub(crate) fn key_holder(&self) -> Option<&KeyHolder> {
        self.holder.as_ref()?.as_ref().ok()
    }
}
