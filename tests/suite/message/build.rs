//! Messages built from their parts: what was built reads as described, and what was read builds
//! again.

use std::{collections::BTreeMap, sync::Arc};

use proptest::{collection::vec, option, prelude::*};
use spnscope::base::finding::{Code, Severity};
use spnscope::message::{
    ntlm::{
        Charset, Message, MicState, TargetName,
        write::{
            self, AvPair, AvPairList, BuildError, BuildErrorKind, ClientChallenge, NtResponse,
            Ntlmv2Response, Version,
        },
    },
    wire::{AvFlags, AvId, FileTime, NegotiateFlags},
};

use crate::{
    fixtures::{bytes, every_message, lines, parse, text, unhex},
    holds::check,
};

fn describe(bytes: &[u8]) -> write::Message {
    write::Message::of(&parse(bytes)).expect("one of the three types")
}

fn authenticate(bytes: &[u8]) -> write::Authenticate {
    match describe(bytes) {
        write::Message::Authenticate(authenticate) => *authenticate,
        other => panic!("{other:?}"),
    }
}

fn array<const N: usize>(hex: &str) -> [u8; N] {
    unhex(hex).try_into().expect("the right size")
}

/// The three messages of a derived vector.
fn vector(name: &str) -> Vec<Vec<u8>> {
    let text = text(&format!("vectors/{name}.b64"));
    text.lines().map(|line| bytes(&line.into())).collect()
}

/// The names that the server of T1 to T5 states, and the client echoes.
fn stated_names() -> Vec<AvPair> {
    vec![
        AvPair::text(AvId::MsvAvNbDomainName, "LAB"),
        AvPair::text(AvId::MsvAvNbComputerName, "DCFR"),
        AvPair::text(AvId::MsvAvDnsDomainName, "lab.lan"),
        AvPair::text(AvId::MsvAvDnsComputerName, "dcfr.lab.lan"),
        AvPair::text(AvId::MsvAvDnsTreeName, "lab.lan"),
        AvPair::timestamp(FileTime(0x01c3_34b7_36d3_9000)),
    ]
}

#[test]
fn t1_is_built_from_its_parts() {
    let negotiate = write::Negotiate {
        version: Some(Version::windows(10, 0, 22_625)),
        ..write::Negotiate::new(NegotiateFlags::from_bits_retain(0xe208_8297))
    };
    let negotiate = negotiate.with_names("", "").unwrap();
    assert_eq!(negotiate.build().unwrap(), vector("t1")[0]);

    let flags = NegotiateFlags::from_bits_retain(0xe289_8215);
    let challenge = write::Challenge {
        target_info: Some(AvPairList::new(stated_names())),
        version: Some(Version::windows(10, 0, 17_763)),
        ..write::Challenge::new(flags, array("0123456789abcdef"))
    };
    let challenge = challenge.with_target_name("LAB").unwrap();
    assert_eq!(challenge.build().unwrap(), vector("t1")[1]);

    let mut pairs = AvPairList::new(stated_names());
    pairs.set(AvPair::flags(AvFlags::MIC));
    pairs.set(AvPair::channel_bindings([0; 16]));
    pairs.set(AvPair::target_name("cifs/10.0.0.100"));
    let time = FileTime(0x01c3_34b7_36d3_9000);
    let authenticate = write::Authenticate {
        lm_challenge_response: Some(vec![0; 24]),
        nt_challenge_response: Some(NtResponse::Ntlmv2(Ntlmv2Response {
            nt_proof_str: array("8818a44d5b85d067a80ea36cfbf68939"),
            client_challenge: ClientChallenge::new(time, [0xaa; 8], pairs),
        })),
        encrypted_random_session_key: Some(unhex("c8e9b624692da55ff430797d58d488c9")),
        version: Some(Version::windows(10, 0, 22_625)),
        mic: Some(array("aa892c6fdd873312b58a655d76beab92")),
        ..write::Authenticate::new(NegotiateFlags::from_bits_retain(0xe288_8215))
    };
    let authenticate = authenticate.with_names("LAB", "User", "COMPUTER").unwrap();
    assert_eq!(authenticate.build().unwrap(), vector("t1")[2]);
}

