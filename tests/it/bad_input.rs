//! Settings, keys and addresses that are wrong: one clear sentence on standard error, the right exit
//! code, and nothing on standard output that looks like a clean report.

use std::fs;

use psa_sim::{Fault, When};

use crate::psa::{Audited, Elsewhere, Psa};
use crate::support::{Leastwise, Ran};

/// What can be known without asking: 2, one sentence, nothing asked, nothing on standard output.
#[track_caller]
fn assert_usage(audited: &Audited, sentence: &str) {
    let Ran { stdout, stderr, code } = &audited.ran;
    assert_eq!((*code, stdout.as_str()), (2, ""), "{stderr}");
    let errors: Vec<_> = stderr.lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!(errors, [format!("error: {sentence}")]);
    assert!(audited.asked.is_empty());
}

/// What only the server can tell: 3, one sentence, and a report that says so too.
#[track_caller]
fn assert_failed(audited: &Audited, sentence: &str) {
    let Ran { stdout, stderr, code } = &audited.ran;
    assert_eq!(*code, 3, "{stderr}");
    let errors: Vec<_> = stderr.lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!(errors.len(), 1, "{stderr}");
    assert!(errors[0].contains(sentence), "{errors:?}");
    assert!(stdout.lines().next().is_some_and(|line| line.contains("could not be read")), "{stdout}");
    assert_eq!(audited.tenant()["complete"], false);
}

fn without(psa: &Psa, name: &str) -> Audited {
    psa.audit_as(&[], |command| command.env(name, " "))
}

#[test]
fn each_setting_that_is_missing_or_blank_is_named_with_the_places_to_set_it() {
    let psa = Psa::acme();
    assert_usage(
        &without(&psa, "LEASTWISE_SITE"),
        "the site is not set (the PSA's host, such as na.myconnectwise.net): set --site, LEASTWISE_SITE or `site` in leastwise.toml; without a PSA: give a snapshot (--snapshot FILE), or try leastwise demo",
    );
    assert_usage(
        &without(&psa, "LEASTWISE_COMPANY"),
        "the company is not set (the company id typed on the PSA's login screen): set --company, LEASTWISE_COMPANY or `company` in leastwise.toml; without a PSA: give a snapshot (--snapshot FILE), or try leastwise demo",
    );
    for (variable, name) in [
        ("LEASTWISE_CLIENT_ID", "client id"),
        ("LEASTWISE_PUBLIC_KEY", "public key"),
        ("LEASTWISE_PRIVATE_KEY", "private key"),
    ] {
        let key = name.replace(' ', "_");
        assert_usage(
            &without(&psa, variable),
            &format!(
                "the {name} is not set: set {variable}, or `{key}_file` or `{key}_command` in leastwise.toml (never an argument)"
            ),
        );
    }
}

#[test]
fn a_misspelt_variable_is_pointed_at() {
    let psa = Psa::acme();
    for (meant, written) in [
        ("LEASTWISE_PRIVATE_KEY", "LEASTWISE_PRIVATEKEY"),
        ("LEASTWISE_CLIENT_ID", "LEASTWISE_CLIENTID"),
        ("LEASTWISE_SITE", "LEASTWISE_SITES"),
        ("LEASTWISE_COMPANY", "LEASTWISE_COMPANY_ID"),
    ] {
        let audited = psa.audit_as(&[], |command| command.env(meant, "").env(written, "canary"));
        let said = format!("{written} is set, which nothing reads");
        assert!(audited.ran.stderr.contains(&said), "{}", audited.ran.stderr);
        assert!(!audited.ran.stderr.contains("canary"));
    }
}

#[test]
fn a_site_that_cannot_be_one_is_refused_before_anything_is_asked() {
    let psa = Psa::acme();
    for (site, sentence) in [
        (
            "http://na.myconnectwise.net",
            "the site http://na.myconnectwise.net is http, which would send the key in clear; write https, or only the host name",
        ),
        ("na myconnectwise", "the site \"na myconnectwise\" is not a host name such as na.myconnectwise.net"),
        (
            "https://me:canary@na.myconnectwise.net",
            "the site holds a user name or a password; write only the host name",
        ),
    ] {
        assert_usage(&psa.audit(&["--site", site]), sentence);
    }
}

