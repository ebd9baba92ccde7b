//! Whole reports, kept as files that someone has read. `UPDATE_GOLDEN=1` writes them anew.

use std::{env, fs};

use spnscope::analysis::analyze;
use spnscope::judge::{proof::Secret, smb::ServerSettings};
use spnscope::show::report::render_json;

use crate::fixtures::{lines, pasted, path, story_server, text};

/// Compares `report` with the file `golden/NAME.json`.
fn assert_golden(name: &str, report: &str) {
    assert_kept(&format!("{name}.json"), report);
}

/// Compares `report` with the file `golden/NAME`.
pub(crate) fn assert_kept(name: &str, report: &str) {
    let file = path(&format!("golden/{name}"));
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, report).unwrap();
    }
    let kept = fs::read_to_string(&file)
        .unwrap_or_else(|error| panic!("{}: {error}; UPDATE_GOLDEN=1 writes it", file.display()));
    let differs = kept.lines().zip(report.lines()).position(|(kept, new)| kept != new);
    if let Some(line) = differs {
        let at = |text: &str| text.lines().nth(line).unwrap_or_default().to_owned();
        let (kept, now) = (at(&kept), at(report));
        panic!(
            "{name}, line {}:\n kept {kept}\n  now {now}\nUPDATE_GOLDEN=1 writes it anew",
            line + 1
        );
    }
    assert_eq!(kept.lines().count(), report.lines().count(), "{name}");
}

#[test]
fn the_derived_vectors_have_their_kept_reports() {
    for name in ["t1", "t2", "t3", "t4", "t5"] {
        let input = text(&format!("vectors/{name}-authenticate.b64"));
        assert_golden(name, &render_json(&analyze(input.as_bytes(), &story_server(), None)));
    }
}

#[test]
fn an_exchange_with_its_password_has_its_kept_report() {
    let exchanges = lines("exchanges.jsonl");
    let line = exchanges
        .iter()
        .find(|line| line["capture"] == "smb3-relayed-by-ip-server-side.pcapng")
        .expect("the capture");
    let secret = Secret::from_password(line["password"].as_str().unwrap());
    let analysis = analyze(pasted(line).as_bytes(), &ServerSettings::default(), Some(&secret));
    assert_golden("exchange-relayed-by-ip", &render_json(&analysis));
}
