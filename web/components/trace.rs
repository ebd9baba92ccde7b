//! The whole message on one line, to scale.

use spnscope::{span::Span, workbench::Action};
use yew::prelude::*;

use super::{
    said::mark_class,
    trace_layout::{Block, Label, blocks, labels, percent, thousandths},
};
use crate::{
    dom::events::{span_attribute, span_under},
    store::{Shared, use_dispatch},
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
    let dispatch = use_dispatch();
    let layout = use_memo(view.clone(), |view| (blocks(&view.map), labels(view)));
    let (blocks, labels) = &*layout;
    let len = view.map.len;
    let onmouseover = {
        let dispatch = dispatch.clone();
        move |event: MouseEvent| dispatch.emit(Action::Point(span_under(&event)))
    };
    let onmouseleave = {
        let dispatch = dispatch.clone();
        move |_| dispatch.emit(Action::Point(None))
    };
    let onclick = move |event: MouseEvent| {
        if let Some(span) = span_under(&event) {
            dispatch.emit(Action::Select(Some(span)));
        }
    };
    let touches =
        |span: Option<Span>, block: &Block| span.is_some_and(|span| span.overlaps(block.span));
    let blocks = blocks.iter().map(|block| {
        let class = classes!(
            "trace__field",
            block.odd.then_some("is-odd"),
            block.mark.map(mark_class),
            block.is_gap.then_some("is-loose"),
            touches(*pointed, block).then_some("is-linked"),
            touches(*selected, block).then_some("is-selected"),
        );
        html! {
            <rect
                key={block.span.start}
                {class}
                x={percent(thousandths(block.span.start, len))}
                y="0.5"
                width={percent(thousandths(block.span.len(), len))}
                height="15"
                data-span={span_attribute(block.span)}
            />
        }
    });
    html! {
        <div class="bench__wide">
            <svg
                class="trace"
                role="img"
                aria-label={description(labels, len)}
                {onmouseover}
                {onmouseleave}
                {onclick}
            >
                <defs key="defs">
                    <pattern id="trace-hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                        <line class="trace__hatch" x1="1" y1="0" x2="1" y2="4" />
                    </pattern>
                </defs>
                <g key="blocks">{ for blocks }</g>
                <rect key="frame" class="trace__frame" x="0" y="0.5" width="100%" height="15" />
                <g key="labels">{ for labels.iter().map(|it| label(it, len)) }</g>
            </svg>
        </div>
    }
}

fn label(label: &Label, len: usize) -> Html {
    let tick = percent(thousandths(label.at, len));
    let anchor = label.ends.then_some("end");
    html! {
        <g key={label.at}>
            <line class="trace__tick" x1={tick.clone()} x2={tick} y1="16" y2="21" />
            <text class={classes!("trace__label", label.mark.map(mark_class))} x={percent(label.place)} y="33" text-anchor={anchor}>
                { &label.text }
            </text>
        </g>
    }
}

fn description(labels: &[Label], len: usize) -> String {
    let parts: Vec<_> = labels.iter().map(|label| label.text.as_str()).collect();
    format!("The message to scale, {len} bytes. Where its parts begin: {}.", parts.join("; "))
}
