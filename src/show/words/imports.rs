//! Why an event was written, and what would cure it.

use super::reason;
use crate::base::visible::Visible;
use crate::judge::{
    imports::{Cause, Cure, CureMeans, Refusal},
    smb::Target,
};

/// Why the event was written, in a sentence or two.
#[must_use]
pub fn why(refusal: &Refusal) -> String {
    if refusal.record.is_audit() {
        return format!("{} The event itself denies nothing.", why_audited(refusal));
    }
    let name = refusal.target.as_ref().and_then(Target::text).unwrap_or_default();
    let name = Visible(name);
    match &refusal.cause {
        Cause::BeforeTheName => {
            "The sign-in failed before the server looked at a name, so the check of the name is not the cause."
                .to_owned()
        }
        Cause::OtherStatus(status) => format!(
            "The sign-in failed with 0x{:08X}, which is not how the check of the name denies.",
            status.0
        ),
        Cause::NameNotShown => "The event does not show the name that was refused.".to_owned(),
        Cause::ListsNotShown => format!(
            "{name} was refused. The server's lists are not in this event, so it does not show why."
        ),
        Cause::NotShown => format!(
            "By these lists {name} is accepted, so the event has a cause that is not in it."
        ),
        Cause::Refused(why) => format!("{name} was refused: {}", Visible(&reason(why))),
        Cause::EmptyName => "The client sent an empty name, which matches nothing.".to_owned(),
        Cause::NoName => "The client stated no name, or one that it marks as untrusted, and level 2 requires a name."
            .to_owned(),
    }
}

/// What an event of the log SMBServer/Audit says, whatever the level.
fn why_audited(refusal: &Refusal) -> String {
    match &refusal.target {
        Some(Target::Present(name)) => format!(
            "The server does not recognise {}, which levels 1 and 2 deny.",
            Visible(name)
        ),
        Some(Target::Empty) => {
            "The client sent an empty name, which level 2 denies; that level 1 denies it is inferred."
                .to_owned()
        }
        Some(_) => "The client sent no name, which level 2 denies.".to_owned(),
        None => "The event does not show the name that is not recognised.".to_owned(),
    }
}

/// What would cure it, in one or two sentences.
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
                "The client would have to ask for {right}, or {host} would have to stand in SrvAllowedServerNames. List it only where it leads to this server by your own doing: a relay at {host} would be let in too."
            )
        }
    }
}
