//! The values of Kerberos messages.

use std::fmt;

use crate::message::{der, wire::Oem};

/// Text of a Kerberos message: ASCII by the specification, UTF-8 in practice. What is neither is
/// shown as [`Oem`] is.
///
/// Spec: RFC 4120 5.2.1.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct KerberosText<'m>(pub &'m [u8]);

impl fmt::Display for KerberosText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match str::from_utf8(self.0) {
            Ok(text) => f.write_str(text),
            Err(_) => Oem(self.0).fmt(f),
        }
    }
}

/// The contents of an element of a Kerberos message. Any bytes are a value; those that cannot be
/// what they should be are shown in hex.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct KerberosValue<'m> {
    /// The meaning of the contents.
    pub meaning: KerberosMeaning,
    /// The bytes themselves.
    pub bytes: &'m [u8],
}

/// A meaning of an element's contents.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum KerberosMeaning {
    /// A number.
    Number,
    /// `etype`: how something is encrypted. Spec: RFC 3961 8 and the registry it opened.
    EncryptionType,
    /// `name-type`. Spec: RFC 4120 6.2.
    NameType,
    /// `ap-options`. Spec: RFC 4120 5.5.1.
    ApOptions,
    /// Text.
    Text,
}

impl KerberosValue<'_> {
    /// The number, where it is one and 64 bits hold it.
    #[must_use]
    pub fn number(self) -> Option<i64> {
        match self.meaning {
            KerberosMeaning::ApOptions | KerberosMeaning::Text => None,
            _ => der::integer(self.bytes),
        }
    }

    /// The names of the options that are set, and whether others are.
    #[must_use]
    pub fn options(self) -> (Vec<&'static str>, bool) {
        // The first byte says how many bits at the end do not count; bit 0 is the highest of the
        // next.
        let first = self.bytes.get(1).copied().unwrap_or_default();
        let known = [(0x40, "use-session-key"), (0x20, "mutual-required")];
        let set = known.iter().filter(|(bit, _)| first & bit != 0).map(|(_, name)| *name);
        let rest = self.bytes.iter().skip(2).any(|byte| *byte != 0);
        (set.collect(), rest || first & !0x60 != 0)
    }
}

impl fmt::Display for KerberosValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.number();
        let name = match self.meaning {
            KerberosMeaning::Text => return KerberosText(self.bytes).fmt(f),
            KerberosMeaning::ApOptions => {
                let (mut names, others) = self.options();
                names.extend(others.then_some("reserved bits"));
                return f.write_str(&if names.is_empty() {
                    "none".into()
                } else {
                    names.join(", ")
                });
            }
            KerberosMeaning::Number => None,
            KerberosMeaning::EncryptionType => number.and_then(encryption_type),
            KerberosMeaning::NameType => number.and_then(name_type),
        };
        let Some(number) = number else {
            return self.bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"));
        };
        let sign = if number < 0 { "-" } else { "" };
        write!(f, "{sign}{}", number.unsigned_abs())?;
        name.map_or(Ok(()), |name| write!(f, " {name}"))
    }
}

/// The name of an encryption type.
#[must_use]
pub const fn encryption_type(number: i64) -> Option<&'static str> {
    Some(match number {
        1 => "des-cbc-crc",
        2 => "des-cbc-md4",
        3 => "des-cbc-md5",
        16 => "des3-cbc-sha1-kd",
        17 => "aes128-cts-hmac-sha1-96",
        18 => "aes256-cts-hmac-sha1-96",
        19 => "aes128-cts-hmac-sha256-128",
        20 => "aes256-cts-hmac-sha384-192",
        23 => "rc4-hmac",
        24 => "rc4-hmac-exp",
        25 => "camellia128-cts-cmac",
        26 => "camellia256-cts-cmac",
        _ => return None,
    })
}

const fn name_type(number: i64) -> Option<&'static str> {
    Some(match number {
        0 => "NT-UNKNOWN",
        1 => "NT-PRINCIPAL",
        2 => "NT-SRV-INST",
        3 => "NT-SRV-HST",
        4 => "NT-SRV-XHST",
        5 => "NT-UID",
        6 => "NT-X500-PRINCIPAL",
        7 => "NT-SMTP-NAME",
        10 => "NT-ENTERPRISE",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_as_one_reads_them() {
        let shown = |meaning, bytes: &[u8]| KerberosValue { meaning, bytes }.to_string();
        let both = "use-session-key, mutual-required, reserved bits";
        assert_eq!(shown(KerberosMeaning::EncryptionType, &[18]), "18 aes256-cts-hmac-sha1-96");
        assert_eq!(shown(KerberosMeaning::EncryptionType, &[0xFF, 0x79]), "-135");
        assert_eq!(shown(KerberosMeaning::NameType, &[2]), "2 NT-SRV-INST");
        assert_eq!(shown(KerberosMeaning::NameType, &[]), "");
        assert_eq!(shown(KerberosMeaning::Number, &[1; 9]), "010101010101010101");
        assert_eq!(shown(KerberosMeaning::ApOptions, &[0, 0x20, 0, 0, 0]), "mutual-required");
        assert_eq!(shown(KerberosMeaning::ApOptions, &[0, 0xE0, 0, 0, 1]), both);
        assert_eq!(shown(KerberosMeaning::ApOptions, &[0, 0, 0, 0, 0]), "none");
        assert_eq!(shown(KerberosMeaning::Text, b"M\xC3\xBCnchen"), "München");
        assert_eq!(shown(KerberosMeaning::Text, b"caf\xE9"), "caf\\xe9");
    }
}
