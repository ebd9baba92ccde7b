//! The root component: the head and the places, around one store.

use spnscope_page::view::{BarView, Headline, Mark};
use spnscope_page::workbench::{PasteAction, Place, Workbench};
use yew::prelude::*;

use crate::{
    components::{
        Access, AccessProps, BoxShape, Compared, Decode, FirstVisit, ImportProps, Lab, Learn,
        Paste, PasteProps, Prefill, ReportHandle, Rules, ServerOnly, SignInsProps, VerdictBar,
        masthead, plain_headline, plain_verdict, visible,
    },
    dom::{self, early::EarlyInput},
    store::{Act, Shared, use_store},
};

/// Props of [`App`].
#[derive(Default, PartialEq, Properties)]
pub(crate) struct AppProps {
    /// The reader's actions before the program had started.
    pub(crate) early: EarlyInput,
}

/// The head and the places, around one store. The static foot is in `index.html`.
#[component]
pub(crate) fn App(props: &AppProps) -> Html {
    let (store, act) = use_store(props.early.typed.clone());
    let shape = use_mut_ref(|| BoxShape::Box);
    let workbench = &store.0;
    let view = workbench.view().map(|view| Shared::from(view.clone()));

    let server_only = workbench.server_only().cloned();
    let access = workbench.access();
    let import = ImportProps {
        read: workbench.imported().cloned(),
        can_take_back: workbench.can_take_import_back(),
    };

    // An input that is not understood leaves the box as it is.
    if view.is_some() || server_only.is_some() || access.is_some() {
        *shape.borrow_mut() = BoxShape::Strip;
    } else if workbench.is_empty() {
        *shape.borrow_mut() = BoxShape::Box;
    }
    let shape = *shape.borrow();

    let place = workbench.place();
    let title = title(workbench);
    use_effect_with(title, |title| dom::set_title(title));
    {
        let act = act.clone();
        use_effect_with((), move |()| {
            let leaving = dom::leaving::watch(&act);
            dom::address::follow(act);
            move || drop(leaving)
        });
    }
    {
        let early = props.early.clone();
        use_effect_with((), move |()| early.restore_focus());
    }
    use_effect_with((), |()| {
        let following = (dom::links::follow(), dom::print::unfold());
        move || drop(following)
    });
    // At first the place follows the address; later the address follows the place too.
    let was_at = use_mut_ref(Option::<Place>::default);
    let came_from = workbench.came_from();
    {
        let left = came_from.as_ref().map(|(_, address)| address.clone());
        use_effect_with(place, move |place| {
            dom::address::show(place.as_str());
            if was_at.replace(Some(*place)).is_some() {
                dom::address::follow_to(place.as_str(), left.as_deref());
            }
        });
    }
    // A change of the lab's setting changes its address too.
    let was_played = use_mut_ref(Option::<String>::default);
    let played = workbench.lab().filter(|_| place == Place::Relay);
    let setting = played.map(spnscope_page::workbench::Lab::address);
    use_effect_with(setting, move |setting| {
        if let Some(address) = setting
            && was_played.replace(Some(address.clone())).is_some()
        {
            dom::address::follow_setting(address);
        }
    });
    // An input that came with the address leaves it when it is replaced.
    let was_addressed = use_mut_ref(bool::default);
    let is_addressed = workbench.is_addressed() || workbench.asks_to_replace() || access.is_some();
    use_effect_with(is_addressed, move |is_addressed| {
        if was_addressed.replace(*is_addressed) && !is_addressed {
            dom::address::drop_input();
        }
    });
    let answer = match (place, workbench.lab()) {
        (Place::Relay, Some(lab)) => {
            let view = lab.view();
            format!("{} {}", view.ending.sentence(), visible(&view.why.text))
        }
        (Place::Decode, _) if access.is_some() => access
            .as_ref()
            .and_then(|access| access.answer.as_ref())
            .map(|answer| plain_headline(&answer.headline))
            .unwrap_or_default(),
        _ => answer_of(workbench).map(plain_headline).unwrap_or_default(),
    };
    let end = workbench.file_end().map(AttrValue::from);
    let refusal =
        end.or_else(|| workbench.refusal().map(|refusal| AttrValue::from(refusal.to_owned())));
    let remark = workbench.remark().map(|remark| AttrValue::from(remark.to_owned()));
    let (others, reading) = workbench.readings();
    let (sample, settings) = (workbench.sample(), workbench.server().clone());
    let prefill = match workbench.file() {
        Some(file) if workbench.prefilled().is_some() => Some(Prefill::File(file.words().into())),
        _ => workbench.prefilled().map(|bytes| Prefill::Bytes(bytes.into())),
    };
    let paste = PasteProps {
        shape,
        view: view.clone().filter(|_| access.is_none()),
        refusal: refusal.filter(|_| access.is_none()),
        remark: remark.filter(|_| access.is_none()),
        progress: workbench.reading(),
        offer: workbench.import_offer().map(AttrValue::from).filter(|_| access.is_none()),
        others: others.to_vec(),
        reading,
        sample,
        prefill,
        compared: workbench.comparison().cloned().map(Compared).filter(|_| access.is_none()),
        can_bring_back: workbench.can_bring_back(),
        is_shown: place == Place::Decode,
    };
    let (basis, notes) = (workbench.server_basis(), workbench.server_notes());
    let is_first = view.is_none() && server_only.is_none() && access.is_none();
    let report = workbench.reported().map(ReportHandle::from);
    let back = came_from.map(|(place, address)| (place, AttrValue::from(address)));
    let sign_ins =
        workbench.sign_ins().map(|(table, chosen)| SignInsProps { table: table.clone(), chosen });
    let rest = match (view, server_only) {
        _ if access.is_some() => {
            let props = AccessProps { form: workbench.access_form().clone(), report };
            html! { <Access key="access" ..props /> }
        }
        (Some(view), _) => {
            html! { <Decode key="decode" {view} {report} {back} {sign_ins} compared={workbench.comparison().cloned().map(Compared)} selected={workbench.selected()} {settings} {basis} {notes} {import} linkable={!workbench.input().is_empty()} link={workbench.link().map(|link| AttrValue::from(link.to_owned()))} editing={workbench.editing().map(|editing| (**editing).clone())} /> }
        }
        (None, Some(view)) => {
            html! { <ServerOnly key="told" {view} {report} {settings} {basis} {notes} {import} /> }
        }
        (None, None) => {
            html! { <FirstVisit key="first" tell={shape == BoxShape::Box} {notes} /> }
        }
    };
    // A new key for each answer that is drawn in a place of its own.
    let kind = match workbench.view() {
        _ if workbench.is_access_open() => "asked",
        Some(_) => "sign-in",
        None => "event",
    };
    let bar = bar(workbench).map(|bar| html! { <VerdictBar key={kind} {place} {bar} /> });
    let lab = workbench.lab().map(|lab| html! { <Lab key="lab" lab={lab.clone()} /> });
    html! {
            <ContextProvider<Act> context={act.clone()}>
                { (place == Place::Learn).then(|| html! { <Learn key="learn" /> }) }
                <a
                    key="skip"
                    class="skip"
                    href={if place == Place::Learn { "#learn" } else { "#main" }}
                >
                    { "Skip to the answer" }
                </a>
                { masthead(place) }
                <div key="bar">{ bar }</div>
                <main key="main" id="main" tabindex="-1">
                    <p key="live" class="visually-hidden" role="status">{ answer }</p>
                    <p key="lost" class="lost" role="status">
                        { workbench
                .address_not_found()
                .then_some("This address was not understood. What it asked for is not shown.") }
                        { workbench.asks_to_replace().then(|| html! {
        <>
            { "This link has another sign-in in it. Show it instead of what you pasted? " }
            <button class="button" type="button" onclick={act.on(PasteAction::Replace)}>
                { "Show it" }
            </button>
            { " " }
            <button class="button button--main" type="button" onclick={act.on(PasteAction::Stay)}>
                { "Keep mine" }
            </button>
        </>
    }) }
                    </p>
                    <div
                        key="decode"
                        class={classes!((shape == BoxShape::Box).then_some("wrap first"))}
                        hidden={place != Place::Decode}
                    >
                        <div key="ask" class="first__ask">
                            { (shape == BoxShape::Box).then(question) }
                        </div>
                        <Paste key="paste" ..paste />
                        <div key="rest" class={classes!("rest", is_first.then_some("rest--samples"))}>
                            { rest }
                        </div>
                    </div>
                    <div key="relay" hidden={place != Place::Relay}>{ lab }</div>
                </main>
                { dom::mount_point("rules").map(|place| create_portal(html! { <Rules key="rules" /> }, place)) }
            </ContextProvider<Act>>
        }
}