#[test]
fn the_vectors_are_built_again_byte_for_byte() {
    let mut built = 0;
    for name in ["t1", "t2", "t3", "t4", "t5"] {
        for bytes in vector(name) {
            assert_eq!(describe(&bytes).build().unwrap(), bytes, "{name}");
            built += 1;
        }
    }
    for section in ["4.2.2.3", "4.2.3.3", "4.2.4.3"] {
        for kind in ["challenge", "authenticate"] {
            let name = format!("vectors/ms-nlmp-{section}-{kind}.hex");
            let bytes = unhex(&text(&name));
            assert_eq!(describe(&bytes).build().unwrap(), bytes, "{name}");
            built += 1;
        }
    }
    assert_eq!(built, 21);
}

/// T2 to T5 are T1 with one thing changed, and what is computed from it.
#[test]
fn one_change_with_its_consequences_makes_t1_each_of_the_others() {
    type Change = fn(&mut AvPairList);
    let changes: [(&str, Change); 4] = [
        ("t2", |pairs| pairs.set(AvPair::target_name("cifs/10.0.0.11"))),
        ("t3", |pairs| pairs.set(AvPair::target_name(""))),
        ("t4", |pairs| pairs.remove(AvId::MsvAvTargetName)),
        ("t5", |pairs| {
            pairs.set(AvPair::target_name("cifs/dcfr.lab.lan"));
            pairs.set(AvPair::flags(AvFlags::MIC | AvFlags::UNTRUSTED_TARGET));
        }),
    ];
    for (name, change) in changes {
        let mut message = authenticate(&vector("t1")[2]);
        let mut wanted = authenticate(&vector(name)[2]);
        change(&mut message.ntlmv2_mut().unwrap().client_challenge.av_pairs);
        message.mic = wanted.mic;
        message.encrypted_random_session_key = wanted.encrypted_random_session_key.clone();
        message.ntlmv2_mut().unwrap().nt_proof_str = wanted.ntlmv2_mut().unwrap().nt_proof_str;
        assert_eq!(message, wanted, "{name}");
        assert_eq!(message.build().unwrap(), vector(name)[2], "{name}");
    }
}

/// Every value of a message by its path, except the places of the fields.
fn values(message: &Message) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    message.field().walk(&mut |path, field, _| {
        if !path.field().ends_with("BufferOffset") {
            values.insert(path.to_string(), format!("{:?}", field.value));
        }
    });
    values
}

#[test]
fn every_real_message_keeps_its_values_when_built_again() {
    // How many there are, and how many of them have the layout of Windows.
    let mut counts = (0, 0);
    for line in lines("messages.jsonl") {
        let bytes = bytes(&line["base64"]);
        let message = parse(&bytes);
        let built = write::Message::of(&message).unwrap().build().unwrap();
        assert_eq!(values(&parse(&built)), values(&message), "{}", line["capture"]);
        counts.0 += 1;
        counts.1 += usize::from(built == bytes);
    }
    assert_eq!(counts, (OURS, OURS_IDENTICAL));
}

/// The number of messages in `messages.jsonl`.
const OURS: usize = 150;
/// The number of them that are built again byte for byte. The others have another order: Samba,
/// curl and others write the responses before the names.
const OURS_IDENTICAL: usize = 110;

#[test]
fn a_mic_that_is_taken_out_is_missed() {
    for version in [true, false] {
        let mut message = authenticate(&vector("t1")[2]);
        message.mic = None;
        message.version = message.version.filter(|_| version);
        let message = parse(&message.build().unwrap());
        let read = message.as_authenticate().unwrap();
        assert_eq!(read.mic_state(message.source()), MicState::AnnouncedMissing);
        assert_eq!(read.version.is_some(), version);
        let errors = message.findings.iter().filter(|found| found.severity() == Severity::Error);
        let codes: Vec<_> = errors.map(|found| found.code).collect();
        assert_eq!(codes, [Code::MicAnnouncedMissing]);
    }
}

