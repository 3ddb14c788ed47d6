//! Text for people and machines: pages that keep to a width, and names that are safe to show.

pub(crate) mod escape;
mod page;
mod style;
pub(crate) mod text;

pub(crate) use page::{GridRow, Page};
pub use style::Style;
