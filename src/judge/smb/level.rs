//! The levels of the policy, and the values of the registry that stand for them.

use std::{fmt, ops::Index};

use crate::judge::smb::{
    reason::{Ground, Reason},
    rules,
};

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

    /// The need for a name; `None` if the level does not look at it.
    #[must_use]
    pub const fn need(self) -> Option<Need> {
        match self {
            Self::Off => None,
            Self::AcceptIfProvided => Some(Need::IfSent),
            Self::RequiredFromClient => Some(Need::Required),
        }
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

/// The need for a name at a level that looks at it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Need {
    /// One that is sent is checked, and none has to be.
    IfSent,
    /// One has to be sent.
    Required,
}

/// One value for each of the three levels.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PerLevel<T>([T; 3]);

impl<T> PerLevel<T> {
    /// The value that `of` gives for each level.
    #[must_use]
    pub fn new(of: impl FnMut(Level) -> T) -> Self {
        Self(Level::ALL.map(of))
    }

    /// Each level and its value, in the order of the levels.
    pub fn iter(&self) -> impl Iterator<Item = (Level, &T)> {
        Level::ALL.into_iter().zip(&self.0)
    }

    /// The values, in the order of the levels.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter()
    }

    /// The values, in the order of the levels.
    #[must_use]
    pub const fn as_array(&self) -> &[T; 3] {
        &self.0
    }

    /// The values, in the order of the levels.
    #[must_use]
    pub fn into_array(self) -> [T; 3] {
        self.0
    }

    /// Maps each level and its value with `of`.
    #[must_use]
    pub fn map<U>(self, mut of: impl FnMut(Level, T) -> U) -> PerLevel<U> {
        let [off, accept, require] = self.0;
        PerLevel([
            of(Level::Off, off),
            of(Level::AcceptIfProvided, accept),
            of(Level::RequiredFromClient, require),
        ])
    }

    /// The value at `level` alone.
    #[must_use]
    pub fn at(self, level: Level) -> T {
        let [off, accept, require] = self.0;
        match level {
            Level::Off => off,
            Level::AcceptIfProvided => accept,
            Level::RequiredFromClient => require,
        }
    }
}

impl<T> Index<Level> for PerLevel<T> {
    type Output = T;

    fn index(&self, level: Level) -> &T {
        let [off, accept, require] = &self.0;
        match level {
            Level::Off => off,
            Level::AcceptIfProvided => accept,
            Level::RequiredFromClient => require,
        }
    }
}

/// The value of `SmbServerNameHardeningLevel` in the registry, which can be any number.
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

    /// The remark about a value that the policy does not have.
    #[must_use]
    pub fn remark(self) -> Option<Reason> {
        let ground = Ground::LevelNotDocumented(self);
        self.level().is_none().then(|| Reason::new(rules::LEVEL_NOT_DOCUMENTED, ground))
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.number(), self.label())
    }
}
