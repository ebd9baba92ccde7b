//! Elements from a template that is read at run time.
//!
//! `html!` turns every element, attribute and listener into instructions of their own, which was by
//! far the largest part of the page. Here an element is what it is in a file of HTML: text, which
//! compresses well, and the instructions to read it are there once.
//!
//! A template is HTML with `{}` wherever [`draw!`](super::draw!) gets a value. Values of attributes stand
//! without quotes, or between single ones where they have a space or a slash in them. White space is
//! kept, as in HTML, so a template of several lines has a `\` at their ends.

use std::{mem, rc::Rc, slice::IterMut};

use spnscope_page::workbench::Action;
use web_sys::{Event, wasm_bindgen::JsCast};
use yew::{
    prelude::*,
    virtual_dom::{Key, Listener, ListenerKind, VList, VTag, VText},
};

use crate::store::act;

/// A value for a `{}`.
#[derive(Default)]
pub(crate) enum Slot {
    /// No attribute, or no child.
    #[default]
    Nothing,
    /// As an attribute: there or not; `true` or `false` where its name begins with `aria-`.
    Flag(bool),
    /// Words, as a child or in an attribute.
    Text(AttrValue),
    /// A child.
    Node(Html),
    /// Children.
    Nodes(Vec<Html>),
    /// What happens at an event.
    On(Rc<dyn Fn(Event)>),
    /// What gets to know the element, as `ref`.
    Ref(NodeRef),
}

/// What a template describes: `draw!("<p class={}>{}</p>", class, words)`. That there are as many
/// values as places for them, and that every element ends, is checked when it is compiled.
macro_rules! draw {
    ($template:literal $(, $slot:expr)* $(,)?) => {{
        const _: () = $crate::components::draw::check($template, <[&str]>::len(&[$(stringify!($slot)),*]));
        $crate::components::draw::read($template, &mut [$($crate::components::draw::Slot::from($slot)),*])
    }};
}
pub(crate) use draw;

/// Does what [`draw!`](super::draw!) does.
#[inline(never)]
pub(crate) fn read(template: &'static str, slots: &mut [Slot]) -> Html {
    one_or_many(Reader { rest: template, slots: slots.iter_mut() }.children())
}

/// A listener; `act` gets the event.
pub(super) fn on<E: JsCast + 'static>(act: impl Fn(E) + 'static) -> Slot {
    Slot::On(Rc::new(move |event: Event| act(event.unchecked_into())))
}

/// A child for each item.
pub(super) fn each<T>(items: &[T], draw: impl Fn(usize, &T) -> Html) -> Vec<Html> {
    times(items.len(), &|index| draw(index, &items[index]))
}

/// So many children.
#[inline(never)]
pub(super) fn times(count: usize, draw: &dyn Fn(usize) -> Html) -> Vec<Html> {
    (0..count).map(draw).collect()
}

/// A number as words.
#[inline(never)]
fn number(number: usize) -> AttrValue {
    number.to_string().into()
}

macro_rules! slot_from {
    ($($from:ty: $value:ident => $slot:expr;)*) => {$(
        impl From<$from> for Slot {
            fn from($value: $from) -> Self {
                $slot
            }
        }
    )*};
}

slot_from! {
    bool: flag => Self::Flag(flag);
    &'static str: words => Self::Text(AttrValue::Static(words));
    String: words => Self::Text(words.into());
    AttrValue: words => Self::Text(words);
    usize: count => Self::Text(number(count));
    u8: count => Self::Text(number(count.into()));
    Html: node => Self::Node(node);
    Vec<Html>: nodes => Self::Nodes(nodes);
    NodeRef: node => Self::Ref(node);
    Action: action => Self::On(Rc::new(move |_| act(action.clone())));
    Callback<Event>: act => Self::On(Rc::new(move |event| act.emit(event)));
}

impl<T: Into<Self>> From<Option<T>> for Slot {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nothing, Into::into)
    }
}

/// A listener for any kind of event.
struct Heard {
    /// `click`
    kind: &'static str,
    act: Rc<dyn Fn(Event)>,
}

impl Listener for Heard {
    fn kind(&self) -> ListenerKind {
        ListenerKind::other(self.kind.into())
    }

    fn handle(&self, event: Event) {
        (self.act)(event);
    }

    /// As Yew has it. Others may prevent what the browser would do.
    fn passive(&self) -> bool {
        self.kind == "scroll"
    }
}

/// A template, from where it has not been read yet.
struct Reader<'s> {
    rest: &'static str,
    slots: IterMut<'s, Slot>,
}

