//! The form in which one asks without a capture: a user gets "Access is denied".

use spnscope_page::view::{AccessAnswer, AccessField, AccessForm, AccessView, Question, access};
use spnscope_page::workbench::{Action, Place};
use yew::prelude::*;

use super::{
    copy_report::{CopyReport, ReportHandle},
    headline::headline,
    levels::{Further, Levels},
    ways::plain_ways,
};
use crate::{
    components::common::{command::commands, data_text::data_text, each::each},
    dom::{events, focus},
    store::{Act, use_act},
};

/// Props of [`Access`].
#[derive(PartialEq, Properties)]
pub(crate) struct AccessProps {
    /// The form, as filled in.
    pub(crate) form: AccessForm,
    /// The report on the question.
    pub(crate) report: Option<ReportHandle>,
}

/// The fields, the answer at the three levels, and the commands that find the events.
#[component]
pub(crate) fn Access(props: &AccessProps) -> Html {
    let act = use_act();
    use_effect_with((), |()| focus::focus(AccessField::Opened.id()));
    let view = access(&props.form);
    let fields = each(&AccessField::ALL, |_, it| field(*it, &props.form, &view, &act));
    let answer = match &view.answer {
        Some(it) => answer(it, props.report.as_ref()),
        None => html! {
            <p key="none" class="access__none levels levels--none">
                { "Say what the user opens, and see what the server answers at levels 0, 1 and 2." }
            </p>
        },
    };
    let sent = view.target_name.as_ref().map(|name| {
        html! {
            <p key="sent" class="small quiet">
                { "A Windows client then asks for " }
                <span class="mono">{ data_text(name) }</span>
                { "." }
            </p>
        }
    });
    html! {
        <div class="wrap access">
            <section key="ask" class="access__ask" aria-labelledby="access-h">
                <h1 id="access-h" class={classes!(view.answer.is_some().then_some("access__small"))}>
                    { "Users get “Access is denied”" }
                </h1>
                <p class="small quiet">
                    { "No capture is needed. What you type stays in this tab and is not kept." }
                </p>
                <div class="panel access__form">{ fields }{ sent }</div>
            </section>
            <div key="answer" class="access__answer">{ answer }</div>
            <section key="events" class="access__events section" aria-labelledby="access-events-h">
                <h2 id="access-events-h">{ "Is it this check? Ask the server" }</h2>
                <p>
                    { "Run these in PowerShell on the server, as administrator. An event 5168 means that it is this check. Paste what they print into the box above, and see what was asked for." }
                </p>
                <div class="access__commands">
                    { each(&view.commands, |_, command| html! {
                        <div>{ commands(std::slice::from_ref(command)) }</div>
                    }) }
                </div>
                <p class="small">
                    <a href="#learn-trouble">{ "Neither is there? How to tell the causes apart" }</a>
                    { ", or " }
                    <a href={format!("#/{}", Place::Decode.as_str())}>{ "go back" }</a>
                    { "." }
                </p>
            </section>
        </div>
    }
}

fn field(field: AccessField, form: &AccessForm, view: &AccessView, act: &Act) -> Html {
    let fault = view.faults.iter().find(|(at, _)| *at == field).map(|(_, fault)| fault);
    let act = act.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        if let Some(text) = events::input_text(&event) {
            act.emit(Action::Ask(field, text));
        }
    });
    let id = field.id();
    let about = format!("{id}-fault");
    html! {
        <div key={id} class="panel__part access__field">
            <label class="panel__label" for={id}>{ field.label() }</label>
            <input
                {id}
                class="input mono"
                type="text"
                value={form.text(field).to_owned()}
                placeholder={field.example()}
                spellcheck="false"
                autocomplete="off"
                autocapitalize="off"
                aria-describedby={about.clone()}
                aria-invalid={fault.is_some().then_some("true")}
                {oninput}
            />
            <p id={about} class="small editor__fault" role="status">
                { fault.map(|fault| data_text(fault)) }
            </p>
        </div>
    }
}

fn answer(answer: &AccessAnswer, report: Option<&ReportHandle>) -> Html {
    html! {
        <>
            { headline(&answer.headline) }
            <CopyReport key="report" report={report.cloned()} />
            <Levels key="levels" levels={Some(answer.levels.clone())} question={None::<Question>} further={Further::Form} />
            { answer.ways.as_ref().map(plain_ways) }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::fixture::{self, Part};

    fn form(opened: &str) -> AccessForm {
        let mut form = AccessForm::default();
        form.set(AccessField::Opened, opened.to_owned());
        form.set(AccessField::Names, "DCFR, dcfr.lab.lan".to_owned());
        form.set(AccessField::Addresses, "10.0.0.11".to_owned());
        form
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_three_cards_the_fix_and_the_two_commands_are_there() {
        let page = fixture::page(|| {
            html! { <Access form={form(r"\\10.0.0.100\share")} report={None::<ReportHandle>} /> }
        })
        .await;
        assert_eq!(page.elements("article").len(), 3, "{page:?}");
        assert_eq!(page.saying("heading", "Denied at levels 1 and 2.").len(), 1, "{page:?}");
        let events = page.by_role("region", "Is it this check? Ask the server");
        assert!(events.says("Id = 5168") && events.says("Id = 551"), "{events:?}");
        let ways = page.by_role("region", "How to fix it");
        assert!(ways.says("SrvAllowedServerNames"), "{ways:?}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn before_anything_is_said_the_form_asks_and_a_fault_stands_beside_its_field() {
        let page = fixture::page(|| {
            let form = AccessForm::default();
            html! { <Access {form} report={None::<ReportHandle>} /> }
        })
        .await;
        assert_eq!(page.elements("article"), [], "{page:?}");
        assert!(page.says("Say what the user opens"), "{page:?}");
        let html = fixture::drawn(|| {
            html! { <Access form={form(r"Z:\<img>")} report={None::<ReportHandle>} /> }
        })
        .await;
        let page = Part::parse(&html);
        let opened = page.by_role("textbox", AccessField::Opened.label());
        assert_eq!(page.with_attribute("aria-invalid", "true"), [opened], "{page:?}");
        let [fault] = page.saying("status", "That is a drive.")[..] else { panic!("{page:?}") };
        assert_eq!(fault.attribute("id"), opened.attribute("aria-describedby"), "{page:?}");
        assert!(html.contains(r"Z:\&lt;img>") || html.contains(r"Z:\&lt;img&gt;"), "{html}");
    }
}