/// A pointer of one name into the header does not hide the MIC.
#[test]
fn one_stray_pointer_does_not_hide_the_mic() {
    for at in [28, 36, 44] {
        let mut bytes = vector("t1").remove(2);
        bytes[at + 4] = 66;
        let message = parse(&bytes);
        let read = message.as_authenticate().unwrap();
        assert!(matches!(read.mic_state(message.source()), MicState::Present(_)), "{at}");
    }
}

#[test]
fn pairs_are_set_replaced_and_removed() {
    let mut pairs = AvPairList::new([AvPair::text(AvId::MsvAvNbComputerName, "DCFR")]);
    pairs.set(AvPair::target_name("cifs/a"));
    pairs.set(AvPair::text(AvId::MsvAvNbComputerName, "OTHER"));
    pairs.set(AvPair::single_host([1; 8], [2; 32]));
    let ids: Vec<_> = pairs.pairs.iter().map(|pair| pair.id.0).collect();
    assert_eq!(ids, [1, 9, 8, 0]);
    assert_eq!(pairs.get(AvId::MsvAvTargetName), Some(&b"c\0i\0f\0s\0/\0a\0"[..]));
    assert_eq!(pairs.get(AvId::MsvAvSingleHost).unwrap().len(), 48);
    pairs.remove(AvId::MsvAvTargetName);
    assert_eq!(pairs.get(AvId::MsvAvTargetName), None);
    assert_eq!(pairs.bytes().unwrap().len(), 14 + 52 + 4);
    let mut endless = AvPairList::default();
    endless.set(AvPair::target_name(""));
    assert_eq!(endless.bytes().unwrap(), [9, 0, 0, 0]);
}

#[test]
fn an_unwritable_value_is_named() {
    let unicode = NegotiateFlags::NTLMSSP_NEGOTIATE_UNICODE;
    let oem = NegotiateFlags::NTLM_NEGOTIATE_OEM;
    let negotiate = write::Negotiate::new(unicode).with_names("LAB", "MÜLLER").unwrap_err();
    let kind = BuildErrorKind::NotInCharset { character: 'Ü' };
    assert_eq!(negotiate, BuildError { field: "Workstation", kind });
    assert_eq!(
        negotiate.to_string(),
        "Workstation: U+00DC cannot be written in the OEM code page, of which only ASCII is known"
    );
    let named = write::Authenticate::new(oem).with_names("LAB", "Ü", "");
    assert_eq!(named.unwrap_err().field, "UserName");
    assert!(write::Authenticate::new(unicode).with_names("LAB", "Ü", "").is_ok());
    assert!(write::Challenge::new(oem, [0; 8]).with_target_name("Ü").is_err());
    assert_eq!(write::text("UserName", Charset::Oem, "User").unwrap(), b"User");

    let too_long = |len| BuildErrorKind::TooLong { len };
    let field = |result: Result<Vec<u8>, BuildError>| result.unwrap_err();
    let long = Some(vec![0; 65_536]);
    let message =
        write::Authenticate { user_name: long.clone(), ..write::Authenticate::new(unicode) };
    let error = field(message.build());
    assert_eq!((error.field, error.kind), ("UserName", too_long(65_536)));
    assert_eq!(error.to_string(), "UserName: 65536 bytes, and at most 65535 can be written");
    let negotiate = write::Negotiate { domain_name: long, ..write::Negotiate::new(oem) };
    assert_eq!(field(negotiate.build()).field, "DomainName");
    let list = |pair| AvPairList::new([pair]);
    let error = field(list(AvPair::new(AvId(0xff), vec![0; 70_000])).bytes());
    assert_eq!((error.field, error.kind), ("AV_PAIR", too_long(70_000)));
    let error = field(list(AvPair::target_name(&"a".repeat(32_768))).bytes());
    assert_eq!((error.field, error.kind), ("MsvAvTargetName", too_long(65_536)));
    // A value that fits can make a list that does not.
    let challenge = write::Challenge {
        target_info: Some(list(AvPair::new(AvId(0xff), vec![0; 65_530]))),
        ..write::Challenge::new(unicode, [0; 8])
    };
    assert_eq!(field(challenge.build()).field, "TargetInfo");
}

