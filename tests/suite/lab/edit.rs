//! Messages edited by hand: what changes, which check catches it, and what only the client can
//! compute.

use spnscope::analysis::{Analysis, Edits, analyze};
use spnscope::judge::{
    proof::{ExchangeMessages, ProofVerdict, Secret},
    smb::{Level, Outcome, ServerSettings, StepKind, StepState},
};
use spnscope::lab::edit::{EditError, Editable, Form, as_client, change, is_editable};
use spnscope::message::{
    content::Content,
    field::FieldPath,
    ntlm::{Message, write},
};
use spnscope::show::words;
use spnscope_page::view::field_rows;

use crate::fixtures::{every_message, field_path, lines, parse, pasted, story_server, text};

const LIST: &str = "AUTHENTICATE_MESSAGE.NtChallengeResponse.NTLMv2_CLIENT_CHALLENGE.AvPairs";

fn t1() -> Analysis {
    analyze(text("vectors/t1.b64").as_bytes(), &story_server(), None)
}

fn secret() -> Secret {
    Secret::from_password("Password")
}

/// T1 with one value of a message changed.
fn edited(token: usize, path: &str, value: Option<&str>, secret: Option<&Secret>) -> Analysis {
    let captured = t1();
    let mut edits = Edits::default();
    edits.change(&captured, token, &field_path(path), value).unwrap();
    captured.with(&edits, &story_server(), secret)
}

fn verdicts(analysis: &Analysis) -> (ProofVerdict, ProofVerdict) {
    let proof = &analysis.exchanges()[0].proof;
    (proof.response.verdict, proof.mic.verdict)
}

/// The step at which the attempt ends at level 2.
fn ends_at(analysis: &Analysis) -> Option<StepKind> {
    let verdict = analysis.exchanges()[0].verdict.as_ref().unwrap();
    let steps = &verdict.decisions[Level::RequiredFromClient].steps;
    steps.iter().find(|step| step.state == StepState::Failed).map(|step| step.kind)
}

fn paths(message: &Message) -> Vec<FieldPath> {
    let (rows, _) = field_rows(&Content::Ntlm(message.clone()));
    let paths = rows.into_iter().filter(|row| {
        let editable = Editable::at(message, &row.path).is_some();
        assert_eq!(is_editable(message, &row.path), editable, "{}", row.path);
        assert_eq!(row.editable, editable, "{}", row.path);
        editable
    });
    paths.map(|row| row.path).collect()
}

#[test]
fn every_value_of_every_message_changed_to_itself_changes_nothing() {
    let mut count = 0;
    for (name, bytes) in every_message() {
        let message = parse(&bytes);
        let Some(parts) = write::Message::of(&message) else { continue };
        for path in paths(&message) {
            let editable = Editable::at(&message, &path).unwrap();
            // A list that lacks a target name gets one; that is a change.
            if editable.value.is_empty() && !editable.removable {
                continue;
            }
            let same = change(&message, &path, Some(&editable.value))
                .unwrap_or_else(|error| panic!("{name}, {path}: {error}"));
            assert_eq!(write::Message::of(&same), Some(parts.clone()), "{name}, {path}");
            count += 1;
        }
    }
    assert!(count > 1000, "{count} values");
}

#[test]
fn an_editable_value_has_its_form() {
    let authenticate = t1().tokens()[2].message().unwrap().clone();
    let at = |path: &str| Editable::at(&authenticate, &field_path(path)).unwrap();
    let name = at(&format!("{LIST}[8].Value"));
    assert_eq!(
        (name.name.as_str(), name.form, name.value.as_str(), name.removable),
        ("MsvAvTargetName", Form::Text, "cifs/10.0.0.100", true)
    );
    assert_eq!(at(&format!("{LIST}[8]")), name);
    assert_eq!(at(&format!("{LIST}[6]")).value, "0x00000002");
    assert_eq!(at("AUTHENTICATE_MESSAGE.NegotiateFlags").value, "0xe2888215");
    assert_eq!(at("AUTHENTICATE_MESSAGE.UserName").value, "User");
    assert_eq!(at("AUTHENTICATE_MESSAGE.MIC").value, "aa892c6fdd873312b58a655d76beab92");
    for path in ["AUTHENTICATE_MESSAGE.Signature", "AUTHENTICATE_MESSAGE", LIST] {
        assert_eq!(Editable::at(&authenticate, &field_path(path)), None, "{path}");
    }
    // The pair that ends the list, one beyond it, and a name of another message.
    for path in [format!("{LIST}[9]"), format!("{LIST}[99]"), "X.TargetName".to_owned()] {
        let path = field_path(&path);
        assert_eq!(Editable::at(&authenticate, &path), None, "{path}");
        assert_eq!(change(&authenticate, &path, Some("1")), Err(EditError::NotEditable), "{path}");
    }
    let cut = parse(&authenticate.bytes()[..330]);
    assert_eq!(Editable::at(&cut, &field_path("AUTHENTICATE_MESSAGE.UserName")), None);
}

