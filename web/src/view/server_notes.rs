//! Notes about the server beside the answer, each with its possible actions.

use std::fmt::Display;

use crate::view::Piece;
use spnscope::judge::{remedies::Change, smb::ServerSettings};

/// The source of the facts about the server in force.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum ServerBasis {
    /// The messages alone, and the defaults.
    #[default]
    Messages,
    /// The reader, in this tab. The facts are not kept.
    Stated,
    /// The reader, on an earlier visit or since it was kept.
    Kept,
    /// The sample. The facts are not kept.
    Sample,
}

/// A note about the server beside the answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ServerNote {
    /// The sentence.
    pub pieces: Vec<Piece>,
    /// The actions offered.
    pub offers: Vec<ServerOffer>,
}

/// An action on the server in force.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ServerOffer {
    /// Undo what was tried, taken over or entered in this tab.
    TakeBack,
    /// Keep the server for later visits.
    Keep,
    /// Keep the server that the input in the paste box describes.
    KeepIt,
    /// Forget the kept server.
    Forget,
    /// Judge for the kept server.
    Use,
}

impl ServerOffer {
    /// The label of the button.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::TakeBack => "Undo",
            Self::Keep => "Keep",
            Self::KeepIt => "Keep it",
            Self::Forget => "Forget it",
            Self::Use => "Use it all the same",
        }
    }
}

/// The inputs of the notes.
pub(crate) struct NoteInputs<'s, D> {
    /// The source of the facts about the server in force.
    pub(crate) basis: ServerBasis,
    /// The server in force.
    pub(crate) server: &'s ServerSettings,
    /// The remedy that is being tried on it, and the server before that.
    pub(crate) tried: Option<(&'s Change, &'s ServerSettings)>,
    /// The kept server, and the day since when.
    pub(crate) kept: Option<(&'s ServerSettings, Option<D>)>,
    /// True if there is an answer, so that the note can say which server it is for.
    pub(crate) is_judged: bool,
    /// The names of the server in the messages.
    pub(crate) named: &'s [String],
    /// True if the server is the one that the event in the paste box describes.
    pub(crate) is_of_event: bool,
}

/// Makes the notes, that on a tried remedy first.
pub(crate) fn server_notes<D: Display>(inputs: &NoteInputs<'_, D>) -> Vec<ServerNote> {
    let NoteInputs { basis, server, tried, kept, is_judged, named, is_of_event } = inputs;
    let mut notes = Vec::with_capacity(2);
    let mut note = |pieces, offers: &[ServerOffer]| {
        notes.push(ServerNote { pieces, offers: offers.to_vec() });
    };
    let since = |day: &Option<D>| day.as_ref().map_or_else(String::new, |day| format!(" {day}"));
    if !is_judged {
        if let Some((kept, day)) = kept {
            let start =
                format!("Your server is remembered{}: ", since(day).replacen(' ', " since ", 1));
            let end = if kept.names.is_empty() {
                ". It has no name, so it is used only where you say so."
            } else {
                ". It is used for sign-ins to it."
            };
            note(describe(&start, kept, &[], end), &[ServerOffer::Forget]);
        }
        return notes;
    }
    let mut basis = *basis;
    if let Some((change, before)) = tried {
        let offers = [ServerOffer::TakeBack, ServerOffer::Keep];
        note(
            describe_trial(change),
            if basis == ServerBasis::Sample { &offers[..1] } else { &offers },
        );
        if kept.as_ref().is_some_and(|(kept, _)| kept == before) && basis == ServerBasis::Stated {
            basis = ServerBasis::Kept;
        }
    }
    match (basis, kept) {
        (ServerBasis::Stated, _) if *is_of_event => note(
            describe("Server taken from this event, not kept: ", server, named, "."),
            &[ServerOffer::KeepIt],
        ),
        (ServerBasis::Stated, _) if tried.is_none() => note(
            describe("Used in this tab, not kept: ", server, named, "."),
            &[ServerOffer::TakeBack, ServerOffer::Keep],
        ),
        (ServerBasis::Kept, Some((kept, day))) => {
            let start = format!("Answered for your server, remembered{}: ", since(day));
            note(describe(&start, kept, named, "."), &[ServerOffer::Forget]);
        }
        (ServerBasis::Messages, Some((kept, _))) => {
            let end = match (kept.names.is_empty(), !named.is_empty()) {
                (true, _) => " is not used: it has no name.",
                (false, true) => " is not this one.",
                (false, false) => " is not used: no message names the server.",
            };
            let start = "Your remembered server ".to_owned();
            let pieces = vec![Piece::Text(start), name(kept), Piece::Text(end.to_owned())];
            note(pieces, &[ServerOffer::Use, ServerOffer::Forget]);
        }
        _ => {}
    }
    notes
}

