//! The properties of decisions with any server, and their words; the table itself is in
//! `decision_table`.

use std::{fs, path::Path};

use proptest::prelude::*;
use spnscope::analysis::analyze;
use spnscope::judge::{
    proof::Secret,
    smb::{
        Basis, Checked, Evidence, Level, MicEvidence, Origin, Outcome, ProofEvidence, Role, Server,
        ServerNames, ServerSettings, Target, check, decide,
    },
};
use spnscope::message::{field::hex, ntlm::ResponseKind};

use crate::{
    fixtures::{bytes, lines, numbers, parse, story_server, text},
    judge::decision_table::{evidence, named, server},
    judge::remedies::{any_kind, any_name, any_sent, any_settings},
};

/// [MS-NLMP] 3.2.5.1.2: a server goes on where one of the two responses fits. Then the name is
/// judged as any other. An LM hash, which an LM response takes, is not kept by default.
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
        assert_eq!(decisions.as_array().each_ref().map(|decision| decision.outcome), expected);
        for decision in decisions.values() {
            let reason = decision.reasons.iter().find(|reason| reason.rule.code == "lmv2-alone");
            assert_eq!(reason.map(|reason| reason.basis), Some(Basis::Documented), "{name}");
        }
    }
    for decision in at(ResponseKind::Ntlmv1, "cifs/dcfr.lab.lan").values() {
        assert_eq!(decision.outcome, Outcome::LogonFailure);
        let reason = &decision.reasons[0];
        assert_eq!((reason.rule.code, reason.basis), ("lm-not-kept", Basis::Inferred));
    }
}

/// From the bytes of a captured sign-in with NTLMv2 and LMv2, and of the example with NTLMv1 and
/// LM.
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
        let decision = &analysis.exchanges()[0].verdict.as_ref().unwrap().decisions[Level::Off];
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
    let all =
        [Basis::Assumed, Basis::Inferred, Basis::Observed, Basis::Documented, Basis::Captured];
    let words = ["assumed", "inferred", "observed", "documented", "captured"].map(String::from);
    assert_eq!(all.map(|basis| basis.as_str().to_owned()), words);
    assert_eq!(all.map(Basis::degree), [1, 2, 3, 4, 5]);
    assert!(Basis::ALL.into_iter().rev().eq(all), "the surest first");
    assert!(all.is_sorted());
    for (basis, word) in all.iter().zip(words) {
        assert_eq!(serde_json::to_value(basis).unwrap(), word, "the report has the same word");
    }
}

/// Readers are told the same words, the surest first: above the chapters, and with their meanings
/// in the README.
#[test]
fn the_page_and_the_readme_have_the_words_of_the_bases() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| fs::read_to_string(root.join(name)).unwrap();
    let chapters = read("web/learn/00-introduction.html");
    let intro = &chapters[..chapters.find("</header>").unwrap()];
    let bold: Vec<_> =
        intro.split("<b>").skip(1).filter_map(|rest| rest.split("</b>").next()).collect();
    assert_eq!(bold, Basis::ALL.map(Basis::as_str));
    let readme = read("README.md");
    let table = &readme[readme.find("| basis | meaning |").unwrap()..];
    let rows: Vec<_> = table.lines().skip(2).take_while(|line| line.starts_with('|')).collect();
    let expected =
        Basis::ALL.map(|basis| format!("| **{}** | {} |", basis.as_str(), basis.meaning()));
    assert_eq!(rows, expected);
}

#[test]
fn an_anonymous_sign_in_proves_nobody() {
    let proof = ProofEvidence::Anonymous;
    let evidence = Evidence { proof, ..evidence(Target::NotCarried, ResponseKind::Anonymous) };
    for decision in decide(&evidence, &server(&story_server())).into_array() {
        assert_eq!(decision.steps[0].reason.rule.code, "anonymous-no-proof");
        assert_eq!(decision.steps[0].reason.basis, Basis::Documented);
    }
}

#[test]
fn events_follow_the_audit_settings() {
    let settings =
        ServerSettings { audit_file_share: false, audit_client_spn: true, ..story_server() };
    let decisions =
        decide(&evidence(named("cifs/10.0.0.100"), ResponseKind::Ntlmv2), &server(&settings));
    let events = decisions.into_array().map(|decision| numbers(&decision.events));
    assert_eq!(events, [vec![4624, 3025], vec![4624, 551, 3025], vec![4624, 551, 3025]]);
}

