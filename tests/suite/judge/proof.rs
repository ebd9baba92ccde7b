//! The proofs of a secret, and the reasons if it proves nothing.

use std::{borrow::Cow, sync::LazyLock};

use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::Md5;
use proptest::{
    prelude::{ProptestConfig, any, prop_assert, prop_assert_eq},
    proptest,
};
use serde_json::Value;
use spnscope::judge::proof::{
    Check, ExchangeMessages, Proof, ProofReason, ProofVerdict, Secret, SecretKind, verify,
};
use spnscope::message::{
    ntlm::{Message, ResponseKind},
    wire::AvId,
};
use spnscope::show::words;

use crate::fixtures::{bytes, lines, parse, text, unhex};

/// LM and NT hash of `Password`, as [MS-NLMP] 4.2.2.1 prints them.
const LM_HASH: &str = "e52cac67419a9a224a3b108f3fa6cb6d";
const NT_HASH: &str = "a4f49c406510bdcab6824ee7c30fd852";

/// The place of a pointer in an AUTHENTICATE: lengths at 0 and 2, offset at 4.
const LM: usize = 12;
const NT: usize = 20;
const DOMAIN: usize = 28;
const USER: usize = 36;
const KEY: usize = 52;
const FLAGS: usize = 60;

/// The messages of a sign-in, as bytes that are changed.
#[derive(Clone, Default)]
struct SignIn {
    negotiate: Option<Vec<u8>>,
    challenge: Option<Vec<u8>>,
    authenticate: Option<Vec<u8>>,
}

impl SignIn {
    /// T1 to T5.
    fn derived(name: &str) -> Self {
        let text = text(&format!("vectors/{name}.b64"));
        let mut messages = text.lines().map(|line| bytes(&line.into()));
        Self {
            negotiate: messages.next(),
            challenge: messages.next(),
            authenticate: messages.next(),
        }
    }

    /// The messages of a section of [MS-NLMP] 4.2. It prints no NEGOTIATE.
    fn printed(section: &str) -> Self {
        let read =
            |kind: &str| Some(unhex(&text(&format!("vectors/ms-nlmp-{section}-{kind}.hex"))));
        Self { negotiate: None, challenge: read("challenge"), authenticate: read("authenticate") }
    }

    fn captured(capture: &str) -> Self {
        let lines = lines("exchanges.jsonl");
        Self::of(lines.iter().find(|line| line["capture"] == capture).expect("the capture"))
    }

    /// The messages of a line of `exchanges.jsonl`.
    fn of(line: &Value) -> Self {
        let [negotiate, challenge, authenticate] =
            ["negotiate", "challenge", "authenticate"].map(|kind| Some(bytes(&line[kind])));
        Self { negotiate, challenge, authenticate }
    }

    fn prove(&self, secret: Option<&Secret>) -> Proof {
        let [negotiate, challenge, authenticate] =
            [&self.negotiate, &self.challenge, &self.authenticate]
                .map(|bytes| bytes.as_deref().map(parse));
        let (negotiate, challenge) = (negotiate.as_ref(), challenge.as_ref());
        verify(
            ExchangeMessages { negotiate, challenge, authenticate: authenticate.as_ref() },
            secret,
        )
    }

    /// The proof with the right password.
    fn proven(&self) -> Proof {
        self.prove(Some(&Secret::from_password("Password")))
    }

    fn authenticate(&mut self) -> &mut Vec<u8> {
        self.authenticate.as_mut().unwrap()
    }

    /// Replaces bytes of the AUTHENTICATE.
    fn put(mut self, at: usize, bytes: &[u8]) -> Self {
        self.authenticate()[at..at + bytes.len()].copy_from_slice(bytes);
        self
    }

    /// Flips bits of the NegotiateFlags of the AUTHENTICATE.
    fn flip(mut self, bits: u32) -> Self {
        let flags = self.flags() ^ bits;
        self.authenticate()[FLAGS..FLAGS + 4].copy_from_slice(&flags.to_le_bytes());
        self
    }

    fn flags(&mut self) -> u32 {
        u32::from_le_bytes(self.authenticate()[FLAGS..FLAGS + 4].try_into().unwrap())
    }

