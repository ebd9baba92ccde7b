//! The statement of a Kerberos client, and the server's answer to it.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use spnscope::analysis::{Analysis, analyze};
use spnscope::base::finding::Code;
use spnscope::judge::smb::{Basis, Outcome, ServerSettings};
use spnscope::message::content::Content;
use spnscope::message::{explain, field::Field, kerberos::ApReq};
use spnscope::show::report::{render_json, render_text};
use spnscope::show::words;
use spnscope_page::view::{self, CopyForm, Mark};
use spnscope_page::workbench::{PasteAction, ServerEdit, Workbench};

use crate::{
    der::{ap_req, framed, neg_token_init},
    fixtures::{lines, story_server, text},
    read::carriers::carrier,
};

fn analysis(bytes: &[u8]) -> Analysis {
    analyze(bytes, &story_server(), None)
}

fn json(analysis: &Analysis) -> Value {
    serde_json::from_str(&render_json(analysis)).expect("the report is JSON")
}

#[test]
fn the_captured_ap_req_agrees_wholly() {
    let captured = lines("kerberos.jsonl");
    assert_eq!(captured.len(), 1);
    for line in captured {
        let verdict = &line["spn_verdict"];
        let texts =
            |key: &str| verdict[key].as_array().unwrap().iter().map(|v| v.as_str().unwrap());
        let server = ServerSettings {
            names: texts("server_names").map(str::to_owned).collect(),
            addresses: texts("server_addresses").map(|text| text.parse().unwrap()).collect(),
            ..ServerSettings::default()
        };
        let pasted = line["gss_token_base64"].as_str().unwrap();
        let analysis = analyze(pasted.as_bytes(), &server, None);
        let report = json(&analysis);
        let token = &report["tokens"][0];
        assert_eq!(token["layers"], json!(["base64", "spnego", "gss-api", "kerberos"]));
        assert_eq!(token["message"], "KERBEROS_AP_REQ");
        assert_eq!(token["findings"], json!([]));
        let facts = &token["facts"];
        let name = json!({"state": "present", "value": line["spn"], "start": 70, "end": 88});
        assert_eq!(facts["target_name"], name);
        assert_eq!(facts["domain"], line["realm"]);
        let kerberos = json!({
            "realm": line["realm"],
            "sname": line["spn"],
            "ticket_etype": "aes256-cts-hmac-sha1-96",
            "ticket_kvno": 1,
            "authenticator_etype": "aes256-cts-hmac-sha1-96",
            "ap_options": ["mutual-required"],
        });
        assert_eq!(facts["kerberos"], kerberos);
        let exchange = &report["exchanges"][0];
        for message in ["negotiate", "challenge", "authenticate"] {
            assert_eq!(exchange[message], Value::Null);
        }
        assert_eq!(exchange["ap_req"], 0);
        let evidence =
            json!({"target": "present", "spn": line["spn"], "carrier": "kerberos", "smb": null});
        assert_eq!(exchange["evidence"], evidence);
        assert_eq!(exchange["proof"]["nt_proof_str"], "unknown");
        assert!(exchange["proof"]["because"].is_string());
        for (decision, level) in
            exchange["decisions"].as_array().unwrap().iter().zip(["level0", "level1", "level2"])
        {
            assert_eq!(decision["spn_check"], verdict[level]);
            assert_eq!(decision["outcome"], verdict[level]);
        }
        // The report's bytes are the AP-REQ itself, and the same as in the packet it was sent in.
        let packet = json(&self::analysis(&carrier("smb2-kerberos")));
        assert_eq!(packet["tokens"][0]["hex"], token["hex"]);
        assert!(token["hex"].as_str().unwrap().starts_with("6e82"));
    }
}

