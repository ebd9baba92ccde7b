//! Which messages belong to one sign-in.

use crate::{
    analysis::Token,
    finding::{Code, Finding},
    ntlm::{Body, Message},
    wire::AvId,
};

/// The messages of one sign-in.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    pub(super) negotiate: Option<usize>,
    pub(super) challenge: Option<usize>,
    pub(super) authenticate: Option<usize>,
    pub(super) ap_req: Option<usize>,
    /// What does not fit together, and the token it is about.
    pub(super) mismatch: Option<(usize, Finding)>,
}

/// How an AUTHENTICATE answers a CHALLENGE, going by what it echoes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Fit {
    Echoes,
    CannotTell,
    Differs,
}

/// Groups messages by their order and by what they echo.
pub(super) fn group(tokens: &[Token]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let Some(message) = token.message() else {
            groups.push(Group { ap_req: Some(index), ..Group::default() });
            continue;
        };
        match message.body {
            Body::Negotiate(_) => {
                groups.push(Group { negotiate: Some(index), ..Group::default() });
            }
            Body::Challenge(_) => {
                let open = groups.iter_mut().rev().find(|group| {
                    group.negotiate.is_some()
                        && group.challenge.is_none()
                        && group.authenticate.is_none()
                });
                match open {
                    Some(group) => group.challenge = Some(index),
                    None => groups.push(Group { challenge: Some(index), ..Group::default() }),
                }
            }
            Body::Authenticate(_) => place_authenticate(tokens, index, &mut groups),
            Body::Unknown => {}
        }
    }
    groups
}

fn place_authenticate(tokens: &[Token], index: usize, groups: &mut Vec<Group>) {
    let Some(authenticate) = tokens.get(index).and_then(Token::message) else { return };
    let fit_of = |group: &Group| {
        let challenge = tokens.get(group.challenge?)?.message()?;
        Some(fit(challenge, authenticate))
    };
    let open: Vec<_> = groups
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, group)| group.authenticate.is_none() && group.ap_req.is_none())
        .map(|(at, group)| (at, fit_of(group)))
        .collect();
    let best = [Some(Fit::Echoes), Some(Fit::CannotTell), None, Some(Fit::Differs)]
        .into_iter()
        .find_map(|wanted| open.iter().find(|(_, fit)| *fit == wanted));
    let Some((at, fit)) = best else {
        groups.push(Group { authenticate: Some(index), ..Group::default() });
        return;
    };
    let Some(group) = groups.get_mut(*at) else { return };
    group.authenticate = Some(index);
    if *fit == Some(Fit::Differs) {
        let span = authenticate.av_pairs().map_or_else(Default::default, |pairs| pairs.span);
        group.mismatch = Some((
            index,
            Finding::new(
                Code::ExchangeMismatch,
                span,
                "This AUTHENTICATE echoes other names or another time than the CHALLENGE before it: they do not belong together, or someone changed one of them.",
            ),
        ));
    }
}

/// Whether the AV pairs of the response are those of the challenge.
fn fit(challenge: &Message, authenticate: &Message) -> Fit {
    let (Some(sent), Some(echoed)) = (challenge.av_pairs(), authenticate.av_pairs()) else {
        return Fit::CannotTell;
    };
    let mut fit = Fit::CannotTell;
    for id in [
        AvId::MsvAvTimestamp,
        AvId::MsvAvNbComputerName,
        AvId::MsvAvNbDomainName,
        AvId::MsvAvDnsComputerName,
    ] {
        if let (Some(sent), Some(echoed)) = (sent.first(id), echoed.first(id)) {
            let sent = challenge.source().slice(sent.value);
            if sent != authenticate.source().slice(echoed.value) {
                return Fit::Differs;
            }
            fit = Fit::Echoes;
        }
    }
    fit
}
