//! The carriers of messages: SMB, SPNEGO, GSS-API, and bytes that are not known.

use std::{thread, time::Instant};

use serde_json::Value;
use spnscope::analysis::analyze;
use spnscope::base::{finding::Code, span::Span};
use spnscope::judge::smb::{ServerSettings, Smb};
use spnscope::message::{field::hex, missing::Missing};
use spnscope::read::carrier::{self, CarriedMessage, find_messages};

use crate::{
    der::{ap_req, neg_token_init, neg_token_resp, oid, tlv},
    fixtures::{bytes, lines, path, text, unhex},
    hostile,
};

/// The bytes of `carriers/NAME.hex`.
pub(crate) fn carrier(name: &str) -> Vec<u8> {
    unhex(&text(&format!("carriers/{name}.hex")))
}

/// The evidence says which SMB brought it.
#[test]
fn the_version_of_smb_is_known_where_its_header_is_there() {
    for (name, smb) in [
        ("smb1-authenticate", Some(Smb::Smb1)),
        ("smb2-authenticate", Some(Smb::Smb2)),
        ("smb2-kerberos", Some(Smb::Smb2)),
        ("ldap-authenticate", None),
    ] {
        let analysis = analyze(&carrier(name), &ServerSettings::default(), None);
        let mut verdicts = analysis.exchanges().iter().filter_map(|each| each.verdict.as_ref());
        assert_eq!(verdicts.next().map(|verdict| verdict.evidence.smb), Some(smb), "{name}");
    }
}

/// The first message of a type that messages.jsonl has of a capture.
fn message(capture: &str, kind: u64) -> Vec<u8> {
    let wanted = |line: &Value| line["capture"] == capture && line["type"] == kind;
    bytes(&lines("messages.jsonl").iter().find(|line| wanted(line)).expect("the message")["base64"])
}

/// The NEGOTIATE of a capture, to be put into carriers made up here.
fn negotiate() -> Vec<u8> {
    message("smb3-direct-by-fqdn.pcapng", 1)
}

fn labels(found: &CarriedMessage) -> Vec<String> {
    found.layers.iter().map(|layer| layer.kind.label()).collect()
}

fn read(bytes: &[u8]) -> Vec<CarriedMessage> {
    find_messages(bytes, 100)
}

/// The one message in `bytes`.
fn only(bytes: &[u8]) -> CarriedMessage {
    <[CarriedMessage; 1]>::try_from(read(bytes))
        .unwrap_or_else(|all| panic!("{} messages", all.len()))
        .into_iter()
        .next()
        .unwrap()
}

/// The values of all facts with that name, from the outermost layer inward.
fn facts(found: &CarriedMessage, name: &str) -> Vec<String> {
    let facts = found.layers.iter().flat_map(|layer| &layer.facts);
    facts.filter(|fact| fact.name == name).map(|fact| fact.value.clone()).collect()
}

fn codes(found: &CarriedMessage) -> Vec<&'static str> {
    found.findings.iter().map(|(_, finding)| finding.code.as_str()).collect()
}

const SMB3: &str = "smb3-direct-by-fqdn.pcapng";
const SMB1: &str = "smb1-nt1-by-fqdn.pcap";
const LDAP: &str = "ad-ldap-gss-spnego-ntlm.pcapng";
const RPC: &str = "ad-rpc-tcp-ntlm-seal.pcapng";
const TDS: &str = "tds-freetds.pcapng";

/// File, capture, the types of its messages, the layers of each from outside.
type Carried = (&'static str, &'static str, &'static [u64], &'static [&'static [&'static str]]);

