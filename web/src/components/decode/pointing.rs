//! Which bytes are pointed at: a passing state of Decode alone, since it changes with each move of
//! the mouse.

use spnscope::base::span::Span;
use yew::prelude::*;

/// Points at bytes, or no longer. It is in a context, so that nobody has to hand it down.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Point(pub(super) Callback<Option<Span>>);

impl Point {
    /// Points at `span` now.
    pub(crate) fn emit(&self, span: Option<Span>) {
        self.0.emit(span);
    }

    /// Points at `span` whenever some event comes.
    pub(crate) fn on<E: 'static>(&self, span: Option<Span>) -> Callback<E> {
        self.0.reform(move |_| span)
    }
}

/// Points at bytes of the message that Decode shows. In tests of a component alone, nothing
/// happens.
#[hook]
pub(crate) fn use_point() -> Point {
    use_context().unwrap_or_else(|| Point(Callback::noop()))
}
