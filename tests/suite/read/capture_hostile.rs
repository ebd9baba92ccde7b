//! Captures that are cut, changed and made up: rows so far and a sentence, never a panic.
//!
//! The suite takes samples of cuts and changes; `SWEEP=1` takes all of them.

use serde_json::Value;
use spnscope::audit::{Audit, Keep};
use spnscope::read::{
    capture::{Capture, Segment, TcpFlags, Time},
    stream::{Protocol, Streams, UnreadStreams},
};

use crate::{
    audit::rows::{audit, report},
    fixtures::story_server,
    read::capture_files::{Blocks, bytes, names, packets, pcap},
};

/// Of so many places one is tried, unless all are asked for.
fn step(sample: usize) -> usize {
    if std::env::var_os("SWEEP").is_some() { 1 } else { sample }
}

fn rows(file: &[u8]) -> (usize, Value) {
    let report = report(&audit(&[("made".to_owned(), file.to_vec())], usize::MAX, story_server()));
    (report["rows"].as_array().unwrap().len(), report["inputs"][0].clone())
}

#[test]
fn every_cut_gives_the_rows_before_it() {
    for (number, name) in names().into_iter().enumerate() {
        let whole = bytes(&name);
        let (all, _) = rows(&whole);
        let step = step(389);
        for len in (number % step..whole.len()).step_by(step) {
            let (found, input) = rows(&whole[..len]);
            assert!(found <= all, "{name} cut to {len}");
            let is_said = !input["findings"].as_array().unwrap().is_empty()
                || !input["refused"].is_null()
                || packets_end_at(&whole, len);
            assert!(is_said, "{name} cut to {len}: {input}");
        }
    }
}

/// Returns true if a packet or block of the file ends there.
fn packets_end_at(file: &[u8], len: usize) -> bool {
    let number = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap()) as usize;
    let is_pcapng = number(0) == 0x0A0D_0D0A;
    let mut at = if is_pcapng { 0 } else { 24 };
    while at < len {
        at += if is_pcapng { number(at + 4) } else { 16 + number(at + 8) };
    }
    at == len
}

#[test]
fn no_changed_byte_makes_it_fail() {
    for (number, name) in names().into_iter().enumerate() {
        let whole = bytes(&name);
        let step = step(151);
        for at in (number % step..whole.len().min(4096)).step_by(step) {
            let mut changed = whole.clone();
            changed[at] ^= [0xFF, 0x01, 0x80][at % 3];
            let mut audit = Audit::new(story_server(), Keep::Rows);
            audit.begin("changed");
            audit.push(&changed);
            audit.finish();
            let _ = audit.summary();
        }
    }
}

#[test]
fn a_damaged_block_is_said_and_reading_goes_on_behind_it() {
    let blocks = Blocks { is_big_endian: false };
    let all = packets(&bytes("smb3-direct-by-fqdn.pcapng"));
    let file = |damage: &[u8]| {
        let mut file = blocks.section();
        file.extend(blocks.interface(1, 9));
        file.extend(damage);
        let at = file.len();
        for packet in &all {
            file.extend(blocks.packet(0, packet.time, &packet.bytes));
        }
        (file, at)
    };
    let start = file(&[]).1;
    for (damage, code) in [
        (&[6, 0, 0, 0, 5, 0, 0, 0, 1, 2, 3, 4][..], "capture/block-length"),
        (&[6, 0, 0, 0, 0, 0, 0, 0][..], "capture/block-length"),
        (&[6, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 9][..], "capture/block-length"),
        (&blocks.block(6, &[0; 4])[..], "capture/block-unreadable"),
    ] {
        let (found, input) = rows(&file(damage).0);
        assert_eq!(found, 1, "{input}");
        assert_eq!(input["findings"][0]["code"], code);
        assert_eq!(input["findings"][0]["at"], start);
    }
    let (found, input) = rows(&[&blocks.section()[..], &vec![0xEE; 40_000]].concat());
    assert_eq!(found, 0);
    assert_eq!(input["findings"][1]["code"], "capture/rest-unread");
}

