//! Every kind of finding: something provokes it, it is explained, and the command line lists it.

use std::process::Command;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use spnscope::analysis::{Analysis, analyze};
use spnscope::base::{finding::Code, span::Span};
use spnscope::judge::{proof::Secret, smb::ServerSettings};
use spnscope::message::{
    ntlm::{AvPair, Message},
    wire::AvId,
};
use spnscope::show::report::{render_json, render_text};

use crate::{
    der::neg_token_resp,
    fixtures::{parse, text},
    read::carriers::{carrier, provoking},
};

/// A message that is changed, and built anew only where its size changes.
#[derive(Clone)]
struct Draft(Vec<u8>);

impl Draft {
    fn message(&self) -> Message {
        parse(&self.0)
    }

    /// The pair with that id.
    fn pair(&self, id: AvId) -> AvPair {
        *self.message().av_pairs().unwrap().first(id).unwrap_or_else(|| panic!("{id}"))
    }

    fn put(mut self, at: usize, bytes: &[u8]) -> Self {
        self.0[at..at + bytes.len()].copy_from_slice(bytes);
        self
    }

    /// Flips bits of NegotiateFlags.
    fn flip(mut self, at: usize, bits: u32) -> Self {
        let flags = u32::from_le_bytes(self.0[at..at + 4].try_into().unwrap()) ^ bits;
        self.0[at..at + 4].copy_from_slice(&flags.to_le_bytes());
        self
    }

    fn cut(mut self, len: usize) -> Self {
        self.0.truncate(len);
        self
    }

    /// Renames a pair, so that its own id is absent.
    fn rename(self, id: AvId, to: u16) -> Self {
        let at = self.pair(id).id.span.start;
        self.put(at, &to.to_le_bytes())
    }

    /// Replaces a pair's value, and moves nothing: the AV pairs are the last of the payload but the
    /// session key, which moves with `Len` and `BufferOffset` adjusted.
    fn value(mut self, id: AvId, value: &[u8]) -> Self {
        let pair = self.pair(id);
        self.0.splice(pair.value.start..pair.value.end, value.iter().copied());
        let len = u16::try_from(value.len()).unwrap();
        self.0[pair.len.span.start..pair.len.span.end].copy_from_slice(&len.to_le_bytes());
        let grown = value.len().wrapping_sub(pair.value.len());
        for pointer in [12, 20, 28, 36, 44, 52] {
            let read = |at: usize| u16::from_le_bytes(self.0[at..at + 2].try_into().unwrap());
            let (len, start) = (read(pointer), usize::from(read(pointer + 4)));
            let end = start + usize::from(len);
            if start >= pair.value.end {
                let moved = u32::try_from(start.wrapping_add(grown)).unwrap();
                self.0[pointer + 4..pointer + 8].copy_from_slice(&moved.to_le_bytes());
            } else if end >= pair.value.end {
                let len = u16::try_from(usize::from(len).wrapping_add(grown)).unwrap();
                for at in [pointer, pointer + 2] {
                    self.0[at..at + 2].copy_from_slice(&len.to_le_bytes());
                }
            }
        }
        self
    }

