//! The check of the server, step by step.

use spnscope::judge::smb::StepState;
use spnscope_page::view::StepCell;
use yew::prelude::*;

use crate::{
    components::common::{basis::basis_mark, data_text::visible, icon::Icon},
    store::Shared,
};

/// Props of [`Steps`].
#[derive(PartialEq, Properties)]
pub(crate) struct StepsProps {
    /// The view of the chosen message.
    pub(crate) view: Shared,
}

/// A table with a row a step and a column a level; equal cells are merged.
#[component]
pub(crate) fn Steps(props: &StepsProps) -> Html {
    let steps = &props.view.steps;
    html! {
        <section
            class="section bench__wide"
            id="steps"
            aria-labelledby="steps-h"
            hidden={steps.is_empty()}
        >
            <div class="section__head">
                <h2 id="steps-h">{ "What the server does, step by step" }</h2>
                <span class="quiet small">{ "in the order it does it" }</span>
            </div>
            <div class="steps-scroll" tabindex="0" role="group" aria-label="Steps, as a table">
                <table class="steps">
                    <thead>
                        <tr>
                            <th scope="col">{ "Step" }</th>
                            <th scope="col" id="steps-0"><b>{ "Level 0" }</b>{ " Off" }</th>
                            <th scope="col" id="steps-1">
                                <b>{ "Level 1" }</b>
                                { " Accept if provided" }
                            </th>
                            <th scope="col" id="steps-2">
                                <b>{ "Level 2" }</b>
                                { " Required" }
                            </th>
                        </tr>
                    </thead>
                    <tbody>
                        for row in steps {
                            <tr key={row.name}>
                                <th scope="row">{ row.name }</th>
                                { for row.cells.iter().map(cell) }
                            </tr>
                        }
                    </tbody>
                </table>
            </div>
        </section>
    }
}

fn cell(cell: &StepCell) -> Html {
    let (class, icon, word) = match (cell.state, cell.accepted) {
        (Some(StepState::Passed), _) => ("is-accept", Some(Icon::Tick), "Passed: "),
        (Some(StepState::Failed), _) => ("is-deny", Some(Icon::Cross), "Failed: "),
        (Some(StepState::Assumed), _) => ("", Some(Icon::Dash), "Assumed: "),
        (Some(StepState::NotDone), _) => ("", Some(Icon::Dash), "Not done: "),
        (None, Some(true)) => ("is-accept", Some(Icon::Tick), ""),
        (None, Some(false)) => ("is-deny", Some(Icon::Cross), ""),
        (None, None) => ("", None, ""),
    };
    html! {
        <td colspan={cell.levels.to_string()} class={classes!(class)}>
            { icon.map(|icon| icon.draw("steps__mark")) }
            <span class="visually-hidden">{ word }</span>
            { visible(&cell.text) }
            if let Some((basis, rule)) = cell.basis {
                { " " }
                { basis_mark(basis, rule.code) }
                <span class="steps__source">{ rule.source }</span>
            }
        </td>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::fixture;

    #[tokio::test(flavor = "current_thread")]
    async fn cells_of_a_row_cover_the_three_levels() {
        let page = fixture::page(|| html! { <Steps view={fixture::story()} /> }).await;
        let steps = page.by_role("region", "What the server does, step by step");
        let rows: Vec<_> = steps.elements("row").into_iter().skip(1).collect();
        assert_eq!(rows.len(), fixture::story().steps.len(), "{page:?}");
        for row in rows {
            let widths = row.elements("cell").into_iter().filter_map(|it| it.attribute("colspan"));
            let width: usize = widths.filter_map(|width| width.parse::<usize>().ok()).sum();
            assert_eq!(width, 3, "{row:?}");
        }
        let denied = steps.saying("cell", "STATUS_ACCESS_DENIED 0xC0000022");
        assert!(!denied.is_empty(), "{page:?}");
    }
}