#[test]
fn an_integration_that_does_not_exist_is_refused_with_the_nearest_one() {
    let psa = Psa::acme();
    assert_usage(
        &psa.audit(&["--integration", "cisco-umbrela"]),
        "there is no rule file for \"cisco-umbrela\": did you mean cisco-umbrella? `leastwise rules list` shows all",
    );
}

#[test]
fn a_company_that_does_not_exist_is_a_failure_that_says_what_to_write() {
    let psa = Psa::acme();
    let audited = psa.audit(&["--company", "Acme MSP Ltd"]);
    assert_failed(
        &audited,
        "knows no company \"Acme MSP Ltd\": write the company id that is typed on the login screen, with its capitals",
    );
    assert_eq!(audited.asked.len(), 1);
}

#[test]
fn a_wrong_key_is_tried_once_and_not_again() {
    // A pair that is refused is tried once the other way round.
    for (variable, sentence, asked) in [
        ("LEASTWISE_PRIVATE_KEY", "the key was refused; check, in this order: public and private key", 3),
        ("LEASTWISE_PUBLIC_KEY", "the key was refused; check, in this order: public and private key", 3),
        (
            "LEASTWISE_CLIENT_ID",
            "HTTP 400: the client id is not accepted; check that it is one of your own",
            2,
        ),
    ] {
        let psa = Psa::acme();
        let audited = psa.audit_as(&[], |command| command.env(variable, "wrong"));
        assert_failed(&audited, sentence);
        assert_eq!(audited.asked.len(), asked, "{variable}");
    }
}

#[test]
fn a_key_with_a_line_break_is_refused_before_it_is_sent() {
    let psa = Psa::acme();
    let audited = psa.audit_as(&[], |command| command.env("LEASTWISE_PRIVATE_KEY", "simpriv\nleastwise"));
    assert_usage(
        &audited,
        "the private key in LEASTWISE_PRIVATE_KEY holds a blank or a line break, which no key does",
    );
}

#[test]
fn an_address_where_something_else_answers_is_a_failure() {
    let psa = Psa::acme();
    for endpoint in ["/login/companyinfo/", "=/system/securityroles"] {
        psa.sim.set_fault(endpoint, When::Always, Fault::Html(200));
        let sentence =
            "the answer is text/html, not JSON: something else than the PSA's API answers at this address";
        assert_failed(&psa.audit(&[]), sentence);
        psa.sim.clear_faults();
    }
}

#[test]
fn a_psa_that_does_not_answer_is_a_failure_that_names_its_host() {
    let psa = Psa::acme();
    psa.sim.set_fault("", When::Always, Fault::Refuse);
    assert_failed(&psa.audit(&[]), "127.0.0.1 cannot be reached (it says: Connection refused)");
}

#[test]
fn a_proxy_that_does_not_answer_is_named_without_its_password() {
    let psa = Psa::acme();
    // Where nobody listens: the simulator's own port, once it is closed.
    psa.sim.set_fault("", When::Always, Fault::Refuse);
    let host = psa.sim.url().split_once("://").unwrap().1.to_owned();
    for variable in ["HTTPS_PROXY", "https_proxy"] {
        let audited = psa.audit_as(&["--site", "na.myconnectwise.net"], |command| {
            command.env(variable, &format!("http://me:canary@{host}"))
        });
        assert_failed(
            &audited,
            &format!("na.myconnectwise.net cannot be reached through the proxy {host} (HTTPS_PROXY)"),
        );
        assert!(!format!("{:?}{}", audited.ran, audited.report).contains("canary"));
    }
}

#[test]
fn a_proxy_that_is_no_url_is_a_wrong_setting() {
    let psa = Psa::acme();
    let audited = psa.audit_as(&["--site", "na.myconnectwise.net"], |command| {
        command.env("HTTPS_PROXY", "http://me:canary@:x")
    });
    assert_usage(&audited, "HTTPS_PROXY is not a URL such as http://proxy.example.org:3128");
}

/// Through a proxy, the key for an http site on this machine would travel in clear.
#[test]
fn a_site_on_this_machine_is_never_asked_through_a_proxy() {
    let (psa, proxy) = (Psa::parapluie(), Elsewhere::start());
    let audited = psa.audit_as(&[], |command| {
        ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"]
            .iter()
            .fold(command, |command, name| command.env(name, proxy.url()))
    });
    assert_eq!(audited.ran.code, 0, "{}", audited.ran.stderr);
}

