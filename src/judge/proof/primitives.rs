//! The hash functions and ciphers of [MS-NLMP] section 6, over byte slices.

use des::{
    Des,
    cipher::{BlockCipherEncrypt as _, KeyInit as _},
};
use hmac::{Hmac, Mac as _};
use md4::{Digest as _, Md4};
use md5::Md5;
use rc4::{Rc4, StreamCipher as _};
use zeroize::Zeroizing;

/// MD4 of bytes that come bit by bit, so that they need not be kept together.
pub(super) struct Md4Hash(Md4);

impl Md4Hash {
    pub(super) fn new() -> Self {
        Self(Md4::new())
    }

    pub(super) fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    pub(super) fn finish(self) -> [u8; 16] {
        self.0.finalize().into()
    }
}

pub(super) fn md4(data: &[u8]) -> [u8; 16] {
    Md4::digest(data).into()
}

/// MD5 over the parts, one after the other.
pub(super) fn md5(parts: &[&[u8]]) -> [u8; 16] {
    let mut hash = Md5::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

/// HMAC-MD5 over the parts, one after the other.
pub(super) fn hmac_md5(key: &[u8; 16], parts: &[&[u8]]) -> [u8; 16] {
    // HMAC fills a short key up with zeros; doing it here gives the size that cannot fail.
    let mut block = Zeroizing::new([0; 64]);
    block[..16].copy_from_slice(key);
    let mut mac = Hmac::<Md5>::new(&(*block).into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// RC4 under one key: its stream goes on from one piece of data to the next.
///
/// Spec: [MS-NLMP] 3.1.5.1, `RC4Init` and `RC4`.
pub(super) struct Handle(Rc4);

impl Handle {
    /// RC4 under a key of 8 or 16 bytes.
    pub(super) fn new(key: &[u8]) -> Self {
        // RC4 reads its key round and round: written again and again it is the same key, of the
        // size that cannot fail.
        let mut repeated = Zeroizing::new([0; 32]);
        for (to, from) in repeated.iter_mut().zip(key.iter().cycle()) {
            *to = *from;
        }
        Self(Rc4::new(&(*repeated).into()))
    }

    pub(super) fn apply<const N: usize>(&mut self, mut data: [u8; N]) -> [u8; N] {
        self.0.apply_keystream(&mut data);
        data
    }
}

/// RC4K: RC4 of 16 bytes under a key that is used once.
pub(super) fn rc4k(key: &[u8; 16], data: [u8; 16]) -> [u8; 16] {
    Handle::new(key).apply(data)
}

/// The first bytes of a hash or key.
pub(super) fn first<const N: usize>(bytes: &[u8; 16]) -> [u8; N] {
    let mut out = [0; N];
    for (to, from) in out.iter_mut().zip(bytes) {
        *to = *from;
    }
    out
}

/// DES(K, D): DES of `data` under 56 bits of key.
pub(super) fn des(key: [u8; 7], data: [u8; 8]) -> [u8; 8] {
    let mut block = data.into();
    Des::new(&des_key(key).into()).encrypt_block(&mut block);
    block.into()
}

/// DESL(K, D): DES of `data` under three keys cut from `key`.
pub(super) fn desl(key: &[u8; 16], data: [u8; 8]) -> [u8; 24] {
    let mut padded = Zeroizing::new([0; 21]);
    padded[..16].copy_from_slice(key);
    let mut out = [0; 24];
    for (part, block) in padded.as_chunks::<7>().0.iter().zip(out.as_chunks_mut::<8>().0) {
        *block = des(*part, data);
    }
    out
}

/// Spreads 56 bits over eight bytes, seven each; the parity bits stay zero.
fn des_key(part: [u8; 7]) -> [u8; 8] {
    let bits = part.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    let mut key = [0; 8];
    for (index, byte) in (0_u32..).zip(key.iter_mut()) {
        // Truncation is meant: the low seven bits, shifted up by one.
        *byte = ((bits >> (49 - 7 * index) & 0x7F) << 1).to_le_bytes()[0];
    }
    key
}

/// CRC32 as Ethernet and ZIP have it. Only signatures without extended session security need it,
/// over a few bytes, so there is no table.
pub(super) fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(!0, |mut crc, byte| {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = crc >> 1 ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 };
        }
        crc
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::field::hex;

    #[test]
    fn section_4_2_2_2_1_ntlmv1_response() {
        let key = md4(&"Password".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
        let response = desl(&key, [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef]);
        assert_eq!(hex(&response), "67c43011f30298a2ad35ece64f16331c44bdbed927841f94");
    }

    #[test]
    fn crc32_of_the_usual_check_string() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn rc4_takes_keys_of_eight_and_sixteen_bytes() {
        // A key written twice is the same key.
        let (once, twice) = (*b"\x01\x23\x45\x67\x89\xab\xcd\xef", [1_u8; 16]);
        assert_eq!(hex(&Handle::new(&once).apply([0; 8])), "7494c2e7104b0879");
        assert_eq!(Handle::new(&twice).apply([0; 8]), Handle::new(&twice[..8]).apply([0; 8]));
    }
}
