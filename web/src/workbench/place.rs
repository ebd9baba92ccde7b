//! Where on the page the reader is, and the addresses of that.
//!
//! A place has an address, and nobody's secret is in it: a setting of the lab is invented, and a
//! paste gets into an address only by "Make a link" and leaves it with the next input. An address
//! that is not understood is said, above what is shown instead.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use spnscope::judge::smb::ServerSettings;
use spnscope::lab::relay::Scenario;

/// A place of the page.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Place {
    /// One message, byte by byte, and what the server would do.
    #[default]
    Decode,
    /// A sign-in played through with somebody in the middle.
    Relay,
    /// Why it is so.
    Learn,
}

impl Place {
    /// All of them, in their order.
    pub const ALL: [Self; 3] = [Self::Decode, Self::Relay, Self::Learn];

    /// Its word in an address: `#/decode`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Decode => "decode",
            Self::Relay => "relay",
            Self::Learn => "learn",
        }
    }

    /// What it is called.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Decode => "Decode",
            Self::Relay => "Relay lab",
            Self::Learn => "Learn",
        }
    }
}

/// The word behind `#/decode/` for the form in which one asks without a capture. No message in
/// base64 has its length.
const ACCESS_DENIED: &str = "access-denied";

/// The address of that form, to stand behind `#/`.
#[must_use]
pub fn access_address() -> String {
    format!("{}/{ACCESS_DENIED}", Place::Decode.code())
}

/// What an address asks for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Address {
    pub(super) place: Place,
    /// What is to be decoded.
    pub(super) input: Option<Addressed>,
    /// What is to be played.
    pub(super) scenario: Option<Scenario>,
    /// Whether the form is asked for in which one asks without a capture.
    pub(super) is_access: bool,
    /// Whether more is asked for than can be shown.
    pub(super) asks_more: bool,
}

/// An input that came with the address.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Addressed {
    pub(super) input: Arc<[u8]>,
    /// The server that it is to be judged for, where the address says one.
    pub(super) server: Option<ServerSettings>,
}

impl Addressed {
    /// Reads what stands behind `#/decode/`.
    fn read(rest: &str) -> Option<Self> {
        let (input, server) = rest.split_once('/').map_or((rest, None), |(a, b)| (a, Some(b)));
        let input = URL_SAFE_NO_PAD.decode(input).ok()?.into();
        let Some(server) = server else { return Some(Self { input, server: None }) };
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(server).ok()?).ok()?;
        Some(Self { input, server: Some(ServerSettings::from_text(&text)) })
    }
}

impl Address {
    /// Reads what stands behind `#/`; `None` where it names no place.
    pub(super) fn read(address: &str) -> Option<Self> {
        let (place, rest) = address.split_once('/').unwrap_or((address, ""));
        let place = Place::ALL.into_iter().find(|one| one.code() == place)?;
        let mut read =
            Self { place, input: None, scenario: None, is_access: false, asks_more: false };
        if !rest.is_empty() {
            match place {
                Place::Decode if rest == ACCESS_DENIED => read.is_access = true,
                Place::Decode => read.input = Addressed::read(rest),
                Place::Relay => read.scenario = Scenario::from_link(rest),
                Place::Learn => {}
            }
            read.asks_more = read.input.is_none() && read.scenario.is_none() && !read.is_access;
        }
        Some(read)
    }
}

/// The address that hands on an input, to stand behind `#/`: `decode/VGxS…`. It holds all of it,
/// and what is said of the server where there is one: `decode/VGxS…/bmFt…`.
pub(super) fn of_input(input: &[u8], server: Option<&ServerSettings>) -> String {
    let mut address = format!("{}/", Place::Decode.code());
    URL_SAFE_NO_PAD.encode_string(input, &mut address);
    if let Some(server) = server {
        address.push('/');
        URL_SAFE_NO_PAD.encode_string(server.to_text(), &mut address);
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_the_input_and_the_server_and_is_read_again() {
        let server = ServerSettings {
            addresses: vec!["10.0.0.11".parse().unwrap()],
            allowed: vec!["nas.lab.lan".to_owned()],
            ..ServerSettings::default()
        };
        for server in [None, Some(server)] {
            let address = of_input(b"TlRM", server.as_ref());
            let read = Address::read(&address).unwrap();
            assert_eq!(read.input, Some(Addressed { input: b"TlRM".as_slice().into(), server }));
            assert!(!read.asks_more);
        }
        let damaged = Address::read("decode/VGxS/%%").unwrap();
        assert!(damaged.asks_more && damaged.input.is_none());
    }

    #[test]
    fn the_form_has_an_address_that_no_message_has() {
        let read = Address::read(&access_address()).unwrap();
        assert!(read.is_access && !read.asks_more && read.input.is_none());
        assert!(URL_SAFE_NO_PAD.decode(ACCESS_DENIED).is_err());
    }
}
