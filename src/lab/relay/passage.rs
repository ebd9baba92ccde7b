//! The messages as each party saw them, and what changed on the way.

use super::{Edit, Middle, Party, Scenario, edit, story};
use crate::judge::proof::Secret;
use crate::lab::exchange::{Answer, AnswerDraft, ClientKind, ExchangeError, SessionKeys, parse};
use crate::message::content::Content;
use crate::message::{
    compare::{CompareRow, Difference, compare},
    ntlm::{Message, write},
};

/// One message on its way from the client to the server, or back.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Passage {
    /// The sender: the client or the server. It is for the other of the two.
    pub from: Party,
    /// The message as it was sent.
    pub sent: Message,
    /// The message as it arrived.
    pub received: Message,
    /// The differences: as sent on the left, as received on the right. A pointer that only had to
    /// follow something else is [`Difference::Layout`].
    pub changes: Vec<CompareRow>,
}

/// The outcome of the edit.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum EditOutcome {
    /// None was asked for.
    Nothing,
    /// There is no attacker who would make it.
    NoAttacker,
    /// It was made on the way: the passages have the changes.
    OnTheWay,
    /// The attacker's own client made it before it proved the message, so it is part of what is
    /// proven.
    BeforeTheProof,
    /// It changed nothing, for the reason that the sentence says.
    Impossible(&'static str),
}

impl EditOutcome {
    /// The stable name in the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::NoAttacker => "nobody-does",
            Self::OnTheWay => "on-the-way",
            Self::BeforeTheProof => "before-the-proof",
            Self::Impossible(_) => "impossible",
        }
    }

    /// The reason why nothing was edited though something was asked for, in one sentence.
    #[must_use]
    pub const fn because(self) -> Option<&'static str> {
        match self {
            Self::NoAttacker => {
                Some("Nobody in the middle changes anything, so nothing was edited.")
            }
            Self::Impossible(because) => Some(because),
            _ => None,
        }
    }
}

/// The three messages, and the keys of the one who sent the AUTHENTICATE.
pub(super) struct Wire {
    pub(super) passages: [Passage; 3],
    pub(super) edited: EditOutcome,
    pub(super) client_keys: SessionKeys,
}

impl Wire {
    /// Lets client and server talk through the middle.
    pub(super) fn new(scenario: &Scenario, secret: &Secret) -> Result<Self, ExchangeError> {
        match scenario.middle {
            Middle::OwnClient => own_client(scenario, secret),
            middle if middle.is_attack() => relayed(scenario, &scenario.edit, secret),
            _ => {
                let mut wire = relayed(scenario, &Edit::Nothing, secret)?;
                if scenario.edit != Edit::Nothing {
                    wire.edited = EditOutcome::NoAttacker;
                }
                Ok(wire)
            }
        }
    }
}

/// Passes every message through the one in the middle.
fn relayed(scenario: &Scenario, edit: &Edit, secret: &Secret) -> Result<Wire, ExchangeError> {
    let client = story::client(scenario, secret);
    let negotiate = passed_on(edit, &client.negotiate()?)?;
    let challenge = story::server(scenario).challenge(negotiate.received.bytes())?;
    let challenge = passed_on(edit, &challenge)?;
    let answer = client.answer(negotiate.sent.bytes(), challenge.received.bytes())?;
    let Answer { authenticate, keys } = answer;
    let authenticate = passed_on(edit, &authenticate)?;
    let passages = [negotiate, challenge, authenticate];
    let edited = if passages.iter().any(|passage| !passage.changes.is_empty()) {
        EditOutcome::OnTheWay
    } else {
        unchanged(edit, &passages[2].sent)
    };
    Ok(Wire { passages, edited, client_keys: keys })
}

