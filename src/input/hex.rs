/// The bytes that pairs of hex digits stand for; a last single digit is left out.
pub(super) fn decode(digits: &str) -> Option<Vec<u8>> {
    let (pairs, _) = digits.as_bytes().as_chunks::<2>();
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}

/// The bytes of a text that has nothing but hex digits and what people write between them: white
/// space, `0x`, `\x`, commas, colons, dashes, quotes and brackets.
pub(super) fn decode_loose(text: &str) -> Option<Vec<u8>> {
    let digits: String = text
        .replace("0x", " ")
        .replace("\\x", " ")
        .chars()
        .filter(|c| !(c.is_whitespace() || ",;:-\"'{}[]()".contains(*c)))
        .collect();
    decode(&digits)
}

const fn digit(character: u8) -> Option<u8> {
    Some(match character {
        b'0'..=b'9' => character - b'0',
        b'a'..=b'f' => character - b'a' + 10,
        b'A'..=b'F' => character - b'A' + 10,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_the_digits_does_not_matter() {
        for text in [
            "4e544C4d",
            "4e 54 4c 4d",
            "4e:54:4c:4d",
            "{0x4e, 0x54, 0x4c, 0x4d}",
            "\"\\x4e\\x54\\x4c\\x4d\"",
        ] {
            assert_eq!(decode_loose(text).as_deref(), Some(&b"NTLM"[..]), "{text}");
        }
        assert_eq!(decode_loose("not hex"), None);
    }
}
