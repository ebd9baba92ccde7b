//! Capture files to messages and sign-ins: by their connections, and if these have none, by a
//! search of the bytes. Judges nothing.

use std::sync::Arc;

use super::{Captured, FoundSignIns, Token, exchange::MessageGroup, find_in_bytes, refused};
use crate::base::{
    pace::{self, Pace},
    span::Span,
};
use crate::read::{
    capture::{self, Capture},
    layer::{Fact, Layer, LayerKind},
    offset_map::OffsetMap,
    stream::{self, Attempt, Negotiated, SignIn, Streams},
    text::MAX_INPUT_LEN,
};

/// The most sign-ins of a capture that are kept.
const MAX_SIGN_INS: usize = 1_000;

/// The most findings about a file that are reported. `spnscope audit` reports all.
const MAX_FINDINGS: usize = 8;

/// The remark on a capture that does not have all bytes of a sign-in.
const CUT_REMARK: &str = "Some sign-ins are cut off: the capture does not have their packets in full. Capture again without a limit (tcpdump -s 0).";

/// The remark on a capture in which no sign-in has a message.
const BARE_REMARK: &str = "The client signed in over SMB1 without extended security. That carries no NTLM message, so there are no fields to show.";

/// Returns true if a file that begins like this is a capture that can be read.
#[must_use]
pub fn is_capture(head: &[u8]) -> bool {
    capture::recognise_form(head).is_some()
}

/// A reader of capture files of any size, pushed in piece by piece; it finds what
/// [`analyze`](super::analyze) finds in a paste.
#[derive(Debug, Default)]
pub struct CaptureReader {
    capture: Capture,
    streams: Streams,
    found: Vec<KeptSignIn>,
    /// The first bytes of the file, at most [`MAX_INPUT_LEN`] and one more.
    start: Vec<u8>,
    /// The number of sign-ins beyond those that are kept.
    left_out: u64,
}

impl CaptureReader {
    /// Reads the next bytes of the file.
    pub fn push(&mut self, bytes: &[u8]) {
        let Self { capture, streams, found, left_out, start } = self;
        let room = (MAX_INPUT_LEN + 1).saturating_sub(start.len());
        start.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        capture.push(bytes, &mut |segment| keep(found, left_out, streams.segment(segment)));
    }

    /// The number of sign-ins found so far.
    #[must_use]
    pub fn sign_ins(&self) -> u64 {
        self.found.len() as u64 + self.left_out
    }

    /// The messages and sign-ins that were found so far, in the order in which they ended. Sign-ins
    /// that have not ended are not among them.
    #[must_use]
    pub fn found_so_far(&self) -> FoundSignIns {
        found_in(&self.found, None)
    }

    /// Ends the file, and returns the messages and sign-ins in it.
    #[must_use]
    pub fn finish(self) -> FoundSignIns {
        let pace = Pace::at_once();
        pace::block_on(Box::pin(self.finish_in_steps(&pace)))
    }

    /// Stops in the middle of the file, and returns the messages and sign-ins found so far.
    #[must_use]
    pub fn stop(mut self) -> FoundSignIns {
        self.in_connections()
    }

    /// Does what [`finish`](Self::finish) does, in steps as long as `pace` says.
    pub async fn finish_in_steps(mut self, pace: &Pace) -> FoundSignIns {
        let start = std::mem::take(&mut self.start);
        let Self { capture, streams, found, left_out, .. } = &mut self;
        capture.finish(&mut |segment| keep(found, left_out, streams.segment(segment)));
        let in_connections = self.in_connections();
        if !in_connections.tokens.is_empty() || start.len() > MAX_INPUT_LEN {
            return in_connections;
        }
        // The bytes may hold messages that belong to no connection.
        let in_bytes = find_in_bytes(&start, None, pace).await;
        if in_bytes.tokens.is_empty() {
            return in_connections;
        }
        let of_connections = in_connections.refusal.into_iter().chain(in_connections.remark);
        let remarks = of_connections.chain(in_bytes.remark);
        FoundSignIns { remark: Some(remarks.collect::<Vec<_>>().join(" ")), ..in_bytes }
    }

    /// The sign-ins in the connections of what was read.
    fn in_connections(&mut self) -> FoundSignIns {
        let Self { streams, found, left_out, .. } = self;
        keep(found, left_out, streams.finish());
        if let Some(refusal) = self.capture.refusal() {
            return refused(format!("This capture was not read. {refusal}"));
        }
        if self.found.is_empty() {
            let packets = self.capture.packets();
            let nothing = format!("No sign-in was found in the {packets} packets of this capture.");
            let all: Vec<_> = std::iter::once(nothing).chain(self.left_unread()).collect();
            return refused(all.join(" "));
        }
        self.found
            .sort_by_key(|kept| (kept.captured.packets.first().copied(), kept.captured.client));
        let more = (self.left_out > 0).then(|| {
            format!(
                "Only the first {MAX_SIGN_INS} sign-ins are shown. The capture has {} more: spnscope audit lists them all.",
                self.left_out
            )
        });
        let is_cut = self.found.iter().any(|kept| kept.captured.is_cut);
        let cut = is_cut.then(|| CUT_REMARK.to_owned());
        let is_bare = !self.found.iter().any(KeptSignIn::is_stated)
            && self.found.iter().any(|kept| kept.captured.bare.is_some());
        let bare = is_bare.then(|| BARE_REMARK.to_owned());
        let remarks = more.into_iter().chain(cut).chain(bare).chain(self.left_unread());
        let remarks: Vec<_> = remarks.collect();
        found_in(&self.found, (!remarks.is_empty()).then(|| remarks.join(" ")))
    }

