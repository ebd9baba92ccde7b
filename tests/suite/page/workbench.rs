//! The page's state after each action.

use std::{fs, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use spnscope::analysis::analyze;
use spnscope::base::span::Span;
use spnscope::judge::{
    proof::{ProofVerdict, Secret},
    remedies::Change,
    smb::{Outcome, ServerSettings},
};
use spnscope::lab::edit::ComputeError;
use spnscope::read::text::Reading;
use spnscope_page::view::{self, Mark, Piece, SAMPLES, ServerBasis, WaysView};
use spnscope_page::workbench::{
    Action, EditAction, KeptServer, LabAction, LinkContent, PasteAction, Place, SelectAction,
    ServerAction, ServerEdit, SharedSecret, Workbench,
};

use crate::fixtures::{bytes, field_path, path, text};

fn outcomes(workbench: &Workbench) -> [Outcome; 3] {
    let levels = workbench.view().and_then(|view| view.levels.clone()).expect("levels");
    levels.map(|level| level.outcome)
}

fn paste(text: &str) -> PasteAction {
    PasteAction::Put(Arc::from(text.as_bytes()))
}

#[test]
#[rustfmt::skip]
fn samples_end_as_the_story_tells() {
    use Outcome::{Accept, Deny};
    let expected = [
        ("NAT in front",   [Accept, Deny, Deny]),
        ("Direct",         [Accept, Accept, Accept]),
        ("Empty name",     [Accept, Deny, Deny]),
        ("No name",        [Accept, Accept, Deny]),
        ("Untrusted name", [Accept, Accept, Deny]),
        ("NTLMv1 client",  [Accept, Accept, Deny]),
    ];
    assert_eq!(SAMPLES.len(), expected.len());
    for (index, (name, outcome)) in expected.into_iter().enumerate() {
        assert_eq!(SAMPLES[index].short, name);
        let workbench = Workbench::default().apply(PasteAction::Sample(index));
        assert_eq!(outcomes(&workbench), outcome, "{name}");
        let view = workbench.view().unwrap();
        assert_eq!(view.exchanges[0].chips.iter().filter(|chip| chip.token.is_some()).count(), 3);
    }
}

/// The sentence at the top, and what it says of the target name and of the MIC, for messages of
/// which something is missing or odd.
#[test]
fn odd_messages_have_headlines_of_their_own() {
    let lines = SAMPLES[0].text.lines().collect::<Vec<_>>();
    let [negotiate, challenge, authenticate] =
        [lines[0], lines[1], lines[2]].map(|line| bytes(&line.into()));
    let said = |pasted: &[u8]| {
        let workbench = Workbench::default().apply(PasteAction::Put(pasted.into()));
        let view = workbench.view().expect("a view").clone();
        let headline = view.headline.pieces.iter().map(|piece| match piece {
            Piece::Text(text) | Piece::TargetName(text) | Piece::Data(text) => text.as_str(),
        });
        let headline: String = headline.collect();
        let mic = view.readouts.iter().find(|said| said.label == "MIC");
        (headline, mic.map(|mic| mic.value.clone()).unwrap_or_default())
    };
    #[rustfmt::skip]
    let alone = [
        (&negotiate[..],               "A NEGOTIATE message: what the client offers."),
        (&challenge[..],               "A CHALLENGE message: what the server calls itself."),
        (&negotiate[..10],             "the message ends before it says which of the three it is"),
        (b"NTLMSSP\0\x05\0\0\0",       "this is none of the three"),
    ];
    for (pasted, expected) in alone {
        assert!(said(pasted).0.contains(expected), "{}", said(pasted).0);
    }
    // The place of the MIC.
    let with_mic = |mic: &[u8]| {
        let mut changed = authenticate.clone();
        changed[72..72 + mic.len()].copy_from_slice(mic);
        said(&changed).1
    };
    assert_eq!(with_mic(&[]), "Present");
    assert_eq!(with_mic(&[0; 16]), "Announced, zero");
    let right = Secret::from_password("Password");
    let checked = |byte: u8| {
        let mut changed = authenticate.clone();
        changed[72] ^= byte;
        let pasted = [lines[0], lines[1], &STANDARD.encode(&changed)].join("\n");
        let analysis = analyze(pasted.as_bytes(), &ServerSettings::default(), Some(&right));
        let view = view::decode(&analysis, 2, &ServerSettings::default()).expect("a view");
        view.readouts.iter().find(|said| said.label == "MIC").map(|mic| mic.value.clone())
    };
    assert_eq!(checked(0).as_deref(), Some("Present and right"));
    assert_eq!(checked(1).as_deref(), Some("Present and wrong"));
    // The kind of response that has no place for a name.
    let printed = |section: &str| {
        let hex = |kind: &str| text(&format!("vectors/ms-nlmp-{section}-{kind}.hex"));
        said([hex("challenge"), hex("authenticate")].join("\n").as_bytes()).0
    };
    assert!(printed("4.2.2.3").starts_with("The NTLMv1 response has no place for a name"));
    assert!(printed("4.2.3.3").starts_with("The NTLM2 session response has no place for a name"));
}

#[test]
fn another_reading_can_be_asked_for_and_forgets_what_was_selected() {
    let dump = text("inputs/wireshark-no-text.txt");
    let pasted = Workbench::default().apply(paste(&dump));
    assert_eq!(pasted.readings(), (&[Reading::Hex][..], None));
    let span = Some(Span::new(0, 8));
    let selected = pasted.apply(SelectAction::Bytes(span));
    assert_eq!(selected.selected(), span);
    let as_hex = selected.apply(PasteAction::ReadAs(Some(Reading::Hex)));
    assert_eq!(as_hex.readings().1, Some(Reading::Hex));
    assert_eq!(as_hex.selected(), None, "they were of other bytes");
    assert_ne!(as_hex.view().unwrap().bytes, pasted.view().unwrap().bytes);
    let back = as_hex.apply(PasteAction::ReadAs(None));
    assert_eq!(back.view(), pasted.view());
    assert_eq!(Workbench::default().readings(), (&[][..], None));
}

#[test]
fn allowing_the_missing_name_changes_the_cards_and_not_the_kept_server() {
    let workbench = Workbench::default().apply(PasteAction::Sample(0));
    let missing = workbench.view().unwrap().server.missing.clone();
    assert_eq!(missing.as_deref(), Some("10.0.0.100"));
    let allowed = workbench.apply(ServerEdit::Allow(" 10.0.0.100 ".into()));
    assert_eq!(outcomes(&allowed), [Outcome::Accept; 3]);
    assert_eq!(allowed.view().unwrap().server.missing, None);
    let after = allowed.apply(paste(SAMPLES[1].text));
    assert_eq!(after.server(), &ServerSettings::default(), "a sample's server is not kept");
    let again = allowed.apply(ServerEdit::Disallow("10.0.0.100".into()));
    assert_eq!(outcomes(&again), [Outcome::Accept, Outcome::Deny, Outcome::Deny]);
}

#[test]
fn a_paste_is_held_against_the_readers_own_server() {
    let sample = Workbench::default().apply(PasteAction::Sample(0));
    let pasted = sample.apply(paste(SAMPLES[1].text));
    assert_eq!(pasted.sample(), None);
    let view = pasted.view().unwrap();
    let level = &view.levels.as_ref().unwrap()[1];
    assert!(level.depends, "no address is known: {}", level.why);
    assert_eq!(view.headline.verdict, "Denied at levels 1 and 2,");
    assert!(!view.headline.unless.is_empty(), "{:?}", view.headline);
    let allowed = pasted.apply(ServerEdit::Allow("10.0.0.11".into()));
    assert_eq!(allowed.server().allowed, ["10.0.0.11"]);
    assert_eq!(outcomes(&allowed), [Outcome::Accept; 3]);
}

#[test]
fn choosing_a_message_shows_it_and_keeps_the_verdict() {
    let workbench = Workbench::default().apply(PasteAction::Sample(0));
    let view = workbench.view().unwrap();
    assert_eq!(view.bytes.len(), 370, "the AUTHENTICATE is shown first");
    let selected = workbench.apply(SelectAction::Bytes(Some(Span::new(72, 88))));
    let challenge = selected.apply(SelectAction::Message(1));
    assert_eq!(challenge.selected(), None, "the bytes selected were another message's");
    let view = challenge.view().unwrap();
    assert_eq!(view.bytes.len(), 164);
    assert_eq!(outcomes(&challenge), [Outcome::Accept, Outcome::Deny, Outcome::Deny]);
    assert_eq!(challenge.apply(SelectAction::Message(99)).view(), None);
}

#[test]
fn unrecognised_input_keeps_its_text_and_gets_a_sentence() {
    let workbench = Workbench::default().apply(paste("hello"));
    assert_eq!(workbench.input(), b"hello");
    assert_eq!(workbench.view(), None);
    assert!(workbench.refusal().unwrap().contains("NTLMSSP"));
    let emptied = workbench.apply(paste("  \n"));
    assert!(emptied.is_empty());
    assert_eq!(emptied.refusal(), None);
}

#[test]
fn fields_and_bytes_show_the_target_name_and_the_mic() {
    use spnscope_page::view::Mark;
    let workbench = Workbench::default().apply(PasteAction::Sample(0));
    let view = workbench.view().unwrap();
    let marked = |mark| {
        let cells = view.map.cells.iter().filter(|cell| cell.mark == Some(mark));
        cells.map(|cell| (cell.name.as_str(), cell.span)).collect::<Vec<_>>()
    };
    assert_eq!(marked(Mark::TargetName), [("MsvAvTargetName", Span::new(312, 346))]);
    assert_eq!(marked(Mark::Mic), [("MIC", Span::new(72, 88))]);
    let row = view.fields.iter().find(|row| row.name == "MsvAvTargetName").unwrap();
    assert_eq!((row.value.as_str(), row.span), ("cifs/10.0.0.100", Span::new(312, 346)));
    assert!(view.fields.iter().any(|row| row.name == "NTLMSSP_NEGOTIATE_KEY_EXCH"));
}

#[test]
fn a_message_cut_inside_the_target_name_shows_what_is_there() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let message = STANDARD.decode(text("vectors/t1-authenticate.b64").trim()).unwrap();
    let cut = |len: usize| {
        let workbench = Workbench::default().apply(PasteAction::Put(Arc::from(&message[..len])));
        let view = workbench.view().expect("a view").clone();
        assert_eq!(outcomes(&workbench), [Outcome::Unknown; 3], "{len}");
        assert!(view.headline.verdict.starts_with("The answer is not known"), "{len}");
        for card in view.levels.as_ref().expect("cards") {
            assert_eq!((card.verdict, card.status), ("Not known", ""), "{len}");
            assert!(card.why.contains("The paste ends at byte"), "{len}: {}", card.why);
            assert!(card.events.is_empty() && card.not_written.is_empty(), "{len}");
        }
        let codes: Vec<_> = view.findings.iter().map(|finding| finding.code).collect();
        assert!(!codes.iter().any(|code| code.ends_with("/absent")), "{len}: {codes:?}");
        let said = view.readouts[0].clone();
        (said.value, said.notes[0].clone())
    };
    assert_eq!(cut(330), ("cifs/10".into(), "cut: 14 of 30 bytes".into()));
    assert_eq!(cut(300).0, "Cut");
    assert_eq!(cut(150).0, "Cut");
}

