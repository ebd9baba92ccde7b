use std::fmt;

use serde::Serialize;
use zeroize::{Zeroize as _, ZeroizeOnDrop};

use crate::proof::primitives::md4;

/// What kind of secret was given.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecretKind {
    /// None.
    None,
    /// A password.
    Password,
    /// An NT hash.
    NtHash,
}

/// A user's secret, kept as its NT hash. It is not printed and not serialised, and its bytes are
/// overwritten when it goes.
#[derive(Clone, ZeroizeOnDrop)]
pub struct Secret {
    nt_hash: [u8; 16],
    #[zeroize(skip)]
    kind: SecretKind,
}

/// A text is no NT hash.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("an NT hash is 32 hex digits, or LM and NT hash with a colon between")]
pub struct BadHash;

impl Secret {
    /// The secret that `password` is: MD4 of its UTF-16LE form.
    ///
    /// Spec: [MS-NLMP] 3.3.1, NTOWFv1.
    #[must_use]
    pub fn from_password(password: &str) -> Self {
        let mut utf16: Vec<u8> = password.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let nt_hash = md4(&utf16);
        utf16.zeroize();
        Self { nt_hash, kind: SecretKind::Password }
    }

    /// The secret that 32 hex digits are; `LM:NT` is taken too, of which the second counts.
    ///
    /// # Errors
    ///
    /// [`BadHash`] where it is anything else.
    pub fn from_nt_hash(hex: &str) -> Result<Self, BadHash> {
        let hex = hex.trim();
        let digits = match hex.split_once(':') {
            Some((lm, nt)) if lm.is_empty() || lm.len() == 32 => nt,
            Some(_) => return Err(BadHash),
            None => hex,
        };
        if digits.len() != 32 {
            return Err(BadHash);
        }
        let mut nt_hash = [0; 16];
        for (byte, pair) in nt_hash.iter_mut().zip(digits.as_bytes().as_chunks::<2>().0) {
            let pair = str::from_utf8(pair).map_err(|_| BadHash)?;
            if !pair.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                return Err(BadHash);
            }
            *byte = u8::from_str_radix(pair, 16).map_err(|_| BadHash)?;
        }
        Ok(Self { nt_hash, kind: SecretKind::NtHash })
    }

    /// Whether it was given as password or as hash.
    #[must_use]
    pub const fn kind(&self) -> SecretKind {
        self.kind
    }

    pub(super) const fn nt_hash(&self) -> &[u8; 16] {
        &self.nt_hash
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn section_4_2_2_1_2_ntowfv1() {
        let secret = Secret::from_password("Password");
        assert_eq!(crate::field::hex(secret.nt_hash()), "a4f49c406510bdcab6824ee7c30fd852");
    }

    #[test]
    fn a_hash_is_read_alone_or_behind_its_lm_hash_and_never_printed() {
        let alone = Secret::from_nt_hash("a4f49c406510bdcab6824ee7c30fd852").unwrap();
        let both = Secret::from_nt_hash(
            "e52cac67419a9a224a3b108f3fa6cb6d:A4F49C406510BDCAB6824EE7C30FD852\n",
        )
        .unwrap();
        assert_eq!(alone.nt_hash(), both.nt_hash());
        assert_eq!(format!("{alone:?}"), "Secret");
        for wrong in ["", "a4f4", "xx", "+4f49c406510bdcab6824ee7c30fd852", "a:b"] {
            assert!(Secret::from_nt_hash(wrong).is_err(), "{wrong}");
        }
    }
}
