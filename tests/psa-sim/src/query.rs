//! The query of a list: which rows, in which order, which of their fields, and which page.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use crate::conditions::Condition;
use crate::reply::Reply;
use crate::request::Request;

const DEFAULT_PAGE_SIZE: usize = 25;
const MAX_PAGE_SIZE: usize = 1000;

/// A query that was understood.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) conditions: Vec<Condition>,
    pub(crate) order: Option<Order>,
    pub(crate) fields: Option<Vec<String>>,
    pub(crate) page_size: usize,
    pub(crate) paging: Paging,
}

/// Which page.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Paging {
    /// Pages by number, from 1.
    Number(usize),
    /// Forward-only: the rows with an id above this one.
    After(i64),
}

/// `orderBy`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Order {
    field: String,
    descending: bool,
}

impl Query {
    /// Reads the query. What this simulator does not understand is an error rather than ignored.
    pub(crate) fn parse(request: &Request, page_cap: Option<usize>) -> Result<Self, Reply> {
        let parameters = request.parameters();
        let get = |name: &str| {
            let found = parameters.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
        };
        for name in ["childConditions", "customFieldConditions"] {
            if get(name).is_some() {
                return Err(Reply::bad_query(&format!("psa-sim does not simulate {name}.")));
            }
        }
        let conditions = get("conditions").map(Condition::parse_all).transpose();
        let cap = page_cap.unwrap_or(MAX_PAGE_SIZE).min(MAX_PAGE_SIZE);
        let query = Self {
            conditions: conditions.map_err(|why| Reply::bad_query(&why))?.unwrap_or_default(),
            order: get("orderBy").map(Order::parse).transpose()?,
            fields: get("fields").map(|list| list.split(',').map(|field| field.trim().to_owned()).collect()),
            page_size: positive("pageSize", get("pageSize"))?.unwrap_or(DEFAULT_PAGE_SIZE).min(cap),
            paging: paging(request, get("page"), get("pageId"))?,
        };
        match (&query.paging, &query.order) {
            (Paging::After(_), Some(_)) => {
                Err(Reply::bad_query("orderBy is not allowed in forward-only paging."))
            }
            _ => Ok(query),
        }
    }

    /// A row with only the fields that were asked for.
    pub(crate) fn project(&self, row: Value) -> Value {
        let Some(fields) = &self.fields else {
            return row;
        };
        let mut kept = Value::Object(Map::new());
        for field in fields {
            copy(&row, &mut kept, field);
        }
        kept
    }
}

fn paging(request: &Request, page: Option<&str>, page_id: Option<&str>) -> Result<Paging, Reply> {
    let forward =
        request.header("pagination-type").is_some_and(|kind| kind.eq_ignore_ascii_case("forward-only"));
    if !forward {
        return Ok(Paging::Number(positive("page", page)?.unwrap_or(1)));
    }
    let after = page_id.unwrap_or("0").parse();
    after.map(Paging::After).map_err(|_| Reply::bad_query("pageId is not a number."))
}

fn positive(name: &str, value: Option<&str>) -> Result<Option<usize>, Reply> {
    let Some(value) = value else { return Ok(None) };
    match value.parse() {
        Ok(number) if number > 0 => Ok(Some(number)),
        _ => Err(Reply::bad_query(&format!("{name} is not a positive number."))),
    }
}

/// Copies `a/b` of one object into another.
fn copy(from: &Value, to: &mut Value, field: &str) {
    let (name, below) = field.split_once('/').map_or((field, None), |(name, below)| (name, Some(below)));
    let Some(value) = from.get(name) else { return };
    match below {
        Some(below) if value.is_object() => {
            if !to[name].is_object() {
                to[name] = Value::Object(Map::new());
            }
            copy(value, &mut to[name], below);
        }
        _ => to[name] = value.clone(),
    }
}

impl Order {
    fn parse(text: &str) -> Result<Self, Reply> {
        let mut words = text.split_whitespace();
        let field = words.next().unwrap_or_default();
        let descending = match words.next().map(str::to_ascii_lowercase).as_deref() {
            None | Some("asc") => Some(false),
            Some("desc") => Some(true),
            Some(_) => None,
        };
        match descending {
            Some(descending) if ["id", "identifier", "name"].contains(&field) && words.next().is_none() => {
                Ok(Self { field: field.to_owned(), descending })
            }
            _ => Err(Reply::bad_query(&format!("psa-sim cannot order by `{text}`."))),
        }
    }

    /// Compares two rows in wire form.
    pub(crate) fn compare(&self, left: &Value, right: &Value) -> Ordering {
        let (left, right) = (&left[self.field.as_str()], &right[self.field.as_str()]);
        let order = match (left.as_i64(), right.as_i64()) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => folded(left).cmp(&folded(right)),
        };
        if self.descending { order.reverse() } else { order }
    }
}

fn folded(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_lowercase()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn query(query: &str) -> Result<Query, Reply> {
        let uri = format!("/x?{query}");
        let request = hyper::Request::builder().uri(uri).body(()).unwrap();
        Query::parse(&Request::new(&request), None)
    }

    #[test]
    fn page_sizes_are_cut() {
        assert_eq!(query("").unwrap().page_size, 25);
        assert_eq!(query("pageSize=5000").unwrap().page_size, 1000);
        assert!(query("pageSize=0").is_err());
    }

    #[test]
    fn fields_keep_only_what_is_asked() {
        let row = json!({"id": 1, "name": "x", "role": {"id": 2, "name": "y"}, "none": null});
        let kept = query("fields=id,role/id,none,unknown").unwrap().project(row);
        assert_eq!(kept, json!({"id": 1, "role": {"id": 2}, "none": null}));
    }

    #[test]
    fn order_is_by_a_few_fields_only() {
        let order = query("orderBy=name%20desc").unwrap().order.unwrap();
        assert_eq!(order.compare(&json!({"name": "a"}), &json!({"name": "B"})), Ordering::Greater);
        assert!(query("orderBy=colour").is_err());
        assert!(query("orderBy=id%20sideways").is_err());
    }
}
