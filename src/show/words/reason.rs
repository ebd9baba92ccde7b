//! The sentences for the reasons of a decision, and for the statements of the lab.

use std::borrow::Cow;

use super::name::{compared, not_stated};
use crate::judge::smb::{Ground, LevelValue, MissingFact, NamesSource, Objection, Outcome, Reason};
use crate::lab::relay::{Says, Statement};

/// A reason in one or two sentences about its case.
#[must_use]
pub fn reason(reason: &Reason) -> Cow<'static, str> {
    ground(&reason.ground)
}

/// A statement of the lab, in one or two sentences.
#[must_use]
pub fn statement(statement: &Statement) -> Cow<'static, str> {
    match &statement.says {
        Says::Policy(found) => ground(found),
        Says::Lab(words) => words.clone(),
    }
}

/// The missing fact, inside a sentence: `the server's addresses`.
#[must_use]
pub const fn missing_fact(fact: MissingFact) -> &'static str {
    match fact {
        MissingFact::Addresses => "the server's addresses",
        MissingFact::Names => "the server's names",
    }
}

/// The beginning of a sentence that speaks against an outcome: its opposite.
#[must_use]
pub const fn alternative_prefix(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Accept => "It may be denied after all: ",
        _ => "It may be accepted after all: ",
    }
}

fn ground(ground: &Ground) -> Cow<'static, str> {
    let words = match ground {
        Ground::CutOff(how) | Ground::ResponseDamaged(how) => return how.clone().into(),
        Ground::NotStated(why, need) => return not_stated(why, *need),
        Ground::Compared(name) => return compared(name).into(),
        Ground::Objection(found) => return objection(found),
        Ground::NamesTakenFrom(source, names) => return names_taken(*source, names).into(),
        Ground::LevelNotDocumented(LevelValue(value)) => {
            return format!("Level {value} is not documented, so it is not simulated. The levels are 0, 1 and 2.").into();
        }
        Ground::TimeStampFar { time_stamp, clock } => {
            return format!("The time stamp, {time_stamp}, is more than 36 hours from the server's clock, {clock}. Which status the server answers with is not documented.").into();
        }
        Ground::TargetCutOff => "The paste ends before the target name.",
        Ground::ResponseFits => "The response fits the secret given.",
        Ground::ResponseWrong => {
            "The response does not fit the secret given: a wrong password, or bytes changed on the way."
        }
        Ground::ResponseChanged => {
            "The response was computed over other bytes than these: only someone who knows the secret could recompute it."
        }
        Ground::ResponseNotChecked => {
            "The response is not checked here; it is assumed to be right."
        }
        Ground::Lmv2Alone => {
            "Of the two responses only LMv2 is known to fit the secret given, and one is enough. The target name is in the other, and is read all the same."
        }
        Ground::LmNotKept => {
            "The NT response does not fit the secret given. The LM response does, and [MS-NLMP] lets that be enough. But the server is assumed to keep no LM hash to check it with; that has been the default since Windows Vista."
        }
        Ground::NobodySignsIn => "The sign-in is anonymous, so nothing is proven.",
        Ground::Guest => {
            "The client is let in as guest, so nothing proves the name. It is assumed to be checked like any other."
        }
        Ground::TicketNotChecked => {
            "The ticket and its authenticator are encrypted for the server. They are assumed to be right."
        }
        Ground::MicFits => "Announced, present and right: no message was changed on the way.",
        Ground::MicWrong => {
            "The MIC does not match: one of the three messages was changed on the way. Which status the server answers with is not documented."
        }
        Ground::MicNotChecked => "The MIC is not checked here; it is assumed to be right.",
        Ground::MicNotShown => {
            "MsvAvFlags announces a MIC, but a NetNTLMv2 line does not hold it. It is assumed to be there and right."
        }
        Ground::MicLeftOut => {
            "The MIC and NTProofStr are all zeros: they were left out before this was shared. Both are assumed to be right."
        }
        Ground::MicMissingPassedOver => {
            "The announced MIC is missing, and this server does not mind (CVE-2019-1040)."
        }
        Ground::MicWithoutRoom => {
            "A MIC is announced, but the message has no room for one. Which status the server answers with is not documented."
        }
        Ground::MicOfZeros => {
            "A MIC is announced, but its sixteen bytes are zero. Which status the server answers with is not documented."
        }
        Ground::ClockNotStated => {
            "The server's clock is not known here, so the time stamp is assumed to be close enough to it."
        }
        Ground::TimeStampNear => "The time stamp is at most 36 hours from the server's clock.",
        Ground::NotLookedAt => "At this level the server does not check the target name.",
        Ground::EmptyName => {
            "The client sent an empty target name. It counts as sent, and it matches nothing."
        }
        Ground::MarshalledTarget => {
            "The name carries a marshalled target. If the check passes, that does not show which machine the client talked to."
        }
        Ground::MarkIsEncrypted => {
            "A mark that the name is unverified would be in the encrypted part. It is assumed not to be there."
        }
        Ground::AnOwnName => "It is one of the server's own names.",
        Ground::Errors => {
            "The message has errors that a receiver may refuse. It is assumed to be readable."
        }
    };
    words.into()
}

fn objection(objection: &Objection) -> Cow<'static, str> {
    let words = match objection {
        Objection::ReadAsUsual(usual) => {
            return format!(
                "Read as {} it would match {}, and be accepted.",
                usual.host, usual.entry.text
            )
            .into();
        }
        Objection::OverLoopback => {
            "The sign-in comes over loopback. One author reports that servers of October 2025 and later check such sign-ins. The rule is not known."
        }
        Objection::MarkedNameWasDenied => {
            "A right name with this mark was denied in a test. Its level was not reported; it was probably 2."
        }
        Objection::EmptyTakenAsNone => {
            "Another Microsoft service treats an empty name as none, which would be accepted at this level."
        }
        Objection::OtherClassesMayPass => {
            "Which services pass besides cifs is not known. No report was found of anyone who tried."
        }
        Objection::ClassOfTicketsUnchecked => {
            "The Hacker Recipes report that services in general do not check the service class of a ticket."
        }
        Objection::OtherOwnNames => {
            "If it is an alternate name made with netdom or the network name of a cluster, the server may count it as its own. That is not documented."
        }
        Objection::LettersDiffer => {
            "If the server compares letter by letter, the two differ and it is denied."
        }
    };
    words.into()
}

fn names_taken(source: NamesSource, names: &[String]) -> String {
    let names = names.join(" and ");
    match source {
        NamesSource::Challenge => {
            format!("The server's names come from its CHALLENGE: {names}.")
        }
        NamesSource::Echo => {
            format!("The server's names come from what the client echoes: {names}.")
        }
    }
}
