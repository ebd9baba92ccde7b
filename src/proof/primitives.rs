//! The hash functions and ciphers of [MS-NLMP] section 6, over byte slices.

use des::{
    Des,
    cipher::{BlockCipherEncrypt as _, KeyInit as _},
};
use hmac::{Hmac, Mac as _};
use md4::{Digest as _, Md4};
use md5::Md5;
use rc4::{Rc4, StreamCipher as _};

pub(super) fn md4(data: &[u8]) -> [u8; 16] {
    Md4::digest(data).into()
}

pub(super) fn md5(data: &[u8]) -> [u8; 16] {
    Md5::digest(data).into()
}

/// HMAC-MD5 over the parts, one after the other.
pub(super) fn hmac_md5(key: &[u8; 16], parts: &[&[u8]]) -> [u8; 16] {
    // HMAC fills a short key up with zeros; doing it here gives the size that cannot fail.
    let mut block = [0; 64];
    block[..16].copy_from_slice(key);
    let mut mac = Hmac::<Md5>::new(&block.into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// RC4 of 16 bytes.
pub(super) fn rc4(key: &[u8; 16], data: &[u8; 16]) -> [u8; 16] {
    // RC4 reads its key round and round: written twice it is the same key, of the size that cannot fail.
    let mut twice = [0; 32];
    for (to, from) in twice.iter_mut().zip(key.iter().cycle()) {
        *to = *from;
    }
    let mut out = *data;
    Rc4::new(&twice.into()).apply_keystream(&mut out);
    out
}

/// DESL(K, D): DES of `data` under three keys cut from `key`.
///
/// Spec: [MS-NLMP] section 6.
pub(super) fn desl(key: &[u8; 16], data: [u8; 8]) -> [u8; 24] {
    let mut padded = [0; 21];
    padded[..16].copy_from_slice(key);
    let mut out = [0; 24];
    for (part, block) in padded.as_chunks::<7>().0.iter().zip(out.as_chunks_mut::<8>().0) {
        let mut cipher_block = data.into();
        Des::new(&des_key(*part).into()).encrypt_block(&mut cipher_block);
        *block = cipher_block.into();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::hex;

    #[test]
    fn section_4_2_2_2_1_ntlmv1_response() {
        let key = md4(&"Password".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
        let response = desl(&key, [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef]);
        assert_eq!(hex(&response), "67c43011f30298a2ad35ece64f16331c44bdbed927841f94");
    }
}
