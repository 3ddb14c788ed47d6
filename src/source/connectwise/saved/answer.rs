//! One saved file: from the text that somebody's tool wrote to the rows that the PSA sent.

use serde_json::{Map, Value};

use super::values;
use crate::json_map::Undoubled;

/// Wrappings within one another, such as an agent's message around a client's envelope; more are no answer.
const DEEPEST: usize = 6;

/// Where tools put the PSA's answer, in the order in which they are looked for. A key counts in any case.
const WRAPPINGS: [&str; 16] = [
    "value",
    "data",
    "items",
    "results",
    "records",
    "rows",
    "result",
    "response",
    "responses",
    "body",
    "content",
    "contents",
    "structuredcontent",
    "json",
    "text",
    "payload",
];

/// What else stands in an envelope and says that there is more.
const MORE: [&str; 8] =
    ["hasmore", "has_more", "next", "nextpage", "nextlink", "@odata.nextlink", "truncated", "istruncated"];

/// How many rows there are in all.
const TOTALS: [&str; 4] = ["total", "totalcount", "total_count", "totalrecords"];

/// How many rows there are here, or in all: it has to agree, and shows no end of a list.
const COUNTS: [&str; 2] = ["count", "@odata.count"];

/// Fields that rows of the PSA's lists have, and no envelope that is known, folded.
const OF_ROWS: [&str; 7] =
    ["id", "identifier", "username", "inactiveflag", "adminflag", "licenseclass", "memberid"];

/// What one file holds.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Answer {
    /// The rows of each page, in order.
    pub(super) pages: Vec<Vec<Value>>,
    /// Whether more is said to follow, where something says so.
    pub(super) more: Option<bool>,
}

/// Reads the rows out of whatever is around them.
///
/// # Errors
/// What it is instead, with the command that saves it right.
pub(super) fn read(text: &str) -> Result<Answer, String> {
    let (headers, body) = headers(without_ends(text));
    if let Some(status) = headers.status.filter(|status| !(200..300).contains(status)) {
        return Err(format!("the PSA answered HTTP {status}: save it again once the call succeeds"));
    }
    let mut answer = Answer { more: headers.next.then_some(true), ..Answer::default() };
    for value in each_value(body)? {
        answer.add(value, 0)?;
    }
    // Rows that stand one to a line are one page.
    if answer.pages.len() > 1 && answer.pages.iter().all(|page| page.len() == 1) {
        answer.pages = vec![answer.pages.into_iter().flatten().collect()];
    }
    Ok(answer)
}

/// The body of an answer whose status line says that the key's role does not allow it.
pub(super) fn forbidden(text: &str) -> Option<&str> {
    let (headers, body) = headers(without_ends(text));
    (headers.status == Some(403)).then_some(body)
}

/// A text without what old tools put around it: a mark in front, zeros or Ctrl-Z behind.
fn without_ends(text: &str) -> &str {
    text.trim_start_matches('\u{feff}').trim_end_matches(['\0', '\u{1a}'])
}

/// What `curl -i` puts before the body; before the last, where a proxy answers first.
#[derive(Debug, Default, PartialEq, Eq)]
struct Headers {
    status: Option<u16>,
    /// `Link` names a next page.
    next: bool,
}

fn headers(text: &str) -> (Headers, &str) {
    let (mut headers, mut rest) = (Headers::default(), text.trim_start());
    while rest.starts_with("HTTP/") {
        headers = Headers::default();
        headers.status = rest.split_whitespace().nth(1).and_then(|code| code.parse().ok());
        loop {
            let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
            rest = after;
            if line.trim().is_empty() {
                break;
            }
            let lower = line.to_ascii_lowercase();
            headers.next |=
                lower.starts_with("link:") && (lower.contains("rel=\"next\"") || lower.contains("rel=next"));
        }
        rest = rest.trim_start();
    }
    (headers, rest)
}

