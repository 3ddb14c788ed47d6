//! What was asked of the simulator, for tests to look at afterwards.

use crate::request::Request;

/// One request as it arrived, with the status that it got.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recorded {
    /// The method, in capitals.
    pub method: String,
    /// The path as sent, without the query.
    pub path: String,
    /// The query as sent, without the `?`; empty when there is none.
    pub query: String,
    /// The status of the answer; none when the connection was broken off instead.
    pub status: Option<u16>,
    /// Names in lower case, in the order in which they came. The value of `authorization` is
    /// `<present>`.
    pub headers: Vec<(String, String)>,
    /// The `Host` header.
    pub host: String,
}

impl Recorded {
    /// The value of a header, by its name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn new(request: &Request, status: Option<u16>) -> Self {
        let headers = request.headers.iter().map(|(name, value)| {
            let shown = if name == "authorization" { "<present>" } else { value };
            (name.clone(), shown.to_owned())
        });
        Self {
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            status,
            headers: headers.collect(),
            host: request.header("host").unwrap_or_default().to_owned(),
        }
    }
}
