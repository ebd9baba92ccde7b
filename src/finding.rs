//! What is odd or wrong in the input: one [`Finding`] each, with a stable [`Code`].

use std::borrow::Cow;

use serde::Serialize;

use crate::span::Span;

/// What a finding means for a receiver of the message.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; the specification permits it.
    Note,
    /// Contradicts the specification or itself, or is what an attack or a broken client looks like.
    Warning,
    /// A receiver would refuse the message or could not read the field.
    Error,
}

/// Declares [`Code`]: name, stable text, severity.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $severity:ident;)*) => {
        /// The kind of a finding. Its text never changes once published.
        ///
        /// What each means in more words is in [`crate::explain::finding`].
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every kind there is.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable text, `subject/what`.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// What it means for a receiver.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    /// The message type is not 1, 2 or 3.
    UnknownType = "message/unknown-type", Error;
    /// The message ends inside its fixed header.
    HeaderTruncated = "header/truncated", Error;
    /// `Len` at `BufferOffset` reaches past the end of the message.
    PayloadOutOfBounds = "payload/out-of-bounds", Error;
    /// Two payload fields share bytes.
    PayloadOverlap = "payload/overlap", Warning;
    /// A payload field begins inside the fixed header.
    PayloadInHeader = "payload/in-header", Error;
    /// Bytes that no field refers to, before the end of the last field.
    PayloadGap = "payload/gap", Note;
    /// Bytes that no field refers to, after the last field.
    PayloadTrailing = "payload/trailing", Note;
    /// `MaxLen` is not `Len`.
    MaxLenDiffers = "payload/max-len", Note;
    /// A UTF-16 string of an odd number of bytes.
    TextOddLength = "text/odd-length", Error;
    /// Half of a surrogate pair.
    TextLoneSurrogate = "text/lone-surrogate", Warning;
    /// Strings in the client's OEM code page.
    TextOem = "text/oem", Note;
    /// The `AV_PAIR` list ends inside a pair.
    AvPairTruncated = "av-pair/truncated", Error;
    /// The `AV_PAIR` list has no MsvAvEOL.
    AvPairMissingEol = "av-pair/missing-eol", Error;
    /// Bytes after MsvAvEOL other than the four zero bytes.
    AvPairAfterEol = "av-pair/after-eol", Note;
    /// More pairs than are read.
    AvPairTooMany = "av-pair/too-many", Warning;
    /// Two pairs of one AvId.
    AvPairDuplicate = "av-pair/duplicate", Warning;
    /// A value of a size that its AvId cannot have.
    AvPairSize = "av-pair/size", Error;
    /// An AvId that the specification does not name.
    AvPairUnknown = "av-pair/unknown-id", Note;
    /// An NT response too short for what its kind needs.
    ResponseTooShort = "nt-response/too-short", Error;
    /// An NT response of a length no kind has.
    ResponseOddLength = "nt-response/odd-length", Error;
    /// NTLMv1, NTLM2 session response or LM: no room for a target name.
    ResponseOld = "nt-response/old-kind", Note;
    /// Nobody signs in.
    ResponseAnonymous = "nt-response/anonymous", Note;
    /// 24 zero bytes instead of an LM response.
    LmResponseZero = "lm-response/zero", Note;
    /// MsvAvFlags announces a MIC and the header has no room for one.
    MicAnnouncedMissing = "mic/announced-missing", Error;
    /// MsvAvFlags announces a MIC and sixteen zero bytes stand there.
    MicZero = "mic/zero", Error;
    /// Bytes stand where a MIC would, and nothing announces it.
    MicUnannounced = "mic/unannounced", Note;
    /// The message carries no MIC.
    MicAbsent = "mic/absent", Note;
    /// Version bytes are there though the flag for them is not set, or the other way round.
    FlagsVersion = "flags/version", Note;
    /// Both character sets.
    FlagsCharsetBoth = "flags/charset-both", Note;
    /// Neither character set.
    FlagsCharsetNeither = "flags/charset-neither", Error;
    /// An encrypted session key without `NTLMSSP_NEGOTIATE_KEY_EXCH`, or the other way round.
    FlagsKeyExchange = "flags/key-exchange", Warning;
    /// TargetInfo without `NTLMSSP_NEGOTIATE_TARGET_INFO`, or the other way round.
    FlagsTargetInfo = "flags/target-info", Warning;
    /// A name in a NEGOTIATE message whose flag is not set.
    FlagsSupplied = "flags/supplied", Note;
    /// Reserved bits of NegotiateFlags are set.
    FlagsReserved = "flags/reserved", Note;
    /// An NTLMv2 response without `MsvAvTargetName`.
    TargetNameAbsent = "target-name/absent", Note;
    /// `MsvAvTargetName` of length 0.
    TargetNameEmpty = "target-name/empty", Note;
    /// MsvAvFlags says that the target name comes from an untrusted source.
    TargetNameUntrusted = "target-name/untrusted", Note;
    /// A target name without a service class.
    TargetNameNoClass = "target-name/no-class", Note;
    /// A target name with `@realm`.
    TargetNameRealm = "target-name/realm", Note;
    /// A target name with a port.
    TargetNamePort = "target-name/port", Note;
    /// A target name with a third part.
    TargetNameThirdPart = "target-name/third-part", Note;
    /// A host name that carries a marshalled target.
    TargetNameMarshalled = "target-name/marshalled", Warning;
    /// `TimeStamp` and `MsvAvTimestamp` lie far from one another.
    TimestampFar = "timestamp/far", Note;
    /// Channel bindings of sixteen zero bytes: none.
    ChannelBindingsZero = "channel-bindings/zero", Note;
    /// The AUTHENTICATE message does not echo this CHALLENGE.
    ExchangeMismatch = "exchange/challenge-mismatch", Warning;
    /// An ASN.1 element ends past what is there.
    DerTruncated = "der/truncated", Error;
    /// An ASN.1 element whose length is indefinite or too long, or a string in segments.
    DerNotDer = "der/not-der", Warning;
    /// An ASN.1 element that has to be there is not, or another stands in its place.
    DerUnexpected = "der/unexpected", Error;
    /// An ASN.1 element that the specification does not name.
    DerUnknown = "der/unknown", Note;
    /// Bytes after a token, in a place that is for the token alone.
    DerTrailing = "der/trailing", Note;
    /// `negState` is `reject`.
    SpnegoReject = "spnego/reject", Note;
    /// The token carried is not that of the first mechanism, or NTLMSSP is offered behind the first.
    SpnegoOrder = "spnego/mech-order", Note;
    /// An NTLM message, and NTLMSSP is not among the mechanisms named.
    SpnegoNotListed = "spnego/mech-not-listed", Warning;
    /// A number of an AP-REQ that the specification fixes has another value.
    KerberosNumber = "kerberos/wrong-number", Error;
    /// Reserved bits of `ap-options` are set.
    KerberosReserved = "kerberos/reserved-options", Note;
    /// An SMB packet ends before its transport header, or its own header, says.
    SmbTruncated = "smb/truncated", Error;
    /// `StructureSize` is not that of the message.
    SmbStructureSize = "smb/structure-size", Error;
    /// The security buffer lies outside its message, or in its header.
    SmbSecurityBuffer = "smb/security-buffer", Error;
    /// `NextCommand` points to where no SMB2 header is.
    SmbNextCommand = "smb/next-command", Error;
}

/// `1 byte`, `2 bytes`.
pub(crate) fn bytes(count: usize) -> String {
    if count == 1 { "1 byte".to_owned() } else { format!("{count} bytes") }
}

/// One thing about the input that its reader should know.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Finding {
    /// Its kind, which fixes its severity.
    pub code: Code,
    /// The bytes it is about, counted from the first byte of the message.
    pub span: Span,
    /// One sentence.
    pub message: Cow<'static, str>,
}

impl Finding {
    /// A finding about the bytes at `span`.
    pub fn new(code: Code, span: Span, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, span, message: message.into() }
    }

    /// What it means for a receiver.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.code.severity()
    }
}
