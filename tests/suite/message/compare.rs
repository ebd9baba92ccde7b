//! Two messages side by side: what differs is said, and only that.

use proptest::{collection::vec, prelude::*};
use spnscope::message::content::Content;
use spnscope::message::{
    compare::{ByteDifference, CompareRow, Comparison, Difference, compare},
    ntlm::write::{self, AvPair, AvPairList},
    wire::{AvId, NegotiateFlags},
};
use spnscope::show::report::{ComparedMessage, ComparisonRows, render_comparison_text};

use crate::fixtures::{analysis, bytes, every_message, lines, parse, story_server, text, unhex};

fn content(bytes: &[u8]) -> Content {
    Content::Ntlm(parse(bytes))
}

/// The three messages of a derived vector.
fn vector(name: &str) -> Vec<Vec<u8>> {
    let text = text(&format!("vectors/{name}.b64"));
    text.lines().map(|line| bytes(&line.into())).collect()
}

fn t1() -> write::Authenticate {
    let message = parse(&vector("t1")[2]);
    write::Authenticate::of(message.as_authenticate().unwrap(), message.source())
}

fn pairs_of(message: &mut write::Authenticate) -> &mut AvPairList {
    &mut message.ntlmv2_mut().unwrap().client_challenge.av_pairs
}

fn compared(left: &[u8], right: &[u8]) -> Comparison {
    compare(&content(left), &content(right))
}

/// The rows that differ: name and how.
fn differing(comparison: &Comparison) -> Vec<(&str, Difference)> {
    let rows = comparison.rows.iter().filter(|row| row.difference != Difference::Same);
    rows.map(|row| (row.name.as_str(), row.difference)).collect()
}

/// The rows that differ, without those that follow from the layout.
fn said(comparison: &Comparison) -> Vec<(&str, Difference)> {
    let mut rows = differing(comparison);
    rows.retain(|(_, difference)| *difference != Layout);
    rows
}

fn row<'r>(comparison: &'r Comparison, name: &str) -> &'r CompareRow {
    comparison.rows.iter().find(|row| row.name == name).expect("a row of that name")
}

fn values(row: &CompareRow) -> [Option<&str>; 2] {
    [&row.left, &row.right].map(|side| side.as_ref().map(|side| side.value.as_str()))
}

use Difference::{Layout, OnlyLeft, OnlyRight, Order, Value};

#[test]
fn a_message_is_the_same_as_itself() {
    for (name, bytes) in every_message() {
        let comparison = compared(&bytes, &bytes);
        assert!(comparison.is_same(), "{name}: {:?}", differing(&comparison));
        assert_eq!(comparison.summary, "The two messages are the same, byte for byte.");
    }
}

