//! A snapshot read role by role: what is at hand at any moment is the lists and one role's settings for
//! each thread, however long the file is.
//!
//! That works for the layout that [`write`](super::write) gives a file: one setting on a line. Where a file
//! is laid out in another way, or anything at all is wrong with it, this says nothing of it but `None`:
//! [`parse`](super::parse) reads it whole, and says where and why.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde::de::IgnoredAny;

use super::read::{Names, missing, read, settings};
use super::rows::{RoleRow, SettingRow};
use crate::model::{DatasetName, Gap, Lost, RoleId, Setting, Tenant};

/// So many roles are read at once: enough that a thread seldom asks for more.
const BATCH: usize = 16;

/// Past this, threads wait for memory rather than for each other.
const MOST_THREADS: usize = 8;

/// How the line of a role ends when its settings follow.
const OPENS_SETTINGS: &[u8] = b"\"settings\":[\n";

/// A file in the layout of [`write`](super::write).
#[derive(Debug)]
pub struct Stream {
    path: PathBuf,
    roles: Vec<Place>,
}

/// Where a role stands in the file.
#[derive(Clone, Copy, Debug)]
struct Place {
    offset: u64,
    /// Without the comma after it.
    bytes: usize,
    /// The line of the role itself; its settings follow.
    line: u32,
    settings: usize,
}

impl Stream {
    /// Reads a tenant without any settings, and where each role stands; `None` where the file has to be
    /// read whole.
    #[must_use]
    pub fn open(path: &Path) -> Option<(Tenant, Self)> {
        // A pipe can be read only once, and a device has no end.
        if !path.metadata().ok()?.is_file() {
            return None;
        }
        let mut scan = Scan::new(File::open(path).ok()?);
        let roles = scan.roles()?;
        let (mut tenant, withheld) = read(&scan.outline).ok()?;
        let lines: usize = roles.iter().map(|place| place.settings).sum();
        let are_lost = |lost: &Lost| lost.dataset == DatasetName::Settings && lines < lost.said;
        if withheld.is_some() || tenant.lost.iter().any(are_lost) {
            return None;
        }
        tenant.lost.retain(|lost| lost.dataset != DatasetName::Settings);
        tenant.settings.clear();
        Some((tenant, Self { path: path.to_owned(), roles }))
    }

    /// Reads every role, and asks `visit` about the settings of each that is `wanted`; in no order, on
    /// every core. `None` where anything is wrong with any role, wanted or not.
    pub fn read<T: Default + Send>(
        &self,
        wanted: impl Fn(RoleId) -> bool + Sync,
        visit: impl Fn(RoleId, Result<&[Setting], Gap>, &mut T) + Sync,
    ) -> Option<Vec<T>> {
        let next = AtomicUsize::new(0);
        let batches: Vec<_> = self.roles.chunks(BATCH).collect();
        let work = || {
            let mut reader = Reader::open(&self.path)?;
            let mut found = T::default();
            while let Some(batch) = batches.get(next.fetch_add(1, Ordering::Relaxed)) {
                if reader.read(batch, &wanted, &visit, &mut found).is_none() {
                    next.store(batches.len(), Ordering::Relaxed);
                    return None;
                }
            }
            Some(found)
        };
        let threads =
            thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS).min(batches.len());
        thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let own = work();
            // All are waited for, whatever came of the first.
            let found: Vec<_> = others.into_iter().map(|other| other.join().ok().flatten()).collect();
            std::iter::once(own).chain(found).collect()
        })
    }
}

/// Goes through a file line by line.
struct Scan {
    lines: BufReader<File>,
    offset: u64,
    number: u32,
    line: Vec<u8>,
    /// The file without its settings.
    outline: Vec<u8>,
}

impl Scan {
    fn new(file: File) -> Self {
        Self {
            lines: BufReader::with_capacity(256 * 1024, file),
            offset: 0,
            number: 0,
            line: Vec::new(),
            outline: Vec::new(),
        }
    }

    /// The next line; `None` at the end.
    fn advance(&mut self) -> Option<()> {
        self.offset += self.line.len() as u64;
        self.number = self.number.checked_add(1)?;
        self.line.clear();
        let read = self.lines.read_until(b'\n', &mut self.line).ok()?;
        (read > 0).then_some(())
    }