#[test]
fn an_answer_that_depends_on_the_addresses_says_so_everywhere() {
    use spnscope::judge::smb::StepState;
    let workbench = Workbench::default().apply(paste(SAMPLES[0].text));
    let view = workbench.view().unwrap();
    let name = view.steps[2].cells.last().unwrap();
    assert_eq!((name.levels, name.state), (2, Some(StepState::Assumed)));
    let answer = view.steps[3].cells.last().unwrap();
    assert_eq!(
        (answer.accepted, answer.text.as_str()),
        (None, "depends on the server's addresses")
    );
    assert!(view.steps[4].cells.last().unwrap().text.ends_with("where it is denied"));
    let report = spnscope::show::report::render_text(workbench.analysis().unwrap());
    assert!(report.contains("depends on the server's addresses; otherwise denied"), "{report}");
}

#[test]
fn a_message_cut_in_its_header_claims_nothing_about_the_rest() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let message = STANDARD.decode(text("vectors/t1-authenticate.b64").trim()).unwrap();
    for len in [12, 20, 64, 100, 142, 200] {
        let workbench = Workbench::default().apply(PasteAction::Put(Arc::from(&message[..len])));
        let view = workbench.view().expect("a view").clone();
        assert_eq!(view.readouts[0].value, "Cut", "{len}");
        assert!(
            ["Cut", "Present"].contains(&view.readouts[1].value.as_str()),
            "{len}: {:?}",
            view.readouts[1]
        );
        assert_ne!(view.readouts[2].value, "nobody", "{len}");
    }
    let typeless = Workbench::default().apply(PasteAction::Put(Arc::from(&message[..9])));
    let view = typeless.view().expect("a view").clone();
    assert_eq!(
        view.findings[0].message,
        "The paste ends at byte 9 of this message, inside its header: it is cut."
    );
}