/// The notes under T1 to T5: another name, none in it, none at all, another with a flag; and what
/// is computed from it.
#[test]
#[rustfmt::skip]
fn t2_to_t5_differ_from_t1_as_written_under_them() {
    let computed = |rows: &[(&'static str, Difference)]| {
        let mut all = vec![("MIC", Value), ("NTProofStr", Value)];
        all.extend(rows);
        all.push(("EncryptedRandomSessionKey", Value));
        all
    };
    let name = "MsvAvTargetName";
    let cases = [
        ("t2", Some("cifs/10.0.0.11"),    computed(&[(name, Value)])),
        ("t3", Some(""),                  computed(&[(name, Value)])),
        ("t4", None,                      computed(&[(name, OnlyLeft)])),
        ("t5", Some("cifs/dcfr.lab.lan"), computed(&[("MsvAvFlags", Value), ("target name untrusted", OnlyRight), (name, Value)])),
    ];
    let one = vector("t1");
    for (other, target, expected) in cases {
        let two = vector(other);
        let comparison = compared(&one[2], &two[2]);
        assert_eq!(said(&comparison), expected, "{other}");
        assert_eq!(values(row(&comparison, name)), [Some("cifs/10.0.0.100"), target], "{other}");
        let layout: Vec<_> = differing(&comparison).into_iter().filter(|row| row.1 == Layout).map(|row| row.0).collect();
        assert_eq!(layout, ["NtChallengeResponseLen", "NtChallengeResponseMaxLen", "EncryptedRandomSessionKeyBufferOffset"], "{other}");
        // They answer one challenge.
        assert!(compared(&one[0], &two[0]).is_same() && compared(&one[1], &two[1]).is_same());
    }
}

#[test]
fn the_sentence_says_what_differs() {
    let sentence = |one: &[u8], other: &[u8]| compared(one, other).summary;
    let (one, five) = (vector("t1"), vector("t5"));
    assert_eq!(
        sentence(&one[2], &five[2]),
        "5 fields differ: MIC, NTProofStr, MsvAvFlags, MsvAvTargetName and EncryptedRandomSessionKey; the same flags."
    );
    assert_eq!(
        sentence(&one[2], &vector("t4")[2]),
        "4 fields differ: MIC, NTProofStr, MsvAvTargetName (only left) and EncryptedRandomSessionKey; the same flags."
    );
    let mut other = t1();
    other.flags.remove(NegotiateFlags::NTLMSSP_NEGOTIATE_SIGN);
    other.flags.insert(NegotiateFlags::NTLMSSP_NEGOTIATE_SEAL);
    assert_eq!(
        sentence(&one[2], &other.build().unwrap()),
        "The flags differ: NTLMSSP_NEGOTIATE_SIGN (only left) and NTLMSSP_NEGOTIATE_SEAL (only right)."
    );
    other.mic = Some([0; 16]);
    assert_eq!(
        sentence(&one[2], &other.build().unwrap()),
        "1 field differs: MIC; the same flags except NTLMSSP_NEGOTIATE_SIGN (only left) and NTLMSSP_NEGOTIATE_SEAL (only right)."
    );
    let ntlmv1 = unhex(&text("vectors/ms-nlmp-4.2.2.3-authenticate.hex"));
    let ntlmv2 = unhex(&text("vectors/ms-nlmp-4.2.4.3-authenticate.hex"));
    assert_eq!(
        sentence(&ntlmv1, &ntlmv2),
        "6 fields differ: LmChallengeResponse, NtChallengeResponse, MsvAvNbDomainName (only right), MsvAvNbComputerName (only right), MsvAvEOL (only right) and EncryptedRandomSessionKey; the same flags except NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY (only right)."
    );
}

#[test]
fn a_flag_bit_is_named() {
    for bit in 0..32 {
        let mut other = t1();
        other.flags.toggle(NegotiateFlags::from_bits_retain(1 << bit));
        let is_set = other.flags.bits() >> bit & 1 == 1;
        let comparison = compared(&t1().build().unwrap(), &other.build().unwrap());
        let flags: Vec<_> = comparison
            .rows
            .iter()
            .filter(|row| row.is_flag() && row.difference != Difference::Same)
            .map(|row| (row.path.to_string(), row.difference))
            .collect();
        let path = format!("AUTHENTICATE_MESSAGE.NegotiateFlags#{bit}");
        assert_eq!(flags, [(path, if is_set { OnlyRight } else { OnlyLeft })]);
    }
}

#[test]
fn two_pairs_that_swap_places_differ_in_their_order_only() {
    let mut other = t1();
    pairs_of(&mut other).pairs.swap(0, 3);
    let comparison = compared(&t1().build().unwrap(), &other.build().unwrap());
    assert_eq!(differing(&comparison), [("order of the AV pairs", Order)]);
    let [left, right] = values(row(&comparison, "order of the AV pairs")).map(Option::unwrap);
    assert!(left.starts_with("MsvAvNbDomainName, MsvAvNbComputerName, "), "{left}");
    assert!(right.starts_with("MsvAvDnsComputerName, MsvAvNbComputerName, "), "{right}");
    assert_eq!(comparison.summary, "Another order of the AV pairs.");
}

/// One pair more in front leaves the others what they are.
#[test]
fn one_pair_more_is_one_difference() {
    let mut other = t1();
    pairs_of(&mut other).pairs.insert(0, AvPair::new(AvId(0x77), [1, 2]));
    pairs_of(&mut other).pairs.insert(3, AvPair::text(AvId::MsvAvNbDomainName, "TWICE"));
    let comparison = compared(&t1().build().unwrap(), &other.build().unwrap());
    let expected = [("AvId 0x0077", OnlyRight), ("MsvAvNbDomainName", OnlyRight)];
    assert_eq!(said(&comparison), expected);
    assert_eq!(
        row(&comparison, "AvId 0x0077").path.to_string(),
        "AUTHENTICATE_MESSAGE.NtChallengeResponse.NTLMv2_CLIENT_CHALLENGE.AvPairs[0]"
    );
}

#[test]
fn a_mic_that_is_missing_is_one_difference() {
    let other = write::Authenticate { mic: None, ..t1() };
    let comparison = compared(&t1().build().unwrap(), &other.build().unwrap());
    assert_eq!(said(&comparison), [("MIC", OnlyLeft)]);
    assert_eq!(comparison.summary, "1 field differs: MIC (only left); the same flags.");
}

/// A message with the same values in another layout: the payload as Samba lays it out.
#[test]
fn another_layout_changes_no_value() {
    let line = lines("messages.jsonl")
        .into_iter()
        .find(|line| line["capture"] == "smb3-direct-by-ip.pcapng" && line["type"] == 3);
    let samba = bytes(&line.unwrap()["base64"]);
    let message = parse(&samba);
    let built = write::Message::of(&message).unwrap().build().unwrap();
    let comparison = compared(&samba, &built);
    assert_eq!(said(&comparison), [("order of the payload", Order)]);
    let layout = differing(&comparison).into_iter().filter(|(_, difference)| *difference == Layout);
    assert!(layout.into_iter().all(|(name, _)| name.ends_with("BufferOffset")));
    // A pointer to nothing that points elsewhere.
    let mut bytes = vector("t1").remove(0);
    bytes[20] = 0;
    let comparison = compared(&vector("t1")[0], &bytes);
    assert_eq!(differing(&comparison), [("DomainNameBufferOffset", Layout)]);
    assert_eq!(comparison.summary, "Every value is the same, and only the layout differs.");
}

#[test]
fn bytes_that_differ_are_counted() {
    let mut other = t1();
    other.ntlmv2_mut().unwrap().nt_proof_str[3] ^= 1;
    other.ntlmv2_mut().unwrap().nt_proof_str[15] ^= 1;
    other.lm_challenge_response = Some(vec![0; 20]);
    let comparison = compared(&t1().build().unwrap(), &other.build().unwrap());
    let counted = |name| row(&comparison, name).bytes;
    assert_eq!(counted("NTProofStr"), Some(ByteDifference { differing: 2, first: 3 }));
    assert_eq!(counted("LmChallengeResponse"), Some(ByteDifference { differing: 4, first: 20 }));
    assert_eq!(counted("MIC"), None);
}

#[test]
fn messages_of_different_types_are_compared_by_what_both_have() {
    let story = vector("t1");
    let comparison = compared(&story[1], &story[2]);
    let expected = [
        ("MessageType", Value),
        ("NegotiateFlags", Value),
        ("NTLMSSP_TARGET_TYPE_DOMAIN", OnlyLeft),
        ("Version", Value),
        ("MsvAvFlags", OnlyRight),
        ("MsvAvChannelBindings", OnlyRight),
        ("MsvAvTargetName", OnlyRight),
    ];
    assert_eq!(differing(&comparison), expected);
    assert_eq!(values(row(&comparison, "MsvAvDnsTreeName")), [Some("lab.lan"); 2]);
    assert_eq!(values(row(&comparison, "Version"))[0], Some("10.0.17763, revision 15"));
    assert!(
        comparison.summary.starts_with("CHALLENGE and AUTHENTICATE are different types, "),
        "{}",
        comparison.summary
    );
    // One name in two character sets is one name.
    let negotiate = write::Negotiate::new(NegotiateFlags::NTLM_NEGOTIATE_OEM);
    let negotiate = negotiate.with_names("LAB", "OTHER").unwrap().build().unwrap();
    let comparison = compared(&negotiate, &story[2]);
    assert_eq!(values(row(&comparison, "DomainName")), [Some("LAB"); 2]);
    assert_eq!(row(&comparison, "DomainName").difference, Difference::Same);
    assert_eq!(row(&comparison, "Workstation").difference, Value);
    assert!(comparison.rows.iter().all(|row| row.name != "ServerChallenge" && row.name != "MIC"));
    // A type that is not known has only what every message has.
    let unknown = content(b"NTLMSSP\0\x04\0\0\0rest");
    let comparison = compare(&unknown, &content(&story[2]));
    assert_eq!(differing(&comparison), [("MessageType", Value)]);
}

#[test]
fn a_ticket_has_nothing_in_common_with_a_message() {
    let line = lines("kerberos.jsonl").remove(0);
    let analysis = analysis(line["gss_token_base64"].as_str().unwrap(), &story_server());
    let ticket = &analysis.tokens()[0].content;
    assert!(ticket.kerberos().is_some());
    let comparison = compare(ticket, &content(&vector("t1")[2]));
    assert_eq!(differing(&comparison), [("the type of the message", Value)]);
    assert_eq!(
        comparison.summary,
        "The messages have no field in common: KERBEROS_AP_REQ and AUTHENTICATE."
    );
    assert!(compare(ticket, ticket).is_same());
}

#[test]
fn hostile_messages_are_compared() {
    let whole = vector("t1").remove(2);
    for len in 8..whole.len() {
        let comparison = compared(&whole, &whole[..len]);
        assert!(!comparison.is_same(), "{len}");
        assert!(!comparison.summary.contains("same, byte"), "{len}: {}", comparison.summary);
    }
    // A name that is cut says how much of it is there.
    let comparison = compared(&whole, &whole[..330]);
    let [_, cut] = values(row(&comparison, "MsvAvTargetName"));
    assert_eq!(cut, Some("cifs/10 (cut: 14 of 30 bytes)"));
    assert_eq!(
        row(&comparison, "EncryptedRandomSessionKeyBufferOffset").difference,
        Difference::Same
    );
    // Two fields that share bytes, one of which is in the header.
    let mut overlapping = whole.clone();
    overlapping[32] = 20;
    overlapping[40] = 22;
    let comparison = compared(&whole, &overlapping);
    assert_eq!(row(&comparison, "DomainName").difference, Value);
    assert_eq!(row(&comparison, "UserName").difference, Value);
    assert_eq!(row(&comparison, "MIC").difference, Difference::Same);
    // A pointer that leads outside is more than a matter of layout.
    let mut outside = whole.clone();
    outside[58] = 1;
    let comparison = compared(&whole, &outside);
    let pointer = row(&comparison, "EncryptedRandomSessionKeyBufferOffset");
    assert_eq!(pointer.difference, Value);
    // Sixteen thousand pairs of one id.
    let many = write::Challenge {
        target_info: Some(AvPairList::new(vec![AvPair::new(AvId(11), []); 16_000])),
        ..write::Challenge::new(NegotiateFlags::empty(), [0; 8])
    };
    let many = many.build().unwrap();
    assert!(compared(&many, &many).is_same());
    assert!(!compared(&many, &vector("t1")[1]).is_same());
}

#[test]
fn values_cannot_redraw_a_terminal() {
    let mut other = t1();
    pairs_of(&mut other).set(AvPair::target_name("cifs/\u{1b}[2J\u{202e}nal"));
    let (left, right) = (content(&vector("t1")[2]), content(&other.build().unwrap()));
    let comparison = compare(&left, &right);
    let side = |content| ComparedMessage { label: "a\u{7}b".to_owned(), content };
    for shown in [ComparisonRows::All, ComparisonRows::Differing] {
        let text = render_comparison_text(&side(&left), &side(&right), &comparison, shown);
        assert!(text.contains("cifs/\\u{1b}[2J\\u{202e}nal"), "{text}");
        assert!(text.contains("a\\u{7}b: AUTHENTICATE, "), "{text}");
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text}");
    }
}

