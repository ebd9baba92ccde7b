//! Icons. They add nothing to the words beside them, so all are hidden from screen readers.

use spnscope::judge::smb::Outcome;
use yew::prelude::*;

/// An icon of 16 by 16.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Icon {
    /// Half light, half dark: the theme of the system.
    Auto,
    /// An octagon: an error.
    Error,
    /// A cross: denied.
    Cross,
    /// Into a tray: drop a file.
    Drop,
    /// An arrow round a corner: jump to the bytes.
    Jump,
    /// Dark.
    Moon,
    /// A dash: not done.
    Dash,
    /// A square: a note.
    Note,
    /// Adds.
    Plus,
    /// A folder that is shut: stays here.
    Sealed,
    /// Light.
    Sun,
    /// Passed.
    Tick,
    /// A triangle: a warning.
    Warning,
}

impl Icon {
    const fn paths(self) -> &'static [&'static str] {
        match self {
            Self::Auto => &["M13.5 8a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0z"],
            Self::Error => &["M5 1.5h6L14.5 5v6L11 14.5H5L1.5 11V5z", "M8 4.5v4.5M8 11.5v.2"],
            Self::Cross => &["m3 3 10 10M13 3 3 13"],
            Self::Drop => &["M8 1.5v8M4.5 6 8 9.5 11.5 6M2 11v3h12v-3"],
            Self::Jump => &["M2 3v6h10M8.5 5.5 12 9l-3.5 3.5"],
            Self::Moon => &["M13.5 10A6 6 0 0 1 6 2.5a6 6 0 1 0 7.5 7.5z"],
            Self::Dash => &["M3 8h10"],
            Self::Note => &["M2 2h12v12H2z", "M8 7v4.5M8 4.5v.2"],
            Self::Plus => &["M8 3v10M3 8h10"],
            Self::Sealed => &["M1.5 4.5h5l1.5-2h6.5v11h-13z", "M5 9h6"],
            Self::Sun => &[
                "M11 8a3 3 0 1 1-6 0 3 3 0 0 1 6 0z",
                "M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1",
            ],
            Self::Tick => &["m2.5 8.5 3.5 4L13.5 4"],
            Self::Warning => &["M8 2 15 14H1z", "M8 6.5v3.5M8 12v.2"],
        }
    }

    /// Draws the icon; `class` is added to its own.
    pub(crate) fn draw(self, class: &'static str) -> Html {
        html! {
            <svg
                class={classes!("icon", class)}
                viewBox="0 0 16 16"
                aria-hidden="true"
                focusable="false"
            >
                if self == Self::Auto {
                    <path d="M8 2.5a5.5 5.5 0 1 0 0 11z" fill="currentColor" />
                }
                for d in self.paths().iter().copied() {
                    <path {d} />
                }
            </svg>
        }
    }
}

/// Draws the gate of an outcome: open, shut by the check of the name, shut before it, or undecided.
pub(crate) fn gate(outcome: Outcome, depends: bool) -> Html {
    let (path, dashed) = match outcome {
        Outcome::Deny if depends => {
            ("M2 11h10M8 6.5l4.5 4.5L8 15.5", Some(("M19 1v20M24 1v20", "3.5 4")))
        }
        Outcome::Accept => ("M2 11h21M18 6l5 5-5 5M13 1v5M13 16v5", None),
        Outcome::Deny => ("M2 11h10M8 6.5l4.5 4.5L8 15.5M19 1v20M24 1v20", None),
        // The sign-in never comes to the gate.
        Outcome::Unknown => ("M2 11h6", Some(("M19 1v20M24 1v20", "1.5 4"))),
        Outcome::LogonFailure => {
            ("M1 11h6M4 6.5 8.5 11 4 15.5M14 1v20", Some(("M24 1v20", "1.5 4")))
        }
    };
    html! {
        <svg class="gate" viewBox="0 0 28 22" aria-hidden="true" focusable="false">
            <path d={path} />
            if let Some((path, dashes)) = dashed {
                <path d={path} stroke-dasharray={dashes} />
            }
        </svg>
    }
}

/// The class that colours an outcome.
pub(crate) const fn outcome_class(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Accept => "is-accept",
        Outcome::Deny | Outcome::LogonFailure => "is-deny",
        Outcome::Unknown => "",
    }
}
