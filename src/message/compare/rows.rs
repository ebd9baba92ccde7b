//! The items of two messages put side by side.

use super::{
    ByteDifference, CompareRow, Difference, Side,
    items::{ComparedItem, PAIRS, ValueKind, items},
};
use crate::base::span::{Span, in_order};
use crate::message::{
    content::Content,
    field::{FieldPath, Name},
    ntlm::Message,
};

/// The rows of a comparison.
pub(super) fn rows(left: &Content, right: &Content) -> Vec<CompareRow> {
    let (mut ours, mut theirs) = (items(left), items(right));
    let of_one_type = left.kind() == right.kind();
    if !of_one_type {
        let shared =
            |item: &ComparedItem<'_>| has(left.kind(), item.group) && has(right.kind(), item.group);
        ours.retain(shared);
        theirs.retain(shared);
    }
    let mut rows = Vec::with_capacity(ours.len());
    for (ours, theirs) in side_by_side(&ours, &theirs) {
        add_rows(ours, theirs, &mut rows);
    }
    if of_one_type {
        rows.extend(payload_order(left, right));
    } else if rows.is_empty() {
        rows.push(types_row(left, right));
    }
    rows.extend(pair_order(&ours, &theirs));
    rows
}

/// Returns true if a type of message has a field that others have as well.
fn has(kind: &str, group: &str) -> bool {
    match group {
        "Signature" | "MessageType" => {
            matches!(kind, "NEGOTIATE" | "CHALLENGE" | "AUTHENTICATE" | "UNKNOWN")
        }
        "NegotiateFlags" | "Version" => matches!(kind, "NEGOTIATE" | "CHALLENGE" | "AUTHENTICATE"),
        "DomainName" | "Workstation" => matches!(kind, "NEGOTIATE" | "AUTHENTICATE"),
        PAIRS => matches!(kind, "CHALLENGE" | "AUTHENTICATE"),
        _ => false,
    }
}

