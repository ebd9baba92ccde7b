//! What is kept from visit to visit: the theme and the server that the reader kept, and nothing
//! else.

use spnscope_page::workbench::KeptServer;
use web_sys::Storage;

const SERVER: &str = "spnscope.server";
const THEME: &str = "spnscope.theme";

/// The server that was kept; `None` where none was.
pub(crate) fn server() -> Option<KeptServer> {
    KeptServer::from_text(&item(SERVER)?)
}

/// Keeps the server for the next visit, or forgets the one that was kept.
pub(crate) fn keep_server(server: Option<&KeptServer>) {
    keep(SERVER, server.map(KeptServer::to_text).as_deref());
}

pub(super) fn theme() -> Option<String> {
    item(THEME)
}

pub(super) fn keep_theme(theme: Option<&str>) {
    keep(THEME, theme);
}

/// `None` also where the browser forbids storage: then nothing is kept, and nothing else changes.
fn storage() -> Option<Storage> {
    super::window()?.local_storage().ok()?
}

fn item(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

fn keep(key: &str, value: Option<&str>) {
    if let Some(storage) = storage() {
        let _ = match value {
            Some(value) => storage.set_item(key, value),
            None => storage.remove_item(key),
        };
    }
}
