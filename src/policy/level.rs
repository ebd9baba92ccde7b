use std::fmt;

use crate::policy::rules::{self, Reason};

/// A value of `SmbServerNameHardeningLevel`, "Microsoft network server: Server SPN target name
/// validation level".
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Level {
    /// 0: the SPN is neither required nor validated.
    Off,
    /// 1: an SPN that is supplied has to be right.
    AcceptIfProvided,
    /// 2: an SPN has to be supplied and right.
    RequiredFromClient,
}

impl Level {
    /// The three levels of the policy, in order.
    pub const ALL: [Self; 3] = [Self::Off, Self::AcceptIfProvided, Self::RequiredFromClient];

    /// The registry value.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The name that the policy's dialog gives it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Off => "Off",
            Self::AcceptIfProvided => "Accept if provided by client",
            Self::RequiredFromClient => "Required from client",
        }
    }
}

/// What the registry holds as `SmbServerNameHardeningLevel`, which can be any number.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LevelValue(pub u32);

impl LevelValue {
    /// The level of the policy that it stands for. A value above 3 counts as 0; for 3, which is not
    /// documented, there is none.
    #[must_use]
    pub const fn level(self) -> Option<Level> {
        match self.0 {
            1 => Some(Level::AcceptIfProvided),
            2 => Some(Level::RequiredFromClient),
            3 => None,
            _ => Some(Level::Off),
        }
    }

    /// What is to be said of a value that the policy does not have.
    #[must_use]
    pub fn remark(self) -> Option<Reason> {
        match self.0 {
            0..=2 => None,
            3 => Some(Reason::new(
                rules::LEVEL_THREE,
                "Level 3 is not documented and not simulated: no name is needed, and only the host of a name is said to be compared.",
            )),
            value => Some(Reason::new(
                rules::LEVEL_IGNORED,
                format!("Level {value} does not exist. Windows is said to take it as 0."),
            )),
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.number(), self.label())
    }
}