/// The purpose of the page, above the first box.
fn question() -> Html {
    html! {
        <h1 class="first__title">
            { "See which server a Windows sign-in was meant for, and whether that server lets it in." }
        </h1>
    }
}

/// The answer that is shown.
fn answer_of(workbench: &Workbench) -> Option<&Headline> {
    let server_only = || workbench.server_only().map(|view| &view.headline);
    workbench.view().map(|view| &view.headline).or_else(server_only)
}

/// The answer of the current place, for the bar once it leaves the window. Learn has none of its
/// own, so the bar has that of Decode there.
fn bar(workbench: &Workbench) -> Option<BarView> {
    if workbench.place() == Place::Relay {
        return BarView::of_lab(workbench.lab()?.view());
    }
    if workbench.place() == Place::Decode
        && let Some(access) = workbench.access()
    {
        let answer = access.answer?;
        return Some(BarView::of_sign_in(&answer.headline, &answer.levels));
    }
    let server_only = || {
        let view = workbench.server_only()?;
        Some(BarView::of_sign_in(&view.headline, view.levels.as_ref()?))
    };
    match workbench.view() {
        Some(view) => Some(BarView::of_sign_in(&view.headline, view.levels.as_ref()?)),
        None => server_only(),
    }
}

/// The length of the longest name in the title, in characters.
const MAX_TITLE_NAME: usize = 80;

