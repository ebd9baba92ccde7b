//! The proof from the given secret, value by value.

use zeroize::Zeroizing;

use spnscope::analysis::{Analysis, Exchange};
use spnscope::judge::proof::{Check, Compare, ProofVerdict, SecretKind, Side};
use spnscope::message::field::hex;
use spnscope::show::{report, words};

/// The proof of the sign-in that the chosen message belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct ProofView {
    /// The owner of the secret: `LAB\\User`.
    pub who: String,
    /// True if a secret was given.
    pub given: bool,
    /// The kind of the secret.
    pub secret: SecretKind,
    /// The checks, in the order in which a server makes them.
    pub checks: Vec<CheckRow>,
    /// One sentence, where the response fits other names than those that were sent.
    pub fitted: Option<String>,
    /// The keys of the session by name, in hex, zeroised on drop. Empty if nothing is proven.
    pub keys: Vec<(&'static str, Zeroizing<String>)>,
}

impl ProofView {
    /// The checks to show. Of the checks that fail for want of a secret, only the first is.
    #[must_use]
    pub fn shown_checks(&self) -> Vec<CheckRow> {
        let is_shown = |row: &&CheckRow| self.given || row.verdict != ProofVerdict::Unknown;
        let rows: Vec<_> = self.checks.iter().filter(is_shown).cloned().collect();
        if rows.iter().all(|row| row.verdict == ProofVerdict::Absent) {
            return self.checks.iter().take(1).cloned().collect();
        }
        rows
    }
}

impl ProofView {
    /// Returns true if a secret was given that the response does not fit, so that the answer rests
    /// on it.
    #[must_use]
    pub fn does_not_fit(&self) -> bool {
        let response = self.checks.first();
        self.given && response.is_some_and(|check| check.verdict == ProofVerdict::Invalid)
    }
}

/// One check.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CheckRow {
    /// The value that is checked: `NTProofStr`, `MIC`.
    pub name: &'static str,
    /// The verdict of the check.
    pub verdict: ProofVerdict,
    /// The reason, in one sentence; empty if the values show it.
    pub because: String,
    /// The value received and the value computed, in runs of bytes that agree or differ.
    pub values: Option<[Vec<HexRun>; 2]>,
}

/// A run of neighbouring bytes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HexRun {
    /// The bytes in hex, without spaces.
    pub hex: String,
    /// True if they differ from those of the other value.
    pub differs: bool,
}

/// The proof of a sign-in with an AUTHENTICATE or a lone response.
pub(super) fn proof(analysis: &Analysis, exchange: Option<&Exchange>) -> Option<ProofView> {
    let exchange = exchange?;
    exchange.authenticate.or(exchange.response)?;
    let names = report::sign_in(analysis, exchange);
    let (domain, user) = (names.domain.unwrap_or_default(), names.user.unwrap_or_default());
    let proof = &exchange.proof;
    let mut checks = Vec::with_capacity(3);
    for (name, check) in proof.checks() {
        // Nobody asked about an LM response that is absent.
        let is_shown = check.verdict != ProofVerdict::Absent || name == "MIC";
        if is_shown && !checks.iter().any(|row: &CheckRow| row.name == name) {
            checks.push(row(name, check));
        }
    }
    for mic in &exchange.mech_list_mics {
        let name = match mic.from {
            Side::Client => "Client's mechListMIC",
            Side::Server => "Server's mechListMIC",
        };
        checks.push(row(name, &mic.check));
    }
    let mut keys = Vec::new();
    if let Some(known) = &proof.keys {
        for (name, key) in known.named() {
            if let Some(key) = key {
                keys.push((name, Zeroizing::new(hex(key))));
            }
        }
    }
    let given = proof.secret != SecretKind::None;
    let who = if domain.is_empty() { user } else { format!(r"{domain}\{user}") };
    Some(ProofView { who, given, secret: proof.secret, checks, fitted: proof.fitted.clone(), keys })
}

fn row(name: &'static str, check: &Check) -> CheckRow {
    let values = check.values.as_ref();
    CheckRow {
        name,
        verdict: check.verdict,
        because: check
            .because
            .map_or_else(String::new, |why| words::proof_reason(why).into_owned()),
        values: values.map(|Compare { received, computed }| {
            [runs(received, computed), runs(computed, received)]
        }),
    }
}

/// Cuts `value` into runs that agree with `other` or differ.
pub(super) fn runs(value: &[u8], other: &[u8]) -> Vec<HexRun> {
    let mut runs: Vec<HexRun> = Vec::new();
    for (index, byte) in value.iter().enumerate() {
        let differs = other.get(index) != Some(byte);
        match runs.last_mut().filter(|run| run.differs == differs) {
            Some(run) => run.hex += &hex(&[*byte]),
            None => runs.push(HexRun { hex: hex(&[*byte]), differs }),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differing_bytes_are_runs_of_their_own() {
        let text = |runs: Vec<HexRun>| {
            runs.iter()
                .map(|run| if run.differs { format!("[{}]", run.hex) } else { run.hex.clone() })
                .collect::<String>()
        };
        assert_eq!(text(runs(&[1, 2, 3, 4], &[1, 9, 9, 4])), "01[0203]04");
        assert_eq!(text(runs(&[1, 2], &[1])), "01[02]");
        assert_eq!(text(runs(&[], &[1])), "");
    }
}
