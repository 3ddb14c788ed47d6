//! `psa-sim FILE`: serves a snapshot until Ctrl-C, so that the live path of leastwise can be tried
//! without a PSA.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use psa_sim::{Access, Error, Nulls, Reading, Recorded, Sim};

/// Serves a leastwise snapshot as the ConnectWise PSA API would, on 127.0.0.1.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The snapshots, each a tenant; NAME.sim.json is read from beside each
    #[arg(required = true)]
    snapshots: Vec<PathBuf>,
    /// The port [default: any free one]
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// Serve HTTPS, with a certificate of a test authority
    #[arg(long)]
    tls: bool,
    /// Where to write the certificate of the test authority
    #[arg(long, value_name = "FILE", default_value = "psa-sim-ca.pem")]
    ca_file: PathBuf,
    /// What the caller's customise lists name
    #[arg(long, value_enum, default_value_t)]
    reading: Lists,
    /// Leave fields without a value out
    #[arg(long)]
    omit_nulls: bool,
    /// Answer 429 after so many requests in a minute
    #[arg(long, value_name = "N")]
    requests_per_minute: Option<usize>,
    /// Let other integrations make so many of them
    #[arg(long, value_name = "N", default_value_t = 0)]
    others: usize,
    /// Wait so many milliseconds before each answer
    #[arg(long, value_name = "MS", default_value_t = 0)]
    latency: u64,
}

/// [`Reading`], for the command line.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Lists {
    /// What the caller may use
    #[default]
    Allow,
    /// What the caller may not use
    Deny,
}

fn main() -> ExitCode {
    match serve(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(&error);
            ExitCode::FAILURE
        }
    }
}

fn serve(arguments: &Arguments) -> Result<(), Error> {
    let running = simulator(arguments)?.start()?;
    let url = running.url();
    let mut text = vec![format!("# {url}\n")];
    if let Some(pem) = running.ca_pem() {
        let path = &arguments.ca_file;
        fs::write(path, pem).map_err(|source| Error::Write { path: path.clone(), source })?;
        text.push(format!("# certificate authority: {}\n", path.display()));
    }
    text.extend(running.access().iter().map(|access| exports(url, access)));
    // That nobody reads it is no reason not to serve.
    io::stdout().write_all(text.concat().as_bytes()).unwrap_or_default();
    running.wait();
    Ok(())
}

fn simulator(arguments: &Arguments) -> Result<Sim, Error> {
    let mut sim = Sim::from_all_files(&arguments.snapshots)?;
    sim = sim
        .port(arguments.port)
        .latency(Duration::from_millis(arguments.latency))
        .reading(match arguments.reading {
            Lists::Allow => Reading::Allow,
            Lists::Deny => Reading::Deny,
        })
        .nulls(if arguments.omit_nulls { Nulls::Omit } else { Nulls::Write })
        .on_request(log);
    if let Some(requests) = arguments.requests_per_minute {
        sim = sim.rate_limit(requests, Duration::from_secs(60)).others(arguments.others);
    }
    Ok(if arguments.tls { sim.tls() } else { sim })
}

/// What to paste into a shell to call with this key.
fn exports(url: &str, access: &Access) -> String {
    let Access { company, client_id, member, public, private, .. } = access;
    format!(
        "# company {company}, member {member}\n\
         export LEASTWISE_SITE={url} LEASTWISE_COMPANY={company} LEASTWISE_CLIENT_ID={client_id} \
         LEASTWISE_PUBLIC_KEY={public} LEASTWISE_PRIVATE_KEY={private}\n"
    )
}

#[expect(clippy::print_stderr, reason = "the log")]
fn log(request: &Recorded) {
    let status = request.status.map_or_else(|| "---".to_owned(), |status| status.to_string());
    let mark = if request.query.is_empty() { "" } else { "?" };
    eprintln!("{status} {} {}{mark}{}", request.method, request.path, request.query);
}

#[expect(clippy::print_stderr, reason = "the one error message")]
fn report(error: &Error) {
    let source = std::error::Error::source(error).map(|source| format!(": {source}")).unwrap_or_default();
    eprintln!("psa-sim: {error}{source}");
}
