//! Why an event was written, and what would cure it.

use std::net::IpAddr;

use super::{Import, SplitNames};
use crate::base::{spn::Spn, visible::Visible};
use crate::judge::smb::{
    Carrier, Decision, Evidence, Level, PerLevel, Server, ServerNames, ServerSettings, Target,
    check, decide,
};
use crate::message::ntlm::ResponseKind;
use crate::show::words;

const ACCESS_DENIED: u32 = 0xC000_0022;

/// A sign-in that an event tells of.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refusal {
    /// The number of the event: 5168 or 551, or 3024 to 3026, which deny nothing by themselves.
    pub event: u16,
    /// The number of its line, from 1.
    pub line: usize,
    /// What the server had as the client's target name; `None` where it did not come to that, or where the
    /// event does not say.
    pub target: Option<Target>,
    /// The NT status in it.
    pub error: Option<u32>,
    /// When it was written, as it stands there.
    pub time: Option<String>,
    /// The computer that wrote it.
    pub computer: Option<String>,
    /// The user in it.
    pub user: Option<String>,
    /// The server's names in it, the domain's among them.
    pub names: Option<Vec<String>>,
    /// The allowed names in it.
    pub allowed: Option<Vec<String>>,
    /// The server's addresses in it, without the loopback ones.
    pub addresses: Option<Vec<IpAddr>>,
    /// Why it was written, in a sentence.
    pub why: String,
    /// What would cure it, in one or two sentences; `None` where the target name was not the cause.
    pub cure: Option<String>,
}

impl Refusal {
    /// What a server with these settings would answer now, at each level, to a sign-in that states as much;
    /// `None` where the event does not say what the client asked for.
    #[must_use]
    pub fn answers(&self, settings: &ServerSettings) -> Option<PerLevel<Decision>> {
        let evidence = Evidence::stating(self.target.clone()?);
        Some(decide(&evidence, &Server::new(settings, &ServerNames::default())))
    }

    /// Whether one of the server's lists is in the event.
    const fn has_lists(&self) -> bool {
        self.names.is_some() || self.allowed.is_some() || self.addresses.is_some()
    }
}

/// Says of each event why it was written. Event 551 has no lists, so it is held against what else was found.
pub(super) fn explain(found: &mut Import) {
    let mut refusals = std::mem::take(&mut found.refusals);
    let mut all = ServerSettings::default();
    found.apply(&mut all);
    for refusal in &mut refusals {
        let own;
        let settings = if refusal.event == 5168 {
            let split = SplitNames::of(refusal.names.as_deref().unwrap_or_default());
            own = ServerSettings {
                role: split.role(),
                names: split.computer,
                domains: split.domain,
                allowed: refusal.allowed.clone().unwrap_or_default(),
                addresses: refusal.addresses.clone().unwrap_or_default(),
                ..ServerSettings::default()
            };
            &own
        } else {
            &all
        };
        let (why, cure) = match &refusal.target {
            // Without the lists, no reason can be told.
            Some(Target::Present(name)) if refusal.event == 5168 && !refusal.has_lists() => (
                format!(
                    "{} was refused. The server's lists are not in this event, so it does not show why.",
                    Visible(name)
                ),
                None,
            ),
            _ => why_and_cure(refusal, settings),
        };
        refusal.why = why;
        refusal.cure = cure;
    }
    found.refusals = refusals;
}

fn why_and_cure(refusal: &Refusal, settings: &ServerSettings) -> (String, Option<String>) {
    let error = refusal.error.filter(|error| *error != ACCESS_DENIED);
    let own = settings.names.iter().max_by_key(|name| name.contains('.'));
    let right = match own {
        Some(own) => format!("cifs/{}", Visible(own)),
        None => "cifs/ and one of the server's names".to_owned(),
    };
    if (3024..=3026).contains(&refusal.event) {
        return of_audit(refusal.target.as_ref(), settings, &right);
    }
    match (&refusal.target, error) {
        (None, _) if refusal.event == 551 => (
            "The sign-in failed before the server looked at a name, so the check of the name is not the cause."
                .to_owned(),
            None,
        ),
        (None, _) => ("The event does not show the name that was refused.".to_owned(), None),
        (Some(_), Some(error)) if refusal.event == 551 => (
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
    let why = format!("{name} was refused: {}", Visible(&words::reason(reason)));
    let host = Spn::parse(target.text().unwrap_or_default()).rest;
    let mut with_entry = settings.clone();
    with_entry.allowed.push(host.to_owned());
    let cure = if reason.ground.is_not_listed() && answer(&with_entry).accept {
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
