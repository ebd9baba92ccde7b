//! The values that the Server service reads, by their names in the registry: as `reg query`, a
//! `.reg` file, PowerShell and `secedit` write them. Those names are never translated.

use super::{
    ALLOWED, AUDIT, ConfigReader, Form, LEVEL, RemarkAbout, Stated,
    lines::{Line, hex_number},
    list::is_entry,
};

/// A list in braces may go on for at most so many lines.
const MAX_LIST_LINES: usize = 64;

/// The key that values belong to.
#[derive(Clone, Copy, Eq, PartialEq)]
enum RegistryKey {
    /// `LanmanServer\Parameters` of the control set in use, or not stated.
    Parameters,
    /// `LanmanServer\Parameters` of another control set.
    OtherControlSet,
    /// The policies of the Server service, which come first.
    Policies,
    /// One that the Server service does not read.
    Other,
}

/// The value behind a name.
enum SettingValue {
    Number(u32),
    List(Vec<String>),
    /// The value is taken away.
    Deleted,
    /// The reason why it cannot be read.
    Unread(String),
}

/// The encoding of text that a `.reg` file writes in hex.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Encoding {
    /// A file that begins with `REGEDIT4`.
    Ansi,
    Utf16,
}

/// Reads the values. Returns true if any of their keys or names was there.
pub(super) fn read(lines: &[Line<'_>], reader: &mut ConfigReader) -> bool {
    let mut key = RegistryKey::Parameters;
    let mut encoding = Encoding::Utf16;
    let mut is_found = false;
    let mut audit_is_policy = false;
    for (at, line) in lines.iter().enumerate() {
        let text = line.text.trim();
        if text == "REGEDIT4" {
            encoding = Encoding::Ansi;
        }
        if text.starts_with([';', '#']) {
            continue;
        }
        if let Some(path) = key_path(text) {
            key = key_of(path);
            is_found |= key != RegistryKey::Other;
            continue;
        }
        for name in [LEVEL, ALLOWED, AUDIT] {
            let Some(behind) = behind(text, name) else { continue };
            let following = lines.get(at + 1..).unwrap_or_default();
            let Some((value, form)) = value(behind, following, name, line, encoding) else {
                continue;
            };
            is_found = true;
            let line = line.number;
            if let Some(why) = passed_over(name, key) {
                reader.remark(Some(line), format!("{name} {why}, so it was not read."));
                continue;
            }
            let is_policy = key == RegistryKey::Policies;
            match (name, value) {
                (_, SettingValue::Unread(why)) => {
                    reader.remark(Some(line), format!("{name} was not read: {why}."));
                }
                (LEVEL, SettingValue::Number(value)) => {
                    reader.found.level = Some(Stated { value, line, form });
                }
                (LEVEL, SettingValue::Deleted) => {
                    reader.found.level = Some(Stated { value: 0, line, form });
                }
                (AUDIT, value @ (SettingValue::Number(_) | SettingValue::Deleted)) => {
                    // The policy's value comes before the other one.
                    if is_policy || !audit_is_policy {
                        let value = matches!(value, SettingValue::Number(1..));
                        reader.found.audit_client_spn = Some(Stated { value, line, form });
                        audit_is_policy = is_policy;
                    }
                }
                (ALLOWED, SettingValue::List(mut value)) => {
                    reader.cut(&mut value, line);
                    reader.found.allowed = Some(Stated { value, line, form });
                }
                (ALLOWED, SettingValue::Deleted) => {
                    reader.found.allowed = Some(Stated { value: Vec::new(), line, form });
                }
                (ALLOWED, SettingValue::Number(_)) => reader.remark(
                    Some(line),
                    format!("{name} was not read: it is a number here, but Windows expects a REG_MULTI_SZ."),
                ),
                (_, _) => reader.remark(
                    Some(line),
                    format!("{name} was not read: it is not a number here, but Windows expects a REG_DWORD."),
                ),
            }
        }
    }
    if is_found && reader.found.allowed.is_none() {
        reader.remark_about(
            RemarkAbout::AllowedNamesNotShown,
            None,
            "SrvAllowedServerNames is not shown. The allowed names were left as they are.",
        );
    }
    is_found
}

/// The reason why a value under that key does not count.
fn passed_over(name: &str, key: RegistryKey) -> Option<&'static str> {
    match key {
        RegistryKey::Parameters => None,
        RegistryKey::Policies if name == AUDIT => None,
        RegistryKey::OtherControlSet => Some("is that of another control set"),
        RegistryKey::Policies | RegistryKey::Other => {
            Some("is under a key where the Server service does not read it")
        }
    }
}

