use std::fmt;

use super::Place;

/// What the server answered to a sign-in in the end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Answer {
    /// Its own number.
    pub status: Status,
    /// Whether it let the client in as guest.
    pub is_guest: bool,
    /// Whether it let the client in as nobody.
    pub is_null: bool,
    /// The packet it stands in.
    pub place: Place,
}

/// The number that a protocol ends a sign-in with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Status {
    /// An NT status, of SMB.
    Nt(u32),
    /// The status of a fault of DCE/RPC; 0 where the server went on.
    Rpc(u32),
    /// A result code of LDAP.
    Ldap(u32),
    /// A status of HTTP.
    Http(u16),
    /// A reply of SMTP.
    Smtp(u16),
    /// `OK` of IMAP and POP3, `LOGINACK` of TDS: yes; else no.
    Word(bool),
}

/// The NT statuses that sign-ins end with. Spec: [MS-ERREF] 2.3.1.
const NAMES: [(u32, &str); 31] = [
    (0x0000_0000, "STATUS_SUCCESS"),
    (0xC000_000D, "STATUS_INVALID_PARAMETER"),
    (0xC000_0016, "STATUS_MORE_PROCESSING_REQUIRED"),
    (0xC000_0022, "STATUS_ACCESS_DENIED"),
    (0xC000_005E, "STATUS_NO_LOGON_SERVERS"),
    (0xC000_0064, "STATUS_NO_SUCH_USER"),
    (0xC000_006A, "STATUS_WRONG_PASSWORD"),
    (0xC000_006D, "STATUS_LOGON_FAILURE"),
    (0xC000_006E, "STATUS_ACCOUNT_RESTRICTION"),
    (0xC000_006F, "STATUS_INVALID_LOGON_HOURS"),
    (0xC000_0070, "STATUS_INVALID_WORKSTATION"),
    (0xC000_0071, "STATUS_PASSWORD_EXPIRED"),
    (0xC000_0072, "STATUS_ACCOUNT_DISABLED"),
    (0xC000_009A, "STATUS_INSUFFICIENT_RESOURCES"),
    (0xC000_00BB, "STATUS_NOT_SUPPORTED"),
    (0xC000_00CC, "STATUS_BAD_NETWORK_NAME"),
    (0xC000_00D0, "STATUS_REQUEST_NOT_ACCEPTED"),
    (0xC000_00DC, "STATUS_INVALID_SERVER_STATE"),
    (0xC000_0133, "STATUS_TIME_DIFFERENCE_AT_DC"),
    (0xC000_015B, "STATUS_LOGON_TYPE_NOT_GRANTED"),
    (0xC000_018A, "STATUS_NO_TRUST_LSA_SECRET"),
    (0xC000_018B, "STATUS_NO_TRUST_SAM_ACCOUNT"),
    (0xC000_018C, "STATUS_TRUSTED_DOMAIN_FAILURE"),
    (0xC000_018D, "STATUS_TRUSTED_RELATIONSHIP_FAILURE"),
    (0xC000_0192, "STATUS_NETLOGON_NOT_STARTED"),
    (0xC000_0193, "STATUS_ACCOUNT_EXPIRED"),
    (0xC000_0203, "STATUS_USER_SESSION_DELETED"),
    (0xC000_0224, "STATUS_PASSWORD_MUST_CHANGE"),
    (0xC000_0234, "STATUS_ACCOUNT_LOCKED_OUT"),
    (0xC000_035C, "STATUS_NETWORK_SESSION_EXPIRED"),
    (0xC000_0418, "STATUS_NTLM_BLOCKED"),
];

impl Status {
    /// "Go on": the sign-in is not at its end.
    pub const MORE_PROCESSING_REQUIRED: u32 = 0xC000_0016;

    /// "Wait": the answer comes later.
    pub const PENDING: u32 = 0x0000_0103;

    /// The status that the check of the target name denies with.
    pub const ACCESS_DENIED: u32 = 0xC000_0022;

    /// Whether the client was let in.
    #[must_use]
    pub const fn is_accepted(self) -> bool {
        match self {
            Self::Nt(status) | Self::Rpc(status) | Self::Ldap(status) => status == 0,
            // A page that is not there, or an error of the program behind it, comes after the sign-in.
            Self::Http(status) => status != 401 && status != 407,
            Self::Smtp(status) => status < 400,
            Self::Word(is_yes) => is_yes,
        }
    }

    /// The number, where it is an NT status.
    #[must_use]
    pub const fn nt(self) -> Option<u32> {
        if let Self::Nt(status) = self { Some(status) } else { None }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nt(status) => match NAMES.iter().find(|(number, _)| number == status) {
                Some((_, name)) => f.write_str(name),
                None => write!(f, "{status:#010X}"),
            },
            Self::Rpc(0) => f.write_str("DCE/RPC response"),
            Self::Rpc(status) => write!(f, "DCE/RPC fault {status:#x}"),
            Self::Ldap(code) => write!(f, "LDAP result {code}"),
            Self::Http(status) => write!(f, "HTTP {status}"),
            Self::Smtp(status) => write!(f, "SMTP {status}"),
            Self::Word(true) => f.write_str("OK"),
            Self::Word(false) => f.write_str("refused"),
        }
    }
}
