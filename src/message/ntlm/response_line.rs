//! An NTLMv2 response that stands alone, with what a tool printed beside it: a NetNTLMv2 line.
//!
//! It is what a server holds against the secret, taken out of its messages: the names, the
//! challenge, NTProofStr and what that is computed over. It is read here, never written.

use std::sync::Arc;

use crate::base::{
    finding::{Code, Finding, bytes},
    span::{Source, Span, in_order},
};
use crate::message::{
    field::Field,
    missing::Missing,
    ntlm::{Ntlmv2Response, SignInNames, TargetName},
    wire::{AvFlags, AvId, same_name},
};

/// The values beside the response in a line.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct StatedBeside {
    /// The user who signs in.
    pub user: String,
    /// The user's domain; empty where the line has none.
    pub domain: String,
    /// `ServerChallenge`: 8 bytes, or as many as the line has.
    pub server_challenge: Vec<u8>,
}

impl StatedBeside {
    /// Returns true if the two may be the same sign-in: one line may leave out the domain, or write
    /// names in other letters.
    #[must_use]
    pub fn agrees_with(&self, other: &Self) -> bool {
        let is_left_out = self.domain.is_empty() || other.domain.is_empty();
        self.server_challenge == other.server_challenge
            && same_name(&self.user, &other.user)
            && (is_left_out || same_name(&self.domain, &other.domain))
    }
}

/// An NTLMv2 response without the message it was in. All spans count from the first byte of
/// NTProofStr.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ResponseLine {
    bytes: Arc<[u8]>,
    /// The values beside it.
    pub beside: StatedBeside,
    /// The response.
    pub response: Ntlmv2Response,
    /// The bytes that are there and those that are missing, if the line ends inside it.
    pub missing: Option<Missing>,
    /// The findings, in the order of the bytes.
    pub findings: Vec<Finding>,
}

impl ResponseLine {
    /// The length of `ServerChallenge`, in bytes.
    pub const CHALLENGE_LEN: usize = 8;

    /// Reads the response.
    #[must_use]
    pub fn new(bytes: Arc<[u8]>, beside: StatedBeside) -> Self {
        let source = Source(&bytes);
        let whole = Span::new(0, bytes.len());
        let mut findings = Vec::new();
        let response = Ntlmv2Response::read(source, whole, &mut findings);
        // Nothing but the list of pairs says where a response ends.
        let missing =
            (!response.av_pairs.is_whole()).then_some(Missing { have: bytes.len(), of: None });
        let mut line = Self { bytes, beside, response, missing, findings };
        line.check();
        line
    }

    fn check(&mut self) {
        let source = Source(&self.bytes);
        let target = self.target_name();
        let mut findings = std::mem::take(&mut self.findings);
        if self.missing.is_some() {
            // What is cut is no fault of the sender's.
            findings.retain(|finding| finding.span.end < self.bytes.len());
            let text = format!(
                "The line ends at byte {} of the response, before its list of AV pairs does: it is cut. {}",
                self.bytes.len(),
                if target == TargetName::CutOff {
                    "The part that is there does not hold the target name and the whole response."
                } else {
                    "The part that is there does not hold the whole response."
                }
            );
            findings.push(Finding::new(Code::MessageCut, Span::empty(self.bytes.len()), text));
        }
        self.response.check(source, &target, &mut findings);
        let challenge = self.beside.server_challenge.len();
        if challenge != Self::CHALLENGE_LEN {
            findings.push(Finding::new(
                Code::ResponseLineChallenge,
                Span::empty(0),
                format!(
                    "The challenge in the line has {}, where ServerChallenge has {}. Which of them the response answers is not known.",
                    bytes(challenge),
                    Self::CHALLENGE_LEN
                ),
            ));
        }
        let mic = if self.announces_mic() {
            "MsvAvFlags announces a MIC, which is not in the line."
        } else if self.is_told(AvId::MsvAvFlags) {
            "MsvAvFlags announces no MIC."
        } else {
            "Whether a MIC was announced is not known."
        };
        findings.push(Finding::new(
            Code::ResponseLine,
            Span::new(0, self.bytes.len()),
            format!(
                "A NetNTLMv2 line holds the response and what is needed to check it, but no message: no flags, no workstation, no session key. {mic}"
            ),
        ));
        self.findings = in_order(findings, |finding| finding.span);
    }

    /// NTProofStr and what it is computed over.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its bytes, shared.
    #[must_use]
    pub fn shared_bytes(&self) -> Arc<[u8]> {
        Arc::clone(&self.bytes)
    }

    /// The response as the buffer its spans point into.
    #[must_use]
    pub fn source(&self) -> Source<'_> {
        Source(&self.bytes)
    }

    /// The service the client meant to reach.
    #[must_use]
    pub fn target_name(&self) -> TargetName {
        let is_told = self.is_told(AvId::MsvAvTargetName) && self.is_told(AvId::MsvAvFlags);
        if is_told {
            TargetName::of(&self.response.av_pairs, self.source())
        } else {
            TargetName::CutOff
        }
    }

    /// Returns true if `MsvAvFlags` says that there was a MIC, as far as it is there.
    #[must_use]
    pub fn announces_mic(&self) -> bool {
        let flags = self.response.av_pairs.flags(self.source());
        flags.is_some_and(|flags| flags.contains(AvFlags::MIC))
    }

    /// Returns true if the pair is there as a whole, or is known not to be.
    fn is_told(&self, id: AvId) -> bool {
        let pairs = &self.response.av_pairs;
        self.missing.is_none() || pairs.first(id).is_some_and(|pair| !pair.is_cut())
    }

    /// The names of the one who signs in, as the line has them.
    #[must_use]
    pub fn names(&self) -> SignInNames {
        SignInNames {
            domain: Some(self.beside.domain.clone()),
            user: Some(self.beside.user.clone()),
            workstation: None,
        }
    }

    /// The response as a tree of fields.
    #[must_use]
    pub fn field(&self) -> Field<'_> {
        let fields = self.response.fields(self.source());
        Field::structure("NTLMv2_RESPONSE", Span::new(0, self.bytes.len()), fields)
    }
}