/// The parts of the service name, the server, what it answers, the deciding rule, and its basis.
type Judged<'c> = (&'c [&'c str], &'c ServerSettings, [Outcome; 3], &'c str, Basis);

/// Rows 25 to 28 of the reference, and what follows from the rows for NTLM.
#[test]
#[rustfmt::skip]
fn the_service_name_is_judged_like_a_target_name() {
    use Outcome::{Accept, Deny};
    let story = story_server();
    let nameless = ServerSettings { names: vec![], ..story.clone() };
    let allowing = ServerSettings { allowed: vec!["files.lab.lan".into()], ..story.clone() };
    let cases: &[Judged<'_>] = &[
        (&["cifs", "dcfr.lab.lan"],          &story,    [Accept; 3],          "kerberos-own-name",        Basis::Documented),
        (&["CIFS", "DCFR"],                  &story,    [Accept; 3],          "kerberos-own-name",        Basis::Documented),
        (&["cifs", "files.lab.lan"],         &story,    [Accept, Deny, Deny], "kerberos-name-not-listed", Basis::Inferred),
        (&["cifs", "10.0.0.100"],            &story,    [Accept, Deny, Deny], "kerberos-name-not-listed", Basis::Inferred),
        (&["cifs", "files.lab.lan"],         &allowing, [Accept; 3],          "allowed-name",             Basis::Inferred),
        (&["cifs", "10.0.0.11"],             &story,    [Accept; 3],          "own-address",              Basis::Inferred),
        (&["host", "dcfr.lab.lan"],          &story,    [Accept, Deny, Deny], "kerberos-class-not-cifs",  Basis::Inferred),
        (&["HTTP", "files.lab.lan"],         &story,    [Accept, Deny, Deny], "kerberos-class-not-cifs",  Basis::Inferred),
        (&["cifs", "dcfr.lab.lan", "x"],     &story,    [Accept, Deny, Deny], "extra-component",          Basis::Assumed),
        (&["cifs", "dcfr.lab.lan"],          &nameless, [Accept, Deny, Deny], "name-unknown",             Basis::Assumed),
        (&[],                                &story,    [Accept, Deny, Deny], "empty",                    Basis::Inferred),
    ];
    for (name, server, outcomes, code, basis) in cases {
        let analysis = analyze(&ap_req(name), server, None);
        let verdict = analysis.exchanges()[0].verdict.as_ref().expect("a verdict");
        assert_eq!(verdict.decisions.as_array().each_ref().map(|decision| decision.outcome), *outcomes, "{name:?}");
        for decision in &verdict.decisions.as_array()[1..] {
            let reason = &decision.reasons[0];
            assert_eq!((reason.rule.code, reason.basis), (*code, *basis), "{name:?}");
            let codes: Vec<_> = decision.reasons.iter().map(|reason| reason.rule.code).collect();
            assert!(codes.contains(&"ticket-not-checked"), "{codes:?}");
            assert_eq!(codes.contains(&"kerberos-unverified-hidden"), !name.is_empty(), "{codes:?}");
        }
    }
}

/// The bytes that an attacker guesses the password of the service with are in no copy to share: not
/// in the message as it was captured, not where it was cut or an element of another kind is in
/// their place.
#[test]
fn a_copy_to_share_has_nothing_that_is_encrypted() {
    let real = analysis(&carrier("smb2-kerberos"));
    let bytes = real.tokens()[0].content.bytes().to_vec();
    let view = |bytes: &[u8]| view::decode(&analysis(bytes), 0, &story_server()).unwrap();
    let message = ApReq::parse(Arc::from(bytes.as_slice()));
    let ciphers = [message.ticket().cipher.unwrap(), message.authenticator().cipher.unwrap()];
    let whole = view(&bytes);
    assert_eq!(
        view::left_out(&whole),
        Some("all that is encrypted in the ticket and the authenticator")
    );
    let holds = |text: &str, piece: &[u8]| {
        let spaced: Vec<_> = piece.iter().map(|byte| format!("{byte:02x}")).collect();
        text.contains(&spaced.join(" ")) || text.contains(&spaced.concat())
    };
    for form in [CopyForm::Hex, CopyForm::Text, CopyForm::Json] {
        let copied = |blank| view::copy(&whole, None, form, blank);
        for cipher in ciphers {
            let start = &bytes[cipher.start..cipher.start + 8];
            assert!(!holds(&copied(true), start), "{form:?}");
        }
        assert_ne!(copied(true), copied(false), "{form:?}");
    }
    let text = view::copy(&whole, None, CopyForm::Text, true);
    assert!(text.contains("dcfr.lab.lan") && text.contains("left out"), "{text}");
    // The tag of the first cipher is another, and a field that is not known.
    for tag in [0x30, 0x05] {
        let mut changed = bytes.clone();
        let at = ciphers[0].start - 4;
        assert_eq!(changed[at], 0x04);
        changed[at] = tag;
        let shared = view::copy(&view(&changed), None, CopyForm::Hex, true);
        for cipher in ciphers {
            assert!(!holds(&shared, &bytes[cipher.start..cipher.start + 16]), "{tag}");
        }
    }
    for len in (ciphers[0].start + 32..bytes.len()).step_by(97) {
        let shared = view::copy(&view(&bytes[..len]), None, CopyForm::Hex, true);
        assert!(!holds(&shared, &bytes[ciphers[0].start..ciphers[0].start + 16]), "{len}");
    }
}

#[test]
fn a_copy_to_share_is_offered_just_where_something_is_left_out() {
    let t1 = analysis(text("vectors/t1.b64").as_bytes());
    let left_out = |token| view::left_out(&view::decode(&t1, token, &story_server()).unwrap());
    assert_eq!([0, 1].map(left_out), [None; 2]);
    assert_eq!(left_out(2), Some("the responses, the exchanged key and the MIC"));
}

#[test]
fn an_ap_req_is_found_bare_framed_and_in_spnego() {
    let bare = ap_req(&["cifs", "dcfr.lab.lan"]);
    let gss = framed("kerberos", &[&[1, 0], bare.as_slice()].concat());
    let cases = [
        (bare.clone(), &["kerberos"][..], &[][..]),
        (gss.clone(), &["gss-api", "kerberos"], &[]),
        (neg_token_init(&["kerberos"], &gss), &["spnego", "gss-api", "kerberos"], &[]),
        (neg_token_init(&["kerberos"], &bare), &["spnego", "kerberos"], &[]),
        (
            neg_token_init(&["kerberos", "ntlm"], &gss),
            &["spnego", "gss-api", "kerberos"],
            &["spnego/mech-order"],
        ),
        ([b"ldap?".to_vec(), gss].concat(), &["binary", "gss-api", "kerberos"], &[]),
    ];
    for (bytes, layers, codes) in cases {
        let analysis = analysis(&bytes);
        let token = &analysis.tokens()[0];
        let ours: Vec<_> = token.layers.iter().map(|layer| layer.kind.as_str()).collect();
        assert_eq!(ours, layers);
        assert_eq!(token.content.bytes(), bare);
        let ours: Vec<_> = token.all_findings().map(|(_, f)| f.code.as_str()).collect();
        assert_eq!(ours, codes);
    }
}

/// Checks what has to hold for any bytes; what does not is described.
fn check(bytes: &[u8]) -> Result<ApReq, String> {
    let message = ApReq::parse(Arc::from(bytes));
    let root = message.field();
    if root.encode(bytes) != bytes {
        return Err("encode differs".into());
    }
    let mut next = 0;
    let mut leaves: Vec<_> = root.leaves().iter().map(|leaf| leaf.span).collect();
    leaves.extend(root.gaps());
    leaves.sort_unstable();
    for span in leaves {
        if span.start != next {
            return Err(format!("leaves and gaps do not tile at {next}"));
        }
        next = span.end;
    }
    if next != bytes.len() {
        return Err("leaves and gaps end early".into());
    }
    children_fit(&root)?;
    if let Some(f) = message.findings.iter().find(|finding| finding.span.end > bytes.len()) {
        return Err(format!("{} points outside", f.code.as_str()));
    }
    let gaps = message.missing.is_none() && !root.gaps().is_empty();
    if gaps && !message.findings.iter().any(|finding| finding.code == Code::DerUnknown) {
        return Err("a gap without a finding".into());
    }
    let (_, map) = view::field_rows(&Content::Kerberos(message.clone()));
    let mut next = 0;
    for cell in &map.cells {
        if cell.span.start != next {
            return Err(format!("byte {next} is in no cell"));
        }
        next = cell.span.end;
    }
    if next == bytes.len() { Ok(message) } else { Err("the cells end early".into()) }
}

fn children_fit(field: &Field<'_>) -> Result<(), String> {
    let mut next = field.span.start;
    for child in &field.children {
        if child.span.start < next || !field.span.contains(child.span) {
            return Err(format!("{:?} does not fit", child.name));
        }
        next = child.span.end;
        children_fit(child)?;
    }
    Ok(())
}

#[test]
fn every_truncation_and_every_change_of_an_ap_req_is_read() {
    let real = carrier("smb2-kerberos");
    let at = real.windows(2).position(|bytes| bytes == [0x6e, 0x82]).unwrap();
    for bytes in [ap_req(&["cifs", "dcfr.lab.lan"]), real[at..].to_vec()] {
        let whole = check(&bytes).unwrap();
        assert_eq!(whole.findings, []);
        assert_eq!(whole.sname().unwrap().value, "cifs/dcfr.lab.lan");
        assert!(whole.field().gaps().is_empty());
        for len in 0..bytes.len() {
            let cut = check(&bytes[..len]).unwrap_or_else(|why| panic!("{len}: {why}"));
            let says = |code| cut.findings.iter().any(|finding| finding.code == code);
            let is_said = says(Code::MessageCut) || says(Code::DerTruncated);
            assert!(is_said || len == 0, "{len} bytes, and not said to be cut");
        }
        let mut changed = bytes.clone();
        // What is encrypted means nothing, so one change in it does for all.
        for at in 0..bytes.len() {
            let others = if bytes[at..].len() > 300 && at > 130 { 1 } else { u8::MAX };
            for change in 1..=others {
                changed[at] = bytes[at] ^ change;
                check(&changed).unwrap_or_else(|why| panic!("{at}: {change:#x}: {why}"));
            }
            changed[at] = bytes[at];
        }
    }
}

/// Every prefix of a captured AP-REQ, bare and in what carries it, states what the whole states or
/// nothing, says that it is cut, and is not decided.
#[test]
fn a_cut_ap_req_is_not_judged() {
    let line = &lines("kerberos.jsonl")[0];
    let token = STANDARD.decode(line["gss_token_base64"].as_str().unwrap()).unwrap();
    let whole = json(&analysis(&token));
    let read = analysis(&token);
    let Content::Kerberos(message) = &read.tokens()[0].content else { unreachable!() };
    let bytes = message.bytes();
    let before = token.len() - bytes.len();
    assert_eq!(&token[before..], bytes);
    let mut names_told = 0;
    for have in 20..bytes.len() {
        for (carrier, paste) in [("bare", &bytes[..have]), ("SPNEGO", &token[..before + have])] {
            let place = format!("{carrier}, {have} bytes");
            let report = json(&analysis(paste));
            let token = &report["tokens"][0];
            assert_eq!(token["missing"], json!({"have": have, "of": bytes.len()}), "{place}");
            let cuts = token["findings"].as_array().unwrap();
            assert_eq!(cuts.len(), 1, "{place}: {cuts:?}");
            assert_eq!(cuts[0]["code"], "message/cut", "{place}");
            for decision in report["exchanges"][0]["decisions"].as_array().unwrap() {
                assert_eq!(decision["outcome"], "unknown", "{place}");
                assert_eq!(decision["events"], json!([]), "{place}");
                assert!(decision["status"].is_null() && decision["spn_check"].is_null(), "{place}");
            }
            let (name, whole_name) =
                (&token["facts"]["target_name"], &whole["tokens"][0]["facts"]["target_name"]);
            let is_told = name["state"] == "present";
            if is_told {
                assert_eq!(name, whole_name, "{place}");
            } else {
                assert_eq!(name["state"], "cut-off", "{place}");
            }
            names_told += usize::from(is_told);
            let whole_facts = whole["tokens"][0]["facts"]["kerberos"].as_object().unwrap();
            for (key, fact) in token["facts"]["kerberos"].as_object().unwrap() {
                assert!(fact.is_null() || *fact == whole_facts[key], "{place}: {key} is {fact}");
            }
        }
    }
    assert!(names_told > 100, "the name is told in {names_told} of them");
}

#[test]
fn an_unreadable_ap_req_ends_the_sign_in_before_the_name() {
    let whole = ap_req(&["cifs", "dcfr.lab.lan"]);
    for cut in [&whole[..90], &whole[..30]] {
        // What carries it is whole, so this is what was sent.
        let analysis = analysis(&framed("kerberos", &[&[1, 0], cut].concat()));
        let verdict = analysis.exchanges()[0].verdict.as_ref().unwrap();
        for decision in verdict.decisions.values() {
            assert_eq!(decision.outcome, Outcome::LogonFailure);
            assert_eq!(decision.status, None, "which status is not known");
            assert!(words::reason(&decision.reasons[0]).contains("cut"), "{:?}", decision.reasons);
        }
    }
}

#[test]
fn ntlm_and_kerberos_are_judged_side_by_side() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let gss =
        framed("kerberos", &[&[1, 0], ap_req(&["cifs", "files.lab.lan"]).as_slice()].concat());
    let ntlm = text("vectors/t1.b64");
    let [negotiate, challenge, authenticate] =
        <[&str; 3]>::try_from(ntlm.lines().collect::<Vec<_>>()).unwrap();
    let kerberos = STANDARD.encode(gss);
    let pasted = format!(
        "{negotiate}\n{challenge}\nAuthorization: Negotiate {kerberos}\n\n{authenticate}\n"
    );
    let analysis = analyze(pasted.as_bytes(), &story_server(), None);
    let report = json(&analysis);
    let exchanges: Vec<_> = report["exchanges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| json!([e["negotiate"], e["challenge"], e["authenticate"], e["ap_req"]]))
        .collect();
    assert_eq!(exchanges, [json!([0, 1, 3, null]), json!([null, null, null, 2])]);
    assert_eq!(analysis.exchange_of(2).and_then(|exchange| exchange.ap_req), Some(2));
    assert_eq!(analysis.default_token(), 2, "the first that has a verdict");
    let report = render_text(&analysis);
    assert!(report.contains("Sign-in 2: AP-REQ (message 2)"), "{report}");
    assert!(report.contains("GSS-API token > Kerberos AP-REQ, "), "{report}");
    let view = view::decode(&analysis, 2, &story_server()).unwrap();
    let chips: Vec<Vec<_>> = view
        .exchanges
        .iter()
        .map(|group| group.chips.iter().map(|chip| (chip.number, chip.name)).collect())
        .collect();
    let three = vec![(1, "NEGOTIATE"), (2, "CHALLENGE"), (3, "AUTHENTICATE")];
    assert_eq!(chips, [three, vec![(0, "AP-REQ")]]);
}

#[test]
fn the_page_shows_an_ap_req() {
    let bytes = ap_req(&["cifs", "dcfr.lab.lan"]);
    let workbench = Workbench::default()
        .apply(PasteAction::Put(Arc::from(bytes.as_slice())))
        .apply(ServerEdit::Names(story_server().names))
        .apply(ServerEdit::Addresses(story_server().addresses));
    let view = workbench.view().expect("a view");
    let said: Vec<_> = view.readouts.iter().map(|said| (said.label, said.value.as_str())).collect();
    assert_eq!(
        said,
        [("Target name", "cifs/dcfr.lab.lan"), ("Realm", "LAB.LAN"), ("Ticket", "rc4-hmac")]
    );
    let marked = view.map.cells.iter().filter(|cell| cell.mark == Some(Mark::TargetName));
    let marked: Vec<_> = marked.map(|cell| cell.name.as_str()).collect();
    assert_eq!(marked[marked.len() - 2..], ["name-string[0]", "name-string[1]"]);
    assert_eq!(view.headline.verdict, "Accepted at every level.");
    assert_eq!(view.trail.last().unwrap().label, "Kerberos AP-REQ");
    let row = |name: &str| view.fields.iter().find(|row| row.name == name).expect("a row");
    assert_eq!(row("realm").value, "LAB.LAN");
    assert_eq!(row("sname").value, "cifs/dcfr.lab.lan");
    assert_eq!(row("ap-options").value, "mutual-required");
    assert_eq!(row("realm").section, ["RFC 4120", "5.2.2"]);
    assert_eq!(view.steps[1].cells[0].text, "An AP-REQ has no MIC.");
    let paths: Vec<_> = view.fields.iter().map(|row| &row.path).collect();
    for (index, path) in paths.iter().enumerate() {
        assert!(!paths[..index].contains(path), "{path} is there twice");
        let explanation = explain::field(path);
        assert_eq!(explanation.specification, "RFC 4120", "{path}");
        assert!(!explanation.text.starts_with("No field"), "{path}");
    }
}
