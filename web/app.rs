//! The whole page.

use spnscope::{view::Mark, workbench::Workbench};
use yew::prelude::*;

use crate::{
    components::{
        Compared, Decode, DecodeProps, FirstVisit, FirstVisitProps, Learn, Paste, PasteProps,
        Shape, draw::draw, hosted, masthead, plain_headline, visible,
    },
    dom,
    hooks::{use_effect_with, use_mut_ref, use_state_eq},
    store::{Shared, use_store},
};

/// Head and place, around one store. The foot never changes: it is in `index.html`.
#[component]
pub(crate) fn App() -> Html {
    let store = use_store();
    let shape = use_mut_ref(|| Shape::Box);
    let workbench = &store.0;
    let view = workbench.view().map(|view| Shared::from(view.clone()));

    // What is not understood leaves the box as it is.
    if view.is_some() {
        *shape.borrow_mut() = Shape::Strip;
    } else if workbench.is_empty() {
        *shape.borrow_mut() = Shape::Box;
    }
    let shape = *shape.borrow();

    let title = title(workbench);
    use_effect_with(title, |title| dom::set_title(title));
    let answer = view.as_ref().map(|view| plain_headline(&view.headline)).unwrap_or_default();
    let refusal = workbench.refusal().map(visible);
    let (others, reading) = workbench.readings();
    let (sample, settings) = (workbench.sample(), workbench.server().clone());
    let paste =
        PasteProps { shape, view: view.clone(), refusal, others: others.to_vec(), reading, sample };
    let rest = match view.clone() {
        Some(view) => hosted::<Decode>(
            "decode",
            DecodeProps {
                view,
                compared: workbench.comparison().cloned().map(Compared),
                selected: workbench.selected(),
                pointed: workbench.pointed(),
                settings,
                of_sample: sample.is_some(),
                editing: workbench.editing().map(|editing| (**editing).clone()),
            },
        ),
        None => hosted::<FirstVisit>("first", FirstVisitProps { tell: shape == Shape::Box }),
    };
    let learns = use_learns();
    draw!(
        "{}<a key=skip class=skip href=#main>Skip to the answer</a>{}\
         <main key=main id=main tabindex=-1 class={}>\
           {}<p key=live class=visually-hidden role=status>{}</p><div key=rest class='rest {}'>{}</div>\
         </main>",
        learns.then(|| hosted::<Learn>("learn", ())),
        masthead(),
        (shape == Shape::Box).then_some("wrap first"),
        hosted::<Paste>("paste", paste),
        answer,
        view.is_none().then_some("rest--samples"),
        rest,
    )
}

/// Whether the address asks for Learn.
#[hook]
fn use_learns() -> bool {
    let learns = use_state_eq(dom::asks_for_learn);
    let set = learns.setter();
    use_effect_with((), move |()| dom::on_address(move || set.set(dom::asks_for_learn())));
    use_effect_with(*learns, |learns| dom::set_place(if *learns { "learn" } else { "decode" }));
    *learns
}

/// The longest part of a name in the title, in characters.
const LONGEST_NAME: usize = 80;

/// What the tab is called: the verdict and the name it is about.
fn title(workbench: &Workbench) -> String {
    let Some(view) = workbench.view() else {
        return match workbench.refusal() {
            Some(_) => "SPNscope: nothing recognised".to_owned(),
            None => "SPNscope".to_owned(),
        };
    };
    let verdict = view.headline.verdict.trim_end_matches('.').to_ascii_lowercase();
    let name = view.said.iter().find(|said| said.mark == Some(Mark::TargetName) && said.is_data);
    let chosen = view.exchanges.iter().flat_map(|group| &group.chips).find(|chip| chip.chosen);
    let what = [
        (!verdict.is_empty()).then_some(verdict),
        name.map(|said| visible(&said.value).chars().take(LONGEST_NAME).collect()),
    ];
    let what: Vec<_> = what.into_iter().flatten().collect();
    match (what.is_empty(), chosen) {
        (false, _) => format!("SPNscope: {}", what.join(", ")),
        (true, Some(chip)) => format!("SPNscope: {}", chip.name),
        (true, None) => "SPNscope".to_owned(),
    }
}

#[cfg(all(test, feature = "ssr-tests"))]
mod tests {
    use spnscope::workbench::Action;

    use super::*;

    #[test]
    fn the_title_says_the_answer() {
        let empty = Workbench::default();
        assert_eq!(title(&empty), "SPNscope");
        let story = empty.apply(Action::Sample(0));
        assert_eq!(title(&story), "SPNscope: denied at levels 1 and 2, cifs/10.0.0.100");
        let nothing = empty.apply(Action::Paste(b"hello".as_slice().into()));
        assert_eq!(title(&nothing), "SPNscope: nothing recognised");
    }
}
