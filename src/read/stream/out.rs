use super::{Answer, Attempt, Counts, FindingCode, Place, Status};

/// One end of a connection: the one with the lower address and port, or the other.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Side {
    Lower,
    Upper,
}

impl Side {
    pub(super) const fn other(self) -> Self {
        match self {
            Self::Lower => Self::Upper,
            Self::Upper => Self::Lower,
        }
    }
}

/// Something of each side.
#[derive(Debug, Default)]
pub(super) struct Both<T> {
    lower: T,
    upper: T,
}

impl<T> Both<T> {
    /// What belongs to that side.
    pub(super) const fn of(&mut self, side: Side) -> &mut T {
        match side {
            Side::Lower => &mut self.lower,
            Side::Upper => &mut self.upper,
        }
    }

    /// That of both.
    pub(super) fn each(&self) -> impl Iterator<Item = &T> {
        [&self.lower, &self.upper].into_iter()
    }
}

/// Where a protocol puts what it finds while `side` speaks.
#[derive(Debug)]
pub(super) struct Out<'o> {
    pub(super) side: Side,
    /// Who opened the connection, where that is known.
    pub(super) client: &'o mut Option<Side>,
    /// The sign-ins that are at their end.
    pub(super) attempts: &'o mut Vec<Attempt>,
    pub(super) counts: &'o mut Counts,
}

impl Out<'_> {
    /// Says that what was found is what clients send. Who opened the connection is known better.
    pub(super) fn client_speaks(&mut self) {
        self.client.get_or_insert(self.side);
    }

    /// Says that what was found is what servers send.
    pub(super) fn server_speaks(&mut self) {
        self.client.get_or_insert(self.side.other());
    }

    /// Remarks a message that is longer than any sign-in.
    pub(super) fn too_long(&mut self, place: Place) {
        self.counts.find(FindingCode::MessageTooLong, place.packet);
    }
}

impl Answer {
    /// An answer that says nothing besides its number.
    pub(super) const fn new(status: Status, place: Place) -> Self {
        Self { status, is_guest: false, is_null: false, place }
    }
}
