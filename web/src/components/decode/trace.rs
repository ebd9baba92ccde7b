//! The whole message on one line, to scale.

use spnscope::base::span::Span;
use spnscope_page::workbench::SelectAction;
use yew::prelude::*;

use super::{
    pointing::use_point,
    readouts::mark_class,
    trace_layout::{TraceBlock, TraceLabel, blocks, labels, percent, thousandths},
};
use crate::{
    dom::events::{span_attribute, span_under},
    store::{Shared, use_act},
};

/// Props of [`Trace`].
#[derive(PartialEq, Properties)]
pub(crate) struct TraceProps {
    /// The view of the chosen message.
    pub(crate) view: Shared,
    /// The bytes that are selected.
    pub(crate) selected: Option<Span>,
    /// The bytes pointed at.
    pub(crate) pointed: Option<Span>,
}

/// A picture; the field tree has the same content for readers who do not see it.
#[component]
pub(crate) fn Trace(props: &TraceProps) -> Html {
    let (act, point) = (use_act(), use_point());
    let TraceProps { view, selected, pointed } = props;
    let layout = use_memo(view.clone(), |view| (blocks(&view.map), labels(view)));
    let (blocks, labels) = &*layout;
    let len = view.map.len;
    let onmouseover = {
        let point = point.clone();
        move |event: MouseEvent| point.emit(span_under(&event))
    };
    let onclick = move |event: MouseEvent| {
        if let Some(span) = span_under(&event) {
            act.emit(SelectAction::Bytes(Some(span)));
        }
    };
    let touches =
        |span: Option<Span>, block: &TraceBlock| span.is_some_and(|span| span.overlaps(block.span));
    html! {
        <div class="bench__wide">
            <svg
                class="trace"
                role="img"
                aria-label={description(labels, len)}
                {onmouseover}
                onmouseleave={point.on(None)}
                {onclick}
            >
                <defs key="defs">
                    <pattern
                        id="trace-hatch"
                        width="4"
                        height="4"
                        patternUnits="userSpaceOnUse"
                        patternTransform="rotate(45)"
                    >
                        <line class="trace__hatch" x1="1" y1="0" x2="1" y2="4" />
                    </pattern>
                </defs>
                <g key="blocks">
                    for block in blocks {
                        <rect
                            key={block.span.start}
                            class={classes!(
                                "trace__field",
                                block.odd.then_some("is-odd"),
                                block.mark.map(mark_class),
                                block.is_gap.then_some("is-loose"),
                                touches(*pointed, block).then_some("is-linked"),
                                touches(*selected, block).then_some("is-selected"),
                            )}
                            x={percent(thousandths(block.span.start, len))}
                            y="0.5"
                            width={percent(thousandths(block.span.len(), len))}
                            height="15"
                            data-span={span_attribute(block.span)}
                        />
                    }
                </g>
                <rect key="frame" class="trace__frame" x="0" y="0.5" width="100%" height="15" />
                <g key="labels">{ for labels.iter().map(|it| label(it, len)) }</g>
            </svg>
        </div>
    }
}

fn label(label: &TraceLabel, len: usize) -> Html {
    let tick = percent(thousandths(label.at, len));
    html! {
        <g key={label.at}>
            <line class="trace__tick" x1={tick.clone()} x2={tick} y1="16" y2="21" />
            <text
                class={classes!("trace__label", label.mark.map(mark_class))}
                x={percent(label.place)}
                y="33"
                text-anchor={label.ends.then_some("end")}
            >
                { label.text.clone() }
            </text>
        </g>
    }
}

fn description(labels: &[TraceLabel], len: usize) -> String {
    let parts: Vec<_> = labels.iter().map(|label| label.text.as_str()).collect();
    format!("The message to scale, {len} bytes. Where its parts begin: {}.", parts.join("; "))
}
