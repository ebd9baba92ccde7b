//! The decision table of the policy, row by row, and what must hold whatever the server.

use proptest::prelude::*;
use spnscope::{
    analysis::analyze,
    field::hex,
    ntlm::ResponseKind,
    policy::{
        Basis, Carrier, Checked, Evidence, Level, MicEvidence, Outcome, ProofEvidence, Role,
        Server, ServerNames, ServerSettings, Target, check, decide,
    },
    proof::Secret,
};

use crate::fixtures::{bytes, lines, parse, story_server, text};

pub(crate) struct Case {
    pub(crate) why: &'static str,
    pub(crate) target: Target,
    pub(crate) kind: ResponseKind,
    pub(crate) server: ServerSettings,
    /// The answers at levels 1 and 2; level 0 always accepts.
    expect: [Outcome; 2],
    /// The code and the basis of the deciding reason at level 2.
    reason: (&'static str, Basis),
    /// What the log SMBServer/Audit would say.
    pub(crate) audit: Option<u16>,
}

fn named(name: &str) -> Target {
    Target::Present(name.into())
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

fn allowing(name: &str) -> ServerSettings {
    ServerSettings { allowed: vec![name.into()], ..story_server() }
}

fn no_addresses() -> ServerSettings {
    ServerSettings { addresses: vec![], ..story_server() }
}

fn with_ipv6() -> ServerSettings {
    ServerSettings { addresses: vec!["fd00::11".parse().unwrap()], ..story_server() }
}

pub(crate) fn server(settings: &ServerSettings) -> Server {
    Server::new(settings, &ServerNames::default())
}

#[rustfmt::skip]
pub(crate) fn cases() -> Vec<Case> {
    use Outcome::{Accept, Deny};
    use Basis::{Assumed, Documented, Inferred, Observed};
    let v2 = ResponseKind::Ntlmv2;
    let case = |why, target, kind, server, expect, reason, audit| Case { why, target, kind, server, expect, reason, audit };
    vec![
        case("row 1, full name",         named("cifs/dcfr.lab.lan"),  v2, story_server(),       [Accept, Accept], ("own-name", Documented),          None),
        case("row 1, short name",        named("cifs/DCFR"),          v2, story_server(),       [Accept, Accept], ("own-name", Documented),          None),
        case("row 1, case",              named("CIFS/dcFR.Lab.LAN"),  v2, story_server(),       [Accept, Accept], ("own-name", Documented),          None),
        case("row 2",                    named("cifs/10.0.0.11"),     v2, story_server(),       [Accept, Accept], ("own-address", Observed),         None),
        case("row 3, name",              named("cifs/localhost"),     v2, story_server(),       [Accept, Accept], ("loopback-name", Inferred),       None),
        case("row 3, IPv4",              named("cifs/127.0.0.1"),     v2, story_server(),       [Accept, Accept], ("loopback-name", Inferred),       None),
        case("row 3, IPv6",              named("cifs/::1"),           v2, story_server(),       [Accept, Accept], ("loopback-name", Inferred),       None),
        case("row 4",                    named("cifs/lab.lan"),       v2, domain_controller(),  [Accept, Accept], ("domain-name", Inferred),         None),
        case("row 5",                    named("cifs/lab.lan"),       v2, member_of_domain(),   [Deny, Deny],     ("domain-name-on-member", Assumed), Some(3025)),
        case("row 6",                    named("cifs/10.0.0.100"),    v2, story_server(),       [Deny, Deny],     ("address-not-own", Observed),     Some(3025)),
        case("row 7",                    named("cifs/other.lab.lan"), v2, story_server(),       [Deny, Deny],     ("name-not-own", Documented),      Some(3025)),
        case("row 8, address",           named("cifs/10.0.0.100"),    v2, allowing("10.0.0.100"), [Accept, Accept], ("allowed-name", Observed),      None),
        case("row 8, name",              named("cifs/files.lab.lan"), v2, allowing("FILES.lab.lan"), [Accept, Accept], ("allowed-name", Observed),   None),
        case("row 7, same short name",   named("cifs/dcfr.other.lan"), v2, story_server(),      [Deny, Deny],     ("name-not-own", Documented),      Some(3025)),
        case("row 12, reverse",          named("cifs/dcfr"),          v2, ServerSettings { names: vec!["dcfr.lab.lan".into()], ..story_server() }, [Deny, Deny], ("name-not-exact", Observed), Some(3025)),
        case("row 13, address",          named("10.0.0.100"),         v2, no_addresses(),       [Deny, Deny],     ("no-class", Observed),            Some(3025)),
        case("row 14, address",          named("HTTP/10.0.0.11"),     v2, story_server(),       [Deny, Deny],     ("class-not-cifs", Inferred),      Some(3025)),
        case("row 15, address",          named("HTTP/10.0.0.100"),    v2, no_addresses(),       [Deny, Deny],     ("name-and-class", Inferred),      Some(3025)),
        case("row 16, address",          named("cifs/10.0.0.11@LAB"), v2, story_server(),       [Deny, Deny],     ("realm", Observed),               Some(3025)),
        case("row 17, address",          named("cifs/10.0.0.11:445"), v2, story_server(),       [Deny, Deny],     ("extra-component", Assumed),      Some(3025)),
        case("row 17, allowed name",     named("cifs/files:445"),     v2, allowing("files"),    [Deny, Deny],     ("extra-component", Assumed),      Some(3025)),
        case("dot at the end",           named("cifs/dcfr.lab.lan."), v2, story_server(),       [Deny, Deny],     ("spelling", Assumed),             Some(3025)),
        case("brackets",                 named("cifs/[::1]"),         v2, story_server(),       [Deny, Deny],     ("spelling", Assumed),             Some(3025)),
        case("zone",                     named("cifs/fe80::1%3"),     v2, story_server(),       [Deny, Deny],     ("spelling", Assumed),             Some(3025)),
        case("IPv6 name",                named("cifs/10-0-0-11.ipv6-literal.net"), v2, story_server(), [Deny, Deny], ("spelling", Assumed),          Some(3025)),
        case("IPv6, own",                named("cifs/fd00::11"),      v2, with_ipv6(),          [Accept, Accept], ("own-address-ipv6", Inferred),    None),
        case("IPv6, own, long form",     named("cifs/fd00::0011"),    v2, with_ipv6(),          [Accept, Accept], ("spelling", Assumed),             None),
        case("IPv6, foreign",            named("cifs/fd00::12"),      v2, with_ipv6(),          [Deny, Deny],     ("address-not-own-ipv6", Inferred), Some(3025)),
        case("no host",                  named("cifs/"),              v2, allowing(""),         [Deny, Deny],     ("name-not-own", Documented),      Some(3025)),
        case("a look-alike letter",      named("cifs/\u{212a}x"),     v2, ServerSettings { names: vec!["kx".into()], ..story_server() }, [Deny, Deny], ("name-not-own", Documented), Some(3025)),
        case("row 12",                   named("cifs/dcfr.other.lan"), v2, ServerSettings { names: vec!["dcfr".into()], ..story_server() }, [Deny, Deny], ("name-not-exact", Observed), Some(3025)),
        case("row 13",                   named("dcfr.lab.lan"),       v2, story_server(),       [Deny, Deny],     ("no-class", Observed),            Some(3025)),
        case("row 14",                   named("host/dcfr.lab.lan"),  v2, story_server(),       [Deny, Deny],     ("class-not-cifs", Inferred),      Some(3025)),
        case("row 15",                   named("HTTP/intranet"),      v2, story_server(),       [Deny, Deny],     ("name-and-class", Inferred),      Some(3025)),
        case("row 16",                   named("cifs/dcfr.lab.lan@LAB.LAN"), v2, story_server(), [Deny, Deny],    ("realm", Observed),               Some(3025)),
        case("row 17, port",             named("cifs/dcfr.lab.lan:445"), v2, story_server(),    [Deny, Deny],     ("extra-component", Assumed),      Some(3025)),
        case("row 17, third part",       named("cifs/dcfr.lab.lan/x"), v2, story_server(),      [Deny, Deny],     ("extra-component", Assumed),      Some(3025)),
        case("row 18",                   Target::Absent,              v2, story_server(),       [Accept, Deny],   ("absent-denied", Documented),     Some(3024)),
        case("row 19",                   Target::Empty,               v2, story_server(),       [Deny, Deny],     ("empty", Inferred),               Some(3026)),
        case("row 20",                   Target::Untrusted("cifs/DCFR".into()), v2, story_server(), [Accept, Deny], ("untrusted-denied", Observed),  Some(3024)),
        case("row 21",                   Target::Untrusted("cifs/DCFR".into()), v2, ServerSettings { honours_untrusted_flag: false, ..story_server() }, [Accept, Accept], ("own-name", Documented), None),
        case("row 21, empty",            Target::Untrusted(String::new()), v2, ServerSettings { honours_untrusted_flag: false, ..story_server() }, [Deny, Deny], ("empty", Inferred), Some(3026)),
        case("row 22, NTLMv1",           Target::NotCarried, ResponseKind::Ntlmv1, story_server(),       [Accept, Deny], ("not-carried-denied", Documented), Some(3024)),
        case("row 22, NTLM2 session",    Target::NotCarried, ResponseKind::Ntlm2Session, story_server(), [Accept, Deny], ("not-carried-denied", Documented), Some(3024)),
        case("row 22, LM",               Target::NotCarried, ResponseKind::Lm, story_server(),           [Accept, Deny], ("not-carried-denied", Documented), Some(3024)),
        case("row 23",                   Target::NotCarried, ResponseKind::Anonymous, story_server(),    [Accept, Deny], ("anonymous-denied", Inferred),  Some(3024)),
        case("no address known",         named("cifs/10.0.0.100"),    v2, no_addresses(), [Deny, Deny], ("address-unknown", Assumed), Some(3025)),
        case("no name known",            named("cifs/dcfr"),          v2, ServerSettings::default(), [Deny, Deny], ("name-unknown", Assumed), Some(3025)),
    ]
}

pub(crate) fn evidence(target: Target, kind: ResponseKind) -> Evidence {
    Evidence {
        target,
        carrier: Carrier::Ntlm(kind),
        proof: ProofEvidence::Response(Checked::Right),
        mic: MicEvidence::NotAnnounced,
        has_errors: false,
    }
}

#[test]
fn the_decision_table() {
    let mut wrong = Vec::new();
    for case in cases() {
        let decisions = decide(&evidence(case.target, case.kind), &server(&case.server));
        let outcomes = decisions.each_ref().map(|decision| decision.outcome);
        if outcomes != [Outcome::Accept, case.expect[0], case.expect[1]] {
            wrong.push(format!("{}: {outcomes:?}", case.why));
        }
        let reason = &decisions[2].reasons[0];
        if (reason.rule.code, reason.basis) != case.reason {
            wrong.push(format!("{}: {} {:?}", case.why, reason.rule.code, reason.basis));
        }
        for decision in &decisions {
            if decision.spn_check.audit_event != case.audit {
                wrong.push(format!("{}: {:?}", case.why, decision.spn_check.audit_event));
            }
            let expected = match decision.outcome {
                Outcome::Deny => {
                    (Some(("STATUS_ACCESS_DENIED", 0xC000_0022)), vec![4624, 5168, 551])
                }
                _ => (Some(("STATUS_SUCCESS", 0)), vec![4624]),
            };
            if (decision.status, decision.events.clone()) != expected {
                wrong.push(format!("{}: {:?} {:?}", case.why, decision.status, decision.events));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rows_34_to_36_end_before_the_name_is_looked_at() {
    let name = || named("cifs/dcfr.lab.lan");
    let patched = story_server();
    let unpatched = ServerSettings { patched_cve_2019_1040: false, ..story_server() };
    let failure = Some(("STATUS_LOGON_FAILURE", 0xC000_006D));
    #[rustfmt::skip]
    let cases = [
        ("wrong proof",     ProofEvidence::Response(Checked::Wrong), MicEvidence::NotAnnounced,              &patched,   Some(failure)),
        ("cut response",    ProofEvidence::Damaged("cut".into()),    MicEvidence::NotAnnounced,              &patched,   Some(failure)),
        ("LMv2 alone fits", ProofEvidence::LmAlone,                  MicEvidence::NotAnnounced,              &patched,   None),
        ("wrong MIC",       ProofEvidence::Response(Checked::Right), MicEvidence::Announced(Checked::Wrong), &patched,   Some(None)),
        ("missing MIC",     ProofEvidence::Response(Checked::Right), MicEvidence::Missing,                   &patched,   Some(None)),
        ("zero MIC",        ProofEvidence::Response(Checked::Right), MicEvidence::Zero,                      &patched,   Some(None)),
        ("CVE-2019-1040",   ProofEvidence::Response(Checked::Right), MicEvidence::Missing,                   &unpatched, None),
        ("wrong, unpatched", ProofEvidence::Response(Checked::Right), MicEvidence::Announced(Checked::Wrong), &unpatched, Some(None)),
        ("right MIC",       ProofEvidence::Response(Checked::Right), MicEvidence::Announced(Checked::Right), &patched,   None),
    ];
    for (why, proof, mic, settings, failure) in cases {
        let evidence = Evidence { proof, mic, ..evidence(name(), ResponseKind::Ntlmv2) };
        for decision in decide(&evidence, &server(settings)) {
            match failure {
                Some(status) => {
                    assert_eq!(decision.outcome, Outcome::LogonFailure, "{why}");
                    assert_eq!(decision.status, status, "{why}");
                    assert_eq!(decision.events, [4625, 551], "{why}");
                    assert!(decision.spn_check.accept, "{why}: the name alone is right");
                }
                None => assert_eq!(decision.outcome, Outcome::Accept, "{why}"),
            }
        }
    }
}

/// [MS-NLMP] 3.2.5.1.2: a server goes on where one of the two responses fits. Then the name is judged as
/// any other. An LM hash, which an LM response takes, is not kept by default.
#[test]
fn one_response_that_fits_is_enough() {
    let at = |kind, name: &str| {
        let evidence = Evidence { proof: ProofEvidence::LmAlone, ..evidence(named(name), kind) };
        decide(&evidence, &server(&story_server()))
    };
    for (name, expected) in [
        ("cifs/dcfr.lab.lan", [Outcome::Accept; 3]),
        ("cifs/10.0.0.100", [Outcome::Accept, Outcome::Deny, Outcome::Deny]),
    ] {
        let decisions = at(ResponseKind::Ntlmv2, name);
        assert_eq!(decisions.each_ref().map(|decision| decision.outcome), expected);
        for decision in &decisions {
            let reason = decision.reasons.iter().find(|reason| reason.rule.code == "lmv2-alone");
            assert_eq!(reason.map(|reason| reason.basis), Some(Basis::Documented), "{name}");
        }
    }
    for decision in at(ResponseKind::Ntlmv1, "cifs/dcfr.lab.lan") {
        assert_eq!(decision.outcome, Outcome::LogonFailure);
        let reason = &decision.reasons[0];
        assert_eq!((reason.rule.code, reason.basis), ("lm-not-kept", Basis::Inferred));
    }
}

/// The same from the bytes: a captured sign-in with NTLMv2 and LMv2, and the example with NTLMv1 and LM.
#[test]
fn only_the_lm_response_of_a_sign_in_fits() {
    let exchanges = lines("exchanges.jsonl");
    let line = exchanges.iter().find(|line| line["capture"] == "http-ntlm-curl.pcapng").unwrap();
    let mut authenticate = bytes(&line["authenticate"]);
    let message = parse(&authenticate);
    let response = message.as_authenticate().unwrap().ntlmv2.as_ref().unwrap().span;
    let pasted = |authenticate: &[u8]| {
        let challenge = line["challenge"].as_str().unwrap();
        format!("{challenge}\n{}", hex(authenticate))
    };
    let secret = Secret::from_password(line["password"].as_str().unwrap());
    let outcome = |pasted: &str, secret: &Secret| {
        let analysis = analyze(pasted.as_bytes(), &story_server(), Some(secret));
        let decision = &analysis.exchanges[0].verdict.as_ref().unwrap().decisions[0];
        (decision.outcome, decision.reasons.iter().map(|reason| reason.rule.code).collect())
    };
    let codes = |codes: &[&'static str]| codes.to_vec();
    assert_eq!(outcome(&pasted(&authenticate), &secret), (Outcome::Accept, codes(&["level-off"])));
    authenticate[response.start] ^= 1;
    let changed = pasted(&authenticate);
    assert_eq!(outcome(&changed, &secret), (Outcome::Accept, codes(&["level-off", "lmv2-alone"])));
    let wrong = Secret::from_password("wrong");
    assert_eq!(outcome(&changed, &wrong), (Outcome::LogonFailure, codes(&["proof-wrong"])));
    let read = |kind: &str| text(&format!("vectors/ms-nlmp-4.2.2.3-{kind}.hex"));
    let printed = format!("{}\n{}", read("challenge"), read("authenticate"));
    let folded = Secret::from_password("pASSWORD");
    assert_eq!(outcome(&printed, &folded), (Outcome::LogonFailure, codes(&["lm-not-kept"])));
}

#[test]
fn a_basis_has_a_word_and_as_many_ticks_as_it_is_sure() {
    let all = [
        Basis::Assumed,
        Basis::Inferred,
        Basis::ReverseEngineered,
        Basis::Observed,
        Basis::Documented,
    ];
    let words =
        ["assumed", "inferred", "reverse-engineered", "observed", "documented"].map(String::from);
    assert_eq!(all.map(|basis| basis.word().to_owned()), words);
    assert_eq!(all.map(Basis::degree), [1, 2, 3, 4, 5]);
    for (basis, word) in all.iter().zip(words) {
        assert_eq!(serde_json::to_value(basis).unwrap(), word, "the report has the same word");
    }
}

#[test]
fn events_follow_the_audit_settings() {
    let settings =
        ServerSettings { audit_file_share: false, audit_client_spn: true, ..story_server() };
    let decisions =
        decide(&evidence(named("cifs/10.0.0.100"), ResponseKind::Ntlmv2), &server(&settings));
    let events = decisions.map(|decision| decision.events);
    assert_eq!(events, [vec![4624, 3025], vec![4624, 551, 3025], vec![4624, 551, 3025]]);
}

#[test]
fn what_rests_on_names_that_nobody_stated_is_assumed() {
    let settings = ServerSettings { names: vec![], ..story_server() };
    let stated = ServerNames {
        computer: vec!["DCFR".into(), "dcfr.lab.lan".into()],
        domain: vec![],
        origin: Some(spnscope::policy::Origin::Challenge),
    };
    let server = Server::new(&settings, &stated);
    for name in ["cifs/DCFR", "cifs/other", "cifs/dcfr@LAB", "HTTP/DCFR"] {
        let decisions = decide(&evidence(named(name), ResponseKind::Ntlmv2), &server);
        assert_eq!(decisions[0].reasons[0].basis, Basis::Documented, "{name}");
        for decision in &decisions[1..] {
            assert_eq!(decision.reasons[0].basis, Basis::Assumed, "{name}");
            let codes: Vec<_> = decision.reasons.iter().map(|reason| reason.rule.code).collect();
            assert!(codes.contains(&"names-from-challenge"), "{name}: {codes:?}");
        }
    }
}

fn any_name() -> impl Strategy<Value = String> {
    prop_oneof!["(DCFR|dcfr\\.lab\\.lan|10\\.0\\.0\\.(11|100)|::1|other)", "\\PC{0,20}"]
}

pub(crate) fn any_target() -> impl Strategy<Value = Target> {
    let name = prop_oneof![
        "(cifs|CIFS|host|HTTP)/(dcfr|DCFR|dcfr\\.lab\\.lan|10\\.0\\.0\\.(11|100)|::1|other)(:445|/x|@LAB)?",
        "\\PC{0,20}",
    ];
    prop_oneof![
        4 => name.clone().prop_map(Target::Present),
        1 => name.prop_map(Target::Untrusted),
        1 => Just(Target::Empty),
        1 => Just(Target::Absent),
        1 => Just(Target::NotCarried),
    ]
}

proptest! {
    #[test]
    fn level_2_never_accepts_what_level_1_denies(target in any_target()) {
        let at = |level| check(&target, Carrier::Ntlm(ResponseKind::Ntlmv2), &server(&story_server()), level).accept;
        prop_assert!(at(Level::Off));
        prop_assert!(at(Level::AcceptIfProvided) || !at(Level::RequiredFromClient));
    }

    #[test]
    fn allowing_a_name_never_turns_an_acceptance_into_a_denial(target in any_target(), name in any_name()) {
        for level in Level::ALL {
            let at = |settings: &ServerSettings| check(&target, Carrier::Ntlm(ResponseKind::Ntlmv2), &server(settings), level).accept;
            prop_assert!(!at(&story_server()) || at(&allowing(&name)));
        }
    }

    #[test]
    fn the_case_of_an_own_name_never_matters(upper in proptest::collection::vec(any::<bool>(), 12)) {
        let name: String = "dcfr.lab.lan"
            .chars()
            .zip(upper)
            .map(|(letter, upper)| if upper { letter.to_ascii_uppercase() } else { letter })
            .collect();
        let target = named(&format!("cifs/{name}"));
        prop_assert!(check(&target, Carrier::Ntlm(ResponseKind::Ntlmv2), &server(&story_server()), Level::RequiredFromClient).accept);
    }
}

/// At levels 1 and 2 the reasons differ where no name came.
#[test]
fn without_a_name_level_1_says_why_it_accepts() {
    #[rustfmt::skip]
    let cases = [
        (Target::Absent,                        ResponseKind::Ntlmv2,    "absent-accepted",      Basis::Documented),
        (Target::Untrusted("cifs/DCFR".into()), ResponseKind::Ntlmv2,    "untrusted-accepted",   Basis::Inferred),
        (Target::NotCarried,                    ResponseKind::Ntlmv1,    "not-carried-accepted", Basis::Documented),
        (Target::NotCarried,                    ResponseKind::Anonymous, "anonymous-accepted",   Basis::Inferred),
    ];
    for (target, kind, code, basis) in cases {
        let decisions = decide(&evidence(target, kind), &server(&story_server()));
        let reason = &decisions[1].reasons[0];
        assert_eq!((reason.rule.code, reason.basis), (code, basis));
    }
}

#[test]
fn what_was_taken_as_right_is_among_the_reasons() {
    let codes = |evidence: &Evidence, settings: &ServerSettings| {
        let decision = decide(evidence, &server(settings))[1].clone();
        decision.reasons.iter().map(|reason| reason.rule.code).collect::<Vec<_>>()
    };
    let unchecked = Evidence {
        proof: ProofEvidence::Response(Checked::Not),
        mic: MicEvidence::Missing,
        ..evidence(named("cifs/10.0.0.11"), ResponseKind::Ntlmv2)
    };
    assert_eq!(codes(&unchecked, &story_server()), ["mic-missing", "proof-not-checked"]);
    let unpatched = ServerSettings { patched_cve_2019_1040: false, ..story_server() };
    assert_eq!(
        codes(&unchecked, &unpatched),
        ["own-address", "proof-not-checked", "mic-missing-unpatched"]
    );
    let with_errors =
        Evidence { has_errors: true, ..evidence(Target::Absent, ResponseKind::Ntlmv2) };
    assert_eq!(codes(&with_errors, &story_server()), ["absent-accepted", "errors-passed-over"]);
}

#[test]
fn names_of_the_domain_are_assumed_where_nobody_stated_them() {
    let stated = ServerNames {
        computer: vec!["DCFR".into()],
        domain: vec!["lab.lan".into()],
        origin: Some(spnscope::policy::Origin::Echo),
    };
    let controller = |domains: Vec<String>, names: Vec<String>| {
        let settings =
            ServerSettings { role: Role::DomainController, domains, names, ..story_server() };
        decide(
            &evidence(named("cifs/lab.lan"), ResponseKind::Ntlmv2),
            &Server::new(&settings, &stated),
        )[1]
        .reasons[0]
            .basis
    };
    assert_eq!(controller(vec![], vec!["DCFR".into()]), Basis::Assumed);
    assert_eq!(controller(vec!["lab.lan".into()], vec![]), Basis::Inferred);
}