/// The rows of a comparison the other way round.
fn mirrored(comparison: &Comparison) -> Vec<String> {
    let row = |row: &CompareRow| {
        let difference = match row.difference {
            OnlyLeft => OnlyRight,
            OnlyRight => OnlyLeft,
            other => other,
        };
        format!("{} {:?} {:?} {difference:?} {:?}", row.name, row.right, row.left, row.bytes)
    };
    let mut rows: Vec<_> = comparison.rows.iter().map(row).collect();
    rows.sort();
    rows
}

fn as_it_is(comparison: &Comparison) -> Vec<String> {
    let row = |row: &CompareRow| {
        let difference = row.difference;
        format!("{} {:?} {:?} {difference:?} {:?}", row.name, row.left, row.right, row.bytes)
    };
    let mut rows: Vec<_> = comparison.rows.iter().map(row).collect();
    rows.sort();
    rows
}

/// Whatever differs is in some row, whichever of the two is left.
fn check_pair(left: &[u8], right: &[u8]) -> Result<(), String> {
    let (one, other) = (content(left), content(right));
    let comparison = compare(&one, &other);
    if comparison.is_same() != (left == right) {
        return Err(format!("same: {}", comparison.is_same()));
    }
    if as_it_is(&comparison) != mirrored(&compare(&other, &one)) {
        return Err("the other way round it is not the same".into());
    }
    let presence = |row: &CompareRow| match row.difference {
        OnlyLeft => row.left.is_some() && row.right.is_none(),
        OnlyRight => row.left.is_none() && row.right.is_some(),
        _ => row.is_in_both(),
    };
    match comparison.rows.iter().find(|row| !presence(row)) {
        Some(row) => Err(format!("{row:?}")),
        None => Ok(()),
    }
}

