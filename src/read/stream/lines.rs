//! Lines of text, cut out of the bytes of one direction.

/// A longer line is not kept.
const LONGEST: usize = 32 * 1024;

/// The line that has begun.
#[derive(Debug, Default)]
pub(super) struct Lines {
    begun: Vec<u8>,
    /// The line is longer than any, or its beginning is missing.
    is_broken: bool,
}

impl Lines {
    /// How many bytes it holds.
    pub(super) fn held(&self) -> usize {
        self.begun.capacity()
    }

    /// Takes bytes off `bytes` up to the end of a line; `None` where none ends. Without its end.
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
        if self.is_broken || self.begun.len() + bytes.len() > LONGEST {
            self.is_broken = true;
            self.begun = Vec::new();
        } else {
            self.begun.extend_from_slice(bytes);
        }
    }

    /// Says that bytes are missing: the rest of the line is passed over.
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
    fn what_is_missing_takes_its_line_along() {
        let mut lines = Lines::default();
        assert_eq!(lines.next(&mut &b"one"[..]), None);
        lines.gap();
        assert_eq!(lines.next(&mut &b"more\ntwo\n"[..]), Some(b"two".to_vec()));
    }
}
