//! Two messages side by side.

use spnscope::analysis::{Analysis, Token};
use spnscope::message::compare::{CompareRow, Difference, compare as compare_contents};

/// The chosen message beside another.
#[derive(Clone, Debug, PartialEq)]
pub struct CompareView {
    /// What it can be compared with: index and name, `2 CHALLENGE, 164 bytes`.
    pub choices: Vec<(usize, String)>,
    /// The index of the other message, where one is chosen.
    pub chosen: Option<usize>,
    /// The names of the two; empty where none is chosen.
    pub names: [String; 2],
    /// What differs, in one sentence; or why nothing can be compared; empty where none is chosen.
    pub summary: String,
    /// What differs, row by row.
    pub rows: Vec<CompareRow>,
    /// How many rows are the same.
    pub same: usize,
}

/// The token `chosen` of `analysis` beside `other` of `second`, or of the same analysis where there
/// is no second one. `None` where there is no such token.
#[must_use]
pub fn compare(
    analysis: &Analysis,
    chosen: usize,
    second: Option<&Analysis>,
    other: Option<usize>,
) -> Option<CompareView> {
    let left = analysis.tokens.get(chosen)?;
    let tokens = second.map_or(&analysis.tokens, |second| &second.tokens);
    let choices = (0..).zip(tokens).filter(|(index, _)| second.is_some() || *index != chosen);
    let mut view = CompareView {
        choices: choices.map(|(index, token)| (index, name(index, token))).collect(),
        chosen: None,
        names: Default::default(),
        summary: second.and_then(Analysis::refusal).unwrap_or_default().to_owned(),
        rows: Vec::new(),
        same: 0,
    };
    let right = other.filter(|other| second.is_some() || *other != chosen);
    if let Some((index, right)) = right.and_then(|index| Some((index, tokens.get(index)?))) {
        let comparison = compare_contents(&left.content, &right.content);
        let rows = comparison.rows.len();
        view.chosen = Some(index);
        view.names = [name(chosen, left), name(index, right)];
        view.summary = comparison.summary;
        view.rows = comparison.rows;
        view.rows.retain(|row| row.difference != Difference::Same);
        view.same = rows - view.rows.len();
    }
    Some(view)
}

/// `2 CHALLENGE, 164 bytes`; messages are counted from 1.
fn name(index: usize, token: &Token) -> String {
    format!("{} {}, {} bytes", index + 1, token.content.kind(), token.content.bytes().len())
}
