//! TCP segments to sign-ins: flows, reassembly, and the messages of each protocol.
//!
//! A flow has two directions (`direction`), whose bytes are put in order. Its first bytes tell its
//! protocol (`detect`). Each protocol knows its own lengths (`framer`): a message that carries a
//! token goes to `carrier` as a whole, and others are skipped unread. Holes are never filled.
//!
//! Captures are framed, not searched: a protocol's own lengths say where its next message begins,
//! so a copied file is skipped unread, and a hole in it loses nothing. Only connections of unknown
//! protocols are searched, the first 256 KiB of each direction. The clock is the latest time seen,
//! but one packet from far ahead does not set it, or it would end every connection.

mod answer;
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
mod reaction;
mod remarks;
mod rpc;
mod search;
mod sign_in;
mod smb;
mod table;
mod tds;
mod tracker;

pub use answer::{Answer, Status};
pub use remarks::{StreamFinding, StreamFindingCode, StreamRemarks, UnreadStreams};
pub use sign_in::{Attempt, BareLogon, CapturedToken, Connection, Negotiated, Protocol, SignIn};

use flow::Flow;
use out::{FlowOutput, FlowSide};
use table::Table;

use crate::read::capture::{Segment, Time};

/// The packet that something is in.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct PacketPlace {
    /// Its number in the file, counted from 1.
    pub packet: u64,
    /// The time at which it was captured.
    pub time: Time,
}

/// The most connections that are followed at a time.
const MAX_FLOWS: usize = 32_768;

/// The most bytes that are held over all connections.
const MAX_HELD: usize = 16 << 20;

/// The longest time without a packet, in seconds, after which a connection ends.
const MAX_SILENCE: i64 = 300;

/// The most seconds that a single packet may set the clock ahead.
const MAX_CLOCK_JUMP: i64 = 3600;

/// The number of packets in a row that set it ahead farther.
const MIN_PACKETS_AHEAD: u32 = 16;

/// The connections of a capture.
#[derive(Debug, Default)]
pub struct Streams {
    flows: Table<Flow>,
    /// The number of bytes that all of them hold.
    held: usize,
    clock: Clock,
    remarks: StreamRemarks,
    found: Vec<SignIn>,
}

/// The time of the capture: the latest that was seen.
#[derive(Debug, Default)]
struct Clock {
    now: Option<i64>,
    /// The number of packets in a row that were far ahead.
    ahead: u32,
}

impl Clock {
    fn tick(&mut self, time: Time) -> i64 {
        let now = self.now.unwrap_or(time.seconds);
        let is_ahead = time.seconds.saturating_sub(now) > MAX_CLOCK_JUMP;
        self.ahead = if is_ahead { self.ahead + 1 } else { 0 };
        let now =
            if is_ahead && self.ahead < MIN_PACKETS_AHEAD { now } else { now.max(time.seconds) };
        self.now = Some(now);
        now
    }
}

impl Streams {
    /// Takes a segment, and returns the sign-ins that ended with it.
    pub fn segment(&mut self, segment: &Segment<'_>) -> impl Iterator<Item = SignIn> {
        let now = self.clock.tick(segment.time);
        while let Some(flow) = self.flows.take_older_than(now.saturating_sub(MAX_SILENCE)) {
            self.end(flow);
        }
        let (key, side) = if segment.from <= segment.to {
            ((segment.from, segment.to), FlowSide::Lower)
        } else {
            ((segment.to, segment.from), FlowSide::Upper)
        };
        if !self.flows.has(&key) {
            // A segment that carries and opens nothing begins no connection.
            if segment.payload.is_empty() && segment.missing == 0 && !segment.flags.syn {
                return self.found.drain(..);
            }
            if self.flows.len() >= MAX_FLOWS
                && let Some(flow) = self.flows.take_oldest()
            {
                self.remarks.count(UnreadStreams::GivenUp);
                self.end(flow);
            }
        }
        if let Some(flow) = self.flows.touch(key, now, || Flow::new(key)) {
            let before = flow.held();
            flow.segment(segment, side, &mut self.remarks, &mut self.found);
            self.held = (self.held + flow.held()).saturating_sub(before);
        }
        while self.held > MAX_HELD
            && let Some(flow) = self.flows.take_oldest()
        {
            self.remarks.count(UnreadStreams::GivenUp);
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
        flow.finish(&mut self.remarks, &mut self.found);
    }

    /// The findings about the connections, and what of them was not read.
    #[must_use]
    pub const fn remarks(&self) -> &StreamRemarks {
        &self.remarks
    }
}
