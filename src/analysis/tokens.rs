//! The messages of an input, each with the layers it was wrapped in. Which of them are one sign-in
//! is found later.

use std::sync::Arc;

use super::{MessagePlace, signed::MessagelessToken};
use crate::base::{finding::Finding, pace::Pace, span::Span};
use crate::message::{content::Content, ntlm::Message};
use crate::read::{
    carrier,
    layer::Layer,
    text::{self, Characters, FoundLine, Reading},
};

/// One message that was found, and the layers it was wrapped in.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// From the pasted text inward; the last is the message itself.
    pub layers: Vec<Layer>,
    /// The message.
    pub content: Content,
    /// The findings about the layers, or about the message beside others: the index of the layer,
    /// and the finding, whose span counts in the same buffer as the layer's own span; in the
    /// message, if it is the innermost layer.
    pub findings: Vec<(usize, Finding)>,
    /// The places of the message in the input, in order; that of `layers` is one of them. A message
    /// that was captured or edited has none.
    pub places: Vec<MessagePlace>,
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

    /// All findings, from the outermost layer inward: the index of the layer, and the finding.
    pub fn all_findings(&self) -> impl Iterator<Item = (usize, &Finding)> {
        let innermost = self.innermost();
        let outer = self.findings.iter().map(|(layer, finding)| (*layer, finding));
        outer.chain(self.content.findings().iter().map(move |finding| (innermost, finding)))
    }

    /// The place of the bytes `span` of the message in the input.
    #[must_use]
    pub fn pasted(&self, span: Span) -> Span {
        let base = self.layers.last().map_or(0, |layer| layer.span.start);
        outermost(&self.layers, span.shifted(base))
    }

    /// The place of the layer with that index in the input.
    #[must_use]
    pub fn layer_pasted(&self, layer: usize) -> Span {
        let span = self.layers.get(layer).map_or_else(Span::default, |layer| layer.span);
        outermost(self.layers.get(..layer).unwrap_or_default(), span)
    }
}

/// The place in the buffer outside all `layers` of `span`, a place in the innermost one.
fn outermost(layers: &[Layer], span: Span) -> Span {
    let maps = layers.iter().rev().filter_map(|layer| layer.map.as_ref());
    maps.fold(span, |span, map| map.to_outer(span))
}

/// The most messages that are read of one input. More is no sign-in, and would take the page's
/// memory.
pub const MAX_TOKENS: usize = 1_000;

/// The most pieces of the input whose other contents are described.
const MAX_DESCRIBED: usize = 4;

/// The messages found in an input, and remarks on the rest of it.
pub(super) struct FoundTokens {
    pub(super) tokens: Vec<Token>,
    /// The part of the input that was not read, in one sentence.
    pub(super) remark: Option<String>,
    /// The carriers that are known and carry no message, in phrases.
    pub(super) without: Option<String>,
    pub(super) others: Vec<Reading>,
    pub(super) characters: Arc<Characters>,
    pub(super) messageless: Vec<MessagelessToken>,
}

impl FoundTokens {
    /// Returns true if there is no room for another message, and remarks it.
    fn is_full(&mut self) -> bool {
        let is_full = self.tokens.len() == MAX_TOKENS;
        if is_full {
            self.remark = Some(format!("Only the first {MAX_TOKENS} messages are read."));
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
        messageless: Vec::new(),
    };
    let mut lines = decoded.lines.into_iter().peekable();
    for (index, candidate) in (0..).zip(decoded.candidates) {
        while let Some(line) = lines.next_if(|line| line.behind <= index) {
            found.push_line(line);
        }
        pace.spend(candidate.bytes.len()).await;
        let contents = carrier::read(&candidate.bytes, MAX_TOKENS + 1);
        without.extend(contents.others);
        let before = found.tokens.len();
        let messageless = contents.negotiations.into_iter();
        let messageless =
            messageless.filter_map(|(behind, layer)| MessagelessToken::of(before + behind, layer));
        found
            .messageless
            .extend(messageless.take(MAX_TOKENS.saturating_sub(found.messageless.len())));
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
    without.truncate(MAX_DESCRIBED);
    found.without = (!without.is_empty()).then(|| without.join("; "));
    found
}
