//! Yew's hooks with the type of what they hold taken off.
//!
//! Yew compiles each of its hooks anew for every type of state, dependency and effect, at up to a
//! kilobyte of WebAssembly each. These are Yew's hooks too, but each for one type, [`Held`]; what a
//! component sees of them is thin. They are called and behave as Yew's of the same names do.

use std::{any::Any, cell::RefCell, marker::PhantomData, ops::Deref, rc::Rc};

use yew::prelude::{Callback, NodeRef, UseStateHandle, UseStateSetter, hook};

/// A value of some type. Two are equal as their values are.
#[derive(Clone)]
struct Held {
    value: Rc<dyn Any>,
    is_same: fn(&dyn Any, &dyn Any) -> bool,
}

impl Held {
    fn new<T: PartialEq + 'static>(value: T) -> Self {
        fn is_same<T: PartialEq + 'static>(one: &dyn Any, other: &dyn Any) -> bool {
            one.downcast_ref::<T>() == other.downcast_ref::<T>()
        }
        Self { value: Rc::new(value), is_same: is_same::<T> }
    }
}

impl PartialEq for Held {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.value, &other.value) || (self.is_same)(&*self.value, &*other.value)
    }
}

/// The value as what it is. It is that, since a hook has one type throughout the life of its component.
fn as_is<T: 'static>(value: Rc<dyn Any>) -> Rc<T> {
    match value.downcast() {
        Ok(value) => value,
        Err(_) => unreachable!("a hook holds what it was given"),
    }
}

/// A state and the way to set it.
pub(crate) struct State<T> {
    value: Rc<T>,
    handle: UseStateHandle<Held>,
}

impl<T> Clone for State<T> {
    fn clone(&self) -> Self {
        Self { value: Rc::clone(&self.value), handle: self.handle.clone() }
    }
}

impl<T> Deref for State<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: PartialEq + 'static> State<T> {
    /// What sets it, without keeping it.
    pub(crate) fn setter(&self) -> Setter<T> {
        Setter { setter: self.handle.setter(), of: PhantomData }
    }

    /// Sets it, and draws the component again where it is another value.
    pub(crate) fn set(&self, value: T) {
        self.handle.set(Held::new(value));
    }
}

/// What sets a state.
pub(crate) struct Setter<T> {
    setter: UseStateSetter<Held>,
    of: PhantomData<fn(T)>,
}

impl<T> Clone for Setter<T> {
    fn clone(&self) -> Self {
        Self { setter: self.setter.clone(), of: PhantomData }
    }
}

impl<T: PartialEq + 'static> Setter<T> {
    /// Sets it, and draws the component again where it is another value.
    pub(crate) fn set(&self, value: T) {
        self.setter.set(Held::new(value));
    }
}

#[hook]
fn use_held(init: Box<dyn FnOnce() -> Held>) -> UseStateHandle<Held> {
    yew::use_state_eq(init)
}

/// A state, at first what `init` gives.
#[hook]
pub(crate) fn use_state_eq<T, F>(init: F) -> State<T>
where
    T: PartialEq + 'static,
    F: FnOnce() -> T + 'static,
{
    let handle = use_held(Box::new(|| Held::new(init())));
    State { value: as_is(Rc::clone(&handle.value)), handle }
}

/// What an effect leaves to be done before its next run, or when its component goes.
type Undo = Box<dyn FnOnce()>;

#[hook]
fn use_effect_on_held(dependencies: Held, effect: Box<dyn FnOnce(&Held) -> Undo>) {
    yew::use_effect_with(dependencies, effect);
}

/// Runs `effect` once the component is drawn, where the dependencies are others than the last time.
#[hook]
pub(crate) fn use_effect_with<D, F>(dependencies: D, effect: F)
where
    D: PartialEq + 'static,
    F: FnOnce(&D) + 'static,
{
    use_effect_until(dependencies, |dependencies: &D| {
        effect(dependencies);
        || ()
    });
}

/// The same for an effect that gives back what undoes it.
#[hook]
pub(crate) fn use_effect_until<D, F, U>(dependencies: D, effect: F)
where
    D: PartialEq + 'static,
    F: FnOnce(&D) -> U + 'static,
    U: FnOnce() + 'static,
{
    let effect = |held: &Held| -> Undo { Box::new(effect(&as_is::<D>(Rc::clone(&held.value)))) };
    use_effect_on_held(Held::new(dependencies), Box::new(effect));
}

/// What makes a value of its dependencies.
type Make = Box<dyn FnOnce(&Held) -> Rc<dyn Any>>;

#[hook]
fn use_held_memo(dependencies: Held, make: Make) -> Rc<dyn Any> {
    let made = yew::use_memo(dependencies, make);
    Rc::clone(&made)
}

/// What `make` gives, kept until the dependencies are others.
#[hook]
pub(crate) fn use_memo<T, D, F>(dependencies: D, make: F) -> Rc<T>
where
    T: 'static,
    D: PartialEq + 'static,
    F: FnOnce(&D) -> T + 'static,
{
    let make = |held: &Held| -> Rc<dyn Any> { Rc::new(make(&as_is::<D>(Rc::clone(&held.value)))) };
    as_is(use_held_memo(Held::new(dependencies), Box::new(make)))
}

/// A callback that stays the same until the dependencies are others.
#[hook]
pub(crate) fn use_callback<A, D, F>(dependencies: D, act: F) -> Callback<A>
where
    A: 'static,
    D: PartialEq + Clone + 'static,
    F: Fn(A, &D) + 'static,
{
    let make = |dependencies: &D| {
        let dependencies = dependencies.clone();
        Callback::from(move |argument| act(argument, &dependencies))
    };
    (*use_memo(dependencies, make)).clone()
}

/// A value that can be changed without drawing the component again.
#[hook]
pub(crate) fn use_mut_ref<T, F>(init: F) -> Rc<RefCell<T>>
where
    T: 'static,
    F: FnOnce() -> T + 'static,
{
    use_memo((), |()| RefCell::new(init()))
}

/// What gets to know an element.
#[hook]
pub(crate) fn use_node_ref() -> NodeRef {
    (*use_memo((), |()| NodeRef::default())).clone()
}
