//! The layers around a message: what was unwrapped, from the pasted text inward.

use std::sync::Arc;

use crate::base::span::Span;

/// One layer of what a message was wrapped in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Layer {
    /// What it is.
    pub kind: LayerKind,
    /// Its bytes in the buffer of the layer outside it. The buffer of the outermost layer is the
    /// pasted text in UTF-8; an encoding opens a new buffer, of the bytes it stands for; a carrier
    /// does not, so that spans in it count from the same byte.
    pub span: Span,
    /// Where the bytes of the buffer that it opens stand in the buffer outside it; `None` where it
    /// opens none.
    pub map: Option<Arc<Map>>,
    /// What the layer says besides carrying the message, in its order.
    pub facts: Vec<Fact>,
    /// What a SPNEGO token offers and signs, where it does.
    pub negotiation: Option<Arc<Negotiation>>,
}

/// The list of mechanisms of SPNEGO and its signature, as far as a token has them.
///
/// Spec: RFC 4178 4.2 and 5.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Negotiation {
    /// `MechTypeList`, tag and length with it: what `mechListMIC` covers.
    pub mech_types: Option<Vec<u8>>,
    /// What is in `mechListMIC`.
    pub mech_list_mic: Option<Vec<u8>>,
}

impl Layer {
    /// A layer that opens no buffer and says nothing besides.
    #[must_use]
    pub const fn new(kind: LayerKind, span: Span) -> Self {
        Self { kind, span, map: None, facts: Vec::new(), negotiation: None }
    }
}

/// One thing that a layer says: `negState`, `accept-incomplete`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fact {
    /// The name that the layer's specification gives it.
    pub name: &'static str,
    /// Its value, in one line.
    pub value: String,
    /// Its bytes, in the same buffer as the layer's own span.
    pub span: Span,
}

/// The name of the fact that says in which packet of a capture a message ends.
pub const PACKET: &str = "Packet";

