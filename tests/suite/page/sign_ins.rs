//! Several sign-ins as a table, what a capture shows of each, and what is asked of the reader.

use std::sync::Arc;

use spnscope::analysis::analyze;
use spnscope::audit::overview;
use spnscope::base::finding::Severity;
use spnscope::judge::smb::{Outcome, ServerSettings};
use spnscope_page::view::{Column, DecodeView, Order, PassedOn, SignInTable, sign_ins};
use spnscope_page::workbench::{PasteAction, SelectAction, ServerEdit, Workbench};

use crate::{
    audit::rows::audit,
    fixtures::{story_server, text},
    read::capture_files::{bytes, names},
};

fn put(bytes: Vec<u8>) -> Workbench {
    Workbench::default().apply(PasteAction::Put(bytes.into()))
}

fn shown(name: &str) -> Arc<DecodeView> {
    Arc::clone(put(bytes(name)).view().unwrap())
}

/// Files of pcapng one behind the other are one file.
fn joined(names: &[&str]) -> Vec<u8> {
    names.iter().flat_map(|name| bytes(name)).collect()
}

fn table(input: &[u8]) -> SignInTable {
    sign_ins(&analyze(input, &story_server(), None)).expect("there are several")
}

/// The third messages of the vectors, twelve of each, with another MIC each.
fn sixty() -> String {
    let all = [
        include_str!("../../fixtures/vectors/t1.b64"),
        include_str!("../../fixtures/vectors/t2-authenticate.b64"),
        include_str!("../../fixtures/vectors/t3-authenticate.b64"),
        include_str!("../../fixtures/vectors/t4-authenticate.b64"),
        include_str!("../../fixtures/vectors/t5-authenticate.b64"),
    ];
    let messages = all.map(|text| text.trim_end().lines().last().unwrap());
    // A second copy of a message would be merged with the first. These characters are bytes of the
    // MIC.
    let rows = (0..60).zip(messages.iter().cycle());
    rows.map(|(number, message)| format!("{}{number:04}{}\n", &message[..100], &message[104..]))
        .collect()
}

/// Decode counts the same sign-ins as the audit.
#[test]
fn the_numbers_are_those_of_the_audit() {
    let all: Vec<_> = names().into_iter().filter(|name| name.ends_with(".pcapng")).collect();
    let all: Vec<_> = all.iter().map(String::as_str).collect();
    let joined = joined(&all);
    let audited = audit(&[("all.pcapng".to_owned(), joined.clone())], usize::MAX, story_server());
    let analysis = analyze(&joined, &story_server(), None);
    assert_eq!(overview(&analysis).summary, audited.summary());
    for name in names() {
        let file = bytes(&name);
        let audited = audit(&[(name.clone(), file.clone())], usize::MAX, story_server());
        let analysis = analyze(&file, &story_server(), None);
        let is_decoded = analysis.exchanges().iter().any(|exchange| exchange.captured.is_some());
        if is_decoded {
            assert_eq!(overview(&analysis).summary, audited.summary(), "{name}");
        }
    }
}

#[test]
fn one_sentence_says_what_would_become_of_them() {
    let pasted = put(sixty().into_bytes());
    let (table, chosen) = pasted.sign_ins().unwrap();
    let first = table.shown("", Order::default())[0];
    assert_eq!((table.rows.len(), chosen), (60, Some(first)), "what is denied is shown at once");
    let denied = table.rows.iter().filter(|row| row.answer_words() == "denied at level 2").count();
    assert!(
        denied > 0 && table.sentence.contains(" of 5 would be denied at level"),
        "{}",
        table.sentence
    );
    // A message pasted twice is no relay.
    assert!(table.passed_on.is_none() && table.rows.iter().all(|row| row.passed_on.is_none()));
    assert!(put(sixty().lines().next().unwrap().into()).sign_ins().is_none(), "one is no table");

    let both = table_of_denials();
    assert!(
        both.sentence.starts_with(
            "2 of 3 would be denied at levels 1 and 2: 10.0.0.100 (1), 10.0.0.50 (1)."
        ),
        "{}",
        both.sentence
    );
    // A name that is missing is denied at level 2 only.
    let of = |names: &[&str]| {
        let lines = names.iter().map(|name| text(&format!("vectors/{name}-authenticate.b64")));
        let lines: String = lines.collect();
        sign_ins(&analyze(lines.as_bytes(), &story_server(), None)).unwrap().sentence
    };
    assert_eq!(of(&["t2", "t4"]), "1 of 2 would be denied, at level 2 only: no name (1).");
    assert_eq!(
        of(&["t1", "t2", "t4"]),
        "1 of 3 would be denied at level 1: 10.0.0.100 (1). At level 2 it would be 2."
    );
}

/// One that is denied through a relay, one through NAT, and one that is let in.
fn table_of_denials() -> SignInTable {
    table(&joined(&[
        "smb3-direct-by-ip.pcapng",
        "smb3-relayed-by-ip-client-side.pcapng",
        "smb3-dnat-by-ip-client-side.pcapng",
    ]))
}

#[test]
fn denied_sign_ins_come_first_and_all_are_sorted_and_filtered() {
    let table = table_of_denials();
    let asked = |rows: Vec<usize>| -> Vec<&str> {
        rows.into_iter().map(|row| &*table.rows[row].asked_for).collect()
    };
    let order = Order::default();
    assert_eq!(
        asked(table.shown("", order)),
        ["cifs/10.0.0.100", "cifs/10.0.0.50", "cifs/10.0.0.11"]
    );
    assert_eq!(
        asked(table.shown("", order.by(Column::Answers))),
        ["cifs/10.0.0.11", "cifs/10.0.0.100", "cifs/10.0.0.50"]
    );
    let by_name = order.by(Column::AskedFor);
    assert_eq!(
        asked(table.shown("", by_name)),
        ["cifs/10.0.0.100", "cifs/10.0.0.11", "cifs/10.0.0.50"]
    );
    assert_eq!(asked(table.shown("DENIED .50", order)), ["cifs/10.0.0.50"]);
    assert!(table.shown("nobody of that name", order).is_empty());
}

