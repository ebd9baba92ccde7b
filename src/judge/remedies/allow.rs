//! Adding a name to `SrvAllowedServerNames`.

use std::fmt::Write as _;

use crate::judge::{
    events::{Command, Machine, Shell},
    remedies::{AllowList, Change, RemedyDraft, Situation},
};

/// The key, below `HKEY_LOCAL_MACHINE`.
pub(super) const KEY: &str = "SYSTEM\\CurrentControlSet\\Services\\LanmanServer\\Parameters";

/// Returns true if a name can be put into a command as it is.
pub(super) fn is_plain(name: &str) -> bool {
    let plain = |character: char| {
        character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_' | ':')
    };
    !name.is_empty() && name.chars().all(plain)
}

pub(super) fn allow(name: &str, situation: &Situation, known: AllowList) -> RemedyDraft {
    let draft = RemedyDraft::new(
        "allow-name",
        Change::Allow(name.to_owned()),
        &format!("Add {name} to SrvAllowedServerNames on the server, if it is your own NAT address, load balancer or alias."),
    )
    .but_first(&format!("Do not add it until you know what {name} is. A relay looks the same: a name that the server does not know. Once listed, it gets in."))
    .and("Names and addresses can be listed. Whether an alias made with netdom counts as one of the server's names is not documented.");
    if !is_plain(name) {
        return draft.and("There is no command for it here: the name has characters other than letters, digits, dot, hyphen, underscore and colon, which no host name has. Find out where it comes from.");
    }
    let draft = draft.with(vec![Command {
        description: "Reads the present list, adds the name, writes the list back and shows it.",
        shell: Shell::PowerShell,
        machine: Machine::Server,
        text: power_shell(name),
    }]);
    let draft = draft.undone_by(Command {
        description: "Removes the name from the list again, and shows what is left.",
        shell: Shell::PowerShell,
        machine: Machine::Server,
        text: power_shell_undo(name),
    });
    if known == AllowList::Partial {
        return draft.and("reg add and a .reg file replace the whole list. They are offered once the whole present list is known here.");
    }
    let mut list: Vec<&str> =
        situation.server.settings.allowed.iter().map(String::as_str).collect();
    list.retain(|name| !name.is_empty());
    list.push(name);
    if !list.iter().all(|name| is_plain(name)) {
        return draft.and("reg add and a .reg file are not offered: the present list has an entry with characters that no host name has.");
    }
    draft.with(vec![
        Command {
            description: "Replaces the whole list with the one known here plus the name.",
            shell: Shell::CommandPrompt,
            machine: Machine::Server,
            text: format!(
                "reg add \"HKLM\\{KEY}\" /v SrvAllowedServerNames /t REG_MULTI_SZ /s , /d \"{}\" /f",
                list.join(",")
            ),
        },
        Command {
            description: "Replaces the whole list with the one known here plus the name.",
            shell: Shell::RegistryFile,
            machine: Machine::Server,
            text: registry_file(&list),
        },
    ])
}

/// Reads the list, adds the name where it is not in it, and writes it back.
fn power_shell(name: &str) -> String {
    change_list(&format!(
        "    if ($names -notcontains '{name}') {{
        $names += '{name}'
        {WRITE_LIST}
    }}"
    ))
}

/// The script that takes the name out of the list again.
fn power_shell_undo(name: &str) -> String {
    change_list(&format!(
        "    $names = @($names -ne '{name}')
    {WRITE_LIST}"
    ))
}

const WRITE_LIST: &str = "New-ItemProperty -LiteralPath $key -Name 'SrvAllowedServerNames' -PropertyType MultiString -Value ([string[]]$names) -Force | Out-Null";

/// The script around a `change` of the list. `GetValue` tells a value that is missing from one that
/// cannot be read, which stops the script: it must not write back a list it has not seen.
fn change_list(change: &str) -> String {
    format!(
        "& {{
    $ErrorActionPreference = 'Stop'
    $key = 'HKLM:\\{KEY}'
    $names = @((Get-Item -LiteralPath $key).GetValue('SrvAllowedServerNames', @()))
{change}
    (Get-Item -LiteralPath $key).GetValue('SrvAllowedServerNames')
}}"
    )
}

/// A `REG_MULTI_SZ`: each text with its terminator, and one more behind the last, in UTF-16LE.
fn registry_file(list: &[&str]) -> String {
    let mut bytes = String::new();
    let units = list.iter().flat_map(|name| name.encode_utf16().chain([0])).chain([0]);
    for byte in units.flat_map(u16::to_le_bytes) {
        let comma = if bytes.is_empty() { "" } else { "," };
        // Writing to a String does not fail.
        let _ = write!(bytes, "{comma}{byte:02x}");
    }
    format!(
        "Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\{KEY}]\n\"SrvAllowedServerNames\"=hex(7):{bytes}\n"
    )
}
