//! The report as text: verdict first, then what was said, then what is odd, then every field.

use std::fmt::{self, Write as _};

use super::{
    captured::write_captured,
    extras::{Extras, Judged},
    reason::said,
    remedies_text::{write_events, write_remedies},
};
use crate::analysis::{Analysis, Exchange, Token};
use crate::base::{span::Span, visible::Visible};
use crate::judge::{
    proof::{ProofVerdict, Side},
    smb::{Decision, Evidence, Outcome, Server, Target},
};
use crate::message::{
    explain,
    field::{Value, hex},
    missing::Missing,
    ntlm::Message,
};
use crate::read::{
    layer::LayerKind,
    service::{Service, ServiceSource},
};
use crate::show::words;

/// The report as text, with a line end after each line.
#[must_use]
pub fn render(analysis: &Analysis) -> String {
    render_with(analysis, Extras::default())
}

/// The report with the extras that were asked for, behind what is said of each sign-in.
#[must_use]
pub fn render_with(analysis: &Analysis, extras: Extras) -> String {
    let mut out = String::new();
    // Writing to a String does not fail.
    let _ = write_report(&mut out, analysis, extras);
    out
}

fn write_report(out: &mut String, analysis: &Analysis, extras: Extras) -> fmt::Result {
    for (number, exchange) in (1..).zip(analysis.exchanges()) {
        if number > 1 {
            writeln!(out)?;
        }
        write_exchange(out, number, exchange)?;
        let Some(verdict) = &exchange.verdict else { continue };
        write_extras(out, &Judged::of(analysis, exchange, verdict), extras)?;
    }
    for (number, token) in (0..).zip(analysis.tokens()) {
        writeln!(out)?;
        write_token(out, analysis, number, token)?;
    }
    Ok(())
}

/// Writes the extras that were asked for.
pub(super) fn write_extras(out: &mut String, judged: &Judged<'_>, extras: Extras) -> fmt::Result {
    if let Some(form) = extras.events {
        write_events(out, judged, form)?;
    }
    match extras.remedies {
        Some(allowed) => write_remedies(out, judged, allowed),
        None => Ok(()),
    }
}

fn write_exchange(out: &mut String, number: usize, exchange: &Exchange) -> fmt::Result {
    write!(out, "Sign-in {number}: ")?;
    let there = exchange.named_messages().into_iter();
    let there: Vec<_> =
        there.filter_map(|(name, token)| Some(format!("{name} (message {})", token?))).collect();
    let captured = exchange.captured.as_deref();
    if captured.is_some_and(|captured| captured.bare.is_some()) {
        writeln!(out, "SMB1 without extended security, which has no NTLM messages")?;
    } else if there.is_empty() {
        writeln!(out, "cut off")?;
    } else {
        writeln!(out, "{}", there.join(", "))?;
    }
    write_captured(out, exchange)?;
    let Some(verdict) = &exchange.verdict else {
        let why = if captured.is_some_and(|captured| captured.is_cut) {
            "what the client sent was not captured in full"
        } else {
            "the AUTHENTICATE message is missing"
        };
        return writeln!(out, "  No answer: {why}.");
    };
    write_service(out, verdict.service)?;
    write_verdict(out, &verdict.evidence, &verdict.server, verdict.decisions.as_array())?;
    write_proof(out, exchange)
}

/// Writes where the sign-in went, unless what carried it was SMB, which is said below.
fn write_service(out: &mut String, service: Service) -> fmt::Result {
    match service {
        Service { kind, .. } if !service.is_file_server() => writeln!(
            out,
            "  Service: this sign-in went to {}. The policy is about file servers. Relayed to one, it would get:",
            kind.server()
        ),
        Service { from: ServiceSource::Assumed, .. } => writeln!(
            out,
            "  Service: SMB is assumed, since nothing shows what carried the sign-in."
        ),
        Service { from: ServiceSource::Carrier, .. } => Ok(()),
    }
}

/// Writes the target the client meant, the names the server goes by, and what it does at each of
/// the levels.
pub(super) fn write_verdict(
    out: &mut String,
    evidence: &Evidence,
    server: &Server,
    decisions: &[Decision],
) -> fmt::Result {
    match evidence.target.text() {
        Some("") => writeln!(out, "  Target name: empty")?,
        Some(name) => {
            let state = match &evidence.target {
                Target::Present(_) => String::new(),
                target => format!(" ({})", target.as_str()),
            };
            writeln!(out, "  Target name: {}{state}", Visible(name))?;
        }
        None if evidence.target == Target::CutOff => {
            writeln!(out, "  Target name: not known, the paste ends before it")?;
        }
        None => writeln!(out, "  Target name: {}", evidence.target.as_str())?,
    }
    let listed = server.server_names().join(", ");
    writeln!(out, "  The server accepts these names: {}", Visible(&listed))?;
    if let Some(smb) = evidence.smb {
        writeln!(out, "  Carried by: {}", smb.label())?;
    }
    let mut before: Option<&Decision> = None;
    for decision in decisions {
        if decision.outcome == Outcome::Unknown {
            writeln!(out, "  Level {}: not known", decision.level)?;
            for reason in &decision.reasons {
                writeln!(out, "    {}", said(reason))?;
            }
            continue;
        }
        let status = match decision.status {
            Some(status) => format!("{status} {status:#010X}"),
            None => "status not documented".to_owned(),
        };
        let outcome = match (decision.outcome, decision.depends_on()) {
            (_, Some(unknown)) => {
                format!("depends on {}; otherwise denied", words::missing_fact(unknown))
            }
            (Outcome::Accept, _) => "accepted".to_owned(),
            (Outcome::Deny, _) => "denied".to_owned(),
            (Outcome::LogonFailure, _) => "refused before the target name".to_owned(),
            (Outcome::Unknown, _) => "not known".to_owned(),
        };
        let events: Vec<_> = decision.events.iter().map(ToString::to_string).collect();
        writeln!(
            out,
            "  Level {}: {outcome}, {status}, events {}",
            decision.level,
            events.join(", ")
        )?;
        for reason in &decision.reasons {
            writeln!(out, "    {}", said(reason))?;
        }
        if let Some(reason) = decision.contested() {
            writeln!(out, "    {}{}", words::alternative_prefix(decision.outcome), said(reason))?;
        }
        let compared = |decision: &Decision| {
            let check = &decision.spn_check;
            (check.matched.clone(), check.tried.clone())
        };
        if before.is_none_or(|before| compared(before) != compared(decision)) {
            write_compared(out, decision)?;
        }
        before = Some(decision);
    }
    Ok(())
}

