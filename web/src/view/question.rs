//! The question to the reader, if an answer depends on something that no message says.

use std::net::IpAddr;

use crate::view::Piece;
use spnscope::analysis::Verdict;
use spnscope::base::spn::Spn;
use spnscope::judge::smb::{Decision, MissingFact};

/// A question whose answer settles every level that depends on it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Question {
    /// The unknown fact.
    pub about: MissingFact,
    /// The question.
    pub pieces: Vec<Piece>,
    /// The source of the facts in it, and why they do not answer it.
    pub because: &'static str,
    /// The answers, each with the label of its button. Any other answer is typed.
    pub answers: Vec<(String, ServerFact)>,
}

/// An answer as a fact about the server.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ServerFact {
    /// These addresses are the server's own.
    OwnAddresses(Vec<IpAddr>),
    /// This address is not the server's own.
    ForeignAddress(IpAddr),
    /// This name is the server's own.
    OwnName(String),
}

/// The unknown fact that a denial depends on; `None` if nothing is denied, or for sure.
pub(super) fn depends_on(verdict: &Verdict) -> Option<MissingFact> {
    verdict.decisions.values().find_map(Decision::depends_on)
}

/// The question about the unknown fact that the answer to a sign-in depends on; `None` if there is
/// none, or if the sign-in did not go to a file server. `reached` is the address that the
/// connection went to, if known. It is not taken for the server's own: it may be that of a load
/// balancer or a relay.
pub(super) fn question(verdict: &Verdict, reached: Option<IpAddr>) -> Option<Question> {
    if !verdict.service.is_file_server() {
        return None;
    }
    let about = depends_on(verdict)?;
    let spn = Spn::parse(verdict.evidence.target.text()?);
    if about == MissingFact::Names {
        return Some(ask_about_name(spn.rest));
    }
    let asked_for = spn.address()?;
    Some(match reached {
        Some(reached) if reached != asked_for => ask_which_address(asked_for, reached, verdict),
        reached => {
            let answers = vec![
                ("No".to_owned(), ServerFact::ForeignAddress(asked_for)),
                ("Yes".to_owned(), ServerFact::OwnAddresses(vec![asked_for])),
            ];
            let pieces = vec![
                text("Is "),
                address(asked_for),
                text(" one of "),
                whose(verdict),
                text(" own addresses?"),
            ];
            let because = match reached {
                Some(_) => {
                    "The client asked for it and connected to it. That does not show who answered there: a load balancer, NAT or a relay may be in between."
                }
                None => "The messages do not say which addresses the server has.",
            };
            Question { about, pieces, because, answers }
        }
    })
}

fn ask_about_name(host: &str) -> Question {
    let pieces =
        vec![text("Is "), Piece::Data(host.to_owned()), text(" one of the server's own names?")];
    Question {
        about: MissingFact::Names,
        pieces,
        because: "The messages do not say what the server is called.",
        answers: vec![("Yes".to_owned(), ServerFact::OwnName(host.to_owned()))],
    }
}

/// The question if the connection went to another address than the client asked for.
fn ask_which_address(asked_for: IpAddr, reached: IpAddr, verdict: &Verdict) -> Question {
    Question {
        about: MissingFact::Addresses,
        pieces: vec![
            text("The client asked for "),
            address(asked_for),
            text(", and its connection went to "),
            address(reached),
            text(". Which of them are "),
            whose(verdict),
            text(" own addresses?"),
        ],
        because: "The capture shows where the connection went. It does not show who answered there: a load balancer, NAT or a relay may be in between.",
        answers: vec![
            (format!("Only {reached}"), ServerFact::OwnAddresses(vec![reached])),
            ("Both".to_owned(), ServerFact::OwnAddresses(vec![reached, asked_for])),
            (format!("Only {asked_for}"), ServerFact::OwnAddresses(vec![asked_for])),
        ],
    }
}

fn text(text: &str) -> Piece {
    Piece::Text(text.to_owned())
}

fn address(address: IpAddr) -> Piece {
    Piece::Data(address.to_string())
}

/// The server as a possessive: `DCFR's`.
pub(super) fn whose(verdict: &Verdict) -> Piece {
    match verdict.server.names.first() {
        Some(name) => Piece::Data(format!("{name}'s")),
        None => text("the server's"),
    }
}
