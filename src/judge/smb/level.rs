use std::fmt;

use crate::judge::smb::rules::{self, Reason};

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
    /// The level of the policy that it stands for; none where it is not documented.
    #[must_use]
    pub const fn level(self) -> Option<Level> {
        match self.0 {
            0 => Some(Level::Off),
            1 => Some(Level::AcceptIfProvided),
            2 => Some(Level::RequiredFromClient),
            _ => None,
        }
    }

    /// What is to be said of a value that the policy does not have.
    #[must_use]
    pub fn remark(self) -> Option<Reason> {
        self.level().is_none().then(|| {
            let message = format!(
                "Level {} is not documented, so it is not simulated. The levels are 0, 1 and 2.",
                self.0
            );
            Reason::new(rules::LEVEL_NOT_DOCUMENTED, message)
        })
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.number(), self.label())
    }
}
