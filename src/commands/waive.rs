//! `leastwise waive`: writes the waiver that accepts a finding, to standard output or at the end of a file.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Span;

use super::{audit, output};
use crate::audit::waivers;
use crate::checks;
use crate::config::{Common, Config, Settings, links};
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;
use crate::model::Verb;
use crate::policy::{Policy, Waiver};
use crate::rules::Document;
use crate::term::text::{is_blank, join_and};

/// Arguments of `leastwise waive`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Nothing is read of a tenant, and a file is only ever added to.

Example: leastwise waive LW304 --member Domotz --days 90 --reason CHG-1042 --owner secops")]
pub struct Args {
    /// The check, by id or name
    check: String,
    /// Only this integration, by the id of its rule file
    #[arg(long, value_name = "ID")]
    integration: Option<String>,
    /// Only this role, by name; digits are its id
    #[arg(long, value_name = "NAME")]
    role: Option<String>,
    /// Only this member, by identifier; digits are its id
    #[arg(long, value_name = "ID")]
    member: Option<String>,
    /// Only this integrator login, by user name
    #[arg(long, value_name = "NAME")]
    login: Option<String>,
    /// Only this function, as "Module / Function"
    #[arg(long, value_name = "NAME")]
    function: Option<String>,
    /// Only this verb
    #[arg(long, value_name = "VERB", value_parser = Verb::ALL.map(Verb::as_str))]
    verb: Option<String>,
    /// Only this table, as "Category / Table"
    #[arg(long, value_name = "NAME")]
    table: Option<String>,
    /// For how many days, from today on
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..))]
    days: u32,
    /// Why it is accepted, best with a ticket
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Who answers for it
    #[arg(long, value_name = "NAME")]
    owner: String,
    /// Add it to this file, such as leastwise.toml, instead of printing it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// A waiver that would not waive, or a file that it cannot be added to.
pub(crate) fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    let settings = Settings::read(common, io)?;
    let waiver = waiver(args, &settings, common)?;
    let policy = Policy { checks: settings.config.checks.clone(), ..Policy::default() };
    let faults = waivers::faults(&waiver, &policy, settings.as_of);
    if !faults.is_empty() {
        return Err(Error::Usage(format!("it would not waive: {}", join_and(&faults))));
    }
    let text = written(&waiver);
    match &args.output {
        None => output::to_stdout(io, |out| out.write_all(text.as_bytes()))?,
        Some(path) => {
            append(path, &text, &settings, io)?;
            io.note(&format!("added to {}: {}", path.display(), checks::describe(&waiver)));
        }
    }
    hint(&waiver, &settings, io);
    Ok(Exit::Clean)
}

fn waiver(args: &Args, settings: &Settings, common: &Common) -> Result<Waiver, Error> {
    let check = checks::find(&args.check).ok_or_else(|| {
        let hint =
            checks::suggest(&args.check).map(|near| format!(": did you mean {near}?")).unwrap_or_default();
        Error::Usage(format!("there is no check \"{}\"{hint}", args.check))
    })?;
    audit::check_integrations(args.integration.as_slice(), &settings.library)?;
    for (argument, value) in [
        ("role", &args.role),
        ("member", &args.member),
        ("login", &args.login),
        ("function", &args.function),
        ("table", &args.table),
    ] {
        if value.as_ref().is_some_and(|value| is_blank(value)) {
            return Err(Error::Usage(format!("--{argument} is blank: leave it out, or say what it is")));
        }
    }
    let (role, role_id) = name_or_id("role", args.role.as_deref())?;
    let (member, member_id) = name_or_id("member", args.member.as_deref())?;
    let filled = |text: &String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let since = settings.as_of;
    let too_long = |_| Error::Usage(format!("--days {} is no number of days", args.days));
    Ok(Waiver {
        check: check.id.to_string(),
        tenant: tenant(settings, common),
        integration: args.integration.clone(),
        role,
        role_id,
        member,
        member_id,
        login: args.login.clone(),
        function: args.function.clone(),
        verb: args.verb.as_deref().and_then(Verb::from_word),
        table: args.table.clone(),
        reason: filled(&args.reason),
        owner: filled(&args.owner),
        since: Some(since),
        expires: Some(
            since.checked_add(Span::new().try_days(args.days).map_err(too_long)?).map_err(too_long)?,
        ),
        ..Waiver::default()
    })
}

