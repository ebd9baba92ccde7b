//! The subcommand `decide`: the answer to a name, without a message.

use clap::{Args, ValueEnum};
use spnscope::judge::imports::Import;
use spnscope::judge::smb::{
    Carrier, Checked, Evidence, LevelValue, MicEvidence, ProofEvidence, Server, ServerNames,
    ServerSettings, Smb, Target, decide,
};
use spnscope::message::ntlm::ResponseKind;
use spnscope::show::report::{self, Extras};

use crate::{
    arguments::{ExtraArguments, Format, ServerArguments},
    output::{DONE, print},
};

#[derive(Args)]
pub(crate) struct Decide {
    #[command(flatten)]
    name: NameArguments,
    /// The client marks the name as coming from an untrusted source; of a ticket, as unverified.
    #[arg(long, requires = "spn")]
    untrusted: bool,
    /// What the client signs in with.
    #[arg(long, value_enum, default_value_t = With::Ntlmv2)]
    with: With,
    /// The version of SMB that the sign-in comes over. The check is the same for both.
    #[arg(long, value_enum)]
    smb: Option<WithSmb>,
    /// The server lets the client in as guest.
    #[arg(long)]
    guest: bool,
    /// Only this level (repeatable): 0 Off, 1 Accept if provided by client, 2 Required from client.
    /// For other numbers, which a registry can hold, it says what is known.
    #[arg(long, value_name = "LEVEL")]
    level: Vec<u32>,
    #[command(flatten)]
    server: ServerArguments,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    extras: ExtraArguments,
}

#[derive(Args)]
#[group(multiple = false)]
struct NameArguments {
    /// The name the client asks for, like `cifs/10.0.0.100`. Default: the name in the event given
    /// with --import.
    #[arg(long, value_name = "SPN")]
    spn: Option<String>,
    /// The client sends no name.
    #[arg(long)]
    no_spn: bool,
    /// The client sends an empty name.
    #[arg(long)]
    empty_spn: bool,
}

impl NameArguments {
    /// Returns true if the name is that of the event in --import.
    const fn is_to_be_imported(&self, with: With) -> bool {
        let has_place = matches!(with, With::Ntlmv2 | With::Kerberos);
        has_place && self.spn.is_none() && !self.no_spn && !self.empty_spn
    }
}

#[derive(Clone, Copy, Eq, PartialEq, ValueEnum)]
enum With {
    /// NTLMv2, which has a place for a name.
    Ntlmv2,
    /// NTLMv1, which has none.
    Ntlmv1,
    /// The NTLM2 session response, which has none.
    Ntlm2Session,
    /// LM alone, which has none.
    Lm,
    /// LMv2 alone, which has none.
    Lmv2,
    /// No account, and no place for a name.
    Anonymous,
    /// SMB1 without extended security, which has no place for a name.
    Smb1Bare,
    /// A Kerberos ticket, which always names the service.
    Kerberos,
}

impl With {
    const fn carrier(self) -> Carrier {
        match self {
            Self::Ntlmv2 => Carrier::Ntlm(ResponseKind::Ntlmv2),
            Self::Ntlmv1 => Carrier::Ntlm(ResponseKind::Ntlmv1),
            Self::Ntlm2Session => Carrier::Ntlm(ResponseKind::Ntlm2Session),
            Self::Lm => Carrier::Ntlm(ResponseKind::Lm),
            Self::Lmv2 => Carrier::Ntlm(ResponseKind::Lmv2),
            Self::Anonymous => Carrier::Ntlm(ResponseKind::Anonymous),
            Self::Smb1Bare => Carrier::Smb1Bare,
            Self::Kerberos => Carrier::Kerberos,
        }
    }
}

#[derive(Clone, Copy, Eq, PartialEq, ValueEnum)]
enum WithSmb {
    /// SMB1.
    Smb1,
    /// SMB2 or SMB3.
    Smb2,
}

