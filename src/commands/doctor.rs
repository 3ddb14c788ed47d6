//! `leastwise doctor`: why does the integration not work?

mod rounds;

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::output::{self, Readers};
use super::{audit, input, wait};
use crate::config::Common;
use crate::config::{Reach, Settings};
use crate::doctor::{
    Causes, Clients, Diagnosis, Doctor, Facts, Meaning, Scope, SettingsFacts, bundle, diagnose,
    evidence_to_keep, visit, write_error_json, write_error_table, write_json, write_table,
};
use crate::error::Error;
use crate::evidence::Evidence;
use crate::exit::Exit;
use crate::io::Io;
use crate::source::connectwise::{Access, Client, Exchange, Shared};
use crate::source::snapshot::{self, Pseudonyms};

/// Arguments of `leastwise doctor`.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    /// The integration that does not work
    #[arg(long, value_name = "ID", required_unless_present_any = ["error", "roles"])]
    integration: Option<String>,
    /// The integration's member, by identifier or id, instead of what bindings and names say
    #[arg(long, value_name = "ID")]
    member: Option<String>,
    /// The integration's role, by name or id, instead of what bindings and names say
    #[arg(long, value_name = "NAME")]
    role: Option<String>,
    /// A customer's Company ID: look whether it is there, and visible to the member
    #[arg(long, value_name = "ID")]
    company_id: Option<String>,
    /// For those who expect it here: a snapshot cannot say why a key fails.
    #[arg(long, value_name = "FILE", hide = true)]
    snapshot: Option<PathBuf>,
    /// Save what the key saw, for leastwise audit --evidence
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Write a page for a support case (Markdown), and its data beside it, without names or keys
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
    /// Put the role's excess into the bundle too
    #[arg(long, requires = "bundle")]
    all: bool,
    /// Put the role's real name into the bundle
    #[arg(long, requires = "bundle")]
    with_role_name: bool,
    /// Say what a message means that was pasted from a vendor's console (- is standard input); needs no
    /// key; without a text, list the messages that are known
    #[arg(long, value_name = "TEXT", num_args = 0..=1, allow_hyphen_values = true, default_missing_value = "", conflicts_with_all = ["roles", "save", "bundle", "company_id"])]
    error: Option<String>,
    /// Follow one temporary API member through every role, and save what each sees
    #[arg(long, requires = "save", conflicts_with_all = ["integration", "bundle", "company_id"])]
    roles: bool,
    /// Form of the report on standard output
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

const AFTER: &str = "\
Doctor asks as the integration's own member: make a second key on it, or a
temporary API member with the same role, and set LEASTWISE_INTEGRATION_PUBLIC_KEY
and LEASTWISE_INTEGRATION_PRIVATE_KEY. Delete it afterwards.

Examples:
  leastwise doctor --error \"Cannot route. Codebase/company is invalid\"
  leastwise doctor --integration cisco-umbrella --bundle case.md";

/// Forms of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Table,
    /// `leastwise-doctor/1`.
    Json,
}

/// Runs the command.
///
/// # Errors
/// What stopped it before there was anything to conclude, or a file that could not be written.
pub(crate) fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    if args.snapshot.is_some() {
        let id = args.integration.as_deref().unwrap_or("ID");
        return Err(Error::Usage(format!(
            "doctor asks the PSA with the integration's own key, and reads no snapshot; what a snapshot shows as missing: leastwise checklist --integration {id} --missing --snapshot FILE"
        )));
    }
    let causes = Causes::built_in()?;
    if let Some(text) = &args.error {
        return explain(text, &causes, args.format, common, io);
    }
    let settings = Settings::read(common, io)?;
    if args.roles {
        return rounds::run(
            args.save.as_deref().unwrap_or(Path::new("evidence.json")),
            &settings,
            common,
            io,
        );
    }
    let rules = audit::integration(args.integration.as_deref().unwrap_or_default(), &settings.library)?;
    let policy = settings.reach(common, io).map(|reach| reach.policy).unwrap_or_default();
    let mut doctor = Doctor::new(rules, &settings.library, &causes, policy, settings.as_of)
        .naming(args.member.clone(), args.role.clone());
    doctor.company_id = args.company_id.as_deref().map(company_id).transpose()?;
    let facts = examine(&settings, &doctor, common, io)?;
    let diagnosis = diagnose(&facts, &doctor);
    deliver(args, &facts, &doctor, &diagnosis, common, io)?;
    Ok(diagnosis.exit)
}

/// What a pasted message means; without one, or where it is not known, which messages are.
fn explain(
    text: &str,
    causes: &Causes,
    format: Format,
    common: &Common,
    io: &mut Io<'_>,
) -> Result<Exit, Error> {
    let piped = if text == "-" { Some(read_message(io)?) } else { None };
    let text = piped.as_deref().unwrap_or(text).trim();
    let meaning = (!text.is_empty()).then(|| causes.of_pasted(text));
    let exit = if matches!(meaning, Some(Meaning::Unknown { .. })) { Exit::Partial } else { Exit::Clean };
    let style = output::style(common.color, io);
    output::to_stdout(io, |out| match format {
        Format::Table => write_error_table(meaning, causes, style, out),
        Format::Json => write_error_json(meaning, causes, exit.code(), out),
    })?;
    Ok(exit)
}

