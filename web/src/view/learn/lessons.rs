//! The live pieces, one function each.

use super::{
    AnswerPart, Choice, Lesson, LessonInput, LessonView, LevelAnswer, ListEntry, TextField,
    Verdict, practice, strip::strip, told,
};
use crate::view::{
    CheckRow, LevelCard, Sentence,
    lab::sentence,
    levels::{in_its_log, level_card},
    proof::runs,
};
use spnscope::base::spn::{LOOPBACK, Spn};
use spnscope::judge::{
    events::Events,
    proof::ProofVerdict,
    smb::{
        Carrier, Checked, Decision, EntryKind, EventId, Evidence, Level, MicEvidence, Outcome,
        PerLevel, ProofEvidence, Server, ServerNames, ServerSettings, Target, decide,
    },
};
use spnscope::lab::relay::{CheckKind, CheckState, Edit, Middle, Run, Scenario, run};
use spnscope::message::{
    ntlm::{ResponseKind, TargetName},
    wire::AvId,
};
use spnscope::show::words;

pub(super) const LEVELS: &[&str] = &["0 Off", "1 Accept if provided", "2 Required"];

/// Makes the view of a piece for an input.
pub(super) fn view(lesson: Lesson, input: &LessonInput) -> LessonView {
    let mut page = Page { input, choices: Vec::new(), fields: Vec::new(), parts: Vec::new() };
    let title = match lesson {
        Lesson::Story => story(&mut page),
        Lesson::Parts => parts(&mut page),
        Lesson::Bytes => bytes(&mut page),
        Lesson::Protection => protection(&mut page),
        Lesson::Levels => levels(&mut page),
        Lesson::Names => names(&mut page),
        Lesson::Events => events(&mut page),
        Lesson::Others => practice::others(&mut page),
        Lesson::Baselines => practice::baselines(&mut page),
        Lesson::Fix => fix(&mut page),
        Lesson::Limits => limits(&mut page),
        Lesson::Ticket => ticket(&mut page),
        Lesson::Siblings => practice::siblings(&mut page),
        Lesson::Lab => practice::lab(&mut page),
    };
    LessonView { title, choices: page.choices, fields: page.fields, parts: page.parts }
}

/// A piece while it is made: its questions, the answers, and the parts that it shows.
pub(super) struct Page<'t> {
    input: &'t LessonInput,
    choices: Vec<Choice>,
    fields: Vec<TextField>,
    parts: Vec<AnswerPart>,
}

