//! The clipboard.

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// The browser does not let the page write there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refused;

/// Puts `text` into the clipboard.
pub(crate) async fn copy(text: &str) -> Result<(), Refused> {
    let clipboard = super::window().ok_or(Refused)?.navigator().clipboard();
    // There is none where the page did not come over a secure connection.
    if JsValue::is_undefined(clipboard.as_ref()) {
        return Err(Refused);
    }
    JsFuture::from(clipboard.write_text(text)).await.map(drop).map_err(|_| Refused)
}
