//! The visible rows of the field tree, and the moves that keys make among them.

use spnscope::base::span::Span;
use spnscope::message::field::FieldPath;
use spnscope_page::view::FieldRow;

/// The rows that the reader folded and unfolded; the others are as they start.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Folds {
    /// True if everything was unfolded at once.
    all: bool,
    /// The exceptions, by the path of the row.
    turned: Vec<FieldPath>,
}

impl Folds {
    /// Everything unfolded.
    pub(super) fn all_open() -> Self {
        Self { all: true, turned: Vec::new() }
    }

    /// Folds or unfolds a row.
    pub(super) fn set(&mut self, row: &FieldRow, open: bool) {
        if is_open(row, self) != open {
            let before = self.turned.len();
            self.turned.retain(|path| *path != row.path);
            if self.turned.len() == before {
                self.turned.push(row.path.clone());
            }
        }
    }
}

/// Returns true if a row is unfolded.
pub(super) fn is_open(row: &FieldRow, folds: &Folds) -> bool {
    row.has_children && ((folds.all || row.open) != folds.turned.contains(&row.path))
}

/// The rows that are not inside a folded one, by index.
pub(super) fn shown(fields: &[FieldRow], folds: &Folds) -> Vec<usize> {
    let mut shown = Vec::with_capacity(fields.len());
    let mut hidden_below = usize::MAX;
    for (index, row) in fields.iter().enumerate() {
        if row.depth > hidden_below {
            continue;
        }
        shown.push(index);
        hidden_below =
            if row.has_children && !is_open(row, folds) { row.depth } else { usize::MAX };
    }
    shown
}

/// The row for `span`: `hint` if it has these bytes, else the outermost row with exactly these
/// bytes, else the innermost one around them.
pub(super) fn row_for(
    fields: &[FieldRow],
    among: impl Iterator<Item = usize> + Clone,
    span: Span,
    hint: Option<usize>,
) -> Option<usize> {
    let has = |index: &usize| fields.get(*index).is_some_and(|row| row.span == span);
    hint.filter(has).or_else(|| among.clone().find(has)).or_else(|| {
        let around = |index: &usize| {
            fields.get(*index).is_some_and(|row| row.span.contains(span) && !row.span.is_empty())
        };
        among.filter(around).min_by_key(|index| fields.get(*index).map(|row| row.span.len()))
    })
}

/// The effect of a key in the tree.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum KeyEffect {
    /// Go to this row, an index of all rows.
    To(usize),
    /// Unfold the row.
    Unfold,
    /// Fold the row.
    Fold,
}

/// The effect of a key at row `current`. `shown` are the visible rows.
pub(super) fn key_effect(
    fields: &[FieldRow],
    shown: &[usize],
    folds: &Folds,
    current: usize,
    key: &str,
) -> Option<KeyEffect> {
    let at = shown.iter().position(|index| *index == current)?;
    let row = fields.get(current)?;
    let to = |at: usize| shown.get(at).copied().map(KeyEffect::To);
    match key {
        "ArrowDown" => to((at + 1).min(shown.len() - 1)),
        "ArrowUp" => to(at.saturating_sub(1)),
        "Home" => to(0),
        "End" => to(shown.len() - 1),
        "ArrowRight" if row.has_children => {
            if is_open(row, folds) {
                to((at + 1).min(shown.len() - 1))
            } else {
                Some(KeyEffect::Unfold)
            }
        }
        "ArrowLeft" if is_open(row, folds) => Some(KeyEffect::Fold),
        "ArrowLeft" => shown
            .iter()
            .take(at)
            .rev()
            .find(|index| fields.get(**index).is_some_and(|above| above.depth < row.depth))
            .map(|index| KeyEffect::To(*index)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::fixture;
    use spnscope::message::field::Name;

    #[test]
    fn folding_hides_the_rows_inside() {
        let view = fixture::story();
        let mut folds = Folds::all_open();
        assert_eq!(shown(&view.fields, &folds).len(), view.fields.len());
        for row in &view.fields {
            folds.set(row, false);
        }
        let outermost = view.fields.iter().filter(|row| row.depth == 0).count();
        assert_eq!(shown(&view.fields, &folds).len(), outermost);
    }

    #[test]
    fn a_span_finds_its_row_or_the_one_around_it() {
        let view = fixture::story();
        let name = |span, hint| {
            let row = row_for(&view.fields, 0..view.fields.len(), span, hint);
            row.map(|row| view.fields[row].name.clone())
        };
        assert_eq!(name(Span::new(72, 88), None).as_deref(), Some("MIC"));
        assert_eq!(name(Span::new(80, 82), None).as_deref(), Some("MIC"));
        assert_eq!(name(Span::new(312, 346), None).as_deref(), Some("MsvAvTargetName"));
        assert_eq!(name(Span::new(0, 370), None), None);
        let bit = view
            .fields
            .iter()
            .position(|row| matches!(row.path.steps().last(), Some(Name::Flag(_))));
        assert_ne!(name(Span::new(60, 64), bit), name(Span::new(60, 64), None));
    }

    #[test]
    fn keys_lead_down_in_and_out() {
        let view = fixture::story();
        let folds = Folds::default();
        let rows = shown(&view.fields, &folds);
        let go = |from, key| key_effect(&view.fields, &rows, &folds, from, key);
        assert_eq!(go(0, "ArrowUp"), Some(KeyEffect::To(0)));
        assert_eq!(go(0, "ArrowDown"), Some(KeyEffect::To(rows[1])));
        assert_eq!(go(0, "End"), Some(KeyEffect::To(rows[rows.len() - 1])));
        assert_eq!(go(0, "ArrowRight"), None);
        let folded = view.fields.iter().position(|row| row.has_children && !row.open).unwrap();
        assert_eq!(go(folded, "ArrowRight"), Some(KeyEffect::Unfold));
        let open = view.fields.iter().position(|row| row.open).unwrap();
        assert_eq!(go(open, "ArrowLeft"), Some(KeyEffect::Fold));
        assert_eq!(go(open + 1, "ArrowLeft"), Some(KeyEffect::To(open)));
    }
}
