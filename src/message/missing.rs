//! The extent of a message that the paste cuts.

/// The end of a message, as far as it is known from anything but its own fields.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum KnownEnd {
    /// Nothing: it stands alone, so a paste may end inside it.
    #[default]
    Open,
    /// Its carrier is whole and ends the message here: that is what was sent.
    Whole,
    /// Its carrier is cut where the message ends.
    Cut,
}

/// The extent of a message that the paste ends inside.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Missing {
    /// The number of bytes that are there.
    pub have: usize,
    /// The number of bytes of the whole message; `None` if its header is cut, or its fields do not
    /// say.
    pub of: Option<usize>,
}

impl Missing {
    /// A message that is cut ends at most so far beyond the paste, in bytes: no field is longer
    /// than 64 KiB, and one that goes further has a wrong length.
    pub(super) const MAX_BEYOND: usize = 66 * 1024;

    /// Says where the paste ends, in one sentence.
    pub(super) fn sentence(self) -> String {
        let have = self.have;
        match self.of {
            Some(of) => {
                format!("The paste ends at byte {have} of {of} of this message: it is cut.")
            }
            None => format!(
                "The paste ends at byte {have} of this message, inside its header: it is cut."
            ),
        }
    }
}
