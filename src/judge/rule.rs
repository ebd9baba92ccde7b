//! Rules that decisions quote, each with its basis and its source. Each service has a table of its
//! own; this is what they are made of.

use serde::Serialize;

/// The certainty of a statement.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Taken here without evidence, because there is nothing better; or rests on what nobody
    /// stated.
    Assumed,
    /// Follows from facts beside it.
    Inferred,
    /// Seen and reported by a named person or project.
    Observed,
    /// Stated by Microsoft.
    Documented,
    /// Seen in this very capture or event.
    Captured,
}

impl Basis {
    /// All of them, the surest first.
    pub const ALL: [Self; 5] =
        [Self::Captured, Self::Documented, Self::Observed, Self::Inferred, Self::Assumed];

    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Assumed => "assumed",
            Self::Inferred => "inferred",
            Self::Observed => "observed",
            Self::Documented => "documented",
            Self::Captured => "captured",
        }
    }

    /// The meaning of the word, in a few words.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Assumed => {
                "there is no evidence, or it depends on something that is not known here"
            }
            Self::Inferred => "follows from other facts",
            Self::Observed => "seen and reported by a named person or project",
            Self::Documented => "Microsoft says so",
            Self::Captured => "seen in this very capture or event",
        }
    }

    /// One (assumed) to five (captured), for the ticks beside the word.
    #[must_use]
    pub const fn degree(self) -> u8 {
        self as u8 + 1
    }
}

/// One rule of a table. What it says, in a sentence, is the documentation of its constant, and is
/// in the `STATEMENTS` of the table.
#[derive(Debug, Eq, PartialEq)]
pub struct Rule {
    /// Its stable name, which a reason quotes.
    pub code: &'static str,
    /// The certainty of the rule.
    pub basis: Basis,
    /// The source: author and title.
    pub source: &'static str,
}

macro_rules! rules {
    ($($name:ident: $code:literal, $basis:ident, $source:expr, $statement:literal;)*) => {
        $(
            #[doc = $statement]
            pub const $name: &$crate::judge::rule::Rule = &$crate::judge::rule::Rule {
                code: $code,
                basis: $crate::judge::rule::Basis::$basis,
                source: $source,
            };
        )*

        /// All rules, in the order in which a server comes to them.
        pub const RULES: &[&$crate::judge::rule::Rule] = &[$($name,)*];

        /// The statement of each of [`RULES`], in one sentence, in the same order.
        pub const STATEMENTS: &[&str] = &[$($statement,)*];

        /// Every rule and what it says, in the order in which a server comes to them.
        pub fn stated() -> impl Iterator<Item = (&'static $crate::judge::rule::Rule, String)> {
            // Backticks mark code in the documentation.
            std::iter::zip(RULES, STATEMENTS).map(|(rule, says)| (*rule, says.replace('`', "")))
        }
    };
}
pub(crate) use rules;
