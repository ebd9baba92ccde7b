//! How JSON is laid out in lines.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// How deep lists and objects are spread over lines: the report's, a message's, and its lists. Each item
/// of these has one line, so that a report of a message is a hundred lines and not a thousand.
const SPREAD: usize = 4;

/// `value` as JSON with a line end, as large as `capacity` bytes without moving.
pub(super) fn json(value: &impl Serialize, capacity: usize) -> String {
    let mut out = Vec::with_capacity(capacity);
    let mut serializer = Serializer::with_formatter(&mut out, Lines::default());
    // The report has string keys only, and writing to memory does not fail.
    let _ = value.serialize(&mut serializer);
    out.push(b'\n');
    String::from_utf8(out).unwrap_or_default()
}

/// Writes lists and objects over lines down to the depth [`SPREAD`], and in one line below it.
#[derive(Default)]
struct Lines {
    depth: usize,
    /// Whether the list or object that ends has anything in it.
    has_items: bool,
}

impl Lines {
    fn begin(&mut self, out: &mut (impl Write + ?Sized), bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.has_items = false;
        out.write_all(bracket)
    }

    fn item(&self, out: &mut (impl Write + ?Sized), first: bool) -> io::Result<()> {
        if !first {
            out.write_all(b",")?;
        }
        if self.depth <= SPREAD {
            Self::line(out, self.depth)
        } else if first {
            Ok(())
        } else {
            out.write_all(b" ")
        }
    }

    fn end(&mut self, out: &mut (impl Write + ?Sized), bracket: &[u8]) -> io::Result<()> {
        let spread = self.depth <= SPREAD && self.has_items;
        self.depth = self.depth.saturating_sub(1);
        self.has_items = true;
        if spread {
            Self::line(out, self.depth)?;
        }
        out.write_all(bracket)
    }

    /// A new line, indented for `depth`.
    fn line(out: &mut (impl Write + ?Sized), depth: usize) -> io::Result<()> {
        const INDENT: &[u8] = b"\n          ";
        out.write_all(INDENT.get(..1 + depth * 2).unwrap_or(INDENT))
    }
}

impl Formatter for Lines {
    fn begin_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"[")
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)
    }

    fn end_array_value<W: Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_items = true;
        Ok(())
    }

    fn end_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"]")
    }

    fn begin_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"{")
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_items = true;
        Ok(())
    }

    fn end_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_items_have_one_line_and_nothing_changes_but_white_space() {
        let value = serde_json::json!({
            "a": [{"b": [{"c": {"d": [1, 2], "e": "x: {y}, [z]"}}], "f": [], "g": {}}], "h": null
        });
        let text = json(&value, 0);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
        assert!(text.contains(r#"        {"c": {"d": [1, 2], "e": "x: {y}, [z]"}}"#), "{text}");
        assert!(text.contains(r#"      "f": [],"#), "{text}");
        assert!(text.ends_with("\n}\n"));
    }
}
