//! The facts that a capture itself shows of a sign-in. They are shown before anything simulated.

use crate::view::packet_time;
use spnscope::analysis::{Captured, Exchange};
use spnscope::show::words::{self, AgreementRemark};

/// The facts that a capture shows of a sign-in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CapturedView {
    /// The answer of the server: `Refused in this capture`.
    pub answer: &'static str,
    /// True if the captured answer let the client in; `None` if no answer was seen.
    pub is_accepted: Option<bool>,
    /// The name and number of the status: `STATUS_LOGON_FAILURE (0xC000006D)`; empty if none was
    /// seen.
    pub status: String,
    /// The meaning of the status, in a few words.
    pub meaning: Option<&'static str>,
    /// The user, the ends, the transport, the time and the packets: label and value.
    pub facts: Vec<(&'static str, String)>,
    /// The name that the client says it connects to. No proof covers it.
    pub connected_as: Option<String>,
    /// The comparison of the answer with the simulated one.
    pub compared: Option<AgreementRemark>,
}

/// Collects what the capture shows of a sign-in; `None` if the input is no capture.
pub(super) fn captured(exchange: &Exchange) -> Option<CapturedView> {
    let captured = exchange.captured.as_deref()?;
    let answer = captured.answer.as_ref();
    let is_accepted = answer.map(|answer| answer.status.is_accepted());
    let words = match answer {
        None => "No answer in this capture",
        Some(answer) if !answer.status.is_accepted() => "Refused in this capture",
        Some(answer) if answer.is_guest => "Accepted in this capture, as guest",
        Some(answer) if answer.is_null => "Accepted in this capture, without an account",
        Some(_) => "Accepted in this capture",
    };
    let nt = answer.and_then(|answer| answer.status.nt());
    let status = answer.map_or_else(String::new, |answer| match nt {
        Some(number) if !answer.status.is_accepted() => {
            format!("{} (0x{number:08X})", answer.status)
        }
        _ => answer.status.to_string(),
    });
    let agreement = exchange.agreement().zip(exchange.verdict.as_ref());
    let compared =
        agreement.and_then(|(agreement, verdict)| words::agreement(agreement, captured, verdict));
    Some(CapturedView {
        answer: words,
        is_accepted,
        status,
        meaning: nt.filter(|_| is_accepted == Some(false)).and_then(words::status_meaning),
        facts: facts(captured),
        connected_as: captured.connected_as.clone(),
        compared,
    })
}

fn facts(captured: &Captured) -> Vec<(&'static str, String)> {
    let packets: Vec<_> = captured.packets.iter().map(ToString::to_string).collect();
    let label = if packets.len() == 1 { "Packet" } else { "Packets" };
    vec![
        ("Client", captured.client.to_string()),
        ("Connected to", captured.server.to_string()),
        ("Over", captured.protocol.label().to_owned()),
        ("At", format!("{} UTC", packet_time(captured.time))),
        (label, packets.join(", ")),
    ]
}
