//! The check of the target name: the table of what each finding comes to at each level.

use crate::judge::smb::{
    Basis, Carrier, Entry, EntryKind, EventId, Level, Need, PerLevel, Rule, Target,
    name_check::{ComparedName, Comparison, Likeness, NameFinding, NotStated, name_check},
    reason::{Ground, Objection, Reason},
    rules,
    server::Server,
};

/// The answer that the check of the target name alone would give.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SpnCheck {
    /// True if the session goes on.
    pub accept: bool,
    /// The reasons; the first one decides.
    pub reasons: Vec<Reason>,
    /// The objection, if the evidence is contested or something of it is open.
    pub contested: Option<Reason>,
    /// The entry of the server's lists that matched.
    pub matched: Option<Entry>,
    /// The entries that were compared and did not match.
    pub tried: Vec<Entry>,
    /// True if the server's names play a part in it.
    pub uses_names: bool,
    /// The event of the log SMBServer/Audit that the name would cause, whatever the level.
    pub audit_event: Option<EventId>,
}

/// The check of the target name at `level`, as if everything before it had passed.
#[must_use]
pub fn check(target: &Target, carrier: Carrier, server: &Server, level: Level) -> SpnCheck {
    check_all(target, carrier, server).at(level)
}

/// The check at each level. The name is compared once.
pub(super) fn check_all(target: &Target, carrier: Carrier, server: &Server) -> PerLevel<SpnCheck> {
    let finding = name_check(target, carrier, server);
    PerLevel::new(|level| {
        let Ruling { answer, reason, objection } = match level.need() {
            None => not_looked_at(&finding, server),
            Some(need) => looked_at(&finding, carrier, need),
        };
        let mut check = SpnCheck {
            accept: answer == NameAnswer::Accept,
            contested: objection.map(|objection| {
                Reason::new(rule_of_objection(&objection), Ground::Objection(objection))
            }),
            audit_event: audit_event(&finding),
            ..SpnCheck::not_made(reason)
        };
        if let (NameFinding::Compared(name), Some(_)) = (&finding, level.need()) {
            check.reasons.extend(beside_comparison(name, carrier));
            check.matched = name.comparison.entry().cloned();
            check.tried = if check.matched.is_some() { Vec::new() } else { Entry::all(server) };
            check.uses_names = name.comparison.uses_names();
        }
        check
    })
}

impl SpnCheck {
    /// No check: what it would look at is cut off.
    pub(super) fn not_made(reason: Reason) -> Self {
        Self {
            accept: false,
            reasons: vec![reason],
            contested: None,
            matched: None,
            tried: Vec::new(),
            uses_names: false,
            audit_event: None,
        }
    }
}

