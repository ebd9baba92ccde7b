//! The subcommand `relay`: a run of the relay lab.

use std::net::IpAddr;

use clap::{Args, ValueEnum, builder::TypedValueParser};
use spnscope::judge::smb::{Level, Role};
use spnscope::lab::{
    exchange::ClientKind,
    relay::{Edit, Middle, Scenario, run},
};
use spnscope::show::report;

use crate::{
    arguments::{Format, levels, one_of},
    output::{DONE, print},
};

#[derive(Args)]
pub(crate) struct Relay {
    /// Who stands between the client and the server.
    #[arg(long, value_name = "WHO", default_value = "nobody", value_parser = middles())]
    middle: Middle,
    /// What the attacker changes.
    #[arg(long, value_name = "WHAT", default_value = "nothing", value_parser = edits())]
    edit: Edit,
    /// The name that --edit rewrite-target-name puts in.
    #[arg(long, value_name = "NAME", default_value = Edit::TARGET_NAME)]
    target_name: String,
    /// The policy's level: 0 Off, 1 Accept if provided by client, 2 Required from client.
    #[arg(long, default_value = "0", value_parser = levels())]
    level: Level,
    /// An entry of `SrvAllowedServerNames`.
    #[arg(long, value_name = "NAME")]
    allowed: Vec<String>,
    /// An address of the server, in place of 10.0.0.11.
    #[arg(long, value_name = "ADDR")]
    server_ip: Vec<IpAddr>,
    /// Whether the server requires SMB signing. Default: a domain controller does, a member server
    /// does not.
    #[arg(long, value_enum)]
    signing: Option<Requirement>,
    /// Whether the server requires SMB encryption, and refuses access without it.
    #[arg(long, value_enum, default_value_t = Requirement::NotRequired)]
    encryption: Requirement,
    /// Whether CVE-2019-1040 is fixed on the server.
    #[arg(long, value_enum, default_value_t = YesNo::Yes)]
    patched: YesNo,
    /// What the server is in its domain.
    #[arg(long, value_enum, default_value_t = ServerRole::Member)]
    server: ServerRole,
    /// Who signs in.
    #[arg(long, value_name = "KIND", default_value = "windows", value_parser = clients())]
    client: ClientKind,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Requirement {
    /// It does.
    Required,
    /// It does not.
    NotRequired,
}

impl Requirement {
    const fn is_required(self) -> bool {
        matches!(self, Self::Required)
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum YesNo {
    /// It is.
    Yes,
    /// It is not: an announced MIC may be missing.
    No,
}

#[derive(Clone, Copy, ValueEnum)]
enum ServerRole {
    /// A member server: its domain controller checks the proof and hands back the session key.
    Member,
    /// A domain controller: it checks the proof itself.
    Controller,
}

fn middles() -> impl TypedValueParser<Value = Middle> {
    one_of(Middle::ALL.to_vec(), |middle| middle.as_str(), |middle| middle.label())
}

fn edits() -> impl TypedValueParser<Value = Edit> {
    one_of(Edit::all().to_vec(), Edit::as_str, Edit::label)
}

fn clients() -> impl TypedValueParser<Value = ClientKind> {
    one_of(ClientKind::ALL.to_vec(), |kind| kind.as_str(), |kind| kind.label())
}

impl Relay {
    pub(crate) fn run(self) -> Result<u8, String> {
        let format = self.format;
        let scenario = self.scenario();
        let run = run(&scenario).map_err(|error| format!("{error}."))?;
        print(&match format {
            Format::Json => report::render_relay_json(&scenario, &run),
            Format::Text => report::render_relay_text(&scenario, &run),
        })?;
        Ok(DONE)
    }

    fn scenario(self) -> Scenario {
        let mut scenario = Scenario::new(self.middle);
        let role = match self.server {
            ServerRole::Member => Role::Member,
            ServerRole::Controller => Role::DomainController,
        };
        scenario.edit = match self.edit {
            Edit::RewriteTargetName(_) => Edit::RewriteTargetName(self.target_name),
            edit => edit,
        };
        scenario.level = self.level;
        scenario.client = self.client;
        scenario.requires_signing = match self.signing {
            Some(signing) => signing.is_required(),
            None => Scenario::signs_by_default(role),
        };
        scenario.requires_encryption = self.encryption.is_required();
        scenario.server.role = role;
        scenario.server.allowed = self.allowed;
        scenario.server.patched_cve_2019_1040 = matches!(self.patched, YesNo::Yes);
        if !self.server_ip.is_empty() {
            scenario.server.addresses = self.server_ip;
        }
        scenario
    }
}
