//! The field tree as rows: names, values in one line, marks and findings, and the cells of the byte
//! view.

use crate::view::{
    FieldRow, Mark,
    byte_rows::{ByteCell, ByteMap},
};
use spnscope::base::{
    finding::Severity,
    span::{Source, Span, in_order},
};
use spnscope::lab::edit::is_editable;
use spnscope::message::content::Content;
use spnscope::message::{
    explain,
    field::{Field, FieldPath, Name, Value, hex},
    ntlm::{AvPair, Message},
    wire::{AvFlags, AvId},
};

/// The rows of the field tree, depth first, and the map from bytes to rows.
#[must_use]
pub fn field_rows(content: &Content) -> (Vec<FieldRow>, ByteMap) {
    let root = content.field();
    let rows = Vec::with_capacity(96);
    let mut builder = Builder { content, rows, cells: Vec::with_capacity(48) };
    root.walk(&mut |path, field, depth| builder.add(path, field, depth));
    for gap in root.gaps() {
        builder.gap(gap);
    }
    let Builder { mut rows, cells, .. } = builder;
    sort_gaps(&mut rows);
    let map = tile(cells, content.bytes().len());
    (rows, map)
}

/// The prefixes that all flags of a negotiation share.
const FLAG_PREFIXES: [&str; 2] = ["NTLMSSP_NEGOTIATE_", "NTLMSSP_"];

impl FieldRow {
    /// The name of the row where there is little room: a flag without its prefix.
    #[must_use]
    pub fn short_name(&self) -> &str {
        if !matches!(self.path.steps().last(), Some(Name::Flag(_))) {
            return &self.name;
        }
        let rest = FLAG_PREFIXES.iter().find_map(|prefix| self.name.strip_prefix(prefix));
        rest.unwrap_or(&self.name)
    }
}

struct Builder<'r> {
    content: &'r Content,
    rows: Vec<FieldRow>,
    cells: Vec<ByteCell>,
}

