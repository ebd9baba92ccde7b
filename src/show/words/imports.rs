//! The sentences for an event of an import: its cause, and its cure.

use super::reason;
use crate::base::visible::Visible;
use crate::judge::{
    imports::{Cause, Cure, CureMeans, NamelessEvent, OtherService, Refusal},
    smb::Target,
};
use crate::message::wire::NtStatus;
use crate::read::config::Witness;

/// The cause of an event, in a sentence or two.
#[must_use]
pub fn cause(refusal: &Refusal) -> String {
    if refusal.record.is_audit() {
        return format!("{} The event itself denies nothing.", audited_cause(refusal));
    }
    let name = refusal.target.as_ref().and_then(Target::text).unwrap_or_default();
    let name = Visible(name);
    match &refusal.cause {
        Cause::BeforeTheName => {
            "The sign-in failed before the server checked a name, so the name check is not the cause."
                .to_owned()
        }
        Cause::OtherStatus(status) => format!(
            "The sign-in failed with 0x{:08X}, which is not how the name check denies.",
            status.0
        ),
        Cause::NameNotShown if refusal.record.witness.is_some() => witnessed(refusal),
        Cause::NameNotShown => "The event does not show the name that was refused.".to_owned(),
        Cause::ListsNotShown => format!(
            "{name} was refused. The server's lists are not in this event, so it does not show why."
        ),
        Cause::NotShown => format!(
            "By these lists {name} is accepted, so something that is not in the event caused it."
        ),
        Cause::Refused(why) => format!("{name} was refused: {}", Visible(&reason(why))),
        Cause::EmptyName => "The client sent an empty name, which matches nothing.".to_owned(),
        Cause::Witnessed => witnessed(refusal),
        Cause::OtherService(service) => other_service(service),
        Cause::SaysNoName(event) => nameless(*event),
        Cause::NoName => "The client sent no name, or one that it marks as untrusted, and level 2 requires a name."
            .to_owned(),
    }
}

/// The facts that NTLM itself recorded of the client's message.
fn witnessed(refusal: &Refusal) -> String {
    let mut said = match &refusal.target {
        Some(Target::Untrusted(name)) => format!(
            "Windows recorded that the client asked for {} and marked that name as untrusted (MsvAvFlags 0x4).",
            Visible(name)
        ),
        Some(target) => format!(
            "Windows recorded that the client asked for {}.",
            Visible(target.text().unwrap_or_default())
        ),
        None => "The event does not show what the client asked for.".to_owned(),
    };
    said.push_str(" This event does not say how the sign-in ended at the file server.");
    said + &undocumented(refusal.record.witness.as_ref())
}

/// The values without a documented meaning.
fn undocumented(witness: Option<&Witness>) -> String {
    let all = witness.into_iter().flat_map(|witness| &witness.undocumented);
    let all: Vec<_> = all.map(|one| format!("{} \"{}\"", one.field, Visible(&one.value))).collect();
    if all.is_empty() {
        return String::new();
    }
    format!(" Also in the event, without a documented meaning: {}.", all.join(", "))
}

fn other_service(OtherService { name, kind }: &OtherService) -> String {
    let name = Visible(name);
    match kind {
        Some(kind) => format!(
            "The client asked for {name}: this sign-in was meant for {}, not for a file server, so this policy does not apply to it.",
            kind.server()
        ),
        None => format!(
            "The client asked for {name}, which is not the name of a file server (cifs/), so this policy does not apply to it."
        ),
    }
}

