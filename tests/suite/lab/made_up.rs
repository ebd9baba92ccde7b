//! Sign-ins made up by `exchange`: the specification's values come out, and everything made up
//! reads, verifies and fits together.

use proptest::prelude::*;
use spnscope::analysis::analyze;
use spnscope::base::finding::{Code, Severity};
use spnscope::judge::proof::{self, ExchangeMessages, ProofVerdict, Secret};
use spnscope::lab::exchange::{Client, ClientKind, ClientRandom, Exchange, ExchangeError, Server};
use spnscope::message::{
    field::hex,
    ntlm::{
        MicState, ResponseKind, TargetName,
        write::{self, AvPair, AvPairList, BuildErrorKind, Version},
    },
    wire::{AvId, FileTime, NegotiateFlags},
};

use crate::fixtures::{bytes, parse, story_server, text, unhex};

const SERVER_CHALLENGE: [u8; 8] = [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef];
const TIME: FileTime = FileTime(0x01c3_34b7_36d3_9000);

/// The client of T1 to T5, whose numbers are those of [MS-NLMP] 4.2.1.
fn client(kind: ClientKind, secret: &Secret) -> Client<'_> {
    Client {
        kind,
        user: "User".into(),
        domain: "LAB".into(),
        workstation: "COMPUTER".into(),
        secret,
        service: "cifs".into(),
        host: "10.0.0.100".into(),
        flags: Client::SMB,
        version: Some(Version::windows(10, 0, 22_625)),
        channel_bindings: Some([0; 16]),
        time: TIME,
        random: ClientRandom {
            client_challenge: [0xaa; 8],
            session_key: [0x55; 16],
            machine_id: None,
        },
    }
}

fn server() -> Server {
    Server {
        netbios_name: "DCFR".into(),
        netbios_domain: "LAB".into(),
        dns_name: "dcfr.lab.lan".into(),
        dns_domain: "lab.lan".into(),
        time: Some(TIME),
        version: Some(Version::windows(10, 0, 17_763)),
        server_challenge: SERVER_CHALLENGE,
    }
}

fn vector(name: &str) -> Vec<Vec<u8>> {
    text(&format!("vectors/{name}.b64")).lines().map(|line| bytes(&line.into())).collect()
}

#[test]
fn t1_to_t5_come_out_byte_for_byte() {
    let secret = Secret::from_password("Password");
    #[rustfmt::skip]
    let cases = [
        ("t1", ClientKind::Windows,             "10.0.0.100"),
        ("t2", ClientKind::Windows,             "10.0.0.11"),
        ("t3", ClientKind::EmptyTargetName,     ""),
        ("t4", ClientKind::NoTargetName,        ""),
        ("t5", ClientKind::UntrustedTargetName, "dcfr.lab.lan"),
    ];
    for (name, kind, host) in cases {
        let messages = vector(name);
        // Its flags are those that the client would send; its empty fields point behind the header,
        // which clients of Windows do not do.
        let sent = parse(&client(kind, &secret).negotiate().unwrap());
        assert_eq!(sent.flags(), parse(&messages[0]).flags(), "{name}");
        let mut server = server();
        server.version = Some(Version::windows(10, 0, 0x4563));
        assert_eq!(hex(&server.challenge(&messages[0]).unwrap()), hex(&messages[1]), "{name}");
        let client = Client { host: host.into(), ..client(kind, &secret) };
        let answer = client.answer(&messages[0], &messages[1]).unwrap();
        assert_eq!(hex(&answer.authenticate), hex(&messages[2]), "{name}");
        assert_eq!(answer.keys.exported_session_key, [0x55; 16]);
    }
}

/// The client of [MS-NLMP] 4.2, which sends none of the newer AV pairs.
fn client_of_4_2(kind: ClientKind, flags: u32, secret: &Secret) -> Client<'_> {
    Client {
        domain: "Domain".into(),
        flags: NegotiateFlags::from_bits_retain(flags),
        version: Some(Version::windows(5, 1, 2600)),
        channel_bindings: None,
        time: FileTime(0),
        ..client(kind, secret)
    }
}

