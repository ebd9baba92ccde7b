//! What an input that is about a server comes to: its settings, and of each event why it was written
//! and what would cure it.

use crate::base::{spn::Spn, visible::Visible};
use crate::judge::smb::{
    Carrier, Decision, Evidence, Level, LevelValue, Role, Server, ServerNames, ServerSettings,
    Target, check, decide, rules,
};
use crate::message::ntlm::ResponseKind;
use crate::read::config::{
    self, EventRecord, ListMeans, NameAsked, Remark, RemarkAbout, SplitNames, StatedServer,
};

const ACCESS_DENIED: u32 = 0xC000_0022;

/// What an input says of a server, and what follows from it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Import {
    /// What was read. A level that is not documented has its remark there.
    pub stated: StatedServer,
    /// The sign-ins that its events tell of, in their order.
    pub refusals: Vec<Refusal>,
}

/// A sign-in that an event tells of.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refusal {
    /// The event.
    pub record: EventRecord,
    /// What the server had as the client's target name; `None` where it did not come to that, or where the
    /// event does not say.
    pub target: Option<Target>,
    /// Why it was written, in a sentence.
    pub why: String,
    /// What would cure it, in one or two sentences; `None` where the target name was not the cause.
    pub cure: Option<String>,
}

impl Refusal {
    /// What a server with these settings would answer now, at each level, to a sign-in that states as much;
    /// `None` where the event does not say what the client asked for.
    #[must_use]
    pub fn answers(&self, settings: &ServerSettings) -> Option<[Decision; 3]> {
        let evidence = Evidence::stating(self.target.clone()?);
        Some(decide(&evidence, &Server::new(settings, &ServerNames::default())))
    }
}

impl Import {
    /// Reads what an input says about a server. `list` says what a list of names without any heading is a list
    /// of.
    #[must_use]
    pub fn read(bytes: &[u8], list: ListMeans) -> Self {
        Self::of(config::read(bytes, list))
    }

    /// What follows from what was read. Event 551 has no lists, so it is held against what else was found.
    #[must_use]
    pub fn of(stated: StatedServer) -> Self {
        let mut import = Self { stated, refusals: Vec::new() };
        import.remark_level();
        let mut all = ServerSettings::default();
        import.apply(&mut all);
        let refusals = import.stated.events.iter().map(|event| explain(event, &all));
        import.refusals = refusals.collect();
        import
    }

    /// Says so where the level is none of the policy's.
    fn remark_level(&mut self) {
        let Some(level) = &self.stated.level else { return };
        let Some(reason) = LevelValue(level.value).remark() else { return };
        let remark = Remark {
            line: Some(level.line),
            about: RemarkAbout::Other,
            message: reason.message.to_string(),
        };
        let remarks = &mut self.stated.remarks;
        let at = remarks.partition_point(|other| other.place() <= remark.place());
        remarks.insert(at, remark);
    }

    /// The level of the policy that the value found stands for; none where it is not documented.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        self.level_value()?.level()
    }

    /// The value found.
    #[must_use]
    pub fn level_value(&self) -> Option<LevelValue> {
        Some(LevelValue(self.stated.level.as_ref()?.value))
    }

    /// Takes what was found over into `settings`. What was not found is left as it is.
    pub fn apply(&self, settings: &mut ServerSettings) {
        let stated = &self.stated;
        if let Some(names) = &stated.names {
            let split = SplitNames::of(&names.value);
            settings.role = role(&split);
            settings.names = split.computer;
            settings.domains = split.domain;
        }
        if let Some(addresses) = &stated.addresses {
            settings.addresses.clone_from(&addresses.value);
        }
        if let Some(allowed) = &stated.allowed {
            settings.allowed.clone_from(&allowed.value);
        }
        if let Some(audit) = &stated.audit_file_share {
            settings.audit_file_share = audit.value;
        }
        if let Some(audit) = &stated.audit_client_spn {
            settings.audit_client_spn = audit.value;
        }
    }

    /// What the client asked for in the newest event.
    #[must_use]
    pub fn refused(&self) -> Option<&Target> {
        self.refusals.get(self.stated.newest()?)?.target.as_ref()
    }

    /// Whether the names found are those of a domain controller, as far as they show it: the domain's names
    /// are among them.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        self.stated.names.as_ref().map(|names| role(&SplitNames::of(&names.value)))
    }
}

const fn role(names: &SplitNames) -> Role {
    if names.domain.is_empty() { Role::Member } else { Role::DomainController }
}

