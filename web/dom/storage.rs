//! What is kept from visit to visit: the theme and the reader's own server, and nothing else.

use spnscope::policy::ServerSettings;
use web_sys::Storage;

const SERVER: &str = "spnscope.server";
const THEME: &str = "spnscope.theme";

/// The server of an earlier visit; the defaults where there is none.
pub(crate) fn server() -> ServerSettings {
    item(SERVER).map_or_else(ServerSettings::default, |text| ServerSettings::from_text(&text))
}

/// Keeps the server for the next visit.
pub(crate) fn keep_server(server: &ServerSettings) {
    keep(SERVER, Some(&server.to_text()));
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