    /// Gives a payload field other bytes, behind all others.
    fn field(mut self, pointer: usize, value: &[u8]) -> Self {
        let message = self.authenticate();
        let (start, len) =
            (u32::try_from(message.len()).unwrap(), u16::try_from(value.len()).unwrap());
        message.extend(value);
        message[pointer..pointer + 2].copy_from_slice(&len.to_le_bytes());
        message[pointer + 2..pointer + 4].copy_from_slice(&len.to_le_bytes());
        message[pointer + 4..pointer + 8].copy_from_slice(&start.to_le_bytes());
        self
    }

    fn names(self, domain: &str, user: &str) -> Self {
        self.field(DOMAIN, &utf16(domain)).field(USER, &utf16(user))
    }

    /// The response computed anew, as a client does that takes these names for its own.
    fn answered_as(mut self, domain: &str, upper_case_user: &str) -> Self {
        let challenge = self.challenge.as_deref().unwrap()[24..32].to_vec();
        let nt_hash = unhex(NT_HASH);
        let key = hmac_md5(&nt_hash, &[utf16(upper_case_user), utf16(domain)].concat());
        let message = parse(self.authenticate());
        let response = message.as_authenticate().unwrap().ntlmv2.as_ref().unwrap().span;
        let temp = self.authenticate()[response.start + 16..response.end].to_vec();
        let proof = hmac_md5(&key, &[challenge, temp].concat());
        self.put(response.start, &proof)
    }
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn hmac_md5(key: &[u8], data: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Md5>::new_from_slice(key).unwrap();
    mac.update(data);
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    spnscope::message::field::hex(bytes.as_ref())
}

fn because(check: &Check) -> Cow<'static, str> {
    check.because.map(words::proof_reason).unwrap_or_default()
}

/// The keys of a proof by their names in the specification.
fn keys(proof: &Proof) -> Vec<(&'static str, Option<String>)> {
    let keys = proof.keys.as_ref().expect("keys");
    keys.named().iter().map(|(name, key)| (*name, key.map(hex))).collect()
}

#[test]
fn section_4_2_2_ntlmv1_with_its_lm_response() {
    let proof = SignIn::printed("4.2.2.3").proven();
    assert_eq!(proof.kind, Some(ResponseKind::Ntlmv1));
    assert_eq!(proof.response.verdict, ProofVerdict::Valid);
    assert_eq!(proof.lm_response.verdict, ProofVerdict::Valid);
    let values = proof.lm_response.values.as_ref().unwrap();
    assert_eq!(hex(&values.computed), "98def7b87f88aa5dafe2df779688a172def11c7d5ccdef13");
    assert_eq!(proof.mic.verdict, ProofVerdict::Absent);
    assert_eq!(
        keys(&proof),
        [
            ("SessionBaseKey", Some("d87262b0cde4b1cb7499becccdf10784".into())),
            ("KeyExchangeKey", Some("d87262b0cde4b1cb7499becccdf10784".into())),
            ("ExportedSessionKey", Some("55".repeat(16))),
            ("ClientSigningKey", None),
            ("ServerSigningKey", None),
            ("ClientSealingKey", Some("55".repeat(16))),
            ("ServerSealingKey", Some("55".repeat(16))),
        ]
    );
    assert_eq!(proof.because(), None);
}

/// A response with the flags under which the session key depends on the LM hash.
#[test]
fn section_4_2_2_2_session_keys_that_depend_on_the_lm_hash() {
    for (flag, encrypted) in [
        (1 << 22, "7452ca55c225a1ca04b48fae32cf56fc"),
        (1 << 7, "4cd7bb57d697ef9b549f02b8f9b37864"),
    ] {
        let sign_in = SignIn::printed("4.2.2.3").flip(flag).field(KEY, &unhex(encrypted));
        let both = Secret::from_nt_hash(&format!("{LM_HASH}:{NT_HASH}")).unwrap();
        for secret in [&both, &Secret::from_password("Password")] {
            let keys = sign_in.prove(Some(secret)).keys.unwrap();
            assert_eq!(keys.exported_session_key, Some([0x55; 16]), "{flag:#x}");
        }
        let only_nt = Secret::from_nt_hash(NT_HASH).unwrap();
        let proof = sign_in.prove(Some(&only_nt));
        assert_eq!(proof.response.verdict, ProofVerdict::Valid);
        let keys = proof.keys.unwrap();
        assert_eq!(hex(keys.session_base_key), "d87262b0cde4b1cb7499becccdf10784");
        assert_eq!((keys.key_exchange_key, keys.exported_session_key), (None, None));
        assert!(keys.because == Some(ProofReason::LmHashNotGiven));
    }
}

