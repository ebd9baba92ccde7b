//! The contents of an event.

use std::net::IpAddr;

/// The contents of one event.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EventRecord {
    /// The number of the event. Those that say nothing of a name are told of only where no other is
    /// there.
    pub event: u16,
    /// The number of its line, from 1.
    pub line: usize,
    /// The client's target name as the server had it; `None` if the server never read it, or the
    /// event does not say.
    pub asked: Option<NameAsked>,
    /// The NT status in it.
    pub error: Option<u32>,
    /// The second status, which only 4625 has.
    pub sub_status: Option<u32>,
    /// The time at which it was written, as it stands there.
    pub time: Option<String>,
    /// The computer that wrote it.
    pub computer: Option<String>,
    /// The user in it.
    pub user: Option<String>,
    /// The server's names in it, the domain's among them.
    pub names: Option<Vec<String>>,
    /// The allowed names in it.
    pub allowed: Option<Vec<String>>,
    /// The server's addresses in it, without the loopback ones.
    pub addresses: Option<Vec<IpAddr>>,
    /// NTLM's own account of the client's message, which only 4020 to 4033 give.
    pub witness: Option<Witness>,
}

impl EventRecord {
    /// One of which only its number and its place are known.
    #[must_use]
    pub const fn new(event: u16, line: usize) -> Self {
        Self {
            event,
            line,
            asked: None,
            error: None,
            sub_status: None,
            time: None,
            computer: None,
            user: None,
            names: None,
            allowed: None,
            addresses: None,
            witness: None,
        }
    }

    /// Returns true if it is of the log SMBServer/Audit and about the name. Those deny nothing by
    /// themselves.
    #[must_use]
    pub const fn is_audit(&self) -> bool {
        matches!(self.event, 3024..=3026)
    }

    /// Returns true if one of the server's lists is in the event.
    #[must_use]
    pub const fn has_lists(&self) -> bool {
        self.names.is_some() || self.allowed.is_some() || self.addresses.is_some()
    }
}

/// The target name in an event.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum NameAsked {
    /// A name.
    Present(String),
    /// A name that the client marks as coming from an untrusted source.
    Untrusted(String),
    /// A name of length 0.
    Empty,
    /// None, or one that the client marks as untrusted.
    Absent,
}

/// Windows' own account of a client's NTLM message.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Witness {
    /// `ServiceBinding`: the name the client asked for.
    pub service_binding: Option<String>,
    /// `AvFlags`, or `AvlFlags` at the client: the value of `MsvAvFlags`.
    pub av_flags: Option<u32>,
    /// The other values, whose meaning is not documented.
    pub undocumented: Vec<Undocumented>,
}

/// A value as it stands in an event, of which no meaning is public.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Undocumented {
    /// The published name of its field.
    pub field: &'static str,
    /// The value.
    pub value: String,
}