/// The ruling on a finding at one level.
struct Ruling {
    answer: NameAnswer,
    reason: Reason,
    /// The objection.
    objection: Option<Objection>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum NameAnswer {
    Accept,
    Deny,
}

/// The table at level 0: everything is accepted. A newer server may refuse a name over loopback all
/// the same.
fn not_looked_at(finding: &NameFinding, server: &Server) -> Ruling {
    let is_named = matches!(finding, NameFinding::Empty | NameFinding::Compared(_));
    match finding {
        NameFinding::CutOff => cut_off(),
        _ => Ruling {
            answer: NameAnswer::Accept,
            reason: Reason::new(rules::OFF, Ground::NotLookedAt),
            objection: (is_named && server.settings.is_loopback).then_some(Objection::OverLoopback),
        },
    }
}

/// The table at the levels that look at the name.
fn looked_at(finding: &NameFinding, carrier: Carrier, need: Need) -> Ruling {
    match finding {
        NameFinding::CutOff => cut_off(),
        NameFinding::NotStated(why) => without_name(why, need),
        NameFinding::Empty => Ruling {
            answer: NameAnswer::Deny,
            reason: Reason::new(rules::EMPTY_DENIED, Ground::EmptyName),
            objection: match need {
                Need::IfSent => Some(Objection::EmptyTakenAsNone),
                Need::Required => None,
            },
        },
        NameFinding::Compared(name) => {
            let (rule, at_most) = rule_of_comparison(&name.comparison, carrier);
            let ground = Ground::Compared(name.clone());
            Ruling {
                answer: match name.comparison {
                    Comparison::Listed(..) => NameAnswer::Accept,
                    _ => NameAnswer::Deny,
                },
                reason: Reason::new(rule, ground).at_most(at_most).at_most(name.at_most),
                objection: objection_to_comparison(name, carrier),
            }
        }
    }
}

fn cut_off() -> Ruling {
    Ruling {
        answer: NameAnswer::Deny,
        reason: Reason::new(rules::CUT_OFF, Ground::TargetCutOff),
        objection: None,
    }
}

/// The rows without a name: where it is not required, and where it is.
fn without_name(why: &NotStated, need: Need) -> Ruling {
    let (accepted, denied) = match why {
        NotStated::Absent => (rules::ABSENT_ACCEPTED, rules::ABSENT_DENIED),
        NotStated::MarkedUntrusted(_) => (rules::UNTRUSTED_ACCEPTED, rules::UNTRUSTED_DENIED),
        NotStated::MarkedUnverified => {
            (rules::KERBEROS_MARKED_ACCEPTED, rules::KERBEROS_MARKED_DENIED)
        }
        NotStated::Anonymous => (rules::ANONYMOUS_ACCEPTED, rules::ANONYMOUS_DENIED),
        NotStated::NoPlace(_) => (rules::NOT_CARRIED_ACCEPTED, rules::NOT_CARRIED_DENIED),
        NotStated::Smb1 => (rules::SMB1_ACCEPTED, rules::SMB1_DENIED),
    };
    let ground = Ground::NotStated(why.clone(), need);
    match need {
        Need::IfSent => Ruling {
            answer: NameAnswer::Accept,
            reason: Reason::new(accepted, ground),
            objection: match why {
                NotStated::MarkedUntrusted(_) => Some(Objection::MarkedNameWasDenied),
                _ => None,
            },
        },
        Need::Required => Ruling {
            answer: NameAnswer::Deny,
            reason: Reason::new(denied, ground),
            objection: None,
        },
    }
}

/// The rows of a name that was compared, which are the same at both levels: the rule for an NTLM
/// target name and for the service name of a ticket, and how sure it can be at most.
///
/// That the name of a ticket is checked is documented; that it is checked like an NTLM one is
/// inferred.
fn rule_of_comparison(comparison: &Comparison, carrier: Carrier) -> (&'static Rule, Basis) {
    use rules::{KERBEROS_CLASS, KERBEROS_NOT_LISTED, KERBEROS_OWN_NAME};
    let of_both = |rule| (rule, rule, Basis::Inferred);
    let (of_ntlm, of_ticket, at_most_of_ticket) = match comparison {
        Comparison::Listed(entry, likeness) => match (entry.kind, likeness) {
            (EntryKind::Name, _) => (rules::OWN_NAME, KERBEROS_OWN_NAME, Basis::Documented),
            (_, Likeness::OtherIpv6) => of_both(rules::SPELLING),
            (EntryKind::Address, Likeness::Ipv6) => of_both(rules::IPV6_ADDRESS),
            (EntryKind::Address, _) => of_both(rules::OWN_ADDRESS),
            (EntryKind::Loopback, _) => of_both(rules::LOOPBACK_NAME),
            (EntryKind::Domain, _) => of_both(rules::DOMAIN_NAME),
            (EntryKind::Allowed, _) => of_both(rules::ALLOWED),
        },
        Comparison::OtherClass { class, entry } => {
            let of_ntlm = match (class, entry) {
                (None, _) => rules::NO_CLASS,
                (Some(_), Some(_)) => rules::CLASS_NOT_CIFS,
                (Some(_), None) => rules::NAME_AND_CLASS,
            };
            (of_ntlm, KERBEROS_CLASS, Basis::Inferred)
        }
        Comparison::OtherSpelling(_) => of_both(rules::SPELLING),
        Comparison::AddressUnknown => of_both(rules::ADDRESS_UNKNOWN),
        Comparison::AddressNotListed(address) => {
            let of_ntlm =
                if address.is_ipv4() { rules::ADDRESS_NOT_OWN } else { rules::IPV6_NOT_OWN };
            (of_ntlm, KERBEROS_NOT_LISTED, Basis::Inferred)
        }
        Comparison::Realm(_) => of_both(rules::REALM_NOT_STRIPPED),
        Comparison::ExtraComponent => of_both(rules::EXTRA_COMPONENT),
        Comparison::NameUnknown => of_both(rules::NAME_UNKNOWN),
        Comparison::DomainOfMember => of_both(rules::DOMAIN_NAME_ON_MEMBER),
        Comparison::ShortOrLong(_) => {
            (rules::SHORT_OR_LONG_NAME, KERBEROS_NOT_LISTED, Basis::Inferred)
        }
        Comparison::NameNotListed => (rules::NAME_NOT_OWN, KERBEROS_NOT_LISTED, Basis::Inferred),
    };
    match carrier {
        Carrier::Kerberos => (of_ticket, at_most_of_ticket),
        Carrier::Ntlm(_) | Carrier::Smb1Bare => (of_ntlm, of_ntlm.basis),
    }
}

/// The objection to the comparison of a name.
fn objection_to_comparison(name: &ComparedName, carrier: Carrier) -> Option<Objection> {
    match &name.comparison {
        Comparison::Listed(Entry { kind: EntryKind::Name, .. }, _) => None,
        Comparison::Listed(_, Likeness::OtherIpv6) => Some(Objection::LettersDiffer),
        Comparison::OtherClass { class: Some(_), entry: Some(_) } => Some(match carrier {
            Carrier::Kerberos => Objection::ClassOfTicketsUnchecked,
            Carrier::Ntlm(_) | Carrier::Smb1Bare => Objection::OtherClassesMayPass,
        }),
        Comparison::OtherSpelling(Some(usual)) => Some(Objection::ReadAsUsual(usual.clone())),
        Comparison::NameNotListed if !name.host.is_empty() => Some(Objection::OtherOwnNames),
        _ => None,
    }
}

const fn rule_of_objection(objection: &Objection) -> &'static Rule {
    match objection {
        Objection::OverLoopback => rules::LOOPBACK_CONTESTED,
        Objection::MarkedNameWasDenied => rules::UNTRUSTED_CONTESTED,
        Objection::EmptyTakenAsNone => rules::EMPTY_CONTESTED,
        Objection::OtherClassesMayPass => rules::CLASS_CONTESTED,
        Objection::ClassOfTicketsUnchecked => rules::KERBEROS_CLASS_CONTESTED,
        Objection::OtherOwnNames => rules::OTHER_OWN_NAMES,
        Objection::LettersDiffer | Objection::ReadAsUsual(_) => rules::SPELLING,
    }
}

/// The remarks about a name that was compared, besides the result.
fn beside_comparison(name: &ComparedName, carrier: Carrier) -> Vec<Reason> {
    let marshalled = || Reason::new(rules::MARSHALLED, Ground::MarshalledTarget);
    let mut reasons = Vec::from_iter(name.is_marshalled.then(marshalled));
    if carrier == Carrier::Kerberos {
        reasons = reasons.into_iter().map(|reason| reason.at_most(Basis::Inferred)).collect();
        reasons.push(Reason::new(rules::KERBEROS_UNVERIFIED, Ground::MarkIsEncrypted));
    }
    reasons
}

/// The event of the log SMBServer/Audit that a name causes.
const fn audit_event(finding: &NameFinding) -> Option<EventId> {
    match finding {
        NameFinding::CutOff
        | NameFinding::Compared(ComparedName { comparison: Comparison::Listed(..), .. }) => None,
        NameFinding::NotStated(_) => Some(EventId::NoSpn),
        NameFinding::Empty => Some(EventId::EmptySpn),
        NameFinding::Compared(_) => Some(EventId::UnknownSpn),
    }
}
