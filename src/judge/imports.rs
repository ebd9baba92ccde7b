//! Judges an input that is about a server: its settings, and of each event why it was written and
//! what would cure it.

use crate::base::spn::Spn;
use crate::judge::{
    remedies::would_cure,
    smb::{
        Decision, EventId, Evidence, Level, LevelValue, PerLevel, Reason, Role, Server,
        ServerNames, ServerSettings, Target, check, decide,
    },
};
use crate::message::wire::NtStatus;
use crate::read::{
    config::{self, BareListKind, EventRecord, NameAsked, SplitNames, StatedServer},
    service::ServiceKind,
};

/// The facts about a server in an input, and what follows from them.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Import {
    /// The facts read.
    pub stated: StatedServer,
    /// The sign-ins that its events tell of, in their order.
    pub refusals: Vec<Refusal>,
}

/// The cause of an event.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Cause {
    /// The sign-in failed before the server looked at a name.
    BeforeTheName,
    /// It failed with a status that the check of the name does not deny with.
    OtherStatus(NtStatus),
    /// The name is not in the event.
    NameNotShown,
    /// The server's lists are not in the event, so it does not show why the name was refused.
    ListsNotShown,
    /// By the lists that are known the name is accepted.
    NotShown,
    /// The check refused the name.
    Refused(Reason),
    /// The client sent an empty name.
    EmptyName,
    /// The client sent no name, or one that it marks as untrusted.
    NoName,
    /// It says what the client asked for, and not how that ended.
    Witnessed,
    /// It says that the client asked for another service than a file server's, which makes no such
    /// check.
    OtherService(OtherService),
    /// It says nothing of a name.
    SaysNoName(NamelessEvent),
}

/// A name of another service than a file server.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OtherService {
    /// The name.
    pub name: String,
    /// The service that its class is for, where that is known.
    pub kind: Option<ServiceKind>,
}

/// An event that says nothing of a name.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum NamelessEvent {
    /// 4624: somebody signed in.
    SignedIn,
    /// 4625: a sign-in failed, with these codes where they are in it.
    SignInFailed {
        /// `Status`.
        status: Option<NtStatus>,
        /// `SubStatus`, where it is not zero.
        sub_status: Option<NtStatus>,
    },
    /// 3021: a client does not support signing.
    NoSigning,
    /// 3022: a client does not support encryption.
    NoEncryption,
    /// 3023: a client signed in as an insecure guest.
    InsecureGuest,
    /// 3027: an SMB1 client does not support signing.
    NoSigningOverSmb1,
}

impl NamelessEvent {
    /// The kind of such an event; `None` if it is about a name.
    const fn of(event: &EventRecord) -> Option<Self> {
        Some(match event.event {
            4624 => Self::SignedIn,
            4625 => Self::SignInFailed {
                status: status(event.error),
                sub_status: status(event.sub_status),
            },
            3021 => Self::NoSigning,
            3022 => Self::NoEncryption,
            3023 => Self::InsecureGuest,
            3027 => Self::NoSigningOverSmb1,
            _ => return None,
        })
    }
}

const fn status(code: Option<u32>) -> Option<NtStatus> {
    match code {
        Some(code) => Some(NtStatus(code)),
        None => None,
    }
}

/// A cure of a refusal.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cure {
    /// A name of the server that the client could ask for, where one is known.
    pub own_name: Option<String>,
    /// The other means of a cure.
    pub means: CureMeans,
}

/// The means by which a refusal is cured.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum CureMeans {
    /// The client asks for a name of the server.
    AskOwnName,
    /// The client asks for a name of the server with NTLMv2, since NTLMv1 and LM cannot carry one.
    AskOwnNameWithNtlmv2,
    /// The client asks for a name of the server; no entry in `SrvAllowedServerNames` would help.
    AskOwnNameAlone,
    /// The client asks for a name of the server, or that host is put into `SrvAllowedServerNames`.
    AskOwnNameOrAllow(String),
}

/// A sign-in that an event tells of.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refusal {
    /// The event.
    pub record: EventRecord,
    /// The client's target name as the server had it; `None` if the server never read it, or the
    /// event does not say.
    pub target: Option<Target>,
    /// The cause of it.
    pub cause: Cause,
    /// The cure; `None` if the target name was not the cause.
    pub cure: Option<Cure>,
}

impl Refusal {
    fn without_target(event: &EventRecord, cause: Cause) -> Self {
        Self { record: event.clone(), target: None, cause, cure: None }
    }

    /// The answers of a server with these settings now, at each level, to a sign-in that states as
    /// much; `None` if the event does not say what the client asked for.
    #[must_use]
    pub fn answers(&self, settings: &ServerSettings) -> Option<PerLevel<Decision>> {
        let evidence = Evidence::stating(self.target.clone()?);
        Some(decide(&evidence, &Server::new(settings, &ServerNames::default())))
    }
}

impl Import {
    /// Reads what an input says about a server. `list` says what a list of names without any
    /// heading is a list of.
    #[must_use]
    pub fn read(bytes: &[u8], list: BareListKind) -> Self {
        Self::of(config::read(bytes, list))
    }

