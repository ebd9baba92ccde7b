//! Captures in Decode: what went over the wire is beside what is simulated, and is what the audit
//! lists.

use std::sync::Arc;

use serde_json::{Value, json};
use spnscope::analysis::{CaptureReader, Exchange, analyze};
use spnscope::judge::{
    proof::{ProofVerdict, Secret, Side},
    smb::{Outcome, ServerSettings},
};
use spnscope::show::report::{render_json, render_text};
use spnscope_page::workbench::{PasteAction, Workbench};

use crate::{
    audit::rows::{audit, report},
    fixtures::{lines, story_server},
    read::capture_files::{bytes, names},
};

fn decoded(file: &[u8], settings: &ServerSettings) -> Value {
    serde_json::from_str(&render_json(&analyze(file, settings, None))).expect("the report is JSON")
}

/// Addresses, packets, answer and agreement of each sign-in are those of the audit's row, which is
/// compared with the ground truth; so are the name and the outcomes.
#[test]
fn each_sign_in_is_a_row_of_the_audit() {
    let mut sign_ins = 0;
    for name in names() {
        let file = bytes(&name);
        let report = report(&audit(&[(name.clone(), file.clone())], usize::MAX, story_server()));
        let rows = report["rows"].as_array().unwrap();
        let decoded = decoded(&file, &story_server());
        let exchanges = decoded["exchanges"].as_array().unwrap();
        if rows.is_empty() {
            assert!(exchanges.iter().all(|exchange| exchange["captured"].is_null()), "{name}");
            continue;
        }
        assert_eq!(exchanges.len(), rows.len(), "{name}");
        for (exchange, row) in exchanges.iter().zip(rows) {
            sign_ins += 1;
            let captured = &exchange["captured"];
            assert_eq!(captured["time"], row["time"], "{name}");
            assert_eq!(captured["client"]["address"], row["client"]["address"], "{name}");
            assert_eq!(captured["client"]["port"], row["client"]["port"], "{name}");
            assert_eq!(captured["server"], row["destination"], "{name}");
            assert_eq!(captured["protocol"], row["protocol"], "{name}");
            assert_eq!(captured["connected_as"], row["connected_as"], "{name}");
            assert_eq!(captured["answer"], row["server_said"], "{name}");
            assert_eq!(captured["agreement"], row["agreement"], "{name}");
            let agrees = match captured["agreement"].as_str() {
                Some("fits") => json!(true),
                Some("contradicts") => json!(false),
                _ => Value::Null,
            };
            assert_eq!(captured["agrees"], agrees, "{name}");
            if row["complete"] == true {
                let evidence = &exchange["evidence"];
                assert_eq!(evidence["target"], row["target_name"]["state"], "{name}");
                assert_eq!(evidence["spn"], row["target_name"]["value"], "{name}");
                for (decision, listed) in exchange["decisions"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .zip(row["decisions"].as_array().unwrap())
                {
                    assert_eq!(decision["outcome"], listed["outcome"], "{name}");
                }
                let is_file_server = exchange["service"]["kind"] == "smb";
                assert_eq!(is_file_server, row["judged"] == true, "{name}");
            }
        }
    }
    assert!(sign_ins >= 50, "only {sign_ins} sign-ins");
}

/// Both sides' `mechListMIC` of every sign-in in the captures: of the connection that has it, with
/// the list that its client offered. With a password that does not fit, nothing can be told.
#[test]
fn every_mech_list_mic_belongs_to_its_connection() {
    let (exchanges, signed) = (lines("exchanges.jsonl"), lines("mech-list-mics.jsonl"));
    let mut right = 0;
    for name in names() {
        let file = bytes(&name);
        for line in exchanges.iter().filter(|line| line["capture"] == *name) {
            let secret = Secret::from_password(line["password"].as_str().unwrap());
            let analysis = analyze(&file, &story_server(), Some(&secret));
            let authenticate = line["frames"][2].as_u64().unwrap();
            let has_frame = |exchange: &&Exchange| {
                let captured = exchange.captured.as_ref();
                captured.is_some_and(|captured| captured.packets.contains(&authenticate))
            };
            let Some(exchange) = analysis.exchanges().iter().find(has_frame) else {
                assert!(name.starts_with("https"), "{name}: the sign-in is in clear");
                continue;
            };
            let is_right = line["expected"]["nt_proof_ok"] == json!(true);
            let verdict = if is_right { ProofVerdict::Valid } else { ProofVerdict::Unknown };
            let own = signed.iter().filter(|signed| {
                signed["capture"] == line["capture"]
                    && signed["authenticate_frame"] == line["frames"][2]
            });
            let expected = own.map(|signed| match signed["from_client"].as_bool() {
                Some(true) => (Side::Client, verdict),
                _ => (Side::Server, verdict),
            });
            let found = exchange.mech_list_mics.iter().map(|mic| (mic.from, mic.check.verdict));
            let found: Vec<_> = found.collect();
            assert_eq!(found, expected.collect::<Vec<_>>(), "{name}, packet {authenticate}");
            right += if is_right { found.len() } else { 0 };
        }
    }
    assert_eq!(right, 56);
}

/// The server's own answer is before the first simulated level, with what it means.
#[test]
fn the_real_answer_comes_first() {
    for (name, answer, meaning) in [
        (
            "smb3-wrong-password.pcapng",
            "refused, STATUS_LOGON_FAILURE (0xC000006D)",
            "It was refused before the server checked the name.",
        ),
        (
            "impacket-bad-mic.pcapng",
            "refused, STATUS_INVALID_PARAMETER (0xC000000D)",
            "It was refused before the server checked the name.",
        ),
        (
            "smb3-anonymous.pcapng",
            "accepted, STATUS_SUCCESS",
            "The server let this in without a name, so its level is not 2.",
        ),
        (
            "smb1-nt1-no-extended-security.pcap",
            "accepted, STATUS_SUCCESS",
            "The server let this in without a name, so its level is not 2.",
        ),
    ] {
        let text = render_text(&analyze(&bytes(name), &story_server(), None));
        let place =
            |what: &str| text.find(what).unwrap_or_else(|| panic!("{name}, {what}: {text}"));
        let first = place(&format!("In this capture: {answer}\n"));
        assert!(first < place(meaning) && place(meaning) < place("Level 0 Off"), "{name}: {text}");
    }
}

/// If a denial depends on it, the address that the connection went to is asked about, and never
/// taken for the server's own: a relay may be there.
#[test]
fn an_address_is_asked_about_and_not_taken() {
    let file = bytes("smb3-direct-by-ip.pcapng");
    let unknown = analyze(&file, &ServerSettings::default(), None);
    let text = render_text(&unknown);
    assert!(
        text.contains(
            "Is that one of the server's own addresses? If so, add --server-ip 10.0.0.11."
        )
    );
    let decisions = &decoded(&file, &ServerSettings::default())["exchanges"][0]["decisions"];
    assert_eq!(decisions[1]["outcome"], "deny");
    let stated = ServerSettings {
        addresses: vec!["10.0.0.11".parse().unwrap()],
        ..ServerSettings::default()
    };
    let text = render_text(&analyze(&file, &stated, None));
    assert!(!text.contains("Is that one of"), "{text}");
    assert_eq!(decoded(&file, &stated)["exchanges"][0]["decisions"][1]["outcome"], "accept");
}

/// Pieces of any size give the same report as the whole, and a capture may be larger than a paste.
#[test]
fn pieces_and_size_do_not_matter() {
    let file = bytes("smb3-relayed-by-ip-server-side.pcapng");
    let whole = render_json(&analyze(&file, &story_server(), None));
    for piece in [1, 7, 4096] {
        let mut reader = CaptureReader::default();
        file.chunks(piece).for_each(|piece| reader.push(piece));
        assert_eq!(render_json(&reader.finish().judged(&story_server(), None)), whole, "{piece}");
    }
    let file = bytes("smb1-nt1-by-fqdn.pcap");
    let mut long = file.clone();
    while long.len() <= 5 << 20 {
        // A datagram that is no TCP: a packet of zeros.
        long.extend([0; 8]);
        long.extend(1000_u32.to_le_bytes());
        long.extend(1000_u32.to_le_bytes());
        long.extend([0; 1000]);
    }
    assert_eq!(file[..4], [0x4D, 0x3C, 0xB2, 0xA1], "little-endian, with nanoseconds");
    let report = decoded(&long, &story_server());
    assert_eq!(report["exchanges"][0]["captured"]["answer"]["status"], "STATUS_SUCCESS");
}

/// A sign-in that was not captured in full says so, and nothing is decided.
#[test]
fn a_capture_that_is_cut_off_says_so() {
    let analysis = analyze(&bytes("smb3-snaplen-160.pcap"), &story_server(), None);
    assert!(analysis.remark().unwrap().contains("Capture again without a limit (tcpdump -s 0)."));
    let text = render_text(&analysis);
    assert!(text.contains("No answer: what the client sent was not captured in full."));
    assert!(!text.contains("Level 0"), "{text}");
}

/// On the page a capture is no settings of a server, whatever its bytes look like, and a message
/// says in which packet it is.
#[test]
fn the_page_recognises_a_capture() {
    let open = |name: &str| {
        Workbench::default().apply(PasteAction::Put(Arc::from(bytes(name).as_slice())))
    };
    let bare = open("smb1-nt1-no-extended-security.pcap");
    // It has no message to look at, and is answered all the same.
    assert_eq!(bare.refusal(), None);
    assert!(bare.remark().unwrap().contains("SMB1 without extended security"));
    let answer = bare.server_only().unwrap();
    let outcomes = answer.levels.as_ref().unwrap().each_ref().map(|card| card.outcome);
    assert_eq!(outcomes, [Outcome::Accept, Outcome::Accept, Outcome::Deny]);
    assert_eq!(answer.captured.as_ref().unwrap().is_accepted, Some(true));
    assert!(!bare.offers_import());
    let view = open("smb3-wrong-password.pcapng");
    let first = &view.view().unwrap().trail[0];
    assert_eq!((first.label.as_str(), first.size.as_str()), ("capture", "packet 12"));
}
