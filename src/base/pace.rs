//! Long work in steps, so that its caller can do other things in between, or stop it.
//!
//! Finding takes long, judging does not: what was found is judged anew when the server changes, and
//! not read again. The page reads up to 128 KiB at once, and of more 40 ms in a turn.

use std::{
    cell::Cell,
    pin::Pin,
    task::{Context, Poll, Waker},
};

/// The progress of long work, and the amount of it after which others get their turn.
///
/// Work is counted in bytes that were looked at; a byte may be looked at several times.
#[derive(Debug)]
pub struct Pace {
    step: usize,
    done: Cell<usize>,
    /// The work done when others had their turn last.
    before: Cell<usize>,
}

impl Pace {
    /// Never stops before the end.
    #[must_use]
    pub const fn at_once() -> Self {
        Self::in_steps(usize::MAX)
    }

    /// Stops after each `step` bytes or a little more.
    #[must_use]
    pub const fn in_steps(step: usize) -> Self {
        Self { step, done: Cell::new(0), before: Cell::new(0) }
    }

    /// The work done, in bytes.
    #[must_use]
    pub const fn done(&self) -> usize {
        self.done.get()
    }

    /// Counts `amount` bytes of work, and lets others go first where a step is full.
    pub(crate) fn spend(&self, amount: usize) -> Yield<'_> {
        self.done.set(self.done.get().saturating_add(amount));
        Yield(self)
    }
}

/// The turn of others, where a step is full.
pub(crate) struct Yield<'p>(&'p Pace);

impl Future for Yield<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Pace { step, done, before } = self.0;
        if done.get() - before.get() < *step {
            return Poll::Ready(());
        }
        before.set(done.get());
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

/// A task that is done in steps. It is boxed, so that each place that runs it shares one copy of
/// the code.
pub type BoxedTask<'w, T> = Pin<Box<dyn Future<Output = T> + 'w>>;

/// Runs all steps of `task`, one after another, and returns its result.
#[must_use]
pub fn block_on<T>(mut task: BoxedTask<'_, T>) -> T {
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(result) = task.as_mut().poll(&mut context) {
            return result;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn ten(pace: &Pace) -> usize {
        for _ in 0..10 {
            pace.spend(3).await;
        }
        pace.done()
    }

    #[test]
    fn work_stops_where_a_step_is_full() {
        for (pace, stops) in [(Pace::in_steps(9), 3), (Pace::in_steps(1), 10), (Pace::at_once(), 0)]
        {
            let mut task: BoxedTask<'_, _> = Box::pin(ten(&pace));
            let mut context = Context::from_waker(Waker::noop());
            let mut pending = 0;
            while task.as_mut().poll(&mut context).is_pending() {
                pending += 1;
            }
            assert_eq!((pending, pace.done()), (stops, 30));
        }
        assert_eq!(block_on(Box::pin(ten(&Pace::in_steps(1)))), 30);
    }
}