/// Says of an event why it was written. `all` is the server by all that was read.
fn explain(event: &EventRecord, all: &ServerSettings) -> Refusal {
    let own;
    let settings = if event.event == 5168 {
        let split = SplitNames::of(event.names.as_deref().unwrap_or_default());
        own = ServerSettings {
            role: role(&split),
            names: split.computer,
            domains: split.domain,
            allowed: event.allowed.clone().unwrap_or_default(),
            addresses: event.addresses.clone().unwrap_or_default(),
            ..ServerSettings::default()
        };
        &own
    } else {
        all
    };
    let target = event.asked.as_ref().map(|asked| match asked {
        NameAsked::Present(name) => Target::Present(name.clone()),
        NameAsked::Empty => Target::Empty,
        NameAsked::Absent => Target::Absent,
    });
    let (why, cure) = match &target {
        // Without the lists, no reason can be told.
        Some(Target::Present(name)) if event.event == 5168 && !event.has_lists() => (
            format!(
                "{} was refused. The server's lists are not in this event, so it does not show why.",
                Visible(name)
            ),
            None,
        ),
        _ => why_and_cure(event, target.as_ref(), settings),
    };
    Refusal { record: event.clone(), target, why, cure }
}

fn why_and_cure(
    event: &EventRecord,
    target: Option<&Target>,
    settings: &ServerSettings,
) -> (String, Option<String>) {
    let error = event.error.filter(|error| *error != ACCESS_DENIED);
    let own = settings.names.iter().max_by_key(|name| name.contains('.'));
    let right = match own {
        Some(own) => format!("cifs/{}", Visible(own)),
        None => "cifs/ and one of the server's names".to_owned(),
    };
    if (3024..=3026).contains(&event.event) {
        return of_audit(target, settings, &right);
    }
    match (target, error) {
        (None, _) if event.event == 551 => (
            "The sign-in failed before the server looked at a name, so the check of the name is not the cause."
                .to_owned(),
            None,
        ),
        (None, _) => ("The event does not show the name that was refused.".to_owned(), None),
        (Some(_), Some(error)) if event.event == 551 => (
            format!("The sign-in failed with 0x{error:08X}, which is not how the check of the name denies."),
            None,
        ),
        (Some(Target::Present(name)), _) => of_name(name, settings, &right),
        (Some(Target::Empty), _) => (
            "The client sent an empty name, which matches nothing.".to_owned(),
            Some(format!("It would have to send {right}.")),
        ),
        (Some(_), _) => (
            "The client stated no name, or one that it marks as untrusted, and level 2 requires a name.".to_owned(),
            Some(format!(
                "It would have to send {right}, with NTLMv2 or Kerberos: NTLMv1 and LM cannot carry a name."
            )),
        ),
    }
}

/// What an event of the log SMBServer/Audit says, whatever the level.
fn of_audit(
    target: Option<&Target>,
    settings: &ServerSettings,
    right: &str,
) -> (String, Option<String>) {
    let send = format!("It would have to send {right}.");
    let (says, cure) = match target {
        Some(Target::Present(name)) => {
            let (_, cure) = of_name(name, settings, right);
            let name = Visible(name);
            (format!("The server does not recognise {name}, which levels 1 and 2 deny."), cure)
        }
        Some(Target::Empty) => (
            "The client sent an empty name, which level 2 denies; that level 1 denies it is inferred."
                .to_owned(),
            Some(send),
        ),
        Some(_) => ("The client sent no name, which level 2 denies.".to_owned(), Some(send)),
        None => ("The event does not show the name that is not recognised.".to_owned(), None),
    };
    (format!("{says} The event itself denies nothing."), cure)
}

fn of_name(name: &str, settings: &ServerSettings, right: &str) -> (String, Option<String>) {
    let carrier = Carrier::Ntlm(ResponseKind::Ntlmv2);
    let target = Target::Present(name.to_owned());
    let answer = |settings: &ServerSettings| {
        let server = Server::new(settings, &ServerNames::default());
        check(&target, carrier, &server, Level::RequiredFromClient)
    };
    let first = answer(settings);
    let name = Visible(name);
    let Some(reason) = first.reasons.first().filter(|_| !first.accept) else {
        return (
            format!(
                "By these lists {name} is accepted, so the event has a cause that is not in it."
            ),
            None,
        );
    };
    let why = format!("{name} was refused: {}", Visible(&reason.message));
    let host = Spn::parse(target.text().unwrap_or_default()).rest;
    let mut with_entry = settings.clone();
    with_entry.allowed.push(host.to_owned());
    let cure = if rules::NOT_LISTED.contains(&reason.rule) && answer(&with_entry).accept {
        let host = Visible(host);
        format!(
            "The client would have to ask for {right}, or {host} would have to stand in SrvAllowedServerNames. List it only where it leads to this server by your own doing: a relay at {host} would be let in too."
        )
    } else {
        format!(
            "No entry in SrvAllowedServerNames would help: the client would have to ask for {right}."
        )
    };
    (why, Some(cure))
}
