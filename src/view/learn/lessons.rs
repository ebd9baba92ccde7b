//! The live pieces, one function each.

use super::{
    Lesson, LessonView, Mini, Pick, Show, Told, Tried, Verdict, Words, strip::strip, told,
};
use crate::{
    ntlm::ResponseKind,
    policy::{
        Carrier, Checked, Decision, EntryKind, Evidence, Level, MicEvidence, Outcome,
        ProofEvidence, Server, ServerNames, ServerSettings, Target, decide,
    },
    proof::ProofVerdict,
    relay::{CheckKind, CheckState, Edit, Middle, Run, Scenario, run},
    spn::Spn,
    view::{
        CheckRow,
        levels::{in_its_log, level_card},
        proof::runs,
    },
    wire::AvId,
};

const LEVELS: &[&str] = &["0 Off", "1 Accept if provided", "2 Required"];

/// What a piece shows of what was tried.
pub(super) fn view(lesson: Lesson, tried: &Tried) -> LessonView {
    let one = Asked { tried, picks: Vec::new(), words: Vec::new() };
    match lesson {
        Lesson::Story => story(one),
        Lesson::Parts => parts(one),
        Lesson::Bytes => bytes(one),
        Lesson::Protection => protection(one),
        Lesson::Levels => levels(one),
        Lesson::Names => names(one),
        Lesson::Events => events(one),
        Lesson::Fix => fix(one),
        Lesson::Limits => limits(one),
    }
}

/// What a piece asks for, and what was answered.
struct Asked<'t> {
    tried: &'t Tried,
    picks: Vec<Pick>,
    words: Vec<Words>,
}

impl<'t> Asked<'t> {
    /// Asks for one of `options`.
    fn pick(&mut self, label: &'static str, options: &'static [&'static str]) -> usize {
        let chosen = self.tried.picks.get(self.picks.len()).copied().unwrap_or_default();
        let chosen = chosen.min(options.len().saturating_sub(1));
        self.picks.push(Pick { label, options, chosen });
        chosen
    }

    /// Asks for a text.
    fn type_in(
        &mut self,
        label: &'static str,
        before: &'static str,
        tries: &'static [&'static str],
    ) -> &'t str {
        let value = self.tried.words.get(self.words.len()).map_or("", String::as_str);
        self.words.push(Words { label, before, value: value.to_owned(), tries });
        value
    }

    fn shows(self, title: &'static str, shows: Vec<Show>) -> LessonView {
        LessonView { title, picks: self.picks, words: self.words, shows }
    }
}

/// The server of the story, which nobody has to describe.
fn server(allowed: &str) -> ServerSettings {
    let entries = allowed.split([',', ';', ' ']).filter(|entry| !entry.is_empty());
    ServerSettings { allowed: entries.map(str::to_owned).collect(), ..Scenario::default().server }
}

/// What a client states whose proof and MIC, if any, are right.
pub(super) fn stated(target: Target, carrier: Carrier) -> Evidence {
    let mic = match carrier {
        Carrier::Ntlm(ResponseKind::Ntlmv2) => MicEvidence::Announced(Checked::Right),
        _ => MicEvidence::NotAnnounced,
    };
    let proof = match carrier {
        Carrier::Kerberos => ProofEvidence::Ticket,
        Carrier::Ntlm(ResponseKind::Anonymous) => ProofEvidence::Anonymous,
        Carrier::Ntlm(_) => ProofEvidence::Response(Checked::Right),
    };
    Evidence { target, carrier, proof, mic, has_errors: false }
}

/// What that server answers at the three levels.
pub(super) fn decided(evidence: &Evidence, settings: &ServerSettings) -> [Decision; 3] {
    decide(evidence, &Server::new(settings, &ServerNames::default()))
}

fn named(name: &str, settings: &ServerSettings) -> [Decision; 3] {
    let target = if name.is_empty() { Target::Empty } else { Target::Present(name.to_owned()) };
    decided(&stated(target, Carrier::Ntlm(ResponseKind::Ntlmv2)), settings)
}

/// The three levels, and why; levels with the same reason share it.
fn at_levels(decisions: &[Decision; 3]) -> Vec<Show> {
    let minis = decisions.each_ref().map(|decision| {
        let card = level_card(decision);
        Mini { number: card.number, name: card.name, outcome: card.outcome, verdict: card.verdict }
    });
    let whys = decisions.each_ref().map(told);
    with_whys(minis, whys)
}