/// The statement of an event that is about no name, and what it leaves open.
fn nameless(event: NamelessEvent) -> String {
    let says = match event {
        NamelessEvent::SignedIn => {
            return "A sign-in succeeded. The event says nothing about a target name: the name check comes after it. If that denies, event 551 of the same moment says so (and 5168, where it is on)."
                .to_owned();
        }
        NamelessEvent::SignInFailed { status, sub_status } => {
            let codes = match (status, sub_status) {
                (Some(status), Some(sub)) => {
                    format!(" with {}, sub-status {}", status_text(status), status_text(sub))
                }
                (Some(status), None) => format!(" with {}", status_text(status)),
                (None, Some(sub)) => format!(" with sub-status {}", status_text(sub)),
                (None, None) => String::new(),
            };
            return format!(
                "A sign-in failed{codes}, before the server checked a target name. The event says nothing about the name, and the name check writes no 4625."
            );
        }
        NamelessEvent::NoSigning => "a client does not support signing",
        NamelessEvent::NoEncryption => "a client does not support encryption",
        NamelessEvent::InsecureGuest => "a client signed in as an insecure guest",
        NamelessEvent::NoSigningOverSmb1 => "an SMB1 client does not support signing",
    };
    format!("The event says that {says}. It says nothing about a target name.")
}

/// The codes of the security packages, which 4625 has in the place of a status.
const SECURITY_PACKAGE_CODES: [(u32, &str); 6] = [
    (0x8009_0302, "SEC_E_UNSUPPORTED_FUNCTION"),
    (0x8009_0308, "SEC_E_INVALID_TOKEN"),
    (0x8009_030C, "SEC_E_LOGON_DENIED"),
    (0x8009_030E, "SEC_E_NO_CREDENTIALS"),
    (0x8009_0311, "SEC_E_NO_AUTHENTICATING_AUTHORITY"),
    (0x8009_0346, "SEC_E_BAD_BINDINGS"),
];

/// The name of a status, if it has one here, and its number.
fn status_text(status: NtStatus) -> String {
    let of_packages = SECURITY_PACKAGE_CODES.iter().find(|(code, _)| *code == status.0);
    match status.name().or_else(|| of_packages.map(|(_, name)| *name)) {
        Some(name) => format!("{name} ({status:#010X})"),
        None => format!("{status:#010X}"),
    }
}

/// The statement of an event of the log SMBServer/Audit, whatever the level.
fn audited_cause(refusal: &Refusal) -> String {
    match &refusal.target {
        Some(Target::Present(name)) => {
            format!("The server does not recognise {}, which levels 1 and 2 deny.", Visible(name))
        }
        Some(Target::Empty) => {
            "The client sent an empty name, which level 2 denies. Level 1 denies it too (inferred)."
                .to_owned()
        }
        Some(_) => "The client sent no name, which level 2 denies.".to_owned(),
        None => "The event does not show the name that is not recognised.".to_owned(),
    }
}

/// The reason why the sign-in of an event has no answer.
#[must_use]
pub const fn unanswered(refusal: &Refusal) -> &'static str {
    match refusal.cause {
        Cause::OtherService(_) => "this sign-in was not meant for a file server",
        Cause::SaysNoName(_) => "the event says nothing about a target name",
        _ => "the event does not say what the client asked for",
    }
}

/// The cure, in one or two sentences.
#[must_use]
pub fn cure(cure: &Cure) -> String {
    let right = match &cure.own_name {
        Some(own) => format!("cifs/{}", Visible(own)),
        None => "cifs/ and one of the server's names".to_owned(),
    };
    match &cure.means {
        CureMeans::AskOwnName => format!("It would have to send {right}."),
        CureMeans::AskOwnNameWithNtlmv2 => format!(
            "It would have to send {right}, with NTLMv2 or Kerberos: NTLMv1 and LM cannot carry a name."
        ),
        CureMeans::AskOwnNameAlone => format!(
            "No entry in SrvAllowedServerNames would help: the client would have to ask for {right}."
        ),
        CureMeans::AskOwnNameOrAllow(host) => {
            let host = Visible(host);
            format!(
                "The client would have to ask for {right}, or {host} would have to be in SrvAllowedServerNames. List it only if you made it lead to this server yourself: a relay at {host} would get in too."
            )
        }
    }
}
