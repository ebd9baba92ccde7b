//! The signatures of messages that NTLM protects. Of these only the `mechListMIC` is checked;
//! nothing is unsealed.

use crate::judge::proof::{
    Check, Compare, Keys, ProofReason,
    keys::{Side, protects},
    primitives::{Handle, crc32, first, hmac_md5},
};
use crate::message::wire::NegotiateFlags;

/// Size of an `NTLMSSP_MESSAGE_SIGNATURE`, in bytes.
const SIZE: usize = 16;

/// The beginning of every signature.
const VERSION: [u8; 4] = [1, 0, 0, 0];

/// Checks the `mechListMIC` of SPNEGO: the signature, with the sequence number 0, of the list of
/// mechanisms that the client offered.
///
/// `mech_types` is the DER of `MechTypeList` as it stands in the `NegTokenInit`, tag and length
/// with it; `mech_list_mic` is what the octet string holds; `from` says who sent it. The RC4 stream
/// begins anew for it, and again for the first message behind it.
///
/// Spec: [MS-NLMP] 3.4.4; RFC 4178 section 5; [MS-SPNG] 3.3.5.1.
#[must_use]
pub fn mech_list_mic(keys: &Keys, mech_types: &[u8], mech_list_mic: &[u8], from: Side) -> Check {
    let flags = keys.flags;
    if !protects(flags) {
        return Check::absent(ProofReason::NothingProtected);
    }
    if flags.contains(NegotiateFlags::NTLMSSP_NEGOTIATE_DATAGRAM) {
        return Check::unknown(ProofReason::ConnectionlessSignature);
    }
    let (seal_key, sign_key) = match from {
        Side::Client => (&keys.client_seal_key, keys.client_sign_key),
        Side::Server => (&keys.server_seal_key, keys.server_sign_key),
    };
    let Some(seal_key) = seal_key else {
        let unknown = || ProofReason::SignatureKeysUnknown;
        return Check::unknown(keys.because.unwrap_or_else(unknown));
    };
    let received = mech_list_mic.to_vec();
    let computed = mac(&mut Handle::new(seal_key), flags, sign_key.as_ref(), 0, mech_types);
    let mut expected = computed;
    if sign_key.is_none() {
        // RandomPad is the sender's choice.
        if let (Some(to), Some(from)) = (expected.get_mut(4..8), mech_list_mic.get(4..8)) {
            to.copy_from_slice(from);
        }
        if from == Side::Server && expected[..] != received[..] {
            return Check::unknown(ProofReason::SharedStream);
        }
    }
    Check::compared(Compare { received, computed: expected.to_vec() })
}

