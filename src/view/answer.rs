use std::net::IpAddr;

use crate::{
    analysis::{Analysis, Exchange, Token, Verdict},
    explain,
    finding::Severity,
    layer::LayerKind,
    ntlm::{Authenticate, AvPairs, Message, MicState, ResponseKind},
    policy::{
        Decision, Level, Origin, Outcome, Role, Server, ServerSettings, Step, StepKind, StepState,
        Target, rules,
    },
    proof::MicVerdict,
    span::Span,
    spn::Spn,
    view::{
        Chip, ChipGroup, DecodeView, FindingRow, Headline, LevelCard, Mark, Piece, Said,
        ServerPanel, StepCell, StepRow, TrailStep, field_rows::field_rows,
    },
    wire::{AvId, FileTime, Utf16Le},
};

/// What Decode shows of the token with index `chosen`; `None` where there is no such token.
#[must_use]
pub fn decode(analysis: &Analysis, chosen: usize, settings: &ServerSettings) -> Option<DecodeView> {
    let token = analysis.tokens.get(chosen)?;
    let exchange = analysis.exchange_of(chosen);
    let verdict = exchange.and_then(|exchange| exchange.verdict.as_ref());
    let message = &token.message;
    let (fields, map) = field_rows(message);
    Some(DecodeView {
        exchanges: chips(analysis, chosen),
        trail: trail(token),
        headline: headline(message, exchange),
        said: said(message, exchange),
        levels: verdict.map(|verdict| verdict.decisions.each_ref().map(level_card)),
        steps: verdict.map_or_else(Vec::new, steps),
        bytes: message.shared_bytes(),
        fields,
        map,
        findings: findings(message),
        server: server_panel(verdict, settings),
    })
}

fn chips(analysis: &Analysis, chosen: usize) -> Vec<ChipGroup> {
    let chip = |token: Option<usize>, number, name| Chip {
        token,
        number,
        name,
        size: token
            .and_then(|token| analysis.tokens.get(token))
            .map_or(0, |token| token.message.bytes().len()),
        chosen: token == Some(chosen),
    };
    let mut groups: Vec<ChipGroup> = analysis
        .exchanges
        .iter()
        .map(|exchange| {
            let names = [(1, "NEGOTIATE"), (2, "CHALLENGE"), (3, "AUTHENTICATE")];
            let chips = names.into_iter().zip(exchange.messages());
            ChipGroup {
                chips: chips.map(|((number, name), token)| chip(token, number, name)).collect(),
            }
        })
        .collect();
    let alone = (0..analysis.tokens.len()).filter(|token| analysis.exchange_of(*token).is_none());
    groups.extend(alone.map(|token| ChipGroup { chips: vec![chip(Some(token), 0, "UNKNOWN")] }));
    groups
}

fn trail(token: &Token) -> Vec<TrailStep> {
    token
        .layers
        .iter()
        .map(|layer| {
            let unit = match layer.kind {
                LayerKind::HttpHeader(_) | LayerKind::Base64 | LayerKind::Hex => "characters",
                LayerKind::Spnego(_) | LayerKind::Binary | LayerKind::Ntlmssp => "bytes",
            };
            let mut label = layer.kind.label();
            if layer.kind == LayerKind::Ntlmssp {
                label = format!("{label} {}", token.message.kind());
            }
            TrailStep { label, size: format!("{} {unit}", layer.span.len()) }
        })
        .collect()
}

