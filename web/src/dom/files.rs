//! Files: chosen, or dropped anywhere on the page.

use gloo_events::{EventListener, EventListenerOptions};
use gloo_file::{File, FileList, futures::read_as_bytes};
use spnscope::base::visible::Visible;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DragEvent, Event, HtmlInputElement};
use yew::{AttrValue, Callback};

/// The largest file that is read, in bytes; beyond it the library would refuse what is in it anyway.
const LARGEST: u64 = 4 << 20;

/// What became of a file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Opened {
    /// Its name.
    pub(crate) name: String,
    /// Its bytes, or why it was not read.
    pub(crate) bytes: Result<Vec<u8>, String>,
    /// Whether it was dropped on the box for what is of the server.
    pub(crate) is_of_server: bool,
}

impl Opened {
    /// What went wrong, as a sentence.
    pub(crate) fn fault(&self) -> Option<AttrValue> {
        let why = self.bytes.as_ref().err()?;
        Some(format!("{} {why}.", Visible(&self.name)).into())
    }
}

/// Reads the file that was chosen with the input an event is about.
pub(crate) fn read_chosen(event: &Event, then: Callback<Opened>) {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    if let Some(input) = input {
        if let Some(files) = input.files() {
            read_first(&files.into(), false, then);
        }
        // So that choosing the same file again is a change.
        input.set_value("");
    }
}

/// Takes files dropped anywhere on the page, until what this gives back is dropped; `then` gets the first
/// of those dropped at once.
pub(crate) fn when_dropped(then: Callback<Opened>) -> Vec<EventListener> {
    let Some(window) = super::window() else { return Vec::new() };
    let on = |kind: &'static str, act: Box<dyn Fn(&DragEvent)>| {
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(&window, kind, options, move |event| {
            if let Some(event) = event.dyn_ref() {
                act(event);
            }
        })
    };
    let over = |event: &DragEvent| {
        if has_files(event) {
            event.prevent_default();
            mark(true);
        }
    };
    let leave = |event: &DragEvent| {
        if event.related_target().is_none() {
            mark(false);
        }
    };
    let dropped = move |event: &DragEvent| {
        mark(false);
        let files = event.data_transfer().and_then(|data| data.files()).map(FileList::from);
        if let Some(files) = files.filter(|files| !files.is_empty()) {
            event.prevent_default();
            read_first(&files, super::events::is_on(event, ".import"), then.clone());
        }
    };
    vec![
        on("dragover", Box::new(over)),
        on("dragleave", Box::new(leave)),
        on("drop", Box::new(dropped)),
    ]
}

fn has_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| {
        data.types().iter().any(|kind| kind.as_string().as_deref() == Some("Files"))
    })
}

/// Shows that the page would take what is dragged over it.
fn mark(dragging: bool) {
    if let Some(root) = super::root() {
        let _ = root.toggle_attribute_with_force("data-dropping", dragging);
    }
}

fn read_first(files: &FileList, is_of_server: bool, then: Callback<Opened>) {
    let Some(file) = files.first().cloned() else { return };
    spawn_local(async move { then.emit(read(file, is_of_server).await) });
}

async fn read(file: File, is_of_server: bool) -> Opened {
    let name = file.name();
    let bytes = if file.size() > LARGEST {
        Err(format!("has more than {LARGEST} bytes, and no more are read"))
    } else {
        read_as_bytes(&file).await.map_err(|_| String::from("could not be read"))
    };
    Opened { name, bytes, is_of_server }
}