/// Every JSON text of a file, one after the other.
fn each_value(text: &str) -> Result<Vec<Value>, String> {
    if text.trim().is_empty() {
        return Err(
            "it is empty, so it ends too early: the call failed, or its output went elsewhere".to_owned()
        );
    }
    let mut undoubled = serde_json::Deserializer::from_str(text).into_iter::<Undoubled>();
    if let Some(error) = undoubled.find_map(Result::err).filter(serde_json::Error::is_data) {
        let line = error.line();
        return Err(format!(
            "one field is there twice in line {line}: a tool rewrote it; save the answer itself"
        ));
    }
    let mut values = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        match value {
            Ok(value) => values.push(value),
            Err(error) => return Err(not_json(text.trim_start(), &error)),
        }
    }
    Ok(values)
}

/// What a text is that is no JSON.
fn not_json(text: &str, error: &serde_json::Error) -> String {
    let again = "save the answer itself: curl -o FILE, or Invoke-WebRequest -OutFile FILE";
    let powershell = "PowerShell printed the objects: pipe them to ConvertTo-Json -Depth 10, or use Invoke-WebRequest -OutFile";
    let first = text.lines().next().unwrap_or_default();
    if text.starts_with("<Objs") {
        return format!("Export-Clixml wrote it: ConvertTo-Json -Depth 10 writes JSON; or {again}");
    }
    if text.starts_with('<') {
        return format!("it is a web page (a login, a proxy or a firewall) and not JSON: {again}");
    }
    if text.starts_with("@{") {
        return powershell.to_owned();
    }
    if text.starts_with("[{'") || text.starts_with("{'") {
        return "it is what Python prints, not JSON: write json.dump(answer, file)".to_owned();
    }
    if text.starts_with("curl:") || text.starts_with("Invoke-") {
        return format!("it is an error message of the tool, and no answer: {again}");
    }
    let lower = first.to_lowercase();
    let names_columns = ["id", "\"id\"", "name", "\"name\"", "identifier"]
        .iter()
        .any(|key| lower.trim_start().starts_with(key));
    if names_columns && (lower.contains(',') || lower.contains(';') || lower.contains('\t')) {
        return format!("it is a table (CSV), and not the JSON that the API sends: {again}");
    }
    if names_columns || lower.trim_start().starts_with("---") {
        return powershell.to_owned();
    }
    if error.is_eof() {
        return format!("it ends too early, in line {}: it was cut; {again}", error.line());
    }
    format!("it is not JSON from line {}, column {} on: {again}", error.line(), error.column())
}

impl Answer {
    fn add(&mut self, value: Value, depth: usize) -> Result<(), String> {
        if depth > DEEPEST {
            return Err("the list lies too deep in other things: save the answer itself".to_owned());
        }
        match value {
            Value::Array(values) => self.add_list(values, depth),
            Value::Object(object) => self.add_object(object, depth),
            Value::String(text) => self.add_text(&text, depth),
            Value::Null => Err("it is null: the call gave nothing; save it again".to_owned()),
            Value::Bool(_) | Value::Number(_) => Err("it is a single value, and no list of rows".to_owned()),
        }
    }

    fn add_list(&mut self, values: Vec<Value>, depth: usize) -> Result<(), String> {
        if values.is_empty() {
            self.pages.push(values);
            return Ok(());
        }
        // Pages that were put into one list (jq -s), or rows that a tool wrapped one by one.
        if values.iter().all(Value::is_array) {
            return values.into_iter().try_for_each(|page| self.add(page, depth + 1));
        }
        let wraps = |value: &Value| {
            value.as_object().is_some_and(|object| !is_row(object) && named_wrapping(object).is_some())
        };
        if values.iter().all(wraps) || values.iter().all(Value::is_string) {
            let mut inner = Self::default();
            values.into_iter().try_for_each(|value| inner.add(value, depth + 1))?;
            if inner.pages.iter().all(|page| page.len() == 1) {
                self.pages.push(inner.pages.into_iter().flatten().collect());
            } else {
                self.pages.extend(inner.pages);
            }
            self.more = self.more.or(inner.more);
            return Ok(());
        }
        // What an agent says beside the answer.
        if values.iter().all(is_message) {
            let answers: Vec<_> = values.into_iter().filter(wraps).collect();
            if answers.is_empty() {
                return Err("its text has words in front of the JSON: save the answer itself".to_owned());
            }
            return answers.into_iter().try_for_each(|value| self.add(value, depth + 1));
        }
        self.pages.push(values);
        Ok(())
    }

