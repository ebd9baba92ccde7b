//! The relay lab: rows written from the reference by hand, what must hold in every setting, and
//! that the messages of a run say the same when they are decoded.

use std::collections::HashSet;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use spnscope::analysis::analyze;
use spnscope::judge::{
    proof::Secret,
    smb::{Basis, Level, Outcome, Role},
};
use spnscope::lab::{
    exchange::ClientKind,
    relay::{
        self, Check, CheckKind, CheckState, Edit, EditOutcome, Middle, PASSWORD, Party, Run,
        RunEnding, Scenario, run,
    },
};
use spnscope::message::{compare::Difference, ntlm::ResponseKind, wire::NtStatus};
use spnscope::show::{report, words};

use crate::fixtures::{numbers, parse};

/// The change that a row makes to the setting beside middle, edit, client and level.
type Setting = fn(&mut Scenario);

/// Section of the reference, setting, and what comes of it.
struct Row {
    section: &'static str,
    middle: Middle,
    edit: Edit,
    client: ClientKind,
    level: u8,
    setting: Setting,
    outcome: Outcome,
    status: Option<u32>,
    ending: RunEnding,
    /// The check that ends it.
    failed: Option<CheckKind>,
    /// Code and basis of the sentence why.
    why: (&'static str, Basis),
}

fn plain(_: &mut Scenario) {}
fn signing(scenario: &mut Scenario) {
    scenario.requires_signing = true;
}
fn unpatched(scenario: &mut Scenario) {
    scenario.server.patched_cve_2019_1040 = false;
}
fn unpatched_signing(scenario: &mut Scenario) {
    unpatched(scenario);
    signing(scenario);
}
fn controller(scenario: &mut Scenario) {
    scenario.server.role = Role::DomainController;
    scenario.requires_signing = Scenario::signs_by_default(Role::DomainController);
}
fn encryption(scenario: &mut Scenario) {
    scenario.requires_encryption = true;
}
fn both(scenario: &mut Scenario) {
    signing(scenario);
    encryption(scenario);
}
fn allowing(scenario: &mut Scenario) {
    scenario.server.allowed = vec!["10.0.0.100".into(), "files.lab.lan".into()];
}
fn allowing_signing(scenario: &mut Scenario) {
    allowing(scenario);
    signing(scenario);
}
fn unknown_addresses(scenario: &mut Scenario) {
    scenario.server.addresses.clear();
}

fn rewrite() -> Edit {
    Edit::RewriteTargetName(Edit::TARGET_NAME.into())
}

#[rustfmt::skip]
fn rows() -> Vec<Row> {
    use Basis::{Assumed, Documented, Inferred, Observed};
    use CheckKind as C;
    use ClientKind as K;
    use RunEnding::{AttackFails as Fails, AttackSucceeds as Succeeds, ClientRefused as Refused, ClientWorks as Works};
    use Middle as M;
    use Outcome::{Accept, Deny, LogonFailure};
    const OK: Option<u32> = Some(0);
    const DENIED: Option<u32> = Some(0xC000_0022);
    const LOGON: Option<u32> = Some(0xC000_006D);
    let row = |section, middle, edit, client, level, setting, outcome, status, ending, failed, why| Row {
        section, middle, edit, client, level, setting, outcome, status, ending, failed, why,
    };
    let none = || Edit::Nothing;
    vec![
        // Honest middles: 7.2 rows 1, 2, 6 to 8; 1.7.
        row("7.2 row 1",        M::Nobody,         none(),    K::Windows,    2, plain as Setting, Accept, OK, Works, None, ("own-name", Documented)),
        row("7.2 row 1, signed", M::Nobody,        none(),    K::Windows,    2, signing,           Accept, OK,     Works,    None,              ("signature", Documented)),
        row("7.2 row 6, NAT",   M::Nat,            none(),    K::Windows,    0, plain,             Accept, OK,     Works,    None,              ("level-off", Documented)),
        row("7.2 row 6, NAT",   M::Nat,            none(),    K::Windows,    1, plain,             Deny,   DENIED, Refused,  Some(C::TargetName), ("address-not-own", Observed)),
        row("7.2 row 6, NAT",   M::Nat,            none(),    K::Windows,    2, plain,             Deny,   DENIED, Refused,  Some(C::TargetName), ("address-not-own", Observed)),
        row("7.2 row 8, NAT",   M::Nat,            none(),    K::Windows,    2, allowing,          Accept, OK,     Works,    None,              ("allowed-name", Observed)),
        row("1.2 item 6, NAT under signing", M::Nat, none(),  K::Windows,    0, signing,           Accept, OK,     Works,    None,              ("signature", Documented)),
        row("7.2 row 9, VIP",   M::LoadBalancer,   none(),    K::Windows,    1, plain,             Deny,   DENIED, Refused,  Some(C::TargetName), ("name-not-own", Documented)),
        row("7.2 row 8, VIP",   M::LoadBalancer,   none(),    K::Windows,    2, allowing_signing,  Accept, OK,     Works,    None,              ("signature", Observed)),
        row("7.2 row 6, NAT",   M::Nat,            none(),    K::Windows,    1, unknown_addresses, Deny,   DENIED, Refused,  Some(C::TargetName), ("address-unknown", Assumed)),
        row("7.2 row 18",       M::Nat,            none(),    K::NoTargetName, 1, plain,           Accept, OK,     Works,    None,              ("absent-accepted", Documented)),
        row("7.2 row 18",       M::Nobody,         none(),    K::NoTargetName, 2, plain,           Deny,   DENIED, Refused,  Some(C::TargetName), ("absent-denied", Documented)),
        row("7.2 row 19",       M::Nobody,         none(),    K::EmptyTargetName, 1, plain,        Deny,   DENIED, Refused,  Some(C::TargetName), ("empty", Inferred)),
        row("7.2 row 13",       M::Nobody,         none(),    K::BareHost,   1, plain,             Deny,   DENIED, Refused,  Some(C::TargetName), ("no-class", Observed)),
        row("7.2 row 20",       M::Nobody,         none(),    K::UntrustedTargetName, 2, plain,    Deny,   DENIED, Refused,  Some(C::TargetName), ("untrusted-denied", Observed)),
        row("7.2 row 23",       M::Nobody,         none(),    K::Anonymous,  1, signing,           Accept, OK,     Works,    None,              ("anonymous-accepted", Inferred)),
        // 4.2, relay unchanged.
        row("4.2 lured",        M::LuredClient,    none(),    K::Windows,    0, plain,             Accept, OK,     Succeeds, None,              ("nothing-looked-at", Documented)),
        row("4.2 lured",        M::LuredClient,    none(),    K::Windows,    1, plain,             Deny,   DENIED, Fails,    Some(C::TargetName), ("address-not-own", Observed)),
        row("4.2 lured",        M::LuredClient,    none(),    K::Windows,    2, plain,             Deny,   DENIED, Fails,    Some(C::TargetName), ("address-not-own", Observed)),
        row("4.2 lured, the NAT's address allowed", M::LuredClient, none(), K::Windows, 2, allowing, Accept, OK,   Succeeds, None,              ("allowed-for-all", Inferred)),
        row("1.2 item 6",       M::LuredClient,    none(),    K::Windows,    0, signing,           Accept, OK,     Fails,    Some(C::Signature), ("relay-without-key", Documented)),
        row("1.7 controllers sign", M::LuredClient, none(),   K::Windows,    0, controller,        Accept, OK,     Fails,    Some(C::Signature), ("relay-without-key", Documented)),
        row("4.2 spoofed",      M::SpoofedDns,     none(),    K::Windows,    2, plain,             Accept, OK,     Succeeds, None,              ("spoofed-name", Documented)),
        row("4.2 spoofed",      M::SpoofedDns,     none(),    K::Windows,    2, signing,           Accept, OK,     Fails,    Some(C::Signature), ("relay-without-key", Documented)),
        row("4.3 marshalled, 7.2 row 33", M::MarshalledName, none(), K::Windows, 2, plain,         Accept, OK,     Succeeds, None,              ("marshalled", Observed)),
        row("4.3 marshalled",   M::MarshalledName, none(),    K::Windows,    2, signing,           Accept, OK,     Fails,    Some(C::Signature), ("relay-without-key", Documented)),
        row("4.4 HTTP",         M::HttpRelay,      none(),    K::Windows,    0, plain,             Accept, OK,     Succeeds, None,              ("nothing-looked-at", Documented)),
        row("4.4 HTTP, 7.2 row 15", M::HttpRelay,  none(),    K::Windows,    1, plain,             Deny,   DENIED, Fails,    Some(C::TargetName), ("name-and-class", Inferred)),
        row("4.4 HTTP, 7.2 row 14", M::HttpRelay,  none(),    K::Windows,    1, allowing,          Deny,   DENIED, Fails,    Some(C::TargetName), ("class-not-cifs", Inferred)),
        row("4.4 HTTP",         M::HttpRelay,      none(),    K::Windows,    0, signing,           Accept, OK,     Fails,    Some(C::Signature), ("relay-without-key", Documented)),
        // 7.2 row 39, encryption required.
        row("7.2 row 39",       M::Nobody,         none(),    K::Windows,    2, encryption,        Accept, OK,     Works,    None,              ("encryption", Documented)),
        row("7.2 row 39, signing too", M::Nobody,  none(),    K::Windows,    2, both,              Accept, OK,     Works,    None,              ("encryption", Documented)),
        row("7.2 row 39, NAT",  M::Nat,            none(),    K::Windows,    0, encryption,        Accept, OK,     Works,    None,              ("encryption", Documented)),
        row("7.2 row 39, NAT",  M::Nat,            none(),    K::Windows,    1, encryption,        Deny,   DENIED, Refused,  Some(C::TargetName), ("address-not-own", Observed)),
        row("7.2 row 39",       M::LuredClient,    none(),    K::Windows,    0, encryption,        Accept, OK,     Fails,    Some(C::Encryption), ("relay-without-key-to-encrypt", Inferred)),
        row("7.2 row 39",       M::LuredClient,    none(),    K::Windows,    1, encryption,        Deny,   DENIED, Fails,    Some(C::TargetName), ("address-not-own", Observed)),
        row("7.2 row 39, spoofed", M::SpoofedDns,  none(),    K::Windows,    2, encryption,        Accept, OK,     Fails,    Some(C::Encryption), ("relay-without-key-to-encrypt", Inferred)),
        row("7.2 row 39, signing too", M::SpoofedDns, none(), K::Windows,    2, both,              Accept, OK,     Fails,    Some(C::Signature), ("relay-without-key", Documented)),
        row("7.2 row 39, NTLMv1", M::LuredClient,  none(),    K::Ntlmv1,     1, encryption,        Accept, OK,     Fails,    Some(C::Encryption), ("relay-without-key-to-encrypt", Inferred)),
        row("7.2 row 39, own client", M::OwnClient, none(),   K::Windows,    2, encryption,        Accept, OK,     Succeeds, None,              ("known-credentials", Observed)),
        row("7.2 row 39, nobody's session", M::Nobody, none(), K::Anonymous, 0, encryption,        Accept, OK,     Refused,  Some(C::Encryption), ("anonymous-unencrypted", Assumed)),
        // 4.2, edits under NTProofStr.
        row("4.2 change the name", M::LuredClient, rewrite(), K::Windows,    1, plain,             LogonFailure, LOGON, Fails, Some(C::Proof),  ("under-proof", Documented)),
        row("7.2 row 34",       M::LuredClient,    rewrite(), K::Windows,    0, plain,             LogonFailure, LOGON, Fails, Some(C::Proof),  ("under-proof", Documented)),
        row("7.2 row 34",       M::LuredClient,    rewrite(), K::NoTargetName, 2, unpatched,       LogonFailure, LOGON, Fails, Some(C::Proof),  ("under-proof", Documented)),
        row("4.2 delete the name", M::LuredClient, Edit::RemoveTargetName, K::Windows, 1, plain,   LogonFailure, LOGON, Fails, Some(C::Proof),  ("under-proof", Documented)),
        row("4.2 set 0x4",      M::LuredClient,    Edit::SetUntrustedFlag, K::Windows, 1, plain,   LogonFailure, LOGON, Fails, Some(C::Proof),  ("under-proof", Documented)),
        row("4.2 clear 0x2",    M::LuredClient,    Edit::StripMicAndFlag, K::Windows, 1, unpatched, LogonFailure, LOGON, Fails, Some(C::Proof), ("under-proof", Documented)),
        row("4.2 change the name, on a controller", M::HttpRelay, rewrite(), K::Windows, 1, controller, LogonFailure, LOGON, Fails, Some(C::Proof), ("under-proof", Documented)),
        // 4.2 and 4.3, edits under the MIC.
        row("4.2 strip the MIC", M::SpoofedDns,    Edit::StripMic, K::Windows, 2, plain,           LogonFailure, None, Fails, Some(C::Mic),     ("mic-missing", Documented)),
        row("7.2 row 36",       M::SpoofedDns,     Edit::StripMic, K::Windows, 2, unpatched,       Accept, OK,     Succeeds, None,              ("spoofed-name", Observed)),
        row("4.3 CVE-2019-1040", M::LuredClient,   Edit::DropTheMic, K::Windows, 0, unpatched,     Accept, OK,     Succeeds, None,              ("nothing-looked-at", Observed)),
        row("4.3 CVE-2019-1040, SPN untouched", M::LuredClient, Edit::DropTheMic, K::Windows, 1, unpatched, Deny, DENIED, Fails, Some(C::TargetName), ("address-not-own", Observed)),
        row("4.3 CVE-2019-1040", M::LuredClient,   Edit::DropTheMic, K::Windows, 0, plain,         LogonFailure, None, Fails, Some(C::Mic),     ("mic-missing", Documented)),
        row("4.3 CVE-2019-1040, signing", M::SpoofedDns, Edit::DropTheMic, K::Windows, 2, unpatched_signing, Accept, OK, Fails, Some(C::Signature), ("relay-without-key", Documented)),
        row("4.2 change NegotiateFlags", M::SpoofedDns, Edit::ClearSigningFlags, K::Windows, 0, plain, LogonFailure, None, Fails, Some(C::Mic), ("mic-covers", Documented)),
        row("4.2 change NegotiateFlags", M::SpoofedDns, Edit::ClearSigningFlags, K::Windows, 0, unpatched, LogonFailure, None, Fails, Some(C::Mic), ("mic-covers", Documented)),
        row("4.2 edit the CHALLENGE, 4.3 CVE-2015-0005", M::SpoofedDns, Edit::RenameServer, K::Windows, 0, plain, LogonFailure, LOGON, Fails, Some(C::ServerName), ("server-named", Documented)),
        row("4.2 edit the CHALLENGE", M::SpoofedDns, Edit::RenameServer, K::Windows, 0, controller, LogonFailure, None, Fails, Some(C::Mic),    ("mic-covers", Documented)),
        // 4.2, NTLMv1.
        row("4.2 force NTLMv1", M::LuredClient,    Edit::ForceNtlmv1, K::Windows, 1, plain,        LogonFailure, None, Fails, Some(C::Mic),     ("mic-covers", Documented)),
        row("4.2 force NTLMv1", M::LuredClient,    Edit::ForceNtlmv1, K::Ntlm2Session, 1, plain,   Accept, OK,     Succeeds, None,              ("not-carried-accepted", Documented)),
        row("4.2 force NTLMv1", M::LuredClient,    Edit::ForceNtlmv1, K::Ntlm2Session, 2, plain,   Deny,   DENIED, Fails,    Some(C::TargetName), ("not-carried-denied", Documented)),
        row("4.2 NTLMv1, 7.2 row 22", M::LuredClient, none(), K::Ntlmv1,     1, plain,             Accept, OK,     Succeeds, None,              ("not-carried-accepted", Documented)),
        row("4.2 NTLMv1",       M::LuredClient,    none(),    K::Ntlmv1,     1, signing,           Accept, OK,     Fails,    Some(C::Signature), ("relay-without-key", Documented)),
        row("4.1 nothing bound", M::LuredClient,   Edit::ClearSigningFlags, K::Ntlmv1, 0, plain,   Accept, OK,     Succeeds, None,              ("nothing-looked-at", Documented)),
        // 4.2, the attacker's own client.
        row("4.2 own client",   M::OwnClient,      none(),    K::Windows,    2, signing,           Accept, OK,     Succeeds, None,              ("known-credentials", Observed)),
        row("4.2 own client, any name", M::OwnClient, rewrite(), K::Windows, 2, plain,             Accept, OK,     Succeeds, None,              ("known-credentials", Observed)),
        row("4.2 own client, a wrong name", M::OwnClient, Edit::RewriteTargetName("cifs/other".into()), K::Windows, 1, plain, Deny, DENIED, Fails, Some(C::TargetName), ("name-not-own", Documented)),
        row("4.2 own client, no MIC", M::OwnClient, Edit::StripMicAndFlag, K::Windows, 2, signing, Accept, OK,     Succeeds, None,              ("known-credentials", Observed)),
        row("4.2 own client, no name", M::OwnClient, Edit::RemoveTargetName, K::Windows, 2, plain, Deny,   DENIED, Fails,    Some(C::TargetName), ("absent-denied", Documented)),
        row("7.2 row 35, own client", M::OwnClient, Edit::StripMic, K::Windows, 0, plain,          LogonFailure, None, Fails, Some(C::Mic),     ("mic-missing", Documented)),
        row("7.2 row 23",       M::LuredClient,    none(),    K::Anonymous,  0, plain,             Accept, OK,     Fails,    None,              ("nobodys-session", Inferred)),
    ]
}

fn level(number: u8) -> Level {
    Level::ALL[usize::from(number)]
}

/// The run of a setting.
fn play(scenario: &Scenario) -> Run {
    run(scenario).unwrap_or_else(|error| panic!("{scenario:?}: {error}"))
}

fn failed(run: &Run) -> Option<CheckKind> {
    run.checks.iter().find(|check| check.state == CheckState::Failed).map(|check| check.kind)
}

#[test]
fn rows_of_the_reference_have_their_outcomes() {
    let mut wrong = Vec::new();
    for row in rows() {
        let mut scenario = Scenario::new(row.middle);
        (scenario.edit, scenario.client, scenario.level) = (row.edit, row.client, level(row.level));
        (row.setting)(&mut scenario);
        let run = play(&scenario);
        let status = run.status.map(|status| status.0);
        let ours =
            (run.outcome, status, run.ending, failed(&run), run.why.rule.code, run.why.basis);
        let theirs = (row.outcome, row.status, row.ending, row.failed, row.why.0, row.why.1);
        if ours != theirs {
            wrong.push(format!(
                "{}, {:?}, {}, {:?}, level {}:\n  {ours:?}\n  {theirs:?}",
                row.section,
                row.middle,
                scenario.edit.as_str(),
                row.client,
                row.level
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every middle, edit, client, level, role, and whether patched and allowing; requiring nothing,
/// signing or encryption.
fn every_scenario() -> impl Iterator<Item = Scenario> {
    let clients = |middle: Middle| ClientKind::ALL.into_iter().map(move |client| (middle, client));
    Middle::ALL.into_iter().flat_map(clients).flat_map(|(middle, client)| {
        Edit::all().into_iter().flat_map(move |edit| {
            (0..72).map(move |number: u8| {
                let (bits, requires) = (number % 8, number / 8 % 3);
                let mut scenario = Scenario::new(middle);
                scenario.client = client;
                scenario.edit = edit.clone();
                scenario.level = level(number / 24);
                scenario.requires_signing = requires == 1;
                scenario.requires_encryption = requires == 2;
                scenario.server.patched_cve_2019_1040 = bits & 1 != 0;
                scenario.server.role =
                    if bits & 2 == 0 { Role::Member } else { Role::DomainController };
                if bits & 4 != 0 {
                    scenario.server.allowed = vec!["10.0.0.100".into()];
                }
                scenario
            })
        })
    })
}

/// Asserts what holds for every run, whatever its setting.
fn assert_sound(scenario: &Scenario, run: &Run) {
    let is_attack = scenario.middle.is_attack();
    assert_eq!(run.ending.attack_succeeds().is_some(), is_attack);
    for reason in run.notes.iter().chain([&run.why]) {
        let words = words::statement(reason);
        assert!(words.ends_with('.') && !reason.rule.source.is_empty(), "{reason:?}");
        assert!(reason.basis <= reason.rule.basis, "{reason:?}");
        let is_own = relay::rules::RULES.contains(&reason.rule);
        assert!(!is_own || !words.contains(". "), "one sentence: {reason:?}");
    }

    // The checks: in order, nothing behind the first that fails, bytes the same where they pass.
    let kinds: Vec<_> = run.checks.iter().map(|check| check.kind).collect();
    let member = [CheckKind::Proof, CheckKind::ServerName, CheckKind::Mic];
    let last = [CheckKind::TargetName, CheckKind::Signature, CheckKind::Encryption];
    let first = member
        .iter()
        .filter(|kind| **kind != CheckKind::ServerName || scenario.server.role == Role::Member);
    assert_eq!(kinds, first.chain(&last).copied().collect::<Vec<_>>());
    let mut ended = false;
    for check in &run.checks {
        assert_eq!(check.state == CheckState::NotReached, ended, "{check:?}");
        assert_eq!(check.reason.is_none(), ended, "{check:?}");
        ended |= check.state == CheckState::Failed;
        if let Some(values) = &check.values {
            let same = values.received == values.computed;
            assert_eq!(same, check.state == CheckState::Passed, "{check:?}");
            assert_eq!(same, values.differing().is_empty(), "{check:?}");
        }
        let compares = !matches!(check.kind, CheckKind::TargetName | CheckKind::Encryption);
        if compares && check.state == CheckState::Passed {
            assert!(check.values.is_some(), "{check:?}");
        }
    }

    // Outcome, status and events say what the checks say.
    let failed = failed(run);
    match run.outcome {
        Outcome::Accept => {
            assert!(failed.is_none_or(CheckKind::is_of_request));
            assert_eq!(
                (run.status.unwrap(), numbers(&run.events)),
                (NtStatus::SUCCESS, vec![4624])
            );
        }
        Outcome::Deny => {
            assert_eq!(failed, Some(CheckKind::TargetName));
            assert_eq!(run.status.unwrap(), NtStatus::ACCESS_DENIED);
            assert_eq!(numbers(&run.events), [4624, 5168, 551]);
        }
        Outcome::LogonFailure => {
            let early = [CheckKind::Proof, CheckKind::ServerName, CheckKind::Mic];
            assert!(early.contains(&failed.unwrap()));
            assert_eq!(run.status.is_none(), failed == Some(CheckKind::Mic));
            assert_eq!(numbers(&run.events), [4625, 551]);
        }
        Outcome::Unknown => panic!("the messages of the lab are whole"),
    }
    assert_eq!(run.request.is_some(), run.outcome == Outcome::Accept);
    let refused = run.request_status == Some(NtStatus::ACCESS_DENIED);
    assert_eq!(refused, failed.is_some_and(CheckKind::is_of_request));
    let works = failed.is_none();
    let nobody = is_attack && scenario.client == ClientKind::Anonymous;
    let good = matches!(run.ending, RunEnding::ClientWorks | RunEnding::AttackSucceeds);
    assert_eq!(good, works && !nobody);

    // Keys: the server has one where it is entitled to it, a relay has none, and signs nothing.
    let refused = matches!(failed, Some(CheckKind::Proof | CheckKind::ServerName));
    assert_eq!(run.keys.server.is_none(), refused || scenario.client == ClientKind::Anonymous);
    assert_eq!(run.keys.middle, None);
    let signed = run.request.as_ref().is_some_and(relay::Request::is_signed);
    assert!(!(signed && scenario.middle.is_relay()));
    if let (Some(key), CheckState::Passed) = (run.keys.server, run.checks[0].state)
        && run.edited != EditOutcome::OnTheWay
    {
        assert_eq!(key, run.keys.client);
    }

    // Nothing is changed but by an attacker on the way.
    let changed = run.passages.iter().any(|passage| !passage.changes.is_empty());
    assert_eq!(changed, run.edited == EditOutcome::OnTheWay);
    for passage in &run.passages {
        assert_eq!(passage.sent == passage.received, passage.changes.is_empty());
        for row in &passage.changes {
            assert_ne!(row.difference, Difference::Same);
            assert_ne!(row.left, row.right, "{row:?}");
        }
        let made = passage.changes.iter().any(|row| row.difference != Difference::Layout);
        assert!(made || passage.changes.is_empty());
    }
    match run.edited {
        EditOutcome::Nothing => assert_eq!(scenario.edit, Edit::Nothing),
        EditOutcome::NoAttacker => assert!(!is_attack),
        EditOutcome::BeforeTheProof => assert_eq!(scenario.middle, Middle::OwnClient),
        EditOutcome::OnTheWay => assert!(scenario.middle.is_relay()),
        EditOutcome::Impossible(because) => assert!(because.ends_with('.') && is_attack),
    }
}

#[test]
fn every_setting_has_an_outcome_a_basis_and_a_sentence() {
    let mut count = 0;
    let mut quoted = HashSet::new();
    for scenario in every_scenario() {
        let run = play(&scenario);
        let reasons = run.checks.iter().filter_map(|check| check.reason.as_ref());
        quoted.extend(reasons.chain(&run.notes).chain([&run.why]).map(|reason| reason.rule.code));
        let sound = std::panic::catch_unwind(|| assert_sound(&scenario, &run));
        assert!(sound.is_ok(), "{scenario:?}\n{:#?}", (&run.checks, &run.why, run.edited));
        count += 1;
    }
    assert_eq!(count, 8 * 8 * 10 * 3 * 3 * 2 * 2 * 2);
    let silent = relay::rules::RULES.iter().filter(|rule| !quoted.contains(rule.code));
    assert_eq!(silent.count(), 0, "every rule is quoted somewhere");
}

#[test]
fn each_setting_is_stopped_by_its_check() {
    for scenario in every_scenario() {
        let run = play(&scenario);
        let why = || format!("{scenario:?}\n{:#?}", run.checks);
        let on_the_way = run.edited == EditOutcome::OnTheWay;
        // Whatever is under NTProofStr cannot be changed, at any level.
        let under_proof = matches!(
            scenario.edit,
            Edit::RewriteTargetName(_)
                | Edit::RemoveTargetName
                | Edit::SetUntrustedFlag
                | Edit::StripMicAndFlag
        );
        if under_proof && on_the_way {
            assert_eq!(failed(&run), Some(CheckKind::Proof), "{}", why());
        }
        // Required signing stops every relay, and so does required encryption.
        let requires_key = scenario.requires_signing || scenario.requires_encryption;
        if requires_key && scenario.middle.is_relay() {
            assert_eq!(run.ending, RunEnding::AttackFails, "{}", why());
        }
        // A patched server notices every change to an NTLMv2 sign-in.
        if scenario.server.patched_cve_2019_1040 && on_the_way && scenario.client.is_ntlmv2() {
            assert_eq!(run.outcome, Outcome::LogonFailure, "{}", why());
        }
        // A client that means the server and talks to it gets in, and signing is no hindrance to
        // it.
        if scenario.middle == Middle::Nobody && scenario.client == ClientKind::Windows {
            assert_eq!(run.ending, RunEnding::ClientWorks, "{}", why());
        }
        // The name stops who lured the client, unless that name is allowed, and not who posed as
        // the server.
        let untouched = scenario.edit == Edit::Nothing && scenario.client == ClientKind::Windows;
        if untouched && scenario.level != Level::Off {
            let by_name = failed(&run) == Some(CheckKind::TargetName);
            match scenario.middle {
                Middle::LuredClient | Middle::Nat => {
                    assert_eq!(by_name, scenario.server.allowed.is_empty(), "{}", why());
                }
                Middle::HttpRelay | Middle::LoadBalancer => assert!(by_name, "{}", why()),
                Middle::Nobody
                | Middle::SpoofedDns
                | Middle::OwnClient
                | Middle::MarshalledName => assert!(!by_name, "{}", why()),
            }
        }
    }
}

#[test]
fn a_stricter_server_never_helps_an_attack() {
    let succeeds = |scenario: &Scenario| play(scenario).ending == RunEnding::AttackSucceeds;
    for strict in every_scenario().filter(|scenario| scenario.middle.is_attack()) {
        if !succeeds(&strict) {
            continue;
        }
        let mut looser = vec![strict.clone(); 5];
        looser[0].requires_signing = false;
        looser[1].server.patched_cve_2019_1040 = false;
        looser[2].level = Level::Off;
        looser[3].server.allowed.push("10.0.0.100".into());
        looser[4].requires_encryption = false;
        for looser in looser {
            assert!(succeeds(&looser), "{strict:?}\n{looser:?}");
        }
    }
}

/// The messages as the server has them, decoded with the account's password, give the same answer.
/// Only the comparison of the server's name is the domain controller's own.
#[test]
fn decoding_the_messages_says_the_same() {
    let secret = Secret::from_password(PASSWORD);
    let requires_key =
        |scenario: &Scenario| scenario.requires_signing || scenario.requires_encryption;
    for scenario in every_scenario().filter(|scenario| !requires_key(scenario)) {
        let run = play(&scenario);
        if failed(&run) == Some(CheckKind::ServerName) {
            continue;
        }
        let [negotiate, challenge, authenticate] = &run.passages;
        let seen = [&negotiate.received, &challenge.sent, &authenticate.received];
        let pasted = seen.map(|message| STANDARD.encode(message.bytes())).join("\n");
        let analysis = analyze(pasted.as_bytes(), &scenario.server, Some(&secret));
        let [exchange] = analysis.exchanges() else { panic!("{scenario:?}") };
        let decisions = &exchange.verdict.as_ref().expect("a verdict").decisions;
        let decision = &decisions[scenario.level];
        let decoded = (decision.outcome, decision.status, &decision.events);
        assert_eq!(decoded, (run.outcome, run.status, &run.events), "{scenario:?}");
        let exported = exchange.proof.keys.as_ref().and_then(|keys| keys.exported_session_key);
        assert_eq!(exported, run.keys.server, "{scenario:?}");
    }
}

/// Every byte of the response, changed on the way, ends at the proof.
#[test]
fn no_byte_under_the_proof_can_be_changed() {
    let secret = Secret::from_password(PASSWORD);
    let run = play(&Scenario::new(Middle::LuredClient));
    let [negotiate, challenge, authenticate] = &run.passages;
    let message = &authenticate.received;
    let response = message.as_authenticate().unwrap().nt_challenge_response.unwrap().data.unwrap();
    let head = [&negotiate.received, &challenge.sent].map(|m| STANDARD.encode(m.bytes()));
    let settings = Scenario::default().server;
    for at in response.start..response.end {
        let mut bytes = message.bytes().to_vec();
        bytes[at] ^= 1;
        let pasted = format!("{}\n{}\n{}", head[0], head[1], STANDARD.encode(&bytes));
        let analysis = analyze(pasted.as_bytes(), &settings, Some(&secret));
        for decision in analysis.exchanges()[0].verdict.as_ref().unwrap().decisions.values() {
            assert_eq!(decision.outcome, Outcome::LogonFailure, "byte {at}");
            assert_eq!(decision.status.unwrap(), NtStatus::LOGON_FAILURE, "byte {at}");
        }
    }
}

/// NAT and attack side by side: the same bytes reach the server, and only the keys differ.
#[test]
fn address_translation_and_a_lured_client_look_the_same_to_the_name_check() {
    for number in 0..3 {
        let [nat, lured] = [Middle::Nat, Middle::LuredClient].map(|middle| {
            let mut scenario = Scenario::new(middle);
            (scenario.level, scenario.requires_signing) = (level(number), true);
            scenario.server.allowed = vec!["10.0.0.100".into()];
            play(&scenario)
        });
        assert_eq!(nat.passages, lured.passages);
        assert_eq!((nat.outcome, lured.outcome), (Outcome::Accept, Outcome::Accept));
        assert_eq!((nat.ending, lured.ending), (RunEnding::ClientWorks, RunEnding::AttackFails));
        let signature = |run: &Run| {
            let of_signature = |check: &&Check| check.kind == CheckKind::Signature;
            run.checks.iter().find(of_signature).unwrap().values.clone().unwrap()
        };
        assert!(signature(&nat).differing().is_empty());
        assert_eq!(signature(&lured).received, [0; 16]);
    }
}

#[test]
fn edits_are_marked_where_they_were_made() {
    let mut scenario = Scenario::new(Middle::LuredClient);
    scenario.edit = rewrite();
    let run = play(&scenario);
    let [negotiate, challenge, authenticate] = &run.passages;
    assert!(negotiate.changes.is_empty() && challenge.changes.is_empty());
    assert_eq!((authenticate.from, challenge.from), (Party::Client, Party::Server));
    let made = |run: &Run| {
        let made = run.passages.iter().flat_map(|passage| passage.changes.clone());
        let mut made = made.filter(|row| row.difference != Difference::Layout && !row.is_flag());
        (made.next().expect("a change"), made.count())
    };
    let (row, others) = made(&run);
    let (sent, received) = (row.left.unwrap(), row.right.unwrap());
    assert_eq!((row.name.as_str(), others), ("MsvAvTargetName", 0));
    assert_eq!(
        (sent.value.as_str(), received.value.as_str()),
        ("cifs/10.0.0.100", "cifs/10.0.0.11")
    );
    let bytes = authenticate.received.source().slice(received.span);
    assert_eq!(bytes[bytes.len() - 4..], *b"1\x001\x00");
    let layout = authenticate.changes.iter().filter(|row| row.difference == Difference::Layout);
    assert!(layout.count() >= 2, "the lengths and the key's place follow");
    let mut first = |edit: Edit, client: ClientKind| {
        (scenario.edit, scenario.client) = (edit, client);
        let (row, others) = made(&play(&scenario));
        (row.name, row.difference, others)
    };
    let (windows, empty) = (ClientKind::Windows, ClientKind::EmptyTargetName);
    let (only_left, only_right) = (Difference::OnlyLeft, Difference::OnlyRight);
    let (value, no_name) = (Difference::Value, ClientKind::NoTargetName);
    assert_eq!(first(Edit::StripMic, windows), ("MIC".into(), only_left, 0));
    assert_eq!(first(Edit::RemoveTargetName, empty), ("MsvAvTargetName".into(), only_left, 0));
    assert_eq!(first(rewrite(), no_name), ("MsvAvTargetName".into(), only_right, 0));
    assert_eq!(first(Edit::SetUntrustedFlag, windows), ("MsvAvFlags".into(), value, 0));
    assert_eq!(first(Edit::ClearSigningFlags, windows), ("NegotiateFlags".into(), value, 0));
    assert_eq!(first(Edit::RenameServer, windows), ("MsvAvNbComputerName".into(), value, 0));
}

#[test]
fn an_edit_that_changes_nothing_says_why() {
    let cases = [
        (Edit::RewriteTargetName("cifs/10.0.0.100".into()), ClientKind::Windows, "already that"),
        (Edit::RemoveTargetName, ClientKind::NoTargetName, "no target name"),
        (Edit::SetUntrustedFlag, ClientKind::UntrustedTargetName, "itself"),
        (Edit::StripMic, ClientKind::Ntlmv1, "no MIC"),
        (Edit::RemoveTargetName, ClientKind::Anonymous, "no AV pairs"),
        (Edit::ForceNtlmv1, ClientKind::Ntlmv1, "anyway"),
    ];
    for middle in [Middle::LuredClient, Middle::OwnClient] {
        for (edit, client, words) in &cases {
            let mut edit = edit.clone();
            if let (Edit::RewriteTargetName(name), Middle::OwnClient) = (&mut edit, middle) {
                *name = "cifs/dcfr.lab.lan".into();
            }
            let mut scenario = Scenario { client: *client, ..Scenario::new(middle) };
            let plain = play(&scenario);
            scenario.edit = edit;
            let run = play(&scenario);
            assert!(
                matches!(run.edited, EditOutcome::Impossible(because) if because.contains(words)),
                "{scenario:?}: {:?}",
                run.edited
            );
            assert_eq!(run.passages, plain.passages);
        }
    }
}

#[test]
fn a_target_name_of_any_length_is_taken_or_refused_in_words() {
    let mut scenario = Scenario::new(Middle::LuredClient);
    for middle in [Middle::LuredClient, Middle::OwnClient] {
        scenario.middle = middle;
        for (name, fits) in [
            (String::new(), true),
            ("é€😀/\u{0}".into(), true),
            ("x".repeat(32_000), true),
            ("x".repeat(32_700), false),
            ("x".repeat(40_000), false),
        ] {
            scenario.edit = Edit::RewriteTargetName(name);
            match run(&scenario) {
                Ok(run) => {
                    assert!(fits);
                    assert_sound(&scenario, &run);
                }
                Err(error) => assert!(!fits && error.to_string().contains("bytes"), "{error}"),
            }
        }
    }
}

#[test]
fn both_forms_of_the_report_name_the_ending_and_hold_the_messages() {
    for scenario in every_scenario().step_by(97) {
        let run = play(&scenario);
        let text = report::render_relay_text(&scenario, &run);
        assert!(
            text.contains(run.ending.sentence()) && text.contains(&*words::statement(&run.why)),
            "{text}"
        );
        let json = report::render_relay_json(&scenario, &run);
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["ending"], run.ending.as_str());
        assert_eq!(json["why"]["message"], &*words::statement(&run.why));
        assert_eq!(json["checks"].as_array().unwrap().len(), run.checks.len());
        for (message, passage) in json["messages"].as_array().unwrap().iter().zip(&run.passages) {
            for (key, ours) in [("sent", &passage.sent), ("received", &passage.received)] {
                let bytes = STANDARD.decode(message[key].as_str().unwrap()).unwrap();
                assert_eq!(&parse(&bytes), ours);
                assert!(text.contains(message[key].as_str().unwrap()));
            }
        }
    }
}

/// 4.1: Windows 11 24H2 and Server 2025 no longer have NTLMv1, so those who speak it here are
/// older, and a note says so.
#[test]
fn ntlmv1_is_spoken_by_an_older_windows() {
    for client in ClientKind::ALL {
        for (middle, edit) in [
            (Middle::Nobody, Edit::Nothing),
            (Middle::LuredClient, Edit::ForceNtlmv1),
            (Middle::OwnClient, Edit::ForceNtlmv1),
        ] {
            let run = play(&Scenario { client, edit, ..Scenario::new(middle) });
            let [_, challenge, authenticate] = &run.passages;
            let server = challenge.sent.as_challenge().unwrap().version.unwrap();
            let answer = authenticate.sent.as_authenticate().unwrap();
            let is_old =
                matches!(answer.response_kind, ResponseKind::Ntlmv1 | ResponseKind::Ntlm2Session);
            let build = if is_old { 17_763 } else { 26_100 };
            assert_eq!(server.build, build, "{client:?}, {middle:?}");
            assert_eq!(answer.version.unwrap().build, build, "{client:?}, {middle:?}");
            let is_said = run.notes.iter().any(|note| note.rule.code == "ntlmv1-gone");
            assert_eq!(is_said, is_old, "{client:?}, {middle:?}");
        }
    }
}
