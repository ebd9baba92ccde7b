//! The server's settings as they are kept: what is written is read again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spnscope::judge::smb::ServerSettings;

fuzz_target!(|text: &str| {
    let mut read = ServerSettings::from_text(text);
    // An entry with a line end is not written. A lone carriage return ends no line when read.
    for entries in [&mut read.names, &mut read.domains, &mut read.allowed] {
        entries.retain(|entry| !entry.contains('\r'));
    }
    let written = read.to_text();
    let again = ServerSettings::from_text(&written);
    assert_eq!(again, read);
    assert_eq!(again.to_text(), written);
});
