//! Copies of a message or of one of its fields, in several forms.

use std::{fmt::Write as _, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::view::{DecodeView, FieldRow, field_rows};
use spnscope::analysis::Analysis;
use spnscope::base::{
    span::Span,
    visible::{Visible, is_hidden},
};
use spnscope::message::{
    content::Content,
    field::{Field, Name, Value, hex},
    kerberos::{self, ApReq},
    ntlm::StatedBeside,
};

/// The form of a copy.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum CopyForm {
    /// Two digits a byte, with spaces between.
    #[default]
    Hex,
    /// An array in C.
    CArray,
    /// Base64 in one line.
    Base64,
    /// The name and value of each field, a line each.
    Text,
    /// The name, value and bytes of each field, as JSON.
    Json,
}

impl CopyForm {
    /// All forms, in their order.
    pub const ALL: [Self; 5] = [Self::Hex, Self::CArray, Self::Base64, Self::Text, Self::Json];

    /// The label of the form.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Hex => "Hex",
            Self::CArray => "C array",
            Self::Base64 => "Base64",
            Self::Text => "Text",
            Self::Json => "JSON",
        }
    }
}

/// Renders the field at `row` with its parts, or the whole message, to be copied. With `blank`, the
/// parts that a password can be guessed from are left out: their bytes are zero, and they have no
/// value. [`left_out`] names them.
#[must_use]
pub fn copy(view: &DecodeView, row: Option<usize>, form: CopyForm, blank: bool) -> String {
    let rows = match row.and_then(|row| view.fields.get(row..)) {
        None => &view.fields[..],
        Some(rest) => {
            let deeper = |row: &FieldRow| row.depth > rest[0].depth;
            let below = rest.iter().skip(1).take_while(|row| deeper(row)).count();
            &rest[..=below]
        }
    };
    let span = row.and_then(|row| view.fields.get(row)).map(|row| row.span);
    let span = span.unwrap_or_else(|| Span::at(0, view.bytes.len()));
    let secret = if blank { secret_spans(&view.fields, &view.bytes) } else { Vec::new() };
    let bytes = blank_spans(&view.bytes, &secret);
    let bytes = bytes.get(span.start..span.end).unwrap_or_default();
    let is_secret =
        |row: &FieldRow| !row.value.is_empty() && secret.iter().any(|span| span.overlaps(row.span));
    let mut out = String::new();
    match form {
        CopyForm::Hex => {
            for (index, byte) in bytes.iter().enumerate() {
                let space = if index == 0 { "" } else { " " };
                // Writing to a String does not fail.
                let _ = write!(out, "{space}{byte:02x}");
            }
        }
        CopyForm::CArray => c_array(&mut out, rows.first().filter(|_| row.is_some()), bytes),
        CopyForm::Base64 => out = STANDARD.encode(bytes),
        CopyForm::Text => {
            for row in rows {
                for _ in 0..row.depth {
                    out += "  ";
                }
                let value = if is_secret(row) { "left out" } else { &*row.value };
                // A line each, whatever is in the value.
                let _ = writeln!(out, "{}: {}", row.name, Visible(value));
            }
        }
        CopyForm::Json => json(&mut out, rows, &is_secret),
    }
    out
}

/// The parts of the message that a copy to share leaves out, in a few words; `None` if there are
/// none, so that no such copy is offered.
#[must_use]
pub fn left_out(view: &DecodeView) -> Option<&'static str> {
    if secret_spans(&view.fields, &view.bytes).is_empty() {
        None
    } else if kerberos::begins(&view.bytes) {
        Some("all that is encrypted in the ticket and the authenticator")
    } else {
        Some("the responses, the exchanged key and the MIC")
    }
}

/// The messages of an analysis, one a line, without the parts that a password can be guessed from.
#[must_use]
pub fn messages_to_share(analysis: &Analysis) -> String {
    let mut out = String::new();
    for token in analysis.tokens() {
        let (fields, _) = field_rows(&token.content);
        let bytes = token.content.shared_bytes();
        let bytes = blank_spans(&bytes, &secret_spans(&fields, &bytes));
        if let Content::Response(line) = &token.content {
            let StatedBeside { user, domain, server_challenge } = &line.beside;
            let (proof, rest) = bytes.split_at(bytes.len().min(NT_PROOF_STR_LEN));
            let [challenge, proof, rest] = [server_challenge, proof, rest].map(hex);
            let _ = writeln!(out, "{user}::{domain}:{challenge}:{proof}:{rest}");
        } else {
            STANDARD.encode_string(bytes, &mut out);
            out.push('\n');
        }
    }
    out
}