#[rustfmt::skip]
const CARRIED: &[Carried] = &[
    ("smb2-negotiate",           SMB3, &[1],    &[&["SMB2 SESSION_SETUP request",  "SPNEGO NegTokenInit", "NTLMSSP"]]),
    ("smb2-challenge",           SMB3, &[2],    &[&["SMB2 SESSION_SETUP response", "SPNEGO NegTokenResp", "NTLMSSP"]]),
    ("smb2-authenticate",        SMB3, &[3],    &[&["SMB2 SESSION_SETUP request",  "SPNEGO NegTokenResp", "NTLMSSP"]]),
    ("smb2-compound",            SMB3, &[1, 3], &[&["SMB2 SESSION_SETUP request",  "SPNEGO NegTokenInit", "NTLMSSP"],
                                                  &["SMB2 SESSION_SETUP request",  "SPNEGO NegTokenResp", "NTLMSSP"]]),
    ("smb2-raw",                 "smb3-raw-ntlmssp.pcapng", &[3], &[&["SMB2 SESSION_SETUP request", "NTLMSSP"]]),
    ("ethernet-smb2",            SMB3, &[3],    &[&["other bytes", "SMB2 SESSION_SETUP request", "SPNEGO NegTokenResp", "NTLMSSP"]]),
    ("netbios-session",          "smb3-port139-nbss.pcapng", &[2], &[&["SMB2 SESSION_SETUP response", "SPNEGO NegTokenResp", "NTLMSSP"]]),
    ("smb1-negotiate",           SMB1, &[1],    &[&["SMB1 SESSION_SETUP_ANDX request",  "SPNEGO NegTokenInit", "NTLMSSP"]]),
    ("smb1-challenge",           SMB1, &[2],    &[&["SMB1 SESSION_SETUP_ANDX response", "SPNEGO NegTokenResp", "NTLMSSP"]]),
    ("smb1-authenticate",        SMB1, &[3],    &[&["SMB1 SESSION_SETUP_ANDX request",  "SPNEGO NegTokenResp", "NTLMSSP"]]),
    ("spnego-init",              SMB3, &[1],    &[&["SPNEGO NegTokenInit", "NTLMSSP"]]),
    ("spnego-resp-mic",          SMB3, &[3],    &[&["SPNEGO NegTokenResp", "NTLMSSP"]]),
    ("ldap-negotiate",           LDAP, &[1],    &[&["LDAP bindRequest",  "SPNEGO NegTokenInit", "NTLMSSP"]]),
    ("ldap-challenge",           LDAP, &[2],    &[&["LDAP bindResponse", "SPNEGO NegTokenResp", "NTLMSSP"]]),
    ("ldap-authenticate",        LDAP, &[3],    &[&["LDAP bindRequest",  "SPNEGO NegTokenResp", "NTLMSSP"]]),
    ("ldap-sicily-authenticate", "ldap-sicily-ldap3.pcapng", &[3], &[&["LDAP bindRequest", "NTLMSSP"]]),
    ("dce-rpc-bind",             RPC,  &[1],    &[&["DCE/RPC bind",     "NTLMSSP"]]),
    ("dce-rpc-bind-ack",         RPC,  &[2],    &[&["DCE/RPC bind_ack", "NTLMSSP"]]),
    ("dce-rpc-auth3",            RPC,  &[3],    &[&["DCE/RPC rpc_auth_3", "NTLMSSP"]]),
    ("tds-negotiate",            TDS,  &[1],    &[&["TDS LOGIN7",         "NTLMSSP"]]),
    ("tds-challenge",            TDS,  &[2],    &[&["TDS response",       "NTLMSSP"]]),
    ("tds-authenticate",         TDS,  &[3],    &[&["TDS SSPI message",   "NTLMSSP"]]),
];

#[test]
fn every_message_is_found_with_its_exact_bytes() {
    for (name, capture, kinds, layers) in CARRIED {
        let bytes = carrier(name);
        let found = read(&bytes);
        let ours: Vec<_> = found.iter().map(labels).collect();
        assert_eq!(ours, *layers, "{name}");
        for (found, kind) in found.iter().zip(*kinds) {
            assert_eq!(found.content.bytes(), message(capture, *kind), "{name}");
            let span = found.layers.last().unwrap().span;
            assert_eq!(&bytes[span.start..span.end], found.content.bytes(), "{name}");
            assert_eq!(codes(found), [""; 0], "{name}");
        }
    }
}

