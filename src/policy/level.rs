use std::fmt;

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

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.number(), self.label())
    }
}
