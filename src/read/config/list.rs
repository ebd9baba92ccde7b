//! Lists of names without any heading: one a line, or with commas or semicolons between. A text is
//! taken for one only where all of it is: what the server denies must not be let in because a piece
//! of an event read like a name.
//!
//! To have any other list read, one writes `SrvAllowedServerNames:` in front of it.

use std::net::IpAddr;

use super::{
    ALLOWED, AUDIT, ConfigReader, Form, LEVEL, MAX_NAMES, SplitNames, Stated,
    event::{Field, address, is_nothing},
    lines::{Line, hex_number},
};
use crate::base::spn::{LOCAL_HOST, LOOPBACK};

/// The meaning of a list of names without a heading.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum BareListKind {
    /// A list of the allowed names, as the registry editor shows `SrvAllowedServerNames`.
    #[default]
    Allowed,
    /// A list of the server's own names and addresses.
    Own,
}

/// The look of a text that was not read, though it has names in it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Looks {
    /// An event, or a part of one.
    Event,
    /// Settings of a server.
    Settings,
    /// The server's own names or addresses, where the allowed names were expected.
    OwnNames,
    /// Anything else.
    Other,
}

impl Looks {
    /// The words for it in a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Event => "an event",
            Self::Settings => "settings of a server",
            Self::OwnNames => "the server's own names",
            Self::Other => "not a list of names",
        }
    }

    /// Says that nothing was taken, and what to paste instead.
    #[must_use]
    pub const fn question(self) -> &'static str {
        match self {
            Self::Event => {
                "This looks like an event in a form that SPNscope does not read. Nothing was taken from it. Paste the whole event 5168 or 551 as Event Viewer shows it, as text or XML."
            }
            Self::Settings => {
                "This looks like settings of a server in a form that SPNscope does not read. Nothing was taken from it. Paste all that \"reg query HKLM\\SYSTEM\\CurrentControlSet\\Services\\LanmanServer\\Parameters\" prints, a .reg file, or the output of Get-SmbServerConfiguration."
            }
            Self::OwnNames => {
                "These look like the server's own names and addresses. They were not taken as allowed names. Paste the whole event 5168; or, if they are the allowed names, write \"SrvAllowedServerNames:\" in front of them."
            }
            Self::Other => {
                "This is not a list of names. Nothing was taken from it. Remove what is not a name, or paste an event or settings whole."
            }
        }
    }
}

/// The words that only events have, in lower case and without what may be between them.
const OF_EVENTS: [&str; 15] = [
    "5168",
    "spnname",
    "servernames",
    "configurednames",
    "ipaddresses",
    "spnvalidationpolicy",
    "servicebinding",
    "mswineventlog",
    "spncheck",
    "smbsessionauthenticationfailure",
    "<event",
    // The lists of event 5168 begin or end so.
    "127.0.0.1;",
    "::1;",
    "localhost;",
    "security-auditing",
];

/// The words that only settings have, likewise.
const OF_SETTINGS: [&str; 17] = [
    "smbservernamehardeninglevel",
    "srvallowedservernames",
    "auditclientspnsupport",
    "hkey",
    "hklm",
    "lanman",
    "regdword",
    "regmultisz",
    "regsz",
    "regbinary",
    "hex(7):",
    "dword:",
    "smbserver",
    "nullsession",
    "enablesmb",
    "securitysignature",
    "announcecomment",
];

/// So much of a text tells what it looks like, in bytes.
const HEAD: usize = 64 << 10;

pub(super) fn read(lines: &[Line<'_>], kind: BareListKind, reader: &mut ConfigReader) {
    let mut names: Vec<Stated<String>> = Vec::new();
    let mut is_cut = None;
    'all: for line in lines {
        for item in line.text.split([',', ';']) {
            let item = item.trim().trim_matches(['"', '\'']);
            if item.is_empty() {
                continue;
            }
            if !is_entry(item) || is_of_something_else(item) {
                return ask(looks(lines), line.number, item, reader);
            }
            if names.len() >= MAX_NAMES {
                is_cut = Some(line.number);
                break 'all;
            }
            let form = Form::Names;
            names.push(Stated { value: item.to_owned(), line: line.number, form });
        }
    }
    if kind == BareListKind::Allowed
        && let Some(own) = own_name(&names)
    {
        return ask(Looks::OwnNames, own.line, &own.value, reader);
    }
    if let Some(line) = is_cut {
        reader.more_than(MAX_NAMES, "names", "none", line);
    }
    match kind {
        BareListKind::Allowed => reader.found.allowed = list(names.into_iter()),
        BareListKind::Own => {
            let is_address = |name: &Stated<String>| address(&name.value).is_some();
            let (addresses, names): (Vec<_>, Vec<_>) = names.into_iter().partition(is_address);
            reader.found.names = list(names.into_iter());
            let addresses = addresses.into_iter().filter_map(|Stated { value, line, form }| {
                let value = address(&value).filter(|value| !LOOPBACK.contains(value))?;
                Some(Stated::<IpAddr> { value, line, form })
            });
            reader.found.addresses = list(addresses);
        }
    }
}

