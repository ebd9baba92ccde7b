//! The reader of long inputs and files: it works in turns, between which the page is painted and
//! responds.

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
    dom::{self, files::FilePieces},
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
enum TaskWish {
    /// The task goes on.
    GoOn,
    /// The task ends with the results so far.
    Stop,
    /// The task ends without a result.
    Forget,
}

/// A running task; dropping this cancels it.
#[derive(Debug)]
pub(crate) struct ReadingTask(Rc<Cell<TaskWish>>);

impl ReadingTask {
    /// Stops the task; the results so far are kept.
    pub(crate) fn stop(&self) {
        self.0.set(TaskWish::Stop);
    }
}

impl Drop for ReadingTask {
    fn drop(&mut self) {
        self.0.set(TaskWish::Forget);
    }
}

/// The current turn of a task.
struct Turn {
    wish: Rc<Cell<TaskWish>>,
    end: f64,
    next_report: f64,
}

impl Turn {
    /// Begins the first turn, of which the first report is due after `report_after` milliseconds;
    /// returns it with the handle of the task.
    fn begin(report_after: f64) -> (Self, ReadingTask) {
        let wish = Rc::new(Cell::new(TaskWish::GoOn));
        let now = Date::now();
        let turn = Self {
            wish: Rc::clone(&wish),
            end: now + TURN_MILLIS,
            next_report: now + report_after,
        };
        (turn, ReadingTask(wish))
    }

    /// Yields to the browser if the turn is over, and reports progress if the last report is old.
    /// Returns the wish of the page.
    async fn yield_if_due(&mut self, report: impl FnOnce()) -> TaskWish {
        let now = Date::now();
        if now < self.end {
            return self.wish.get();
        }
        dom::yield_to_browser().await;
        if now >= self.next_report && self.wish.get() == TaskWish::GoOn {
            self.next_report = now + PROGRESS_MILLIS;
            report();
            // Showing a report is enough for one turn.
            dom::yield_to_browser().await;
        }
        self.end = Date::now() + TURN_MILLIS;
        self.wish.get()
    }

    /// Does `work`, turn after turn; `None` if it is cancelled.
    async fn run<T>(&mut self, mut work: BoxedTask<'_, T>, report: impl Fn()) -> Option<T> {
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(result) = work.as_mut().poll(&mut context) {
                return Some(result);
            }
            if self.yield_if_due(&report).await == TaskWish::Forget {
                return None;
            }
        }
    }
}

/// Reads `unread`, and sends the results to `act`.
pub(crate) fn read(unread: Unread, act: Act) -> ReadingTask {
    let (mut turn, reading) = Turn::begin(PROGRESS_MILLIS);
    spawn_local(async move {
        // The action that led here is painted first.
        dom::yield_to_browser().await;
        let pace = Pace::in_steps(CLOCK_STEP);
        let report = || act.emit(PasteAction::Progress(unread.progress(&pace)));
        let found = turn.run(unread.read(&pace), report).await;
        if let Some(found) = found.filter(|_| turn.wish.get() != TaskWish::Forget) {
            act.emit(PasteAction::Found(unread.clone(), found.into()));
        }
    });
    reading
}

/// Reads a capture file, and sends the results to `act`.
pub(crate) fn read_capture(name: &str, pieces: FilePieces, act: Act) -> ReadingTask {
    // The first sign-ins are shown as soon as they are found.
    let (turn, reading) = Turn::begin(0.0);
    act.emit(FileAction::Begin(CaptureFile::new(name, pieces.size)));
    spawn_local(read_pieces(pieces, act, turn));
    reading
}

async fn read_pieces(mut pieces: FilePieces, act: Act, mut turn: Turn) {
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
            let report = || {
                if sign_ins < shown_from {
                    act.emit(FileAction::ReadOn { bytes, sign_ins });
                } else {
                    shown_from = sign_ins * 2;
                    let found = reader.found_so_far().into();
                    act.emit(FileAction::SoFar { bytes, found });
                }
            };
            match turn.yield_if_due(report).await {
                TaskWish::GoOn => {}
                TaskWish::Stop => break 'file FileEnd::Stopped,
                TaskWish::Forget => return,
            }
        }
    };
    let pace = Pace::in_steps(CLOCK_STEP);
    let found = match end {
        FileEnd::Whole => {
            let work: BoxedTask<'_, _> = Box::pin(reader.finish_in_steps(&pace));
            turn.run(work, || {}).await
        }
        FileEnd::Stopped | FileEnd::Unreadable | FileEnd::NotUnpacked => Some(reader.stop()),
    };
    dom::yield_to_browser().await;
    if let Some(found) = found.filter(|_| turn.wish.get() != TaskWish::Forget) {
        act.emit(FileAction::End { bytes, found: found.into(), end });
    }
}