/// T1 in a workbench of its own.
fn t1() -> Workbench {
    Workbench::default().apply(PasteAction::Put(text("vectors/t1.b64").into_bytes().into()))
}

/// The action that gives the right secret.
fn prove() -> Action {
    Action::Prove(Some(SharedSecret::new(Secret::from_password("Password"))))
}

#[test]
fn a_secret_proves_and_is_forgotten() {
    let proven = t1().apply(prove());
    let proof = proven.view().unwrap().proof.clone().unwrap();
    assert_eq!((proof.who.as_str(), proof.given), (r"LAB\User", true));
    let checks: Vec<_> = proof.checks.iter().map(|row| (row.name, row.verdict)).collect();
    assert_eq!(checks, [("NTProofStr", ProofVerdict::Valid), ("MIC", ProofVerdict::Valid)]);
    assert_eq!(proof.keys.len(), 7);
    // It goes with the sign-in that it was given for, and stays for another reading of that.
    let other = proven.apply(PasteAction::Sample(1));
    assert!(!other.view().unwrap().proof.as_ref().unwrap().given);
    let same = proven.apply(PasteAction::ReadAs(None));
    assert!(same.view().unwrap().proof.as_ref().unwrap().given);
    let forgotten = proven.apply(Action::Prove(None));
    assert_eq!(forgotten.view(), t1().view());
    let wrong = SharedSecret::new(Secret::from_nt_hash(&"0".repeat(32)).unwrap());
    let wrong = t1().apply(Action::Prove(Some(wrong)));
    let proof = wrong.view().unwrap().proof.clone().unwrap();
    assert_eq!(proof.checks[0].verdict, ProofVerdict::Invalid);
    let [received, computed] = proof.checks[0].values.as_ref().unwrap();
    assert!(received.iter().any(|run| run.differs) && computed.iter().any(|run| run.differs));
    assert!(proof.keys.is_empty(), "no key of a wrong secret");
}

