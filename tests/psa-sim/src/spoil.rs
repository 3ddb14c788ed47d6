//! Faults that show in the answer itself: another answer in its place, or its rows bent.

use serde_json::{Value, json};

use crate::fault::Fault;
use crate::reply::{Content, Reply};

/// What a proxy says to people.
const PAGE: &str = "<!DOCTYPE html><html><body><h1>Service unavailable</h1></body></html>";

/// The answer that a fault gives in place of the right one, whoever asks.
pub(crate) fn instead(fault: &Fault) -> Option<Reply> {
    Some(match fault {
        Fault::Status { code, body, content_type, headers } => {
            let reply = Reply::text(*code, content_type, body);
            headers.iter().fold(reply, |reply, (name, value)| reply.with_header(name, value))
        }
        Fault::Html(status) => Reply::text(*status, "text/html; charset=utf-8", PAGE),
        Fault::TooMany { retry_after, .. } => Reply::too_many(*retry_after),
        Fault::Conflict409 => Reply::error(409, "Conflict", "The record was changed by somebody else."),
        Fault::Redirect { location } => Reply::text(302, "text/plain", "").with_header("location", location),
        _ => return None,
    })
}

/// The right answer, spoilt. Errors are left alone.
pub(crate) fn spoil(mut reply: Reply, fault: &Fault) -> Reply {
    let Reply { status: 200, body: Content::Json(body), .. } = &mut reply else {
        return reply;
    };
    match fault {
        Fault::WrongTypes => as_text(body),
        Fault::ObjectForList if body.is_array() => *body = json!({"items": body.take()}),
        Fault::Null => *body = Value::Null,
        Fault::EmptyList => {
            *body = json!([]);
            return reply.without_header("link");
        }
        Fault::DuplicateIds => {
            if let Some(rows) = body.as_array_mut() {
                rows.extend(rows.last().cloned());
            }
        }
        Fault::Oversize { times } => {
            if let Some(rows) = body.as_array_mut() {
                *rows = vec![std::mem::take(rows); *times].concat();
            }
        }
        _ => {}
    }
    reply
}

/// Numbers and booleans become text, at any depth.
fn as_text(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(as_text),
        Value::Object(fields) => fields.values_mut().for_each(as_text),
        Value::Number(_) | Value::Bool(_) => *value = value.to_string().into(),
        Value::Null | Value::String(_) => {}
    }
}
