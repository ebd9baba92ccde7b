//! How else what was pasted can be read.

use spnscope::read::text::Reading;
use spnscope_page::workbench::Action;
use yew::prelude::*;

use super::draw::{draw, each};

/// One button for each other reading, and one back to the best where another was asked for.
pub(super) fn readings(others: &[Reading], asked: Option<Reading>) -> Html {
    let others = others.iter().map(|other| (Some(*other), other.label()));
    let ways: Vec<_> = others.chain(asked.map(|_| (None, "what it looks like"))).collect();
    let buttons = each(&ways, |index, (reading, label)| {
        draw!(
            " <button key={} class=link type=button onclick={}>Read as {}</button>",
            index,
            Action::ReadAs(*reading),
            *label,
        )
    });
    draw!(
        "<p key=readings class='small quiet' hidden={}>This can be read in more than one way.{}</p>",
        ways.is_empty(),
        buttons,
    )
}
