//! Every check at its boundaries, through tiny tenants.

mod grants;
mod members;
mod needs;
mod roles;
mod scope;
mod sentences;
