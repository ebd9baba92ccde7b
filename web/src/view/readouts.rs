//! The readouts: the statements of the message, in words.

use std::net::IpAddr;

use crate::view::{Mark, Readout};
use spnscope::analysis::Exchange;
use spnscope::base::{span::Source, spn::Spn};
use spnscope::judge::proof::{Proof, ProofVerdict, SecretKind};
use spnscope::message::content::Content;
use spnscope::message::{
    explain,
    field::hex,
    kerberos::ApReq,
    ntlm::{
        Authenticate, AvPair, Message, MicState, ResponseKind, ResponseLine, SignInNames,
        StatedBeside, TargetName,
    },
    wire::{AvId, FileTime, Utf16Le},
};

/// The readouts of a message, by its type.
pub(super) fn readouts(content: &Content, exchange: Option<&Exchange>) -> Vec<Readout> {
    let mut readouts = Vec::with_capacity(5);
    let message = match content {
        Content::Ntlm(message) => message,
        Content::Kerberos(message) => return kerberos_readouts(message),
        Content::Response(line) => return line_readouts(line, exchange),
    };
    if let Some(authenticate) = message.as_authenticate() {
        readouts.push(target_name_readout(message, authenticate));
        readouts.push(mic_readout(message, authenticate, exchange));
        readouts.push(sign_in_readout(message, authenticate, exchange));
    } else if let Some(challenge) = message.as_challenge() {
        let source = message.source();
        let names: Vec<_> = challenge
            .target_info
            .pairs
            .iter()
            .filter(|pair| {
                [AvId::MsvAvNbComputerName, AvId::MsvAvDnsComputerName].contains(&pair.id.value)
            })
            .filter_map(|pair| challenge.target_info.text(source, pair.id.value))
            .collect();
        readouts.push(Readout {
            label: "Server",
            mark: None,
            value: names.join(" "),
            is_data: true,
            notes: vec![format!(
                "TargetName {}",
                challenge.target_name_text(source).unwrap_or_else(|| "cut".to_owned())
            )],
            proven: None,
            span: challenge.target_info_field.and_then(|field| field.data),
        });
        readouts.push(Readout {
            label: "Challenge",
            mark: None,
            value: challenge
                .server_challenge
                .map_or_else(String::new, |span| hex(source.slice(span))),
            is_data: true,
            notes: [version(message), challenge.target_info.timestamp(source).map(format_moment)]
                .into_iter()
                .flatten()
                .collect(),
            proven: None,
            span: challenge.server_challenge,
        });
    } else {
        readouts.push(Readout {
            label: "Message",
            mark: None,
            value: message.kind().to_owned(),
            is_data: false,
            notes: version(message).into_iter().collect(),
            proven: None,
            span: message.message_type.map(|located| located.span),
        });
    }
    readouts
}

/// The readouts of an AP-REQ.
fn kerberos_readouts(message: &ApReq) -> Vec<Readout> {
    let name = message.sname();
    let note = name.as_ref().map(|name| form_note(&name.value));
    let realm = message.realm();
    let (ticket, authenticator) = (message.ticket(), message.authenticator());
    let mut notes: Vec<_> = authenticator
        .encryption()
        .map(|name| format!("authenticator {name}"))
        .into_iter()
        .collect();
    notes.extend(message.ap_options().unwrap_or_default().into_iter().map(str::to_owned));
    let parts = [
        (
            "Target name",
            message.sname_field(),
            name.map(|name| name.value),
            note.into_iter().collect(),
        ),
        (
            "Realm",
            realm.as_ref().map(|realm| realm.span),
            realm.map(|realm| realm.value),
            vec!["of the ticket; not part of the name".to_owned()],
        ),
        ("Ticket", ticket.etype.map(|etype| etype.span), ticket.encryption(), notes),
    ];
    let readouts = parts.into_iter().map(|(label, span, value, notes)| {
        let word = if value.is_none() { "Cut" } else { "Empty" };
        let value = value.filter(|value| !value.is_empty());
        Readout {
            label,
            mark: (label == "Target name").then_some(Mark::TargetName),
            is_data: value.is_some(),
            value: value.unwrap_or_else(|| word.to_owned()),
            notes,
            proven: None,
            span,
        }
    });
    readouts.collect()
}

fn target_name_readout(message: &Message, authenticate: &Authenticate) -> Readout {
    let target = authenticate.target_name(message.source());
    let pair = authenticate.av_pairs().and_then(|pairs| pairs.first(AvId::MsvAvTargetName));
    let ending = if is_cut(authenticate) { MessageEnd::Cut } else { MessageEnd::Whole };
    target_readout(message.source(), &target, pair, ending)
}

