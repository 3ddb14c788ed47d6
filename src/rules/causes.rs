//! Causes: what a known message or status means and what mends it, read from `rules/causes.toml`.

use std::collections::BTreeSet;

use super::error_text::{Pasted, has_word};
use super::{Document, Problems, Section};
use crate::embedded;
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
    says: Vec<Text>,
    /// All of these texts are in it too, in lower case.
    and: Vec<String>,
    /// Any of these texts is in the same sentence too, in lower case.
    with: Vec<String>,
    /// Or it is about one of these statuses.
    status: Vec<u16>,
    /// What it means, in a sentence without a full stop.
    pub cause: String,
    /// What to do, in a sentence without a full stop.
    pub fix: String,
}

/// A text that an error is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Text {
    /// As it is shown.
    own: String,
    /// In lower case, as it is looked for.
    folded: String,
}

impl From<String> for Text {
    fn from(own: String) -> Self {
        Self { folded: own.to_lowercase(), own }
    }
}

impl Causes {
    /// The embedded causes.
    ///
    /// # Errors
    /// Every problem of the file; a test holds that it has none.
    pub fn built_in() -> Result<Self, Problems> {
        Self::parse("rules/causes.toml", embedded::text("rules/causes.toml"))
    }

    fn parse(file: &str, text: &str) -> Result<Self, Problems> {
        Document::new(file, text).read(|root| Self {
            codes: texts(root, "codes"),
            fields: texts(root, "fields"),
            all: root.sections("cause").iter().filter_map(read_cause).collect(),
        })
    }

    /// What a text means that somebody pasted.
    #[must_use]
    pub fn of_pasted(&self, text: &str) -> Meaning<'_> {
        let pasted = Pasted::read(text);
        self.asserted(&pasted)
            .map_or_else(|| Meaning::Unknown { nearest: self.nearest(&pasted) }, Meaning::Known)
    }

    /// The cause that the text bears out.
    fn asserted(&self, pasted: &Pasted) -> Option<&Cause> {
        let is_known = |sentence: &str| self.all.iter().any(|cause| cause.fits(sentence));
        if let Some(cause) = self.said_by(Reach::Special, &pasted.body) {
            return Some(cause);
        }
        let is_strange = pasted.own_words().any(|sentence| !is_known(sentence));
        let status = pasted.status.and_then(|status| self.by_status(status));
        if let Some(cause) = status.filter(|_| pasted.status.is_some_and(speaks_for_itself)) {
            return Some(cause);
        }
        let has_strange_body = is_strange && !pasted.body.is_empty();
        if !has_strange_body && let Some(cause) = self.said_by(Reach::Special, &pasted.said) {
            return Some(cause);
        }
        if is_strange {
            return None;
        }
        status
            .or_else(|| self.said_by(Reach::General, pasted.body.iter().chain(&pasted.said)))
            .or_else(|| self.advised(pasted))
    }

    /// The cause that a text's advice names, where it names no other.
    fn advised(&self, pasted: &Pasted) -> Option<&Cause> {
        let mut named = pasted.advice.iter().flat_map(|sentence| self.named_in(sentence));
        let first = named.next()?;
        named.all(|cause| cause.id == first.id).then_some(first)
    }

    fn named_in(&self, sentence: &str) -> Vec<&Cause> {
        self.all.iter().filter(|cause| cause.names(sentence)).collect()
    }

    /// What comes nearest, for whoever wants to look further: never more than a hint.
    fn nearest(&self, pasted: &Pasted) -> Option<&Cause> {
        let said = || pasted.body.iter().chain(&pasted.said);
        let by_status = pasted.status.and_then(|status| self.by_status(status));
        by_status
            .or_else(|| self.said_by(Reach::Special, said()))
            .or_else(|| self.said_by(Reach::General, said()))
            .or_else(|| {
                let beside = pasted.advice.iter().chain(&pasted.lists);
                beside.flat_map(|sentence| self.named_in(sentence)).next()
            })
            .or_else(|| said().find_map(|sentence| self.alike(sentence)))
    }

    /// The cause of which a text has most words in common with a sentence, if that is more than half.
    fn alike(&self, sentence: &str) -> Option<&Cause> {
        let words = words(sentence);
        let shared = |cause: &Cause| {
            let of_text = |text: &Text| {
                let own = words_of(&text.own);
                let common = own.iter().filter(|word| words.contains(*word)).count();
                (own.len() > 2 && common > 1).then(|| common * 100 / own.len())
            };
            cause.says.iter().filter_map(of_text).max().unwrap_or_default()
        };
        self.all.iter().rev().max_by_key(|cause| shared(cause)).filter(|cause| shared(cause) > 50)
    }

    fn said_by<'s>(&self, reach: Reach, sentences: impl IntoIterator<Item = &'s String>) -> Option<&Cause> {
        let sentences: Vec<_> = sentences.into_iter().collect();
        self.all
            .iter()
            .filter(|cause| cause.reach() == reach)
            .find(|cause| sentences.iter().any(|sentence| cause.fits(sentence)))
    }

    fn by_status(&self, status: u16) -> Option<&Cause> {
        self.all.iter().find(|cause| cause.status.contains(&status))
    }

    /// Every cause, in the order in which they are tried.
    #[must_use]
    pub fn all(&self) -> &[Cause] {
        &self.all
    }

    /// The cause of a fault.
    #[must_use]
    pub fn of_fault(&self, status: Option<u16>, cause: &GapCause) -> Option<&Cause> {
        let by_said = |said: &Said| {
            self.all
                .iter()
                .find(|own| own.says.iter().any(|text| said.known.iter().any(|known| **known == *text.own)))
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
        // What 400 and 404 mean in general is not asserted over a message of its own that is not known.
        let is_strange =
            matches!(status, Some(400 | 404)) && cause.said().is_some_and(|said| said.unknown.is_some());
        // A text says more than what it came with.
        cause
            .said()
            .and_then(by_said)
            .or_else(|| self.all.iter().find(|own| own.id == id))
            .or_else(|| self.all.iter().find(by_status).filter(|_| !is_strange))
    }

    /// The known texts within a message, in its order: those of the first cause that fits.
    pub(super) fn known_texts(&self, message: &str) -> Vec<&str> {
        let folded = message.to_lowercase();
        let Some(cause) = self.all.iter().find(|cause| cause.is_said_in(&folded)) else {
            return Vec::new();
        };
        let mut found: Vec<_> = cause
            .says
            .iter()
            .filter_map(|text| Some((folded.find(&text.folded)?, text.own.as_str())))
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, text)| text).collect()
    }

    /// Whether a text is one of the known ones.
    pub(super) fn has_text(&self, text: &str) -> bool {
        self.all.iter().any(|cause| cause.says.iter().any(|own| own.own == text))
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

/// What a pasted text means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning<'c> {
    /// This.
    Known(&'c Cause),
    /// It is not known; with what comes nearest, which may be wrong.
    Unknown {
        /// What comes nearest.
        nearest: Option<&'c Cause>,
    },
}

/// How much a cause covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// One thing, known by what is said of it.
    Special,
    /// All that a status can mean.
    General,
}