/// The path of a key, where the line is one: in brackets, or alone.
fn key_path(text: &str) -> Option<&str> {
    if let Some(path) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return Some(path);
    }
    let is_key = ["HKEY_", "HKLM\\"]
        .iter()
        .any(|root| text.get(..root.len()).is_some_and(|start| start.eq_ignore_ascii_case(root)));
    is_key.then_some(text)
}

fn key_of(path: &str) -> RegistryKey {
    let ends = |end: &str| {
        let start = path.len().checked_sub(end.len()).and_then(|at| path.get(at..));
        start.is_some_and(|tail| tail.eq_ignore_ascii_case(end))
    };
    if path.starts_with('-') {
        // The key is taken away; what that leaves is not said here.
        RegistryKey::Other
    } else if ends("\\CurrentControlSet\\Services\\LanmanServer\\Parameters") {
        RegistryKey::Parameters
    } else if ends("\\Services\\LanmanServer\\Parameters") {
        RegistryKey::OtherControlSet
    } else if ends("\\Software\\Policies\\Microsoft\\Windows\\LanmanServer") {
        RegistryKey::Policies
    } else {
        RegistryKey::Other
    }
}

/// The text behind a value's name in a line.
fn behind<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let starts = text.match_indices(name.get(..1)?).map(|(at, _)| at);
    let mut places = starts.filter(|at| {
        text.get(*at..*at + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
    });
    let at = places.next()?;
    let after = text.get(at + name.len()..)?;
    let is_alone = !text.get(..at)?.ends_with(is_word) && !after.starts_with(is_word);
    is_alone.then_some(after)
}