#[test]
fn the_largest_message_is_built_and_read() {
    let most = usize::from(u16::MAX);
    let mut message = write::Authenticate::new(NegotiateFlags::empty());
    for field in [
        &mut message.lm_challenge_response,
        &mut message.domain_name,
        &mut message.user_name,
        &mut message.workstation,
        &mut message.encrypted_random_session_key,
    ] {
        *field = Some(vec![0x41; most]);
    }
    let pairs = AvPairList::new([AvPair::new(AvId(0x4141), vec![0x42; most - 44 - 4 - 4 - 4])]);
    message.nt_challenge_response = Some(NtResponse::Ntlmv2(Ntlmv2Response {
        nt_proof_str: [1; 16],
        client_challenge: ClientChallenge::new(FileTime(2), [3; 8], pairs),
    }));
    message.mic = Some([4; 16]);
    message.version = Some(Version::default());
    let bytes = message.build().unwrap();
    assert_eq!(bytes.len(), 88 + 6 * most);
    assert_eq!(authenticate(&bytes), message);
}

fn any_version() -> impl Strategy<Value = Version> {
    any::<(u8, u8, u16, [u8; 3], u8)>().prop_map(|(major, minor, build, reserved, revision)| {
        Version { major, minor, build, reserved, revision }
    })
}

fn any_flags() -> impl Strategy<Value = NegotiateFlags> {
    any::<u32>().prop_map(NegotiateFlags::from_bits_retain)
}

/// Nothing, or bytes: text with and without half surrogate pairs among them.
fn any_field() -> impl Strategy<Value = Option<Vec<u8>>> {
    option::of(prop_oneof![
        vec(any::<u8>(), 0..40),
        "\\PC{0,12}".prop_map(|text| write::text("", Charset::Unicode, &text).unwrap()),
        vec(prop_oneof![0xd800..0xe000_u16, any::<u16>()], 0..8)
            .prop_map(|units| units.into_iter().flat_map(u16::to_le_bytes).collect()),
    ])
}

fn any_pair() -> impl Strategy<Value = AvPair> {
    let id = prop_oneof![3 => 1..12_u16, 1 => 1..=u16::MAX];
    (id, vec(any::<u8>(), 0..60)).prop_map(|(id, value)| AvPair::new(AvId(id), value))
}

/// A list as a reader gives it: with its end and what follows, without one, or cut.
fn any_list() -> impl Strategy<Value = AvPairList> {
    let end = prop_oneof![
        4 => vec(any::<u8>(), 0..12).prop_map(|rest| (Some(AvPair::end()), rest)),
        1 => (vec(any::<u8>(), 1..5), vec(any::<u8>(), 0..5))
            .prop_map(|(value, rest)| (Some(AvPair::new(AvId::MsvAvEOL, value)), rest)),
        1 => vec(any::<u8>(), 0..4).prop_map(|rest| (None, rest)),
        1 => (any::<u16>(), 9..=u16::MAX, vec(any::<u8>(), 0..9)).prop_map(|(id, len, value)| {
            (None, [&id.to_le_bytes()[..], &len.to_le_bytes(), &value].concat())
        }),
    ];
    (vec(any_pair(), 0..14), end).prop_map(|(mut pairs, (end, rest))| {
        pairs.extend(end);
        AvPairList { pairs, rest }
    })
}

