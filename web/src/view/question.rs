//! What is asked where an answer hangs on something that no message says.

use std::net::IpAddr;

use crate::view::Piece;
use spnscope::analysis::Verdict;
use spnscope::base::spn::Spn;
use spnscope::judge::smb::{Decision, MissingFact};

/// A question whose answer settles what hangs on it, at every level.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Question {
    /// What is not known.
    pub about: MissingFact,
    /// The question.
    pub pieces: Vec<Piece>,
    /// How what stands in it is known, and why that does not answer it.
    pub because: &'static str,
    /// The answers, each with what its button says. Whoever has another one types it.
    pub answers: Vec<(String, Answer)>,
}

/// What an answer says of the server.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Answer {
    /// These are its own addresses.
    OwnAddresses(Vec<IpAddr>),
    /// This is none of its own.
    ForeignAddress(IpAddr),
    /// This is its name.
    OwnName(String),
}

/// What a denial hangs on; `None` where nothing is denied, or for sure.
pub(super) fn depends_on(verdict: &Verdict) -> Option<MissingFact> {
    verdict.decisions.values().find_map(Decision::depends_on)
}

/// What is asked where the answer to a sign-in hangs on what is not known of the server; `None`
/// where it does not, and where the sign-in did not go to a file server. Its connection went to the
/// address `reached`, where that is known. No address is taken for the server's own because of
/// that: a load balancer or a relay may stand there.
pub(super) fn question(verdict: &Verdict, reached: Option<IpAddr>) -> Option<Question> {
    if !verdict.service.is_file_server() {
        return None;
    }
    let about = depends_on(verdict)?;
    let spn = Spn::parse(verdict.evidence.target.text()?);
    if about == MissingFact::Names {
        return Some(of_name(spn.rest));
    }
    let asked_for = spn.address()?;
    Some(match reached {
        Some(reached) if reached != asked_for => of_two(asked_for, reached, verdict),
        reached => {
            let answers = vec![
                ("No".to_owned(), Answer::ForeignAddress(asked_for)),
                ("Yes".to_owned(), Answer::OwnAddresses(vec![asked_for])),
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

fn of_name(host: &str) -> Question {
    let pieces =
        vec![text("Is "), Piece::Data(host.to_owned()), text(" one of the server's own names?")];
    Question {
        about: MissingFact::Names,
        pieces,
        because: "The messages do not say what the server is called.",
        answers: vec![("Yes".to_owned(), Answer::OwnName(host.to_owned()))],
    }
}

/// Where the connection went to another address than the client asked for.
fn of_two(asked_for: IpAddr, reached: IpAddr, verdict: &Verdict) -> Question {
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
            (format!("Only {reached}"), Answer::OwnAddresses(vec![reached])),
            ("Both".to_owned(), Answer::OwnAddresses(vec![reached, asked_for])),
            (format!("Only {asked_for}"), Answer::OwnAddresses(vec![asked_for])),
        ],
    }
}

fn text(text: &str) -> Piece {
    Piece::Text(text.to_owned())
}

fn address(address: IpAddr) -> Piece {
    Piece::Data(address.to_string())
}

/// The server, as one whose the addresses are: `DCFR's`.
pub(super) fn whose(verdict: &Verdict) -> Piece {
    match verdict.server.names.first() {
        Some(name) => Piece::Data(format!("{name}'s")),
        None => text("the server's"),
    }
}
