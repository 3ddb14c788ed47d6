//! Assumptions: what leastwise goes by and could not read in ConnectWise's documents, from
//! `rules/assumptions.toml`; each has an id that code can rest on.

use std::fmt;

use super::{Document, Problems, Section};
use crate::embedded;

/// The ids, so that what rests on an assumption is found by the compiler.
macro_rules! assumptions {
    ($($name:ident = $id:literal,)*) => {
        /// An assumption about the PSA; what it says stands in `rules/assumptions.toml`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "the file says what each is")]
        pub enum Assumption { $($name,)* }

        impl Assumption {
            /// All of them, in the order of the file.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The id that files and reports use.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }
        }
    };
}

assumptions! {
    LinkBetweenPages = "link-between-pages",
    LastPageHasNoNext = "last-page-has-no-next",
    ThousandRowsAPage = "thousand-rows-a-page",
    FieldsAreObeyed = "fields-are-obeyed",
    NestedFields = "nested-fields",
    CallerIsInEveryList = "caller-is-in-every-list",
    ApiMembersAreMembers = "api-members-are-members",
    LicenceFilter = "licence-filter",
    CallerIsListed = "caller-is-listed",
    CallerNamesItsRole = "caller-names-its-role",
    LastLoginIsATime = "last-login-is-a-time",
    KeyUseMovesLastLogin = "key-use-moves-last-login",
    RestrictFlagsAreSent = "restrict-flags-are-sent",
    MemberLevelsAreNamed = "member-levels-are-named",
    InactiveMemberIsRefused = "inactive-member-is-refused",
    KeysSurviveInactive = "keys-survive-inactive",
    RestrictionsHideRecords = "restrictions-hide-records",
    RolesSayAdmin = "roles-say-admin",
    AdminIsFlagged = "admin-is-flagged",
    AdminRowsReadAll = "admin-rows-read-all",
    LevelsAreThree = "levels-are-three",
    LevelsAreSent = "levels-are-sent",
    RowsAreNamed = "rows-are-named",
    NamesAreTheScreens = "names-are-the-screens",
    OneRowAFunction = "one-row-a-function",
    IdentifiersAgree = "identifiers-agree",
    IdentifiersStay = "identifiers-stay",
    RoleSaysWhoChangedIt = "role-says-who-changed-it",
    OwnRightsAreTheRoles = "own-rights-are-the-roles",
    RoleChangeAtOnce = "role-change-at-once",
    InactiveRoleDoesNotStop = "inactive-role-does-not-stop",
    MyIsOwnRecords = "my-is-own-records",
    AuditTrailIsSilent = "audit-trail-is-silent",
    CustomiseRowsAllow = "customise-rows-allow",
    CustomiseItemsAreNames = "customise-items-are-names",
    NoCustomiseRowsNoLimit = "no-customise-rows-no-limit",
    RolesBySecurityRoles = "roles-by-security-roles",
    MembersByMemberMaintenance = "members-by-member-maintenance",
    ApiMembersByMemberMaintenance = "api-members-by-member-maintenance",
    LoginsByTableSetup = "logins-by-table-setup",
    BoardsByTableSetup = "boards-by-table-setup",
    BoardInfosByTickets = "board-infos-by-tickets",
    CallbacksByTableSetup = "callbacks-by-table-setup",
    ReportsByApiReports = "reports-by-api-reports",
    MemberReportExists = "member-report-exists",
    ReportsPassByOtherRows = "reports-pass-by-other-rows",
    CallbacksNeedNoKey = "callbacks-need-no-key",
    CallbacksListAll = "callbacks-list-all",
    CallbacksOfOwnerAreAll = "callbacks-of-owner-are-all",
    BoardsSayInactive = "boards-say-inactive",
    TeamsSayDefault = "teams-say-default",
    CompaniesSayDeleted = "companies-say-deleted",
    RefusalIsKnown = "refusal-is-known",
    CloudHasItsCodebase = "cloud-has-its-codebase",
    BadKeyAnswers = "bad-key-answers",
    ClientIdAnswers = "client-id-answers",
    CompanyIdCase = "company-id-case",
    PinnedVersionIsTaken = "pinned-version-is-taken",
    ThrottleCountsEverybody = "throttle-counts-everybody",
}

impl Assumption {
    /// The assumption with this id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|own| own.as_str() == id)
    }
}

impl fmt::Display for Assumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How well an assumption is founded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// ConnectWise documents it.
    Documented,
    /// Another vendor says so.
    Vendor,
    /// Seen in client code, or by somebody on a live tenant.
    Client,
    /// Inferred.
    Inferred,
    /// Nobody knows.
    Open,
}

impl Mark {
    const ALL: [Self; 5] = [Self::Documented, Self::Vendor, Self::Client, Self::Inferred, Self::Open];

