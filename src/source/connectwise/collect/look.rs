//! Looking at an answer's form, whatever it says: for whoever wants to know how a PSA answers.

use serde_json::Value;

use super::Client;
use crate::source::connectwise::endpoint::Endpoint;
use crate::source::connectwise::fault::Fault;
use crate::source::connectwise::link::Next;
use crate::source::connectwise::lists::{MOST_TIME, shape};

/// An answer with status 200, as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// The body.
    pub body: Value,
    /// Whether a header leads on to a next page.
    pub has_next: bool,
}

impl Client {
    /// Asks one endpoint once, for no more than the query says.
    ///
    /// # Errors
    /// The fault.
    pub async fn look(&self, path: &str, query: Vec<(&'static str, String)>) -> Result<Form, Fault> {
        let endpoint = Endpoint { path: path.to_owned(), ..Endpoint::own_member() };
        let (answer, _) = self.transport.get(&self.url(&endpoint), &query, MOST_TIME).await;
        let answer = answer?;
        let body = serde_json::from_slice(&answer.body).map_err(|error| Fault::Misshapen(shape(&error)))?;
        let has_next = matches!(answer.link.next, Next::Page(_));
        Ok(Form { body, has_next })
    }
}