#[test]
#[rustfmt::skip]
fn layers_have_their_facts() {
    let cases = [
        ("smb2-negotiate",    "StreamProtocolLength", &["162"][..]),
        ("smb2-negotiate",    "Command",              &["SESSION_SETUP"]),
        ("smb2-negotiate",    "MessageId",            &["2"]),
        ("smb2-negotiate",    "SessionId",            &["0x0000000000000000"]),
        ("smb2-negotiate",    "SecurityMode",         &["SMB2_NEGOTIATE_SIGNING_ENABLED"]),
        ("smb2-negotiate",    "SecurityBufferOffset", &["88"]),
        ("smb2-negotiate",    "SecurityBufferLength", &["74"]),
        ("smb2-negotiate",    "PreviousSessionId",    &["0x0000000000000000"]),
        ("smb2-negotiate",    "mechTypes",            &["NTLMSSP"]),
        ("smb2-negotiate",    "mechToken",            &["40 bytes"]),
        ("smb2-raw",          "SecurityMode",         &["SMB2_NEGOTIATE_SIGNING_REQUIRED"]),
        ("smb2-challenge",    "Status",               &["STATUS_MORE_PROCESSING_REQUIRED"]),
        ("smb2-challenge",    "Flags",                &["SMB2_FLAGS_SERVER_TO_REDIR, 0x10"]),
        ("smb2-challenge",    "SessionFlags",         &["none"]),
        ("smb2-challenge",    "negState",             &["accept-incomplete"]),
        ("smb2-challenge",    "supportedMech",        &["NTLMSSP"]),
        ("smb2-challenge",    "responseToken",        &["150 bytes"]),
        ("smb2-authenticate", "mechListMIC",          &["010000007a338c0db75c190600000000"]),
        ("smb2-authenticate", "Version",              &["1"]),
        ("smb2-authenticate", "Checksum",             &["7a338c0db75c1906"]),
        ("smb2-authenticate", "SeqNum",               &["0"]),
        ("smb1-negotiate",    "Command",              &["SMB_COM_SESSION_SETUP_ANDX"]),
        ("smb1-negotiate",    "AndXCommand",          &["none"]),
        ("smb1-negotiate",    "SecurityBlobLength",   &["74"]),
        ("smb1-negotiate",    "Status",               &[]),
        ("smb1-challenge",    "Status",               &["STATUS_MORE_PROCESSING_REQUIRED"]),
        ("smb1-challenge",    "UID",                  &["27404"]),
        ("smb1-challenge",    "Flags",                &["SMB_FLAGS_CASE_INSENSITIVE, SMB_FLAGS_REPLY"]),
        ("smb2-kerberos",     "mechTypes",            &["MS Kerberos 5, Kerberos 5"]),
        ("smb2-kerberos",     "thisMech",             &["Kerberos 5"]),
        ("smb2-kerberos",     "TOK_ID",               &["KRB_AP_REQ"]),
    ];
    for (name, fact, values) in cases {
        assert_eq!(facts(&only(&carrier(name)), fact), values, "{name}: {fact}");
    }
}

/// A fact gives the bytes at its place.
#[test]
fn facts_have_the_bytes_at_their_place() {
    let mut checked = 0;
    for (name, ..) in CARRIED {
        let bytes = carrier(name);
        for fact in read(&bytes).iter().flat_map(|found| &found.layers).flat_map(|l| &l.facts) {
            let there = &bytes[fact.span.start..fact.span.end];
            let number = there.iter().rev().fold(0_u64, |n, byte| n << 8 | u64::from(*byte));
            let expected = match fact.name {
                "mechListMIC" | "Checksum" => hex(there),
                "SecurityBufferOffset"
                | "SecurityBufferLength"
                | "MessageId"
                | "UID"
                | "Version" => number.to_string(),
                "SessionId" | "PreviousSessionId" => format!("{number:#018X}"),
                "mechToken" | "responseToken" => format!("{} bytes", there.len()),
                _ => continue,
            };
            checked += 1;
            assert_eq!(fact.value, expected, "{name}: {}", fact.name);
        }
    }
    assert!(checked > 60, "{checked}");
}

