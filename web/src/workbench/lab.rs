//! The relay lab's part of the state.

use std::sync::Arc;

use crate::view::{LabView, lab};
use spnscope::lab::relay::Scenario;

/// A setting and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Lab {
    scenario: Scenario,
    view: Arc<LabView>,
    step: usize,
}

impl Lab {
    /// Plays a setting and stands at the step that decides. `None` where it cannot be played.
    pub(super) fn new(scenario: Scenario) -> Option<Self> {
        let view = Arc::new(lab(&scenario).ok()?);
        let step = view.deciding;
        Some(Self { scenario, view, step })
    }

    /// The setting.
    #[must_use]
    pub const fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// What the page shows of it.
    #[must_use]
    pub const fn view(&self) -> &Arc<LabView> {
        &self.view
    }

    /// The index of the step looked at.
    #[must_use]
    pub const fn step(&self) -> usize {
        self.step
    }

    /// Its address, to stand behind `#/`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("relay/{}", self.scenario.link())
    }

    pub(super) fn go_to(&mut self, step: usize) {
        self.step = step.min(self.view.steps.len().saturating_sub(1));
    }
}