#[test]
fn a_secret_is_in_no_debug_output() {
    let proven = t1().apply(prove());
    for text in [format!("{proven:?}"), format!("{:?}", prove())] {
        // The NT hash of the password, in decimals and in hex, and the password.
        for secret in ["Password\"", "164, 244, 156", "a4f49c"] {
            assert!(!text.contains(secret), "{secret}");
        }
    }
}

#[test]
fn a_value_is_edited_taken_out_and_taken_back() {
    let name = |workbench: &Workbench| {
        let rows = &workbench.view().unwrap().fields;
        rows.iter().find(|row| row.name == "MsvAvTargetName").map(|row| row.path.clone())
    };
    let path = name(&t1()).unwrap();
    let editing = t1().apply(EditAction::Open(Some(path.clone())));
    assert_eq!(editing.editing().unwrap().editable.value, "cifs/10.0.0.100");
    assert_eq!(editing.apply(EditAction::Open(None)).editing(), None);
    assert_eq!(
        t1().apply(EditAction::Change(Some("x".into()))).view(),
        t1().view(),
        "nothing is open"
    );

    let edited = editing.apply(EditAction::Change(Some("cifs/dcfr".into())));
    assert_eq!(edited.editing(), None);
    let view = edited.view().unwrap();
    let said = view.edited.as_ref().unwrap();
    assert!(said.summary.contains("MsvAvTargetName"), "{}", said.summary);
    assert_eq!(said.bytes, "370 bytes became 358.");
    assert_eq!(said.only_the_client, Some(ComputeError::NoSecret));
    assert!(view.fields.iter().any(|row| row.changed && row.path == path));
    assert!(view.map.cells.iter().any(|cell| cell.changed && cell.mark == Some(Mark::TargetName)));
    assert_eq!(outcomes(&edited), [Outcome::LogonFailure; 3]);
    // Equal bytes are not marked, and the other messages say which one was edited.
    assert!(!view.fields.iter().any(|row| row.changed && row.name == "MIC"));
    let other = edited.apply(SelectAction::Message(1));
    let said = other.view().unwrap().edited.as_ref().unwrap();
    assert_eq!(said.summary, "The AUTHENTICATE was edited, this message was not.");

    // Another server leaves the edit where it is, and so does the secret.
    let judged = edited.apply(ServerEdit::Allow("x".into())).apply(prove());
    assert!(judged.view().unwrap().edited.as_ref().unwrap().only_the_client.is_none());
    let anew = judged.apply(EditAction::ComputeAsClient);
    assert_eq!(outcomes(&anew), [Outcome::Accept; 3]);
    assert_eq!(
        edited.apply(EditAction::ComputeAsClient).view(),
        edited.view(),
        "not without the secret"
    );

    let out = anew.apply(EditAction::Open(Some(path))).apply(EditAction::Change(None));
    assert_eq!(name(&out), None);
    let back = out.apply(EditAction::TakeBack).apply(Action::Prove(None));
    assert_eq!(back.view().unwrap().fields, t1().view().unwrap().fields);
    assert_eq!(back.view().unwrap().edited, None);
    // Another paste takes the edit with it.
    assert_eq!(edited.apply(PasteAction::Sample(0)).view().unwrap().edited, None);
}

