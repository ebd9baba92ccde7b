//! The spellings in which bytes can be read from a text.

/// A way to read characters as bytes: what was chosen, or what one asks for.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Reading {
    /// Rows of offset, hex and text.
    HexDump,
    /// Base64, either alphabet.
    Base64,
    /// Pairs of hex digits, whatever is between them.
    Hex,
    /// Decimal numbers from 0 to 255, or from -128 to 127.
    Decimal,
    /// Percent-encoding around any of these.
    Percent,
    /// Escapes of a string around any of these, or of the message itself.
    Escapes,
    /// The bytes as they are.
    Raw,
}

impl Reading {
    /// All of them. Of two that give the same, the first one here is taken.
    pub const ALL: [Self; 7] = [
        Self::HexDump,
        Self::Base64,
        Self::Hex,
        Self::Decimal,
        Self::Percent,
        Self::Escapes,
        Self::Raw,
    ];

    /// The stable name on the command line and in links.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HexDump => "hex-dump",
            Self::Base64 => "base64",
            Self::Hex => "hex",
            Self::Decimal => "decimal",
            Self::Percent => "percent",
            Self::Escapes => "escapes",
            Self::Raw => "raw",
        }
    }

    /// Its name in a sentence: read as *a hex dump*.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::HexDump => "a hex dump",
            Self::Base64 => "base64",
            Self::Hex => "hex",
            Self::Decimal => "decimal numbers",
            Self::Percent => "percent-encoding",
            Self::Escapes => "string escapes",
            Self::Raw => "raw bytes",
        }
    }

    /// The reading with this [stable name](Self::as_str).
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reading| reading.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_readings() {
        for reading in Reading::ALL {
            assert_eq!(Reading::from_name(reading.as_str()), Some(reading));
        }
        assert_eq!(Reading::from_name("rot13"), None);
    }
}
