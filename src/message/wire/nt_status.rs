//! The statuses of Windows, of which those of sign-ins have names.

use std::fmt;

/// A status of Windows. One without a name here is kept as it is.
///
/// Spec: [MS-ERREF] 2.3.1.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct NtStatus(pub u32);

impl NtStatus {
    /// It went well.
    pub const SUCCESS: Self = Self(0);
    /// "Wait": the answer comes later.
    pub const PENDING: Self = Self(0x0000_0103);
    /// "Go on": the sign-in is not at its end.
    pub const MORE_PROCESSING_REQUIRED: Self = Self(0xC000_0016);
    /// The status that the check of the target name denies with.
    pub const ACCESS_DENIED: Self = Self(0xC000_0022);
    /// A response that does not fit, whatever is wrong with it.
    pub const LOGON_FAILURE: Self = Self(0xC000_006D);

    /// The name of the status, for those that sign-ins end with.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            0x0000_0000 => "STATUS_SUCCESS",
            0xC000_000D => "STATUS_INVALID_PARAMETER",
            0xC000_0016 => "STATUS_MORE_PROCESSING_REQUIRED",
            0xC000_0022 => "STATUS_ACCESS_DENIED",
            0xC000_005E => "STATUS_NO_LOGON_SERVERS",
            0xC000_0064 => "STATUS_NO_SUCH_USER",
            0xC000_006A => "STATUS_WRONG_PASSWORD",
            0xC000_006D => "STATUS_LOGON_FAILURE",
            0xC000_006E => "STATUS_ACCOUNT_RESTRICTION",
            0xC000_006F => "STATUS_INVALID_LOGON_HOURS",
            0xC000_0070 => "STATUS_INVALID_WORKSTATION",
            0xC000_0071 => "STATUS_PASSWORD_EXPIRED",
            0xC000_0072 => "STATUS_ACCOUNT_DISABLED",
            0xC000_009A => "STATUS_INSUFFICIENT_RESOURCES",
            0xC000_00BB => "STATUS_NOT_SUPPORTED",
            0xC000_00CC => "STATUS_BAD_NETWORK_NAME",
            0xC000_00D0 => "STATUS_REQUEST_NOT_ACCEPTED",
            0xC000_00DC => "STATUS_INVALID_SERVER_STATE",
            0xC000_0133 => "STATUS_TIME_DIFFERENCE_AT_DC",
            0xC000_015B => "STATUS_LOGON_TYPE_NOT_GRANTED",
            0xC000_018A => "STATUS_NO_TRUST_LSA_SECRET",
            0xC000_018B => "STATUS_NO_TRUST_SAM_ACCOUNT",
            0xC000_018C => "STATUS_TRUSTED_DOMAIN_FAILURE",
            0xC000_018D => "STATUS_TRUSTED_RELATIONSHIP_FAILURE",
            0xC000_0192 => "STATUS_NETLOGON_NOT_STARTED",
            0xC000_0193 => "STATUS_ACCOUNT_EXPIRED",
            0xC000_0203 => "STATUS_USER_SESSION_DELETED",
            0xC000_0224 => "STATUS_PASSWORD_MUST_CHANGE",
            0xC000_0234 => "STATUS_ACCOUNT_LOCKED_OUT",
            0xC000_035C => "STATUS_NETWORK_SESSION_EXPIRED",
            0xC000_0418 => "STATUS_NTLM_BLOCKED",
            _ => return None,
        })
    }
}

impl fmt::LowerHex for NtStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::LowerHex::fmt(&self.0, f)
    }
}

impl fmt::UpperHex for NtStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::UpperHex::fmt(&self.0, f)
    }
}

impl fmt::Display for NtStatus {
    /// The name; the number where it has none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "{self:#010X}"),
        }
    }
}