#[test]
fn section_4_2_3_ntlm2_session_responses_are_computed() {
    let proof = SignIn::printed("4.2.3.3").proven();
    assert_eq!(proof.kind, Some(ResponseKind::Ntlm2Session));
    assert_eq!(proof.response.verdict, ProofVerdict::Valid);
    assert_eq!(proof.lm_response.verdict, ProofVerdict::Absent);
    let keys = keys(&proof);
    // 4.2.3.4 seals with 56 bits of the key, which is not exchanged.
    assert_eq!(keys[0].1.as_deref(), Some("d87262b0cde4b1cb7499becccdf10784"));
    assert_eq!(keys[1].1.as_deref(), Some("eb93429a8bd952f8b89c55b87f475edc"));
    assert_eq!(keys[2].1.as_deref(), Some("eb93429a8bd952f8b89c55b87f475edc"));
    assert_eq!(keys[3].1.as_deref(), Some("60e799be5c72fc92922ae8ebe961fb8d"));
    assert_eq!(keys[5].1.as_deref(), Some("04dd7f014d8504d265a25cc86a3a7c06"));
}

#[test]
fn section_4_2_4_ntlmv2_with_its_lmv2_response() {
    let proof = SignIn::printed("4.2.4.3").proven();
    assert_eq!(proof.kind, Some(ResponseKind::Ntlmv2));
    assert_eq!(proof.response.verdict, ProofVerdict::Valid);
    let values = proof.response.values.as_ref().unwrap();
    assert_eq!(hex(&values.computed), "68cd0ab851e51c96aabc927bebef6a1c");
    assert_eq!(proof.lm_response.verdict, ProofVerdict::Valid);
    let values = proof.lm_response.values.as_ref().unwrap();
    assert_eq!(hex(&values.computed), "86c35097ac9cec102554764a57cccc19");
    assert_eq!(proof.fitted, None);
    let keys = keys(&proof);
    assert_eq!(keys[0].1.as_deref(), Some("8de40ccadbc14a82f15cb0ad0de95ca3"));
    assert_eq!(keys[1], ("KeyExchangeKey", keys[0].1.clone()));
    assert_eq!(keys[2].1, Some("55".repeat(16)));
    assert_eq!(keys[3].1.as_deref(), Some("4788dc861b4782f35d43fd98fe1a2d39"));
    assert_eq!(keys[5].1.as_deref(), Some("59f600973cc4960a25480a7c196e4c58"));
    assert_ne!(keys[4], keys[3]);
    assert_ne!(keys[6], keys[5]);
}

/// Section 6.4 of the reference: T1 to T5.
#[test]
fn derived_vectors_have_the_values_written_beside_them() {
    for (name, proof_str, mic) in [
        ("t1", "8818a44d5b85d067a80ea36cfbf68939", "aa892c6fdd873312b58a655d76beab92"),
        ("t2", "050f042f6f90c9bb4e07a2a1c9bbdf98", "d1bb486db9917ac1a37930bfec5af5c3"),
        ("t3", "40be6ca04d23875f88d62897c4c48c73", "aabb9998ec4972daa5b3e1afd5fc4ccd"),
        ("t4", "58854ab7154736dd0303561f219c6d73", "5c641bdf2b89a373d74d36b5308ce45e"),
        ("t5", "3f037501f7ef1b995160f1545f40722a", "22dd28ef3e0e8f56e34bbb0203c7c3e2"),
    ] {
        let proof = SignIn::derived(name).proven();
        for (check, value) in [(&proof.response, proof_str), (&proof.mic, mic)] {
            assert_eq!(check.verdict, ProofVerdict::Valid, "{name}");
            let values = check.values.as_ref().unwrap();
            assert_eq!(
                (hex(&values.computed), hex(&values.received)),
                (value.into(), value.into())
            );
        }
        assert_eq!(proof.lm_response.verdict, ProofVerdict::Absent, "{name}");
        assert_eq!(proof.keys.unwrap().exported_session_key, Some([0x55; 16]), "{name}");
    }
}

