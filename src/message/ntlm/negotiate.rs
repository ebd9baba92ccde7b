//! `NEGOTIATE_MESSAGE`, read and checked.

use crate::base::{
    finding::{Code, Finding},
    span::{Located, Source, Span},
};
use crate::message::{
    field::Field,
    ntlm::{
        Charset, PayloadField, PayloadNames, Version, flags_field,
        payload::{check_layout, payload_start},
        text_payload::{payload_leaf, text},
    },
    wire::NegotiateFlags,
};

/// `NEGOTIATE_MESSAGE`: what the client offers.
///
/// Spec: [MS-NLMP] 2.2.1.1. A part that the message is too short for is `None`; from Windows 95 on
/// clients have sent as little as 16 bytes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Negotiate {
    /// `NegotiateFlags`.
    pub flags: Option<Located<NegotiateFlags>>,
    /// `DomainNameFields`. The name is in the OEM code page.
    pub domain_name: Option<PayloadField>,
    /// `WorkstationFields`. The name is in the OEM code page.
    pub workstation: Option<PayloadField>,
    /// `Version`.
    pub version: Option<Version>,
}

/// The offsets of the fixed fields, in bytes.
pub(super) mod at {
    pub(crate) const FLAGS: usize = 12;
    pub(crate) const DOMAIN_NAME: usize = 16;
    pub(crate) const WORKSTATION: usize = 24;
    pub(crate) const VERSION: usize = 32;
    /// The shortest form: signature, type and flags.
    pub(crate) const MIN_LEN: usize = 16;
}

impl Negotiate {
    pub(crate) fn read(message: Source<'_>, findings: &mut Vec<Finding>) -> Self {
        let flags = message.le_u32(at::FLAGS).map(|n| n.map(NegotiateFlags::from_bits_retain));
        if flags.is_none() {
            findings.push(super::cut_header(message, at::MIN_LEN, "NEGOTIATE_MESSAGE"));
        }
        let domain_name =
            PayloadField::read(message, at::DOMAIN_NAME, &PayloadNames::DOMAIN_NAME, findings);
        let workstation =
            PayloadField::read(message, at::WORKSTATION, &PayloadNames::WORKSTATION, findings);
        let start = payload_start(message, [domain_name, workstation]);
        let version = Some(at::VERSION + Version::SIZE)
            .filter(|end| *end <= start)
            .and_then(|_| Version::read(message, at::VERSION));
        let negotiate = Self { flags, domain_name, workstation, version };
        let header = Span::new(0, negotiate.header_len().min(message.0.len()));
        check_layout(header.len(), &[domain_name, workstation], findings);
        super::check_flags(flags, version.as_ref(), findings);
        super::check_charset(flags, findings);
        for (field, flag) in [
            (domain_name, NegotiateFlags::NTLMSSP_NEGOTIATE_OEM_DOMAIN_SUPPLIED),
            (workstation, NegotiateFlags::NTLMSSP_NEGOTIATE_OEM_WORKSTATION_SUPPLIED),
        ] {
            if let Some(field) = field
                && let Some(flags) = flags
                && field.len.value != 0
                && !flags.value.contains(flag)
            {
                findings.push(Finding::new(
                    Code::FlagsSupplied,
                    field.span(),
                    format!("{} is there and its flag is not set.", field.names.payload),
                ));
            }
        }
        negotiate
    }

    /// The length of its fixed fields, of those that are there.
    pub(super) fn header_len(&self) -> usize {
        let fields = [self.domain_name, self.workstation];
        let ends = fields.iter().flatten().map(|field| field.span().end);
        ends.chain(self.version.map(|version| version.span().end)).fold(at::MIN_LEN, usize::max)
    }

    /// Domain and workstation, as sent; `None` where they are not there.
    pub(crate) fn names(&self, message: Source<'_>) -> [Option<String>; 2] {
        [self.domain_name, self.workstation].map(|field| text(message, field, Charset::Oem))
    }

    pub(crate) fn fields<'m>(&self, message: Source<'m>, fields: &mut Vec<Field<'m>>) {
        fields.extend(self.flags.map(flags_field));
        for field in [self.domain_name, self.workstation] {
            fields.extend(field.map(|field| field.header_field()));
            fields.extend(payload_leaf(field, |data| Charset::Oem.value(message.slice(data))));
        }
        fields.extend(self.version.map(|version| version.field(message)));
    }
}
