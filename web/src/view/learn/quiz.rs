//! The quiz "What will the server do?", whose answers the simulator gives.

use super::{
    lessons::{decided, stated},
    told,
};
use crate::view::{Sentence, lab::sentence};
use spnscope::judge::smb::{
    Carrier, Checked, Level, Outcome, ProofEvidence, Role, ServerSettings, Target,
};
use spnscope::lab::{
    exchange::ClientKind,
    relay::{Edit, Middle, Scenario, run},
};
use spnscope::message::ntlm::ResponseKind;

/// The number of questions in a quiz.
pub const QUIZ_LEN: usize = 10;

/// The largest number of questions with the same kind of answer: in or not.
const MAX_ALIKE: usize = 6;
/// The largest number of questions at level 0, where the server does not check.
const MAX_OFF: usize = 2;

/// One question and its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct QuizQuestion {
    /// The situation: who does what.
    pub situation: &'static str,
    /// The level of the server.
    pub level: Level,
    /// The outcome at the simulated server.
    pub outcome: Outcome,
    /// The reason of the outcome.
    pub why: Sentence,
    /// The setting of the lab that makes the messages; `None` if there is no such setting.
    pub setting: Option<Scenario>,
}

/// A question that was answered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answered<'q> {
    /// The question.
    pub question: &'q QuizQuestion,
    /// The answer that was given.
    pub answer: Outcome,
}

impl QuizQuestion {
    /// The possible answers.
    pub const ANSWERS: [(Outcome, &str); 3] = [
        (Outcome::Accept, "Let it in"),
        (Outcome::Deny, "Deny it for the target name"),
        (Outcome::LogonFailure, "Refuse it before it checks the name"),
    ];

    /// The words of an answer.
    #[must_use]
    pub fn words(outcome: Outcome) -> &'static str {
        let of_it = Self::ANSWERS.iter().find(|(answer, _)| *answer == outcome);
        of_it.map_or("", |(_, words)| words)
    }

    /// The scene of all questions.
    pub const PLACE: &str = "The server is DCFR, dcfr.lab.lan, at 10.0.0.11: a patched member of the domain lab.lan that does not require signing. SrvAllowedServerNames is empty, unless the question says otherwise.";
}

/// Ten questions, and the answers given so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Quiz {
    seed: u32,
    questions: Vec<QuizQuestion>,
    answers: Vec<Outcome>,
    at: usize,
}

impl Quiz {
    /// Makes a quiz from a seed; equal seeds give equal quizzes.
    #[must_use]
    pub fn new(seed: u32) -> Self {
        Self { seed, questions: questions(seed), answers: Vec::new(), at: 0 }
    }

    /// The questions.
    #[must_use]
    pub fn questions(&self) -> &[QuizQuestion] {
        &self.questions
    }

    /// The question that is shown; `None` at the end.
    #[must_use]
    pub fn question(&self) -> Option<&QuizQuestion> {
        self.questions.get(self.at)
    }

    /// The number of questions before that one.
    #[must_use]
    pub const fn at(&self) -> usize {
        self.at
    }

    /// The answer to the question that is shown; `None` if there is none yet.
    #[must_use]
    pub fn answer(&self) -> Option<Outcome> {
        self.answers.get(self.at).copied()
    }

    /// The number of right answers so far.
    #[must_use]
    pub fn right(&self) -> usize {
        let both = self.questions.iter().zip(&self.answers);
        both.filter(|(question, answer)| question.outcome == **answer).count()
    }

    /// The questions that were answered wrongly, in their order.
    #[must_use]
    pub fn wrong(&self) -> Vec<Answered<'_>> {
        let both = self.questions.iter().zip(&self.answers);
        let answered = both.map(|(question, answer)| Answered { question, answer: *answer });
        answered.filter(|it| it.question.outcome != it.answer).collect()
    }

    /// A copy with an answer to the question that is shown. Only the first counts.
    #[must_use]
    pub fn answered(&self, outcome: Outcome) -> Self {
        let mut quiz = self.clone();
        if self.answer().is_none() && self.question().is_some() {
            quiz.answers.push(outcome);
        }
        quiz
    }

    /// The quiz at the next question, once this one is answered; after the last, a new quiz.
    #[must_use]
    pub fn next(&self) -> Self {
        match (self.question(), self.answer()) {
            (None, _) => Self::new(self.seed.wrapping_add(1)),
            (Some(_), None) => self.clone(),
            (Some(_), Some(_)) => Self { at: self.at.saturating_add(1), ..self.clone() },
        }
    }
}