/// MAC: the `NTLMSSP_MESSAGE_SIGNATURE` of `message`, connection-oriented.
///
/// Spec: [MS-NLMP] 3.4.4.1 where there is no sign key, else 3.4.4.2.
fn mac(
    handle: &mut Handle,
    flags: NegotiateFlags,
    sign_key: Option<&[u8; 16]>,
    sequence: u32,
    message: &[u8],
) -> [u8; SIZE] {
    let count = sequence.to_le_bytes();
    let mut signature = [0; SIZE];
    let (version, rest) = signature.split_at_mut(VERSION.len());
    version.copy_from_slice(&VERSION);
    let (checksum, place_of_count) = rest.split_at_mut(8);
    if let Some(sign_key) = sign_key {
        let mut sum = first::<8>(&hmac_md5(sign_key, &[&count, message]));
        if flags.contains(NegotiateFlags::NTLMSSP_NEGOTIATE_KEY_EXCH) {
            sum = handle.apply(sum);
        }
        checksum.copy_from_slice(&sum);
        place_of_count.copy_from_slice(&count);
    } else {
        let (random_pad, sum) = checksum.split_at_mut(4);
        random_pad.copy_from_slice(&handle.apply([0; 4]));
        sum.copy_from_slice(&handle.apply(crc32(message).to_le_bytes()));
        // XOR is what RC4 does, so the count may as well be what is encrypted.
        place_of_count.copy_from_slice(&handle.apply(count));
    }
    signature
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::proof::ProofVerdict;
    use crate::message::field::hex;

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn keys(flags: u32, sign_key: Option<[u8; 16]>, seal_key: &[u8]) -> Keys {
        Keys {
            flags: NegotiateFlags::from_bits_retain(flags),
            session_base_key: [0; 16],
            key_exchange_key: None,
            exported_session_key: None,
            client_sign_key: sign_key,
            server_sign_key: sign_key,
            client_seal_key: Some(seal_key.to_vec()),
            server_seal_key: Some(seal_key.to_vec()),
            because: None,
        }
    }

    fn bytes<const N: usize>(hex: &str) -> [u8; N] {
        std::array::from_fn(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
    }

    /// `GSS_WrapEx` of "Plaintext": what is sealed, and the signature, from one RC4 stream.
    fn wrap(keys: &Keys) -> [String; 2] {
        let plain = utf16("Plaintext");
        let mut handle = Handle::new(keys.client_seal_key.as_ref().unwrap());
        let sealed = handle.apply::<18>(plain.as_slice().try_into().unwrap());
        let signature = mac(&mut handle, keys.flags, keys.client_sign_key.as_ref(), 0, &plain);
        [hex(&sealed), hex(&signature)]
    }

    #[test]
    fn section_4_2_2_4_without_extended_session_security() {
        let keys = keys(0xe202_8233, None, &[0x55; 16]);
        assert_eq!(
            wrap(&keys),
            ["56fe04d861f9319af0d7238a2e3b4d457fb8", "0100000045c844e509dcd1df2e459d36"]
        );
        assert_eq!(hex(&crc32(&utf16("Plaintext")).to_le_bytes()), "7d84aa93");
    }

    #[test]
    fn section_4_2_3_4_without_key_exchange() {
        let sign = bytes("60e799be5c72fc92922ae8ebe961fb8d");
        let seal: [u8; 16] = bytes("04dd7f014d8504d265a25cc86a3a7c06");
        assert_eq!(
            wrap(&keys(0x820a_8233, Some(sign), &seal)),
            ["a02372f6530273f3aa1eb90190ce5200c99d", "01000000ff2aeb52f681793a00000000"]
        );
    }

    #[test]
    fn section_4_2_4_4_with_key_exchange() {
        let sign = bytes("4788dc861b4782f35d43fd98fe1a2d39");
        let seal: [u8; 16] = bytes("59f600973cc4960a25480a7c196e4c58");
        assert_eq!(
            wrap(&keys(0xe28a_8233, Some(sign), &seal)),
            ["54e50165bf1936dc996020c1811b0f06fb5f", "010000007fb38ec5c55d497600000000"]
        );
    }

    #[test]
    fn a_value_that_is_no_signature_is_not_called_wrong() {
        let sealed = keys(0xe202_8233, None, &[0x55; 16]);
        let right = mac(&mut Handle::new(&[0x55; 16]), sealed.flags, None, 0, b"list");
        let verdict =
            |keys: &Keys, mic: &[u8], from| mech_list_mic(keys, b"list", mic, from).verdict;
        assert_eq!(verdict(&sealed, &right, Side::Client), ProofVerdict::Valid);
        let mut other_pad = right;
        other_pad[4] ^= 1;
        assert_eq!(
            verdict(&sealed, &other_pad, Side::Client),
            ProofVerdict::Valid,
            "RandomPad is free"
        );
        let mut changed = right;
        changed[8] ^= 1;
        assert_eq!(verdict(&sealed, &changed, Side::Client), ProofVerdict::Invalid);
        assert_eq!(verdict(&sealed, &changed, Side::Server), ProofVerdict::Unknown);
        assert_eq!(verdict(&sealed, &right[..15], Side::Client), ProofVerdict::Invalid);
        assert_eq!(verdict(&sealed, &[], Side::Client), ProofVerdict::Invalid);
        let unsigned = keys(0xe202_8203, None, &[0x55; 16]);
        assert_eq!(verdict(&unsigned, &right, Side::Client), ProofVerdict::Absent);
        let datagram = keys(0xe202_8273, None, &[0x55; 16]);
        assert_eq!(verdict(&datagram, &right, Side::Client), ProofVerdict::Unknown);
        let mut unknown = sealed;
        unknown.client_seal_key = None;
        unknown.because = Some(ProofReason::LmHashNotGiven);
        assert_eq!(
            mech_list_mic(&unknown, b"list", &right, Side::Client),
            Check::unknown(ProofReason::LmHashNotGiven)
        );
    }
}
