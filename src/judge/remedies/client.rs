//! Remedies at the client: what it sends is malformed, empty, marked untrusted, or nothing at all.

use crate::base::spn::Spn;
use crate::judge::{
    events::{Command, Machine, Shell},
    remedies::{Change, RemedyDraft, Situation},
    smb::{Carrier, Target},
};

/// `cifs/` and the server's name, in a sentence.
fn wanted(own: Option<&String>) -> String {
    match own {
        Some(own) => format!("cifs/{own}"),
        None => "cifs/ and one of the server's names, which are not known here".to_owned(),
    }
}

fn send(own: Option<&String>) -> Change {
    own.map_or(Change::SendAnyOwnName, |own| Change::Send(format!("cifs/{own}")))
}

/// Libraries that state an acceptable name, with the version since when.
const LIBRARIES: &str = "These are reported to send one: Windows, Samba's smbclient, pyspnego with smbprotocol since 2022, gss-ntlmssp since its pull request 68, jcifs-ng since January 2020, SMBLibrary since its pull request 134.";

pub(super) fn empty(own: Option<&String>) -> RemedyDraft {
    RemedyDraft::new(
        "client-empty-name",
        send(own),
        &format!("Have the client send a name: {}.", wanted(own)),
    )
    .and("It now sends an empty one, as [MS-NLMP] asks of a client whose program gives it no name. Level 1 denies it too (inferred).")
    .and("Give the host name to the library that signs in, or update the library.")
    .and(LIBRARIES)
}

pub(super) fn absent(own: Option<&String>) -> RemedyDraft {
    RemedyDraft::new(
        "client-no-name",
        send(own),
        &format!("Have the client send a name: {}.", wanted(own)),
    )
    .and("It now sends none. Update the program or library that signs in, and give it the host name.")
    .and(LIBRARIES)
    .and("Old versions of Windows need KB968389 for this, and SuppressExtendedProtection must be 0.")
}

/// A name that the client marks as coming from an untrusted source.
pub(super) fn untrusted(situation: &Situation) -> Vec<RemedyDraft> {
    let name = match &situation.evidence.target {
        Target::Untrusted(name) => name.clone(),
        _ => String::new(),
    };
    let own = situation.own_name();
    let own = own.as_ref();
    let is_kerberos = situation.evidence.carrier == Carrier::Kerberos;
    let why = if is_kerberos {
        "The client sets bit 0x8000 in AD-AUTH-DATA-AP-OPTIONS, which says that the name is unverified. The server is assumed to ignore the name."
    } else {
        "The client sets bit 0x4 in MsvAvFlags, so the server ignores the name. Libraries set it when the program did not vouch for the name."
    };
    let as_it_is = RemedyDraft::new(
        "client-untrusted-flag",
        Change::Send(name),
        "Have the client send its name without marking it as untrusted.",
    )
    .and(why);
    vec![
        if is_kerberos {
            as_it_is
        } else {
            as_it_is.and("gss-ntlmssp had this fault until its pull request 68.")
        },
        RemedyDraft::new(
            "client-untrusted-flag",
            send(own),
            &format!("Have the client send {}, without marking it as untrusted.", wanted(own)),
        )
        .and(why)
        .and("Without the mark, the name it sends now would be denied too."),
    ]
}

/// A name with no service class, or with another one than `cifs`.
pub(super) fn class(spn: &Spn<'_>, situation: &Situation) -> Vec<RemedyDraft> {
    let own = situation.own_name();
    let own = own.as_ref();
    let (code, why) = match spn.class {
        None | Some("") => (
            "client-class",
            "The program gives its library only a host. A name without a service class is denied, whatever the host.".to_owned(),
        ),
        Some(class) => (
            "client-other-class",
            format!("The sign-in was made for the service {class}. If one reaches a file server, it looks like a relay, so first find out who sent it."),
        ),
    };
    let draft = |change: Change, name: String| {
        RemedyDraft::new(code, change, &format!("Have the client send {name}.")).and(&why)
    };
    vec![
        draft(Change::Send(format!("cifs/{}", spn.rest)), format!("cifs/{}", spn.rest)),
        draft(send(own), wanted(own))
            .and("The host it sends now is not one of the server's either."),
    ]
}

