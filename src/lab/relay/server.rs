//! The server's part: its checks of what it receives, in their order.

use super::{
    Check, CheckKind, CheckState, Party, Request, Scenario, Statement, Values, passage::Wire,
    rules, story,
};
use crate::judge::{
    proof::{self, Compare, ExchangeMessages, Proof, Secret},
    smb::{
        Decision, EventId, Evidence, Ground, Outcome, Reason, Role, Server, SpnCheck, StepKind,
        StepState, decide, rules as policy_rules,
    },
};
use crate::message::{
    ntlm::{Authenticate, Message, ResponseKind, write},
    wire::{AvId, NtStatus, Utf16Le},
};

/// The server's judgement of the sign-in.
pub(super) struct ServerJudgement {
    pub(super) checks: Vec<Check>,
    pub(super) outcome: Outcome,
    pub(super) status: Option<NtStatus>,
    pub(super) events: Vec<EventId>,
    pub(super) spn_check: SpnCheck,
    /// The policy's remarks beside the checks' own reasons.
    pub(super) notes: Vec<Statement>,
    /// ExportedSessionKey, where the server has it.
    pub(super) server_key: Option<[u8; 16]>,
    pub(super) request: Option<Request>,
}

/// Lets the server look at what it received.
pub(super) fn judge(scenario: &Scenario, wire: &Wire, secret: &Secret) -> Option<ServerJudgement> {
    let [negotiate, challenge, message] = &wire.passages;
    let (negotiate, challenge, message) = (&negotiate.received, &challenge.sent, &message.received);
    let authenticate = message.as_authenticate()?;
    let exchange = ExchangeMessages {
        negotiate: Some(negotiate),
        challenge: Some(challenge),
        authenticate: Some(message),
    };
    let proven = proof::verify(exchange, Some(secret));
    let evidence = Evidence::of_ntlm(message, authenticate, &proven);
    let server = Server::new(&scenario.server, &story::stated(scenario));
    let decision = decide(&evidence, &server).at(scenario.level);
    let seen = Seen { scenario, message, authenticate };

    let mut checks = vec![seen.proof(&decision, &proven)];
    if scenario.server.role == Role::Member {
        checks.push(seen.server_name());
    }
    let key = proven.keys.as_ref().and_then(|keys| keys.exported_session_key);
    checks.push(seen.mic(&decision, proven.mic.values));
    checks.push(Seen::target_name(&decision));

    // Of the checks in their order, those behind the first that fails are not reached.
    let named_other = checks
        .iter()
        .find(|check| check.state == CheckState::Failed)
        .is_some_and(|check| check.kind == CheckKind::ServerName);
    let (outcome, status, events) = if named_other {
        (
            Outcome::LogonFailure,
            Some(NtStatus::LOGON_FAILURE),
            vec![EventId::LogonFailed, EventId::SessionFailed],
        )
    } else {
        (decision.outcome, decision.status, decision.events.clone())
    };
    let (request, signature) = seen.signature(wire, key);
    let request = (outcome == Outcome::Accept).then_some(request);
    checks.extend([signature, seen.encryption(wire, key)]);
    let failed = checks.iter().position(|check| check.state == CheckState::Failed);
    for check in checks.iter_mut().skip(failed.map_or(usize::MAX, |at| at.saturating_add(1))) {
        check.state = CheckState::NotReached;
        (check.values, check.reason) = (None, None);
    }
    Some(ServerJudgement {
        notes: notes(&decision),
        checks,
        outcome,
        status,
        events,
        spn_check: decision.spn_check,
        // The domain controller hands it to none but the server that the response names.
        server_key: key.filter(|_| !named_other),
        request,
    })
}

/// The reasons of a decision that no check has said. What errors a message has is known here: they
/// are the edits, and each has its check.
fn notes(decision: &Decision) -> Vec<Statement> {
    let is_said = |reason: &&Reason| {
        reason.ground == Ground::Errors || decision.steps.iter().any(|step| step.reason == **reason)
    };
    let unsaid = decision.reasons.iter().filter(|reason| !is_said(reason));
    unsaid.map(Statement::from).collect()
}