/// The entry of the server's lists that is the host, or all that are not.
fn write_compared(out: &mut String, decision: &Decision) -> fmt::Result {
    let check = &decision.spn_check;
    if let Some(entry) = &check.matched {
        writeln!(out, "    Matched: {}, {}", Visible(&entry.text), entry.kind.label())?;
    }
    if !check.tried.is_empty() {
        let tried: Vec<_> = check.tried.iter().map(|entry| entry.text.as_str()).collect();
        writeln!(out, "    Compared with: {}", Visible(&tried.join(", ")))?;
    }
    Ok(())
}

fn write_proof(out: &mut String, exchange: &Exchange) -> fmt::Result {
    let proof = &exchange.proof;
    writeln!(out, "  Proof, with {}:", proof.secret.label())?;
    let mics = exchange.mech_list_mics.iter().map(|mic| {
        let of = match mic.from {
            Side::Client => "mechListMIC of the client",
            Side::Server => "mechListMIC of the server",
        };
        (of, &mic.check)
    });
    for (name, check) in proof.checks().into_iter().chain(mics) {
        write!(out, "    {name}: {}", check.verdict.words())?;
        if let (ProofVerdict::Invalid, Some(values)) = (check.verdict, &check.values) {
            write!(out, "; received {}", hex(&values.received))?;
            write!(out, ", computed {}", hex(&values.computed))?;
        }
        match check.because.map(words::proof_reason) {
            Some(because) => writeln!(out, ". {because}")?,
            None => writeln!(out, ".")?,
        }
    }
    if let Some(fitted) = &proof.fitted {
        writeln!(out, "    {}", Visible(fitted))?;
    }
    let Some(keys) = &proof.keys else { return Ok(()) };
    for (name, key) in keys.named() {
        if let Some(key) = key {
            writeln!(out, "    {name}: {}", hex(key))?;
        }
    }
    match keys.because.map(words::proof_reason) {
        Some(because) => writeln!(out, "    {because}"),
        None => Ok(()),
    }
}

fn write_token(out: &mut String, analysis: &Analysis, number: usize, token: &Token) -> fmt::Result {
    let message = &token.content;
    let trail: Vec<_> = token.layers.iter().map(|layer| layer.kind.label()).collect();
    let missing = message.missing();
    let size = match missing {
        Some(Missing { have, of: Some(of) }) => format!("{have} of {of} bytes"),
        Some(Missing { have, of: None }) => format!("the first {have} bytes"),
        None => format!("{} bytes", message.bytes().len()),
    };
    writeln!(out, "Message {number}: {} {}, {size}", trail.join(" > "), message.name())?;
    if let Some(found) = words::repeated_places(&token.places, analysis.characters()) {
        writeln!(out, "  {found}")?;
    }
    if let Some(version) = message.ntlm().and_then(Message::version) {
        let (major, minor, build) = (version.major, version.minor, version.build);
        if let Some(release) = explain::windows(major, minor, build) {
            writeln!(out, "  Version {major}.{minor}.{build}: {release}")?;
        }
    }
    for layer in &token.layers {
        for fact in &layer.facts {
            let name = layer.kind.label();
            let place = if matches!(layer.kind, LayerKind::Capture { .. }) {
                String::new()
            } else {
                format!(" {}", Range(fact.span))
            };
            writeln!(out, "  {name} {}{place}: {}", fact.name, Visible(&fact.value))?;
        }
    }
    for (layer, finding) in analysis.findings_of(number) {
        let of = token.layers.get(layer).filter(|_| layer != token.innermost());
        writeln!(
            out,
            "  {:?} {} at {}{}: {}",
            finding.severity(),
            finding.code.as_str(),
            Range(finding.span),
            of.map_or_else(String::new, |layer| format!(" of {}", layer.kind.label())),
            Visible(&finding.message)
        )?;
    }
    let mut result = Ok(());
    message.field().walk(&mut |path, field, depth| {
        if depth == 0 || result.is_err() {
            return;
        }
        let name = path.tail();
        let indent = depth * 2;
        result = match field.value {
            Value::Structure => writeln!(out, "{:indent$}{name} {}", "", Range(field.span)),
            value => {
                let value = value.to_string();
                writeln!(out, "{:indent$}{name} {}: {}", "", Range(field.span), Visible(&value))
            }
        };
    });
    result
}

/// A range of bytes as people write it: both ends inclusive.
pub(super) struct Range(pub(super) Span);

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let span = self.0;
        match span.len() {
            0 => write!(f, "{}", span.start),
            1 => write!(f, "{}", span.start),
            _ => write!(f, "{}-{}", span.start, span.end.saturating_sub(1)),
        }
    }
}
