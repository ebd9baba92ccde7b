//! The names of security mechanisms.

use std::fmt::Write as _;

/// SPNEGO itself, 1.3.6.1.5.5.2.
pub(super) const SPNEGO: &[u8] = &[0x2B, 6, 1, 5, 5, 2];
/// NTLMSSP, 1.3.6.1.4.1.311.2.2.10.
pub(super) const NTLMSSP: &[u8] = &[0x2B, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 10];
/// Kerberos 5, 1.2.840.113554.1.2.2.
pub(super) const KERBEROS: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x12, 1, 2, 2];

/// Kerberos 5 with a slip of Windows 2000 that stayed, 1.2.840.48018.1.2.2.
const MS_KERBEROS: &[u8] = &[0x2A, 0x86, 0x48, 0x82, 0xF7, 0x12, 1, 2, 2];
/// Kerberos between two users, 1.2.840.113554.1.2.2.3.
const USER_TO_USER: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x12, 1, 2, 2, 3];

/// Returns true if the mechanism carries tokens of Kerberos.
pub(super) fn is_kerberos(contents: &[u8]) -> bool {
    [KERBEROS, MS_KERBEROS, USER_TO_USER].contains(&contents)
}

/// Contents of an `OBJECT IDENTIFIER`, and the name of what it stands for.
const NAMES: &[(&[u8], &str)] = &[
    (SPNEGO, "SPNEGO"),
    (NTLMSSP, "NTLMSSP"),
    (KERBEROS, "Kerberos 5"),
    (MS_KERBEROS, "MS Kerberos 5"),
    (USER_TO_USER, "Kerberos user-to-user"),
    // 1.3.6.1.5.2.5.
    (&[0x2B, 6, 1, 5, 2, 5], "IAKERB"),
    // 1.3.6.1.4.1.311.2.2.30.
    (&[0x2B, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 30], "NEGOEX"),
];

/// The longest identifier that is written out, in bytes.
const MAX_LEN: usize = 32;

/// The name of the mechanism, or its numbers with dots between them.
pub(super) fn name(contents: &[u8]) -> String {
    match NAMES.iter().find(|(oid, _)| *oid == contents) {
        Some((_, name)) => (*name).to_owned(),
        None => dotted(contents),
    }
}

/// The numbers of an `OBJECT IDENTIFIER` with dots between them. The first byte stands for two.
///
/// Spec: X.690 8.19.
fn dotted(contents: &[u8]) -> String {
    let mut text = String::new();
    let mut number = 0_u64;
    for byte in contents.iter().take(MAX_LEN) {
        number = number.saturating_mul(128).saturating_add(u64::from(byte & 0x7F));
        if byte & 0x80 != 0 {
            continue;
        }
        // Writing to a String does not fail.
        let _ = if text.is_empty() {
            let first = (number / 40).min(2);
            write!(text, "{first}.{}", number - first * 40)
        } else {
            write!(text, ".{number}")
        };
        number = 0;
    }
    if contents.len() > MAX_LEN || contents.last().is_none_or(|last| last & 0x80 != 0) {
        text.push_str("...");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_have_names_or_numbers() {
        assert_eq!(name(NTLMSSP), "NTLMSSP");
        assert_eq!(dotted(NTLMSSP), "1.3.6.1.4.1.311.2.2.10");
        assert_eq!(dotted(KERBEROS), "1.2.840.113554.1.2.2");
        assert_eq!(dotted(NAMES[3].0), "1.2.840.48018.1.2.2");
        assert_eq!(dotted(NAMES[5].0), "1.3.6.1.5.2.5");
        assert_eq!(name(&[0x88, 0x37, 1]), "2.999.1");
        assert_eq!(name(&[0x2B, 0x86]), "1.3...");
        assert_eq!(name(&[]), "...");
    }
}
