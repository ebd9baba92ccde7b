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
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{a0}'
                | '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{1680}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{2000}'..='\u{200f}'
                | '\u{2028}'..='\u{202f}'
                | '\u{205f}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3000}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

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