/// The outcome of an edit that left every byte as it was.
fn unchanged(edit: &Edit, authenticate: &Message) -> EditOutcome {
    match write::Message::of(authenticate) {
        Some(write::Message::Authenticate(parts)) if *edit != Edit::Nothing => {
            EditOutcome::Impossible(edit::explain_unchanged(edit, &parts))
        }
        _ => EditOutcome::Nothing,
    }
}

/// Passes a message on, edited.
fn passed_on(edit: &Edit, sent: &[u8]) -> Result<Passage, ExchangeError> {
    Passage::new(sent, &altered(edit, sent)?)
}

/// The message with the edit made in it.
fn altered(edit: &Edit, bytes: &[u8]) -> Result<Vec<u8>, ExchangeError> {
    match write::Message::of(&parse(bytes)?) {
        Some(mut parts) if *edit != Edit::Nothing => {
            edit::apply(edit, &mut parts);
            Ok(parts.build()?)
        }
        _ => Ok(bytes.to_vec()),
    }
}

impl Passage {
    /// The message as the server has it: sent or received.
    #[must_use]
    pub fn at_server(&self) -> &Message {
        if self.from == Party::Server { &self.sent } else { &self.received }
    }

    /// The message as the client has it.
    #[must_use]
    pub fn at_client(&self) -> &Message {
        if self.from == Party::Client { &self.sent } else { &self.received }
    }

    /// The changes made on purpose: without the pointers that only had to follow, and without the
    /// single flags of a field that is there too.
    pub fn changed(&self) -> impl Iterator<Item = &CompareRow> {
        self.changes.iter().filter(|row| row.difference != Difference::Layout && !row.is_flag())
    }

    fn new(sent: &[u8], received: &[u8]) -> Result<Self, ExchangeError> {
        let mut changes = Vec::new();
        if sent != received {
            changes = compare(&Content::Ntlm(parse(sent)?), &Content::Ntlm(parse(received)?)).rows;
            changes.retain(|row| row.difference != Difference::Same);
        }
        let (sent, received) = (parse(sent)?, parse(received)?);
        let from = if sent.as_challenge().is_some() { Party::Server } else { Party::Client };
        Ok(Self { from, sent, received, changes })
    }
}

/// The attacker's client edits before it proves, so nothing changes on the way.
fn own_client(scenario: &Scenario, secret: &Secret) -> Result<Wire, ExchangeError> {
    let edit = &scenario.edit;
    let (messages, keys) = own_messages(scenario, edit, secret)?;
    let (plain, _) = own_messages(scenario, &Edit::Nothing, secret)?;
    let is_other = messages != plain;
    let [negotiate, challenge, authenticate] = messages;
    let direct = |bytes: Vec<u8>| Passage::new(&bytes, &bytes);
    let passages = [direct(negotiate)?, direct(challenge)?, direct(authenticate)?];
    let edited =
        if is_other { EditOutcome::BeforeTheProof } else { unchanged(edit, &passages[2].sent) };
    Ok(Wire { passages, edited, client_keys: keys })
}

/// The messages between the attacker's client and the server, with the edit made before anything is
/// proven.
fn own_messages(
    scenario: &Scenario,
    edit: &Edit,
    secret: &Secret,
) -> Result<([Vec<u8>; 3], SessionKeys), ExchangeError> {
    let mut client = story::client(scenario, secret);
    if *edit == Edit::ForceNtlmv1 && client.kind != ClientKind::Anonymous {
        client.kind = ClientKind::Ntlmv1;
    }
    let negotiate = altered(edit, &client.negotiate()?)?;
    let challenge = story::server(scenario).challenge(&negotiate)?;
    // It may write down what the server did not say, and prove it all the same.
    let mut draft = AnswerDraft::new(&client, &negotiate, &altered(edit, &challenge)?)?;
    edit::change_authenticate(edit, &mut draft.parts);
    let Answer { authenticate, keys } = draft.prove(&client, &negotiate, &challenge)?;
    Ok(([negotiate, challenge, authenticate], keys))
}
