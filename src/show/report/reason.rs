//! A reason in the reports as text.

use crate::base::visible::Visible;
use crate::judge::smb::{Basis, Reason, Rule};
use crate::lab::relay::Statement;
use crate::show::words;

/// A reason with how sure it is and where it is from: `… [documented; source]`.
pub(super) fn said(reason: &Reason) -> String {
    quoting(&words::reason(reason), reason.basis, reason.rule)
}

/// The line for a statement of the lab.
pub(super) fn stated(statement: &Statement) -> String {
    quoting(&words::statement(statement), statement.basis, statement.rule)
}

fn quoting(words: &str, basis: Basis, rule: &Rule) -> String {
    format!("{} [{}; {}]", Visible(words), basis.as_str(), rule.source)
}
