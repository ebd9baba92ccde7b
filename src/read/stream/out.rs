//! The two sides of a connection, and the output of the readers of protocols.

use super::{Answer, Attempt, PacketPlace, Status, StreamFindingCode, StreamRemarks};

/// One end of a connection: the one with the lower address and port, or the other.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum FlowSide {
    Lower,
    Upper,
}

impl FlowSide {
    pub(super) const fn other(self) -> Self {
        match self {
            Self::Lower => Self::Upper,
            Self::Upper => Self::Lower,
        }
    }
}

/// A value of each side.
#[derive(Debug, Default)]
pub(super) struct PerSide<T> {
    lower: T,
    upper: T,
}

impl<T> PerSide<T> {
    /// The value of that side.
    pub(super) const fn of(&mut self, side: FlowSide) -> &mut T {
        match side {
            FlowSide::Lower => &mut self.lower,
            FlowSide::Upper => &mut self.upper,
        }
    }

    /// The values of both sides.
    pub(super) fn each(&self) -> impl Iterator<Item = &T> {
        [&self.lower, &self.upper].into_iter()
    }
}

/// The output of a reader for the bytes of `side`: sign-ins, remarks, and who the client is.
#[derive(Debug)]
pub(super) struct FlowOutput<'o> {
    pub(super) side: FlowSide,
    /// The side that opened the connection, if that is known.
    pub(super) client: &'o mut Option<FlowSide>,
    /// The sign-ins that have ended.
    pub(super) attempts: &'o mut Vec<Attempt>,
    pub(super) remarks: &'o mut StreamRemarks,
}

impl FlowOutput<'_> {
    /// Notes that `side` is the client, unless it is known who opened the connection.
    pub(super) fn client_speaks(&mut self) {
        self.client.get_or_insert(self.side);
    }

    /// Notes that `side` is the server, unless it is known who opened the connection.
    pub(super) fn server_speaks(&mut self) {
        self.client.get_or_insert(self.side.other());
    }

    /// Remarks a message that is too long for a sign-in.
    pub(super) fn too_long(&mut self, place: PacketPlace) {
        self.remarks.find(StreamFindingCode::MessageTooLong, place.packet);
    }
}

impl Answer {
    /// An answer of which only the status is known.
    pub(super) const fn new(status: Status, place: PacketPlace) -> Self {
        Self { status, is_guest: false, is_null: false, place }
    }
}
