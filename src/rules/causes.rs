//! Causes: what a known message or status means and what mends it, read from `rules/causes.toml`.

use super::{Document, Problems, Section};
use crate::model::{GapCause, Said};

/// Every known symptom, in the order in which they are tried.
#[derive(Clone, Debug, Default)]
pub struct Causes {
    all: Vec<Cause>,
    /// The PSA's error codes.
    codes: Vec<String>,
    /// Fields that its errors name.
    fields: Vec<String>,
}

/// A known symptom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Its id.
    pub id: String,
    /// Any of these texts is in the message.
    says: Vec<String>,
    /// All of these texts are in it too.
    and: Vec<String>,
    /// Or it is about one of these statuses.
    status: Vec<u16>,
    /// What it means, in a sentence without a full stop.
    pub cause: String,
    /// What to do, in a sentence without a full stop.
    pub cure: String,
}

impl Causes {
    /// The embedded causes.
    ///
    /// # Errors
    /// Every problem of the file; a test holds that it has none.
    pub fn built_in() -> Result<Self, Problems> {
        Self::parse("rules/causes.toml", include_str!("../../rules/causes.toml"))
    }

    fn parse(file: &str, text: &str) -> Result<Self, Problems> {
        Document::new(file, text).read(|root| Self {
            codes: texts(root, "codes"),
            fields: texts(root, "fields"),
            all: root.sections("cause").iter().filter_map(read_cause).collect(),
        })
    }

    /// The first cause that fits a message of the PSA or of the network.
    #[must_use]
    pub fn of(&self, status: Option<u16>, message: &str) -> Option<&Cause> {
        let folded = message.to_lowercase();
        let by_status = |cause: &&Cause| status.is_some_and(|status| cause.status.contains(&status));
        let by_text = self.all.iter().find(|cause| cause.said(&folded).is_some());
        // A text says more than the status that came with it, unless it is only the status's own name.
        by_text.or_else(|| self.all.iter().find(by_status))
    }

    /// The first cause that fits a text that somebody pasted, which may name a status.
    #[must_use]
    pub fn of_pasted(&self, text: &str) -> Option<&Cause> {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric());
        let status = words.filter(|word| word.len() == 3).find_map(|word| {
            word.parse().ok().filter(|status| self.all.iter().any(|cause| cause.status.contains(status)))
        });
        self.of(status, text)
    }

    /// The cause of a fault.
    #[must_use]
    pub fn of_fault(&self, status: Option<u16>, cause: &GapCause) -> Option<&Cause> {
        let by_said = |said: &Said| {
            self.all
                .iter()
                .find(|own| own.says.iter().any(|text| said.known.iter().any(|known| **known == *text)))
        };
        let id = match cause {
            GapCause::CannotRoute(_) => "cannot-route",
            GapCause::SslRequired => "ssl-required",
            GapCause::NoCompany => "unknown-company",
            GapCause::TimedOut => "no-answer",
            GapCause::Redirected { .. } => "redirected",
            GapCause::NotJson { .. } => "no-api",
            GapCause::Untrusted(_) => "certificate",
            GapCause::BrokenOff(_) => "connection-reset",
            GapCause::TooManyRequests { .. } => "throttled",
            _ => "",
        };
        let by_status = |cause: &&Cause| status.is_some_and(|status| cause.status.contains(&status));
        // A text says more than what it came with.
        cause
            .said()
            .and_then(by_said)
            .or_else(|| self.all.iter().find(|own| own.id == id))
            .or_else(|| self.all.iter().find(by_status))
    }

    /// The known texts within a message, in its order: those of the first cause that fits.
    pub(super) fn known_texts(&self, message: &str) -> Vec<&str> {
        let folded = message.to_lowercase();
        let Some(cause) = self.all.iter().find(|cause| cause.said(&folded).is_some()) else {
            return Vec::new();
        };
        let mut found: Vec<_> = cause
            .says
            .iter()
            .filter_map(|text| Some((folded.find(&text.to_lowercase())?, text.as_str())))
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, text)| text).collect()
    }

    /// Whether a text is one of the known ones.
    pub(super) fn has_text(&self, text: &str) -> bool {
        self.all.iter().any(|cause| cause.says.iter().any(|own| own == text))
    }

    /// A known code as our list has it.
    pub(super) fn code(&self, code: &str) -> Option<&str> {
        listed(&self.codes, code)
    }

    /// A known field as our list has it.
    pub(super) fn field(&self, field: &str) -> Option<&str> {
        listed(&self.fields, field)
    }
}

