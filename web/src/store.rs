//! The store of the page's state, and the access of components to it.

use std::{ops::Deref, rc::Rc, sync::Arc};

use spnscope_page::view::DecodeView;
use spnscope_page::workbench::{Action, PasteAction, Unread, Workbench};
use yew::prelude::*;

use crate::{dom::storage, reader};

/// [`Workbench`] as a local type, so that [`Reducible`] can be implemented for it.
#[derive(Clone, Debug)]
pub(crate) struct Store(pub(crate) Workbench);

impl Reducible for Store {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(Self(self.0.apply(action)))
    }
}

/// The dispatcher of actions. It is in a context, so that it need not be passed down.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Act(Callback<Action>);

impl Act {
    /// Dispatches `action` now.
    pub(crate) fn emit(&self, action: impl Into<Action>) {
        self.0.emit(action.into());
    }

    /// Makes a callback that dispatches `action`.
    pub(crate) fn on<E: 'static>(&self, action: impl Into<Action>) -> Callback<E> {
        let action = action.into();
        self.0.reform(move |_| action.clone())
    }
}

/// Returns the dispatcher of the page. Without one, as in tests of a single component, actions do
/// nothing.
#[hook]
pub(crate) fn use_act() -> Act {
    use_context().unwrap_or_else(|| Act(Callback::noop()))
}

/// Creates the store, with the text `typed` into the box before the program had started, and stores
/// the server that the reader asked to keep. For the root alone: components below get plain values,
/// and change the state with [`use_act`].
#[hook]
pub(crate) fn use_store(typed: Option<String>) -> (UseReducerHandle<Store>, Act) {
    let store = use_reducer(move || {
        let workbench = Workbench::with_kept(storage::server());
        Store(match typed {
            Some(text) => workbench.apply(PasteAction::Prefill(text.into_bytes().into())),
            None => workbench,
        })
    });
    let act = Act(use_callback(store.dispatcher(), |action, store| store.dispatch(action)));
    use_effect_with(store.0.kept().cloned(), |kept| {
        if *kept != storage::server() {
            storage::keep_server(kept.as_ref());
        }
    });
    {
        let act = act.clone();
        use_effect_with(store.0.unread().cloned(), move |unread: &Option<Unread>| {
            let reading = unread.clone().map(|unread| reader::read(unread, act));
            move || drop(reading)
        });
    }
    (store, act)
}

/// A view shared by several components. Every change makes a new one, so identity is equality.
#[derive(Clone, Debug)]
pub(crate) struct Shared(Arc<DecodeView>);

impl Shared {
    /// An identifier among the views alive at once. Never 0.
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
