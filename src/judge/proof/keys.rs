//! The keys of a session, and how they follow from the user's secret and one another. Channel
//! bindings are not among them.

use zeroize::ZeroizeOnDrop;

use crate::judge::proof::{
    ProofReason, Secret,
    primitives::{self, des, hmac_md5, md5, rc4k},
    response::lm_response,
};
use crate::message::{
    ntlm::{Authenticate, Message, ResponseKind},
    wire::NegotiateFlags,
};

/// The keys of a session, as far as they are known. They are there only where the response fits the
/// secret, and are overwritten when they go.
///
/// Spec: [MS-NLMP] 3.1.5.1.2 and 3.4.5.
#[derive(Clone, Debug, Eq, PartialEq, ZeroizeOnDrop)]
pub struct Keys {
    /// `NegFlg`: what both sides settled on, which says how the keys are used. Those of the
    /// AUTHENTICATE.
    #[zeroize(skip)]
    pub flags: NegotiateFlags,
    /// SessionBaseKey, section 3.3.
    pub session_base_key: [u8; 16],
    /// KeyExchangeKey, section 3.4.5.1.
    pub key_exchange_key: Option<[u8; 16]>,
    /// ExportedSessionKey, section 3.1.5.1.2.
    pub exported_session_key: Option<[u8; 16]>,
    /// SIGNKEY of what the client sends, section 3.4.5.2. There is none without extended session
    /// security.
    pub client_sign_key: Option<[u8; 16]>,
    /// SIGNKEY of what the server sends.
    pub server_sign_key: Option<[u8; 16]>,
    /// SEALKEY of what the client sends, section 3.4.5.3: 16 bytes, or 8.
    pub client_seal_key: Option<Vec<u8>>,
    /// SEALKEY of what the server sends.
    pub server_seal_key: Option<Vec<u8>>,
    /// The reason why some are not known.
    #[zeroize(skip)]
    pub because: Option<ProofReason>,
}

impl Keys {
    /// The keys that follow from a response that fits `secret`.
    pub(super) fn derive(
        message: &Message,
        authenticate: &Authenticate,
        secret: &Secret,
        server_challenge: [u8; 8],
        session_base_key: [u8; 16],
    ) -> Self {
        let flags = authenticate.flags.map_or(NegotiateFlags::empty(), |flags| flags.value);
        let lm_response = lm_response(message, authenticate);
        let key_exchange_key = match authenticate.response_kind {
            ResponseKind::Ntlm2Session => {
                kxkey_extended(session_base_key, server_challenge, lm_response)
            }
            ResponseKind::Ntlmv1 => kxkey(session_base_key, flags, lm_response, secret.lm_hash()),
            _ => Ok(session_base_key),
        };
        let exported_session_key =
            key_exchange_key.and_then(|key| exported(message, authenticate, flags, key));
        let exported = exported_session_key.ok();
        let sign = |side| exported.and_then(|key| sign_key(flags, &key, side));
        let revision = authenticate.version.map_or(0, |version| version.revision);
        let seal = |side| exported.map(|key| seal_key(flags, revision, &key, side));
        Self {
            flags,
            session_base_key,
            key_exchange_key: key_exchange_key.ok(),
            exported_session_key: exported,
            client_sign_key: sign(Side::Client),
            server_sign_key: sign(Side::Server),
            client_seal_key: seal(Side::Client),
            server_seal_key: seal(Side::Server),
            because: exported_session_key.err(),
        }
    }
}

impl Keys {
    /// The keys of a response that stands alone: nothing beside it says how the others follow.
    pub(super) const fn of_line(session_base_key: [u8; 16]) -> Self {
        Self {
            flags: NegotiateFlags::empty(),
            session_base_key,
            key_exchange_key: Some(session_base_key),
            exported_session_key: None,
            client_sign_key: None,
            server_sign_key: None,
            client_seal_key: None,
            server_seal_key: None,
            because: Some(ProofReason::SessionKeyNotInLine),
        }
    }