/// What a layer is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum LayerKind {
    /// A capture file, of which packets carry the message: what stands in it has no one place in the file.
    Capture,
    /// Text in UTF-16, as a file may be written.
    Utf16,
    /// Pieces that stood apart in the text, put together.
    Joined,
    /// An HTTP header field, by its name.
    HttpHeader(&'static str),
    /// A line of a mail dialogue, by its protocol.
    Mail(MailProtocol),
    /// Percent-encoding, as in a URL or a form.
    Percent,
    /// Escapes of a string in JSON, YAML or a programming language.
    Escapes,
    /// Base64, either alphabet.
    Base64,
    /// Pairs of hex digits, whatever stands between them.
    Hex,
    /// Decimal numbers, one for each byte.
    Decimal,
    /// Rows of offset, hex and text, by the program that writes them so.
    HexDump(&'static str),
    /// A line with names, challenge and NTLMv2 response, as tools print it.
    HashLine,
    /// An SMB1 message, by its command and direction.
    Smb1(&'static str),
    /// An SMB2 or SMB3 message, by its command and direction.
    Smb2(&'static str),
    /// An LDAP message, by its operation.
    Ldap(&'static str),
    /// A TDS packet, by its type.
    Tds(&'static str),
    /// A PDU of DCE/RPC, by its type.
    DceRpc(&'static str),
    /// GSS-API framing around a mechanism's own token.
    GssApi,
    /// A SPNEGO token, by the name of its choice.
    Spnego(&'static str),
    /// Bytes of a carrier that is not known, in which the signature was found.
    Binary,
    /// The message itself, where it is NTLM.
    Ntlmssp,
    /// The message itself, where it is Kerberos.
    Kerberos,
    /// The response itself, where it stands alone.
    Ntlmv2,
}

/// The protocol of a mail dialogue.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MailProtocol {
    /// SMTP.
    Smtp,
    /// IMAP.
    Imap,
    /// POP3.
    Pop3,
    /// SMTP or POP3: the lines that are there begin alike in both.
    Unknown,
}

impl MailProtocol {
    /// What it is called.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Smtp => "SMTP",
            Self::Imap => "IMAP",
            Self::Pop3 => "POP3",
            Self::Unknown => "mail",
        }
    }
}

impl LayerKind {
    /// The word for it in the report.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Capture => "capture",
            Self::Utf16 => "utf-16",
            Self::Joined => "joined",
            Self::HttpHeader(_) => "http-header",
            Self::Mail(_) => "mail",
            Self::Percent => "percent",
            Self::Escapes => "escapes",
            Self::Base64 => "base64",
            Self::Hex => "hex",
            Self::Decimal => "decimal",
            Self::HexDump(_) => "hex-dump",
            Self::HashLine => "hash-line",
            Self::Smb1(_) => "smb1",
            Self::Smb2(_) => "smb2",
            Self::Ldap(_) => "ldap",
            Self::Tds(_) => "tds",
            Self::DceRpc(_) => "dce-rpc",
            Self::GssApi => "gss-api",
            Self::Spnego(_) => "spnego",
            Self::Binary => "binary",
            Self::Ntlmssp => "ntlmssp",
            Self::Kerberos => "kerberos",
            Self::Ntlmv2 => "ntlmv2",
        }
    }

    /// Its name for the trail. For the innermost layer the type of the message is added to it.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::Capture => "capture".into(),
            Self::Utf16 => "UTF-16 text".into(),
            Self::Joined => "pieces of lines".into(),
            Self::HttpHeader(name) => format!("{name} header"),
            Self::Mail(protocol) => format!("{} dialogue", protocol.label()),
            Self::Percent => "percent-encoding".into(),
            Self::Escapes => "string escapes".into(),
            Self::Base64 => "base64".into(),
            Self::Hex => "hex".into(),
            Self::Decimal => "decimal numbers".into(),
            Self::HexDump(program) => format!("{program} dump"),
            Self::HashLine => "NetNTLMv2 line".into(),
            Self::Smb1(what) => format!("SMB1 {what}"),
            Self::Smb2(what) => format!("SMB2 {what}"),
            Self::Ldap(what) => format!("LDAP {what}"),
            Self::Tds(what) => format!("TDS {what}"),
            Self::DceRpc(what) => format!("DCE/RPC {what}"),
            Self::GssApi => "GSS-API token".into(),
            Self::Spnego(choice) => format!("SPNEGO {choice}"),
            Self::Binary => "other bytes".into(),
            Self::Ntlmssp => "NTLMSSP".into(),
            Self::Kerberos => "Kerberos".into(),
            Self::Ntlmv2 => "NTLMv2".into(),
        }
    }

    /// Whether it is how bytes are written in a text, and so opens a buffer of them.
    #[must_use]
    pub const fn is_encoding(self) -> bool {
        matches!(
            self,
            Self::Percent
                | Self::Escapes
                | Self::Base64
                | Self::Hex
                | Self::Decimal
                | Self::HexDump(_)
                | Self::HashLine
        )
    }

    /// Whether its span counts characters of a text (as bytes of UTF-8) rather than bytes.
    #[must_use]
    pub const fn is_text(self) -> bool {
        matches!(
            self,
            Self::Utf16
                | Self::Joined
                | Self::HttpHeader(_)
                | Self::Mail(_)
                | Self::Percent
                | Self::Escapes
                | Self::Base64
                | Self::Hex
                | Self::Decimal
                | Self::HexDump(_)
                | Self::HashLine
        )
    }
}

/// Where the bytes of a decoded buffer stand in the buffer they were written in.
///
/// Bytes are written as digits of 4, 6 or 8 bits each; runs of digits stand side by side. In a hostile
/// input each digit is a run, so a run takes one byte where it can, and a place is found by going
/// through the runs from the mark before it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Map {
    /// How many bits a digit stands for: 4 for hex, 6 for base64, 8 where a byte is written as one.
    bits: usize,
    /// What lies between each run and the one before it, as [`Map::step`] reads it.
    steps: Vec<u8>,
    /// Some of the runs, in order, the first among them: each with the steps that lead to it.
    marks: Vec<(usize, Run)>,
    last: Run,
}

/// Digits that stand side by side in the outer buffer.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Run {
    /// The number of the first, counted from 0.
    digit: usize,
    /// Where it stands.
    at: usize,
    /// How many bytes of the outer buffer each takes: 3 in `%2B`.
    width: usize,
}

