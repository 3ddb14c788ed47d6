//! The `Link` header (RFC 8288): which page comes next. Only its page number is taken: the link's
//! host may be another than the one that was asked.

/// What a `Link` header says about the next page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// There is none.
    Last,
    /// This page.
    Page(u32),
    /// There is one, but which cannot be read.
    Unreadable,
}

/// Reads the header's value.
pub(super) fn next(header: &str) -> Next {
    let is_next = |link: &&str| {
        link.split(';').skip(1).any(|parameter| {
            let rel = parameter.trim().strip_prefix("rel=").map(|rel| rel.trim_matches('"'));
            rel.is_some_and(|rel| rel.split(' ').any(|word| word.eq_ignore_ascii_case("next")))
        })
    };
    let Some(link) = split_links(header).into_iter().find(is_next) else {
        return Next::Last;
    };
    page_of(target(link)).map_or(Next::Unreadable, Next::Page)
}

/// The highest page that the header speaks of.
pub(super) fn farthest(header: &str) -> Option<u32> {
    split_links(header).into_iter().filter_map(|link| page_of(target(link))).max()
}

fn target(link: &str) -> &str {
    link.split(';').next().unwrap_or_default().trim().trim_matches(['<', '>'])
}

/// Links are separated by commas, which targets between `<` and `>` may hold too.
fn split_links(header: &str) -> Vec<&str> {
    let mut links = Vec::new();
    let (mut start, mut inside) = (0, false);
    for (i, c) in header.char_indices() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            ',' if !inside => {
                links.push(&header[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    links.push(&header[start..]);
    links
}

fn page_of(target: &str) -> Option<u32> {
    let query = target.split_once('?')?.1;
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    let (_, page) = pairs.find(|(key, _)| key.eq_ignore_ascii_case("page"))?;
    page.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Next, farthest, next};

    #[test]
    fn the_next_page_is_read_from_the_guides_example() {
        let header = "<https://staging.connectwisedev.com/v2017_3/apis/3.0/company/companies?pageSize=50&page=2>; \
                      rel=\"next\", <https://staging.connectwisedev.com/x?pageSize=50&page=9>; rel=\"last\"";
        assert_eq!(next(header), Next::Page(2));
        assert_eq!(farthest(header), Some(9));
    }

    #[test]
    fn the_last_page_has_no_next() {
        assert_eq!(
            next("<https://x/y?page=1>; rel=\"first\", <https://x/y?page=2>; rel=\"prev\""),
            Next::Last
        );
        assert_eq!(next(""), Next::Last);
    }

    #[test]
    fn commas_within_a_target_do_not_end_it() {
        assert_eq!(next("<https://x/y?fields=id,name&page=3>;rel=next"), Next::Page(3));
    }

    #[test]
    fn a_next_link_without_a_page_is_not_the_end() {
        assert_eq!(next("<https://x/y?pageId=77>; rel=\"next\""), Next::Unreadable);
        assert_eq!(next("<https://x/y?page=soon>; rel=\"next\""), Next::Unreadable);
    }
}
