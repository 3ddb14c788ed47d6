//! Which right each endpoint needs, and whether the caller's role has it.
//!
//! Written from the published permission tables, not from leastwise: a second reading of the same
//! facts. My and All both open an endpoint. **Not established:** which rows My would hide; here it
//! hides none.

use serde_json::Value;

use crate::auth::Caller;

/// What an endpoint asks of the caller's role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// A valid key is enough.
    Key,
    /// Inquire on a function, which may go by one of several names.
    Inquire { module: &'static str, functions: &'static [&'static str] },
    /// Inquire on System / Table Setup, and no customise list of the role that leaves out this
    /// table.
    Table(&'static str),
}

const TABLE_SETUP: Need = Need::Inquire { module: "System", functions: &["Table Setup"] };

impl Need {
    pub(crate) const COMPANIES: Self =
        Self::Inquire { module: "Companies", functions: &["Company Maintenance"] };
    pub(crate) const CONFIGURATIONS: Self =
        Self::Inquire { module: "Companies", functions: &["Configurations"] };
    pub(crate) const TICKETS: Self =
        Self::Inquire { module: "Service Desk", functions: &["Service Tickets"] };
    /// **Not established** for `/system/apiMembers`: inferred from `/system/members`.
    pub(crate) const MEMBERS: Self = Self::Inquire { module: "System", functions: &["Member Maintenance"] };
    /// The row is called "Security" on one vendor's page.
    pub(crate) const ROLES: Self =
        Self::Inquire { module: "System", functions: &["Security Roles", "Security"] };
    /// **Not established:** no customise entry is known for the list of the setup tables itself.
    pub(crate) const SETUP_SCREENS: Self = TABLE_SETUP;

    /// **Not established:** which right opens the callbacks. No page says.
    pub(crate) const CALLBACKS: Self = TABLE_SETUP;

    /// Whether the caller may read the endpoint. An admin role may read everything.
    pub(crate) fn is_met(self, caller: &Caller<'_>, no_list_no_table: bool) -> bool {
        if self == Self::Key || caller.role.is_some_and(|role| role["admin"] == true) {
            return true;
        }
        match self {
            Self::Key => true,
            Self::Inquire { module, functions } => {
                functions.iter().any(|name| inquires(caller, module, name))
            }
            Self::Table(table) => {
                TABLE_SETUP.is_met(caller, no_list_no_table) && table_is_open(caller, table, no_list_no_table)
            }
        }
    }
}

/// Whether the role's row for a function says My or All under Inquire. A row that is missing grants
/// nothing.
fn inquires(caller: &Caller<'_>, module: &str, function: &str) -> bool {
    let settings = caller.role.and_then(|role| role["settings"].as_array());
    settings.into_iter().flatten().any(|row| {
        let named = same(&row["function"], function) || same(&row["description"], function);
        same(&row["module"], module) && named && (same(&row["inquire"], "All") || same(&row["inquire"], "My"))
    })
}

fn same(value: &Value, text: &str) -> bool {
    value.as_str().is_some_and(|value| value.trim().eq_ignore_ascii_case(text))
}

fn table_is_open(caller: &Caller<'_>, table: &str, no_list_no_table: bool) -> bool {
    let list = caller.role_id().and_then(|role| caller.tenant.sim.allowed(role, "SystemTableSetup"));
    list.map_or(!no_list_no_table, |entries| {
        entries.iter().any(|entry| entry.trim().eq_ignore_ascii_case(table))
    })
}
