//! The state of the relay lab.

use std::sync::Arc;

use super::{
    Place, Workbench,
    inputs::{Demo, SharedSecret},
};
use crate::view::{LabView, lab};
use spnscope::{
    judge::proof::Secret,
    lab::relay::{PASSWORD, Scenario},
};

/// An action of the reader in the relay lab.
#[derive(Clone, Debug, PartialEq)]
pub enum LabAction {
    /// Play this setting.
    Play(Scenario),
    /// Look at the step with this index.
    Step(usize),
    /// Take the messages played to Decode.
    Decode,
    /// Play this setting and take it to Decode with the user's password, so that its response and
    /// MIC are checked there.
    Prove(Scenario),
}

impl Workbench {
    pub(super) fn play(&mut self, action: LabAction) {
        match action {
            LabAction::Play(scenario) => {
                self.lab = Lab::new(scenario).or_else(|| self.lab.take());
                self.address_not_found = false;
            }
            LabAction::Step(step) => {
                if let Some(lab) = &mut self.lab {
                    lab.go_to(step);
                }
            }
            LabAction::Decode => {
                if let Some(lab) = self.lab.clone() {
                    self.open_played(&lab);
                }
            }
            LabAction::Prove(scenario) => {
                if let Some(lab) = Lab::new(scenario) {
                    self.open_played(&lab);
                    self.inputs.secret = Some(SharedSecret::new(Secret::from_password(PASSWORD)));
                }
            }
        }
    }

    /// Opens the messages played in Decode.
    fn open_played(&mut self, lab: &Lab) {
        let demo = Demo { sample: None, server: lab.scenario().server.clone() };
        self.open_demo(lab.view().messages.as_bytes(), demo);
        self.place = Place::Decode;
    }
}

/// A setting and its run.
#[derive(Clone, Debug, PartialEq)]
pub struct Lab {
    scenario: Scenario,
    view: Arc<LabView>,
    step: usize,
}

impl Lab {
    /// Plays a setting and selects the deciding step. `None` if it cannot be played.
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

    /// The view of the run.
    #[must_use]
    pub const fn view(&self) -> &Arc<LabView> {
        &self.view
    }

    /// The index of the selected step.
    #[must_use]
    pub const fn step(&self) -> usize {
        self.step
    }

    /// The address of the setting, as it follows `#/`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("relay/{}", self.scenario.link())
    }

    pub(super) fn go_to(&mut self, step: usize) {
        self.step = step.min(self.view.steps.len().saturating_sub(1));
    }
}
