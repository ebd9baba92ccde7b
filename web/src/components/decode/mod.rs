//! The place Decode, once something is decoded.
//!
//! The answer is painted before the parts that it rests on: after each change they stay for one
//! frame as they were. The many, folded rules are drawn last.

mod access;
mod answer;
mod byte_chunk;
mod byte_view;
mod captured;
mod chunks;
mod compare;
mod copy_as;
mod copy_report;
mod edited;
mod field_tree;
mod findings;
mod first_visit;
mod found;
mod headline;
mod inspector;
mod jump;
mod level_details;
mod levels;
mod paste;
mod pointing;
mod prove;
mod question;
mod readings;
mod readouts;
mod row_detail;
mod sample_list;
mod server_only;
mod sign_ins;
mod steps;
mod text_box;
mod trace;
mod trace_layout;
mod tree_row;
mod tree_rows;
mod value_editor;
mod ways;

pub(crate) use access::{Access, AccessProps};
pub(crate) use compare::Compared;
pub(crate) use copy_report::ReportHandle;
pub(crate) use first_visit::FirstVisit;
pub(crate) use headline::{plain as plain_headline, plain_verdict, sentence as headline_sentence};
pub(crate) use paste::{BoxShape, Paste, PasteProps};
pub(crate) use server_only::ServerOnly;
pub(crate) use sign_ins::SignInsProps;
pub(crate) use text_box::Prefill;

use spnscope::base::{finding::Severity, span::Span};
use spnscope::judge::smb::ServerSettings;
use spnscope_page::view::{Mark, ServerBasis, ServerNote};
use spnscope_page::workbench::{Editing, Place};
use yew::prelude::*;

use self::{
    answer::Answer,
    byte_view::ByteView,
    compare::Compare,
    copy_as::CopyAs,
    edited::Edited,
    field_tree::FieldTree,
    findings::Findings,
    inspector::Inspector,
    pointing::Point,
    prove::Prove,
    sign_ins::{SignIns, back},
    steps::Steps,
    trace::Trace,
    tree_rows::row_for,
    value_editor::ValueEditor,
    ways::Ways,
};
use crate::{
    components::server::{import::ImportProps, panel::ServerPanel},
    dom,
    store::Shared,
};

/// Props of [`Decode`].
#[derive(PartialEq, Properties)]
pub(crate) struct DecodeProps {
    /// The view of the chosen message.
    pub(crate) view: Shared,
    /// The report on it.
    pub(crate) report: Option<ReportHandle>,
    /// The place that the reader came from, with its address behind `#/`.
    pub(crate) back: Option<(Place, AttrValue)>,
    /// All sign-ins, where there are several.
    pub(crate) sign_ins: Option<SignInsProps>,
    /// The chosen message beside another.
    pub(crate) compared: Option<Compared>,
    /// The bytes that are selected.
    pub(crate) selected: Option<Span>,
    /// The server in force.
    pub(crate) settings: ServerSettings,
    /// The source of the facts about it.
    pub(crate) basis: ServerBasis,
    /// The notes about the server beside the answer.
    pub(crate) notes: Vec<ServerNote>,
    /// The last import.
    pub(crate) import: ImportProps,
    /// The value that is being edited.
    pub(crate) editing: Option<Editing>,
    /// True if the input can be handed on.
    pub(crate) linkable: bool,
    /// The address that hands on the input, once the reader asked for it.
    pub(crate) link: Option<AttrValue>,
}

/// The answer, then the parts it rests on.
#[component]
pub(crate) fn Decode(props: &DecodeProps) -> Html {
    let DecodeProps {
        view, compared, selected, settings, basis, notes, import, editing, link, ..
    } = props;
    let top = TopParts { compared: compared.as_ref(), sign_ins: props.sign_ins.as_ref() };
    // The answer is painted first; the parts it rests on stay as they were till then. Without a
    // browser, all is drawn at once.
    let now = view.number();
    let whole = use_state_eq(move || if cfg!(target_arch = "wasm32") { 0 } else { now });
    let set_whole = whole.setter();
    use_effect_with(now, move |&now| dom::after_paint(move || set_whole.set(now)));
    let rest = use_mut_ref(<[Html; 2]>::default);
    let looked_at = use_state_eq(usize::default);
    let on_look = {
        let set = looked_at.setter();
        use_callback((), move |row, ()| set.set(row))
    };
    let pointed = use_state_eq(Option::<Span>::default);
    let point = {
        let pointed = pointed.setter();
        Point(use_callback((), move |span, ()| pointed.set(span)))
    };
    {
        // The pointer was on bytes of another message.
        let pointed = pointed.setter();
        use_effect_with(now, move |_| pointed.set(None));
    }
    let seen = use_mut_ref(Option::<Span>::default);

    let answer = {
        let (notes, report, back) = (notes.clone(), props.report.clone(), props.back.clone());
        html! { <Answer key="said" view={view.clone()} {notes} {report} {back} /> }
    };
    // If nothing is painted, nothing waits for a paint: a forgotten secret is gone at once.
    if *whole != now && !dom::leaving::is_away() {
        return place(point, top, answer, rest.borrow().clone());
    }

    let (selected, pointed) = (*selected, *pointed);
    // The inspector follows the pointer and keeps the last field.
    if pointed.is_some() || selected.is_some() {
        *seen.borrow_mut() = pointed.or(selected);
    }
    let rows = 0..view.fields.len();
    let row = seen
        .borrow()
        .and_then(|span| row_for(&view.fields, rows, span, Some(*looked_at)))
        .or_else(|| first_to_see(view));

    // The field to copy does not follow the pointer.
    let chosen = selected
        .and_then(|span| row_for(&view.fields, 0..view.fields.len(), span, Some(*looked_at)))
        .or_else(|| first_to_see(view));

    let wrong = view.findings.iter().any(|finding| finding.severity > Severity::Note);
    let findings =
        |shown: bool| shown.then(|| html! { <Findings key="findings" view={view.clone()} /> });
    let beside = html! {
        <>
            <Edited key="edited" view={view.clone()} />
            <Trace key="trace" view={view.clone()} {selected} {pointed} />
            { findings(wrong) }
        </>
    };
    let below = html! {
        <>
            <div key="bench" class="bench section section--close">
                <FieldTree key="fields" view={view.clone()} {selected} {pointed} {on_look} />
                <section key="bytes" class="bench__bytes" aria-labelledby="bytes-h">
                    { legend(view) }
                    <ByteView key="view" view={view.clone()} {selected} {pointed} />
                    <Inspector key="inspector" view={view.clone()} {row} />
                    <CopyAs key="copy" view={view.clone()} row={chosen} linkable={props.linkable} has_server={*settings != ServerSettings::default()} link={link.clone()} />
                    if let Some(editing) = editing {
                        <ValueEditor key={editing.path.to_string()} editing={editing.clone()} />
                    }
                </section>
                <div key="rail" class="rail">
                    <ServerPanel
                        key="server"
                        settings={settings.clone()}
                        panel={view.server.clone()}
                        basis={*basis}
                        import={import.clone()}
                    />
                    <Prove key="prove" view={view.clone()} />
                </div>
            </div>
            <div key="below">
                <Ways key="ways" view={view.clone()} />
                <Steps key="steps" view={view.clone()} />
                { findings(!wrong) }
            </div>
        </>
    };
    *rest.borrow_mut() = [beside.clone(), below.clone()];
    place(point, top, answer, [beside, below])
}