fn with_whys(minis: [Mini; 3], whys: [Told; 3]) -> Vec<Show> {
    let mut shows = vec![Show::Levels(minis)];
    let [off, one, two] = whys;
    if off == one && one == two {
        shows.push(Show::Why("Levels 0, 1 and 2".to_owned(), off));
        return shows;
    }
    shows.push(Show::Why("Level 0".to_owned(), off));
    if one == two {
        shows.push(Show::Why("Levels 1 and 2".to_owned(), one));
    } else {
        shows.push(Show::Why("Level 1".to_owned(), one));
        shows.push(Show::Why("Level 2".to_owned(), two));
    }
    shows
}

fn fact(name: &'static str, value: impl Into<String>) -> Show {
    Show::Fact(name, value.into(), false)
}

fn sent(name: impl Into<String>) -> Show {
    Show::Fact("The client sends", name.into(), true)
}

fn of(decisions: [Decision; 3], level: usize) -> Option<Decision> {
    decisions.into_iter().nth(level)
}

fn story(mut asked: Asked<'_>) -> LessonView {
    let way = asked.pick(
        "The user opens",
        &[
            r"\\10.0.0.11, the server itself",
            r"\\10.0.0.100, a NAT mapping to it",
            r"\\10.0.0.100, an attacker's relay",
        ],
    );
    let level = asked.pick("The server is at level", LEVELS);
    let name = if way == 0 { "cifs/10.0.0.11" } else { "cifs/10.0.0.100" };
    let mut shows = vec![sent(name)];
    if let Some(decision) = of(named(name, &server("")), level) {
        let card = level_card(&decision);
        let got_in = card.outcome == Outcome::Accept;
        let words = match (way == 2, got_in) {
            (false, true) => "Accepted: the user works",
            (false, false) => "Denied: the user is locked out",
            (true, true) => "Accepted: the attacker is in",
            (true, false) => "Denied: the attack ends here",
        };
        shows.extend([
            Show::Verdict(Verdict { outcome: card.outcome, is_good: got_in != (way == 2), words }),
            Show::Why(String::new(), told(&decision)),
            fact("Status", format!("{} {}", card.status, card.status_code)),
            fact("Events", card.events),
        ]);
    }
    asked.shows("Who gets in?", shows)
}

fn parts(mut asked: Asked<'_>) -> LessonView {
    let name = asked.type_in(
        "Target name",
        "",
        &["cifs/10.0.0.100", "HTTP/dcfr.lab.lan", "dcfr.lab.lan", "cifs/dcfr.lab.lan@LAB.LAN"],
    );
    let spn = Spn::parse(name);
    let or_none = |part: Option<&str>| part.map_or_else(|| "none".to_owned(), str::to_owned);
    let mut shows = vec![
        fact("Service class", or_none(spn.class)),
        fact("Host", spn.host),
        Show::Fact("What is compared", spn.rest.to_owned(), true),
    ];
    for (label, part) in [("Port", spn.port), ("Third part", spn.third), ("Realm", spn.realm)] {
        shows.extend(part.map(|part| fact(label, part)));
    }
    shows.extend(at_levels(&named(name, &server(""))));
    asked.shows("Take a name apart", shows)
}

/// A client's real AUTHENTICATE: the lab's own client proves whatever it was told to name, as any does.
fn opening(host: &str) -> Option<Run> {
    let edit = Edit::RewriteTargetName(format!("cifs/{host}"));
    run(&Scenario { edit, ..Scenario::new(Middle::OwnClient) }).ok()
}

fn bytes(mut asked: Asked<'_>) -> LessonView {
    let host = asked.type_in(
        "The user opens",
        r"\\",
        &["10.0.0.100", "10.0.0.11", "DCFR", "dcfr.lab.lan"],
    );
    let mut shows = vec![sent(format!("cifs/{host}"))];
    if let Some(run) = opening(host) {
        let [.., passage] = &run.passages;
        let message = &passage.sent;
        let pair = message
            .as_authenticate()
            .and_then(|authenticate| authenticate.av_pairs()?.first(AvId::MsvAvTargetName));
        if let Some(pair) = pair {
            let span = pair.span();
            shows.extend([
                Show::Strip(strip(message.bytes(), &(span.start..span.end))),
                fact(
                    "MsvAvTargetName",
                    format!("bytes {} to {}", span.start, span.end.saturating_sub(1)),
                ),
                fact("AvId", "9: the first two bytes"),
                fact(
                    "AvLen",
                    format!(
                        "{} bytes: {} characters of two bytes",
                        pair.len.value,
                        pair.len.value / 2
                    ),
                ),
                fact("Behind it", format!("MsvAvEOL, from byte {}", span.end)),
                fact("AUTHENTICATE", format!("{} bytes", message.bytes().len())),
            ]);
        }
    }
    asked.shows("Where is it, and does it move?", shows)
}

