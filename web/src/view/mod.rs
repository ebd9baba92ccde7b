//! What the page shows, as plain data: sentences, marks and spans, and no message.
//!
//! [`decode`] turns an analysis into a [`DecodeView`]; components draw its parts one to one.

pub mod learn;

mod access;
mod bar;
mod byte_rows;
mod captured;
mod comparison;
mod copies;
mod decode;
mod edited;
mod field_rows;
mod files;
mod headline;
mod imported;
mod lab;
mod levels;
mod proof;
mod question;
mod reported;
mod said;
mod samples;
mod server_notes;
mod server_panel;
mod sign_ins;
mod ways;

use std::sync::Arc;

pub use access::{AccessAnswer, AccessField, AccessForm, AccessView, access};
pub use bar::{BarGate, BarView, Tone};
pub use byte_rows::{ByteCell, ByteMap, ByteRow, ByteRun, ROW, byte_rows, hex_dump};
pub use captured::CapturedView;
pub use comparison::{CompareView, ComparedRow, TextRun, compare};
pub use copies::{CopyForm, copy, left_out, messages_to_share};
pub use decode::{Sight, decode};
pub use edited::EditedView;
pub use field_rows::field_rows;
pub use files::why_not_read;
pub use imported::{Chosen, imported, in_short, told};
pub use lab::{
    ChangedField, ComparedValues, DrawnActor, DrawnRow, EditCell, EditRow, LabStep, LabView,
    PairCell, PairRow, Sentence, SignIn, StepMark, Wire, about_client, about_edit, about_middle,
    lab,
};
pub use proof::{CheckRow, HexRun, ProofView};
pub use question::{Answer, Question};
pub use reported::{ReportForm, Reported};
pub use samples::{SAMPLES, Sample};
pub use server_notes::{ServerBasis, ServerNote, ServerOffer};
pub(crate) use server_notes::{Standing, server_notes};
pub use sign_ins::{Column, Order, PassedOn, SignInRow, SignInTable, sign_ins};
pub use ways::{Aim, RelayedView, Way, WaysView, ways};

use spnscope::base::{finding::Severity, span::Span};
use spnscope::judge::{
    events::{Event, NotWritten},
    proof::ProofVerdict,
    smb::{Basis, Outcome, Rule, StepKind, StepState},
};
use spnscope::message::field::FieldPath;
use spnscope::read::{capture::Time, offset_map::OffsetMap, text::Characters};

/// The two things that are always marked.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Mark {
    /// `MsvAvTargetName`, the whole AV pair; in an AP-REQ, `sname`.
    TargetName,
    /// The MIC.
    Mic,
}

/// Everything the place Decode shows about the chosen message.
#[derive(Clone, Debug, PartialEq)]
pub struct DecodeView {
    /// One group per exchange; messages that are absent are kept and disabled.
    pub exchanges: Vec<ChipGroup>,
    /// What was unwrapped, outermost first.
    pub trail: Vec<TrailStep>,
    /// Where else the chosen message stands in the paste, in one sentence; `None` where it stands
    /// there once.
    pub found_again: Option<String>,
    /// Where the bytes of the message stand in what was pasted.
    pub pasted: Pasted,
    /// The answer in one sentence.
    pub headline: Headline,
    /// What the capture itself shows of the sign-in; `None` where the input is no capture.
    pub captured: Option<CapturedView>,
    /// What is asked, where the answer hangs on what is not known of the server.
    pub question: Option<Question>,
    /// The read-outs under the headline.
    pub said: Vec<Said>,
    /// The three levels; `None` where the exchange has no AUTHENTICATE message to judge. Then
    /// `headline` says what is missing.
    pub levels: Option<[LevelCard; 3]>,
    /// The steps of the check, one row a step; empty where there are no levels.
    pub steps: Vec<StepRow>,
    /// The chosen message.
    pub bytes: Arc<[u8]>,
    /// Its fields, depth first.
    pub fields: Vec<FieldRow>,
    /// Which field each byte belongs to.
    pub map: ByteMap,
    /// What is odd, worst first.
    pub findings: Vec<FindingRow>,
    /// What cures each denial; `None` where nothing is denied, and where the sign-in did not go to
    /// a file server.
    pub ways: Option<WaysView>,
    /// What a relay to a file server would meet; `None` where the sign-in went to one.
    pub relayed: Option<RelayedView>,
    /// What the server panel shows.
    pub server: ServerPanel,
    /// What a secret proves; `None` where no AUTHENTICATE is there.
    pub proof: Option<ProofView>,
    /// What was edited by hand; `None` where the message is as it was captured.
    pub edited: Option<EditedView>,
}

/// The messages of one exchange.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ChipGroup {
    /// NEGOTIATE, CHALLENGE, AUTHENTICATE; or the AP-REQ or other message that is alone.
    pub chips: Vec<Chip>,
}

