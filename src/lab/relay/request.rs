//! The first request of a session, and its signature.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::base::span::Span;

/// The first request of an accepted session: an SMB 2.1 `TREE_CONNECT`, 64 bytes of header and the
/// path.
///
/// Spec: [MS-SMB2] 2.2.1.2 and 2.2.9.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Request {
    /// Its bytes, as the server gets them.
    pub bytes: Vec<u8>,
}

/// The offset of `Flags`.
const FLAGS: usize = 16;
/// `SMB2_FLAGS_SIGNED`.
const SIGNED: u8 = 0x08;

impl Request {
    /// The place of `Signature`: 16 bytes.
    pub const SIGNATURE: Span = Span::at(48, 16);

    /// A request for the share at `path`, signed where the one who sends it has a key for that.
    pub(super) fn new(path: &str, key: Option<&[u8; 16]>) -> Self {
        let path: Vec<u8> = path.encode_utf16().flat_map(u16::to_le_bytes).collect();
        // Paths here are ours and short.
        let len = u16::try_from(path.len()).unwrap_or(u16::MAX);
        let header: [&[u8]; 7] = [
            b"\xfeSMB",
            // StructureSize, CreditCharge, Status, Command 3, CreditRequest.
            &[64, 0, 1, 0, 0, 0, 0, 0, 3, 0, 1, 0],
            // Flags, NextCommand, MessageId: NEGOTIATE and two SESSION_SETUP came before.
            &[0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0],
            // Reserved, TreeId, SessionId.
            &[0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 4, 0, 0],
            &[0; 16],
            // StructureSize, Reserved, PathOffset.
            &[9, 0, 0, 0, 72, 0],
            &len.to_le_bytes(),
        ];
        let mut bytes = header.concat();
        bytes.extend(path);
        let mut request = Self { bytes };
        if let Some(key) = key {
            if let Some(flags) = request.bytes.get_mut(FLAGS) {
                *flags |= SIGNED;
            }
            let signature = request.expected_signature(key);
            for (to, from) in request.bytes.iter_mut().skip(Self::SIGNATURE.start).zip(signature) {
                *to = from;
            }
        }
        request
    }

    /// Returns true if it says that it is signed.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.bytes.get(FLAGS).is_some_and(|flags| flags & SIGNED != 0)
    }

    /// The signature it carries, 16 bytes; zeros where it is not signed.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        self.bytes.get(Self::SIGNATURE.start..Self::SIGNATURE.end).unwrap_or_default()
    }

    /// The signature it should carry: the first half of HMAC-SHA256 over the request with zeros
    /// where the signature itself is.
    ///
    /// SMB 3 signs with AES, under a key made of the same session key.
    ///
    /// Spec: [MS-SMB2] 3.1.4.1.
    #[must_use]
    pub fn expected_signature(&self, session_key: &[u8; 16]) -> [u8; 16] {
        let mut zeroed = self.bytes.clone();
        for byte in zeroed.iter_mut().skip(Self::SIGNATURE.start).take(Self::SIGNATURE.len()) {
            *byte = 0;
        }
        // HMAC fills a short key up with zeros; doing it here gives the size that cannot fail.
        let mut block = [0; 64];
        block[..16].copy_from_slice(session_key);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(&zeroed);
        let whole: [u8; 32] = mac.finalize().into_bytes().into();
        let mut signature = [0; 16];
        signature.copy_from_slice(&whole[..16]);
        signature
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::field::hex;

    fn unhex(hex: &str) -> Vec<u8> {
        let pairs = hex.as_bytes().as_chunks::<2>().0.iter();
        pairs.map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
    }

    /// Frame 14 of `smb21-direct-by-fqdn.pcap`, and the key of `exchanges.jsonl`.
    #[test]
    fn the_signature_is_that_of_a_captured_request() {
        let bytes = unhex(concat!(
            "fe534d42400001000000000003000100080000000000000004000000000000000000000000000000",
            "ce06567b00000000a6e7f0f7f61c607a182284f8d9de9fd909000000480026005c005c0064006300",
            "660072002e006c00610062002e006c0061006e005c004900500043002400",
        ));
        let key = unhex("88563fb38b1581f356b5e95c3f3f40c4").try_into().unwrap();
        let request = Request { bytes };
        assert!(request.is_signed());
        assert_eq!(hex(&request.expected_signature(&key)), hex(request.signature()));
        // Our own has the same form.
        let mut own = Request::new(r"\\dcfr.lab.lan\IPC$", Some(&key)).bytes;
        assert_eq!(own.len(), request.bytes.len());
        own[24] = 4;
        own[40..64].copy_from_slice(&request.bytes[40..64]);
        assert_eq!(hex(&own), hex(&request.bytes));
    }

    #[test]
    fn without_a_key_a_request_is_not_signed() {
        let request = Request::new(r"\\dcfr.lab.lan\share", None);
        assert!(!request.is_signed());
        assert_eq!(request.signature(), [0; 16]);
        let signed = Request::new(r"\\dcfr.lab.lan\share", Some(&[7; 16]));
        assert_eq!(signed.signature(), signed.expected_signature(&[7; 16]));
        assert_ne!(signed.signature(), signed.expected_signature(&[8; 16]));
    }
}
