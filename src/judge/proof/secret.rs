//! A user's secret: its hashes, and how they are kept from view.

use serde::Serialize;
use zeroize::{Zeroize as _, ZeroizeOnDrop, Zeroizing};

use crate::judge::proof::{
    ProofReason,
    primitives::{Md4Hash, des},
};

/// A kind of secret.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecretKind {
    /// None.
    None,
    /// A password.
    Password,
    /// An NT hash.
    NtHash,
}

impl SecretKind {
    /// The words for it in a sentence.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::None => "no secret",
            Self::Password => "a password",
            Self::NtHash => "an NT hash",
        }
    }
}

/// A user's secret, kept as its NT hash and, where it can be had, its LM hash, 16 bytes each.
///
/// It implements neither `Debug` nor `Serialize`, and is overwritten when it is dropped. The
/// password it was made from is not kept: what is computed on the way is overwritten too. The text
/// that the caller holds is the caller's to overwrite.
#[derive(Clone, ZeroizeOnDrop)]
pub struct Secret {
    nt_hash: [u8; 16],
    lm_hash: [u8; 16],
    #[zeroize(skip)]
    lm_state: LmState,
    #[zeroize(skip)]
    kind: SecretKind,
}

/// The state of the LM hash.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum LmState {
    Known,
    TooLong,
    BeyondAscii,
    NotGiven,
}

/// A text is no NT hash.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("an NT hash is 32 hex digits, or LM and NT hash with a colon between")]
pub struct BadHash;

/// The text that `LMOWFv1` encrypts with the password.
const LM_MAGIC: [u8; 8] = *b"KGS!@#$%";

/// The most characters that `LMOWFv1` takes.
const MAX_LM_LEN: usize = 14;

/// The LM hash of no characters, which tools write where there is no LM hash.
const LM_EMPTY: [u8; 16] = [
    0xAA, 0xD3, 0xB4, 0x35, 0xB5, 0x14, 0x04, 0xEE, 0xAA, 0xD3, 0xB4, 0x35, 0xB5, 0x14, 0x04, 0xEE,
];

/// The NT hash of no characters.
const NT_EMPTY: [u8; 16] = [
    0x31, 0xD6, 0xCF, 0xE0, 0xD1, 0x6A, 0xE9, 0x31, 0xB7, 0x3C, 0x59, 0xD7, 0xE0, 0xC0, 0x89, 0xC0,
];

impl Secret {
    /// The secret that `password` is: NTOWFv1, and `LMOWFv1` where the password has at most 14
    /// characters, all of them ASCII. Beyond ASCII the LM hash depends on the client's OEM code
    /// page, which no message names; beyond 14 characters there is none.
    ///
    /// Spec: [MS-NLMP] 3.3.1.
    #[must_use]
    pub fn from_password(password: &str) -> Self {
        let mut hash = Md4Hash::new();
        // One unit at a time: a list of them would leave copies behind as it grows.
        for unit in password.encode_utf16() {
            let mut bytes = unit.to_le_bytes();
            hash.update(&bytes);
            bytes.zeroize();
        }
        let (lm_hash, lm_state) = lmowfv1(password);
        Self { nt_hash: hash.finish(), lm_hash, lm_state, kind: SecretKind::Password }
    }

    /// The secret that 32 hex digits are, or `LM:NT`. An LM hash of no characters, or of zeros,
    /// beside the NT hash of another password counts as none: that is how tools write that there is
    /// none.
    ///
    /// # Errors
    ///
    /// [`BadHash`] where it is anything else.
    pub fn from_nt_hash(hex: &str) -> Result<Self, BadHash> {
        let hex = hex.trim();
        let (lm, nt) = match hex.split_once(':') {
            Some((lm, nt)) => (Some(lm).filter(|lm| !lm.is_empty()), nt),
            None => (None, hex),
        };
        let nt_hash = parse(nt)?;
        let lm_hash = match lm {
            Some(lm) => {
                let lm_hash = parse(lm)?;
                let stands_for_none =
                    *lm_hash == [0; 16] || *lm_hash == LM_EMPTY && *nt_hash != NT_EMPTY;
                (!stands_for_none).then_some(lm_hash)
            }
            None => None,
        };
        let lm_state = if lm_hash.is_some() { LmState::Known } else { LmState::NotGiven };
        let lm_hash = lm_hash.unwrap_or_default();
        Ok(Self { nt_hash: *nt_hash, lm_hash: *lm_hash, lm_state, kind: SecretKind::NtHash })
    }

    /// The kind it was given as: password or hash.
    #[must_use]
    pub const fn kind(&self) -> SecretKind {
        self.kind
    }

    /// NTOWFv1.
    pub(super) const fn nt_hash(&self) -> &[u8; 16] {
        &self.nt_hash
    }

    /// `LMOWFv1`.
    ///
    /// # Errors
    ///
    /// The reason why it is not known.
    pub(super) const fn lm_hash(&self) -> Result<&[u8; 16], ProofReason> {
        match self.lm_state {
            LmState::Known => Ok(&self.lm_hash),
            LmState::TooLong => Err(ProofReason::LmHashTooLong),
            LmState::BeyondAscii => Err(ProofReason::LmHashBeyondAscii),
            LmState::NotGiven => Err(ProofReason::LmHashNotGiven),
        }
    }
}