#[test]
fn a_rejected_edit_keeps_the_editor_open_with_an_error() {
    let editing = t1().apply(EditAction::Open(Some(field_path("AUTHENTICATE_MESSAGE.MIC"))));
    let refused = editing.apply(EditAction::Change(Some("00".into())));
    let fault = refused.editing().unwrap().fault.clone().unwrap();
    assert!(fault.contains("16 bytes"), "{fault}");
    assert_eq!(refused.view(), editing.view());
    assert_eq!(
        t1().apply(EditAction::Open(Some(field_path("AUTHENTICATE_MESSAGE.Signature")))).editing(),
        None
    );
}

#[test]
fn addresses_lead_to_places() {
    let open = |address: &str| Workbench::default().apply(Action::Open(address.to_owned()));
    assert_eq!(open("").place(), Place::Decode);
    assert_eq!(open("learn").place(), Place::Learn);
    assert_eq!(open("nowhere").place(), Place::Decode);
    let relay = open("relay");
    assert_eq!((relay.place(), relay.lab().is_some()), (Place::Relay, true));
    let link = "relay/nat/nothing/2/allow=10.0.0.100";
    assert_eq!(open(link).lab().unwrap().address(), link);
    // A link that is not understood leaves the lab as it was.
    let kept = open(link).apply(Action::Open("relay/x".to_owned()));
    assert_eq!(kept.lab().unwrap().address(), link);
    // It is said until something else is asked for.
    assert!(!open(link).address_not_found() && kept.address_not_found());
    let scenario = kept.lab().unwrap().scenario().clone();
    assert!(!kept.apply(LabAction::Play(scenario)).address_not_found());
    assert!(!kept.apply(Action::Open("relay".to_owned())).address_not_found());
    for lost in ["nowhere", "relay/nat/nothing/3", "decode/!!"] {
        assert!(open(lost).address_not_found(), "{lost}");
    }
    assert!(!open("decode/!!").apply(paste("hello")).address_not_found());
    let steps = kept.apply(LabAction::Step(99)).lab().unwrap().step();
    assert_eq!(steps, kept.lab().unwrap().view().steps.len() - 1);
}

#[test]
fn an_address_hands_on_what_was_pasted() {
    let pasted = Workbench::default().apply(paste(&text("vectors/t1.b64")));
    assert_eq!(pasted.prefilled(), None);
    assert_eq!(pasted.link(), None);
    let link = pasted.apply(PasteAction::Link(LinkContent::default())).link().unwrap().to_owned();
    assert_eq!(
        pasted
            .apply(PasteAction::Link(LinkContent::default()))
            .apply(PasteAction::Sample(0))
            .link(),
        None
    );
    let opened = Workbench::default().apply(Action::Open(link));
    assert_eq!(opened.input(), pasted.input());
    assert_eq!(opened.prefilled(), Some(pasted.input()));
    assert_eq!(opened.view().map(|view| &view.bytes), pasted.view().map(|view| &view.bytes));
    let broken = Workbench::default().apply(Action::Open("decode/%%%".to_owned()));
    assert!(broken.is_empty());
}

