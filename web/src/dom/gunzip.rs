//! What gzip packed, unpacked by the browser.

use gloo_file::File;
use js_sys::{Array, Function, Reflect, Uint8Array};
use spnscope_page::workbench::FileEnd;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{ReadableStream, ReadableStreamDefaultReader};

/// The content of a packed file, piece by piece.
pub(super) struct Unpacked(ReadableStreamDefaultReader);

impl Unpacked {
    /// `None` where the browser cannot do it.
    pub(super) fn of(file: &File) -> Option<Self> {
        let packed: &web_sys::File = file.as_ref();
        // By its name, since `web-sys` counts it among what may still change.
        let class = Reflect::get(&js_sys::global(), &"DecompressionStream".into()).ok()?;
        let class: Function = class.dyn_into().ok()?;
        let unpacking = Reflect::construct(&class, &Array::of1(&"gzip".into())).ok()?;
        let content: ReadableStream = packed.stream().pipe_through(unpacking.unchecked_ref());
        content.get_reader().dyn_into().ok().map(Self)
    }

    /// The next piece; `None` behind the last.
    pub(super) async fn next(&mut self) -> Option<Result<Vec<u8>, FileEnd>> {
        let Ok(read) = JsFuture::from(self.0.read()).await else {
            return Some(Err(FileEnd::NotUnpacked));
        };
        let get = |name: &str| Reflect::get(&read, &name.into()).unwrap_or(JsValue::UNDEFINED);
        let piece: Option<Uint8Array> = get("value").dyn_into().ok();
        piece.map(|piece| Ok(piece.to_vec()))
    }
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        // What is left is not unpacked for nobody. Where unpacking failed, so does this.
        let cancelled = self.0.cancel();
        spawn_local(async {
            let _ = JsFuture::from(cancelled).await;
        });
    }
}