/// A message from standard input, of which no more is read than could be one.
fn read_message(io: &mut Io<'_>) -> Result<String, Error> {
    const LONGEST: u64 = 1024 * 1024;
    let mut bytes = Vec::new();
    (&mut io.stdin)
        .take(LONGEST)
        .read_to_end(&mut bytes)
        .map_err(|error| Error::Usage(format!("the message cannot be read from standard input: {error}")))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A Company ID stands in a condition, between quotes.
fn company_id(text: &str) -> Result<String, Error> {
    let plain = text.trim();
    let is_plain = !plain.is_empty()
        && plain.chars().count() <= 50
        && plain.chars().all(|c| !c.is_control() && !matches!(c, '"' | '\\' | '*' | '%'));
    if is_plain {
        Ok(plain.to_owned())
    } else {
        Err(Error::Usage(format!(
            "\"{text}\" is no Company ID: it is the short name on the company's screen"
        )))
    }
}

/// Looks at the settings, then asks.
fn examine(
    settings: &Settings,
    doctor: &Doctor<'_>,
    common: &Common,
    io: &mut Io<'_>,
) -> Result<Facts, Error> {
    let now = io.now;
    let reach = match settings.reach(common, io) {
        Ok(reach) => reach,
        Err(Error::Usage(problem)) => {
            let site = settings.place(common, io).ok().and_then(|(site, _)| site);
            let problems = vec![problem];
            let written = site.iter().chain(&common.company).filter_map(|text| repeatable(text)).collect();
            return Ok(Facts::new(None, now(), SettingsFacts { problems, remarks: Vec::new(), written }));
        }
        Err(error) => return Err(error),
    };
    let (shared, mut waits) = Shared::new();
    let (found, clients) = prepare(settings, &reach, &shared, common, io);
    let mut facts = Facts::new(Some(reach.id()), now(), found);
    let Some(clients) = clients else { return Ok(facts) };
    let site = reach.connection.site.identity();
    io.note(&format!("asking {} on {site} with the integration's key", reach.company));
    wait::wait_for(visit(&clients, doctor, &mut facts, now), &mut waits, None, io)?;
    if common.verbose > 0 {
        for exchange in &facts.exchanges {
            io.say(&line(exchange));
        }
    }
    for client in [Some(&clients.own), Some(&clients.swapped), clients.auditor.as_ref()].into_iter().flatten()
    {
        input::say_overheard(client, common, io);
    }
    Ok(facts)
}

/// A site or a company as it may be repeated: without what could be a key or a login.
fn repeatable(written: &str) -> Option<String> {
    let plain = written.split(['?', '#']).next().unwrap_or_default();
    let is_plain = !plain.contains(['@', '+']) && plain.matches(':').count() <= 1;
    (is_plain && !plain.is_empty()).then(|| plain.to_owned())
}

/// "GET /login/companyinfo/acme: 200 in 12 ms".
fn line(exchange: &Exchange) -> String {
    let mark = if exchange.query.is_empty() { "" } else { "?" };
    let status = exchange.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    format!("GET {}{mark}{}: {status} in {} ms", exchange.path, exchange.query, exchange.millis)
}

/// Everything that can be said before asking, and the clients to ask with where nothing stands against it.
fn prepare(
    settings: &Settings,
    reach: &Reach<'_>,
    shared: &Shared,
    common: &Common,
    io: &mut Io<'_>,
) -> (SettingsFacts, Option<Clients>) {
    let key = reach.integration_key(io);
    let mut found = SettingsFacts { problems: key.problems, remarks: key.remarks, written: Vec::new() };
    let site = settings.place(common, io).ok().and_then(|(site, _)| site).unwrap_or_default();
    if is_address(&site) {
        found.remarks.push(
            "the site is an address from a browser, of which only the host counts; a vendor's console may take it as it is: type only the host there"
                .to_owned(),
        );
    }
    if ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"].iter().any(|name| io.var(name).is_some()) {
        found.remarks.push("requests go through a proxy (HTTPS_PROXY)".to_owned());
    }
    let auditor = reach.auditor_key(io).unwrap_or_else(|error| {
        found.remarks.push(format!("the auditor's key cannot be read: {error}"));
        None
    });
    let clients = key.access.map(|own| {
        let swapped = Access {
            public_key: own.private_key.clone(),
            private_key: own.public_key.clone(),
            ..own.clone()
        };
        // Whoever answers may know all the keys, and repeat any of them to any other.
        let all: Vec<_> = std::iter::once(&own).chain(&auditor).cloned().collect();
        let client = |access| Client::sharing(shared, reach.connection.clone(), access, &all);
        Ok::<_, crate::source::connectwise::TransportError>(Clients {
            own: client(own)?,
            swapped: client(swapped)?,
            auditor: auditor.map(&client).transpose()?,
        })
    });
    match clients.transpose() {
        Ok(clients) => (found, clients),
        Err(error) => {
            found.problems.push(error.to_string());
            (found, None)
        }
    }
}

