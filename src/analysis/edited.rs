//! The analysis with some messages edited by hand.
//!
//! An edited message replaces the captured one and is judged like it. Without a secret, the checks
//! that cannot hold any more are named, since they were computed over other bytes.

use std::sync::Arc;

use super::{Analysis, MessageGroup, Token, judge, messages, proven};
use crate::base::span::Span;
use crate::judge::{proof::Secret, smb::ServerSettings};
use crate::lab::edit::{self, ComputeError, EditError};
use crate::message::{content::Content, field::FieldPath, ntlm::Message};
use crate::read::layer::{Layer, LayerKind};

/// Messages that replace others, by the index of their token.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edits(Vec<(usize, Arc<Token>)>);

impl Edits {
    /// Returns true if nothing is edited.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// These edits with the tokens' new indices, as `position` gives them. An edit of a token that
    /// is gone is left out.
    #[must_use]
    pub fn moved(&self, position: impl Fn(usize) -> Option<usize>) -> Self {
        let moved = self.0.iter();
        let moved = moved.filter_map(|(index, edited)| Some((position(*index)?, edited.clone())));
        Self(moved.collect())
    }

    /// Returns true if the token is edited.
    #[must_use]
    pub fn has(&self, token: usize) -> bool {
        self.0.iter().any(|(index, _)| *index == token)
    }

    /// Changes the value at `path` of a token of `shown`, which is the analysis with these edits in
    /// it. `None` removes the value.
    ///
    /// # Errors
    ///
    /// The reason why the value cannot be changed.
    pub fn change(
        &mut self,
        shown: &Analysis,
        token: usize,
        path: &FieldPath,
        value: Option<&str>,
    ) -> Result<(), EditError> {
        let message = shown.tokens.get(token).and_then(|token| token.message());
        let edited = edit::change(message.ok_or(EditError::NotEditable)?, path, value)?;
        self.put(token, edited);
        Ok(())
    }

    /// Computes the client's answer anew, over the edited messages.
    ///
    /// # Errors
    ///
    /// The reason why only the client can.
    pub fn as_client(
        &mut self,
        captured: &Analysis,
        shown: &Analysis,
        token: usize,
        secret: Option<&Secret>,
    ) -> Result<(), ComputeError> {
        let exchange = captured.exchange_of(token).ok_or(ComputeError::NoSignIn)?;
        let indices = exchange.messages();
        let message = edit::as_client(
            messages(&captured.tokens, indices),
            messages(&shown.tokens, indices),
            secret,
        )?;
        if let Some(authenticate) = exchange.authenticate {
            self.put(authenticate, message);
        }
        Ok(())
    }

    fn put(&mut self, token: usize, message: Message) {
        self.0.retain(|(index, _)| *index != token);
        let span = Span::new(0, message.bytes().len());
        let edited = Token {
            layers: vec![Layer::new(LayerKind::Ntlmssp, span)],
            content: Content::Ntlm(message),
            findings: Vec::new(),
            places: Vec::new(),
        };
        self.0.push((token, Arc::new(edited)));
    }
}

impl Analysis {
    /// This analysis with `edits` in it. Messages stay grouped as they were. An edited message has
    /// no layers around it.
    #[must_use]
    pub fn with(&self, edits: &Edits, settings: &ServerSettings, secret: Option<&Secret>) -> Self {
        let mut tokens = self.tokens.clone();
        for (index, edited) in &edits.0 {
            if let Some(token) = tokens.get_mut(*index) {
                *token = Arc::clone(edited);
            }
        }
        let judged = self.exchanges.iter().map(|exchange| {
            let [negotiate, challenge, authenticate] = exchange.messages();
            let (ap_req, response) = (exchange.ap_req, exchange.response);
            let group = MessageGroup {
                negotiate,
                challenge,
                authenticate,
                ap_req,
                response,
                captured: exchange.captured.clone(),
                negotiated: None,
                findings: Vec::new(),
            };
            let mut exchange = judge(&tokens, Some(&self.tokens), &group, settings, secret);
            exchange.findings = proven::findings(&tokens, &exchange);
            exchange
        });
        let exchanges = judged.collect();
        let (refusal, remark) = (self.refusal.clone(), self.remark.clone());
        Self {
            exchanges,
            tokens,
            refusal,
            remark,
            others: self.others.clone(),
            characters: Arc::clone(&self.characters),
        }
    }
}
