//! Somebody between leastwise and the simulator, who answers some calls with bytes of their own.

#![expect(clippy::disallowed_types, reason = "it is the network that leastwise talks to")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// The calls whose path has this in it, in lower case, and what they get.
type Plan = Option<(String, Vec<u8>)>;

pub struct Between {
    port: u16,
    plan: Arc<Mutex<Plan>>,
}

impl Between {
    /// Passes on to `host`, as `127.0.0.1:PORT`. Its thread ends with the tests.
    pub fn start(host: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let plan = Arc::new(Mutex::new(None));
        let (shared, host) = (Arc::clone(&plan), host.to_owned());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (plan, host) = (Arc::clone(&shared), host.clone());
                // Whoever goes away in the middle is no failure of a test.
                thread::spawn(move || drop(serve(stream, &host, &plan)));
            }
        });
        Self { port, plan }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// From now on, calls to `endpoint` get `answer`.
    pub fn answer(&self, endpoint: &str, answer: Vec<u8>) {
        *self.plan.lock().expect("the plan") = Some((endpoint.to_lowercase(), answer));
    }
}

fn serve(mut stream: TcpStream, host: &str, plan: &Mutex<Plan>) -> std::io::Result<()> {
    let head = head(&mut stream)?;
    let path = head.split(' ').nth(1).unwrap_or_default().to_lowercase();
    let planned = plan.lock().expect("the plan").clone();
    if let Some((_, answer)) = planned.filter(|(endpoint, _)| path.contains(endpoint)) {
        return stream.write_all(&answer);
    }
    let mut upstream = TcpStream::connect(host)?;
    let lines = head.trim_end().split("\r\n").filter(|line| !line.to_lowercase().starts_with("host:"));
    let head = lines.collect::<Vec<_>>().join("\r\n");
    // The simulator is asked under its own name, or the record of who was asked would be wrong.
    upstream.write_all(format!("{head}\r\nhost: {host}\r\nconnection: close\r\n\r\n").as_bytes())?;
    std::io::copy(&mut upstream, &mut stream)?;
    Ok(())
}

fn head(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        bytes.push(byte[0]);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
