//! The content of the page as plain data: sentences, marks and spans, and no message.
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
mod readouts;
mod reported;
mod samples;
mod server_notes;
mod server_panel;
mod sign_ins;
mod ways;

use std::sync::Arc;

pub use access::{AccessAnswer, AccessField, AccessForm, AccessView, access};
pub use bar::{BarGate, BarView, Tone};
pub use byte_rows::{ByteCell, ByteMap, ByteRow, ByteRun, ROW_LEN, byte_rows, hex_dump};
pub use captured::CapturedView;
pub use comparison::{CompareView, ComparedRow, TextRun, compare};
pub use copies::{CopyForm, copy, left_out, messages_to_share};
pub use decode::{DecodeInputs, decode};
pub use edited::EditedView;
pub use field_rows::field_rows;
pub use files::why_not_read;
pub use imported::{
    ChosenEvent, imported, server_only, server_only_of_sign_in, summarize_settings,
};
pub use lab::{
    ChangedField, ComparedValues, DrawnActor, DrawnRow, EditCell, EditRow, LabStep, LabView,
    PairCell, PairRow, Sentence, SignInEnd, StepMark, Wire, about_client, about_edit, about_middle,
    lab,
};
pub use proof::{CheckRow, HexRun, ProofView};
pub use question::{Question, ServerFact};
pub use reported::{ReportForm, Reported};
pub use samples::{SAMPLES, Sample};
pub(crate) use server_notes::{NoteInputs, server_notes};
pub use server_notes::{ServerBasis, ServerNote, ServerOffer};
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

/// The two parts of a message that are always marked.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Mark {
    /// `MsvAvTargetName`, the whole AV pair; in an AP-REQ, `sname`.
    TargetName,
    /// The MIC, the message integrity code.
    Mic,
}

/// The view of the place Decode for the chosen message.
#[derive(Clone, Debug, PartialEq)]
pub struct DecodeView {
    /// The messages, one group per exchange; absent messages are kept and disabled.
    pub exchanges: Vec<ChipGroup>,
    /// The layers that were unwrapped, outermost first.
    pub trail: Vec<TrailStep>,
    /// The other places of the chosen message in the input, in one sentence; `None` if there is
    /// only one.
    pub found_again: Option<String>,
    /// The way from the bytes of the message back to the input.
    pub pasted: Pasted,
    /// The answer in one sentence.
    pub headline: Headline,
    /// The facts that the capture itself shows of the sign-in; `None` if the input is no capture.
    pub captured: Option<CapturedView>,
    /// The question to the reader, if the answer depends on an unknown fact about the server.
    pub question: Option<Question>,
    /// The readouts under the headline.
    pub readouts: Vec<Readout>,
    /// The three levels; `None` if the exchange has no AUTHENTICATE message to judge. Then
    /// `headline` says what is missing.
    pub levels: Option<[LevelCard; 3]>,
    /// The steps of the check, one row a step; empty without levels.
    pub steps: Vec<StepRow>,
    /// The chosen message.
    pub bytes: Arc<[u8]>,
    /// The fields of the message, depth first.
    pub fields: Vec<FieldRow>,
    /// The map from bytes to fields.
    pub map: ByteMap,
    /// The findings, worst first.
    pub findings: Vec<FindingRow>,
    /// The cures of the denials; `None` if nothing is denied, or the sign-in did not go to a file
    /// server.
    pub ways: Option<WaysView>,
    /// The obstacles to a relay to a file server; `None` if the sign-in went to one.
    pub relayed: Option<RelayedView>,
    /// The content of the server panel.
    pub server: ServerPanel,
    /// The proof from the secret; `None` without an AUTHENTICATE.
    pub proof: Option<ProofView>,
    /// The edits made by hand; `None` if the message is as captured.
    pub edited: Option<EditedView>,
}

/// The messages of one exchange.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ChipGroup {
    /// NEGOTIATE, CHALLENGE, AUTHENTICATE; or a single AP-REQ or other message.
    pub chips: Vec<Chip>,
}

/// One message to choose.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Chip {
    /// The index of the token; `None` if the exchange lacks this message.
    pub token: Option<usize>,
    /// 1, 2 or 3; 0 for a message of another type.
    pub number: u8,
    /// `NEGOTIATE`, `CHALLENGE`, `AUTHENTICATE`, `AP-REQ` or `UNKNOWN`.
    pub name: &'static str,
    /// Its size in bytes; 0 if it is absent.
    pub size: usize,
    /// True if it is the one shown.
    pub chosen: bool,
}

