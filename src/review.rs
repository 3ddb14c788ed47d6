//! The access review: every key with what it can do and blanks to decide, in a record whose digest stands on each
//! page; and what became of what was decided. Pure.

mod against;
mod csv;
mod due;
mod html;
mod judged;
mod markdown;
mod row;
mod table;
mod toml;

use std::io::{self, Write};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::checks::Holders;
use crate::model::TenantId;
use crate::term::Style;
use crate::term::text::{count, hex, join_few};

pub(crate) use against::Against;
pub(crate) use due::Due;
pub(crate) use judged::Judged;
pub(crate) use row::{BLANKS, COLUMNS, Row};

/// The forms in which a review can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people
    Table,
    /// For a wiki or a pull request
    Markdown,
    /// A row for each key, for spreadsheets
    Csv,
    /// One self-contained page, to print and sign
    Html,
    /// A blank decision for each key, to fill in and keep in reviews/
    Toml,
}

/// A review, ready for every writer.
#[derive(Serialize)]
pub(crate) struct Review {
    format: &'static str,
    pub(crate) tenant: TenantId,
    pub(crate) taken_at: Timestamp,
    pub(crate) as_of: Date,
    tool: &'static str,
    pub(crate) snapshot: Option<String>,
    rules: Vec<[String; 3]>,
    columns: Vec<&'static str>,
    pub(crate) rows: Vec<Row>,
    pub(crate) statements: Vec<Statement>,
    /// The digest of all of the above.
    #[serde(skip)]
    pub(crate) record: String,
}

/// What is said about a review as a whole.
#[derive(Serialize)]
pub(crate) struct Statement {
    pub(crate) title: &'static str,
    pub(crate) lines: Vec<String>,
}

impl Review {
    /// The review of every key that was judged.
    ///
    /// # Errors
    /// The record cannot be written down, which does not happen.
    pub(crate) fn new(of: &Judged<'_>) -> io::Result<Self> {
        let used = of.judgement.integrations.iter().filter_map(|id| of.library.get(id));
        let holders = Holders::of(of.tenant);
        let mut review = Self {
            format: "leastwise-review/1",
            tenant: of.tenant.id.clone(),
            taken_at: of.tenant.taken_at,
            as_of: of.as_of,
            tool: concat!("leastwise ", env!("CARGO_PKG_VERSION")),
            snapshot: of.snapshot.map(str::to_owned),
            rules: used
                .map(|rules| [rules.id.clone(), rules.read.to_string(), rules.digest.clone()])
                .collect(),
            columns: COLUMNS.to_vec(),
            rows: of.judgement.keys.iter().filter_map(|key| Row::of(key, of, &holders)).collect(),
            statements: statements(of),
            record: String::new(),
        };
        review.record = hex(&Sha256::digest(serde_json::to_vec(&review)?));
        Ok(review)
    }

    /// Writes it.
    ///
    /// # Errors
    /// Whatever `out` answers.
    pub(crate) fn write(&self, format: Format, style: Style, out: &mut dyn Write) -> io::Result<()> {
        match format {
            Format::Table => out.write_all(table::write(self, style).as_bytes()),
            Format::Markdown => markdown::write(self, out),
            Format::Csv => csv::write(self, out),
            Format::Html => html::write(self, out),
            Format::Toml => toml::write(self, out),
        }
    }

    /// "acme on na.myconnectwise.net, read 2026-11-21 02:00 UTC, on 2026-11-22".
    pub(crate) fn headline(&self) -> String {
        let read = self.taken_at.strftime("%Y-%m-%d %H:%M UTC");
        format!("Access review of {}, read {read}, judged on {}", self.tenant, self.as_of)
    }
}

fn statements(of: &Judged<'_>) -> Vec<Statement> {
    let keys = &of.judgement.keys;
    let datasets = of.tenant.asked_datasets().map(|(dataset, rows)| match rows {
        Ok(rows) => format!("{dataset}: {}, read in full", count(rows, "row")),
        Err(gap) => format!("{dataset}: not read: {}", gap.reason()),
    });
    let absent = keys.iter().filter(|key| key.subject().is_none());
    let absent = absent.map(|key| format!("{} is expected, and has no key", key.name()));
    let settings = &of.judgement.settings;
    let unread: Vec<_> =
        settings.values().filter_map(|rows| rows.as_ref().err()).map(|gap| gap.reason()).collect();
    let rows = settings.values().flatten().sum();
    let mut read =
        format!("settings: {} of {}", count(rows, "row"), count(settings.len() - unread.len(), "role"));
    if !unread.is_empty() {
        read.push_str(&format!("; of {} not read: {}", count(unread.len(), "role"), join_few(&unread, 3)));
    }
    let completeness = datasets.chain([read]).chain(absent).chain([
        format!("{} listed below", count(listed(of), "key")),
        "System > Members > API Members shows ____ members; that agrees with api-members above: ____"
            .to_owned(),
        "A list counts as read in full only where the PSA's own paging, or a further request, showed its end"
            .to_owned(),
    ]);
    let people = of.tenant.members.rows().map_or_else(
        |_| "people, who could not be counted".to_owned(),
        |members| count(members.iter().filter(|member| member.is_person() != Some(false)).count(), "person"),
    );
    let days = crate::checks::review_days(of.policy);
    let required = if of.policy.reviews.required { "required" } else { "not required" };
    vec![
        Statement { title: "Completeness", lines: completeness.collect() },
        Statement {
            title: "Out of scope",
            lines: vec![format!("{people} and the keys that they may have made under My Account")],
        },
        Statement {
            title: "What cannot be seen",
            lines: vec![
                "The keys themselves: how many a member has, when they were made, who holds them".to_owned(),
                "Customise lists: what they take away of Table Setup and of some functions is not taken off here"
                    .to_owned(),
                "What was done with a key: no log is read".to_owned(),
                "Who last changed a role: a person's name, which no review shows; the day is given with each key where the PSA gives it".to_owned(),
            ],
        },
        Statement {
            title: "Policy",
            lines: vec![
                format!("Reviews are {required} by leastwise.toml; a decision counts for {days} days"),
                "A blank is not reviewed. A decision lapses when the access changes".to_owned(),
            ],
        },
        Statement {
            title: "Attestation",
            lines: vec![
                "I reviewed the keys that have a decision below. A key without one was not reviewed."
                    .to_owned(),
                "Name ____________________  Date ____________  Ticket ____________".to_owned(),
            ],
        },
    ]
}

fn listed(of: &Judged<'_>) -> usize {
    of.judgement.keys.iter().filter(|key| key.subject().is_some()).count()
}

/// What the digest is worth, in a sentence.
pub(crate) const WITNESS: &str = "The digest proves nothing by itself: write it into a ticket or a mail on the same day, and whoever asks later can \
     see that the record is the one of that day. The same snapshot, rule files, config and day give it again.";
