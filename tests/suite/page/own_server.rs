//! The reader's own server: what holds in this tab, what is kept, and which sign-ins it judges.

use std::sync::Arc;

use spnscope::judge::{
    remedies::Change,
    smb::{Outcome, ServerSettings},
};
use spnscope_page::view::{Piece, SAMPLES, ServerBasis, ServerNote, ServerOffer};
use spnscope_page::workbench::{
    Action, Day, EditAction, KeptServer, LinkContent, PasteAction, SelectAction, ServerAction,
    ServerEdit, Workbench,
};

use crate::fixtures::text;

const DENIED: [Outcome; 3] = [Outcome::Accept, Outcome::Deny, Outcome::Deny];
const ACCEPTED: [Outcome; 3] = [Outcome::Accept; 3];

fn outcomes(workbench: &Workbench) -> [Outcome; 3] {
    let levels = workbench.view().and_then(|view| view.levels.clone()).expect("levels");
    levels.map(|level| level.outcome)
}

fn paste(text: &str) -> PasteAction {
    PasteAction::Put(Arc::from(text.as_bytes()))
}

/// A sign-in to DCFR, which asks for 10.0.0.100.
fn to_dcfr() -> PasteAction {
    paste(&text("vectors/t1.b64"))
}

/// A sign-in to a server of another name.
fn to_another() -> PasteAction {
    let printed = |kind: &str| text(&format!("vectors/ms-nlmp-4.2.4.3-{kind}.hex"));
    paste(&[printed("challenge"), printed("authenticate")].join("\n"))
}

fn try_it() -> ServerAction {
    ServerAction::Try(Change::Allow("10.0.0.100".to_owned()))
}

fn keep() -> ServerAction {
    ServerAction::Keep(Day::new(2026, 11, 28))
}

/// The page as it is after it was loaded again: only what is kept is left, as text.
fn reload(workbench: &Workbench) -> Workbench {
    let stored = workbench.kept().map(KeptServer::to_text);
    Workbench::with_kept(stored.as_deref().and_then(KeptServer::from_text))
}

fn written(note: &ServerNote) -> String {
    let pieces = note.pieces.iter().map(|piece| match piece {
        Piece::Text(text) | Piece::TargetName(text) | Piece::Data(text) => text.as_str(),
    });
    let offers = note.offers.iter().map(|offer| format!(" [{}]", offer.words()));
    pieces.map(ToOwned::to_owned).chain(offers).collect()
}

fn notes(workbench: &Workbench) -> Vec<String> {
    workbench.server_notes().iter().map(written).collect()
}

#[test]
fn no_flow_remembers_a_trial() {
    let opened = Workbench::default().apply(to_dcfr());
    let tried = opened.apply(try_it());
    assert_eq!(outcomes(&tried), ACCEPTED);
    let event = ServerAction::Import(text("imports/event-5168.txt").into_bytes().into());
    let addresses = || ServerEdit::Addresses(vec!["10.0.0.11".parse().unwrap()]);
    let flows: [Vec<Action>; 11] = [
        vec![],
        vec![addresses().into()],
        vec![ServerEdit::Allow("nas".into()).into()],
        vec![Action::Open("relay".into()), Action::Open("decode".into())],
        vec![SelectAction::Message(1).into()],
        vec![PasteAction::Sample(0).into()],
        vec![PasteAction::ReadAs(None).into()],
        vec![event.clone().into()],
        vec![event.into(), try_it().into()],
        vec![Action::Prove(None), EditAction::TakeBack.into()],
        vec![try_it().into(), try_it().into()],
    ];
    for flow in flows {
        let after = flow.iter().fold(tried.clone(), |state, action| state.apply(action.clone()));
        assert_eq!(after.kept(), None, "{flow:?}");
        assert_eq!(outcomes(&reload(&after).apply(to_dcfr())), DENIED, "{flow:?}");
        // Nor does it get into what is kept on another sign-in.
        let by_hand = ServerEdit::Disallow("10.0.0.100".into());
        let later = after.apply(to_dcfr()).apply(by_hand).apply(addresses());
        assert_eq!(outcomes(&reload(&later.apply(keep())).apply(to_dcfr())), DENIED, "{flow:?}");
    }
}

#[test]
fn a_trial_ends_with_what_it_was_tried_for() {
    let tried = Workbench::default().apply(to_dcfr()).apply(try_it());
    assert_eq!(notes(&tried), ["Tried, not kept: 10.0.0.100 as an allowed name. [Undo] [Keep]"]);
    let again = tried.apply(paste("hello")).apply(to_dcfr());
    assert_eq!(outcomes(&again), DENIED);
    assert_eq!(notes(&again), [""; 0]);
    assert_eq!(outcomes(&tried.apply(ServerAction::TakeBack)), DENIED);
}

