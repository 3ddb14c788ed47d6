//! An answer before it is put on the wire, and the error bodies of the PSA.

use serde_json::{Value, json};

use crate::options::Nulls;

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

    /// No `clientId` header. **Not established:** status, code and message are ours.
    pub(crate) fn client_id_missing() -> Self {
        Self::error(400, "ConnectWiseApi", "The clientId header is missing.")
    }

    /// The role does not allow it.
    pub(crate) fn forbidden() -> Self {
        Self::error(403, "Security", "You do not have security permission to perform this action.")
    }

    /// **Not established:** no body of a 404 was found.
    pub(crate) fn not_found(what: &str) -> Self {
        Self::error(404, "NotFound", &format!("{what} was not found."))
    }

    /// A query that the PSA, or this simulator, cannot read. **Not established:** the code is ours.
    pub(crate) fn bad_query(why: &str) -> Self {
        Self::error(400, "InvalidQuery", why)
    }

    /// A wrong company, a wrong codebase, or a path joined twice: plain text.
    pub(crate) fn cannot_route() -> Self {
        Self::text(400, "text/plain", "Cannot route. Codebase/company is invalid")
    }

    /// Documented: the one error with `error` in place of `code`.
    pub(crate) fn too_many(retry_after: Option<u64>) -> Self {
        let seconds = retry_after.unwrap_or(30);
        let message = format!("Too many requests. Please try again in {seconds} seconds.");
        let reply = Self::json(429, json!({"error": "ConnectWiseAPI", "message": message}));
        match retry_after {
            Some(seconds) => reply.with_header("retry-after", seconds.to_string()),
            None => reply,
        }
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
