//! The whole message on one line, to scale.

use spnscope::base::span::Span;
use spnscope_page::workbench::Action;
use yew::prelude::*;

use super::{
    draw::{draw, each, on},
    said::mark_class,
    trace_layout::{Block, Label, blocks, labels, percent, thousandths},
};
use crate::{
    dom::events::{span_attribute, span_under},
    hooks::use_memo,
    store::{Shared, act},
};

/// Props of [`Trace`].
#[derive(PartialEq, Properties)]
pub(crate) struct TraceProps {
    /// The view of the chosen message.
    pub(crate) view: Shared,
    /// The bytes that stay marked.
    pub(crate) selected: Option<Span>,
    /// The bytes pointed at.
    pub(crate) pointed: Option<Span>,
}

/// A picture; the field tree says the same to those who do not see it.
#[component]
pub(crate) fn Trace(props: &TraceProps) -> Html {
    let TraceProps { view, selected, pointed } = props;
    let layout = use_memo(view.clone(), |view| (blocks(&view.map), labels(view)));
    let (blocks, labels) = &*layout;
    let len = view.map.len;
    let listen = |read: fn(&MouseEvent) -> Option<Action>| {
        on(move |event: MouseEvent| {
            if let Some(action) = read(&event) {
                act(action);
            }
        })
    };
    let touches =
        |span: Option<Span>, block: &Block| span.is_some_and(|span| span.overlaps(block.span));
    let blocks = each(blocks, |_, block| {
        draw!(
            "<rect key={} class='trace__field {} {} {} {} {}' x={} y=0.5 width={} height=15 data-span={}/>",
            block.span.start,
            block.odd.then_some("is-odd"),
            block.mark.map(mark_class),
            block.is_gap.then_some("is-loose"),
            touches(*pointed, block).then_some("is-linked"),
            touches(*selected, block).then_some("is-selected"),
            percent(thousandths(block.span.start, len)),
            percent(thousandths(block.span.len(), len)),
            span_attribute(block.span),
        )
    });
    draw!(
        "<div class=bench__wide>\
           <svg class=trace role=img aria-label={} onmouseover={} onmouseleave={} onclick={}>\
             <defs key=defs>\
               <pattern id=trace-hatch width=4 height=4 patternUnits=userSpaceOnUse patternTransform=rotate(45)>\
                 <line class=trace__hatch x1=1 y1=0 x2=1 y2=4/>\
               </pattern>\
             </defs>\
             <g key=blocks>{}</g>\
             <rect key=frame class=trace__frame x=0 y=0.5 width=100% height=15/>\
             <g key=labels>{}</g>\
           </svg>\
         </div>",
        description(labels, len),
        listen(|event| Some(Action::Point(span_under(event)))),
        Action::Point(None),
        listen(|event| span_under(event).map(|span| Action::Select(Some(span)))),
        blocks,
        each(labels, |_, it| label(it, len)),
    )
}

fn label(label: &Label, len: usize) -> Html {
    let tick = percent(thousandths(label.at, len));
    draw!(
        "<g key={}>\
           <line class=trace__tick x1={} x2={} y1=16 y2=21/>\
           <text class='trace__label {}' x={} y=33 text-anchor={}>{}</text>\
         </g>",
        label.at,
        tick.clone(),
        tick,
        label.mark.map(mark_class),
        percent(label.place),
        label.ends.then_some("end"),
        label.text.clone(),
    )
}

fn description(labels: &[Label], len: usize) -> String {
    let parts: Vec<_> = labels.iter().map(|label| label.text.as_str()).collect();
    format!("The message to scale, {len} bytes. Where its parts begin: {}.", parts.join("; "))
}
