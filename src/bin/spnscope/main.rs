//! The command line: reads files, prints reports. Everything it says comes from the library.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the command line reads files and prints"
)]

mod audit;
mod decide;
mod input;
mod relay;

use std::{
    fmt, fs,
    io::{self, Write as _},
    net::IpAddr,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
    error::{ContextKind, ContextValue},
};
use spnscope::analysis::{Analysis, CaptureReader, analyze_as};
use spnscope::base::visible::Visible;
use spnscope::judge::{
    imports::Import,
    proof::Secret,
    remedies::AllowedNames,
    smb::{Level, Role, ServerSettings, ServerSwitch},
};
use spnscope::message::{compare::compare, wire::FileTime};
use spnscope::read::{config::ListMeans, text::Reading};
use spnscope::show::report::{self, Compared, EventForm, Extras};
use zeroize::Zeroizing;

use crate::input::Input;

/// Reads an NTLM sign-in byte by byte and says whether a Windows file server would let it in.
#[derive(Parser)]
#[command(version, bin_name = "spnscope")]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Decodes what one could paste, and says what the server would do at each level.
    Decode(Decode),
    /// Reads captures of any size, and says what the server would do about each sign-in in them, and what
    /// it did.
    Audit(audit::Audit),
    /// Says what the server would do about a name, without any message.
    Decide(decide::Decide),
    /// Lists every kind of finding: its code, what it means for a receiver, and what to make of it.
    Findings(Findings),
    /// Lists every rule that an answer rests on: its code, what it says, how sure it is, and where it is from.
    Rules(Rules),
    /// Compares two messages field by field.
    #[command(
        after_help = "Exit status: 0, nothing differs; 1, something differs; 2, wrong usage, or a file has no such message."
    )]
    Diff(Diff),
    /// Plays a sign-in through address translation, a relay or an attacker's own client, inside this process
    /// and with an invented account, and says what the server checks and who gets in.
    Relay(relay::Relay),
}

#[derive(Args)]
struct Decode {
    /// What to read: text or bytes. `-` or nothing: standard input.
    file: Option<PathBuf>,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// How the outermost encoding is written, where it could be more than one: hex-dump, base64, hex,
    /// decimal, percent, escapes or raw. Without it, what makes the most sense is taken.
    #[arg(long, value_name = "READING", value_parser = reading)]
    read_as: Option<Reading>,
    #[command(flatten)]
    server: ServerArguments,
    #[command(flatten)]
    secret: SecretArguments,
    #[command(flatten)]
    extras: ExtraArguments,
}

#[derive(Args)]
struct ExtraArguments {
    /// Adds the events that the server writes at each level, as Event Viewer shows them or as XML. JSON
    /// has both.
    #[arg(long, value_name = "FORM", value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    events: Option<Events>,
    /// Adds what cures each denial: what to change, the commands, and how to check it.
    #[arg(long)]
    remedies: bool,
    /// The names given with --allowed are all that stand in `SrvAllowedServerNames`. Then --remedies has
    /// the commands too that replace the whole list.
    #[arg(long, requires = "remedies")]
    allowed_is_all: bool,
}

