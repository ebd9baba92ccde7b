//! `SPNValidationPolicy` of the SMB server's events. It has numbers of its own, which are not the
//! registry's.

use crate::read::config::lines::hex_number;

/// The policy that an event states.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Policy {
    NoValidation,
    OptionalServiceName,
    OptionalFull,
    RequiredServiceName,
    RequiredFull,
}

impl Policy {
    /// All of them, by their numbers.
    const ALL: [Self; 5] = [
        Self::NoValidation,
        Self::OptionalServiceName,
        Self::OptionalFull,
        Self::RequiredServiceName,
        Self::RequiredFull,
    ];

    /// The policy that a field holds: its number, or its English words, behind which the text of
    /// the event may go on.
    pub(super) fn of(text: &str) -> Option<Self> {
        let number = text.parse::<u32>().ok().or_else(|| hex_number(text));
        match number {
            Some(number) => Self::ALL.get(usize::try_from(number).ok()?).copied(),
            None => Self::ALL.into_iter().find(|one| {
                let begin = text.get(..one.words().len());
                begin.is_some_and(|begin| begin.eq_ignore_ascii_case(one.words()))
            }),
        }
    }

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::NoValidation => "SPN optional / no validation",
            Self::OptionalServiceName => "SPN optional / validate service name",
            Self::OptionalFull => "SPN optional / validate full",
            Self::RequiredServiceName => "SPN required / validate service name",
            Self::RequiredFull => "SPN required / validate full",
        }
    }

    /// The value of `SmbServerNameHardeningLevel` that leads to it, where one is documented. That
    /// level 1 leads to number 2 is inferred.
    pub(super) const fn level(self) -> Option<u32> {
        match self {
            Self::NoValidation => Some(0),
            Self::OptionalFull => Some(1),
            Self::RequiredFull => Some(2),
            Self::OptionalServiceName | Self::RequiredServiceName => None,
        }
    }
}
