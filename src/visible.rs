//! Text that someone else wrote, made safe to read.

use std::fmt::{self, Write as _};

/// Shows control characters, direction marks and invisible spaces as `\u{202e}`, so that a name cannot
/// redraw a terminal or turn a sentence around. Everything else stays as it is.
#[derive(Clone, Copy, Debug)]
pub struct Visible<'t>(pub &'t str);

impl fmt::Display for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            if is_hidden(character) {
                write!(f, "\\u{{{:x}}}", u32::from(character))?;
            } else {
                f.write_char(character)?;
            }
        }
        Ok(())
    }
}

/// Whether a character has no picture of its own: controls, direction marks, joiners, invisible
/// operators, line separators, the byte order mark, tags.
#[must_use]
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
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
            '\u{ad}',
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
        for seen in [' ', 'é', '\u{2010}', '\u{2027}', '\u{3000}', '😀'] {
            assert!(!is_hidden(seen), "{seen:?}");
        }
    }
}
