//! The bytes pointed at: a passing state of Decode alone, since it changes with each move of the
//! mouse.

use spnscope::base::span::Span;
use yew::prelude::*;

/// The setter of the bytes pointed at. It is in a context, so that it need not be passed down.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Point(pub(super) Callback<Option<Span>>);

impl Point {
    /// Points at `span` now.
    pub(crate) fn emit(&self, span: Option<Span>) {
        self.0.emit(span);
    }

    /// Makes a callback that points at `span`.
    pub(crate) fn on<E: 'static>(&self, span: Option<Span>) -> Callback<E> {
        self.0.reform(move |_| span)
    }
}

/// Returns the setter of the Decode around the component. Without one, as in tests of a single
/// component, it does nothing.
#[hook]
pub(crate) fn use_point() -> Point {
    use_context().unwrap_or_else(|| Point(Callback::noop()))
}
