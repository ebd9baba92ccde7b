//! HTTP: sign-ins in its headers, to servers and to proxies. A sign-in holds for its connection.

use std::collections::VecDeque;

use super::{
    Answer, FlowOutput, PacketPlace, Protocol, Status, direction::Piece, lines::Lines,
    out::PerSide, reaction::Reaction, search, tracker::SignInTracker,
};

/// The most requests that wait for their answers.
const MAX_REQUESTS: usize = 64;

/// A connection that speaks HTTP.
#[derive(Debug, Default)]
pub(super) struct Http {
    sides: PerSide<MessageReader>,
    /// The methods of the requests that have no answer yet.
    asked: VecDeque<Method>,
    to_server: SignInTracker,
    to_proxy: SignInTracker,
}

/// The method of a request, as far as it says if the answer has a body.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Method {
    Head,
    Connect,
    Other,
}

/// The messages of one direction.
#[derive(Debug, Default)]
struct MessageReader {
    lines: Lines,
    state: ParseState,
    /// The present header block, as far as it was read.
    block: HeaderBlock,
    /// The protocol whose token the present message carries.
    carries: Option<Protocol>,
}

/// The part of a message that comes next.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum ParseState {
    /// The first line of a message, or a header.
    #[default]
    Header,
    /// So many bytes of a body.
    Body(u64),
    /// The line with the size of a chunk.
    PieceSize,
    /// So many bytes of a chunk, with the line end behind them.
    Piece(u64),
    /// The headers behind the last chunk.
    Trailer,
    /// A body up to the end of the connection.
    ToTheEnd,
    /// No message: the next first line is looked for.
    Lost,
}

/// The header block that is being read.
#[derive(Debug, Default)]
struct HeaderBlock {
    first: Option<FirstLine>,
    /// The number of its bytes so far.
    size: usize,
    length: Option<u64>,
    is_chunked: bool,
}

/// The first line of a message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum FirstLine {
    Request(Method),
    Response(u16),
}

/// The longest header block that is read.
const MAX_BLOCK_LEN: usize = 32 * 1024;

/// The header fields that carry tokens, and the protocol of each.
const FIELDS: [(&[u8], Protocol); 4] = [
    (b"authorization", Protocol::Http),
    (b"www-authenticate", Protocol::Http),
    (b"proxy-authorization", Protocol::HttpProxy),
    (b"proxy-authenticate", Protocol::HttpProxy),
];

impl Http {
    /// The approximate number of bytes it holds.
    pub(super) fn held(&self) -> usize {
        let lines: usize = self.sides.each().map(|side| side.lines.held()).sum();
        lines + self.to_server.held() + self.to_proxy.held()
    }

    /// Takes the next piece.
    pub(super) fn piece(&mut self, piece: Piece<'_>, out: &mut FlowOutput<'_>) -> Reaction {
        match piece {
            Piece::Gap(len, _) => {
                self.sides.of(out.side).gap(len);
                Reaction::Ignored
            }
            Piece::Bytes(bytes, place) => self.bytes(bytes, place, out),
        }
    }

    fn bytes(
        &mut self,
        mut bytes: &[u8],
        place: PacketPlace,
        out: &mut FlowOutput<'_>,
    ) -> Reaction {
        let mut reaction = Reaction::Ignored;
        while !bytes.is_empty() {
            let side = self.sides.of(out.side);
            if side.pass_body(&mut bytes) {
                // A message ends with its body, as other tools count it.
                if let Some(protocol) = side.carries {
                    self.tracker(protocol).goes_on_to(place);
                }
                continue;
            }
            if side.state == ParseState::Lost {
                // A message can begin only at the start of a segment.
                if first_line(bytes.split(|byte| *byte == b'\n').next().unwrap_or_default())
                    .is_none()
                {
                    return reaction;
                }
                *side = MessageReader::default();
            }
            reaction = Reaction::Wanted;
            let Some(line) = side.lines.next(&mut bytes) else { break };
            if self.line(&line, place, out) == Reaction::Changes {
                return Reaction::Changes;
            }
        }
        reaction
    }

    /// Reads a line outside a body.
    fn line(&mut self, line: &[u8], place: PacketPlace, out: &mut FlowOutput<'_>) -> Reaction {
        let side = self.sides.of(out.side);
        side.block.size += line.len();
        match side.state {
            ParseState::PieceSize => {
                let digits = line.split(|byte| *byte == b';').next().unwrap_or_default();
                let digits = str::from_utf8(digits.trim_ascii()).ok();
                side.state = match digits.and_then(|digits| u64::from_str_radix(digits, 16).ok()) {
                    Some(0) => ParseState::Trailer,
                    Some(len) => ParseState::Piece(len.saturating_add(2)),
                    None => ParseState::Lost,
                };
            }
            ParseState::Trailer if line.is_empty() => side.begin_anew(),
            ParseState::Trailer => {}
            _ if side.block.size > MAX_BLOCK_LEN => side.state = ParseState::Lost,
            _ if side.block.first.is_none() => {
                if line.is_empty() {
                    return Reaction::Ignored;
                }
                match first_line(line) {
                    Some(first) => self.begin(first, out),
                    None => side.state = ParseState::Lost,
                }
            }
            _ if line.is_empty() => return self.end_of_headers(place, out),
            _ => self.field(line, place, out),
        }
        Reaction::Ignored
    }