#[test]
fn an_address_asks_before_it_replaces_what_was_pasted_or_typed() {
    let other =
        Workbench::default().apply(paste("other")).apply(PasteAction::Link(LinkContent::default()));
    let link = || Action::Open(other.link().unwrap().to_owned());
    let t1 = text("vectors/t1.b64");
    let own = [
        Workbench::default().apply(paste(&t1)),
        Workbench::default().apply(PasteAction::Prefill(Arc::from(t1.as_bytes()))),
        Workbench::default().apply(PasteAction::Sample(0)).apply(paste(&t1)),
        Workbench::default().apply(paste(&t1)).apply(PasteAction::ReadAs(Some(Reading::Base64))),
    ];
    for own in own {
        let asked = own.apply(link());
        assert!(asked.asks_to_replace());
        assert_eq!((asked.input(), asked.view()), (own.input(), own.view()));
        let kept = asked.apply(PasteAction::Stay);
        assert!(!kept.asks_to_replace() && !kept.is_addressed());
        assert_eq!(kept, own.apply(Action::Open("decode".to_owned())));
        let shown = asked.apply(PasteAction::Replace);
        assert!(!shown.asks_to_replace() && shown.is_addressed());
        assert_eq!(shown.input(), b"other");
        // Whoever pastes has answered, and so has whoever opens a sample.
        assert!(!asked.apply(paste("hello")).asks_to_replace());
        assert!(!asked.apply(PasteAction::Sample(0)).asks_to_replace());
        // An input that is there already replaces nothing, and no link can be taken twice.
        assert!(
            !own.apply(Action::Open(
                own.apply(PasteAction::Link(LinkContent::default())).link().unwrap().to_owned()
            ))
            .asks_to_replace()
        );
        assert_eq!(kept.apply(PasteAction::Replace).input(), own.input());
    }
    let nobodys = [
        Workbench::default(),
        Workbench::default().apply(paste("  \n")),
        Workbench::default().apply(PasteAction::Sample(0)),
        Workbench::default().apply(paste(&t1)).apply(PasteAction::Sample(0)),
        Workbench::default().apply(link()),
        Workbench::default().apply(Action::Open("relay".to_owned())).apply(LabAction::Decode),
    ];
    for nobodys in nobodys {
        let opened = nobodys.apply(link());
        assert_eq!((opened.asks_to_replace(), opened.input()), (false, &b"other"[..]));
    }
}

#[test]
fn a_played_run_opens_in_decode() {
    let (names, allowed) = (vec!["DCFR".into()], vec!["other".into()]);
    let settings = ServerSettings { names, allowed, ..ServerSettings::default() };
    let kept = KeptServer { settings: settings.clone(), day: None };
    let own = Workbench::with_kept(Some(kept.clone()));
    let played = own.apply(Action::Open("relay/lured-client/nothing/1".to_owned()));
    let decoded = played.apply(LabAction::Decode);
    assert_eq!(decoded.place(), Place::Decode);
    assert_eq!(outcomes(&decoded), [Outcome::Accept, Outcome::Deny, Outcome::Deny]);
    assert!(decoded.server_basis() == ServerBasis::Sample && decoded.sample().is_none());
    assert_eq!(decoded.kept(), Some(&kept));
    // The lab stays as it was.
    assert_eq!(decoded.lab(), played.lab());
    let next = decoded.apply(paste(&text("vectors/t1.b64")));
    assert!(next.server_basis() != ServerBasis::Sample && next.prefilled().is_none());
    assert_eq!(next.server(), &settings);
}

fn import(name: &str) -> ServerAction {
    let bytes = fs::read(path(&format!("imports/{name}"))).expect("a fixture");
    ServerAction::Import(bytes.into())
}

fn allow(name: &str) -> ServerAction {
    ServerAction::Try(Change::Allow(name.to_owned()))
}

fn ways(workbench: &Workbench) -> &WaysView {
    workbench.view().unwrap().ways.as_ref().expect("something is denied")
}

/// The number of commands over all remedies.
fn commands(workbench: &Workbench) -> usize {
    ways(workbench).ways.iter().map(|way| way.remedy.commands.len()).sum()
}

#[test]
fn a_tried_remedy_keeps_its_place_and_can_be_taken_back() {
    let story = Workbench::default().apply(PasteAction::Sample(0));
    assert!(ways(&story).ways.iter().all(|way| !way.is_tried));
    let tried = story.apply(allow("10.0.0.100"));
    assert_eq!(outcomes(&tried), [Outcome::Accept; 3]);
    let kept: Vec<_> = ways(&tried).ways.iter().map(|way| &way.remedy).collect();
    assert!(kept.iter().zip(&ways(&story).ways).all(|(kept, way)| **kept == way.remedy));
    assert_eq!(ways(&tried).ways.iter().filter(|way| way.is_tried).count(), 1);

    let back = tried.apply(ServerAction::TakeBack);
    assert_eq!((back.server(), back.view()), (story.server(), story.view()));
    assert_eq!(back.apply(ServerAction::TakeBack).server(), story.server(), "once is enough");
    // Another one takes its place; what is changed by hand besides stays when it is taken back.
    let other = tried.apply(allow("nas"));
    assert_eq!(other.server().allowed, ["nas"]);
    let by_hand = tried.apply(ServerEdit::Allow("nas".into()));
    assert_eq!(ways(&by_hand).ways.iter().filter(|way| way.is_tried).count(), 1);
    assert_eq!(by_hand.apply(ServerAction::TakeBack).server().allowed, ["nas"]);
    // A setting removed by hand is not tried any more.
    let removed = by_hand.apply(ServerEdit::Disallow("10.0.0.100".into()));
    assert!(ways(&removed).ways.iter().all(|way| !way.is_tried));
}