/// Whether a site was written with more than a host: a path, as copied from a browser.
fn is_address(site: &str) -> bool {
    let rest = site.trim().split_once("://").map_or(site.trim(), |(_, rest)| rest);
    rest.trim_end_matches('/').contains(['/', '?', '#'])
}

/// Writes the report, and the files that were asked for.
fn deliver(
    args: &Args,
    facts: &Facts,
    doctor: &Doctor<'_>,
    diagnosis: &Diagnosis,
    common: &Common,
    io: &mut Io<'_>,
) -> Result<(), Error> {
    let style = output::style(common.color, io);
    if args.format == Format::Json
        && matches!(diagnosis.exit, Exit::Usage | Exit::Failed | Exit::NothingMatched)
    {
        io.error(&diagnosis.headline);
    }
    output::to_stdout(io, |out| match args.format {
        Format::Table => write_table(facts, doctor, diagnosis, style, out),
        Format::Json => write_json(facts, doctor, diagnosis, out),
    })?;
    if let Some(path) = &args.save {
        match evidence_to_keep(facts) {
            Some(evidence) => {
                save(path, &evidence, io)?;
                io.note(&format!("saved {}: leastwise audit --evidence {0}", path.display()));
            }
            None => io.warn("no evidence was saved: the member's permissions were not read"),
        }
    }
    if let Some(path) = &args.bundle {
        let scope = Scope { all: args.all, with_role_name: args.with_role_name };
        save_bundle(path, facts, doctor, scope, io)?;
    }
    Ok(())
}

/// Writes evidence, for its owner only.
fn save(path: &Path, evidence: &Evidence, io: &mut Io<'_>) -> Result<(), Error> {
    let text = evidence
        .to_json(concat!("leastwise ", env!("CARGO_PKG_VERSION")))
        .map_err(|error| Error::Unwritten { path: path.display().to_string(), source: error.into() })?;
    output::to_file(&io.path(path), path, Readers::Owner, |out| out.write_all(text.as_bytes()))?;
    Ok(())
}

/// Writes the bundle's page, and beside it its data and the list of its names.
fn save_bundle(
    path: &Path,
    facts: &Facts,
    doctor: &Doctor<'_>,
    scope: Scope,
    io: &mut Io<'_>,
) -> Result<(), Error> {
    let unwritten = |source| Error::Unwritten { path: path.display().to_string(), source };
    let given = io.var("LEASTWISE_PSEUDONYM_KEY").map(str::to_owned);
    if given.as_ref().is_some_and(|key| key.len() < snapshot::SHORTEST_KEY) {
        return Err(Error::Usage(format!(
            "LEASTWISE_PSEUDONYM_KEY is too short: it takes at least {} characters, so that nobody can try them out",
            snapshot::SHORTEST_KEY
        )));
    }
    let is_given = given.is_some();
    let key = given.map_or_else(random_key, Ok).map_err(unwritten)?;
    let mut names = Pseudonyms::new(key.clone().into());
    let made = bundle(facts, doctor, scope, &mut names).map_err(unwritten)?;
    output::to_file(&io.path(path), path, Readers::Owner, |out| out.write_all(made.page.as_bytes()))?;
    let data = PathBuf::from(format!("{}.data.json", path.display()));
    output::to_file(&io.path(&data), &data, Readers::Owner, |out| out.write_all(&made.data))?;
    let beside = PathBuf::from(format!("{}.key.json", path.display()));
    let known = serde_json::json!({
        "format": "leastwise-pseudonyms/1",
        // A key of the user's own is kept where the user has it.
        "key": (!is_given).then_some(&key),

        "names": names.names(),
    });
    output::to_file(&io.path(&beside), &beside, Readers::Owner, |out| {
        crate::term::escape::write_json(out, &known)?;
        out.write_all(b"\n")
    })?;
    io.note(&format!(
        "wrote {}, a page, and {}, its data; read the page before you attach either",
        path.display(),
        data.display()
    ));
    // Said in any case: whoever attaches the one must know not to attach the other.
    io.say(&format!("{} has the real names: do not send it", beside.display()));
    Ok(())
}

/// In hex, so that it may be set as LEASTWISE_PSEUDONYM_KEY.
fn random_key() -> std::io::Result<String> {
    let mut key = vec![0; 32];
    getrandom::fill(&mut key).map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(crate::term::text::hex(&key))
}

#[cfg(test)]
mod tests {
    use super::{company_id, is_address};

    #[test]
    fn an_address_is_more_than_a_host() {
        for site in ["na.myconnectwise.net", "https://na.myconnectwise.net/", "http://127.0.0.1:80"] {
            assert!(!is_address(site), "{site}");
        }
        assert!(is_address("https://na.myconnectwise.net/v2025_1/ConnectWise.aspx?locale=en"));
    }

    #[test]
    fn a_company_id_cannot_leave_its_quotes() {
        assert_eq!(company_id(" Lavandin ").unwrap(), "Lavandin");
        for wrong in ["", "a\" or id>0", "A*", "a\nb"] {
            assert!(company_id(wrong).is_err(), "{wrong}");
        }
    }
}
