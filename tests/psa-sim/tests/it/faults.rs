//! Each fault, as a client meets it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use psa_sim::{Fault, Running, When};
use serde_json::{Value, json};

use crate::common::{ADMIN, CLIENT_ID, builder, call, get, header, ids, rows, start, status};

const ROLES: &str = "/system/securityroles";
const COMPANIES: &str = "/company/companies";

fn with(fault: Fault) -> Running {
    let running = start();
    running.set_fault("", When::Always, fault);
    running
}

#[test]
fn answers_in_place_of_the_right_one() {
    let running = start();
    running.set_fault("=/system/securityroles", When::Nth(2), Fault::status(503));
    assert_eq!([(); 3].map(|()| status(&running, ADMIN, ROLES)), [200, 503, 200]);
    assert_eq!(status(&with(Fault::Conflict409), ADMIN, ROLES), 409);
    let html = with(Fault::Html(502));
    let response = get(&html, ADMIN, ROLES);
    assert_eq!(
        (response.status().as_u16(), header(&response, "content-type")),
        (502, Some("text/html; charset=utf-8"))
    );
    let moved = with(Fault::Redirect { location: "https://foreign.example/".to_owned() });
    assert_eq!(header(&get(&moved, ADMIN, ROLES), "location"), Some("https://foreign.example/"));
    let odd = with(Fault::Status {
        code: 418,
        body: "short".to_owned(),
        content_type: "text/plain".to_owned(),
        headers: vec![("x-odd".to_owned(), "1".to_owned())],
    });
    let response = get(&odd, ADMIN, ROLES);
    assert_eq!((header(&response, "x-odd"), response.status().as_u16()), (Some("1"), 418));
}

#[test]
fn too_many_ends_after_so_many() {
    let running = with(Fault::TooMany { retry_after: Some(7), times: 2 });
    let first = get(&running, ADMIN, ROLES);
    assert_eq!((first.status().as_u16(), header(&first, "retry-after")), (429, Some("7")));
    assert_eq!([status(&running, ADMIN, ROLES), status(&running, ADMIN, ROLES)], [429, 200]);
    assert_eq!(
        header(&get(&with(Fault::TooMany { retry_after: None, times: 1 }), ADMIN, ROLES), "retry-after"),
        None
    );
}

#[test]
fn bodies_of_the_wrong_kind() {
    let body = |fault| rows(&with(fault), ADMIN, ROLES);
    assert_eq!(body(Fault::Null), Value::Null);
    assert_eq!(body(Fault::EmptyList), json!([]));
    assert_eq!(body(Fault::WrongTypes)[1]["id"], "31");
    assert_eq!(body(Fault::WrongTypes)[1]["adminFlag"], "false");
    assert_eq!(body(Fault::ObjectForList)["items"][1]["id"], 31);
    assert_eq!(ids(&body(Fault::DuplicateIds)), [1, 31, 40, 40]);
    assert_eq!(ids(&body(Fault::Oversize { times: 10 })).len(), 30);
    let denied = with(Fault::EmptyList);
    assert_eq!(status(&denied, ("x", "y"), ROLES), 401);
}

#[test]
fn paging_that_goes_wrong() {
    let link = |fault: Fault, page: usize| {
        let response = get(&with(fault), ADMIN, &format!("{COMPANIES}?page={page}"));
        let link = header(&response, "link").unwrap_or_default().to_owned();
        (link, ids(&response.json().unwrap()))
    };
    let (repeated, rows) = link(Fault::RepeatPage, 9);
    assert!(repeated.contains("page=10>; rel=\"next\"") && rows[0] == 1);
    assert!(link(Fault::LinkLoop, 2).0.contains("page=2>; rel=\"next\""));
    assert!(link(Fault::LinkForeignHost, 1).0.starts_with("<http://foreign.example/v2025_8/"));
    let shrinking: Vec<_> = (1..=3).map(|page| link(Fault::ShrinkingPage, page).1).collect();
    assert_eq!(shrinking.iter().map(Vec::len).collect::<Vec<_>>(), [25, 12, 6]);
    assert_eq!(shrinking.concat(), (1..=43).collect::<Vec<_>>());
}

#[test]
fn connections_that_break() {
    let kind = |fault: Fault| raw(&with(fault)).map_err(|error| error.kind());
    assert_eq!(kind(Fault::Reset), Err(std::io::ErrorKind::ConnectionReset));
    let closed = start();
    closed.set_fault(ROLES, When::Always, Fault::Refuse);
    assert_eq!(raw(&closed).unwrap(), "");
    assert_eq!(closed.requests()[0].status, None);
    let sound = raw(&start()).unwrap();
    let body = |answer: &str| answer.split_once("\r\n\r\n").unwrap().1.len();
    for (fault, said) in [(Fault::Truncate, body(&sound) / 2), (Fault::CutOff, body(&sound))] {
        let answer = raw(&with(fault)).unwrap();
        assert!(answer.contains(&format!("content-length: {said}\r\n")), "{answer}");
        assert_eq!(body(&answer), body(&sound) / 2);
    }
}

/// The answer as it comes over a plain socket.
fn raw(running: &Running) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(running.url().strip_prefix("http://").unwrap())?;
    let token = "YWNtZStwdWItYWRtaW46cHJpdi1hZG1pbg=="; // acme+pub-admin:priv-admin
    write!(
        stream,
        "GET /v2025_8/apis/3.0{ROLES} HTTP/1.1\r\nhost: psa\r\nconnection: close\r\n\
         authorization: Basic {token}\r\nclientid: {CLIENT_ID}\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

#[test]
fn nobody_listens_until_the_fault_is_cleared() {
    let running = start();
    assert_eq!(status(&running, ADMIN, ROLES), 200);
    running.set_fault("", When::Always, Fault::Refuse);
    let error = call(&running, ADMIN, ROLES).send().unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    running.clear_faults();
    assert_eq!(status(&running, ADMIN, ROLES), 200);
}

#[test]
fn slow_answers() {
    let timed = |fault| {
        let (running, began) = (with(fault), Instant::now());
        let roles = rows(&running, ADMIN, ROLES);
        assert_eq!(ids(&roles), [1, 31, 40]);
        began.elapsed()
    };
    assert!(timed(Fault::Stall(Duration::from_millis(80))) >= Duration::from_millis(80));
    assert!(timed(Fault::Drip { chunk: 100, every: Duration::from_millis(20) }) >= Duration::from_millis(60));
}

#[test]
fn a_bomb_unpacks_to_what_was_asked() {
    let running = with(Fault::GzipBomb { mebibytes: 8 });
    assert_eq!(get(&running, ADMIN, ROLES).bytes().unwrap().len(), 8 << 20);
}

#[test]
fn a_clock_that_is_wrong() {
    let date = |running: &Running| {
        let response = get(running, ADMIN, ROLES);
        jiff::fmt::rfc2822::parse(header(&response, "date").unwrap()).unwrap().timestamp().as_second()
    };
    let ahead = date(&with(Fault::ClockSkew(3600))) - date(&start());
    assert!((3590..=3610).contains(&ahead), "{ahead}");
}

#[test]
fn stopping_closes_the_port() {
    let running = start();
    let address = running.url().strip_prefix("http://").unwrap().to_owned();
    let client = builder().build().unwrap();
    assert!(client.get(running.url()).send().is_ok());
    running.stop();
    assert!(TcpStream::connect(&address).is_err());
    assert!(TcpListener::bind(&address).is_ok());
}