/// The change that is being tried.
fn describe_trial(change: &Change) -> Vec<Piece> {
    let (what, rest) = match change {
        Change::StateAddress(address) => {
            (Some(address.to_string()), " as an address of the server itself.")
        }
        Change::StateName(name) => (Some(name.clone()), " as a name of the server itself."),
        Change::Allow(name) => (Some(name.clone()), " as an allowed name."),
        Change::StateDomainController => (None, "the server as a domain controller."),
        // These changes are not the server's, and are not tried.
        Change::Send(_)
        | Change::SendAnyOwnName
        | Change::AnswerWithNtlmv2(_)
        | Change::Level(_) => (None, "another client."),
    };
    let start = Piece::Text("Tried, not kept: ".to_owned());
    [Some(start), what.map(Piece::Data), Some(Piece::Text(rest.to_owned()))]
        .into_iter()
        .flatten()
        .collect()
}

/// The name of a server, in one word.
fn name(settings: &ServerSettings) -> Piece {
    let address = || settings.addresses.first().map(ToString::to_string);
    let name = settings.names.first().cloned().or_else(address);
    name.or_else(|| settings.allowed.first().cloned())
        .map_or_else(|| Piece::Text("without a name".to_owned()), Piece::Data)
}

/// The number of entries of a list that a note names.
const MAX_NAMED_ENTRIES: usize = 3;

/// Describes a server by its name, its addresses and its allowed names. The messages call it
/// `named`.
fn describe(start: &str, settings: &ServerSettings, named: &[String], end: &str) -> Vec<Piece> {
    let text = |text: &str| Piece::Text(text.to_owned());
    let addresses: Vec<_> = settings.addresses.iter().map(ToString::to_string).collect();
    let own: Vec<_> = settings.names.iter().chain(named).take(1).cloned().collect();
    let mut pieces = vec![text(start)];
    let list = |pieces: &mut Vec<Piece>, entries: &[String]| {
        for (index, entry) in entries.iter().take(MAX_NAMED_ENTRIES).enumerate() {
            if index > 0 {
                pieces.push(text(", "));
            }
            pieces.push(Piece::Data(entry.clone()));
        }
        if let Some(more) = entries.len().checked_sub(MAX_NAMED_ENTRIES).filter(|more| *more > 0) {
            pieces.push(Piece::Text(format!(" and {more} more")));
        }
    };
    let all: Vec<_> = own.into_iter().chain(addresses).collect();
    if all.is_empty() {
        pieces.push(text("a server without a name"));
    }
    list(&mut pieces, &all);
    if !settings.foreign_addresses.is_empty() {
        let foreign: Vec<_> = settings.foreign_addresses.iter().map(ToString::to_string).collect();
        pieces.push(text("; not its own: "));
        list(&mut pieces, &foreign);
    }
    if !settings.allowed.is_empty() {
        pieces.push(text("; also allowed: "));
        list(&mut pieces, &settings.allowed);
    }
    pieces.push(text(end));
    pieces
}
