//! Decompression of gzip, by the browser.

use gloo_file::File;
use js_sys::{Array, Function, Reflect, Uint8Array};
use spnscope_page::workbench::FileEnd;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{ReadableStream, ReadableStreamDefaultReader};

/// The decompressed content of a file, piece by piece.
pub(super) struct UnpackedFile(ReadableStreamDefaultReader);

impl UnpackedFile {
    /// Begins to decompress; `None` if the browser cannot.
    pub(super) fn of(file: &File) -> Option<Self> {
        let packed: &web_sys::File = file.as_ref();
        // Looked up by name, since `web-sys` counts it among its unstable APIs.
        let class = Reflect::get(&js_sys::global(), &"DecompressionStream".into()).ok()?;
        let class: Function = class.dyn_into().ok()?;
        let unpacking = Reflect::construct(&class, &Array::of1(&"gzip".into())).ok()?;
        let content: ReadableStream = packed.stream().pipe_through(unpacking.unchecked_ref());
        content.get_reader().dyn_into().ok().map(Self)
    }

    /// Returns the next piece; `None` after the last.
    pub(super) async fn next(&mut self) -> Option<Result<Vec<u8>, FileEnd>> {
        let Ok(read) = JsFuture::from(self.0.read()).await else {
            return Some(Err(FileEnd::NotUnpacked));
        };
        let get = |name: &str| Reflect::get(&read, &name.into()).unwrap_or(JsValue::UNDEFINED);
        let piece: Option<Uint8Array> = get("value").dyn_into().ok();
        piece.map(|piece| Ok(piece.to_vec()))
    }
}

impl Drop for UnpackedFile {
    fn drop(&mut self) {
        // The rest is not decompressed in vain. If decompression failed, so does this.
        let cancelled = self.0.cancel();
        spawn_local(async {
            let _ = JsFuture::from(cancelled).await;
        });
    }
}