impl Run {
    /// Where a digit of it stands, or would.
    const fn place(self, digit: usize) -> usize {
        self.at.wrapping_add((digit - self.digit).wrapping_mul(self.width))
    }
}

/// How many bytes of steps lie between two marks.
const MARKED: usize = 512;

/// Begins a step that does not fit into one byte.
const LONG_STEP: u8 = 0x80;

/// A step goes back at most so far, which is the width of the widest escape: all bytes of its character
/// stand there.
const BACK: usize = 10;

impl Map {
    /// No digits yet, of `bits` bits each.
    #[must_use]
    pub const fn new(bits: usize) -> Self {
        let last = Run { digit: 0, at: 0, width: 0 };
        Self { bits, steps: Vec::new(), marks: Vec::new(), last }
    }

    /// Says that the digits from number `digit` on stand at `at`, each `width` bytes wide, up to the
    /// digit of the next call. Calls come in the order of the digits.
    pub fn push(&mut self, digit: usize, at: usize, width: usize) {
        let there = self.last.place(digit);
        if !self.marks.is_empty() && self.last.width == width && there == at {
            return;
        }
        let len = digit - self.last.digit;
        let low = |number: usize| number.to_le_bytes()[0];
        let on = at.wrapping_sub(there).wrapping_add(BACK);
        if self.last.width == width && len < 8 && on < 16 {
            self.steps.push(low(len << 4 | on));
        } else {
            self.steps.push(LONG_STEP);
            for mut number in [len, on, width] {
                while number >= 0x80 {
                    self.steps.push(low(number) | 0x80);
                    number >>= 7;
                }
                self.steps.push(low(number));
            }
        }
        self.last = Run { digit, at, width };
        if self.marks.last().is_none_or(|(steps, _)| steps + MARKED <= self.steps.len()) {
            self.marks.push((self.steps.len(), self.last));
        }
    }

    /// What stands for the bytes `inner` in the outer buffer, from the first digit to the last.
    #[must_use]
    pub fn outer(&self, inner: Span) -> Span {
        let first = inner.start.saturating_mul(8) / self.bits;
        let start = self.digit(first).start;
        if inner.is_empty() {
            return Span::empty(start);
        }
        let last = (inner.end.saturating_mul(8) - 1) / self.bits;
        Span::new(start, self.digit(last).end)
    }

    /// Where one digit stands.
    fn digit(&self, digit: usize) -> Span {
        let next = self.marks.partition_point(|(_, run)| run.digit <= digit);
        let mark = next.checked_sub(1).and_then(|at| self.marks.get(at));
        mark.map_or_else(Span::default, |(steps, run)| {
            let mut run = *run;
            let mut steps = self.steps.iter().skip(*steps).copied();
            while let Some(next) = Self::step(run, &mut steps).filter(|run| run.digit <= digit) {
                run = next;
            }
            Span::at(run.place(digit), run.width)
        })
    }