#[test]
fn only_keep_stores_and_the_day_is_stored_with_it() {
    let entered =
        Workbench::default().apply(to_dcfr()).apply(ServerEdit::Allow("10.0.0.100".into()));
    assert_eq!(
        notes(&entered),
        ["Used in this tab, not kept: DCFR; also allowed: 10.0.0.100. [Undo] [Keep]"]
    );
    assert_eq!((entered.kept(), entered.server_basis()), (None, ServerBasis::Stated));
    let kept = entered.apply(keep());
    assert_eq!(kept.server_basis(), ServerBasis::Kept);
    let remembered = "Answered for your server, remembered 28 Nov 2026: DCFR; also allowed: 10.0.0.100. [Forget it]";
    assert_eq!(notes(&kept), [remembered]);
    let later = reload(&kept);
    assert_eq!(
        notes(&later),
        [
            "Your server is remembered since 28 Nov 2026: DCFR; also allowed: 10.0.0.100. It is used for sign-ins to it. [Forget it]"
        ]
    );
    let later = later.apply(to_dcfr());
    assert_eq!(notes(&later), [remembered]);
    assert_eq!(outcomes(&later), ACCEPTED);
    let forgotten = later.apply(ServerAction::Forget);
    assert_eq!((forgotten.kept(), notes(&forgotten).len()), (None, 0));
    assert_eq!(outcomes(&forgotten), DENIED);
    assert_eq!(outcomes(&reload(&forgotten).apply(to_dcfr())), DENIED);
}

#[test]
fn a_trial_on_a_remembered_server_says_both() {
    let kept = Workbench::default()
        .apply(to_dcfr())
        .apply(ServerEdit::Allow("nas".into()))
        .apply(keep())
        .apply(try_it());
    assert_eq!(
        notes(&kept),
        [
            "Tried, not kept: 10.0.0.100 as an allowed name. [Undo] [Keep]",
            "Answered for your server, remembered 28 Nov 2026: DCFR; also allowed: nas. [Forget it]"
        ]
    );
    assert_eq!(outcomes(&reload(&kept).apply(to_dcfr())), DENIED);
    assert_eq!(outcomes(&reload(&kept.apply(keep())).apply(to_dcfr())), ACCEPTED);
    // Forgetting it takes back what was tried at it too.
    assert_eq!(kept.apply(ServerAction::Forget).server(), &ServerSettings::default());
}

#[test]
fn an_import_holds_in_this_tab_until_it_is_kept() {
    let event = text("imports/event-5168.txt");
    let taken = Workbench::default().apply(paste(&event));
    assert_eq!(
        notes(&taken),
        ["Server taken from this event, not kept: DCFR, 10.0.0.11, fe80::1. [Keep it]"]
    );
    assert_eq!(taken.kept(), None);
    let sign_in = taken.apply(to_dcfr());
    assert_eq!(sign_in.server(), taken.server(), "it is the same server");
    assert_eq!(reload(&sign_in).apply(to_dcfr()).server(), &ServerSettings::default());
    let kept = reload(&sign_in.apply(keep())).apply(to_dcfr());
    assert_eq!(kept.server(), taken.server());
    let back = taken.apply(ServerAction::TakeBack);
    assert_eq!((back.server(), notes(&back).len()), (&ServerSettings::default(), 0));
    let remembered =
        "Answered for your server, remembered 28 Nov 2026: DCFR, 10.0.0.11, fe80::1. [Forget it]";
    assert_eq!(notes(&taken.apply(keep())), [remembered]);
}

#[test]
fn an_event_that_came_with_the_address_says_nothing_of_other_sign_ins() {
    let address = Workbench::default()
        .apply(paste(&text("imports/event-5168.txt")))
        .apply(PasteAction::Link(LinkContent::default()))
        .link()
        .map(ToOwned::to_owned);
    let opened = Workbench::default().apply(Action::Open(address.unwrap()));
    assert!(opened.server_only().is_some() && opened.server_basis() == ServerBasis::Stated);
    let sign_in = opened.apply(to_dcfr());
    assert_eq!(sign_in.server(), &ServerSettings::default());
    assert_eq!(sign_in.imported(), None);
    // A server that its reader keeps is kept.
    assert_eq!(opened.apply(keep()).apply(to_dcfr()).server(), opened.server());
}

