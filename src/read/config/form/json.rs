//! Events as JSON, as agents and databases send it: one, several, lists of them, in a line of a
//! log, cut. Names and values may have single quotes or none. Only what is in the text is looked
//! at; what is no JSON is passed over.

use memchr::memchr2;

use super::text::Text;
use crate::read::config::event::Kind;
use crate::read::config::event::{Draft, Field};

/// Objects are read at most so deep; those deeper are passed over.
const MAX_DEPTH: usize = 64;
/// The longest value without quotes, in bytes.
const MAX_BARE_LEN: usize = 512;
/// The names of a pair that holds a field: the key of the field's name, where that is a value
/// itself, and the key of its value.
const NAME_KEYS: [&str; 4] = ["name", "@name", "key", "fieldname"];
const VALUE_KEYS: [&str; 5] = ["#text", "value", "@value", "text", "content"];
/// The names that only hold the attributes of an element of XML.
const ATTRIBUTES: [&str; 4] = ["#attributes", "@attributes", "attributes", "$"];

/// The events in `text`: each object that is in no other, and each in a list that is an event by
/// itself.
pub(super) fn read(text: &Text) -> Vec<Draft> {
    let mut reader = Json { text, rest: &text.text, passed: 0, found: Vec::new() };
    while let Some(at) = memchr2(b'{', b'[', reader.rest.as_bytes()) {
        reader.skip(at);
        let mut draft = Draft::default();
        reader.value(&mut Vec::new(), &mut draft);
        if !draft.is_empty() {
            reader.found.push(draft);
        }
    }
    reader.found
}

/// The outcome of reading a value.
enum JsonValue {
    /// A number, a word or a string, and its line.
    Scalar(String, usize),
    /// An object that names a field and its value; both are kept already.
    Pair,
    /// Anything else, of which what is read is kept already.
    Kept,
    /// Nothing.
    Null,
}

struct Json<'t> {
    text: &'t Text,
    rest: &'t str,
    /// The number of line ends passed.
    passed: usize,
    found: Vec<Draft>,
}

impl Json<'_> {
    fn skip(&mut self, length: usize) {
        let (passed, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.passed += passed.matches('\n').count();
        self.rest = rest;
    }

    /// Skips white space and what is between values, and says what comes.
    fn next(&mut self, between: &[char]) -> Option<char> {
        let is_between = |c: char| c.is_whitespace() || between.contains(&c);
        let length = self.rest.len() - self.rest.trim_start_matches(is_between).len();
        self.skip(length);
        self.rest.chars().next()
    }

    fn line(&self) -> usize {
        self.text.number(self.passed)
    }

    /// Reads a value that is under `path`.
    fn value(&mut self, path: &mut Vec<String>, draft: &mut Draft) -> JsonValue {
        match self.next(&[]) {
            Some('{' | '[') if path.len() >= MAX_DEPTH => {
                self.skip(1);
                JsonValue::Null
            }
            Some('{') => self.object(path, draft),
            Some('[') => {
                self.array(path, draft);
                JsonValue::Kept
            }
            Some(quote @ ('"' | '\'')) => {
                let line = self.line();
                JsonValue::Scalar(self.string(quote), line)
            }
            Some(_) => {
                let line = self.line();
                let end = self.rest.find([',', '}', ']', '\n']).unwrap_or(self.rest.len());
                let bare = self.rest.get(..end).unwrap_or_default().trim().to_owned();
                self.skip(end);
                match bare.as_str() {
                    "" | "null" | "None" => JsonValue::Null,
                    long if long.len() > MAX_BARE_LEN => JsonValue::Null,
                    _ => JsonValue::Scalar(bare, line),
                }
            }
            None => JsonValue::Null,
        }
    }

    fn object(&mut self, path: &mut Vec<String>, draft: &mut Draft) -> JsonValue {
        self.skip(1);
        let (mut name, mut value) = (None, None);
        loop {
            let key = match self.next(&[',']) {
                None => break,
                Some('}') => {
                    self.skip(1);
                    break;
                }
                Some(quote @ ('"' | '\'')) => self.string(quote),
                Some(_) => {
                    let end = self.rest.find([':', '=', ',', '}', '{', '[', '\n']);
                    let key = self.rest.get(..end.unwrap_or(self.rest.len())).unwrap_or_default();
                    let key = key.trim().to_owned();
                    // The reading goes on, whatever is there.
                    let length = end.unwrap_or(self.rest.len());
                    self.skip(
                        length.max(usize::from(!self.rest.starts_with([':', '=', '{', '[']))),
                    );
                    key
                }
            };
            match self.next(&[]) {
                Some(':' | '=') => self.skip(1),
                Some('{' | '[') => {}
                _ => continue,
            }
            let is_attributes = ATTRIBUTES.contains(&key.as_str());
            if !is_attributes {
                path.push(key.clone());
            }
            match self.value(path, draft) {
                JsonValue::Scalar(text, line) => {
                    let is = |keys: &[&str]| keys.iter().any(|one| key.eq_ignore_ascii_case(one));
                    if is(&NAME_KEYS) {
                        name = Some((text, line));
                    } else if is(&VALUE_KEYS) {
                        value = Some((text, line));
                    } else {
                        draft.put_named(&last(path), text, line);
                    }
                }
                JsonValue::Pair | JsonValue::Kept | JsonValue::Null => {}
            }
            if !is_attributes {
                path.pop();
            }
        }
        match (name, value) {
            (Some((name, _)), Some((value, line))) => {
                draft.put_named(&name, value, line);
                JsonValue::Pair
            }
            // {"EventID": {"#text": "5168"}}
            (None, Some((value, line))) => JsonValue::Scalar(value, line),
            (Some((name, line)), None) => {
                draft.put_named(&format!("{}.name", last(path)), name, line);
                JsonValue::Kept
            }
            (None, None) => JsonValue::Kept,
        }
    }

    fn array(&mut self, path: &mut Vec<String>, draft: &mut Draft) {
        self.skip(1);
        let name = last(path);
        let field = Field::of(&name);
        let mut list: Option<(String, usize)> = None;
        loop {
            match self.next(&[',']) {
                None => break,
                Some(']') => {
                    self.skip(1);
                    break;
                }
                // An object ends that is none of this list.
                Some('}') => break,
                Some(_) => {}
            }
            let line = self.line();
            let before = self.rest.len();
            let mut item = Draft::default();
            // What an item holds has no name before it.
            path.push(String::new());
            let value = self.value(path, &mut item);
            path.pop();
            if self.rest.len() == before {
                self.skip(1);
            }
            match (field, value) {
                (Some(Field::Inserts), JsonValue::Pair) => draft.merge(item),
                (Some(Field::Inserts), _) if item.has_fields() => draft.merge(item),
                (Some(Field::Inserts), JsonValue::Scalar(text, line)) => {
                    draft.put_insert(text, line);
                }
                (Some(Field::Inserts), _) => draft.put_insert(String::new(), line),
                (Some(_), JsonValue::Scalar(text, line)) => {
                    let (items, _) = list.get_or_insert_with(|| (String::new(), line));
                    items.push_str(&text);
                    items.push(';');
                }
                (None, JsonValue::Scalar(text, line)) => draft.put_text(text, line),
                (_, JsonValue::Pair) => draft.merge(item),
                _ if item.is_empty() => {}
                _ if path.is_empty() || stands_alone(&item) => self.found.push(item),
                _ => draft.merge(item),
            }
        }
        match (field, list) {
            (Some(Field::Inserts) | None, _) => {}
            (Some(field), Some((items, line))) => draft.put(field, items, line),
            // A list that is there and empty.
            (Some(field), None) if field.is_of_5168() => {
                draft.put(field, String::new(), self.line());
            }
            _ => {}
        }
    }

    /// The string that begins here, with its escapes undone. It ends in its line, if need be.
    fn string(&mut self, quote: char) -> String {
        let mut out = String::new();
        let inside = self.rest.get(quote.len_utf8()..).unwrap_or_default();
        let mut rest = inside;
        while let Some(at) = rest.find([quote, '\\', '\n']) {
            let (before, from) = rest.split_at(at);
            out.push_str(before);
            let Some(escape) = from.strip_prefix('\\') else {
                rest = from;
                break;
            };
            let (character, length) = escaped(escape);
            out.push(character);
            rest = escape.get(length..).unwrap_or_default();
        }
        if !rest.starts_with([quote, '\n']) {
            out.push_str(rest);
            rest = "";
        }
        let rest = rest.strip_prefix(quote).unwrap_or(rest);
        self.skip(self.rest.len() - rest.len());
        out
    }
}