    /// The run behind `run`: by how many digits and how many bytes it stands further, in three bits and
    /// four; or three numbers in LEB128, the third of which is its width.
    fn step(run: Run, steps: &mut impl Iterator<Item = u8>) -> Option<Run> {
        let first = usize::from(steps.next()?);
        let mut number = || {
            let bytes = steps.by_ref().zip((0..usize::BITS).step_by(7));
            let mut number = 0;
            for (byte, shift) in bytes {
                number |= usize::from(byte & 0x7f) << shift;
                if byte < 0x80 {
                    break;
                }
            }
            number
        };
        let [len, on, width] = if first < usize::from(LONG_STEP) {
            [first >> 4, first & 15, run.width]
        } else {
            [number(), number(), number()]
        };
        let digit = run.digit.wrapping_add(len);
        let at = run.place(digit).wrapping_add(on).wrapping_sub(BACK);
        Some(Run { digit, at, width })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layer_has_a_word_and_a_name() {
        use LayerKind as L;
        #[rustfmt::skip]
        let cases = [
            (L::Capture,                     "capture",     "capture",              false),
            (L::Utf16,                       "utf-16",      "UTF-16 text",          true),
            (L::Joined,                      "joined",      "pieces of lines",     true),
            (L::HttpHeader("Authorization"), "http-header", "Authorization header", true),
            (L::Mail(MailProtocol::Smtp),    "mail",        "SMTP dialogue",        true),
            (L::Mail(MailProtocol::Imap),    "mail",        "IMAP dialogue",        true),
            (L::Mail(MailProtocol::Pop3),    "mail",        "POP3 dialogue",        true),
            (L::Mail(MailProtocol::Unknown), "mail",        "mail dialogue",        true),
            (L::Percent,                     "percent",     "percent-encoding",     true),
            (L::Escapes,                     "escapes",     "string escapes",       true),
            (L::Base64,                      "base64",      "base64",               true),
            (L::Hex,                         "hex",         "hex",                  true),
            (L::Decimal,                     "decimal",     "decimal numbers",      true),
            (L::HexDump("xxd"),              "hex-dump",    "xxd dump",             true),
            (L::HashLine,                    "hash-line",   "NetNTLMv2 line",       true),
            (L::Smb1("message"),             "smb1",        "SMB1 message",         false),
            (L::Smb2("message"),             "smb2",        "SMB2 message",         false),
            (L::Ldap("bindRequest"),         "ldap",        "LDAP bindRequest",     false),
            (L::Tds("LOGIN7"),               "tds",         "TDS LOGIN7",           false),
            (L::DceRpc("bind"),              "dce-rpc",     "DCE/RPC bind",         false),
            (L::GssApi,                      "gss-api",     "GSS-API token",        false),
            (L::Spnego("NegTokenResp"),      "spnego",      "SPNEGO NegTokenResp",  false),
            (L::Binary,                      "binary",      "other bytes",          false),
            (L::Ntlmssp,                     "ntlmssp",     "NTLMSSP",              false),
            (L::Kerberos,                    "kerberos",    "Kerberos",             false),
            (L::Ntlmv2,                      "ntlmv2",      "NTLMv2",               false),
        ];
        for (kind, code, label, is_text) in cases {
            assert_eq!(
                (kind.code(), kind.label().as_str(), kind.is_text()),
                (code, label, is_text)
            );
        }
    }

    #[test]
    fn bytes_are_traced_to_the_digits_they_were_written_as() {
        let mut hex = Map::new(4);
        hex.push(0, 10, 1);
        hex.push(2, 13, 1);
        hex.push(4, 15, 1);
        assert_eq!(hex.steps.len(), 2 + 3, "what stands side by side is one run");
        assert_eq!(hex.outer(Span::new(0, 1)), Span::new(10, 12));
        assert_eq!(hex.outer(Span::new(0, 2)), Span::new(10, 15));
        assert_eq!(hex.outer(Span::new(2, 3)), Span::new(15, 17));
        let mut base64 = Map::new(6);
        base64.push(0, 100, 1);
        assert_eq!(base64.outer(Span::new(0, 1)), Span::new(100, 102));
        assert_eq!(base64.outer(Span::new(2, 3)), Span::new(102, 104));
        assert_eq!(base64.outer(Span::new(3, 4)), Span::new(104, 106));
        let mut percent = Map::new(8);
        percent.push(0, 0, 1);
        percent.push(1, 1, 3);
        percent.push(2, 4, 1);
        assert_eq!(percent.outer(Span::new(1, 2)), Span::new(1, 4));
        assert_eq!(percent.outer(Span::new(2, 3)), Span::new(4, 5));
        assert_eq!(Map::new(4).outer(Span::new(0, 4)), Span::default());
    }
    #[test]
    fn each_of_many_runs_is_found() {
        let mut map = Map::new(8);
        let mut places = Vec::new();
        let mut at = 1_000_000;
        for index in 0..3_000_usize {
            let (width, count) = ([1, 1, 1, 3, 10][index % 5], 1 + index * index % 17);
            map.push(places.len(), at, width);
            places.extend((0..count).map(|digit| Span::at(at + digit * width, width)));
            // On, back to the same place, far on and far back.
            at = match index % 7 {
                0 => at,
                1 => at + 5_000,
                2 => at - 4_000,
                gap => at + count * width + gap,
            };
        }
        assert!(map.marks.len() > 3, "{}", map.marks.len());
        for (digit, place) in (0..).zip(places) {
            assert_eq!(map.outer(Span::at(digit, 1)), place, "{digit}");
        }
    }
}