#[test]
fn every_sample_has_ways_out_of_its_denials_and_none_where_nothing_is_denied() {
    for index in 0..SAMPLES.len() {
        let opened = Workbench::default().apply(PasteAction::Sample(index));
        let denied = outcomes(&opened).contains(&Outcome::Deny);
        let ways = opened.view().unwrap().ways.as_ref();
        assert_eq!(ways.is_some_and(|ways| !ways.ways.is_empty()), denied, "{index}");
    }
}

#[test]
fn an_import_changes_what_it_shows_and_can_be_taken_back() {
    let listed = t1().apply(ServerEdit::Allow("nas".into()));
    assert_eq!(commands(&listed), 1, "the whole list is not known");
    let level = listed.apply(import("get-smbserverconfiguration.txt"));
    assert_eq!(level.server(), listed.server());
    let said = level.imported().unwrap().values.join(" ");
    assert!(said.contains("Level: 2") && said.contains("stays as it is"), "{said}");

    let event = listed.apply(import("event-5168.txt"));
    assert_eq!(event.server().names, ["DCFR", "dcfr.lab.lan"]);
    assert!(event.server().allowed.is_empty(), "the event shows that it is empty");
    assert_eq!(commands(&event), 3, "so the list can be replaced");
    let why = &event.imported().unwrap().events;
    assert!(why[0].contains("cifs/10.0.0.100 was refused") && why[0].contains("cifs/dcfr.lab.lan"));
    assert!(event.can_take_import_back());
    let back = event.apply(ServerAction::TakeBack);
    assert_eq!((back.server(), back.imported()), (listed.server(), None));
    // It goes with the server it is about.
    assert_eq!(event.apply(PasteAction::Sample(0)).imported(), None);
    let after_sample = event.apply(PasteAction::Sample(0)).apply(paste("hello"));
    assert_eq!(after_sample.imported(), None);
    assert_eq!(after_sample.server().names, ["DCFR", "dcfr.lab.lan"]);
}

#[test]
fn an_event_in_the_paste_box_is_answered_at_once() {
    let event = text("imports/event-5168.txt");
    let taken = Workbench::default().apply(paste(&event));
    assert!(!taken.offers_import() && taken.refusal().is_none(), "{:?}", taken.refusal());
    assert_eq!(taken.kept(), None);
    let outcomes = |workbench: &Workbench| {
        let cards = workbench.server_only().unwrap().levels.clone().expect("the event has a name");
        cards.map(|card| card.outcome)
    };
    assert_eq!(outcomes(&taken), [Outcome::Accept, Outcome::Deny, Outcome::Deny]);
    assert!(taken.server_only().unwrap().headline.pieces.iter().all(|piece| match piece {
        Piece::Text(text) => !text.contains("you say"),
        _ => true,
    }));
    let cured = taken.apply(allow("10.0.0.100"));
    assert_eq!(outcomes(&cured), [Outcome::Accept; 3]);
    assert!(
        cured.server_only().unwrap().ways.as_ref().unwrap().ways.iter().any(|way| way.is_tried)
    );
    assert_eq!(outcomes(&cured.apply(ServerAction::TakeBack)), outcomes(&taken));
    // An import that is undone is offered again.
    let undone = taken.apply(ServerAction::TakeBack);
    assert!(undone.server_only().is_none() && undone.offers_import() && undone.refusal().is_none());
    assert!(undone.apply(ServerAction::TakeOver).server_only().is_some());
    // A sign-in is none of this, and any words are not either.
    for words in ["hello", "a, b; c", ""] {
        assert!(!Workbench::default().apply(paste(words)).offers_import(), "{words}");
    }
    let sign_in = cured.apply(paste(&text("vectors/t1.b64")));
    assert!(sign_in.server_only().is_none() && !sign_in.offers_import());
    assert_eq!(sign_in.server(), taken.server(), "what was tried goes with what it was tried for");
}

