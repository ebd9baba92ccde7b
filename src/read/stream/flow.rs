//! One connection: both its directions, and the reader of its protocol.

use super::{
    Attempt, Connection, FlowOutput, FlowSide, PacketPlace, SignIn, StreamFindingCode,
    StreamRemarks, UnreadStreams,
    direction::{Direction, DirectionSegment, Piece, modulo},
    protocol::ProtocolReader,
    table::ConnectionKey,
};
use crate::read::capture::Segment;

/// A connection that is followed.
#[derive(Debug)]
pub(super) struct Flow {
    key: ConnectionKey,
    directions: [Direction; 2],
    /// The side that opened it, if that is known.
    client: Option<FlowSide>,
    reader: ProtocolReader,
}

impl Flow {
    pub(super) fn new(key: ConnectionKey) -> Self {
        Self {
            key,
            directions: <[Direction; 2]>::default(),
            client: None,
            reader: ProtocolReader::default(),
        }
    }

    /// The approximate number of bytes it holds.
    pub(super) fn held(&self) -> usize {
        let [lower, upper] = &self.directions;
        lower.held() + upper.held() + self.reader.held()
    }

    /// Takes a segment that `side` sent.
    pub(super) fn segment(
        &mut self,
        segment: &Segment<'_>,
        side: FlowSide,
        remarks: &mut StreamRemarks,
        found: &mut Vec<SignIn>,
    ) {
        let place = PacketPlace { packet: segment.packet, time: segment.time };
        let mut sequence = segment.sequence;
        if segment.flags.syn {
            // A SYN takes a sequence number of its own.
            sequence = sequence.wrapping_add(1);
            self.open(segment, side, sequence, remarks, found);
        }
        let mut attempts = Vec::new();
        let Self { directions, client, reader, .. } = self;
        let [lower, upper] = directions;
        let (own, peer) = match side {
            FlowSide::Lower => (lower, upper),
            FlowSide::Upper => (upper, lower),
        };
        let mut holes = 0;
        let mut differs = false;
        {
            let mut out = FlowOutput { side, client, attempts: &mut attempts, remarks };
            let mut take = |piece: Piece<'_>| {
                holes += u64::from(matches!(piece, Piece::Gap(..)));
                reader.piece(piece, &mut out)
            };
            let part = DirectionSegment {
                sequence,
                bytes: segment.payload,
                missing: segment.missing,
                place,
            };
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
            let mut out =
                FlowOutput { side: side.other(), client, attempts: &mut attempts, remarks };
            let mut take = |piece: Piece<'_>| {
                holes += u64::from(matches!(piece, Piece::Gap(..)));
                reader.piece(piece, &mut out)
            };
            if let Some(number) = segment.acknowledged {
                peer.acknowledged(number, &mut take);
            }
            if segment.flags.rst {
                peer.flush(&mut take);
            }
        }
        for _ in 0..holes {
            remarks.count(UnreadStreams::Holes);
        }
        if differs {
            remarks.find(StreamFindingCode::OverlapDiffers, place.packet);
        }
        if segment.flags.rst || own.is_ended() && peer.is_ended() {
            let mut out = FlowOutput { side, client, attempts: &mut attempts, remarks };
            reader.finish(&mut out);
        }
        self.hand_on(attempts, found);
    }

    const fn direction(&mut self, side: FlowSide) -> &mut Direction {
        let [lower, upper] = &mut self.directions;
        match side {
            FlowSide::Lower => lower,
            FlowSide::Upper => upper,
        }
    }

    /// Takes the first segment of a direction. With another sequence number than before, it begins
    /// a new connection between the same ends.
    fn open(
        &mut self,
        segment: &Segment<'_>,
        side: FlowSide,
        sequence: u32,
        remarks: &mut StreamRemarks,
        found: &mut Vec<SignIn>,
    ) {
        if self.direction(side).begins_elsewhere(sequence) {
            self.finish(remarks, found);
            *self = Self::new(self.key);
        }
        self.direction(side).open(sequence);
        let is_answer = segment.acknowledged.is_some();
        self.client = Some(if is_answer { side.other() } else { side });
    }

    /// Ends the connection: segments that wait are handed on, and sign-ins without an answer stay
    /// without.
    pub(super) fn finish(&mut self, remarks: &mut StreamRemarks, found: &mut Vec<SignIn>) {
        let mut attempts = Vec::new();
        let Self { directions, client, reader, .. } = self;
        for (side, direction) in [FlowSide::Lower, FlowSide::Upper].into_iter().zip(directions) {
            let mut out = FlowOutput { side, client, attempts: &mut attempts, remarks };
            let mut holes = 0;
            direction.flush(&mut |piece| {
                holes += u64::from(matches!(piece, Piece::Gap(..)));
                reader.piece(piece, &mut out)
            });
            for _ in 0..holes {
                remarks.count(UnreadStreams::Holes);
            }
        }
        let mut out =
            FlowOutput { side: FlowSide::Lower, client, attempts: &mut attempts, remarks };
        reader.finish(&mut out);
        self.hand_on(attempts, found);
    }

    fn hand_on(&self, attempts: Vec<Attempt>, found: &mut Vec<SignIn>) {
        let (lower, upper) = self.key;
        let connection = match self.client {
            Some(FlowSide::Upper) => Connection { client: upper, server: lower },
            Some(FlowSide::Lower) | None => Connection { client: lower, server: upper },
        };
        found.extend(attempts.into_iter().map(|attempt| SignIn { connection, attempt }));
    }
}