/// Draws ten of all the questions, by the seed.
fn questions(seed: u32) -> Vec<QuizQuestion> {
    let mut all = Vec::with_capacity(CASES.len().saturating_mul(3));
    for case in 0..CASES.len() {
        for level in Level::ALL {
            all.push((case, level));
        }
    }
    let mut numbers = Numbers(seed);
    let mut asked = Vec::new();
    let (mut accepted, mut refused, mut off) = (0, 0, 0);
    let mut chosen = Vec::with_capacity(QUIZ_LEN);
    while chosen.len() < QUIZ_LEN && !all.is_empty() {
        let (at, level) = all.swap_remove(numbers.below(all.len()));
        let Some(case) = CASES.get(at).filter(|_| !asked.contains(&at)) else { continue };
        let Some(question) = case.ask(level) else { continue };
        let alike = if question.outcome == Outcome::Accept { &mut accepted } else { &mut refused };
        let is_off = level == Level::Off;
        if *alike == MAX_ALIKE || is_off && off == MAX_OFF {
            continue;
        }
        *alike += 1;
        off += usize::from(is_off);
        asked.push(at);
        chosen.push(question);
    }
    chosen
}

/// Pseudo-random numbers from a seed: Weyl steps, mixed by multiplication.
struct Numbers(u32);

impl Numbers {
    /// Draws a number below `count`, which is not 0.
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9);
        let mut mixed = self.0;
        for factor in [0x85eb_ca6b_u32, 0xc2b2_ae35] {
            mixed = (mixed ^ (mixed >> 15)).wrapping_mul(factor);
        }
        (mixed ^ (mixed >> 16)) as usize % count.max(1)
    }
}

/// A situation, and the action that is simulated for it.
struct Case {
    says: &'static str,
    does: Does,
    /// `SrvAllowedServerNames`: one name, or none.
    allowed: &'static str,
}

