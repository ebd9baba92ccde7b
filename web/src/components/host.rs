//! One Yew component that plays all others.
//!
//! What Yew does for a component (mount it, render it, hand it new props, take it away) is compiled
//! anew for every component type, at two to four kilobytes of WebAssembly each. So there is one type
//! for Yew, and which component it is stands in its props. To a component this makes no difference: its
//! hooks run as they would.

use std::{any::Any, rc::Rc};

use yew::{
    functional::{FunctionProvider, Hook, HookContext},
    html::HtmlResult,
    prelude::*,
    virtual_dom::{Key, VComp},
};

/// Draws component `C`. The key must say which component it is: among siblings, and at one place over
/// time, two components of different types never have the same one.
pub(crate) fn hosted<C>(key: impl Into<Key>, props: C::Properties) -> Html
where
    C: FunctionProvider + 'static,
{
    place(key.into(), cast::<C>(props))
}

/// Props for a [`Host`] at the root of the page.
pub(crate) fn cast<C>(props: C::Properties) -> HostProps
where
    C: FunctionProvider + 'static,
{
    HostProps { role: Rc::new(Role::<C>(props)) }
}

#[inline(never)]
fn place(key: Key, props: HostProps) -> Html {
    VComp::new::<Host>(Rc::new(props), Some(key)).into()
}

/// A component and its props.
trait Play: Any {
    fn run(&self, ctx: &mut HookContext) -> HtmlResult;
    fn is_same(&self, other: &dyn Play) -> bool;
}

struct Role<C: FunctionProvider>(C::Properties);

impl<C: FunctionProvider + 'static> Play for Role<C> {
    fn run(&self, ctx: &mut HookContext) -> HtmlResult {
        C::run(ctx, &self.0)
    }

    fn is_same(&self, other: &dyn Play) -> bool {
        (other as &dyn Any).downcast_ref::<Self>().is_some_and(|other| self.0 == other.0)
    }
}

/// Props of [`Host`].
#[derive(Properties)]
pub(crate) struct HostProps {
    role: Rc<dyn Play>,
}

impl PartialEq for HostProps {
    fn eq(&self, other: &Self) -> bool {
        self.role.is_same(&*other.role)
    }
}

/// Whatever component its props say.
#[component]
pub(crate) fn Host(props: &HostProps) -> HtmlResult {
    use_role(props.role.clone())
}

/// Runs a component with all its hooks.
fn use_role(role: Rc<dyn Play>) -> impl Hook<Output = HtmlResult> {
    Running(role)
}

struct Running(Rc<dyn Play>);

impl Hook for Running {
    type Output = HtmlResult;

    fn run(self, ctx: &mut HookContext) -> HtmlResult {
        self.0.run(ctx)
    }
}
