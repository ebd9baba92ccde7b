//! SMTP, IMAP and POP3: their sign-ins are lines of base64.

use super::{
    Answer, Out, Place, Protocol, Status, direction::Piece, lines::Lines, out::Both, said::Said,
    search, turns::Turns,
};

/// Commands that turn to TLS.
const START_TLS: [&[u8]; 2] = [b"STARTTLS", b"STLS"];

/// A connection to a mail server.
#[derive(Debug)]
pub(super) struct Mail {
    protocol: Protocol,
    lines: Both<Lines>,
    turns: Turns,
    /// The client asked to turn to TLS.
    wants_tls: bool,
}

impl Mail {
    /// One that speaks `protocol`.
    pub(super) fn new(protocol: Protocol) -> Self {
        Self { protocol, lines: Both::default(), turns: Turns::default(), wants_tls: false }
    }

    /// About how many bytes it holds.
    pub(super) fn held(&self) -> usize {
        self.turns.held() + self.lines.each().map(Lines::held).sum::<usize>()
    }

    /// Takes what comes next.
    pub(super) fn piece(&mut self, piece: Piece<'_>, out: &mut Out<'_>) -> Said {
        let (mut bytes, place) = match piece {
            Piece::Gap(..) => {
                self.lines.of(out.side).gap();
                return Said::Nothing;
            }
            Piece::Bytes(bytes, place) => (bytes, place),
        };
        while let Some(line) = self.lines.of(out.side).next(&mut bytes) {
            let said = self.line(&line, place, out);
            if matches!(said, Said::Changes | Said::Ends) {
                return said;
            }
        }
        Said::Wanted
    }

    fn line(&mut self, line: &[u8], place: Place, out: &mut Out<'_>) -> Said {
        let is_client = *out.client == Some(out.side);
        if is_client || out.client.is_none() {
            let mut words = line.split(|byte| *byte == b' ');
            let asks = |word: &[u8]| START_TLS.iter().any(|known| word.eq_ignore_ascii_case(known));
            self.wants_tls |= words.clone().take(2).any(asks);
            // A token stands alone, or behind the command.
            if let Some(word) = words.next_back() {
                self.turns.bytes(&search::decode(word), self.protocol, place, out);
            }
        }
        if is_client {
            return Said::Nothing;
        }
        if let Some(reply) = self.reply(line) {
            match reply {
                Reply::GoOn(token) => {
                    self.turns.bytes(&search::decode(token), self.protocol, place, out);
                }
                Reply::Ready if std::mem::take(&mut self.wants_tls) => return Said::Changes,
                Reply::Ready => {}
                Reply::Done(status) => {
                    if self.turns.is_waiting() {
                        self.turns.answer(Answer::new(status, place), out);
                        // What follows a success is mail.
                        if status.is_accepted() {
                            return Said::Ends;
                        }
                    } else if std::mem::take(&mut self.wants_tls) && status.is_accepted() {
                        return Said::Changes;
                    }
                }
            }
        }
        Said::Nothing
    }

    /// What a line of the server says.
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
    pub(super) fn finish(&mut self, out: &mut Out<'_>) {
        self.turns.finish(out);
    }
}

/// A line of the server.
enum Reply<'l> {
    /// It wants to go on, with this token.
    GoOn(&'l [u8]),
    /// It greets, or is ready to turn to TLS.
    Ready,
    /// It is at the end of a command.
    Done(Status),
}
