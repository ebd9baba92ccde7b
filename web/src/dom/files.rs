//! Files: chosen, or dropped anywhere on the page.

use js_sys::Uint8Array;
use spnscope::base::visible::Visible;
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DragEvent, Event, File, FileList, HtmlInputElement};
use yew::{AttrValue, Callback};

/// The largest file that is read, in bytes; beyond it the library would refuse what is in it anyway.
const LARGEST: u32 = 4 << 20;

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
            read_first(&files, false, then);
        }
        // So that choosing the same file again is a change.
        input.set_value("");
    }
}

type Listener = Closure<dyn Fn(DragEvent)>;

/// Takes files dropped anywhere on the page until it is dropped itself.
pub(crate) struct DropTarget {
    listeners: [(&'static str, Listener); 3],
}

impl DropTarget {
    /// Listens; `then` gets the first of the files dropped at once.
    pub(crate) fn new(then: Callback<Opened>) -> Self {
        let over = Listener::new(|event: DragEvent| {
            if has_files(&event) {
                event.prevent_default();
                mark(true);
            }
        });
        let leave = Listener::new(|event: DragEvent| {
            if event.related_target().is_none() {
                mark(false);
            }
        });
        let drop = Listener::new(move |event: DragEvent| {
            mark(false);
            let files = event.data_transfer().and_then(|data| data.files());
            if let Some(files) = files.filter(|files| files.length() > 0) {
                event.prevent_default();
                read_first(&files, super::events::is_on(&event, ".import"), then.clone());
            }
        });
        let listeners = [("dragover", over), ("dragleave", leave), ("drop", drop)];
        if let Some(window) = super::window() {
            for (kind, listener) in &listeners {
                let listener = listener.as_ref().unchecked_ref();
                let _ = window.add_event_listener_with_callback(kind, listener);
            }
        }
        Self { listeners }
    }
}

impl Drop for DropTarget {
    fn drop(&mut self) {
        if let Some(window) = super::window() {
            for (kind, listener) in &self.listeners {
                let listener = listener.as_ref().unchecked_ref();
                let _ = window.remove_event_listener_with_callback(kind, listener);
            }
        }
    }
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
    let Some(file) = files.get(0) else { return };
    spawn_local(async move { then.emit(read(file, is_of_server).await) });
}

async fn read(file: File, is_of_server: bool) -> Opened {
    let name = file.name();
    let bytes = if file.size() > f64::from(LARGEST) {
        Err(format!("has more than {LARGEST} bytes, and no more are read"))
    } else {
        match JsFuture::from(file.array_buffer()).await {
            Ok(buffer) => Ok(Uint8Array::new(&buffer).to_vec()),
            Err(_) => Err(String::from("could not be read")),
        }
    };
    Opened { name, bytes, is_of_server }
}