impl Reader<'_> {
    /// Skips a number of bytes.
    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    /// What stands before the first of `ends`.
    fn until(&mut self, ends: &[u8]) -> &'static str {
        let at = self.rest.bytes().position(|byte| ends.contains(&byte));
        let (before, rest) = self.rest.split_at(at.unwrap_or(self.rest.len()));
        self.rest = rest;
        before
    }

    /// Whether `{}` is next; then it is skipped.
    fn is_open(&mut self) -> bool {
        let is_open = self.rest.starts_with('{');
        if is_open {
            self.skip(2);
        }
        is_open
    }

    /// The next value.
    fn slot(&mut self) -> Slot {
        self.slots.next().map(mem::take).unwrap_or_default()
    }

    /// Children, and the end of the element around them.
    fn children(&mut self) -> Vec<Html> {
        let mut nodes = Vec::new();
        loop {
            let words = self.until(b"<{");
            if !words.is_empty() {
                nodes.push(VText::new(words).into());
            }
            if self.is_open() {
                match self.slot() {
                    Slot::Text(words) => nodes.push(VText::new(words).into()),
                    Slot::Node(node) => nodes.push(node),
                    Slot::Nodes(more) => nodes.extend(more),
                    // Keeps the place, so that those after it stay what they are.
                    _ => nodes.push(Html::default()),
                }
            } else if self.rest.starts_with("</") || self.rest.is_empty() {
                self.until(b">");
                self.skip(1);
                return nodes;
            } else {
                self.skip(1);
                nodes.push(self.element());
            }
        }
    }

    /// An element, from its name on.
    fn element(&mut self) -> Html {
        let mut tag = VTag::new(self.until(b" />"));
        while self.rest.starts_with(' ') {
            self.skip(1);
            self.attribute(&mut tag);
        }
        if self.rest.starts_with('/') {
            self.skip(2);
        } else {
            self.skip(1);
            let children = self.children();
            if let Some(place) = tag.children_mut() {
                *place = one_or_many(children);
            }
        }
        tag.into()
    }

    /// An attribute, from its name on.
    fn attribute(&mut self, tag: &mut VTag) {
        let name = self.until(b"=");
        self.skip(1);
        let quoted = self.rest.starts_with('\'');
        if quoted {
            self.skip(1);
        }
        let ends: &[u8] = if quoted { b"'{" } else { b" />{" };
        let words = self.until(ends);
        let slot = if !self.is_open() {
            Slot::Text(AttrValue::Static(words))
        } else if !quoted {
            self.slot()
        } else {
            // Several, in one.
            let mut all = words.to_owned();
            loop {
                match self.slot() {
                    Slot::Text(words) if !words.is_empty() => all += &words,
                    // No class, and no space before it.
                    _ => all.truncate(all.trim_end().len()),
                }
                all += self.until(ends);
                if !self.is_open() {
                    break Slot::Text(all.trim_start().to_owned().into());
                }
            }
        };
        if quoted {
            self.skip(1);
        }
        set(tag, name, slot);
    }
}

fn set(tag: &mut VTag, name: &'static str, slot: Slot) {
    let value = match slot {
        Slot::On(act) => {
            tag.add_listener(Rc::new(Heard { kind: name.strip_prefix("on").unwrap_or(name), act }));
            return;
        }
        Slot::Ref(node) => {
            tag.node_ref = node;
            return;
        }
        Slot::Flag(is_on) if name == "checked" => {
            tag.set_checked(is_on);
            return;
        }
        Slot::Flag(is_on) if name.starts_with("aria-") => {
            AttrValue::Static(if is_on { "true" } else { "false" })
        }
        Slot::Flag(true) => AttrValue::Static(name),
        Slot::Text(words) => words,
        _ => return,
    };
    match name {
        "key" => tag.key = Some(Key::from(&*value)),
        "value" if tag.tag() == "input" => tag.set_value(value),
        // What a field holds at first; what is typed there stays when the page is drawn again.
        "defaultvalue" => tag.add_attribute("value", value),
        "class" if value.is_empty() => {}
        _ => tag.add_attribute(name, value),
    }
}

fn one_or_many(mut nodes: Vec<Html>) -> Html {
    match nodes.pop() {
        Some(node) if nodes.is_empty() => node,
        Some(node) => {
            nodes.push(node);
            VList::from(nodes).into()
        }
        None => Html::default(),
    }
}

/// Stops the compiler where a template has not one place for each of `slots` values, or an element
/// that does not end.
pub(crate) const fn check(template: &str, slots: usize) {
    let bytes = template.as_bytes();
    let (mut places, mut begun, mut ended, mut at) = (0, 0, 0, 0);
    while at + 1 < bytes.len() {
        match (bytes[at], bytes[at + 1]) {
            (b'{', b'}') => places += 1,
            (b'<', b'/') | (b'/', b'>') => ended += 1,
            (b'<', _) => begun += 1,
            _ => {}
        }
        at += 1;
    }
    assert!(places == slots, "as many values as places for them");
    // The end of `</p>` counts one end, and so does that of `<p/>`.
    assert!(begun == ended, "every element ends");
}

#[cfg(all(test, feature = "ssr-tests"))]
mod tests {
    use super::*;
    use crate::components::fixture;

    #[tokio::test(flavor = "current_thread")]
    async fn templates_read_as_html() {
        let html = fixture::drawn(|| {
            draw!(
                "<p key=a class='quiet {} {}' id={} hidden={} disabled={} aria-busy={}>\
                   one {} <b>{}</b>{}<br/>\
                 </p>",
                None::<&str>,
                "small",
                7_usize,
                true,
                false,
                false,
                "<two>",
                vec![text_of("3"), text_of("4")],
                None::<Html>,
            )
        })
        .await;
        assert_eq!(
            html,
            "<p class=\"quiet small\" id=\"7\" hidden=\"hidden\" aria-busy=\"false\">one &lt;two&gt; <b>34</b><br></p>"
        );
    }

    #[tokio::test(flavor = "current_thread")]
    async fn several_elements_stand_side_by_side_and_an_empty_class_is_none() {
        let html =
            fixture::drawn(|| draw!("<i class={}/>{}<i class='{} x'/>", "", "and", "")).await;
        assert_eq!(html, "<i></i>and<i class=\"x\"></i>");
    }

    fn text_of(words: &'static str) -> Html {
        VText::new(words).into()
    }
}
