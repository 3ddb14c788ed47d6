//! Error bodies within a text: the JSON that is in it, of which only what is a message, a code or a status
//! counts, and nothing that stands below the request that was sent.

use serde_json::Value;

use super::line;

/// Nobody pastes more bodies; each brace that opens none costs one look at the rest.
const MOST_LOOKS: usize = 200;

/// What the bodies said, and the text without them.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Every sentence and code.
    pub sentences: Vec<String>,
    /// The first status.
    pub status: Option<u16>,
    /// What is left of the text, a line break where a body was.
    pub rest: String,
}

impl Found {
    /// Takes over what a further look at the rest found.
    pub(super) fn add(&mut self, other: Self) {
        self.sentences.extend(other.sentences);
        self.status = self.status.or(other.status);
        self.rest = other.rest;
    }

    fn walk(&mut self, value: &Value, key: Key) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    self.walk(value, Key::of(name, key));
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.walk(item, key)),
            _ if matches!(key, Key::Request) => {}
            Value::Number(number) if key.may_be_status() => {
                self.note_status(number.as_u64());
            }
            Value::String(text) => self.text(text, key),
            _ => {}
        }
    }

    fn text(&mut self, text: &str, key: Key) {
        let plain = text.trim();
        if key.may_be_status() && plain.len() == 3 && plain.parse::<u64>().is_ok() {
            self.note_status(plain.parse().ok());
        } else if plain.starts_with(['{', '[']) && serde_json::from_str::<Value>(plain).is_ok() {
            // A body as text: what came was put into a field of a report.
            let inner = take(plain);
            self.sentences.extend(inner.sentences);
            self.status = self.status.or(inner.status);
        } else if matches!(key, Key::Message | Key::Code) {
            self.sentences.extend(line::sentences(&line::without_addresses(plain)));
        }
    }

    fn note_status(&mut self, number: Option<u64>) {
        let status = number.and_then(|number| u16::try_from(number).ok());
        let status = status.filter(|status| (300..600).contains(status));
        self.status = self.status.or(status);
    }
}

/// What a field of a body holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    /// What happened, in words.
    Message,
    /// A code, which may be the status.
    Code,
    /// The status.
    Status,
    /// What the caller sent, or is.
    Request,
    /// Anything else, which may hold a body further in.
    Other,
}

impl Key {
    fn of(name: &str, above: Self) -> Self {
        let folded: String =
            name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        match folded.as_str() {
            _ if above == Self::Request => Self::Request,
            "request" | "headers" | "header" | "config" | "options" | "params" | "query" | "payload"
            | "requestbody" | "requestheaders" | "env" | "environment" | "input" | "arguments"
            | "command" | "invocationinfo" | "stack" | "stacktrace" | "scriptstacktrace" | "trace"
            | "url" | "uri" | "path" | "hint" | "hints" | "help" | "suggestion" | "suggestions"
            | "possiblecauses" => Self::Request,
            "message" | "msg" | "error" | "errormessage" | "errordescription" | "description" | "detail"
            | "details" | "reason" | "title" | "exception" | "exceptionmessage" | "innerexception"
            | "text" | "fault" | "faultstring" | "cause" | "errordetails" | "body" | "response" | "data" => {
                Self::Message
            }
            "code" | "errorcode" | "errors" => Self::Code,
            "status" | "statuscode" | "httpcode" | "httpstatus" | "httpstatuscode" | "responsecode"
            | "responsestatus" => Self::Status,
            _ => Self::Other,
        }
    }

    const fn may_be_status(self) -> bool {
        matches!(self, Self::Status | Self::Code)
    }
}

/// Takes the bodies out of a text.
pub(super) fn take(text: &str) -> Found {
    let mut found = Found::default();
    let (mut from, mut looks) = (0, 0);
    while let Some(at) = text[from..].find('{').map(|at| from + at) {
        looks += 1;
        if looks > MOST_LOOKS {
            break;
        }
        found.rest.push_str(&text[from..at]);
        let mut stream = serde_json::Deserializer::from_str(&text[at..]).into_iter::<Value>();
        if let Some(Ok(value)) = stream.next() {
            found.walk(&value, Key::Other);
            found.rest.push('\n');
            from = at + stream.byte_offset();
        } else {
            found.rest.push('{');
            from = at + 1;
        }
    }
    found.rest.push_str(&text[from..]);
    found
}

#[cfg(test)]
mod tests {
    use super::take;

    #[test]
    fn a_body_is_found_wherever_it_stands() {
        for (text, sentences, status, rest) in [
            (r#"403 {"code":"A","message":"B c"} at once"#, vec!["A", "B c"], None, "403 \n at once"),
            (r#"{"body":"{\"code\":\"A\",\"status\":\"404\"}"}"#, vec!["A"], Some(404), "\n"),
            (r#"{"errors":[{"code":"A","field":"b"}],"statusCode":400}"#, vec!["A"], Some(400), "\n"),
            (r#"{"config":{"message":"no"},"stack":"at x (y)"}"#, vec![], None, "\n"),
            (r#"{ broken {"msg":"x y"}"#, vec!["x y"], None, "{ broken \n"),
            (r#"{"status":"open","id":404}"#, vec![], None, "\n"),
        ] {
            let found = take(text);
            assert_eq!(
                (found.sentences, found.status),
                (sentences.iter().map(ToString::to_string).collect(), status),
                "{text}"
            );
            assert_eq!(found.rest, rest, "{text}");
        }
    }
}
