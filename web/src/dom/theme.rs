//! The theme: light, dark, or that of the system.

use super::storage;

/// The theme that the reader chose.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Theme {
    /// The theme of the system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The choices, in the order of the switch.
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The label of the choice.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::System => "As the system",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    /// The name that is stored; `None` is not stored.
    const fn stored_value(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }
}

/// The choice of an earlier visit.
pub(crate) fn kept() -> Theme {
    let kept = storage::theme();
    Theme::ALL.into_iter().find(|theme| theme.stored_value() == kept.as_deref()).unwrap_or_default()
}

/// Shows the page in `theme`.
pub(crate) fn show(theme: Theme) {
    if let Some(root) = super::root() {
        let _ = match theme.stored_value() {
            Some(code) => root.set_attribute("data-theme", code),
            None => root.remove_attribute("data-theme"),
        };
    }
}

/// Stores `theme` for the next visit.
pub(crate) fn keep(theme: Theme) {
    storage::keep_theme(theme.stored_value());
}
