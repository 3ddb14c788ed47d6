//! Lists: rows read from pages as they come, and when a list is whole. Complete means shown to be: by
//! `Link`, by a number of rows that no page ends at by chance, or by an empty page after it.

use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error as _, SeqAccess, Visitor};
use serde_json::error::Category;
use sha2::{Digest, Sha256};

use super::endpoint::Endpoint;
use super::fault::Fault;
use super::link::{Next, Said};
use super::wire::{Object, Row};

/// The most rows that the PSA gives on one page (Developer Guide, since 2016.2).
pub(super) const PAGE_SIZE: u32 = 1_000;

/// Numbers of rows at which a server, or something before it, may cut a list.
const ROUND: [usize; 8] = [25, 50, 100, 200, 250, 500, 999, 1_000];

/// No list of the PSA has more rows; a server that sends more is looping.
const MOST_ROWS: usize = 100_000;

/// How long one list may take, waiting for 429 not counted.
pub(super) const MOST_TIME: Duration = Duration::from_secs(120);

/// So many pages may be followed that hold fewer rows than the PSA's own smallest page.
const MOST_SMALL_PAGES: usize = 20;
const SMALL: usize = 25;

/// Whether a page of so many rows may have been cut there.
fn may_be_cut(rows: usize) -> bool {
    ROUND.contains(&rows)
}

/// Endpoints and numbers of rows after which an empty page came. That all roles have as many settings is
/// normal, and one proof for all of them is enough.
#[derive(Debug, Default)]
pub(super) struct Proofs(Mutex<HashSet<(String, usize)>>);

impl Proofs {
    fn holds(&self, endpoint: &Endpoint, rows: usize) -> bool {
        self.lock().contains(&(kind(endpoint), rows))
    }

    fn add(&self, endpoint: &Endpoint, rows: usize) {
        self.lock().insert((kind(endpoint), rows));
    }

    /// A thread that panicked while noting leaves proofs that still hold.
    fn lock(&self) -> std::sync::MutexGuard<'_, HashSet<(String, usize)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The path, the same for every role or board, and what is asked there.
fn kind(endpoint: &Endpoint) -> String {
    let is_id = |part: &str| part.parse::<i64>().is_ok();
    let parts = endpoint.path.split('/').map(|part| if is_id(part) { "{id}" } else { part });
    format!("{}?{}", parts.collect::<Vec<_>>().join("/"), endpoint.conditions.unwrap_or_default())
}

/// A list that is being read.
pub(super) struct List<'p, R: Row> {
    endpoint: Endpoint,
    proofs: &'p Proofs,
    now: Timestamp,
    rows: Vec<R::Into>,
    seen: HashSet<i64>,
    page: u32,
    /// The farthest page that a link spoke of.
    promised: u32,
    small_pages: usize,
    /// The number of rows after which the next page was asked for without a link.
    doubted: Option<usize>,
    last_body: Option<[u8; 32]>,
}

/// What to do after a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Ask for the next page.
    Next,
    /// The list is whole.
    Whole,
}

impl<'p, R: Row + DeserializeOwned> List<'p, R> {
    pub(super) fn new(endpoint: Endpoint, proofs: &'p Proofs, now: Timestamp) -> Self {
        Self {
            endpoint,
            proofs,
            now,
            rows: Vec::new(),
            seen: HashSet::new(),
            page: 1,
            promised: 1,
            small_pages: 0,
            doubted: None,
            last_body: None,
        }
    }

    pub(super) const fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The page to ask for.
    pub(super) const fn page(&self) -> u32 {
        self.page
    }

    /// The rows of a whole list.
    pub(super) fn into_rows(self) -> Vec<R::Into> {
        self.rows
    }

    /// Takes a page.
    ///
    /// # Errors
    /// Why the list cannot be read in full.
    pub(super) fn take(&mut self, body: &[u8], link: Said) -> Result<Step, Fault> {
        let before = self.rows.len();
        let (now, seen, rows) = (self.now, &mut self.seen, &mut self.rows);
        each_row(body, |row: R| {
            if rows.len() >= MOST_ROWS {
                return Err(Fault::TooManyRows(MOST_ROWS));
            }
            rows.push(checked(row, seen, rows.len() + 1, now)?);
            Ok(())
        })?;
        let count = self.rows.len() - before;
        self.refuse_repetition(body, count)?;
        let step = self.step(count, link)?;
        if step == Step::Next {
            self.small_pages += usize::from(count < SMALL);
            if self.small_pages > MOST_SMALL_PAGES {
                return Err(Fault::Paging(format!(
                    "{MOST_SMALL_PAGES} pages of fewer than {SMALL} rows are followed by more"
                )));
            }
            self.page += 1;
        }
        Ok(step)
    }

