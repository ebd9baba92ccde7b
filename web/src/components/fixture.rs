//! Views of the samples, and drawn parts of the page that are asked by role and text, for tests.

use std::{fmt, sync::Arc};

use roxmltree::{Document, Node};
use spnscope_page::view::SAMPLES;
use spnscope_page::workbench::{PasteAction, Workbench};

use yew::{ServerRenderer, prelude::*};

use crate::store::Shared;

/// The first sample, as it opens.
pub(crate) fn story() -> Shared {
    of(&Workbench::default().apply(PasteAction::Sample(0)))
}

/// Only the third message of the first sample, with nothing known about the server.
pub(crate) fn third_message_only() -> Shared {
    pasted(SAMPLES[0].text.lines().last().unwrap_or_default())
}

/// The view of a pasted text.
pub(crate) fn pasted(text: &str) -> Shared {
    of(&Workbench::default().apply(PasteAction::Put(Arc::from(text.as_bytes()))))
}

/// The view of a file with these bytes.
pub(crate) fn put(bytes: &[u8]) -> Shared {
    of(&Workbench::default().apply(PasteAction::Put(Arc::from(bytes))))
}

fn of(workbench: &Workbench) -> Shared {
    workbench.view().expect("something was found").clone().into()
}

/// Renders what a drawing function draws, to be asked by role and text.
pub(crate) async fn page(draw: fn() -> Html) -> Part {
    Part::parse(&drawn(draw).await)
}

/// Renders what a drawing function draws.
pub(crate) async fn drawn(draw: fn() -> Html) -> String {
    #[derive(PartialEq, Properties)]
    struct Props {
        html: Html,
    }
    #[component]
    fn Drawn(props: &Props) -> Html {
        props.html.clone()
    }
    let rendered = ServerRenderer::<Drawn>::with_props(move || Props { html: draw() });
    rendered.hydratable(false).render().await
}

/// A drawn part of the page: one element, or all that was rendered.
///
/// Tests ask it for the elements that a screen reader tells of, by role, and for their names and
/// texts. What is hidden with `aria-hidden` is left out, also of texts; what only `hidden` hides is
/// there, since a state shows it later. A class is asked for where nothing else shows a state.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Part(Node<'static, 'static>);

impl Part {
    /// Parses what a component rendered. The document is leaked, so that its parts can be handed
    /// around freely; a test is short.
    pub(crate) fn parse(html: &str) -> Self {
        let xml: &'static str = xml(html).leak();
        match Document::parse(xml) {
            Ok(document) => Self(Box::leak(Box::new(document)).root_element()),
            Err(error) => panic!("{error}: {xml}"),
        }
    }

    /// The parts inside with this role, in their order.
    pub(crate) fn elements(self, role: &str) -> Vec<Self> {
        let mut found = Vec::new();
        self.collect(&mut found, &|part| part.role() == Some(role));
        found
    }

    /// The only part inside with this role and accessible name.
    #[track_caller]
    pub(crate) fn by_role(self, role: &str, name: &str) -> Self {
        match self.all_by_role(role, name)[..] {
            [part] => part,
            ref found => {
                let names: Vec<_> = self.elements(role).into_iter().map(Self::name).collect();
                panic!("{} of {role} “{name}” among {names:?}: {self:?}", found.len())
            }
        }
    }

    /// The parts inside with this role and accessible name.
    pub(crate) fn all_by_role(self, role: &str, name: &str) -> Vec<Self> {
        self.elements(role).into_iter().filter(|part| part.name() == name).collect()
    }

    /// The parts inside with this role whose text has these words.
    pub(crate) fn saying(self, role: &str, words: &str) -> Vec<Self> {
        self.elements(role).into_iter().filter(|part| part.says(words)).collect()
    }

    /// The parts inside with this value of an attribute, which may be a state: `aria-selected`.
    pub(crate) fn with_attribute(self, name: &str, value: &str) -> Vec<Self> {
        let mut found = Vec::new();
        self.collect(&mut found, &|part| part.attribute(name) == Some(value));
        found
    }

    /// The parts inside with this class, also those hidden with `aria-hidden`: for what has no
    /// role.
    pub(crate) fn with_class(self, class: &str) -> Vec<Self> {
        let inside = self.0.descendants().filter(|node| *node != self.0).map(Self);
        inside.filter(|part| part.has_class(class)).collect()
    }