#[test]
fn section_4_2_messages_come_out_byte_for_byte() {
    let secret = Secret::from_password("Password");
    let read = |name: &str| unhex(&text(&format!("vectors/{name}.hex")));
    #[rustfmt::skip]
    let cases = [
        ("4.2.3.3", ClientKind::Ntlm2Session, 0x820a_8237, "d87262b0cde4b1cb7499becccdf10784"),
        ("4.2.4.3", ClientKind::NoTargetName, 0xe208_8237, "8de40ccadbc14a82f15cb0ad0de95ca3"),
    ];
    for (section, kind, flags, base) in cases {
        let client = client_of_4_2(kind, flags, &secret);
        let challenge = read(&format!("ms-nlmp-{section}-challenge"));
        let answer = client.answer(&client.negotiate().unwrap(), &challenge).unwrap();
        let expected = read(&format!("ms-nlmp-{section}-authenticate"));
        assert_eq!(hex(&answer.authenticate), hex(&expected), "{section}");
        assert_eq!(hex(&answer.keys.session_base_key), base, "{section}");
    }
    // 4.2.2 has an LM response made of the LM hash, which clients have not sent since Windows
    // Server 2003, and announces a TargetInfo that its CHALLENGE has not.
    let client = client_of_4_2(ClientKind::Ntlmv1, 0xe200_8237, &secret);
    let challenge = read("ms-nlmp-4.2.2.3-challenge");
    let answer = client.answer(&client.negotiate().unwrap(), &challenge).unwrap();
    let parts = |message: &[u8]| match write::Message::of(&parse(message)) {
        Some(write::Message::Authenticate(parts)) => *parts,
        other => panic!("{other:?}"),
    };
    let mut made = parts(&answer.authenticate);
    let expected = parts(&read("ms-nlmp-4.2.2.3-authenticate"));
    assert_eq!(made.lm_challenge_response, Some(nt_bytes(&made)));
    made.lm_challenge_response.clone_from(&expected.lm_challenge_response);
    made.flags |= NegotiateFlags::NTLMSSP_NEGOTIATE_TARGET_INFO;
    assert_eq!(made, expected);
}

fn nt_bytes(parts: &write::Authenticate) -> Vec<u8> {
    parts.nt_challenge_response.as_ref().map(|nt| nt.bytes().unwrap()).unwrap_or_default()
}

/// Client and server of today: with everything they send.
fn of_today(kind: ClientKind, secret: &Secret) -> Client<'_> {
    let mut client = client(kind, secret);
    client.random.machine_id = Some([0x77; 32]);
    client
}

#[test]
fn every_kind_of_client_reads_as_described_and_verifies() {
    let secret = Secret::from_password("Password");
    for flags in [Client::SMB, Client::HTTP] {
        for kind in ClientKind::ALL {
            let client = Client { flags, ..of_today(kind, &secret) };
            let made = Exchange::between(&client, &server()).unwrap();
            let pasted = [&made.negotiate, &made.challenge, &made.authenticate].map(|b| hex(b));
            let analysis = analyze(pasted.join("\n").as_bytes(), &story_server(), Some(&secret));
            assert_eq!(analysis.exchanges().len(), 1, "{kind:?}");
            for (_, finding) in analysis.tokens().iter().flat_map(|token| token.all_findings()) {
                assert_eq!(finding.severity(), Severity::Note, "{kind:?}: {finding:?}");
                assert_ne!(finding.code, Code::ExchangeAmbiguous, "{kind:?}");
            }
            let proof = &analysis.exchanges()[0].proof;
            let message = parse(&made.authenticate);
            let authenticate = message.as_authenticate().unwrap();
            let mic = authenticate.mic_state(message.source());
            if kind == ClientKind::Anonymous {
                assert_eq!(proof.response.verdict, ProofVerdict::Unknown);
            } else {
                assert_eq!(proof.response.verdict, ProofVerdict::Valid, "{kind:?}");
                let keys = proof.keys.as_ref().expect("the keys");
                assert_eq!(keys.session_base_key, made.keys.session_base_key, "{kind:?}");
                assert_eq!(keys.exported_session_key, Some(made.keys.exported_session_key));
            }
            let expected =
                if kind.is_ntlmv2() { ProofVerdict::Valid } else { ProofVerdict::Absent };
            assert_eq!(proof.mic.verdict, expected, "{kind:?}");
            assert_eq!(matches!(mic, MicState::Present(_)), kind.is_ntlmv2(), "{kind:?}");
            let target = authenticate.target_name(message.source());
            let (state, response) = match kind {
                ClientKind::Windows | ClientKind::BareHost => ("present", ResponseKind::Ntlmv2),
                ClientKind::NoTargetName => ("absent", ResponseKind::Ntlmv2),
                ClientKind::EmptyTargetName => ("empty", ResponseKind::Ntlmv2),
                ClientKind::UntrustedTargetName => ("untrusted", ResponseKind::Ntlmv2),
                ClientKind::Ntlm2Session => ("not-carried", ResponseKind::Ntlm2Session),
                ClientKind::Ntlmv1 => ("not-carried", ResponseKind::Ntlmv1),
                ClientKind::Anonymous => ("not-carried", ResponseKind::Anonymous),
            };
            assert_eq!((target.as_str(), authenticate.response_kind), (state, response));
        }
    }
}