/// Pairs items by key, in the order of the left ones. Those of the right without a counterpart
/// follow the one that they follow there.
fn side_by_side<'i, 'c>(
    left: &'i [ComparedItem<'c>],
    right: &'i [ComparedItem<'c>],
) -> Vec<(Option<&'i ComparedItem<'c>>, Option<&'i ComparedItem<'c>>)> {
    let find = |item: &ComparedItem<'_>| right.iter().find(|other| other.key == item.key);
    let mut pairs: Vec<_> = left.iter().map(|item| (Some(item), find(item))).collect();
    let mut next = 0;
    for item in right {
        let place = pairs.iter().position(|(_, other)| {
            other.is_some_and(|other: &ComparedItem<'_>| other.key == item.key)
        });
        if place.is_none() {
            pairs.insert(next, (None, Some(item)));
        }
        next = place.unwrap_or(next).saturating_add(1);
    }
    pairs
}

/// The row of a field, and one for each of its flags.
fn add_rows(
    left: Option<&ComparedItem<'_>>,
    right: Option<&ComparedItem<'_>>,
    rows: &mut Vec<CompareRow>,
) {
    let side = |item: &ComparedItem<'_>| Side { value: item.shown.clone(), span: item.span };
    let Some(item) = left.or(right) else { return };
    let mut row = CompareRow {
        path: item.path.clone(),
        name: item.name.clone(),
        left: left.map(side),
        right: right.map(side),
        difference: presence(left, right),
        bytes: None,
    };
    let (Some(left), Some(right)) = (left, right) else {
        rows.push(row);
        return;
    };
    row.difference = difference(left, right);
    if let (ValueKind::Bytes, ValueKind::Bytes) = (&left.kind, &right.kind) {
        row.bytes = byte_difference(left.bytes, right.bytes);
    }
    rows.push(row);
    if let (ValueKind::Flags(ours), ValueKind::Flags(theirs)) = (&left.kind, &right.kind) {
        for bit in 0..32 {
            let flag = ours.iter().chain(theirs).find(|(other, _)| *other == bit);
            let Some(flag @ (_, name)) = flag else { continue };
            let side =
                |item: &ComparedItem<'_>| Side { value: format!("bit {bit}"), span: item.span };
            let ours = ours.contains(flag).then(|| side(left));
            let theirs = theirs.contains(flag).then(|| side(right));
            rows.push(CompareRow {
                path: item.path.part(Name::Flag(bit)),
                name: name.clone(),
                difference: presence(ours.as_ref(), theirs.as_ref()),
                left: ours,
                right: theirs,
                bytes: None,
            });
        }
    }
}

/// The difference that a field makes by being in one message, or in both.
const fn presence<T>(left: Option<&T>, right: Option<&T>) -> Difference {
    match (left, right) {
        (Some(_), None) => Difference::OnlyLeft,
        (None, Some(_)) => Difference::OnlyRight,
        _ => Difference::Same,
    }
}

fn difference(left: &ComparedItem<'_>, right: &ComparedItem<'_>) -> Difference {
    let as_shown = left.shown == right.shown;
    let same = match (&left.kind, &right.kind) {
        (ValueKind::Follows, ValueKind::Follows) if !as_shown => return Difference::Layout,
        (ValueKind::Follows, ValueKind::Follows) => true,
        (ValueKind::Text(ours), ValueKind::Text(theirs)) if ours != theirs => as_shown,
        _ => as_shown && left.bytes == right.bytes,
    };
    if same { Difference::Same } else { Difference::Value }
}

/// The extent of the difference; `None` if there is none.
fn byte_difference(left: &[u8], right: &[u8]) -> Option<ByteDifference> {
    let (shorter, longer) = (left.len().min(right.len()), left.len().max(right.len()));
    let differs = |at: &usize| left.get(*at) != right.get(*at);
    let differing = (0..longer).filter(differs).count();
    let first = (0..longer).find(differs).unwrap_or(shorter);
    (differing != 0).then_some(ByteDifference { differing, first })
}

/// The row for two messages that have no field in common.
fn types_row(left: &Content, right: &Content) -> CompareRow {
    let side = |content: &Content| {
        let span = Span::new(0, content.bytes().len());
        Some(Side { value: content.kind().to_owned(), span })
    };
    CompareRow {
        path: FieldPath::new(&[Name::Field("message")]),
        name: "the type of the message".to_owned(),
        left: side(left),
        right: side(right),
        difference: Difference::Value,
        bytes: None,
    }
}

/// The order of the payload fields that both messages have.
fn payload_order(left: &Content, right: &Content) -> Option<CompareRow> {
    let placed = |content: &Content| {
        let fields = content.ntlm().map(Message::payload_fields).unwrap_or_default();
        let fields = fields.into_iter().filter_map(|field| {
            let name = field.names.payload;
            Some(Placed { key: name.to_owned(), name: name.to_owned(), span: field.data? })
        });
        in_order(fields.collect(), |field| field.span)
    };
    let path = FieldPath::new(&[left.field().name, Name::Field("payload")]);
    order_row(path, "order of the payload", placed(left), placed(right))
}

/// The order of the AV pairs that both messages have.
fn pair_order(left: &[ComparedItem<'_>], right: &[ComparedItem<'_>]) -> Option<CompareRow> {
    let placed = |items: &[ComparedItem<'_>]| {
        let pairs = items.iter().filter(|item| item.group == PAIRS);
        let placed = |item: &ComparedItem<'_>| Placed {
            key: item.key.clone(),
            name: item.name.clone(),
            span: item.span,
        };
        pairs.map(placed).collect()
    };
    let first = left.iter().find(|item| item.group == PAIRS)?;
    let mut parts = first.path.steps().split(|step| matches!(step, Name::Index(_)));
    let list = FieldPath::new(parts.next()?);
    order_row(list, "order of the AV pairs", placed(left), placed(right))
}

/// Something that has its place among others.
struct Placed {
    key: String,
    name: String,
    span: Span,
}

/// The row about an order; `None` where the two have less than two things in common.
fn order_row(
    path: FieldPath,
    name: &str,
    mut left: Vec<Placed>,
    mut right: Vec<Placed>,
) -> Option<CompareRow> {
    let has = |list: &[Placed], one: &Placed| list.iter().any(|other| other.key == one.key);
    left.retain(|one| has(&right, one));
    right.retain(|one| has(&left, one));
    if left.len() < 2 {
        return None;
    }
    let same = left.iter().map(|one| &one.key).eq(right.iter().map(|one| &one.key));
    let side = |list: &[Placed]| {
        let names: Vec<_> = list.iter().map(|one| one.name.as_str()).collect();
        let start = list.first().map_or(0, |one| one.span.start);
        let end = list.iter().map(|one| one.span.end).fold(start, usize::max);
        Some(Side { value: names.join(", "), span: Span::new(start, end) })
    };
    Some(CompareRow {
        path,
        name: name.to_owned(),
        left: side(&left),
        right: side(&right),
        difference: if same { Difference::Same } else { Difference::Order },
        bytes: None,
    })
}
