//! The remedies: every denial has one, each works on the simulated server, and no command is made
//! of a name that could do something else.

use proptest::prelude::*;
use spnscope::judge::{
    events::{Command, Shell},
    remedies::{AllowList, Change, Remedy, Situation, advice, remedies},
    smb::{
        Carrier, Checked, Evidence, Level, MicEvidence, Outcome, ProofEvidence, Role, Server,
        ServerSettings, Target, decide,
    },
};
use spnscope::message::ntlm::ResponseKind;
use spnscope::show::words;

use crate::{
    fixtures::story_server,
    judge::decision_table::{cases, evidence, server},
    judge::decisions::any_target,
};

const DENYING: [Level; 2] = [Level::AcceptIfProvided, Level::RequiredFromClient];

fn situation(target: Target, kind: ResponseKind, settings: &ServerSettings) -> Situation {
    Situation {
        evidence: evidence(target, kind),
        server: server(settings),
        level: Level::AcceptIfProvided,
    }
}

fn present(name: &str) -> Target {
    Target::Present(name.into())
}

fn outcome(evidence: &Evidence, server: &Server, level: Level) -> Outcome {
    decide(evidence, server)[level].outcome
}

/// The change of a remedy, made here and not by the library.
fn outcome_after(change: &Change, before: &Situation) -> Outcome {
    let Situation { mut evidence, mut server, mut level } = before.clone();
    let ntlmv2 = |name: &str, carrier| Evidence {
        target: Target::Present(name.to_owned()),
        carrier,
        proof: ProofEvidence::Response(Checked::Right),
        mic: MicEvidence::NotAnnounced,
        time_stamp: None,
        smb: None,
        has_errors: false,
    };
    // Where no name of the server is known, it is one of those that nobody stated.
    let unknown = "cifs/a-name-that-nobody-stated";
    match change {
        Change::StateAddress(address) => server.settings.addresses.push(*address),
        Change::StateName(name) => server.names.push(name.clone()),
        Change::StateDomainController => server.settings.role = Role::DomainController,
        Change::Send(name) => evidence = ntlmv2(name, evidence.carrier),
        Change::AnswerWithNtlmv2(Some(name)) => {
            evidence = ntlmv2(name, Carrier::Ntlm(ResponseKind::Ntlmv2));
        }
        Change::SendAnyOwnName | Change::AnswerWithNtlmv2(None) => {
            server.names.push("a-name-that-nobody-stated".into());
            evidence = ntlmv2(unknown, Carrier::Ntlm(ResponseKind::Ntlmv2));
        }
        Change::Allow(name) => server.settings.allowed.push(name.clone()),
        Change::Level(new) => level = *new,
    }
    outcome(&evidence, &server, level)
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_:".contains(&b))
}

fn codes(remedies: &[Remedy]) -> Vec<&'static str> {
    remedies.iter().map(|remedy| remedy.code).collect()
}

#[test]
fn every_denial_of_the_table_has_a_remedy_and_nothing_else_has() {
    let mut denials = 0;
    for case in cases() {
        for level in Level::ALL {
            let before =
                Situation { evidence: case.evidence(), server: server(&case.server), level };
            let found = remedies(&before, AllowList::Complete);
            let denied = outcome(&before.evidence, &before.server, level) == Outcome::Deny;
            assert_eq!(!found.is_empty(), denied, "{} at {level}", case.why);
            denials += usize::from(denied);
            // Level 1 is a step on the way; it is never all there is.
            let mends = |remedy: &Remedy| !matches!(remedy.change, Change::Level(_));
            assert_eq!(found.iter().any(mends), denied, "{} at {level}", case.why);
            for remedy in &found {
                let after = outcome_after(&remedy.change, &before);
                assert_eq!(after, Outcome::Accept, "{} at {level}: {remedy:?}", case.why);
            }
            // Where an entry alone would cure it, one is offered, or the name is to be mended.
            if let Some((_, host)) = case.target.text().and_then(|name| name.split_once('/')) {
                let entry = Change::Allow(host.to_owned());
                let cures = denied && outcome_after(&entry, &before) == Outcome::Accept;
                let is_offered = |code: &str| code == "allow-name" || code.starts_with("client-");
                let told = codes(&found).into_iter().any(is_offered);
                assert!(!cures || told, "{} at {level}: see NOT_LISTED", case.why);
            }
        }
    }
    assert!(denials > 50, "{denials}");
}