#[test]
fn a_packet_needs_no_transport_header() {
    for name in ["smb2-negotiate", "smb2-challenge", "smb1-authenticate"] {
        let framed = carrier(name);
        let (with, without) = (only(&framed), only(&framed[4..]));
        assert_eq!(with.content, without.content, "{name}");
        assert_eq!(labels(&with), labels(&without), "{name}");
        assert_eq!(without.layers[0].span, Span::new(0, framed.len() - 4), "{name}");
        assert_eq!(without.findings, [], "{name}");
    }
}

#[test]
fn packets_side_by_side_in_a_stream_are_found() {
    let stream = ["smb2-negotiate-response", "smb2-challenge", "smb2-encrypted", "smb2-challenge"];
    let stream = stream.map(carrier).concat();
    let found = read(&stream);
    let spans: Vec<_> = found.iter().map(|found| found.layers[0].span).collect();
    assert_eq!(spans, [Span::new(288, 545), Span::new(711, 968)]);
    assert!(found.iter().all(|found| found.layers.len() == 3), "nothing unknown lies between them");
    // Without transport headers each ends where its security buffer does.
    let bare = [&carrier("smb2-negotiate")[4..], &carrier("smb2-challenge")[4..]].concat();
    let spans: Vec<_> = read(&bare).iter().map(|found| found.layers[0].span).collect();
    assert_eq!(spans, [Span::new(0, 162), Span::new(162, 415)]);
}

#[test]
#[rustfmt::skip]
fn a_carrier_without_a_message_is_described() {
    let kerberos = tlv(0x60, &[oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2]), vec![2, 0, 0x6f, 0]].concat());
    let encrypted = [&b"\xfeSMB\x40\0"[..], &[0; 58]].concat();
    let cases: &[(&str, Vec<u8>, &str)] = &[
        ("NegTokenInit2",       carrier("smb2-negotiate-response"), "an SMB2 NEGOTIATE response with a SPNEGO NegTokenInit2 (Status STATUS_SUCCESS, mechTypes NTLMSSP)"),
        ("accept-completed",    carrier("smb2-success"),            "an SMB2 SESSION_SETUP response with a SPNEGO NegTokenResp (Status STATUS_SUCCESS, negState accept-completed)"),
        ("a failure",           carrier("smb2-logon-failure"),      "an SMB2 SESSION_SETUP response (Status STATUS_LOGON_FAILURE)"),
        ("encrypted",           carrier("smb2-encrypted"),          "an encrypted SMB3 message, in which nothing can be read"),
        ("compressed",          b"\xfcSMB\0\0\0\0".to_vec(),        "a compressed SMB3 message, in which nothing can be read"),
        ("bare responses",      carrier("smb1-bare"),               "an SMB1 SESSION_SETUP_ANDX request without extended security (AccountName alice, PrimaryDomain LAB), which has bare LM and NT responses, no NTLMSSP and no target name"),
        ("a list of mechanisms", neg_token_init(&["kerberos", "ntlm"], &[]), "a SPNEGO NegTokenInit (mechTypes Kerberos 5, NTLMSSP)"),
        ("a cut token",         carrier("smb2-success")[..90].to_vec(), "an SMB2 SESSION_SETUP response with a SPNEGO NegTokenResp (Status STATUS_SUCCESS, negState accept-completed), which is cut"),
        ("an AP-REP",           kerberos,                           "a GSS-API token (thisMech Kerberos 5, TOK_ID KRB_AP_REP)"),
        ("another command",     encrypted,                          "an SMB2 message (Command NEGOTIATE)"),
        ("two",                 [carrier("smb2-logon-failure"), carrier("smb2-encrypted")].concat(), "an SMB2 SESSION_SETUP response (Status STATUS_LOGON_FAILURE) and an encrypted SMB3 message, in which nothing can be read"),
    ];
    for (what, bytes, words) in cases {
        assert_eq!(carrier::describe(bytes).as_deref(), Some(*words), "{what}");
        let analysis = analyze(bytes, &ServerSettings::default(), None);
        assert!(analysis.refusal().is_some_and(|refusal| refusal.contains(words)), "{what}: {:?}", analysis.refusal());
    }
    assert_eq!(carrier::describe(b"nothing known\0"), None);
    // Four are named, and none twice.
    let many = [
        neg_token_init(&["kerberos"], b""),
        neg_token_init(&["ntlm"], b""),
        neg_token_init(&["kerberos"], b""),
        neg_token_init(&["kerberos", "ntlm"], b""),
        neg_token_init(&["ntlm", "kerberos"], b""),
        neg_token_resp(Some(0), b""),
        neg_token_resp(Some(2), b""),
    ];
    let words = carrier::describe(&many.concat()).unwrap();
    assert!(words.ends_with(" and 2 more"), "{words}");
    assert_eq!(words.matches("(mechTypes Kerberos 5)").count(), 1, "{words}");
    let ended = [carrier("smb2-authenticate"), carrier("smb2-success")].concat();
    let analysis = analyze(&ended, &ServerSettings::default(), None);
    assert!(analysis.remark().is_some_and(|remark| remark.contains("accept-completed")));
}

