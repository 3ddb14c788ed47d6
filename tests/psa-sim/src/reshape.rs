//! Answers that are not the simulator's own: what a PSA would send that differs in one point.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::reply::{Content, Reply};
use crate::request::Request;

/// An answer that may be changed before it is sent.
#[derive(Debug)]
pub struct Shape<'r> {
    /// What was asked: the endpoint in lower case, and the query as it came, such as
    /// `/system/members?fields=id`.
    pub asked: String,
    /// The status.
    pub status: &'r mut u16,
    /// The body.
    pub body: &'r mut Value,
    /// The `Link` header.
    pub link: &'r mut Option<String>,
}

/// Changes answers.
#[derive(Clone)]
pub(crate) struct Reshape(pub(crate) Arc<dyn Fn(&mut Shape<'_>) + Send + Sync>);

impl fmt::Debug for Reshape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reshape")
    }
}

impl Reshape {
    /// Changes the answer to a call of the API; plain text stays as it is.
    pub(crate) fn apply(&self, request: &Request, reply: Reply) -> Reply {
        let Some((_, endpoint)) = request.endpoint() else { return reply };
        let Content::Json(mut body) = reply.body else { return reply };
        let (links, others): (Vec<_>, Vec<_>) =
            reply.headers.into_iter().partition(|(name, _)| name == "link");
        let mut status = reply.status;
        let mut link = links.into_iter().map(|(_, value)| value).next();
        (self.0)(&mut Shape {
            asked: format!("{endpoint}?{}", request.query),
            status: &mut status,
            body: &mut body,
            link: &mut link,
        });
        let headers = others.into_iter().chain(link.map(|link| ("link".to_owned(), link))).collect();
        Reply { status, headers, body: Content::Json(body) }
    }
}
