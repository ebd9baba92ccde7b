//! The work that is measured: the same functions natively, in Node and in a browser. Nothing here
//! looks at a clock; the callers do.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use spnscope::analysis::analyze;
use spnscope::audit::{Audit, Keep};
use spnscope::judge::{proof::Secret, smb::ServerSettings};
use spnscope::message::ntlm::Message;
use spnscope::show::report::{audit::json_lines_row, render_json};
use wasm_bindgen::prelude::wasm_bindgen;

/// Messages, as bytes and as one pastes them.
#[wasm_bindgen]
pub struct Work {
    messages: Vec<Arc<[u8]>>,
    texts: Vec<String>,
    server: ServerSettings,
}

#[wasm_bindgen]
impl Work {
    /// Takes messages in base64, one a line.
    ///
    /// # Panics
    ///
    /// Panics if a line is no message in base64.
    #[must_use]
    #[wasm_bindgen(constructor)]
    pub fn new(lines: &str) -> Self {
        let texts: Vec<_> = lines.lines().map(str::to_owned).collect();
        let bytes = |text: &String| STANDARD.decode(text).expect("base64").into();
        Self { messages: texts.iter().map(bytes).collect(), texts, server: server() }
    }

    /// Decodes each message in full: every field with its name, place and value, and what is odd.
    /// Returns how many were messages.
    #[must_use]
    pub fn decode(&self) -> usize {
        let messages = self.messages.iter().map(|bytes| Message::parse(Arc::clone(bytes)));
        messages
            .filter(|message| message.as_ref().is_ok_and(|it| !it.field().children.is_empty()))
            .count()
    }

    /// Makes the report of each message as JSON, from its base64. Returns how many reports have a
    /// message.
    #[must_use]
    pub fn json(&self) -> usize {
        let reports = self
            .texts
            .iter()
            .map(|text| render_json(&analyze(text.as_bytes(), &self.server, None)));
        reports.filter(|report| report.contains("\"layer\": \"ntlmssp\"")).count()
    }

    /// The number of messages that a call of the other functions takes.
    #[must_use]
    #[wasm_bindgen(getter)]
    pub fn messages(&self) -> usize {
        self.messages.len()
    }
}

/// Rows of the sign-ins in a capture, which is pushed in in pieces.
#[wasm_bindgen]
pub struct Sighted {
    audit: Audit,
    rows: usize,
}

#[wasm_bindgen]
impl Sighted {
    /// Nothing read yet.
    #[must_use]
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        let mut audit = Audit::new(server(), Keep::Nothing);
        audit.begin("capture");
        Self { audit, rows: 0 }
    }

    /// Reads on, and makes a line of JSON of each row that is complete.
    pub fn push(&mut self, bytes: &[u8]) {
        self.audit.push(bytes);
        self.take_rows();
    }

    /// Ends the file, and returns how many rows it had.
    pub fn finish(&mut self) -> usize {
        self.audit.finish();
        self.take_rows();
        self.rows
    }

    fn take_rows(&mut self) {
        let rows = self.audit.take_fresh();
        let lines = rows.iter().map(|row| json_lines_row(&self.audit, row));
        self.rows += lines.filter(|line| line.contains("ntlm")).count();
    }
}

impl Default for Sighted {
    fn default() -> Self {
        Self::new()
    }
}

/// The report of what was pasted, as JSON.
#[must_use]
#[wasm_bindgen]
#[allow(clippy::needless_pass_by_value, reason = "so it comes from JavaScript")]
pub fn report(pasted: &[u8], password: Option<String>) -> String {
    let secret = password.as_deref().map(Secret::from_password);
    render_json(&analyze(pasted, &server(), secret.as_ref()))
}

fn server() -> ServerSettings {
    ServerSettings {
        names: vec!["DCFR".into(), "dcfr.lab.lan".into()],
        addresses: vec!["10.0.0.11".parse().expect("an address")],
        ..ServerSettings::default()
    }
}