#[test]
fn a_token_without_a_message_swallows_none() {
    let [init, resp] = ["spnego-init", "spnego-resp-mic"].map(carrier);
    let done = neg_token_resp(Some(0), &[]);
    let found = read(&[init, done.clone(), resp].concat());
    assert_eq!(
        found.iter().map(|found| found.content.kind()).collect::<Vec<_>>(),
        ["NEGOTIATE", "AUTHENTICATE"]
    );
    assert!(found.iter().all(|found| found.layers.len() == 2 && found.findings.is_empty()));
    let found = read(&[done, negotiate()].concat());
    assert_eq!(labels(&found[0]), ["NTLMSSP"]);
}

#[test]
fn a_string_in_segments_opens_a_buffer_that_traces_back() {
    let message = negotiate();
    let segments = |parts: &[&[u8]]| {
        let parts: Vec<_> = parts.iter().map(|part| tlv(0x04, part)).collect();
        let string = tlv(0x24, &parts.concat());
        tlv(0xa1, &tlv(0x30, &tlv(0xa2, &string)))
    };
    let one = only(&segments(&[&message]));
    assert_eq!(one.content.bytes(), message);
    assert!(one.layers[0].map.is_none(), "one segment needs no buffer");
    let bytes = segments(&[&message[..7], &[], &message[7..20], &message[20..]]);
    let base64 = {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        STANDARD.encode(&bytes)
    };
    let analysis = analyze(base64.as_bytes(), &ServerSettings::default(), None);
    let token = &analysis.tokens()[0];
    assert_eq!(token.content.bytes(), message);
    assert!(token.layers[1].map.is_some());
    let codes: Vec<_> = token.all_findings().map(|(_, finding)| finding.code).collect();
    assert!(codes.contains(&Code::DerNotDer), "{codes:?}");
    for (at, byte) in message.iter().enumerate() {
        // The characters that hold it: with the others left out, the base64 of one byte.
        let place = token.pasted(Span::new(at, at + 1));
        let first = place.start / 4 * 3;
        let held = &bytes[first..bytes.len().min(place.end.div_ceil(4) * 3)];
        assert!(held.contains(byte) && place.len() == 2, "byte {at}");
    }
}