    /// Rows without ids cannot tell that a page came twice; the page can.
    fn refuse_repetition(&mut self, body: &[u8], count: usize) -> Result<(), Fault> {
        let digest = <[u8; 32]>::from(Sha256::digest(body));
        let repeats = self.last_body.replace(digest) == Some(digest);
        if repeats && count > 0 {
            return Err(Fault::Paging(format!("page {} is page {} again", self.page, self.page - 1)));
        }
        Ok(())
    }

    /// Whether this was the last page.
    fn step(&mut self, count: usize, link: Said) -> Result<Step, Fault> {
        self.promised = self.promised.max(link.farthest.unwrap_or(1));
        let doubted = self.doubted.take();
        match link.next {
            Next::Unreadable => Err(Fault::Paging("its link to the next page is not readable".to_owned())),
            Next::Page(next) if next != self.page + 1 || count == 0 => {
                Err(Fault::Paging(format!("page {} is followed by page {next}", self.page)))
            }
            Next::Page(_) => Ok(Step::Next),
            Next::Last | Next::Unsaid if self.page < self.promised => Err(self.too_early()),
            Next::Last | Next::Unsaid if count == 0 && self.page > 1 && doubted.is_none() => {
                Err(self.too_early())
            }
            // Once there was a further page, only an empty one ends it.
            Next::Unsaid if count > 0 && (doubted.is_some() || self.is_doubtful(count)) => {
                self.doubted = Some(count);
                Ok(Step::Next)
            }
            Next::Last | Next::Unsaid => {
                if let (Next::Unsaid, Some(rows)) = (link.next, doubted) {
                    self.proofs.add(&self.endpoint, rows);
                }
                Ok(Step::Whole)
            }
        }
    }

    fn is_doubtful(&self, count: usize) -> bool {
        may_be_cut(count) && !self.proofs.holds(&self.endpoint, count)
    }

    fn too_early(&self) -> Fault {
        Fault::Paging(format!("it ends on page {} of {}", self.page, self.promised.max(self.page)))
    }
}

/// Gives each row of a page to `take` as it is parsed, so that no page is held twice.
///
/// # Errors
/// What `take` says, or why this is no list of such rows.
pub(super) fn each_row<R: DeserializeOwned>(
    body: &[u8],
    take: impl FnMut(R) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut fault = None;
    let mut json = serde_json::Deserializer::from_slice(body);
    let rows = Rows { take, fault: &mut fault, row: PhantomData };
    let parsed = rows.deserialize(&mut json).and_then(|()| json.end());
    match (fault, parsed) {
        (Some(fault), _) => Err(fault),
        (None, Err(error)) => Err(Fault::Misshapen(shape(&error))),
        (None, Ok(())) => Ok(()),
    }
}

struct Rows<'f, R, F> {
    take: F,
    fault: &'f mut Option<Fault>,
    row: PhantomData<R>,
}

impl<'de, R: DeserializeOwned, F: FnMut(R) -> Result<(), Fault>> DeserializeSeed<'de> for Rows<'_, R, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, R: DeserializeOwned, F: FnMut(R) -> Result<(), Fault>> Visitor<'de> for Rows<'_, R, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut rows: A) -> Result<(), A::Error> {
        while let Some(Object(row)) = rows.next_element::<Object<R>>()? {
            if let Err(fault) = (self.take)(row) {
                *self.fault = Some(fault);
                return Err(A::Error::custom("a row cannot be used"));
            }
        }
        Ok(())
    }
}

/// Converts a row, once it is known to be whole and not to have come before.
pub(super) fn checked<R: Row>(
    row: R,
    seen: &mut HashSet<i64>,
    number: usize,
    now: Timestamp,
) -> Result<R::Into, Fault> {
    let id = row.id();
    if let Some(id) = id
        && !seen.insert(id)
    {
        return Err(Fault::Paging(format!("id {id} came twice")));
    }
    if id.is_none() && R::NEEDS_ID {
        return Err(Fault::Misshapen(format!("row {number} has no id")));
    }
    row.convert(id.unwrap_or_default(), now)
        .map_err(|field| Fault::Misshapen(format!("row {number} has no {field}")))
}

