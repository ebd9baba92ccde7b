//! Long inputs, read in steps: what is found is the same, and the page's state says how far it is.

use std::{
    sync::Arc,
    task::{Context, Waker},
};

use spnscope::analysis::{FoundSignIns, find};
use spnscope::base::pace::{Pace, block_on};
use spnscope::judge::smb::{Outcome, ServerSettings};
use spnscope::read::text::Reading;
use spnscope_page::workbench::{PasteAction, SelectAction, Unread, Workbench};

use crate::hostile::REPEATED;

const T1: &str = include_str!("../../fixtures/vectors/t1.b64");
const AUTHENTICATE: &str = include_str!("../../fixtures/vectors/t1-authenticate.b64");

/// In bytes.
const STEP: usize = 16 << 10;

/// The tokens of `input`, the turns that others had meanwhile, and the most bytes of work between
/// two of them.
fn in_steps(input: &[u8], reading: Option<Reading>) -> (FoundSignIns, usize, usize) {
    let pace = Pace::in_steps(STEP);
    let mut work = find(input, reading, &pace);
    let mut context = Context::from_waker(Waker::noop());
    let (mut turns, mut longest, mut before) = (0, 0, 0);
    loop {
        let polled = work.as_mut().poll(&mut context);
        longest = longest.max(pace.done() - before);
        before = pace.done();
        if let std::task::Poll::Ready(found) = polled {
            return (found, turns, longest);
        }
        turns += 1;
    }
}

#[test]
fn reading_in_steps_finds_the_same_as_reading_at_once() {
    for piece in REPEATED {
        let pasted = piece.repeat((256 << 10) / piece.len());
        let (found, turns, longest) = in_steps(pasted.as_bytes(), None);
        assert_eq!(found, block_on(find(pasted.as_bytes(), None, &Pace::at_once())), "{piece:?}");
        assert!(turns >= 2, "{piece:?}: {turns}");
        // One stretch may be all of the input, and is looked at once in a step.
        assert!(longest <= pasted.len() + STEP, "{piece:?}: {longest}");
    }
}

/// One list of numbers, one escaped string and one word of a form may be all of the input.
#[test]
fn a_long_stretch_is_read_in_steps() {
    for (piece, reading) in [
        ("1 ", Reading::Hex),
        ("78,", Reading::Decimal),
        ("\\n", Reading::Escapes),
        ("%41", Reading::Percent),
    ] {
        let pasted = format!("\"{}\"", piece.repeat((1 << 20) / piece.len()));
        let (_, turns, _) = in_steps(pasted.as_bytes(), Some(reading));
        assert!(turns >= pasted.len() / STEP, "{piece:?}: {turns}");
    }
}

/// A log of many lines has no long stretch, so no step is much longer than asked.
#[test]
fn a_log_is_read_in_short_steps() {
    let line = format!("10:04:11 Authorization: NTLM {}\n", AUTHENTICATE.trim_end());
    let log =
        format!("{}{line}", "10:04:11 GET /a.html 200 \"none\" %41 0x4e\n".repeat(4_000)).repeat(4);
    let (found, turns, longest) = in_steps(log.as_bytes(), None);
    assert_eq!(found, block_on(find(log.as_bytes(), None, &Pace::at_once())));
    let judged = found.judged(&ServerSettings::default(), None);
    let tokens = judged.tokens();
    assert_eq!(tokens.iter().map(|token| token.places.len()).collect::<Vec<_>>(), [4]);
    assert!(longest < 4 * STEP, "{longest}");
    assert!(turns > log.len() / STEP, "{turns}");
}

/// T1 at the end of more than is read at once.
fn long() -> Arc<[u8]> {
    format!("{}\n{}", "nothing of interest\n".repeat(20_000), T1).into_bytes().into()
}

fn read(unread: &Unread) -> PasteAction {
    PasteAction::Found(unread.clone(), block_on(unread.read(&Pace::at_once())).into())
}

#[test]
fn a_long_paste_waits_to_be_read() {
    let pasted = Workbench::default().apply(PasteAction::Put(long()));
    assert!(pasted.view().is_none() && pasted.refusal().is_none());
    assert_eq!(pasted.progress(), 0);
    let unread = pasted.unread().expect("it is long").clone();

    let pace = Pace::in_steps(STEP);
    let mut work = unread.read(&pace);
    let _ = work.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    let early = unread.progress(&pace);
    let _ = block_on(work);
    assert!(early < unread.progress(&pace), "{early}");
    assert_eq!(pasted.apply(PasteAction::Progress(early)).progress(), early);

    let done = pasted.apply(read(&unread));
    assert!(done.unread().is_none());
    let levels = done.view().expect("T1 is in it").levels.as_ref().expect("and judged");
    assert_eq!(levels[0].outcome, Outcome::Accept);
    // A late result does not overwrite a newer one.
    let newer = pasted.apply(PasteAction::Sample(0)).apply(read(&unread));
    assert_eq!(newer.sample(), Some(0));
    let other = pasted.apply(PasteAction::Put("another\n".repeat(20_000).into_bytes().into()));
    assert_eq!(other.apply(read(&unread)), other);
}

#[test]
fn reading_can_be_stopped_and_begun_again() {
    let pasted = Workbench::default().apply(PasteAction::Put(long()));
    let stopped = pasted.apply(PasteAction::Stop);
    assert!(stopped.unread().is_none() && stopped.view().is_none());
    assert_eq!(stopped.refusal(), Some("Reading was stopped, so nothing of the input is shown."));
    let again = stopped.apply(PasteAction::Put(long()));
    assert!(again.unread().is_some() && again.refusal().is_none());
    let short = stopped.apply(PasteAction::Put(T1.as_bytes().into()));
    assert!(short.view().is_some() && short.refusal().is_none());
}

#[test]
fn the_second_input_is_read_in_steps_too() {
    let first = Workbench::default().apply(PasteAction::Put(T1.as_bytes().into()));
    let both = first.apply(SelectAction::PasteOther(long()));
    let unread = both.unread().expect("it is long").clone();
    assert!(both.view().is_some(), "the first stays");
    let done = both.apply(read(&unread));
    assert_eq!(done.view(), first.view());
    assert_ne!(done.comparison(), first.comparison());
    let stopped = both.apply(PasteAction::Stop);
    assert!(stopped.refusal().is_some_and(|why| why.contains("second input")));
    assert_eq!(stopped.view(), first.view());
    // After the box is emptied neither the rest nor the sentence is wanted.
    for emptied in
        [&both, &stopped].map(|before| before.apply(SelectAction::PasteOther(Arc::default())))
    {
        assert!(emptied.unread().is_none() && emptied.refusal().is_none());
        assert_eq!(emptied.apply(read(&unread)).comparison(), first.comparison());
    }
}
