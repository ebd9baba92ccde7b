//! The arguments that several subcommands share.

use std::{fs, net::IpAddr, path::PathBuf};

use clap::{
    Args, ValueEnum,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use spnscope::analysis::{analyze, is_capture};
use spnscope::judge::{
    imports::Import,
    proof::Secret,
    remedies::AllowList,
    smb::{Level, Role, ServerSettings, ServerSwitch},
};
use spnscope::message::wire::FileTime;
use spnscope::read::config::BareListKind;
use spnscope::show::report::{self, EventForm, Extras};
use zeroize::Zeroizing;

use crate::input::{cannot_read, name, read};

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

#[derive(Args, Clone)]
pub(crate) struct ServerArguments {
    /// A name of the server, NetBIOS or DNS. Without one, the names in the messages are used.
    #[arg(long, value_name = "NAME")]
    server_name: Vec<String>,
    /// An address of the server.
    #[arg(long, value_name = "ADDR")]
    server_ip: Vec<IpAddr>,
    /// An entry of `SrvAllowedServerNames`.
    #[arg(long, value_name = "NAME")]
    pub(crate) allowed: Vec<String>,
    /// A name of its domain; in the server's list only with --domain-controller.
    #[arg(long, value_name = "NAME")]
    domain: Vec<String>,
    /// The server is a domain controller.
    #[arg(long)]
    domain_controller: bool,
    /// Reads the server's settings from a file: events 5168 and 551 as XML or text, 5168 also as
    /// JSON or in one line, `reg query`, a `.reg` file, `Get-SmbServerConfiguration`, a list of
    /// names. The options above add to what is in it.
    #[arg(long, value_name = "FILE")]
    pub(crate) import: Option<PathBuf>,
    /// What a list of names without a heading contains.
    #[arg(long, value_enum, default_value_t = ListIs::Allowed, requires = "import")]
    list_is: ListIs,
    /// Whether the server audits failures of the subcategory File Share, which 5168 needs. Default:
    /// as imported, else on.
    #[arg(long, value_enum, value_name = "SWITCH")]
    audit_file_share: Option<Switch>,
    /// `AuditClientSpnSupport`, which 3024 to 3026 need. Default: as imported, else off.
    #[arg(long, value_enum, value_name = "SWITCH")]
    audit_client_spn: Option<Switch>,
    /// Whether the server ignores a name that the client marks as untrusted. Windows 7 and Server
    /// 2008 R2 do not.
    #[arg(long, value_enum, value_name = "SWITCH", default_value_t = Switch::On)]
    honours_untrusted_flag: Switch,
    /// Whether the server has the update of June 2019 against a removed MIC (CVE-2019-1040).
    #[arg(long, value_enum, value_name = "SWITCH", default_value_t = Switch::On)]
    patched_cve_2019_1040: Switch,
    /// The sign-in comes over loopback, from the server itself. No message shows that.
    #[arg(long)]
    loopback: bool,
    /// The server's clock at the sign-in, like 2026-03-02T09:00:00Z. A server too old to honour the
    /// untrusted flag compares the time stamp of an NTLMv2 response with it.
    #[arg(long, value_name = "TIME", value_parser = clock)]
    server_clock: Option<FileTime>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Switch {
    /// Yes.
    On,
    /// No.
    Off,
}

impl Switch {
    const fn is_on(self) -> bool {
        matches!(self, Self::On)
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum ListIs {
    /// `SrvAllowedServerNames`, as the registry editor shows it.
    Allowed,
    /// The server's own names and addresses.
    Own,
}

impl ServerArguments {
    /// The settings and the import among them; an error if the file could not be read.
    pub(crate) fn settings(self) -> Result<(ServerSettings, Option<Import>), String> {
        let imported = self.imported()?;
        Ok((self.settings_with(imported.as_ref()), imported))
    }

    /// Reads the file that --import names, if there is one; an error if it cannot be read.
    fn imported(&self) -> Result<Option<Import>, String> {
        let Some(file) = &self.import else { return Ok(None) };
        let means = match self.list_is {
            ListIs::Allowed => BareListKind::Allowed,
            ListIs::Own => BareListKind::Own,
        };
        let bytes = read(file)?;
        let found = Import::read(&bytes, means);
        // Any words, even a token, can be a list of names.
        if !found.stated.is_of_a_server() && holds_sign_in(&bytes) {
            return Err(format!(
                "{0}: this is a sign-in, and says nothing about the server's settings. To read it: spnscope decode {0}",
                name(file)
            ));
        }
        if found.stated.is_empty() {
            let why = report::render_imported_text(&found);
            let why = why.lines().next().map_or_else(String::new, |line| format!(" {line}"));
            return Err(format!("{}: nothing about a server was found.{why}", name(file)));
        }
        Ok(Some(found))
    }

    /// The settings: the imported ones, and those of the other arguments.
    pub(crate) fn settings_with(self, imported: Option<&Import>) -> ServerSettings {
        let mut settings = ServerSettings::default();
        if let Some(found) = imported {
            found.apply(&mut settings);
        }
        if self.domain_controller {
            settings.role = Role::DomainController;
        }
        add(&mut settings.names, self.server_name);
        add(&mut settings.domains, self.domain);
        add(&mut settings.addresses, self.server_ip);
        add(&mut settings.allowed, self.allowed);
        for (switch, given) in [
            (ServerSwitch::AuditFileShare, self.audit_file_share),
            (ServerSwitch::AuditClientSpn, self.audit_client_spn),
            (ServerSwitch::HonoursUntrustedFlag, Some(self.honours_untrusted_flag)),
            (ServerSwitch::PatchedCve20191040, Some(self.patched_cve_2019_1040)),
        ] {
            if let Some(given) = given {
                *switch.of(&mut settings) = given.is_on();
            }
        }
        settings.is_loopback = self.loopback;
        settings.clock = self.server_clock;
        settings
    }
}

/// Returns true if a sign-in, or a capture of some, can be read from bytes.
fn holds_sign_in(bytes: &[u8]) -> bool {
    is_capture(bytes) || analyze(bytes, &ServerSettings::default(), None).refusal().is_none()
}

/// Adds the items that are not there yet.
fn add<T: PartialEq>(known: &mut Vec<T>, new: Vec<T>) {
    for item in new {
        if !known.contains(&item) {
            known.push(item);
        }
    }
}

#[derive(Args)]
pub(crate) struct ExtraArguments {
    /// Adds the events that the server writes at each level, as Event Viewer shows them or as XML.
    /// JSON has both.
    #[arg(long, value_name = "FORM", value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    events: Option<Events>,
    /// Adds how to fix each denial: what to change, the commands, and how to check it.
    #[arg(long)]
    remedies: bool,
    /// The names given with --allowed are the whole of `SrvAllowedServerNames`. --remedies then
    /// also has the commands that replace the list.
    #[arg(long, requires = "remedies")]
    allowed_is_all: bool,
}

impl ExtraArguments {
    /// The extras of the report. `imported` is the import if no names were given beside it: only
    /// then its list is the whole one.
    pub(crate) fn extras(&self, imported: Option<&Import>) -> Extras {
        let shown = imported.is_some_and(|imported| imported.stated.allowed.is_some());
        let allowed =
            if self.allowed_is_all || shown { AllowList::Complete } else { AllowList::Partial };
        Extras {
            events: self.events.map(|form| match form {
                Events::Text => EventForm::Text,
                Events::Xml => EventForm::Xml,
            }),
            remedies: self.remedies.then_some(allowed),
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Events {
    /// As Event Viewer shows them.
    Text,
    /// As XML.
    Xml,
}

#[derive(Args)]
#[group(multiple = false)]
pub(crate) struct SecretArguments {
    /// The user's NT hash, 32 hex digits, or LM and NT hash with a colon between. Other users of
    /// the machine can see arguments; with --password-file they cannot.
    #[arg(long, value_name = "HEX")]
    nt_hash: Option<String>,
    /// A file whose first line is the user's password, in UTF-8, or in UTF-16 with a byte order
    /// mark.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl SecretArguments {
    /// The secret, if one was given; an error if it could not be read. The contents of the file are
    /// overwritten once they have been read.
    pub(crate) fn secret(&self) -> Result<Option<Secret>, String> {
        if let Some(hash) = &self.nt_hash {
            return Secret::from_nt_hash(hash)
                .map(Some)
                .map_err(|error| format!("--nt-hash: {error}."));
        }
        let Some(file) = &self.password_file else { return Ok(None) };
        let bytes = Zeroizing::new(fs::read(file).map_err(|error| cannot_read(file, &error))?);
        let text = password_text(&bytes).map_err(|why| format!("{} {why}", file.display()))?;
        let line = text.split('\n').next().unwrap_or_default();
        Ok(Some(Secret::from_password(line.strip_suffix('\r').unwrap_or(line))))
    }
}

/// The text of a file with a password, without the byte order mark that Windows writes before it.
/// Notepad marks UTF-8, and PowerShell writes UTF-16.
fn password_text(bytes: &[u8]) -> Result<Zeroizing<String>, &'static str> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let (units, odd) = bytes.as_chunks::<2>();
        // A text that grows would leave parts of it behind.
        let mut text = Zeroizing::new(String::with_capacity(bytes.len().saturating_mul(2)));
        for character in char::decode_utf16(units.iter().copied().map(unit)) {
            text.push(character.map_err(|_| "is not whole UTF-16.")?);
        }
        if odd.is_empty() { Ok(text) } else { Err("is not whole UTF-16.") }
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] | rest => match str::from_utf8(rest) {
            Ok(text) => Ok(Zeroizing::new(text.to_owned())),
            Err(_) => Err("is not UTF-8."),
        },
    }
}

/// One of `all`, by the name that `code` gives it.
pub(crate) fn one_of<T: Clone + Send + Sync + 'static>(
    all: Vec<T>,
    code: fn(&T) -> &'static str,
    label: fn(&T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    let named = all.iter().map(|item| PossibleValue::new(code(item)).help(label(item)));
    let parser = PossibleValuesParser::new(named.collect::<Vec<_>>());
    parser.try_map(move |name| {
        let found = all.iter().find(|item| code(item) == name).cloned();
        found.ok_or("no such value")
    })
}

/// A level of the policy, by its number.
pub(crate) fn levels() -> impl TypedValueParser<Value = Level> {
    let number = |level: &Level| match level {
        Level::Off => "0",
        Level::AcceptIfProvided => "1",
        Level::RequiredFromClient => "2",
    };
    one_of(Level::ALL.to_vec(), number, |level| level.label())
}

/// A time in UTC, as reports write it.
fn clock(text: &str) -> Result<FileTime, String> {
    FileTime::from_text(text)
        .ok_or_else(|| "a time in UTC is needed, like 2026-03-02T09:00:00Z".to_owned())
}
