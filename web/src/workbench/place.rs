//! The places of the page and their addresses.
//!
//! No address contains a secret: a setting of the lab is invented, and an input gets into an
//! address only by "Make a link" and leaves it with the next input. The page says so if an address
//! is not understood.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use spnscope::judge::smb::ServerSettings;
use spnscope::lab::relay::Scenario;

/// A place of the page.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Place {
    /// One message, byte by byte, and the answer of the server.
    #[default]
    Decode,
    /// A sign-in played with somebody in the middle.
    Relay,
    /// The chapters that explain it.
    Learn,
}

impl Place {
    /// All places, in their order.
    pub const ALL: [Self; 3] = [Self::Decode, Self::Relay, Self::Learn];

    /// The word of the place in an address: `#/decode`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Decode => "decode",
            Self::Relay => "relay",
            Self::Learn => "learn",
        }
    }

    /// The label of the place.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Decode => "Decode",
            Self::Relay => "Relay lab",
            Self::Learn => "Learn",
        }
    }
}

/// The word after `#/decode/` for the form for a question without a capture. No message in base64
/// has its length.
const ACCESS_DENIED: &str = "access-denied";

/// The address of that form, as it follows `#/`.
#[must_use]
pub fn access_address() -> String {
    format!("{}/{ACCESS_DENIED}", Place::Decode.as_str())
}

/// The content of an address.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ParsedAddress {
    pub(super) place: Place,
    /// The input to decode.
    pub(super) input: Option<AddressedInput>,
    /// The setting to play.
    pub(super) scenario: Option<Scenario>,
    /// True if it is the form for a question without a capture.
    pub(super) is_access: bool,
    /// True if the address asks for more than can be shown.
    pub(super) asks_more: bool,
}

/// An input that came with the address.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AddressedInput {
    pub(super) input: Arc<[u8]>,
    /// The server that it is to be judged for, if the address has one.
    pub(super) server: Option<ServerSettings>,
}

impl AddressedInput {
    /// Reads the part after `#/decode/`.
    fn read(rest: &str) -> Option<Self> {
        let (input, server) = rest.split_once('/').map_or((rest, None), |(a, b)| (a, Some(b)));
        let input = URL_SAFE_NO_PAD.decode(input).ok()?.into();
        let Some(server) = server else { return Some(Self { input, server: None }) };
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(server).ok()?).ok()?;
        Some(Self { input, server: Some(ServerSettings::from_text(&text)) })
    }
}

impl ParsedAddress {
    /// Reads the part after `#/`; `None` if it names no place.
    pub(super) fn read(address: &str) -> Option<Self> {
        let (place, rest) = address.split_once('/').unwrap_or((address, ""));
        let place = Place::ALL.into_iter().find(|one| one.as_str() == place)?;
        let mut read =
            Self { place, input: None, scenario: None, is_access: false, asks_more: false };
        if !rest.is_empty() {
            match place {
                Place::Decode if rest == ACCESS_DENIED => read.is_access = true,
                Place::Decode => read.input = AddressedInput::read(rest),
                Place::Relay => read.scenario = Scenario::from_link(rest),
                Place::Learn => {}
            }
            read.asks_more = read.input.is_none() && read.scenario.is_none() && !read.is_access;
        }
        Some(read)
    }
}

/// The address that hands on an input, as it follows `#/`: `decode/VGxS…`. It holds the whole
/// input, and the facts about the server if there are any: `decode/VGxS…/bmFt…`.
pub(super) fn of_input(input: &[u8], server: Option<&ServerSettings>) -> String {
    let mut address = format!("{}/", Place::Decode.as_str());
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
            let read = ParsedAddress::read(&address).unwrap();
            assert_eq!(
                read.input,
                Some(AddressedInput { input: b"TlRM".as_slice().into(), server })
            );
            assert!(!read.asks_more);
        }
        let damaged = ParsedAddress::read("decode/VGxS/%%").unwrap();
        assert!(damaged.asks_more && damaged.input.is_none());
    }

    #[test]
    fn the_form_has_an_address_that_no_message_has() {
        let read = ParsedAddress::read(&access_address()).unwrap();
        assert!(read.is_access && !read.asks_more && read.input.is_none());
        assert!(URL_SAFE_NO_PAD.decode(ACCESS_DENIED).is_err());
    }
}
