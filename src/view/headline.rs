//! The answer in one sentence: the verdict, whom the client meant, what the server calls itself.

use crate::{
    analysis::{Exchange, Verdict},
    carrier::Content,
    ntlm::ResponseKind,
    policy::{Carrier, EntryKind, Origin, Outcome, Target},
    spn::Spn,
    view::{Headline, Piece},
};

/// The answer in one sentence.
pub(super) fn headline(content: &Content, exchange: Option<&Exchange>) -> Headline {
    let Some(verdict) = exchange.and_then(|exchange| exchange.verdict.as_ref()) else {
        return undecided(content);
    };
    of_verdict(verdict)
}

/// The same of a sign-in that was judged.
pub(super) fn of_verdict(verdict: &Verdict) -> Headline {
    let outcomes = verdict.decisions.each_ref().map(|decision| decision.outcome);
    let names: Vec<&str> = verdict.server.names.iter().map(String::as_str).collect();
    if outcomes[0] == Outcome::LogonFailure {
        let why = verdict.decisions[0].reasons.first().map_or("", |reason| &reason.message);
        return Headline {
            outcome: Some(Outcome::LogonFailure),
            verdict: "Refused before the name is looked at.".to_owned(),
            pieces: vec![Piece::Text(why.to_owned())],
        };
    }
    if outcomes[0] == Outcome::Unknown {
        let why = verdict.decisions[0].reasons.first().map_or("", |reason| &reason.message);
        return Headline {
            outcome: Some(Outcome::Unknown),
            verdict: "No level can be told.".to_owned(),
            pieces: vec![Piece::Text(why.to_owned())],
        };
    }
    let denied: Vec<u8> = verdict
        .decisions
        .iter()
        .filter(|decision| decision.outcome == Outcome::Deny)
        .map(|decision| decision.level.number())
        .collect();
    let depends = verdict.decisions.iter().any(|decision| decision.hangs_on().is_some());
    let (outcome, words) = match denied.as_slice() {
        [] => (Outcome::Accept, "Accepted at every level.".to_owned()),
        [one] if depends => (Outcome::Deny, format!("Level {one} depends on the server.")),
        [first, rest @ ..] if depends => {
            (Outcome::Deny, format!("Levels {first} and {} depend on the server.", join(rest)))
        }
        [one] => (Outcome::Deny, format!("Denied at level {one}.")),
        [first, rest @ ..] => {
            (Outcome::Deny, format!("Denied at levels {first} and {}.", join(rest)))
        }
    };
    Headline {
        outcome: Some(outcome),
        verdict: words,
        pieces: meant(&verdict.evidence.target, verdict, &names),
    }
}

/// `1 and 2`, behind a first one.
pub(super) fn join(levels: &[u8]) -> String {
    let words: Vec<_> = levels.iter().map(ToString::to_string).collect();
    words.join(" and ")
}

/// Whom the client meant, and what the server calls itself.
fn meant(target: &Target, verdict: &Verdict, names: &[&str]) -> Vec<Piece> {
    let text = |text: &str| Piece::Text(text.to_owned());
    let host = |name| match Spn::parse(name).rest {
        "" => text("no host"),
        host => Piece::TargetName(shortened(host)),
    };
    let mut pieces = match target {
        Target::Present(name) => vec![text("The client asked for "), host(name)],
        Target::Untrusted(name) => vec![
            text("The client asked for "),
            host(name),
            text(" and marks the name as untrusted"),
        ],
        Target::Empty => vec![text("The client sent an empty name")],
        Target::Absent => vec![text("The client does not say whom it meant")],
        Target::CutOff => vec![text("The paste ends before it is told whom the client meant")],
        Target::NotCarried => {
            vec![text(match verdict.evidence.carrier {
                Carrier::Ntlm(ResponseKind::Anonymous) => "Nobody signs in, and no name is carried",
                Carrier::Ntlm(ResponseKind::Ntlm2Session) => {
                    "The NTLM2 session response has no place for a name"
                }
                Carrier::Ntlm(ResponseKind::Lm | ResponseKind::Lmv2) => {
                    "The LM response has no place for a name"
                }
                _ => "The NTLMv1 response has no place for a name",
            })]
        }
    };
    if names.is_empty() {
        pieces.push(text("; no message says what the server is called."));
        return pieces;
    }
    let own = verdict.decisions.iter().any(|decision| {
        decision
            .spn_check
            .matched
            .as_ref()
            .is_some_and(|entry| matches!(entry.kind, EntryKind::Name | EntryKind::Address))
    });
    pieces.push(text(match verdict.server.names_origin {
        _ if own => ", and the server goes by it: it is ",
        Some(Origin::Given) => "; you say the server is called ",
        _ => "; the server calls itself ",
    }));
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            pieces.push(text(if index + 1 == names.len() { " and " } else { ", " }));
        }
        pieces.push(Piece::Data((*name).to_owned()));
    }
    pieces.push(text("."));
    pieces
}

/// The longest name that a headline shows whole, in characters.
const LONGEST: usize = 64;

/// A name that fits into a headline.
fn shortened(name: &str) -> String {
    let mut short: String = name.chars().take(LONGEST).collect();
    if short.len() < name.len() {
        short.push('…');
    }
    short
}

fn undecided(content: &Content) -> Headline {
    let text = match content.kind() {
        "NEGOTIATE" => {
            "A NEGOTIATE message: what the client offers. The verdict needs the AUTHENTICATE, the third message."
        }
        "CHALLENGE" => {
            "A CHALLENGE message: what the server calls itself. The verdict needs the AUTHENTICATE, the third message."
        }
        _ if content.ntlm().is_some_and(|message| message.message_type.is_none()) => {
            "The signature is there, and the message ends before it says which of the three it is."
        }
        _ => "The signature is there, and the message is none of the three.",
    };
    Headline { outcome: None, verdict: String::new(), pieces: vec![Piece::Text(text.to_owned())] }
}
