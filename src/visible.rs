//! Text that someone else wrote, made safe to read.

use std::fmt;

/// Shows control characters, direction marks and every blank but the space as `\u{202e}`, so that a name cannot
/// redraw a terminal, turn a sentence around or look like another. Everything else stays as it is.
#[derive(Clone, Copy, Debug)]
pub struct Visible<'t>(pub &'t str);

impl fmt::Display for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        // Seldom is there one, so what stands before it is written in one go.
        while let Some((at, hidden)) = rest.char_indices().find(|(_, one)| is_hidden(*one)) {
            let (before, after) = rest.split_at(at);
            write!(f, "{before}\\u{{{:x}}}", u32::from(hidden))?;
            rest = after.get(hidden.len_utf8()..).unwrap_or_default();
        }
        f.write_str(rest)
    }
}

/// Whether a character has no picture of its own: controls, direction marks, joiners, blanks, fillers, invisible
/// operators, line separators, the byte order mark, selectors of variants, tags. The space has none either and is known.
#[must_use]
#[inline(never)]
pub fn is_hidden(character: char) -> bool {
    let code = u32::from(character);
    character.is_control() || HIDDEN.iter().any(|(first, last)| (*first..=*last).contains(&code))
}

/// Besides controls. A table, which is smaller than the instructions for it.
const HIDDEN: [(u32, u32); 19] = [
    (0xa0, 0xa0),
    (0xad, 0xad),
    (0x34f, 0x34f),
    (0x61c, 0x61c),
    (0x115f, 0x1160),
    (0x1680, 0x1680),
    (0x17b4, 0x17b5),
    (0x180b, 0x180f),
    (0x2000, 0x200f),
    (0x2028, 0x202f),
    (0x205f, 0x206f),
    (0x2800, 0x2800),
    (0x3000, 0x3000),
    (0x3164, 0x3164),
    (0xfe00, 0xfe0f),
    (0xfeff, 0xfeff),
    (0xffa0, 0xffa0),
    (0xfff0, 0xfffb),
    (0xe0000, 0xe0fff),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_picture_is_written_out() {
        let name = "cifs/\u{202e}nal.bal\u{0}\u{1b}[31m Ü";
        assert_eq!(Visible(name).to_string(), "cifs/\\u{202e}nal.bal\\u{0}\\u{1b}[31m Ü");
        for hidden in [
            '\u{7f}',
            '\u{a0}',
            '\u{ad}',
            '\u{34f}',
            '\u{1160}',
            '\u{1680}',
            '\u{17b4}',
            '\u{2003}',
            '\u{202f}',
            '\u{205f}',
            '\u{2800}',
            '\u{3000}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{ffa0}',
            '\u{e0100}',
            '\u{61c}',
            '\u{180e}',
            '\u{200b}',
            '\u{200f}',
            '\u{2028}',
            '\u{2060}',
            '\u{206f}',
            '\u{feff}',
            '\u{fff9}',
            '\u{fffb}',
            '\u{e0000}',
            '\u{e007f}',
        ] {
            assert!(is_hidden(hidden), "{hidden:?}");
        }
        for seen in [' ', 'é', '\u{2010}', '\u{2027}', '\u{3001}', '😀'] {
            assert!(!is_hidden(seen), "{seen:?}");
        }
    }
}
