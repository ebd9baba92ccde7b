//! The sentences for the server's answer in a capture: the answer itself, and how it agrees with
//! the predicted one.

use crate::analysis::{Captured, Verdict};
use crate::base::finding::Severity;
use crate::judge::{agreement::Agreement, smb::Outcome};
use crate::message::wire::NtStatus;
use crate::read::stream::Answer;

/// The server's answer in a capture: `refused, STATUS_LOGON_FAILURE (0xC000006D)`.
#[must_use]
pub fn answered(answer: Option<&Answer>) -> String {
    let Some(answer) = answer else { return "no answer from the server was captured".to_owned() };
    let what = match (answer.status.is_accepted(), answer.is_guest, answer.is_null) {
        (true, true, _) => "accepted as guest",
        (true, false, true) => "accepted without an account",
        (true, false, false) => "accepted",
        (false, ..) => "refused",
    };
    let number = match answer.status.nt() {
        Some(status) if !answer.status.is_accepted() => format!(" (0x{status:08X})"),
        _ => String::new(),
    };
    format!("{what}, {}{number}", answer.status)
}

/// The meaning of a status that ends a sign-in, in a few words; `None` where the name says it all.
///
/// Spec: [MS-ERREF] 2.3.1.
#[must_use]
pub const fn status_meaning(status: NtStatus) -> Option<&'static str> {
    Some(match status.0 {
        0xC000_000D => "something in the request is not valid; Samba answers a wrong MIC like this",
        0xC000_0022 => "access is denied; the name check ends like this too",
        0xC000_005E => "no domain controller could be asked",
        0xC000_0064 => "there is no such user",
        0xC000_006A => "the password is wrong",
        0xC000_006D => "the user name or the password is wrong",
        0xC000_006E => "the account may not sign in like this, for example with an empty password",
        0xC000_006F => "the user may not sign in at this hour",
        0xC000_0070 => "the user may not sign in from this computer",
        0xC000_0071 => "the password has expired",
        0xC000_0072 => "the account is disabled",
        0xC000_0133 => "the clocks differ too much",
        0xC000_015B => "the user does not have the right to sign in over the network",
        0xC000_018D => "the trust between computer and domain is broken",
        0xC000_0193 => "the account has expired",
        0xC000_0224 => "the password has to be changed first",
        0xC000_0234 => "the account is locked out",
        0xC000_035C => "the session has expired",
        0xC000_0418 => "a policy blocks NTLM",
        _ => return None,
    })
}

/// The remark on the real answer beside the predicted one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct AgreementRemark {
    /// A warning where the two differ.
    pub severity: Severity,
    /// The possible explanation.
    pub sentence: &'static str,
}

/// Compares the answer with the predicted one, in words; `None` where none are needed.
#[must_use]
pub fn agreement(
    agreement: Agreement,
    captured: &Captured,
    verdict: &Verdict,
) -> Option<AgreementRemark> {
    let outcomes = || verdict.decisions.values();
    let mut denials = outcomes().filter(|decision| decision.outcome == Outcome::Deny);
    let depends = denials.all(|decision| decision.depends_on().is_some());
    let is_let_in = outcomes().any(|decision| decision.outcome == Outcome::Accept);
    let is_accepted = captured.answer.as_ref().is_some_and(|answer| answer.status.is_accepted());
    let (severity, sentence) = match agreement {
        Agreement::Fits if is_accepted => return None,
        Agreement::Fits => {
            (Severity::Note, "This is how the name check denies, so the check is probably on.")
        }
        Agreement::Open if verdict.evidence.target.text().is_none() => {
            (Severity::Note, "The server let this in without a name, so its level is not 2.")
        }
        Agreement::Open if depends => (
            Severity::Note,
            "The server accepted it: the name is one of its own or allowed, or its level does not check names.",
        ),
        Agreement::Open => (
            Severity::Note,
            "The server accepted it, though some levels would deny it. Either its level is lower, or the name is in a list that was not entered here.",
        ),
        Agreement::AnonymousRefused => (
            Severity::Note,
            "Anonymous sign-ins are often refused for other reasons, so this says nothing about the name check.",
        ),
        Agreement::Contradicts if is_accepted => (
            Severity::Warning,
            "The server accepted it, but here it fails before the name is checked. The secret or the server's settings may have been entered wrongly. If they are right, SPNscope is wrong: please tell us.",
        ),
        Agreement::Contradicts => (
            Severity::Warning,
            "The server refused it, but here it is accepted. The server may require encryption, refuse guests, deny this user the right to log on, or have shorter lists than those entered here. If none of that is so, SPNscope is wrong: please tell us.",
        ),
        Agreement::Earlier if is_let_in => (
            Severity::Warning,
            "It was refused before the server checked the name. The answers below are what it would get if the response and the MIC were right.",
        ),
        Agreement::Earlier => {
            (Severity::Note, "It was refused before the server checked the name.")
        }
        Agreement::Unseen => return None,
    };
    Some(AgreementRemark { severity, sentence })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_status_with_a_meaning_has_a_name_and_no_two_share_either() {
        let (mut names, mut meanings) = (HashSet::new(), HashSet::new());
        for status in (0xC000_0000..=0xC000_FFFF).map(NtStatus) {
            if let Some(name) = status.name() {
                assert!(name.starts_with("STATUS_") && names.insert(name), "{name}");
            }
            if let Some(meaning) = status_meaning(status) {
                assert!(status.name().is_some() && meanings.insert(meaning), "{meaning}");
            }
        }
        assert_eq!(status_meaning(NtStatus::SUCCESS), None);
        assert!(meanings.contains("the account is locked out"));
    }

    #[test]
    fn a_capture_without_an_answer_is_said() {
        assert_eq!(answered(None), "no answer from the server was captured");
    }
}
