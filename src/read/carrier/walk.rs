//! The way through a buffer, from one known thing to the next, and into what each carries.
//!
//! If nothing known begins, the walk looks for the next signature, SMB header or GSS-API
//! identifier, and says that the bytes before it are not known. Carriers without a message are
//! described in a phrase, so that a paste of one is not refused in silence. The cost of a carrier
//! is bounded; no real token comes near the bounds.

use std::sync::Arc;

use crate::base::{
    finding::{Code, Finding, bytes as count},
    span::{Source, Span},
};
use crate::message::{
    content::Content,
    der,
    kerberos::{self, ApReq},
    missing::KnownEnd,
    ntlm::{self, Message, SIGNATURE},
};
use crate::read::{
    carrier::{
        CarriedMessage, Token, envelope, gss,
        marker::{self, Wanted},
        smb, spnego,
    },
    layer::{Layer, LayerKind},
    offset_map::OffsetMap,
};

/// There are at most so many layers. An NTLM message in SPNEGO in SMB has three.
const MAX_DEPTH: usize = 8;

/// The most carriers without a message that are kept, and the most cut tokens without one that are
/// looked into: each may reach to the end of the buffer.
const MAX_SILENT: usize = 64;

/// A walk through a buffer: the place it is at, and what it has found.
#[derive(Debug)]
pub(super) struct Walk {
    most: usize,
    /// The messages.
    pub(super) found: Vec<CarriedMessage>,
    /// The carriers that carry no message.
    pub(super) silent: Vec<MessagelessCarrier>,
    /// The layers around the present place.
    layers: Vec<Layer>,
    /// The findings, each with the index of its layer.
    odd: Vec<(usize, Finding)>,
    /// The number of cut tokens that were looked into in vain.
    cut_in_vain: usize,
    /// The end of a message here, as far as the layers around it tell.
    ending: KnownEnd,
}

/// A carrier without a message.
#[derive(Clone, Debug)]
pub(super) struct MessagelessCarrier {
    /// Its layers.
    pub(super) layers: Vec<Layer>,
    /// The number of messages before it.
    pub(super) behind: usize,
    /// True if part of it is missing: a message may have been in that part.
    pub(super) is_cut: bool,
}

/// The bytes between the start of a stretch and the first known thing in it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Before {
    /// Nothing: the thing there is known by its place.
    Nothing,
    /// Bytes that nothing explains.
    Unknown,
}

/// The place of a token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Stands {
    /// In a field that holds a token, or at the start of all: there it may be a bare AP-REQ.
    Alone,
    /// Among other bytes.
    Among,
}

/// Something known that was read.
struct Thing {
    /// The place to go on.
    next: usize,
    /// True if it is a token, after which nothing should follow.
    is_token: bool,
}

impl Walk {
    /// Finds at most `most` messages in `bytes`.
    pub(super) fn through(bytes: &[u8], most: usize) -> Self {
        let mut walk = Self {
            most,
            found: Vec::new(),
            silent: Vec::new(),
            layers: Vec::with_capacity(MAX_DEPTH),
            odd: Vec::new(),
            cut_in_vain: 0,
            ending: KnownEnd::Open,
        };
        walk.region(bytes, Span::new(0, bytes.len()), Before::Nothing);
        walk
    }

    /// Goes into a layer.
    fn enter(&mut self, layer: Layer, findings: Vec<Finding>) {
        let index = self.layers.len();
        self.layers.push(layer);
        self.odd.extend(findings.into_iter().map(|finding| (index, finding)));
    }

    /// Goes out of the innermost layer.
    fn leave(&mut self) {
        self.layers.pop();
        let left = self.layers.len();
        self.odd.retain(|(layer, _)| *layer < left);
    }

    /// Goes into a carrier of which this is said. In one that is whole everything is as it was
    /// sent.
    fn end_inside(&mut self, carrier: KnownEnd) {
        if self.ending != KnownEnd::Whole {
            self.ending = carrier;
        }
    }

    /// Goes through what stands side by side in `within`. Where unknown bytes are before it, a
    /// layer for them is added.
    fn region(&mut self, bytes: &[u8], within: Span, before: Before) {
        let outside = self.layers.len();
        let mut rest = within;
        if before == Before::Unknown {
            self.enter(Layer::new(LayerKind::Binary, within), Vec::new());
        }
        // The messages of the token that ends where `rest` begins.
        let mut before_rest = None;
        while self.found.len() < self.most {
            let before =
                if self.layers.len() == outside { Before::Nothing } else { Before::Unknown };
            let first = self.found.len();
            if let Some(thing) = self.thing(bytes, rest, before) {
                before_rest = thing.is_token.then_some(first);
                rest.start = marker::before_signature(bytes, rest, thing.next);
                continue;
            }
            let has_room = self.cut_in_vain < MAX_SILENT && self.layers.len() < MAX_DEPTH;
            let wanted = if has_room { Wanted::Everything } else { Wanted::ButTokens };
            let next = next(bytes, rest, wanted);
            let end = next.unwrap_or(rest.end);
            if let Some(first) = before_rest.take()
                && before == Before::Nothing
            {
                self.trailing(first, Span::new(rest.start, end));
            }
            if next.is_none() {
                break;
            }
            if before == Before::Nothing {
                self.enter(Layer::new(LayerKind::Binary, within), Vec::new());
            }
            rest.start = end;
        }
        if self.layers.len() > outside {
            self.leave();
        }
    }

