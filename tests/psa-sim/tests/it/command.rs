//! The program.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::common::{CLIENT_ID, client, sim_file, snapshot};

/// The program with files of its own. Both go when the test ends, however it ends.
struct Program {
    child: Child,
    folder: PathBuf,
}

impl Program {
    fn start() -> Self {
        let folder = std::env::temp_dir().join(format!("psa-sim-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("tiny.json"), snapshot().to_string()).unwrap();
        fs::write(folder.join("tiny.sim.json"), sim_file().to_string()).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_psa-sim"));
        command.arg(folder.join("tiny.json"));
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        Self { child, folder }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().unwrap_or_default();
        self.child.wait().map(drop).unwrap_or_default();
        fs::remove_dir_all(&self.folder).unwrap_or_default();
    }
}

#[test]
fn the_program_says_how_to_call_it_and_logs_calls() {
    let mut program = Program::start();
    let mut said = BufReader::new(program.child.stdout.take().unwrap()).lines();
    let mut logged = BufReader::new(program.child.stderr.take().unwrap()).lines();
    let mut line = || said.next().unwrap().unwrap();
    let url = line().trim_start_matches("# ").to_owned();
    assert_eq!(line(), "# company acme, member 258");
    let export = format!(
        "export LEASTWISE_SITE={url} LEASTWISE_COMPANY=acme LEASTWISE_CLIENT_ID={CLIENT_ID} \
         LEASTWISE_PUBLIC_KEY=pub-admin LEASTWISE_PRIVATE_KEY=priv-admin"
    );
    assert_eq!(line(), export);
    let info = client().get(format!("{url}/login/companyinfo/acme?x=1"));
    assert_eq!(info.send().unwrap().status(), 200);
    let call = logged.next().unwrap().unwrap();
    assert_eq!(call, "200 GET /login/companyinfo/acme?x=1");
}
