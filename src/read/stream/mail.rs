//! SMTP, IMAP and POP3: their sign-ins are lines of base64.

use super::{
    Answer, FlowOutput, PacketPlace, Protocol, Status, direction::Piece, lines::Lines,
    out::PerSide, reaction::Reaction, search, tracker::SignInTracker,
};

/// The commands that ask for TLS.
const START_TLS: [&[u8]; 2] = [b"STARTTLS", b"STLS"];

/// A connection to a mail server.
#[derive(Debug)]
pub(super) struct Mail {
    protocol: Protocol,
    lines: PerSide<Lines>,
    tracker: SignInTracker,
    /// True if the client asked for TLS.
    wants_tls: bool,
}

impl Mail {
    /// A connection that speaks `protocol`.
    pub(super) fn new(protocol: Protocol) -> Self {
        Self {
            protocol,
            lines: PerSide::default(),
            tracker: SignInTracker::default(),
            wants_tls: false,
        }
    }

    /// The approximate number of bytes it holds.
    pub(super) fn held(&self) -> usize {
        self.tracker.held() + self.lines.each().map(Lines::held).sum::<usize>()
    }

    /// Takes the next piece.
    pub(super) fn piece(&mut self, piece: Piece<'_>, out: &mut FlowOutput<'_>) -> Reaction {
        let (mut bytes, place) = match piece {
            Piece::Gap(..) => {
                self.lines.of(out.side).gap();
                return Reaction::Ignored;
            }
            Piece::Bytes(bytes, place) => (bytes, place),
        };
        while let Some(line) = self.lines.of(out.side).next(&mut bytes) {
            let reaction = self.line(&line, place, out);
            if matches!(reaction, Reaction::Changes | Reaction::Ends) {
                return reaction;
            }
        }
        Reaction::Wanted
    }

    fn line(&mut self, line: &[u8], place: PacketPlace, out: &mut FlowOutput<'_>) -> Reaction {
        let is_client = *out.client == Some(out.side);
        if is_client || out.client.is_none() {
            let mut words = line.split(|byte| *byte == b' ');
            let asks = |word: &[u8]| START_TLS.iter().any(|known| word.eq_ignore_ascii_case(known));
            self.wants_tls |= words.clone().take(2).any(asks);
            // A token is alone in its line, or behind the command.
            if let Some(word) = words.next_back() {
                self.tracker.bytes(&search::decode(word), self.protocol, place, out);
            }
        }
        if is_client {
            return Reaction::Ignored;
        }
        if let Some(reply) = self.reply(line) {
            match reply {
                Reply::GoOn(token) => {
                    self.tracker.bytes(&search::decode(token), self.protocol, place, out);
                }
                Reply::Ready if std::mem::take(&mut self.wants_tls) => return Reaction::Changes,
                Reply::Ready => {}
                Reply::Done(status) => {
                    if self.tracker.is_waiting() {
                        self.tracker.answer(Answer::new(status, place), out);
                        // Mail follows a success.
                        if status.is_accepted() {
                            return Reaction::Ends;
                        }
                    } else if std::mem::take(&mut self.wants_tls) && status.is_accepted() {
                        return Reaction::Changes;
                    }
                }
            }
        }
        Reaction::Ignored
    }

    /// Reads a line of the server.
    fn reply<'l>(&self, line: &'l [u8]) -> Option<Reply<'l>> {
        let behind = |start: usize| line.get(start..).unwrap_or_default();
        match self.protocol {
            Protocol::Smtp => {
                let code = str::from_utf8(line.get(..3)?).ok()?.parse().ok()?;
                Some(match code {
                    334 => Reply::GoOn(behind(4)),
                    220 => Reply::Ready,
                    code => Reply::Done(Status::Smtp(code)),
                })
            }
            Protocol::Imap => {
                if let Some(token) = line.strip_prefix(b"+ ") {
                    return Some(Reply::GoOn(token));
                }
                let mut words = line.split(|byte| *byte == b' ');
                let tag = words.next().filter(|tag| *tag != b"*")?;
                let word = words.next().filter(|_| !tag.is_empty())?;
                let is_yes = word.eq_ignore_ascii_case(b"OK");
                let is_no =
                    [&b"NO"[..], b"BAD"].iter().any(|known| word.eq_ignore_ascii_case(known));
                (is_yes || is_no).then_some(Reply::Done(Status::Word(is_yes)))
            }
            _ if line.starts_with(b"+OK") => Some(Reply::Done(Status::Word(true))),
            _ if line.starts_with(b"-ERR") => Some(Reply::Done(Status::Word(false))),
            _ => Some(Reply::GoOn(line.strip_prefix(b"+ ")?)),
        }
    }

    /// Ends the connection.
    pub(super) fn finish(&mut self, out: &mut FlowOutput<'_>) {
        self.tracker.finish(out);
    }
}

/// A line of the server.
enum Reply<'l> {
    /// The sign-in goes on, with this token.
    GoOn(&'l [u8]),
    /// The server greets, or is ready for TLS.
    Ready,
    /// A command has ended.
    Done(Status),
}
