//! Two messages side by side.

use crate::view::{Headline, Piece, headline};
use spnscope::analysis::{Analysis, Token};
use spnscope::message::compare::{CompareRow, Difference, compare as compare_contents};

/// The chosen message beside another.
#[derive(Clone, Debug, PartialEq)]
pub struct CompareView {
    /// The messages to compare it with: index and name, `2 CHALLENGE, 164 bytes`.
    pub choices: Vec<(usize, String)>,
    /// The index of the other message, where one is chosen.
    pub chosen: Option<usize>,
    /// The names of the two; empty where none is chosen.
    pub names: [String; 2],
    /// The differences in one sentence, or the reason why nothing can be compared; empty if none is
    /// chosen.
    pub summary: String,
    /// The differences, row by row. The first row is about the answers.
    pub rows: Vec<ComparedRow>,
    /// The number of rows that are the same.
    pub same: usize,
}

/// A row of a comparison.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ComparedRow {
    /// The name of the field.
    pub name: String,
    /// The values in the two messages; `None` for one that does not have the field.
    pub sides: [Option<Vec<TextRun>>; 2],
    /// The difference, in a few words.
    pub difference: String,
}

/// A piece of a value that is compared with another.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TextRun {
    /// The text.
    pub text: String,
    /// True if the other value has something else in its place.
    pub differs: bool,
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
    let left = analysis.tokens().get(chosen)?;
    let beside = second.unwrap_or(analysis);
    let tokens = beside.tokens();
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
        let differing = comparison.rows.iter().filter(|row| row.difference != Difference::Same);
        view.chosen = Some(index);
        view.names = [name(chosen, left), name(index, right)];
        view.summary = comparison.summary;
        view.rows.push(answers(&answer(analysis, chosen), &answer(beside, index)));
        view.rows.extend(differing.map(compared_row));
        view.same = comparison.rows.len() + 1 - view.rows.len();
    }
    Some(view)
}

/// The answer of the server to the sign-in that a message belongs to.
fn answer(analysis: &Analysis, token: usize) -> String {
    let verdict = analysis.exchange_of(token).and_then(|exchange| exchange.verdict.as_ref());
    let answer = verdict.map(|verdict| {
        let Headline { verdict, unless, .. } = headline::of_verdict(verdict);
        let unless: String = unless.iter().map(Piece::text).collect();
        format!("{verdict} {unless}").trim_end().to_owned()
    });
    answer.unwrap_or_else(|| "None: the AUTHENTICATE is missing.".to_owned())
}

fn answers(left: &str, right: &str) -> ComparedRow {
    let whole = |text: &str| Some(vec![TextRun { text: text.to_owned(), differs: left != right }]);
    ComparedRow {
        name: "Answer".to_owned(),
        sides: [whole(left), whole(right)],
        difference: if left == right { "the same" } else { "another answer" }.to_owned(),
    }
}

fn compared_row(row: &CompareRow) -> ComparedRow {
    let sides = match (&row.left, &row.right) {
        (Some(left), Some(right)) => text_runs(&left.value, &right.value).map(Some),
        (left, right) => [left, right].map(|side| {
            let value = &side.as_ref()?.value;
            Some(text_runs(value, value)[0].clone())
        }),
    };
    ComparedRow { name: row.name.clone(), sides, difference: difference(row) }
}

/// The difference of a field, in a few words.
fn difference(row: &CompareRow) -> String {
    match row.difference {
        Difference::Same => "same".to_owned(),
        Difference::Value => row.bytes.map_or_else(
            || "value".to_owned(),
            |bytes| format!("{} bytes, from byte {} on", bytes.differing, bytes.first),
        ),
        Difference::OnlyLeft => "only in the first".to_owned(),
        Difference::OnlyRight => "only in the second".to_owned(),
        Difference::Order => "order".to_owned(),
        Difference::Layout => "moved, same content".to_owned(),
    }
}

/// The most characters of a value that are shown.
const MAX_CHARACTERS: usize = 120;

/// The number of characters shown before the first that differs, if a value is cut.
const BEFORE: usize = 24;

