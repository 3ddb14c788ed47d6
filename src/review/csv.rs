//! A review as rows for spreadsheets. No cell of it can become a formula.

use std::io::{self, Write};

use super::{BLANKS, COLUMNS, Review};
use crate::term::escape;

pub(super) fn write(review: &Review, out: &mut dyn Write) -> io::Result<()> {
    // Without it, spreadsheets read the bytes of UTF-8 as letters of an older encoding.
    out.write_all("\u{feff}".as_bytes())?;
    let header =
        ["tenant"].into_iter().chain(COLUMNS).chain(["access digest"]).chain(BLANKS).chain(["record"]);
    row(out, header.map(str::to_owned))?;
    for own in &review.rows {
        let fields = std::iter::once(review.tenant.to_string())
            .chain(own.fields.iter().cloned())
            .chain([own.access.clone().unwrap_or_default()])
            .chain(BLANKS.map(|_| String::new()))
            .chain([review.record.clone()]);
        row(out, fields)?;
    }
    Ok(())
}

/// RFC 4180 ends lines with both.
fn row(out: &mut dyn Write, fields: impl Iterator<Item = String>) -> io::Result<()> {
    write!(out, "{}\r\n", fields.map(|field| escape::csv(&field)).collect::<Vec<_>>().join(","))
}