/// A name that is more than a class and a host, or a host in another spelling.
pub(super) fn malformed(spn: &Spn<'_>, situation: &Situation) -> Vec<RemedyDraft> {
    let host = spn.host;
    let bare = host.strip_suffix('.').unwrap_or(host);
    let bracketed = spn.rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let bare = bracketed.map_or(bare, |(inner, _)| inner);
    let bare = match bare.split_once('%') {
        Some((address, _)) if address.contains(':') => address,
        _ => bare,
    };
    let (code, why) = if spn.realm.is_some() {
        (
            "client-realm",
            "A realm at the end is not stripped: name and realm are compared as one. That was observed by nurfed1 (skelsec/aiosmb issue 32).",
        )
    } else if spn.port.or(spn.third).is_some() && bracketed.is_none() {
        (
            "client-extra-component",
            "A port or a third part is assumed to be compared with the rest. How Windows treats it is not known.",
        )
    } else if bare != spn.rest || is_ipv6_name(spn.rest) {
        ("client-spelling", "How Windows compares this spelling is not known.")
    } else {
        return Vec::new();
    };
    let own = situation.own_name();
    let own = own.as_ref();
    let bare_fix = RemedyDraft::new(
        code,
        Change::Send(format!("cifs/{bare}")),
        &format!("Have the client send cifs/{bare}, and nothing else."),
    )
    .and(why);
    let own_fix = RemedyDraft::new(
        code,
        send(own),
        &format!("Have the client send {}, and nothing else.", wanted(own)),
    )
    .and(why);
    vec![bare_fix, own_fix]
}

fn is_ipv6_name(host: &str) -> bool {
    host.to_ascii_lowercase().ends_with(".ipv6-literal.net")
}

/// NTLMv1, NTLM2 session, LM and LMv2.
pub(super) fn old_response(own: Option<&String>) -> RemedyDraft {
    let target = own.map(|own| format!("cifs/{own}"));
    RemedyDraft::new(
        "client-ntlmv2",
        Change::AnswerWithNtlmv2(target),
        &format!(
            "Have the client sign in with NTLMv2 or Kerberos, and send {}.",
            wanted(own)
        ),
    )
    .and("The kind of response it sends has no place for a name.")
    .and("On a Windows client, \"Network security: LAN Manager authentication level\" has to be 3 or higher. 3 has been the default since Windows Vista.")
    .and("If it is 3 or higher already, another program sends this response.")
    .with(vec![Command {
        description: "Makes a Windows client answer with NTLMv2 if it does not already, and shows the value.",
        shell: Shell::PowerShell,
        machine: Machine::Client,
        text: RAISE_LEVEL.to_owned(),
    }])
}

/// SMB1 without extended security.
pub(super) fn smb1(own: Option<&String>) -> RemedyDraft {
    RemedyDraft::new(
        "client-extended-security",
        Change::AnswerWithNtlmv2(own.map(|own| format!("cifs/{own}"))),
        &format!("Have the client use SMB2 or SMB3, answer with NTLMv2, and send {}.", wanted(own)),
    )
    .and("SMB1 without extended security carries bare responses, and has no place for a name.")
    .and("If the client can do SMB1 only, extended security gives it a place for a name.")
}

/// Raises the value and never lowers it.
const RAISE_LEVEL: &str = "& {
    $ErrorActionPreference = 'Stop'
    $key = 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Lsa'
    if ((Get-Item -LiteralPath $key).GetValue('LmCompatibilityLevel', 3) -lt 3) {
        New-ItemProperty -LiteralPath $key -Name 'LmCompatibilityLevel' -PropertyType DWord -Value 3 -Force | Out-Null
    }
    (Get-Item -LiteralPath $key).GetValue('LmCompatibilityLevel', 3)
}";

pub(super) fn anonymous(own: Option<&String>) -> RemedyDraft {
    let target = own.map(|own| format!("cifs/{own}"));
    RemedyDraft::new(
        "client-account",
        Change::AnswerWithNtlmv2(target),
        &format!("Have the client sign in with an account, and send {}.", wanted(own)),
    )
    .and("An anonymous sign-in has no response, and so no place for a name.")
    .and("Level 2 denies it (inferred). Other rules about anonymous sign-ins may deny it at every level.")
}
