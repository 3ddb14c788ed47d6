//! A review as rows for spreadsheets. No cell of it can become a formula.

use std::io::{self, Write};

use super::{BLANKS, COLUMNS, Review};
use crate::term::escape::{BYTE_ORDER_MARK, csv_row};

pub(super) fn write(review: &Review, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(BYTE_ORDER_MARK.as_bytes())?;
    let header =
        ["tenant"].into_iter().chain(COLUMNS).chain(["access digest"]).chain(BLANKS).chain(["record"]);
    out.write_all(csv_row(header).as_bytes())?;
    for own in &review.rows {
        let fields = std::iter::once(review.tenant.to_string())
            .chain(own.fields.iter().cloned())
            .chain([own.access.clone().unwrap_or_default()])
            .chain(BLANKS.map(|_| String::new()))
            .chain([review.record.clone()]);
        out.write_all(csv_row(fields).as_bytes())?;
    }
    Ok(())
}