/// `LMOWFv1`: two blocks, each under half of the password in upper case.
///
/// Spec: [MS-NLMP] 3.3.1.
fn lmowfv1(password: &str) -> ([u8; 16], LmState) {
    if password.chars().count() > MAX_LM_LEN {
        return ([0; 16], LmState::TooLong);
    }
    if !password.is_ascii() {
        return ([0; 16], LmState::BeyondAscii);
    }
    let mut key = Zeroizing::new([0; MAX_LM_LEN]);
    for (to, from) in key.iter_mut().zip(password.bytes()) {
        *to = from.to_ascii_uppercase();
    }
    let mut hash = [0; 16];
    for (half, block) in key.as_chunks::<7>().0.iter().zip(hash.as_chunks_mut::<8>().0) {
        *block = des(*half, LM_MAGIC);
    }
    (hash, LmState::Known)
}

/// Overwrites what calls that have returned left on the stack, 64 KiB of it: values were moved
/// there, keys among them, and of what was moved nobody overwrites the old place.
pub fn wipe_stack() {
    wipe_pieces(4);
}

/// Overwrites so many pieces, each in the frame below the one before.
#[inline(never)]
fn wipe_pieces(count: u8) {
    let mut left = [0_u8; 16 << 10];
    if let Some(fewer) = count.checked_sub(1).filter(|fewer| *fewer > 0) {
        wipe_pieces(fewer);
    }
    left.zeroize();
}

/// 32 hex digits.
fn parse(digits: &str) -> Result<Zeroizing<[u8; 16]>, BadHash> {
    let mut hash = Zeroizing::new([0; 16]);
    if digits.len() != 32 {
        return Err(BadHash);
    }
    for (byte, pair) in hash.iter_mut().zip(digits.as_bytes().as_chunks::<2>().0) {
        for digit in pair {
            let value = char::from(*digit).to_digit(16).ok_or(BadHash)?;
            *byte = *byte << 4 | value.to_le_bytes()[0];
        }
    }
    Ok(hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::field::hex;

    #[test]
    fn section_4_2_2_1_1_lmowfv1() {
        let secret = Secret::from_password("Password");
        assert_eq!(
            secret.lm_hash().map(|hash| hex(hash)),
            Ok("e52cac67419a9a224a3b108f3fa6cb6d".into())
        );
    }

    #[test]
    fn section_4_2_2_1_2_ntowfv1() {
        let secret = Secret::from_password("Password");
        assert_eq!(hex(secret.nt_hash()), "a4f49c406510bdcab6824ee7c30fd852");
    }

    #[test]
    fn the_hashes_of_no_characters_are_the_well_known_ones() {
        let secret = Secret::from_password("");
        assert_eq!(*secret.nt_hash(), NT_EMPTY);
        assert_eq!(secret.lm_hash(), Ok(&LM_EMPTY));
    }

    #[test]
    fn the_lm_hash_is_known_only_where_it_can_be() {
        let known = |secret: &Secret| secret.lm_hash().is_ok();
        assert!(known(&Secret::from_password("fourteen chars")));
        for (password, because) in [
            ("fifteen letters", ProofReason::LmHashTooLong),
            ("Übung", ProofReason::LmHashBeyondAscii),
        ] {
            let secret = Secret::from_password(password);
            assert_eq!(secret.lm_hash(), Err(because), "{password}");
        }
        let lm = "e52cac67419a9a224a3b108f3fa6cb6d";
        let nt = "a4f49c406510bdcab6824ee7c30fd852";
        let none = hex(&LM_EMPTY);
        assert!(known(&Secret::from_nt_hash(&format!("{lm}:{nt}")).unwrap()));
        assert!(known(&Secret::from_nt_hash(&format!("{none}:{}", hex(&NT_EMPTY))).unwrap()));
        for absent in [
            nt.to_owned(),
            format!(":{nt}"),
            format!("{none}:{nt}"),
            format!("{}:{nt}", "0".repeat(32)),
        ] {
            let secret = Secret::from_nt_hash(&absent).unwrap();
            assert_eq!(secret.lm_hash(), Err(ProofReason::LmHashNotGiven), "{absent}");
        }
    }

    #[test]
    fn a_hash_is_read_alone_or_behind_its_lm_hash() {
        let alone = Secret::from_nt_hash("a4f49c406510bdcab6824ee7c30fd852").unwrap();
        let both = Secret::from_nt_hash(
            "e52cac67419a9a224a3b108f3fa6cb6d:A4F49C406510BDCAB6824EE7C30FD852\n",
        )
        .unwrap();
        assert_eq!(alone.nt_hash(), both.nt_hash());
        let long = "a4f49c406510bdcab6824ee7c30fd85200";
        for wrong in ["", "a4f4", "xx", "+4f49c406510bdcab6824ee7c30fd852", "a:b", ":", long] {
            assert!(Secret::from_nt_hash(wrong).is_err(), "{wrong}");
        }
        let lm_wrong = "xx:a4f49c406510bdcab6824ee7c30fd852";
        assert!(Secret::from_nt_hash(lm_wrong).is_err(), "{lm_wrong}");
    }

    /// Compiles only where `Secret` has neither trait: with one of them, `_` could be two types.
    #[test]
    fn a_secret_is_neither_printed_nor_serialised() {
        trait Ambiguous<T> {
            fn is_neither() -> bool {
                true
            }
        }
        struct Printed;
        struct Serialised;
        impl<T: ?Sized> Ambiguous<()> for T {}
        impl<T: ?Sized + std::fmt::Debug> Ambiguous<Printed> for T {}
        impl<T: ?Sized + Serialize> Ambiguous<Serialised> for T {}
        assert!(<Secret as Ambiguous<_>>::is_neither());
    }
}
