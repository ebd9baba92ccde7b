//! JSON, laid out in lines.
//!
//! Our own writer, since most of what a report took was `serde_json` looking at each byte of its
//! strings: nearly all of them are paths, hex and sentences, in which nothing is to be escaped.

#![expect(
    clippy::inline_always,
    reason = "a report takes a twelfth less time where each field has the code that writes its name"
)]

use std::fmt::{self, Write as _};

use serde::{
    Serialize,
    ser::{Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, Serializer},
};

use super::quoted;

/// Lists and objects are spread over lines so deep: the report's, a message's, and its lists. Each
/// item of these has one line, so that a report of a message is a hundred lines and not a thousand.
const SPREAD: usize = 4;
const _: () = assert!("\n        ".len() == 1 + SPREAD * 2);

/// So many bytes are gathered before they are handed over: few enough to stay in a processor's
/// cache.
const GATHERED: usize = 32 * 1024;

/// `value` as JSON with a line end, as large as `capacity` bytes without moving.
pub(super) fn json(value: &impl Serialize, capacity: usize) -> String {
    spread_json(value, capacity, SPREAD)
}

/// `value` as JSON in one line, with a line end.
pub(super) fn json_line(value: &impl Serialize) -> String {
    spread_json(value, 0, 0)
}

fn spread_json(value: &impl Serialize, capacity: usize, spread: usize) -> String {
    let mut lines = JsonLines { out: String::with_capacity(capacity), depth: 0, spread, to: None };
    // The report has string keys and no fractions, and writing to memory does not fail.
    let _ = value.serialize(&mut lines);
    lines.out.push('\n');
    lines.out
}

/// `value` as JSON, handed over in pieces: of a large report the whole text would take longer to
/// keep than to write. Ends with the first error of `to`.
pub(super) fn write_json(value: &impl Serialize, to: &mut dyn fmt::Write) -> fmt::Result {
    let out = String::with_capacity(2 * GATHERED);
    let mut lines = JsonLines { out, depth: 0, spread: SPREAD, to: Some(to) };
    value.serialize(&mut lines)?;
    lines.out.push('\n');
    lines.hand_over()
}

/// Writes lists and objects over lines down to the depth `spread`, at most [`SPREAD`], and in one
/// line below it.
struct JsonLines<'t> {
    out: String,
    depth: usize,
    spread: usize,
    /// The writer that takes what has gathered in `out`.
    to: Option<&'t mut dyn fmt::Write>,
}

impl<'t> JsonLines<'t> {
    fn begin(&mut self, bracket: char, close: char) -> Items<'_, 't> {
        self.depth += 1;
        self.out.push(bracket);
        Items { lines: self, close, is_empty: true }
    }

    /// Begins a new line, indented for the depth.
    fn begin_line(&mut self) {
        let end = self.out.len() + 1 + self.depth * 2;
        // The deepest indentation, cut: what has a known size is written without a call.
        self.out.push_str("\n        ");
        self.out.truncate(end);
    }

    fn number(&mut self, number: impl itoa::Integer) {
        self.out.push_str(itoa::Buffer::new().format(number));
    }

    /// A name of a report, in which nothing is to be escaped, and the text behind it.
    #[inline(always)]
    fn name(&mut self, name: &'static str, behind: &'static str) {
        self.out.push('"');
        self.out.push_str(name);
        self.out.push_str(behind);
    }

    fn hand_over(&mut self) -> fmt::Result {
        let Some(to) = &mut self.to else { return Ok(()) };
        to.write_str(&self.out)?;
        self.out.clear();
        Ok(())
    }
}

/// A list or an object that is being written.
struct Items<'l, 't> {
    lines: &'l mut JsonLines<'t>,
    close: char,
    is_empty: bool,
}

impl Items<'_, '_> {
    /// Writes the separator between the item before and the next one.
    #[inline(always)]
    fn next(&mut self) -> fmt::Result {
        let is_first = std::mem::replace(&mut self.is_empty, false);
        if self.lines.depth <= self.lines.spread {
            if self.lines.out.len() >= GATHERED {
                self.lines.hand_over()?;
            }
            if !is_first {
                self.lines.out.push(',');
            }
            self.lines.begin_line();
        } else if !is_first {
            self.lines.out.push_str(", ");
        }
        Ok(())
    }

