//! docs/dev/faults.md, from what came of each cell.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::ENDPOINTS;
use super::matrix::Failing;

/// What came of one fault at one endpoint.
pub(super) struct Cell {
    pub(super) exit: u8,
    /// What the user is told; none where the fault changed nothing.
    pub(super) sentence: Option<String>,
    /// Whether the endpoint was asked again.
    pub(super) again: bool,
}

const HEAD: &str = "\
# When the PSA fails

What `audit` makes of each fault at each endpoint that it reads. This page is written by a test
(`tests/it/faults/matrix.rs`) that plants the faults in `psa-sim`, the simulator that comes with leastwise, and audits
a tenant in which nothing is to be found (exit code 0). So a 0 here means that the fault did no harm: a further try was
answered, or the answer did not change by it.

For every cell the test holds that

* nothing passes that depends on what was not read, and nothing is found that a healthy run does not find;
* where the fault did no harm, every result is the same as without it; otherwise only this one dataset is missing, and
  LW901 says so;
* it ends in time, however long the PSA would take. Here a try lasts 20 s, and 0.1 s in the first two rows; in use it
  lasts 10 s, and all tries of one request 20 s together ([settings](../config.md)). 429 is waited out: everything waits as
  long as the PSA asks, for as long as `--max-wait` allows (3 s here, 300 s in use), and that uses up no try;
* nothing is sent but GET, and nothing to any other host, whatever links and redirects say.

A cell has the [exit code](../exit-codes.md) and, in brackets, the number of the sentence that the report and standard
error have for it. 3: the tenant could not be read, and nothing was judged. 4: judged in part; what depends on the
missing dataset is `unknown`. \"Again\" says whether leastwise asks once more before it gives up.

";

const SENTENCES: &str = "
## Sentences

Each stands behind the name of what could not be read (\"roles could not be read: …\", \"the settings of role 21: …\"),
and the report names the permission that is needed where one may be missing. `…` is what the system says of it, or an id.

";

/// Columns, in the order of the endpoints.
const COLUMNS: [&str; 9] = [
    "company",
    "roles",
    "settings",
    "API members",
    "members",
    "last use",
    "own member",
    "logins",
    "callbacks",
];

type Cells = BTreeMap<(usize, usize), Cell>;

pub(super) fn page(faults: &[Failing], cells: &Cells) -> String {
    assert_eq!(COLUMNS.len(), ENDPOINTS.len(), "every endpoint has a column");
    let mut sentences: Vec<&str> = Vec::new();
    let mut text = HEAD.to_owned();
    let _ = writeln!(text, "| fault | again | {} |", COLUMNS.join(" | "));
    let _ = writeln!(text, "|---|---|{}", "---|".repeat(COLUMNS.len()));
    for (row, failing) in faults.iter().enumerate() {
        let again = (0..ENDPOINTS.len()).any(|column| cells[&(row, column)].again);
        let _ = write!(text, "| {} | {} |", failing.name, if again { "yes" } else { "no" });
        for column in 0..ENDPOINTS.len() {
            let cell = &cells[&(row, column)];
            match &cell.sentence {
                None => {
                    let _ = write!(text, " {} |", cell.exit);
                }
                Some(sentence) => {
                    let number = sentences.iter().position(|known| *known == sentence.as_str());
                    let number = number.unwrap_or_else(|| {
                        sentences.push(sentence);
                        sentences.len() - 1
                    });
                    let _ = write!(text, " {} ({}) |", cell.exit, number + 1);
                }
            }
        }
        text.push('\n');
    }
    text.push_str(SENTENCES);
    for (number, sentence) in (1..).zip(&sentences) {
        let _ = writeln!(text, "{number}. {sentence}");
    }
    text
}
