//! The subcommand that decides about a name without a message.

use clap::Args;
use spnscope::{
    import::Import,
    policy::{Evidence, Level, Server, ServerNames, Target, decide},
    report,
};

use super::{DECODED, Format, ServerArguments, levels, print};

#[derive(Args)]
pub(super) struct Decide {
    #[command(flatten)]
    name: NameArguments,
    /// The client marks the name as coming from an untrusted source.
    #[arg(long, requires = "spn")]
    untrusted: bool,
    /// Only this level (repeatable): 0 Off, 1 Accept if provided by client, 2 Required from client.
    #[arg(long, value_parser = levels())]
    level: Vec<Level>,
    #[command(flatten)]
    server: ServerArguments,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Args)]
#[group(multiple = false)]
struct NameArguments {
    /// The name the client asks for, as in `cifs/10.0.0.100`. Without it, that of the event in --import.
    #[arg(long, value_name = "SPN")]
    spn: Option<String>,
    /// The client sends none.
    #[arg(long)]
    no_spn: bool,
    /// The client sends an empty one.
    #[arg(long)]
    empty_spn: bool,
}

impl Decide {
    pub(super) fn run(self) -> Result<u8, String> {
        let (settings, import) = self.server.settings()?;
        let target = match self.name {
            NameArguments { spn: Some(spn), .. } if self.untrusted => Target::Untrusted(spn),
            NameArguments { spn: Some(spn), .. } if spn.is_empty() => Target::Empty,
            NameArguments { spn: Some(spn), .. } => Target::Present(spn),
            NameArguments { no_spn: true, .. } => Target::Absent,
            NameArguments { empty_spn: true, .. } => Target::Empty,
            NameArguments { .. } => import.as_ref().and_then(Import::refused).cloned().ok_or(
                "say what the client asks for: --spn SPN, --no-spn or --empty-spn, or --import with an event 5168.",
            )?,
        };
        let evidence = Evidence::stating(target);
        let server = Server::new(&settings, &ServerNames::default());
        let mut decisions = decide(&evidence, &server).to_vec();
        if !self.level.is_empty() {
            decisions.retain(|decision| self.level.contains(&decision.level));
        }
        let decided = report::Decided {
            evidence: &evidence,
            server: &server,
            decisions: &decisions,
            level: import.as_ref().and_then(Import::level),
            import: import.as_ref(),
        };
        print(&match self.format {
            Format::Json => report::render_decided_json(&decided),
            Format::Text => report::render_decided_text(&decided),
        })?;
        Ok(DECODED)
    }
}