    /// Where the roles stand; `None` where the file is laid out in another way.
    fn roles(&mut self) -> Option<Vec<Place>> {
        loop {
            self.advance()?;
            self.outline.extend_from_slice(&self.line);
            if self.line == b"\"roles\":[\n" {
                break;
            }
        }
        let mut places = Vec::new();
        loop {
            self.advance()?;
            if self.line == b"]}\n" {
                self.outline.extend_from_slice(&self.line);
                return self.advance().is_none().then_some(places);
            }
            places.push(self.role()?);
        }
    }

    /// The role that begins on this line.
    fn role(&mut self) -> Option<Place> {
        let (offset, line) = (self.offset, self.number);
        self.outline.extend_from_slice(self.line.trim_ascii_end());
        let mut settings = 0;
        if self.line.ends_with(OPENS_SETTINGS) {
            loop {
                self.advance()?;
                match self.line.first()? {
                    b'{' => {}
                    b']' => break,
                    _ => return None,
                }
                settings += 1;
            }
            self.outline.extend_from_slice(self.line.trim_ascii_end());
        }
        self.outline.push(b'\n');
        let last = self.line.trim_ascii_end();
        let last = last.strip_suffix(b",").unwrap_or(last);
        let end = self.offset + last.len() as u64;
        Some(Place { offset, bytes: usize::try_from(end - offset).ok()?, line, settings })
    }
}

/// Reads roles at their places. What a role needs is used again for the next one: made anew for each of ten
/// thousand, among what is kept of them, it would leave as many holes in memory.
struct Reader {
    file: File,
    names: Names,
    bytes: Vec<u8>,
    role: Role,
}

/// A role, as it is read.
#[derive(Default)]
struct Role {
    /// Its text without the settings.
    outline: String,
    settings: Vec<Setting>,
}

impl Reader {
    fn open(path: &Path) -> Option<Self> {
        let file = File::open(path).ok()?;
        Some(Self { file, names: Names::default(), bytes: Vec::new(), role: Role::default() })
    }

    fn read<T>(
        &mut self,
        batch: &[Place],
        wanted: &impl Fn(RoleId) -> bool,
        visit: &impl Fn(RoleId, Result<&[Setting], Gap>, &mut T),
        found: &mut T,
    ) -> Option<()> {
        let (first, last) = (batch.first()?, batch.last()?);
        let bytes = last.offset + last.bytes as u64 - first.offset;
        self.bytes.resize(usize::try_from(bytes).ok()?, 0);
        self.file.seek(SeekFrom::Start(first.offset)).ok()?;
        self.file.read_exact(&mut self.bytes).ok()?;
        for place in batch {
            let start = usize::try_from(place.offset - first.offset).ok()?;
            let text = str::from_utf8(&self.bytes[start..start + place.bytes]).ok()?;
            let lines = self.role.take_apart(text, place)?;
            let row: RoleRow<'_, IgnoredAny> = serde_json::from_str(&self.role.outline).ok()?;
            // Else a setting stands where none is looked for.
            if row.settings.as_ref().is_some_and(|more| !more.is_empty()) {
                return None;
            }
            let id = RoleId(row.id);
            let is_wanted = wanted(id);
            self.role.settings.clear();
            for (number, line) in (place.line + 1..).zip(lines) {
                let row: SettingRow<'_> = serde_json::from_str(line?).ok()?;
                if is_wanted {
                    self.role.settings.push(self.names.setting(row, number));
                }
            }
            if !is_wanted {
                continue;
            }
            if self.role.settings.is_empty() || row.gap().is_some() {
                // No row is left to be converted: this says why there are none.
                let cause = row.gap();
                let none = settings(row.settings, id, cause, |_| Err(missing("settings")));
                visit(id, none.ok()?.rows().map(Vec::as_slice).map_err(Clone::clone), found);
            } else {
                visit(id, Ok(&self.role.settings), found);
            }
        }
        Some(())
    }
}

impl Role {
    /// Sets the outline, and gives the text of each setting; `None` where one is not a line.
    fn take_apart<'t>(
        &mut self,
        text: &'t str,
        place: &Place,
    ) -> Option<impl Iterator<Item = Option<&'t str>> + use<'t>> {
        let settings = place.settings;
        let mut lines = text.split_inclusive('\n');
        self.outline.clear();
        if settings > 0 {
            self.outline.push_str(lines.next()?);
        }
        let rows = lines.clone().take(settings);
        self.outline.extend(lines.skip(settings));
        Some((1..).zip(rows).map(move |(number, line)| {
            let line = line.trim_ascii_end();
            if number == settings { Some(line) } else { line.strip_suffix(',') }
        }))
    }
}
