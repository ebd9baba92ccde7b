//! Reads long inputs in steps, between which the page is drawn and listens.

use std::{
    rc::Rc,
    task::{Context, Poll, Waker},
};

use js_sys::Date;
use spnscope::analysis::Found;
use spnscope::base::pace::{Pace, Steps};
use spnscope_page::workbench::{PasteAction, Unread};

use crate::{dom, store::Act};

/// After how much work it is looked at the clock, in bytes.
const STEP: usize = 64 << 10;

/// How long the page waits for its turn, in milliseconds.
const TURN: f64 = 40.0;

/// Some reading, begun and not finished.
struct Reader {
    unread: Unread,
    act: Act,
    pace: Rc<Pace>,
    work: Steps<'static, Found>,
}

/// Reads `unread` until it is finished, or until nobody holds what this gives back. What becomes of it
/// goes to `act`.
pub(crate) fn begin(unread: Unread, act: Act) -> Rc<()> {
    let pace = Rc::new(Pace::in_steps(STEP));
    let work = {
        let (unread, pace) = (unread.clone(), Rc::clone(&pace));
        Box::pin(async move { unread.read(&pace).await })
    };
    let wanted = Rc::new(());
    let watch = Rc::downgrade(&wanted);
    later(Reader { unread, act, pace, work }, Box::new(move || watch.strong_count() > 0));
    wanted
}

/// Goes on once others had their turn.
fn later(mut reader: Reader, is_wanted: Box<dyn Fn() -> bool>) {
    dom::later(move || {
        if !is_wanted() {
            return;
        }
        let end = Date::now() + TURN;
        while Date::now() < end {
            if let Poll::Ready(found) =
                reader.work.as_mut().poll(&mut Context::from_waker(Waker::noop()))
            {
                reader.act.emit(PasteAction::Found(reader.unread, found.into()));
                return;
            }
        }
        reader.act.emit(PasteAction::Progress(reader.unread.progress(&reader.pace)));
        later(reader, is_wanted);
    });
}