/// The completeness of a message, up to the target name and the MIC flag.
#[derive(Clone, Copy)]
enum MessageEnd {
    Whole,
    Cut,
}

fn target_readout(
    source: Source<'_>,
    target: &TargetName,
    pair: Option<&AvPair>,
    ending: MessageEnd,
) -> Readout {
    let (value, is_data, note) = match (target, pair) {
        (TargetName::Absent | TargetName::CutOff, Some(pair)) => (
            Utf16Le(source.slice(pair.value)).to_string(),
            true,
            if pair.is_cut() {
                format!("cut: {} of {} bytes", pair.value.len(), pair.len.value)
            } else {
                "the paste ends before it says whether the name counts".to_owned()
            },
        ),
        (TargetName::CutOff, _) => ("Cut".to_owned(), false, PASTE_ENDS.to_owned()),
        (TargetName::Absent | TargetName::NotCarried, _) if matches!(ending, MessageEnd::Cut) => {
            ("Cut".to_owned(), false, "the message ends before it".to_owned())
        }
        (TargetName::Present(name), _) => (name.value.clone(), true, form_note(&name.value)),
        (TargetName::Untrusted(name), _) => {
            (name.value.clone(), true, "marked untrusted".to_owned())
        }
        (TargetName::Empty(_), _) => ("Empty".to_owned(), false, "there, but empty".to_owned()),
        (TargetName::Absent, _) => {
            ("Not sent".to_owned(), false, "the response could carry one".to_owned())
        }
        (TargetName::NotCarried, _) => {
            ("Not carried".to_owned(), false, "the response has no place for one".to_owned())
        }
    };
    Readout {
        label: "Target name",
        mark: Some(Mark::TargetName),
        value,
        is_data,
        notes: vec![note],
        proven: None,
        span: pair.map(AvPair::span),
    }
}

/// The remark on a value that a cut paste does not show.
const PASTE_ENDS: &str = "the paste ends before it";

/// Returns true if the message ends before its target name and its MIC flag.
fn is_cut(authenticate: &Authenticate) -> bool {
    match (authenticate.nt_challenge_response, authenticate.av_pairs()) {
        (None, _) => true,
        (Some(field), None) => field.is_cut(),
        (Some(_), Some(pairs)) => !pairs.is_whole(),
    }
}

/// The readouts of a lone response.
fn line_readouts(line: &ResponseLine, exchange: Option<&Exchange>) -> Vec<Readout> {
    let pair = line.response.av_pairs.first(AvId::MsvAvTargetName);
    let StatedBeside { user, domain, server_challenge } = &line.beside;
    let mut notes = vec![match exchange.and_then(|exchange| summarize_proof(&exchange.proof)) {
        Some(proven) => format!("NTLMv2, {proven}"),
        None => "NTLMv2".to_owned(),
    }];
    let time = line.response.time_stamp.filter(|time| time.value.0 != 0);
    notes.extend(time.map(|time| format_moment(time.value)));
    let (mic, note) = match line.target_name() {
        _ if line.announces_mic() => ("Announced", "not in a NetNTLMv2 line"),
        TargetName::CutOff => ("Cut", PASTE_ENDS),
        _ => ("Not announced", "and not in a NetNTLMv2 line"),
    };
    let readout = |label, value: String, notes| Readout {
        label,
        mark: None,
        value,
        is_data: true,
        notes,
        proven: None,
        span: None,
    };
    vec![
        target_readout(line.source(), &line.target_name(), pair, MessageEnd::Whole),
        Readout {
            mark: Some(Mark::Mic),
            is_data: false,
            ..readout("MIC", mic.to_owned(), vec![note.to_owned()])
        },
        Readout {
            is_data: !user.is_empty(),
            span: line.response.nt_proof_str,
            ..readout(
                "Sign-in",
                if domain.is_empty() { user.clone() } else { format!("{domain}\\{user}") },
                notes,
            )
        },
        readout("Challenge", hex(server_challenge), vec!["as the line has it".to_owned()]),
    ]
}

fn form_note(name: &str) -> String {
    let spn = Spn::parse(name);
    match (spn.address(), spn.class) {
        (Some(IpAddr::V4(_)), Some(_)) => "an address".to_owned(),
        (Some(IpAddr::V6(_)), Some(_)) => "an IPv6 address".to_owned(),
        (None, Some(class)) if class.eq_ignore_ascii_case("cifs") => "a host name".to_owned(),
        (None, Some(class)) => format!("the service is {class}"),
        (_, None) => "no service class".to_owned(),
    }
}

