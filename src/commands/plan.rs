//! `leastwise plan`: the requests that an audit would make, with the right each needs; sends none.

use super::{audit, output};
use crate::audit::{Audit, Request};
use crate::config::Common;
use crate::config::Settings;
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;
use crate::model::{DatasetName, RoleId};
use crate::policy::Policy;
use crate::source::connectwise::{Endpoint, endpoints};

/// Arguments of `leastwise plan`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: leastwise plan --integration cisco-umbrella")]
pub struct Args {
    /// Plan an audit of this integration only (repeat for more)
    #[arg(long, value_name = "ID")]
    integration: Vec<String>,
}

/// Runs the command.
///
/// # Errors
/// What is wrong with the config or the rule files.
pub fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    let settings = Settings::read(common, io)?;
    audit::check_integrations(&args.integration, &settings.library)?;
    let policy = Policy { checks: settings.config.checks.clone(), ..Policy::default() };
    let request = Request { integrations: args.integration.clone(), ..Request::default() };
    let audit =
        Audit { library: &settings.library, policy: &policy, request: &request, as_of: settings.as_of };
    let wanted = audit.wanted();
    let mut rows =
        vec![("GET /login/companyinfo/{company}".to_owned(), "none: it is sent without the key".to_owned())];
    for endpoint in endpoints(&wanted) {
        let is_roles = endpoint.dataset == DatasetName::Roles;
        rows.push(row(&endpoint));
        if is_roles {
            let mut settings_row = row(&Endpoint::settings(RoleId(0)));
            settings_row.0 = settings_row.0.replace("/0/", "/{id}/");
            settings_row.1 = format!("{}; once for each role that is judged", settings_row.1);
            rows.push(settings_row);
        }
    }
    output::to_stdout(io, |out| {
        writeln!(out, "An audit sends these requests, all of them GET, and nothing else:\n")?;
        for (request, right) in &rows {
            writeln!(out, "{request}\n    needs: {right}")?;
        }
        writeln!(
            out,
            "\nLists of more than 1,000 rows take a request for each further page; one of a round number of rows\n\
             (25, 50, 100 and so on) takes one more, which shows that it ends there. No request was sent now."
        )
    })?;
    Ok(Exit::Clean)
}

fn row(endpoint: &Endpoint) -> (String, String) {
    let query: Vec<_> =
        endpoint.query(1, 1_000).into_iter().map(|(key, value)| format!("{key}={value}")).collect();
    (
        format!("GET /{{codebase}}/apis/3.0/{}\n    ?{}", endpoint.path, query.join("&")),
        endpoint.dataset.right().to_owned(),
    )
}