    /// Judges the facts read. Event 551 has no lists, so it is compared with those found elsewhere.
    #[must_use]
    pub fn of(stated: StatedServer) -> Self {
        let mut import = Self { stated, refusals: Vec::new() };
        let mut all = ServerSettings::default();
        import.apply(&mut all);
        let refusals = import.stated.events.iter().map(|event| explain(event, &all));
        import.refusals = refusals.collect();
        import
    }

    /// The remark about a level that is none of the policy's.
    #[must_use]
    pub fn level_remark(&self) -> Option<Reason> {
        self.level_value()?.remark()
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

    /// The target name of the client in the newest event.
    #[must_use]
    pub fn refused(&self) -> Option<&Target> {
        self.refusals.get(self.stated.newest()?)?.target.as_ref()
    }

    /// The role of the server, as far as the names found show it: those of a domain controller have
    /// the domain's among them.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        self.stated.names.as_ref().map(|names| role(&SplitNames::of(&names.value)))
    }
}

const fn role(names: &SplitNames) -> Role {
    if names.domain.is_empty() { Role::Member } else { Role::DomainController }
}

/// Explains why an event was written. `all` is the server by all that was read.
fn explain(event: &EventRecord, all: &ServerSettings) -> Refusal {
    let own;
    let is_5168 = EventId::SpnCheckFailed.number() == event.event;
    let settings = if is_5168 {
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
    if let Some(nameless) = NamelessEvent::of(event) {
        return Refusal::without_target(event, Cause::SaysNoName(nameless));
    }
    if let Some(service) = other_service(event) {
        return Refusal::without_target(event, Cause::OtherService(service));
    }
    let target = event.asked.as_ref().map(|asked| match asked {
        NameAsked::Present(name) => Target::Present(name.clone()),
        NameAsked::Untrusted(name) => Target::Untrusted(name.clone()),
        NameAsked::Empty => Target::Empty,
        NameAsked::Absent => Target::Absent,
    });
    let (cause, means) =
        if is_5168 && matches!(target, Some(Target::Present(_))) && !event.has_lists() {
            // Without the lists, no reason can be told.
            (Cause::ListsNotShown, None)
        } else {
            cause_and_means(event, target.as_ref(), settings)
        };
    let own = settings.names.iter().max_by_key(|name| name.contains('.'));
    let cure = means.map(|means| Cure { own_name: own.cloned(), means });
    Refusal { record: event.clone(), target, cause, cure }
}

/// The service that a client asked for, as NTLM had it, where that is none of a file server: what
/// such an event tells of need not have come over SMB. The events of the SMB server are all about
/// SMB.
fn other_service(event: &EventRecord) -> Option<OtherService> {
    event.witness.as_ref()?;
    let (NameAsked::Present(name) | NameAsked::Untrusted(name)) = event.asked.as_ref()? else {
        return None;
    };
    let kind = ServiceKind::of_class(Spn::parse(name).class?);
    let is_smb = kind == Some(ServiceKind::Smb);
    (!is_smb).then(|| OtherService { name: name.clone(), kind })
}

fn cause_and_means(
    event: &EventRecord,
    target: Option<&Target>,
    settings: &ServerSettings,
) -> (Cause, Option<CureMeans>) {
    let is_551 = EventId::SessionFailed.number() == event.event;
    let error = event.error.map(NtStatus).filter(|error| *error != NtStatus::ACCESS_DENIED);
    match (target, error) {
        (Some(_), _) if event.witness.is_some() => (Cause::Witnessed, None),
        (None, _) if is_551 => (Cause::BeforeTheName, None),
        (None, _) => (Cause::NameNotShown, None),
        (Some(_), Some(error)) if is_551 => (Cause::OtherStatus(error), None),
        (Some(target @ Target::Present(name)), _) => of_name(target, name, settings),
        (Some(Target::Empty), _) => (Cause::EmptyName, Some(CureMeans::AskOwnName)),
        (Some(_), _) if event.is_audit() => (Cause::NoName, Some(CureMeans::AskOwnName)),
        (Some(_), _) => (Cause::NoName, Some(CureMeans::AskOwnNameWithNtlmv2)),
    }
}

fn of_name(target: &Target, name: &str, settings: &ServerSettings) -> (Cause, Option<CureMeans>) {
    let evidence = Evidence::stating(target.clone());
    let server = Server::new(settings, &ServerNames::default());
    let checked = check(target, evidence.carrier, &server, Level::RequiredFromClient);
    let Some(reason) = checked.reasons.first().filter(|_| !checked.accept) else {
        return (Cause::NotShown, None);
    };
    let means = if would_cure(&evidence, &server).is_empty() {
        CureMeans::AskOwnNameAlone
    } else {
        CureMeans::AskOwnNameOrAllow(Spn::parse(name).rest.to_owned())
    };
    (Cause::Refused(reason.clone()), Some(means))
}