fn mic_readout(
    message: &Message,
    authenticate: &Authenticate,
    exchange: Option<&Exchange>,
) -> Readout {
    let state = authenticate.mic_state(message.source());
    let proven = exchange.map(|exchange| exchange.proof.mic.verdict);
    let (value, note) = match (state, proven) {
        (MicState::Present(_), Some(ProofVerdict::Valid)) => {
            ("Present and right", "nothing altered")
        }
        (MicState::Present(_), Some(ProofVerdict::Invalid)) => {
            ("Present and wrong", "something was altered")
        }
        (MicState::Present(_), _) => ("Present", "not checked here"),
        (MicState::AnnouncedMissing, _) => ("Announced, missing", "no room for it in the header"),
        (MicState::Zero(_), _) => ("Announced, zero", "sixteen zero bytes"),
        (MicState::CutOff, _) => ("Cut", PASTE_ENDS),
        (MicState::Unannounced(_) | MicState::Absent, _) if is_cut(authenticate) => {
            ("Cut", "the message ends before it is announced")
        }
        (MicState::Unannounced(_), _) => ("Bytes, not announced", "no server checks them"),
        (MicState::Absent, _) => ("Absent", "not announced either"),
    };
    Readout {
        label: "MIC",
        mark: Some(Mark::Mic),
        value: value.to_owned(),
        is_data: false,
        notes: vec![note.to_owned()],
        proven: proven
            .filter(|_| matches!(state, MicState::Present(_)))
            .filter(|proven| matches!(proven, ProofVerdict::Valid | ProofVerdict::Invalid)),
        span: authenticate.mic,
    }
}

fn sign_in_readout(
    message: &Message,
    authenticate: &Authenticate,
    exchange: Option<&Exchange>,
) -> Readout {
    let SignInNames { domain, user, workstation } = authenticate.names(message.source());
    let [domain, user, workstation] = [domain, user, workstation].map(Option::unwrap_or_default);
    let who = match (domain.is_empty(), user.is_empty()) {
        (_, true) if authenticate.user_name.is_none_or(|field| field.is_cut()) => "cut".to_owned(),
        (_, true) => "nobody".to_owned(),
        (true, false) => user,
        (false, false) => format!("{domain}\\{user}"),
    };
    let mut notes = Vec::with_capacity(4);
    if !workstation.is_empty() {
        notes.push(format!("from {workstation}"));
    }
    let proof = exchange.map(|exchange| &exchange.proof);
    let kind = proof.and_then(|proof| proof.kind).unwrap_or(authenticate.response_kind);
    let is_a_proof = !matches!(
        authenticate.response_kind,
        ResponseKind::Anonymous | ResponseKind::None | ResponseKind::CutOff
    );
    let proven = proof.filter(|_| is_a_proof).and_then(summarize_proof);
    let kind = kind.label();
    notes.push(proven.map_or_else(|| kind.to_owned(), |proven| format!("{kind}, {proven}")));
    notes.extend(version(message));
    let time = authenticate.ntlmv2.as_ref().and_then(|response| response.time_stamp);
    notes.extend(time.filter(|time| time.value.0 != 0).map(|time| format_moment(time.value)));
    Readout {
        label: "Sign-in",
        mark: None,
        value: who,
        is_data: true,
        notes,
        proven: None,
        span: authenticate.user_name.and_then(|field| field.data),
    }
}

/// The result of checking the response, in a few words.
fn summarize_proof(proof: &Proof) -> Option<String> {
    let secret = match proof.secret {
        _ if proof.response.is_stale() => "the edited bytes",
        SecretKind::NtHash => "the NT hash given",
        SecretKind::Password | SecretKind::None => "the password given",
    };
    match proof.response.verdict {
        ProofVerdict::Valid => Some(format!("fits {secret}")),
        ProofVerdict::Invalid => Some(format!("does not fit {secret}")),
        ProofVerdict::Unknown => Some("not checked here".to_owned()),
        ProofVerdict::Absent => None,
    }
}

/// A time to the second, for people: `2003-06-17 10:00:00 UTC`.
fn format_moment(time: FileTime) -> String {
    let text = time.to_string();
    let whole = text.split(['.', 'Z']).next().unwrap_or_default();
    format!("{} UTC", whole.replacen('T', " ", 1))
}

fn version(message: &Message) -> Option<String> {
    let version = message.version().filter(|version| !version.is_zero())?;
    let (major, minor, build) = (version.major, version.minor, version.build);
    Some(match explain::windows(major, minor, build) {
        Some(release) => format!("{release} ({major}.{minor}.{build})"),
        None => format!("version {major}.{minor}.{build}"),
    })
}
