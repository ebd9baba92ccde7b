//! Lines of text, cut out of the bytes of one direction.

/// The longest line that is kept.
const MAX_LINE_LEN: usize = 32 * 1024;

/// The line that has begun.
#[derive(Debug, Default)]
pub(super) struct Lines {
    begun: Vec<u8>,
    /// True if the line is too long, or its beginning is missing.
    is_broken: bool,
}

impl Lines {
    /// The number of bytes it holds.
    pub(super) fn held(&self) -> usize {
        self.begun.capacity()
    }

    /// Takes bytes off `bytes` up to the end of a line, and returns it without its end; `None` if
    /// none ends.
    pub(super) fn next(&mut self, bytes: &mut &[u8]) -> Option<Vec<u8>> {
        loop {
            let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
                self.begin(bytes);
                *bytes = &[];
                return None;
            };
            let (line, rest) = bytes.split_at(end);
            self.begin(line);
            *bytes = rest.get(1..).unwrap_or_default();
            let mut line = std::mem::take(&mut self.begun);
            if line.last() == Some(&b'\r') {
                line.pop();
            }
            if !std::mem::take(&mut self.is_broken) {
                return Some(line);
            }
        }
    }

    fn begin(&mut self, bytes: &[u8]) {
        if self.is_broken || self.begun.len() + bytes.len() > MAX_LINE_LEN {
            self.is_broken = true;
            self.begun = Vec::new();
        } else {
            self.begun.extend_from_slice(bytes);
        }
    }

    /// Takes missing bytes: the rest of the line is skipped.
    pub(super) fn gap(&mut self) {
        self.is_broken = true;
        self.begun = Vec::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_whole_whatever_the_pieces() {
        let text = b"one\r\n\ntwo\nthree";
        for size in 1..=text.len() {
            let mut lines = Lines::default();
            let mut found = Vec::new();
            for mut piece in text.chunks(size) {
                while let Some(line) = lines.next(&mut piece) {
                    found.push(line);
                }
            }
            assert_eq!(found, [&b"one"[..], b"", b"two"]);
        }
    }

    #[test]
    fn a_gap_drops_the_line_it_is_in() {
        let mut lines = Lines::default();
        assert_eq!(lines.next(&mut &b"one"[..]), None);
        lines.gap();
        assert_eq!(lines.next(&mut &b"more\ntwo\n"[..]), Some(b"two".to_vec()));
    }
}
