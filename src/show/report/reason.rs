//! A reason in the reports as text.

use crate::base::visible::Visible;
use crate::judge::smb::Reason;

/// A reason with how sure it is and where it is from: `… [documented; source]`.
pub(super) fn said(reason: &Reason) -> String {
    let Reason { rule, basis, message } = reason;
    format!("{} [{}; {}]", Visible(message), basis.word(), rule.source)
}
