//! The report's form. Keys may be added; none is renamed or removed without a new `schema`.
//!
//! All hex is lower case, except `status_code`. 64-bit numbers and times are strings, times in RFC
//! 3339 UTC. An absent value is `null`, an empty string is `""`. `start` and `end` are byte offsets,
//! half open, in the message (`hex`).

use serde::Serialize;

use super::{
    exchange_json::{ExchangeReport, exchange},
    extras::Extras,
    token_json::{TokenReport, token},
};
use crate::analysis::Analysis;

/// The whole report.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    schema: u32,
    tokens: Vec<TokenReport<'a>>,
    exchanges: Vec<ExchangeReport<'a>>,
}

impl<'a> Report<'a> {
    /// The report of `analysis`.
    #[must_use]
    pub fn of(analysis: &'a Analysis) -> Self {
        Self::with(analysis, Extras::default())
    }

    /// The same with what else was asked for.
    #[must_use]
    pub fn with(analysis: &'a Analysis, extras: Extras) -> Self {
        let mut tokens: Vec<_> = analysis.tokens.iter().map(|found| token(found)).collect();
        for exchange in &analysis.exchanges {
            // The bytes of an LM response do not say that it is LMv2; the secret may have.
            if let (Some(token), Some(kind)) = (exchange.authenticate, exchange.proof.kind)
                && let Some(token) = tokens.get_mut(token)
            {
                token.proved_to_be(kind);
            }
        }
        let exchanges = analysis.exchanges.iter();
        let exchanges = exchanges.map(|found| exchange(analysis, found, extras)).collect();
        Self { schema: 1, tokens, exchanges }
    }
}
