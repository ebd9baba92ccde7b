//! A value in hex.

use spnscope_page::view::HexRun;
use yew::prelude::*;

/// Props of [`HexValue`].
#[derive(PartialEq, Properties)]
pub(crate) struct HexValueProps {
    /// The name of the value.
    pub(crate) name: &'static str,
    /// Its runs of digits.
    pub(crate) runs: Vec<HexRun>,
}

/// A value in hex under its name, with differing bytes marked.
#[component]
pub(crate) fn HexValue(props: &HexValueProps) -> Html {
    html! {
        <div>
            <dt>{ props.name }</dt>
            <dd class="mono">
                for run in &props.runs {
                    if run.differs {
                        <mark>{ run.hex.clone() }</mark>
                    } else {
                        { run.hex.clone() }
                    }
                }
            </dd>
        </div>
    }
}
