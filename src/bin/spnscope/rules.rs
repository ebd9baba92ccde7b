//! The subcommand `rules`: the list of every rule.

use clap::Args;
use spnscope::show::report;

use crate::{
    arguments::Format,
    output::{DONE, print},
};

#[derive(Args)]
pub(crate) struct Rules {
    /// The form of the list.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Rules {
    pub(crate) fn run(self) -> Result<u8, String> {
        print(&match self.format {
            Format::Json => report::render_rules_json(),
            Format::Text => report::render_rules_text(),
        })?;
        Ok(DONE)
    }
}