fn headline(message: &Message, exchange: Option<&Exchange>) -> Headline {
    let Some(verdict) = exchange.and_then(|exchange| exchange.verdict.as_ref()) else {
        return undecided(message);
    };
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
    let denied: Vec<u8> = verdict
        .decisions
        .iter()
        .filter(|decision| decision.outcome == Outcome::Deny)
        .map(|decision| decision.level.number())
        .collect();
    let depends = verdict.decisions.iter().any(depends);
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

fn join(levels: &[u8]) -> String {
    let words: Vec<_> = levels.iter().map(ToString::to_string).collect();
    words.join(" and ")
}

/// Whom the client meant, and what the server calls itself.
fn meant(target: &Target, verdict: &Verdict, names: &[&str]) -> Vec<Piece> {
    let text = |text: &str| Piece::Text(text.to_owned());
    let mut pieces = match target {
        Target::Present(name) => {
            let host = Spn::parse(name).rest.to_owned();
            vec![text("The client asked for "), Piece::TargetName(host)]
        }
        Target::Untrusted(name) => {
            let host = Spn::parse(name).rest.to_owned();
            vec![
                text("The client asked for "),
                Piece::TargetName(host),
                text(" and marks the name as untrusted"),
            ]
        }
        Target::Empty => vec![text("The client sent an empty name")],
        Target::Absent => vec![text("The client does not say whom it meant")],
        Target::NotCarried => {
            let crate::policy::Carrier::Ntlm(kind) = verdict.evidence.carrier;
            vec![text(match kind {
                ResponseKind::Anonymous => "Nobody signs in, and no name is carried",
                ResponseKind::Ntlm2Session => "The NTLM2 session response has no place for a name",
                ResponseKind::Lm | ResponseKind::Lmv2 => "The LM response has no place for a name",
                _ => "The NTLMv1 response has no place for a name",
            })]
        }
    };
    if names.is_empty() {
        pieces.push(text("; no message says what the server is called."));
        return pieces;
    }
    let own = verdict.decisions.iter().any(|decision| {
        decision.spn_check.matched.as_ref().is_some_and(|entry| {
            matches!(entry.kind, crate::policy::EntryKind::Name | crate::policy::EntryKind::Address)
        })
    });
    pieces.push(text(if own {
        ", and the server goes by it: it is "
    } else {
        "; the server calls itself "
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

fn undecided(message: &Message) -> Headline {
    let text = match message.kind() {
        "NEGOTIATE" => {
            "A NEGOTIATE message: what the client offers. The verdict needs the AUTHENTICATE, the third message."
        }
        "CHALLENGE" => {
            "A CHALLENGE message: what the server calls itself. The verdict needs the AUTHENTICATE, the third message."
        }
        _ => "The signature is there, and the message is none of the three.",
    };
    Headline { outcome: None, verdict: String::new(), pieces: vec![Piece::Text(text.to_owned())] }
}

fn said(message: &Message, exchange: Option<&Exchange>) -> Vec<Said> {
    let mut said = Vec::with_capacity(5);
    if let Some(authenticate) = message.as_authenticate() {
        said.push(target_name(message, authenticate));
        said.push(mic(message, authenticate, exchange));
        said.push(sign_in(message, authenticate));
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
        said.push(Said {
            label: "Server",
            mark: None,
            value: challenge.target_name_text(source).unwrap_or_default(),
            is_data: true,
            notes: names,
            span: challenge.target_name.and_then(|field| field.data),
        });
        said.push(Said {
            label: "Challenge",
            mark: None,
            value: challenge
                .server_challenge
                .map_or_else(String::new, |span| crate::field::hex(source.slice(span))),
            is_data: true,
            notes: [version(message), challenge.target_info.timestamp(source).map(moment)]
                .into_iter()
                .flatten()
                .collect(),
            span: challenge.server_challenge,
        });
    } else {
        said.push(Said {
            label: "Message",
            mark: None,
            value: message.kind().to_owned(),
            is_data: false,
            notes: version(message).into_iter().collect(),
            span: message.message_type.map(|located| located.span),
        });
    }
    said
}

fn target_name(message: &Message, authenticate: &Authenticate) -> Said {
    let target = authenticate.target_name(message.source());
    let pair = authenticate.av_pairs().and_then(|pairs| pairs.first(AvId::MsvAvTargetName));
    let is_whole = authenticate.av_pairs().is_some_and(AvPairs::is_whole);
    let (value, is_data, note) = match (target.text(), target.state()) {
        (None, "absent") if let Some(pair) = pair => (
            Utf16Le(message.source().slice(pair.value)).to_string(),
            true,
            format!("cut: {} of {} bytes", pair.value.len(), pair.len.value),
        ),
        (None, "absent") if !is_whole => {
            ("Cut".to_owned(), false, "the list of names ends early".to_owned())
        }
        (Some((name, _)), "present") => (name.to_owned(), true, form_note(name)),
        (Some((name, _)), "untrusted") => (name.to_owned(), true, "marked untrusted".to_owned()),
        (Some(_), _) => ("Empty".to_owned(), false, "there, with nothing in it".to_owned()),
        (None, "absent") => {
            ("Not sent".to_owned(), false, "the response could carry one".to_owned())
        }
        (None, _) => {
            ("Not carried".to_owned(), false, "the response has no place for one".to_owned())
        }
    };
    Said {
        label: "Target name",
        mark: Some(Mark::TargetName),
        value,
        is_data,
        notes: vec![note],
        span: pair.map(crate::ntlm::AvPair::span),
    }
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

fn mic(message: &Message, authenticate: &Authenticate, exchange: Option<&Exchange>) -> Said {
    let state = authenticate.mic_state(message.source());
    let proven = exchange.map(|exchange| exchange.proof.mic);
    let (value, note) = match (state, proven) {
        (MicState::Present(_), Some(MicVerdict::Valid)) => ("Present and right", "nothing altered"),
        (MicState::Present(_), Some(MicVerdict::Invalid)) => {
            ("Present and wrong", "something was altered")
        }
        (MicState::Present(_), _) => ("Present", "not checked here"),
        (MicState::AnnouncedMissing, _) => ("Announced, missing", "no room for it in the header"),
        (MicState::Zero(_), _) => ("Announced, zero", "sixteen zero bytes"),
        (MicState::Unannounced(_), _) => ("Bytes, not announced", "no server checks them"),
        (MicState::Absent, _) => ("Absent", "not announced either"),
    };
    Said {
        label: "MIC",
        mark: Some(Mark::Mic),
        value: value.to_owned(),
        is_data: false,
        notes: vec![note.to_owned()],
        span: authenticate.mic,
    }
}

fn sign_in(message: &Message, authenticate: &Authenticate) -> Said {
    let [domain, user, workstation] =
        authenticate.names(message.source()).map(Option::unwrap_or_default);
    let who = match (domain.is_empty(), user.is_empty()) {
        (_, true) => "nobody".to_owned(),
        (true, false) => user,
        (false, false) => format!("{domain}\\{user}"),
    };
    let mut notes = Vec::with_capacity(4);
    if !workstation.is_empty() {
        notes.push(format!("from {workstation}"));
    }
    notes.push(authenticate.response_kind.label().to_owned());
    notes.extend(version(message));
    let time = authenticate.ntlmv2.as_ref().and_then(|response| response.time_stamp);
    notes.extend(time.filter(|time| time.value.0 != 0).map(|time| moment(time.value)));
    Said {
        label: "Sign-in",
        mark: None,
        value: who,
        is_data: true,
        notes,
        span: authenticate.user_name.and_then(|field| field.data),
    }
}

/// A time to the second, as one reads it: `2003-06-17 10:00:00 UTC`.
fn moment(time: FileTime) -> String {
    let text = time.to_string();
    let whole = text.split(['.', 'Z']).next().unwrap_or_default();
    format!("{} UTC", whole.replacen('T', " ", 1))
}

fn version(message: &Message) -> Option<String> {
    let version = message.version().filter(|version| !version.is_zero())?;
    Some(format!("Windows {}.{}.{}", version.major, version.minor, version.build))
}

/// Whether an answer hangs on something that nobody stated.
fn depends(decision: &Decision) -> bool {
    decision.outcome == Outcome::Deny
        && decision
            .reasons
            .first()
            .is_some_and(|r| r.rule == rules::ADDRESS_UNKNOWN || r.rule == rules::NAME_UNKNOWN)
}

fn level_card(decision: &Decision) -> LevelCard {
    let depends = depends(decision);
    let first = decision.reasons.first();
    let verdict = match decision.outcome {
        Outcome::Accept => "Accepted",
        Outcome::LogonFailure => "Refused earlier",
        Outcome::Deny if depends && first.is_some_and(|r| r.rule == rules::NAME_UNKNOWN) => {
            "Depends on the server's names"
        }
        Outcome::Deny if depends => "Depends on the server's addresses",
        Outcome::Deny => "Denied",
    };
    let events: Vec<_> = decision.events.iter().map(ToString::to_string).collect();
    LevelCard {
        number: decision.level.number(),
        name: match decision.level {
            Level::Off => "Off",
            Level::AcceptIfProvided => "Accept if provided",
            Level::RequiredFromClient => "Required",
        },
        outcome: decision.outcome,
        depends,
        verdict,
        status: decision.status.map_or("status not documented", |(name, _)| name),
        status_code: decision.status.map_or_else(String::new, |(_, code)| format!("0x{code:08X}")),
        why: first.map_or_else(String::new, |reason| reason.message.clone()),
        notes: decision
            .reasons
            .iter()
            .skip(1)
            .map(|reason| (reason.message.clone(), reason.basis))
            .collect(),
        basis: first.map_or(rules::Basis::Assumed, |reason| reason.basis),
        source: first.map_or("", |reason| reason.rule.source),
        events: events.join(", "),
        matched: decision.spn_check.matched.as_ref().map(|entry| entry.text.clone()),
        tried: decision.spn_check.tried.iter().map(|entry| entry.text.clone()).collect(),
    }
}

fn steps(verdict: &Verdict) -> Vec<StepRow> {
    let row = |name, kind| StepRow {
        name,
        kind: Some(kind),
        cells: merge(verdict.decisions.each_ref().map(|decision| {
            decision
                .steps
                .iter()
                .find(|step| step.kind == kind)
                .map_or_else(|| not_reached(decision, kind), step_cell)
        })),
    };
    let status = |decision: &Decision| StepCell {
        levels: 1,
        state: None,
        accepted: Some(decision.outcome == Outcome::Accept),
        text: decision.status.map_or_else(
            || "authentication failure; the exact status is not documented".to_owned(),
            |(name, code)| format!("{name} 0x{code:08X}"),
        ),
        basis: None,
    };
    let events = |decision: &Decision| StepCell {
        levels: 1,
        state: None,
        accepted: None,
        text: decision.events.iter().map(ToString::to_string).collect::<Vec<_>>().join(", then "),
        basis: None,
    };
    vec![
        row("1 Proof", StepKind::Proof),
        row("2 MIC", StepKind::Mic),
        row("3 Target name", StepKind::TargetName),
        StepRow {
            name: "4 Answer",
            kind: None,
            cells: merge(verdict.decisions.each_ref().map(status)),
        },
        StepRow {
            name: "5 Events",
            kind: None,
            cells: merge(verdict.decisions.each_ref().map(events)),
        },
    ]
}

fn step_cell(step: &Step) -> StepCell {
    StepCell {
        levels: 1,
        state: Some(step.state),
        accepted: None,
        text: step.reason.message.clone(),
        basis: Some((step.reason.basis, step.reason.rule.source)),
    }
}

fn not_reached(decision: &Decision, kind: StepKind) -> StepCell {
    let text = match (kind, decision.outcome) {
        (_, Outcome::LogonFailure) => "Not reached.",
        (StepKind::Mic, _) => "No MIC is announced, so none is checked.",
        _ => "Nothing to check.",
    };
    StepCell {
        levels: 1,
        state: Some(StepState::NotDone),
        accepted: None,
        text: text.to_owned(),
        basis: None,
    }
}

/// Lets neighbours that say the same become one.
fn merge(cells: [StepCell; 3]) -> Vec<StepCell> {
    let mut merged: Vec<StepCell> = Vec::with_capacity(3);
    for cell in cells {
        match merged.last_mut() {
            Some(last) if StepCell { levels: 1, ..last.clone() } == cell => last.levels += 1,
            _ => merged.push(cell),
        }
    }
    merged
}

fn findings(message: &Message) -> Vec<FindingRow> {
    let worst_first = [Severity::Error, Severity::Warning, Severity::Note];
    let found = worst_first.into_iter().flat_map(|severity| {
        message.findings.iter().filter(move |finding| finding.severity() == severity)
    });
    found
        .map(|finding| FindingRow {
            severity: finding.severity(),
            code: finding.code.text(),
            message: finding.message.clone().into_owned(),
            explanation: explain::finding(finding.code),
            span: Span::new(finding.span.start, finding.span.end),
        })
        .collect()
}

fn server_panel(verdict: Option<&Verdict>, settings: &ServerSettings) -> ServerPanel {
    let Some(verdict) = verdict else {
        return ServerPanel {
            names: settings.names.clone(),
            names_from: "They count once an AUTHENTICATE message is there.".to_owned(),
            names_given: !settings.names.is_empty(),
            missing: None,
            missing_effect: String::new(),
        };
    };
    let server = &verdict.server;
    let mut names = server.names.clone();
    if settings.role == Role::DomainController {
        names.extend(server.domains.iter().cloned());
    }
    let (missing, missing_effect) = missing(verdict);
    ServerPanel {
        names,
        names_from: match server.names_origin {
            Some(Origin::Given) => "Stated by you.",
            Some(Origin::Challenge) => "Read from the CHALLENGE.",
            Some(Origin::Echo) => "Read from what the client echoes.",
            None => "No message says what the server is called.",
        }
        .to_owned(),
        names_given: server.names_origin == Some(Origin::Given),
        missing,
        missing_effect,
    }
}

/// The host whose listing would change a verdict, and how. Found by trying it.
fn missing(verdict: &Verdict) -> (Option<String>, String) {
    let Target::Present(name) = &verdict.evidence.target else { return (None, String::new()) };
    let host = Spn::parse(name).rest;
    let mut settings = verdict.server.settings.clone();
    settings.allowed.push(host.to_owned());
    let with_it = Server { settings, ..verdict.server.clone() };
    let after = crate::policy::decide(&verdict.evidence, &with_it);
    let changed: Vec<u8> = verdict
        .decisions
        .iter()
        .zip(&after)
        .filter(|(before, after)| before.outcome != after.outcome)
        .map(|(before, _)| before.level.number())
        .collect();
    match changed.as_slice() {
        [] => (None, String::new()),
        [one] => (Some(host.to_owned()), format!("Adding it accepts this client at level {one}.")),
        [first, rest @ ..] => (
            Some(host.to_owned()),
            format!("Adding it accepts this client at levels {first} and {}.", join(rest)),
        ),
    }
}