    fn name(self, target: &str) -> Self {
        self.value(AvId::MsvAvTargetName, &utf16(target))
    }
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn t1() -> [Draft; 3] {
    let text = text("vectors/t1.b64");
    let drafts = text.lines().map(|line| Draft(STANDARD.decode(line).unwrap()));
    drafts.collect::<Vec<_>>().try_into().ok().expect("three messages")
}

/// A NetNTLMv2 line with that challenge.
fn hash_line(challenge: &str) -> Vec<u8> {
    let line = text("cases/24b-netntlmv2-alone.txt");
    line.replacen("0123456789abcdef", challenge, 1).into_bytes()
}

/// The place of a pointer in an AUTHENTICATE: lengths at 0 and 2, offset at 4.
const LM: usize = 12;
const NT: usize = 20;
const DOMAIN: usize = 28;
const USER: usize = 36;
const WORKSTATION: usize = 44;
/// The place of the flags in each message.
const FLAGS: [usize; 3] = [12, 20, 60];

const UNICODE: u32 = 1;
const OEM: u32 = 1 << 1;
const TARGET_INFO: u32 = 1 << 23;
const VERSION: u32 = 1 << 25;
const KEY_EXCH: u32 = 1 << 30;

/// A paste that has the finding.
#[rustfmt::skip]
fn provoke(code: Code) -> Vec<u8> {
    let [negotiate, challenge, authenticate] = t1();
    let whole = authenticate.0.len();
    let list = authenticate.message().av_pairs().unwrap().span;
    let response = authenticate.message().as_authenticate().unwrap().ntlmv2.as_ref().unwrap().span;
    let flags = authenticate.pair(AvId::MsvAvFlags).value.start;
    let draft = match code {
        Code::UnknownType          => authenticate.put(8, &[4]),
        Code::MessageCut           => authenticate.cut(whole - 1),
        Code::HeaderTruncated      => return neg_token_resp(None, &authenticate.cut(40).0),
        Code::PayloadOutOfBounds   => authenticate.put(DOMAIN + 4, &[0xff, 0x7f]),
        Code::PayloadOverlap       => { let at = authenticate.0[DOMAIN + 4]; authenticate.put(USER + 4, &[at]) }
        Code::PayloadInHeader      => authenticate.put(USER + 4, &[60]),
        Code::PayloadGap           => authenticate.put(DOMAIN, &[2]),
        Code::PayloadTrailing      => { let mut longer = authenticate; longer.0.extend(b"more"); longer }
        Code::MaxLenDiffers        => authenticate.put(DOMAIN + 2, &[99]),
        Code::TextOddLength        => authenticate.put(USER, &[7]),
        Code::TextLoneSurrogate    => { let at = usize::from(authenticate.0[USER + 4]); authenticate.put(at, &[0, 0xd8]) }
        Code::TextOem              => authenticate.flip(FLAGS[2], UNICODE | OEM),
        Code::AvPairTruncated      => { let at = authenticate.pair(AvId::MsvAvTargetName).len.span.start; authenticate.put(at, &[0xff, 0x7f]) }
        Code::AvPairMissingEol     => { let len = u16::try_from(list.end - 4 - response.start).unwrap(); authenticate.put(NT, &len.to_le_bytes()) }
        Code::AvPairAfterEol       => { let at = list.end; authenticate.put(at, &[1]) }
        Code::AvPairTooMany        => many_pairs(&challenge),
        Code::AvPairDuplicate      => authenticate.rename(AvId::MsvAvDnsTreeName, 9),
        Code::AvPairSize           => authenticate.value(AvId::MsvAvTimestamp, &[1, 2, 3, 4]),
        Code::AvPairUnknown        => authenticate.rename(AvId::MsvAvDnsTreeName, 77),
        Code::ResponseTooShort     => authenticate.put(NT, &[40, 0]),
        Code::ResponseOddLength    => authenticate.put(NT, &[20, 0]),
        Code::ResponseType         => authenticate.put(response.start + 16, &[2]),
        Code::ResponseLine         => return hash_line("0123456789abcdef"),
        Code::ResponseLineChallenge => return hash_line("0123456789abcdef00"),
        Code::ResponseOld          => authenticate.put(NT, &[24, 0]),
        Code::ResponseAnonymous    => authenticate.put(LM, &[0, 0]).put(NT, &[0, 0]).put(USER, &[0, 0]),
        Code::LmResponseZero       => authenticate,
        Code::MicAnnouncedMissing  => authenticate.put(LM + 4, &[72]),
        Code::MicZero              => authenticate.put(72, &[0; 16]),
        Code::MicUnannounced       => authenticate.put(flags, &[0]),
        Code::MicNoRoom            => authenticate.put(flags, &[0]).put(WORKSTATION + 4, &[80]),
        Code::ProofNtProofStr | Code::ProofMic | Code::ProofResponse | Code::ProofLmResponse | Code::ProofMechListMic => return unfit(code),
        Code::MicAbsent            => authenticate.put(flags, &[0]).put(72, &[0; 16]),
        Code::FlagsVersion         => authenticate.flip(FLAGS[2], VERSION),
        Code::FlagsCharsetBoth     => authenticate.flip(FLAGS[2], OEM),
        Code::FlagsCharsetNeither  => authenticate.flip(FLAGS[2], UNICODE),
        Code::FlagsKeyExchange     => authenticate.flip(FLAGS[2], KEY_EXCH),
        Code::FlagsTargetInfo      => challenge.flip(FLAGS[1], TARGET_INFO),
        Code::FlagsSupplied        => Draft(b"NTLMSSP\0\x01\0\0\0\x01\0\0\0\x03\0\x03\0\x20\0\0\0\0\0\0\0\x20\0\0\0LAB".to_vec()),
        Code::FlagsReserved        => authenticate.flip(FLAGS[2], 1 << 3),
        Code::TargetNameAbsent     => authenticate.rename(AvId::MsvAvTargetName, 77),
        Code::TargetNameEmpty      => authenticate.name(""),
        Code::TargetNameUntrusted  => authenticate.put(flags, &[6]),
        Code::TargetNameNoClass    => authenticate.name("dcfr"),
        Code::TargetNameRealm      => authenticate.name("cifs/dcfr@LAB.LAN"),
        Code::TargetNamePort       => authenticate.name("cifs/dcfr:445"),
        Code::TargetNameThirdPart  => authenticate.name("cifs/dcfr/lab.lan"),
        Code::TargetNameMarshalled => authenticate.name("cifs/srv11UWhRCAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAwbEAYBAAAA"),
        Code::TimestampFar         => authenticate.put(response.start + 24, &[0; 8]),
        Code::ChannelBindingsZero  => authenticate,
        Code::ExchangeMismatch     => { let at = challenge.pair(AvId::MsvAvNbComputerName).value.start; return several(&[negotiate, challenge.put(at, b"X"), authenticate]) }
        Code::ExchangeFlags        => return several(&[negotiate, challenge.flip(FLAGS[1], KEY_EXCH), authenticate]),
        Code::ExchangePairMissing  => return several(&[negotiate, challenge, authenticate.rename(AvId::MsvAvTimestamp, 77)]),
        Code::ExchangeMicExpected  => return several(&[negotiate, challenge, authenticate.put(flags, &[0]).put(72, &[0; 16])]),
        Code::DerTruncated
        | Code::DerNotDer
        | Code::DerUnexpected
        | Code::DerUnknown
        | Code::DerTrailing
        | Code::SpnegoReject
        | Code::SpnegoOrder
        | Code::SpnegoNotListed
        | Code::KerberosNumber
        | Code::KerberosReserved
        | Code::SmbTruncated
        | Code::SmbStructureSize
        | Code::SmbSecurityBuffer
        | Code::SmbNextCommand     => {
            let inputs = provoking();
            return inputs.into_iter().find(|(of, _)| *of == code).expect("an input").1;
        }
        Code::ExchangeAmbiguous    => return several(&[negotiate.clone().put(34, &[0]), negotiate, challenge, authenticate]),
    };
    draft.0
}

/// A CHALLENGE with more AV pairs than are read.
fn many_pairs(challenge: &Draft) -> Draft {
    let header = &challenge.0[..48];
    let pairs = [1, 0, 0, 0].repeat(1_030);
    let mut bytes = header.to_vec();
    let len = u16::try_from(pairs.len()).unwrap().to_le_bytes();
    bytes[12..16].fill(0);
    bytes[40..48].copy_from_slice(&[len[0], len[1], len[0], len[1], 48, 0, 0, 0]);
    bytes.extend(pairs);
    Draft(bytes)
}

/// Several messages as one pastes them.
fn several(messages: &[Draft]) -> Vec<u8> {
    let lines: Vec<_> = messages.iter().map(|message| STANDARD.encode(&message.0)).collect();
    lines.join("\n").into_bytes()
}

/// A paste that a secret, of any user, shows to be wrong in that way.
fn unfit(code: Code) -> Vec<u8> {
    let [negotiate, challenge, authenticate] = t1();
    let printed = |kind: &str| text(&format!("vectors/ms-nlmp-4.2.2.3-{kind}.hex"));
    match code {
        Code::ProofMic => several(&[negotiate, challenge, authenticate.put(72, &[0xff])]),
        Code::ProofResponse | Code::ProofLmResponse => {
            [printed("challenge"), printed("authenticate")].join("\n").into_bytes()
        }
        Code::ProofMechListMic => {
            let names = ["negotiate", "challenge", "authenticate"];
            let mut packets = names.map(|name| carrier(&format!("smb2-{name}"))).concat();
            *packets.iter_mut().rev().nth(5).unwrap() ^= 1;
            packets
        }
        _ => several(&[negotiate, challenge, authenticate]),
    }
}

/// The secret with which that is found, where one is needed.
fn secret(code: Code) -> Option<Secret> {
    let password = match code {
        Code::ProofMic => "Password",
        Code::ProofMechListMic => "Lab-Passw0rd!23",
        Code::ProofNtProofStr | Code::ProofResponse | Code::ProofLmResponse => "wrong",
        _ => return None,
    };
    Some(Secret::from_password(password))
}

fn codes(analysis: &Analysis) -> Vec<Code> {
    let tokens = 0..analysis.tokens().len();
    tokens.flat_map(|token| analysis.findings_of(token)).map(|(_, found)| found.code).collect()
}

/// A proof that is wrong is a finding, in both reports; one that is right or not known is none.
#[test]
fn a_proof_that_fails_is_a_finding_and_one_that_holds_is_none() {
    let of_proof = |analysis: &Analysis| {
        let mut codes: Vec<_> = codes(analysis).into_iter().map(Code::as_str).collect();
        codes.retain(|code| code.starts_with("proof/"));
        codes
    };
    let judged = |pasted: &[u8], password: Option<&str>| {
        let secret = password.map(Secret::from_password);
        analyze(pasted, &ServerSettings::default(), secret.as_ref())
    };
    let whole = several(&t1());
    assert_eq!(of_proof(&judged(&whole, None)), [""; 0]);
    assert_eq!(of_proof(&judged(&whole, Some("Password"))), [""; 0]);
    let wrong = judged(&whole, Some("password"));
    assert_eq!(of_proof(&wrong), ["proof/nt-proof-str"]);
    let text = render_text(&wrong);
    let expected = "NTProofStr does not match the password given.";
    assert!(text.contains("Error proof/nt-proof-str") && text.contains(expected), "{text}");
    let report: serde_json::Value = serde_json::from_str(&render_json(&wrong)).unwrap();
    let found = &report["tokens"][2]["findings"][0];
    assert_eq!(
        (&found["severity"], &found["code"]),
        (&"error".into(), &"proof/nt-proof-str".into())
    );
    // A guess is no documented fact.
    assert_eq!(report["exchanges"][0]["decisions"][1]["reasons"][0]["basis"], "assumed");
    assert_eq!(of_proof(&judged(&unfit(Code::ProofMic), Some("Password"))), ["proof/mic"]);
}

#[test]
fn every_finding_is_provoked_and_explained() {
    let mut missing = Vec::new();
    for code in Code::ALL {
        let secret = secret(*code);
        let analysis = analyze(&provoke(*code), &ServerSettings::default(), secret.as_ref());
        if !codes(&analysis).contains(code) {
            missing.push(format!("{}: {:?}", code.as_str(), codes(&analysis)));
        }
        for (index, token) in (0..).zip(analysis.tokens()) {
            let found = analysis.findings_of(index).filter(|(_, found)| found.code == *code);
            for (layer, finding) in found {
                let message = &finding.message;
                assert!(
                    message.ends_with('.') && message.len() > 20,
                    "{}: {message}",
                    code.as_str()
                );
                if layer == token.innermost() {
                    let whole = Span::new(0, token.content.bytes().len());
                    assert!(whole.contains(finding.span), "{}", code.as_str());
                }
            }
        }
        let explanation = code.explanation();
        assert!(explanation.ends_with('.') && explanation.len() > 20, "{}", code.as_str());
    }
    assert!(missing.is_empty(), "not provoked:\n{}", missing.join("\n"));
}

#[test]
fn codes_are_unique_and_read_subject_slash_what() {
    for (index, code) in Code::ALL.iter().enumerate() {
        let text = code.as_str();
        let (subject, what) = text.split_once('/').expect("a slash");
        let plain = |part: &str| {
            !part.is_empty()
                && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        };
        assert!(plain(subject) && plain(what), "{text}");
        assert!(Code::ALL[..index].iter().all(|other| other.as_str() != text), "{text} twice");
    }
}

#[test]
fn the_command_line_lists_every_code() {
    let run = |arguments: &[&str]| {
        let program =
            Command::new(env!("CARGO_BIN_EXE_spnscope")).args(arguments).output().unwrap();
        assert_eq!(program.status.code(), Some(0));
        String::from_utf8(program.stdout).unwrap()
    };
    let text = run(&["findings"]);
    let list: serde_json::Value =
        serde_json::from_str(&run(&["findings", "--format", "json"])).unwrap();
    assert_eq!(text.lines().count(), Code::ALL.len());
    for (index, code) in Code::ALL.iter().enumerate() {
        assert!(text.lines().nth(index).unwrap().starts_with(code.as_str()));
        assert_eq!(list[index]["code"], code.as_str());
        assert_eq!(list[index]["explanation"], code.explanation());
    }
}

/// The samples and vectors are what clients send: T1's three messages have notes only.
#[test]
fn a_sane_exchange_has_no_warning_and_no_error() {
    let analysis = analyze(&several(&t1()), &ServerSettings::default(), None);
    for token in analysis.tokens() {
        for (_, finding) in token.all_findings() {
            assert_eq!(finding.severity(), spnscope::base::finding::Severity::Note, "{finding:?}");
        }
    }
}
