//! A list that is turned into its wire form row by row, only where a row is looked at.

use std::borrow::Cow;

use serde_json::Value;

/// Rows of the tenant, and how one becomes what the PSA sends.
pub(crate) struct Rows<'a> {
    source: Cow<'a, [Value]>,
    render: Box<dyn Fn(&Value) -> Value + 'a>,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(source: impl Into<Cow<'a, [Value]>>, render: impl Fn(&Value) -> Value + 'a) -> Self {
        Self { source: source.into(), render: Box::new(render) }
    }

    /// Rows that are in wire form already.
    pub(crate) fn ready(source: impl Into<Cow<'a, [Value]>>) -> Self {
        Self::new(source, Value::clone)
    }

    pub(crate) fn len(&self) -> usize {
        self.source.len()
    }

    /// The id of a row; 0 when it has none.
    pub(crate) fn id(&self, position: usize) -> i64 {
        self.source.get(position).and_then(|row| row["id"].as_i64()).unwrap_or_default()
    }

    /// The wire form of a row.
    pub(crate) fn row(&self, position: usize) -> Value {
        self.source.get(position).map_or(Value::Null, &self.render)
    }
}
