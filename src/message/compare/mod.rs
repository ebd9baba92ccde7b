//! Two messages side by side: what each field says on the left and on the right, and what differs.
//!
//! Fields are matched by their path, AV pairs by their AvId, so that one pair more or another order
//! of the payload does not make everything behind it differ. Messages of different types are
//! compared by the fields that both types have; AV pairs are compared wherever they are, so that a
//! CHALLENGE can be compared with its echo in an AUTHENTICATE.

mod items;
mod rows;
mod summary;

use serde::Serialize;

use crate::base::span::Span;
use crate::message::{
    content::Content,
    field::{FieldPath, Name},
};

/// Two messages, field by field.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Comparison {
    /// One for each field that either has, in the order of the left one's bytes; a field of the
    /// right one alone is behind the one that it follows there. The last are about the order of
    /// payload and AV pairs.
    pub rows: Vec<CompareRow>,
    /// The difference in one sentence.
    pub summary: String,
}

impl Comparison {
    /// Returns true if no row differs. Then the messages have the same bytes.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.rows.iter().all(|row| row.difference == Difference::Same)
    }
}

/// One field of two messages.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CompareRow {
    /// Its path in the left message, or in the right one where only that has it.
    pub path: FieldPath,
    /// The specification's name, or the AvId of a pair.
    pub name: String,
    /// The left message's, where it has it.
    pub left: Option<Side>,
    /// The right message's, where it has it.
    pub right: Option<Side>,
    /// The kind of difference.
    pub difference: Difference,
    /// The amount of difference, where both are bytes without further meaning, as responses are.
    pub bytes: Option<ByteDifference>,
}

impl CompareRow {
    /// Returns true if it is one flag of the field above it.
    #[must_use]
    pub fn is_flag(&self) -> bool {
        matches!(self.path.steps().last(), Some(Name::Flag(_)))
    }

    /// Returns true if both messages have it.
    #[must_use]
    pub const fn is_in_both(&self) -> bool {
        self.left.is_some() && self.right.is_some()
    }
}

/// A field in one of the two.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Side {
    /// Its value in one line, as sent.
    pub value: String,
    /// Its bytes, counted from the start of its message.
    pub span: Span,
}

/// A kind of difference between two fields.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Difference {
    /// Not at all.
    Same,
    /// In its value.
    Value,
    /// Only the left message has it.
    OnlyLeft,
    /// Only the right message has it.
    OnlyRight,
    /// In the order of what both have.
    Order,
    /// A place or a length that follows from the order of the payload and the lengths of its
    /// fields.
    Layout,
}

/// The extent of a difference between two byte strings.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct ByteDifference {
    /// The number of bytes that differ, with those that only one of the two has.
    pub differing: usize,
    /// The first of them, counted from 0 at the start of the field.
    pub first: usize,
}

/// Compares two messages.
#[must_use]
pub fn compare(left: &Content, right: &Content) -> Comparison {
    let rows = rows::rows(left, right);
    let summary = summary::summary([left.kind(), right.kind()], &rows);
    Comparison { rows, summary }
}
