//! The parts of the signature in a `mechListMIC`. Whether it holds is asked in
//! [`judge::proof`](crate::judge::proof).

use crate::base::span::{Source, Span};
use crate::message::field::hex;
use crate::read::layer::Fact;

/// The parts of an `NTLMSSP_MESSAGE_SIGNATURE`, where the bytes at `span` are one: `Version` (1),
/// `Checksum` and `SeqNum`. None where they are not.
///
/// Spec: [MS-NLMP] 2.2.2.9.2, the form with extended session security, which is what signs the list
/// of mechanisms. The form without it (2.2.2.9.1) has four random bytes in front of a checksum of
/// four.
pub(super) fn facts(source: Source<'_>, span: Span) -> Vec<Fact> {
    let part = |at: usize, len: usize| Span::at(at, len).shifted(span.start);
    let (version, checksum, seq_num) = (part(0, 4), part(4, 8), part(12, 4));
    let number = |span: Span| source.le_u32(span.start).map(|number| number.value);
    match (number(version), number(seq_num)) {
        (Some(1), Some(number)) if span.len() == 16 => vec![
            Fact { name: "Version", value: "1".to_owned(), span: version },
            Fact { name: "Checksum", value: hex(source.slice(checksum)), span: checksum },
            Fact { name: "SeqNum", value: number.to_string(), span: seq_num },
        ],
        _ => Vec::new(),
    }
}