/// The length of NTProofStr, the first bytes of an NTLMv2 response.
const NT_PROOF_STR_LEN: usize = 16;

/// Copies the bytes with zeros in `spans`.
fn blank_spans(bytes: &[u8], spans: &[Span]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for span in spans {
        if let Some(bytes) = bytes.get_mut(span.start..span.end) {
            bytes.fill(0);
        }
    }
    bytes
}

/// The places of the bytes from which a password can be guessed.
fn secret_spans(fields: &[FieldRow], bytes: &Arc<[u8]>) -> Vec<Span> {
    if kerberos::begins(bytes) {
        let message = ApReq::parse(Arc::clone(bytes));
        let root = message.field();
        let mut secrets = root.gaps();
        add_opaque(&root, &mut secrets);
        secrets.retain(|span| !span.is_empty());
        return secrets;
    }
    let has_proof = fields.iter().any(|row| row.name == "NTProofStr");
    let is_secret = |row: &&FieldRow| match &*row.name {
        "LmChallengeResponse" | "NTProofStr" | "EncryptedRandomSessionKey" | "MIC" => true,
        "NtChallengeResponse" => !has_proof,
        _ => false,
    };
    fields.iter().filter(is_secret).map(|row| row.span).filter(|span| !span.is_empty()).collect()
}

/// Adds the values that are only bytes: ciphertexts under the key of a service or session, and
/// bytes in the place of another element.
fn add_opaque(field: &Field<'_>, secrets: &mut Vec<Span>) {
    if matches!((&field.name, &field.value), (Name::Field("value"), Value::Bytes(_))) {
        secrets.push(field.span);
    }
    for child in &field.children {
        add_opaque(child, secrets);
    }
}

fn c_array(out: &mut String, row: Option<&FieldRow>, bytes: &[u8]) {
    let named = row.map_or("message", |row| &row.name);
    let letter = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
    let name: String = named.chars().map(letter).collect();
    let _ = write!(out, "static const unsigned char {name}[{}] = {{", bytes.len());
    for (index, byte) in bytes.iter().enumerate() {
        *out += if index % 12 == 0 { "\n    " } else { " " };
        let _ = write!(out, "0x{byte:02x},");
    }
    *out += "\n};\n";
}

fn json(out: &mut String, rows: &[FieldRow], is_secret: &dyn Fn(&FieldRow) -> bool) {
    *out += "[";
    for (index, row) in rows.iter().enumerate() {
        *out += if index == 0 { "\n" } else { ",\n" };
        *out += "  {\"path\": ";
        quote(out, row.path.as_str());
        *out += ", \"value\": ";
        if is_secret(row) {
            *out += "null";
        } else {
            quote(out, &row.value);
        }
        let _ = write!(out, ", \"start\": {}, \"end\": {}}}", row.span.start, row.span.end);
    }
    *out += "\n]\n";
}