/// A wrong secret may see what the response should have been, and nothing that depends on a key.
#[test]
fn a_wrong_secret_gives_no_key() {
    let wrong = Secret::from_password("password");
    let mut sign_ins =
        vec![SignIn::printed("4.2.2.3"), SignIn::printed("4.2.3.3"), SignIn::printed("4.2.4.3")];
    sign_ins.extend(["t1", "t2", "t3", "t4", "t5"].map(SignIn::derived));
    let lines = lines("exchanges.jsonl");
    let somebody = lines.iter().filter(|line| line["expected"]["variant"] != "anonymous");
    sign_ins.extend(somebody.map(SignIn::of));
    for sign_in in sign_ins {
        let proof = sign_in.prove(Some(&wrong));
        assert_eq!(proof.response.verdict, ProofVerdict::Invalid);
        let values = proof.response.values.as_ref().expect("what it should have been");
        assert_ne!(values.received, values.computed);
        assert_eq!(values.received.len(), values.computed.len());
        assert_eq!((proof.keys.is_some(), proof.fitted.clone()), (false, None));
        assert_eq!(proof.mic.values, None);
        assert!(
            matches!(proof.mic.verdict, ProofVerdict::Unknown | ProofVerdict::Absent),
            "{proof:?}"
        );
    }
}

/// LM folds case, so that it cannot tell these two passwords apart; the NT response can.
#[test]
fn nt_and_lm_response_are_told_apart() {
    let proof = SignIn::printed("4.2.2.3").prove(Some(&Secret::from_password("pASSWORD")));
    assert_eq!(proof.response.verdict, ProofVerdict::Invalid);
    assert_eq!(proof.lm_response.verdict, ProofVerdict::Valid);
    assert!(because(&proof.lm_response).contains("accept the one without the other"));
    assert!(proof.keys.is_none(), "only the NT response gives keys");
    let only_nt = Secret::from_nt_hash(NT_HASH).unwrap();
    let proof = SignIn::printed("4.2.2.3").prove(Some(&only_nt));
    assert_eq!(proof.response.verdict, ProofVerdict::Valid);
    assert_eq!(proof.lm_response.verdict, ProofVerdict::Unknown);
    assert_eq!(proof.because(), Some(ProofReason::LmHashNotGiven));
}

#[test]
fn an_lm_response_that_repeats_the_nt_response_is_reported() {
    let repeated = unhex("67c43011f30298a2ad35ece64f16331c44bdbed927841f94");
    let proof = SignIn::printed("4.2.2.3").put(108, &repeated).proven();
    assert_eq!(proof.lm_response.verdict, ProofVerdict::Valid);
    assert!(because(&proof.lm_response).contains("repeats"));
}

/// A message with an LM response alone. Its kind is what it proves to be.
#[test]
fn an_lm_response_alone_is_lmv2_or_lm() {
    let alone = |section| SignIn::printed(section).put(NT, &[0; 4]);
    let lmv2 = alone("4.2.4.3").proven();
    assert_eq!(lmv2.kind, Some(ResponseKind::Lmv2));
    assert_eq!(lmv2.response.verdict, ProofVerdict::Valid);
    assert_eq!(lmv2.lm_response, lmv2.response);
    let lm = alone("4.2.2.3").proven();
    assert_eq!((lm.kind, lm.response.verdict), (Some(ResponseKind::Lm), ProofVerdict::Valid));
    for proof in [&lmv2, &lm] {
        assert!(proof.keys.is_none(), "the specification defines none");
    }
    let lower = alone("4.2.4.3").names("Elsewhere", "user").proven();
    assert_eq!(lower.response.verdict, ProofVerdict::Valid);
    assert!(
        lower.fitted.unwrap().contains("the CHALLENGE's MsvAvNbDomainName, instead of Elsewhere")
    );
    let wrong = alone("4.2.4.3").prove(Some(&Secret::from_password("password")));
    assert_eq!(
        (wrong.kind, wrong.response.verdict),
        (Some(ResponseKind::Lm), ProofVerdict::Invalid)
    );
    // Without the LM hash it cannot be told whether an LM response is right.
    let only_nt = Secret::from_nt_hash(NT_HASH).unwrap();
    let untold = alone("4.2.2.3").prove(Some(&only_nt));
    assert_eq!(untold.response.verdict, ProofVerdict::Unknown);
    assert!(because(&untold.response).contains("The LM hash is not known"));
    // LMv2 depends on the NT hash alone.
    assert_eq!(alone("4.2.4.3").prove(Some(&only_nt)).kind, Some(ResponseKind::Lmv2));
}