/// One input for each finding about what carries a message.
pub(crate) fn provoking() -> Vec<(Code, Vec<u8>)> {
    let changed = |name: &str, at: usize, value: u8| {
        let mut bytes = carrier(name);
        bytes[at] = value;
        bytes
    };
    let init = |mechanisms: &[&str]| neg_token_init(mechanisms, &negotiate());
    let indefinite = [&[0xa1, 0x80][..], &tlv(0x30, &tlv(0xa2, &tlv(0x04, &negotiate()))), &[0, 0]];
    let unknown = tlv(0x30, &[tlv(0xa2, &tlv(0x04, &negotiate())), tlv(0xa9, &[5, 0])].concat());
    let number = ap_req(&["cifs", "dcfr.lab.lan"]);
    let realm = number.windows(2).position(|w| w == [0x1b, 7]).unwrap();
    let at = number.windows(5).position(|w| w == [0xa0, 3, 2, 1, 5]).unwrap();
    let with = |at: usize, value: u8| {
        let mut bytes = number.clone();
        bytes[at] = value;
        bytes
    };
    vec![
        (Code::DerTruncated, changed("spnego-init", 1, 73)),
        (Code::DerNotDer, indefinite.concat()),
        (Code::DerUnexpected, with(realm, 4)),
        (Code::DerUnknown, tlv(0xa1, &unknown)),
        (Code::DerTrailing, [carrier("spnego-init"), b"after".to_vec()].concat()),
        (Code::SpnegoReject, neg_token_resp(Some(2), &negotiate())),
        (Code::SpnegoOrder, init(&["kerberos", "ntlm"])),
        (Code::SpnegoNotListed, init(&["kerberos"])),
        (Code::KerberosNumber, with(at + 4, 4)),
        (Code::KerberosReserved, with(at + 15, 0xa0)),
        (Code::SmbTruncated, changed("smb2-authenticate", 3, 0x18)),
        (Code::SmbStructureSize, changed("smb2-negotiate", 68, 24)),
        (Code::SmbSecurityBuffer, changed("smb2-negotiate", 82, 75)),
        (Code::SmbNextCommand, changed("smb2-negotiate", 24, 8)),
    ]
}

#[test]
fn every_finding_about_carriers_can_be_had() {
    let own = ["der/", "spnego/", "kerberos/", "smb/"];
    let provoking = provoking();
    for code in Code::ALL.iter().filter(|code| own.iter().any(|own| code.as_str().starts_with(own)))
    {
        let (_, bytes) = provoking.iter().find(|(provoked, _)| provoked == code).expect("an input");
        let analysis = analyze(bytes, &ServerSettings::default(), None);
        let found: Vec<_> =
            analysis.tokens().iter().flat_map(|token| token.all_findings()).collect();
        let codes: Vec<_> = found.iter().map(|(_, finding)| finding.code.as_str()).collect();
        assert!(codes.contains(&code.as_str()), "{}: {codes:?}", code.as_str());
    }
}

#[test]
#[rustfmt::skip]
fn findings_name_the_bytes_and_the_layer() {
    let place = |bytes: &[u8], code| {
        let found = read(bytes);
        let of = found.iter().flat_map(|found| &found.findings);
        of.filter(|(_, finding)| finding.code == code).map(|(layer, finding)| (*layer, finding.span)).collect::<Vec<_>>()
    };
    let mut outside = carrier("smb2-negotiate");
    outside[82] = 75;
    assert_eq!(place(&outside, Code::SmbSecurityBuffer), [(0, Span::new(80, 84))]);
    let trailing = [carrier("spnego-init"), b"after".to_vec()].concat();
    assert_eq!(place(&trailing, Code::DerTrailing), [(0, Span::new(74, 79))]);
    let mut buffer = carrier("smb2-negotiate");
    buffer[3] += 2;
    buffer[82] += 2;
    buffer.extend([7, 7]);
    assert_eq!(place(&buffer, Code::DerTrailing), [(1, Span::new(166, 168))]);
    // A cut behind the message is remarked on its carriers.
    let mut longer = carrier("smb2-authenticate");
    longer[3] += 4;
    assert_eq!(place(&longer, Code::SmbTruncated), [(0, Span::new(0, 536))]);
    longer[82] += 4;
    longer[95] += 4;
    assert_eq!(place(&longer, Code::SmbSecurityBuffer), [(0, Span::new(80, 84))]);
    assert_eq!(place(&longer, Code::DerTruncated), [(1, Span::new(92, 536))]);
    // If the message is cut with them, only the message says so.
    let cut = read(&carrier("smb2-authenticate")[..500]);
    assert_eq!(cut[0].findings, []);
    let message = cut[0].content.ntlm().unwrap();
    assert_eq!(message.missing, Some(Missing { have: 392, of: Some(408) }));
    assert_eq!(message.findings.iter().filter(|f| f.code == Code::MessageCut).count(), 1);
}

