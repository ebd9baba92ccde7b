//! A comparison as text: the sentence first, then what differs, one value under the other.

use std::fmt::{self, Write as _};

use crate::base::visible::Visible;
use crate::message::compare::{CompareRow, Comparison, Difference, Side};
use crate::show::report::{ComparedMessage, ComparisonRows, text::Range};

/// The comparison as text, with a line end after each line.
#[must_use]
pub fn render(
    left: &ComparedMessage<'_>,
    right: &ComparedMessage<'_>,
    comparison: &Comparison,
    shown: ComparisonRows,
) -> String {
    let mut out = String::new();
    // Writing to a String does not fail.
    let _ = write_comparison(&mut out, [left, right], comparison, shown);
    out
}

fn write_comparison(
    out: &mut String,
    sides: [&ComparedMessage<'_>; 2],
    comparison: &Comparison,
    shown: ComparisonRows,
) -> fmt::Result {
    for (word, side) in ["Left: ", "Right:"].into_iter().zip(sides) {
        let (kind, len) = (side.content.kind(), side.content.bytes().len());
        writeln!(out, "{word} {}: {kind}, {len} bytes", Visible(&side.label))?;
    }
    writeln!(out, "{}", comparison.summary)?;
    let of = |wanted: &[Difference]| -> Vec<&CompareRow> {
        comparison.rows.iter().filter(|row| wanted.contains(&row.difference)).collect()
    };
    let differing =
        of(&[Difference::Value, Difference::OnlyLeft, Difference::OnlyRight, Difference::Order]);
    if !differing.is_empty() {
        writeln!(out)?;
        write_differing(out, &differing)?;
    }
    let layout = of(&[Difference::Layout]);
    if !layout.is_empty() {
        writeln!(out, "\nPlaces and lengths that follow from the layout")?;
        write_table(out, &layout)?;
    }
    let same = of(&[Difference::Same]);
    if shown == ComparisonRows::All && !same.is_empty() {
        writeln!(out, "\nThe same in both")?;
        write_table(out, &same)?;
    }
    Ok(())
}

/// The two values of each field, one under the other.
fn write_differing(out: &mut String, rows: &[&CompareRow]) -> fmt::Result {
    let width = width(rows.iter().flat_map(|row| [&row.left, &row.right]).flatten().map(place));
    for row in rows {
        if row.is_flag() {
            let where_it_is = if row.left.is_some() { "left" } else { "right" };
            writeln!(out, "  only {where_it_is:<5}  {}", row.name)?;
            continue;
        }
        write!(out, "{}", row.name)?;
        if let Some(bytes) = row.bytes {
            let (differing, first) = (bytes.differing, bytes.first);
            match differing {
                1 => write!(out, ": 1 byte differs, at {first}")?,
                _ => write!(out, ": {differing} bytes differ, the first at {first}")?,
            }
        }
        writeln!(out)?;
        for (word, side) in [("left", &row.left), ("right", &row.right)] {
            match side {
                Some(side) => {
                    let (place, value) = (place(side), value(side));
                    writeln!(out, "  {word:<5}  {place:<width$}  {value}")?;
                }
                None => writeln!(out, "  {word:<5}  not there")?,
            }
        }
    }
    Ok(())
}

/// One line a field: its name, and its value; both, where they differ.
fn write_table(out: &mut String, rows: &[&CompareRow]) -> fmt::Result {
    let names = width(rows.iter().map(|row| row.name.clone()));
    let lefts = width(rows.iter().flat_map(|row| &row.left).map(value));
    for row in rows {
        let values =
            [&row.left, &row.right].map(|side| side.as_ref().map_or_else(String::new, value));
        match values {
            [left, right] if row.difference == Difference::Layout => {
                writeln!(out, "  {:<names$}  {left:<lefts$}  {right}", row.name)?;
            }
            [left, _] => writeln!(out, "  {:<names$}  {left}", row.name)?,
        }
    }
    Ok(())
}

fn place(side: &Side) -> String {
    Range(side.span).to_string()
}

/// The value as it can be printed.
fn value(side: &Side) -> String {
    if side.value.is_empty() { "empty".to_owned() } else { Visible(&side.value).to_string() }
}

/// The number of characters of the longest.
fn width(texts: impl Iterator<Item = String>) -> usize {
    texts.map(|text| text.chars().count()).max().unwrap_or_default()
}
