//! Text as it was before a program passed it on: JSON, syslog and HTML write characters in ways of
//! their own.

use super::{MOST_LINES, event_xml::reference, lines::Line};

/// A text, and the number of the line in the input that each of its lines comes from.
#[derive(Debug)]
pub(super) struct Plain {
    pub(super) text: String,
    numbers: Vec<usize>,
}

impl Plain {
    pub(super) fn of(lines: &[Line<'_>]) -> Self {
        let mut plain = Self { text: String::new(), numbers: Vec::new() };
        for line in lines {
            let start = plain.text.len();
            unescape(line.text, &mut plain.text);
            plain.text.push('\n');
            let added = plain.text.get(start..).unwrap_or_default().matches('\n').count();
            plain.numbers.extend(std::iter::repeat_n(line.number, added));
        }
        plain
    }

    /// The lines that are not blank, as many as are read, without what JSON has around a string.
    pub(super) fn lines(&self) -> Vec<Line<'_>> {
        let lines = self.text.lines().zip(&self.numbers);
        let lines = lines.map(|(text, number)| {
            let string = ["\": \"", "\":\""].iter().find_map(|begin| text.rsplit_once(begin));
            let text = string.map_or(text, |(_, string)| string);
            Line { number: *number, text: text.trim_end_matches(['"', '}', ']', ',']) }
        });
        lines.filter(|line| !line.text.trim().is_empty()).take(MOST_LINES).collect()
    }

    /// The number of the line at the index `line` of the text.
    pub(super) fn number(&self, line: usize) -> usize {
        self.numbers.get(line).or_else(|| self.numbers.last()).copied().unwrap_or(1)
    }
}

/// Adds `text` with its escapes undone, which may have been escaped again.
fn unescape(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '#', '&']) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_and_lines_keep_their_numbers() {
        let lines = [
            Line { number: 3, text: r#""a\r\n\tb\\nc \"d\" e\/f \u00e9 LAB\\x""# },
            Line { number: 7, text: "g#012h#011i &lt;j&gt; &k; #1" },
        ];
        let plain = Plain::of(&lines);
        let read: Vec<_> = plain.lines().iter().map(|line| (line.number, line.text)).collect();
        assert_eq!(
            read,
            [(3, "\"a"), (3, "\tb"), (3, "c \"d\" e/f é LAB\\x"), (7, "g"), (7, "h\ti <j> &k; #1"),]
        );
        assert_eq!((plain.number(0), plain.number(4), plain.number(99)), (3, 7, 7));
    }
}