impl<'t> Page<'t> {
    /// Asks for one of `options`.
    pub(super) fn pick(&mut self, label: &'static str, options: &'static [&'static str]) -> usize {
        let chosen = self.input.choices.get(self.choices.len()).copied().unwrap_or_default();
        let chosen = chosen.min(options.len().saturating_sub(1));
        self.choices.push(Choice { label, options, chosen });
        chosen
    }

    /// Asks for a text.
    fn type_in(
        &mut self,
        label: &'static str,
        before: &'static str,
        tries: &'static [&'static str],
    ) -> &'t str {
        let value = self.input.texts.get(self.fields.len()).map_or("", String::as_str);
        self.fields.push(TextField { label, before, value: value.to_owned(), tries });
        value.trim()
    }

    pub(super) fn fact(&mut self, name: &'static str, value: &str) {
        self.parts.push(AnswerPart::Fact { name, value: value.to_owned(), is_target_name: false });
    }

    /// A target name, or what of it is compared.
    fn target_name(&mut self, name: &'static str, value: &str) {
        self.parts.push(AnswerPart::Fact { name, value: value.to_owned(), is_target_name: true });
    }

    pub(super) fn sent(&mut self, name: &str) {
        self.target_name("The client sends", name);
    }

    pub(super) fn status(&mut self, card: &LevelCard) {
        self.fact("Status", &format!("{} {}", card.status, card.status_code));
    }

    pub(super) fn verdict(&mut self, outcome: Outcome, is_good: bool, words: &'static str) {
        self.parts.push(AnswerPart::Verdict(Verdict { outcome, is_good, words }));
    }

    pub(super) fn why(&mut self, levels: &str, sentence: Sentence) {
        self.parts.push(AnswerPart::Why { levels: levels.to_owned(), sentence });
    }

    /// The three levels, and why.
    pub(super) fn at_levels(&mut self, decisions: &PerLevel<Decision>) {
        self.with_whys(decisions, decisions.as_array().each_ref().map(told));
    }

    /// The three levels, and why; levels with the same reason share it.
    fn with_whys(&mut self, decisions: &PerLevel<Decision>, whys: [Sentence; 3]) {
        self.parts.push(AnswerPart::Levels(decisions.as_array().each_ref().map(|decision| {
            let LevelCard { number, name, outcome, verdict, .. } =
                level_card(decision, Events::default());
            LevelAnswer { number, name, outcome, verdict }
        })));
        let [off, one, two] = whys;
        if one != two {
            self.why("Level 0", off);
            self.why("Level 1", one);
            self.why("Level 2", two);
        } else if off != one {
            self.why("Level 0", off);
            self.why("Levels 1 and 2", one);
        } else {
            self.why("Levels 0, 1 and 2", off);
        }
    }

    /// Shows the events that are written.
    pub(super) fn events(&mut self, events: &[EventId]) {
        let entry = |event: &EventId| ListEntry { text: in_its_log(*event), is_match: false };
        let entries = events.iter().map(entry).collect();
        self.parts.push(AnswerPart::List { name: "Events, in order", entries });
    }

    /// Shows the ending of a run, and its reason.
    pub(super) fn ending(&mut self, run: &Run) {
        let is_good = match run.ending.attack_succeeds() {
            Some(succeeds) => !succeeds,
            None => run.outcome == Outcome::Accept,
        };
        self.verdict(run.outcome, is_good, run.ending.sentence().trim_end_matches('.'));
        self.why("", sentence(&run.why));
    }
}

/// The server of the story, which nobody has to describe.
pub(super) fn server(allowed: &str) -> ServerSettings {
    let entries = allowed.split([',', ';', ' ']).filter(|entry| !entry.is_empty());
    ServerSettings { allowed: entries.map(str::to_owned).collect(), ..Scenario::default().server }
}

/// The statement of a client whose proof and MIC, if any, are right.
pub(super) fn stated(target: Target, carrier: Carrier) -> Evidence {
    let mic = match carrier {
        Carrier::Ntlm(ResponseKind::Ntlmv2) => MicEvidence::Announced(Checked::Right),
        _ => MicEvidence::NotAnnounced,
    };
    let proof = match carrier {
        Carrier::Kerberos => ProofEvidence::Ticket,
        Carrier::Ntlm(ResponseKind::Anonymous) => ProofEvidence::Anonymous,
        Carrier::Ntlm(_) | Carrier::Smb1Bare => ProofEvidence::Response(Checked::Right),
    };
    Evidence { target, carrier, proof, mic, time_stamp: None, smb: None, has_errors: false }
}

/// The answers of that server at the three levels.
pub(super) fn decided(evidence: &Evidence, settings: &ServerSettings) -> PerLevel<Decision> {
    decide(evidence, &Server::new(settings, &ServerNames::default()))
}

pub(super) fn named(name: &str, settings: &ServerSettings) -> PerLevel<Decision> {
    let target = if name.is_empty() { Target::Empty } else { Target::Present(name.to_owned()) };
    decided(&stated(target, Carrier::Ntlm(ResponseKind::Ntlmv2)), settings)
}

