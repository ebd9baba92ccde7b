//! Makes the first answer quick. Browsers compile a piece of a module when it runs for the first time, which is
//! three quarters of the time from the first paste to its verdict. So a sample is read and drawn once before, while
//! nobody waits, and what was drawn is thrown away.

use spnscope_page::view::ServerBasis;
use spnscope_page::workbench::{Action, Workbench};
use yew::Renderer;

use crate::{
    components::{Decode, DecodeProps, Host, ImportProps, cast},
    dom,
    store::Shared,
};

/// Reads a sample and draws its answer, in steps and after what is shown now has been painted.
pub(crate) fn up() {
    dom::after_paint(|| {
        let workbench = Workbench::default().apply(Action::Sample(0));
        dom::later(move || draw(&workbench));
    });
}

/// Draws where nobody sees it.
fn draw(workbench: &Workbench) {
    if let (Some(place), Some(view)) = (dom::nowhere(), workbench.view()) {
        let props = DecodeProps {
            view: Shared::from(view.clone()),
            compared: None,
            selected: None,
            pointed: None,
            settings: workbench.server().clone(),
            basis: ServerBasis::Sample,
            notes: Vec::new(),
            import: ImportProps { read: None, can_take_back: false },
            editing: None,
            link: None,
        };
        let drawn = Renderer::<Host>::with_root_and_props(place, cast::<Decode>(props)).render();
        // Before it draws more than the answer.
        dom::later(move || drawn.destroy());
    }
}
