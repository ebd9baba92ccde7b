//! The answer in one sentence: the verdict, the name that the client asked for, and the server's
//! own names.

use std::borrow::Cow;

use crate::view::{
    Headline, Piece,
    question::{depends_on, whose},
};
use spnscope::analysis::{Exchange, Verdict};
use spnscope::base::spn::Spn;
use spnscope::judge::smb::{Carrier, EntryKind, Level, MissingFact, Origin, Outcome, Target};
use spnscope::message::{
    content::Content,
    ntlm::{Body, ResponseKind},
};
use spnscope::read::service::Service;
use spnscope::show::words;

/// The answer in one sentence, for any content.
pub(super) fn headline(content: &Content, exchange: Option<&Exchange>) -> Headline {
    let Some(verdict) = exchange.and_then(|exchange| exchange.verdict.as_ref()) else {
        let service = exchange.map_or(Service::ASSUMED, |exchange| exchange.service);
        return Headline { before: name_other_service(service), ..undecided(content) };
    };
    of_verdict(verdict)
}

/// The service that the sign-in went to, if that was no file server.
fn name_other_service(service: Service) -> String {
    if service.is_file_server() {
        return String::new();
    }
    format!("This sign-in went to {}. The policy is about file servers.", service.kind.server())
}

/// The answer in one sentence, for a sign-in that was judged.
pub(super) fn of_verdict(verdict: &Verdict) -> Headline {
    let Verdict { service, decisions, .. } = verdict;
    let before = name_other_service(*service);
    if decisions[Level::Off].outcome == Outcome::LogonFailure {
        let why = decisions[Level::Off].reasons.first().map_or_else(Cow::default, words::reason);
        return Headline {
            before,
            outcome: Some(Outcome::LogonFailure),
            verdict: verdict_sentence("refused before the name is checked", *service),
            unless: Vec::new(),
            pieces: vec![Piece::Text(why.into_owned())],
        };
    }
    if decisions[Level::Off].outcome == Outcome::Unknown {
        let why = decisions[Level::Off].reasons.first().map_or_else(Cow::default, words::reason);
        return Headline {
            before,
            outcome: Some(Outcome::Unknown),
            verdict: "The answer is not known at any level.".to_owned(),
            unless: Vec::new(),
            pieces: vec![Piece::Text(why.into_owned())],
        };
    }
    let denied: Vec<u8> = decisions
        .values()
        .filter(|decision| decision.outcome == Outcome::Deny)
        .map(|decision| decision.level.number())
        .collect();
    let mut verdict_words = match denied.as_slice() {
        [] => verdict_sentence("accepted at every level", *service),
        [one] => verdict_sentence(&format!("denied at level {one}"), *service),
        levels => verdict_sentence(&format!("denied at levels {}", join(levels)), *service),
    };
    let unless =
        depends_on(verdict).map_or_else(Vec::new, |unknown| state_condition(verdict, unknown));
    if !unless.is_empty() {
        verdict_words.pop();
        verdict_words.push(',');
    }
    Headline {
        before,
        outcome: Some(if denied.is_empty() { Outcome::Accept } else { Outcome::Deny }),
        verdict: verdict_words,
        unless,
        pieces: explain_names(verdict),
    }
}

/// The verdict as a sentence: `Denied at level 2.`
fn verdict_sentence(does: &str, service: Service) -> String {
    if !service.is_file_server() {
        return format!("Relayed to a file server, it would be {does}.");
    }
    let (first, rest) = does.split_at(does.len().min(1));
    format!("{}{rest}.", first.to_ascii_uppercase())
}

/// The condition that the verdict depends on: `unless 10.0.0.100 is DCFR's own address.`
fn state_condition(verdict: &Verdict, unknown: MissingFact) -> Vec<Piece> {
    let text = |text: &str| Piece::Text(text.to_owned());
    let Some(name) = verdict.evidence.target.text() else { return Vec::new() };
    let is_one = verdict.service.is_file_server();
    let whose = if is_one { whose(verdict) } else { text("that server's") };
    let what = match unknown {
        MissingFact::Addresses => " own address.",
        MissingFact::Names => " own name.",
    };
    let host = Piece::TargetName(shorten(Spn::parse(name).rest));
    vec![text("unless "), host, text(" is "), whose, text(what)]
}

/// Joins numbers for a sentence: `1 and 2`.
pub(super) fn join(levels: &[u8]) -> String {
    let words: Vec<_> = levels.iter().map(ToString::to_string).collect();
    words.join(" and ")
}

