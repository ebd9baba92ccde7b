//! The fields of one message as things to compare: each with a key by which its counterpart is
//! found.

use crate::base::span::{Source, Span};
use crate::message::content::Content;
use crate::message::{
    field::{Field, FieldPath, Name, Value, hex},
    ntlm::{Charset, Message, PayloadField, Version},
    wire::AvFlags,
};

/// A field of one message.
pub(super) struct ComparedItem<'c> {
    /// One and the same in any message that has the field.
    pub(super) key: String,
    /// The field of the message that it belongs to, and [`PAIRS`] for an AV pair.
    pub(super) group: &'static str,
    pub(super) path: FieldPath,
    pub(super) name: String,
    /// The value in one line.
    pub(super) shown: String,
    /// The bytes of the value.
    pub(super) bytes: &'c [u8],
    pub(super) span: Span,
    pub(super) kind: ValueKind,
}

/// The way in which the values of two items are compared.
pub(super) enum ValueKind {
    /// As they are shown, and by their bytes.
    Plain,
    /// By their bytes, counting those that differ.
    Bytes,
    /// By their bytes; in two character sets as they are shown.
    Text(Charset),
    /// As they are shown: a length or a place that follows from the layout.
    Follows,
    /// Like `Plain`, and flag by flag: the bits that are set and their names.
    Flags(Vec<(usize, String)>),
}

/// The group of the AV pairs.
pub(super) const PAIRS: &str = "AvPairs";

/// The group of bytes that no field refers to.
const GAPS: &str = "unreferenced";

/// Everything that `content` says, in the order of its fields.
pub(super) fn items(content: &Content) -> Vec<ComparedItem<'_>> {
    let root = content.field();
    let path = FieldPath::new(&[root.name]);
    let mut list = ItemList { content, items: Vec::with_capacity(64) };
    if root.children.is_empty() {
        list.add(&root, path.clone(), root_name(&root));
    }
    for child in &root.children {
        let Name::Field(group) = child.name else { continue };
        list.add(child, path.part(child.name), group);
    }
    for (number, gap) in root.gaps().into_iter().enumerate() {
        list.add_gap(number, gap);
    }
    list.items
}

/// The structure that the whole message is.
pub(super) const fn root_name(root: &Field<'_>) -> &'static str {
    match root.name {
        Name::Field(name) => name,
        Name::Index(_) | Name::Flag(_) | Name::Unreferenced(_) => "",
    }
}

struct ItemList<'c> {
    content: &'c Content,
    items: Vec<ComparedItem<'c>>,
}

impl<'c> ItemList<'c> {
    fn add(&mut self, field: &Field<'_>, path: FieldPath, group: &'static str) {
        match (field.name, field.value) {
            (Name::Field("Version"), Value::Structure) => self.add_version(field, path, group),
            (Name::Field("AvPairs" | "TargetInfo"), Value::Structure) => self.add_pairs(&path),
            (Name::Field(name), Value::Structure) => {
                if let Some(pointer) = self.pointer(name) {
                    self.add_pointer(field, pointer, &path);
                    return;
                }
                if name == "NtChallengeResponse" {
                    self.push(
                        path.clone(),
                        group,
                        "NTLMv2".to_owned(),
                        field.span,
                        ValueKind::Plain,
                    );
                    // Its parts follow; its bytes are theirs.
                    self.last(|item| item.bytes = &[]);
                }
                self.add_parts(field, &path, group);
            }
            (Name::Index(_), Value::Structure) => self.add_parts(field, &path, group),
            // The head of an element in DER, which says how long the element is.
            (Name::Field("tag and length"), value) => {
                self.push(path, group, value.to_string(), field.span, ValueKind::Follows);
            }
            (_, value) => self.push(path, group, value.to_string(), field.span, kind_of(value)),
        }
    }

    fn add_parts(&mut self, field: &Field<'_>, path: &FieldPath, group: &'static str) {
        for part in &field.children {
            self.add(part, path.part(part.name), group);
        }
    }

    /// One item for `Version`, reserved bytes included.
    fn add_version(&mut self, field: &Field<'_>, path: FieldPath, group: &'static str) {
        let shown = self.content.ntlm().and_then(Message::version).map_or_else(
            String::new,
            |Version { major, minor, build, reserved, revision, .. }| {
                let text = format!("{major}.{minor}.{build}, revision {revision}");
                match reserved {
                    [0, 0, 0] => text,
                    reserved => format!("{text}, reserved {}", hex(reserved)),
                }
            },
        );
        self.push(path, group, shown, field.span, ValueKind::Plain);
    }

