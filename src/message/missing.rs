//! How much of a message is there, where the paste ends inside it.

/// What is known of where a message ends, besides what its own fields say.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Ending {
    /// Nothing: it stands alone, so a paste may end inside it.
    #[default]
    Open,
    /// Its carrier is whole and ends the message here: that is what was sent.
    Whole,
    /// Its carrier is cut where the message ends.
    Cut,
}

/// How much of a message is there, where the paste ends inside it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Missing {
    /// How many bytes are there.
    pub have: usize,
    /// How many the message takes; `None` where its header is cut, or its fields do not say.
    pub of: Option<usize>,
}

impl Missing {
    /// How far beyond the paste a message may end that is cut, in bytes: no field is longer than 64
    /// KiB, and what goes further has a wrong length.
    pub(super) const FARTHEST: usize = 66 * 1024;

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
