//! What a role gives, what is needed, and how the two compare.

mod excess;
mod granted;
mod powers;
mod requirements;
mod rights;

pub use excess::{Claim, Doubt, Excess, Excesses, Unread};
pub use granted::{Compared, Granted};
pub use powers::{By, Lens, PowerRow, Reach, Tables};
pub use requirements::{Requirement, Requirements};
pub use rights::{Rights, Row};
