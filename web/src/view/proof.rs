//! What the secret given proves, value by value.

use zeroize::Zeroizing;

use spnscope::analysis::{Analysis, Exchange};
use spnscope::judge::proof::{Check, Compare, ProofVerdict, SecretKind, Side};
use spnscope::message::field::hex;
use spnscope::show::{report, words};

/// What a secret proves of the sign-in that the chosen message belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct ProofView {
    /// Whose secret it would be: `LAB\\User`.
    pub who: String,
    /// Whether a secret was given.
    pub given: bool,
    /// Which kind of secret.
    pub secret: SecretKind,
    /// The checks, in the order in which a server makes them.
    pub checks: Vec<CheckRow>,
    /// One sentence, where the response fits other names than those that were sent.
    pub fitted: Option<String>,
    /// The session's keys by name, in hex, overwritten when they go. None where nothing is proven.
    pub keys: Vec<(&'static str, Zeroizing<String>)>,
}

impl ProofView {
    /// The checks that can be told of. Of what cannot be told for want of a secret, the first says
    /// so.
    #[must_use]
    pub fn told_checks(&self) -> Vec<CheckRow> {
        let is_told = |row: &&CheckRow| self.given || row.verdict != ProofVerdict::Unknown;
        let rows: Vec<_> = self.checks.iter().filter(is_told).cloned().collect();
        if rows.iter().all(|row| row.verdict == ProofVerdict::Absent) {
            return self.checks.iter().take(1).cloned().collect();
        }
        rows
    }
}

impl ProofView {
    /// Whether a secret was given that the response does not fit, so that the answer rests on it.
    #[must_use]
    pub fn does_not_fit(&self) -> bool {
        let response = self.checks.first();
        self.given && response.is_some_and(|check| check.verdict == ProofVerdict::Invalid)
    }
}

/// One check.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CheckRow {
    /// What is checked: `NTProofStr`, `MIC`.
    pub name: &'static str,
    /// What came out.
    pub verdict: ProofVerdict,
    /// Why, in one sentence; empty where the values say it.
    pub because: String,
    /// The value received and the value computed, in runs of bytes that are the same or are not.
    pub values: Option<[Vec<HexRun>; 2]>,
}

/// Bytes that stand beside one another.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HexRun {
    /// In hex, without spaces.
    pub hex: String,
    /// Whether they differ from those of the other value.
    pub differs: bool,
}

/// What is proven of a sign-in with an AUTHENTICATE or a response that stands alone.
pub(super) fn proof(analysis: &Analysis, exchange: Option<&Exchange>) -> Option<ProofView> {
    let exchange = exchange?;
    exchange.authenticate.or(exchange.response)?;
    let names = report::sign_in(analysis, exchange);
    let (domain, user) = (names.domain.unwrap_or_default(), names.user.unwrap_or_default());
    let proof = &exchange.proof;
    let mut checks = Vec::with_capacity(3);
    for (name, check) in proof.checks() {
        // An LM response that is not there is nothing anyone asked about.
        let told = check.verdict != ProofVerdict::Absent || name == "MIC";
        if told && !checks.iter().any(|row: &CheckRow| row.name == name) {
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

/// The bytes of `value` in runs, held against those of `other`.
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
    fn bytes_that_differ_stand_apart() {
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