fn story(page: &mut Page<'_>) -> &'static str {
    let way = page.pick(
        "The user opens",
        &[
            r"\\10.0.0.11, the server itself",
            r"\\10.0.0.100, a NAT mapping to it",
            r"\\10.0.0.100, an attacker's relay",
        ],
    );
    let level = page.pick("The server is at level", LEVELS);
    let name = if way == 0 { "cifs/10.0.0.11" } else { "cifs/10.0.0.100" };
    page.sent(name);
    if let Some(level) = Level::ALL.get(level) {
        let decision = &named(name, &server("")).at(*level);
        let card = level_card(decision, Events::default());
        let got_in = card.outcome == Outcome::Accept;
        let words = match (way == 2, got_in) {
            (false, true) => "Accepted: the user works",
            (false, false) => "Denied: the user does not get in",
            (true, true) => "Accepted: the attacker is in",
            (true, false) => "Denied: the attack ends here",
        };
        page.verdict(card.outcome, got_in != (way == 2), words);
        page.why("", told(decision));
        page.status(&card);
        let events: Vec<_> = decision.events.iter().map(|event| in_its_log(*event)).collect();
        page.fact("Events", &events.join(", "));
    }
    "Who gets in?"
}

fn parts(page: &mut Page<'_>) -> &'static str {
    let name = page.type_in(
        "Target name",
        "",
        &["cifs/10.0.0.100", "HTTP/dcfr.lab.lan", "dcfr.lab.lan", "cifs/dcfr.lab.lan@LAB.LAN"],
    );
    let spn = Spn::parse(name);
    page.fact("Service class", spn.class.unwrap_or("none"));
    page.fact("Host", spn.host);
    page.target_name("What is compared", spn.rest);
    for (label, part) in [("Port", spn.port), ("Third part", spn.third), ("Realm", spn.realm)] {
        if let Some(part) = part {
            page.fact(label, part);
        }
    }
    page.at_levels(&named(name, &server("")));
    "Take a name apart"
}

fn bytes(page: &mut Page<'_>) -> &'static str {
    let host =
        page.type_in("The user opens", r"\\", &["10.0.0.100", "10.0.0.11", "DCFR", "dcfr.lab.lan"]);
    let name = format!("cifs/{host}");
    page.sent(&name);
    // The lab's own client proves whatever it was told to name, as any client does.
    let edit = Edit::RewriteTargetName(name);
    if let Ok(run) = run(&Scenario { edit, ..Scenario::new(Middle::OwnClient) }) {
        let [.., passage] = &run.passages;
        let message = &passage.sent;
        let pair = message
            .as_authenticate()
            .and_then(|authenticate| authenticate.av_pairs()?.first(AvId::MsvAvTargetName));
        if let Some(pair) = pair {
            let span = pair.span();
            let len = pair.len.value;
            page.parts.push(AnswerPart::Strip(strip(message.bytes(), &(span.start..span.end))));
            let last = span.end.saturating_sub(1);
            page.fact("MsvAvTargetName", &format!("bytes {} to {last}", span.start));
            page.fact("AvId", "9: the first two bytes");
            let characters = len / 2;
            page.fact("AvLen", &format!("{len} bytes: {characters} characters of two bytes"));
            page.fact("Behind it", &format!("MsvAvEOL, from byte {}", span.end));
            page.fact("AUTHENTICATE", &format!("{} bytes", message.bytes().len()));
        }
    }
    "Where is it, and does it move?"
}

fn protection(page: &mut Page<'_>) -> &'static str {
    let which = page.pick(
        "On the way, the attacker",
        &[
            "rewrites the name",
            "marks it as untrusted",
            "removes the MIC",
            "clears the flags for signing",
            "changes nothing",
        ],
    );
    let edit = match which {
        0 => {
            let tries = &["cifs/10.0.0.11", "cifs/10.0.0.101", "cifs/dcfr.lab.lan"];
            Edit::RewriteTargetName(page.type_in("The new name", "", tries).to_owned())
        }
        1 => Edit::SetUntrustedFlag,
        2 => Edit::StripMic,
        3 => Edit::ClearSigningFlags,
        _ => Edit::Nothing,
    };
    let level = Level::AcceptIfProvided;
    page.sent("cifs/10.0.0.100");
    if let Ok(run) = run(&Scenario { edit, level, ..Scenario::new(Middle::LuredClient) }) {
        page.parts.push(AnswerPart::Checks(checks(&run)));
        page.ending(&run);
    }
    "Change it on the way, at level 1"
}

/// The checks of the server, up to the first that failed.
fn checks(run: &Run) -> Vec<CheckRow> {
    let mut rows = Vec::with_capacity(3);
    for check in &run.checks {
        let verdict = match (check.kind, check.state) {
            (CheckKind::ServerName | CheckKind::Signature | CheckKind::Encryption, _)
            | (_, CheckState::NotReached) => {
                continue;
            }
            (_, CheckState::Passed) => ProofVerdict::Valid,
            (_, CheckState::Failed) => ProofVerdict::Invalid,
            (_, CheckState::NotDone) => ProofVerdict::Absent,
        };
        let values = check.values.as_ref();
        let reason = check.reason.as_ref();
        rows.push(CheckRow {
            name: values.map_or_else(|| check.kind.label(), |values| values.name),
            verdict,
            because: reason
                .map_or_else(String::new, |reason| words::statement(reason).into_owned()),
            values: values.map(|values| {
                let (received, computed) = (&values.received, &values.computed);
                [runs(received, computed), runs(computed, received)]
            }),
        });
    }
    rows
}

fn levels(page: &mut Page<'_>) -> &'static str {
    let which = page.pick(
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
    let own = || "cifs/dcfr.lab.lan".to_owned();
    let target = match which {
        0 => Target::Present(own()),
        1 => Target::Present("cifs/10.0.0.100".to_owned()),
        2 => Target::Empty,
        3 => Target::Absent,
        4 => Target::Untrusted(own()),
        _ => Target::NotCarried,
    };
    let kind = if which == 5 { ResponseKind::Ntlmv1 } else { ResponseKind::Ntlmv2 };
    page.at_levels(&decided(&stated(target, Carrier::Ntlm(kind)), &server("")));
    "What do the three levels answer?"
}

fn names(page: &mut Page<'_>) -> &'static str {
    let host = page.type_in(
        "A user opens",
        r"\\",
        &["10.0.0.100", "10.0.0.11", "dcfr", "files.lab.lan", "lab.lan", "dcfr.lab.lan@LAB.LAN"],
    );
    let added = page.type_in("You add to SrvAllowedServerNames", "", &["files.lab.lan"]);
    let known = Server::new(&server(added), &ServerNames::default());
    let name = format!("cifs/{host}");
    let decisions = named(&name, &known.settings);
    page.sent(&name);
    let one = &decisions[Level::AcceptIfProvided];
    let matched = one.spn_check.matched.as_ref();
    let own_names = known.server_names().into_iter().map(str::to_owned).collect();
    let own_addresses = known.settings.addresses.iter().chain(&LOOPBACK);
    let lists: [(&str, Vec<String>, &[EntryKind]); 3] = [
        ("Its own names", own_names, &[EntryKind::Name, EntryKind::Domain, EntryKind::Loopback]),
        (
            "Its own addresses",
            own_addresses.map(ToString::to_string).collect(),
            &[EntryKind::Address, EntryKind::Loopback],
        ),
        ("The names you add", known.settings.allowed.clone(), &[EntryKind::Allowed]),
    ];
    for (name, texts, kinds) in lists {
        let entry = |text: String| {
            let is_match = matched.is_some_and(|hit| kinds.contains(&hit.kind) && hit.text == text);
            ListEntry { text, is_match }
        };
        let entries = texts.into_iter().map(entry).collect();
        page.parts.push(AnswerPart::List { name, entries });
    }
    page.at_levels(&decisions);
    "Which list knows the name?"
}

fn events(page: &mut Page<'_>) -> &'static str {
    let what = page.pick(
        "At level 2, the client sends",
        &["cifs/10.0.0.100", "no name", "a wrong password", "cifs/dcfr.lab.lan"],
    );
    let audited = page.pick("Auditing of File Share failures", &["on", "off"]) == 0;
    let target = match what {
        0 => Target::Present("cifs/10.0.0.100".to_owned()),
        1 => Target::Absent,
        _ => Target::Present("cifs/dcfr.lab.lan".to_owned()),
    };
    let mut evidence = stated(target, Carrier::Ntlm(ResponseKind::Ntlmv2));
    if what == 2 {
        evidence.proof = ProofEvidence::Response(Checked::Wrong);
    }
    let settings = ServerSettings { audit_file_share: audited, ..server("") };
    let decision = decided(&evidence, &settings).at(Level::RequiredFromClient);
    let card = level_card(&decision, Events::default());
    page.verdict(card.outcome, card.outcome == Outcome::Accept, card.verdict);
    page.status(&card);
    page.events(&decision.events);
    if decision.events.contains(&EventId::SpnCheckFailed) {
        match evidence.target.text() {
            Some(name) => page.target_name("SPN Name in 5168", name),
            None => page.fact("SPN Name in 5168", "N/A"),
        }
    }
    page.why("", told(&decision));
    "What does the server write down?"
}

fn fix(page: &mut Page<'_>) -> &'static str {
    let who = page.pick("At 10.0.0.100 there is", &["a NAT mapping", "an attacker's relay"]);
    let added = page.type_in("You add to SrvAllowedServerNames", "", &["10.0.0.100"]);
    let middle = if who == 0 { Middle::Nat } else { Middle::LuredClient };
    let server = server(added);
    let all = Level::ALL.map(|level| {
        run(&Scenario { level, server: server.clone(), ..Scenario::new(middle) }).ok()
    });
    page.sent("cifs/10.0.0.100");
    if let [Some(off), Some(one), Some(two)] = &all {
        let decisions = named("cifs/10.0.0.100", &server);
        page.with_whys(&decisions, [off, one, two].map(|run| sentence(&run.why)));
        page.fact("At level 2", two.ending.sentence());
    }
    "Add the name, and see who else gets in"
}

fn limits(page: &mut Page<'_>) -> &'static str {
    const ATTACKS: [Middle; 5] = [
        Middle::LuredClient,
        Middle::HttpRelay,
        Middle::SpoofedDns,
        Middle::MarshalledName,
        Middle::OwnClient,
    ];
    let which = page.pick(
        "The attack, at level 2",
        &[
            "lures the client to an address",
            "relays from HTTP",
            "spoofs DNS",
            "uses a marshalled name",
            "knows the user's password",
        ],
    );
    let requires_signing = page.pick("The server requires SMB signing", &["no", "yes"]) == 1;
    let middle = ATTACKS.get(which).copied().unwrap_or_default();
    let level = Level::RequiredFromClient;
    if let Ok(run) = run(&Scenario { level, requires_signing, ..Scenario::new(middle) }) {
        let [.., passage] = &run.passages;
        let message = &passage.sent;
        let name = message.as_authenticate().map(|it| it.target_name(message.source()));
        if let Some((name, _)) = name.as_ref().and_then(TargetName::text) {
            page.sent(name);
        }
        page.ending(&run);
    }
    "What stops it, and what does not?"
}

fn ticket(page: &mut Page<'_>) -> &'static str {
    const NAMES: &[&str] = &["cifs/dcfr.lab.lan", "cifs/files.lab.lan", "HTTP/dcfr.lab.lan"];
    let which = page.pick("The ticket is for", NAMES);
    let name = NAMES.get(which).copied().unwrap_or_default();
    let evidence = stated(Target::Present(name.to_owned()), Carrier::Kerberos);
    page.at_levels(&decided(&evidence, &server("")));
    "Is a good ticket enough?"
}
