use base64::{
    Engine as _,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

/// Padding may be there or not, and the bits that the last character has too many may be anything:
/// people cut and join base64 by hand.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);

const ENGINES: [GeneralPurpose; 2] =
    [GeneralPurpose::new(&STANDARD, LENIENT), GeneralPurpose::new(&URL_SAFE, LENIENT)];

/// The bytes that `digits` stand for in the standard or the URL-safe alphabet. A last character that
/// alone stands for less than a byte, as where the text was cut, is left out.
pub(super) fn decode(digits: &str) -> Option<Vec<u8>> {
    let cut = digits.len() % 4 == 1 && !digits.ends_with('=');
    let digits = if cut { digits.get(..digits.len() - 1)? } else { digits };
    ENGINES.iter().find_map(|engine| engine.decode(digits).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_alphabets_with_and_without_padding() {
        for digits in ["TlRMTQ==", "TlRMTQ", "TlRMTR"] {
            assert_eq!(decode(digits).as_deref(), Some(&b"NTLM"[..]), "{digits}");
        }
        assert_eq!(decode("_-8"), decode("/+8="));
        assert_eq!(decode("TlRMT"), decode("TlRM"), "a cut character is left out");
        assert_eq!(decode("Tl=R"), None);
    }
}
