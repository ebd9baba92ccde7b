//! Copies of the report, beside the headline: byte for byte as the command line prints it.

use std::{rc::Rc, sync::Arc};

use gloo_timers::callback::Timeout;
use spnscope_page::view::{ReportForm, Reported};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    components::common::each::each,
    dom::{self, clipboard},
};

/// The time for which the page says that the report was copied, in milliseconds.
const NOTICE_MILLIS: u32 = 4000;

/// A report that is rendered only to be copied.
#[derive(Clone, Debug)]
pub(crate) struct ReportHandle(Rc<Reported>);

impl From<Reported> for ReportHandle {
    fn from(reported: Reported) -> Self {
        Self(Rc::new(reported))
    }
}

/// The analysis identifies an input: every change makes a new one.
impl PartialEq for ReportHandle {
    fn eq(&self, other: &Self) -> bool {
        match (&*self.0, &*other.0) {
            (Reported::Decoded(one), Reported::Decoded(other)) => Arc::ptr_eq(one, other),
            _ => Rc::ptr_eq(&self.0, &other.0),
        }
    }
}

/// Props of [`CopyReport`].
#[derive(PartialEq, Properties)]
pub(crate) struct CopyReportProps {
    /// The report; `None` if there is nothing to report on.
    pub(crate) report: Option<ReportHandle>,
}

/// One button for each form.
#[component]
pub(crate) fn CopyReport(props: &CopyReportProps) -> Html {
    let said = use_state_eq(Option::<&'static str>::default);
    {
        let silence = said.setter();
        use_effect_with(*said, move |said| {
            let timeout = said.map(|_| Timeout::new(NOTICE_MILLIS, move || silence.set(None)));
            move || drop(timeout)
        });
    }
    let Some(report) = props.report.clone() else {
        return html! { <p class="report" hidden={true}></p> };
    };
    let buttons = each(&ReportForm::ALL, |_, form| {
        let (report, said, form) = (report.clone(), said.setter(), *form);
        let onclick = Callback::from(move |_: MouseEvent| {
            let (report, said) = (report.clone(), said.clone());
            spawn_local(async move {
                let is_copied = clipboard::copy(&report.0.render(form)).await.is_ok();
                let words =
                    if is_copied { "Copied" } else { "Your browser does not let the page copy" };
                said.set(Some(words));
                dom::say(words);
            });
        });
        html! {
            <button
                key={form.label()}
                class="link"
                type="button"
                aria-label={format!("Copy the report as {}", form.label())}
                {onclick}
            >
                { form.label() }
            </button>
        }
    });
    html! {
        <p class="report bench__wide small">
            <span key="words" class="quiet">{ "Copy report:" }</span>
            { buttons }
            <span key="said" class="report__said">{ *said }</span>
        </p>
    }
}

#[cfg(test)]
mod tests {
    use spnscope_page::workbench::{PasteAction, Workbench};

    use super::*;
    use crate::components::fixture;

    #[tokio::test(flavor = "current_thread")]
    async fn a_report_has_a_button_for_each_form() {
        let page = fixture::page(|| {
            let story = Workbench::default().apply(PasteAction::Sample(0));
            html! { <CopyReport report={story.reported().map(ReportHandle::from)} /> }
        })
        .await;
        page.by_role("button", "Copy the report as text");
        page.by_role("button", "Copy the report as JSON");
        let page = fixture::page(|| html! { <CopyReport report={None::<ReportHandle>} /> }).await;
        assert_eq!(page.elements("button"), [], "{page:?}");
    }
}
