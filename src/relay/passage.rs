//! The messages as each party saw them, and what changed on the way.

use super::{Edit, Middle, Party, Scenario, edit, story};
use crate::{
    carrier::Content,
    compare::{CompareRow, Difference, compare},
    exchange::{Answer, ClientKind, Draft, ExchangeError, SessionKeys, parse},
    ntlm::{Message, build},
    proof::Secret,
};

/// One message on its way from the client to the server, or back.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Passage {
    /// Who sent it: the client or the server. It is for the other of the two.
    pub from: Party,
    /// As it was sent.
    pub sent: Message,
    /// As it arrived.
    pub received: Message,
    /// What differs: as sent on the left, as received on the right. A pointer that only had to follow
    /// something else is [`Difference::Layout`].
    pub changes: Vec<CompareRow>,
}

/// What became of the edit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Edited {
    /// None was asked for.
    Nothing,
    /// Nobody is there who would.
    NobodyDoes,
    /// It was made on the way: the passages have the changes.
    OnTheWay,
    /// The attacker's own client made it before it proved the message, so it is part of what is proven.
    BeforeTheProof,
    /// It changed nothing, for the reason that the sentence says.
    Impossible(&'static str),
}

/// The three messages, and the keys of the one who sent the AUTHENTICATE.
pub(super) struct Wire {
    pub(super) passages: [Passage; 3],
    pub(super) edited: Edited,
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
                    wire.edited = Edited::NobodyDoes;
                }
                Ok(wire)
            }
        }
    }
}

/// Every message goes through the hands of whoever is in the middle.
fn relayed(scenario: &Scenario, edit: &Edit, secret: &Secret) -> Result<Wire, ExchangeError> {
    edit::check(edit)?;
    let client = story::client(scenario, secret);
    let negotiate = passed_on(edit, &client.negotiate()?)?;
    let challenge = story::server().challenge(negotiate.received.bytes())?;
    let challenge = passed_on(edit, &challenge)?;
    let answer = client.answer(negotiate.sent.bytes(), challenge.received.bytes())?;
    let Answer { authenticate, keys } = answer;
    let authenticate = passed_on(edit, &authenticate)?;
    let passages = [negotiate, challenge, authenticate];
    let edited = if passages.iter().any(|passage| !passage.changes.is_empty()) {
        Edited::OnTheWay
    } else {
        unchanged(edit, &passages[2].sent)
    };
    Ok(Wire { passages, edited, client_keys: keys })
}

/// What became of an edit that left every byte as it was.
fn unchanged(edit: &Edit, authenticate: &Message) -> Edited {
    match build::Message::of(authenticate) {
        Some(build::Message::Authenticate(parts)) if *edit != Edit::Nothing => {
            Edited::Impossible(edit::why_not(edit, &parts))
        }
        _ => Edited::Nothing,
    }
}

/// Who sends a message of that type.
const fn sender(message: &Message) -> Party {
    if message.as_challenge().is_some() { Party::Server } else { Party::Client }
}

/// What becomes of a message on its way.
fn passed_on(edit: &Edit, bytes: &[u8]) -> Result<Passage, ExchangeError> {
    let sent = parse(bytes)?;
    let received = match build::Message::of(&sent) {
        Some(mut parts) if *edit != Edit::Nothing => {
            edit::apply(edit, &mut parts);
            parse(&parts.build()?)?
        }
        _ => sent.clone(),
    };
    let changes = changes(&sent, &received);
    Ok(Passage { from: sender(&sent), sent, received, changes })
}

/// The attacker's client edits before it proves, so nothing changes on the way.
fn own_client(scenario: &Scenario, secret: &Secret) -> Result<Wire, ExchangeError> {
    let edit = &scenario.edit;
    let (messages, keys) = own_messages(scenario, edit, secret)?;
    let edited = if *edit == Edit::Nothing {
        Edited::Nothing
    } else {
        let (plain, _) = own_messages(scenario, &Edit::Nothing, secret)?;
        if plain == messages { unchanged(edit, &plain[2]) } else { Edited::BeforeTheProof }
    };
    let passages = messages.map(|message| Passage {
        from: sender(&message),
        sent: message.clone(),
        received: message,
        changes: Vec::new(),
    });
    Ok(Wire { passages, edited, client_keys: keys })
}

/// What the attacker's client and the server say to each other, the edit made before anything is proven.
fn own_messages(
    scenario: &Scenario,
    edit: &Edit,
    secret: &Secret,
) -> Result<([Message; 3], SessionKeys), ExchangeError> {
    edit::check(edit)?;
    let mut client = story::client(scenario, secret);
    if *edit == Edit::ForceNtlmv1 && client.kind != ClientKind::Anonymous {
        client.kind = ClientKind::Ntlmv1;
    }
    let altered = |bytes: &[u8]| -> Result<Vec<u8>, ExchangeError> {
        match build::Message::of(&parse(bytes)?) {
            Some(mut parts) => {
                edit::apply(edit, &mut parts);
                Ok(parts.build()?)
            }
            None => Ok(bytes.to_vec()),
        }
    };
    let negotiate = altered(&client.negotiate()?)?;
    let challenge = story::server().challenge(&negotiate)?;
    // It may write down what the server did not say, and prove it all the same.
    let mut draft = Draft::new(&client, &negotiate, &altered(&challenge)?)?;
    edit::change_authenticate(edit, &mut draft.parts);
    let Answer { authenticate, keys } = draft.prove(&client, &negotiate, &challenge)?;
    Ok(([parse(&negotiate)?, parse(&challenge)?, parse(&authenticate)?], keys))
}

/// The rows that differ between a message as sent and as received.
fn changes(sent: &Message, received: &Message) -> Vec<CompareRow> {
    if sent == received {
        return Vec::new();
    }
    let [sent, received] = [sent, received].map(|message| Content::Ntlm(message.clone()));
    let mut rows = compare(&sent, &received).rows;
    rows.retain(|row| row.difference != Difference::Same);
    rows
}