#[test]
fn an_output_that_cannot_be_written_is_a_failure_whatever_was_found() {
    let psa = Psa::acme();
    fs::create_dir(psa.path("folder")).unwrap();
    for (path, sentence) in [
        ("folder", "error: folder could not be written: it is a folder"),
        (
            "no/such/report.json",
            "error: no/such/report.json could not be written: there is no folder no/such",
        ),
    ] {
        let audited = psa.audit(&["--integration", "cisco-umbrella", "--output", &format!("sarif={path}")]);
        assert_eq!(audited.ran.code, 3, "{}", audited.ran.stderr);
        assert!(audited.ran.stderr.lines().any(|line| line == sentence), "{}", audited.ran.stderr);
    }
    assert_eq!(fs::read_dir(psa.path("folder")).unwrap().count(), 0);
    let ran = psa.leastwise(&["snapshot", "-o", "no/such/acme.json"]).run();
    assert_eq!(ran.code, 3);
    assert!(ran.stderr.contains("there is no folder no/such"), "{}", ran.stderr);
}

/// `leastwise.toml` where the keys come from elsewhere than the environment.
fn with_private_key(psa: &Psa, line: &str) -> Audited {
    psa.config(&format!("[tenant.acme]\n{line}\n"));
    psa.audit_as(&["--integration", "hudu"], |command: Leastwise| command.env("LEASTWISE_PRIVATE_KEY", ""))
}

#[cfg(unix)]
#[test]
fn a_key_comes_from_a_file_a_command_or_another_variable() {
    let psa = Psa::acme();
    fs::write(psa.path("key.txt"), "simpriv-leastwise\n").unwrap();
    for line in [
        "private_key_file = \"key.txt\"",
        "private_key_command = [\"cat\", \"key.txt\"]",
        "private_key_command = [\"printf\", \"simpriv-leastwise\\nsecond line\"]",
    ] {
        assert_eq!(with_private_key(&psa, line).ran.code, 1, "{line}");
    }
    psa.config("[tenant.acme]\nprivate_key_env = \"MY_KEY\"\n");
    let audited = psa.audit_as(&["--integration", "hudu"], |command| {
        command.env("LEASTWISE_PRIVATE_KEY", "").env("MY_KEY", "simpriv-leastwise")
    });
    assert_eq!(audited.ran.code, 1, "{}", audited.ran.stderr);
}

#[cfg(unix)]
#[test]
fn a_key_that_does_not_come_is_missed_by_the_setting_that_it_should_come_from() {
    let psa = Psa::acme();
    fs::write(psa.path("empty.txt"), "\n").unwrap();
    for (line, why) in [
        (
            "private_key_file = \"none.txt\"",
            "the file that `private_key_file` names: No such file or directory (os error 2)",
        ),
        ("private_key_file = \"empty.txt\"", "the file that `private_key_file` names, which holds nothing"),
        (
            "private_key_env = \"MY_KEY\"",
            "the variable that `private_key_env` names, which is not set or blank",
        ),
        (
            "private_key_command = [\"sh\", \"-c\", \"echo canary; exit 3\"]",
            "the command that `private_key_command` names: it ended with exit status: 3",
        ),
        (
            "private_key_command = [\"true\"]",
            "the command that `private_key_command` names, which holds nothing",
        ),
        (
            "private_key_command = [\"no-such-program\"]",
            "the command that `private_key_command` names: No such file or directory (os error 2)",
        ),
    ] {
        assert_usage(&with_private_key(&psa, line), &format!("the private key should come from {why}"));
    }
}