/// Statuses that mean one thing, whatever the body says: too many requests, and the proxy's own.
const fn speaks_for_itself(status: u16) -> bool {
    matches!(status, 429 | 407)
}

fn words(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2).map(str::to_lowercase).collect()
}

fn words_of(text: &str) -> Vec<String> {
    words(text).into_iter().collect()
}

impl Cause {
    /// The texts that it is known by.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.says.iter().map(|text| text.own.as_str())
    }

    /// The statuses that it is known by.
    #[must_use]
    pub fn statuses(&self) -> &[u16] {
        &self.status
    }

    const fn reach(&self) -> Reach {
        if self.status.is_empty() { Reach::Special } else { Reach::General }
    }

    /// Whether a sentence says it.
    fn fits(&self, sentence: &str) -> bool {
        let folded = sentence.to_lowercase();
        let has = |text: &String| folded.contains(text);
        let Some(named) = self.named_by(&folded) else { return false };
        // A name that stands nearly alone is what the sentence is about.
        let is_alone = !named.contains(' ') && folded.split_whitespace().count() <= 3;
        self.and.iter().all(has) && (self.with.is_empty() || is_alone || self.with.iter().any(has))
    }

    /// Whether a sentence names it, whatever it says of it.
    fn names(&self, sentence: &str) -> bool {
        self.named_by(&sentence.to_lowercase()).is_some()
    }

    fn named_by(&self, folded: &str) -> Option<&str> {
        let is_in = |text: &&Text| match self.reach() {
            Reach::Special => folded.contains(&text.folded),
            // "Unauthorized" is not said by the name of another thing that begins with it.
            Reach::General => has_word(folded, &text.folded),
        };
        self.says.iter().find(is_in).map(|text| text.own.as_str())
    }

    fn is_said_in(&self, folded: &str) -> bool {
        let has = |text: &String| folded.contains(text);
        self.says.iter().any(|text| has(&text.folded))
            && self.and.iter().all(has)
            && (self.with.is_empty() || self.with.iter().any(has))
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
    let says: Vec<_> = texts(section, "says").into_iter().map(Text::from).collect();
    let folded = |key| texts(section, key).iter().map(|text| text.to_lowercase()).collect();
    let (and, with) = (folded("and"), folded("with"));
    let mut status = Vec::new();
    for number in section.numbers("status") {
        status.extend(u16::try_from(number.value));
    }
    let (cause, fix) = (section.required_text("cause"), section.required_text("fix"));
    if says.is_empty() && status.is_empty() {
        section.note("it fits nothing", Some("give `says` or `status`".to_owned()));
    }
    section.finish();
    Some(Cause { id: id?.value, says, and, with, status, cause: cause?.value, fix: fix?.value })
}

