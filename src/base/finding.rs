//! Findings: each thing that is odd or wrong in the input is one [`Finding`] with a stable
//! [`Code`].
//!
//! Page, report and code say *finding* for every remark, with one table of codes.

use std::borrow::Cow;

use serde::Serialize;

use crate::base::span::Span;

/// The meaning of a finding for a receiver of the message.
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

/// Declares [`Code`]: name, stable text, severity, and what to make of it.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $severity:ident, $says:literal;)*) => {
        /// The kind of a finding. Its text never changes once published.
        ///
        /// Its meaning in more words is its [`explanation`](Code::explanation).
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every kind there is.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable text, `subject/what`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The meaning for a receiver.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }

            /// The meaning of such a finding in general, and what to make of it.
            #[must_use]
            pub const fn explanation(self) -> &'static str {
                match self { $(Self::$name => $says,)* }
            }
        }
    };
}

codes! {
    /// The message type is not 1, 2 or 3.
    UnknownType = "message/unknown-type", Error,
        "NTLM has three messages. Anything else after the signature is damaged or is not NTLM.";
    /// The paste ends inside the message.
    MessageCut = "message/cut", Error,
        "The copy or the capture is cut. What is there is shown, and nothing is assumed about the rest. Copy the whole message.";
    /// The message ends inside its fixed header.
    HeaderTruncated = "header/truncated", Error,
        "The message ends too early, though its carrier is whole. What is there is shown; a receiver would refuse it.";
    /// `Len` at `BufferOffset` reaches past the end of the message.
    PayloadOutOfBounds = "payload/out-of-bounds", Error,
        "A field's length or offset is wrong, or the message was sent cut. A receiver would refuse it.";
    /// Two payload fields share bytes.
    PayloadOverlap = "payload/overlap", Warning,
        "No known client lets fields share bytes. Someone may have edited the message.";
    /// A payload field begins inside the fixed header.
    PayloadInHeader = "payload/in-header", Error,
        "A field's offset points into the fixed part. No known client does that.";
    /// Bytes that no field refers to, before the end of the last field.
    PayloadGap = "payload/gap", Note,
        "Allowed: fields may lie anywhere. Windows sometimes leaves gaps.";
    /// Bytes that no field refers to, after the last field.
    PayloadTrailing = "payload/trailing", Note,
        "Allowed. Often it is the rest of the packet around the message.";
    /// `MaxLen` is not `Len`.
    MaxLenDiffers = "payload/max-len", Note,
        "Both should be equal. Receivers look at Len only.";
    /// A UTF-16 string of an odd number of bytes.
    TextOddLength = "text/odd-length", Error,
        "UTF-16 uses two bytes per unit, so there is one byte too few or too many.";
    /// Half of a surrogate pair.
    TextLoneSurrogate = "text/lone-surrogate", Warning,
        "The text cannot be shown as it is. It is damaged, or someone is testing how software handles it.";
    /// Strings in the client's OEM code page.
    TextOem = "text/oem", Note,
        "Old clients do this. The code page depends on the client's language.";
    /// The `AV_PAIR` list ends inside a pair.
    AvPairTruncated = "av-pair/truncated", Error,
        "The list ends inside a pair. A receiver would refuse it.";
    /// The `AV_PAIR` list has no MsvAvEOL.
    AvPairMissingEol = "av-pair/missing-eol", Error,
        "Every list ends with MsvAvEOL. Without it a receiver may read past the end.";
    /// Bytes after MsvAvEOL other than the four zero bytes.
    AvPairAfterEol = "av-pair/after-eol", Note,
        "Windows sometimes leaves bytes after the list. NTProofStr covers them all the same.";
    /// More pairs than are read.
    AvPairTooMany = "av-pair/too-many", Warning,
        "No client sends more than a dozen. Someone is testing how software handles it.";
    /// Two pairs of one AvId.
    AvPairDuplicate = "av-pair/duplicate", Warning,
        "No known client sends a pair twice. Which one counts is not documented.";
    /// A value of a size that its AvId cannot have.
    AvPairSize = "av-pair/size", Error,
        "A receiver cannot read the value.";
    /// An AvId that the specification does not name.
    AvPairUnknown = "av-pair/unknown-id", Note,
        "Newer than the specification, or made up. It is kept and shown.";
    /// An NT response too short for what its kind needs.
    ResponseTooShort = "nt-response/too-short", Error,
        "The response is cut or damaged, so no password or hash can fit it.";
    /// An NT response of a length no kind has.
    ResponseOddLength = "nt-response/odd-length", Error,
        "The response is cut or damaged, so no password or hash can fit it.";
    /// `RespType` or `HiRespType` of an NTLMv2 response is not 1.
    ResponseType = "nt-response/type", Warning,
        "Only version 1 exists. NTProofStr covers these bytes, so whoever computed it wrote them this way.";
    /// The response stands alone in a NetNTLMv2 line.
    ResponseLine = "nt-response/line", Note,
        "Tools print the response this way. It is judged like any other; the rest of the message is not known.";
    /// The challenge in a NetNTLMv2 line does not have 8 bytes.
    ResponseLineChallenge = "nt-response/line-challenge", Note,
        "ServerChallenge has 8 bytes. The tool that printed the line took too many bytes for it, or too few.";
    /// NTLMv1, NTLM2 session response or LM: no room for a target name.
    ResponseOld = "nt-response/old-kind", Note,
        "Old clients send it, or a client that an attacker forced back to the old kind. Level 2 denies such a client.";
    /// The sign-in is anonymous.
    ResponseAnonymous = "nt-response/anonymous", Note,
        "A null session. It proves no identity, and its session key is all zero.";
    /// 24 zero bytes instead of an LM response.
    LmResponseZero = "lm-response/zero", Note,
        "A real LM response would weaken the sign-in.";
    /// MsvAvFlags announces a MIC and the header has no room for one.
    MicAnnouncedMissing = "mic/announced-missing", Error,
        "The attack of CVE-2019-1040: someone removed the MIC but could not remove its announcement.";
    /// MsvAvFlags announces a MIC and sixteen zero bytes are there.
    MicZero = "mic/zero", Error,
        "Someone blanked the MIC, or a client library does not compute it.";
    /// There are bytes in the place of a MIC, and nothing announces it.
    MicUnannounced = "mic/unannounced", Note,
        "Harmless. Without the announcement no server checks the bytes.";
    /// The header has room behind Version, and too little of it for a MIC.
    MicNoRoom = "mic/no-room", Warning,
        "No known client does that. Someone may have cut the MIC out, or built the message by hand.";
    /// NTProofStr does not fit the secret given, or was computed over other bytes.
    ProofNtProofStr = "proof/nt-proof-str", Error,
        "The password or hash is wrong, or a byte that NTProofStr covers was changed. A server refuses the sign-in.";
    /// The response of another kind does not fit the secret given, or was computed over other
    /// bytes.
    ProofResponse = "proof/response", Error,
        "The password or hash is wrong, or the response or the challenge was changed. A server refuses the sign-in.";
    /// The LM response beside another response does not fit the secret given.
    ProofLmResponse = "proof/lm-response", Warning,
        "Servers check the other response first, and use this one only if that fails.";
    /// The MIC does not match the messages.
    ProofMic = "proof/mic", Error,
        "One of the three messages was changed on the way. A server refuses the sign-in if the MIC is announced.";
    /// A `mechListMIC` does not match.
    ProofMechListMic = "proof/mech-list-mic", Error,
        "Someone changed the client's list of mechanisms on the way, or the signature. A receiver refuses it.";
    /// The message carries no MIC.
    MicAbsent = "mic/absent", Note,
        "The flags and names outside the response can be changed on the way. The target name cannot.";
    /// Version bytes are there though the flag for them is not set, or the other way round.
    FlagsVersion = "flags/version", Note,
        "Harmless: the flag and the eight bytes should go together.";
    /// Both character sets.
    FlagsCharsetBoth = "flags/charset-both", Note,
        "UTF-16 counts. The specification's own examples do this.";
    /// Neither character set.
    FlagsCharsetNeither = "flags/charset-neither", Error,
        "The specification asks receivers to refuse such a message.";
    /// An encrypted session key without `NTLMSSP_NEGOTIATE_KEY_EXCH`, or the other way round.
    FlagsKeyExchange = "flags/key-exchange", Warning,
        "The key and its flag should go together; otherwise both sides compute different keys.";
    /// TargetInfo without `NTLMSSP_NEGOTIATE_TARGET_INFO`, or the other way round.
    FlagsTargetInfo = "flags/target-info", Warning,
        "The list and its flag should go together.";
    /// A name in a NEGOTIATE message whose flag is not set.
    FlagsSupplied = "flags/supplied", Note,
        "Harmless: the name and its flag should go together.";
    /// Reserved bits of NegotiateFlags are set.
    FlagsReserved = "flags/reserved", Note,
        "Harmless: receivers ignore the bits.";
    /// An NTLMv2 response without `MsvAvTargetName`.
    TargetNameAbsent = "target-name/absent", Note,
        "Older client libraries send none. Level 2 denies such a client.";
    /// `MsvAvTargetName` of length 0.
    TargetNameEmpty = "target-name/empty", Note,
        "The client did not know which server it was talking to. An empty name counts as sent, and it matches nothing.";
    /// MsvAvFlags says that the target name comes from an untrusted source.
    TargetNameUntrusted = "target-name/untrusted", Note,
        "The client does not trust where it got the name from, and says so. A server treats it as not sent.";
    /// A target name without a service class.
    TargetNameNoClass = "target-name/no-class", Note,
        "A server that checks the name requires cifs/ before the host.";
    /// A target name with `@realm`.
    TargetNameRealm = "target-name/realm", Note,
        "Kerberos names have a realm; a server does not strip it from an NTLM name.";
    /// A target name with a port.
    TargetNamePort = "target-name/port", Note,
        "How a server compares a name with a port is not documented.";
    /// A target name with a third part.
    TargetNameThirdPart = "target-name/third-part", Note,
        "Domain controllers' LDAP names have a third part. How a file server compares one is not documented.";
    /// A host name that carries a marshalled target.
    TargetNameMarshalled = "target-name/marshalled", Warning,
        "A known trick (CVE-2025-33073): the name carries another target in base64. The check cannot see it.";
    /// `TimeStamp` and `MsvAvTimestamp` lie far from one another.
    TimestampFar = "timestamp/far", Note,
        "A client copies the server's time. If it did not, the message may have been put together from two.";
    /// Channel bindings of sixteen zero bytes: none.
    ChannelBindingsZero = "channel-bindings/zero", Note,
        "Sixteen zero bytes mean none.";
    /// The AUTHENTICATE message does not echo this CHALLENGE.
    ExchangeMismatch = "exchange/challenge-mismatch", Warning,
        "Messages of two sign-ins were pasted together, or someone changed the CHALLENGE on the way.";
    /// A message sets flags that the one before it did not offer.
    ExchangeFlags = "exchange/flags-beyond-offer", Note,
        "A server chooses among what the client offers. Some software sets its flags regardless. Or someone changed a message on the way.";
    /// The AUTHENTICATE leaves out the CHALLENGE's `MsvAvTimestamp`.
    ExchangePairMissing = "exchange/timestamp-left-out", Note,
        "Clients copy the server's list. Without the server's time, a response is harder to tell from an old one sent again.";
    /// The CHALLENGE has `MsvAvTimestamp` and the AUTHENTICATE no MIC.
    ExchangeMicExpected = "exchange/mic-expected", Note,
        "The specification asks clients for one. Without it the flags and names outside the response can be changed on the way.";
    /// More than one earlier message could be what this one answers.
    ExchangeAmbiguous = "exchange/ambiguous", Note,
        "Several sign-ins are mixed up here. The MIC covers all three messages, so with the password or hash it shows which belong together.";
    /// An ASN.1 element ends past what is there.
    DerTruncated = "der/truncated", Error,
        "The capture or the copy is cut, or a length was changed. A receiver would refuse it.";
    /// An ASN.1 element whose length is indefinite or too long, or a string in segments.
    DerNotDer = "der/not-der", Warning,
        "Some receivers accept it, others refuse it. Windows and the usual libraries write DER.";
    /// An ASN.1 element that has to be there is not, or another is in its place.
    DerUnexpected = "der/unexpected", Error,
        "The token is damaged, or not what it looks like. A receiver would refuse it.";
    /// An ASN.1 element that the specification does not name.
    DerUnknown = "der/unknown", Note,
        "Newer than the specification, or made up. It is ignored.";
    /// Bytes after a token, in a place that is for the token alone.
    DerTrailing = "der/trailing", Note,
        "The token ends before them. Receivers ignore them or refuse the whole token.";
    /// `negState` is `reject`.
    SpnegoReject = "spnego/reject", Note,
        "The sign-in ends here, whatever the token says.";
    /// The token carried is not that of the first mechanism, or NTLMSSP is offered behind the
    /// first.
    SpnegoOrder = "spnego/mech-order", Note,
        "Someone in the middle can make a client that offers both use NTLM.";
    /// An NTLM message, and NTLMSSP is not among the mechanisms named.
    SpnegoNotListed = "spnego/mech-not-listed", Warning,
        "The two should go together. The message may have been put into someone else's token.";
    /// A number of an AP-REQ that the specification fixes has another value.
    KerberosNumber = "kerberos/wrong-number", Error,
        "The message is damaged, or is not an AP-REQ. A receiver would refuse it.";
    /// Reserved bits of `ap-options` are set.
    KerberosReserved = "kerberos/reserved-options", Note,
        "Harmless: receivers ignore the bits.";
    /// An SMB packet ends before its transport header, or its own header, says.
    SmbTruncated = "smb/truncated", Error,
        "The capture or the copy is cut. What is there is shown; a receiver waits for the rest.";
    /// `StructureSize` is not that of the message.
    SmbStructureSize = "smb/structure-size", Error,
        "The header is damaged. A receiver would refuse it.";
    /// The security buffer is outside its message, or in its header.
    SmbSecurityBuffer = "smb/security-buffer", Error,
        "An offset or a length is wrong, or the packet is cut. A receiver would refuse it.";
    /// `NextCommand` points to where no SMB2 header is.
    SmbNextCommand = "smb/next-command", Error,
        "The chain is damaged. A receiver would refuse it.";
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

    /// The meaning for a receiver.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.code.severity()
    }
}