/// The character behind a backslash, and the length of what is written for it. What JSON does not
/// know is kept as it is.
fn escaped(escape: &str) -> (char, usize) {
    match escape.chars().next() {
        Some('n') => ('\n', 1),
        Some('r') => ('\r', 1),
        Some('t') => ('\t', 1),
        Some(same @ ('"' | '\'' | '\\' | '/')) => (same, 1),
        Some('u') => {
            let unit = |at: usize| {
                let digits = escape.get(at..at + 5)?.strip_prefix('u')?;
                u16::from_str_radix(digits, 16).ok()
            };
            let Some(first) = unit(0) else { return ('\\', 0) };
            let second = escape.get(5..6).filter(|next| *next == "\\").and_then(|_| unit(6));
            let mut pair = char::decode_utf16([first].into_iter().chain(second));
            match pair.next() {
                Some(Ok(character)) => (character, if character.len_utf16() == 2 { 11 } else { 5 }),
                _ => (char::REPLACEMENT_CHARACTER, 5),
            }
        }
        _ => ('\\', 0),
    }
}

/// Returns true if an object in a list is an event by itself, and no part of the one around it.
fn stands_alone(item: &Draft) -> bool {
    item.id().is_some() || !item.texts.is_empty() || item.kind() != Kind::Nothing
}

/// The last two names of a path, or the place in an item of a list.
fn last(path: &[String]) -> String {
    let names = path.rsplit(String::is_empty).next().unwrap_or_default();
    names.get(names.len().saturating_sub(2)..).unwrap_or_default().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read_as_json_writes_them() {
        for (written, character, len) in [
            ("n", '\n', 1),
            ("\\", '\\', 1),
            ("u0041B", 'A', 5),
            (r"ud83d\ude00", '\u{1f600}', 11),
            (r"ud83d\n", char::REPLACEMENT_CHARACTER, 5),
            ("ude00", char::REPLACEMENT_CHARACTER, 5),
            ("u00", '\\', 0),
            ("x", '\\', 0),
            ("", '\\', 0),
        ] {
            assert_eq!(escaped(written), (character, len), "{written}");
        }
    }
}
