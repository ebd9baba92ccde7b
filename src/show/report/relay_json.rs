//! A run of the relay lab as JSON. The form follows that of the report: hex in lower case, `start`
//! and `end` as byte offsets, half open, `null` for what is not there. Messages are in base64, to
//! be pasted.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Serialize;

use super::{
    exchange_json::{ReasonReport, statement},
    lines,
};
use crate::base::span::Span;
use crate::judge::smb::{Entry, EventId, Outcome, Role};
use crate::lab::relay::{self, Check, Edit, Passage, Request, Run, Scenario};
use crate::message::{
    compare::{CompareRow, Difference, Side},
    field::{FieldPath, hex},
    wire::NtStatus,
};

#[derive(Serialize)]
struct RunReport<'a> {
    schema: u32,
    scenario: ScenarioReport<'a>,
    account: Account,
    actors: Vec<ActorReport>,
    edited: EditedReport,
    messages: Vec<PassageReport<'a>>,
    checks: Vec<ServerCheckReport>,
    target_name: TargetNameReport<'a>,
    outcome: Outcome,
    status: Option<&'static str>,
    status_code: Option<String>,
    events: &'a [EventId],
    keys: KeysReport,
    first_request: Option<RequestReport>,
    ending: &'static str,
    attack_succeeds: Option<bool>,
    why: ReasonReport,
    notes: Vec<ReasonReport>,
}

#[derive(Serialize)]
struct ScenarioReport<'a> {
    middle: &'static str,
    opened: &'static str,
    edit: &'static str,
    new_target_name: Option<&'a str>,
    level: u8,
    allowed: &'a [String],
    requires_signing: bool,
    requires_encryption: bool,
    patched_cve_2019_1040: bool,
    server: &'static str,
    client: &'static str,
}

/// The invented account, with which the messages can be verified.
#[derive(Serialize)]
struct Account {
    user: &'static str,
    domain: &'static str,
    password: &'static str,
}

#[derive(Serialize)]
struct ActorReport {
    party: &'static str,
    name: &'static str,
    address: &'static str,
}

#[derive(Serialize)]
struct EditedReport {
    state: &'static str,
    because: Option<&'static str>,
}

#[derive(Serialize)]
struct PassageReport<'a> {
    message: &'static str,
    from: &'static str,
    sent: String,
    received: String,
    changes: Vec<PassageChangeReport<'a>>,
}

#[derive(Serialize)]
struct PassageChangeReport<'a> {
    field: &'a str,
    path: &'a FieldPath,
    difference: Difference,
    sent: Option<SideReport<'a>>,
    received: Option<SideReport<'a>>,
}

#[derive(Serialize)]
struct SideReport<'a> {
    value: &'a str,
    start: usize,
    end: usize,
}

#[derive(Serialize)]
struct RangeReport {
    start: usize,
    end: usize,
}

#[derive(Serialize)]
struct ServerCheckReport {
    check: &'static str,
    by: &'static str,
    state: &'static str,
    value: Option<&'static str>,
    received: Option<String>,
    computed: Option<String>,
    differing: Vec<RangeReport>,
    reason: Option<ReasonReport>,
}

#[derive(Serialize)]
struct TargetNameReport<'a> {
    spn_check: Outcome,
    matched: Option<&'a str>,
    tried: Vec<&'a str>,
}

#[derive(Serialize)]
struct KeysReport {
    client: String,
    middle: Option<String>,
    server: Option<String>,
}

#[derive(Serialize)]
struct RequestReport {
    request: String,
    signed: bool,
    status: Option<&'static str>,
    status_code: Option<String>,
}

/// The run of `scenario` as one JSON document with a line end.
#[must_use]
pub fn render(scenario: &Scenario, run: &Run) -> String {
    let (status, status_code) = status(run.status);
    let report = RunReport {
        schema: 1,
        scenario: ScenarioReport {
            middle: scenario.middle.as_str(),
            opened: scenario.middle.opened(),
            edit: scenario.edit.as_str(),
            new_target_name: match &scenario.edit {
                Edit::RewriteTargetName(name) => Some(name),
                _ => None,
            },
            level: scenario.level.number(),
            allowed: &scenario.server.allowed,
            requires_signing: scenario.requires_signing,
            requires_encryption: scenario.requires_encryption,
            patched_cve_2019_1040: scenario.server.patched_cve_2019_1040,
            server: match scenario.server.role {
                Role::Member => "member",
                Role::DomainController => "controller",
            },
            client: scenario.client.as_str(),
        },
        account: Account { user: relay::USER, domain: relay::DOMAIN, password: relay::PASSWORD },
        actors: run
            .actors
            .iter()
            .map(|actor| ActorReport {
                party: actor.party.as_str(),
                name: actor.name,
                address: actor.address,
            })
            .collect(),
        edited: EditedReport { state: run.edited.as_str(), because: run.edited.because() },
        messages: run.passages.iter().map(passage).collect(),
        checks: run.checks.iter().map(check).collect(),
        target_name: TargetNameReport {
            spn_check: if run.spn_check.accept { Outcome::Accept } else { Outcome::Deny },
            matched: run.spn_check.matched.as_ref().map(text),
            tried: run.spn_check.tried.iter().map(text).collect(),
        },
        outcome: run.outcome,
        status,
        status_code,
        events: &run.events,
        keys: KeysReport {
            client: hex(&run.keys.client),
            middle: run.keys.middle.map(|key| hex(&key)),
            server: run.keys.server.map(|key| hex(&key)),
        },
        first_request: run.request.as_ref().map(|sent| request(sent, run.request_status)),
        ending: run.ending.as_str(),
        attack_succeeds: run.ending.attack_succeeds(),
        why: statement(&run.why),
        notes: run.notes.iter().map(statement).collect(),
    };
    lines::json(&report, 8192)
}

fn text(entry: &Entry) -> &str {
    &entry.text
}

fn status(status: Option<NtStatus>) -> (Option<&'static str>, Option<String>) {
    (status.and_then(NtStatus::name), status.map(|status| format!("{status:#010X}")))
}

fn place(span: Span) -> RangeReport {
    RangeReport { start: span.start, end: span.end }
}

fn passage(passage: &Passage) -> PassageReport<'_> {
    PassageReport {
        message: passage.sent.kind(),
        from: passage.from.as_str(),
        sent: STANDARD.encode(passage.sent.bytes()),
        received: STANDARD.encode(passage.received.bytes()),
        changes: passage.changes.iter().map(change).collect(),
    }
}

fn change(row: &CompareRow) -> PassageChangeReport<'_> {
    PassageChangeReport {
        field: &row.name,
        path: &row.path,
        difference: row.difference,
        sent: row.left.as_ref().map(side),
        received: row.right.as_ref().map(side),
    }
}

fn side(side: &Side) -> SideReport<'_> {
    SideReport { value: &side.value, start: side.span.start, end: side.span.end }
}

fn check(check: &Check) -> ServerCheckReport {
    let values = check.values.as_ref();
    ServerCheckReport {
        check: check.kind.as_str(),
        by: check.by.as_str(),
        state: check.state.as_str(),
        value: values.map(|values| values.name),
        received: values.map(|values| hex(&values.received)),
        computed: values.map(|values| hex(&values.computed)),
        differing: values
            .map_or_else(Vec::new, |values| values.differing().into_iter().map(place).collect()),
        reason: check.reason.as_ref().map(statement),
    }
}

fn request(request: &Request, answered: Option<NtStatus>) -> RequestReport {
    let (status, status_code) = status(answered);
    RequestReport { request: hex(&request.bytes), signed: request.is_signed(), status, status_code }
}