/// One message to choose.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Chip {
    /// Index of the token; `None` where the exchange lacks this message.
    pub token: Option<usize>,
    /// 1, 2 or 3; 0 for a message of another type.
    pub number: u8,
    /// `NEGOTIATE`, `CHALLENGE`, `AUTHENTICATE`, `AP-REQ` or `UNKNOWN`.
    pub name: &'static str,
    /// Its size, in bytes; 0 where it is not there.
    pub size: usize,
    /// Whether it is the one shown.
    pub chosen: bool,
}

/// The time of a packet, as one reads it: `2026-11-22 01:05:45.925`, in UTC.
fn shown_time(time: Time) -> String {
    let text = time.to_string();
    let text = text.trim_end_matches('Z').replacen('T', " ", 1);
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let thousandths: String = fraction.chars().chain("000".chars()).take(3).collect();
    format!("{whole}.{thousandths}")
}

/// One layer of the trail.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TrailStep {
    /// Its name.
    pub label: String,
    /// Its size with unit: `370 bytes`, `496 characters`.
    pub size: String,
    /// Where it stands in what was pasted: `characters 6 to 521`; in bytes where that is no text.
    pub place: String,
    /// What it says besides carrying the message: name and value.
    pub facts: Vec<(&'static str, String)>,
}

/// The way from the bytes of a message back to what was pasted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pasted {
    /// Where the message begins in its buffer, in bytes.
    base: usize,
    /// How the bytes of each buffer stand in the one outside it, innermost first.
    maps: Vec<Arc<OffsetMap>>,
    /// What people count in what was pasted.
    characters: Arc<Characters>,
}

impl Pasted {
    /// Where the bytes `span` of the message stand in what was pasted: `characters 6 to 521`,
    /// `bytes 92 to 461` where that is no text. `None` where there are none, or where it was pasted
    /// as bytes from the first one on, so that the places are the same.
    #[must_use]
    pub fn place(&self, span: Span) -> Option<String> {
        let same = self.base == 0 && self.maps.is_empty();
        let place = self.maps.iter().fold(span.shifted(self.base), |span, map| map.to_outer(span));
        (!same && !place.is_empty()).then(|| self.characters.place(place))
    }
}

/// A piece of a sentence.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Piece {
    /// Our words.
    Text(String),
    /// The client's target name or its host: shown with the mark of the target name.
    TargetName(String),
    /// A name or number as sent or as configured: shown in the type of data.
    Data(String),
}

impl Piece {
    /// Its text, as it was sent.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::TargetName(text) | Self::Data(text) => text,
        }
    }
}

/// The answer in one sentence.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Headline {
    /// What comes before the verdict: where the sign-in went, if that was no file server; else
    /// empty.
    pub before: String,
    /// `Some(Accept)` where every level accepts, `Some(Deny)` where some level denies,
    /// `Some(LogonFailure)` where it ends earlier, `None` where there is nothing to decide.
    pub outcome: Option<Outcome>,
    /// The verdict: `Denied at levels 1 and 2.`, or `Relayed to a file server, it would be denied
    /// at level 2.` With a comma at its end where it hangs on something that is not known. Empty
    /// where there is nothing to decide.
    pub verdict: String,
    /// What it hangs on: `unless 10.0.0.100 is DCFR's own address.` Empty where it is certain.
    pub unless: Vec<Piece>,
    /// The reason.
    pub pieces: Vec<Piece>,
}

/// One read-out: a label, a value, a remark, and the bytes it is about.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Said {
    /// `Target name`, `MIC`, `Sign-in`, …
    pub label: &'static str,
    /// The mark it bears.
    pub mark: Option<Mark>,
    /// The value; where `is_data`, as sent.
    pub value: String,
    /// Whether the value is data rather than our words.
    pub is_data: bool,
    /// Remarks, each a short phrase.
    pub notes: Vec<String>,
    /// What a check of it came to; `None` where none was made.
    pub proven: Option<ProofVerdict>,
    /// Where to jump.
    pub span: Option<Span>,
}

/// What happens at one level.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LevelCard {
    /// 0, 1 or 2.
    pub number: u8,
    /// `Off`, `Accept if provided`, `Required`.
    pub name: &'static str,
    /// Whether the server is known to be set to it.
    pub is_set: bool,
    /// Accepted, denied, or ended earlier.
    pub outcome: Outcome,
    /// Whether the answer hangs on something not known here (`Depends on the server's addresses`).
    pub depends: bool,
    /// `Accepted`, `Denied`, `Refused earlier`, `Depends on the server's addresses`.
    pub verdict: &'static str,
    /// `STATUS_ACCESS_DENIED`, or `status not documented`.
    pub status: &'static str,
    /// The number of the status in hex, `0xC0000022`; empty where it is not known.
    pub status_code: String,
    /// The deciding sentence.
    pub why: String,
    /// The other reasons: what was assumed.
    pub notes: Vec<(String, Basis, &'static Rule)>,
    /// How sure the deciding sentence is.
    pub basis: Basis,
    /// The deciding rule.
    pub rule: Option<&'static Rule>,
    /// The events written, in order, each with the name it goes by here: `551
    /// (SMBServer/Security)`.
    pub events: Vec<(String, Event)>,
    /// Those whose audit setting is off.
    pub not_written: Vec<NotWritten>,
    /// The entry of the server's lists that matched.
    pub matched: Option<String>,
    /// The entries that were compared and did not match.
    pub tried: Vec<String>,
}