enum Does {
    /// A client with NTLMv2 states a name.
    Names(&'static str),
    /// A client states a name to a domain controller.
    ToController(&'static str),
    /// A client states a name and has a wrong password.
    WrongPassword(&'static str),
    /// A client states a name and marks it as untrusted.
    Untrusted(&'static str),
    /// A client with Kerberos has a ticket for a name.
    Ticket(&'static str),
    /// A client with NTLMv2 sends an empty name, or none.
    Empty,
    None,
    /// A client answers in an older way, without a place for a name.
    Older(ResponseKind),
    /// Somebody is in the middle.
    Relayed(Middle, fn() -> Edit),
}

impl Case {
    /// The question at a level, with the simulator's answer.
    fn ask(&self, level: Level) -> Option<QuizQuestion> {
        let mut scenario = Scenario { level, ..Scenario::default() };
        if !self.allowed.is_empty() {
            scenario.server.allowed = vec![self.allowed.to_owned()];
        }
        let setting = self.setting(&scenario);
        let (outcome, why) = match (&self.does, &setting) {
            (Does::Relayed(..), Some(setting)) => {
                let run = run(setting).ok()?;
                (run.outcome, sentence(&run.why))
            }
            _ => self.decide(level, scenario.server)?,
        };
        Some(QuizQuestion { situation: self.says, level, outcome, why, setting })
    }

    /// The setting of the lab that sends these messages: `base`, with this client.
    fn setting(&self, base: &Scenario) -> Option<Scenario> {
        let client = |client| Some(Scenario { client, ..base.clone() });
        // A client of one's own sends any name.
        let sends = |name: &str| {
            let edit = Edit::RewriteTargetName(name.to_owned());
            Scenario { middle: Middle::OwnClient, edit, ..base.clone() }
        };
        match self.does {
            Does::Relayed(middle, edit) => Some(Scenario { middle, edit: edit(), ..base.clone() }),
            Does::Names(name) => Some(sends(name)),
            Does::ToController(name) => {
                let mut setting = sends(name);
                setting.server.role = Role::DomainController;
                Some(setting)
            }
            Does::Untrusted(_) => client(ClientKind::UntrustedTargetName),
            Does::Empty => client(ClientKind::EmptyTargetName),
            Does::None => client(ClientKind::NoTargetName),
            Does::Older(ResponseKind::Ntlmv1) => client(ClientKind::Ntlmv1),
            Does::Older(ResponseKind::Ntlm2Session) => client(ClientKind::Ntlm2Session),
            Does::Older(_) | Does::WrongPassword(_) | Does::Ticket(_) => None,
        }
    }

    fn decide(&self, level: Level, mut server: ServerSettings) -> Option<(Outcome, Sentence)> {
        let present = |name: &str| Target::Present(name.to_owned());
        let v2 = Carrier::Ntlm(ResponseKind::Ntlmv2);
        let (target, carrier) = match self.does {
            Does::Names(name) | Does::WrongPassword(name) => (present(name), v2),
            Does::ToController(name) => {
                server.role = Role::DomainController;
                (present(name), v2)
            }
            Does::Untrusted(name) => (Target::Untrusted(name.to_owned()), v2),
            Does::Ticket(name) => (present(name), Carrier::Kerberos),
            Does::Empty => (Target::Empty, v2),
            Does::None => (Target::Absent, v2),
            Does::Older(kind) => (Target::NotCarried, Carrier::Ntlm(kind)),
            Does::Relayed(..) => return None,
        };
        let mut evidence = stated(target, carrier);
        if matches!(self.does, Does::WrongPassword(_)) {
            evidence.proof = ProofEvidence::Response(Checked::Wrong);
        }
        let decision = decided(&evidence, &server).at(level);
        Some((decision.outcome, told(&decision)))
    }
}

const fn case(says: &'static str, does: Does) -> Case {
    Case { says, does, allowed: "" }
}

const CASES: &[Case] = &[
    case(r"A Windows client opens \\dcfr.lab.lan.", Does::Names("cifs/dcfr.lab.lan")),
    case(r"A Windows client opens \\DCFR, the short name.", Does::Names("cifs/DCFR")),
    case(r"A Windows client opens \\10.0.0.11.", Does::Names("cifs/10.0.0.11")),
    case(
        r"A client opens \\10.0.0.100, a NAT mapping to the server.",
        Does::Relayed(Middle::Nat, Edit::default),
    ),
    case(
        r"A client opens \\files.lab.lan, a load balancer in front of the server.",
        Does::Relayed(Middle::LoadBalancer, Edit::default),
    ),
    Case {
        says: r"A client opens \\10.0.0.100, a NAT mapping. SrvAllowedServerNames has 10.0.0.100.",
        does: Does::Relayed(Middle::Nat, Edit::default),
        allowed: "10.0.0.100",
    },
    Case {
        says: r"A client opens \\files.lab.lan, an alias. SrvAllowedServerNames has files.",
        does: Does::Names("cifs/files.lab.lan"),
        allowed: "files",
    },
    case(
        r"A client opens \\lab.lan. The server is a domain controller of lab.lan this time.",
        Does::ToController("cifs/lab.lan"),
    ),
    case(
        "A client written in-house sends dcfr.lab.lan, with nothing before it.",
        Does::Names("dcfr.lab.lan"),
    ),
    case("A client written in-house sends host/dcfr.lab.lan.", Does::Names("host/dcfr.lab.lan")),
    case(
        "A client written in-house sends cifs/dcfr.lab.lan@LAB.LAN.",
        Does::Names("cifs/dcfr.lab.lan@LAB.LAN"),
    ),
    case("A client with NTLMv2 sends an empty target name.", Does::Empty),
    case("A client with NTLMv2 sends no target name.", Does::None),
    case(
        "A client sends cifs/dcfr.lab.lan and marks it as coming from an untrusted source.",
        Does::Untrusted("cifs/dcfr.lab.lan"),
    ),
    case(
        "An old copier signs in with NTLMv1. Its password is right.",
        Does::Older(ResponseKind::Ntlmv1),
    ),
    case(
        "A client signs in with an NTLM2 session response. Its password is right.",
        Does::Older(ResponseKind::Ntlm2Session),
    ),
    case(
        r"A user opens \\dcfr.lab.lan and types the wrong password.",
        Does::WrongPassword("cifs/dcfr.lab.lan"),
    ),
    case(
        "A client signs in with Kerberos. Its ticket is for cifs/dcfr.lab.lan.",
        Does::Ticket("cifs/dcfr.lab.lan"),
    ),
    case(
        "A client signs in with Kerberos. Its ticket is for the alias cifs/files.lab.lan.",
        Does::Ticket("cifs/files.lab.lan"),
    ),
    case(
        "An attacker at 10.0.0.100 lures a client there, and passes its sign-in on unchanged.",
        Does::Relayed(Middle::LuredClient, Edit::default),
    ),
    case(
        "An attacker lures a client to 10.0.0.100, and rewrites the target name to cifs/10.0.0.11 on the way.",
        Does::Relayed(Middle::LuredClient, || {
            Edit::RewriteTargetName(Edit::TARGET_NAME.to_owned())
        }),
    ),
    case(
        "An attacker lures a client to 10.0.0.100, and removes the target name on the way.",
        Does::Relayed(Middle::LuredClient, || Edit::RemoveTargetName),
    ),
    case(
        "An attacker lures a client to 10.0.0.100, and removes the announced MIC on the way.",
        Does::Relayed(Middle::LuredClient, || Edit::StripMic),
    ),
    case(
        "An attacker answers DNS queries for dcfr.lab.lan with its own address, and passes the sign-in on unchanged.",
        Does::Relayed(Middle::SpoofedDns, Edit::default),
    ),
    case(
        "An attacker lures a browser to http://10.0.0.100, and passes its sign-in on to the file server.",
        Does::Relayed(Middle::HttpRelay, Edit::default),
    ),
    case(
        "An attacker who knows a password signs in with its own client, which sends cifs/dcfr.lab.lan.",
        Does::Relayed(Middle::OwnClient, Edit::default),
    ),
    Case {
        says: "An attacker at 10.0.0.100 lures a client there. SrvAllowedServerNames has 10.0.0.100.",
        does: Does::Relayed(Middle::LuredClient, Edit::default),
        allowed: "10.0.0.100",
    },
];
