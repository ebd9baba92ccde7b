//! The reader of long inputs and files: it works in turns, between which the page is painted and
//! responds.

use std::{
    cell::Cell,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use js_sys::Date;
use spnscope::analysis::CaptureReader;
use spnscope::base::pace::{Pace, Steps};
use spnscope_page::workbench::{CaptureFile, FileAction, FileEnd, PasteAction, Unread};
use wasm_bindgen_futures::spawn_local;

use crate::{
    dom::{self, files::Pieces},
    store::Act,
};

/// The amount of work between looks at the clock, in bytes.
const CLOCK_STEP: usize = 64 << 10;

/// The length of a turn, in milliseconds.
const TURN_MILLIS: f64 = 12.0;

/// The time between reports of progress, in milliseconds: each draws the page anew.
const PROGRESS_MILLIS: f64 = 100.0;

/// The state of a task that the page wants.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Wish {
    /// The task goes on.
    GoOn,
    /// The task ends with the results so far.
    Stop,
    /// The task ends without a result.
    Forget,
}

/// A running task; dropping this cancels it.
#[derive(Debug)]
pub(crate) struct Reading(Rc<Cell<Wish>>);

impl Reading {
    /// Stops the task; the results so far are kept.
    pub(crate) fn stop(&self) {
        self.0.set(Wish::Stop);
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.0.set(Wish::Forget);
    }
}

/// The current turn of a task.
struct Turn {
    wish: Rc<Cell<Wish>>,
    end: f64,
    next_told: f64,
}

impl Turn {
    /// Begins the first turn; returns it with the handle of the task.
    fn first() -> (Self, Reading) {
        let wish = Rc::new(Cell::new(Wish::GoOn));
        let now = Date::now();
        let turn = Self {
            wish: Rc::clone(&wish),
            end: now + TURN_MILLIS,
            next_told: now + PROGRESS_MILLIS,
        };
        (turn, Reading(wish))
    }

    /// Yields to the browser if the turn is over, and reports progress if the last report is old.
    /// Returns the wish of the page.
    async fn go_on(&mut self, tell: impl FnOnce()) -> Wish {
        let now = Date::now();
        if now < self.end {
            return self.wish.get();
        }
        if now >= self.next_told && self.wish.get() == Wish::GoOn {
            self.next_told = now + PROGRESS_MILLIS;
            tell();
        }
        dom::turn_of_others().await;
        self.end = Date::now() + TURN_MILLIS;
        self.wish.get()
    }

    /// Does `work`, turn after turn; `None` if it is cancelled.
    async fn finish<T>(&mut self, mut work: Steps<'_, T>, tell: impl Fn()) -> Option<T> {
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(result) = work.as_mut().poll(&mut context) {
                return Some(result);
            }
            if self.go_on(&tell).await == Wish::Forget {
                return None;
            }
        }
    }
}

/// Reads `unread`, and sends the results to `act`.
pub(crate) fn read(unread: Unread, act: Act) -> Reading {
    let (mut turn, reading) = Turn::first();
    spawn_local(async move {
        // The action that led here is painted first.
        dom::turn_of_others().await;
        let pace = Pace::in_steps(CLOCK_STEP);
        let tell = || act.emit(PasteAction::Progress(unread.progress(&pace)));
        let found = turn.finish(unread.read(&pace), tell).await;
        if let Some(found) = found.filter(|_| turn.wish.get() != Wish::Forget) {
            act.emit(PasteAction::Found(unread.clone(), found.into()));
        }
    });
    reading
}

/// Reads a capture file, and sends the results to `act`.
pub(crate) fn read_capture(name: &str, pieces: Pieces, act: Act) -> Reading {
    let (turn, reading) = Turn::first();
    act.emit(FileAction::Begin(CaptureFile::new(name, pieces.size)));
    spawn_local(read_pieces(pieces, act, turn));
    reading
}

async fn read_pieces(mut pieces: Pieces, act: Act, mut turn: Turn) {
    let mut reader = CaptureReader::default();
    let mut bytes = 0;
    // The view is made anew each time the results have doubled, so that showing them takes no longer
    // than finding them.
    let mut shown_from = 1;
    let end = 'file: loop {
        let piece = match pieces.next().await {
            None => break FileEnd::Whole,
            Some(Err(end)) => break end,
            Some(Ok(piece)) => piece,
        };
        for part in piece.chunks(CLOCK_STEP) {
            reader.push(part);
            bytes += part.len() as u64;
            let sign_ins = reader.sign_ins();
            let tell = || {
                if sign_ins < shown_from {
                    act.emit(FileAction::ReadOn { bytes, sign_ins });
                } else {
                    shown_from = sign_ins * 2;
                    let found = reader.found_so_far().into();
                    act.emit(FileAction::SoFar { bytes, found });
                }
            };
            match turn.go_on(tell).await {
                Wish::GoOn => {}
                Wish::Stop => break 'file FileEnd::Stopped,
                Wish::Forget => return,
            }
        }
    };
    let pace = Pace::in_steps(CLOCK_STEP);
    let found = match end {
        FileEnd::Whole => {
            let work: Steps<'_, _> = Box::pin(reader.finish_in_steps(&pace));
            turn.finish(work, || {}).await
        }
        FileEnd::Stopped | FileEnd::Unreadable | FileEnd::NotUnpacked => Some(reader.stop()),
    };
    if let Some(found) = found.filter(|_| turn.wish.get() != Wish::Forget) {
        act.emit(FileAction::End { bytes, found: found.into(), end });
    }
}
