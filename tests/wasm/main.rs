//! The library on wasm32, where `usize` has 32 bits and an unchecked `offset + len` overflows.
//!
//! Empty on every other target: `tests/suite` has the tests that run there. `make test` runs this
//! one under Node.

#![cfg(target_arch = "wasm32")]

use std::sync::Arc;

use spnscope::analysis::analyze;
use spnscope::judge::{
    proof::Secret,
    smb::{Outcome, ServerSettings},
};
use spnscope::lab::relay::{Edit, Middle, Scenario, run};
use spnscope::message::ntlm::{Message, write};
use spnscope::show::{report::render_json, words};
use wasm_bindgen_test::wasm_bindgen_test;

const T1: &str = include_str!("../fixtures/vectors/t1.b64");
const EXCHANGES: &str = include_str!("../fixtures/captures/exchanges.jsonl");

fn exchanges() -> impl Iterator<Item = String> {
    EXCHANGES.lines().map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).expect("a JSON line");
        let messages = ["negotiate", "challenge", "authenticate"];
        messages.map(|kind| line[kind].as_str().expect("base64").to_owned()).join("\n")
    })
}

#[wasm_bindgen_test]
fn usize_has_32_bits() {
    assert_eq!(usize::BITS, 32);
}

#[wasm_bindgen_test]
fn t1_is_judged_and_proven() {
    let server = ServerSettings {
        addresses: vec!["10.0.0.11".parse().unwrap()],
        ..ServerSettings::default()
    };
    let secret = Secret::from_password("Password");
    let analysis = analyze(T1.as_bytes(), &server, Some(&secret));
    let decisions = &analysis.exchanges()[0].verdict.as_ref().unwrap().decisions;
    let outcomes = decisions.as_array().each_ref().map(|decision| decision.outcome);
    assert_eq!(outcomes, [Outcome::Accept, Outcome::Deny, Outcome::Deny]);
    let keys = analysis.exchanges()[0].proof.keys.as_ref().unwrap();
    assert_eq!(keys.exported_session_key, Some([0x55; 16]));
    assert!(render_json(&analysis).contains("cifs/10.0.0.100"));
}

#[wasm_bindgen_test]
fn every_exchange_decodes_encodes_and_builds() {
    let mut messages = 0;
    for pasted in exchanges() {
        let analysis = analyze(pasted.as_bytes(), &ServerSettings::default(), None);
        assert_eq!(analysis.tokens().len(), 3);
        for token in analysis.tokens() {
            let message = token.message().unwrap();
            assert_eq!(message.field().encode(message.bytes()), message.bytes());
            let description = write::Message::of(message).unwrap();
            let built = Message::parse(description.build().unwrap().into()).unwrap();
            assert_eq!(write::Message::of(&built), Some(description));
            messages += 1;
        }
    }
    assert_eq!(messages, 150);
}

/// Lengths at the edge of 32 bits in SMB headers, SPNEGO and the AP-REQ, and every truncation.
#[wasm_bindgen_test]
fn hostile_carriers_do_not_overflow() {
    let carriers = [
        include_str!("../fixtures/carriers/smb2-compound.hex"),
        include_str!("../fixtures/carriers/smb1-authenticate.hex"),
        include_str!("../fixtures/carriers/smb2-kerberos.hex"),
    ];
    for carrier in carriers {
        let carrier: Vec<u8> = carrier
            .trim()
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect();
        assert!(!analyze(&carrier, &ServerSettings::default(), None).tokens().is_empty());
        for at in 0..carrier.len().min(400) {
            let _ = analyze(&carrier[..at], &ServerSettings::default(), None);
            for length in [&[0x84, 0xff, 0xff, 0xff, 0xff][..], &[0xff; 4], &[0x80], &[0]] {
                let mut hostile = carrier.clone();
                for (to, from) in hostile[at..].iter_mut().zip(length) {
                    *to = *from;
                }
                let _ = analyze(&hostile, &ServerSettings::default(), None);
            }
        }
    }
}

/// Offsets and lengths at the edge of 32 bits in every pointer of the header, and every truncation.
#[wasm_bindgen_test]
fn hostile_offsets_do_not_overflow() {
    let analysis = analyze(T1.as_bytes(), &ServerSettings::default(), None);
    let bytes = analysis.tokens()[2].content.bytes();
    for pointer in [12, 20, 28, 36, 44, 52] {
        for offset in [u32::MAX, u32::MAX - 1, u32::MAX - 0xFFFF, 0x7FFF_FFFF, 0, 369] {
            for len in [0_u16, 1, 212, u16::MAX] {
                let mut hostile = bytes.to_vec();
                hostile[pointer..pointer + 2].copy_from_slice(&len.to_le_bytes());
                hostile[pointer + 4..pointer + 8].copy_from_slice(&offset.to_le_bytes());
                let message = Message::parse(Arc::from(hostile.as_slice())).unwrap();
                assert_eq!(message.field().encode(&hostile), hostile);
            }
        }
    }
    for len in 8..bytes.len() {
        let message = Message::parse(Arc::from(&bytes[..len])).unwrap();
        assert_eq!(message.field().encode(&bytes[..len]), &bytes[..len]);
    }
}

#[wasm_bindgen_test]
fn the_relay_lab_plays_every_middle_and_edit() {
    for middle in Middle::ALL {
        for edit in Edit::all() {
            let mut scenario = Scenario { edit, ..Scenario::new(middle) };
            let run_unsigned = run(&scenario).unwrap();
            assert!(words::statement(&run_unsigned.why).ends_with('.'));
            scenario.requires_signing = true;
            let succeeds = run(&scenario).unwrap().ending.attack_succeeds() == Some(true);
            assert!(!succeeds || middle == Middle::OwnClient);
        }
    }
}
