//! The report's form. Keys may be added; none is renamed or removed without a new `schema`.
//!
//! All hex is lower case, except `status_code`. 64-bit numbers and times are strings, times in RFC
//! 3339 UTC. An absent value is `null`, an empty string is `""`. `start` and `end` are byte
//! offsets, half open, in the message (`hex`).

use serde::{Serialize, Serializer};

use super::{exchange_json::exchange, extras::Extras, token_json::token};
use crate::analysis::Analysis;

/// The whole report.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    schema: u32,
    tokens: Tokens<'a>,
    exchanges: Exchanges<'a>,
}

impl<'a> Report<'a> {
    /// The report of `analysis`, with what else was asked for.
    #[must_use]
    pub const fn with(analysis: &'a Analysis, extras: Extras) -> Self {
        Self { schema: 1, tokens: Tokens(analysis), exchanges: Exchanges(analysis, extras) }
    }
}

/// The messages. What is said of each is made when it is written: of a thousand it would take as
/// much memory as the report itself.
#[derive(Debug)]
struct Tokens<'a>(&'a Analysis);

impl Serialize for Tokens<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (tokens, exchanges) = (self.0.tokens(), self.0.exchanges());
        let mut kinds = vec![None; tokens.len()];
        for exchange in exchanges {
            // The bytes of an LM response do not say that it is LMv2; the secret may have.
            if let Some(kind) = exchange.authenticate.and_then(|at| kinds.get_mut(at)) {
                *kind = exchange.proof.kind;
            }
        }
        let tokens = (0..).zip(kinds).filter_map(|(at, kind)| token(self.0, at, kind));
        serializer.collect_seq(tokens)
    }
}

/// The sign-ins, each made when it is written.
#[derive(Debug)]
struct Exchanges<'a>(&'a Analysis, Extras);

impl Serialize for Exchanges<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(analysis, extras) = *self;
        let exchanges = analysis.exchanges().iter();
        serializer.collect_seq(exchanges.map(|found| exchange(analysis, found, extras)))
    }
}