/// Whoever puts the key itself into the wrong place has it repeated by nobody.
#[test]
fn a_value_that_may_be_a_key_is_repeated_in_no_error() {
    let psa = Psa::acme();
    let key = "pRv4Key9xQ2mZ7tB";
    for key in [key.to_owned(), key.to_uppercase(), key.to_lowercase(), format!("{key}/+=")] {
        for line in [
            format!("private_key_file = \"{key}\""),
            format!("private_key_file = \"/none/{key}\""),
            format!("private_key_command = [\"{key}\"]"),
            format!("private_key_command = [\"false\", \"{key}\"]"),
            format!("private_key_env = \"{key}\""),
            format!("\"{key}\" = 1"),
            format!("\"{key}\" = {{ a = 1 }}"),
            format!("[tenant.acme.\"{key}\"]"),
            format!("[\"{key}\"]"),
            format!("private_key = \"{key}"),
            format!("private_key = {key}"),
            key.clone(),
        ] {
            let ran = with_private_key(&psa, &line).ran;
            assert_eq!(ran.code, 2, "{line}: {}", ran.stderr);
            let said = format!("{}{}", ran.stdout, ran.stderr).to_lowercase();
            assert!(!said.contains("prv4key9xq2mz7tb"), "{line}: {said}");
        }
        for args in [
            &["audit", &key][..],
            &["audit", "--private-key", &key],
            &["audit", &format!("--private-key={key}")],
            &["audit", "--format", &key],
            &["audit", "--as-of", &key],
            &["audit", "--fail-on", &key],
            &["audit", "--output", &key],
            &["diff", "a.json", "b.json", &key],
            &[&key],
            &["--site", &format!("https://{key}@psa.example.org"), "audit"],
            &["--company", &format!("acme+{key}"), "audit"],
        ] {
            let ran = psa.leastwise(args).run();
            assert_eq!(ran.code, 2, "{args:?}: {}", ran.stderr);
            let said = format!("{}{}", ran.stdout, ran.stderr).to_lowercase();
            assert!(!said.contains("prv4key9xq2mz7tb"), "{args:?}: {said}");
        }
    }
}

#[test]
fn every_problem_of_the_config_is_named_at_once_with_its_place_and_no_key_is_repeated() {
    let psa = Psa::acme();
    psa.config(
        r#"[tenant.acme]
site = "http://na.myconnectwise.net"
compny = "acme"
private_key = "canary"
public_key = ["canary"]
client_id = { canary = 1 }
[[tenant.acme.integration]]
rules = "cisco-umbrela"
[tenant.acme.network]
timeout_ms = "5"
[checks.LW999]
severity = "off"
[checks.LW307]
severity = "off"
[checks.legacy-login]
severity = "high"
[[waiver]]
check = "LW102"
verb = "fly"
"#,
    );
    let ran = psa.audit(&[]).ran;
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(!ran.stderr.contains("canary"));
    insta::assert_snapshot!(ran.stderr, @r#"
    error: 10 problems, nothing was judged:
    leastwise.toml:2:8: the site http://na.myconnectwise.net is http, which would send the key in clear; write https, or only the host name
    leastwise.toml:3:1: `compny` in [tenant.acme] is not a known key (did you mean `company`?)
    leastwise.toml:4:15: `private_key` is in the file in clear, and keys never may be (write `private_key_env`, `private_key_file` or `private_key_command`, or set LEASTWISE_PRIVATE_KEY)
    leastwise.toml:5:14: `public_key` is in the file in clear, and keys never may be (write `public_key_env`, `public_key_file` or `public_key_command`, or set LEASTWISE_PUBLIC_KEY)
    leastwise.toml:6:13: `client_id` is in the file in clear, and keys never may be (write `client_id_env`, `client_id_file` or `client_id_command`, or set LEASTWISE_CLIENT_ID)
    leastwise.toml:8:9: there is no rule file "cisco-umbrela" (did you mean "cisco-umbrella"?)
    leastwise.toml:10:14: `timeout_ms` in [tenant.acme.network] is string, not a whole number from 0
    leastwise.toml:11:9: there is no check "LW999" (did you mean "LW901"?)
    leastwise.toml:15:1: LW307 (legacy-login) is changed twice
    leastwise.toml:19:8: "fly" is not a verb (add, edit, delete or inquire)
    "#);
}

#[test]
fn a_key_in_a_config_that_is_not_even_toml_is_not_repeated() {
    let psa = Psa::acme();
    for text in
        ["private_key = \"canary", "private_key = canary\n", "= \"canary\"\n", "canary\n", "[canary\n"]
    {
        psa.config(text);
        let ran = psa.audit(&[]).ran;
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
        assert!(ran.stderr.contains("leastwise.toml:1:"), "{}", ran.stderr);
        assert!(!ran.stderr.contains("canary"), "{}", ran.stderr);
    }
}
