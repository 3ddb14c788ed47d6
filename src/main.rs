//! The program: its own streams, environment and clock, given to the library.

use std::process::ExitCode;

use leastwise::io::Io;

fn main() -> ExitCode {
    let (mut stdin, mut stdout, mut stderr) = (std::io::stdin(), std::io::stdout().lock(), std::io::stderr());
    let mut io = Io::real(&mut stdin, &mut stdout, &mut stderr);
    leastwise::run(std::env::args_os(), &mut io).into()
}