    /// Each key with the name that [MS-NLMP] 3.1.1.1 and 3.1.5.1.2 give it, in the order in which
    /// they follow from one another; `None` where it is not known or there is none.
    #[must_use]
    pub fn named(&self) -> [(&'static str, Option<&[u8]>); 7] {
        const fn known(key: Option<&[u8; 16]>) -> Option<&[u8]> {
            match key {
                Some(key) => Some(key),
                None => None,
            }
        }
        [
            ("SessionBaseKey", Some(&self.session_base_key)),
            ("KeyExchangeKey", known(self.key_exchange_key.as_ref())),
            ("ExportedSessionKey", known(self.exported_session_key.as_ref())),
            ("ClientSigningKey", known(self.client_sign_key.as_ref())),
            ("ServerSigningKey", known(self.server_sign_key.as_ref())),
            ("ClientSealingKey", self.client_seal_key.as_deref()),
            ("ServerSealingKey", self.server_seal_key.as_deref()),
        ]
    }
}

/// The sender of messages that a key protects.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Side {
    /// The client.
    Client,
    /// The server.
    Server,
}

/// ExportedSessionKey, or why it is not known.
///
/// Spec: [MS-NLMP] 3.1.5.1.2 and 3.2.5.1.2.
pub(super) fn exported(
    message: &Message,
    authenticate: &Authenticate,
    flags: NegotiateFlags,
    key_exchange_key: [u8; 16],
) -> Result<[u8; 16], ProofReason> {
    if !wraps_key(flags) {
        return Ok(key_exchange_key);
    }
    let encrypted = authenticate
        .encrypted_random_session_key
        .and_then(|field| <[u8; 16]>::try_from(message.source().slice(field.data?)).ok());
    encrypted
        .map(|encrypted| rc4k(&key_exchange_key, encrypted))
        .ok_or(ProofReason::WrappedKeyMissing)
}

/// Returns true if the client sends the session key wrapped under KeyExchangeKey.
///
/// Spec: [MS-NLMP] 3.1.5.1.2.
pub(crate) const fn wraps_key(flags: NegotiateFlags) -> bool {
    flags.contains(NegotiateFlags::NTLMSSP_NEGOTIATE_KEY_EXCH) && protects(flags)
}

/// Returns true if messages are signed or sealed.
pub(super) const fn protects(flags: NegotiateFlags) -> bool {
    flags.intersects(
        NegotiateFlags::NTLMSSP_NEGOTIATE_SIGN.union(NegotiateFlags::NTLMSSP_NEGOTIATE_SEAL),
    )
}

/// KXKEY of an NTLMv1 response, or why it is not known.
///
/// Spec: [MS-NLMP] 3.4.5.1.
fn kxkey(
    session_base_key: [u8; 16],
    flags: NegotiateFlags,
    lm_response: &[u8],
    lm_hash: Result<&[u8; 16], ProofReason>,
) -> Result<[u8; 16], ProofReason> {
    let mut key = [0; 16];
    let (first, second) = key.split_at_mut(8);
    if flags.contains(NegotiateFlags::NTLMSSP_NEGOTIATE_LM_KEY) {
        let lm_hash = lm_hash?;
        let response = lm_response.first_chunk().ok_or(ProofReason::KeyNeedsLmResponse)?;
        first.copy_from_slice(&des(primitives::first(lm_hash), *response));
        second.copy_from_slice(&des([lm_hash[7], 0xBD, 0xBD, 0xBD, 0xBD, 0xBD, 0xBD], *response));
    } else if flags.contains(NegotiateFlags::NTLMSSP_REQUEST_NON_NT_SESSION_KEY) {
        first.copy_from_slice(&lm_hash?[..8]);
    } else {
        return Ok(session_base_key);
    }
    Ok(key)
}

/// KXKEY of an NTLM2 session response, or why it is not known.
///
/// Spec: [MS-NLMP] 3.4.5.1.
fn kxkey_extended(
    session_base_key: [u8; 16],
    server_challenge: [u8; 8],
    lm_response: &[u8],
) -> Result<[u8; 16], ProofReason> {
    let client_challenge = lm_response.get(..8).ok_or(ProofReason::KeyNeedsLmResponse)?;
    Ok(hmac_md5(&session_base_key, &[&server_challenge, client_challenge]))
}

/// SIGNKEY; `None` without extended session security.
///
/// Spec: [MS-NLMP] 3.4.5.2. The constants end in a zero byte.
fn sign_key(flags: NegotiateFlags, exported: &[u8; 16], side: Side) -> Option<[u8; 16]> {
    let constant: &[u8] = match side {
        Side::Client => b"session key to client-to-server signing key magic constant\0",
        Side::Server => b"session key to server-to-client signing key magic constant\0",
    };
    flags
        .contains(NegotiateFlags::NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY)
        .then(|| md5(&[exported, constant]))
}