#[test]
fn a_damaged_packet_is_said_and_reading_goes_on_behind_it() {
    let all = packets(&bytes("smb3-direct-by-fqdn.pcapng"));
    let whole = pcap(1, false, &all);
    let first = 24 + 16 + all[0].bytes.len();
    let mut file = whole[..first].to_vec();
    file.extend([0xEE; 77]);
    file.extend(&whole[first..]);
    let (found, input) = rows(&file);
    assert_eq!(found, 1, "{input}");
    assert_eq!(input["findings"][0]["code"], "capture/packet-length");
    assert_eq!(input["findings"][0]["at"], first);
    // Nothing follows that could be a packet.
    let mut file = whole[..first].to_vec();
    file.extend(vec![0xEE; 400_000]);
    let (_, input) = rows(&file);
    assert_eq!(input["findings"][1]["code"], "capture/rest-unread");
}

#[test]
fn files_of_other_forms_are_named() {
    for (begins, says) in [
        (&b""[..], "empty"),
        (b"hello, world", "neither"),
        (b"\x1F\x8B\x08\0\0\0\0\0", "gzip"),
        (b"\x28\xB5\x2F\xFD\0\0\0\0", "zstd"),
        (b"PK\x03\x04\0\0\0\0", "zip"),
        (b"GMBU\0\0\0\0", "editcap"),
        (b"snoop\0\0\0", "editcap"),
        (b"ElfFile\0", "event log"),
        (b"\xD4\xC3", "neither"),
    ] {
        let (found, input) = rows(begins);
        assert_eq!(found, 0);
        let refused = input["refused"].as_str().unwrap_or_default();
        assert!(refused.contains(says), "{refused}");
    }
}

#[test]
fn packets_out_of_time_are_kept_and_said() {
    let mut all = packets(&bytes("smb3-direct-by-fqdn.pcapng"));
    let middle = all.len() / 2;
    all[middle].time = 0;
    let (found, input) = rows(&pcap(1, false, &all));
    assert_eq!(found, 1);
    assert_eq!(input["findings"][0]["code"], "capture/time-order");
    // A single packet from the future ends no connection.
    let mut all = packets(&bytes("smb3-direct-by-fqdn.pcapng"));
    all[10].time = 4_000_000_000_000_000_000;
    assert_eq!(rows(&pcap(1, false, &all)).0, 1);
}

/// A segment of that connection.
fn segment(port: u16, sequence: u32, payload: &[u8]) -> Segment<'_> {
    Segment {
        packet: 1,
        time: Time { seconds: 1000, nanoseconds: 0 },
        from: ([10, 0, 0, 1], port).into(),
        to: ([10, 0, 0, 2], 445).into(),
        sequence,
        acknowledged: None,
        flags: TcpFlags::default(),
        payload,
        missing: 0,
    }
}

#[test]
fn ever_new_connections_push_the_silent_ones_out() {
    let mut streams = Streams::default();
    for number in 0..100_000_u32 {
        let [_, high, middle, low] = number.to_be_bytes();
        let mut one = segment(1024, 0, &[]);
        one.from = ([10, high, middle, low], 1024).into();
        one.flags.syn = true;
        assert_eq!(streams.segment(&one).count(), 0);
    }
    let given_up: u64 = streams
        .remarks()
        .unread()
        .filter(|(what, _)| *what == UnreadStreams::GivenUp)
        .map(|(_, count)| count)
        .sum();
    assert_eq!(given_up, 100_000 - 32_768);
}

#[test]
fn a_length_that_never_comes_is_counted_and_not_held() {
    let mut streams = Streams::default();
    let head = b"\0\xFF\xFF\xFF\xFESMB\x40\0\0\0\0\0\0\0\x01\0";
    let mut first = head.to_vec();
    first.resize(100, 0);
    streams.segment(&segment(1024, 0, &first)).count();
    let piece = vec![0xAA; 60_000];
    for number in 0..100 {
        let sequence = 100 + number * 60_000;
        assert_eq!(streams.segment(&segment(1024, sequence, &piece)).count(), 0);
    }
    let codes: Vec<_> =
        streams.remarks().findings().iter().map(|found| found.code.as_str()).collect();
    assert_eq!(codes, ["stream/message-too-long"]);
}

