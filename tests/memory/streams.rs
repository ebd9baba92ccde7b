//! The memory that an endless capture takes, of ever new connections with ever new sign-ins: at
//! most [`MAX_HELD`], whatever its size. `MEGABYTES=2048` makes it as large as that; `make check` does.
//!
//! All that is allocated at one time is counted. One test, since another would be counted with it.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and reads its files"
)]

use std::{fs, path::Path};

use peak_alloc::PeakAlloc;
use spnscope::audit::{Audit, Keep};
use spnscope::judge::smb::ServerSettings;
use spnscope::show::report::audit::{json_lines_end, json_lines_row};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Bytes of memory that the library may take.
const MAX_HELD: usize = 64 << 20;

/// The packets of the capture that is repeated, each with the header before it.
fn packets() -> Vec<Vec<u8>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/captures/smb21-direct-by-fqdn.pcap");
    let file = fs::read(file).expect("a capture");
    let mut packets = Vec::new();
    let mut at = 24;
    while at < file.len() {
        let len = u32::from_le_bytes(file[at + 8..at + 12].try_into().unwrap()) as usize;
        packets.push(file[at..at + 16 + len].to_vec());
        at += 16 + len;
    }
    packets
}

/// Makes the packet one of another client, and the proof in it another one.
fn change(packet: &mut [u8], number: u32) {
    let [_, high, middle, low] = number.to_be_bytes();
    let client = [10, 64 | high, middle, low];
    // Behind the header of the file and that of Ethernet.
    let ip = &mut packet[30..];
    let is_from_server = u16::from_be_bytes([ip[20], ip[21]]) == 445;
    let place = if is_from_server { 16 } else { 12 };
    ip[place..place + 4].copy_from_slice(&client);
    let signature = b"NTLMSSP\0\x03\0\0\0";
    if let Some(at) = packet.windows(12).position(|bytes| bytes == signature) {
        let offset = u32::from_le_bytes(packet[at + 24..at + 28].try_into().unwrap()) as usize;
        packet[at + offset..at + offset + 4].copy_from_slice(&number.to_be_bytes());
    }
}

#[test]
fn a_capture_without_end_takes_no_more_memory_than_a_short_one() {
    let megabytes = std::env::var("MEGABYTES").ok().and_then(|text| text.parse().ok());
    let size = megabytes.unwrap_or(40_u64) << 20;
    let packets = packets();
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let mut audit = Audit::new(ServerSettings::default(), Keep::Nothing);
    audit.begin("without end");
    let header =
        [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0];
    audit.push(&header);
    let (mut pushed, mut rows) = (0, 0_u32);
    let mut connections = 0_u32;
    let mut lines = 0;
    while pushed < size {
        // Every third connection is not closed, and goes on being followed.
        let kept =
            if connections.is_multiple_of(3) { packets.len() * 2 / 3 } else { packets.len() };
        for packet in &packets[..kept] {
            let mut packet = packet.clone();
            change(&mut packet, connections);
            pushed += packet.len() as u64;
            audit.push(&packet);
        }
        connections += 1;
        for row in audit.take_fresh() {
            rows += 1;
            lines += json_lines_row(&audit, &row).len();
        }
    }
    audit.finish();
    for row in audit.take_fresh() {
        rows += 1;
        lines += json_lines_row(&audit, &row).len();
    }
    lines += json_lines_end(&audit).len();
    let peak = MEMORY.peak_usage() - before;
    assert!(lines > 0);
    assert_eq!(rows, connections, "each is a sign-in");
    assert_eq!(audit.summary().sign_ins, u64::from(connections));
    assert!(peak <= MAX_HELD, "{} MiB after {connections} connections", peak >> 20);
    eprintln!("{} KiB at most, for {} MiB", peak >> 10, pushed >> 20);
}
