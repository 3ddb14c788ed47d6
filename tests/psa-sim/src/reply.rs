//! An answer before it is put on the wire, and the error bodies of the PSA.

use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::options::{Nulls, RetryAfter};

/// An answer: status, headers and a body that faults can still change.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Content,
}

/// A body.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    Json(Value),
    Text { content_type: String, text: String },
}

impl Reply {
    pub(crate) fn json(status: u16, body: Value) -> Self {
        Self { status, headers: Vec::new(), body: Content::Json(body) }
    }

    pub(crate) fn text(status: u16, content_type: &str, text: impl Into<String>) -> Self {
        let content_type = content_type.to_owned();
        Self { status, headers: Vec::new(), body: Content::Text { content_type, text: text.into() } }
    }

    pub(crate) fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn without_header(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    /// The documented outer form of an error: `{"code", "message", "errors"}`.
    pub(crate) fn error(status: u16, code: &str, message: &str) -> Self {
        Self::json(status, json!({"code": code, "message": message, "errors": null}))
    }

    /// Wrong key, or a key of an inactive member. Only `code` is seen in client code; the message
    /// is ours.
    pub(crate) fn unauthorized() -> Self {
        Self::error(401, "Unauthorized", "The credentials are not valid.")
    }

    /// No `clientId` header, or one that is not registered: 400 with "clientId" in the text, says one vendor.
    /// **Not established:** code and message are ours.
    pub(crate) fn bad_client_id(was_sent: bool) -> Self {
        let what = if was_sent { "is not registered" } else { "is missing" };
        Self::error(400, "ConnectWiseApi", &format!("The clientId header {what}."))
    }

    /// What a gateway says in plain text of a path that it takes from nobody.
    pub(crate) fn cannot_get(path: &str) -> Self {
        Self::text(400, "text/plain", format!("Cannot GET {path}"))
    }

    /// The role does not allow it.
    pub(crate) fn forbidden() -> Self {
        Self::error(403, "Security", "You do not have security permission to perform this action.")
    }

    /// `NotFound` is a real code, seen as an inner one. **Not established:** no body of a 404 was found.
    pub(crate) fn not_found(what: &str) -> Self {
        Self::error(404, "NotFound", &format!("{what} was not found."))
    }

    /// A query that the PSA, or this simulator, cannot read: what is wrong stands among the inner errors.
    /// **Not established:** the inner code is ours.
    pub(crate) fn bad_query(why: &str) -> Self {
        let inner = json!([{"code": "InvalidQuery", "message": why, "resource": "query", "field": ""}]);
        let message = "The query object is invalid";
        Self::json(400, json!({"code": "InvalidObject", "message": message, "errors": inner}))
    }

    /// A wrong company, a wrong codebase, or a path joined twice: plain text.
    pub(crate) fn cannot_route() -> Self {
        Self::text(400, "text/plain", "Cannot route. Codebase/company is invalid")
    }

    /// Documented: the one error with `error` in place of `code`.
    pub(crate) fn too_many(seconds: Option<u64>) -> Self {
        let reply = Self::turned_away(seconds.unwrap_or(30));
        match seconds {
            Some(seconds) => reply.with_header("retry-after", seconds.to_string()),
            None => reply,
        }
    }

    /// A 429 that says when there is room again in the chosen way.
    pub(crate) fn no_room(exact: u64, retry_after: RetryAfter) -> Self {
        match retry_after {
            RetryAfter::Exact => Self::too_many(Some(exact)),
            RetryAfter::Seconds(seconds) => Self::too_many(Some(seconds)),
            RetryAfter::Date => Self::turned_away(exact).with_header("retry-after", http_date(exact)),
            RetryAfter::Absent => Self::too_many(None),
        }
    }

    fn turned_away(seconds: u64) -> Self {
        let message = format!("Too many requests. Please try again in {seconds} seconds.");
        Self::json(429, json!({"error": "ConnectWiseAPI", "message": message}))
    }
}

impl Content {
    /// The bytes and their content type.
    pub(crate) fn into_bytes(self, nulls: Nulls) -> (Vec<u8>, String) {
        match self {
            Self::Text { content_type, text } => (text.into_bytes(), content_type),
            Self::Json(mut value) => {
                if nulls == Nulls::Omit {
                    drop_nulls(&mut value);
                }
                (value.to_string().into_bytes(), "application/json; charset=utf-8".to_owned())
            }
        }
    }
}

/// So many seconds from now, as HTTP writes it.
pub(crate) fn http_date(ahead: u64) -> String {
    let now = Timestamp::now();
    let ahead = SignedDuration::from_secs(i64::try_from(ahead).unwrap_or(i64::MAX));
    let shown = now.checked_add(ahead).unwrap_or(now);
    DateTimePrinter::new().timestamp_to_rfc9110_string(&shown).unwrap_or_default()
}

/// Takes every key whose value is null out of the objects within.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}
