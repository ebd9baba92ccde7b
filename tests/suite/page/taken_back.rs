//! Inputs that are replaced and taken back, the way back to where one came from, and the copies of
//! the report.

use std::{fs, process::Command, sync::Arc};

use spnscope::judge::{proof::Secret, smb::Outcome};
use spnscope_page::view::{AccessField, ReportForm};
use spnscope_page::workbench::{
    Action, CaptureFile, LabAction, LinkContent, PasteAction, Place, ServerEdit, SharedSecret,
    Workbench,
};

use crate::fixtures::{path, text};

fn put(text: &str) -> PasteAction {
    PasteAction::Put(Arc::from(text.as_bytes()))
}

fn verdict(workbench: &Workbench) -> String {
    workbench.view().map(|view| view.headline.verdict.clone()).unwrap_or_default()
}

#[test]
fn every_replacement_of_an_input_can_be_taken_back_and_redone() {
    let pasted = Workbench::default().apply(put(&text("vectors/t1.b64")));
    assert!(!pasted.can_bring_back(), "nothing was there before");
    let (mine, answer) = (pasted.input().to_vec(), verdict(&pasted));
    let lab = pasted.apply(Action::Open("relay".to_owned())).apply(LabAction::Decode);
    let replacing = [
        ("a sample", pasted.apply(PasteAction::Sample(1))),
        ("Clear", pasted.apply(PasteAction::Put(Arc::default()))),
        ("another paste", pasted.apply(put("hello"))),
        ("the lab", lab),
    ];
    for (what, replaced) in replacing {
        assert_ne!(replaced.input(), mine, "{what}");
        let back = replaced.apply(PasteAction::BringBack);
        assert_eq!((back.input(), verdict(&back)), (&mine[..], answer.clone()), "{what}");
        assert_eq!(back.prefilled(), Some(&mine[..]), "{what}: the box shows it");
        assert_eq!(back.can_bring_back(), what != "Clear", "{what}");
        if back.can_bring_back() {
            let forth = back.apply(PasteAction::BringBack);
            assert_eq!(forth.input(), replaced.input(), "{what}");
            assert_eq!(verdict(&forth), verdict(&replaced), "{what}");
        }
    }
}

#[test]
fn a_key_replaces_nothing_and_what_was_replaced_before_stays() {
    let sample = text("vectors/t1.b64");
    let pasted = Workbench::default().apply(put("hello there")).apply(put(&sample));
    let typed = pasted.apply(put(&format!("{sample}x"))).apply(put(&sample));
    let back = typed.apply(PasteAction::BringBack);
    assert_eq!(back.input(), b"hello there");
}

#[test]
fn a_secret_goes_with_its_input_and_does_not_come_back() {
    let secret = SharedSecret::new(Secret::from_password("Password"));
    let proven =
        Workbench::default().apply(put(&text("vectors/t1.b64"))).apply(Action::Prove(Some(secret)));
    let back = proven.apply(put("hello")).apply(PasteAction::BringBack);
    let proof = back.view().and_then(|view| view.proof.clone()).expect("a proof");
    assert_eq!(proof.secret, spnscope::judge::proof::SecretKind::None);
}

#[test]
fn a_capture_file_comes_back_with_what_was_found_in_it() {
    use spnscope_page::workbench::{FileAction, FileEnd};
    let bytes = fs::read(path("captures/impacket-bad-mic.pcapng")).unwrap();
    let mut reader = spnscope::analysis::CaptureReader::default();
    reader.push(&bytes);
    let found = Arc::new(reader.finish());
    let opened = Workbench::default()
        .apply(FileAction::Begin(CaptureFile::new("bad-mic.pcapng", Some(bytes.len() as u64))))
        .apply(FileAction::End { bytes: bytes.len() as u64, found, end: FileEnd::Whole });
    let answer = verdict(&opened);
    assert!(!answer.is_empty());
    let back = opened.apply(put("hello")).apply(PasteAction::BringBack);
    assert_eq!(verdict(&back), answer);
    assert_eq!(back.file().map(CaptureFile::name), Some("bad-mic.pcapng"));
}

#[test]
fn one_comes_back_to_the_lab_from_what_it_opened_and_from_nothing_else() {
    let lab = Workbench::default().apply(Action::Open("relay/nat/nothing/1".to_owned()));
    let opened = lab.apply(LabAction::Decode);
    let (place, address) = opened.came_from().expect("it is from the lab");
    assert_eq!((place, address), (Place::Relay, lab.lab().unwrap().address()));
    let step = opened.apply(LabAction::Step(1)).apply(Action::Open(lab.lab().unwrap().address()));
    assert_eq!(step.lab().unwrap().step(), 1, "what is played already is not played anew");
    assert_eq!(opened.apply(put("hello")).came_from(), None);
    let gone_to = Workbench::default().apply(PasteAction::Sample(0));
    let gone_to =
        gone_to.apply(Action::Open("relay".to_owned())).apply(Action::Open("decode".to_owned()));
    assert_eq!(gone_to.came_from(), None);
}