fn quote(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        if letter == '"' || letter == '\\' {
            out.push('\\');
            out.push(letter);
        } else if is_hidden(letter) {
            let mut units = [0; 2];
            for unit in letter.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(letter);
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{SAMPLES, decode};
    use spnscope::analysis::analyze;
    use spnscope::message::ntlm::Message;

    fn sample(short: &str) -> DecodeView {
        let sample = SAMPLES.iter().find(|sample| sample.short == short).unwrap();
        let server = sample.server();
        let analysis = analyze(sample.text.as_bytes(), &server, None);
        decode(&analysis, analysis.default_token(), &server).unwrap()
    }

    fn story() -> DecodeView {
        sample("NAT in front")
    }

    fn row(view: &DecodeView, name: &str) -> Option<usize> {
        view.fields.iter().position(|row| row.name == name)
    }

    #[test]
    fn a_field_is_copied_in_every_form() {
        let view = story();
        let signature = row(&view, "Signature");
        let copied = |form| copy(&view, signature, form, false);
        assert_eq!(copied(CopyForm::Hex), "4e 54 4c 4d 53 53 50 00");
        assert_eq!(copied(CopyForm::Base64), "TlRMTVNTUAA=");
        assert_eq!(
            copied(CopyForm::CArray),
            "static const unsigned char Signature[8] = {\n    0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0x00,\n};\n"
        );
        assert!(copied(CopyForm::Text).starts_with("Signature: "));
        let json: serde_json::Value = serde_json::from_str(&copied(CopyForm::Json)).unwrap();
        assert_eq!((&json[0]["start"], &json[0]["end"]), (&0.into(), &8.into()));
        // A field is copied with its parts.
        let version = copy(&view, row(&view, "Version"), CopyForm::Text, false);
        assert!(version.contains("\n  ProductMajorVersion: "), "{version}");
    }

    #[test]
    fn text_has_no_hidden_character_and_no_forged_line() {
        let mut view = story();
        let at = row(&view, "UserName").unwrap();
        view.fields[at].value = "User\nMIC: 00\u{202e}".to_owned();
        let text = copy(&view, Some(at), CopyForm::Text, false);
        assert_eq!(text, "UserName: User\\u{a}MIC: 00\\u{202e}\n");
    }

    #[test]
    fn the_whole_message_in_base64_is_what_was_pasted() {
        let view = story();
        let pasted = SAMPLES[0].text.lines().last().unwrap();
        assert_eq!(copy(&view, None, CopyForm::Base64, false), pasted);
    }

    #[test]
    fn a_copy_to_share_has_nothing_to_guess_a_password_with() {
        let view = story();
        let bytes = STANDARD.decode(copy(&view, None, CopyForm::Base64, true)).unwrap();
        assert_eq!(bytes.len(), view.bytes.len());
        let message = Message::parse(bytes.clone().into()).unwrap();
        let authenticate = message.as_authenticate().unwrap();
        assert_eq!(authenticate.target_name(message.source()).text().unwrap().0, "cifs/10.0.0.100");
        for name in ["NTProofStr", "MIC", "LmChallengeResponse", "EncryptedRandomSessionKey"] {
            let span = view.fields[row(&view, name).unwrap()].span;
            assert!(bytes[span.start..span.end].iter().all(|byte| *byte == 0), "{name}");
            let text = copy(&view, row(&view, name), CopyForm::Text, true);
            assert!(text.contains("left out"), "{text}");
            assert!(copy(&view, row(&view, name), CopyForm::Json, true).contains("null"));
        }
        // NTLMv1 has no NTProofStr, so the whole response is left out.
        let old = sample("NTLMv1 client");
        let response = copy(&old, row(&old, "NtChallengeResponse"), CopyForm::Hex, true);
        assert!(response.len() > 60 && response.bytes().all(|byte| b"0 ".contains(&byte)));
    }

    #[test]
    fn shared_messages_get_the_same_answer_and_prove_nothing() {
        let captures: [&[u8]; 3] = [
            SAMPLES[0].text.as_bytes(),
            b"User::LAB:0123456789abcdef:68cd0ab851e51c96aabc927bebef6a1c:0101000000000000000000000000000000aaaaaaaaaaaaaa000000000900200063006900660073002f00310030002e0030002e0030002e00310030003000000000000000000000000000",
            include_bytes!("../../../tests/fixtures/captures/ad-smb3-kerberos-by-fqdn.pcapng"),
        ];
        for captured in captures {
            let server = SAMPLES[0].server();
            let before = analyze(captured, &server, None);
            let shared = messages_to_share(&before);
            let after = analyze(shared.as_bytes(), &server, None);
            let names = |analysis: &Analysis| {
                let verdicts = analysis.exchanges().iter().filter_map(|it| it.verdict.as_ref());
                verdicts.map(|it| it.evidence.target.clone()).collect::<Vec<_>>()
            };
            assert!(!names(&before).is_empty());
            assert_eq!(names(&after), names(&before), "{shared}");
            for proof in ["68cd0ab851e51c96", "aa892c6f"] {
                assert!(!shared.contains(proof), "{shared}");
            }
        }
    }

    #[test]
    fn json_is_valid_whatever_a_name_contains() {
        let mut out = String::new();
        quote(&mut out, "a\"\\\n\u{202e}\u{1f600}\u{0}");
        assert_eq!(out, "\"a\\\"\\\\\\u000a\\u202e\u{1f600}\\u0000\"");
    }
}