/// The name that the client asked for, and the server's own names.
fn explain_names(verdict: &Verdict) -> Vec<Piece> {
    let text = |text: &str| Piece::Text(text.to_owned());
    let host = |name| match Spn::parse(name).rest {
        "" => text("no host"),
        host => Piece::TargetName(shorten(host)),
    };
    let names = &verdict.server.names;
    let is_denied = verdict.decisions.values().any(|decision| decision.outcome == Outcome::Deny);
    let mut pieces = match &verdict.evidence.target {
        Target::Present(name) if is_denied => explain_denied_name(name, host(name)),
        Target::Present(name) => vec![text("The client asked for "), host(name)],
        Target::Untrusted(name) => vec![
            text("The client asked for "),
            host(name),
            text(" and marks the name as untrusted"),
        ],
        Target::Empty => vec![text("The client sent an empty name")],
        Target::Absent => vec![text("The client does not say which server it meant")],
        Target::CutOff => vec![text("The paste ends before it says which server the client meant")],
        Target::NotCarried => {
            vec![text(match verdict.evidence.carrier {
                Carrier::Ntlm(ResponseKind::Anonymous) => {
                    "The sign-in is anonymous and carries no name"
                }
                Carrier::Ntlm(ResponseKind::Ntlm2Session) => {
                    "The NTLM2 session response has no place for a name"
                }
                Carrier::Ntlm(ResponseKind::Lm | ResponseKind::Lmv2) => {
                    "The LM response has no place for a name"
                }
                Carrier::Ntlm(ResponseKind::Ntlmv1) => {
                    "The NTLMv1 response has no place for a name"
                }
                Carrier::Smb1Bare => "SMB1 without extended security has no place for a name",
                Carrier::Ntlm(ResponseKind::Ntlmv2 | ResponseKind::None | ResponseKind::CutOff)
                | Carrier::Kerberos => "There is no place for a name",
            })]
        }
    };
    if names.is_empty() {
        pieces.push(text(match verdict.evidence.carrier {
            Carrier::Smb1Bare => "; the capture does not say what the server is called.",
            _ => "; the messages do not say what the server is called.",
        }));
        return pieces;
    }
    let own = verdict.decisions.values().any(|decision| {
        decision
            .spn_check
            .matched
            .as_ref()
            .is_some_and(|entry| matches!(entry.kind, EntryKind::Name | EntryKind::Address))
    });
    pieces.push(text(match verdict.server.names_origin {
        _ if own && !is_denied => ", and that is one of its names: it is ",
        Some(Origin::Given) => "; the server is called ",
        _ => "; the server calls itself ",
    }));
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            pieces.push(text(if index + 1 == names.len() { " and " } else { ", " }));
        }
        pieces.push(Piece::Data(name.clone()));
    }
    pieces.push(text("."));
    pieces
}

/// The denied name that a client asked for. A class other than `cifs` is denied with any host.
fn explain_denied_name(name: &str, host: Piece) -> Vec<Piece> {
    let text = |text: &str| Piece::Text(text.to_owned());
    match Spn::parse(name).class {
        Some(class) if class.eq_ignore_ascii_case("cifs") => {
            vec![text("The client asked for "), host]
        }
        Some(class) if !class.is_empty() => vec![
            text("The client asked for "),
            Piece::Data(shorten(class)),
            text(" on "),
            host,
            text(", not for file sharing (cifs)"),
        ],
        _ => vec![text("The client asked for "), host, text(" and named no service")],
    }
}

/// The length of the longest name that a headline shows whole, in characters.
const MAX_NAME_LEN: usize = 64;

/// Shortens a name to fit into a headline.
fn shorten(name: &str) -> String {
    let mut short: String = name.chars().take(MAX_NAME_LEN).collect();
    if short.len() < name.len() {
        short.push('…');
    }
    short
}

fn undecided(content: &Content) -> Headline {
    let text = match content.ntlm().map(|message| &message.body) {
        Some(Body::Negotiate(_)) => {
            "A NEGOTIATE message: what the client offers. The verdict needs the AUTHENTICATE, the third message."
        }
        Some(Body::Challenge(_)) => {
            "A CHALLENGE message: what the server calls itself. The verdict needs the AUTHENTICATE, the third message."
        }
        Some(_) if content.ntlm().is_some_and(|message| message.message_type.is_none()) => {
            "The signature is there, but the message ends before it says which of the three it is."
        }
        _ => "The signature is there, but this is none of the three messages.",
    };
    Headline {
        before: String::new(),
        outcome: None,
        verdict: String::new(),
        unless: Vec::new(),
        pieces: vec![Piece::Text(text.to_owned())],
    }
}