/// The parts above the answer.
#[derive(Clone, Copy)]
struct TopParts<'p> {
    compared: Option<&'p Compared>,
    sign_ins: Option<&'p SignInsProps>,
}

/// Draws the differences from another message, the sign-ins, the answer to the chosen one, and the
/// parts beside and below it.
fn place(
    point: Point,
    TopParts { compared, sign_ins }: TopParts<'_>,
    answer: Html,
    [beside, below]: [Html; 2],
) -> Html {
    let compared = compared.map(|view| html! { <Compare view={view.clone()} /> });
    let table = sign_ins.map(|props| html! { <SignIns key="sign-ins" ..props.clone() /> });
    html! {
        <ContextProvider<Point> context={point}>
        <div class="wrap">
            <div key="compared">{ compared }</div>
            <div key="table">{ table }</div>
            <div key="answer" class="bench answer">
                { sign_ins.map(|props| back(props.chosen)) }
                { answer }
                { beside }
            </div>
            { below }
        </div>
        </ContextProvider<Point>>
    }
}

/// The row that the inspector starts with: the target name, else the first.
fn first_to_see(view: &Shared) -> Option<usize> {
    let named = view.fields.iter().position(|row| row.mark == Some(Mark::TargetName));
    named.or_else(|| (!view.fields.is_empty()).then_some(0))
}

/// Draws the legend of the marks in the bytes; only of those that occur.
fn legend(view: &Shared) -> Html {
    let has_mark = |mark| view.map.cells.iter().any(|cell| cell.mark == Some(mark));
    let is_changed = view.edited.is_some() && view.map.cells.iter().any(|cell| cell.changed);
    let has_gap = view.map.cells.iter().any(|cell| cell.is_gap);
    let has_finding =
        view.map.cells.iter().any(|cell| cell.finding.is_some() && cell.mark.is_none());
    let items = [
        (has_mark(Mark::TargetName), "swatch--target", "target name"),
        (has_mark(Mark::Mic), "swatch--mic", "MIC"),
        (has_finding, "swatch--finding", "finding"),
        (has_gap, "swatch--loose", "no field"),
        (is_changed, "swatch--changed", "edited"),
        (true, "swatch--selected", "selected"),
    ];
    let items = items.into_iter().filter(|(shown, ..)| *shown);
    html! {
        <div key="head" class="section__head">
            <h2 id="bytes-h">{ "Bytes" }</h2>
            <ul class="legend small" aria-label="Marks">
                for (_, class, word) in items {
                    <li key={word} class="legend__item">
                        <span class={classes!("swatch", class)} />
                        { word }
                    </li>
                }
            </ul>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use yew::ServerRenderer;

    use super::*;
    use crate::components::fixture::{self, Part};

    #[tokio::test(flavor = "current_thread")]
    async fn the_whole_place_is_drawn_and_names_are_written_out() {
        let html = ServerRenderer::<Decode>::with_props(|| DecodeProps {
            view: fixture::story(),
            report: None,
            back: None,
            sign_ins: None,
            compared: None,
            selected: None,
            settings: ServerSettings::default(),
            basis: ServerBasis::Sample,
            notes: Vec::new(),
            import: ImportProps { read: None, can_take_back: false },
            editing: None,
            linkable: true,
            link: None,
        })
        .hydratable(false)
        .render()
        .await;
        let page = Part::parse(&html);
        assert_eq!(page.saying("heading", "Denied at levels 1 and 2.").len(), 1, "{page:?}");
        for role in ["term", "definition", "article", "treegrid", "listbox", "radiogroup", "table"]
        {
            assert!(!page.elements(role).is_empty(), "no {role}");
        }
        for class in ["trace__field", "inspector"] {
            assert!(!page.with_class(class).is_empty(), "no {class}");
        }
        assert!(!html.contains("style="), "the policy forbids inline style");
    }
}