fn protection(mut asked: Asked<'_>) -> LessonView {
    let which = asked.pick(
        "On the way, the attacker",
        &[
            "rewrites the name",
            "marks it as untrusted",
            "takes the MIC out",
            "clears the flags for signing",
            "changes nothing",
        ],
    );
    let edit = match which {
        0 => {
            let tries = &["cifs/10.0.0.11", "cifs/10.0.0.101", "cifs/dcfr.lab.lan"];
            Edit::RewriteTargetName(asked.type_in("The new name", "", tries).to_owned())
        }
        1 => Edit::SetUntrustedFlag,
        2 => Edit::StripMic,
        3 => Edit::ClearSigningFlags,
        _ => Edit::Nothing,
    };
    let level = Level::AcceptIfProvided;
    let scenario = Scenario { edit, level, ..Scenario::new(Middle::LuredClient) };
    let mut shows = vec![sent("cifs/10.0.0.100")];
    if let Ok(run) = run(&scenario) {
        shows.push(Show::Checks(checks(&run)));
        shows.extend(ending(&run));
    }
    asked.shows("Change it on the way, at level 1", shows)
}

/// What the server checked, up to the first check that failed.
fn checks(run: &Run) -> Vec<CheckRow> {
    let wanted = [CheckKind::Proof, CheckKind::Mic, CheckKind::TargetName];
    let reached = run
        .checks
        .iter()
        .filter(|check| wanted.contains(&check.kind) && check.state != CheckState::NotReached);
    reached
        .map(|check| CheckRow {
            name: check.values.as_ref().map_or_else(|| check.kind.label(), |values| values.name),
            verdict: match check.state {
                CheckState::Passed => ProofVerdict::Valid,
                CheckState::Failed => ProofVerdict::Invalid,
                CheckState::NotDone | CheckState::NotReached => ProofVerdict::Absent,
            },
            because: check
                .reason
                .as_ref()
                .map_or_else(String::new, |reason| reason.message.to_string()),
            values: check.values.as_ref().map(|values| {
                [runs(&values.received, &values.computed), runs(&values.computed, &values.received)]
            }),
        })
        .collect()
}

/// How a run ends, and why.
fn ending(run: &Run) -> [Show; 2] {
    let verdict = Verdict {
        outcome: run.outcome,
        is_good: match run.ending.attack_succeeds() {
            Some(succeeds) => !succeeds,
            None => run.outcome == Outcome::Accept,
        },
        words: run.ending.sentence().trim_end_matches('.'),
    };
    [Show::Verdict(verdict), Show::Why(String::new(), Told::from(&run.why))]
}

fn levels(mut asked: Asked<'_>) -> LessonView {
    let which = asked.pick(
        "The client sends",
        &[
            "cifs/dcfr.lab.lan",
            "cifs/10.0.0.100",
            "an empty name",
            "no name",
            "a name marked untrusted",
            "NTLMv1",
        ],
    );
    let v2 = Carrier::Ntlm(ResponseKind::Ntlmv2);
    let own = || "cifs/dcfr.lab.lan".to_owned();
    let (target, carrier) = match which {
        0 => (Target::Present(own()), v2),
        1 => (Target::Present("cifs/10.0.0.100".to_owned()), v2),
        2 => (Target::Empty, v2),
        3 => (Target::Absent, v2),
        4 => (Target::Untrusted(own()), v2),
        _ => (Target::NotCarried, Carrier::Ntlm(ResponseKind::Ntlmv1)),
    };
    let shows = at_levels(&decided(&stated(target, carrier), &server("")));
    asked.shows("What do the three levels answer?", shows)
}

fn names(mut asked: Asked<'_>) -> LessonView {
    let host = asked.type_in(
        "A user opens",
        r"\\",
        &["10.0.0.100", "10.0.0.11", "dcfr", "files.lab.lan", "lab.lan", "dcfr.lab.lan@LAB.LAN"],
    );
    let added = asked.type_in("You add to SrvAllowedServerNames", "", &["files.lab.lan"]);
    let settings = server(added);
    let name = format!("cifs/{host}");
    let decisions = named(&name, &settings);
    let [_, one, _] = &decisions;
    let matched = one.spn_check.matched.as_ref();
    let list = |label, entries: Vec<String>, kinds: &[EntryKind]| {
        let hit = matched.filter(|entry| kinds.contains(&entry.kind));
        let is_hit = |text: &String| hit.is_some_and(|hit| hit.text == *text);
        Show::List(
            label,
            entries
                .into_iter()
                .map(|text| {
                    let hit = is_hit(&text);
                    (text, hit)
                })
                .collect(),
        )
    };
    let known = Server::new(&settings, &ServerNames::default());
    let own_names = known.server_names().into_iter().map(str::to_owned).collect();
    let own_addresses = settings.addresses.iter().chain(&Server::LOOPBACK);
    let own_addresses = own_addresses.map(ToString::to_string).collect();
    let mut shows = vec![
        sent(name),
        list(
            "Its own names",
            own_names,
            &[EntryKind::Name, EntryKind::Domain, EntryKind::Loopback],
        ),
        list("Its own addresses", own_addresses, &[EntryKind::Address, EntryKind::Loopback]),
        list("The names you add", settings.allowed, &[EntryKind::Allowed]),
    ];
    shows.extend(at_levels(&decisions));
    asked.shows("Which list knows the name?", shows)
}

