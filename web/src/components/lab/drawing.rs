//! The drawing: the parties side by side, and the arrows between them from top to bottom.
//!
//! It is a list too, for windows too narrow for it and for readers who do not see it.

use spnscope::lab::relay::Party;
use spnscope_page::view::{DrawnActor, DrawnRow, LabView, StepMark, Wire};
use yew::prelude::*;

use crate::components::common::{
    data_text::{cut, data_text, visible},
    each::each,
};

/// The width of the drawing in its own units; it is as high as necessary.
const WIDTH: usize = 1000;
/// Half the width of a party's box.
const HALF_BOX: usize = 92;
/// The position of the first arrow, from the top.
const FIRST_ARROW: usize = 106;
/// The distance between arrows, and the heights that a name and a box add.
const ARROW_GAP: usize = 36;
const NAME_HEIGHT: usize = 20;
const BOX_HEIGHT: usize = 54;
/// The length of the longest target name on an arrow in characters, and the width of each.
const MAX_NAME_LEN: usize = 20;
const LETTER_WIDTH: usize = 8;

/// A row and its position.
struct PlacedRow<'v> {
    row: &'v DrawnRow,
    y: usize,
}

/// Draws the picture, and its content as a list.
pub(super) fn drawing(view: &LabView, step: usize) -> Html {
    let mut y = FIRST_ARROW - ARROW_GAP;
    let failed = view.steps.iter().position(|step| step.state == StepMark::Failed);
    let mut note = None;
    let rows: Vec<_> = view
        .rows
        .iter()
        .map(|row| {
            // If a check of the server ends the attempt, a box says so before the answer goes back.
            if let Some(at) = failed
                && note.is_none()
                && row.step > at
            {
                note = Some((at, y + 16));
                y += BOX_HEIGHT;
            }
            y += ARROW_GAP;
            if row.wires.iter().any(|wire| wire.name.is_some()) {
                y += NAME_HEIGHT;
            }
            PlacedRow { row, y }
        })
        .collect();
    let height = y + 26;
    let lines = each(&view.actors, |index, _| {
        let x = centre(index, view.actors.len());
        html! {
            <path key={index} class="topology__life" d={format!("M{} 70V{}", x, height - 8)} />
        }
    });
    html! {
        <div class="drawing">
            <p class="small quiet">{ "Opened: " }<code>{ view.opened }</code></p>
            <svg
                class="topology"
                viewBox={format!("0 0 {WIDTH} {height}")}
                aria-hidden="true"
            >
                { lines }
                { each(&view.actors, |index, actor| party(actor, centre(index, view.actors.len()))) }
                { each(&rows, |index, placed| drawn(view, placed, index, step)) }
                { note.map(|(at, y)| check(view, at, y)) }
            </svg>
            { listed(view, step, failed) }
        </div>
    }
}

/// Draws the content of the picture as a list.
fn listed(view: &LabView, step: usize, failed: Option<usize>) -> Html {
    let title = |party| {
        view.actors.iter().find(|actor| actor.party == party).map_or("", |actor| actor.title)
    };
    let actors = each(&view.actors, |index, actor| {
        html! {
            <p key={index}>
                <b>{ actor.title }</b>
                { " " }
                { actor.name }
                { " " }
                <code>{ actor.address }</code>
            </p>
        }
    });
    let mut ended = failed;
    let mut lines = Vec::new();
    for row in &view.rows {
        if let Some(at) = ended.take_if(|at| row.step > *at) {
            let (what, note) = verdict(view, at);
            lines.push(html! {
                <li class="is-refused"><b>{ what }</b>{ " " }<span>{ note }</span></li>
            });
        }
        lines.extend(row.wires.iter().map(|wire| {
            html! {
                <li class={classes!(state(row.step, step), row.refused.then_some("is-refused"))}>
                    <span>
                        { if wire.label.is_empty() { "passed on".into() } else { visible(&wire.label) } }
                    </span>
                    { " " }
                    { wire.name.as_ref().map(|name| html! {
    <>
        <span class="mono mark is-target-name">{ data_text(&cut(name, MAX_NAME_LEN)) }</span>
        { " " }
    </>
}) }
                    <span class="passages__way">
                        { title(wire.from) }
                        { " → " }
                        { title(wire.to) }
                    </span>
                </li>
            }
        }));
    }
    html! {
        <div class="passages" role="group" aria-label="Who sends what to whom">
            { actors }
            <ol>{ lines }</ol>
        </div>
    }
}

/// The class of the elements of step `at` while `step` is selected.
const fn state(at: usize, step: usize) -> &'static str {
    if at == step {
        "is-current"
    } else if at > step {
        "is-later"
    } else {
        ""
    }
}

/// The centre of a party.
fn centre(index: usize, parties: usize) -> usize {
    let first = HALF_BOX + 8;
    first + (WIDTH - 2 * first) * index / (parties - 1).max(1)
}

fn place(view: &LabView, party: Party) -> usize {
    let index = view.actors.iter().position(|actor| actor.party == party).unwrap_or_default();
    centre(index, view.actors.len())
}

