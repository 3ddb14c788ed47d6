//! A request, taken apart once.

/// What the simulator needs to know of a request. Bodies are not read: nothing that has one is
/// answered.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: Vec<(String, String)>,
}

impl Request {
    pub(crate) fn new<B>(request: &hyper::Request<B>) -> Self {
        let headers = request.headers().iter().map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        });
        Self {
            method: request.method().as_str().to_owned(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            headers: headers.collect(),
        }
    }

    /// The value of a header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The decoded query, in order.
    pub(crate) fn parameters(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(self.query.as_bytes()).into_owned().collect()
    }

    /// The path after `/{codebase}/apis/3.0`, in lower case and without a slash at the end, with
    /// the codebase. None when the path is not one of the API.
    pub(crate) fn endpoint(&self) -> Option<(String, String)> {
        let path = self.path.to_ascii_lowercase();
        let (codebase, rest) = path.trim_matches('/').split_once('/')?;
        let endpoint = rest.strip_prefix("apis/3.0/")?;
        Some((codebase.to_owned(), format!("/{endpoint}")))
    }

    /// The company in `/login/companyinfo/{company}`.
    pub(crate) fn company_asked(&self) -> Option<&str> {
        let mut parts = self.path.trim_matches('/').split('/');
        let login = parts.next()?.eq_ignore_ascii_case("login");
        let info = parts.next()?.eq_ignore_ascii_case("companyinfo");
        let company = parts.next()?;
        (login && info && parts.next().is_none()).then_some(company)
    }
}
