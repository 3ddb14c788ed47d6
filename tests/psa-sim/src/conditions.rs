//! The part of the `conditions` language that clients of these endpoints use: `field = value` and
//! `field in (value, …)`, joined by `and`. Everything else is refused with 400, so that no
//! condition is overlooked.

use serde_json::Value;

/// Fields that can be asked for.
const FIELDS: &[&str] = &[
    "adminFlag",
    "id",
    "identifier",
    "inactiveFlag",
    "licenseClass",
    "name",
    "securityRole/id",
    "securityRole/name",
    "username",
];

/// One condition: the field has one of the values.
#[derive(Debug, PartialEq)]
pub(crate) struct Condition {
    field: &'static str,
    values: Vec<Literal>,
}

#[derive(Debug, PartialEq)]
enum Literal {
    Text(String),
    Number(i64),
    Flag(bool),
}

impl Condition {
    /// Reads a whole `conditions` parameter.
    pub(crate) fn parse_all(text: &str) -> Result<Vec<Self>, String> {
        split(text, " and ").into_iter().map(Self::parse).collect()
    }

    fn parse(text: &str) -> Result<Self, String> {
        let unreadable = || format!("The condition `{}` is not understood.", text.trim());
        let text = text.trim();
        let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '/').ok_or_else(unreadable)?;
        let (name, rest) = text.split_at(end);
        // The guide writes names in cases of its own.
        let field = FIELDS.iter().find(|known| known.eq_ignore_ascii_case(name)).ok_or_else(unreadable)?;
        let values = values(rest.trim()).ok_or_else(unreadable)?;
        Ok(Self { field, values })
    }

    /// Whether a row in wire form meets the condition. As in SQL, null and absent equal nothing.
    pub(crate) fn holds(&self, row: &Value) -> bool {
        let value = self.field.split('/').fold(row, |value, name| &value[name]);
        self.values.iter().any(|literal| literal.equals(value))
    }
}

impl Literal {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(quoted) = text.strip_prefix('"') {
            let inner = quoted.strip_suffix('"').filter(|inner| !inner.contains('"'))?;
            return Some(Self::Text(inner.replace("[[]", "[")));
        }
        match text.to_ascii_lowercase().as_str() {
            "true" => Some(Self::Flag(true)),
            "false" => Some(Self::Flag(false)),
            number => number.parse().ok().map(Self::Number),
        }
    }

    /// Text compares without regard to case. **Not established**; it is what a PSA on SQL Server
    /// would do.
    fn equals(&self, value: &Value) -> bool {
        match self {
            Self::Text(text) => value.as_str().is_some_and(|value| value.eq_ignore_ascii_case(text)),
            Self::Number(number) => value.as_i64() == Some(*number),
            Self::Flag(flag) => value.as_bool() == Some(*flag),
        }
    }
}

/// Reads `= value` or `in (value, …)`.
fn values(text: &str) -> Option<Vec<Literal>> {
    if let Some(value) = text.strip_prefix('=') {
        return Some(vec![Literal::parse(value)?]);
    }
    let (word, rest) = text.split_at_checked(2)?;
    let list = rest.trim().strip_prefix('(')?.strip_suffix(')')?;
    if !word.eq_ignore_ascii_case("in") {
        return None;
    }
    split(list, ",").into_iter().map(Literal::parse).collect()
}

/// Splits at a separator, without regard to case, where it is not inside double quotes.
fn split<'a>(text: &'a str, separator: &str) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let (mut start, mut quoted) = (0, false);
    for (at, character) in text.char_indices() {
        quoted ^= character == '"';
        let here = text.get(at..at + separator.len());
        if !quoted && at >= start && here.is_some_and(|here| here.eq_ignore_ascii_case(separator)) {
            parts.push(&text[start..at]);
            start = at + separator.len();
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn holds(conditions: &str, row: &Value) -> bool {
        Condition::parse_all(conditions).unwrap().iter().all(|condition| condition.holds(row))
    }

    #[test]
    fn equality_and_lists() {
        let row = json!({"id": 5, "identifier": "rock and roll", "licenseClass": "A", "inactiveFlag": false});
        for met in [
            "id=5",
            "id = 5 and licenseClass=\"a\"",
            "id in (4, 5)",
            "identifier=\"rock and roll\" AND inactiveFlag=False",
            "identifier in (\"x\",\"rock and roll\")",
        ] {
            assert!(holds(met, &row), "{met}");
        }
        for unmet in ["id=6", "id in (1,2)", "inactiveFlag=True", "id=5 and licenseClass=\"F\""] {
            assert!(!holds(unmet, &row), "{unmet}");
        }
    }

    #[test]
    fn null_equals_nothing() {
        assert!(!holds("inactiveFlag=False", &json!({"inactiveFlag": null})));
        assert!(!holds("inactiveFlag=False", &json!({})));
    }

    #[test]
    fn references_and_brackets() {
        let row = json!({"securityRole": {"id": 31}, "name": "[old] Umbrella"});
        assert!(holds("securityRole/id=31 and name=\"[[]old] Umbrella\"", &row));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for text in [
            "",
            "id",
            "id>5",
            "id=",
            "id in 5",
            "id=5 or id=6",
            "name like \"a*\"",
            "colour=\"red\"",
            "id=\"5",
        ] {
            assert!(Condition::parse_all(text).is_err(), "{text}");
        }
    }
}