    fn close(self) {
        let is_spread = self.lines.depth <= self.lines.spread && !self.is_empty;
        self.lines.depth -= 1;
        if is_spread {
            self.lines.begin_line();
        }
        self.lines.out.push(self.close);
    }
}

/// Numbers are written alike, whatever their size.
macro_rules! numbers {
    ($($method:ident($number:ty))*) => {
        $(
            fn $method(self, number: $number) -> fmt::Result {
                self.number(number);
                Ok(())
            }
        )*
    };
}

impl<'l, 't> Serializer for &'l mut JsonLines<'t> {
    type Ok = ();
    type Error = fmt::Error;
    type SerializeSeq = Items<'l, 't>;
    type SerializeTuple = Items<'l, 't>;
    type SerializeTupleStruct = Impossible<(), fmt::Error>;
    type SerializeTupleVariant = Impossible<(), fmt::Error>;
    type SerializeMap = Items<'l, 't>;
    type SerializeStruct = Items<'l, 't>;
    type SerializeStructVariant = Impossible<(), fmt::Error>;

    numbers! {
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64)
    }

    fn serialize_bool(self, value: bool) -> fmt::Result {
        self.out.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_str(self, text: &str) -> fmt::Result {
        self.out.push('"');
        quoted::push(&mut self.out, text);
        self.out.push('"');
        Ok(())
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> fmt::Result {
        self.out.push('"');
        let start = self.out.len();
        write!(self.out, "{value}")?;
        quoted::escape_from(&mut self.out, start);
        self.out.push('"');
        Ok(())
    }

    fn serialize_char(self, character: char) -> fmt::Result {
        self.collect_str(&character)
    }

    fn serialize_unit(self) -> fmt::Result {
        self.out.push_str("null");
        Ok(())
    }

    fn serialize_none(self) -> fmt::Result {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> fmt::Result {
        value.serialize(self)
    }

    fn serialize_unit_variant(self, _: &str, _: u32, variant: &'static str) -> fmt::Result {
        self.name(variant, "\"");
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &str, value: &T) -> fmt::Result {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'l, 't>, fmt::Error> {
        Ok(self.begin('[', ']'))
    }

    fn serialize_tuple(self, _: usize) -> Result<Items<'l, 't>, fmt::Error> {
        Ok(self.begin('[', ']'))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Items<'l, 't>, fmt::Error> {
        Ok(self.begin('{', '}'))
    }

    fn serialize_struct(self, _: &str, _: usize) -> Result<Items<'l, 't>, fmt::Error> {
        Ok(self.begin('{', '}'))
    }

    // What no report has.

    fn serialize_f32(self, _: f32) -> fmt::Result {
        Err(fmt::Error)
    }

    fn serialize_f64(self, _: f64) -> fmt::Result {
        Err(fmt::Error)
    }

    fn serialize_bytes(self, _: &[u8]) -> fmt::Result {
        Err(fmt::Error)
    }

    fn serialize_unit_struct(self, _: &str) -> fmt::Result {
        Err(fmt::Error)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &str,
        _: u32,
        _: &str,
        _: &T,
    ) -> fmt::Result {
        Err(fmt::Error)
    }

    fn serialize_tuple_struct(
        self,
        _: &str,
        _: usize,
    ) -> Result<Impossible<(), fmt::Error>, fmt::Error> {
        Err(fmt::Error)
    }

    fn serialize_tuple_variant(
        self,
        _: &str,
        _: u32,
        _: &str,
        _: usize,
    ) -> Result<Impossible<(), fmt::Error>, fmt::Error> {
        Err(fmt::Error)
    }

    fn serialize_struct_variant(
        self,
        _: &str,
        _: u32,
        _: &str,
        _: usize,
    ) -> Result<Impossible<(), fmt::Error>, fmt::Error> {
        Err(fmt::Error)
    }
}

impl SerializeSeq for Items<'_, '_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> fmt::Result {
        self.next()?;
        value.serialize(&mut *self.lines)
    }

    fn end(self) -> fmt::Result {
        self.close();
        Ok(())
    }
}

impl SerializeTuple for Items<'_, '_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> fmt::Result {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> fmt::Result {
        SerializeSeq::end(self)
    }
}

impl SerializeMap for Items<'_, '_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> fmt::Result {
        self.next()?;
        key.serialize(&mut *self.lines)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> fmt::Result {
        self.lines.out.push_str(": ");
        value.serialize(&mut *self.lines)
    }

    fn end(self) -> fmt::Result {
        self.close();
        Ok(())
    }
}

impl SerializeStruct for Items<'_, '_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> fmt::Result {
        self.next()?;
        self.lines.name(key, "\": ");
        value.serialize(&mut *self.lines)
    }

    fn end(self) -> fmt::Result {
        self.close();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_items_have_one_line_and_nothing_changes_but_white_space() {
        let value = serde_json::json!({
            "a": [{"b": [{"c": {"d": [1, -2], "e": "x: {y}, [z]"}}], "f": [], "g": {}}], "h": null,
            "i": [true, false], "a \"key\"": "\u{1}"
        });
        let text = json(&value, 0);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
        assert!(text.contains(r#"        {"c": {"d": [1, -2], "e": "x: {y}, [z]"}}"#), "{text}");
        assert!(text.contains(r#"      "f": [],"#), "{text}");
        assert!(text.ends_with("\n}\n"));
    }

    #[test]
    fn json_in_one_line_has_one_line() {
        let value = serde_json::json!({"a": [{"b": []}, {"c": 1}], "d": {}});
        assert_eq!(json_line(&value), "{\"a\": [{\"b\": []}, {\"c\": 1}], \"d\": {}}\n");
    }

    #[test]
    fn a_kind_that_no_report_has_is_an_error() {
        struct Raw;
        impl Serialize for Raw {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_bytes(b"raw")
            }
        }
        #[derive(Serialize)]
        struct Unit;
        #[derive(Serialize)]
        struct Pair(u8, u8);
        #[derive(Serialize)]
        enum Variant {
            Newtype(u8),
            Tuple(u8, u8),
            Struct { field: u8 },
        }
        let out = &mut String::new();
        write_json(&1.5_f32, out).unwrap_err();
        write_json(&1.5_f64, out).unwrap_err();
        write_json(&Raw, out).unwrap_err();
        write_json(&Unit, out).unwrap_err();
        write_json(&Pair(1, 2), out).unwrap_err();
        write_json(&Variant::Newtype(1), out).unwrap_err();
        write_json(&Variant::Tuple(1, 2), out).unwrap_err();
        write_json(&Variant::Struct { field: 1 }, out).unwrap_err();
        // Inside a list too.
        write_json(&[Some(1.5_f64)], out).unwrap_err();
    }

    #[test]
    fn characters_and_wrapped_values_are_written_as_what_they_hold() {
        #[derive(Serialize)]
        struct Wrapped(char);
        assert_eq!(json_line(&(Wrapped('"'), 'a')), "[\"\\\"\", \"a\"]\n");
    }

    #[test]
    fn text_handed_over_in_pieces_is_the_same() {
        struct Pieces(Vec<String>);
        impl fmt::Write for Pieces {
            fn write_str(&mut self, text: &str) -> fmt::Result {
                self.0.push(text.to_owned());
                if self.0.len() > 9 { Err(fmt::Error) } else { Ok(()) }
            }
        }
        let value = |items: u32| (0..items).map(|item| item.to_string()).collect::<Vec<_>>();
        let mut pieces = Pieces(Vec::new());
        write_json(&value(10_000), &mut pieces).unwrap();
        assert!(pieces.0.len() > 2);
        assert_eq!(pieces.0.concat(), json(&value(10_000), 0));
        let mut pieces = Pieces(Vec::new());
        write_json(&value(100_000), &mut pieces).unwrap_err();
        assert_eq!(pieces.0.len(), 10);
    }
}
