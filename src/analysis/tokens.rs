//! The messages of an input, each with what it was wrapped in.

use std::sync::Arc;

use super::{Place, signed::Silent};
use crate::base::{finding::Finding, pace::Pace, span::Span};
use crate::message::{content::Content, ntlm::Message};
use crate::read::{
    carrier,
    layer::Layer,
    text::{self, Characters, FoundLine, Reading},
};

/// One message that was found, and what it was wrapped in.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// From the pasted text inward; the last is the message itself.
    pub layers: Vec<Layer>,
    /// The message.
    pub content: Content,
    /// What is odd about the layers, or about the message beside others: the index of the layer,
    /// and the finding, whose span counts in the same buffer as the layer's own span; in the
    /// message, where it is the innermost layer.
    pub findings: Vec<(usize, Finding)>,
    /// Where the message stands in the input, in the order of the places; that of `layers` is one
    /// of them. None of what was captured or edited.
    pub places: Vec<Place>,
}

impl Token {
    /// The NTLM message, where it is one.
    #[must_use]
    pub const fn message(&self) -> Option<&Message> {
        self.content.ntlm()
    }

    /// The index of the layer that is the message itself.
    #[must_use]
    pub fn innermost(&self) -> usize {
        self.layers.len().saturating_sub(1)
    }

    /// Everything odd, from the outermost layer inward: the index of the layer, and the finding.
    pub fn all_findings(&self) -> impl Iterator<Item = (usize, &Finding)> {
        let innermost = self.innermost();
        let outer = self.findings.iter().map(|(layer, finding)| (*layer, finding));
        outer.chain(self.content.findings().iter().map(move |finding| (innermost, finding)))
    }

    /// Where the bytes `span` of the message stand in what was pasted.
    #[must_use]
    pub fn pasted(&self, span: Span) -> Span {
        let base = self.layers.last().map_or(0, |layer| layer.span.start);
        outermost(&self.layers, span.shifted(base))
    }

    /// Where the layer with that index stands in what was pasted.
    #[must_use]
    pub fn layer_pasted(&self, layer: usize) -> Span {
        let span = self.layers.get(layer).map_or_else(Span::default, |layer| layer.span);
        outermost(self.layers.get(..layer).unwrap_or_default(), span)
    }
}

/// Where `span`, a place in the innermost buffer of `layers`, stands in the buffer outside them
/// all.
fn outermost(layers: &[Layer], span: Span) -> Span {
    let maps = layers.iter().rev().filter_map(|layer| layer.map.as_ref());
    maps.fold(span, |span, map| map.outer(span))
}

/// The most messages that are read of one input. More is no sign-in, and would take the page's
/// memory.
pub const MOST_TOKENS: usize = 1_000;

/// The most pieces of the input of which it is said what they carry besides messages.
const MOST_OTHERS: usize = 4;

/// What was found in an input.
pub(super) struct FoundTokens {
    pub(super) tokens: Vec<Token>,
    /// What was not read, in one sentence.
    pub(super) remark: Option<String>,
    /// What is known and carries no message, in phrases.
    pub(super) without: Option<String>,
    pub(super) others: Vec<Reading>,
    pub(super) characters: Arc<Characters>,
    pub(super) silent: Vec<Silent>,
}

impl FoundTokens {
    /// Whether there is no room for another message, which is said.
    fn is_full(&mut self) -> bool {
        let is_full = self.tokens.len() == MOST_TOKENS;
        if is_full {
            self.remark = Some(format!("Only the first {MOST_TOKENS} messages are read."));
        }
        is_full
    }

    fn push_line(&mut self, FoundLine { layers, line, .. }: FoundLine) {
        if !self.is_full() {
            let (content, findings, places) = (Content::Response(line), Vec::new(), Vec::new());
            self.tokens.push(Token { layers, content, findings, places });
        }
    }
}

/// The messages in `input`, and a sentence where something of it was not read.
pub(super) async fn find_tokens(
    input: &[u8],
    reading: Option<Reading>,
    pace: &Pace,
) -> FoundTokens {
    let decoded = text::decode_in_steps(input, reading, pace).await;
    let mut without = Vec::new();
    let mut found = FoundTokens {
        tokens: Vec::new(),
        remark: decoded.unread,
        without: None,
        others: Vec::new(),
        characters: decoded.characters,
        silent: Vec::new(),
    };
    let mut lines = decoded.lines.into_iter().peekable();
    for (index, candidate) in (0..).zip(decoded.candidates) {
        while let Some(line) = lines.next_if(|line| line.behind <= index) {
            found.push_line(line);
        }
        pace.spend(candidate.bytes.len()).await;
        let contents = carrier::read(&candidate.bytes, MOST_TOKENS + 1);
        without.extend(contents.others);
        let before = found.tokens.len();
        let silent = contents.negotiations.into_iter();
        let silent = silent.filter_map(|(behind, layer)| Silent::of(before + behind, layer));
        found.silent.extend(silent.take(MOST_TOKENS.saturating_sub(found.silent.len())));
        for message in contents.messages {
            if found.is_full() {
                return found;
            }
            let mut layers = candidate.layers.clone();
            let outside = layers.len();
            layers.extend(message.layers);
            let findings = message.findings.into_iter();
            let findings = findings.map(|(layer, finding)| (outside + layer, finding)).collect();
            let content = message.content;
            found.tokens.push(Token { layers, content, findings, places: Vec::new() });
        }
        for other in candidate.others {
            if !found.others.contains(&other) {
                found.others.push(other);
            }
        }
    }
    for line in lines {
        found.push_line(line);
    }
    without.truncate(MOST_OTHERS);
    found.without = (!without.is_empty()).then(|| without.join("; "));
    found
}
