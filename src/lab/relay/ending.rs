//! The ending of a run, and why it ends so.

use super::{
    Check, CheckKind, CheckState, Edit, EditOutcome, Middle, Scenario, Statement, rules,
    server::ServerJudgement,
};
use crate::judge::smb::{Basis, EntryKind, Level, Outcome, Role, rules as policy_rules};
use crate::lab::exchange::ClientKind;

/// The ending of a run: for the client, or for the attack.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum RunEnding {
    /// The client gets its session and uses it.
    ClientWorks,
    /// The client is turned away.
    ClientRefused,
    /// The attacker gets a session in the user's name and uses it.
    AttackSucceeds,
    /// The attacker gets none, or one that is of no use.
    AttackFails,
}

impl RunEnding {
    /// The stable name in the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientWorks => "client-works",
            Self::ClientRefused => "client-refused",
            Self::AttackSucceeds => "attack-succeeds",
            Self::AttackFails => "attack-fails",
        }
    }

    /// The ending as a sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::ClientWorks => "The client works.",
            Self::ClientRefused => "The client is refused.",
            Self::AttackSucceeds => "The attack succeeds.",
            Self::AttackFails => "The attack fails.",
        }
    }

    /// Returns true if the attack succeeds; `None` if nobody attacks.
    #[must_use]
    pub const fn attack_succeeds(self) -> Option<bool> {
        match self {
            Self::ClientWorks | Self::ClientRefused => None,
            Self::AttackSucceeds => Some(true),
            Self::AttackFails => Some(false),
        }
    }
}

/// The ending, and the one sentence why.
pub(super) fn ending(scenario: &Scenario, judgement: &ServerJudgement) -> (RunEnding, Statement) {
    let failed = judgement.checks.iter().find(|check| check.state == CheckState::Failed);
    match (failed, scenario.middle.is_attack()) {
        (Some(check), true) => (RunEnding::AttackFails, explain_attack_fails(scenario, check)),
        (Some(check), false) => (RunEnding::ClientRefused, quoted(check)),
        (None, false) => (RunEnding::ClientWorks, explain_client_works(judgement)),
        (None, true) if scenario.client == ClientKind::Anonymous => (
            RunEnding::AttackFails,
            Statement::new(
                rules::NOBODYS_SESSION,
                "The session is anonymous, so the attacker gains nothing it could not have opened itself.",
            ),
        ),
        (None, true) => {
            let why = explain_attack_succeeds(scenario, judgement);
            (RunEnding::AttackSucceeds, as_sure_as_all(why, &judgement.checks))
        }
    }
}

/// The check's own reason. One that failed has one.
fn quoted(check: &Check) -> Statement {
    let nothing_said = || Statement::new(policy_rules::ERRORS, "The message was refused.");
    check.reason.clone().unwrap_or_else(nothing_said)
}

fn explain_attack_fails(scenario: &Scenario, check: &Check) -> Statement {
    let under_proof = |what: &str| {
        let message = format!(
            "{what} is covered by NTProofStr, so changing it without the password breaks the proof."
        );
        Statement::new(rules::UNDER_PROOF, message)
    };
    match (check.kind, &scenario.edit) {
        (CheckKind::Proof, Edit::RewriteTargetName(_) | Edit::RemoveTargetName) => {
            under_proof("The target name")
        }
        (CheckKind::Proof, Edit::SetUntrustedFlag | Edit::StripMicAndFlag) => {
            under_proof("MsvAvFlags")
        }
        (CheckKind::Mic, Edit::StripMic | Edit::DropTheMic) => Statement::new(
            policy_rules::MIC_MISSING,
            "MsvAvFlags announces a MIC, but the message has none.",
        ),
        (CheckKind::Mic, edit) => {
            let changed = match edit {
                Edit::ClearSigningFlags => "NEGOTIATE",
                _ => "CHALLENGE",
            };
            Statement::new(
                rules::MIC_COVERS,
                format!("The MIC covers all three messages, and the {changed} was changed."),
            )
        }
        (CheckKind::Signature, _) => Statement::new(
            rules::NO_KEY,
            "The session is accepted, but its first request has to be signed, and the relay has no session key.",
        ),
        (CheckKind::Encryption, _) if scenario.client == ClientKind::Anonymous => quoted(check),
        (CheckKind::Encryption, _) => Statement::new(
            rules::NO_KEY_TO_ENCRYPT,
            "The session is accepted, but its first request has to be encrypted, and the relay has no session key.",
        ),
        _ => quoted(check),
    }
}

fn explain_client_works(judgement: &ServerJudgement) -> Statement {
    let of = |kind| judgement.checks.iter().find(|check| check.kind == kind);
    let is_passed = |kind| of(kind).is_some_and(|check| check.state == CheckState::Passed);
    let why = match (is_passed(CheckKind::Signature), is_passed(CheckKind::Encryption)) {
        (_, true) => Statement::new(
            rules::ENCRYPTION,
            "The client has the session key, so its requests are encrypted as the server requires.",
        ),
        (true, _) => Statement::new(
            rules::SIGNATURE,
            "The client has the session key, so its requests are signed as the server requires.",
        ),
        _ => of(CheckKind::TargetName).map_or_else(
            || Statement::new(policy_rules::OFF, "Nothing stands in its way."),
            quoted,
        ),
    };
    as_sure_as_all(why, &judgement.checks)
}