    fn add_object(&mut self, object: Map<String, Value>, depth: usize) -> Result<(), String> {
        if is_row(&object) {
            self.pages.push(vec![Value::Object(object)]);
            return Ok(());
        }
        if let Some(error) = error_of(&object) {
            return Err(error);
        }
        let get = |keys: &[&str]| object.iter().find(|(key, _)| keys.contains(&key.to_lowercase().as_str()));
        let is_more = |(key, value): (&String, &Value)| {
            MORE.contains(&key.to_lowercase().as_str())
                && !matches!(value, Value::Null | Value::Bool(false))
                && value != ""
        };
        let says_more = object.iter().any(is_more);
        let total = get(&TOTALS).and_then(|(_, value)| value.as_u64());
        let count = get(&COUNTS).and_then(|(_, value)| value.as_u64());
        let Some(key) = wrapped(&object) else {
            let keys: Vec<_> = object.keys().take(5).map(|key| format!("`{key}`")).collect();
            return Err(format!(
                "it is neither a list nor a row of one: it has {}; save the answer itself",
                if keys.is_empty() { "nothing in it".to_owned() } else { keys.join(", ") }
            ));
        };
        let before = self.rows();
        let value = object.get(&key).cloned().unwrap_or_default();
        self.add(value, depth + 1)?;
        let rows = (self.rows() - before) as u64;
        let more = total.map(|total| rows != total).or(count.filter(|count| *count != rows).map(|_| true));
        self.more = says_more.then_some(true).or(more).or(self.more);
        Ok(())
    }

    /// JSON within a text, as agents and clients keep it.
    fn add_text(&mut self, text: &str, depth: usize) -> Result<(), String> {
        if text.starts_with("@{") {
            return Err(values::depth_cut(None));
        }
        let inner = text.trim_start();
        if !inner.starts_with(['[', '{', '"']) {
            return Err("it is a text and no list of rows: save the answer itself".to_owned());
        }
        each_value(inner)?.into_iter().try_for_each(|value| self.add(value, depth + 1))
    }

    fn rows(&self) -> usize {
        self.pages.iter().map(Vec::len).sum()
    }
}

/// Whether an object is a row of the PSA's.
fn is_row(object: &Map<String, Value>) -> bool {
    let has = |wanted: &str| object.keys().any(|key| values::folded(key) == wanted);
    let is_envelope = has("jsonrpc") || (has("count") && has("value"));
    let is_of_a_list = OF_ROWS.iter().any(|field| has(field)) && wrapped_list(object).is_none();
    !is_envelope && (has("modulefunctionname") || has("codebase") || is_of_a_list)
}

/// Whether a value is what an agent's tool says: a text, with its type.
fn is_message(value: &Value) -> bool {
    value
        .as_object()
        .is_some_and(|object| !is_row(object) && object.contains_key("type") && object.contains_key("text"))
}

/// The key under which the answer lies: one that is known, else, of what nobody named, the only list.
fn wrapped(object: &Map<String, Value>) -> Option<String> {
    named_wrapping(object).or_else(|| {
        let mut lists = object.iter().filter(|(_, value)| value.is_array());
        let only = lists.next().filter(|_| lists.next().is_none())?;
        Some(only.0.clone())
    })
}

/// The key of an envelope that is known. In a list no other is looked for: a row may hold a list of its own.
fn named_wrapping(object: &Map<String, Value>) -> Option<String> {
    let is_inside = |value: &Value| match value {
        Value::Array(_) | Value::Object(_) => true,
        Value::String(text) => text.trim_start().starts_with(['[', '{']),
        _ => false,
    };
    WRAPPINGS.iter().find_map(|wanted| {
        object
            .iter()
            .find(|(key, value)| key.to_lowercase() == *wanted && is_inside(value))
            .map(|(key, _)| key.clone())
    })
}

