//! A review for people at a terminal.

use super::{BLANKS, Review, WITNESS};
use crate::term::{Page, Style};

pub(super) fn write(review: &Review, style: Style) -> String {
    let mut page = Page::new(style);
    page.heading(&review.headline());
    for statement in &review.statements {
        page.blank();
        page.heading(statement.title);
        let lines = statement.lines.iter().map(|line| ("-".to_owned(), line.clone()));
        page.list(&lines.collect::<Vec<_>>());
    }
    for (place, row) in review.rows.iter().enumerate() {
        page.blank();
        page.heading(&format!("{}. {}", place + 1, row.title()));
        let columns = row.columns().map(|(column, text)| (column.to_owned(), text.to_owned()));
        let blanks = BLANKS.into_iter().map(|blank| (blank.to_owned(), "____________".to_owned()));
        page.list(&columns.chain(blanks).collect::<Vec<_>>());
    }
    page.blank();
    page.heading(&format!("Record {}", review.record));
    page.paragraph(WITNESS);
    page.into_text()
}