#[test]
fn segments_that_never_meet_are_given_up() {
    let mut streams = Streams::default();
    streams.segment(&segment(1024, 0, b"x")).count();
    let piece = vec![0xAA; 1000];
    for number in 0..10_000_u32 {
        streams.segment(&segment(1024, 10 + number * 2000, &piece)).count();
    }
    assert!(streams.remarks().unread().any(|(what, _)| what == UnreadStreams::Holes));
}

#[test]
fn names_of_others_are_made_visible() {
    let mut file = bytes("smb3-direct-by-fqdn.pcapng");
    let name: Vec<u8> = "alice".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let evil: Vec<u8> = "=\u{202e}\u{7}e\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut at = 0;
    while at + name.len() <= file.len() {
        if file[at..].starts_with(&name) {
            file[at..at + name.len()].copy_from_slice(&evil);
        }
        at += 1;
    }
    let audit = audit(&[("evil".to_owned(), file)], usize::MAX, story_server());
    let text =
        spnscope::show::report::audit::text(&audit, spnscope::show::report::audit::RowsShown::All);
    assert!(text.contains("\\u{202e}\\u{7}e"), "{text}");
    assert!(!text.contains('\u{202e}') && !text.contains('\u{7}'));
    let row = spnscope::show::report::audit::csv_row(&audit, audit.rows()[0]);
    assert!(row.contains(",'=\\u{202e}"), "{row}");
    assert_eq!(row.lines().count(), 1);
}

/// An HTTP message with a token in `header`.
fn http(first: &str, header: &str, token: &str, body: &str) -> Vec<u8> {
    format!("{first}\r\n{header}: NTLM {token}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        .into_bytes()
}

#[test]
fn several_sign_ins_of_a_connection_to_a_proxy_are_told_apart() {
    let line = crate::fixtures::lines("exchanges.jsonl");
    let line = line.iter().find(|line| line["capture"] == "http-ntlm-curl.pcapng").unwrap();
    let token = |kind: &str| line[kind].as_str().unwrap().to_owned();
    let (ask, answer) = ("Proxy-Authorization", "Proxy-Authenticate");
    let mut turns = Vec::new();
    for (status, round) in [("407 No", 0), ("200 OK", 1)] {
        let path = format!("GET http://h/{round} HTTP/1.1");
        turns.push((true, http(&path, ask, &token("negotiate"), "")));
        turns.push((false, http("HTTP/1.1 407 No", answer, &token("challenge"), "<p>no</p>")));
        turns.push((true, http(&path, ask, &token("authenticate"), "")));
        let done = format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nok");
        turns.push((false, done.into_bytes()));
    }
    let mut streams = Streams::default();
    let mut next = [0_u32, 0];
    let mut found = Vec::new();
    for (is_client, bytes) in &turns {
        let number = &mut next[usize::from(*is_client)];
        let mut one = segment(2000, *number, bytes);
        *number += u32::try_from(bytes.len()).unwrap();
        one.to.set_port(3128);
        if !is_client {
            std::mem::swap(&mut one.from, &mut one.to);
        }
        found.extend(streams.segment(&one));
    }
    found.extend(streams.finish());
    let said: Vec<_> = found
        .iter()
        .map(|sign_in| {
            assert_eq!(sign_in.attempt.protocol, Protocol::HttpProxy);
            assert_eq!(sign_in.connection.client.port(), 2000);
            sign_in.attempt.answer.map(|answer| answer.status.to_string())
        })
        .collect();
    assert_eq!(said, [Some("HTTP 407".to_owned()), Some("HTTP 200".to_owned())]);
}

#[test]
fn requests_to_a_key_distribution_centre_are_no_sign_ins() {
    // Both are in this file, beside the one sign-in.
    let (found, _) = rows(&bytes("ad-smb3-kerberos-by-fqdn.pcapng"));
    assert_eq!(found, 1);
}

#[test]
fn a_capture_that_is_pushed_after_its_end_stays_at_its_end() {
    let mut capture = Capture::default();
    let mut count = 0;
    let file = bytes("smb3-direct-by-fqdn.pcapng");
    capture.push(&file, &mut |_| count += 1);
    capture.finish(&mut |_| count += 1);
    let packets = capture.packets();
    assert!(count > 0 && packets >= count);
}
