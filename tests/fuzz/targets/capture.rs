//! A capture file: it is read to its end in pieces of any size, and reports are made of it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spnscope::audit::{Audit, Keep};
use spnscope::judge::smb::ServerSettings;
use spnscope::show::report::audit::{RowsShown, csv_row, json_lines_row, text, write_json};

/// The audit of the file, pushed in pieces of that size.
fn read(bytes: &[u8], piece: usize) -> Audit {
    let mut audit = Audit::new(ServerSettings::default(), Keep::Rows);
    audit.begin("fuzzed");
    for piece in bytes.chunks(piece) {
        audit.push(piece);
    }
    audit.finish();
    audit
}

fuzz_target!(|bytes: &[u8]| {
    let [piece, file @ ..] = bytes else { return };
    let whole = read(file, usize::MAX);
    let pieces = read(file, usize::from(*piece) + 1);
    assert_eq!(whole.rows(), pieces.rows());
    assert_eq!(whole.inputs(), pieces.inputs());
    let mut json = String::new();
    write_json(&whole, &mut json).expect("memory takes all");
    let mut reports = text(&whole, RowsShown::All);
    for row in whole.rows() {
        reports += &csv_row(&whole, row);
        reports += &json_lines_row(&whole, row);
    }
    let summary = whole.summary();
    let apart = summary.judged + summary.refused_earlier + summary.not_judged + summary.incomplete;
    assert_eq!(summary.sign_ins, apart);
});