/// The title of the tab: the verdict and the name it is about.
fn title(workbench: &Workbench) -> String {
    match (workbench.place(), workbench.lab()) {
        (Place::Relay, Some(lab)) => {
            let ending = lab.view().ending.sentence().trim_end_matches('.');
            return format!("SPNscope: relay lab, {}", ending.to_ascii_lowercase());
        }
        (Place::Learn, _) => return "SPNscope: learn how a server checks the name".to_owned(),
        _ if workbench.is_access_open() => {
            return "SPNscope: users get “Access is denied”".to_owned();
        }
        _ => {}
    }
    let Some(view) = workbench.view() else {
        return match workbench.refusal() {
            _ if workbench.server_only().is_some() => title_of_event(workbench),
            _ if workbench.offers_import() => "SPNscope: settings of a server".to_owned(),
            Some(_) => "SPNscope: nothing recognised".to_owned(),
            None => "SPNscope".to_owned(),
        };
    };
    let verdict = in_title(&view.headline);
    let name = view
        .readouts
        .iter()
        .find(|readout| readout.mark == Some(Mark::TargetName) && readout.is_data);
    let chosen = view.exchanges.iter().flat_map(|group| &group.chips).find(|chip| chip.chosen);
    let what = [
        (!verdict.is_empty()).then_some(verdict),
        name.map(|readout| visible(&readout.value).chars().take(MAX_TITLE_NAME).collect()),
    ];
    let what: Vec<_> = what.into_iter().flatten().collect();
    match (what.is_empty(), chosen) {
        (false, _) => format!("SPNscope: {}", what.join(", ")),
        (true, Some(chip)) => format!("SPNscope: {}", chip.name),
        (true, None) => "SPNscope".to_owned(),
    }
}

/// The length of the longest verdict in the title, in characters; with a name after it, both are
/// shown.
const MAX_TITLE_VERDICT: usize = 100;

/// The verdict for a title: without its capital, and cut to that length.
fn in_title(headline: &Headline) -> String {
    let mut verdict = plain_verdict(headline);
    verdict.truncate(verdict.trim_end_matches('.').len());
    if let Some(first) = verdict.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    match verdict.char_indices().nth(MAX_TITLE_VERDICT) {
        Some((end, _)) => format!("{}…", &verdict[..end]),
        None => verdict,
    }
}

/// The title of the tab if the answer is about an event, or there is none.
fn title_of_event(workbench: &Workbench) -> String {
    let verdict = workbench.server_only().map(|view| in_title(&view.headline)).unwrap_or_default();
    match verdict.as_str() {
        "" => "SPNscope: the server".to_owned(),
        verdict => format!("SPNscope: {verdict}"),
    }
}

#[cfg(test)]
mod tests {
    use spnscope_page::workbench::Action;

    use super::*;

    #[test]
    fn the_title_says_the_answer() {
        let empty = Workbench::default();
        assert_eq!(title(&empty), "SPNscope");
        let story = empty.apply(PasteAction::Sample(0));
        assert_eq!(title(&story), "SPNscope: denied at levels 1 and 2, cifs/10.0.0.100");
        let relayed = empty.apply(PasteAction::Put(
            include_bytes!("../../tests/fixtures/inputs/curl-v.txt").as_slice().into(),
        ));
        let title_of_relayed = "SPNscope: relayed to a file server, it would be denied at level 2";
        assert_eq!(title(&relayed), title_of_relayed);
        let nothing = empty.apply(PasteAction::Put(b"hello".as_slice().into()));
        assert_eq!(title(&nothing), "SPNscope: nothing recognised");
        let relay = story.apply(Action::Open("relay".to_owned()));
        assert_eq!(title(&relay), "SPNscope: relay lab, the attack succeeds");
    }
}
