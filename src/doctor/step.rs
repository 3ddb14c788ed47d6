//! Steps: what the doctor looks at, in order, each with a verdict of its own.

use crate::exit::Exit;

/// What the doctor looks at, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum StepId {
    /// Settings are there and well formed.
    Settings,
    /// The site answers.
    Connection,
    /// The clocks agree.
    Clock,
    /// The site knows the company.
    Company,
    /// The client id is accepted.
    ClientId,
    /// The key pair is accepted.
    Key,
    /// It is a key of the integration's.
    Owner,
    /// The member is an active API member.
    Member,
    /// The member holds a role.
    Role,
    /// The role grants what is needed.
    Rights,
    /// Customise lists allow what is needed.
    Tables,
    /// The endpoints that the integration uses answer.
    Endpoints,
    /// Causes that are no permissions.
    Other,
}

impl StepId {
    /// All of them, in order.
    pub(crate) const ALL: [Self; 13] = [
        Self::Settings,
        Self::Connection,
        Self::Clock,
        Self::Company,
        Self::ClientId,
        Self::Key,
        Self::Owner,
        Self::Member,
        Self::Role,
        Self::Rights,
        Self::Tables,
        Self::Endpoints,
        Self::Other,
    ];

    /// The word that reports use.
    #[must_use]
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Connection => "connection",
            Self::Clock => "clock",
            Self::Company => "company",
            Self::ClientId => "client-id",
            Self::Key => "key",
            Self::Owner => "whose-key",
            Self::Member => "member",
            Self::Role => "role",
            Self::Rights => "rights",
            Self::Tables => "tables",
            Self::Endpoints => "endpoints",
            Self::Other => "other-causes",
        }
    }
}

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// As it should be.
    Ok,
    /// Off.
    Fail,
    /// It could not be told.
    Unknown,
    /// Not looked at, because something before it failed.
    Skipped,
}

impl Verdict {
    /// The word that reports use.
    #[must_use]
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::Skipped => "skipped",
        }
    }
}

/// One step and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// Which.
    pub id: StepId,
    /// What came of it.
    pub verdict: Verdict,
    /// In a sentence without a full stop.
    pub says: String,
    /// Why that may be, where more can be said.
    pub cause: Option<String>,
    /// The click or the command that mends it.
    pub fix: Option<String>,
    /// Further clicks that are needed.
    pub fixes: Vec<String>,
    /// Further remarks, a sentence each.
    pub notes: Vec<String>,
    /// Whether a failure means that a need is not met; else it is only worth knowing.
    pub gates: bool,
    /// Whether it only narrows what the integration sees or changes: nothing is refused for it.
    pub narrows: bool,
    /// How the program ends where nothing after this can be looked at.
    pub stops: Option<Exit>,
}

impl Step {
    fn new(id: StepId, verdict: Verdict, says: impl Into<String>) -> Self {
        Self {
            id,
            verdict,
            says: says.into(),
            cause: None,
            fix: None,
            fixes: Vec::new(),
            notes: Vec::new(),
            gates: verdict == Verdict::Fail,
            narrows: false,
            stops: None,
        }
    }

    /// As it should be.
    pub(crate) fn ok(id: StepId, says: impl Into<String>) -> Self {
        Self::new(id, Verdict::Ok, says)
    }

    /// Off, so that a need is not met.
    pub(crate) fn fail(id: StepId, says: impl Into<String>) -> Self {
        Self::new(id, Verdict::Fail, says)
    }

    /// Off, but no need is known to be unmet for it.
    pub(crate) fn remark(id: StepId, says: impl Into<String>) -> Self {
        Self { gates: false, ..Self::new(id, Verdict::Fail, says) }
    }

    /// It could not be told.
    pub(crate) fn unknown(id: StepId, says: impl Into<String>) -> Self {
        Self::new(id, Verdict::Unknown, says)
    }

    /// Not looked at.
    #[must_use]
    pub(crate) fn skipped(id: StepId) -> Self {
        Self::new(id, Verdict::Skipped, "not looked at, because something before it failed")
    }

    /// Why that may be.
    #[must_use]
    pub(crate) fn cause(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// What mends it.
    #[must_use]
    pub(crate) fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// A further remark.
    #[must_use]
    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Nothing after this can be looked at.
    #[must_use]
    pub(crate) const fn stop(mut self, exit: Exit) -> Self {
        self.stops = Some(exit);
        self
    }
}