fn explain_attack_succeeds(scenario: &Scenario, judgement: &ServerJudgement) -> Statement {
    let matched = judgement.spn_check.matched.as_ref();
    match (scenario.middle, scenario.level, matched) {
        (Middle::OwnClient, ..) => Statement::new(
            rules::KNOWN_CREDENTIALS,
            "The attacker knows the password, so it signs in as the user would, with whatever name it likes or with none.",
        ),
        (_, Level::Off, _) => Statement::new(
            rules::NOT_LOOKED_AT,
            "At level 0 the server does not check the target name, so it cannot tell the relay from the client.",
        ),
        (Middle::MarshalledName, _, Some(_)) => Statement::new(
            policy_rules::MARSHALLED,
            "The client names this server but talks to the attacker, which the check cannot see.",
        ),
        (Middle::SpoofedDns, _, Some(_)) => Statement::new(
            rules::SPOOFED,
            "The client meant this server, so the name is right; the check cannot see that somebody else answered.",
        ),
        (_, _, Some(entry)) if entry.kind == EntryKind::Allowed => Statement::new(
            rules::ALLOWED_FOR_ALL,
            format!("{} is allowed, and the attacker is behind it.", entry.text),
        ),
        // It was accepted without a name, or as one of the server's own.
        _ => judgement.spn_check.reasons.first().map_or_else(
            || Statement::new(rules::NOT_LOOKED_AT, "No check stops it."),
            Statement::from,
        ),
    }
}

/// The statement, at most as sure as the least sure of the checks that let it pass.
fn as_sure_as_all(mut why: Statement, checks: &[Check]) -> Statement {
    let of_checks = checks.iter().filter_map(|check| Some(check.reason.as_ref()?.basis));
    let least = of_checks.min().unwrap_or(Basis::Documented);
    why.basis = why.basis.min(least);
    why
}

/// The other facts worth knowing about this setting.
pub(super) fn notes(
    scenario: &Scenario,
    edited: EditOutcome,
    judgement: &ServerJudgement,
) -> Vec<Statement> {
    let Scenario { middle, edit, client, .. } = scenario;
    let role = scenario.server.role;
    let mut notes = Vec::new();
    let mut note = |when: bool, rule, message: &'static str| {
        if when {
            notes.push(Statement::new(rule, message));
        }
    };
    note(
        edited == EditOutcome::NoAttacker && *middle != Middle::Nobody,
        rules::PASSES_ON,
        "Address translation and load balancers change nothing in a sign-in.",
    );
    note(
        edited == EditOutcome::BeforeTheProof,
        rules::KNOWN_CREDENTIALS,
        "The attacker computes the proof itself, over any name it likes.",
    );
    note(
        role == Role::Member && *client != ClientKind::Anonymous,
        rules::PASS_THROUGH,
        "The server does not have the user's key; its domain controller checks the response and hands back the session key.",
    );
    let signs = Scenario::signs_by_default(role) && scenario.requires_signing;
    note(signs, rules::CONTROLLER_SIGNS, "Domain controllers require signing by default.");
    note(
        scenario.requires_encryption,
        rules::ENCRYPTION_FIRST,
        "Clients here speak SMB 3 and can encrypt; any other client is refused before it signs in.",
    );
    let http = *middle == Middle::HttpRelay;
    note(
        http && client.is_ntlmv2(),
        rules::HTTP_CLASS,
        "An HTTP client sends HTTP/ and the host it was told to open.",
    );
    note(
        http,
        rules::HTTP_UNSIGNED,
        "An HTTP client negotiates no signing, so there are no signing flags to clear, and the MIC can stay.",
    );
    note(
        *middle == Middle::MarshalledName,
        rules::MARSHALLED_REFUSED,
        "SMB clients with the update of June 2025 refuse such a name.",
    );
    let old = scenario.speaks_ntlmv1();
    note(
        old,
        rules::UNBOUND,
        "NTLMv1 and NTLM2 session carry neither target name nor MIC, so nothing binds them to a server.",
    );
    note(
        old && judgement.outcome != Outcome::LogonFailure,
        rules::NTLMV1_TAKEN,
        "Server and domain controller are assumed to accept NTLMv1; LmCompatibilityLevel 5 on the controller refuses it.",
    );
    note(
        old,
        rules::NTLMV1_GONE,
        "Client and server are Windows 10 1809 and Server 2019 here: Windows 11 24H2 and Server 2025 no longer have NTLMv1; as servers they refuse it (inferred).",
    );
    note(
        *edit == Edit::ForceNtlmv1 && edited == EditOutcome::OnTheWay && client.is_ntlmv2(),
        rules::NTLMV2_ONLY,
        "The client's LmCompatibilityLevel is 3 or more, so it answers with NTLMv2 all the same.",
    );
    let cleared = matches!(edit, Edit::ClearSigningFlags | Edit::DropTheMic);
    note(
        cleared && matches!(edited, EditOutcome::OnTheWay | EditOutcome::BeforeTheProof),
        rules::FLAGS_OF_NTLM,
        "SMB settles signing in its own negotiation, so these flags do not switch it off.",
    );
    notes
}