/// Two values character by character: those of one length place by place, others without what they
/// begin and end with alike.
fn text_runs(left: &str, right: &str) -> [Vec<TextRun>; 2] {
    let [left, right] = [left, right].map(|text| text.chars().collect::<Vec<_>>());
    let shorter = left.len().min(right.len());
    let same_start = left.iter().zip(&right).take_while(|(one, other)| one == other).count();
    let is_place_by_place = left.len() == right.len();
    let same_end = left.iter().rev().zip(right.iter().rev());
    let same_end = same_end.take_while(|(one, other)| one == other).count();
    let same_end = same_end.min(shorter - same_start);
    let from = if same_start + BEFORE > MAX_CHARACTERS { same_start - BEFORE } else { 0 };
    let side = |own: &[char], other: &[char]| {
        let differs = |at: usize| {
            if is_place_by_place {
                own.get(at) != other.get(at)
            } else {
                at >= same_start && at + same_end < own.len()
            }
        };
        let mut runs: Vec<TextRun> = Vec::new();
        let mut push = |letter: char, differs: bool| match runs.last_mut() {
            Some(run) if run.differs == differs => run.text.push(letter),
            _ => runs.push(TextRun { text: letter.into(), differs }),
        };
        if from > 0 {
            push('…', false);
        }
        for (at, letter) in own.iter().enumerate().skip(from).take(MAX_CHARACTERS) {
            push(*letter, differs(at));
        }
        if own.len() > from + MAX_CHARACTERS {
            push('…', false);
        }
        runs
    };
    [side(&left, &right), side(&right, &left)]
}

/// `2 CHALLENGE, 164 bytes`; messages are counted from 1.
fn name(index: usize, token: &Token) -> String {
    format!("{} {}, {} bytes", index + 1, token.content.kind(), token.content.bytes().len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::SAMPLES;
    use spnscope::analysis::analyze;

    fn marked(left: &str, right: &str) -> [String; 2] {
        text_runs(left, right).map(|runs| {
            let draw = |run: &TextRun| {
                if run.differs { format!("[{}]", run.text) } else { run.text.clone() }
            };
            runs.iter().map(draw).collect()
        })
    }

    #[test]
    fn what_differs_is_marked_character_by_character() {
        for (left, right, expected) in [
            ("cifs/10.0.0.100", "cifs/10.0.0.11", ["cifs/10.0.0.1[00]", "cifs/10.0.0.1[1]"]),
            ("aa11bb", "aa12bc", ["aa1[1]b[b]", "aa1[2]b[c]"]),
            ("", "x", ["", "[x]"]),
            ("DCFR", "DCFR", ["DCFR", "DCFR"]),
            ("aa", "aaa", ["aa", "aa[a]"]),
        ] {
            assert_eq!(marked(left, right), expected, "{left} {right}");
        }
    }

    #[test]
    fn a_long_value_is_shown_from_where_it_differs() {
        let (left, right) = ("a".repeat(400), format!("{}b{}", "a".repeat(300), "a".repeat(99)));
        let [left, right] = marked(&left, &right);
        assert!(right.starts_with("…aaaa") && right.contains("[b]"), "{right}");
        assert!(left.ends_with('…') && left.contains("[a]"), "{left}");
    }

    #[test]
    fn the_first_row_is_how_the_answers_differ() {
        let server = SAMPLES[0].server();
        let read = |index: usize| analyze(SAMPLES[index].text.as_bytes(), &server, None);
        let (left, right) = (read(0), read(1));
        let view = compare(&left, 2, Some(&right), Some(2)).unwrap();
        let said = |side: &Option<Vec<TextRun>>| side.as_ref().unwrap()[0].text.clone();
        let first = &view.rows[0];
        assert_eq!(first.name, "Answer");
        assert_eq!(said(&first.sides[0]), "Denied at levels 1 and 2.");
        assert_eq!(said(&first.sides[1]), "Accepted at every level.");
        let same = compare(&left, 2, Some(&left), Some(2)).unwrap();
        assert_eq!((same.rows.len(), same.rows[0].difference.as_str()), (1, "the same"));
    }
}
