//! Events as the rows of a table: with commas, semicolons, tabs or bars between the cells. A
//! heading names them; where there is none, as in Event Viewer's own export and in what Snare
//! sends, a row is an event where it has the name of a provider beside the number of one of its
//! events.

use memchr::memchr2;

use super::text::Text;
use crate::read::config::event::{Draft, Field};
use crate::read::published_events::{Provider, versions};

/// The longest heading of a table, in bytes.
const MAX_HEADING_LEN: usize = 4096;
/// The most cells that a row is read of.
const MAX_CELLS: usize = 256;

/// The events in `text`, which are of the first kind of table that has any.
pub(super) fn read(text: &Text) -> Vec<Draft> {
    let found = [b'\t', b',', b';', b'|'].into_iter().map(|between| rows(text, between));
    found.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
}

fn rows(text: &Text, between: u8) -> Vec<Draft> {
    let mut heading: Option<Vec<String>> = None;
    let mut found = Vec::new();
    let mut rows = TableRows { rest: &text.text, between, passed: 0 };
    while let Some(row) = rows.next() {
        let line = text.number(row.line);
        if let Some(heading) = &heading {
            found.push(named(heading, row.cells, line));
        } else if row.length <= MAX_HEADING_LEN && is_heading(&row.cells) {
            heading = Some(row.cells);
        } else {
            found.extend(unnamed(row.cells, line));
        }
    }
    found
}

fn is_heading(cells: &[String]) -> bool {
    if cells.len() < 2 {
        return false;
    }
    let fields: Vec<_> = cells.iter().filter_map(|cell| Field::of(cell.trim())).collect();
    let of_5168 = fields.iter().filter(|field| field.is_of_5168()).count();
    let telling = fields.iter().filter(|field| field.is_telling()).count();
    of_5168 >= 2 || fields.contains(&Field::Id) && fields.len() >= 2 || telling >= 3
}

fn named(heading: &[String], cells: Vec<String>, line: usize) -> Draft {
    let mut draft = Draft::default();
    for (at, cell) in cells.into_iter().enumerate() {
        let cell = cell.trim().to_owned();
        match heading.get(at) {
            // A list of values in one cell.
            Some(name) if Field::of(name.trim()) == Some(Field::Inserts) => {
                draft.put_text(format!("{{\"StringInserts\": {cell}}}"), line);
                draft.put_text(cell, line);
            }
            Some(name) => draft.put_named(name.trim(), cell, line),
            // Event Viewer has no heading for the text.
            None => draft.put_text(cell, line),
        }
    }
    draft
}

/// The event in a row without a heading.
fn unnamed(cells: Vec<String>, line: usize) -> Option<Draft> {
    let writer = |cell: &String| Provider::of(cell.trim()).filter(|_| cell.len() <= 64);
    let id = |cell: Option<&String>| {
        let id = cell?.trim().parse::<u16>().ok()?;
        versions(id).next()
    };
    let (id, provider) = cells.iter().enumerate().find_map(|(at, cell)| {
        let provider = writer(cell)?;
        let mut beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
        let definition = beside.find_map(|beside| id(cells.get(beside)))?;
        (definition.provider == provider).then(|| (definition.id, cell.clone()))
    })?;
    let mut draft = Draft::default();
    draft.put(Field::Id, id.to_string(), line);
    draft.put(Field::Writer, provider, line);
    for cell in cells {
        draft.put_text(cell.trim().to_owned(), line);
    }
    Some(draft)
}

/// A row of a table.
struct TableRow {
    /// The index of the line it begins in.
    line: usize,
    /// Its length, in bytes.
    length: usize,
    cells: Vec<String>,
}

/// The rows of a table. A quoted cell may go on over lines; a quotation mark in it is written
/// twice.
struct TableRows<'t> {
    rest: &'t str,
    /// The ASCII character between cells.
    between: u8,
    passed: usize,
}

impl TableRows<'_> {
    fn next(&mut self) -> Option<TableRow> {
        if self.rest.is_empty() {
            return None;
        }
        let line = self.passed;
        let before = self.rest.len();
        let mut cells = Vec::new();
        loop {
            let (cell, ends) = self.cell();
            if cells.len() < MAX_CELLS {
                cells.push(cell);
            }
            if ends {
                break;
            }
        }
        Some(TableRow { line, length: before - self.rest.len(), cells })
    }

    /// The next cell, and whether it ends its row.
    fn cell(&mut self) -> (String, bool) {
        let start = self.rest.trim_start_matches([' ', '\u{feff}']);
        let quoted = start.strip_prefix('"').and_then(|inside| self.quoted(inside));
        let (cell, rest) = quoted.unwrap_or_else(|| {
            let end = memchr2(self.between, b'\n', self.rest.as_bytes());
            let end = end.unwrap_or(self.rest.len());
            let (cell, rest) = self.rest.split_at(end);
            (cell.trim_end_matches('\r').to_owned(), rest)
        });
        self.passed +=
            self.rest.len().checked_sub(rest.len()).map_or(0, |length| {
                self.rest.get(..length).unwrap_or_default().matches('\n').count()
            });
        let ends = !rest.starts_with(char::from(self.between));
        let mut after = rest.chars();
        self.passed += usize::from(after.next() == Some('\n'));
        self.rest = after.as_str();
        (cell, ends)
    }

    /// The text in quotation marks, and the text behind them; `None` if they do not end a cell.
    fn quoted<'r>(&self, inside: &'r str) -> Option<(String, &'r str)> {
        let mut cell = String::new();
        let mut rest = inside;
        loop {
            let (before, after) = rest.split_once('"')?;
            cell.push_str(before);
            if let Some(again) = after.strip_prefix('"') {
                cell.push('"');
                rest = again;
                continue;
            }
            let after = after.trim_start_matches([' ', '\r']);
            let is_end = after.is_empty() || after.starts_with(['\n', char::from(self.between)]);
            return is_end.then_some((cell, after));
        }
    }
}
