//! What a capture itself shows of a sign-in: it stands before what is simulated.

use std::net::IpAddr;

use crate::view::{Piece, shown_time};
use spnscope::analysis::{Captured, Exchange, Verdict};
use spnscope::base::spn::Spn;
use spnscope::judge::smb::{Outcome, Unknown};
use spnscope::show::words::{self, Compared};

/// What a capture shows of a sign-in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CapturedView {
    /// What the server answered: `Refused in this capture`.
    pub answer: &'static str,
    /// Whether it let the client in; `None` where no answer was seen.
    pub is_accepted: Option<bool>,
    /// The name and number of the status: `STATUS_LOGON_FAILURE (0xC000006D)`; empty where none was
    /// seen.
    pub status: String,
    /// What that means, in a few words.
    pub meaning: Option<&'static str>,
    /// Who, to whom, over what, when, and in which packets: label and value.
    pub facts: Vec<(&'static str, String)>,
    /// The name that the client says it connects to. No proof covers it.
    pub connected_as: Option<String>,
    /// How the answer stands to the simulated one.
    pub compared: Option<Compared>,
}

/// What the capture shows of a sign-in; `None` where the input is no capture.
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
        agreement.and_then(|(agreement, verdict)| words::compared(agreement, captured, verdict));
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
        ("At", format!("{} UTC", shown_time(captured.time))),
        (label, packets.join(", ")),
    ]
}

/// A question whose answer settles what hangs on the server's addresses.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AddressQuestion {
    /// The question.
    pub pieces: Vec<Piece>,
    /// How the addresses in it are known, and why that does not answer it.
    pub because: &'static str,
    /// The answers: what the button says, and which addresses are the server's own then.
    pub answers: Vec<(String, Vec<IpAddr>)>,
}

/// What is asked where the answer to a sign-in hangs on the server's addresses; `None` where it
/// does not, and where the sign-in did not go to a file server. No address is taken for the
/// server's own because a connection went there: a load balancer or a relay may stand there.
pub(super) fn address_question(exchange: &Exchange) -> Option<AddressQuestion> {
    let verdict = exchange.verdict.as_ref()?;
    let hangs = |unknown| {
        let denials = verdict.decisions.values();
        let mut denials = denials.filter(|decision| decision.outcome == Outcome::Deny);
        denials.any(|decision| decision.hangs_on() == Some(unknown))
    };
    if !verdict.service.is_file_server() || !hangs(Unknown::Addresses) {
        return None;
    }
    let asked_for = verdict.evidence.target.text().and_then(|name| Spn::parse(name).address())?;
    let reached = exchange.captured.as_ref().map(|captured| captured.server.ip());
    let own = whose(verdict);
    let text = |text: &str| Piece::Text(text.to_owned());
    let address = |address: IpAddr| Piece::Data(address.to_string());
    Some(match reached {
        Some(reached) if reached != asked_for => AddressQuestion {
            pieces: vec![
                text("The client asked for "),
                address(asked_for),
                text(", and its connection went to "),
                address(reached),
                text(". Which of them are "),
                own,
                text(" own addresses?"),
            ],
            because: "The capture shows where the connection went. It does not show who answered there: a load balancer, NAT or a relay may be in between.",
            answers: vec![
                (format!("Only {reached}"), vec![reached]),
                ("Both".to_owned(), vec![reached, asked_for]),
                (format!("Only {asked_for}"), vec![asked_for]),
            ],
        },
        reached => AddressQuestion {
            pieces: vec![
                text("Is "),
                address(asked_for),
                text(" one of "),
                own,
                text(" own addresses?"),
            ],
            because: match reached {
                Some(_) => {
                    "The client asked for it and connected to it. That does not show who answered there: a load balancer, NAT or a relay may be in between."
                }
                None => "The messages do not say which addresses the server has.",
            },
            answers: vec![("Yes".to_owned(), vec![asked_for])],
        },
    })
}

/// The server, as one whose the addresses are: `DCFR's`.
fn whose(verdict: &Verdict) -> Piece {
    match verdict.server.names.first() {
        Some(name) => Piece::Data(format!("{name}'s")),
        None => Piece::Text("the server's".to_owned()),
    }
}
