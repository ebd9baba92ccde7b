//! The reasons of a decision, as data: the words are made where they are shown.

use crate::judge::smb::{
    Basis, LevelValue, Need, Rule,
    name_check::{ComparedName, Comparison, NotStated, UsualSpelling},
};
use crate::message::wire::FileTime;

/// The reason for a decision: what was found, and the rule that is quoted for what it comes to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reason {
    /// The rule. It is quoted; what it is about is in `ground`.
    pub rule: &'static Rule,
    /// The basis here: at most as sure as the rule, `assumed` if it rests on names or addresses
    /// that nobody stated.
    pub basis: Basis,
    /// The ground.
    pub ground: Ground,
}

impl Reason {
    /// A ground, as sure as the rule.
    #[must_use]
    pub const fn new(rule: &'static Rule, ground: Ground) -> Self {
        Self { rule, basis: rule.basis, ground }
    }

    /// This reason, at most as sure as that.
    #[must_use]
    pub fn at_most(self, basis: Basis) -> Self {
        Self { basis: self.basis.min(basis), ..self }
    }
}

/// A ground: a finding that a decision rests on.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Ground {
    /// The paste ends before what decides; one sentence says where.
    CutOff(String),
    /// The paste ends before the target name.
    TargetCutOff,
    /// The response fits the secret given.
    ResponseFits,
    /// The response does not fit the secret given.
    ResponseWrong,
    /// The response was computed over other bytes.
    ResponseChanged,
    /// The response is not checked here.
    ResponseNotChecked,
    /// The response is cut or damaged; one sentence says how.
    ResponseDamaged(String),
    /// Of the two responses, only LMv2 is known to fit the secret given.
    Lmv2Alone,
    /// Of the two responses, only LM fits, for which the server is taken to keep no hash.
    LmNotKept,
    /// The sign-in is anonymous.
    NobodySignsIn,
    /// The client is let in as guest.
    Guest,
    /// The ticket and its authenticator are encrypted for the server.
    TicketNotChecked,
    /// The MIC is right.
    MicFits,
    /// The MIC does not match.
    MicWrong,
    /// The MIC is not checked here.
    MicNotChecked,
    /// The MIC that is announced is not there to be checked, since the response stands alone.
    MicNotShown,
    /// The MIC and NTProofStr were left out by whoever shared the message.
    MicLeftOut,
    /// The announced MIC is not there, and the server passes over that.
    MicMissingPassedOver,
    /// A MIC is announced, and there is no room for one.
    MicWithoutRoom,
    /// A MIC is announced, and zero bytes are in its place.
    MicOfZeros,
    /// The server's clock is not stated, so no time stamp is compared with it.
    ClockNotStated,
    /// The time stamp is near enough to the server's clock.
    TimeStampNear,
    /// The time stamp is too far from the server's clock.
    TimeStampFar {
        /// The time stamp of the response.
        time_stamp: FileTime,
        /// The time by the clock.
        clock: FileTime,
    },
    /// At this level the target name is not looked at.
    NotLookedAt,
    /// The server has no name.
    NotStated(NotStated, Need),
    /// The client sent an empty name.
    EmptyName,
    /// The client sent a name, and this came out of comparing it.
    Compared(ComparedName),
    /// The name carries a marshalled target.
    MarshalledTarget,
    /// The mark of the service name as unverified, which a client of a ticket may set, is
    /// encrypted.
    MarkIsEncrypted,
    /// The name is one of the server's own, whichever that is.
    AnOwnName,
    /// An objection: what speaks for the opposite answer.
    Objection(Objection),
    /// The server's names are taken from there.
    NamesTakenFrom(NamesSource, Vec<String>),
    /// The message has errors that a receiver may refuse.
    Errors,
    /// The value of the level is not one of the policy's.
    LevelNotDocumented(LevelValue),
}

impl Ground {
    /// The missing fact that a denial on that ground depends on.
    #[must_use]
    pub const fn missing_fact(&self) -> Option<MissingFact> {
        match self {
            Self::Compared(ComparedName { comparison: Comparison::AddressUnknown, .. }) => {
                Some(MissingFact::Addresses)
            }
            Self::Compared(ComparedName { comparison: Comparison::NameUnknown, .. }) => {
                Some(MissingFact::Names)
            }
            _ => None,
        }
    }

    /// Returns true if the host is in none of the lists, which an entry in `SrvAllowedServerNames`
    /// cures.
    #[must_use]
    pub const fn is_not_listed(&self) -> bool {
        matches!(self, Self::Compared(name) if name.comparison.is_not_listed())
    }
}

/// The message that the server's names are taken from.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum NamesSource {
    /// The CHALLENGE.
    Challenge,
    /// The AUTHENTICATE, which echoes a CHALLENGE.
    Echo,
}

/// An objection: it speaks for the opposite of what the check of the target name says.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Objection {
    /// Newer servers are reported to check sign-ins over loopback at level 0 too.
    OverLoopback,
    /// A right name that was marked untrusted was denied in a test.
    MarkedNameWasDenied,
    /// Another service takes an empty name as none.
    EmptyTakenAsNone,
    /// It is not known which classes pass besides `cifs`.
    OtherClassesMayPass,
    /// Services in general do not check the class of a ticket.
    ClassOfTicketsUnchecked,
    /// The server may have names that are not known to be in its list.
    OtherOwnNames,
    /// Compared letter by letter, the two spellings of an address differ.
    LettersDiffer,
    /// Read in its usual spelling, the host is in a list.
    ReadAsUsual(UsualSpelling),
}

/// A fact that nobody stated and that a denial depends on.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum MissingFact {
    /// The server's addresses.
    Addresses,
    /// The server's names.
    Names,
}
