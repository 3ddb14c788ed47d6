//! What `rules list` and `rules show` both say of a rule file, in JSON.

use serde::Serialize;

use crate::rules::{Origin, RuleFile};

/// What it is about, and what it was made from.
#[derive(Serialize)]
pub(super) struct Head<'r> {
    id: &'r str,
    vendor: &'r str,
    product: &'r str,
    source: Option<&'r str>,
    read: String,
    published: Option<&'r str>,
    keys_since: Option<String>,
    /// Whether the source covers only part of what the product needs.
    partial: bool,
    /// Whether the vendor asks for Admin and publishes no list.
    asks_admin: bool,
}

/// Where it is.
#[derive(Serialize)]
pub(super) struct Place<'r> {
    /// `built-in`, or the file that it was read from.
    origin: String,
    digest: &'r str,
}

impl<'r> Head<'r> {
    pub(super) fn of(rules: &'r RuleFile) -> Self {
        Self {
            id: &rules.id,
            vendor: &rules.vendor,
            product: &rules.product,
            source: rules.source.as_deref(),
            read: rules.read.to_string(),
            published: rules.published.as_deref(),
            keys_since: rules.keys_since.map(|date| date.to_string()),
            partial: rules.partial,
            asks_admin: rules.asks_admin(),
        }
    }
}

impl<'r> Place<'r> {
    pub(super) fn of(rules: &'r RuleFile) -> Self {
        let origin = match &rules.origin {
            Origin::BuiltIn => "built-in".to_owned(),
            Origin::File(path) => path.display().to_string(),
        };
        Self { origin, digest: &rules.digest }
    }
}
