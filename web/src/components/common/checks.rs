//! The checks made with a secret, and the values compared.

use spnscope::judge::proof::ProofVerdict;
use spnscope_page::view::{CheckRow, HexRun};
use yew::prelude::*;

use super::{hex_value::HexValue, icon::Icon};

/// Props of [`Checks`].
#[derive(PartialEq, Properties)]
pub(crate) struct ChecksProps {
    /// The checks.
    pub(crate) rows: Vec<CheckRow>,
}

/// Draws each check with the values it compared.
#[component]
pub(crate) fn Checks(props: &ChecksProps) -> Html {
    html! {
        <ul class="proof__checks">
            for (index, row) in props.rows.iter().enumerate() {
                <li key={index} class="proof__check">
                    <span class="proof__name">{ row.name }</span>
                    { " " }
                    { verdict(row.verdict) }
                    { " " }
                    <span class="small quiet">{ row.because.clone() }</span>
                    { row.values.as_ref().map(|values| value_pair(values, row.verdict)) }
                </li>
            }
        </ul>
    }
}

fn verdict(verdict: ProofVerdict) -> Html {
    let (class, icon) = match verdict {
        ProofVerdict::Valid => ("is-right", Some(Icon::Tick)),
        ProofVerdict::Invalid => ("is-wrong", Some(Icon::Cross)),
        ProofVerdict::Absent | ProofVerdict::Unknown => ("quiet", None),
    };
    html! { <span {class}>{ icon.map(|icon| icon.draw("")) }{ verdict.words() }</span> }
}

/// Draws the value received and, if it is another, the value computed.
fn value_pair([received, computed]: &[Vec<HexRun>; 2], verdict: ProofVerdict) -> Html {
    html! {
        <dl class="proof__values">
            <HexValue key="received" name="received" runs={received.clone()} />
            if verdict != ProofVerdict::Valid {
                <HexValue key="computed" name="computed" runs={computed.clone()} />
            }
        </dl>
    }
}
