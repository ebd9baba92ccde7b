//! One connection: both directions, and what it speaks.

use super::{
    Attempt, Connection, Counts, FindingCode, Out, Place, Side, SignIn, Unread,
    direction::{Direction, Part, Piece, modulo},
    protocol::Speech,
    table::Key,
};
use crate::read::capture::Segment;

/// A connection that is followed.
#[derive(Debug)]
pub(super) struct Flow {
    key: Key,
    directions: [Direction; 2],
    /// Who opened it, where that is known.
    client: Option<Side>,
    speech: Speech,
}

impl Flow {
    pub(super) fn new(key: Key) -> Self {
        Self {
            key,
            directions: <[Direction; 2]>::default(),
            client: None,
            speech: Speech::default(),
        }
    }

    /// About how many bytes it holds.
    pub(super) fn held(&self) -> usize {
        let [lower, upper] = &self.directions;
        lower.held() + upper.held() + self.speech.held()
    }

    /// Takes a segment that `side` sent.
    pub(super) fn segment(
        &mut self,
        segment: &Segment<'_>,
        side: Side,
        counts: &mut Counts,
        found: &mut Vec<SignIn>,
    ) {
        let place = Place { packet: segment.packet, time: segment.time };
        let mut sequence = segment.sequence;
        if segment.flags.syn {
            // It takes a number of its own.
            sequence = sequence.wrapping_add(1);
            self.open(segment, side, sequence, counts, found);
        }
        let mut attempts = Vec::new();
        let Self { directions, client, speech, .. } = self;
        let [lower, upper] = directions;
        let (own, peer) = match side {
            Side::Lower => (lower, upper),
            Side::Upper => (upper, lower),
        };
        let mut holes = 0;
        let mut differs = false;
        {
            let mut out = Out { side, client, attempts: &mut attempts, counts };
            let mut take = |piece: Piece<'_>| {
                holes += u64::from(matches!(piece, Piece::Gap(..)));
                speech.piece(piece, &mut out)
            };
            let part = Part { sequence, bytes: segment.payload, missing: segment.missing, place };
            differs |= own.add(part, &mut take);
            if segment.flags.fin {
                let len = (segment.payload.len() + segment.missing) as u64;
                own.close(sequence.wrapping_add(modulo(len)));
            }
            if segment.flags.rst {
                own.flush(&mut take);
            }
        }
        {
            let mut out = Out { side: side.other(), client, attempts: &mut attempts, counts };
            let mut take = |piece: Piece<'_>| {
                holes += u64::from(matches!(piece, Piece::Gap(..)));
                speech.piece(piece, &mut out)
            };
            if let Some(number) = segment.acknowledged {
                peer.acknowledged(number, &mut take);
            }
            if segment.flags.rst {
                peer.flush(&mut take);
            }
        }
        for _ in 0..holes {
            counts.count(Unread::Holes);
        }
        if differs {
            counts.find(FindingCode::OverlapDiffers, place.packet);
        }
        if segment.flags.rst || own.is_ended() && peer.is_ended() {
            let mut out = Out { side, client, attempts: &mut attempts, counts };
            speech.finish(&mut out);
        }
        self.hand_on(attempts, found);
    }

    const fn direction(&mut self, side: Side) -> &mut Direction {
        let [lower, upper] = &mut self.directions;
        match side {
            Side::Lower => lower,
            Side::Upper => upper,
        }
    }

    /// Takes the first segment of a direction. One that begins elsewhere than the direction did
    /// begins a new connection between the same ends.
    fn open(
        &mut self,
        segment: &Segment<'_>,
        side: Side,
        sequence: u32,
        counts: &mut Counts,
        found: &mut Vec<SignIn>,
    ) {
        if self.direction(side).begins_elsewhere(sequence) {
            self.finish(counts, found);
            *self = Self::new(self.key);
        }
        self.direction(side).open(sequence);
        let is_answer = segment.acknowledged.is_some();
        self.client = Some(if is_answer { side.other() } else { side });
    }

    /// Ends the connection: what waits is handed on, and what has no answer stays without.
    pub(super) fn finish(&mut self, counts: &mut Counts, found: &mut Vec<SignIn>) {
        let mut attempts = Vec::new();
        let Self { directions, client, speech, .. } = self;
        for (side, direction) in [Side::Lower, Side::Upper].into_iter().zip(directions) {
            let mut out = Out { side, client, attempts: &mut attempts, counts };
            let mut holes = 0;
            direction.flush(&mut |piece| {
                holes += u64::from(matches!(piece, Piece::Gap(..)));
                speech.piece(piece, &mut out)
            });
            for _ in 0..holes {
                counts.count(Unread::Holes);
            }
        }
        let mut out = Out { side: Side::Lower, client, attempts: &mut attempts, counts };
        speech.finish(&mut out);
        self.hand_on(attempts, found);
    }

    fn hand_on(&self, attempts: Vec<Attempt>, found: &mut Vec<SignIn>) {
        let (lower, upper) = self.key;
        let connection = match self.client {
            Some(Side::Upper) => Connection { client: upper, server: lower },
            Some(Side::Lower) | None => Connection { client: lower, server: upper },
        };
        found.extend(attempts.into_iter().map(|attempt| SignIn { connection, attempt }));
    }
}