#[test]
fn settings_in_the_paste_box_are_said_in_short_and_used_once_asked_for() {
    for (name, short) in [
        (
            "reg-query.txt",
            "These are settings of a server: level 1, allowed 10.0.0.100, nas.lab.lan.",
        ),
        ("get-smbserverconfiguration.txt", "These are settings of a server: level 2"),
    ] {
        let pasted = Workbench::default().apply(paste(&text(&format!("imports/{name}"))));
        let offer = pasted.import_offer().unwrap_or_default();
        assert!(offer.starts_with(short), "{name}: {offer}");
        assert_eq!(pasted.refusal(), None, "{name}: no word of NTLM");
        assert_eq!(
            pasted.server(),
            &ServerSettings::default(),
            "{name}: only once it is asked for"
        );
        let used = pasted.apply(ServerAction::TakeOver);
        assert!(
            used.server_only().unwrap().levels.is_none() && used.import_offer().is_none(),
            "{name}"
        );
        // Then the level it is set to is known, and marked among the answers.
        let set = |workbench: &Workbench| {
            let view = workbench.view().expect("a view").clone();
            view.levels.clone().unwrap().map(|card| card.is_set)
        };
        let level = if name.starts_with("reg") { 1 } else { 2 };
        let expected = [0, 1, 2].map(|number| number == level);
        let judged = used.apply(paste(&text("vectors/t1.b64")));
        assert_eq!(set(&judged), expected, "{name}");
        assert_eq!(set(&judged.apply(ServerAction::TakeBack)), [false; 3], "{name}");
        assert_eq!(set(&used.apply(PasteAction::Sample(0))), [false; 3], "{name}");
    }
}

#[test]
fn of_several_events_each_can_be_chosen_and_all_is_said_of_that_one() {
    let taken = Workbench::default().apply(paste(&text("imports/events.xml")));
    let names = ["cifs/10.0.0.100", "HTTP/files&more", "cifs/10.0.0.200"];
    let chosen = |workbench: &Workbench| {
        let told = workbench.server_only().expect("events were taken over");
        let [row] = &told.events.iter().filter(|row| row.is_chosen).collect::<Vec<_>>()[..] else {
            panic!("{:#?}", told.events);
        };
        // The row says what the cards say.
        let denied = told.levels.as_ref().unwrap().iter().any(|card| card.outcome == Outcome::Deny);
        assert_eq!(row.now.starts_with("denied"), denied, "{row:?}");
        assert!(told.why.as_ref().unwrap().contains(&row.name), "{:?}", told.why);
        let host = row.name.split_once('/').unwrap().1;
        let headline =
            told.headline.pieces.iter().any(|piece| *piece == Piece::TargetName(host.into()));
        assert!(headline, "{:?}", told.headline);
        row.index
    };
    let rows = &taken.server_only().unwrap().events;
    assert_eq!(rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), names);
    assert_eq!(rows.iter().map(|row| row.event).collect::<Vec<_>>(), [5168, 5168, 551]);
    assert_eq!(rows[0].now, "accepted at every level", "the newest lists have it");
    assert!(rows.iter().all(|row| row.time.starts_with("20")), "{rows:?}");
    assert_eq!(chosen(&taken), 2, "the newest");
    for index in 0..3 {
        assert_eq!(chosen(&taken.apply(ServerAction::ChooseEvent(index))), index);
    }
    assert_eq!(chosen(&taken.apply(ServerAction::ChooseEvent(3))), 2, "there is none");
    // One event needs no rows.
    let one = Workbench::default().apply(paste(&text("imports/event-5168.txt")));
    assert!(
        one.server_only().unwrap().events.is_empty() && one.server_only().unwrap().why.is_some()
    );
}

#[test]
fn unread_text_that_looks_like_a_server_is_asked_about() {
    for (words, said) in [
        ("Configured Names: nas;10.0.0.100;", "looks like an event"),
        ("SmbServerNameHardeningLevel,1", "looks like settings of a server"),
        ("LAB;lab.lan;dcfr.lab.lan;DCFR;LocalHost;", "the server's own names"),
    ] {
        let pasted = Workbench::default().apply(paste(words));
        assert!(!pasted.offers_import(), "{words}");
        assert!(pasted.refusal().unwrap().contains(said), "{words}: {:?}", pasted.refusal());
        let imported = t1().apply(ServerAction::Import(words.as_bytes().into()));
        assert_eq!(imported.server(), t1().server(), "{words}");
        assert!(imported.imported().unwrap().remarks.join(" ").contains(said), "{words}");
    }
}