/// The list of `items`, placed at the first of them.
fn list<T>(items: impl Iterator<Item = Stated<T>>) -> Option<Stated<Vec<T>>> {
    let mut items = items.peekable();
    let (line, form) = items.peek().map(|first| (first.line, first.form))?;
    Some(Stated { value: items.map(|item| item.value).collect(), line, form })
}

fn ask(looks: Looks, line: usize, item: &str, reader: &mut ConfigReader) {
    reader.found.looks = Some(looks);
    let why = match looks {
        Looks::OwnNames => format!("\"{item:.60}\" is from event 5168, not a name to allow. "),
        _ => format!("\"{item:.60}\" is neither a name nor an address. "),
    };
    reader.remark(Some(line), why + looks.question());
}

/// The name or address that no administrator would allow besides the server's own: a loopback or
/// link-local address, the name of this host, or a domain beside a host of it, as event 5168 of a
/// domain controller has them.
fn own_name(names: &[Stated<String>]) -> Option<&Stated<String>> {
    let is_own = |name: &str| match address(name) {
        Some(IpAddr::V6(address)) => address.is_loopback() || address.is_unicast_link_local(),
        Some(IpAddr::V4(address)) => address.is_loopback(),
        None => name.eq_ignore_ascii_case(LOCAL_HOST),
    };
    if let Some(own) = names.iter().find(|name| is_own(&name.value)) {
        return Some(own);
    }
    let texts: Vec<_> = names.iter().map(|name| name.value.clone()).collect();
    let split = SplitNames::of(&texts);
    let domain = split.domain.first()?;
    names.iter().find(|name| name.value == *domain)
}

/// Returns true if a text that could be a name is a word that programs write beside other things.
fn is_of_something_else(item: &str) -> bool {
    let is_word = ["true", "false", "null", "none"].iter().any(|w| item.eq_ignore_ascii_case(w));
    let is_setting = [LEVEL, ALLOWED, AUDIT].iter().any(|name| item.eq_ignore_ascii_case(name));
    is_word
        || is_setting
        || Field::of(item).is_some_and(Field::is_telling)
        || hex_number(item).is_some()
        || is_nothing(item)
        || item.starts_with("S-1-")
        || item.starts_with("REG_")
}

/// The look of a text that is no list of names.
fn looks(lines: &[Line<'_>]) -> Looks {
    let mut head = String::new();
    for line in lines.iter().take_while(|line| line.text.len() <= HEAD) {
        if head.len() > HEAD {
            break;
        }
        let is_between = |character: &char| matches!(character, ' ' | '\t' | '_');
        head.extend(line.text.chars().filter(|c| !is_between(c)).map(|c| c.to_ascii_lowercase()));
        head.push('\n');
    }
    if OF_EVENTS.iter().any(|word| head.contains(word)) {
        Looks::Event
    } else if OF_SETTINGS.iter().any(|word| head.contains(word)) {
        Looks::Settings
    } else {
        Looks::Other
    }
}

/// Returns true if a text can be in a list of names: an address or the name of a host.
#[must_use]
pub fn is_entry(text: &str) -> bool {
    address(text).is_some() || is_name(text)
}

/// Returns true if a text can be the name of a host. Digits and dots alone are an address that is
/// written wrong.
fn is_name(text: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    text.len() <= 255
        && text.chars().all(is_part)
        && text.starts_with(|c: char| c.is_alphanumeric() || c == '_')
        && !text.chars().all(|c| c.is_ascii_digit() || c == '.')
}
