//! The editor of a list of names or addresses.

use std::net::IpAddr;

use yew::prelude::*;

use crate::{components::common::data_text::visible, dom::focus};

/// The kind of entries in a list.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum EntryKind {
    /// Names: neither addresses nor paths; anything else goes.
    Names,
    /// IP addresses.
    Addresses,
}

impl EntryKind {
    /// The error in an entry, as a sentence.
    fn fault(self, entry: &str) -> Option<String> {
        match (self, entry.parse::<IpAddr>().is_ok()) {
            (Self::Addresses, false) => Some(format!(
                "“{entry}” is not an address: that is four numbers from 0 to 255, or IPv6, without brackets, zone or leading zeros."
            )),
            (Self::Names, true) => {
                Some(format!("“{entry}” is an address, which belongs under “Its addresses”."))
            }
            (Self::Names, false) if entry.contains(['/', '\\']) => {
                Some(format!("“{entry}” is more than a name: leave out the slashes."))
            }
            _ => None,
        }
    }
}

/// Props of [`ListEditor`].
#[derive(PartialEq, Properties)]
pub(crate) struct ListEditorProps {
    /// The name of the list, as the label of its text area.
    pub(crate) label: AttrValue,
    /// The entries at first.
    pub(crate) entries: Vec<String>,
    /// The kind of its entries.
    pub(crate) kind: EntryKind,
    /// The meaning of an empty list.
    pub(crate) hint: AttrValue,
    /// The callback for the new list.
    pub(crate) on_done: Callback<Vec<String>>,
    /// The callback for an edit that is cancelled.
    pub(crate) on_cancel: Callback<()>,
}

/// A text area, one entry a line. Errors are shown, and the text stays to be corrected.
#[component]
pub(crate) fn ListEditor(props: &ListEditorProps) -> Html {
    let area = use_node_ref();
    let fault = use_state_eq(Option::<AttrValue>::default);
    // The reader opened it to type.
    use_effect_with((), |()| focus::focus_and_show("entries"));
    let take = {
        let (area, fault) = (area.clone(), fault.setter());
        let (kind, on_done) = (props.kind, props.on_done.clone());
        Callback::from(move |()| {
            let entries = split(&focus::text_of(&area));
            let faults: Vec<_> = entries.iter().filter_map(|entry| kind.fault(entry)).collect();
            if faults.is_empty() {
                on_done.emit(entries);
            } else {
                fault.set(Some(visible(&faults.join(" "))));
            }
        })
    };
    let onsubmit = {
        let take = take.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            take.emit(());
        })
    };
    let onkeydown = {
        let on_cancel = props.on_cancel.clone();
        Callback::from(move |event: KeyboardEvent| {
            // These keys end a composition, which does not leave the field.
            if event.is_composing() || event.shift_key() {
                return;
            }
            match event.key().as_str() {
                "Enter" => take.emit(()),
                "Escape" => on_cancel.emit(()),
                _ => return,
            }
            event.prevent_default();
        })
    };
    html! {
        <form class="editor" {onsubmit}>
            <label class="visually-hidden" for="entries">{ props.label.clone() }</label>
            <textarea
                class="input mono"
                id="entries"
                rows={props.entries.len().clamp(2, 6).to_string()}
                ref={area}
                defaultvalue={props.entries.join("\n")}
                spellcheck="false"
                autocomplete="off"
                autocapitalize="off"
                aria-describedby="entries-hint entries-keys"
                {onkeydown}
            />
            <p class="small quiet" id="entries-hint">{ props.hint.clone() }</p>
            <p class="small quiet" id="entries-keys">
                { "Enter uses them, Esc changes nothing, Shift+Enter starts a new line." }
            </p>
            <p class="small editor__fault" role="alert">
                { fault.as_ref().cloned().unwrap_or_default() }
            </p>
            <p class="button-row">
                <button class="button button--main" type="submit">{ "Use these" }</button>
                <button
                    class="button"
                    type="button"
                    onclick={props.on_cancel.reform(|_| ())}
                >
                    { "Cancel" }
                </button>
            </p>
        </form>
    }
}

/// Splits a list by any separator, and removes duplicates.
pub(crate) fn split(text: &str) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    for entry in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';')) {
        if !entry.is_empty() && !entries.iter().any(|other| other == entry) {
            entries.push(entry.to_owned());
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_entry_gets_a_sentence() {
        assert_eq!(EntryKind::Addresses.fault("10.0.0.11"), None);
        assert_eq!(EntryKind::Addresses.fault("fe80::1"), None);
        assert_eq!(EntryKind::Names.fault("dcfr.lab.lan"), None);
        assert!(
            EntryKind::Names.fault("10.0.0.100").is_some_and(|fault| fault.contains("belongs"))
        );
        assert!(EntryKind::Names.fault(r"\\SRV1").is_some_and(|fault| fault.contains("slashes")));
        let sentence = EntryKind::Addresses.fault("10.0.0.300").unwrap_or_default();
        assert!(sentence.starts_with("“10.0.0.300” is not an address"), "{sentence}");
    }

    #[test]
    fn entries_may_be_separated_in_any_way() {
        assert_eq!(split("DCFR, dcfr.lab.lan\n\nDCFR;x\t y"), ["DCFR", "dcfr.lab.lan", "x", "y"]);
        assert!(split(" ,; \n").is_empty());
    }
}