#[test]
fn one_proof_on_two_connections_says_who_can_be_in_the_middle() {
    for (name, how) in [("relayed", PassedOn::ByTheMiddle), ("dnat", PassedOn::Translated)] {
        let sides =
            ["client", "server"].map(|side| format!("smb3-{name}-by-ip-{side}-side.pcapng"));
        let table = table(&joined(&[&sides[0], &sides[1], "smb3-direct-by-ip.pcapng"]));
        let marked: Vec<_> = table.rows.iter().map(|row| row.passed_on).collect();
        assert_eq!(
            marked.iter().filter(|mark| **mark == Some(how)).count(),
            2,
            "{name}: {marked:?}"
        );
        assert_eq!(marked.iter().filter(|mark| mark.is_none()).count(), 1, "{name}");
        assert!(table.passed_on.is_some(), "{name}");
        assert!(table.sentence.contains(" of 2 "), "they count once: {}", table.sentence);
    }
    // One connection captured twice is one sign-in.
    let twice = joined(&["smb3-direct-by-ip.pcapng", "smb3-direct-by-ip.pcapng"]);
    assert!(sign_ins(&analyze(&twice, &story_server(), None)).is_none());
}

#[test]
fn another_row_is_another_answer_and_the_table_stays() {
    let input = joined(&["smb3-direct-by-ip.pcapng", "smb3-dnat-by-ip-client-side.pcapng"]);
    let first = put(input);
    let (table, chosen) = first.sign_ins().unwrap();
    assert_eq!(chosen, Some(0));
    let second = first.apply(SelectAction::Message(table.rows[1].token.unwrap()));
    let (same, chosen) = second.sign_ins().unwrap();
    assert!(Arc::ptr_eq(table, same) && chosen == Some(1));
    assert_ne!(first.view(), second.view());
    assert_eq!(
        second.apply(SelectAction::Message(table.rows[0].token.unwrap())).view(),
        first.view()
    );
}

#[test]
fn the_real_answer_stands_before_the_simulated_one_and_says_where_they_differ() {
    for (name, answer, status, severity) in [
        ("impacket-bad-mic.pcapng", "Refused", "STATUS_INVALID_PARAMETER", Some(Severity::Warning)),
        ("smb3-wrong-password.pcapng", "Refused", "STATUS_LOGON_FAILURE", Some(Severity::Warning)),
        ("smb3-direct-by-fqdn.pcapng", "Accepted", "STATUS_SUCCESS", None),
        ("smb3-direct-by-ip.pcapng", "Accepted", "STATUS_SUCCESS", Some(Severity::Note)),
        ("ad-ldap-gss-spnego-ntlm.pcapng", "Accepted", "LDAP result 0", None),
    ] {
        let view = shown(name);
        let captured = view.captured.as_ref().unwrap();
        assert!(captured.answer.starts_with(answer), "{name}: {captured:?}");
        assert!(captured.status.starts_with(status), "{name}: {captured:?}");
        assert_eq!(captured.compared.map(|it| it.severity), severity, "{name}: {captured:?}");
    }
    let ldap = shown("ad-ldap-gss-spnego-ntlm.pcapng");
    assert!(ldap.headline.before.contains("a directory server (LDAP)"), "{:?}", ldap.headline);
    assert!(ldap.relayed.is_some() && ldap.question.is_none());
    assert!(put(sixty().into_bytes()).view().unwrap().captured.is_none(), "no capture, no answer");
}

#[test]
fn the_address_of_the_connection_is_asked_for_and_never_taken_for_the_servers_own() {
    let outcome = |workbench: &Workbench| {
        let card = &workbench.view().unwrap().levels.as_ref().unwrap()[2];
        (card.outcome, card.depends)
    };
    for (name, answers) in [
        // Connected to what was asked for: it proves nothing.
        ("smb3-direct-by-ip.pcapng", &[("No", Outcome::Deny), ("Yes", Outcome::Accept)][..]),
        (
            "smb3-relayed-by-ip-client-side.pcapng",
            &[("No", Outcome::Deny), ("Yes", Outcome::Accept)],
        ),
        (
            "smb3-dnat-by-ip-server-side.pcapng",
            &[
                ("Only 10.0.0.11", Outcome::Deny),
                ("Both", Outcome::Accept),
                ("Only 10.0.0.50", Outcome::Accept),
            ],
        ),
    ] {
        let opened = put(bytes(name));
        assert_eq!(outcome(&opened), (Outcome::Deny, true), "{name}");
        let question = opened.view().unwrap().question.clone().unwrap();
        assert_eq!(question.answers.len(), answers.len(), "{name}");
        for ((words, says), (expected, answer)) in question.answers.into_iter().zip(answers) {
            assert_eq!(words, *expected, "{name}");
            let answered = opened.apply(ServerEdit::from(says));
            assert_eq!(outcome(&answered), (*answer, false), "{name}: {words}");
            assert_eq!(answered.view().unwrap().question, None, "{name}: it is answered");
        }
    }
    // If the name settles it, nothing is asked.
    assert_eq!(shown("smb3-direct-by-fqdn.pcapng").question, None);
    let stated = analyze(&bytes("smb3-direct-by-ip.pcapng"), &ServerSettings::default(), None);
    assert!(stated.exchanges()[0].verdict.as_ref().unwrap().server.names.len() > 1);
}
