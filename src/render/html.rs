//! One self-contained page to look at and work from: it loads nothing, and its policy forbids that it
//! could. Everything in it is escaped by the templates; no text of the tenant is ever markup.

mod blast;
mod board;
mod evidence;
mod matrix;
mod plan;
mod rest;

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
use board::Board;
use evidence::Evidence;
use matrix::Matrix;
use plan::Plan;
use rest::Rest;

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
    board: Board<'r>,
    plan: Plan<'r>,
    blast: Blast<'r>,
    matrix: Matrix<'r>,
    rest: Rest<'r>,
    evidence: Evidence,
}

/// Writes the report.
pub(crate) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let roll_up = (report.filed().len() > 1).then_some(&report.roll_up);
    let style = format!("{STYLE}{}", running_heads(report));
    Page { report, frame: Frame::of(&style, SCRIPT), roll_up }.write_into(out)
}

/// What stands at the top of each printed page: which tenant, and of when.
fn running_heads(report: &Report) -> String {
    let mut rules = String::new();
    for (index, tenant) in report.filed().iter().enumerate() {
        let anchor = Page::anchor(index);
        let head = in_style(&format!("{}, {}", tenant.id(), report.as_of));
        rules.push_str(&format!(
            "#{anchor} {{ page: {anchor}; }}\n@page {anchor} {{ @top-left {{ content: \"{head}\"; }} }}\n"
        ));
    }
    rules
}

/// Text in a style sheet: whatever is neither letter nor digit as its number, so that nothing can end it.
fn in_style(text: &str) -> String {
    let letter =
        |c: char| if c.is_ascii_alphanumeric() { c.to_string() } else { format!("\\{:x} ", u32::from(c)) };
    printable(text).chars().map(letter).collect()
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
            board: Board::of(report, tenant),
            plan: Plan::of(&anchor, tenant),
            blast: Blast::of(tenant),
            matrix: Matrix::of(&anchor, tenant),
            rest: Rest::of(tenant),
            evidence: Evidence::of(tenant),
            anchor,
            tenant,
        }
    }
}