impl Cause {
    fn said(&self, folded: &str) -> Option<&str> {
        let all = self.and.iter().all(|text| folded.contains(&text.to_lowercase()));
        let any = self.says.iter().find(|text| folded.contains(&text.to_lowercase()));
        any.filter(|_| all).map(String::as_str)
    }
}

fn listed<'l>(list: &'l [String], word: &str) -> Option<&'l str> {
    list.iter().find(|own| own.eq_ignore_ascii_case(word.trim())).map(String::as_str)
}

fn texts(section: &Section<'_, '_>, key: &str) -> Vec<String> {
    section.texts(key).into_iter().map(|item| item.value).collect()
}

fn read_cause(section: &Section<'_, '_>) -> Option<Cause> {
    let id = section.required_text("id");
    let (says, and) = (texts(section, "says"), texts(section, "and"));
    let mut status = Vec::new();
    for number in section.numbers("status") {
        status.extend(u16::try_from(number.value));
    }
    let (cause, cure) = (section.required_text("cause"), section.required_text("cure"));
    if says.is_empty() && status.is_empty() {
        section.note("it fits nothing", Some("give `says` or `status`".to_owned()));
    }
    section.finish();
    Some(Cause { id: id?.value, says, and, status, cause: cause?.value, cure: cure?.value })
}

#[cfg(test)]
mod tests {
    use super::Causes;

    fn id(text: &str) -> Option<String> {
        Causes::built_in().unwrap().of_pasted(text).map(|cause| cause.id.clone())
    }

    #[test]
    fn each_known_body_has_its_cause() {
        for (text, expected) in [
            ("Cannot route. Codebase/company is invalid", "cannot-route"),
            (r#"{"code":"Security","message":"SSL is required.","errors":null}"#, "ssl-required"),
            (
                r#"{"code":"Security","message":"You do not have security permission to perform this action."}"#,
                "permission-denied",
            ),
            (
                r#"403 {"code":"Unauthorized","message":"You do not have security permission to perform this action."}"#,
                "permission-denied",
            ),
            ("ConnectWiseApi: UserNotAuthenticated", "key-pair"),
            ("Incorrect public/private key", "key-pair"),
            (
                r#"{"error":"ConnectWiseAPI","message":"Too many requests. Please try again in 30 seconds."}"#,
                "throttled",
            ),
            (
                "InvalidObject: ticket object is invalid - Cannot find default team for board specified (field: board)",
                "no-default-team",
            ),
            (
                "InvalidObject … Service Status 17 not found for Service Board 21 (status/id)",
                "status-of-another-board",
            ),
            ("MaxLengthField", "too-long"),
            (
                r#"{"code":"ConnectWiseApi","message":"A timeout has occured. Please try again."}"#,
                "psa-timeout",
            ),
            ("The clientId header is missing.", "client-id"),
            ("request failed with status code 401", "http-401"),
            ("HTTP/1.1 403 Forbidden", "http-403"),
            ("Error: 404", "http-404"),
            ("profile fetch 400", "http-400"),
            ("getaddrinfo ENOTFOUND na.myconectwise.net", "name-unknown"),
            ("x509: certificate has expired or is not yet valid", "certificate-expired"),
            ("503 Service Unavailable", "http-5xx"),
        ] {
            assert_eq!(id(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_known_has_no_cause() {
        for text in ["", "Ticket 4031 was made", "the sync failed", "4 of 12"] {
            assert_eq!(id(text), None, "{text}");
        }
    }

    #[test]
    fn sentences_have_no_full_stop_and_ids_are_unique() {
        let causes = Causes::built_in().unwrap();
        let mut ids: Vec<_> = causes.all.iter().map(|cause| cause.id.as_str()).collect();
        assert!(causes.all.iter().all(|cause| !cause.cause.ends_with('.') && !cause.cure.ends_with('.')));
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), causes.all.len());
    }
}