/// Checks what has to hold whatever was changed; what does not is described.
fn check(bytes: &[u8]) -> Result<Vec<CarriedMessage>, String> {
    let found = read(bytes);
    for message in &found {
        let mut len = bytes.len();
        for (index, layer) in message.layers.iter().enumerate() {
            let facts = layer.facts.iter().map(|fact| (fact.name, fact.span));
            let findings = message.findings.iter().filter(|(of, _)| *of == index);
            let findings = findings.map(|(_, finding)| (finding.code.as_str(), finding.span));
            for (what, span) in facts.chain(findings).chain([("layer", layer.span)]) {
                if span.end > len || span.start > span.end {
                    return Err(format!("{what} of {:?} lies outside: {span:?}", layer.kind));
                }
            }
            if layer.map.is_some() {
                len = message.layers.last().unwrap().span.end;
            }
        }
        let content = message.content.field();
        if content.encode(message.content.bytes()) != message.content.bytes() {
            return Err("encode differs".into());
        }
    }
    let _ = carrier::describe(bytes);
    Ok(found)
}

/// Every fixture, its bytes and the places of its messages.
fn every_carrier() -> Vec<(String, Vec<u8>, Vec<Span>)> {
    let files = std::fs::read_dir(path("carriers")).expect("the carriers");
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> =
        names.filter_map(|n| Some(n.strip_suffix(".hex")?.to_owned())).collect();
    names.sort();
    assert!(names.len() > 25);
    let place = |found: &CarriedMessage| found.layers.last().unwrap().span;
    names
        .into_iter()
        .map(|name| {
            let bytes = carrier(&name);
            let spans = read(&bytes).iter().map(place).collect();
            (name, bytes, spans)
        })
        .collect()
}

fn on_two_threads<T: Sync>(items: &[T], run: impl Fn(&T) + Sync) {
    let (even, odd): (Vec<_>, Vec<_>) =
        items.iter().enumerate().partition(|(index, _)| index % 2 == 0);
    thread::scope(|scope| {
        let all = |part: &[(usize, &T)]| {
            for (_, item) in part {
                run(item);
            }
        };
        scope.spawn(move || all(&odd));
        all(&even);
    });
}

#[test]
fn every_truncation_of_every_carrier_gives_its_messages() {
    on_two_threads(&every_carrier(), |(name, bytes, messages)| {
        for len in 0..=bytes.len() {
            let found = check(&bytes[..len]).unwrap_or_else(|why| panic!("{name}, {len}: {why}"));
            // The part of a message that is there is found at its place.
            let there = messages.iter().filter(|span| len >= span.start + 12);
            for (span, found) in there.zip(&found) {
                let cut = &bytes[span.start..len.min(span.end)];
                let ours = found.content.bytes();
                // In bytes that are not known it goes as far as the fields that are there.
                let is_unknown = labels(found)[0] == "other bytes";
                let fits = ours == cut || is_unknown && cut.starts_with(ours);
                assert!(fits || name.contains("kerberos"), "{name}, first {len} bytes");
            }
        }
    });
}

