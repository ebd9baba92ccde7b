use crate::{carrier, span::Span};

/// The bytes that pairs of hex digits stand for; a last single digit is left out.
pub(super) fn decode(digits: &str) -> Option<Vec<u8>> {
    let (pairs, _) = digits.as_bytes().as_chunks::<2>();
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}

/// The tokens in a text whose lines have nothing but hex digits and what people write between them:
/// white space, `0x`, `\x`, commas, colons, dashes, quotes and brackets. With each its place.
///
/// A line that begins like a token begins one, where the one before it is whole.
pub(super) fn decode_spread(text: &str) -> Vec<(Span, Vec<u8>)> {
    let mut tokens: Vec<(Span, Vec<u8>)> = Vec::new();
    let mut open = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::at(start, line.trim_end().len());
        start += line.len();
        let Some(bytes) = decode_line(line) else {
            open = false;
            continue;
        };
        if bytes.is_empty() {
            continue;
        }
        match tokens.last_mut().filter(|_| open) {
            Some((place, token))
                if carrier::announced_len(token).is_none_or(|len| len > token.len())
                    || !carrier::begins_like_token(&bytes) =>
            {
                token.extend(bytes);
                place.end = span.end;
            }
            _ => tokens.push((span, bytes)),
        }
        open = true;
    }
    tokens
}

/// The bytes of a line of spread hex; `None` where something else stands on it.
fn decode_line(line: &str) -> Option<Vec<u8>> {
    let line = line.replace("0x", " ").replace("\\x", " ");
    let mut bytes = Vec::new();
    for word in line.split(|c: char| c.is_whitespace() || ",;:-\"'{}[]()".contains(c)) {
        match word.as_bytes() {
            // `0x0` is a byte as well.
            [single] => bytes.push(digit(*single)?),
            _ if word.len() % 2 == 1 => return None,
            _ => bytes.extend(decode(word)?),
        }
    }
    Some(bytes)
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
            "4e 54\n4c 4d\n",
        ] {
            let tokens = decode_spread(text);
            assert_eq!(tokens.len(), 1, "{text}");
            assert_eq!(tokens[0].1, b"NTLM", "{text}");
        }
        assert_eq!(decode_spread("0x4e, 0x0, 0xf")[0].1, [0x4e, 0, 0x0f]);
        assert!(decode_spread("not hex").is_empty());
    }
}
