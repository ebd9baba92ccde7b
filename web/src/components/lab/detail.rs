//! What happens in one step.

use spnscope_page::view::{ChangedField, ComparedValues, Sentence};
use spnscope_page::workbench::{Action, Lab};
use yew::prelude::*;

use super::super::{
    basis::basis_mark,
    data_text::{cut, data_text},
    draw::{draw, each},
    prove::value,
    visible,
};

/// The most characters of a changed value that are shown.
const VALUE: usize = 120;

/// The step looked at: what it is, what was found, the bytes, and the way to Decode.
pub(super) fn detail(lab: &Lab) -> Html {
    let (view, index) = (lab.view(), lab.step());
    let step = &view.steps[index];
    draw!(
        "<section key=step class=panel aria-labelledby=step-h>\
           <div class=panel__part>\
             <div class=section__head><h2 id=step-h>{} {}: {}</h2></div>{}{}{}{}\
           </div>\
           <div class=panel__part>{}\
             <p class=button-row>\
               <button class=button type=button onclick={}>Open in Decode</button> \
               <a href='#/{}'>Link to this setting</a>\
             </p>\
             <p class='small quiet'>Everyone here is invented. The messages and keys are real: the password of LAB\\User is “Password”.</p>\
           </div>\
         </section>",
        index + 1,
        step.name,
        step.word,
        each(&step.text, |at, text| draw!("<p key={}>{}</p>", at, visible(text))),
        step.found.as_ref().map(|found| draw!("<div key=found>{}</div>", sentence(found))),
        step.values.as_ref().map(values),
        changes(&step.changes),
        each(&view.notes, |at, note| draw!(
            "<div key={} class='small quiet'>{}</div>",
            at,
            sentence(note)
        )),
        Action::Decode,
        lab.address(),
    )
}

/// A sentence, how sure it is, and where it is from.
fn sentence(sentence: &Sentence) -> Html {
    draw!(
        "<p>{} {} <span class=steps__source>{}</span></p>",
        visible(&sentence.text),
        basis_mark(sentence.basis, sentence.rule),
        sentence.source,
    )
}

fn values(values: &ComparedValues) -> Html {
    let (differing, all) = values.differing;
    let same = differing == 0;
    draw!(
        "<div key=values class=lab__values>\
           <p class=panel__label>{} <span class=quiet>{}</span></p>\
           <dl class=proof__values>{}{}</dl>\
         </div>",
        values.name,
        if same {
            format!("all {all} bytes are the same")
        } else {
            format!("{differing} of {all} bytes differ")
        },
        value("received", &values.received),
        value("computed", &values.computed),
    )
}

fn changes(changes: &[ChangedField]) -> Option<Html> {
    let side = |value: &Option<String>, none: &'static str| {
        value.as_ref().map_or_else(
            || draw!("<i class=quiet>{}</i>", none),
            |value| draw!("<span class=mono>{}</span>", data_text(&cut(value, VALUE))),
        )
    };
    let rows = each(changes, |index, change| {
        draw!(
            "<tr key={}><th scope=row>{} <span class='quiet small'>{}</span></th><td>{}</td><td>{}</td></tr>",
            index,
            change.name.clone(),
            change.place.clone(),
            side(&change.sent, "not there"),
            side(&change.received, "taken out"),
        )
    });
    (!changes.is_empty()).then(|| {
        draw!(
            "<div key=changes class=lab__changes tabindex=0 role=group aria-label='What was changed'>\
               <table>\
                 <thead><tr class=plate><th scope=col>Changed on the way, bytes</th><th scope=col>sent</th><th scope=col>received</th></tr></thead>\
                 <tbody>{}</tbody>\
               </table>\
             </div>",
            rows,
        )
    })
}
