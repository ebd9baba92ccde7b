//! The content of the server panel besides the settings themselves.

use crate::view::{ServerPanel, headline::join};
use spnscope::analysis::Verdict;
use spnscope::base::spn::Spn;
use spnscope::judge::{
    remedies::would_cure,
    smb::{Level, Origin, Role, ServerSettings, Target},
};
use spnscope::read::config::is_entry;

/// A sentence about an allowed name that can match nothing: only the host of a target name is
/// compared, so an entry with more in it is equal to none.
fn odd_entry(settings: &ServerSettings) -> Option<String> {
    let entry = settings.allowed.iter().find(|entry| !is_entry(entry))?;
    Some(format!(
        "\"{entry:.60}\" is neither a name nor an address. Only the host that a client asks for is compared, without its class, so this entry lets nobody in."
    ))
}

/// Makes the content of the panel.
pub(super) fn server_panel(verdict: Option<&Verdict>, settings: &ServerSettings) -> ServerPanel {
    let Some(verdict) = verdict else {
        return ServerPanel {
            names: settings.names.clone(),
            names_from: "They count once an AUTHENTICATE message is there.".to_owned(),
            names_given: !settings.names.is_empty(),
            missing: None,
            missing_effect: "There is no answer yet that a name could change.".to_owned(),
            odd_entry: odd_entry(settings),
        };
    };
    let server = &verdict.server;
    let mut names = server.names.clone();
    if settings.role == Role::DomainController {
        names.extend(server.domains.iter().cloned());
    }
    let (missing, missing_effect) = missing(verdict);
    ServerPanel {
        names,
        names_from: match server.names_origin {
            Some(Origin::Given) => "Entered here. What the messages say does not count.",
            Some(Origin::Challenge) => "Read from the CHALLENGE.",
            Some(Origin::Echo) => "Read from what the client echoes.",
            None => "The messages do not say what the server is called.",
        }
        .to_owned(),
        names_given: server.names_origin == Some(Origin::Given),
        missing,
        missing_effect,
        odd_entry: odd_entry(settings),
    }
}

/// The host whose listing would change a verdict, and the effect.
fn missing(verdict: &Verdict) -> (Option<String>, String) {
    // A sign-in that did not go to a file server should not be let in by one.
    let Target::Present(name) = &verdict.evidence.target else { return (None, String::new()) };
    if !verdict.service.is_file_server() {
        return (None, String::new());
    }
    let host = Spn::parse(name).rest;
    let cured = would_cure(&verdict.evidence, &verdict.server);
    let numbers: Vec<u8> = cured.into_iter().map(Level::number).collect();
    match numbers.as_slice() {
        [] => (None, String::new()),
        [one] => (Some(host.to_owned()), format!("Adding it accepts this client at level {one}.")),
        [first, rest @ ..] => (
            Some(host.to_owned()),
            format!("Adding it accepts this client at levels {first} and {}.", join(rest)),
        ),
    }
}