#[test]
fn a_mistyped_value_is_refused_with_a_sentence() {
    let authenticate = t1().tokens()[2].message().unwrap().clone();
    let flags = "AUTHENTICATE_MESSAGE.NegotiateFlags";
    let mic = "AUTHENTICATE_MESSAGE.MIC";
    let user = "AUTHENTICATE_MESSAGE.UserName";
    let time = format!("{LIST}[5]");
    for (path, value, said) in [
        (flags, Some("0xe28882150"), "at most eight digits"),
        (flags, Some("+1"), "hex number"),
        (flags, Some(""), "hex number"),
        (flags, None, "cannot be changed"),
        (mic, Some("00"), "16 bytes"),
        (mic, Some("0g"), "Enter hex"),
        (&time, Some("123"), "pairs of the digits"),
        (user, None, "cannot be changed"),
        (user, Some(&"x".repeat(40_000)), "80000 bytes"),
    ] {
        let error = change(&authenticate, &field_path(path), value).unwrap_err().to_string();
        assert!(error.contains(said), "{path}: {error}");
    }
    // Of the OEM code page only ASCII is known.
    let oem = change(&authenticate, &field_path(flags), Some("0xe2888216")).unwrap();
    let error = change(&oem, &field_path(user), Some("Zoë")).unwrap_err().to_string();
    assert!(error.contains("OEM"), "{error}");
}

#[test]
fn a_changed_target_name_ends_at_the_proof() {
    let name = format!("{LIST}[8]");
    for value in [Some("cifs/10.0.0.11"), Some("cifs/10.0.0.101"), Some(""), None] {
        let told = edited(2, &name, value, None);
        assert_eq!(verdicts(&told), (ProofVerdict::Invalid, ProofVerdict::Invalid), "{value:?}");
        let verdict = told.exchanges()[0].verdict.as_ref().unwrap();
        assert!(verdict.decisions.values().all(|at| at.outcome == Outcome::LogonFailure));
        let reason = &verdict.decisions[Level::Off].reasons[0];
        assert!(words::reason(reason).contains("over other bytes"));

        let compared = edited(2, &name, value, Some(&secret()));
        assert_eq!(verdicts(&compared).0, ProofVerdict::Invalid);
        assert_eq!(ends_at(&compared), Some(StepKind::Proof));
        let values = compared.exchanges()[0].proof.response.values.as_ref().unwrap();
        assert_ne!(values.received, values.computed);
        assert_eq!(compared.exchanges()[0].proof.keys, None, "no key without a proof");
    }
}

#[test]
fn what_the_proof_does_not_cover_the_mic_does() {
    for (token, path, value) in [
        (2, "AUTHENTICATE_MESSAGE.NegotiateFlags", "0xc2888215"),
        (2, "AUTHENTICATE_MESSAGE.Workstation", "OTHER"),
        (2, "AUTHENTICATE_MESSAGE.UserName", "USER"),
        (2, "AUTHENTICATE_MESSAGE.MIC", "00112233445566778899aabbccddeeff"),
        (1, "CHALLENGE_MESSAGE.TargetName", "OTHER"),
        (1, "CHALLENGE_MESSAGE.TargetInfo[1]", "OTHER"),
        (0, "NEGOTIATE_MESSAGE.NegotiateFlags", "0xc2088297"),
    ] {
        let told = edited(token, path, Some(value), None);
        assert_eq!(verdicts(&told), (ProofVerdict::Unknown, ProofVerdict::Invalid), "{path}");
        assert_eq!(ends_at(&told), Some(StepKind::Mic), "{path}");
        let compared = edited(token, path, Some(value), Some(&secret()));
        assert_eq!(verdicts(&compared), (ProofVerdict::Valid, ProofVerdict::Invalid), "{path}");
    }
    // The MIC itself taken out: announced, and not there.
    let without = edited(2, "AUTHENTICATE_MESSAGE.MIC", None, None);
    assert_eq!(ends_at(&without), Some(StepKind::Mic));
    assert_eq!(verdicts(&without).1, ProofVerdict::Absent);
}