#[test]
fn a_link_takes_along_what_is_asked_for() {
    let address = ServerEdit::Addresses(vec!["10.0.0.11".parse().unwrap()]);
    let pasted = Workbench::default().apply(put(&text("vectors/t1.b64"))).apply(address);
    for leaves_secrets_out in [false, true] {
        for has_server in [false, true] {
            let content = LinkContent { leaves_secrets_out, has_server };
            let linked = pasted.apply(PasteAction::Link(content));
            let link = linked.link().expect("a link").to_owned();
            let opened = Workbench::default().apply(Action::Open(link));
            assert!(!opened.address_not_found());
            let is_whole = opened.input() == pasted.input();
            assert_eq!(is_whole, !leaves_secrets_out, "{content:?}");
            assert_eq!(verdict(&opened) == verdict(&pasted), has_server, "{content:?}");
            assert_eq!(opened.kept(), None);
        }
    }
}

#[test]
fn a_link_with_a_server_waits_like_any_other_and_brings_it_then() {
    let address = ServerEdit::Addresses(vec!["10.0.0.11".parse().unwrap()]);
    let linked = Workbench::default()
        .apply(put(&text("vectors/t1.b64")))
        .apply(address)
        .apply(PasteAction::Link(LinkContent { leaves_secrets_out: false, has_server: true }));
    let link = linked.link().unwrap().to_owned();
    let own = Workbench::default().apply(put("hello")).apply(Action::Open(link));
    assert!(own.asks_to_replace() && own.server().addresses.is_empty());
    let replaced = own.apply(PasteAction::Replace);
    assert_eq!(replaced.server(), linked.server());
    assert!(replaced.can_bring_back());
    // It was said of what the address brought, and goes with that.
    let own = replaced.apply(put(&format!("{}\n\n", text("vectors/t1.b64"))));
    assert!(own.server().addresses.is_empty());
}

/// The output of the program.
fn printed(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_spnscope")).args(arguments).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_report_is_what_the_command_line_prints_to_the_letter() {
    let forms = [(ReportForm::Text, "text"), (ReportForm::Json, "json")];
    let address = ServerEdit::Addresses(vec!["10.0.0.11".parse().unwrap()]);
    let allowed = ServerEdit::Allow("nas.lab.lan".to_owned());
    let pasted = Workbench::default().apply(put(&text("vectors/t1.b64")));
    let stated = pasted.apply(address).apply(allowed);
    let file = path("vectors/t1.b64");
    let file = file.to_str().unwrap();
    for (form, word) in forms {
        let report = |workbench: &Workbench| workbench.reported().unwrap().render(form);
        assert_eq!(report(&pasted), printed(&["decode", "--format", word, file]));
        let server = ["--server-ip", "10.0.0.11", "--allowed", "nas.lab.lan"];
        let arguments = [&["decode", "--format", word, file][..], &server].concat();
        assert_eq!(report(&stated), printed(&arguments));
    }

    let asked = [
        (AccessField::Opened, r"\\10.0.0.100\share"),
        (AccessField::Names, "DCFR dcfr.lab.lan"),
        (AccessField::Addresses, "10.0.0.11"),
    ];
    let asked = asked.into_iter().fold(
        Workbench::default().apply(Action::Open("decode/access-denied".to_owned())),
        |workbench, (field, text)| workbench.apply(Action::Ask(field, text.to_owned())),
    );
    let outcomes = asked.access().and_then(|view| view.answer).unwrap().levels;
    let outcomes = outcomes.map(|card| card.outcome);
    assert_eq!(outcomes, [Outcome::Accept, Outcome::Deny, Outcome::Deny]);
    for (form, word) in forms {
        let arguments = [
            "decide",
            "--format",
            word,
            "--spn",
            "cifs/10.0.0.100",
            "--server-name",
            "DCFR",
            "--server-name",
            "dcfr.lab.lan",
            "--server-ip",
            "10.0.0.11",
        ];
        assert_eq!(asked.reported().unwrap().render(form), printed(&arguments));
    }
}

#[test]
fn the_form_keeps_what_was_typed_and_leaves_the_paste_alone() {
    let pasted = Workbench::default().apply(put(&text("vectors/t1.b64")));
    let open = pasted.apply(Action::Open("decode/access-denied".to_owned()));
    let typed = open.apply(Action::Ask(AccessField::Opened, r"\\nas".to_owned()));
    assert!(typed.access().unwrap().answer.is_some() && !typed.address_not_found());
    let closed = typed.apply(Action::Open("decode".to_owned()));
    assert_eq!((closed.access(), closed.input()), (None, pasted.input()));
    let again = closed.apply(Action::Open("decode/access-denied".to_owned()));
    assert_eq!(again.access_form().text(AccessField::Opened), r"\\nas");
    let answered = again.apply(put(&text("vectors/t1.b64")));
    assert_eq!(answered.access(), None, "also where the same is pasted again");
}
