//! Remedies about which name is used: the server's own, or one that turns out to be its own.

use crate::base::spn::Spn;
use crate::judge::{
    remedies::{Change, RemedyDraft, Situation},
    smb::{ComparedName, Comparison, Ground, Origin},
};

/// The draft for a denial that depends on a fact nobody stated: the name or address may be the
/// server's own.
pub(super) fn own_after_all(spn: &Spn<'_>, ground: &Ground) -> Option<RemedyDraft> {
    let host = spn.rest;
    let Ground::Compared(ComparedName { comparison, .. }) = ground else { return None };
    match comparison {
        Comparison::AddressUnknown => Some(
            RemedyDraft::new(
                "state-address",
                Change::StateAddress(spn.address()?),
                &format!("Find out whether {host} is an address of the server itself. If it is, nothing needs fixing: the server accepts."),
            )
            .and("The messages do not say which addresses the server has. On the server, ipconfig lists them, and its event 5168 prints them."),
        ),
        Comparison::NameUnknown => Some(
            RemedyDraft::new(
                "state-name",
                Change::StateName(host.to_owned()),
                &format!("Find out whether {host} is a name of the server itself. If it is, nothing needs fixing: the server accepts."),
            )
            .and("The messages do not name the server. Its event 5168 prints its names."),
        ),
        Comparison::DomainOfMember => Some(
            RemedyDraft::new(
                "state-domain-controller",
                Change::StateDomainController,
                "Find out whether the server is a domain controller. If it is, nothing needs fixing: the names of the domain are in its list.",
            )
            .and("No message says whether it is one."),
        ),
        _ => None,
    }
}

/// Connect by the server's real name.
pub(super) fn connect(spn: &Spn<'_>, situation: &Situation) -> RemedyDraft {
    let Some(own) = situation.own_name() else {
        return RemedyDraft::new(
            "connect-by-name",
            Change::SendAnyOwnName,
            "Connect by the server's real name, which is not known here.",
        )
        .and("The server prints its names in event 5168, as Server Names.");
    };
    let draft = RemedyDraft::new(
        "connect-by-name",
        Change::Send(format!("cifs/{own}")),
        &if own.contains(':') {
            format!("Connect to the server itself: {own}.")
        } else {
            format!("Connect by the server's real name: \\\\{own}.")
        },
    );
    let is_name = situation.server.names.contains(&own);
    let draft = match situation.server.names_origin.filter(|_| is_name) {
        Some(Origin::Challenge) => draft.and("The name comes from the server's CHALLENGE."),
        Some(Origin::Echo) => {
            draft.and("The name comes from what the client echoes of the server's CHALLENGE.")
        }
        Some(Origin::Given) | None => draft,
    };
    if spn.address().is_some() {
        draft.and(&format!("The check compares names; it does not care how the client got here. So behind NAT or a load balancer, DNS may point the name at {}.", spn.rest))
    } else {
        draft
            .and("Change shortcuts, drive mappings, scripts and DFS targets that use another name.")
    }
}