    /// One item a pair, by its AvId and the number of pairs with that id before it.
    fn add_pairs(&mut self, path: &FieldPath) {
        let Some((message, list)) = self.content.ntlm().and_then(|m| Some((m, m.av_pairs()?)))
        else {
            return;
        };
        for (index, pair) in list.pairs.iter().enumerate() {
            let id = pair.id.value;
            let earlier = list.pairs.iter().take(index).filter(|other| other.id.value == id);
            let occurrence = earlier.count();
            let value = pair.meaning(message.source());
            let mut shown = value.to_string();
            if pair.is_cut() {
                let (there, len) = (pair.value.len(), pair.len.value);
                shown = format!("{shown} (cut: {there} of {len} bytes)");
            }
            let path = path.part(Name::Index(index));
            self.push(path, PAIRS, shown, pair.span(), kind_of(value));
            self.last(|item| {
                item.key = format!("{PAIRS} {} {occurrence}", id.0);
                item.name = id.to_string();
                item.bytes = message.source().slice(pair.value);
            });
        }
    }

    fn pointer(&self, name: &str) -> Option<PayloadField> {
        let fields = self.content.ntlm()?.payload_fields();
        fields.into_iter().find(|pointer| pointer.names.fields == name)
    }

    /// The three numbers of a pointer. They follow from the layout where they say what is the case.
    fn add_pointer(&mut self, field: &Field<'_>, pointer: PayloadField, path: &FieldPath) {
        let whole = !pointer.is_cut();
        for part in &field.children {
            let Name::Field(name) = part.name else { continue };
            let follows = whole
                && (name != pointer.names.max_len || pointer.max_len.value == pointer.len.value);
            let kind = if follows { ValueKind::Follows } else { ValueKind::Plain };
            let path = path.part(part.name);
            self.push(path, pointer.names.payload, part.value.to_string(), part.span, kind);
        }
    }

    fn add_gap(&mut self, number: usize, gap: Span) {
        let bytes = Source(self.content.bytes()).slice(gap);
        let path = FieldPath::new(&[Name::Unreferenced(gap.start)]);
        self.push(path, GAPS, hex(bytes), gap, ValueKind::Bytes);
        self.last(|item| {
            item.key = format!("{GAPS} {number}");
            "bytes that no field refers to".clone_into(&mut item.name);
        });
    }

    fn push(
        &mut self,
        path: FieldPath,
        group: &'static str,
        shown: String,
        span: Span,
        kind: ValueKind,
    ) {
        // The first step of a path is the type's.
        let inside = match path.steps() {
            [_, inside @ ..] if !inside.is_empty() => inside,
            steps => steps,
        };
        let key = FieldPath::new(inside).to_string();
        // In Kerberos the last step alone says little: `ticket.realm.value`.
        let name = match self.content {
            Content::Ntlm(_) | Content::Response(_) => path.tail().to_string(),
            Content::Kerberos(_) => match inside {
                [named @ .., Name::Field("value")] => FieldPath::new(named).to_string(),
                _ => key.clone(),
            },
        };
        let bytes = Source(self.content.bytes()).slice(span);
        self.items.push(ComparedItem { key, group, path, name, shown, bytes, span, kind });
    }

    /// Says more of the item that was added last.
    fn last(&mut self, change: impl FnOnce(&mut ComparedItem<'c>)) {
        if let Some(item) = self.items.last_mut() {
            change(item);
        }
    }
}

fn kind_of(value: Value<'_>) -> ValueKind {
    match value {
        Value::Bytes(_) => ValueKind::Bytes,
        Value::Utf16(_) => ValueKind::Text(Charset::Unicode),
        Value::Oem(_) => ValueKind::Text(Charset::Oem),
        Value::Flags(flags) => {
            ValueKind::Flags(flags.set_bits().map(|(bit, name)| (bit, name.to_owned())).collect())
        }
        Value::AvFlags(flags) => ValueKind::Flags(av_flags(flags)),
        _ => ValueKind::Plain,
    }
}

fn av_flags(flags: AvFlags) -> Vec<(usize, String)> {
    let set = (0..32).filter(|bit| flags.bits() >> bit & 1 == 1);
    let word = |bit: usize| {
        let known = AvFlags::WORDS.iter().find(|(flag, _)| flag.bits() == 1 << bit);
        known.map_or_else(|| format!("bit {bit}"), |(_, word)| (*word).to_owned())
    };
    set.map(|bit| (bit, word(bit))).collect()
}
