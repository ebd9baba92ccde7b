//! The report as the command line prints it, rendered only on demand.

use std::sync::Arc;

use spnscope::analysis::Analysis;
use spnscope::judge::{
    imports::Import,
    smb::{Evidence, Server, ServerNames, ServerSettings, decide},
};
use spnscope::show::report::{self, Decided, Extras};

/// The subject of a report.
#[derive(Clone, Debug)]
pub enum Reported {
    /// The analysis of the input; `spnscope decode`.
    Decoded(Arc<Analysis>),
    /// The client's statement and the server; `spnscope decide`.
    Decided(Box<(Evidence, ServerSettings)>),
    /// The statement, the settings and the import that they were read from; `spnscope decide
    /// --import`.
    Imported(Box<(Option<Evidence>, ServerSettings, Import)>),
}

/// The form of a report.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ReportForm {
    /// Text for people.
    Text,
    /// JSON for programs.
    Json,
}

impl ReportForm {
    /// Both forms.
    pub const ALL: [Self; 2] = [Self::Text, Self::Json];

    /// The label of the form.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "JSON",
        }
    }
}

impl Reported {
    /// Renders the report, byte for byte as the command line prints it.
    #[must_use]
    pub fn render(&self, form: ReportForm) -> String {
        match self {
            Self::Decoded(analysis) => match form {
                ReportForm::Text => report::render_text(analysis),
                ReportForm::Json => report::render_json(analysis),
            },
            Self::Decided(asked) => decided(Some(&asked.0), &asked.1, None, form),
            Self::Imported(asked) => decided(asked.0.as_ref(), &asked.1, Some(&asked.2), form),
        }
    }
}

fn decided(
    evidence: Option<&Evidence>,
    settings: &ServerSettings,
    import: Option<&Import>,
    form: ReportForm,
) -> String {
    let server = Server::new(settings, &ServerNames::default());
    let Some(evidence) = evidence else {
        return match (form, import) {
            (_, None) => String::new(),
            (ReportForm::Text, Some(import)) => report::render_undecided_text(import),
            (ReportForm::Json, Some(import)) => report::render_undecided_json(import, &server),
        };
    };
    let decisions = decide(evidence, &server).into_array();
    let decided = Decided {
        evidence,
        server: &server,
        decisions: &decisions,
        other_levels: &[],
        level: import.and_then(Import::level_value),
        import,
        extras: Extras::default(),
    };
    match form {
        ReportForm::Text => report::render_decided_text(&decided),
        ReportForm::Json => report::render_decided_json(&decided),
    }
}