/// The value behind a name, by what is between them; `None` where that is no value.
fn value(
    behind: &str,
    following: &[Line<'_>],
    name: &str,
    line: &Line<'_>,
    encoding: Encoding,
) -> Option<(SettingValue, Form)> {
    let quoted = behind.strip_prefix('"');
    let rest = quoted.unwrap_or(behind).trim_start();
    if let Some(value) = rest.strip_prefix('=') {
        return Some(match quoted {
            Some(_) => (in_file(value.trim(), following, encoding), Form::RegistryFile),
            None => (in_template(value.trim()), Form::Template),
        });
    }
    if let Some(value) = rest.strip_prefix(':') {
        let value = value.trim();
        if name == ALLOWED && quoted.is_none() && !value.starts_with(['{', '[']) {
            return Some((headed(value, following), Form::HeadedNames));
        }
        return Some((property(value, following), Form::Properties));
    }
    if let Some(value) = rest.strip_prefix("REG_") {
        let (kind, value) = value.split_once(char::is_whitespace).unwrap_or((value, ""));
        return Some((queried(kind, value.trim()), Form::RegistryQuery));
    }
    in_column(line.text, following, name).map(|value| (value, Form::Properties))
}

/// Reads the output of `reg query` behind the type.
fn queried(kind: &str, value: &str) -> SettingValue {
    match kind {
        "DWORD" => match hex_number(value) {
            Some(number) => SettingValue::Number(number),
            None => SettingValue::Unread(format!("\"{value}\" is not a number")),
        },
        "MULTI_SZ" if value.contains("\\0") => SettingValue::List(names(value.split("\\0"))),
        // The option /se sets another separator. No name has one of these in it.
        "MULTI_SZ" => SettingValue::List(names(value.split([',', ';', '|', '#', ' ']))),
        kind => {
            SettingValue::Unread(format!("it is a REG_{kind}, which Windows does not read here"))
        }
    }
}

/// Reads a value of a `.reg` file, behind the equals sign.
fn in_file(value: &str, following: &[Line<'_>], encoding: Encoding) -> SettingValue {
    if value == "-" {
        return SettingValue::Deleted;
    }
    if let Some(digits) = value.strip_prefix("dword:") {
        return match hex_number(&format!("0x{}", digits.trim())) {
            Some(number) => SettingValue::Number(number),
            None => SettingValue::Unread(format!("\"{digits}\" is not a number")),
        };
    }
    let Some(digits) = value.strip_prefix("hex(7):") else {
        let kind = value.split_once(':').map_or("a REG_SZ", |(kind, _)| kind);
        return SettingValue::Unread(format!("it is {kind}, which Windows does not read here"));
    };
    let mut bytes = Vec::new();
    let mut pieces = std::iter::once(digits).chain(following.iter().map(|line| line.text.trim()));
    loop {
        let Some(piece) = pieces.next() else {
            return SettingValue::Unread("the input ends within it".to_owned());
        };
        let (piece, goes_on) = match piece.strip_suffix('\\') {
            Some(piece) => (piece, true),
            None => (piece, false),
        };
        for digits in piece.split(',').map(str::trim).filter(|digits| !digits.is_empty()) {
            let is_byte = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            match u8::from_str_radix(digits, 16) {
                Ok(byte) if is_byte => bytes.push(byte),
                _ => {
                    return SettingValue::Unread(format!(
                        "\"{digits:.20}\" in it is not a byte in hex"
                    ));
                }
            }
        }
        if !goes_on {
            break;
        }
    }
    if encoding == Encoding::Ansi {
        let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
        return SettingValue::List(names(text.split('\0')));
    }
    let (units, odd) = bytes.as_chunks::<2>();
    if !odd.is_empty() {
        return SettingValue::Unread("it has an odd number of bytes, so it is cut".to_owned());
    }
    let units: Vec<_> = units.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
    let text = String::from_utf16_lossy(&units);
    SettingValue::List(names(text.split('\0')))
}

/// Reads a value of a security template: the number of the type, and the value.
fn in_template(value: &str) -> SettingValue {
    match value.split_once(',') {
        Some(("4", number)) => match number.trim().parse() {
            Ok(number) => SettingValue::Number(number),
            Err(_) => SettingValue::Unread(format!("\"{number}\" is not a number")),
        },
        Some(("7", list)) => SettingValue::List(names(list.split(','))),
        _ => SettingValue::Unread(format!("\"{value}\" is neither a REG_DWORD nor a REG_MULTI_SZ")),
    }
}

/// Reads PowerShell's output behind a property's colon: a number, a truth value, a list in braces;
/// in brackets as JSON. Long lists go on in the next lines.
fn property(value: &str, following: &[Line<'_>]) -> SettingValue {
    let close = match value.chars().next() {
        Some('{') => '}',
        Some('[') => ']',
        _ => return plain(value),
    };
    let mut list = value.get(1..).unwrap_or_default().to_owned();
    let mut is_whole = list.contains(close);
    // The next property, or the next value of a document, is no more of the list.
    let more = following.iter().take(MAX_LIST_LINES).take_while(|line| line.value().is_none());
    for line in more {
        if is_whole {
            break;
        }
        is_whole = line.text.contains(close);
        list.push(' ');
        list.push_str(line.text.trim());
    }
    if !is_whole {
        return SettingValue::Unread("its list does not end".to_owned());
    }
    let list = list.split(close).next().unwrap_or_default();
    if list.contains("...") || list.contains('…') {
        return SettingValue::Unread(
            "PowerShell left some of its names out; $FormatEnumerationLimit = -1 shows all"
                .to_owned(),
        );
    }
    SettingValue::List(names(list.split(',').map(|item| item.trim().trim_matches('"'))))
}

/// A list that somebody has put its name before: behind the colon, or in the lines below it.
fn headed(value: &str, following: &[Line<'_>]) -> SettingValue {
    let of_line = |text| items_of(text, |c| matches!(c, ',' | ';'));
    let below = following.iter().map(|line| line.text);
    let below = below.take_while(|text| of_line(text).all(is_entry));
    let list: Vec<_> = if value.is_empty() {
        below.flat_map(of_line).collect()
    } else {
        items_of(value, |c| matches!(c, ',' | ';') || c.is_whitespace()).collect()
    };
    match list.iter().find(|item| !is_entry(item)) {
        Some(item) => {
            SettingValue::Unread(format!("\"{item:.60}\" in it is neither a name nor an address"))
        }
        None if list.is_empty() => SettingValue::Unread("nothing follows its name".to_owned()),
        None => SettingValue::List(names(list.into_iter())),
    }
}

fn items_of(text: &str, is_between: fn(char) -> bool) -> impl Iterator<Item = &str> {
    let items = text.split(is_between).map(|item| item.trim().trim_matches(['"', '\'']));
    items.filter(|item| !item.is_empty())
}

/// A number or a truth value.
fn plain(value: &str) -> SettingValue {
    let value = value.trim_end_matches(',').trim();
    match value {
        "True" | "true" => SettingValue::Number(1),
        "False" | "false" => SettingValue::Number(0),
        _ => match value.parse().ok().or_else(|| hex_number(value)) {
            Some(number) => SettingValue::Number(number),
            None if value.is_empty() => SettingValue::Unread("nothing follows its name".to_owned()),
            None => SettingValue::Unread(format!(
                "\"{value:.40}\" is neither a number nor a whole list"
            )),
        },
    }
}

/// The value in the column of a table. PowerShell draws a line of hyphens below each heading.
fn in_column(heading: &str, following: &[Line<'_>], name: &str) -> Option<SettingValue> {
    let [rule, row, ..] = following else { return None };
    let is_rule =
        |text: &str| text.contains("--") && text.trim().chars().all(|c| matches!(c, '-' | ' '));
    if !is_rule(rule.text) {
        return None;
    }
    // Places are counted in characters, since a heading beside it may have others than ASCII.
    let before = heading.len() - behind(heading.trim_end(), name)?.len() - name.len();
    let before = before.checked_sub(heading.len() - heading.trim_end().len())?;
    let start = heading.get(..before)?.chars().count();
    let end = start + name.len();
    // The row from the first word in the column on.
    let (mut at, mut offset, mut cell) = (0, 0, None);
    for (is_space, word) in words(row.text) {
        let length = word.chars().count();
        let overlaps = at < end && at + length > start;
        if !is_space && overlaps && cell.is_none() {
            cell = row.text.get(offset..);
        }
        at += length;
        offset += word.len();
    }
    Some(match cell {
        Some(cell) if cell.starts_with(['{', '[']) => property(cell, &[]),
        Some(cell) => plain(cell.split_whitespace().next().unwrap_or_default()),
        None => SettingValue::Unread("its column is empty".to_owned()),
    })
}

/// The words of a row and the white space between them, in turn.
fn words(text: &str) -> impl Iterator<Item = (bool, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let is_space = rest.chars().next()?.is_whitespace();
        let end = rest.find(|c: char| c.is_whitespace() != is_space).unwrap_or(rest.len());
        let (word, after) = rest.split_at_checked(end)?;
        rest = after;
        Some((is_space, word))
    })
}

/// Names as they stand in a list, without the empty ones that end it.
fn names<'t>(items: impl Iterator<Item = &'t str>) -> Vec<String> {
    items.map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}