/// What is wrong with the form of an answer, without a word of it: serde quotes what it does not understand.
pub(super) fn shape(error: &serde_json::Error) -> String {
    // Rust's words for what everybody knows by another name.
    const FOUND: [(&str, &str); 7] = [
        ("string", "a text"),
        ("integer", "a number"),
        ("floating point", "a number"),
        ("boolean", "true or false"),
        ("sequence", "a list"),
        ("map", "an object"),
        ("null", "null"),
    ];
    const EXPECTED: [(&str, &str); 7] = [
        ("a sequence", "a list"),
        ("an object", "an object"),
        ("a map", "an object"),
        ("a string", "a text"),
        ("i64", "a whole number"),
        ("a boolean", "true or false"),
        ("a level, as text or null", "a level, as text or null"),
    ];
    match error.classify() {
        Category::Eof => return "it ends too early".to_owned(),
        Category::Syntax | Category::Io => return "it is not JSON".to_owned(),
        Category::Data => {}
    }
    let said = error.to_string();
    let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
    let found =
        said.split_once(": ").and_then(|(_, rest)| FOUND.iter().find(|(word, _)| rest.starts_with(word)));
    let expected = EXPECTED.iter().find(|(word, _)| said.ends_with(&format!(", expected {word}")));
    match (found, expected) {
        (Some((_, found)), Some((_, expected))) => format!("it has {found} where {expected} belongs"),
        _ => "it is of another form".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::super::link;
    use super::super::wire::{LoginRow, PlainRow, SettingRow};
    use super::{Endpoint, Fault, List, MOST_ROWS, Proofs, Row, Step, may_be_cut};
    use crate::model::RoleId;

    /// Logins with these ids.
    fn logins(ids: std::ops::Range<usize>) -> String {
        let rows: Vec<_> = ids.map(|id| format!(r#"{{"id":{id},"username":"u"}}"#)).collect();
        format!("[{}]", rows.join(","))
    }

    /// So many settings without ids.
    fn settings(count: usize, module: &str) -> String {
        let row = format!(r#"{{"moduleName":"{module}","moduleFunctionName":"F"}}"#);
        format!("[{}]", vec![row; count].join(","))
    }

    fn read_of<R: Row + serde::de::DeserializeOwned>(
        endpoint: Endpoint,
        proofs: &Proofs,
        pages: &[(String, Option<&str>)],
    ) -> (Result<usize, Fault>, usize) {
        let mut list = List::<R>::new(endpoint, proofs, Timestamp::UNIX_EPOCH);
        for (asked, (body, header)) in pages.iter().enumerate() {
            match list.take(body.as_bytes(), link::read(header.map(str::as_bytes))) {
                Ok(Step::Next) => {}
                Ok(Step::Whole) => return (Ok(list.into_rows().len()), asked + 1),
                Err(fault) => return (Err(fault), asked + 1),
            }
        }
        panic!("it asks for more than {} pages", pages.len());
    }

    fn read(pages: &[(String, Option<&str>)]) -> Result<usize, Fault> {
        read_of::<LoginRow>(LoginRow::endpoint(), &Proofs::default(), pages).0
    }

    #[test]
    fn a_round_number_of_rows_is_no_end_without_a_link() {
        for count in [25, 50, 100, 200, 250, 500, 999, 1_000] {
            assert!(may_be_cut(count));
            let more = [(logins(0..count), None), (logins(count..count + 3), None), ("[]".to_owned(), None)];
            assert_eq!(read(&more), Ok(count + 3));
            let whole = [(logins(0..count), None), ("[]".to_owned(), None)];
            assert_eq!(read(&whole), Ok(count));
            let again = [(logins(0..count), None), (logins(0..count), None)];
            assert!(matches!(read(&again), Err(Fault::Paging(_))));
        }
        for count in [0, 1, 24, 112, 998] {
            assert_eq!(read(&[(logins(0..count), None)]), Ok(count));
        }
    }

    #[test]
    fn one_proof_holds_for_an_endpoint_and_a_number() {
        let proofs = Proofs::default();
        let pages = [(settings(100, "M"), None), ("[]".to_owned(), None)];
        let read = |role| read_of::<SettingRow>(Endpoint::settings(RoleId(role)), &proofs, &pages);
        assert_eq!(read(1), (Ok(100), 2));
        assert_eq!(read(2), (Ok(100), 1));
        let other = [(settings(50, "M"), None), ("[]".to_owned(), None)];
        let read = |endpoint, pages| read_of::<SettingRow>(endpoint, &proofs, pages);
        assert_eq!(read(Endpoint::settings(RoleId(3)), &other), (Ok(50), 2));
        let mine = Endpoint { path: "system/mySecurity".to_owned(), ..Endpoint::settings(RoleId(0)) };
        assert_eq!(read(mine, &pages), (Ok(100), 2));
    }

    #[test]
    fn a_page_that_comes_again_is_noticed_without_ids() {
        let pages = [(settings(25, "M"), None), (settings(25, "M"), None)];
        let proofs = Proofs::default();
        let (read, _) = read_of::<SettingRow>(Endpoint::settings(RoleId(1)), &proofs, &pages);
        assert!(matches!(read, Err(Fault::Paging(_))), "{read:?}");
    }

    #[test]
    fn links_say_when_a_list_ends() {
        let next = |page: u32| format!("<https://x/?page={page}>; rel=next, <https://x/?page=3>; rel=last");
        let (two, three) = (next(2), next(3));
        let first = Some("<https://x/?page=1>; rel=first");
        let whole = [(logins(0..25), Some(&*two)), (logins(25..50), Some(&*three)), (logins(50..75), first)];
        assert_eq!(read(&whole), Ok(75));
        // A page that was spoken of has to come, and has to hold something.
        let cut = [(logins(0..25), Some(&*two)), (logins(25..50), first)];
        assert!(matches!(read(&cut), Err(Fault::Paging(_))));
        for last in [None, first] {
            let empty = [(logins(0..25), Some(&*two)), (logins(25..50), Some(&*three)), ("[]".into(), last)];
            assert!(matches!(read(&empty), Err(Fault::Paging(_))), "{last:?}");
        }
        let stuck = [(logins(0..25), Some("<https://x/?page=1>; rel=next"))];
        assert!(matches!(read(&stuck), Err(Fault::Paging(_))));
    }

    #[test]
    fn small_pages_without_end_are_given_up() {
        let pages: Vec<_> = (0..99).map(|page| (logins(page..page + 1), page + 2)).collect();
        let links: Vec<_> =
            pages.iter().map(|(_, next)| format!("<https://x/?page={next}>; rel=next")).collect();
        let pages: Vec<_> =
            pages.into_iter().zip(&links).map(|((body, _), link)| (body, Some(link.as_str()))).collect();
        let proofs = Proofs::default();
        let (read, asked) = read_of::<LoginRow>(LoginRow::endpoint(), &proofs, &pages);
        assert!(matches!(read, Err(Fault::Paging(_))), "{read:?}");
        assert_eq!(asked, 21);
    }

    #[test]
    fn rows_are_counted_while_they_are_parsed() {
        assert_eq!(read(&[(logins(0..MOST_ROWS), None)]), Ok(MOST_ROWS));
        assert!(matches!(read(&[(logins(0..MOST_ROWS + 1), None)]), Err(Fault::TooManyRows(_))));
        // The rest need not even be JSON.
        let mut body = "[{},".to_owned();
        let _ = write!(body, "{}", "{},".repeat(100));
        assert!(matches!(read(&[(body, None)]), Err(Fault::Misshapen(what)) if what.contains("no id")));
    }

    proptest! {
        /// However a server cuts a list, with links or without: all of it is read, or it is not called
        /// whole.
        #[test]
        fn a_list_is_whole_or_not_called_so(
            total in 0_usize..600,
            size in prop_oneof![Just(25_usize), Just(50), Just(100), Just(250), 25_usize..300],
            links in any::<bool>(),
        ) {
            let last = total.div_ceil(size).max(1);
            let links: Vec<_> = (1..=last + 1)
                .map(|page| (links && page < last).then(|| format!("<https://x/?page={}>; rel=next", page + 1)))
                .collect();
            let page = |at: usize| logins((at * size).min(total)..((at + 1) * size).min(total));
            let pages: Vec<_> = (0..=last).map(|at| (page(at), links[at].as_deref())).collect();
            let cut_at_a_length_that_nobody_cuts_at = pages[0].1.is_none() && !may_be_cut(size);
            let read = read(&pages);
            prop_assert!(read == Ok(total) || read.is_err() || cut_at_a_length_that_nobody_cuts_at, "{read:?}");
        }
    }
}