/// The time of a packet for people: `2026-11-22 01:05:45.925`, in UTC.
fn packet_time(time: Time) -> String {
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
    /// Its size with the unit: `370 bytes`, `496 characters`.
    pub size: String,
    /// Its place in the input: `characters 6 to 521`; in bytes if the input is no text.
    pub place: String,
    /// The facts that it states besides carrying the message: name and value.
    pub facts: Vec<(&'static str, String)>,
}

/// The way from the bytes of a message back to the input.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pasted {
    /// The offset of the message in its buffer, in bytes.
    base: usize,
    /// The map of each buffer into the one outside it, innermost first.
    maps: Vec<Arc<OffsetMap>>,
    /// The characters of the input, as people count them.
    characters: Arc<Characters>,
}

impl Pasted {
    /// The place of the bytes `span` in the input: `characters 6 to 521`, or `bytes 92 to 461` if
    /// it is no text. `None` if there are none, or if the input is the bytes of the message, so
    /// that the places are equal.
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
    /// Words of the page.
    Text(String),
    /// The client's target name or its host: shown with the mark of the target name.
    TargetName(String),
    /// A name or number as sent or as configured: shown in the typeface of data.
    Data(String),
}

impl Piece {
    /// The text of the piece, as it was sent.
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
    /// The words before the verdict: the service that the sign-in went to, if that was no file
    /// server; else empty.
    pub before: String,
    /// `Some(Accept)` if every level accepts, `Some(Deny)` if some level denies,
    /// `Some(LogonFailure)` if it ends earlier, `None` if there is nothing to decide.
    pub outcome: Option<Outcome>,
    /// The verdict: `Denied at levels 1 and 2.`, or `Relayed to a file server, it would be denied
    /// at level 2.` It ends with a comma if it depends on something unknown. Empty if there is
    /// nothing to decide.
    pub verdict: String,
    /// The condition: `unless 10.0.0.100 is DCFR's own address.` Empty if the verdict is certain.
    pub unless: Vec<Piece>,
    /// The reason of the verdict.
    pub pieces: Vec<Piece>,
}

/// One readout: a label, a value, remarks, and the bytes it is about.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Readout {
    /// `Target name`, `MIC`, `Sign-in`, …
    pub label: &'static str,
    /// The mark it bears.
    pub mark: Option<Mark>,
    /// The value; if `is_data`, as sent.
    pub value: String,
    /// True if the value is data, not words of the page.
    pub is_data: bool,
    /// The remarks, each a short phrase.
    pub notes: Vec<String>,
    /// The verdict of a check of the value; `None` if none was made.
    pub proven: Option<ProofVerdict>,
    /// The bytes to jump to.
    pub span: Option<Span>,
}

/// The answer at one level.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LevelCard {
    /// The number of the level: 0, 1 or 2.
    pub number: u8,
    /// `Off`, `Accept if provided`, `Required`.
    pub name: &'static str,
    /// True if the server is known to be set to this level.
    pub is_set: bool,
    /// The outcome: accepted, denied, or ended earlier.
    pub outcome: Outcome,
    /// True if the answer depends on something unknown (`Depends on the server's addresses`).
    pub depends: bool,
    /// `Accepted`, `Denied`, `Refused earlier`, `Depends on the server's addresses`.
    pub verdict: &'static str,
    /// `STATUS_ACCESS_DENIED`, or `status not documented`.
    pub status: &'static str,
    /// The number of the status in hex, `0xC0000022`; empty if it is not known.
    pub status_code: String,
    /// The deciding sentence.
    pub why: String,
    /// The other reasons: the assumptions.
    pub notes: Vec<(String, Basis, &'static Rule)>,
    /// The basis of the deciding sentence.
    pub basis: Basis,
    /// The deciding rule.
    pub rule: Option<&'static Rule>,
    /// The events written, in order, each with its label: `551 (SMBServer/Security)`.
    pub events: Vec<(String, Event)>,
    /// The events whose audit setting is off.
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
    /// The kind of the step, if it is one of the server's.
    pub kind: Option<StepKind>,
    /// The cells, each for a run of levels with the same text; together they cover all three.
    pub cells: Vec<StepCell>,
}