fn events(mut asked: Asked<'_>) -> LessonView {
    let what = asked.pick(
        "At level 2, the client sends",
        &["cifs/10.0.0.100", "no name", "a wrong password", "cifs/dcfr.lab.lan"],
    );
    let audited = asked.pick("Auditing of File Share failures", &["on", "off"]) == 0;
    let name = |name: &str| Target::Present(name.to_owned());
    let target = match what {
        0 => name("cifs/10.0.0.100"),
        1 => Target::Absent,
        _ => name("cifs/dcfr.lab.lan"),
    };
    let mut evidence = stated(target, Carrier::Ntlm(ResponseKind::Ntlmv2));
    if what == 2 {
        evidence.proof = ProofEvidence::Response(Checked::Wrong);
    }
    let settings = ServerSettings { audit_file_share: audited, ..server("") };
    let mut shows = Vec::new();
    if let Some(decision) = of(decided(&evidence, &settings), 2) {
        let card = level_card(&decision);
        shows.push(Show::Verdict(Verdict {
            outcome: card.outcome,
            is_good: card.outcome == Outcome::Accept,
            words: card.verdict,
        }));
        shows.push(fact("Status", format!("{} {}", card.status, card.status_code)));
        let events = decision.events.iter().map(|event| in_its_log(*event));
        shows.push(Show::List("Events, in order", events.map(|event| (event, false)).collect()));
        if decision.events.contains(&5168) {
            let spn = evidence.target.text().unwrap_or("N/A");
            shows.push(Show::Fact("SPN Name in 5168", spn.to_owned(), spn != "N/A"));
        }
        shows.push(Show::Why(String::new(), told(&decision)));
    }
    asked.shows("What does the server write down?", shows)
}

fn fix(mut asked: Asked<'_>) -> LessonView {
    const STANDS: [Middle; 2] = [Middle::Nat, Middle::LuredClient];
    let who = asked.pick("Behind 10.0.0.100 stands", &["a NAT mapping", "an attacker's relay"]);
    let added = asked.type_in("You add to SrvAllowedServerNames", "", &["10.0.0.100"]);
    let middle = STANDS.get(who).copied().unwrap_or_default();
    let all = Level::ALL
        .map(|level| run(&Scenario { level, server: server(added), ..Scenario::new(middle) }).ok());
    let mut shows = vec![sent("cifs/10.0.0.100")];
    if let [Some(off), Some(one), Some(two)] = &all {
        let decisions = named("cifs/10.0.0.100", &server(added));
        if let Some(Show::Levels(minis)) = at_levels(&decisions).into_iter().next() {
            shows.extend(with_whys(minis, [off, one, two].map(|run| Told::from(&run.why))));
        }
        shows.push(fact("At level 2", two.ending.sentence()));
    }
    asked.shows("Add the name, and see who profits", shows)
}

fn limits(mut asked: Asked<'_>) -> LessonView {
    const ATTACKS: [Middle; 5] = [
        Middle::LuredClient,
        Middle::HttpRelay,
        Middle::SpoofedDns,
        Middle::MarshalledName,
        Middle::OwnClient,
    ];
    let which = asked.pick(
        "The attack, at level 2",
        &[
            "lures the client to an address",
            "relays from HTTP",
            "spoofs DNS",
            "uses a marshalled name",
            "has a password of its own",
        ],
    );
    let signing = asked.pick("The server requires SMB signing", &["no", "yes"]) == 1;
    let middle = ATTACKS.get(which).copied().unwrap_or_default();
    let scenario = Scenario {
        level: Level::RequiredFromClient,
        requires_signing: signing,
        ..Scenario::new(middle)
    };
    let mut shows = Vec::new();
    if let Ok(run) = run(&scenario) {
        let [.., passage] = &run.passages;
        let name = passage
            .sent
            .as_authenticate()
            .map(|authenticate| authenticate.target_name(passage.sent.source()));
        shows.extend(name.and_then(|name| name.text().map(|(name, _)| sent(name))));
        shows.extend(ending(&run));
    }
    asked.shows("What stops it, and what does not?", shows)
}