#[test]
fn an_answer_that_rests_on_unstated_names_is_assumed() {
    let settings = ServerSettings { names: vec![], ..story_server() };
    let stated = |origin| ServerNames {
        computer: vec!["DCFR".into(), "dcfr.lab.lan".into()],
        domain: vec![],
        origin: Some(origin),
        build: None,
    };
    let echoed = Server::new(&settings, &stated(Origin::Echo));
    for decision in
        &decide(&evidence(named("cifs/DCFR"), ResponseKind::Ntlmv2), &echoed).as_array()[1..]
    {
        assert!(decision.reasons.iter().any(|reason| reason.rule.code == "names-from-echo"));
    }
    let server = Server::new(&settings, &stated(Origin::Challenge));
    for name in ["cifs/DCFR", "cifs/other", "cifs/dcfr@LAB", "HTTP/DCFR"] {
        let decisions = decide(&evidence(named(name), ResponseKind::Ntlmv2), &server);
        assert_eq!(decisions[Level::Off].reasons[0].basis, Basis::Documented, "{name}");
        for decision in &decisions.as_array()[1..] {
            assert_eq!(decision.reasons[0].basis, Basis::Assumed, "{name}");
            let codes: Vec<_> = decision.reasons.iter().map(|reason| reason.rule.code).collect();
            assert!(codes.contains(&"names-from-challenge"), "{name}: {codes:?}");
        }
    }
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

/// A text with other letters in upper case.
fn in_other_case(text: &str, upper: &[bool]) -> String {
    let letters = text.chars().zip(upper.iter().cycle());
    letters
        .map(
            |(letter, upper)| {
                if *upper { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }
            },
        )
        .collect()
}

fn target_in_other_case(target: &Target, upper: &[bool]) -> Target {
    match target {
        Target::Present(name) => Target::Present(in_other_case(name, upper)),
        Target::Untrusted(name) => Target::Untrusted(in_other_case(name, upper)),
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_higher_level_never_accepts_what_a_lower_one_denies(
        target in any_sent(), settings in any_settings(), choice in 0..6_usize,
    ) {
        let carrier = any_kind(&target, choice);
        let at = |level| check(&target, carrier, &server(&settings), level).accept;
        prop_assert!(at(Level::Off), "level 0 looks at no name");
        prop_assert!(at(Level::AcceptIfProvided) || !at(Level::RequiredFromClient));
    }

    #[test]
    fn allowing_a_name_never_turns_an_acceptance_into_a_denial(
        target in any_sent(), settings in any_settings(), name in any_name(), choice in 0..6_usize,
    ) {
        let carrier = any_kind(&target, choice);
        let mut more = settings.clone();
        more.allowed.push(name);
        for level in Level::ALL {
            let at = |settings| check(&target, carrier, &server(settings), level).accept;
            prop_assert!(!at(&settings) || at(&more), "{level}");
        }
    }

    #[test]
    fn the_case_of_host_names_never_matters(
        target in any_sent(), settings in any_settings(), choice in 0..6_usize,
        upper in proptest::collection::vec(any::<bool>(), 1..20),
    ) {
        let carrier = any_kind(&target, choice);
        let other = target_in_other_case(&target, &upper);
        let mut server_in_other_case = settings.clone();
        let ServerSettings { names, domains, allowed, .. } = &mut server_in_other_case;
        for name in names.iter_mut().chain(domains).chain(allowed) {
            *name = in_other_case(name, &upper);
        }
        for level in Level::ALL {
            let at = |target, settings| check(target, carrier, &server(settings), level).accept;
            let expected = at(&target, &settings);
            prop_assert_eq!(at(&other, &settings), expected, "{}", level);
            prop_assert_eq!(at(&target, &server_in_other_case), expected, "{}", level);
        }
    }
}

#[test]
fn facts_taken_as_right_are_among_the_reasons() {
    let codes = |evidence: &Evidence, settings: &ServerSettings| {
        let decision = decide(evidence, &server(settings)).at(Level::AcceptIfProvided);
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
        origin: Some(Origin::Echo),
        build: None,
    };
    let controller = |domains: Vec<String>, names: Vec<String>| {
        let settings =
            ServerSettings { role: Role::DomainController, domains, names, ..story_server() };
        decide(
            &evidence(named("cifs/lab.lan"), ResponseKind::Ntlmv2),
            &Server::new(&settings, &stated),
        )[Level::AcceptIfProvided]
            .reasons[0]
            .basis
    };
    assert_eq!(controller(vec![], vec!["DCFR".into()]), Basis::Assumed);
    assert_eq!(controller(vec!["lab.lan".into()], vec![]), Basis::Inferred);
}
