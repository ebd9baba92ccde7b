//! The messages of [MS-NLMP] 4.2 and the derived ones with a target name, field by field.

use spnscope::judge::{
    proof::{ProofVerdict, Secret},
    smb::{Basis, Level, Outcome, ServerSettings},
};
use spnscope::message::ntlm::{MicState, ResponseKind, TargetName};

use crate::fixtures::{analysis, parse, story_server, text, unhex};

/// Path, first byte, one past the last, value.
type Row = (&'static str, usize, usize, &'static str);

fn assert_fields(name: &str, rows: &[Row]) {
    let bytes = unhex(&text(&format!("vectors/{name}.hex")));
    let message = parse(&bytes);
    let mut found = Vec::new();
    message.field().walk(&mut |path, field, _| {
        found.push((path.to_string(), field.span.start, field.span.end, field.value.to_string()));
    });
    for (path, start, end, value) in rows {
        let row = found.iter().find(|row| row.0 == *path);
        let row = row.unwrap_or_else(|| panic!("{name}: {path} is not there"));
        assert_eq!((row.1, row.2, row.3.as_str()), (*start, *end, *value), "{name}: {path}");
    }
    assert!(message.field().gaps().is_empty(), "{name}: {:?}", message.field().gaps());
}

#[test]
#[rustfmt::skip]
fn section_4_2_2_3_ntlmv1_messages_are_decoded() {
    assert_fields("ms-nlmp-4.2.2.3-challenge", &[
        ("CHALLENGE_MESSAGE",                                       0, 68, ""),
        ("CHALLENGE_MESSAGE.MessageType",                           8, 12, "2 CHALLENGE"),
        ("CHALLENGE_MESSAGE.TargetNameFields.TargetNameLen",       12, 14, "12"),
        ("CHALLENGE_MESSAGE.TargetNameFields.TargetNameBufferOffset", 16, 20, "56"),
        ("CHALLENGE_MESSAGE.NegotiateFlags",                       20, 24, "0xe2028233"),
        ("CHALLENGE_MESSAGE.ServerChallenge",                      24, 32, "0123456789abcdef"),
        ("CHALLENGE_MESSAGE.Reserved",                             32, 40, "0000000000000000"),
        ("CHALLENGE_MESSAGE.TargetInfoFields.TargetInfoLen",       40, 42, "0"),
        ("CHALLENGE_MESSAGE.Version.ProductBuild",                 50, 52, "6000"),
        ("CHALLENGE_MESSAGE.TargetName",                           56, 68, "Server"),
    ]);
    assert_fields("ms-nlmp-4.2.2.3-authenticate", &[
        ("AUTHENTICATE_MESSAGE",                                    0, 172, ""),
        ("AUTHENTICATE_MESSAGE.NegotiateFlags",                    60, 64, "0xe2808235"),
        ("AUTHENTICATE_MESSAGE.Version.ProductMajorVersion",       64, 65, "5"),
        ("AUTHENTICATE_MESSAGE.Version.ProductMinorVersion",       65, 66, "1"),
        ("AUTHENTICATE_MESSAGE.Version.ProductBuild",              66, 68, "2600"),
        ("AUTHENTICATE_MESSAGE.DomainName",                        72, 84, "Domain"),
        ("AUTHENTICATE_MESSAGE.UserName",                          84, 92, "User"),
        ("AUTHENTICATE_MESSAGE.Workstation",                       92, 108, "COMPUTER"),
        ("AUTHENTICATE_MESSAGE.LmChallengeResponse",              108, 132, "98def7b87f88aa5dafe2df779688a172def11c7d5ccdef13"),
        ("AUTHENTICATE_MESSAGE.NtChallengeResponse",              132, 156, "67c43011f30298a2ad35ece64f16331c44bdbed927841f94"),
        ("AUTHENTICATE_MESSAGE.EncryptedRandomSessionKey",        156, 172, "518822b1b3f350c8958682ecbb3e3cb7"),
    ]);
}

#[test]
#[rustfmt::skip]
fn section_4_2_3_3_ntlm2_session_messages_are_decoded() {
    assert_fields("ms-nlmp-4.2.3.3-challenge", &[
        ("CHALLENGE_MESSAGE.NegotiateFlags",                       20, 24, "0x820a8233"),
    ]);
    assert_fields("ms-nlmp-4.2.3.3-authenticate", &[
        ("AUTHENTICATE_MESSAGE.LmChallengeResponse",              108, 132, "aaaaaaaaaaaaaaaa00000000000000000000000000000000"),
        ("AUTHENTICATE_MESSAGE.NtChallengeResponse",              132, 156, "7537f803ae367128ca458204bde7caf81e97ed2683267232"),
    ]);
}

