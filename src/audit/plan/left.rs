//! What the plan leaves, and why.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::checks::Fingerprint;
use crate::model::{IntegrationRef, MemberRef, RoleRef};

/// What no step settles.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Left {
    /// The integration.
    pub integration: Option<Arc<IntegrationRef>>,
    /// The member.
    pub member: Option<Arc<MemberRef>>,
    /// The role.
    pub role: Option<Arc<RoleRef>>,
    /// Why.
    pub reason: Reason,
    /// The findings that are in no step.
    pub findings: Vec<Fingerprint>,
}

/// Why no step settles something. The order is that in which a reason is given where several hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Reason {
    /// The member or the role is inactive: nobody restores it unasked.
    SwitchedOff,
    /// The integration runs on a person's licence.
    Person,
    /// The vendor asks for Admin and publishes no list.
    AsksAdmin,
    /// The rule file covers only a part of what the product does.
    Partial,
    /// Features of the rule file may be in use that no binding names.
    Undeclared(Vec<String>),
    /// It was found by a name that others bear too.
    SharedName,
    /// It was found through its role alone, so that another role would lose it.
    BoundByRole,
    /// One member serves several integrations.
    SeveralIntegrations,
    /// People hold the role.
    People,
    /// A key that nobody owns holds the role.
    Unowned,
    /// Who holds the role, or what it gives, could not be read or is contradicted.
    NotRead,
    /// The role has no row for something that is needed.
    NoRow,
    /// What it needs is not in the PSA, or cannot be set through a role: somebody has to set it up.
    SetUp,
    /// It is decided by a customise list, which the API does not show.
    CustomizeList,
    /// Somebody has to decide first.
    Decision,
    /// What it has in excess was accepted, or its check is switched off.
    Accepted,
}

impl Reason {
    /// The word that reports use.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::SwitchedOff => "switched-off",
            Self::Person => "person",
            Self::AsksAdmin => "asks-admin",
            Self::Partial => "partial-rule-file",
            Self::Undeclared(_) => "undeclared-features",
            Self::SharedName => "shared-name",
            Self::BoundByRole => "bound-by-role",
            Self::SeveralIntegrations => "several-integrations",
            Self::People => "people-on-role",
            Self::Unowned => "unowned-on-role",
            Self::NotRead => "not-read",
            Self::NoRow => "no-row",
            Self::SetUp => "set-up",
            Self::CustomizeList => "customize-list",
            Self::Decision => "decision",
            Self::Accepted => "accepted",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SwitchedOff => "it is switched off, and nobody restores it unasked",
            Self::Person => "it runs on a person's licence: give it an API member and a role of its own",
            Self::AsksAdmin => "its vendor asks for Admin and publishes no list: ask for one",
            Self::Partial => {
                "its rule file covers only a part of what the product does: ask the vendor for the rest"
            }
            Self::Undeclared(features) => {
                return write!(
                    f,
                    "no binding says which features are in use: name them in leastwise.toml (it has {})",
                    features.join(", ")
                );
            }
            Self::SharedName => {
                "it was found by a name that other members or roles have, too: bind it in leastwise.toml"
            }
            Self::BoundByRole => {
                "only its role's name says whose key it is: bind its member in leastwise.toml"
            }
            Self::SeveralIntegrations => {
                "its member serves several integrations: give each a member of its own"
            }
            Self::People => "people hold the role, and what they need is not known",
            Self::Unowned => {
                "a key that nobody owns holds the role too: find its owner, or set it inactive first"
            }
            Self::NotRead => "who holds the role, or what it gives, is not known in full",
            Self::NoRow => "the role shows no row for something that is needed",
            Self::SetUp => "somebody has to set it up",
            Self::CustomizeList => {
                "a customise list decides it, which the API does not show: look in the PSA"
            }
            Self::Decision => "somebody has to decide first whether it is still wanted",
            Self::Accepted => "it was accepted, or its check is switched off",
        })
    }
}
