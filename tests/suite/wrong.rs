//! Differences from what is so.

use serde_json::Value;

/// Collects what is not as it should be, to be shown all at once.
#[derive(Default)]
pub(crate) struct Wrong(pub(crate) Vec<String>);

impl Wrong {
    pub(crate) fn compare(&mut self, what: &str, ours: &Value, truth: &Value) {
        if ours != truth {
            self.0.push(format!("{what}: {ours} instead of {truth}"));
        }
    }

    pub(crate) fn assert_none(self) {
        assert!(self.0.is_empty(), "{} differences:\n{}", self.0.len(), self.0.join("\n"));
    }
}
