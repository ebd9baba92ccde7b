//! What the server does, step by step.

use spnscope::{
    policy::StepState,
    view::{StepCell, StepRow},
};
use yew::prelude::*;

use super::{
    basis::basis_mark,
    icon::Icon,
    leaf::{element, span, text},
    visible,
};

const LEVELS: [(&str, &str); 3] =
    [("Level 0", "Off"), ("Level 1", "Accept if provided"), ("Level 2", "Required")];

/// Rows are steps, columns are levels; what is the same spans.
pub(super) fn steps(steps: &[StepRow]) -> Html {
    html! {
        <section key="steps" class="section bench__wide" id="steps" aria-labelledby="steps-h" hidden={steps.is_empty()}>
            <div class="section__head">
                <h2 id="steps-h">{ "What the server does, step by step" }</h2>
                { span("quiet small", text("in the order it does it")) }
            </div>
            <div class="steps-scroll" tabindex="0" role="group" aria-label="Steps, as a table">
                <table class="steps">
                    <thead>
                        <tr>
                            <th scope="col">{ "Step" }</th>
                            { for LEVELS.iter().enumerate().map(|(index, (level, name))| html! {
                                <th key={index} scope="col" id={format!("steps-{index}")}>{ element("b", "", text(*level)) }{ " " }{ name }</th>
                            }) }
                        </tr>
                    </thead>
                    <tbody>{ for steps.iter().map(row) }</tbody>
                </table>
            </div>
        </section>
    }
}

fn row(row: &StepRow) -> Html {
    html! {
        <tr key={row.name}>
            <th scope="row">{ row.name }</th>
            { for row.cells.iter().map(cell) }
        </tr>
    }
}

fn cell(cell: &StepCell) -> Html {
    let (class, icon, word) = match (cell.state, cell.accepted) {
        (Some(StepState::Passed), _) => ("is-accept", Some(Icon::Tick), "Passed: "),
        (Some(StepState::Failed), _) => ("is-deny", Some(Icon::Cross), "Failed: "),
        (Some(StepState::Assumed), _) => ("", Some(Icon::Dash), "Taken as passed: "),
        (Some(StepState::NotDone), _) => ("", Some(Icon::Dash), "Not done: "),
        (None, Some(true)) => ("is-accept", Some(Icon::Tick), ""),
        (None, Some(false)) => ("is-deny", Some(Icon::Cross), ""),
        (None, None) => ("", None, ""),
    };
    html! {
        <td colspan={cell.levels.to_string()} {class}>
            if let Some(icon) = icon { { icon.draw("steps__mark") } }
            { span("visually-hidden", text(word)) }
            { visible(&cell.text) }
            if let Some((basis, source)) = cell.basis {
                { " " }
                { basis_mark(basis) }
                { span("steps__source", text(source)) }
            }
        </td>
    }
}

#[cfg(all(test, feature = "ssr-tests"))]
mod tests {
    use super::*;
    use crate::components::fixture;

    #[tokio::test(flavor = "current_thread")]
    async fn cells_of_a_row_cover_the_three_levels() {
        let html = fixture::drawn(|| steps(&fixture::story().steps)).await;
        let width: usize = html
            .split("colspan=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next()?.parse::<usize>().ok())
            .sum();
        assert_eq!(width, 3 * fixture::story().steps.len(), "{html}");
        assert!(html.contains("STATUS_ACCESS_DENIED 0xC0000022"), "{html}");
    }
}
