//! The shape of rule files and of the catalog, for the JSON Schemas in `rules/schema/` that editors
//! use. The readers are `rule_file` and `catalog`; a test holds that schema and reader accept and
//! refuse the same files. Names are the reader's alone: a schema cannot fold spellings.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use super::catalog::Catalog;
use super::library::built_in_catalog;
use crate::model::{Level, Power, Severity, Verb};

/// A rule file: what one integration needs of its role.
#[derive(Debug, JsonSchema)]
#[schemars(
    deny_unknown_fields,
    extend("oneOf" = [
        {
            "anyOf": [{"required": ["needs"]}, {"required": ["features"]}],
            "properties": {"asks_admin": {"const": false}, "vendor_says": false}
        },
        {
            "required": ["asks_admin"],
            "properties": {"asks_admin": {"const": true}, "needs": false, "features": false}
        }
    ])
)]
pub struct IntegrationFile {
    /// Kebab-case name, such as cisco-umbrella.
    #[schemars(regex(pattern = r"^[a-z0-9]+(-[a-z0-9]+)*$"))]
    pub id: String,
    /// Who makes the product.
    #[schemars(regex(pattern = r"\S"))]
    pub vendor: String,
    /// The product.
    #[schemars(regex(pattern = r"\S"))]
    pub product: String,
    /// The address where the needs are published.
    #[schemars(regex(pattern = r"\S"))]
    pub source: Option<String>,
    /// The day the source was last read.
    pub read: Day,
    /// What the source says of its own date.
    pub published: Option<String>,
    /// The day from which API keys replaced user names and passwords.
    pub keys_since: Option<Day>,
    /// The source covers only part of what the product needs.
    pub partial: Option<bool>,
    /// The vendor asks for Admin and publishes no list of what is needed.
    pub asks_admin: Option<bool>,
    /// What the vendor says about asking for Admin, in our words.
    #[schemars(regex(pattern = r"\S"))]
    pub vendor_says: Option<String>,
    /// How to see that the integration works.
    #[schemars(regex(pattern = r"\S"))]
    pub test: Option<String>,
    /// What the source leaves open.
    pub unclear: Option<Vec<String>>,
    /// What the source leaves open about functions.
    pub doubt: Option<Vec<DoubtTable>>,
    /// GET paths that the integration itself calls, below the API's base.
    #[schemars(inner(regex(pattern = r"^/*[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$")))]
    pub probes: Option<Vec<String>>,
    /// Names by which it is recognised in a tenant.
    pub r#match: Option<MatchTable>,
    /// What it needs: [needs.MODULE] tables with a row for each function. Everything else is None.
    pub needs: Option<NeedTables>,
    /// What its options and variants need beside that.
    pub features: Option<BTreeMap<String, FeatureTable>>,
    /// What the source says about the API member.
    pub member: Option<MemberTable>,
    /// Where less than the vendor asks would do.
    pub advice: Option<AdviceTable>,
    /// What remains to be done in the vendor's console.
    pub checklist: Option<ChecklistTable>,
    /// What the vendor says of its own side.
    pub facts: Option<FactsTable>,
}

/// What the source leaves open about functions.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct DoubtTable {
    /// The functions, as Module / Function.
    #[schemars(length(min = 1), inner(regex(pattern = r".+ / .+")))]
    pub functions: Vec<String>,
    /// What is not known.
    #[schemars(regex(pattern = r"\S"))]
    pub text: String,
}

/// What the vendor says of its own side.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct FactsTable {
    /// It opens, changes or closes tickets by itself.
    pub acts_on_tickets: Option<FactRow>,
    /// It runs on, or acts on, customers' machines.
    pub runs_on_machines: Option<FactRow>,
    /// It holds credentials to customers' systems.
    pub holds_credentials: Option<FactRow>,
    /// The data that it takes out of the PSA.
    pub takes_data: Option<FactRow>,
    /// Whom to call when its keys are in strange hands.
    pub support: Option<FactRow>,
}

/// One fact.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct FactRow {
    /// What the vendor's page says, in our words.
    #[schemars(regex(pattern = r"\S"))]
    pub text: String,
    /// Which page, where it is another than the file's source.
    #[schemars(regex(pattern = r"\S"))]
    pub source: Option<String>,
}

/// Needs by module and function.
pub type NeedTables = BTreeMap<String, BTreeMap<String, NeedRow>>;

/// Names by which an integration is recognised: equal but for case, spaces and punctuation.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct MatchTable {
    /// Names of its security role.
    pub roles: Option<Vec<String>>,
    /// Identifiers or names of its API member.
    pub members: Option<Vec<String>>,
    /// User names of its integrator login, from before keys.
    pub logins: Option<Vec<String>>,
}