/// One step of the check at all three levels.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StepRow {
    /// `1 Proof`, `2 MIC`, `3 Target name`, `4 Answer`, `5 Events`.
    pub name: &'static str,
    /// Which, where it is one of the server's steps.
    pub kind: Option<StepKind>,
    /// What happens, for a run of levels that it is the same for; together they cover all three.
    pub cells: Vec<StepCell>,
}

/// What happens in a step at some levels.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StepCell {
    /// How many levels it covers, from the left.
    pub levels: usize,
    /// How it ends there; `None` in the rows Answer and Events.
    pub state: Option<StepState>,
    /// Whether the answer is success; only in the row Answer.
    pub accepted: Option<bool>,
    /// The sentence.
    pub text: String,
    /// How sure it is, and where it is from.
    pub basis: Option<(Basis, &'static Rule)>,
}

/// One row of the field tree.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FieldRow {
    /// Its place in the message, by which it is known again.
    pub path: FieldPath,
    /// What the row is called: the specification's name, or the AvId of a pair.
    pub name: String,
    /// How deep it lies; 0 for the fields of the message itself.
    pub depth: usize,
    /// Whether rows one deeper follow that belong to it.
    pub has_children: bool,
    /// Whether it starts unfolded.
    pub open: bool,
    /// Its value, in one line.
    pub value: String,
    /// Whether the value is data rather than our words.
    pub is_data: bool,
    /// Its bytes.
    pub span: Span,
    /// The mark it bears.
    pub mark: Option<Mark>,
    /// Whether no field refers to these bytes.
    pub is_gap: bool,
    /// The worst finding about exactly these bytes.
    pub finding: Option<Severity>,
    /// One sentence about what the field is.
    pub explanation: &'static str,
    /// The specification, `[MS-NLMP]`, and its section, `2.2.2.1`.
    pub section: [&'static str; 2],
    /// Whether the value can be changed by hand.
    pub editable: bool,
    /// Whether it was.
    pub changed: bool,
}

/// One finding.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FindingRow {
    /// What it means for a receiver.
    pub severity: Severity,
    /// Its stable code.
    pub code: &'static str,
    /// One sentence.
    pub message: String,
    /// What such a finding means in general.
    pub explanation: &'static str,
    /// The layer around the message that it is about; empty where it is about the message.
    pub layer: String,
    /// The bytes it is about, of the message or of that layer's buffer.
    pub span: Span,
}

/// What the server panel shows besides its own settings.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ServerPanel {
    /// The names in force, the server's own and, on a domain controller, the domain's.
    pub names: Vec<String>,
    /// Where they are from, one sentence: `Read from the CHALLENGE.`
    pub names_from: String,
    /// Whether the user stated the names.
    pub names_given: bool,
    /// The host of the target name, where adding it to the allowed names would change a verdict.
    pub missing: Option<String>,
    /// What adding it would do, one sentence; empty where nothing is missing.
    pub missing_effect: String,
    /// About an allowed name that lets nobody in, one sentence.
    pub odd_entry: Option<String>,
}

/// What was read of the server side, one sentence an item. Hidden characters are made visible.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ImportView {
    /// Whether something was taken over.
    pub summary: &'static str,
    /// Why each event was written, and what would cure it.
    pub events: Vec<String>,
    /// What was taken over, with its place.
    pub values: Vec<String>,
    /// What was not read or is to be known about what was.
    pub remarks: Vec<String>,
}

/// One of several events. Hidden characters are made visible.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EventRow {
    /// Its index among the events of the import.
    pub index: usize,
    /// The number of the event: 5168 or 551.
    pub event: u16,
    /// When it was written, as it stands there; else its line.
    pub time: String,
    /// The name that the client asked for.
    pub name: String,
    /// What would be answered now: `denied at levels 1 and 2`.
    pub now: String,
    /// Whether the answers shown are those to this one.
    pub is_chosen: bool,
}

/// What is shown of the server alone, where something of it was pasted and no sign-in.
#[derive(Clone, Debug, PartialEq)]
pub struct ToldView {
    /// The answer in one sentence.
    pub headline: Headline,
    /// Why the event was written that the answer is about; `None` where there is no event.
    pub why: Option<String>,
    /// The events, where there are several.
    pub events: Vec<EventRow>,
    /// How many more there are.
    pub more_events: usize,
    /// The three levels, where an event tells of a sign-in.
    pub levels: Option<[LevelCard; 3]>,
    /// What is asked, where the answer hangs on what is not known of the server.
    pub question: Option<Question>,
    /// What cures each denial; `None` where nothing is denied.
    pub ways: Option<WaysView>,
    /// What the server panel shows.
    pub server: ServerPanel,
}
