//! The PSA's nouns: levels, verbs, security roles and their settings, members, logins, and the
//! tenant that holds them, each dataset either complete or unavailable.

mod callback;
mod check_id;
mod dataset;
mod dataset_name;
mod days;
mod fold;
mod gap;
mod level;
mod limit;
mod member;
mod power;
mod refs;
mod resemble;
mod role;
mod select;
mod severity;
mod shard;
mod source;
mod tenant;

pub use callback::{Callback, Word, host_of};
pub use check_id::CheckId;
pub use dataset::Dataset;
pub use dataset_name::DatasetName;
pub use days::days_between;
pub use fold::{fold_function, fold_name};
pub use gap::{Gap, GapCause, Said};
pub use level::{Grant, Grants, Level, Verb};
pub use limit::Limit;
pub use member::{ApiMember, Licence, Login, Member, MemberId, MemberUse, OwnMember};
pub use power::Power;
pub use refs::{FunctionRef, IntegrationRef, LoginRef, MemberRef, RoleRef};
pub use resemble::{Nearness, Resemblance, resembles};
pub use role::{Role, RoleId, RoleUpdate, Setting};
pub use select::{selects, selects_member};
pub use severity::Severity;
pub use shard::Shard;
pub use source::{RequestCount, Source, SourceKind};
pub use tenant::{Lost, Noted, Tenant, TenantId};

/// A short text that many rows share, such as a module's name.
pub type Name = std::sync::Arc<str>;
