//! The shape of `leastwise.toml`, for the JSON Schema that editors use. The reader is `config`; a test
//! holds that both accept and refuse the same files.

use std::collections::BTreeMap;

use schemars::JsonSchema;

use crate::model::{Severity, Verb};

/// What `leastwise.toml` may say.
#[derive(JsonSchema)]
#[schemars(title = "leastwise.toml", deny_unknown_fields)]
#[expect(dead_code, reason = "the shape is only described, never made")]
pub(super) struct ConfigShape {
    /// The folder of rule files that replace built-in ones by id, from this file's own folder.
    rules_dir: Option<String>,
    /// Tenants by name.
    tenant: Option<BTreeMap<String, TenantShape>>,
    /// Changes to checks, by id or name.
    checks: Option<BTreeMap<String, CheckShape>>,
    /// Reviews of the keys.
    review: Option<ReviewShape>,
    /// Findings that somebody accepted, until a day.
    waiver: Option<Vec<WaiverShape>>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "the shape is only described, never made")]
struct TenantShape {
    /// The PSA's host, such as na.myconnectwise.net.
    site: Option<String>,
    /// The company id typed on the PSA's login screen.
    company: Option<String>,
    /// Words by which `--tag` picks it.
    tags: Option<Vec<String>>,
    /// Certificates to trust beside the system's (PEM).
    ca_file: Option<String>,
    /// The variable that holds the client id.
    client_id_env: Option<String>,
    /// The file that holds the client id.
    client_id_file: Option<String>,
    /// The program, with its arguments, that prints the client id.
    client_id_command: Option<Vec<String>>,
    /// The variable that holds the public key.
    public_key_env: Option<String>,
    /// The file that holds the public key.
    public_key_file: Option<String>,
    /// The program, with its arguments, that prints the public key.
    public_key_command: Option<Vec<String>>,
    /// The variable that holds the private key.
    private_key_env: Option<String>,
    /// The file that holds the private key.
    private_key_file: Option<String>,
    /// The program, with its arguments, that prints the private key.
    private_key_command: Option<Vec<String>>,
    /// How patiently and how fast to ask.
    network: Option<NetworkShape>,
    /// Which member serves which integration.
    integration: Option<Vec<BindingShape>>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "the shape is only described, never made")]
struct NetworkShape {
    /// Milliseconds for one try.
    timeout_ms: Option<u32>,
    /// Milliseconds for all tries of one request, at most 20,000.
    total_ms: Option<u32>,
    /// Milliseconds of the first pause between two tries.
    pause_ms: Option<u32>,
    /// Requests under way at once; 4 unless it says more.
    connections: Option<u32>,
    /// Requests in any minute, at most 950; 500 unless it says more.
    requests_per_minute: Option<u32>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "the shape is only described, never made")]
struct BindingShape {
    /// The rule file's id.
    rules: String,
    /// The API member's identifier, name or id.
    member: Option<String>,
    /// The role's name or id.
    role: Option<String>,
    /// Features of the rule file that are in use.
    features: Option<Vec<String>>,
    /// The last day of set-up.
    setup_until: Option<Day>,
    /// Who answers for the key.
    owner: Option<String>,
    /// What the key is for.
    purpose: Option<String>,
    /// The day on which the key was made, which the API does not show.
    key_made: Option<Day>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "the shape is only described, never made")]
struct ReviewShape {
    /// Whether a key without a decision in `reviews/` is a finding.
    required: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "the shape is only described, never made")]
struct CheckShape {
    /// Another severity for all its findings, or "off".
    severity: Option<SeverityOrOff>,
    /// Days, for a check that counts them.
    days: Option<u32>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "the shape is only described, never made")]
enum SeverityOrOff {
    Severity(Severity),
    Off(Off),
}

#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
#[expect(dead_code, reason = "the shape is only described, never made")]
enum Off {
    Off,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "the shape is only described, never made")]
struct WaiverShape {
    /// The check's id.
    check: String,
    /// Only this tenant, by its name here.
    tenant: Option<String>,
    /// Only this integration.
    integration: Option<String>,
    /// Only this role, by name.
    role: Option<String>,
    /// Only this role, by id.
    role_id: Option<u32>,
    /// Only this member, by identifier.
    member: Option<String>,
    /// Only this member, by id.
    member_id: Option<u32>,
    /// Only this integrator login, by user name.
    login: Option<String>,
    /// Only this function, as "Module / Function".
    function: Option<String>,
    /// Only this verb.
    verb: Option<Verb>,
    /// Only this table.
    table: Option<String>,
    /// Why it is accepted. Without it, the waiver does not waive.
    reason: Option<String>,
    /// Who accepted it. Without it, the waiver does not waive.
    owner: Option<String>,
    /// The day from which it holds. Without it, the waiver does not waive.
    since: Option<Day>,
    /// The last day on which it holds. Without it, the waiver does not waive.
    expires: Option<Day>,
}

/// A day such as 2026-11-22, with or without quotes.
#[derive(JsonSchema)]
#[schemars(transparent)]
#[expect(dead_code, reason = "the shape is only described, never made")]
struct Day(String);