/// The tenant that was named, where the config has several.
fn tenant(settings: &Settings, common: &Common) -> Option<String> {
    let tenants = &settings.config.tenants;
    common.tenant.first().filter(|name| tenants.len() > 1 && tenants.contains_key(*name)).cloned()
}

fn name_or_id(argument: &str, value: Option<&str>) -> Result<(Option<String>, Option<i64>), Error> {
    let Some(value) = value else { return Ok((None, None)) };
    if !value.trim().chars().all(|letter| letter.is_ascii_digit()) {
        return Ok((Some(value.to_owned()), None));
    }
    // The reader of the config takes no larger one.
    let id = value.trim().parse::<u32>();
    let id = id.map_err(|_| Error::Usage(format!("--{argument} {value} is no id: it is too large")))?;
    Ok((None, Some(i64::from(id))))
}

/// The waiver as TOML, whatever the names hold.
fn written(waiver: &Waiver) -> String {
    let mut text = "[[waiver]]\n".to_owned();
    let word = |word: &String| toml::Value::String(word.clone());
    let verb = waiver.verb.map(|verb| verb.as_str().to_owned());
    let fields = [
        ("check", Some(word(&waiver.check))),
        ("tenant", waiver.tenant.as_ref().map(word)),
        ("integration", waiver.integration.as_ref().map(word)),
        ("role", waiver.role.as_ref().map(word)),
        ("role_id", waiver.role_id.map(toml::Value::Integer)),
        ("member", waiver.member.as_ref().map(word)),
        ("member_id", waiver.member_id.map(toml::Value::Integer)),
        ("login", waiver.login.as_ref().map(word)),
        ("function", waiver.function.as_ref().map(word)),
        ("verb", verb.as_ref().map(word)),
        ("table", waiver.table.as_ref().map(word)),
        ("reason", waiver.reason.as_ref().map(word)),
        ("owner", waiver.owner.as_ref().map(word)),
    ];
    for (key, value) in fields.into_iter().filter_map(|(key, value)| Some((key, value?))) {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{key} = {value}");
    }
    for (key, day) in [("since", waiver.since), ("expires", waiver.expires)] {
        let _ = day.map(|day| writeln!(text, "{key} = {day}"));
    }
    text
}

/// Adds to the end of a file, once it is known that what comes of it can be read. What stands there stays.
fn append(path: &Path, text: &str, settings: &Settings, io: &Io<'_>) -> Result<(), Error> {
    links::check("the file of waivers", path, io)?;
    let place = io.path(path);
    let shown = path.display().to_string();
    let unwritten = |source: io::Error| Error::Unwritten { path: shown.clone(), source };
    if let Some(why) = output::in_the_way(&place) {
        return Err(unwritten(io::Error::new(io::ErrorKind::AlreadyExists, why)));
    }
    let before = if place.exists() {
        Document::load(&place).map_err(|problem| crate::rules::Problems(vec![problem]))?
    } else {
        String::new()
    };
    let gap = match before.as_str() {
        "" => "",
        text if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    Config::parse_waivers(&shown, &format!("{before}{gap}{text}"), &settings.library)?;
    let mut file = OpenOptions::new().append(true).create(true).open(&place).map_err(unwritten)?;
    file.write_all(format!("{gap}{text}").as_bytes()).map_err(unwritten)
}

/// What whoever wrote it may not have meant.
fn hint(waiver: &Waiver, settings: &Settings, io: &mut Io<'_>) {
    let catalog = &settings.library.catalog;
    if let Some(function) = &waiver.function {
        let known = function.split_once('/').and_then(|(module, function)| {
            catalog.find_function(catalog.find_module(module.trim())?, function.trim())
        });
        if known.is_none() {
            io.warn(format_args!(
                "the catalog has no function \"{function}\"; it is written as \"Module / Function\""
            ));
        }
    }
    if let Some(table) = waiver.table.as_ref().filter(|table| catalog.table_named(table).is_none()) {
        io.warn(format_args!("the catalog has no table \"{table}\"; it is written as \"Category / Table\""));
    }
    let names_subject = waiver.integration.is_some()
        || waiver.role.is_some()
        || waiver.role_id.is_some()
        || waiver.member.is_some()
        || waiver.member_id.is_some()
        || waiver.login.is_some();
    if !names_subject {
        io.warn(format_args!(
            "it names no role, member or integration, and so accepts {} everywhere",
            waiver.check
        ));
    }
}