#[test]
#[rustfmt::skip]
fn section_4_2_4_3_ntlmv2_messages_are_decoded() {
    assert_fields("ms-nlmp-4.2.4.3-challenge", &[
        ("CHALLENGE_MESSAGE.TargetInfo",                           68, 104, ""),
        ("CHALLENGE_MESSAGE.TargetInfo[0].Value",                  72, 84, "Domain"),
        ("CHALLENGE_MESSAGE.TargetInfo[1].AvId",                   84, 86, "MsvAvNbComputerName"),
        ("CHALLENGE_MESSAGE.TargetInfo[2].AvId",                  100, 102, "MsvAvEOL"),
    ]);
    assert_fields("ms-nlmp-4.2.4.3-authenticate", &[
        ("AUTHENTICATE_MESSAGE.NtChallengeResponse",              132, 216, ""),
        ("AUTHENTICATE_MESSAGE.NtChallengeResponse.NTProofStr",   132, 148, "68cd0ab851e51c96aabc927bebef6a1c"),
        ("AUTHENTICATE_MESSAGE.NtChallengeResponse.NTLMv2_CLIENT_CHALLENGE",                  148, 216, ""),
        ("AUTHENTICATE_MESSAGE.NtChallengeResponse.NTLMv2_CLIENT_CHALLENGE.RespType",         148, 149, "1"),
        ("AUTHENTICATE_MESSAGE.NtChallengeResponse.NTLMv2_CLIENT_CHALLENGE.TimeStamp",        156, 164, "1601-01-01T00:00:00Z"),
        ("AUTHENTICATE_MESSAGE.NtChallengeResponse.NTLMv2_CLIENT_CHALLENGE.ChallengeFromClient", 164, 172, "aaaaaaaaaaaaaaaa"),
        ("AUTHENTICATE_MESSAGE.NtChallengeResponse.NTLMv2_CLIENT_CHALLENGE.AvPairs",          176, 212, ""),
        ("AUTHENTICATE_MESSAGE.NtChallengeResponse.NTLMv2_CLIENT_CHALLENGE.AvPairs[1].Value", 196, 208, "Server"),
        ("AUTHENTICATE_MESSAGE.NtChallengeResponse.NTLMv2_CLIENT_CHALLENGE.Reserved4",        212, 216, "0"),
        ("AUTHENTICATE_MESSAGE.EncryptedRandomSessionKey",        216, 232, "c5dad2544fc9799094ce1ce90bc9d03e"),
    ]);
}

#[test]
fn section_4_2_messages_have_neither_mic_nor_target_name() {
    #[rustfmt::skip]
    let cases = [
        ("ms-nlmp-4.2.2.3-authenticate", ResponseKind::Ntlmv1,       TargetName::NotCarried),
        ("ms-nlmp-4.2.3.3-authenticate", ResponseKind::Ntlm2Session, TargetName::NotCarried),
        ("ms-nlmp-4.2.4.3-authenticate", ResponseKind::Ntlmv2,       TargetName::Absent),
    ];
    for (name, kind, target) in cases {
        let message = parse(&unhex(&text(&format!("vectors/{name}.hex"))));
        let authenticate = message.as_authenticate().expect("an AUTHENTICATE");
        assert_eq!(authenticate.response_kind, kind, "{name}");
        assert_eq!(authenticate.mic_state(message.source()), MicState::Absent, "{name}");
        assert_eq!(authenticate.target_name(message.source()), target, "{name}");
    }
}

/// The notes under T1 to T5: the outcomes at levels 0, 1 and 2, and how sure the last two are.
#[test]
#[rustfmt::skip]
fn derived_vectors_end_as_written_under_them() {
    use Outcome::{Accept, Deny};
    let cases = [
        ("t1", "cifs/10.0.0.100",   [Accept, Deny, Deny],     [Basis::Observed, Basis::Observed]),
        ("t2", "cifs/10.0.0.11",    [Accept, Accept, Accept], [Basis::Observed, Basis::Observed]),
        ("t3", "",                  [Accept, Deny, Deny],     [Basis::Inferred, Basis::Inferred]),
        ("t4", "not there",         [Accept, Accept, Deny],   [Basis::Documented, Basis::Documented]),
        ("t5", "cifs/dcfr.lab.lan", [Accept, Accept, Deny],   [Basis::Inferred, Basis::Observed]),
    ];
    for (name, target, outcomes, basis) in cases {
        for file in [format!("vectors/{name}.b64"), format!("vectors/{name}-authenticate.b64")] {
            let analysis = analysis(&text(&file), &story_server());
            let verdict = analysis.exchanges()[0].verdict.as_ref().expect("a verdict");
            assert_eq!(verdict.evidence.target.text().unwrap_or("not there"), target, "{file}");
            let decisions = &verdict.decisions;
            assert_eq!(decisions.as_array().each_ref().map(|decision| decision.outcome), outcomes, "{file}");
            assert_eq!([Level::AcceptIfProvided, Level::RequiredFromClient].map(|level| decisions[level].reasons[0].basis), basis, "{file}");
        }
    }
}

#[test]
fn an_allowed_address_accepts_t1_at_every_level() {
    let server = ServerSettings { allowed: vec!["10.0.0.100".into()], ..story_server() };
    let analysis = analysis(&text("vectors/t1.b64"), &server);
    let verdict = analysis.exchanges()[0].verdict.as_ref().unwrap();
    assert!(verdict.decisions.values().all(|decision| decision.outcome == Outcome::Accept));
}

#[test]
fn derived_vectors_are_proven_by_their_password() {
    let secret = Secret::from_password("Password");
    for name in ["t1", "t2", "t3", "t4", "t5"] {
        let input = text(&format!("vectors/{name}.b64"));
        let analysis =
            spnscope::analysis::analyze(input.as_bytes(), &story_server(), Some(&secret));
        let proof = &analysis.exchanges()[0].proof;
        assert_eq!(proof.response.verdict, ProofVerdict::Valid, "{name}");
        assert_eq!(proof.mic.verdict, ProofVerdict::Valid, "{name}");
        let keys = proof.keys.as_ref().unwrap();
        assert_eq!(keys.exported_session_key, Some([0x55; 16]), "{name}");
    }
}
