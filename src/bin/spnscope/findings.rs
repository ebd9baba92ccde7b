//! The subcommand `findings`: the list of every kind of finding.

use clap::Args;
use spnscope::show::report;

use crate::{
    arguments::Format,
    output::{DONE, print},
};

#[derive(Args)]
pub(crate) struct Findings {
    /// The form of the list.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Findings {
    pub(crate) fn run(self) -> Result<u8, String> {
        print(&match self.format {
            Format::Json => report::render_codes_json(),
            Format::Text => report::render_codes_text(),
        })?;
        Ok(DONE)
    }
}
