//! Rows of the snapshot in the form in which the PSA sends them: real field names, references as
//! objects.
//!
//! A key that a snapshot row lacks is left out here as well, and null stays null.

pub(crate) mod logins;
pub(crate) mod members;
pub(crate) mod roles;
pub(crate) mod system;

use serde_json::{Map, Value, json};

/// Builds a wire row from a snapshot row.
struct Fields<'a> {
    row: &'a Value,
    wire: Map<String, Value>,
}

impl<'a> Fields<'a> {
    fn of(row: &'a Value) -> Self {
        Self { row, wire: Map::new() }
    }

    /// Takes a field over under another name.
    fn carry(self, from: &str, to: &str) -> Self {
        self.carry_as(from, to, Value::clone)
    }

    /// Takes a field over under another name and in another form.
    fn carry_as(mut self, from: &str, to: &str, form: impl Fn(&Value) -> Value) -> Self {
        if let Some(value) = self.row.get(from) {
            self.wire.insert(to.to_owned(), form(value));
        }
        self
    }

    /// Sets a field that does not come from the row.
    fn set(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.wire.insert(name.to_owned(), value.into());
        self
    }

    /// Sets fields of which the snapshot knows nothing.
    fn unknown(mut self, names: &[&str]) -> Self {
        self.wire.extend(names.iter().map(|name| ((*name).to_owned(), Value::Null)));
        self
    }

    fn done(self) -> Value {
        Value::Object(self.wire)
    }
}

/// `active` as `inactiveFlag`.
fn negated(flag: &Value) -> Value {
    flag.as_bool().map_or(Value::Null, |flag| Value::Bool(!flag))
}

/// A name as a reference. The snapshot does not keep the id: it is the number in the name ("Level
/// 2"), or 1.
fn reference(name: &Value) -> Value {
    let Some(text) = name.as_str() else {
        return name.clone();
    };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    json!({"id": digits.parse().unwrap_or(1), "name": text, "_info": null})
}