fn party(actor: &DrawnActor, x: usize) -> Html {
    let title = actor.title;
    html! {
        <g
            key={title}
            class={classes!("topology__node", (actor.party == Party::Middle).then_some("is-middle"))}
        >
            <rect x={(x - HALF_BOX).to_string()} y="8" width={(2 * HALF_BOX).to_string()} height="62" />
            <text class="topology__title" x={(x - HALF_BOX + 10).to_string()} y="28">{ title }</text>
            <text x={(x - HALF_BOX + 10).to_string()} y="45">{ actor.name }</text>
            <text class="topology__address" x={(x - HALF_BOX + 10).to_string()} y="62">{ actor.address }</text>
        </g>
    }
}

fn drawn(view: &LabView, placed: &PlacedRow<'_>, index: usize, step: usize) -> Html {
    let PlacedRow { row, y } = placed;
    html! {
        <g
            key={index}
            class={classes!("topology__message", state(row.step, step), row.refused.then_some("is-refused"))}
        >
            { each(&row.wires, |index, it| {
            let (from, to) = (place(view, it.from), place(view, it.to));
            html! { <g key={index}>{ wire(it, from, to, *y) }</g> }
        }) }
        </g>
    }
}

fn wire(wire: &Wire, from: usize, to: usize, y: usize) -> Html {
    let middle = from.midpoint(to);
    // A gap, so that the lines of two parties do not touch.
    let (from, to, back) =
        if to > from { (from + 5, to - 5, to - 12) } else { (from - 5, to + 5, to + 12) };
    let name = wire.name.as_ref().map(|name| {
        // Cut as it is shown: hidden characters take more letters when written out.
        let full = visible(name).to_string();
        let name = cut(&full, MAX_NAME_LEN);
        let letters = name.chars().count();
        let changed = wire.sent.as_ref().map(|sent| differing(&visible(sent), &full));
        let waves = changed.map(|(start, end)| {
            let start = start.min(letters.saturating_sub(1));
            (start, end.clamp(start + 1, letters.max(start + 1)))
        });
        let width = (letters * LETTER_WIDTH + 14).max(40);
        html! {
            <>
                <rect
                    class="topology__name"
                    x={(middle - width / 2).to_string()}
                    y={(y - 22).to_string()}
                    width={width.to_string()}
                    height="20"
               />
                <text class="topology__spn" x={middle.to_string()} y={(y - 8).to_string()} text-anchor="middle">
                    { name }
                </text>
                { waves.map(|(start, end)| html! {
    <path
        class="topology__edit"
        d={format!("M{} {}q2 -4 4 0{}", middle + start * LETTER_WIDTH - letters * LETTER_WIDTH / 2, y - 3, "t4 0".repeat(2 * (end - start) - 1))}
   />
}) }
            </>
        }
    });
    html! {
        <>
            <path
                class="topology__wire"
                d={format!("M{} {}H{}M{} {}L{} {}L{} {}", from, y, to, back, y - 5, to, y, back, y + 5)}
           />
            <text
                x={middle.to_string()}
                y={(y - if wire.name.is_some() { 27 } else { 7 }).to_string()}
                text-anchor="middle"
                class={classes!(wire.edited.then_some("topology__changed"))}
            >
                { visible(&wire.label) }
            </text>
            { name }
        </>
    }
}

/// The part of `name` that differs from the one `sent`: its first such character, and the one after
/// the last. The two are equal if characters were only removed.
fn differing(sent: &str, name: &str) -> (usize, usize) {
    let (sent, name): (Vec<_>, Vec<_>) = (sent.chars().collect(), name.chars().collect());
    let same = sent.iter().zip(&name).take_while(|(one, other)| one == other).count();
    let rest = (sent.len().min(name.len())) - same;
    let ends = sent.iter().rev().zip(name.iter().rev()).take(rest);
    let tail = ends.take_while(|(one, other)| one == other).count();
    (same, name.len() - tail)
}

/// Draws the check of the server that ends the attempt.
fn check(view: &LabView, at: usize, y: usize) -> Html {
    let x = place(view, Party::Server) - HALF_BOX;
    let (what, note) = verdict(view, at);
    html! {
        <g key="check" class="topology__check">
            <rect x={x.to_string()} y={y.to_string()} width={(2 * HALF_BOX).to_string()} height="44" />
            <text class="topology__checktitle" x={(x + 10).to_string()} y={(y + 18).to_string()}>{ what }</text>
            <text class="topology__checknote" x={(x + 10).to_string()} y={(y + 35).to_string()}>{ note }</text>
        </g>
    }
}

/// The verdict of the step that ends the attempt: its finding, and the difference.
fn verdict(view: &LabView, at: usize) -> (String, String) {
    let step = &view.steps[at];
    let note = match &step.values {
        Some(values) => format!("{} of {} bytes differ", values.differing.0, values.differing.1),
        None => "see below".to_owned(),
    };
    (format!("{}: {}", step.name, step.word), note)
}