/// The order, from the reference and the way the fault is made.
#[test]
#[rustfmt::skip]
fn remedies_come_best_first() {
    let v2 = ResponseKind::Ntlmv2;
    let story = &story_server();
    let one = Level::AcceptIfProvided;
    let two = Level::RequiredFromClient;
    let unknown = ServerSettings { addresses: vec![], ..story_server() };
    let nothing = ServerSettings::default();
    let domain = ServerSettings { domains: vec!["lab.lan".into()], ..story_server() };
    let cases: Vec<(Target, ResponseKind, &ServerSettings, Level, &[&str])> = vec![
        (present("cifs/10.0.0.100"),        v2, story, one, &["connect-by-name", "allow-name"]),
        (present("cifs/10.0.0.100"),        v2, &unknown,        two, &["state-address", "connect-by-name", "allow-name"]),
        (present("cifs/dcfr"),              v2, &nothing,        one, &["state-name", "connect-by-name", "allow-name"]),
        (present("cifs/lab.lan"),           v2, &domain,         one, &["state-domain-controller", "connect-by-name", "allow-name"]),
        (present("dcfr.lab.lan"),           v2, story, one, &["client-class"]),
        (present("10.0.0.100"),             v2, story, one, &["client-class"]),
        (present("HTTP/dcfr.lab.lan"),      v2, story, two, &["client-other-class"]),
        (present("cifs/dcfr.lab.lan@LAB"),  v2, story, one, &["client-realm"]),
        (present("cifs/other@LAB"),         v2, story, one, &["client-realm"]),
        (present("cifs/dcfr.lab.lan:445"),  v2, story, one, &["client-extra-component"]),
        (present("cifs/[10.0.0.11]"),       v2, story, one, &["client-spelling", "client-spelling"]),
        (present("cifs/dcfr.lab.lan."),     v2, story, one, &["client-spelling"]),
        (Target::Empty,                     v2, story, one, &["client-empty-name"]),
        (Target::Absent,                    v2, story, two, &["client-no-name", "level-1-meanwhile"]),
        (Target::Untrusted("cifs/DCFR".into()),  v2, story, two, &["client-untrusted-flag", "client-untrusted-flag", "level-1-meanwhile"]),
        (Target::Untrusted("cifs/other".into()), v2, story, two, &["client-untrusted-flag", "level-1-meanwhile"]),
        (Target::NotCarried, ResponseKind::Ntlmv1,    story, two, &["client-ntlmv2", "level-1-meanwhile"]),
        (Target::NotCarried, ResponseKind::Anonymous, story, two, &["client-account", "level-1-meanwhile"]),
        // The marshalled name of one machine: to list it would let in what it was made for.
        (present("cifs/srv11UWhRCAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAwbEAYBAAAA"), v2, story, one, &["connect-by-name"]),
    ];
    let mut wrong = Vec::new();
    for (target, kind, settings, level, expected) in cases {
        let before = Situation { level, ..situation(target, kind, settings) };
        let found = remedies(&before, AllowList::Partial);
        if codes(&found) != expected {
            wrong.push(format!("{:?}: {:?}", before.evidence.target, codes(&found)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// SMB1 without extended security, and a ticket marked unverified.
#[test]
fn remedies_fit_the_carrier_of_the_name() {
    let at = |target, carrier, settings: &ServerSettings, level| {
        let evidence = Evidence { carrier, ..evidence(target, ResponseKind::Ntlmv2) };
        remedies(&Situation { evidence, server: server(settings), level }, AllowList::Partial)
    };
    let two = Level::RequiredFromClient;
    let bare = at(Target::NotCarried, Carrier::Smb1Bare, &story_server(), two);
    assert_eq!(codes(&bare), ["client-extended-security", "level-1-meanwhile"]);
    let marked = Target::Untrusted("cifs/DCFR".into());
    let ticket = at(marked, Carrier::Kerberos, &story_server(), two);
    assert_eq!(codes(&ticket)[0], "client-untrusted-flag");
    assert!(!ticket[0].instructions.iter().any(|one| one.contains("MsvAvFlags")), "{ticket:?}");
}

#[test]
fn the_client_is_told_to_connect_by_the_full_name_that_is_accepted() {
    let first = |settings: &ServerSettings| {
        let before = situation(present("cifs/10.0.0.100"), ResponseKind::Ntlmv2, settings);
        remedies(&before, AllowList::Partial)[0].change.clone()
    };
    assert_eq!(first(&story_server()), Change::Send("cifs/dcfr.lab.lan".into()));
    let with = |names: &[&str]| ServerSettings {
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        ..story_server()
    };
    assert_eq!(first(&with(&["DCFR"])), Change::Send("cifs/DCFR".into()));
    assert_eq!(first(&with(&[])), Change::Send("cifs/10.0.0.11".into()));
    // An address among the names is no name to connect by.
    assert_eq!(first(&with(&["10.0.0.99", "DCFR"])), Change::Send("cifs/DCFR".into()));
}

#[test]
fn where_no_name_of_the_server_is_known_none_is_made_up() {
    let nothing = ServerSettings::default();
    for (target, kind, level) in [
        (present("cifs/dcfr"), ResponseKind::Ntlmv2, DENYING[0]),
        (Target::Empty, ResponseKind::Ntlmv2, DENYING[0]),
        (Target::NotCarried, ResponseKind::Ntlmv1, DENYING[1]),
    ] {
        let before = Situation { level, ..situation(target, kind, &nothing) };
        let found = remedies(&before, AllowList::Partial);
        let unnamed = found.iter().find(|remedy| {
            matches!(remedy.change, Change::SendAnyOwnName | Change::AnswerWithNtlmv2(None))
        });
        let unnamed = unnamed.unwrap_or_else(|| panic!("{found:?}"));
        assert!(
            unnamed.instructions.iter().any(|one| one.contains("not known here")),
            "{unnamed:?}"
        );
        assert_eq!(unnamed.then.rule.code, "own-name");
        assert!(!format!("{unnamed:?}").contains("LocalHost"), "{unnamed:?}");
    }
}

fn of_shell(commands: &[Command], shell: Shell) -> Option<&str> {
    commands.iter().find(|command| command.shell == shell).map(|command| &*command.text)
}

fn allow(name: &str, settings: &ServerSettings, known: AllowList) -> Remedy {
    let before = situation(present(&format!("cifs/{name}")), ResponseKind::Ntlmv2, settings);
    let found = remedies(&before, known);
    found.into_iter().find(|remedy| remedy.code == "allow-name").expect("the remedy")
}

#[test]
fn the_script_reads_the_list_adds_to_it_and_writes_it_back() {
    let remedy = allow("10.0.0.100", &story_server(), AllowList::Partial);
    assert_eq!(remedy.change, Change::Allow("10.0.0.100".into()));
    let script = of_shell(&remedy.commands, Shell::PowerShell).unwrap();
    let steps = [
        "$ErrorActionPreference = 'Stop'",
        "'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\LanmanServer\\Parameters'",
        "$names = @((Get-Item -LiteralPath $key).GetValue('SrvAllowedServerNames', @()))",
        "if ($names -notcontains '10.0.0.100')",
        "$names += '10.0.0.100'",
        "-PropertyType MultiString -Value ([string[]]$names) -Force",
    ];
    let places: Vec<_> = steps.iter().map(|step| script.find(step)).collect();
    assert!(places.iter().all(Option::is_some), "{places:?}\n{script}");
    assert!(places.is_sorted(), "{places:?}\n{script}");
    let balance = |script: &str| {
        let balance = |open, close| script.matches(open).count() == script.matches(close).count();
        assert!(balance('{', '}') && balance('(', ')') && balance('[', ']'), "{script}");
    };
    balance(script);
    // What undoes it takes that name out of what is there, and no other.
    let undo = remedy.undo.as_ref().expect("it can be undone");
    assert!(undo.text.contains("$names = @($names -ne '10.0.0.100')"), "{undo:?}");
    assert!(!undo.text.contains("+="), "{undo:?}");
    balance(&undo.text);
    let caution = remedy.caution.as_ref().expect("a warning");
    assert!(caution.starts_with("Do not add it until you know what 10.0.0.100 is."), "{caution}");
}

/// The names in the `hex(7)` of a .reg file.
fn multi_string(file: &str) -> Vec<String> {
    let hex = file.split("\"SrvAllowedServerNames\"=hex(7):").nth(1).expect("the value").trim();
    let bytes: Vec<u8> =
        hex.split(',').map(|byte| u8::from_str_radix(byte, 16).expect("a byte")).collect();
    let units: Vec<_> = bytes.chunks(2).map(|two| u16::from_le_bytes([two[0], two[1]])).collect();
    let text = String::from_utf16(&units).expect("UTF-16");
    let list = text.strip_suffix("\0\0").expect("two terminators");
    list.split('\0').map(str::to_owned).collect()
}

#[test]
fn commands_that_replace_the_list_are_offered_only_with_all_of_it() {
    let settings = ServerSettings {
        allowed: vec!["files.lab.lan".into(), String::new(), "fd00::7".into()],
        ..story_server()
    };
    let unknown = allow("10.0.0.100", &settings, AllowList::Partial);
    assert_eq!(unknown.commands.len(), 1);
    assert!(unknown.instructions.iter().any(|one| one.contains("replace the whole list")));
    let known = allow("10.0.0.100", &settings, AllowList::Complete);
    assert_eq!(
        of_shell(&known.commands, Shell::CommandPrompt),
        Some(
            "reg add \"HKLM\\SYSTEM\\CurrentControlSet\\Services\\LanmanServer\\Parameters\" /v SrvAllowedServerNames /t REG_MULTI_SZ /s , /d \"files.lab.lan,fd00::7,10.0.0.100\" /f"
        )
    );
    let file = of_shell(&known.commands, Shell::RegistryFile).unwrap();
    assert!(
        file.starts_with("Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SYSTEM\\")
    );
    assert_eq!(multi_string(file), ["files.lab.lan", "fd00::7", "10.0.0.100"]);
    for command in known.commands.iter().filter(|command| command.shell != Shell::PowerShell) {
        assert!(command.description.starts_with("Replaces the whole list"), "{command:?}");
    }
    // One odd entry, and the list is written by nobody but the script that reads it.
    let odd = ServerSettings { allowed: vec!["a b".into()], ..story_server() };
    let refused = allow("10.0.0.100", &odd, AllowList::Complete);
    assert_eq!(refused.commands.len(), 1);
    assert!(refused.instructions.iter().any(|one| one.contains("are not offered")));
}

#[test]
fn a_name_with_other_characters_is_in_no_command() {
    for name in [
        "a'; rm",
        "a'b",
        "a&b",
        "a%b",
        "ä",
        "a b",
        "$(x)",
        "a,b",
        "a\\0b",
        "a\"b",
        "x\u{202e}y",
        "a`b",
        "*",
    ] {
        for known in [AllowList::Partial, AllowList::Complete] {
            let remedy = allow(name, &story_server(), known);
            assert_eq!((&remedy.commands[..], &remedy.undo), (&[][..], &None), "{name}");
            assert!(
                remedy.instructions.iter().any(|one| one.contains("There is no command")),
                "{name}"
            );
        }
    }
}

fn every_command(found: &[Remedy]) -> impl Iterator<Item = &Command> {
    found.iter().flat_map(|remedy| remedy.commands.iter().chain(&remedy.undo))
}

/// The ways in which a command can set the level to 0.
fn switches_off(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let sets = |before: &str| text.contains(before);
    sets("hardeninglevel 0")
        || sets("hardeninglevel=4,0")
        || sets("hardeninglevel") && sets("/d 0")
        || sets("hardeninglevel\"=dword:00000000")
}

#[test]
fn nothing_switches_the_check_off() {
    assert!(switches_off("Set-SmbServerConfiguration -SmbServerNameHardeningLevel 0"));
    let mut commands = advice(&Level::ALL).levels;
    assert_eq!(commands.len(), 4, "two for each of the levels 1 and 2");
    let advice = advice(&DENYING);
    let checks = advice.before_enforcing.iter().chain(&advice.afterwards);
    commands.extend(checks.filter_map(|check| check.command.clone()));
    for case in cases() {
        for level in DENYING {
            let before =
                Situation { evidence: case.evidence(), server: server(&case.server), level };
            let found = remedies(&before, AllowList::Complete);
            assert!(found.iter().all(|remedy| remedy.change != Change::Level(Level::Off)));
            commands.extend(every_command(&found).cloned());
        }
    }
    assert!(commands.iter().any(|command| command.text.ends_with("HardeningLevel 1")));
    for command in commands {
        assert!(!switches_off(&command.text), "{}", command.text);
    }
    assert!(advice.not_to_do[0].contains("level to 0"), "it is named as what not to do");
}

#[test]
fn the_audit_comes_before_enforcing_and_the_subcategory_is_the_right_one() {
    let advice = advice(&DENYING);
    let first = &advice.before_enforcing[0];
    assert!(
        first.command.as_ref().unwrap().text.contains("/v AuditClientSpnSupport /t REG_DWORD /d 1")
    );
    let commands = advice.afterwards.iter().filter_map(|check| check.command.as_ref());
    let auditpol: Vec<_> =
        commands.map(|command| &*command.text).filter(|text| text.contains("auditpol")).collect();
    assert_eq!(auditpol.len(), 3);
    for command in auditpol {
        let right = ["\"File Share\"", "\"{0CCE9224-69AE-11D9-BED3-505054503030}\""];
        assert!(right.iter().any(|name| command.contains(name)), "{command}");
    }
}

/// Names of servers, allowed names and targets that are made to disturb one another.
pub(crate) fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![
        "(DCFR|dcfr|dcfr\\.lab\\.lan|10\\.0\\.0\\.(11|100)|fd00::(11|0012)|other|other@LAB|dcfr:445)",
        "[a-z'\"$`;, ]{1,6}",
        "\\PC{0,8}",
    ]
}

pub(crate) fn any_settings() -> impl Strategy<Value = ServerSettings> {
    let address = prop_oneof![Just("10.0.0.11"), Just("10.0.0.100"), Just("fd00::11")];
    (
        proptest::collection::vec(any_name(), 0..3),
        proptest::collection::vec(any_name(), 0..2),
        proptest::collection::vec(any_name(), 0..3),
        proptest::collection::vec(address, 0..2),
        any::<[bool; 3]>(),
    )
        .prop_map(
            |(names, domains, allowed, addresses, [controller, honours, is_loopback])| {
                ServerSettings {
                    role: if controller { Role::DomainController } else { Role::Member },
                    names,
                    domains,
                    allowed,
                    addresses: addresses.iter().map(|address| address.parse().unwrap()).collect(),
                    honours_untrusted_flag: honours,
                    is_loopback,
                    ..ServerSettings::default()
                }
            },
        )
}

pub(crate) fn any_sent() -> impl Strategy<Value = Target> {
    prop_oneof![
        any_target(),
        any_name().prop_map(|name| Target::Present(format!("cifs/{name}"))),
        any_name().prop_map(Target::Present),
        any_name().prop_map(|name| Target::Untrusted(format!("cifs/{name}"))),
    ]
}

pub(crate) fn any_kind(target: &Target, choice: usize) -> Carrier {
    let old = [
        ResponseKind::Ntlmv1,
        ResponseKind::Ntlm2Session,
        ResponseKind::Lm,
        ResponseKind::Lmv2,
        ResponseKind::Anonymous,
    ];
    match target {
        Target::NotCarried => {
            old.get(choice).map_or(Carrier::Smb1Bare, |kind| Carrier::Ntlm(*kind))
        }
        Target::Present(_) | Target::Untrusted(_) if choice == 0 => Carrier::Kerberos,
        _ => Carrier::Ntlm(ResponseKind::Ntlmv2),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_denial_has_a_remedy_and_every_remedy_turns_it(
        target in any_sent(), settings in any_settings(), choice in 0..6_usize,
        level in proptest::sample::select(Level::ALL.to_vec()),
    ) {
        let carrier = any_kind(&target, choice);
        let proof = if carrier == Carrier::Kerberos {
            ProofEvidence::Ticket
        } else {
            ProofEvidence::Response(Checked::Not)
        };
        let evidence = Evidence { carrier, proof, ..evidence(target, ResponseKind::Ntlmv2) };
        let before = Situation { evidence, server: server(&settings), level };
        let found = remedies(&before, AllowList::Complete);
        let denied = outcome(&before.evidence, &before.server, level) == Outcome::Deny;
        prop_assert_eq!(!found.is_empty(), denied);
        for remedy in &found {
            prop_assert!(!remedy.instructions.is_empty() && !words::reason(&remedy.then).is_empty());
            prop_assert_eq!(outcome_after(&remedy.change, &before), Outcome::Accept, "{:?}", remedy);
            for command in &remedy.commands {
                prop_assert!(command.text.chars().all(|c| c == '\n' || matches!(c, ' '..='~')), "{}", command.text);
            }
            let Change::Allow(name) = &remedy.change else { continue };
            prop_assert_eq!(remedy.commands.is_empty(), !is_plain(name), "{}", name);
            for command in &remedy.commands {
                match command.shell {
                    Shell::PowerShell => {
                        // The same script for every name, with the name between quotes in two
                        // places.
                        let usual = allow("10.0.0.100", &story_server(), AllowList::Partial);
                        let usual = of_shell(&usual.commands, Shell::PowerShell).unwrap().to_owned();
                        prop_assert_eq!(&command.text, &usual.replace("'10.0.0.100'", &format!("'{name}'")));
                    }
                    Shell::CommandPrompt => {
                        let list = command.text.split('"').nth(3).unwrap();
                        prop_assert!(list.split(',').all(is_plain), "{}", command.text);
                        prop_assert_eq!(list.split(',').next_back(), Some(&**name));
                    }
                    _ => prop_assert!(multi_string(&command.text).iter().all(|name| is_plain(name))),
                }
            }
        }
    }
}
