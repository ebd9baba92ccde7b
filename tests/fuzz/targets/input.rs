//! Pasted text or bytes, through everything that is made of them.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use spnscope::analysis::analyze;
use spnscope::judge::{
    proof::Secret,
    smb::{Role, ServerSettings},
};
use spnscope::show::report;
use spnscope_page::view;

/// A server of which everything is known.
static KNOWN: LazyLock<ServerSettings> = LazyLock::new(|| ServerSettings {
    role: Role::DomainController,
    names: vec!["DCFR".into(), "dcfr.lab.lan".into()],
    domains: vec!["LAB".into(), "lab.lan".into()],
    addresses: ["10.0.0.11", "fd00:11::11"].map(|address| address.parse().unwrap()).into(),
    allowed: vec!["files".into(), "10.0.0.100".into()],
    audit_client_spn: true,
    ..ServerSettings::default()
});

/// The password of the vectors.
static SECRET: LazyLock<Secret> = LazyLock::new(|| Secret::from_password("Password"));

/// A view lists all messages, so that the views of many take the square of the time.
const MAX_VIEWS: usize = 16;

fuzz_target!(|input: &[u8]| {
    // Both kinds of question, without taking twice the time.
    let (settings, secret) = if input.len().is_multiple_of(2) {
        (&ServerSettings::default(), None)
    } else {
        (&*KNOWN, Some(&*SECRET))
    };
    let analysis = analyze(input, settings, secret);
    // A sign-in in a capture may have no message: of SMB1 without extended security, or cut off.
    let is_nothing = analysis.tokens().is_empty() && analysis.exchanges().is_empty();
    assert_eq!(is_nothing, analysis.refusal().is_some());
    let reports = [report::render_json(&analysis), report::render_text(&analysis)];
    std::hint::black_box(reports);
    for (number, token) in analysis.tokens().iter().enumerate().take(MAX_VIEWS) {
        for layer in 0..token.layers.len() {
            let place = token.layer_pasted(layer);
            assert!(place.end <= input.len(), "{:?} is outside: {place:?}", token.layers[layer]);
        }
        for (layer, finding) in token.all_findings() {
            assert!(layer < token.layers.len(), "{finding:?} is about no layer");
        }
        let view = view::decode(&analysis, number, settings).expect("a view");
        let mut next = 0;
        for cell in &view.map.cells {
            assert_eq!(cell.span.start, next, "a byte is in no cell");
            next = cell.span.end;
        }
        assert_eq!(next, view.bytes.len(), "the cells do not reach the end");
    }
    assert!(view::decode(&analysis, analysis.tokens().len(), settings).is_none());
});