    /// Reads the thing that begins `within`; `None` where nothing known begins there.
    fn thing(&mut self, bytes: &[u8], within: Span, before: Before) -> Option<Thing> {
        let rest = Source(bytes).slice(within);
        let mut is_token = false;
        let next =
            if let Some(len) = smb::session_service(rest).filter(|_| before == Before::Nothing) {
                within.start + len
            } else if smb::begins(rest) {
                self.smb(bytes, within)?
            } else if let Some(next) = self.envelope(bytes, within) {
                next
            } else if rest.starts_with(SIGNATURE) {
                let mut next = within.start + ntlm::extent(rest).max(SIGNATURE.len());
                if before == Before::Nothing || ntlm::missing(rest, self.ending).is_some() {
                    // At the start, or right behind another, it goes to the next one or to the end.
                    // So does one that has no end.
                    let another = marker::message(bytes, Span::new(next, within.end));
                    next = another.unwrap_or(within.end);
                }
                self.ntlm(bytes, Span::new(within.start, next));
                next
            } else {
                if self.cut_in_vain >= MAX_SILENT {
                    return None;
                }
                is_token = true;
                {
                    let is_first = self.layers.is_empty() && within.start == 0;
                    self.token(bytes, within, if is_first { Stands::Alone } else { Stands::Among })?
                }
            };
        Some(Thing { next, is_token })
    }

    /// Reads the SMB packet that begins `within`, and says where it ends.
    fn smb(&mut self, bytes: &[u8], within: Span) -> Option<usize> {
        if self.layers.len() >= MAX_DEPTH {
            return None;
        }
        let mut end = None;
        for message in smb::read(Source(bytes), within) {
            end = Some(message.end);
            let before = (self.found.len(), self.silent.len());
            let around = self.ending;
            self.end_inside(if message.is_cut { KnownEnd::Cut } else { KnownEnd::Whole });
            self.enter(message.layer, message.findings);
            match message.inside {
                smb::Inside::Token(span) => {
                    self.only(bytes, span);
                    // Where the fields of the message do not lead to one, the signature may.
                    let is_read = before.0 < self.found.len();
                    let start = if is_read { span.end } else { message.start };
                    let rest = Span::new(start, message.end);
                    if marker::signature(bytes, rest).is_some() {
                        self.region(bytes, rest, Before::Unknown);
                    }
                }
                smb::Inside::Other(span) => self.region(bytes, span, Before::Unknown),
            }
            self.pass_silent(before);
            self.leave();
            self.ending = around;
            if self.found.len() >= self.most {
                break;
            }
        }
        end
    }

    /// Reads the packet of another protocol that begins `within` and carries a token, and says
    /// where it ends.
    fn envelope(&mut self, bytes: &[u8], within: Span) -> Option<usize> {
        if self.layers.len() >= MAX_DEPTH {
            return None;
        }
        let envelope::Envelope { layer, findings, token } = envelope::read(Source(bytes), within)?;
        let (end, before) = (layer.span.end, (self.found.len(), self.silent.len()));
        self.enter(layer, findings);
        self.only(bytes, token);
        // Where the token does not lead to a message, the signature may.
        if before.0 == self.found.len() && marker::signature(bytes, token).is_some() {
            self.region(bytes, token, Before::Unknown);
        }
        self.pass_silent(before);
        self.leave();
        Some(end)
    }

    /// Reads bytes that are one token and nothing else.
    fn only(&mut self, bytes: &[u8], within: Span) {
        let first = self.found.len();
        if Source(bytes).slice(within).starts_with(SIGNATURE) {
            self.ntlm(bytes, within);
        } else if let Some(end) = self.token(bytes, within, Stands::Alone) {
            self.trailing(first, Span::new(end, within.end));
        } else if !within.is_empty() {
            self.region(bytes, within, Before::Unknown);
        }
    }