/// A step at one or more levels.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StepCell {
    /// The number of levels it covers, from the left.
    pub levels: usize,
    /// The end of the step there; `None` in the rows Answer and Events.
    pub state: Option<StepState>,
    /// True if the answer is success; only in the row Answer.
    pub accepted: Option<bool>,
    /// The sentence about the step.
    pub text: String,
    /// The basis of the sentence, and its rule.
    pub basis: Option<(Basis, &'static Rule)>,
}

/// One row of the field tree.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FieldRow {
    /// The path of the field, its identity across edits.
    pub path: FieldPath,
    /// The name of the row: the specification's, or the AvId of a pair.
    pub name: String,
    /// The depth in the tree; 0 for the fields of the message itself.
    pub depth: usize,
    /// True if rows one level deeper follow that belong to it.
    pub has_children: bool,
    /// True if it starts unfolded.
    pub open: bool,
    /// The value in one line.
    pub value: String,
    /// True if the value is data, not words of the page.
    pub is_data: bool,
    /// The bytes of the field.
    pub span: Span,
    /// The mark it bears.
    pub mark: Option<Mark>,
    /// True if no field refers to these bytes.
    pub is_gap: bool,
    /// The worst finding about exactly these bytes.
    pub finding: Option<Severity>,
    /// One sentence about the field.
    pub explanation: &'static str,
    /// The specification, `[MS-NLMP]`, and its section, `2.2.2.1`.
    pub section: [&'static str; 2],
    /// True if the value can be changed by hand.
    pub editable: bool,
    /// True if the value was changed by hand.
    pub changed: bool,
}

/// One finding.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FindingRow {
    /// The severity of the finding for a receiver.
    pub severity: Severity,
    /// Its stable code.
    pub code: &'static str,
    /// The finding in one sentence.
    pub message: String,
    /// The meaning of such a finding in general.
    pub explanation: &'static str,
    /// The layer that the finding is about; empty if it is about the message.
    pub layer: String,
    /// The bytes it is about, of the message or of that layer's buffer.
    pub span: Span,
}

/// The content of the server panel besides the settings themselves.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ServerPanel {
    /// The names in force, the server's own and, on a domain controller, the domain's.
    pub names: Vec<String>,
    /// The source of the names, in one sentence: `Read from the CHALLENGE.`
    pub names_from: String,
    /// True if the user stated the names.
    pub names_given: bool,
    /// The host of the target name, if adding it to the allowed names would change a verdict.
    pub missing: Option<String>,
    /// The effect of adding it, in one sentence; empty if nothing is missing.
    pub missing_effect: String,
    /// A sentence about an allowed name that lets nobody in.
    pub odd_entry: Option<String>,
}

/// The facts read about the server, one sentence an item. Hidden characters are made visible.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ImportView {
    /// A sentence that says if something was taken over.
    pub summary: &'static str,
    /// The events, each with its cause and its cure.
    pub events: Vec<String>,
    /// The values taken over, with their places.
    pub values: Vec<String>,
    /// The remarks about values, and about parts that were not read.
    pub remarks: Vec<String>,
}

/// One of several events. Hidden characters are made visible.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EventRow {
    /// Its index among the events of the import.
    pub index: usize,
    /// The number of the event: 5168 or 551.
    pub event: u16,
    /// The time of the event as the input has it, else its line.
    pub time: String,
    /// The name that the client asked for.
    pub name: String,
    /// The answer of the server now: `denied at levels 1 and 2`.
    pub now: String,
    /// True if the answers shown are about this event.
    pub is_chosen: bool,
}

/// The view of an answer without a message: to an event, to settings of a server, or to a sign-in
/// over SMB1 without extended security.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerOnlyView {
    /// The answer in one sentence.
    pub headline: Headline,
    /// The cause of the chosen event; `None` if there is no event.
    pub why: Option<String>,
    /// The events, if there are several.
    pub events: Vec<EventRow>,
    /// The number of events without a row.
    pub more_events: usize,
    /// The facts that the capture shows of the sign-in; `None` if the input is no capture.
    pub captured: Option<CapturedView>,
    /// The three levels, if an event is about a sign-in.
    pub levels: Option<[LevelCard; 3]>,
    /// The question to the reader, if the answer depends on an unknown fact about the server.
    pub question: Option<Question>,
    /// The cures of the denials; `None` if nothing is denied.
    pub ways: Option<WaysView>,
    /// The content of the server panel.
    pub server: ServerPanel,
}
