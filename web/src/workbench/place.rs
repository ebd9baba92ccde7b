//! Where on the page the reader is, and the addresses of that.
//!
//! A place has an address, and nobody's secret is in it: a setting of the lab is invented, and a
//! paste gets into an address only by "Make a link" and leaves it with the next input. An address
//! that is not understood is said, above what is shown instead.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

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

/// What an address asks for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Address {
    pub(super) place: Place,
    /// What is to be decoded.
    pub(super) input: Option<Arc<[u8]>>,
    /// What is to be played.
    pub(super) scenario: Option<Scenario>,
    /// Whether more is asked for than can be shown.
    pub(super) asks_more: bool,
}

impl Address {
    /// Reads what stands behind `#/`; `None` where it names no place.
    pub(super) fn read(address: &str) -> Option<Self> {
        let (place, rest) = address.split_once('/').unwrap_or((address, ""));
        let place = Place::ALL.into_iter().find(|one| one.code() == place)?;
        let mut read = Self { place, input: None, scenario: None, asks_more: false };
        if !rest.is_empty() {
            match place {
                Place::Decode => read.input = URL_SAFE_NO_PAD.decode(rest).ok().map(Arc::from),
                Place::Relay => read.scenario = Scenario::from_link(rest),
                Place::Learn => {}
            }
            read.asks_more = read.input.is_none() && read.scenario.is_none();
        }
        Some(read)
    }
}

/// The address that hands on what was pasted, to stand behind `#/`: `decode/VGxS…`. It holds all of
/// it.
pub(super) fn of_input(input: &[u8]) -> String {
    let mut address = format!("{}/", Place::Decode.code());
    URL_SAFE_NO_PAD.encode_string(input, &mut address);
    address
}
