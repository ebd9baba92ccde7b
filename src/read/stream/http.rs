//! HTTP: sign-ins in its headers, to servers and to proxies. A sign-in holds for its connection.

use std::collections::VecDeque;

use super::{
    Answer, Out, Place, Protocol, Status, direction::Piece, lines::Lines, out::Both, said::Said,
    search, turns::Turns,
};

/// The most requests that wait for their answers.
const MOST_ASKED: usize = 64;

/// A connection that speaks HTTP.
#[derive(Debug, Default)]
pub(super) struct Http {
    sides: Both<Messages>,
    /// What the requests were that have no answer yet.
    asked: VecDeque<Method>,
    to_server: Turns,
    to_proxy: Turns,
}

/// What of a request says whether its answer has a body.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Method {
    Head,
    Connect,
    Other,
}

/// The messages of one direction.
#[derive(Debug, Default)]
struct Messages {
    lines: Lines,
    state: State,
    /// What was read of the present header block.
    block: Block,
    /// Whose token the present message carries.
    carries: Option<Protocol>,
}

/// What comes next.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum State {
    /// The first line of a message, or a header.
    #[default]
    Header,
    /// So many bytes of a body.
    Body(u64),
    /// The line with the size of a piece of a body.
    PieceSize,
    /// So many bytes of a piece, with the line end behind them.
    Piece(u64),
    /// The headers behind the last piece.
    Trailer,
    /// A body up to the end of the connection.
    ToTheEnd,
    /// Something that is no message: the next first line is looked for.
    Lost,
}

/// The header block that is being read.
#[derive(Debug, Default)]
struct Block {
    first: Option<First>,
    /// How many bytes of it came.
    size: usize,
    length: Option<u64>,
    is_chunked: bool,
}

/// The first line of a message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum First {
    Request(Method),
    Response(u16),
}

/// A longer header block is not read.
const LONGEST_BLOCK: usize = 32 * 1024;

/// The header fields that carry tokens, and whose sign-in they belong to.
const FIELDS: [(&[u8], Protocol); 4] = [
    (b"authorization", Protocol::Http),
    (b"www-authenticate", Protocol::Http),
    (b"proxy-authorization", Protocol::HttpProxy),
    (b"proxy-authenticate", Protocol::HttpProxy),
];

impl Http {
    /// About how many bytes it holds.
    pub(super) fn held(&self) -> usize {
        let lines: usize = self.sides.each().map(|side| side.lines.held()).sum();
        lines + self.to_server.held() + self.to_proxy.held()
    }

    /// Takes what comes next.
    pub(super) fn piece(&mut self, piece: Piece<'_>, out: &mut Out<'_>) -> Said {
        match piece {
            Piece::Gap(len, _) => {
                self.sides.of(out.side).gap(len);
                Said::Nothing
            }
            Piece::Bytes(bytes, place) => self.bytes(bytes, place, out),
        }
    }

    fn bytes(&mut self, mut bytes: &[u8], place: Place, out: &mut Out<'_>) -> Said {
        let mut said = Said::Nothing;
        while !bytes.is_empty() {
            let side = self.sides.of(out.side);
            if side.pass_body(&mut bytes) {
                // A message ends where its body does, as other tools count it.
                if let Some(protocol) = side.carries {
                    self.turns(protocol).goes_on_to(place);
                }
                continue;
            }
            if side.state == State::Lost {
                // A message begins where a segment does, if at all.
                if first_line(bytes.split(|byte| *byte == b'\n').next().unwrap_or_default())
                    .is_none()
                {
                    return said;
                }
                *side = Messages::default();
            }
            said = Said::Wanted;
            let Some(line) = side.lines.next(&mut bytes) else { break };
            if self.line(&line, place, out) == Said::Changes {
                return Said::Changes;
            }
        }
        said
    }

    /// Reads a line that is no body.
    fn line(&mut self, line: &[u8], place: Place, out: &mut Out<'_>) -> Said {
        let side = self.sides.of(out.side);
        side.block.size += line.len();
        match side.state {
            State::PieceSize => {
                let digits = line.split(|byte| *byte == b';').next().unwrap_or_default();
                let digits = str::from_utf8(digits.trim_ascii()).ok();
                side.state = match digits.and_then(|digits| u64::from_str_radix(digits, 16).ok()) {
                    Some(0) => State::Trailer,
                    Some(len) => State::Piece(len.saturating_add(2)),
                    None => State::Lost,
                };
            }
            State::Trailer if line.is_empty() => side.begin_anew(),
            State::Trailer => {}
            _ if side.block.size > LONGEST_BLOCK => side.state = State::Lost,
            _ if side.block.first.is_none() => {
                if line.is_empty() {
                    return Said::Nothing;
                }
                match first_line(line) {
                    Some(first) => self.begin(first, out),
                    None => side.state = State::Lost,
                }
            }
            _ if line.is_empty() => return self.end_of_headers(place, out),
            _ => self.field(line, place, out),
        }
        Said::Nothing
    }

