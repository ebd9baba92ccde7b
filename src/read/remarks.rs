//! Findings about something that was read, and the parts of it that were not: kept up to a bound,
//! and counted beyond it.

use std::collections::BTreeMap;

/// The most findings that are kept. The rest is counted.
const MAX_FINDINGS: usize = 64;

/// Findings `F` in the order they were met, and how often each kind `U` of thing was not read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Remarks<F, U> {
    findings: Vec<F>,
    left_out: u64,
    unread: BTreeMap<U, u64>,
}

impl<F, U> Default for Remarks<F, U> {
    fn default() -> Self {
        Self { findings: Vec::new(), left_out: 0, unread: BTreeMap::new() }
    }
}

impl<F, U: Copy + Ord> Remarks<F, U> {
    pub(super) fn add(&mut self, finding: F) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(finding);
        } else {
            self.left_out += 1;
        }
    }

    pub(super) fn count(&mut self, what: U) {
        *self.unread.entry(what).or_default() += 1;
    }

    /// The findings, in the order they were met.
    #[must_use]
    pub fn findings(&self) -> &[F] {
        &self.findings
    }

    /// The number of further findings.
    #[must_use]
    pub const fn left_out(&self) -> u64 {
        self.left_out
    }

    /// The parts that were not read, and how often each was met.
    pub fn unread(&self) -> impl Iterator<Item = (U, u64)> {
        self.unread.iter().map(|(what, count)| (*what, *count))
    }
}
