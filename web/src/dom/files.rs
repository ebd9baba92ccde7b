//! Files: chosen, or dropped anywhere on the page.
//!
//! A capture is read piece by piece, whatever its size, also from gzip. Any other file is read
//! whole, up to a limit.

use std::pin::Pin;

use gloo_events::{EventListener, EventListenerOptions};
use gloo_file::{File, FileList, futures::read_as_bytes};
use spnscope::analysis::is_capture;
use spnscope_page::{view::why_not_read, workbench::FileEnd};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DragEvent, Event, HtmlInputElement};
use yew::Callback;

use super::gunzip::UnpackedFile;

/// The length of the largest file that is read whole, in bytes; the library would refuse a larger
/// one anyway.
const MAX_WHOLE_LEN: u64 = 4 << 20;

/// The length of a slice of a capture, in bytes. Browsers are quickest at about this.
const SLICE_LEN: u64 = 4 << 20;

/// The number of bytes that show the format of a file.
const HEAD_LEN: usize = 64;

/// The first bytes of a gzip file.
const GZIP_MAGIC: [u8; 2] = [0x1F, 0x8B];

/// A file that was opened.
pub(crate) struct OpenedFile {
    /// Its name.
    pub(crate) name: String,
    /// The content, or the reason why it was not read, in a sentence.
    pub(crate) content: Result<FileContent, String>,
    /// The purpose that it was opened for.
    pub(crate) purpose: FilePurpose,
}

/// The purpose of opening a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum FilePurpose {
    /// To decode the sign-ins in it.
    Decode,
    /// To take over the facts about the server.
    Import,
}

/// The content of a file.
pub(crate) enum FileContent {
    /// All of its bytes.
    Bytes(Vec<u8>),
    /// A capture, to be read piece by piece.
    Capture(FilePieces),
}

/// A file that is read piece by piece.
pub(crate) struct FilePieces {
    /// The size in bytes; `None` if it is known only once all is unpacked.
    pub(crate) size: Option<u64>,
    source: PieceSource,
}

enum PieceSource {
    Plain {
        file: File,
        /// The offset behind the next slice.
        at: u64,
        /// The next slice, which the browser is reading already.
        next: Option<PendingSlice>,
    },
    Packed {
        /// The piece that was unpacked to detect the format.
        first: Option<Vec<u8>>,
        rest: UnpackedFile,
    },
}

type PendingSlice = Pin<Box<dyn Future<Output = Result<Vec<u8>, FileEnd>>>>;

impl FilePieces {
    fn of_file(file: File) -> Self {
        let size = file.size();
        let next = Some(slice(&file, 0));
        Self { size: Some(size), source: PieceSource::Plain { file, at: SLICE_LEN, next } }
    }

    /// Returns the next piece; `None` after the last.
    pub(crate) async fn next(&mut self) -> Option<Result<Vec<u8>, FileEnd>> {
        match &mut self.source {
            PieceSource::Plain { file, at, next } => {
                let read = next.take()?.await;
                if read.is_ok() && *at < file.size() {
                    *next = Some(slice(file, *at));
                    *at = at.saturating_add(SLICE_LEN);
                }
                Some(read)
            }
            PieceSource::Packed { first, rest } => match first.take() {
                Some(first) => Some(Ok(first)),
                None => rest.next().await,
            },
        }
    }
}

/// Begins to read a slice of a file from `at` on.
fn slice(file: &File, at: u64) -> PendingSlice {
    let end = at.saturating_add(SLICE_LEN).min(file.size());
    let bytes = read_as_bytes(&file.slice(at, end));
    Box::pin(async { bytes.await.map_err(|_| FileEnd::Unreadable) })
}

/// Reads the file chosen in the input element of an event.
pub(crate) fn read_chosen(event: &Event, purpose: FilePurpose, then: Callback<OpenedFile>) {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    if let Some(input) = input {
        if let Some(files) = input.files() {
            read_first(&files.into(), purpose, then);
        }
        // Makes the next choice of the same file a change.
        input.set_value("");
    }
}

/// Takes files dropped anywhere on the page, until the listeners are dropped; `then` gets the first
/// of those dropped at once.
pub(crate) fn when_dropped(then: Callback<OpenedFile>) -> Vec<EventListener> {
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
            let is_on_import = super::events::is_on(event, ".import");
            let purpose = if is_on_import { FilePurpose::Import } else { FilePurpose::Decode };
            read_first(&files, purpose, then.clone());
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

/// Shows that the page would take a file that is dragged over it.
fn mark(dragging: bool) {
    if let Some(root) = super::root() {
        let _ = root.toggle_attribute_with_force("data-dropping", dragging);
    }
}

fn read_first(files: &FileList, purpose: FilePurpose, then: Callback<OpenedFile>) {
    let Some(file) = files.first().cloned() else { return };
    spawn_local(async move { then.emit(read(file, purpose).await) });
}

async fn read(file: File, purpose: FilePurpose) -> OpenedFile {
    let name = file.name();
    let content = match read_as_bytes(&file.slice(0, file.size().min(HEAD_LEN as u64))).await {
        Err(_) => Err(format!("{name} could not be read.")),
        Ok(_) if file.size() == 0 => Err(format!("{name} is empty.")),
        Ok(head) if purpose == FilePurpose::Decode && head.starts_with(&GZIP_MAGIC) => {
            unpacked(&file).await
        }
        Ok(head)
            if purpose == FilePurpose::Decode
                && file.size() > MAX_WHOLE_LEN
                && is_capture(&head) =>
        {
            Ok(FileContent::Capture(FilePieces::of_file(file)))
        }
        Ok(head) if file.size() > MAX_WHOLE_LEN => Err(why_not_read(&name, &head, file.size())),
        Ok(_) => match read_as_bytes(&file).await {
            Ok(bytes) => Ok(FileContent::Bytes(bytes)),
            Err(_) => Err(format!("{name} could not be read.")),
        },
    };
    OpenedFile { name, content, purpose }
}

/// The content of a gzip file: a capture, or the bytes of anything else.
async fn unpacked(file: &File) -> Result<FileContent, String> {
    let name = file.name();
    let cannot = || format!("{name} could not be unpacked: it is damaged, or no gzip file.");
    let mut rest = UnpackedFile::of(file).ok_or_else(cannot)?;
    let mut first = Vec::new();
    while let Some(piece) = rest.next().await {
        first.extend_from_slice(&piece.map_err(|_| cannot())?);
        if is_capture(&first) {
            let source = PieceSource::Packed { first: Some(first), rest };
            return Ok(FileContent::Capture(FilePieces { size: None, source }));
        }
        if first.len() as u64 > MAX_WHOLE_LEN {
            return Err(why_not_read(&name, &first, first.len() as u64));
        }
    }
    if first.is_empty() {
        return Err(format!("Nothing is packed in {name}."));
    }
    Ok(FileContent::Bytes(first))
}
