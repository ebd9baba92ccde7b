//! Table 7.2 of the reference, row by row and level by level: the answer, the rule that decides,
//! how sure that is, what event 5168 shows as the name, and what the log SMBServer/Audit says.

use std::{fs, path::Path};

use spnscope::judge::{
    events::events,
    smb::{
        Basis, Carrier, Checked, EventId, Evidence, Level, LevelValue, MicEvidence, Outcome,
        ProofEvidence, Reason, Role, Server, ServerNames, ServerSettings, Smb, StepKind, StepState,
        Target, decide, rules::RULES,
    },
};
use spnscope::lab::{
    exchange::ClientKind,
    relay::{Middle, Run, RunEnding, Scenario, run},
};
use spnscope::message::{
    ntlm::{ResponseKind, SignInNames},
    wire::{FileTime, NtStatus},
};

use crate::fixtures::{numbers, story_server};

/// A row of the table.
pub(crate) struct Case {
    pub(crate) why: &'static str,
    pub(crate) target: Target,
    pub(crate) carrier: Carrier,
    pub(crate) server: ServerSettings,
    /// The answer, the code and the basis of the deciding reason at levels 0, 1 and 2.
    at: [(Outcome, &'static str, Basis); 3],
    /// `SpnName` of event 5168, where something is denied.
    spn_name: &'static str,
    /// The event in the log SMBServer/Audit.
    pub(crate) audit: Option<u16>,
}

impl Case {
    /// The evidence of the client's statement, with nothing against it.
    pub(crate) fn evidence(&self) -> Evidence {
        let proof = match self.carrier {
            Carrier::Kerberos => ProofEvidence::Ticket,
            _ => ProofEvidence::Response(Checked::Right),
        };
        Evidence {
            carrier: self.carrier,
            proof,
            ..evidence(self.target.clone(), ResponseKind::Ntlmv2)
        }
    }
}

pub(crate) fn evidence(target: Target, kind: ResponseKind) -> Evidence {
    Evidence {
        target,
        carrier: Carrier::Ntlm(kind),
        proof: ProofEvidence::Response(Checked::Right),
        mic: MicEvidence::NotAnnounced,
        time_stamp: None,
        smb: None,
        has_errors: false,
    }
}

pub(crate) fn named(name: &str) -> Target {
    Target::Present(name.into())
}

pub(crate) fn server(settings: &ServerSettings) -> Server {
    Server::new(settings, &ServerNames::default())
}

pub(crate) fn allowing(name: &str) -> ServerSettings {
    ServerSettings { allowed: vec![name.into()], ..story_server() }
}

fn domain_controller() -> ServerSettings {
    ServerSettings {
        role: Role::DomainController,
        domains: vec!["LAB".into(), "lab.lan".into()],
        ..story_server()
    }
}

fn member_of_domain() -> ServerSettings {
    ServerSettings { role: Role::Member, ..domain_controller() }
}

fn known_as(name: &str) -> ServerSettings {
    ServerSettings { names: vec![name.into()], ..story_server() }
}

fn no_addresses() -> ServerSettings {
    ServerSettings { addresses: vec![], ..story_server() }
}

fn old() -> ServerSettings {
    ServerSettings { honours_untrusted_flag: false, ..story_server() }
}

fn over_loopback() -> ServerSettings {
    ServerSettings { is_loopback: true, ..story_server() }
}

type Answers = [(Outcome, &'static str, Basis); 3];

const OFF: (Outcome, &str, Basis) = (Outcome::Accept, "level-off", Basis::Documented);

/// Accepted at every level.
const fn accepted(code: &'static str, basis: Basis) -> Answers {
    [OFF, (Outcome::Accept, code, basis), (Outcome::Accept, code, basis)]
}

/// Denied at levels 1 and 2.
const fn denied(code: &'static str, basis: Basis) -> Answers {
    [OFF, (Outcome::Deny, code, basis), (Outcome::Deny, code, basis)]
}

/// Denied at level 2 alone.
const fn required(accepts: (&'static str, Basis), denies: (&'static str, Basis)) -> Answers {
    [OFF, (Outcome::Accept, accepts.0, accepts.1), (Outcome::Deny, denies.0, denies.1)]
}

/// The rows that a target name decides; those that end earlier and the values of the level have
/// tests of their own.
#[rustfmt::skip]
pub(crate) fn cases() -> Vec<Case> {
    use Basis::{Assumed, Documented, Inferred, Observed};
    use ResponseKind::{Anonymous, Lm, Lmv2, Ntlm2Session, Ntlmv1};
    let v2 = || Carrier::Ntlm(ResponseKind::Ntlmv2);
    let case = |why, target, carrier, server, at, spn_name, audit| Case { why, target, carrier, server, at, spn_name, audit };
    // A name over NTLMv2 that is accepted, and one that is denied.
    let good = |why, name: &'static str, server, code, basis| case(why, named(name), v2(), server, accepted(code, basis), "", None);
    let bad = |why, name: &'static str, server, code, basis| case(why, named(name), v2(), server, denied(code, basis), name, Some(3025));
    let none = |why, target, carrier, server, accepts, denies| case(why, target, carrier, server, required(accepts, denies), "N/A", Some(3024));
    let untrusted = |name: &str| Target::Untrusted(name.into());
    let not_carried = (("not-carried-accepted", Documented), ("not-carried-denied", Documented));
    vec![
        good("row 1, full name",        "cifs/dcfr.lab.lan",           story_server(),       "own-name", Documented),
        good("row 1, short name",       "cifs/DCFR",                   story_server(),       "own-name", Documented),
        good("row 1, case",             "CIFS/dcFR.Lab.LAN",           story_server(),       "own-name", Documented),
        good("row 1, case beyond ASCII", "cifs/müller-nas",            known_as("MÜLLER-NAS"), "own-name", Inferred),
        good("row 1, letters beyond ASCII", "cifs/mülleR-nas",         known_as("müller-nas"), "own-name", Documented),
        good("row 8, case beyond ASCII", "cifs/ΔΙΣΚΟΣ",                allowing("δισκοσ"),   "allowed-name", Inferred),
        bad ("row 7, no other letter",  "cifs/strasse",                known_as("straße"),   "name-not-own", Documented),
        good("row 2",                   "cifs/10.0.0.11",              story_server(),       "own-address", Observed),
        good("row 3, name",             "cifs/localhost",              story_server(),       "loopback-name", Inferred),
        good("row 3, IPv4",             "cifs/127.0.0.1",              story_server(),       "loopback-name", Inferred),
        good("row 3, IPv6",             "cifs/::1",                    story_server(),       "loopback-name", Inferred),
        good("row 3, IPv6, spelled",    "cifs/0:0:0:0:0:0:0:1",        story_server(),       "spelling", Assumed),
        good("row 4, long name",        "cifs/lab.lan",                domain_controller(),  "domain-name", Inferred),
        good("row 4, short name",       "cifs/LAB",                    domain_controller(),  "domain-name", Inferred),
        bad ("row 5",                   "cifs/lab.lan",                member_of_domain(),   "domain-name-on-member", Assumed),
        good("row 5, listed",           "cifs/lab.lan",                ServerSettings { allowed: vec!["lab.lan".into()], ..member_of_domain() }, "allowed-name", Observed),
        bad ("row 6",                   "cifs/10.0.0.100",             story_server(),       "address-not-own", Observed),
        bad ("row 7",                   "cifs/other.lab.lan",          story_server(),       "name-not-own", Documented),
        bad ("row 7, same short name",  "cifs/dcfr.other.lan",         story_server(),       "name-not-own", Documented),
        good("row 8, address",          "cifs/10.0.0.100",             allowing("10.0.0.100"), "allowed-name", Observed),
        good("row 8, name",             "cifs/files.lab.lan",          allowing("FILES.lab.lan"), "allowed-name", Observed),
        // To the server aliases, alternate names and cluster names are names like others.
        bad ("row 9",                   "cifs/intranet",               story_server(),       "name-not-own", Documented),
        bad ("row 10",                  "cifs/netdom-name",            story_server(),       "name-not-own", Documented),
        good("row 10, listed",          "cifs/netdom-name",            allowing("netdom-name"), "allowed-name", Observed),
        bad ("row 11",                  "cifs/cluster",                story_server(),       "name-not-own", Documented),
        bad ("row 12, full name",       "cifs/dcfr.lab.lan",           known_as("dcfr"),     "name-not-exact", Observed),
        bad ("row 12, short name",      "cifs/dcfr",                   known_as("dcfr.lab.lan"), "name-not-exact", Observed),
        bad ("row 13",                  "dcfr.lab.lan",                story_server(),       "no-class", Observed),
        bad ("row 13, address",         "10.0.0.100",                  no_addresses(),       "no-class", Observed),
        bad ("row 14, host",            "host/dcfr.lab.lan",           story_server(),       "class-not-cifs", Inferred),
        bad ("row 14, HTTP",            "HTTP/dcfr.lab.lan",           story_server(),       "class-not-cifs", Inferred),
        bad ("row 14, address",         "HTTP/10.0.0.11",              story_server(),       "class-not-cifs", Inferred),
        bad ("row 15",                  "HTTP/intranet",               story_server(),       "name-and-class", Inferred),
        bad ("row 15, address",         "HTTP/10.0.0.100",             no_addresses(),       "name-and-class", Inferred),
        bad ("row 16",                  "cifs/dcfr.lab.lan@LAB.LAN",   story_server(),       "realm", Observed),
        bad ("row 16, address",         "cifs/10.0.0.11@LAB",          story_server(),       "realm", Observed),
        bad ("row 17, port",            "cifs/dcfr.lab.lan:445",       story_server(),       "extra-component", Assumed),
        bad ("row 17, third part",      "cifs/dcfr.lab.lan/x",         story_server(),       "extra-component", Assumed),
        bad ("row 17, address",         "cifs/10.0.0.11:445",          story_server(),       "extra-component", Assumed),
        bad ("row 17, allowed name",    "cifs/files:445",              allowing("files"),    "extra-component", Assumed),
        none("row 18",                  Target::Absent, v2(), story_server(), ("absent-accepted", Documented), ("absent-denied", Documented)),
        case("row 19",                  Target::Empty, v2(), story_server(), denied("empty", Inferred), "[empty, or N/A]", Some(3026)),
        none("row 20, own name",        untrusted("cifs/DCFR"), v2(), story_server(), ("untrusted-accepted", Inferred), ("untrusted-denied", Observed)),
        none("row 20, foreign name",    untrusted("cifs/10.0.0.100"), v2(), story_server(), ("untrusted-accepted", Inferred), ("untrusted-denied", Observed)),
        case("row 21",                  untrusted("cifs/DCFR"), v2(), old(), accepted("own-name", Documented), "", None),
        case("row 21, foreign name",    untrusted("cifs/10.0.0.100"), v2(), old(), denied("address-not-own", Observed), "cifs/10.0.0.100", Some(3025)),
        case("row 21, empty",           untrusted(""), v2(), old(), denied("empty", Inferred), "[empty, or N/A]", Some(3026)),
        none("row 22, NTLMv1",          Target::NotCarried, Carrier::Ntlm(Ntlmv1), story_server(), not_carried.0, not_carried.1),
        none("row 22, NTLM2 session",   Target::NotCarried, Carrier::Ntlm(Ntlm2Session), story_server(), not_carried.0, not_carried.1),
        none("row 22, LM",              Target::NotCarried, Carrier::Ntlm(Lm), story_server(), not_carried.0, not_carried.1),
        none("row 22, LMv2",            Target::NotCarried, Carrier::Ntlm(Lmv2), story_server(), not_carried.0, not_carried.1),
        none("row 23",                  Target::NotCarried, Carrier::Ntlm(Anonymous), story_server(), ("anonymous-accepted", Inferred), ("anonymous-denied", Inferred)),
        case("row 25",                  named("cifs/dcfr.lab.lan"), Carrier::Kerberos, story_server(), accepted("kerberos-own-name", Documented), "", None),
        case("row 26",                  named("cifs/files.lab.lan"), Carrier::Kerberos, story_server(), denied("kerberos-name-not-listed", Inferred), "cifs/files.lab.lan", Some(3025)),
        case("row 27, host",            named("host/dcfr.lab.lan"), Carrier::Kerberos, story_server(), denied("kerberos-class-not-cifs", Inferred), "host/dcfr.lab.lan", Some(3025)),
        case("row 27, HTTP",            named("HTTP/dcfr.lab.lan"), Carrier::Kerberos, story_server(), denied("kerberos-class-not-cifs", Inferred), "HTTP/dcfr.lab.lan", Some(3025)),
        none("row 28",                  untrusted("cifs/dcfr.lab.lan"), Carrier::Kerberos, story_server(), ("kerberos-unverified-accepted", Assumed), ("kerberos-unverified-denied", Assumed)),
        bad ("row 29",                  "cifs/other.lab.lan",          over_loopback(),      "name-not-own", Documented),
        good("row 29, host in lists",   "cifs/DCFR",                   over_loopback(),      "own-name", Documented),
        bad ("row 29, other class",     "HTTP/DCFR",                   over_loopback(),      "class-not-cifs", Inferred),
        case("row 29, empty",           Target::Empty, v2(), over_loopback(), denied("empty", Inferred), "[empty, or N/A]", Some(3026)),
        none("row 30",                  Target::Absent, v2(), over_loopback(), ("absent-accepted", Documented), ("absent-denied", Documented)),
        none("row 30, untrusted",       untrusted("cifs/other"), v2(), over_loopback(), ("untrusted-accepted", Inferred), ("untrusted-denied", Observed)),
        none("row 32",                  Target::NotCarried, Carrier::Smb1Bare, story_server(), ("smb1-no-place-accepted", Inferred), ("smb1-no-place-denied", Inferred)),
        // The marshalled part is cut off before the name is stated, so what is stated is right.
        good("row 33",                  "cifs/dcfr.lab.lan",           story_server(),       "own-name", Documented),

        // Beside the table: what it leaves open.
        bad ("dot at the end",          "cifs/dcfr.lab.lan.",          story_server(),       "spelling", Assumed),
        bad ("IPv6, foreign",           "cifs/fd00::12",               story_server(),       "address-not-own-ipv6", Inferred),
        bad ("no host",                 "cifs/",                       allowing(""),         "name-not-own", Documented),
        bad ("a look-alike letter",     "cifs/\u{212a}x",              known_as("kx"),       "name-not-own", Documented),
        bad ("no address known",        "cifs/10.0.0.100",             no_addresses(),       "address-unknown", Assumed),
        bad ("no name known",           "cifs/dcfr",                   ServerSettings::default(), "name-unknown", Assumed),
    ]
}

#[test]
fn every_row_has_its_answer_at_every_level() {
    let mut wrong = Vec::new();
    for case in cases() {
        let evidence = case.evidence();
        let server = server(&case.server);
        for (decision, (outcome, code, basis)) in decide(&evidence, &server).values().zip(case.at) {
            let mut expect = |what: &str, is_so: bool| {
                if !is_so {
                    let why = case.why;
                    wrong.push(format!("{why}, {}: {what}: {decision:#?}", decision.level));
                }
            };
            let reason = &decision.reasons[0];
            expect("outcome", decision.outcome == outcome);
            expect("reason", (reason.rule.code, reason.basis) == (code, basis));
            expect("audit", decision.spn_check.audit_event.map(EventId::number) == case.audit);
            let (status, ids) = match outcome {
                Outcome::Deny => (NtStatus::ACCESS_DENIED, &[4624, 5168, 551][..]),
                _ => (NtStatus::SUCCESS, &[4624][..]),
            };
            expect("status", decision.status == Some(status));
            expect("events", numbers(&decision.events) == ids);
            let written = events(&SignInNames::default(), &evidence, &server, decision).written;
            let data =
                written.iter().find(|event| event.id.number() == 5168).map(|event| &event.data);
            let shown = data.and_then(|data| data.iter().find(|datum| datum.name == "SpnName"));
            let expected = (outcome == Outcome::Deny).then_some(case.spn_name);
            expect("SpnName", shown.map(|datum| datum.value.as_str()) == expected);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let rows: Vec<_> = cases().iter().map(|case| case.why).collect();
    for row in (1..=23).chain(25..=30).chain(32..=33) {
        let start = format!("row {row}");
        let is_row = |why: &&str| why.split(',').next() == Some(&*start);
        assert!(rows.iter().any(is_row), "{start} is missing");
    }
}

/// A rule has a row in a table, here or in another file of the suite, that was written from the
/// source.
#[test]
fn every_rule_is_expected_by_a_test() {
    let entries = |folder: &Path| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    let files = entries(&suite).filter(|path| path.is_dir()).flat_map(|wing| entries(&wing));
    let suite: String = files.map(|file| fs::read_to_string(file).unwrap()).collect();
    let silent = RULES.iter().filter(|rule| !suite.contains(&format!("\"{}\"", rule.code)));
    assert_eq!(silent.map(|rule| rule.code).collect::<Vec<_>>(), [""; 0], "no test has them");
}

/// Row 24: the name is judged as any other, and a reason says that nothing proves it.
#[test]
fn row_24_a_guest_is_judged_by_the_name_all_the_same() {
    for (target, expected) in [
        (named("cifs/DCFR"), [Outcome::Accept; 3]),
        (named("cifs/10.0.0.100"), [Outcome::Accept, Outcome::Deny, Outcome::Deny]),
        (Target::Absent, [Outcome::Accept, Outcome::Accept, Outcome::Deny]),
    ] {
        let evidence =
            Evidence { proof: ProofEvidence::Guest, ..evidence(target, ResponseKind::Ntlmv2) };
        let decisions = decide(&evidence, &server(&story_server()));
        assert_eq!(decisions.as_array().each_ref().map(|decision| decision.outcome), expected);
        for decision in decisions.values() {
            let guest =
                decision.reasons.iter().find(|reason| reason.rule.code == "guest-not-proven");
            assert_eq!(guest.map(|reason| reason.basis), Some(Basis::Assumed));
        }
    }
}

#[test]
fn rows_34_to_36_end_before_the_name_is_looked_at() {
    let name = || named("cifs/dcfr.lab.lan");
    let patched = story_server();
    let unpatched = ServerSettings { patched_cve_2019_1040: false, ..story_server() };
    let failure = Some(NtStatus::LOGON_FAILURE);
    #[rustfmt::skip]
    let cases = [
        ("row 34, wrong proof", ProofEvidence::Response(Checked::Wrong), MicEvidence::NotAnnounced,          &patched,   Some(("proof-wrong", Basis::Documented, failure))),
        ("row 34, edited",      ProofEvidence::Changed,              MicEvidence::NotAnnounced,              &patched,   Some(("proof-wrong", Basis::Documented, failure))),
        ("cut response",        ProofEvidence::Damaged("cut".into()), MicEvidence::NotAnnounced,             &patched,   Some(("response-damaged", Basis::Inferred, failure))),
        ("LMv2 alone fits",     ProofEvidence::LmAlone,              MicEvidence::NotAnnounced,              &patched,   None),
        ("row 35, wrong",       ProofEvidence::Response(Checked::Right), MicEvidence::Announced(Checked::Wrong), &patched, Some(("mic-wrong", Basis::Documented, None))),
        ("row 35, missing",     ProofEvidence::Response(Checked::Right), MicEvidence::Missing,               &patched,   Some(("mic-missing", Basis::Documented, None))),
        ("row 35, zero",        ProofEvidence::Response(Checked::Right), MicEvidence::Zero,                  &patched,   Some(("mic-missing", Basis::Documented, None))),
        ("row 36",              ProofEvidence::Response(Checked::Right), MicEvidence::Missing,               &unpatched, None),
        ("wrong, unpatched",    ProofEvidence::Response(Checked::Right), MicEvidence::Announced(Checked::Wrong), &unpatched, Some(("mic-wrong", Basis::Documented, None))),
        ("right MIC",           ProofEvidence::Response(Checked::Right), MicEvidence::Announced(Checked::Right), &patched, None),
    ];
    for (why, proof, mic, settings, failure) in cases {
        let evidence = Evidence { proof, mic, ..evidence(name(), ResponseKind::Ntlmv2) };
        let server = server(&ServerSettings { audit_client_spn: true, ..settings.clone() });
        for decision in decide(&evidence, &server).into_array() {
            let Some((code, basis, status)) = failure else {
                assert_eq!(decision.outcome, Outcome::Accept, "{why}");
                continue;
            };
            assert_eq!(decision.outcome, Outcome::LogonFailure, "{why}");
            assert_eq!(decision.status, status, "{why}");
            assert_eq!(numbers(&decision.events), [4625, 551], "{why}");
            let reason = &decision.reasons[0];
            assert_eq!((reason.rule.code, reason.basis), (code, basis), "{why}");
            assert!(decision.spn_check.accept, "{why}: the name alone is right");
            assert_eq!(decision.contested(), None, "{why}");
            let written = events(&SignInNames::default(), &evidence, &server, &decision).written;
            let spn = written[1].data.iter().find(|datum| datum.name == "SPN").unwrap();
            assert_eq!(spn.value, "session setup failed before the SPN could be queried", "{why}");
        }
    }
}

/// Rows 37 and 38: what a server makes of a value that the policy does not have is not documented.
#[test]
fn rows_37_and_38_other_values_of_the_level_have_no_answer() {
    for (value, level) in [
        (0, Some(Level::Off)),
        (1, Some(Level::AcceptIfProvided)),
        (2, Some(Level::RequiredFromClient)),
        (3, None),
        (4, None),
        (u32::MAX, None),
    ] {
        let value = LevelValue(value);
        assert_eq!(value.level(), level);
        let code = value.remark().map(|reason| reason.rule.code);
        assert_eq!(code, level.is_none().then_some("level-not-documented"));
    }
}

/// Row 29: what an author reports of newer servers is said, at level 0 and where a name is there.
#[test]
fn row_29_a_name_over_loopback_may_be_refused_at_level_0() {
    for (target, settings, is_open) in [
        (named("cifs/other.lab.lan"), over_loopback(), true),
        (named("HTTP/DCFR"), over_loopback(), true),
        (Target::Empty, over_loopback(), true),
        (Target::Absent, over_loopback(), false),
        (named("cifs/other.lab.lan"), story_server(), false),
    ] {
        let off =
            decide(&evidence(target, ResponseKind::Ntlmv2), &server(&settings)).at(Level::Off);
        assert_eq!(off.outcome, Outcome::Accept);
        let said = off.contested().map(|reason| (reason.rule.code, reason.basis));
        assert_eq!(said, is_open.then_some(("loopback-contested", Basis::Observed)));
    }
}

/// Row 39: the sign-in goes as its row says, and then a relay has no key to encrypt its first
/// request with. An honest client is not disturbed.
#[test]
fn row_39_required_encryption_stops_a_relay_and_no_client() {
    for client in ClientKind::ALL {
        for middle in Middle::ALL {
            for level in Level::ALL {
                let plain = Scenario { client, level, ..Scenario::new(middle) };
                let required = Scenario { requires_encryption: true, ..plain.clone() };
                let [plain, run] = [plain, required].map(|scenario| run(&scenario).unwrap());
                let of = |run: &Run| (run.outcome, run.status, run.events.clone());
                assert_eq!(of(&run), of(&plain), "{middle:?}, {client:?}, {level}");
                if run.outcome != Outcome::Accept {
                    assert_eq!((run.request_status, run.ending), (None, plain.ending));
                    continue;
                }
                let has_key = client != ClientKind::Anonymous && !middle.is_relay();
                let status = run.request_status.unwrap();
                let (expected, ending) = if has_key {
                    (NtStatus::SUCCESS, plain.ending)
                } else if middle.is_attack() {
                    (NtStatus::ACCESS_DENIED, RunEnding::AttackFails)
                } else {
                    (NtStatus::ACCESS_DENIED, RunEnding::ClientRefused)
                };
                assert_eq!((status, run.ending), (expected, ending), "{middle:?}, {client:?}");
                let code = run.why.rule.code;
                let is_told = [
                    "encryption",
                    "known-credentials",
                    "relay-without-key-to-encrypt",
                    "anonymous-unencrypted",
                ]
                .contains(&code);
                assert!(is_told, "{middle:?}, {client:?}: {code}");
            }
        }
    }
}

/// Row 40: servers of Windows 7 and older refuse a response whose time stamp is too far from their
/// clock, later ones do not.
#[test]
fn row_40_a_time_stamp_far_from_the_clock_is_refused() {
    const HOURS: u64 = 3600 * FileTime::SECOND;
    let sent = FileTime(134_169_156_000_000_000);
    let later = |ticks: u64| FileTime(sent.0 + ticks);
    let passes = Some((StepState::Passed, "time-stamp-near"));
    let fails = Some((StepState::Failed, "time-stamp-far"));
    let assumed = Some((StepState::Assumed, "time-stamp-not-compared"));
    for (is_old, clock, expected) in [
        (true, Some(sent), passes),
        (true, Some(later(36 * HOURS)), passes),
        (true, Some(later(36 * HOURS + 1)), fails),
        (true, Some(FileTime(sent.0 - 36 * HOURS)), passes),
        (true, Some(FileTime(sent.0 - 36 * HOURS - 1)), fails),
        (true, None, assumed),
        (false, Some(later(1000 * HOURS)), None),
    ] {
        let base = if is_old { old() } else { story_server() };
        let server = server(&ServerSettings { clock, ..base });
        for target in [named("cifs/DCFR"), named("cifs/10.0.0.100"), Target::Absent] {
            let stated = Evidence {
                time_stamp: Some(sent),
                ..evidence(target.clone(), ResponseKind::Ntlmv2)
            };
            let without = decide(&Evidence { time_stamp: None, ..stated.clone() }, &server);
            for (decision, otherwise) in decide(&stated, &server).values().zip(without.into_array())
            {
                let step = decision.steps.iter().find(|step| step.kind == StepKind::TimeStamp);
                assert_eq!(step.map(|step| (step.state, step.reason.rule.code)), expected);
                if expected == fails {
                    assert_eq!(decision.outcome, Outcome::LogonFailure);
                    assert_eq!(
                        (decision.status, numbers(&decision.events)),
                        (None, vec![4625, 551])
                    );
                    assert_eq!(decision.reasons[0].rule.code, "time-stamp-far");
                    assert_eq!(decision.reasons[0].basis, Basis::Documented);
                } else {
                    assert_eq!(decision.outcome, otherwise.outcome);
                    let is_taken = |reason: &Reason| reason.rule.code == "time-stamp-not-compared";
                    assert_eq!(decision.reasons.iter().any(is_taken), expected == assumed);
                }
            }
        }
    }
    // A response without a time stamp has none that could be too old.
    let server = server(&ServerSettings { clock: Some(later(1000 * HOURS)), ..old() });
    let old = evidence(Target::NotCarried, ResponseKind::Ntlmv1);
    assert!(decide(&old, &server).values().all(|it| it.outcome != Outcome::LogonFailure));
}

type Other = Option<(&'static str, Basis)>;

/// The reference has evidence for both answers, or none for either.
#[test]
#[rustfmt::skip]
fn contested_answers_are_marked_at_the_levels_where_they_are() {
    use Basis::{Assumed, Observed};
    let v2 = Carrier::Ntlm(ResponseKind::Ntlmv2);
    let marked = || Target::Untrusted("cifs/DCFR".into());
    let cases: [(Target, Carrier, [Other; 2]); 12] = [
        (Target::Absent,             v2, [None, None]),
        (Target::Empty,              v2, [Some(("empty-contested", Assumed)), None]),
        (marked(),                   v2, [Some(("untrusted-contested", Observed)), None]),
        (marked(),                   Carrier::Kerberos, [None, None]),
        (Target::NotCarried,         Carrier::Ntlm(ResponseKind::Ntlmv1), [None, None]),
        (named("host/DCFR"),         v2, [Some(("class-contested", Assumed)); 2]),
        (named("host/DCFR"),         Carrier::Kerberos, [Some(("kerberos-class-contested", Observed)); 2]),
        (named("HTTP/intranet"),     v2, [None, None]),
        (named("cifs/cluster"),      v2, [Some(("other-own-names", Assumed)); 2]),
        (named("cifs/10.0.0.100"),   v2, [None, None]),
        (named("cifs/[10.0.0.11]"),  v2, [Some(("spelling", Assumed)); 2]),
        (named("cifs/dcfr.lab.lan"), v2, [None, None]),
    ];
    for (target, carrier, expected) in cases {
        let evidence = Evidence { carrier, ..evidence(target, ResponseKind::Ntlmv2) };
        let decisions = decide(&evidence, &server(&story_server()));
        assert_eq!(decisions[Level::Off].contested(), None);
        for (decision, expected) in decisions.as_array()[1..].iter().zip(expected) {
            let found = decision.contested().map(|reason| (reason.rule.code, reason.basis));
            assert_eq!(found, expected, "{:?} at {}", evidence.target, decision.level);
        }
    }
}

/// Each spelling of the server's two addresses and its name, and what it comes to.
#[test]
#[rustfmt::skip]
fn addresses_are_compared_as_addresses_in_every_spelling() {
    let settings = ServerSettings {
        addresses: ["10.0.0.11", "fd00::a"].map(|address| address.parse().unwrap()).to_vec(),
        allowed: vec!["fd00:0:0::b".into()],
        ..story_server()
    };
    // Accepted or denied; the rule; whether the other answer is open.
    let cases = [
        ("10.0.0.11",                   true,  "own-address",          false),
        ("fd00::a",                     true,  "own-address-ipv6",     false),
        ("FD00::A",                     true,  "spelling",             true),
        ("fd00:0:0:0:0:0:0:a",          true,  "spelling",             true),
        ("fd00::000a",                  true,  "spelling",             true),
        ("fd00::0.0.0.10",              true,  "spelling",             true),
        ("fd00:0:0::b",                 true,  "allowed-name",         false),
        ("fd00::b",                     true,  "spelling",             true),
        ("::ffff:10.0.0.11",            false, "spelling",             true),
        ("::ffff:a00:b",                false, "spelling",             true),
        ("::ffff:10.0.0.12",            false, "address-not-own-ipv6", false),
        ("[fd00::a]",                   false, "spelling",             true),
        ("[fd00::a]:445",               false, "spelling",             true),
        ("[fd00::c]",                   false, "spelling",             false),
        ("fd00::a%4",                   false, "spelling",             true),
        ("fd00--a.ipv6-literal.net",    false, "spelling",             true),
        ("fd00--as4.IPv6-Literal.net",  false, "spelling",             true),
        ("010.0.0.11",                  false, "spelling",             false),
        ("012.0.0.013",                 false, "spelling",             true),
        ("0xa.0.0.0xb",                 false, "spelling",             true),
        ("10.11",                       false, "spelling",             true),
        ("167772171",                   false, "spelling",             true),
        ("10.0.0.11.",                  false, "spelling",             true),
        ("dcfr.lab.lan.",               false, "spelling",             true),
        ("other.lab.lan.",              false, "spelling",             false),
    ];
    for (host, accepted, code, is_open) in cases {
        let evidence = evidence(named(&format!("cifs/{host}")), ResponseKind::Ntlmv2);
        for decision in &decide(&evidence, &server(&settings)).as_array()[1..] {
            let check = &decision.spn_check;
            assert_eq!((check.accept, decision.reasons[0].rule.code), (accepted, code), "{host}");
            assert_eq!(decision.contested().is_some(), is_open, "{host}");
            // What it was compared with is all there.
            assert_eq!(check.matched.is_some(), accepted, "{host}");
            let tried: Vec<_> = check.tried.iter().map(|entry| entry.text.as_str()).collect();
            let all = ["DCFR", "dcfr.lab.lan", "LocalHost", "10.0.0.11", "fd00::a", "127.0.0.1", "::1", "fd00:0:0::b"];
            assert_eq!(tried, if accepted { &[][..] } else { &all }, "{host}");
        }
    }
}

/// The version of SMB changes nothing but a note about the audit.
#[test]
fn smb1_and_smb2_are_judged_alike() {
    let settings = ServerSettings { audit_client_spn: true, ..story_server() };
    let server = server(&settings);
    for case in cases() {
        let alone = case.evidence();
        for smb in [Smb::Smb1, Smb::Smb2] {
            let brought = Evidence { smb: Some(smb), ..alone.clone() };
            assert_eq!(decide(&brought, &server), decide(&alone, &server), "{}", case.why);
            for decision in decide(&brought, &server).into_array() {
                for event in events(&SignInNames::default(), &brought, &server, &decision).written {
                    let says = event.notes.iter().any(|note| note.contains("SMB1"));
                    let is_audit = (3024..=3026).contains(&event.id.number());
                    assert_eq!(says, is_audit && smb == Smb::Smb1, "{}", case.why);
                }
            }
        }
    }
}
