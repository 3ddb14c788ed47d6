//! One self-contained page to look at and work from: it loads nothing, and its policy forbids that it
//! could. Everything in it is escaped by the templates; no text of the tenant is ever markup.

mod blast;
mod evidence;
mod matrix;
mod overview;
mod power;
mod worklist;

use std::fmt;
use std::io::{self, Write};

use askama::Template;
use askama::filters::{Escaper, Html};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::roll_up::RollUp;
use super::{Report, TenantReport};
use crate::term::text::printable;
use blast::Blast;
use evidence::Evidence;
use matrix::Matrix;
use overview::Overview;
use worklist::Worklist;

/// Styles and script stand in the page itself; their hashes in its policy let them run, and nothing else.
pub(crate) const STYLE: &str = include_str!("../../templates/report.css");
const SCRIPT: &str = include_str!("../../templates/report.js");

/// Text as the page shows it: control characters and those that turn its direction as their number,
/// then escaped. Named in `askama.toml`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Shown;

impl Escaper for Shown {
    fn write_escaped_str<W: fmt::Write>(&self, dest: W, text: &str) -> fmt::Result {
        Html.write_escaped_str(dest, &printable(text))
    }
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'r> {
    report: &'r Report,
    frame: Frame,
    /// For several tenants.
    roll_up: Option<&'r RollUp>,
}

impl Page<'_> {
    /// What links to a tenant's part of the page.
    fn anchor(index: usize) -> String {
        format!("t{}", index + 1)
    }

    /// A tenant's part, made when its turn comes.
    fn tenant<'t>(&'t self, index: usize, tenant: &'t TenantReport) -> TenantPage<'t> {
        TenantPage::of(self.report, Self::anchor(index), tenant)
    }
}

/// What makes the page whole without a network.
pub(crate) struct Frame {
    pub(crate) policy: String,
    pub(crate) style: String,
    pub(crate) script: String,
}

struct TenantPage<'r> {
    /// Unique within the page, to link to.
    anchor: String,
    tenant: &'r TenantReport,
    overview: Overview<'r>,
    matrix: Matrix<'r>,
    worklist: Worklist<'r>,
    blast: Blast<'r>,
    evidence: Evidence,
}

/// Writes the report.
pub(crate) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let roll_up = (report.filed().len() > 1).then_some(&report.roll_up);
    Page { report, frame: Frame::of(STYLE, SCRIPT), roll_up }.write_into(out)
}

impl Frame {
    pub(crate) fn of(style: &str, script: &str) -> Self {
        // A checkout may have turned line ends; a browser hashes what it has parsed, which has none.
        let (style, script) = (style.replace('\r', ""), script.replace('\r', ""));
        let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
        let script_source =
            if script.is_empty() { "'none'".to_owned() } else { format!("'sha256-{}'", hash(&script)) };
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{}'; script-src {script_source}; base-uri 'none'; form-action 'none'",
            hash(&style)
        );
        Self { policy, style, script }
    }
}

impl<'r> TenantPage<'r> {
    fn of(report: &'r Report, anchor: String, tenant: &'r TenantReport) -> Self {
        Self {
            overview: Overview::of(report, tenant),
            matrix: Matrix::of(&anchor, tenant),
            worklist: Worklist::of(&anchor, tenant),
            blast: Blast::of(tenant),
            evidence: Evidence::of(tenant),
            anchor,
            tenant,
        }
    }
}