/// What is needed of one function, or of every function of the module ("*").
#[derive(Debug, JsonSchema)]
#[schemars(
    deny_unknown_fields,
    extend("anyOf" = [
        {"required": ["add"]}, {"required": ["edit"]}, {"required": ["delete"]}, {"required": ["inquire"]},
        {"required": ["allow"]}
    ])
)]
pub struct NeedRow {
    /// Create records.
    pub add: Option<Level>,
    /// Change records.
    pub edit: Option<Level>,
    /// Remove records.
    pub delete: Option<Level>,
    /// Read records.
    pub inquire: Option<Level>,
    /// What it is for, where that is known.
    pub why: Option<String>,
    /// How the source says so.
    pub basis: Option<BasisWord>,
    /// The vendor names the operation but no level: true, or the verbs.
    pub implied: Option<Verbs>,
    /// Needed only while the integration is set up: true, or the verbs.
    pub setup_only: Option<Verbs>,
    /// Entries of the customise list; for Table Setup, Category / Table.
    pub allow: Option<Vec<String>>,
    /// What the source leaves open.
    pub unclear: Option<String>,
}

/// How a source says that something is needed.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum BasisWord {
    /// The vendor's text says so.
    Stated,
    /// It is on the vendor's screenshot.
    Shown,
    /// It follows from what the integration does.
    Inferred,
}

/// All verbs of the row, or these.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Verbs {
    /// All, or none.
    All(bool),
    /// These.
    These(Vec<Verb>),
}

/// An option or a variant of the product.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct FeatureTable {
    /// What it is, in a sentence.
    #[schemars(regex(pattern = r"\S"))]
    pub summary: String,
    /// The address where its needs are published, where that is another page than the file's.
    #[schemars(regex(pattern = r"\S"))]
    pub source: Option<String>,
    /// The day that page was last read.
    pub read: Option<Day>,
    /// What it needs beside the base.
    pub needs: NeedTables,
}

/// What the source says about the API member.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct MemberTable {
    /// Which level.
    pub level: Option<String>,
    /// Which location and department.
    pub location: Option<String>,
    /// Which boards.
    pub boards: Option<String>,
    /// Anything else.
    pub notes: Option<Vec<String>>,
}

/// Where less than the vendor asks would do.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct AdviceTable {
    /// Remarks on the whole role.
    pub notes: Option<Vec<AdviceNote>>,
    /// Levels that would do, by module and function.
    pub needs: Option<BTreeMap<String, BTreeMap<String, AdviceRow>>>,
}

/// A remark.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct AdviceNote {
    /// The remark.
    #[schemars(regex(pattern = r"\S"))]
    pub text: String,
    /// Whether somebody tried it.
    pub proven: Option<bool>,
}

/// Levels that would do.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct AdviceRow {
    /// Create records.
    pub add: Option<Level>,
    /// Change records.
    pub edit: Option<Level>,
    /// Remove records.
    pub delete: Option<Level>,
    /// Read records.
    pub inquire: Option<Level>,
    /// Why less would do.
    #[schemars(regex(pattern = r"\S"))]
    pub why: String,
    /// Whether somebody tried it.
    pub proven: Option<bool>,
}

/// What remains to be done in the vendor's console.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ChecklistTable {
    /// Which console.
    pub console: Option<String>,
    /// The steps, in order.
    pub steps: Option<Vec<String>>,
    /// What looks like a fault and is none.
    pub normal: Option<Vec<String>>,
}

/// The catalog: the modules and functions of the role screen, and the tables of Table Setup.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct CatalogFile {
    /// The modules, in the order of the screen.
    pub module: Option<Vec<ModuleTable>>,
    /// The tables that are known by name.
    pub table: Option<Vec<TableTable>>,
    /// What all tables of a category have in common.
    pub category: Option<Vec<CategoryTable>>,
}

/// A module.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ModuleTable {
    /// Its name on the screen.
    #[schemars(regex(pattern = r"\S"))]
    pub name: String,
    /// Other spellings, accepted as input.
    pub spellings: Option<Vec<String>>,
    /// Its functions, in the order of the screen.
    pub function: Option<Vec<FunctionTable>>,
}

/// A function.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct FunctionTable {
    /// Its name on the screen, without "(customize)".
    #[schemars(regex(pattern = r"\S"))]
    pub name: String,
    /// Other spellings, accepted as input.
    pub spellings: Option<Vec<String>>,
    /// The PSA's moduleFunctionIdentifier, where it is known.
    pub identifier: Option<String>,
    /// The API's customizeIdentifier, for a row with a customise link.
    pub customize: Option<String>,
    /// How bad it is to grant a verb that nobody needs; medium where it is not said.
    pub sensitivity: Option<SensitivityTable>,
    /// What the verbs let their holder do.
    pub powers: Option<Vec<PowerRow>>,
    /// What stops working without the grant.
    pub breaks: Option<String>,
    /// What the grant opens to whoever holds the key.
    pub exposes: Option<String>,
    /// GET paths below the API's base that need its Inquire.
    pub endpoints: Option<Vec<String>>,
}

