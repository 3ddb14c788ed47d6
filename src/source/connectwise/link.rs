//! The `Link` header (RFC 8288): which page comes next. Only its page number is taken: the link's
//! host may be another than the one that was asked.

/// What `Link` headers say about the next page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// There is no such header.
    Unsaid,
    /// There is none.
    Last,
    /// This page.
    Page(u32),
    /// There is one, but which cannot be read.
    Unreadable,
}

/// What all `Link` headers of an answer say together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) next: Next,
    /// The highest page that any of them speaks of.
    pub(super) farthest: Option<u32>,
}

/// Reads the values of all `Link` headers of one answer, which may hold any bytes.
pub(super) fn read<'h>(headers: impl IntoIterator<Item = &'h [u8]>) -> Said {
    let mut said = Said { next: Next::Unsaid, farthest: None };
    for header in headers {
        // Bytes above ASCII stand for themselves in a target, and mean nothing to us.
        let text: String = header.iter().map(|&byte| char::from(byte)).collect();
        if text.trim().is_empty() {
            continue;
        }
        if said.next == Next::Unsaid {
            said.next = Next::Last;
        }
        match links(&text) {
            Some(links) => links.iter().for_each(|link| said.add(link)),
            None => said.next = Next::Unreadable,
        }
    }
    said
}

impl Said {
    fn add(&mut self, link: &Link) {
        let page = page_of(&link.target);
        self.farthest = self.farthest.max(page);
        if !link.is_next() {
            return;
        }
        self.next = match (self.next, page) {
            (Next::Last, Some(page)) => Next::Page(page),
            (Next::Page(known), Some(page)) if known == page => Next::Page(page),
            _ => Next::Unreadable,
        };
    }
}

/// One link: `<target>; name=value; …`.
#[derive(Debug)]
struct Link {
    target: String,
    parameters: Vec<(String, String)>,
}

impl Link {
    /// Of several `rel`, the first counts (RFC 8288, 3.3).
    fn is_next(&self) -> bool {
        let rel = self.parameters.iter().find(|(name, _)| name.eq_ignore_ascii_case("rel"));
        rel.is_some_and(|(_, rel)| rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("next")))
    }
}

/// The links of one header; `None` where it is not understood to its end.
fn links(text: &str) -> Option<Vec<Link>> {
    let mut rest = text;
    let mut links = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            return Some(links);
        }
        let (target, after) = rest.strip_prefix('<')?.split_once('>')?;
        let (parameters, after) = parameters(after)?;
        links.push(Link { target: target.to_owned(), parameters });
        rest = after.strip_prefix(',').unwrap_or(after);
        if !after.is_empty() && !after.starts_with(',') {
            return None;
        }
    }
}

/// The parameters of a link, and what follows them: nothing, or a comma.
fn parameters(text: &str) -> Option<(Vec<(String, String)>, &str)> {
    let mut rest = text.trim_start();
    let mut parameters = Vec::new();
    while let Some(after) = rest.strip_prefix(';') {
        let after = after.trim_start();
        let end = after.find(['=', ';', ',']).unwrap_or(after.len());
        let (name, after) = after.split_at(end);
        let (value, after) = match after.strip_prefix('=') {
            Some(after) => value(after.trim_start())?,
            None => (String::new(), after),
        };
        parameters.push((name.trim().to_owned(), value));
        rest = after.trim_start();
    }
    (rest.is_empty() || rest.starts_with(',')).then_some((parameters, rest))
}

/// A value, in quotes of either kind or without, and what follows it.
fn value(text: &str) -> Option<(String, &str)> {
    let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
        let end = text.find([';', ',']).unwrap_or(text.len());
        let (value, rest) = text.split_at(end);
        return Some((value.trim().to_owned(), rest));
    };
    let mut value = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => value.push(chars.next()?.1),
            c if c == quote => return Some((value, &text[at + c.len_utf8()..])),
            c => value.push(c),
        }
    }
    None
}

