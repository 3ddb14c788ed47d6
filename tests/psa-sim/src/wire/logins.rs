//! Integrator logins, the legacy way in.

use serde_json::Value;

use super::{Fields, negated};

/// A row of `/system/integratorlogins`. The password is never returned; which APIs a login may use
/// is not in a snapshot.
pub(crate) fn login(row: &Value) -> Value {
    Fields::of(row)
        .carry("id", "id")
        .carry("username", "username")
        .carry_as("active", "inactiveFlag", negated)
        .unknown(&["canAccessAllRecordsFlag", "canAccessAllApisFlag", "dateInactivated", "inactivatedBy"])
        .unknown(&["board", "member", "_info"])
        .done()
}