#[test]
fn a_missing_lm_hash_has_its_reason() {
    let secret = |password| Secret::from_password(password);
    for (secret, reason) in [
        (secret("a password too long for LM"), "more than 14 characters"),
        (secret("Übung"), "beyond ASCII"),
        (Secret::from_nt_hash(NT_HASH).unwrap(), "only the NT hash"),
    ] {
        let proof = SignIn::printed("4.2.2.3").prove(Some(&secret));
        assert_eq!(proof.lm_response.verdict, ProofVerdict::Unknown);
        assert!(because(&proof.lm_response).contains(reason), "{proof:?}");
    }
}

/// A client that computes with other names than it sends. The response is right, and the names are
/// told.
#[test]
fn names_that_a_server_would_try_are_tried_and_named() {
    let t1 = || SignIn::derived("t1");
    for (sign_in, told) in [
        (
            t1().names("lab", "User"),
            "The response fits with the domain LAB in upper case instead of lab.",
        ),
        (t1().answered_as("", "USER"), "The response fits with an empty domain instead of LAB."),
        (
            t1().names("", "uSeR"),
            "The response fits with the domain LAB, the CHALLENGE's MsvAvNbDomainName, instead of an empty one.",
        ),
        (
            t1().names("OTHER", "User").answered_as("DCFR", "USER"),
            "The response fits with the domain DCFR, the CHALLENGE's MsvAvNbComputerName, instead of OTHER.",
        ),
        (
            t1().names("", "User").answered_as("lab.lan", "USER"),
            "The response fits with the domain lab.lan, the CHALLENGE's MsvAvDnsDomainName, instead of an empty one.",
        ),
        (
            t1().names("", "User@Realm").answered_as("Realm", "USER"),
            "The response fits with the user User and the domain Realm instead of User@Realm.",
        ),
        (
            t1().names("", "a@b@Realm").answered_as("REALM", "A@B"),
            "The response fits with the user a@b and the domain REALM instead of a@b@Realm.",
        ),
        (
            t1().names("OTHER", "User@Realm").answered_as("OTHER", "USER"),
            "The response fits with the user User and the domain OTHER instead of User@Realm.",
        ),
        (
            t1().names("", "User@Realm").answered_as("", "USER"),
            "The response fits with the user User and an empty domain instead of User@Realm.",
        ),
    ] {
        let proof = sign_in.proven();
        assert_eq!(proof.response.verdict, ProofVerdict::Valid, "{told}");
        assert_eq!(proof.fitted.as_deref(), Some(told));
        assert!(proof.keys.is_some(), "{told}");
    }
    // Sent as computed: nothing to tell.
    for sign_in in [
        t1(),
        t1().names("LAB", "uSER"),
        t1().names("", "User@Realm").answered_as("", "USER@REALM"),
    ] {
        let proof = sign_in.proven();
        assert_eq!((proof.response.verdict, proof.fitted), (ProofVerdict::Valid, None));
    }
    // Not tried: a domain of which nothing is said anywhere.
    let proof = t1().answered_as("ELSEWHERE", "USER").proven();
    assert_eq!(proof.response.verdict, ProofVerdict::Invalid);
}

/// Names in an OEM code page: ASCII is sure, anything beyond is a guess.
#[test]
fn oem_names_beyond_ascii_leave_the_proof_unknown() {
    let oem = |user: &[u8]| {
        SignIn::derived("t1").flip(1 | 1 << 1).field(DOMAIN, b"LAB").field(USER, user)
    };
    assert_eq!(oem(b"user").proven().response.verdict, ProofVerdict::Valid);
    let proof = oem(b"caf\x82").proven();
    assert_eq!(proof.response.verdict, ProofVerdict::Unknown);
    assert!(because(&proof.response).contains("OEM code page"));
    assert_eq!(proof.response.values, None, "what was computed rests on a guess");
}