impl Decide {
    pub(crate) fn run(self) -> Result<u8, String> {
        let adds = !self.server.allowed.is_empty();
        let (with, smb) = (self.with, self.smb);
        if with == With::Smb1Bare && smb == Some(WithSmb::Smb2) {
            return Err(
                "--with smb1-bare is SMB1, so it cannot be combined with --smb smb2.".to_owned()
            );
        }
        let (settings, import) = self.server.settings()?;
        if let Some(import) = import.as_ref().filter(|_| self.name.is_to_be_imported(with))
            && import.refused().is_none()
            && !import.refusals.is_empty()
        {
            print(&match self.format {
                Format::Json => {
                    let server = Server::new(&settings, &ServerNames::default());
                    report::render_undecided_json(import, &server)
                }
                Format::Text => report::render_undecided_text(import),
            })?;
            return Ok(DONE);
        }
        let target = target(self.name, self.untrusted, with, import.as_ref())?;
        let mut evidence = Evidence {
            target,
            carrier: with.carrier(),
            proof: ProofEvidence::Response(Checked::Not),
            mic: MicEvidence::NotAnnounced,
            time_stamp: None,
            smb: match (with, smb) {
                (With::Smb1Bare, _) | (_, Some(WithSmb::Smb1)) => Some(Smb::Smb1),
                (_, Some(WithSmb::Smb2)) => Some(Smb::Smb2),
                (_, None) => None,
            },
            has_errors: false,
        };
        match with {
            With::Ntlmv2 => evidence.mic = MicEvidence::Announced(Checked::Not),
            With::Anonymous => evidence.proof = ProofEvidence::Anonymous,
            With::Kerberos => evidence.proof = ProofEvidence::Ticket,
            _ => {}
        }
        if self.guest {
            evidence.proof = ProofEvidence::Guest;
        }
        let asked: Vec<_> = self.level.iter().copied().map(LevelValue).collect();
        let extras = self.extras.extras(import.as_ref().filter(|_| !adds));
        print_decided(&evidence, &settings, &asked, import.as_ref(), self.format, extras)?;
        Ok(DONE)
    }
}

/// Prints the answers of a server with these settings to a client's statement, at the given levels,
/// or at all.
pub(crate) fn print_decided(
    evidence: &Evidence,
    settings: &ServerSettings,
    asked: &[LevelValue],
    import: Option<&Import>,
    format: Format,
    extras: Extras,
) -> Result<(), String> {
    let server = Server::new(settings, &ServerNames::default());
    let mut decisions = decide(evidence, &server).into_array().to_vec();
    if !asked.is_empty() {
        let is_asked = |level| asked.iter().any(|asked| asked.level() == Some(level));
        decisions.retain(|decision| is_asked(decision.level));
    }
    let decided = report::Decided {
        evidence,
        server: &server,
        decisions: &decisions,
        other_levels: asked,
        level: import.and_then(Import::level_value),
        import,
        extras,
    };
    print(&match format {
        Format::Json => report::render_decided_json(&decided),
        Format::Text => report::render_decided_text(&decided),
    })
}

/// The client's statement, by the way it signs in.
fn target(
    name: NameArguments,
    untrusted: bool,
    with: With,
    import: Option<&Import>,
) -> Result<Target, String> {
    let has_place = matches!(with, With::Ntlmv2 | With::Kerberos);
    Ok(match name {
        NameArguments { spn: None, empty_spn: false, .. } if !has_place => Target::NotCarried,
        _ if !has_place => {
            return Err("only ntlmv2 and kerberos have a place for a name.".to_owned());
        }
        NameArguments { no_spn: true, .. } if with == With::Kerberos => {
            return Err("a Kerberos ticket always names the service: say which with --spn.".to_owned());
        }
        NameArguments { spn: Some(spn), .. } if untrusted => Target::Untrusted(spn),
        NameArguments { spn: Some(spn), .. } if spn.is_empty() => Target::Empty,
        NameArguments { spn: Some(spn), .. } => Target::Present(spn),
        NameArguments { no_spn: true, .. } => Target::Absent,
        NameArguments { empty_spn: true, .. } => Target::Empty,
        NameArguments { .. } => import.and_then(Import::refused).cloned().ok_or(
            "say what the client asks for: --spn SPN, --no-spn or --empty-spn, or --import with an event 5168.",
        )?,
    })
}