fn any_nt_response() -> impl Strategy<Value = NtResponse> {
    let fixed = any::<([u8; 16], [u8; 2], u16, u32, u64, [u8; 8], u32)>();
    prop_oneof![
        vec(any::<u8>(), 0..44).prop_map(NtResponse::Bytes),
        (fixed, any_list()).prop_map(|(fixed, av_pairs)| {
            let (nt_proof_str, [resp_type, hi_resp_type], reserved1, reserved2, ..) = fixed;
            let (.., time_stamp, challenge_from_client, reserved3) = fixed;
            NtResponse::Ntlmv2(Ntlmv2Response {
                nt_proof_str,
                client_challenge: ClientChallenge {
                    resp_type,
                    hi_resp_type,
                    reserved1,
                    reserved2,
                    time_stamp: FileTime(time_stamp),
                    challenge_from_client,
                    reserved3,
                    av_pairs,
                },
            })
        }),
    ]
}

fn any_negotiate() -> impl Strategy<Value = write::Negotiate> {
    (any_flags(), any_field(), any_field(), option::of(any_version())).prop_map(
        |(flags, domain_name, workstation, version)| write::Negotiate {
            flags,
            domain_name,
            workstation,
            version,
        },
    )
}

fn any_challenge() -> impl Strategy<Value = write::Challenge> {
    let fixed = any::<([u8; 8], [u8; 8])>();
    (any_field(), any_flags(), fixed, option::of(any_list()), option::of(any_version())).prop_map(
        |(target_name, flags, (server_challenge, reserved), target_info, version)| {
            write::Challenge {
                target_name,
                flags,
                server_challenge,
                reserved,
                target_info,
                version,
            }
        },
    )
}

fn any_authenticate() -> impl Strategy<Value = write::Authenticate> {
    let header = prop_oneof![
        Just((None, None)),
        any_version().prop_map(|version| (Some(version), None)),
        (any_version(), any::<[u8; 16]>()).prop_map(|(version, mic)| (Some(version), Some(mic))),
    ];
    let names = (any_field(), any_field(), any_field());
    let responses = (any_field(), option::of(any_nt_response()), any_field());
    (any_flags(), header, names, responses).prop_map(|(flags, header, names, responses)| {
        write::Authenticate {
            lm_challenge_response: responses.0,
            nt_challenge_response: responses.1,
            domain_name: names.0,
            user_name: names.1,
            workstation: names.2,
            encrypted_random_session_key: responses.2,
            flags,
            version: header.0,
            mic: header.1,
        }
    })
}

fn any_message() -> impl Strategy<Value = write::Message> {
    prop_oneof![
        any_negotiate().prop_map(write::Message::Negotiate),
        any_challenge().prop_map(write::Message::Challenge),
        any_authenticate().prop_map(|message| write::Message::Authenticate(Box::new(message))),
    ]
}