fn page_of(target: &str) -> Option<u32> {
    let query = target.split_once('?')?.1;
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    let (_, page) = pairs.find(|(key, _)| key.eq_ignore_ascii_case("page"))?;
    page.parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Next, Said, read};

    fn next(header: &str) -> Next {
        read([header.as_bytes()]).next
    }

    #[test]
    fn the_next_page_is_read_from_the_guides_example() {
        let header = "<https://staging.connectwisedev.com/v2017_3/apis/3.0/company/companies?pageSize=50&page=2>; \
                      rel=\"next\", <https://staging.connectwisedev.com/x?pageSize=50&page=9>; rel=\"last\"";
        assert_eq!(read([header.as_bytes()]), Said { next: Next::Page(2), farthest: Some(9) });
    }

    #[test]
    fn every_spelling_of_one_link_is_the_same_link() {
        for header in [
            "<https://x/y?page=3>;rel=next",
            "<https://x/y?page=3>; Rel=\"next\"",
            "<https://x/y?page=3>; REL = \"NEXT\"",
            "<https://x/y?page=3>; rel='next'",
            "<https://x/y?page=3>; rel=\"prefetch next\"",
            "<https://x/y?page=3>; title=\"a, b; rel=last\"; rel=next",
            "<https://x/y?page=3> ; title=\"say \\\"prev\\\"\" ;rel=next",
            "<https://x/y?page=3>; rel=next; rel=prev",
            "<https://x/y?fields=id,name;a&page=3>;rel=next",
            "<https://x/y?Page=3&q=\u{fc}>; hreflang; rel=next",
            " , <https://x/y?page=1>; rel=first,, <https://x/y?page=3>; rel=next ,",
        ] {
            assert_eq!(next(header), Next::Page(3), "{header}");
        }
    }

    #[test]
    fn a_link_may_stand_in_any_of_several_fields_and_hold_any_byte() {
        let fields: [&[u8]; 3] =
            [b"<https://x/y?page=1>; rel=prev", b"<https://x/y?page=3&q=\xfc\xff>; rel=next", b""];
        assert_eq!(read(fields), Said { next: Next::Page(3), farthest: Some(3) });
    }

    #[test]
    fn the_last_page_has_no_next() {
        let last = "<https://x/y?page=1>; rel=\"first\", <https://x/y?page=2>; rel=\"prev\"";
        assert_eq!(next(last), Next::Last);
        assert_eq!(next("<https://x/y?page=9>; rel=nextdoor"), Next::Last);
        assert_eq!(next(""), Next::Unsaid);
        assert_eq!(read(std::iter::empty()).next, Next::Unsaid);
    }

    #[test]
    fn what_is_not_understood_is_not_the_end() {
        for header in [
            "<https://x/y?pageId=77>; rel=\"next\"",
            "<https://x/y?page=soon>; rel=\"next\"",
            "<https://x/y?page=2>; rel=next, <https://x/y?page=3>; rel=next",
            "<https://x/y?page=2; rel=next",
            "https://x/y?page=2; rel=next",
            "<https://x/y?page=2>; rel=\"next",
            "<https://x/y?page=2> rel=next",
        ] {
            assert_eq!(next(header), Next::Unreadable, "{header}");
        }
    }

    proptest! {
        #[test]
        fn no_header_makes_it_fail(header in proptest::collection::vec(any::<u8>(), 0..80)) {
            read([header.as_slice()]);
        }

        /// Where a next page is spoken of, in whatever company, the list does not end.
        #[test]
        fn a_next_link_is_never_overlooked(
            before in "[a-z<>;,=\" ]{0,20}",
            rel in prop_oneof![Just("next"), Just("\"next\""), Just("'Next'"), Just("\"a next\"")],
            page in 2_u32..99,
        ) {
            let link = format!("<https://x/y?page={page}>; rel={rel}");
            let said = read([before.as_bytes(), link.as_bytes()]).next;
            prop_assert!(said == Next::Page(page) || said == Next::Unreadable, "{said:?}");
        }
    }
}