/// The order of windows.jsonl, and of every other Windows client since Windows 7.
#[test]
fn the_av_pairs_are_in_the_order_of_windows() {
    let secret = Secret::from_password("Password");
    let made = Exchange::between(&of_today(ClientKind::Windows, &secret), &server()).unwrap();
    let message = parse(&made.authenticate);
    let pairs = &message.av_pairs().unwrap().pairs;
    let ids: Vec<_> = pairs.iter().map(|pair| pair.id.value.0).collect();
    assert_eq!(ids, [2, 1, 4, 3, 5, 7, 6, 8, 10, 9, 0]);
    let host = pairs.iter().find(|pair| pair.id.value == AvId::MsvAvSingleHost).unwrap();
    assert_eq!(host.value.len(), 48);
    assert_eq!(message.as_authenticate().unwrap().mic.unwrap().start, 72);
}

/// Spec: [MS-NLMP] 3.1.5.1.2.
#[test]
fn without_a_timestamp_there_is_no_mic_and_an_lmv2_response() {
    let secret = Secret::from_password("Password");
    let client = client(ClientKind::Windows, &secret);
    let server = Server { time: None, ..server() };
    let made = Exchange::between(&client, &server).unwrap();
    let [negotiate, challenge, message] =
        [&made.negotiate, &made.challenge, &made.authenticate].map(|bytes| parse(bytes));
    let authenticate = message.as_authenticate().unwrap();
    assert_eq!(authenticate.mic_state(message.source()), MicState::Absent);
    let lm = authenticate.lm_challenge_response.unwrap().data.unwrap();
    assert_eq!(message.source().slice(lm)[16..], [0xaa; 8]);
    assert_eq!(authenticate.ntlmv2.as_ref().unwrap().time_stamp.unwrap().value, TIME);
    let messages = ExchangeMessages {
        negotiate: Some(&negotiate),
        challenge: Some(&challenge),
        authenticate: Some(&message),
    };
    let proof = proof::verify(messages, Some(&secret));
    assert_eq!(proof.response.verdict, ProofVerdict::Valid);
    assert_eq!(proof.lm_response.verdict, ProofVerdict::Valid);
}

#[test]
fn bytes_behind_msv_av_eol_and_odd_lists_are_not_taken_over() {
    let secret = Secret::from_password("Password");
    let client = client(ClientKind::Windows, &secret);
    let negotiate = client.negotiate().unwrap();
    let name = || AvPair::text(AvId::MsvAvNbComputerName, "DCFR");
    let lists = [
        AvPairList { pairs: vec![name()], rest: vec![] },
        AvPairList { pairs: vec![name(), AvPair::end(), AvPair::target_name("x")], rest: vec![] },
        AvPairList { pairs: vec![name(), AvPair::end()], rest: vec![1, 2, 3] },
    ];
    for list in lists {
        let challenge = write::Challenge {
            target_info: Some(list),
            ..write::Challenge::new(Client::SMB, SERVER_CHALLENGE)
        };
        let answer = client.answer(&negotiate, &challenge.build().unwrap()).unwrap();
        let message = parse(&answer.authenticate);
        let name = message.as_authenticate().unwrap().target_name(message.source());
        assert!(matches!(name, TargetName::Present(name) if name.value == "cifs/10.0.0.100"));
        assert!(message.findings.iter().all(|finding| finding.severity() == Severity::Note));
    }
}

