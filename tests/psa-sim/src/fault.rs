//! Faults: each way in which a PSA, or what stands before it, fails.

use std::time::Duration;

/// One way to fail.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Any answer at all, in place of the real one.
    Status {
        /// The status code.
        code: u16,
        /// The body.
        body: String,
        /// The type of the body.
        content_type: String,
        /// Further headers.
        headers: Vec<(String, String)>,
    },
    /// Nobody listens. For every endpoint and [`When::Always`], the listener is closed and
    /// connecting is refused; else the connection is closed without an answer.
    Refuse,
    /// The connection is reset (RST) in place of an answer.
    Reset,
    /// The right answer, after this long.
    Stall(Duration),
    /// The right answer, so many bytes at a time.
    Drip {
        /// Bytes at a time.
        chunk: usize,
        /// The pause between.
        every: Duration,
    },
    /// The first half of the body, with a `content-length` that fits it: broken JSON in a sound
    /// answer.
    Truncate,
    /// The first half of the body, with the `content-length` of the whole, then the connection is
    /// closed.
    CutOff,
    /// A page for people, with this status, as a proxy would send.
    Html(u16),
    /// Numbers and booleans are sent as text.
    WrongTypes,
    /// An array is sent as an object: `{"items": […]}`.
    ObjectForList,
    /// The body is `null`.
    Null,
    /// The body is `[]`, with no `Link`.
    EmptyList,
    /// Every page is the first one, and has a next one.
    RepeatPage,
    /// The next page is the same page.
    LinkLoop,
    /// Links lead to `foreign.example`.
    LinkForeignHost,
    /// Each page is half as long as the one before, though more rows follow. None is lost: pages
    /// start where the one before ended.
    ShrinkingPage,
    /// The last row of every page comes twice.
    DuplicateIds,
    /// Every row comes so many times: more rows than were asked for.
    Oversize {
        /// How many times.
        times: usize,
    },
    /// A small gzip body that unpacks to so many MiB of spaces.
    GzipBomb {
        /// The unpacked size.
        mebibytes: usize,
    },
    /// 429, for the first requests; later ones are answered.
    TooMany {
        /// Seconds in `Retry-After`; none: no such header.
        retry_after: Option<u64>,
        /// How many requests are turned away.
        times: usize,
    },
    /// 409. **Not established:** its body is ours.
    Conflict409,
    /// 302 to this address. No redirect of the real PSA is documented.
    Redirect {
        /// Where to.
        location: String,
    },
    /// The right answer, with a `Date` that is so many seconds ahead (or behind, when negative).
    ClockSkew(i64),
}

impl Fault {
    /// A status with the PSA's usual error body.
    #[must_use]
    pub fn status(code: u16) -> Self {
        Self::Status {
            code,
            body: r#"{"code":"ConnectWiseApi","message":"psa-sim was told to fail.","errors":null}"#
                .to_owned(),
            content_type: "application/json; charset=utf-8".to_owned(),
            headers: Vec::new(),
        }
    }
}

/// Which of the matching requests fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum When {
    /// All of them.
    #[default]
    Always,
    /// Only this one, counted from 1.
    Nth(usize),
    /// The first so many.
    First(usize),
}

/// The faults that are set, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    endpoint: String,
    when: When,
    fault: Fault,
    seen: usize,
}

impl Faults {
    pub(crate) fn add(&mut self, endpoint: &str, when: When, fault: Fault) {
        self.rules.push(Rule { endpoint: endpoint.to_ascii_lowercase(), when, fault, seen: 0 });
    }

    pub(crate) fn clear(&mut self) {
        self.rules.clear();
    }

    /// Whether nobody is to listen at all.
    pub(crate) fn refuse_all(&self) -> bool {
        let closes = |rule: &Rule| {
            rule.endpoint.is_empty() && rule.when == When::Always && rule.fault == Fault::Refuse
        };
        self.rules.iter().any(closes)
    }

    /// The first fault that a request meets. Every rule counts the requests that match it, whether
    /// it comes first or not.
    pub(crate) fn next(&mut self, path: &str, parameters: &[(String, String)]) -> Option<Fault> {
        let path = path.to_ascii_lowercase();
        let query: Vec<_> = parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let query = query.join("&").to_ascii_lowercase();
        let mut met = None;
        for rule in self.rules.iter_mut().filter(|rule| rule.matches(&path, &query)) {
            rule.seen += 1;
            if met.is_none() && rule.is_due() {
                met = Some(rule.fault.clone());
            }
        }
        met
    }
}

impl Rule {
    /// `=` in front asks for the whole path, with or without what stands before the endpoint. What
    /// follows a `?` must be in the decoded query.
    fn matches(&self, path: &str, query: &str) -> bool {
        let (endpoint, asked) = self.endpoint.split_once('?').unwrap_or((&self.endpoint, ""));
        if !query.contains(asked) {
            return false;
        }
        let Some(exact) = endpoint.strip_prefix('=') else {
            return path.contains(endpoint);
        };
        let endpoint = path.split_once("/apis/3.0").map_or(path, |(_, endpoint)| endpoint);
        [path, endpoint].iter().any(|path| path.trim_end_matches('/') == exact.trim_end_matches('/'))
    }

    fn is_due(&self) -> bool {
        let due = match self.when {
            When::Always => true,
            When::Nth(nth) => self.seen == nth,
            When::First(count) => self.seen <= count,
        };
        match self.fault {
            Fault::TooMany { times, .. } => due && self.seen <= times,
            _ => due,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn substrings_exact_paths_and_counts() {
        let mut faults = Faults::default();
        faults.add("=/system/securityroles", When::Nth(2), Fault::Null);
        faults.add("SETTINGS", When::First(1), Fault::EmptyList);
        let mut next = |path| faults.next(path, &[]);
        assert_eq!(next("/v/apis/3.0/system/securityRoles"), None);
        assert_eq!(next("/v/apis/3.0/system/securityRoles/"), Some(Fault::Null));
        assert_eq!(next("/v/apis/3.0/system/securityRoles"), None);
        assert_eq!(next("/v/apis/3.0/system/securityRoles/1/settings"), Some(Fault::EmptyList));
        assert_eq!(next("/v/apis/3.0/system/securityRoles/1/settings"), None);
    }

    #[test]
    fn too_many_ends() {
        let mut faults = Faults::default();
        faults.add("", When::Always, Fault::TooMany { retry_after: None, times: 2 });
        assert!(faults.next("/a", &[]).is_some() && faults.next("/b", &[]).is_some());
        assert_eq!(faults.next("/a", &[]), None);
    }

    #[test]
    fn a_part_of_the_query_can_be_asked_for() {
        let mut faults = Faults::default();
        faults.add("=/system/members?conditions=licenseClass", When::Always, Fault::Null);
        let asked = ("conditions".to_owned(), "licenseClass=\"A\"".to_owned());
        assert_eq!(faults.next("/v/apis/3.0/system/members", &[asked]), Some(Fault::Null));
        assert_eq!(faults.next("/v/apis/3.0/system/members", &[]), None);
    }
}