impl Builder<'_> {
    fn add(&mut self, path: &FieldPath, field: &Field<'_>, depth: usize) {
        if depth == 0 {
            return;
        }
        let pair = self.pair_at(field);
        let explanation = match pair {
            Some(pair) => explain::av_pair(pair.id.value),
            None => explain::field(path),
        };
        let name = pair.map_or_else(|| path.tail().to_string(), |pair| pair.id.value.to_string());
        let (value, is_data) = self.value(field, pair);
        let mark = self.mark_of(field.span);
        let has_bits = matches!(field.value, Value::Flags(flags) if !flags.is_empty());
        let has_children = !field.children.is_empty() || has_bits;
        self.rows.push(FieldRow {
            path: path.clone(),
            name: name.clone(),
            depth: depth - 1,
            has_children,
            open: has_children && pair.is_none() && starts_open(field),
            value,
            is_data,
            span: field.span,
            mark,
            is_gap: false,
            finding: self.finding_at(field.span),
            explanation: explanation.text,
            section: explanation.source(),
            editable: self.content.ntlm().is_some_and(|message| is_editable(message, path)),
            changed: false,
        });
        self.add_bits(path, field, depth);
        let is_cell = match self.content {
            Content::Ntlm(_) | Content::Response(_) => pair.is_some() || is_cell(path, field),
            Content::Kerberos(_) => self.is_element(field),
        };
        if is_cell {
            self.cell(field.span, name, false);
        }
    }

    /// Returns true if the field of an AP-REQ is one cell in the byte view: an element with a value
    /// is drawn with its tag and length; of elements that hold others, only tag and length are
    /// drawn.
    fn is_element(&self, field: &Field<'_>) -> bool {
        let is_drawn = self.cells.last().is_some_and(|cell| cell.span.contains(field.span));
        !is_drawn && (field.children.is_empty() || value_of(field).is_some())
    }

    /// Adds a row for each flag that is set.
    fn add_bits(&mut self, path: &FieldPath, field: &Field<'_>, depth: usize) {
        let Value::Flags(flags) = field.value else { return };
        for (bit, name) in flags.set_bits() {
            let explanation = explain::flag(bit);
            self.rows.push(FieldRow {
                path: path.part(Name::Flag(bit)),
                name: name.to_owned(),
                depth,
                has_children: false,
                open: false,
                value: format!("bit {bit}"),
                is_data: false,
                span: field.span,
                mark: None,
                is_gap: false,
                finding: None,
                explanation: explanation.text,
                section: explanation.source(),
                editable: false,
                changed: false,
            });
        }
    }

    fn gap(&mut self, gap: Span) {
        let bytes = Source(self.content.bytes()).slice(gap);
        let zero = bytes.iter().all(|byte| *byte == 0);
        let value = if zero { format!("{} zero bytes", bytes.len()) } else { hex(bytes) };
        self.rows.push(FieldRow {
            path: FieldPath::new(&[Name::Unreferenced(gap.start)]),
            name: "No field".to_owned(),
            depth: 0,
            has_children: false,
            open: false,
            value,
            is_data: !zero,
            span: gap,
            mark: None,
            is_gap: true,
            finding: self.finding_at(gap),
            explanation: "No field refers to these bytes.",
            section: match self.content {
                Content::Ntlm(_) | Content::Response(_) => ["[MS-NLMP]", "2.2.1"],
                Content::Kerberos(_) => ["RFC 4120", "5.5.1"],
            },
            editable: false,
            changed: false,
        });
        self.cell(gap, "No field".to_owned(), true);
    }

    fn cell(&mut self, span: Span, name: String, is_gap: bool) {
        if !span.is_empty() {
            let mark = self.mark_of(span);
            let finding = self.finding_at(span);
            self.cells.push(ByteCell {
                span,
                name,
                mark,
                odd: false,
                is_gap,
                finding,
                changed: false,
            });
        }
    }

    fn pair_at(&self, field: &Field<'_>) -> Option<AvPair> {
        let Name::Index(index) = field.name else { return None };
        let pairs = match self.content {
            Content::Ntlm(message) => message.av_pairs()?,
            Content::Response(line) => &line.response.av_pairs,
            Content::Kerberos(_) => return None,
        };
        pairs.pairs.get(index).copied()
    }

    /// The mark of a field: that of the target name's pair and its parts, or of the MIC.
    fn mark_of(&self, span: Span) -> Option<Mark> {
        if let Content::Kerberos(message) = self.content {
            let target = message.sname_field()?;
            return target.contains(span).then_some(Mark::TargetName);
        }
        if let Content::Response(line) = self.content {
            let pair = line.response.av_pairs.first(AvId::MsvAvTargetName)?;
            return pair.span().contains(span).then_some(Mark::TargetName);
        }
        let authenticate = self.content.ntlm()?.as_authenticate()?;
        let target = authenticate.av_pairs().and_then(|pairs| pairs.first(AvId::MsvAvTargetName));
        if target.is_some_and(|pair| pair.span().contains(span)) {
            Some(Mark::TargetName)
        } else if authenticate.mic == Some(span) {
            Some(Mark::Mic)
        } else {
            None
        }
    }

    fn finding_at(&self, span: Span) -> Option<Severity> {
        let about = self.content.findings().iter().filter(|finding| finding.span == span);
        // A note is not underlined.
        about
            .map(spnscope::base::finding::Finding::severity)
            .max()
            .filter(|worst| *worst > Severity::Note)
    }

    /// The value in one line, with a flag that marks data.
    fn value(&self, field: &Field<'_>, pair: Option<AvPair>) -> (String, bool) {
        if let Some(pair) = pair {
            return self.pair_value(pair);
        }
        match field.value {
            Value::Flags(flags) => {
                let set = flags.set_bits().count();
                (format!("{:#010x}, {set} set", flags.bits()), true)
            }
            Value::Bytes(bytes) if bytes.len() > 1 && bytes.iter().all(|byte| *byte == 0) => {
                (format!("{} zero bytes", bytes.len()), false)
            }
            Value::Bytes(b"NTLMSSP\0") => ("NTLMSSP\\0".to_owned(), true),
            Value::Structure => self.structure_value(field),
            value => (value.to_string(), true),
        }
    }

    fn pair_value(&self, pair: AvPair) -> (String, bool) {
        let source = Source(self.content.bytes());
        let bytes = source.slice(pair.value);
        match pair.meaning(source) {
            _ if pair.id.value == AvId::MsvAvEOL => ("end of list".to_owned(), false),
            _ if bytes.is_empty() => ("empty".to_owned(), false),
            Value::AvFlags(flags) => {
                let mut words = vec![format!("{:#x}", flags.bits())];
                for (flag, word) in AvFlags::WORDS {
                    if flags.contains(flag) {
                        words.push(word.to_owned());
                    }
                }
                (words.join(", "), true)
            }
            Value::Bytes(bytes) if bytes.iter().all(|byte| *byte == 0) => {
                ("zero, none used".to_owned(), false)
            }
            value => (value.to_string(), true),
        }
    }

    fn structure_value(&self, field: &Field<'_>) -> (String, bool) {
        if let Content::Kerberos(message) = self.content {
            let text = match (field.name, value_of(field)) {
                (_, Some(value)) => Some(value.value.to_string()),
                (Name::Field("sname"), _) => message.sname().map(|name| name.value),
                (Name::Field("enc-part"), _) => message.ticket().encryption(),
                (Name::Field("authenticator"), _) => message.authenticator().encryption(),
                _ => None,
            };
            return (text.unwrap_or_default(), true);
        }
        let numbers: Vec<_> = field.children.iter().map(|child| child.value).collect();
        match (field.name, numbers.as_slice()) {
            (Name::Field(_), [Value::U16(0), Value::U16(_), Value::U32(_)]) => {
                ("none".to_owned(), false)
            }
            (Name::Field(_), [Value::U16(len), Value::U16(_), Value::U32(offset)]) => {
                (format!("{len} bytes at {offset}"), false)
            }
            (Name::Field("Version"), _) => {
                self.content.ntlm().and_then(Message::version).map_or_else(
                    || (String::new(), false),
                    |version| {
                        let (major, minor, build) = (version.major, version.minor, version.build);
                        let release = explain::windows(major, minor, build);
                        let release = release.map_or_else(String::new, |name| format!(": {name}"));
                        (
                            format!("{major}.{minor}.{build}, rev {}{release}", version.revision),
                            true,
                        )
                    },
                )
            }
            (Name::Field("NtChallengeResponse"), _) => ("NTLMv2".to_owned(), false),
            (Name::Field("AvPairs" | "TargetInfo"), _) => {
                (format!("{} pairs", field.children.len()), false)
            }
            _ => (String::new(), false),
        }
    }
}

