//! What stands around tokens in a text: HTTP headers and mail dialogues.

use super::{http, mail};
use crate::layer::LayerKind;

/// What stands around the tokens of a text.
#[derive(Default)]
pub(super) struct Context {
    /// By the places of their tokens, in order.
    pub(super) marks: Vec<Mark>,
    /// Headers that carry something else.
    pub(super) foreign: Vec<Foreign>,
}

/// Something that says that what follows is a token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Mark {
    pub(super) kind: LayerKind,
    /// Where it begins.
    pub(super) start: usize,
    /// Where the token begins.
    pub(super) token: usize,
}

/// A header whose scheme is neither NTLM nor Negotiate.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Foreign {
    pub(super) header: &'static str,
    /// The word for the scheme.
    pub(super) scheme: crate::span::Span,
}

/// What begins all that is looked for, in any case.
const BEGINNING: &str = "auth";

/// Finds headers and dialogues in the text.
pub(super) fn around(text: &[u8]) -> Context {
    let mut context = Context::default();
    let mut from = 0;
    while let Some(at) = find(text, from) {
        from = at + BEGINNING.len();
        if !http::header(text, at, &mut context) {
            mail::dialogue(text, at, &mut context);
        }
    }
    context
}

impl Context {
    /// Takes note of a mark. Of two for one token the nearer one counts.
    pub(super) fn add(&mut self, mark: Mark) {
        match self.marks.last_mut() {
            Some(last) if last.token == mark.token => *last = mark,
            Some(last) if last.token > mark.token => {}
            _ => self.marks.push(mark),
        }
    }

    /// The mark of the token that begins at `token`.
    pub(super) fn mark_of(&self, token: usize) -> Option<Mark> {
        let index = self.marks.binary_search_by_key(&token, |mark| mark.token).ok()?;
        self.marks.get(index).copied()
    }
}

fn find(text: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        // `a` and `A` differ in one bit.
        at += text.get(at..)?.iter().position(|byte| byte | 0x20 == b'a')?;
        if goes_on(text, at, BEGINNING) {
            return Some(at);
        }
        at += 1;
    }
}

/// Whether the text goes on with these words at `at`, in any case.
pub(super) fn goes_on(text: &[u8], at: usize, words: &str) -> bool {
    let there = text.get(at..at.saturating_add(words.len()));
    there.is_some_and(|there| there.eq_ignore_ascii_case(words.as_bytes()))
}

/// Whether a character can be in the middle of a word or a name.
pub(super) const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}