    /// Begins a message.
    fn begin(&mut self, first: FirstLine, out: &mut FlowOutput<'_>) {
        let side = self.sides.of(out.side);
        side.block = HeaderBlock { first: Some(first), ..HeaderBlock::default() };
        // An early answer begins before the body of the request ends.
        side.carries = None;
        self.sides.of(out.side.other()).carries = None;
        match first {
            FirstLine::Request(method) => {
                out.client_speaks();
                if self.asked.len() >= MAX_REQUESTS {
                    self.asked.pop_front();
                }
                self.asked.push_back(method);
            }
            FirstLine::Response(_) => out.server_speaks(),
        }
    }

    /// Reads a header field.
    fn field(&mut self, line: &[u8], place: PacketPlace, out: &mut FlowOutput<'_>) {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { return };
        let (name, value) = line.split_at(colon);
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        let is = |known: &[u8]| name.eq_ignore_ascii_case(known);
        if let Some((_, protocol)) = FIELDS.iter().find(|(field, _)| is(field)) {
            let mut words = value.split(|byte| *byte == b' ');
            let scheme = words.next().unwrap_or_default();
            let is_known =
                [&b"NTLM"[..], b"Negotiate"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
            if let Some(token) = words.next_back().filter(|_| is_known) {
                let token = token.strip_suffix(b",").unwrap_or(token);
                let token = search::decode(token);
                if self.tracker(*protocol).bytes(&token, *protocol, place, out) {
                    self.sides.of(out.side).carries = Some(*protocol);
                }
            }
            return;
        }
        let block = &mut self.sides.of(out.side).block;
        let text = || str::from_utf8(value).unwrap_or_default();
        if is(b"content-length") {
            block.length = text().parse().ok();
        } else if is(b"transfer-encoding") {
            block.is_chunked = text().to_ascii_lowercase().contains("chunked");
        }
    }

    const fn tracker(&mut self, protocol: Protocol) -> &mut SignInTracker {
        match protocol {
            Protocol::HttpProxy => &mut self.to_proxy,
            _ => &mut self.to_server,
        }
    }

    /// Ends the headers of a message: decides which part comes next, and takes the server's answer.
    fn end_of_headers(&mut self, place: PacketPlace, out: &mut FlowOutput<'_>) -> Reaction {
        let side = self.sides.of(out.side);
        let Some(first) = side.block.first else { return Reaction::Ignored };
        let has_body = match first {
            FirstLine::Request(_) => true,
            FirstLine::Response(100..=199 | 204 | 304) => false,
            FirstLine::Response(_) => self.asked.front() != Some(&Method::Head),
        };
        let block = &side.block;
        let (length, is_chunked) = (block.length, block.is_chunked);
        let is_open = length.is_none() && !is_chunked && matches!(first, FirstLine::Response(_));
        side.begin_anew();
        side.state = match (has_body, is_chunked, length) {
            (true, true, _) => ParseState::PieceSize,
            (true, false, Some(length)) if length > 0 => ParseState::Body(length),
            _ if has_body && is_open => ParseState::ToTheEnd,
            _ => ParseState::Header,
        };
        let FirstLine::Response(status @ 200..) = first else { return Reaction::Ignored };
        let asked = self.asked.pop_front();
        if status != 407 {
            self.to_server.answer(Answer::new(Status::Http(status), place), out);
        }
        // A server's request for a sign-in says nothing about the proxy before it.
        if status != 401 {
            self.to_proxy.answer(Answer::new(Status::Http(status), place), out);
        }
        let is_tunnel = asked == Some(Method::Connect) && status < 300;
        if is_tunnel { Reaction::Changes } else { Reaction::Ignored }
    }

    /// Ends the connection.
    pub(super) fn finish(&mut self, out: &mut FlowOutput<'_>) {
        self.to_server.finish(out);
        self.to_proxy.finish(out);
    }
}

impl MessageReader {
    /// Skips a body; returns true if there was one.
    fn pass_body(&mut self, bytes: &mut &[u8]) -> bool {
        let left = match self.state {
            ParseState::Body(left) | ParseState::Piece(left) => left,
            ParseState::ToTheEnd => u64::MAX,
            _ => return false,
        };
        let there = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        *bytes = bytes.get(there..).unwrap_or_default();
        self.passed(there as u64);
        true
    }

    /// Counts bytes of a body that were skipped.
    fn passed(&mut self, len: u64) {
        self.state = match self.state {
            ParseState::Body(left) if left > len => ParseState::Body(left - len),
            ParseState::Piece(left) if left > len => ParseState::Piece(left - len),
            ParseState::Body(_) => ParseState::Header,
            ParseState::Piece(_) => ParseState::PieceSize,
            other => other,
        };
    }

    fn begin_anew(&mut self) {
        self.block = HeaderBlock::default();
        self.state = ParseState::Header;
    }

    /// Takes missing bytes: inside a body they are counted, anywhere else the message is lost.
    fn gap(&mut self, len: u64) {
        match self.state {
            ParseState::Body(left) | ParseState::Piece(left) if left >= len => self.passed(len),
            ParseState::ToTheEnd => {}
            _ => {
                self.lines.gap();
                self.begin_anew();
                self.state = ParseState::Lost;
            }
        }
    }
}

/// Reads the first line of a message.
fn first_line(line: &[u8]) -> Option<FirstLine> {
    let mut words = line.split(u8::is_ascii_whitespace);
    let word = words.next()?;
    if word.starts_with(b"HTTP/") {
        let status = str::from_utf8(words.next()?).ok()?;
        return status.parse().ok().map(FirstLine::Response);
    }
    let is_method = !word.is_empty()
        && word.iter().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'_' | b'-'));
    let version = words.rfind(|word| !word.is_empty())?;
    let method = match word {
        b"HEAD" => Method::Head,
        b"CONNECT" => Method::Connect,
        _ => Method::Other,
    };
    (is_method && version.starts_with(b"HTTP/")).then_some(FirstLine::Request(method))
}