    /// A message begins.
    fn begin(&mut self, first: First, out: &mut Out<'_>) {
        let side = self.sides.of(out.side);
        side.block = Block { first: Some(first), ..Block::default() };
        // Who answers early speaks before the body of what is answered ends.
        side.carries = None;
        self.sides.of(out.side.other()).carries = None;
        match first {
            First::Request(method) => {
                out.client_speaks();
                if self.asked.len() >= MOST_ASKED {
                    self.asked.pop_front();
                }
                self.asked.push_back(method);
            }
            First::Response(_) => out.server_speaks(),
        }
    }

    /// Reads a header field.
    fn field(&mut self, line: &[u8], place: Place, out: &mut Out<'_>) {
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
                if self.turns(*protocol).bytes(&token, *protocol, place, out) {
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

    const fn turns(&mut self, protocol: Protocol) -> &mut Turns {
        match protocol {
            Protocol::HttpProxy => &mut self.to_proxy,
            _ => &mut self.to_server,
        }
    }

    /// The headers of a message are at their end: what comes next, and what the server decided.
    fn end_of_headers(&mut self, place: Place, out: &mut Out<'_>) -> Said {
        let side = self.sides.of(out.side);
        let Some(first) = side.block.first else { return Said::Nothing };
        let has_body = match first {
            First::Request(_) => true,
            First::Response(100..=199 | 204 | 304) => false,
            First::Response(_) => self.asked.front() != Some(&Method::Head),
        };
        let block = &side.block;
        let (length, is_chunked) = (block.length, block.is_chunked);
        let is_open = length.is_none() && !is_chunked && matches!(first, First::Response(_));
        side.begin_anew();
        side.state = match (has_body, is_chunked, length) {
            (true, true, _) => State::PieceSize,
            (true, false, Some(length)) if length > 0 => State::Body(length),
            _ if has_body && is_open => State::ToTheEnd,
            _ => State::Header,
        };
        let First::Response(status @ 200..) = first else { return Said::Nothing };
        let asked = self.asked.pop_front();
        if status != 407 {
            self.to_server.answer(Answer::new(Status::Http(status), place), out);
        }
        // What a server wants to have proven says nothing about the proxy before it.
        if status != 401 {
            self.to_proxy.answer(Answer::new(Status::Http(status), place), out);
        }
        let is_tunnel = asked == Some(Method::Connect) && status < 300;
        if is_tunnel { Said::Changes } else { Said::Nothing }
    }

    /// Ends the connection.
    pub(super) fn finish(&mut self, out: &mut Out<'_>) {
        self.to_server.finish(out);
        self.to_proxy.finish(out);
    }
}

impl Messages {
    /// Passes over a body; whether there was something of one.
    fn pass_body(&mut self, bytes: &mut &[u8]) -> bool {
        let left = match self.state {
            State::Body(left) | State::Piece(left) => left,
            State::ToTheEnd => u64::MAX,
            _ => return false,
        };
        let there = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        *bytes = bytes.get(there..).unwrap_or_default();
        self.passed(there as u64);
        true
    }

    /// Says that so many bytes of a body were passed over.
    fn passed(&mut self, len: u64) {
        self.state = match self.state {
            State::Body(left) if left > len => State::Body(left - len),
            State::Piece(left) if left > len => State::Piece(left - len),
            State::Body(_) => State::Header,
            State::Piece(_) => State::PieceSize,
            other => other,
        };
    }

    fn begin_anew(&mut self) {
        self.block = Block::default();
        self.state = State::Header;
    }

    /// Bytes are missing: inside a body they are counted, anywhere else the message is lost.
    fn gap(&mut self, len: u64) {
        match self.state {
            State::Body(left) | State::Piece(left) if left >= len => self.passed(len),
            State::ToTheEnd => {}
            _ => {
                self.lines.gap();
                self.begin_anew();
                self.state = State::Lost;
            }
        }
    }
}

/// What the first line of a message says.
fn first_line(line: &[u8]) -> Option<First> {
    let mut words = line.split(u8::is_ascii_whitespace);
    let word = words.next()?;
    if word.starts_with(b"HTTP/") {
        let status = str::from_utf8(words.next()?).ok()?;
        return status.parse().ok().map(First::Response);
    }
    let is_method = !word.is_empty()
        && word.iter().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'_' | b'-'));
    let version = words.rfind(|word| !word.is_empty())?;
    let method = match word {
        b"HEAD" => Method::Head,
        b"CONNECT" => Method::Connect,
        _ => Method::Other,
    };
    (is_method && version.starts_with(b"HTTP/")).then_some(First::Request(method))
}