/// How bad it is to grant a verb that nobody needs.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SensitivityTable {
    /// Of Add.
    pub add: Option<Severity>,
    /// Of Edit.
    pub edit: Option<Severity>,
    /// Of Delete.
    pub delete: Option<Severity>,
    /// Of Inquire.
    pub inquire: Option<Severity>,
}

/// A table of Table Setup's customise list.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct TableTable {
    /// Category / Table.
    #[schemars(regex(pattern = r"\S"))]
    pub name: String,
    /// Other spellings, accepted as input.
    pub spellings: Option<Vec<String>>,
    /// What the verbs on it let their holder do.
    pub powers: Option<Vec<PowerRow>>,
    /// GET paths below the API's base that need it.
    pub endpoints: Option<Vec<String>>,
}

/// What all tables of a category have in common.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct CategoryTable {
    /// The part of a table's name before the slash.
    #[schemars(regex(pattern = r"\S"))]
    pub name: String,
    /// What the verbs on any of them let their holder do.
    pub powers: Option<Vec<PowerRow>>,
}

/// A kind of harm that some verbs open.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct PowerRow {
    /// Which.
    pub power: Power,
    /// Which verbs open it.
    pub verbs: Vec<Verb>,
    /// What its holder could do; goes on from "its key could".
    #[schemars(regex(pattern = r"\S"))]
    pub why: String,
    /// What to look at once a stranger had it.
    #[schemars(regex(pattern = r"\S"))]
    pub look: Option<String>,
    /// Nobody has shown it.
    pub inferred: Option<bool>,
}

/// A day, as TOML writes it; editors see a text.
#[derive(Debug)]
pub struct Day;

impl JsonSchema for Day {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$" })
    }
}

/// The schema of rule files, which knows the catalog's names for completion.
#[must_use]
pub fn integration() -> Value {
    let mut schema = generate::<IntegrationFile>();
    // A catalog that cannot be read is told by every command; the shape stays the same without it.
    let catalog = built_in_catalog().unwrap_or_default();
    for pointer in ["/properties/needs", "/$defs/FeatureTable/properties/needs"] {
        suggest_names(schema.pointer_mut(pointer), &catalog);
    }
    schema
}

/// The schema of the catalog.
#[must_use]
pub fn catalog() -> Value {
    generate::<CatalogFile>()
}

fn generate<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().with_transform(WithoutNull);
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

/// Names the modules and functions, so that editors can offer them. Other spellings stay allowed.
fn suggest_names(needs: Option<&mut Value>, catalog: &Catalog) {
    let Some(needs) = needs else { return };
    let Some(rows) = needs.get("additionalProperties").cloned() else { return };
    let row = rows.get("additionalProperties").cloned().unwrap_or_default();
    let mut modules = serde_json::Map::new();
    for module in catalog.module_ids() {
        let functions = catalog.functions().filter(|(_, function)| function.module == module);
        let names: serde_json::Map<_, _> =
            functions.map(|(_, function)| (function.name.clone(), row.clone())).collect();
        let mut own = rows.clone();
        own["properties"] = Value::Object(names);
        modules.insert(catalog.module_name(module).to_owned(), own);
    }
    needs["properties"] = json!(modules);
}

/// TOML has no null: what may be absent is never null.
#[derive(Clone, Debug)]
struct WithoutNull;

impl Transform for WithoutNull {
    fn transform(&mut self, schema: &mut Schema) {
        if let Some(Value::Array(types)) = schema.get_mut("type") {
            types.retain(|word| word != "null");
            if let [one] = types.as_slice() {
                let one = one.clone();
                schema.insert("type".to_owned(), one);
            }
        }
        let is_null = |option: &Value| option.get("type").is_some_and(|word| word == "null");
        let others = schema.get("anyOf").and_then(Value::as_array).and_then(|options| {
            let others: Vec<_> = options.iter().filter(|option| !is_null(option)).cloned().collect();
            (others.len() < options.len()).then_some(others)
        });
        if let Some(others) = others {
            schema.remove("anyOf");
            match others.as_slice() {
                [Value::Object(one)] => {
                    for (key, value) in one {
                        schema.insert(key.clone(), value.clone());
                    }
                }
                _ => {
                    schema.insert("anyOf".to_owned(), Value::Array(others));
                }
            }
        }
        transform_subschemas(self, schema);
    }
}