#[test]
fn real_messages_are_compared_with_each_other() {
    let messages = every_message();
    for (at, (name, bytes)) in messages.iter().enumerate() {
        // Each with some of the others, of its own type and of other types.
        for (other, right) in messages.iter().skip(at).step_by(17) {
            if let Err(wrong) = check_pair(bytes, right) {
                panic!("{name} and {other}: {wrong}");
            }
        }
    }
}

#[test]
fn no_changed_byte_is_missed() {
    for (name, bytes) in every_message() {
        let mut changed = bytes.clone();
        for at in 8..bytes.len() {
            changed[at] ^= 0x21;
            if let Err(wrong) = check_pair(&bytes, &changed) {
                panic!("{name}, byte {at}: {wrong}");
            }
            changed[at] = bytes[at];
        }
    }
}

proptest! {
    #[test]
    fn any_two_messages_are_compared(
        kinds in (0..5_u32, 0..5_u32),
        left in vec(prop_oneof![any::<u8>(), Just(0), 0..100_u8], 0..300),
        right in vec(prop_oneof![any::<u8>(), Just(0), 0..100_u8], 0..300),
    ) {
        let message = |kind: u32, rest: &[u8]| [b"NTLMSSP\0", &kind.to_le_bytes()[..], rest].concat();
        check_pair(&message(kinds.0, &left), &message(kinds.1, &right)).map_err(TestCaseError::fail)?;
    }
}