/// The value of an element of an AP-REQ.
fn value_of<'f, 'm>(field: &'f Field<'m>) -> Option<&'f Field<'m>> {
    field.children.iter().find(|child| child.name == Name::Field("value"))
}

/// Returns true if the row starts unfolded: the response and its pairs, the ticket and its names
/// do; pointers, numbers and elements with one value do not.
fn starts_open(field: &Field<'_>) -> bool {
    const OPEN: [&str; 6] = [
        "NtChallengeResponse",
        "NTLMv2_CLIENT_CHALLENGE",
        "AvPairs",
        "TargetInfo",
        "ticket",
        "sname",
    ];
    let Name::Field(name) = field.name else { return false };
    value_of(field).is_none() && OPEN.contains(&name)
}

/// Returns true if the bytes of a field that is no AV pair are a cell in the byte view: pointers,
/// versions, and values that are part of neither.
fn is_cell(path: &FieldPath, field: &Field<'_>) -> bool {
    // The parts of a pair, a pointer or a version are drawn with it.
    let is_drawn = |step: &Name| match step {
        Name::Field(name) => name.ends_with("Fields") || *name == "Version",
        Name::Index(_) => true,
        Name::Flag(_) | Name::Unreferenced(_) => false,
    };
    let above = path.steps().split_last().map_or(&[][..], |(_, above)| above);
    !above.iter().any(is_drawn) && (field.children.is_empty() || is_drawn(&field.name))
}

/// Moves the rows of gaps from the end to where their bytes are.
fn sort_gaps(rows: &mut Vec<FieldRow>) {
    let gaps: Vec<_> = rows.extract_if(.., |row| row.is_gap).collect();
    for gap in gaps {
        let mut at = rows
            .iter()
            .position(|row| row.depth == 0 && row.span.start >= gap.span.end)
            .unwrap_or(rows.len());
        // Inside a structure the gap goes to its end, one level deeper.
        let mut gap = gap;
        if let Some(parent) = rows
            .iter()
            .position(|row| row.depth == 0 && row.span.contains(gap.span) && row.has_children)
        {
            gap.depth = 1;
            at = rows
                .iter()
                .enumerate()
                .skip(parent + 1)
                .find(|(_, row)| row.depth == 0 || row.depth == 1 && row.span.start >= gap.span.end)
                .map_or(rows.len(), |(at, _)| at);
        }
        rows.insert(at, gap);
    }
}

/// Sorts the cells and cuts those that overlap in a hostile message, so that they tile it.
fn tile(cells: Vec<ByteCell>, len: usize) -> ByteMap {
    let mut next = 0;
    let mut tiled: Vec<ByteCell> = Vec::with_capacity(cells.len());
    for mut cell in in_order(cells, |cell| cell.span) {
        cell.span = Span::new(cell.span.start.max(next), cell.span.end.min(len));
        if cell.span.is_empty() || cell.span.start < next {
            continue;
        }
        next = cell.span.end;
        cell.odd = tiled.len() % 2 == 1;
        tiled.push(cell);
    }
    ByteMap { len, cells: tiled }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{SAMPLES, decode};
    use spnscope::analysis::analyze;

    #[test]
    fn only_flags_lose_their_prefix() {
        let server = SAMPLES[0].server();
        let analysis = analyze(SAMPLES[0].text.as_bytes(), &server, None);
        let view = decode(&analysis, analysis.default_token(), &server).unwrap();
        let short =
            |name: &str| view.fields.iter().find(|row| row.name == name).map(FieldRow::short_name);
        let extended = "NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY";
        assert_eq!(short(extended), Some("EXTENDED_SESSIONSECURITY"));
        assert_eq!(short("MsvAvTargetName"), Some("MsvAvTargetName"));
        assert!(view.fields.iter().all(|row| !row.short_name().starts_with("NTLMSSP_N")));
    }
}
