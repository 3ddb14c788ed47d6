//! `leastwise plan`: the requests that an audit would make, with the right each needs; sends none.

use url::Url;

use super::{audit, output};
use crate::audit::{Audit, Request};
use crate::config::Common;
use crate::config::Settings;
use crate::error::Error;
use crate::exit::Exit;
use crate::io::Io;
use crate::model::{DatasetName, RoleId};
use crate::policy::Policy;
use crate::source::connectwise::{Endpoint, Site, endpoints};
use crate::term::text::{count, printable};

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
pub(crate) fn run(args: &Args, common: &Common, io: &mut Io<'_>) -> Result<Exit, Error> {
    let settings = Settings::read(common, io)?;
    audit::check_integrations(&args.integration, &settings.library)?;
    let policy = Policy {
        checks: settings.config.checks.clone(),
        reviews: settings.config.reviews.clone(),
        ..Policy::default()
    };
    let request = Request { integrations: args.integration.clone(), ..Request::default() };
    let audit =
        Audit { library: &settings.library, policy: &policy, request: &request, as_of: settings.as_of };
    let wanted = audit.wanted();
    let intro = format!(
        "An audit {}, all of them GET, and nothing else:",
        destination(&settings, common, io).unwrap_or_else(|| "sends these requests".to_owned())
    );
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
    let fixed = rows.iter().filter(|(request, _)| !request.contains("/{id}/")).count();
    output::to_stdout(io, |out| {
        writeln!(out, "{intro}\n")?;
        for (request, right) in &rows {
            writeln!(out, "{request}\n    needs: {right}")?;
        }
        writeln!(
            out,
            "\nThat is {}, and 1 for each role that is judged. A list of more than 1,000\nrows takes 1 more request for each further page. A list with a round number of\nrows (25, 50, 100 and so on) takes 1 more, which shows that the list ends there.\nleastwise sent no request now.",
            count(fixed, "request")
        )
    })?;
    Ok(Exit::Clean)
}

/// A codebase of a site in the cloud: which one is known only once the site was asked.
const CLOUD: &str = "v2026_11/";

/// What is asked, and on which hosts, where one tenant is meant.
fn destination(settings: &Settings, common: &Common, io: &Io<'_>) -> Option<String> {
    let (site, company) = settings.place(common, io).ok()?;
    let (site, company) = (site?.parse::<Site>().ok()?, company?);
    let host = |url: &Url| url.as_str().trim_end_matches('/').to_owned();
    let (login, api) = (host(site.login_base()), host(&site.api_base(CLOUD)));
    let first = if login == api { String::new() } else { format!(" (the first one to {login})") };
    Some(format!("of {} sends these requests to {api}{first}", printable(&company)))
}

fn row(endpoint: &Endpoint) -> (String, String) {
    let query: Vec<_> =
        endpoint.query(1, 1_000).into_iter().map(|(key, value)| format!("{key}={value}")).collect();
    (
        format!("GET /{{codebase}}/apis/3.0/{}\n    ?{}", endpoint.path, query.join("&")),
        endpoint.dataset.right().to_owned(),
    )
}