#[cfg(test)]
mod tests {
    use super::{Causes, Meaning};

    fn id(text: &str) -> Option<String> {
        match Causes::built_in().unwrap().of_pasted(text) {
            Meaning::Known(cause) => Some(cause.id.clone()),
            Meaning::Unknown { .. } => None,
        }
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
    fn the_psas_own_sentence_outweighs_whatever_is_printed_around_it() {
        const DENIED: &str = "You do not have security permission to perform this action.";
        for text in [
            format!(
                r#"{{"request":{{"headers":{{"clientId":"x"}},"timeout":30}},"response":{{"status":403,"data":{{"message":"{DENIED}"}}}}}}"#
            ),
            format!(
                "curl -H \"clientId: abc\" https://psa.example.org/x?timeout=3\n{{\"code\":\"Security\",\"message\":\"{DENIED}\"}}"
            ),
            format!(
                "POST /a/b HTTP/1.1\nclientId: abc\nAuthorization: Basic x\n\nHTTP/1.1 403 Forbidden\n\n{DENIED}"
            ),
            format!(
                "const clientId = process.env.CLIENT_ID;\nthrow new Error('Connection refused');\n--> {DENIED}"
            ),
            format!("Check clientId, company and keys. Error: {DENIED}"),
            format!("{DENIED}\nPossible causes:\n- the clientId is invalid\n- the certificate has expired"),
            format!(r#"{{"statusCode":401,"body":"{{\"code\":\"Security\",\"message\":\"{DENIED}\"}}"}}"#),
            format!(
                "data: {{ code: 'Security', message: '{DENIED}' }},\n    clientId: 'was refused',\n    timeout: 0,"
            ),
        ] {
            assert_eq!(id(&text).as_deref(), Some("permission-denied"), "{text}");
        }
    }

    #[test]
    fn a_general_cause_is_not_asserted_over_a_body_of_its_own() {
        for text in [
            r#"(400) Bad Request. {"code":"ConnectWiseApi","message":"The widget is too blue for a Tuesday."}"#,
            r#"{"status":403,"message":"Your address is on the list of the unwanted"}"#,
            "HTTP 404: the moon is not visible from here",
            r#"HTTP/1.1 500 Internal Server Error {"message":"Column W of table T is full"}"#,
            "401 - the visitor's hat is wrong",
            "Server error: 503: queue nine is closed for the season",
        ] {
            let causes = Causes::built_in().unwrap();
            let Meaning::Unknown { nearest } = causes.of_pasted(text) else {
                panic!("{text}: {:?}", id(text));
            };
            assert!(nearest.is_some_and(|cause| cause.id.starts_with("http-")), "{text}: {nearest:?}");
        }
    }

    #[test]
    fn lists_of_what_it_might_be_assert_nothing_special() {
        for (text, expected) in [
            (
                "Error: sign-in to the PSA: authentication failed. Verify site, company and clientId.",
                Some("http-401"),
            ),
            ("HTTP 401. Please check that the clientId is valid", Some("http-401")),
            ("The sync stopped: invalid company id, wrong keys or an unknown clientId", None),
            ("Sync error. This may be a certificate that has expired or a firewall", None),
            (
                "Sync failed. Reasons could be: wrong clientId, the site is down, or permissions are missing.",
                None,
            ),
            ("It failed: a wrong company or site. Perhaps", None),
            ("The connector says no. Make sure that your clientId is set", Some("client-id")),
        ] {
            assert_eq!(id(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn each_kind_of_message_has_its_cause() {
        for (text, expected) in [
            ("The client-id header was not provided", "client-id"),
            ("HTTP 400 with clientid", "client-id"),
            (
                r#"{"code":"BadRequest","message":"A valid clientId must be sent with each call"}"#,
                "client-id",
            ),
            ("The vendor's console: ConnectWise company not found", "customer-not-found"),
            (
                r#"{"code":"NotFound","message":"Ticket 4711 was not found.","errors":null}"#,
                "record-not-found",
            ),
            ("404: Ticket 404 not found", "record-not-found"),
            (
                r#"{"code":"InvalidObject","message":"ticket object is invalid","errors":[{"code":"NotFound","message":"Company not found","field":"company"}]}"#,
                "invalid-object",
            ),
            (
                r#"{"code":"ConnectWiseApi","message":"Could not find member 'hue' on object of type 'Ticket'. Path 'hue', line 1. Check your accept header."}"#,
                "call-version",
            ),
            ("--> ApiFindCondition\n--> colour is not a recognized name.", "bad-condition"),
            ("API-only members do not have access to this module", "api-only-member"),
            ("Username or password is incorrect", "integrator-login"),
            (r#"{"status":429,"message":"slow down, please, said the gateway"}"#, "throttled"),
            ("API rate limit exceeded for this tenant", "throttled"),
            ("Invoke-RestMethod : Cannot follow an insecure redirection by default.", "redirected"),
            ("The request was aborted: Could not create SSL/TLS secure channel.", "no-tls"),
            (
                "The client and server cannot communicate, because they do not possess a common algorithm",
                "no-tls",
            ),
            ("The underlying connection was closed: An unexpected error occurred on a send.", "no-tls"),
            (
                "System.Net.WebException: The underlying connection was closed: Could not establish trust relationship for the SSL/TLS secure channel.\n   at System.Net.HttpWebRequest.GetResponse()",
                "certificate-unknown",
            ),
            (
                "The remote certificate is invalid according to the validation procedure: RemoteCertificateNameMismatch",
                "certificate-name",
            ),
            (
                "schannel: next InitializeSecurityContext failed: SEC_E_CERT_EXPIRED (0x80090328)",
                "certificate-expired",
            ),
            (
                "curl: (60) SSL certificate problem: self-signed certificate in certificate chain",
                "certificate-unknown",
            ),
            ("The remote name could not be resolved: 'psa.example.org'", "name-unknown"),
            ("No such host is known. (psa.example.org:443)", "name-unknown"),
            (
                "No connection could be made because the target machine actively refused it 192.0.2.7:443",
                "connection-refused",
            ),
            ("An existing connection was forcibly closed by the remote host.", "connection-reset"),
            ("Error: socket hang up", "connection-reset"),
            (
                "SSLError: pool(host='a', port=443): (Caused by E(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1)'))",
                "certificate-unknown",
            ),
            (
                "We could not verify your credentials. Check your public key, private key and company ID.",
                "key-pair",
            ),
            ("You don't have permission to see companies", "http-403"),
            (
                "A connection attempt failed because the connected party did not properly respond after a period of time",
                "no-answer",
            ),
            (
                "The request was canceled due to the configured HttpClient.Timeout of 100 seconds elapsing.",
                "no-answer",
            ),
            ("A socket operation was attempted to an unreachable network.", "no-route"),
            (
                "An attempt was made to access a socket in a way forbidden by its access permissions.",
                "this-machine",
            ),
            ("<html><head><title>502 Bad Gateway</title>", "no-api"),
        ] {
            assert_eq!(id(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_known_has_no_cause() {
        for text in [
            "",
            "Ticket 4031 was made",
            "the sync failed",
            "4 of 12",
            "Ticket 403 could not be updated",
            "Synced 500 of 1200",
            "Invoke-Thing :\nAt line:404 char:23\n+ Invoke-Thing -Uri $uri\nIt has been halted.",
            "Length cannot be less than zero.\nParameter name: length\n+ $headers = @{ clientId = $id; timeout = 30 }",
            "clientId: 00000000-0000-4000-8000-000000000000",
            "client id 7 was saved",
            "Traceback:\n  File \"a.py\", line 403, in f\nKeyError: 'colour'",
            "Unable to connect to the remote server",
            "--help",
        ] {
            assert_eq!(id(text), None, "{text}");
        }
    }

    #[test]
    fn the_nearest_is_offered_and_only_where_something_is_near() {
        let causes = Causes::built_in().unwrap();
        let nearest = |text: &str| match causes.of_pasted(text) {
            Meaning::Unknown { nearest } => nearest.map(|cause| cause.id.as_str()),
            Meaning::Known(cause) => panic!("{text}: {}", cause.id),
        };
        assert_eq!(
            nearest("the default team of this board was not to be found, said the vendor"),
            Some("no-default-team")
        );
        assert_eq!(nearest("computer says no"), None);
    }

    #[test]
    fn each_text_of_the_file_is_known_by_itself() {
        let causes = Causes::built_in().unwrap();
        for cause in causes.all() {
            for text in cause.texts() {
                let sentence =
                    cause.with.first().map_or_else(|| text.to_owned(), |with| format!("{text} {with}"));
                assert!(id(&sentence).is_some(), "{}: {sentence}", cause.id);
            }
        }
    }

    #[test]
    fn sentences_have_no_full_stop_and_ids_are_unique() {
        let causes = Causes::built_in().unwrap();
        let mut ids: Vec<_> = causes.all.iter().map(|cause| cause.id.as_str()).collect();
        assert!(causes.all.iter().all(|cause| !cause.cause.ends_with('.') && !cause.fix.ends_with('.')));
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), causes.all.len());
    }
}