    /// Returns true if the part has this class.
    pub(crate) fn has_class(self, class: &str) -> bool {
        self.attribute("class").is_some_and(|all| all.split_whitespace().any(|one| one == class))
    }

    /// The value of an attribute; `None` if it is not there.
    pub(crate) fn attribute(self, name: &str) -> Option<&'static str> {
        self.0.attribute(name)
    }

    /// Returns true if the control cannot be used.
    pub(crate) fn is_disabled(self) -> bool {
        self.attribute("disabled").is_some()
    }

    /// The text of the part, with single spaces between words and between blocks.
    pub(crate) fn text(self) -> String {
        let mut text = String::new();
        self.push_text(&mut text);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Returns true if the text of the part has these words.
    pub(crate) fn says(self, words: &str) -> bool {
        self.text().contains(words)
    }

    /// The role: the one that is given, or else that of the element. `None` if it has none of
    /// interest.
    pub(crate) fn role(self) -> Option<&'static str> {
        if let Some(role) = self.attribute("role") {
            return Some(role);
        }
        Some(match self.0.tag_name().name() {
            "a" if self.attribute("href").is_some() => "link",
            "article" => "article",
            "b" | "strong" => "strong",
            "button" => "button",
            "dd" => "definition",
            "details" | "fieldset" => "group",
            "dt" => "term",
            "figure" => "figure",
            "form" => "form",
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => "heading",
            "img" => "img",
            "input" => match self.attribute("type") {
                Some("checkbox") => "checkbox",
                Some("radio") => "radio",
                Some("search") => "searchbox",
                Some("file" | "hidden" | "password") => return None,
                _ => "textbox",
            },
            "li" => "listitem",
            "mark" => "mark",
            "nav" => "navigation",
            "ol" | "ul" => "list",
            "option" => "option",
            "output" => "status",
            "section" if !self.name().is_empty() => "region",
            "select" => "combobox",
            "table" => "table",
            "tbody" | "thead" => "rowgroup",
            "td" => "cell",
            "textarea" => "textbox",
            "th" if self.attribute("scope") == Some("row") => "rowheader",
            "th" => "columnheader",
            "tr" => "row",
            _ => return None,
        })
    }

    /// The accessible name: that of `aria-labelledby` or `aria-label`, the label of a control, the
    /// caption of a table or a group; or else the text, if the role is named by it.
    pub(crate) fn name(self) -> String {
        if let Some(ids) = self.attribute("aria-labelledby") {
            let named: Vec<_> = ids.split(' ').filter_map(|id| self.by_id(id)).collect();
            return named.into_iter().map(Self::text).collect::<Vec<_>>().join(" ");
        }
        if let Some(label) = self.attribute("aria-label") {
            return label.to_owned();
        }
        let caption = match self.0.tag_name().name() {
            "input" | "select" | "textarea" => self.label(),
            "details" => self.child("summary"),
            "fieldset" => self.child("legend"),
            "figure" => self.child("figcaption"),
            "section" => return String::new(),
            "table" => self.child("caption"),
            _ => None,
        };
        match (caption, self.role()) {
            (Some(caption), _) => caption.text(),
            (None, Some(role)) if NAMED_BY_TEXT.contains(&role) => self.text(),
            (None, _) => String::new(),
        }
    }

    /// The place in what was rendered at which the part begins, to compare with that of another.
    pub(crate) fn start(self) -> usize {
        self.0.range().start
    }

    /// The HTML of the part, for tests of markup that must not be there.
    pub(crate) fn html(self) -> &'static str {
        &self.0.document().input_text()[self.0.range()]
    }

    fn label(self) -> Option<Self> {
        let is_label = |node: &Node<'_, '_>| node.has_tag_name("label");
        let id = self.attribute("id");
        let mut all = self.0.document().descendants().filter(is_label);
        let named = all.find(|label| id.is_some() && label.attribute("for") == id);
        named.or_else(|| self.0.ancestors().find(is_label)).map(Self)
    }

    fn child(self, tag: &str) -> Option<Self> {
        self.0.children().find(|node| node.has_tag_name(tag)).map(Self)
    }

    fn by_id(self, id: &str) -> Option<Self> {
        let mut all = self.0.document().descendants();
        all.find(|node| node.attribute("id") == Some(id)).map(Self)
    }

    fn collect(self, found: &mut Vec<Self>, is_asked: &dyn Fn(Self) -> bool) {
        for part in self.0.children().filter(Node::is_element).map(Self) {
            if part.attribute("aria-hidden") == Some("true") {
                continue;
            }
            if is_asked(part) {
                found.push(part);
            }
            part.collect(found, is_asked);
        }
    }

    fn push_text(self, text: &mut String) {
        for node in self.0.children() {
            if let Some(words) = node.text().filter(|_| node.is_text()) {
                text.push_str(words);
            } else if node.attribute("aria-hidden") != Some("true") {
                let is_block = !INLINE.contains(&node.tag_name().name());
                text.push_str(if is_block { " " } else { "" });
                Self(node).push_text(text);
                text.push_str(if is_block { " " } else { "" });
            }
        }
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.html())
    }
}