/// The messages as the server sees them.
#[derive(Clone, Copy)]
struct Seen<'s> {
    scenario: &'s Scenario,
    message: &'s Message,
    authenticate: &'s Authenticate,
}

impl Seen<'_> {
    /// The response, checked by the party that has the user's key.
    fn proof(self, decision: &Decision, proven: &Proof) -> Check {
        let by = match self.scenario.server.role {
            Role::Member => Party::Controller,
            Role::DomainController => Party::Server,
        };
        let name = match self.authenticate.response_kind {
            ResponseKind::Ntlmv2 => "NTProofStr",
            _ => "NtChallengeResponse",
        };
        let values = proven.response.values.clone().map(|compare| Values::of(name, compare));
        let (state, reason) = step(decision, StepKind::Proof);
        let message = match state {
            CheckState::Passed => {
                "The user's key gives the same value, so nothing it covers was changed."
            }
            CheckState::Failed => {
                "The user's key gives another value, so a byte it covers was changed on the way."
            }
            _ => return Check { kind: CheckKind::Proof, by, state, values, reason },
        };
        let reason = Some(Statement::new(policy_rules::PROOF_WRONG, message));
        Check { kind: CheckKind::Proof, by, state, values, reason }
    }

    /// Checks that the response names the server that asks for the session key.
    fn server_name(self) -> Check {
        let pair = self
            .authenticate
            .av_pairs()
            .and_then(|pairs| pairs.first(AvId::MsvAvNbComputerName))
            .map(|pair| self.message.source().slice(pair.value));
        let (state, values, reason) = match pair {
            None => (
                CheckState::NotDone,
                None,
                Statement::new(
                    rules::NO_SERVER_NAMED,
                    "The response names no server, so the domain controller has none to compare.",
                ),
            ),
            Some(received) => {
                let computed = write::AvPair::text(AvId::MsvAvNbComputerName, story::NETBIOS_NAME);
                let values = Values {
                    name: "MsvAvNbComputerName",
                    received: received.to_vec(),
                    computed: computed.value,
                };
                let (named, asks) = (Utf16Le(received).to_string(), story::NETBIOS_NAME);
                let state = values.state();
                let message = if state == CheckState::Passed {
                    format!("The response names {named}, which is the server that asks.")
                } else {
                    format!("The response names {named}, and the server that asks is {asks}.")
                };
                (state, Some(values), Statement::new(rules::SERVER_NAMED, message))
            }
        };
        let kind = CheckKind::ServerName;
        Check { kind, by: Party::Controller, state, values, reason: Some(reason) }
    }

    /// The MIC, against the one that the session key gives.
    fn mic(self, decision: &Decision, compare: Option<Compare>) -> Check {
        let (state, reason) = match step(decision, StepKind::Mic) {
            (CheckState::NotReached, _) => {
                let message = match self.authenticate.response_kind {
                    ResponseKind::Ntlmv2 => "No MIC is announced, so the server checks none.",
                    _ => "The response has no AV pairs that could announce a MIC.",
                };
                (CheckState::NotDone, Some(Statement::new(rules::MIC_NOT_ANNOUNCED, message)))
            }
            reached => reached,
        };
        let checked = matches!(state, CheckState::Passed | CheckState::Failed);
        let values = compare.filter(|_| checked).map(|compare| Values::of("MIC", compare));
        Check { kind: CheckKind::Mic, by: Party::Server, state, values, reason }
    }

    /// The target name. It is compared as text, with what the run's [`SpnCheck`] lists.
    fn target_name(decision: &Decision) -> Check {
        let (state, reason) = step(decision, StepKind::TargetName);
        Check { kind: CheckKind::TargetName, by: Party::Server, state, values: None, reason }
    }

    /// The first request, from the party at the other end of the session, and its signature.
    fn signature(self, wire: &Wire, key: Option<[u8; 16]>) -> (Request, Check) {
        let anonymous = self.authenticate.response_kind == ResponseKind::Anonymous;
        let encrypted = self.encrypts(wire, key);
        let required = self.scenario.requires_signing && !anonymous && !encrypted;
        let own_key = self.senders_key(wire).filter(|_| required);
        let request = Request::new(story::SHARE, own_key.as_ref());
        let (state, values, reason) = match key.filter(|_| required) {
            Some(key) => {
                let values = Values {
                    name: "Signature",
                    received: request.signature().to_vec(),
                    computed: request.expected_signature(&key).to_vec(),
                };
                let state = values.state();
                let message = match (request.is_signed(), state) {
                    (false, _) => "The request is not signed: the sender has no session key.",
                    (true, CheckState::Passed) => {
                        "The request is signed with the key that the server has too."
                    }
                    (true, _) => "The request is signed with another key than the server's.",
                };
                (state, Some(values), Statement::new(rules::SIGNATURE, message))
            }
            None if encrypted => (
                CheckState::NotDone,
                None,
                Statement::new(
                    rules::ENCRYPTED_NOT_SIGNED,
                    "The request is encrypted, so it is not signed as well.",
                ),
            ),
            None if anonymous && self.scenario.requires_signing => (
                CheckState::NotDone,
                None,
                Statement::new(
                    rules::NOBODY_UNSIGNED,
                    "The session is anonymous, so it is not signed.",
                ),
            ),
            None => (
                CheckState::NotDone,
                None,
                Statement::new(
                    rules::SIGNING_NOT_REQUIRED,
                    "The server requires no signing, so the request needs no key.",
                ),
            ),
        };
        let kind = CheckKind::Signature;
        (request, Check { kind, by: Party::Server, state, values, reason: Some(reason) })
    }

    /// Checks that the first request is encrypted. It takes the session key to do that.
    fn encryption(self, wire: &Wire, key: Option<[u8; 16]>) -> Check {
        let anonymous = self.authenticate.response_kind == ResponseKind::Anonymous;
        let (state, rule, message) = if !self.scenario.requires_encryption {
            (
                CheckState::NotDone,
                rules::ENCRYPTION_NOT_REQUIRED,
                "The server requires no encryption, so the request needs no key for that.",
            )
        } else if self.encrypts(wire, key) {
            (
                CheckState::Passed,
                rules::ENCRYPTION,
                "The request is encrypted with a key that the server can derive too.",
            )
        } else if anonymous {
            (
                CheckState::Failed,
                rules::NOBODY_UNENCRYPTED,
                "The session is anonymous and has no key, so its request is in the clear and is assumed to be refused.",
            )
        } else {
            (
                CheckState::Failed,
                rules::ENCRYPTION,
                "The request is not encrypted: the sender has no session key.",
            )
        };
        let reason = Some(Statement::new(rule, message));
        Check { kind: CheckKind::Encryption, by: Party::Server, state, values: None, reason }
    }

    /// Returns true if the one who sends the first request encrypts it, for a server that has the
    /// `key`.
    fn encrypts(self, wire: &Wire, key: Option<[u8; 16]>) -> bool {
        let anonymous = self.authenticate.response_kind == ResponseKind::Anonymous;
        let has_key = key.is_some() && self.senders_key(wire) == key;
        self.scenario.requires_encryption && !anonymous && has_key
    }

    /// The session key of the one who sends the first request. Only who computed the answer knows
    /// it: it is in no message.
    fn senders_key(self, wire: &Wire) -> Option<[u8; 16]> {
        (!self.scenario.middle.is_relay()).then_some(wire.client_keys.exported_session_key)
    }
}

/// The state that a step of the policy's decision ends in; not reached if the decision does not
/// come to it.
fn step(decision: &Decision, kind: StepKind) -> (CheckState, Option<Statement>) {
    let Some(step) = decision.steps.iter().find(|step| step.kind == kind) else {
        return (CheckState::NotReached, None);
    };
    let state = match step.state {
        StepState::Passed => CheckState::Passed,
        // Without a list no name can match, so it is denied; the basis says that it is assumed.
        StepState::Failed | StepState::Assumed => CheckState::Failed,
        StepState::NotDone => CheckState::NotDone,
    };
    (state, Some(Statement::from(&step.reason)))
}