/// Fields, flags and pairs that go together.
fn sane_message() -> impl Strategy<Value = write::Message> {
    let name = || "[A-Za-z0-9-]{1,15}";
    let switches = any::<(bool, bool, bool, bool)>();
    (switches, (name(), name(), name()), "cifs/[a-z0-9.]{1,30}", any::<u64>(), any::<[u8; 16]>())
        .prop_map(|((oem, versioned, mic, challenge), names, target, time, random)| {
            let charset = if oem {
                NegotiateFlags::NTLM_NEGOTIATE_OEM
            } else {
                NegotiateFlags::NTLMSSP_NEGOTIATE_UNICODE
            };
            let mut flags = charset
                | NegotiateFlags::NTLMSSP_NEGOTIATE_SIGN
                | NegotiateFlags::NTLMSSP_NEGOTIATE_TARGET_INFO
                | NegotiateFlags::NTLMSSP_NEGOTIATE_KEY_EXCH;
            flags.set(NegotiateFlags::NTLMSSP_NEGOTIATE_VERSION, versioned || mic);
            let version = (versioned || mic).then(|| Version::windows(10, 0, 26_100));
            let mut pairs = AvPairList::new([
                AvPair::text(AvId::MsvAvNbComputerName, &names.0),
                AvPair::timestamp(FileTime(time)),
            ]);
            if challenge {
                let message = write::Challenge {
                    target_info: Some(pairs),
                    version,
                    ..write::Challenge::new(flags, [7; 8])
                };
                return write::Message::Challenge(message.with_target_name(&names.1).unwrap());
            }
            pairs.set(AvPair::flags(if mic { AvFlags::MIC } else { AvFlags::empty() }));
            pairs.set(AvPair::single_host([1; 8], [2; 32]));
            pairs.set(AvPair::channel_bindings(random));
            pairs.set(AvPair::target_name(&target));
            let message = write::Authenticate {
                lm_challenge_response: Some(vec![0; 24]),
                nt_challenge_response: Some(NtResponse::Ntlmv2(Ntlmv2Response {
                    nt_proof_str: random,
                    client_challenge: ClientChallenge::new(FileTime(time), [9; 8], pairs),
                })),
                encrypted_random_session_key: Some(random.to_vec()),
                version,
                mic: mic.then_some([5; 16]),
                ..write::Authenticate::new(flags)
            };
            let message = message.with_names(&names.0, &names.1, &names.2).unwrap();
            write::Message::Authenticate(Box::new(message))
        })
}

/// That what can be described builds, and that what was built is described and built the same.
fn check_again(bytes: &[u8]) -> Result<(), TestCaseError> {
    let Ok(message) = Message::parse(Arc::from(bytes)) else { return Ok(()) };
    let Some(description) = write::Message::of(&message) else { return Ok(()) };
    let built = description.build().map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert_eq!(&describe(&built), &description);
    check(&built).map_err(TestCaseError::fail)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_built_message_reads_as_described(description in any_message()) {
        let bytes = description.build().unwrap();
        prop_assert_eq!(describe(&bytes), description);
        check(&bytes).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn sane_parts_make_a_message_without_warnings(description in sane_message()) {
        let message = parse(&description.build().unwrap());
        let odd: Vec<_> = message.findings.iter().filter(|f| f.severity() > Severity::Note).collect();
        prop_assert!(odd.is_empty(), "{odd:?}");
        if let Some(read) = message.as_authenticate() {
            prop_assert!(matches!(read.target_name(message.source()), TargetName::Present(_)));
        }
    }

    #[test]
    fn any_bytes_behind_the_signature_are_written_back(
        kind in 0..5_u32,
        rest in vec(prop_oneof![any::<u8>(), Just(0), 0..100_u8], 0..400),
    ) {
        let bytes = [b"NTLMSSP\0", &kind.to_le_bytes()[..], &rest].concat();
        check(&bytes).map_err(TestCaseError::fail)?;
        check_again(&bytes)?;
    }

    #[test]
    fn built_messages_with_some_bytes_changed_are_written_back(
        description in prop_oneof![any_message(), sane_message()],
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        end in option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let mut bytes = description.build().unwrap();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(end.map_or(bytes.len(), |end| end.index(bytes.len())));
        check(&bytes).map_err(TestCaseError::fail)?;
        check_again(&bytes)?;
    }
}

/// Changed real messages, whose pointers lead somewhere, build and read as they were described.
#[test]
fn changed_real_messages_build_and_are_described_the_same() {
    for (name, bytes) in every_message() {
        for at in 0..bytes.len() {
            for change in [0x01, 0x41, 0x80] {
                let mut changed = bytes.clone();
                changed[at] ^= change;
                if let Err(wrong) = check_again(&changed) {
                    panic!("{name}, byte {at} ^ {change:#x}: {wrong}");
                }
            }
            if let Err(wrong) = check_again(&bytes[..at]) {
                panic!("{name}, first {at} bytes: {wrong}");
            }
        }
    }
}