#[test]
fn missing_values_are_named() {
    let password = Secret::from_password("Password");
    let whole = SignIn::derived("t1");
    let say = |sign_in: &SignIn, secret| {
        let proof = sign_in.prove(secret);
        assert!(proof.keys.is_none() || proof.response.verdict == ProofVerdict::Valid);
        proof
    };
    let nothing = say(&SignIn::default(), Some(&password));
    assert_eq!((nothing.kind, nothing.secret), (None, SecretKind::Password));
    assert_eq!(nothing.because(), Some(ProofReason::NoAuthenticate));

    let no_secret = say(&whole, None);
    assert_eq!(no_secret.secret, SecretKind::None);
    for check in [&no_secret.response, &no_secret.mic] {
        assert_eq!(check.verdict, ProofVerdict::Unknown);
        assert_eq!(because(check), "No password or NT hash was given.");
    }
    assert_eq!(no_secret.lm_response.verdict, ProofVerdict::Absent, "24 zero bytes are none");

    let no_challenge = say(&SignIn { challenge: None, ..whole.clone() }, Some(&password));
    assert!(because(&no_challenge.response).starts_with("The CHALLENGE is missing"));
    assert!(because(&no_challenge.mic).starts_with("The CHALLENGE is missing"));

    let mut cut = whole.clone();
    cut.challenge.as_mut().unwrap().truncate(30);
    assert!(because(&say(&cut, Some(&password)).response).starts_with("The CHALLENGE is cut"));

    let no_negotiate = say(&SignIn { negotiate: None, ..whole.clone() }, Some(&password));
    assert_eq!(no_negotiate.response.verdict, ProofVerdict::Valid);
    assert!(because(&no_negotiate.mic).starts_with("The NEGOTIATE message is missing"));
    assert!(no_negotiate.keys.is_some());

    let other = Secret::from_password("password");
    let wrong = say(&whole, Some(&other));
    assert!(because(&wrong.mic).starts_with("The secret does not fit the response"));

    let mut cut = whole.clone();
    cut.authenticate().truncate(330);
    let cut = say(&cut, Some(&password));
    assert!(because(&cut.response).starts_with("The paste ends before everything"), "{cut:?}");
    assert!(because(&cut.mic).starts_with("The paste ends inside the AUTHENTICATE"), "{cut:?}");

    // Cut where MsvAvFlags may have been.
    let mut cut = SignIn::printed("4.2.4.3");
    cut.authenticate().truncate(200);
    let cut = say(&cut, Some(&password));
    assert!(because(&cut.mic).starts_with("The paste ends before it says"), "{cut:?}");

    let no_key = say(&whole.put(KEY, &[0; 4]), Some(&password));
    assert_eq!(no_key.response.verdict, ProofVerdict::Valid);
    assert!(because(&no_key.mic).contains("EncryptedRandomSessionKey"));
    assert_eq!(no_key.keys.unwrap().exported_session_key, None);
}

#[test]
fn a_missing_mic_has_its_reason() {
    for (sign_in, reason) in [
        (SignIn::printed("4.2.2.3"), "NTLMv1 has no place to announce a MIC"),
        (SignIn::printed("4.2.3.3"), "NTLM2 session has no place to announce a MIC"),
        (SignIn::printed("4.2.4.3"), "No MIC is announced, and none is there."),
        (SignIn::captured("impacket-anonymous.pcapng"), "An anonymous sign-in has no place"),
        (
            SignIn::derived("t1").put(LM + 4, &[72]),
            "A MIC is announced, but the header has no room",
        ),
    ] {
        let proof = sign_in.proven();
        assert_eq!(proof.mic.verdict, ProofVerdict::Absent, "{reason}");
        assert!(because(&proof.mic).starts_with(reason), "{proof:?}");
    }
}

/// The first exchange's CHALLENGE with the answer to another one.
#[test]
fn an_answer_to_another_challenge_is_not_called_wrong() {
    let first = SignIn::captured("smb3-direct-by-ip.pcapng");
    let other = SignIn::captured("smb3-direct-by-fqdn.pcapng");
    let alice = Secret::from_password("Lab-Passw0rd!23");
    let mixed = SignIn { authenticate: other.authenticate, ..first };
    let proof = mixed.prove(Some(&alice));
    assert_eq!(proof.response.verdict, ProofVerdict::Unknown);
    assert!(because(&proof.response).contains("answers another CHALLENGE"));
    assert_eq!((proof.response.values, proof.keys), (None, None));
    // Where the time is the same, it is the same CHALLENGE, and someone changed the answer.
    let t1 = SignIn::derived("t1");
    let message = parse(t1.authenticate.as_ref().unwrap());
    let at = |id| message.av_pairs().unwrap().first(id).unwrap().value.start;
    let changed = t1.clone().put(at(AvId::MsvAvNbComputerName), b"X").proven();
    assert_eq!(changed.response.verdict, ProofVerdict::Invalid);
    let other_pair = t1.clone().put(at(AvId::MsvAvTimestamp), b"X");
    assert_eq!(other_pair.proven().response.verdict, ProofVerdict::Invalid);
    let stamp = message.as_authenticate().unwrap().ntlmv2.as_ref().unwrap().time_stamp.unwrap();
    let other_time = other_pair.put(stamp.span.start, b"X").proven();
    assert_eq!(other_time.response.verdict, ProofVerdict::Unknown);
    // A CHALLENGE whose names were changed on the way to the client: the number is the same.
    let mut edited = t1;
    let message: Message = parse(edited.challenge.as_ref().unwrap());
    let name = message.av_pairs().unwrap().first(AvId::MsvAvNbComputerName).unwrap().value;
    edited.challenge.as_mut().unwrap()[name.start] = b'X';
    let proof = edited.proven();
    assert_eq!(proof.response.verdict, ProofVerdict::Valid);
    assert_eq!(proof.mic.verdict, ProofVerdict::Invalid);
}

