//! What a role gives, what is needed, and how the two compare.

mod requirements;
mod rights;

pub use requirements::{Requirement, Requirements};
pub use rights::{Rights, Row};