    /// The findings about the file and its connections, and what of them was not read, in
    /// sentences.
    fn left_unread(&self) -> Option<String> {
        let (file, streams) = (self.capture.remarks(), self.streams.remarks());
        let of_file = file.unread().map(|(what, count)| format!("{count} {what}"));
        let of_streams = streams.unread().map(|(what, count)| format!("{count} {what}"));
        let unread: Vec<_> = of_file.chain(of_streams).collect();
        let unread = (!unread.is_empty()).then(|| format!("Not read: {}.", unread.join(", ")));
        let odd = file.findings().iter().map(ToString::to_string);
        let odd = odd.chain(streams.findings().iter().map(ToString::to_string)).take(MAX_FINDINGS);
        let all: Vec<_> = odd.chain(unread).collect();
        (!all.is_empty()).then(|| all.join(" "))
    }
}

fn keep(found: &mut Vec<KeptSignIn>, left_out: &mut u64, more: impl Iterator<Item = SignIn>) {
    for sign_in in more {
        if found.len() < MAX_SIGN_INS {
            found.push(KeptSignIn::new(sign_in));
        } else {
            *left_out += 1;
        }
    }
}

/// A sign-in that was found, with its messages as tokens.
#[derive(Debug)]
struct KeptSignIn {
    negotiate: Option<Arc<Token>>,
    challenge: Option<Arc<Token>>,
    authenticate: Option<Arc<Token>>,
    ap_req: Option<Arc<Token>>,
    captured: Arc<Captured>,
    negotiated: Negotiated,
}

impl KeptSignIn {
    fn new(sign_in: SignIn) -> Self {
        let captured = Arc::new(Captured::of(&sign_in));
        let Attempt { negotiate, challenge, authenticate, ap_req, negotiated, .. } =
            sign_in.attempt;
        Self {
            negotiate: negotiate.map(token),
            challenge: challenge.map(token),
            authenticate: authenticate.map(token),
            ap_req: ap_req.map(token),
            captured,
            negotiated,
        }
    }

    /// Returns true if one of its messages says who signs in.
    const fn is_stated(&self) -> bool {
        self.authenticate.is_some() || self.ap_req.is_some()
    }

    /// Puts its messages behind the other `tokens`.
    fn group(&self, tokens: &mut Vec<Arc<Token>>) -> MessageGroup {
        let mut add = |token: &Option<Arc<Token>>| {
            tokens.push(Arc::clone(token.as_ref()?));
            Some(tokens.len() - 1)
        };
        MessageGroup {
            negotiate: add(&self.negotiate),
            challenge: add(&self.challenge),
            authenticate: add(&self.authenticate),
            ap_req: add(&self.ap_req),
            response: None,
            findings: Vec::new(),
            captured: Some(Arc::clone(&self.captured)),
            negotiated: Some(self.negotiated.clone()),
        }
    }
}

/// The messages of `kept`, with a remark on the rest of the file.
fn found_in(kept: &[KeptSignIn], remark: Option<String>) -> FoundSignIns {
    let mut tokens = Vec::new();
    let groups = kept.iter().map(|kept| kept.group(&mut tokens)).collect();
    FoundSignIns {
        tokens,
        groups,
        messageless: Vec::new(),
        refusal: None,
        remark,
        others: Vec::new(),
        characters: Arc::default(),
    }
}

/// A message of a connection as a token.
fn token(token: stream::CapturedToken) -> Arc<Token> {
    let stream::CapturedToken { found, place } = token;
    let mut layers = vec![packet_layer(place)];
    layers.extend(found.layers);
    let findings = found.findings.into_iter();
    let findings = findings.map(|(layer, finding)| (layer + 1, finding)).collect();
    Arc::new(Token { layers, content: found.content, findings, places: Vec::new() })
}

/// The layer of the packet that a message ends in. Its bytes are those of a connection, so they
/// have no place in the file.
fn packet_layer(place: stream::PacketPlace) -> Layer {
    let fact = |name, value: String| Fact { name, value, span: Span::default() };
    Layer {
        map: Some(Arc::new(OffsetMap::new(8))),
        facts: vec![fact("Packet", place.packet.to_string()), fact("Time", place.time.to_string())],
        ..Layer::new(LayerKind::Capture { packet: place.packet }, Span::default())
    }
}
