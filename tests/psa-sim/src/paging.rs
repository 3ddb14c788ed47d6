//! One page of a list, with its `Link` header.
//!
//! Documented: 25 rows unless asked, 1000 at most, pages from 1, no `next` and `prev` at the ends.
//!
//! **Not established:** whether a list of one page has a `Link` header at all (here it has none),
//! and what the header of the last forward-only page holds (here: a next page id as long as the
//! page has rows, then an empty value).

use std::ops::Range;

use serde_json::{Value, json};

use crate::fault::Fault;
use crate::query::{Paging, Query};
use crate::reply::Reply;
use crate::rows::Rows;

/// Where links lead: the URL that was asked for, without its page.
#[derive(Debug)]
pub(crate) struct LinkBase {
    pub(crate) url: String,
    pub(crate) parameters: Vec<(String, String)>,
}

impl LinkBase {
    /// One entry of the header: the same URL with another page.
    fn entry(&self, rel: &str, parameter: &str, value: &impl ToString) -> String {
        let others = self.parameters.iter().filter(|(name, _)| !name.eq_ignore_ascii_case(parameter));
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(others)
            .append_pair(parameter, &value.to_string())
            .finish();
        format!("<{}?{query}>; rel=\"{rel}\"", self.url)
    }
}

/// How many rows meet the conditions.
pub(crate) fn count(rows: &Rows<'_>, query: &Query) -> Reply {
    Reply::json(200, json!({"count": select(rows, query).len()}))
}

/// The row with an id.
pub(crate) fn one(rows: &Rows<'_>, query: &Query, id: i64) -> Reply {
    let found = (0..rows.len()).find(|position| rows.id(*position) == id);
    found.map_or_else(
        || Reply::not_found(&format!("Record {id}")),
        |position| Reply::json(200, query.project(rows.row(position))),
    )
}

/// The page that was asked for.
pub(crate) fn page(rows: &Rows<'_>, query: &Query, base: &LinkBase, fault: Option<&Fault>) -> Reply {
    let mut selected = select(rows, query);
    let (range, link) = match query.paging {
        Paging::Number(page) => {
            let pages = Pages { total: selected.len(), size: query.page_size, page };
            (pages.range(fault), pages.link(base, fault))
        }
        Paging::After(id) => {
            selected.sort_by_key(|position| rows.id(*position));
            let ids: Vec<i64> = selected.iter().map(|position| rows.id(*position)).collect();
            let range = forward_range(&ids, id, query.page_size, fault);
            let last = ids.get(range.clone()).and_then(<[i64]>::last);
            (range, Some(forward_link(base, id, last.copied(), fault)))
        }
    };
    let shown = selected.get(range).unwrap_or_default();
    let body: Vec<Value> = shown.iter().map(|position| query.project(rows.row(*position))).collect();
    let reply = Reply::json(200, Value::Array(body));
    match link {
        Some(link) => reply.with_header("link", link),
        None => reply,
    }
}

/// The positions of the rows that meet the conditions, in order. Rows are rendered only where
/// something asks for it.
fn select(rows: &Rows<'_>, query: &Query) -> Vec<usize> {
    let all = 0..rows.len();
    if query.conditions.is_empty() && query.order.is_none() {
        return all.collect();
    }
    let rendered = all.map(|position| (position, rows.row(position)));
    let mut kept: Vec<_> =
        rendered.filter(|(_, row)| query.conditions.iter().all(|condition| condition.holds(row))).collect();
    if let Some(order) = &query.order {
        kept.sort_by(|(_, left), (_, right)| order.compare(left, right));
    }
    kept.into_iter().map(|(position, _)| position).collect()
}

/// The rows with an id above the one asked for. The ids are sorted.
fn forward_range(ids: &[i64], asked: i64, size: usize, fault: Option<&Fault>) -> Range<usize> {
    let start = match fault {
        Some(Fault::RepeatPage) => 0,
        _ => ids.partition_point(|id| *id <= asked),
    };
    start..ids.len().min(start + size)
}

fn forward_link(base: &LinkBase, asked: i64, last: Option<i64>, fault: Option<&Fault>) -> String {
    match (last, fault) {
        (_, Some(Fault::LinkLoop)) => base.entry("next", "pageId", &asked),
        (Some(last), _) => base.entry("next", "pageId", &last),
        (None, _) => String::new(),
    }
}

/// A list cut into pages by number.
#[derive(Debug, Clone, Copy)]
struct Pages {
    total: usize,
    size: usize,
    page: usize,
}

impl Pages {
    /// The rows of the page.
    fn range(self, fault: Option<&Fault>) -> Range<usize> {
        let (start, size) = match fault {
            Some(Fault::RepeatPage) => (0, self.size),
            Some(Fault::ShrinkingPage) => self.shrunk(),
            _ => (self.size.saturating_mul(self.page - 1), self.size),
        };
        start.min(self.total)..start.saturating_add(size).min(self.total)
    }

    /// Where a page starts and what it holds when each page is half as long as the one before.
    fn shrunk(self) -> (usize, usize) {
        let halved = |page: usize| self.size.checked_shr(u32::try_from(page - 1).ok()?);
        let length = |page: usize| halved(page).unwrap_or(0).max(1);
        let before = (1..self.page.min(self.total + 1)).map(length);
        (before.sum(), length(self.page))
    }

    /// The header, or none when the list fits into one page.
    fn link(self, base: &LinkBase, fault: Option<&Fault>) -> Option<String> {
        let last = self.total.div_ceil(self.size).max(1);
        let (before, after) = (self.page > 1, self.range(fault).end < self.total);
        let mut links = match fault {
            Some(Fault::RepeatPage) => vec![("next", self.page + 1)],
            Some(Fault::LinkLoop) => vec![("next", self.page)],
            _ if after => vec![("next", self.page + 1), ("last", last)],
            _ => Vec::new(),
        };
        if before {
            links.extend([("first", 1), ("prev", self.page - 1)]);
        }
        let entries: Vec<_> = links.into_iter().map(|(rel, page)| base.entry(rel, "page", &page)).collect();
        (!entries.is_empty()).then(|| entries.join(", "))
    }
}