    /// The letter of the file.
    #[must_use]
    pub const fn letter(self) -> &'static str {
        match self {
            Self::Documented => "D",
            Self::Vendor => "V",
            Self::Client => "C",
            Self::Inferred => "I",
            Self::Open => "?",
        }
    }

    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Vendor => "a vendor says so",
            Self::Client => "seen in client code",
            Self::Inferred => "inferred",
            Self::Open => "nobody knows",
        }
    }
}

/// How an assumption can be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// `leastwise survey` asks.
    Survey,
    /// A person has to do something.
    ByHand,
    /// Only time tells.
    InTime,
}

impl Look {
    const ALL: [Self; 3] = [Self::Survey, Self::ByHand, Self::InTime];

    /// The word of the file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Survey => "survey",
            Self::ByHand => "by-hand",
            Self::InTime => "in-time",
        }
    }
}

/// What the file says of an assumption; each text is a sentence without a full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssumptionText {
    /// Which.
    pub id: Assumption,
    /// The assumption.
    pub says: String,
    /// How well it is founded.
    pub mark: Mark,
    /// Where that was read.
    pub source: String,
    /// What depends on it.
    pub rests: Vec<String>,
    /// What is wrong where it does not hold.
    pub otherwise: String,
    /// How it can be looked at.
    pub look: Look,
    /// What to look at.
    pub how: String,
}

/// Every assumption, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumptions(Vec<AssumptionText>);

impl Assumptions {
    /// The embedded assumptions.
    ///
    /// # Errors
    /// Every problem of the file; a test holds that it has none.
    pub fn built_in() -> Result<Self, Problems> {
        Self::parse("rules/assumptions.toml", embedded::text("rules/assumptions.toml"))
    }

    fn parse(file: &str, text: &str) -> Result<Self, Problems> {
        Document::new(file, text).read(|root| {
            let mut all: Vec<AssumptionText> = Vec::new();
            for section in root.sections("assumption") {
                let Some(own) = read(&section) else { continue };
                if all.iter().any(|other| other.id == own.id) {
                    section.note(format!("`{}` is there twice", own.id), None);
                }
                all.push(own);
            }
            for id in Assumption::ALL {
                if !all.iter().any(|own| own.id == *id) {
                    root.note(format!("`{id}` is missing"), None);
                }
            }
            Self(all)
        })
    }

    /// All of them, in the order of the file.
    #[must_use]
    pub fn all(&self) -> &[AssumptionText] {
        &self.0
    }
}

fn read(section: &Section<'_, '_>) -> Option<AssumptionText> {
    let sentence = |key: &str| section.required_text(key).map(|text| text.value);
    let (id, mark, look) = (section.required_text("id"), sentence("mark"), sentence("look"));
    let (says, source) = (sentence("says"), sentence("source"));
    let (otherwise, how) = (sentence("otherwise"), sentence("how"));
    let rests: Vec<_> = section.texts("rests").into_iter().map(|text| text.value).collect();
    if rests.is_empty() {
        section.missing("rests");
    }
    section.finish();
    let known = id.as_ref().and_then(|id| Assumption::from_id(&id.value));
    if let (Some(id), None) = (&id, known) {
        section.document.note(id.span.clone(), format!("`{}` is not known to the program", id.value), None);
    }
    let mark = mark.and_then(|letter| {
        let known = Mark::ALL.into_iter().find(|mark| mark.letter() == letter);
        if known.is_none() {
            section.note(format!("`{letter}` is no mark"), Some("D, V, C, I or ?".to_owned()));
        }
        known
    });
    let look = look.and_then(|word| {
        let known = Look::ALL.into_iter().find(|look| look.as_str() == word);
        if known.is_none() {
            section
                .note(format!("`{word}` is no way to look"), Some("survey, by-hand or in-time".to_owned()));
        }
        known
    });
    Some(AssumptionText {
        id: known?,
        says: says?,
        mark: mark?,
        source: source?,
        rests,
        otherwise: otherwise?,
        look: look?,
        how: how?,
    })
}

#[cfg(test)]
mod tests {
    use super::{Assumption, Assumptions};

    #[test]
    fn the_file_has_each_assumption_of_the_program_once_and_in_its_order() {
        let file = Assumptions::built_in().unwrap();
        let ids: Vec<_> = file.all().iter().map(|own| own.id).collect();
        assert_eq!(ids, Assumption::ALL);
    }

    #[test]
    fn sentences_have_no_full_stop() {
        for own in Assumptions::built_in().unwrap().all() {
            for text in [&own.says, &own.otherwise, &own.how, &own.source] {
                assert!(!text.ends_with('.'), "{}: {text}", own.id);
            }
        }
    }

    #[test]
    fn what_is_wrong_with_the_file_is_named() {
        let text = "[[assumption]]\nid = \"levels-are-four\"\nmark = \"X\"\nlook = \"soon\"\n";
        let problems = Assumptions::parse("a.toml", text).unwrap_err().to_string();
        for said in [
            "`levels-are-four` is not known",
            "`X` is no mark",
            "`soon` is no way",
            "`rests`",
            "`levels-are-three` is missing",
        ] {
            assert!(problems.contains(said), "{said}: {problems}");
        }
    }
}