/// The one question, at both levels, for this tab and this server.
#[test]
fn an_answer_settles_both_levels_and_is_kept_only_on_request() {
    let bare = || paste(text("vectors/t1.b64").lines().last().unwrap());
    let depends = |workbench: &Workbench| {
        workbench.view().unwrap().levels.as_ref().unwrap().clone().map(|card| card.depends)
    };
    let opened = Workbench::default().apply(bare());
    assert_eq!(depends(&opened), [false, true, true]);
    let question = opened.view().unwrap().question.clone().expect("it is asked");
    let [no, yes] = &question.answers[..] else { panic!("{question:?}") };
    assert_eq!((&*no.0, &*yes.0), ("No", "Yes"));
    let [no, yes] = [no, yes].map(|(_, answer)| opened.apply(ServerEdit::from(answer.clone())));
    for (answered, outcome, note) in [
        (&no, DENIED, "Used in this tab, not kept: DCFR; not its own: 10.0.0.100. [Undo] [Keep]"),
        (&yes, ACCEPTED, "Used in this tab, not kept: DCFR, 10.0.0.100. [Undo] [Keep]"),
    ] {
        assert_eq!(depends(answered), [false; 3]);
        assert_eq!(outcomes(answered), outcome);
        assert_eq!(answered.view().unwrap().question, None);
        assert_eq!(notes(answered), [note]);
        assert_eq!(depends(&answered.apply(ServerAction::TakeBack)), [false, true, true]);
        // This tab, this server; and no other.
        assert_eq!(outcomes(&answered.apply(to_dcfr())), outcome);
        assert_eq!(answered.apply(to_another()).server(), &ServerSettings::default());
        assert_eq!(depends(&reload(answered).apply(bare())), [false, true, true]);
        assert_eq!(outcomes(&reload(&answered.apply(keep())).apply(bare())), outcome);
    }
    // Only that address is said not to be its own.
    let other = ServerEdit::ForeignAddress("10.0.0.99".parse().unwrap());
    assert_eq!(depends(&opened.apply(other)), [false, true, true]);
    // Who says Yes after No has changed the answer.
    let address = ServerEdit::Addresses(vec!["10.0.0.100".parse().unwrap()]);
    assert_eq!(no.apply(address.clone()).server(), opened.apply(address).server());
}

#[test]
fn a_remembered_server_judges_only_its_own_sign_ins() {
    let settings = ServerSettings {
        names: vec!["DCFR".into(), "dcfr.lab.lan".into()],
        allowed: vec!["10.0.0.100".into()],
        ..ServerSettings::default()
    };
    let kept = KeptServer { settings: settings.clone(), day: None };
    let start = Workbench::with_kept(Some(kept));
    assert_eq!(start.apply(to_dcfr()).server(), &settings);
    assert_eq!(
        notes(&start.apply(to_dcfr())),
        ["Answered for your server, remembered: DCFR; also allowed: 10.0.0.100. [Forget it]"]
    );
    let other = start.apply(to_another());
    assert_eq!(other.server(), &ServerSettings::default());
    assert_eq!(
        notes(&other),
        ["Your remembered server DCFR is not this one. [Use it all the same] [Forget it]"]
    );
    let used = other.apply(ServerAction::UseKept);
    assert_eq!(used.server(), &settings);
    assert_eq!(used.server_basis(), ServerBasis::Kept);
    let bare = text("vectors/t1.b64").lines().last().unwrap().to_owned();
    assert_eq!(start.apply(paste(&bare)).server(), &settings, "the client echoes the names");
    // Two sign-ins to two servers in one paste: each is judged for its own.
    let PasteAction::Put(other) = to_another() else { unreachable!() };
    let both = format!("{}\n{}", text("vectors/t1.b64").trim(), String::from_utf8_lossy(&other));
    let both = start.apply(paste(&both));
    let exchanges = both.analysis().unwrap().exchanges();
    let [first, second] = [0, 1].map(|at| exchanges[at].authenticate.unwrap());
    assert_eq!(both.apply(SelectAction::Message(first)).server(), &settings);
    assert_eq!(both.apply(SelectAction::Message(second)).server(), &ServerSettings::default());
    // A server that an earlier version stored has no name, and may have been a trial.
    let old = KeptServer::from_text("address 10.0.0.100\n");
    let nameless = Workbench::with_kept(old).apply(to_dcfr());
    assert!(
        nameless.view().unwrap().levels.as_ref().unwrap()[1].depends,
        "as if nothing were kept"
    );
    assert_eq!(
        notes(&nameless),
        [
            "Your remembered server 10.0.0.100 is not used: it has no name. [Use it all the same] [Forget it]"
        ]
    );
    assert_eq!(outcomes(&nameless.apply(ServerAction::UseKept)), ACCEPTED);
}

#[test]
fn a_sample_keeps_nothing_and_is_judged_for_its_own_server() {
    let settings = ServerSettings { names: vec!["DCFR".into()], ..ServerSettings::default() };
    let start = Workbench::with_kept(Some(KeptServer { settings, day: None }));
    let sample = start.apply(PasteAction::Sample(0));
    assert_eq!((sample.server_basis(), notes(&sample).len()), (ServerBasis::Sample, 0));
    let tried = sample.apply(try_it());
    assert_eq!(tried.server_notes()[0].offers, [ServerOffer::TakeBack]);
    assert_eq!(tried.apply(keep()).kept(), start.kept());
    assert_eq!(SAMPLES[0].server(), *sample.server());
}
