//! Text that someone else wrote, made safe to read.
//!
//! In JSON the text stays as it was sent, with what is hidden escaped; wherever people read it, it
//! is made visible. What is hidden follows from properties of Unicode, and a test holds the table
//! against its data.

use std::fmt;

/// Shows control characters, direction marks and every blank but the space as `\u{202e}`, so that a
/// name cannot redraw a terminal, turn a sentence around or look like another. Everything else
/// stays as it is.
#[derive(Clone, Copy, Debug)]
pub struct Visible<'t>(pub &'t str);

impl fmt::Display for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        // One is rare, so the text before it is written in one go.
        while let Some((at, hidden)) = rest.char_indices().find(|(_, one)| is_hidden(*one)) {
            let (before, after) = rest.split_at(at);
            write!(f, "{before}\\u{{{:x}}}", u32::from(hidden))?;
            rest = after.get(hidden.len_utf8()..).unwrap_or_default();
        }
        f.write_str(rest)
    }
}

/// Tells a character that has no picture of its own: controls, direction marks, joiners, blanks,
/// fillers, invisible operators, line separators, the byte order mark, selectors of variants, tags,
/// and what is kept for private use or is no character. The space has none either and is known.
#[must_use]
pub fn is_hidden(character: char) -> bool {
    let code = u32::from(character);
    let run = HIDDEN.partition_point(|(_, last)| *last < code);
    HIDDEN.get(run).is_some_and(|(first, _)| *first <= code)
}

/// The first and the last of each run of them, by Unicode's data; the test below says which of it.
const HIDDEN: [(u32, u32); 39] = [
    (0x0, 0x1f),
    (0x7f, 0xa0),
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
    (0xe000, 0xf8ff),
    (0xfdd0, 0xfdef),
    (0xfe00, 0xfe0f),
    (0xfeff, 0xfeff),
    (0xffa0, 0xffa0),
    (0xfff0, 0xfffb),
    (0xfffe, 0xffff),
    (0x13430, 0x1343f),
    (0x1bca0, 0x1bca3),
    (0x1d173, 0x1d17a),
    (0x1fffe, 0x1ffff),
    (0x2fffe, 0x2ffff),
    (0x3fffe, 0x3ffff),
    (0x4fffe, 0x4ffff),
    (0x5fffe, 0x5ffff),
    (0x6fffe, 0x6ffff),
    (0x7fffe, 0x7ffff),
    (0x8fffe, 0x8ffff),
    (0x9fffe, 0x9ffff),
    (0xafffe, 0xaffff),
    (0xbfffe, 0xbffff),
    (0xcfffe, 0xcffff),
    (0xdfffe, 0xe0fff),
    (0xe_fffe, 0x10_ffff),
];

#[cfg(test)]
mod tests {
    use regex_syntax::hir::{Class, HirKind};

    use super::*;

    #[test]
    fn characters_without_a_picture_are_written_out() {
        let name = "cifs/\u{202e}nal.bal\u{0}\u{1b}[31m Ü";
        assert_eq!(Visible(name).to_string(), "cifs/\\u{202e}nal.bal\\u{0}\\u{1b}[31m Ü");
        for seen in [' ', 'é', '\u{2010}', '\u{2027}', '\u{3001}', '😀'] {
            assert!(!is_hidden(seen), "{seen:?}");
        }
    }

    /// The characters that Unicode's data describes with this, as first and last of each run.
    fn described(class: &str) -> Vec<(u32, u32)> {
        let hir = regex_syntax::parse(class).unwrap();
        let HirKind::Class(Class::Unicode(class)) = hir.kind() else { panic!("{hir:?}") };
        class.ranges().iter().map(|run| (run.start().into(), run.end().into())).collect()
    }

    /// Controls, formats, blanks, what is drawn as nothing unless it is known, and what has no
    /// meaning that all share. The signs before Arabic and Syriac numbers are formats and have a
    /// picture; Unicode has the blank of Braille among the symbols.
    const WITHOUT_PICTURE: &str = r"[[\p{Cc}\p{Cf}\p{Z}\p{Co}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\x{2800}]--[\x20\p{Prepended_Concatenation_Mark}]]";

    #[test]
    fn every_character_is_hidden_just_where_unicode_gives_it_no_picture() {
        let hidden: Vec<_> = described(WITHOUT_PICTURE);
        let holds = |code: u32| hidden.iter().any(|(first, last)| (*first..=*last).contains(&code));
        let differ: Vec<_> =
            ('\0'..=char::MAX).filter(|one| is_hidden(*one) != holds(u32::from(*one))).collect();
        assert!(differ.is_empty(), "{} differ: {:x?}\n{hidden:#x?}", differ.len(), differ.first());
    }

    #[test]
    fn names_in_every_script_stay_as_they_are() {
        for name in [
            "ファイルサーバー",
            "ملفات-خادم",
            "קבצים",
            "सर्वर",
            "เซิร์ฟเวอร์",
            "MÜLLER-NAS",
            "서버",
            "файл",
            "၀န်ဆောင်မှု",
            "e\u{301}",
            "\u{600}12",
        ] {
            assert_eq!(Visible(name).to_string(), name);
        }
    }
}
