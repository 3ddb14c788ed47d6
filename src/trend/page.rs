//! The trend as one self-contained page, in the clothes of the report.

use std::io::{self, Write};

use askama::Template;

use super::spark::Drawing;
use super::{Reading, TenantTrend, Trend, told};
use crate::render::html::{Frame, STYLE};

#[derive(Template)]
#[template(path = "trend.html")]
struct Page<'t> {
    trend: &'t Trend,
    frame: Frame,
}

pub(crate) fn write(trend: &Trend, out: &mut dyn Write) -> io::Result<()> {
    let text = Page { trend, frame: Frame::of(STYLE, "") }.render().map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
}

impl TenantTrend {
    /// The first and the last reading, or the only one.
    fn ends(&self) -> impl Iterator<Item = &Reading> {
        let last = self.readings.last().filter(|_| self.readings.len() > 1);
        self.readings.first().into_iter().chain(last)
    }

    /// What the chart's upper edge stands for.
    fn most(&self) -> usize {
        self.readings.iter().map(Reading::open).max().unwrap_or_default()
    }

    /// "124, 96": what the chart says, for people who do not see it.
    fn said(&self) -> String {
        let numbers: Vec<_> = self.readings.iter().map(|reading| reading.open().to_string()).collect();
        numbers.join(", ")
    }
}
