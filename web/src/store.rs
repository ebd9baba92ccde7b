//! The state of the page, and how components come by it.

use std::{ops::Deref, rc::Rc, sync::Arc};

use spnscope_page::view::DecodeView;
use spnscope_page::workbench::{Action, PasteAction, Unread, Workbench};
use yew::prelude::*;

use crate::{dom::storage, reader};

/// [`Workbench`] under a local name, since neither it nor [`Reducible`] is defined here.
#[derive(Clone, Debug)]
pub(crate) struct Store(pub(crate) Workbench);

impl Reducible for Store {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(Self(self.0.apply(action)))
    }
}

/// Changes the state of the page. It stands in a context, so that nobody has to hand it down.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Act(Callback<Action>);

impl Act {
    /// Does `action` now.
    pub(crate) fn emit(&self, action: impl Into<Action>) {
        self.0.emit(action.into());
    }

    /// Does `action` whenever some event comes.
    pub(crate) fn on<E: 'static>(&self, action: impl Into<Action>) -> Callback<E> {
        let action = action.into();
        self.0.reform(move |_| action.clone())
    }
}

/// Changes the state of the page that the component belongs to. Where it belongs to none, as in
/// tests of a component alone, nothing happens.
#[hook]
pub(crate) fn use_act() -> Act {
    use_context().unwrap_or_else(|| Act(Callback::noop()))
}

/// Owns the store, `typed` before the program had started in its box, and keeps from visit to visit
/// the server that the reader asked to keep. For the root alone: what is below gets plain values,
/// and changes the state with [`use_act`].
#[hook]
pub(crate) fn use_store(typed: Option<String>) -> (UseReducerHandle<Store>, Act) {
    let store = use_reducer(move || {
        let workbench = Workbench::with_kept(storage::server());
        Store(match typed {
            Some(text) => workbench.apply(PasteAction::Give(text.into_bytes().into())),
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
