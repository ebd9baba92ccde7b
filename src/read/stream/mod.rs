//! TCP segments to sign-ins: flows, reassembly, and the messages of each protocol.
//!
//! A flow has two directions (`direction`), whose bytes are put in order. What a flow speaks is
//! told by its first bytes (`detect`). Each protocol knows its own lengths (`framer`): what nobody
//! wants is passed over unseen, and what carries a token goes to `carrier` as a whole. Holes are
//! never filled.
//!
//! Captures are framed, not searched: a protocol's own lengths say where its next message begins,
//! so a copied file is passed over unseen, and a hole in it loses nothing. Only what no protocol
//! knows is searched, and of that the first 256 KiB of each direction. The clock is the latest time
//! seen, but one packet from far ahead does not set it, or it would end every connection.

mod answer;
mod counts;
mod detect;
mod direction;
mod flow;
mod framer;
mod guess;
mod http;
mod ldap;
mod lines;
mod mail;
mod out;
mod protocol;
mod rpc;
mod said;
mod search;
mod sign_in;
mod smb;
mod table;
mod tds;
mod turns;

pub use answer::{Answer, Status};
pub use counts::{Counts, Finding, FindingCode, Unread};
pub use sign_in::{Attempt, BareLogon, Connection, Negotiated, Protocol, SignIn, Token};

use flow::Flow;
use out::{Out, Side};
use table::Table;

use crate::read::capture::{Segment, Time};

/// The packet that something stands in.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Place {
    /// Its number in the file, counted from 1.
    pub packet: u64,
    /// When it was captured.
    pub time: Time,
}

/// The most connections that are followed at a time.
const MOST_FLOWS: usize = 32_768;

/// How many bytes are held at most over all connections.
const MOST_HELD: usize = 16 << 20;

/// A connection without a packet for so many seconds is at its end.
const LONGEST_SILENCE: i64 = 300;

/// A packet that is so many seconds ahead of all others does not set the clock by itself.
const JUMP: i64 = 3600;

/// So many packets that are ahead do.
const JUMPS: u32 = 16;

/// The connections of a capture.
#[derive(Debug, Default)]
pub struct Streams {
    flows: Table<Flow>,
    /// How many bytes all of them hold.
    held: usize,
    clock: Clock,
    counts: Counts,
    found: Vec<SignIn>,
}

/// The time of the capture: the largest that was seen.
#[derive(Debug, Default)]
struct Clock {
    now: Option<i64>,
    /// How many packets in a row were far ahead.
    ahead: u32,
}

impl Clock {
    fn tick(&mut self, time: Time) -> i64 {
        let now = self.now.unwrap_or(time.seconds);
        let is_ahead = time.seconds.saturating_sub(now) > JUMP;
        self.ahead = if is_ahead { self.ahead + 1 } else { 0 };
        let now = if is_ahead && self.ahead < JUMPS { now } else { now.max(time.seconds) };
        self.now = Some(now);
        now
    }
}

impl Streams {
    /// Takes a segment, and returns the sign-ins that ended with it.
    pub fn segment(&mut self, segment: &Segment<'_>) -> impl Iterator<Item = SignIn> {
        let now = self.clock.tick(segment.time);
        while let Some(flow) = self.flows.take_older_than(now.saturating_sub(LONGEST_SILENCE)) {
            self.end(flow);
        }
        let (key, side) = if segment.from <= segment.to {
            ((segment.from, segment.to), Side::Lower)
        } else {
            ((segment.to, segment.from), Side::Upper)
        };
        if !self.flows.has(&key) {
            // What carries nothing and opens nothing is no connection.
            if segment.payload.is_empty() && segment.missing == 0 && !segment.flags.syn {
                return self.found.drain(..);
            }
            if self.flows.len() >= MOST_FLOWS
                && let Some(flow) = self.flows.take_oldest()
            {
                self.counts.count(Unread::GivenUp);
                self.end(flow);
            }
        }
        if let Some(flow) = self.flows.touch(key, now, || Flow::new(key)) {
            let before = flow.held();
            flow.segment(segment, side, &mut self.counts, &mut self.found);
            self.held = (self.held + flow.held()).saturating_sub(before);
        }
        while self.held > MOST_HELD
            && let Some(flow) = self.flows.take_oldest()
        {
            self.counts.count(Unread::GivenUp);
            self.end(flow);
        }
        self.found.drain(..)
    }

    /// Ends every connection, and returns the sign-ins that had no end yet.
    pub fn finish(&mut self) -> impl Iterator<Item = SignIn> {
        while let Some(flow) = self.flows.take_oldest() {
            self.end(flow);
        }
        self.found.drain(..)
    }

    fn end(&mut self, mut flow: Flow) {
        self.held = self.held.saturating_sub(flow.held());
        flow.finish(&mut self.counts, &mut self.found);
    }

    /// What is odd about the connections, and what of them was not read.
    #[must_use]
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }
}