#[test]
fn an_unanswerable_message_is_an_error() {
    let secret = Secret::from_password("Password");
    let client = client(ClientKind::Windows, &secret);
    let negotiate = client.negotiate().unwrap();
    let challenge = server().challenge(&negotiate).unwrap();
    let other = |expected| Err(ExchangeError::OtherMessage { expected });
    assert_eq!(client.answer(&negotiate, &negotiate), other("CHALLENGE"));
    assert_eq!(client.answer(&negotiate, &challenge[..20]), other("CHALLENGE"));
    assert_eq!(client.answer(&challenge, &challenge), other("NEGOTIATE"));
    assert!(matches!(client.answer(b"", b""), Err(ExchangeError::NotNtlm(_))));
    assert!(server().challenge(b"NTLM").is_err());
    let long = Client { host: "x".repeat(40_000), ..client };
    let Err(ExchangeError::Build(error)) = long.answer(&negotiate, &challenge) else {
        panic!("a name of 80,000 bytes")
    };
    assert_eq!(
        (error.field, error.kind),
        ("MsvAvTargetName", BuildErrorKind::TooLong { len: 80_010 })
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever a CHALLENGE says, it is answered without a crash, and the answer verifies.
    #[test]
    fn any_challenge_is_answered(
        flags in any::<u32>(),
        names in prop::collection::vec((0_u16..12, prop::collection::vec(any::<u8>(), 0..40)), 0..6),
        kind in 0_usize..8,
        host in "[a-zA-Z0-9.é€:]{0,12}",
    ) {
        let secret = Secret::from_password("Password");
        let client = Client { host, ..of_today(ClientKind::ALL[kind], &secret) };
        let negotiate = client.negotiate().unwrap();
        let pairs = names.into_iter().map(|(id, value)| AvPair::new(AvId(id), value));
        let challenge = write::Challenge {
            target_info: Some(AvPairList { pairs: pairs.collect(), rest: vec![] }),
            ..write::Challenge::new(NegotiateFlags::from_bits_retain(flags), SERVER_CHALLENGE)
        };
        let challenge = challenge.build().unwrap();
        let answer = client.answer(&negotiate, &challenge).unwrap();
        let [negotiate, challenge, message] =
            [&negotiate, &challenge, &answer.authenticate].map(|bytes| parse(bytes));
        let messages = ExchangeMessages {
            negotiate: Some(&negotiate),
            challenge: Some(&challenge),
            authenticate: Some(&message),
        };
        let proof = proof::verify(messages, Some(&secret));
        if client.kind != ClientKind::Anonymous {
            prop_assert_eq!(proof.response.verdict, ProofVerdict::Valid);
            let exported = proof.keys.and_then(|keys| keys.exported_session_key);
            prop_assert_eq!(exported, Some(answer.keys.exported_session_key));
            prop_assert_ne!(proof.mic.verdict, ProofVerdict::Invalid);
        }
    }
}

/// A response of any other password is no answer.
#[test]
fn another_password_does_not_verify() {
    let (secret, other) = (Secret::from_password("Password"), Secret::from_password("password"));
    for kind in ClientKind::ALL.into_iter().filter(|kind| *kind != ClientKind::Anonymous) {
        let made = Exchange::between(&of_today(kind, &secret), &server()).unwrap();
        let [negotiate, challenge, message] =
            [&made.negotiate, &made.challenge, &made.authenticate].map(|bytes| parse(bytes));
        let messages = ExchangeMessages {
            negotiate: Some(&negotiate),
            challenge: Some(&challenge),
            authenticate: Some(&message),
        };
        assert_eq!(proof::verify(messages, Some(&other)).response.verdict, ProofVerdict::Invalid);
    }
}
