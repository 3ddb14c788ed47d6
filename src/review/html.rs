//! A review as one self-contained page, to print and sign: its digest stands on each printed page.

use std::io::{self, Write};

use askama::Template;

use super::{BLANKS, Review, WITNESS};
use crate::render::html::Frame;

const STYLE: &str = include_str!("../../templates/review.css");

#[derive(Template)]
#[template(path = "review.html")]
struct Page<'r> {
    review: &'r Review,
    frame: Frame,
    blanks: [&'static str; BLANKS.len()],
    witness: &'static str,
}

pub(super) fn write(review: &Review, out: &mut dyn Write) -> io::Result<()> {
    let page = Page { review, frame: Frame::of(STYLE, ""), blanks: BLANKS, witness: WITNESS };
    out.write_all(page.render().map_err(io::Error::other)?.as_bytes())
}