#[test]
fn the_key_of_the_proof_is_made_of_the_names() {
    for (path, value) in
        [("AUTHENTICATE_MESSAGE.UserName", "Userin"), ("AUTHENTICATE_MESSAGE.DomainName", "LAC")]
    {
        assert_eq!(
            verdicts(&edited(2, path, Some(value), None)).0,
            ProofVerdict::Invalid,
            "{path}"
        );
    }
}

#[test]
fn a_target_name_is_added_where_there_is_none() {
    let captured = t1();
    let mut edits = Edits::default();
    edits.change(&captured, 2, &field_path(&format!("{LIST}[8]")), None).unwrap();
    let shown = captured.with(&edits, &story_server(), None);
    edits.change(&shown, 2, &field_path(LIST), Some("cifs/dcfr")).unwrap();
    let shown = captured.with(&edits, &story_server(), None);
    let verdict = shown.exchanges()[0].verdict.as_ref().unwrap();
    assert_eq!(verdict.evidence.target.text(), Some("cifs/dcfr"));
}

#[test]
fn only_the_client_can_state_another_name() {
    let captured = t1();
    let mut edits = Edits::default();
    edits.change(&captured, 2, &field_path(&format!("{LIST}[8]")), Some("cifs/10.0.0.11")).unwrap();
    let shown = captured.with(&edits, &story_server(), None);
    let other = Secret::from_password("other");
    for (secret, said) in [(None, "needs the user's password"), (Some(&other), "does not fit")] {
        let mut edits = edits.clone();
        let because = edits.as_client(&captured, &shown, 2, secret).unwrap_err().to_string();
        assert!(because.contains(said), "{because}");
        assert_eq!(captured.with(&edits, &story_server(), None), shown, "nothing is changed");
    }
    let secret = secret();
    edits.as_client(&captured, &shown, 2, Some(&secret)).unwrap();
    let proven = captured.with(&edits, &story_server(), Some(&secret));
    assert_eq!(verdicts(&proven), (ProofVerdict::Valid, ProofVerdict::Valid));
    let verdict = proven.exchanges()[0].verdict.as_ref().unwrap();
    assert!(verdict.decisions.values().all(|at| at.outcome == Outcome::Accept));
    let key = |analysis: &Analysis| {
        analysis.exchanges()[0].proof.keys.as_ref().unwrap().exported_session_key
    };
    let before = analyze(text("vectors/t1.b64").as_bytes(), &story_server(), Some(&secret));
    assert_eq!(key(&proven), key(&before), "the client drew it, so it stays");
}

#[test]
fn computing_a_sent_message_anew_gives_the_same_bytes() {
    let mut count = 0;
    for line in lines("exchanges.jsonl") {
        let name = line["capture"].as_str().unwrap();
        let Some(password) = line["password"].as_str() else { continue };
        let secret = Secret::from_password(password);
        let settings = ServerSettings::default();
        let analysis = analyze(pasted(&line).as_bytes(), &settings, Some(&secret));
        let exchange = &analysis.exchanges()[0];
        if exchange.proof.response.verdict != ProofVerdict::Valid || exchange.proof.fitted.is_some()
        {
            continue;
        }
        let message = |index: Option<usize>| analysis.tokens()[index?].message();
        let messages = ExchangeMessages {
            negotiate: message(exchange.negotiate),
            challenge: message(exchange.challenge),
            authenticate: message(exchange.authenticate),
        };
        let Ok(again) = as_client(messages, messages, Some(&secret)) else {
            assert_eq!(exchange.proof.keys, None, "{name}");
            continue;
        };
        let sent = messages.authenticate.unwrap();
        let mut parts = [write::Message::of(&again), write::Message::of(sent)].map(Option::unwrap);
        // The MIC covers the layout too, which others have in another order. impacket's is wrong
        // itself.
        let right = exchange.proof.mic.verdict == ProofVerdict::Valid;
        if !right || parts[1].build().unwrap() != sent.bytes() {
            for parts in &mut parts {
                let write::Message::Authenticate(parts) = parts else { panic!("{name}") };
                parts.mic = None;
            }
        }
        assert_eq!(parts[0], parts[1], "{name}");
        count += 1;
    }
    assert!(count > 30, "{count} sign-ins");
}
