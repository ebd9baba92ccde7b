//! Sign-ins to rows: what each would get at each level, and what the real server answered.
//!
//! Files are pushed in one after another, in pieces. A row keeps what the client stated and not
//! what follows from it, so a changed server is judged anew without reading again.

mod input;
mod overview;
mod row;
mod servers;
mod tally;

pub use input::{Input, Remark};
pub use overview::{Overview, overview};
pub use row::{ClientStatement, Judgement, Mechanism, Row};
pub use servers::{PresentLevel, SeenServer};
pub use tally::{AtLevel, Summary};

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher},
};

use crate::judge::smb::{Server, ServerSettings};
use crate::read::{
    capture::Capture,
    stream::{SignIn, Streams},
};
use row::SignInKey;
use servers::Servers;
use tally::Tally;

/// The most rows that are kept. Those behind them are counted.
pub const MAX_ROWS: usize = 250_000;

/// The most sign-ins of which it is known that they were seen before. Those behind them count once
/// for each row.
const MAX_KNOWN: usize = 100_000;

/// The way in which rows are kept.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Keep {
    /// In memory, for a report at the end.
    #[default]
    Rows,
    /// Nowhere: they are handed over as they are complete.
    Nothing,
}

/// Everything that was read so far.
#[derive(Debug)]
pub struct Audit {
    settings: ServerSettings,
    keep: Keep,
    inputs: Vec<Input>,
    reading: Option<Reading>,
    rows: Vec<Row>,
    left_out: u64,
    /// Rows that are complete and were not taken yet.
    fresh: Vec<Row>,
    servers: Servers,
    tally: Tally,
    /// The row of each connection and sign-in, by a hash of both, so that one seen in two files is
    /// one row.
    known: HashMap<u64, usize, Fixed>,
}

/// Hashes without random keys: the library gives the same answer each time.
type Fixed = BuildHasherDefault<DefaultHasher>;

/// The file that is being read.
#[derive(Debug, Default)]
struct Reading {
    capture: Capture,
    streams: Streams,
}

impl Audit {
    /// An audit before anything is read; rows are judged against `settings`.
    #[must_use]
    pub fn new(settings: ServerSettings, keep: Keep) -> Self {
        Self {
            settings,
            keep,
            inputs: Vec::new(),
            reading: None,
            rows: Vec::new(),
            left_out: 0,
            fresh: Vec::new(),
            servers: Servers::default(),
            tally: Tally::default(),
            known: HashMap::default(),
        }
    }

    /// Begins a file.
    pub fn begin(&mut self, name: impl Into<String>) {
        self.finish();
        self.inputs.push(Input::new(name.into()));
        self.reading = Some(Reading::default());
    }

    /// Reads on in the present file.
    pub fn push(&mut self, bytes: &[u8]) {
        let Some(Reading { mut capture, mut streams }) = self.reading.take() else { return };
        if let Some(input) = self.inputs.last_mut() {
            input.bytes += bytes.len() as u64;
        }
        let mut found = Vec::new();
        capture.push(bytes, &mut |segment| found.extend(streams.segment(segment)));
        self.reading = Some(Reading { capture, streams });
        self.take_up(found);
    }

    /// Ends the present file.
    pub fn finish(&mut self) {
        let Some(Reading { mut capture, mut streams }) = self.reading.take() else { return };
        let mut found = Vec::new();
        capture.finish(&mut |segment| found.extend(streams.segment(segment)));
        found.extend(streams.finish());
        self.take_up(found);
        if let Some(input) = self.inputs.last_mut() {
            input.finish(&capture, &streams);
        }
    }

    /// Makes rows of sign-ins.
    fn take_up(&mut self, found: Vec<SignIn>) {
        let input = self.inputs.len().saturating_sub(1);
        for sign_in in found {
            let row = self.servers.row(input, &sign_in);
            self.add(row);
        }
    }

