//! Text and the lines of the input that it comes from. JSON, syslog and HTML write characters in
//! ways of their own; those can be undone.

use memchr::memchr3;

use crate::read::config::{MAX_LINES, lines::Line};

/// The numbers of the lines of a text in the input.
#[derive(Debug)]
pub(in crate::read::config) enum Numbers {
    /// It is the input.
    Counted,
    /// All of it comes from this line.
    One(usize),
    /// Each has its own.
    Each(Vec<usize>),
}

/// A text, and the number of the line in the input that each of its lines comes from.
#[derive(Debug)]
pub(in crate::read::config) struct Text {
    pub(in crate::read::config) text: String,
    pub(in crate::read::config) numbers: Numbers,
}

impl Text {
    /// The lines as they are.
    pub(in crate::read::config) fn of(lines: &[Line<'_>]) -> Self {
        Self::with(lines, |text, out| out.push_str(text))
    }

    /// The lines with their escapes undone.
    pub(in crate::read::config) fn unescaped(lines: &[Line<'_>]) -> Self {
        Self::with(lines, unescape)
    }

    fn with(lines: &[Line<'_>], add: fn(&str, &mut String)) -> Self {
        let (mut text, mut numbers) = (String::new(), Vec::new());
        for line in lines {
            let start = text.len();
            add(line.text, &mut text);
            text.push('\n');
            let added = text.get(start..).unwrap_or_default().matches('\n').count();
            numbers.extend(std::iter::repeat_n(line.number, added));
        }
        Self { text, numbers: Numbers::Each(numbers) }
    }

    /// The lines that are not blank, as many as are read.
    pub(in crate::read::config) fn lines(&self) -> Vec<Line<'_>> {
        let lines = self.text.lines().enumerate();
        let lines = lines.map(|(index, text)| Line { number: self.number(index), text });
        lines.filter(|line| !line.text.trim().is_empty()).take(MAX_LINES).collect()
    }

    /// The number of the line at the index `line` of the text.
    pub(in crate::read::config) fn number(&self, line: usize) -> usize {
        match &self.numbers {
            Numbers::Counted => line + 1,
            Numbers::One(number) => *number,
            Numbers::Each(all) => all.get(line).or_else(|| all.last()).copied().unwrap_or(1),
        }
    }
}

/// Lines without what JSON has around a string.
pub(super) fn bare<'t>(lines: &[Line<'t>]) -> Vec<Line<'t>> {
    let bare = |line: &Line<'t>| {
        let string = ["\": \"", "\":\""].iter().find_map(|begin| line.text.rsplit_once(begin));
        let text = string.map_or(line.text, |(_, string)| string);
        Line { number: line.number, text: text.trim_end_matches(['"', '}', ']', ',']) }
    };
    lines.iter().map(bare).filter(|line| !line.text.trim().is_empty()).collect()
}

/// Adds `text` with its escapes undone, which may have been escaped again.
fn unescape(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = memchr3(b'\\', b'#', b'&', rest.as_bytes()) {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let (character, length) = character(escape).unwrap_or_else(|| {
            // What is not understood stays.
            let first = escape.chars().next().unwrap_or_default();
            (first, first.len_utf8())
        });
        out.push(character);
        rest = escape.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
}

/// The character that an escape stands for, and the escape's length.
fn character(escape: &str) -> Option<(char, usize)> {
    if let Some(after) = escape.strip_prefix('#') {
        // The octal numbers of rsyslog.
        let character = match after.get(..3)? {
            "011" => '\t',
            "012" | "015" => '\n',
            _ => return None,
        };
        return Some((character, 4));
    }
    if let Some(after) = escape.strip_prefix('&') {
        let end = after.bytes().take(12).position(|byte| byte == b';')?;
        return Some((reference(after.get(..end)?)?, end + 2));
    }
    let slashes = escape.bytes().take_while(|byte| *byte == b'\\').count();
    let after = escape.get(slashes..)?;
    let (character, length) = match after.chars().next() {
        Some('r' | 'n') => ('\n', 1),
        Some('t') => ('\t', 1),
        Some(quote @ ('"' | '\'' | '/')) => (quote, 1),
        Some('u') => unit(after).map_or(('\\', 0), |character| (character, 5)),
        _ => ('\\', 0),
    };
    Some((character, slashes + length))
}

/// The character of a code unit that is written as `u00e9`.
fn unit(text: &str) -> Option<char> {
    char::from_u32(u32::from_str_radix(text.get(1..5)?, 16).ok()?)
}

/// The character that a reference stands for.
pub(super) fn reference(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let number = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(number)?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_and_lines_keep_their_numbers() {
        let lines = [
            Line { number: 3, text: r#""a\r\n\tb\\nc \"d\" e\/f \u00e9 LAB\\x""# },
            Line { number: 7, text: "g#012h#011i &lt;j&gt; &k; #1" },
        ];
        let text = Text::unescaped(&lines);
        let read: Vec<_> =
            bare(&text.lines()).iter().map(|line| (line.number, line.text)).collect();
        assert_eq!(
            read,
            [(3, "\"a"), (3, "\tb"), (3, "c \"d\" e/f é LAB\\x"), (7, "g"), (7, "h\ti <j> &k; #1"),]
        );
        assert_eq!((text.number(0), text.number(4), text.number(99)), (3, 7, 7));
    }
}