/// `NTLMSSP_REVISION_W2K3`, from which on connectionless sealing uses the weaker keys.
const REVISION_W2K3: u8 = 0x0F;

/// SEALKEY: 16 bytes, or 8.
///
/// Spec: [MS-NLMP] 3.4.5.3. `revision` is `NTLMRevisionCurrent`.
fn seal_key(flags: NegotiateFlags, revision: u8, exported: &[u8; 16], side: Side) -> Vec<u8> {
    let has = |flag| flags.contains(flag);
    if has(NegotiateFlags::NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY) {
        let cut: &[u8] = if has(NegotiateFlags::NTLMSSP_NEGOTIATE_128) {
            exported
        } else if has(NegotiateFlags::NTLMSSP_NEGOTIATE_56) {
            &exported[..7]
        } else {
            &exported[..5]
        };
        let constant: &[u8] = match side {
            Side::Client => b"session key to client-to-server sealing key magic constant\0",
            Side::Server => b"session key to server-to-client sealing key magic constant\0",
        };
        return md5(&[cut, constant]).to_vec();
    }
    // One key for both sides.
    let weak = has(NegotiateFlags::NTLMSSP_NEGOTIATE_LM_KEY)
        || has(NegotiateFlags::NTLMSSP_NEGOTIATE_DATAGRAM) && revision >= REVISION_W2K3;
    if !weak {
        exported.to_vec()
    } else if has(NegotiateFlags::NTLMSSP_NEGOTIATE_56) {
        [&exported[..7], &[0xA0]].concat()
    } else {
        [&exported[..5], &[0xE5, 0x38, 0xB0]].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::field::hex;

    const LM_HASH: [u8; 16] = [
        0xe5, 0x2c, 0xac, 0x67, 0x41, 0x9a, 0x9a, 0x22, 0x4a, 0x3b, 0x10, 0x8f, 0x3f, 0xa6, 0xcb,
        0x6d,
    ];
    const LM_RESPONSE: [u8; 8] = [0x98, 0xde, 0xf7, 0xb8, 0x7f, 0x88, 0xaa, 0x5d];
    const SESSION_BASE_KEY: [u8; 16] = [
        0xd8, 0x72, 0x62, 0xb0, 0xcd, 0xe4, 0xb1, 0xcb, 0x74, 0x99, 0xbe, 0xcc, 0xcd, 0xf1, 0x07,
        0x84,
    ];
    const RANDOM_SESSION_KEY: [u8; 16] = [0x55; 16];
    /// Flags of 4.2.2.
    const FLAGS: NegotiateFlags = NegotiateFlags::from_bits_retain(0xe202_8233);

    #[test]
    fn section_4_2_2_2_2_key_exchange_key_with_lm_key() {
        let flags = FLAGS | NegotiateFlags::NTLMSSP_NEGOTIATE_LM_KEY;
        let key = kxkey(SESSION_BASE_KEY, flags, &LM_RESPONSE, Ok(&LM_HASH)).unwrap();
        assert_eq!(hex(&key), "b09e379f7fbecb1eaf0afdcb0383c8a0");
    }

    #[test]
    fn section_4_2_2_2_3_encrypted_session_keys() {
        let lm_key = NegotiateFlags::NTLMSSP_NEGOTIATE_LM_KEY;
        let non_nt = NegotiateFlags::NTLMSSP_REQUEST_NON_NT_SESSION_KEY;
        for (flags, encrypted) in [
            (FLAGS, "518822b1b3f350c8958682ecbb3e3cb7"),
            (FLAGS | non_nt, "7452ca55c225a1ca04b48fae32cf56fc"),
            (FLAGS | lm_key, "4cd7bb57d697ef9b549f02b8f9b37864"),
        ] {
            let key = kxkey(SESSION_BASE_KEY, flags, &LM_RESPONSE, Ok(&LM_HASH)).unwrap();
            assert_eq!(hex(&rc4k(&key, RANDOM_SESSION_KEY)), encrypted, "{flags:?}");
        }
    }

    #[test]
    fn a_key_that_depends_on_an_unknown_lm_hash_is_not_known() {
        let without =
            |flags| kxkey(SESSION_BASE_KEY, flags, &LM_RESPONSE, Err(ProofReason::LmHashNotGiven));
        assert_eq!(without(FLAGS), Ok(SESSION_BASE_KEY));
        for flag in [
            NegotiateFlags::NTLMSSP_NEGOTIATE_LM_KEY,
            NegotiateFlags::NTLMSSP_REQUEST_NON_NT_SESSION_KEY,
        ] {
            assert_eq!(without(FLAGS | flag), Err(ProofReason::LmHashNotGiven));
        }
    }

    #[test]
    fn section_4_2_3_1_3_key_exchange_key() {
        let challenge = [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef];
        let key = kxkey_extended(SESSION_BASE_KEY, challenge, &[0xaa; 8]).unwrap();
        assert_eq!(hex(&key), "eb93429a8bd952f8b89c55b87f475edc");
    }

    #[test]
    fn section_4_2_3_4_keys_of_56_bits() {
        let flags = NegotiateFlags::from_bits_retain(0x820a_8233);
        let exported = [
            0xeb, 0x93, 0x42, 0x9a, 0x8b, 0xd9, 0x52, 0xf8, 0xb8, 0x9c, 0x55, 0xb8, 0x7f, 0x47,
            0x5e, 0xdc,
        ];
        let seal = seal_key(flags, 0x0F, &exported, Side::Client);
        assert_eq!(hex(&seal), "04dd7f014d8504d265a25cc86a3a7c06");
        let sign = sign_key(flags, &exported, Side::Client).unwrap();
        assert_eq!(hex(&sign), "60e799be5c72fc92922ae8ebe961fb8d");
    }

    #[test]
    fn section_4_2_4_4_keys_of_128_bits() {
        let flags = NegotiateFlags::from_bits_retain(0xe28a_8233);
        let seal = seal_key(flags, 0x0F, &RANDOM_SESSION_KEY, Side::Client);
        assert_eq!(hex(&seal), "59f600973cc4960a25480a7c196e4c58");
        let sign = sign_key(flags, &RANDOM_SESSION_KEY, Side::Client).unwrap();
        assert_eq!(hex(&sign), "4788dc861b4782f35d43fd98fe1a2d39");
    }

    /// Section 3.4.5.3, branch by branch: how much of the key is left, and what is put behind it.
    #[test]
    #[rustfmt::skip]
    fn seal_keys_by_their_flags() {
        use NegotiateFlags as F;
        let exported = *b"0123456789abcdef";
        let plain = F::NTLMSSP_NEGOTIATE_SEAL;
        let weak = F::NTLMSSP_NEGOTIATE_LM_KEY;
        let datagram = F::NTLMSSP_NEGOTIATE_DATAGRAM;
        let bits56 = F::NTLMSSP_NEGOTIATE_56;
        let cases: [(F, u8, &[u8]); 7] = [
            (plain,                                 0x0F, b"0123456789abcdef"),
            (plain | bits56,                        0x0F, b"0123456789abcdef"),
            (weak | bits56,                         0x00, b"0123456\xA0"),
            (weak,                                  0x00, b"01234\xE5\x38\xB0"),
            (datagram | bits56,                     0x0F, b"0123456\xA0"),
            (datagram,                              0x10, b"01234\xE5\x38\xB0"),
            (datagram,                              0x0E, b"0123456789abcdef"),
        ];
        for (flags, revision, key) in cases {
            for side in [Side::Client, Side::Server] {
                assert_eq!(seal_key(flags, revision, &exported, side), key, "{flags:?}");
            }
            assert_eq!(sign_key(flags, &exported, Side::Client), None);
        }
        let extended = F::NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY;
        let constant = b"session key to server-to-client sealing key magic constant\0";
        for (flags, cut) in [
            (extended | F::NTLMSSP_NEGOTIATE_128 | bits56, &exported[..]),
            (extended | bits56,                            &exported[..7]),
            (extended | weak,                              &exported[..5]),
        ] {
            let key = seal_key(flags, 0x0F, &exported, Side::Server);
            assert_eq!(key, md5(&[cut, constant]), "{flags:?}");
            assert_ne!(key, seal_key(flags, 0x0F, &exported, Side::Client));
        }
    }
}
