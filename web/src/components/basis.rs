//! How sure a statement is.

use spnscope::judge::smb::Basis;
use yew::prelude::*;

use super::draw::{draw, each};

const TICKS: [&str; 5] = ["0.5", "5.1", "9.7", "14.3", "18.9"];

/// The basis as a link to the rule with this code, where its source stands.
pub(super) fn basis_mark(basis: Basis, rule: &'static str) -> Html {
    draw!("<a class=basis__link href='{}{}'>{}</a>", "#rule-", rule, ticks(basis))
}

/// Five ticks, filled from the left by degree, and the word.
pub(super) fn ticks(basis: Basis) -> Html {
    let degree = usize::from(basis.degree());
    let ticks = each(&TICKS, |index, x| {
        let class = (index >= degree).then_some("off");
        draw!("<rect x={} y=0.5 width=3 height=9 class={}/>", *x, class)
    });
    draw!(
        "<span class=basis>\
           <svg viewBox='0 0 23 10' aria-hidden=true focusable=false>{}</svg>{}\
         </span>",
        ticks,
        basis.word(),
    )
}