#[test]
fn a_malformed_lm_response_is_invalid_with_its_reason() {
    let proof = SignIn::derived("t1").put(LM, &[23, 0, 23, 0]).proven();
    assert_eq!(proof.lm_response.verdict, ProofVerdict::Invalid);
    assert!(because(&proof.lm_response).contains("23 bytes"));
    assert_eq!(proof.response.verdict, ProofVerdict::Valid);
    let none = SignIn::derived("t1").put(LM, &[0; 4]).proven();
    assert_eq!(none.lm_response.verdict, ProofVerdict::Absent);
}

/// Every captured sign-in with its account's secret.
static CAPTURED: LazyLock<Vec<(SignIn, Secret)>> = LazyLock::new(|| {
    let lines = lines("exchanges.jsonl");
    let secret = |line: &Value| Secret::from_password(line["password"].as_str().unwrap());
    lines.iter().map(|line| (SignIn::of(line), secret(line))).collect()
});

/// Every truncation of every captured AUTHENTICATE, and every change of one byte of its header.
#[test]
fn a_key_is_given_only_where_the_response_is_proven() {
    for (sign_in, secret) in CAPTURED.iter() {
        let whole = sign_in.authenticate.clone().unwrap();
        let cut = (12..whole.len()).map(|len| whole[..len].to_vec());
        let changed = (12..72.min(whole.len())).flat_map(|at| {
            let whole = &whole;
            (1..=u8::MAX).step_by(7).map(move |by| {
                let mut changed = whole.clone();
                changed[at] ^= by;
                changed
            })
        });
        for authenticate in cut.chain(changed) {
            let changed = SignIn { authenticate: Some(authenticate), ..sign_in.clone() };
            let proof = changed.prove(Some(secret));
            let proven = proof.response.verdict == ProofVerdict::Valid;
            assert!(proven || proof.keys.is_none() && proof.fitted.is_none(), "{proof:?}");
            for (name, check) in proof.checks() {
                let compared = matches!(check.verdict, ProofVerdict::Valid | ProofVerdict::Invalid);
                assert!(compared || check.because.is_some(), "{name} {proof:?}");
                assert!(compared || check.values.is_none(), "{name} {proof:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any change of any byte of NTProofStr or of what it is computed over.
    #[test]
    fn a_changed_response_is_never_right(exchange in 0_usize..50, at in any::<usize>(), by in 1_u8..) {
        let (mut sign_in, secret) = CAPTURED[exchange].clone();
        let message = parse(sign_in.authenticate.as_ref().unwrap());
        let authenticate = message.as_authenticate().unwrap();
        if let Some(response) = &authenticate.ntlmv2 {
            let at = response.span.start + at % response.span.len();
            sign_in.authenticate()[at] ^= by;
            let proof = sign_in.prove(Some(&secret));
            if proof.response.verdict == ProofVerdict::Unknown {
                prop_assert!(because(&proof.response).contains("another CHALLENGE"));
            } else {
                prop_assert_eq!(proof.response.verdict, ProofVerdict::Invalid);
            }
            prop_assert!(proof.keys.is_none());
            prop_assert!(proof.mic.values.is_none());
        }
    }

    /// Any password but the right one.
    #[test]
    fn another_password_is_never_right(password in "\\PC{0,20}") {
        if password != "Password" {
            let proof = SignIn::derived("t1").prove(Some(&Secret::from_password(&password)));
            prop_assert_eq!(proof.response.verdict, ProofVerdict::Invalid);
            prop_assert!(proof.keys.is_none());
        }
    }
}
