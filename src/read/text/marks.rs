//! The marks in a text that say that a token follows.

use crate::base::span::Span;
use crate::read::layer::{HttpHeader, LayerKind};

/// The most marks that are kept: more than there are messages that are read.
const MAX_MARKS: usize = 8_192;

/// The marks around the tokens of a text.
#[derive(Default)]
pub(super) struct Context {
    /// By the places of their tokens, in order.
    pub(super) marks: Vec<TokenMark>,
    /// The first header that carries something else: its name, and the word for its scheme.
    pub(super) foreign: Option<(HttpHeader, Span)>,
}

/// Something that says that what follows is a token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct TokenMark {
    pub(super) kind: LayerKind,
    /// The start of the mark.
    pub(super) start: usize,
    /// The start of the token.
    pub(super) token: usize,
}

impl Context {
    /// Returns true if there may be more than is noted.
    pub(super) const fn is_full(&self) -> bool {
        self.marks.len() == MAX_MARKS
    }

    /// Takes note of a mark. Of two for one token the nearer one counts.
    pub(super) fn add(&mut self, mark: TokenMark) {
        let is_full = self.is_full();
        match self.marks.last_mut() {
            Some(last) if last.token == mark.token => *last = mark,
            Some(last) if last.token > mark.token => {}
            _ if is_full => {}
            _ => self.marks.push(mark),
        }
    }

    /// The mark of the token that begins at `token`.
    pub(super) fn mark_of(&self, token: usize) -> Option<TokenMark> {
        let index = self.marks.partition_point(|mark| mark.token < token);
        self.marks.get(index).copied().filter(|mark| mark.token == token)
    }
}
