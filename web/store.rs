//! The state of the page, and how components come by it.

use std::{ops::Deref, rc::Rc, sync::Arc};

use spnscope::{
    view::DecodeView,
    workbench::{Action, Workbench},
};
use yew::prelude::*;

use crate::dom::storage;

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

/// For components that only act; it never changes, so they never render for it.
pub(crate) type Dispatch = UseReducerDispatcher<Store>;

/// Owns the store, and keeps the reader's own server from visit to visit. For the root alone: what
/// is below gets plain values, and [`Dispatch`] by context.
#[hook]
pub(crate) fn use_store() -> UseReducerHandle<Store> {
    let store = use_reducer(|| Store(Workbench::with_server(storage::server())));
    let kept = use_mut_ref(|| store.0.own_server().clone());
    use_effect_with(store.0.own_server().clone(), move |server| {
        let mut kept = kept.borrow_mut();
        if *server != *kept {
            storage::keep_server(server);
            kept.clone_from(server);
        }
    });
    store
}

/// How to change the state. Where no root is above, as in tests, nothing happens.
#[hook]
pub(crate) fn use_dispatch() -> Callback<Action> {
    let dispatch = use_context::<Dispatch>();
    use_callback(dispatch, |action, dispatch| {
        if let Some(dispatch) = dispatch {
            dispatch.dispatch(action);
        }
    })
}

/// A view handed to several components. Every change makes a new one, so identity is equality.
#[derive(Clone, Debug)]
pub(crate) struct Shared(Arc<DecodeView>);

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
