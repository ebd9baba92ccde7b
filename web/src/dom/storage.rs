//! The storage of the browser: the theme and the server that the reader kept, and nothing else.

use spnscope_page::workbench::KeptServer;
use web_sys::Storage;

const SERVER_KEY: &str = "spnscope.server";
const THEME_KEY: &str = "spnscope.theme";

/// The kept server; `None` if there is none.
pub(crate) fn server() -> Option<KeptServer> {
    KeptServer::from_text(&item(SERVER_KEY)?)
}

/// Stores the server for the next visit, or removes the one that was stored.
pub(crate) fn keep_server(server: Option<&KeptServer>) {
    keep(SERVER_KEY, server.map(KeptServer::to_text).as_deref());
}

pub(super) fn theme() -> Option<String> {
    item(THEME_KEY)
}

pub(super) fn keep_theme(theme: Option<&str>) {
    keep(THEME_KEY, theme);
}

/// The storage; `None` also if the browser forbids it: then nothing is kept, and nothing else
/// changes.
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
