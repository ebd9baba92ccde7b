//! The state of the page, and how components come by it.

use std::{cell::RefCell, ops::Deref, rc::Rc, sync::Arc};

use spnscope_page::view::DecodeView;
use spnscope_page::workbench::{Action, Unread, Workbench};
use yew::prelude::*;

use crate::{
    dom::storage,
    hooks::{use_effect_until, use_effect_with},
    reader,
};

/// [`Workbench`] under a local name, since neither it nor [`Reducible`] is defined here.
#[derive(Clone, Debug)]
pub(crate) struct Store(pub(crate) Workbench);

impl Reducible for Store {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        // Pointing happens with every move of the mouse: where nothing changes, the same `Rc` goes
        // back, for which Yew does not render.
        match &action {
            Action::Point(span) if *span == self.0.pointed() => self,
            Action::Select(span) if *span == self.0.selected() => self,
            _ => Rc::new(Self(self.0.apply(action))),
        }
    }
}

thread_local! {
    /// How to change the state, as the root says. There is one root.
    static DISPATCH: RefCell<Option<UseReducerDispatcher<Store>>> = const { RefCell::new(None) };
}

/// Changes the state. Where no root is, as in tests of a component alone, nothing happens.
#[inline(never)]
pub(crate) fn act(action: Action) {
    let dispatch = DISPATCH.with(|dispatch| dispatch.borrow().clone());
    if let Some(dispatch) = dispatch {
        dispatch.dispatch(action);
    }
}

/// Owns the store, `typed` at first in its box, and keeps from visit to visit the server that the reader asked to keep. For the root alone: what
/// is below gets plain values, and changes the state with [`act`]. A Yew context would do the same with
/// a component, a hook and a callback more in every listener.
#[hook]
pub(crate) fn use_store(typed: Option<String>) -> UseReducerHandle<Store> {
    let store = use_reducer(move || {
        let workbench = Workbench::with_kept(storage::server());
        Store(match typed {
            Some(text) => workbench.apply(Action::Give(text.into_bytes().into())),
            None => workbench,
        })
    });
    DISPATCH.with(|dispatch| *dispatch.borrow_mut() = Some(store.dispatcher()));
    use_effect_with(store.0.kept().cloned(), |kept| {
        if *kept != storage::server() {
            storage::keep_server(kept.as_ref());
        }
    });
    use_effect_until(store.0.unread().cloned(), |unread: &Option<Unread>| {
        let reading = unread.clone().map(reader::begin);
        move || drop(reading)
    });
    store
}

/// A view handed to several components. Every change makes a new one, so identity is equality.
#[derive(Clone, Debug)]
pub(crate) struct Shared(Arc<DecodeView>);

impl Shared {
    /// Tells it from others, as long as they are there too. Never 0.
    pub(crate) fn number(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }
}

impl From<Arc<DecodeView>> for Shared {
    fn from(view: Arc<DecodeView>) -> Self {
        Self(view)
    }
}

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for Shared {
    type Target = DecodeView;

    fn deref(&self) -> &DecodeView {
        &self.0
    }
}
