//! The same analysis with some messages edited by hand.

use super::{Analysis, Token, exchange::Group, judge, messages};
use crate::{
    carrier::Content,
    edit::{self, EditError},
    layer::{Layer, LayerKind},
    ntlm::Message,
    policy::ServerSettings,
    proof::Secret,
    span::Span,
};

/// Messages that stand in the place of others, by the index of their token.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edits(Vec<(usize, Message)>);

impl Edits {
    /// Whether nothing is edited.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a token is edited.
    #[must_use]
    pub fn has(&self, token: usize) -> bool {
        self.0.iter().any(|(index, _)| *index == token)
    }

    /// Changes the value at `path` of a token of `shown`, which is the analysis with these edits in it.
    /// `None` takes the value out.
    ///
    /// # Errors
    ///
    /// One sentence that says why not.
    pub fn change(
        &mut self,
        shown: &Analysis,
        token: usize,
        path: &str,
        value: Option<&str>,
    ) -> Result<(), EditError> {
        let message = shown.tokens.get(token).and_then(Token::message);
        let edited = edit::change(message.ok_or(EditError::NotEditable)?, path, value)?;
        self.put(token, edited);
        Ok(())
    }

    /// Lets the client compute anew what it would have computed over the edited messages.
    ///
    /// # Errors
    ///
    /// One sentence that says why only the client can.
    pub fn as_client(
        &mut self,
        captured: &Analysis,
        shown: &Analysis,
        token: usize,
        secret: Option<&Secret>,
    ) -> Result<(), &'static str> {
        let exchange = captured.exchange_of(token).ok_or("The message is of no sign-in.")?;
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
        self.0.push((token, message));
    }
}

impl Analysis {
    /// This analysis with `edits` in it. Which messages are one sign-in stays as it was. An edited
    /// message stands alone: nothing it was wrapped in holds it.
    #[must_use]
    pub fn with(&self, edits: &Edits, settings: &ServerSettings, secret: Option<&Secret>) -> Self {
        let mut edited = self.clone();
        for (index, message) in &edits.0 {
            if let Some(token) = edited.tokens.get_mut(*index) {
                let span = Span::new(0, message.bytes().len());
                *token = Token {
                    layers: vec![Layer::new(LayerKind::Ntlmssp, span)],
                    content: Content::Ntlm(message.clone()),
                    findings: Vec::new(),
                };
            }
        }
        let judged = self.exchanges.iter().map(|exchange| {
            let [negotiate, challenge, authenticate] = exchange.messages();
            let ap_req = exchange.ap_req;
            let group = Group { negotiate, challenge, authenticate, ap_req, findings: Vec::new() };
            judge(&edited.tokens, Some(&self.tokens), &group, settings, secret)
        });
        edited.exchanges = judged.collect();
        edited
    }
}