/// A change outside a message leaves it as it is, unless it is one of the few bytes that say how
/// long it is: then it begins at the same place and holds the bytes that are there.
#[test]
fn a_byte_change_outside_the_messages_leaves_them() {
    on_two_threads(&every_carrier(), |(name, bytes, messages)| {
        let mut changed = bytes.clone();
        // A change may make a message shorter or longer.
        let mut telling = Vec::new();
        for at in 0..bytes.len() {
            if messages.iter().any(|span| span.start <= at && at < span.end) {
                continue;
            }
            for other in (0..=u8::MAX).filter(|other| *other != bytes[at]) {
                changed[at] = other;
                let found =
                    check(&changed).unwrap_or_else(|why| panic!("{name}, {at}: {other:#x}: {why}"));
                for span in messages {
                    let whole = &bytes[span.start..span.end];
                    let ntlm = found.iter().filter(|found| found.content.ntlm().is_some());
                    if name.contains("kerberos") || ntlm.clone().any(|f| f.content.bytes() == whole)
                    {
                        continue;
                    }
                    if telling.last() != Some(&at) {
                        telling.push(at);
                    }
                    let begins = |found: &CarriedMessage| {
                        let len = found.content.bytes().len();
                        changed[span.start..].get(..len) == Some(found.content.bytes())
                    };
                    assert!(ntlm.clone().any(begins), "{name}, byte {at} {other:#x}: not found");
                }
            }
            changed[at] = bytes[at];
        }
        assert!(telling.len() <= 16 * messages.len(), "{name}: {telling:?}");
    });
}

#[test]
fn changes_inside_a_kerberos_token_are_read() {
    let bytes = carrier("smb2-kerberos");
    let mut changed = bytes.clone();
    // Up to the first encrypted bytes, and what follows them.
    for at in (0..290).chain(1280..1320) {
        for other in (0..=u8::MAX).filter(|other| *other != bytes[at]) {
            changed[at] = other;
            check(&changed).unwrap_or_else(|why| panic!("{at}: {other:#x}: {why}"));
        }
        changed[at] = bytes[at];
    }
}

/// Four megabytes of what begins like something, each within a second or two.
#[test]
#[rustfmt::skip]
fn hostile_carriers_end_soon() {
    for (what, piece) in hostile::carriers() {
        let bytes = piece.repeat((4 << 20) / piece.len());
        let start = Instant::now();
        let found = carrier::read(&bytes, 1_001);
        assert!(found.messages.len() <= 1_001);
        let took = start.elapsed().as_millis();
        eprintln!("{what}: {took} ms, {} messages", found.messages.len());
        assert!(took < 8_000, "{what} takes {took} ms");
    }
    // One of everything that can be long.
    let mut names: Vec<Vec<u8>> = Vec::new();
    for _ in 0..100_000 { names.push(tlv(0x1b, b"x")); }
    let long = tlv(0x6e, &tlv(0x30, &[tlv(0xa0, &[2, 1, 5]), tlv(0xa3, &tlv(0x61, &tlv(0x30, &tlv(0xa2, &tlv(0x30, &tlv(0xa1, &tlv(0x30, &names.concat())))))))].concat()));
    let found = only(&long);
    assert!(found.content.field().leaves().len() < 1_000);
    let many = tlv(0xa0, &tlv(0x30, &tlv(0xa0, &tlv(0x30, &oid(&[0x2b, 6]).repeat(100_000)))));
    assert!(carrier::describe(&many).unwrap().len() < 2_000);
}

/// The bytes behind a token are known only if its end is reached; nothing else depends on the
/// limit.
#[test]
fn a_limit_returns_the_first_messages() {
    let bytes = unhex(&text("fuzzed/trailing-and-another.hex"));
    let all = find_messages(&bytes, 10);
    assert_eq!(all.len(), 2);
    assert_eq!(all[0].findings.len(), 1, "what stands behind the first");
    for most in 0..3 {
        let few = find_messages(&bytes, most);
        assert_eq!(few.len(), most);
        for (one, other) in few.iter().zip(&all) {
            assert_eq!((&one.layers, &one.content), (&other.layers, &other.content), "{most}");
        }
    }
}