    fn add(&mut self, row: Row) {
        if let Some(key) = row.key {
            let same = Fixed::default().hash_one((key, row.client, row.destination));
            match self.known.get(&same) {
                Some(at) => {
                    if let Some(known) = self.rows.get_mut(*at) {
                        known.complete_with(row);
                    }
                    return;
                }
                None if self.known.len() < MAX_KNOWN => {
                    self.known.insert(same, self.rows.len());
                }
                None => {}
            }
        }
        match self.keep {
            Keep::Rows if self.rows.len() < MAX_ROWS => self.rows.push(row),
            Keep::Rows => {
                self.left_out += 1;
                self.count(&row);
            }
            Keep::Nothing => {
                self.count(&row);
                self.fresh.push(row);
            }
        }
    }

    fn count(&mut self, row: &Row) {
        let judged = self.judge(row);
        self.tally.add(row, &judged);
    }

    /// The row server's answer, by the settings if they are about that server.
    #[must_use]
    pub fn judge(&self, row: &Row) -> Judgement {
        let server = self.servers.of(row.server).map_or_else(
            || Server::new(&self.settings, &row.names),
            |seen| Server::new(&seen.settings(&self.settings, row.destination.ip()), &row.names),
        );
        row.judged(&server)
    }

    /// The rows that were completed since this was last called; only where none are kept.
    pub fn take_fresh(&mut self) -> Vec<Row> {
        std::mem::take(&mut self.fresh)
    }

    /// The rows, in the order of their files and packets.
    #[must_use]
    pub fn rows(&self) -> Vec<&Row> {
        let mut rows: Vec<_> = self.rows.iter().collect();
        rows.sort_by_key(|row| (row.input, row.packets.first().copied(), row.client));
        rows
    }

    /// The number of rows that are not kept.
    #[must_use]
    pub const fn left_out(&self) -> u64 {
        self.left_out
    }

    /// The files that were read.
    #[must_use]
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// The number of the row's server.
    #[must_use]
    pub fn server_of(&self, row: &Row) -> Option<usize> {
        row.server.map(|number| self.servers.representative(number))
    }

    /// The servers that were met.
    #[must_use]
    pub fn servers(&self) -> &[SeenServer] {
        self.servers.all()
    }

    /// The addresses that were given as the server's own.
    #[must_use]
    pub fn given_addresses(&self) -> &[std::net::IpAddr] {
        &self.settings.addresses
    }

    /// Returns true if the settings are about that server.
    #[must_use]
    pub fn is_configured(&self, server: &SeenServer) -> bool {
        server.is_meant_by(&self.settings)
    }

    /// The highest level that each server can have, by `rows` and what it let in: the number of the
    /// server, and the row that shows it.
    #[must_use]
    pub fn present_levels(&self, rows: &[&Row]) -> Vec<Option<PresentLevel>> {
        let mut levels = vec![None; self.servers.all().len()];
        for (at, row) in rows.iter().enumerate() {
            let level = PresentLevel::shown_by(at, row, &self.judge(row));
            let server = self.server_of(row);
            if let Some(known) = levels.get_mut(server.unwrap_or(usize::MAX))
                && let Some(level) = level
                && known.as_ref().is_none_or(|known: &PresentLevel| level.at_most < known.at_most)
            {
                *known = Some(level);
            }
        }
        levels
    }

    /// The numbers over all rows. Rows of one sign-in count once.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut tally = self.tally.clone();
        for row in &self.rows {
            tally.add(row, &self.judge(row));
        }
        tally.summary()
    }

    /// For each of `rows`, the first row of the same sign-in, where there are several.
    #[must_use]
    pub fn same_sign_ins(rows: &[&Row]) -> Vec<Option<usize>> {
        same(&rows.iter().map(|row| row.key).collect::<Vec<_>>())
    }
}

/// For each of these keys, the place of the first that is the same, where there are several.
fn same(keys: &[Option<SignInKey>]) -> Vec<Option<usize>> {
    let mut groups: HashMap<SignInKey, (usize, usize), Fixed> = HashMap::default();
    for (at, key) in keys.iter().enumerate() {
        if let Some(key) = key {
            groups.entry(*key).or_insert((at, 0)).1 += 1;
        }
    }
    let group = |key: &Option<SignInKey>| groups.get(key.as_ref()?).filter(|(_, count)| *count > 1);
    keys.iter().map(|key| group(key).map(|(first, _)| *first)).collect()
}
