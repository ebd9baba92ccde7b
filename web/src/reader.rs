//! Reads long inputs and files in turns, between which the page is drawn and listens.

use std::{
    cell::Cell,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use js_sys::Date;
use spnscope::analysis::CaptureReader;
use spnscope::base::pace::{BoxedTask, Pace};
use spnscope_page::workbench::{CaptureFile, FileAction, FileEnd, PasteAction, Unread};
use wasm_bindgen_futures::spawn_local;

use crate::{
    dom::{self, files::Pieces},
    store::Act,
};

/// After how much work it is looked at the clock, in bytes.
const STEP: usize = 64 << 10;

/// How long the page waits for its turn, in milliseconds.
const TURN: f64 = 12.0;

/// How often it is told how far reading has come, in milliseconds: the page is drawn anew each
/// time.
const TOLD_EACH: f64 = 100.0;

/// What is wanted of some reading.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Wish {
    /// That it goes on.
    GoOn,
    /// What was found so far, and no more.
    Stop,
    /// Nothing any more.
    Forget,
}

/// Some reading that goes on until it is finished, or until this is dropped.
#[derive(Debug)]
pub(crate) struct Reading(Rc<Cell<Wish>>);

impl Reading {
    /// Reads no further; what was found so far is kept.
    pub(crate) fn stop(&self) {
        self.0.set(Wish::Stop);
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.0.set(Wish::Forget);
    }
}

/// The turn that reading has.
struct Turn {
    wish: Rc<Cell<Wish>>,
    end: f64,
    next_told: f64,
}

impl Turn {
    /// The first turn, and what reading is stopped with.
    fn first() -> (Self, Reading) {
        let wish = Rc::new(Cell::new(Wish::GoOn));
        let now = Date::now();
        let turn = Self { wish: Rc::clone(&wish), end: now + TURN, next_told: now + TOLD_EACH };
        (turn, Reading(wish))
    }

    /// Others have their turn where this one has come to its end; it is told how far reading has
    /// come, where that was long ago. What is wanted then.
    async fn go_on(&mut self, tell: impl FnOnce()) -> Wish {
        let now = Date::now();
        if now < self.end {
            return self.wish.get();
        }
        if now >= self.next_told && self.wish.get() == Wish::GoOn {
            self.next_told = now + TOLD_EACH;
            tell();
        }
        dom::turn_of_others().await;
        self.end = Date::now() + TURN;
        self.wish.get()
    }

    /// Does `work`, turn after turn; `None` where nobody wants it any more.
    async fn finish<T>(&mut self, mut work: BoxedTask<'_, T>, tell: impl Fn()) -> Option<T> {
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

/// Reads `unread`. What becomes of it goes to `act`.
pub(crate) fn read(unread: Unread, act: Act) -> Reading {
    let (mut turn, reading) = Turn::first();
    spawn_local(async move {
        // What it follows from is drawn first.
        dom::turn_of_others().await;
        let pace = Pace::in_steps(STEP);
        let tell = || act.emit(PasteAction::Progress(unread.progress(&pace)));
        let found = turn.finish(unread.read(&pace), tell).await;
        if let Some(found) = found.filter(|_| turn.wish.get() != Wish::Forget) {
            act.emit(PasteAction::Found(unread.clone(), found.into()));
        }
    });
    reading
}

/// Reads a capture file. What becomes of it goes to `act`.
pub(crate) fn read_capture(name: &str, pieces: Pieces, act: Act) -> Reading {
    let (turn, reading) = Turn::first();
    act.emit(FileAction::Begin(CaptureFile::new(name, pieces.size)));
    spawn_local(read_pieces(pieces, act, turn));
    reading
}

async fn read_pieces(mut pieces: Pieces, act: Act, mut turn: Turn) {
    let mut reader = CaptureReader::default();
    let mut bytes = 0;
    // What was found is shown anew each time that it has doubled, so that showing it takes no
    // longer than finding it.
    let mut shown_from = 1;
    let end = 'file: loop {
        let piece = match pieces.next().await {
            None => break FileEnd::Whole,
            Some(Err(end)) => break end,
            Some(Ok(piece)) => piece,
        };
        for part in piece.chunks(STEP) {
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
    let pace = Pace::in_steps(STEP);
    let found = match end {
        FileEnd::Whole => {
            let work: BoxedTask<'_, _> = Box::pin(reader.finish_in_steps(&pace));
            turn.finish(work, || {}).await
        }
        FileEnd::Stopped | FileEnd::Unreadable | FileEnd::NotUnpacked => Some(reader.stop()),
    };
    if let Some(found) = found.filter(|_| turn.wish.get() != Wish::Forget) {
        act.emit(FileAction::End { bytes, found: found.into(), end });
    }
}