    /// Reads the token that begins `within`, SPNEGO, GSS-API or, where it may be, a bare AP-REQ,
    /// and says where to go on.
    fn token(&mut self, bytes: &[u8], within: Span, stands: Stands) -> Option<usize> {
        let source = Source(bytes);
        if self.layers.len() >= MAX_DEPTH {
            return None;
        }
        if stands == Stands::Alone && kerberos::begins(source.slice(within)) {
            return self.kerberos(bytes, within);
        }
        let before = (self.found.len(), self.silent.len());
        let Token { layer, findings, carried, mut next, is_cut } =
            spnego::read(source, within).or_else(|| gss::read(source, within))?;
        self.cut_in_vain += usize::from(is_cut);
        let around = self.ending;
        // What ends before a cut token does is there as a whole.
        let ends_with_it = carried.last().is_none_or(|carried| carried.end >= layer.span.end);
        let is_itself_cut = der::element(source, within).is_some_and(|element| element.is_cut);
        let is_cut_inside = is_itself_cut && ends_with_it;
        self.end_inside(if is_cut_inside { KnownEnd::Cut } else { KnownEnd::Whole });
        self.enter(layer, findings);
        self.carried(bytes, &carried);
        self.ending = around;
        // What is carried may be cut where the token is, and was read to its end.
        next = next.max(carried.last().map_or(0, |carried| carried.end));
        let is_odd = before.0 == self.found.len()
            && marker::signature(bytes, Span::new(within.start, next)).is_some();
        if before.0 < self.found.len() {
            self.cut_in_vain -= usize::from(is_cut);
        } else if !is_odd {
            self.pass_silent(before);
        }
        self.leave();
        // One that carries a message where it should not is not what it looks like.
        (!is_odd).then_some(next)
    }

    /// Reads the mechanism's token in the parts of a string. Several parts become a buffer of their
    /// own.
    fn carried(&mut self, bytes: &[u8], parts: &[Span]) {
        if let [one] = parts {
            return self.only(bytes, *one);
        }
        let mut whole = Vec::new();
        let mut map = OffsetMap::new(8);
        for part in parts.iter().filter(|part| !part.is_empty()) {
            map.push(whole.len(), part.start, 1);
            whole.extend_from_slice(Source(bytes).slice(*part));
        }
        if let Some(layer) = self.layers.last_mut().filter(|_| !whole.is_empty()) {
            layer.map = Some(Arc::new(map));
            self.only(&whole, Span::new(0, whole.len()));
        }
    }

    fn ntlm(&mut self, bytes: &[u8], span: Span) {
        if let Ok(message) = Message::parse_ending(Source(bytes).slice(span).into(), self.ending) {
            self.add(Layer::new(LayerKind::Ntlmssp, span), Content::Ntlm(message));
        }
    }

    /// Reads the AP-REQ that begins `within`, and says where it ends.
    fn kerberos(&mut self, bytes: &[u8], within: Span) -> Option<usize> {
        let span = der::element(Source(bytes), within)?.span();
        let message = ApReq::parse_ending(Source(bytes).slice(span).into(), self.ending);
        self.add(Layer::new(LayerKind::Kerberos, span), Content::Kerberos(message));
        Some(span.end)
    }

    fn add(&mut self, layer: Layer, content: Content) {
        let mut layers = self.layers.clone();
        layers.push(layer);
        let mut findings = self.odd.clone();
        if content.missing().is_some() {
            // The message says where the paste ends.
            findings.retain(|(_, odd)| {
                !matches!(
                    odd.code,
                    Code::DerTruncated | Code::SmbTruncated | Code::SmbSecurityBuffer
                )
            });
        }
        self.found.push(CarriedMessage { layers, content, findings });
    }

    /// Keeps the carrier the walk is in, if nothing was found or kept since `before`.
    fn pass_silent(&mut self, before: (usize, usize)) {
        if before == (self.found.len(), self.silent.len()) && before.1 < MAX_SILENT {
            let is_cut = self
                .odd
                .iter()
                .any(|(_, odd)| matches!(odd.code, Code::DerTruncated | Code::SmbTruncated));
            let (layers, behind) = (self.layers.clone(), before.0);
            self.silent.push(MessagelessCarrier { layers, behind, is_cut });
        }
    }

    /// Remarks bytes after the token here, which gave the messages from `first` on.
    fn trailing(&mut self, first: usize, span: Span) {
        let layer = self.layers.len();
        for found in self.found.iter_mut().skip(first).filter(|_| !span.is_empty()) {
            // A message has its own buffer; the layer around it has the place, unless it opens one
            // too.
            let is_message = layer + 1 == found.layers.len();
            let around = if is_message { layer.checked_sub(1) } else { Some(layer) };
            let around = around.filter(|around| {
                let map = found.layers.get(*around).and_then(|layer| layer.map.as_ref());
                !is_message || map.is_none()
            });
            if let Some(around) = around {
                let text = format!("{} after the token.", count(span.len()));
                found.findings.push((around, Finding::new(Code::DerTrailing, span, text)));
            }
        }
    }
}

/// The place in `within`, behind its start, at which the next thing seems to begin.
fn next(bytes: &[u8], within: Span, wanted: Wanted) -> Option<usize> {
    let marker = marker::next(bytes, within, wanted)?;
    if marker.start > within.start {
        return Some(marker.start);
    }
    // What is marked here was tried already; what marks it may be something by itself.
    if marker.at > within.start {
        return Some(marker.at);
    }
    Some(marker::next(bytes, Span::new(marker.at + 1, within.end), wanted)?.start)
}