/// The roles that are named by their text.
const NAMED_BY_TEXT: [&str; 13] = [
    "button",
    "cell",
    "columnheader",
    "gridcell",
    "heading",
    "link",
    "option",
    "radio",
    "row",
    "rowheader",
    "strong",
    "tab",
    "term",
];

/// The elements that do not part words.
const INLINE: [&str; 13] =
    ["a", "abbr", "b", "bdi", "code", "em", "i", "kbd", "mark", "small", "span", "strong", "wbr"];

/// Makes rendered HTML well-formed XML in one element. Yew escapes `<` and `>` in texts and in
/// values, so that each `<` begins a tag and the next `>` ends it. Void elements have no end, and
/// `checked` has no value.
fn xml(html: &str) -> String {
    let mut pieces = html.split('<');
    let mut xml = format!("<page>{}", pieces.next().unwrap_or_default());
    for piece in pieces {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        let outside_values = tag.split('"').enumerate().map(|(at, part)| match at % 2 {
            0 => part.replace(" checked", " checked=\"\""),
            _ => part.to_owned(),
        });
        let tag = outside_values.collect::<Vec<_>>().join("\"");
        let is_void = VOID.contains(&tag.split([' ', '/']).next().unwrap_or_default());
        let end = if is_void && !tag.ends_with('/') { "/" } else { "" };
        xml.extend(["<", &tag, end, ">", text]);
    }
    xml + "</page>"
}

/// The elements without an end tag.
const VOID: [&str; 6] = ["br", "col", "hr", "img", "input", "wbr"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_given_or_that_of_the_element() {
        let page = Part::parse(concat!(
            r#"<a href="x">one</a><a>none</a><div role="button">two</div>"#,
            r#"<input type="checkbox" checked id="c"><label for="c">three</label><br>"#,
            r#"<button aria-label="is checked by" aria-hidden="true"></button>"#,
        ));
        let roles = ["link", "button", "checkbox"].map(|role| page.elements(role).len());
        assert_eq!(roles, [1, 1, 1], "{page:?}");
        assert!(page.by_role("checkbox", "three").attribute("checked").is_some());
        assert!(page.html().contains("is checked by"), "a value stays as it is: {page:?}");
    }

    #[test]
    fn a_name_is_the_label_or_the_text_without_what_is_hidden() {
        let page = Part::parse(concat!(
            r#"<section aria-labelledby="h"><h2 id="h">A <b>name</b></h2><p>text</p></section>"#,
            r#"<section>no name, no role</section><label>Wrapped <input/></label>"#,
            r#"<button><i aria-hidden="true">x</i>Sho<wbr>wn<p>below</p></button>"#,
        ));
        page.by_role("region", "A name").by_role("heading", "A name");
        page.by_role("textbox", "Wrapped");
        page.by_role("button", "Shown below");
        assert_eq!(page.elements("region").len(), 1, "{page:?}");
    }

    #[test]
    #[should_panic(expected = "2 of button “Go”")]
    fn a_role_and_a_name_that_are_there_twice_are_refused() {
        Part::parse("<button>Go</button><button>Go</button>").by_role("button", "Go");
    }
}