/// As [`wrapped`], but only a list in which rows may be: a row has objects of its own.
fn wrapped_list(object: &Map<String, Value>) -> Option<()> {
    let is_list = |value: &Value| match value {
        Value::Array(values) => values.iter().all(Value::is_object) && !values.is_empty(),
        Value::Object(inner) => wrapped(inner).is_some() && !inner.contains_key("id"),
        Value::String(text) => text.trim_start().starts_with("[{"),
        _ => false,
    };
    object
        .iter()
        .any(|(key, value)| WRAPPINGS.contains(&key.to_lowercase().as_str()) && is_list(value))
        .then_some(())
}

/// What the PSA or a tool sent in place of a list. Its own words are repeated nowhere.
fn error_of(object: &Map<String, Value>) -> Option<String> {
    let get =
        |key: &str| object.iter().find(|(own, _)| own.eq_ignore_ascii_case(key)).map(|(_, value)| value);
    let has = |key: &str| get(key).is_some();
    let is_set = |key: &str| {
        get(key).is_some_and(|value| !matches!(value, Value::Null | Value::Bool(false)) && value != "")
    };
    let mut statuses =
        ["status", "statuscode", "status_code"].into_iter().filter_map(get).filter_map(Value::as_u64);
    let is_refused = statuses.any(|status| (400..600).contains(&status));
    let is_error = has("message") && (has("code") || has("errors") || has("error") || object.len() <= 2);
    (is_error
        || is_refused
        || is_set("iserror")
        || (has("error") && (is_set("error") || wrapped(object).is_none())))
    .then(|| "the PSA did not send a list but an error: save it again once the call succeeds".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Answer, read};

    fn rows(text: &str) -> Vec<usize> {
        read(text).unwrap_or_else(|error| panic!("{text}: {error}")).pages.iter().map(Vec::len).collect()
    }

    #[test]
    fn what_contradicts_itself_is_not_whole() {
        for text in [
            r#"{"value":[{"id":1}],"Count":2}"#,
            r#"{"truncated":true,"value":[{"id":1}]}"#,
            r#"{"next":null,"hasMore":true,"items":[{"id":1}]}"#,
            r#"{"totalCount":6,"data":[{"id":1}]}"#,
        ] {
            assert_eq!(read(text).map(|answer| answer.more), Ok(Some(true)), "{text}");
        }
        assert_eq!(read(r#"{"value":[{"id":1}],"Count":1}"#).map(|answer| answer.more), Ok(None));
        for text in [
            r#"[{"id":1,"adminFlag":true,"adminFlag":false}]"#,
            r#"{"value":[{"id":1}],"value":[{"id":2}]}"#,
            r#"{"body":"[{\"id\":1,\"id\":2}]"}"#,
            r#"{"isError":true,"content":[{"id":1}]}"#,
            r#"{"status":403,"body":[{"id":1}]}"#,
            r#"{"statusCode":500,"body":[{"id":1}]}"#,
            r#"{"error":"throttled","value":[{"id":1}]}"#,
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        assert_eq!(rows(r#"{"error":null,"isError":false,"value":[{"id":1}]}"#), [1]);
    }

    #[test]
    fn rows_are_found_in_whatever_is_around_them() {
        for (text, pages) in [
            ("[]", vec![0]),
            (r#"[{"id":1},{"id":2}]"#, vec![2]),
            (r#"{"value":[{"id":1},{"id":2}],"Count":2}"#, vec![2]),
            (r#"[{"value":[{"id":1}],"Count":1}]"#, vec![1]),
            (r#"{"id":1,"name":"a"}"#, vec![1]),
            (r#"[{"id":1}][{"id":2}]"#, vec![2]),
            (r#"[{"id":1},{"id":2}] [{"id":3}]"#, vec![2, 1]),
            ("{\"id\":1}\n{\"id\":2}\n{\"id\":3}\n", vec![3]),
            (r#"[[{"id":1},{"id":2}],[{"id":3}]]"#, vec![2, 1]),
            ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[{\"id\":1}]", vec![1]),
            ("HTTP/1.1 200 Connection established\r\n\r\nHTTP/2 200\r\na: b\r\n\r\n[{\"id\":1}]", vec![1]),
            (
                r#"{"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":"[{\"id\":1},{\"id\":2}]"}]}}"#,
                vec![2],
            ),
            (
                r#"{"content":[{"type":"text","text":"1 role"},{"type":"text","text":"[{\"id\":1}]"}]}"#,
                vec![1],
            ),
            (r#"{"content":[{"type":"text","text":"{\"count\":1,\"items\":[{\"id\":1}]}"}]}"#, vec![1]),
            (r#"{"name":"Roles","response":[{"name":"ok","status":"OK","body":"[{\"id\":1}]"}]}"#, vec![1]),
            (r#"[{"json":{"id":1}},{"json":{"id":2}}]"#, vec![2]),
            (r#""[{\"id\":1}]""#, vec![1]),
            (r#"{"statusCode":200,"Content":"[{\"id\":1}]"}"#, vec![1]),
            (r#"{"roles":[{"id":1}]}"#, vec![1]),
            ("[{\"id\":1}]\u{1a}", vec![1]),
            ("[{\"id\":1}]\r\n\0\0", vec![1]),
            (r#"{"id":1,"securityRole":{"id":2,"name":"x"},"excludedServiceBoardIds":[3]}"#, vec![1]),
        ] {
            assert_eq!(rows(text), pages, "{text}");
        }
    }

    #[test]
    fn a_row_without_an_id_is_a_row_whatever_list_it_holds() {
        assert_eq!(rows(r#"[{"tags":[],"inactiveFlag":false,"username":"OpenDNS"}]"#), [1]);
        assert_eq!(rows(r#"[{"boards":[{"id":1},{"id":2}],"identifier":"sync"}]"#), [1]);
        assert_eq!(rows(r#"[{"tags":[],"type":"Ticket"}]"#), [1], "an envelope in a list has a known name");
    }

    #[test]
    fn what_says_that_more_follows_is_heard() {
        let more = |text: &str| read(text).map(|answer: Answer| answer.more);
        for (text, said) in [
            ("[]", None),
            (r#"{"items":[{"id":1}],"total":1}"#, Some(false)),
            (r#"{"items":[{"id":1}],"total":2}"#, Some(true)),
            (r#"{"items":[{"id":1}],"hasMore":true}"#, Some(true)),
            (r#"{"items":[{"id":1}],"next":null}"#, None),
            ("HTTP/1.1 200 OK\r\nLink: <https://x/?page=2>; rel=\"next\"\r\n\r\n[{\"id\":1}]", Some(true)),
        ] {
            assert_eq!(more(text), Ok(said), "{text}");
        }
    }

    #[test]
    fn what_is_no_answer_is_named_with_what_to_do() {
        for (text, said) in [
            ("", "ends too early"),
            (r#"[{"id":1},"#, "ends too early"),
            ("<html>", "a web page"),
            ("<Objs Version=\"1.1.0.1\">", "Export-Clixml"),
            (r#"{"content":[{"type":"text","text":"Found 2 roles: [{\"id\":1}]"}]}"#, "words in front of"),
            ("@{id=63; name=Umbrella}", "-Depth 10"),
            (r#"["@{id=63; name=Umbrella}"]"#, "-Depth 10"),
            ("[{'id': 1}]", "Python"),
            ("id,name\n1,a\n", "a table (CSV)"),
            ("id name\n-- ----\n", "ConvertTo-Json"),
            (r#"{"code":"Security","message":"secret words"}"#, "but an error"),
            ("HTTP/1.1 403 Forbidden\r\n\r\n{}", "HTTP 403"),
            ("null", "null"),
            ("7", "single value"),
            ("[1] x", "not JSON from line 1"),
            ("{}", "nothing in it"),
        ] {
            let error = read(text).expect_err(text);
            assert!(error.contains(said) && !error.contains("secret"), "{text}: {error}");
        }
    }
}