impl ExtraArguments {
    /// What else the report is to have. `adds`: names were given beside the import.
    fn extras(&self, adds: bool, imported: Option<&Import>) -> Extras {
        // What an import shows is the whole list; what is given beside it may be in no list yet.
        let shown = !adds && imported.is_some_and(|imported| imported.stated.allowed.is_some());
        let allowed = if self.allowed_is_all || shown {
            AllowedNames::AreAll
        } else {
            AllowedNames::MayBeMore
        };
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

/// One of `all`, by the name that `code` gives it.
fn one_of<T: Clone + Send + Sync + 'static>(
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
fn levels() -> impl TypedValueParser<Value = Level> {
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
        .ok_or_else(|| "a time in UTC is needed, as 2026-03-02T09:00:00Z".to_owned())
}

/// The reading with this code.
fn reading(code: &str) -> Result<Reading, String> {
    Reading::from_code(code).ok_or_else(|| {
        let codes = Reading::ALL.map(Reading::code);
        format!("one of these is needed: {}", codes.join(", "))
    })
}

#[derive(Args)]
struct Findings {
    /// The form of the list.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Args)]
struct Rules {
    /// The form of the list.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Args)]
struct Diff {
    /// What to read, as for decode: text or bytes. `-`: standard input.
    #[arg(value_name = "A")]
    left_file: PathBuf,
    /// What to compare it with. `-`: standard input.
    #[arg(value_name = "B")]
    right_file: PathBuf,
    /// Which message of A, by the number that decode gives it, from 0. Without it: the first
    /// AUTHENTICATE, else the last message.
    #[arg(long, value_name = "N")]
    left: Option<usize>,
    /// Which message of B.
    #[arg(long, value_name = "N")]
    right: Option<usize>,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Lists the fields that are the same as well.
    #[arg(long)]
    all: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

#[derive(Args)]
struct ServerArguments {
    /// A name of the server, NetBIOS or DNS. Without one, the names in the messages are taken.
    #[arg(long, value_name = "NAME")]
    server_name: Vec<String>,
    /// An address of the server.
    #[arg(long, value_name = "ADDR")]
    server_ip: Vec<IpAddr>,
    /// An entry of `SrvAllowedServerNames`.
    #[arg(long, value_name = "NAME")]
    allowed: Vec<String>,
    /// A name of its domain; in the server's list only with --domain-controller.
    #[arg(long, value_name = "NAME")]
    domain: Vec<String>,
    /// The server is a domain controller.
    #[arg(long)]
    domain_controller: bool,
    /// Reads the server's settings from a file: events 5168 and 551 as XML or text, 5168 also as JSON or in one
    /// line, `reg query`, a `.reg` file, `Get-SmbServerConfiguration`, a list of names. The options above add to what is in it.
    #[arg(long, value_name = "FILE")]
    import: Option<PathBuf>,
    /// What a list of names without any heading is a list of.
    #[arg(long, value_enum, default_value_t = ListIs::Allowed, requires = "import")]
    list_is: ListIs,
    /// Whether failures of the audit subcategory File Share are written, which 5168 takes. Without it: as
    /// imported, else on.
    #[arg(long, value_enum, value_name = "SWITCH")]
    audit_file_share: Option<Switch>,
    /// `AuditClientSpnSupport`, which 3024 to 3026 take. Without it: as imported, else off.
    #[arg(long, value_enum, value_name = "SWITCH")]
    audit_client_spn: Option<Switch>,
    /// Whether the server passes over a name that the client marks as untrusted. Windows 7 and Server 2008 R2
    /// do not.
    #[arg(long, value_enum, value_name = "SWITCH", default_value_t = Switch::On)]
    honours_untrusted_flag: Switch,
    /// Whether the server has the update of June 2019 against a MIC that was taken out (CVE-2019-1040).
    #[arg(long, value_enum, value_name = "SWITCH", default_value_t = Switch::On)]
    patched_cve_2019_1040: Switch,
    /// The sign-in comes over loopback: from the server itself. No message says so.
    #[arg(long)]
    loopback: bool,
    /// The server's clock at the sign-in, as 2026-03-02T09:00:00Z. A server that does not honour the untrusted flag is an old one,
    /// which compares the time stamp of an NTLMv2 response with its clock.
    #[arg(long, value_name = "TIME", value_parser = clock)]
    server_clock: Option<FileTime>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Switch {
    /// It is so.
    On,
    /// It is not.
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
    /// The settings, and what of them was imported; else why the file could not be read.
    fn settings(self) -> Result<(ServerSettings, Option<Import>), String> {
        let mut settings = ServerSettings::default();
        let mut imported = None;
        if let Some(file) = &self.import {
            let means = match self.list_is {
                ListIs::Allowed => ListMeans::Allowed,
                ListIs::Own => ListMeans::Own,
            };
            let found = Import::read(&read(Some(file))?, means);
            if found.stated.is_empty() {
                let why = report::render_imported_text(&found);
                let why = why.lines().next().map_or_else(String::new, |line| format!(" {line}"));
                return Err(format!("{}: nothing about a server was found.{why}", name(file)));
            }
            found.apply(&mut settings);
            imported = Some(found);
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
        Ok((settings, imported))
    }
}

/// Adds what is not there yet.
fn add<T: PartialEq>(known: &mut Vec<T>, new: Vec<T>) {
    for item in new {
        if !known.contains(&item) {
            known.push(item);
        }
    }
}

#[derive(Args)]
#[group(multiple = false)]
struct SecretArguments {
    /// The user's NT hash, 32 hex digits, or LM and NT hash with a colon between. Other users of the machine can see arguments;
    /// --password-file does not have that weakness.
    #[arg(long, value_name = "HEX")]
    nt_hash: Option<String>,
    /// A file whose first line is the user's password, in UTF-8, or in UTF-16 with a byte order mark.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl SecretArguments {
    /// The secret, where one was given; else why it could not be read. What the file holds is overwritten
    /// once it has been read.
    fn secret(&self) -> Result<Option<Secret>, String> {
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

/// The text of a file with a password, without the byte order mark that Windows writes before it. Notepad marks UTF-8, and
/// PowerShell writes UTF-16.
fn password_text(bytes: &[u8]) -> Result<Zeroizing<String>, &'static str> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let (units, odd) = bytes.as_chunks::<2>();
        // Of a text that grows, parts would be left behind.
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

/// Something was decoded.
const DECODED: u8 = 0;
/// Nothing recognisable.
const NOTHING: u8 = 1;
/// Two messages are the same.
const SAME: u8 = 0;
/// Two messages differ.
const DIFFERENT: u8 = 1;
/// Wrong usage.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let command_line = CommandLine::try_parse().unwrap_or_else(|error| made_visible(error).exit());
    let code = match command_line.command {
        Command::Decode(decode) => decode.run(),
        Command::Audit(audit) => audit.run(),
        Command::Decide(decide) => decide.run(),
        Command::Findings(findings) => findings.run(),
        Command::Rules(rules) => rules.run(),
        Command::Diff(diff) => diff.run(),
        Command::Relay(relay) => relay.run(),
    };
    ExitCode::from(code.unwrap_or_else(|message| {
        say(&message);
        USAGE
    }))
}

/// Says a sentence beside the report, in which names of files may stand.
fn say(sentence: &str) {
    // Where standard error is closed there is nobody left to tell.
    let _ = writeln!(io::stderr(), "spnscope: {}", Visible(sentence));
}

/// The same refusal of arguments, with what is hidden in them written out.
fn made_visible(mut error: clap::Error) -> clap::Error {
    let written_out = |text: &String| Visible(text).to_string();
    let context: Vec<_> = error.context().map(|(kind, value)| (kind, value.clone())).collect();
    for (kind, value) in context {
        let shown = match &value {
            ContextValue::String(text) => ContextValue::String(written_out(text)),
            ContextValue::Strings(texts) => {
                ContextValue::Strings(texts.iter().map(written_out).collect())
            }
            _ => continue,
        };
        if shown != value {
            error.insert(kind, shown);
            // It may quote the argument between codes for colours, and helps nobody here.
            error.remove(ContextKind::Suggested);
        }
    }
    error
}

impl Decode {
    fn run(self) -> Result<u8, String> {
        let secret = self.secret.secret()?;
        let is_input = |file: Option<&Path>| file.is_none_or(|file| file == Path::new("-"));
        if self.server.import.is_some()
            && is_input(self.server.import.as_deref())
            && is_input(self.file.as_deref())
        {
            return Err("only one of FILE and --import can be standard input.".to_owned());
        }
        let adds = !self.server.allowed.is_empty();
        let (settings, imported) = self.server.settings()?;
        let analysis = decode(self.file.as_deref(), self.read_as, &settings, secret.as_ref())?;
        let extras = self.extras.extras(adds, imported.as_ref());
        match self.format {
            Format::Json => print_with(|to| report::write_json_with(&analysis, extras, to))?,
            Format::Text => print(&report::render_text_with(&analysis, extras))?,
        }
        let imported = imported.as_ref().map_or_else(String::new, report::render_imported_text);
        for line in imported.lines() {
            say(&format!("imported: {line}"));
        }
        if let Some(remark) = analysis.remark() {
            say(remark);
        }
        if self.read_as.is_none() && !analysis.others().is_empty() {
            let others: Vec<_> = analysis.others().iter().map(|reading| reading.code()).collect();
            say(&format!(
                "some of this can be read in another way, with --read-as {}.",
                others.join(" or ")
            ));
        }
        Ok(match analysis.refusal() {
            None => DECODED,
            Some(refusal) => {
                say(refusal);
                NOTHING
            }
        })
    }
}

impl Findings {
    fn run(self) -> Result<u8, String> {
        print(&match self.format {
            Format::Json => report::render_codes_json(),
            Format::Text => report::render_codes_text(),
        })?;
        Ok(DECODED)
    }
}

impl Rules {
    fn run(self) -> Result<u8, String> {
        print(&match self.format {
            Format::Json => report::render_rules_json(),
            Format::Text => report::render_rules_text(),
        })?;
        Ok(DECODED)
    }
}

impl Diff {
    fn run(self) -> Result<u8, String> {
        if self.left_file == Path::new("-") && self.right_file == Path::new("-") {
            return Err("only one of A and B can be standard input.".to_owned());
        }
        let (left, right) = (analyze_file(&self.left_file)?, analyze_file(&self.right_file)?);
        let left = chosen(&self.left_file, &left, self.left)?;
        let right = chosen(&self.right_file, &right, self.right)?;
        let comparison = compare(left.content, right.content);
        print(&match self.format {
            Format::Json => report::render_comparison_json(&left, &right, &comparison, self.all),
            Format::Text => report::render_comparison_text(&left, &right, &comparison, self.all),
        })?;
        Ok(if comparison.is_same() { SAME } else { DIFFERENT })
    }
}

/// What stands in a file; an error where that is no message.
fn analyze_file(file: &Path) -> Result<Analysis, String> {
    let analysis = decode(Some(file), None, &ServerSettings::default(), None)?;
    if let Some(remark) = analysis.remark() {
        say(&format!("{}: {remark}", name(file)));
    }
    match analysis.refusal() {
        Some(refusal) => Err(format!("{}: {refusal}", name(file))),
        None => Ok(analysis),
    }
}

/// The message with that number, or the one that tells most.
fn chosen<'a>(
    file: &Path,
    analysis: &'a Analysis,
    number: Option<usize>,
) -> Result<Compared<'a>, String> {
    let number = number.unwrap_or_else(|| analysis.most_telling());
    let file = name(file);
    match analysis.tokens.get(number) {
        Some(token) => {
            Ok(Compared { label: format!("{file}, message {number}"), content: &token.content })
        }
        None => Err(format!(
            "{file} has no message {number}; it has {}, counted from 0.",
            analysis.tokens.len()
        )),
    }
}

/// The name of a file, as it is.
fn name(file: &Path) -> String {
    if file == Path::new("-") { "standard input".to_owned() } else { file.display().to_string() }
}

fn print(text: &str) -> Result<(), String> {
    print_with(|to| to.write_str(text))
}

/// Prints what `write` writes.
fn print_with(write: impl FnOnce(&mut dyn fmt::Write) -> fmt::Result) -> Result<(), String> {
    let mut output = Output { to: io::stdout().lock(), error: None };
    // The error that counts is the output's own.
    let _ = write(&mut output);
    match output.error {
        // A reader that has seen enough, such as `head`, is no error.
        Some(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("cannot write the report: {error}."))
        }
        _ => Ok(()),
    }
}

/// Standard output as something that text is written to, and why it took no more.
struct Output<'o> {
    to: io::StdoutLock<'o>,
    error: Option<io::Error>,
}

impl fmt::Write for Output<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.to.write_all(text.as_bytes()).map_err(|error| {
            self.error = Some(error);
            fmt::Error
        })
    }
}

fn read(file: Option<&Path>) -> Result<Vec<u8>, String> {
    Input::open(file.unwrap_or_else(|| Path::new("-")))?.rest()
}

/// What is in a file: captures of any size, and everything else as a paste.
fn decode(
    file: Option<&Path>,
    read_as: Option<Reading>,
    settings: &ServerSettings,
    secret: Option<&Secret>,
) -> Result<Analysis, String> {
    let mut input = Input::open(file.unwrap_or_else(|| Path::new("-")))?;
    if read_as.is_some() || !input.is_capture()? {
        return Ok(analyze_as(&input.rest()?, read_as, settings, secret));
    }
    let mut reader = CaptureReader::default();
    while input.next(|piece| reader.push(piece))? {}
    Ok(reader.finish().judged(settings, secret))
}

fn cannot_read(file: &Path, error: &io::Error) -> String {
    format!("cannot read {}: {error}.", file.display())
}
