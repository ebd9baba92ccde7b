//! The explanation of each field, flag and AV pair, from the specification.

use crate::message::{
    field::{FieldPath, Name},
    wire::AvId,
};

/// An explanation of a field: one sentence, and the section of the specification it is from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Explanation {
    /// One sentence.
    pub text: &'static str,
    /// `[MS-NLMP]` or `RFC 4120`.
    pub specification: &'static str,
    /// `2.2.2.1`.
    pub section: &'static str,
}

impl Explanation {
    /// The specification and its section, to be read together.
    #[must_use]
    pub const fn source(self) -> [&'static str; 2] {
        [self.specification, self.section]
    }
}

const fn say(text: &'static str, section: &'static str) -> Explanation {
    Explanation { text, specification: "[MS-NLMP]", section }
}

/// Explains the field at `path`.
#[must_use]
#[rustfmt::skip]
pub fn field(path: &FieldPath) -> Explanation {
    let message = match path.steps().first() {
        Some(Name::Field("AP-REQ")) => return kerberos(path),
        Some(Name::Field("NEGOTIATE_MESSAGE")) => "2.2.1.1",
        Some(Name::Field("CHALLENGE_MESSAGE")) => "2.2.1.2",
        _ => "2.2.1.3",
    };
    let name = path.field();
    match name {
        "Signature" => say("Eight bytes that every NTLM message begins with.", message),
        "MessageType" => say("1 offers, 2 challenges, 3 answers.", message),
        "NegotiateFlags" if message == "2.2.1.1" => say("What the client offers.", "2.2.2.5"),
        "NegotiateFlags" => say("What both sides agree on. The MIC covers it, so it cannot be changed on the way unnoticed.", "2.2.2.5"),
        "Version" => say("The sender's Windows version. For people reading logs; no check depends on it.", "2.2.2.10"),
        "ProductMajorVersion" => say("The first part of the version.", "2.2.2.10"),
        "ProductMinorVersion" => say("The second part of the version.", "2.2.2.10"),
        "ProductBuild" => say("The build number, which tells Windows releases apart.", "2.2.2.10"),
        "NTLMRevisionCurrent" => say("The revision of NTLM; 15 everywhere today.", "2.2.2.10"),
        "MIC" => say("A checksum over all three messages, keyed with the session key. Whoever changes a byte on the way cannot make a new one.", "2.2.1.3"),
        "DomainNameFields" => say("Where the domain is: its length, the space reserved for it, and its offset from the start of the message.", message),
        "UserNameFields" => say("Where the user name is: its length, the space reserved for it, and its offset.", message),
        "WorkstationFields" => say("Where the computer name is: its length, the space reserved for it, and its offset.", message),
        "LmChallengeResponseFields" => say("Where the LM response is: its length, the space reserved for it, and its offset.", message),
        "NtChallengeResponseFields" => say("Where the answer to the challenge is: its length, the space reserved for it, and its offset.", message),
        "EncryptedRandomSessionKeyFields" => say("Where the encrypted session key is: its length, the space reserved for it, and its offset.", message),
        "TargetNameFields" => say("Where the server's TargetName is: its length, the space reserved for it, and its offset.", message),
        "TargetInfoFields" => say("Where the server's list of names is: its length, the space reserved for it, and its offset.", message),
        "DomainName" => say("The user's domain, as the client states it.", message),
        "UserName" => say("The user who signs in.", message),
        "Workstation" => say("The client computer's name, as it states it itself.", message),
        "LmChallengeResponse" => say("The oldest form of answer. A client that sends a MIC leaves it zero.", "2.2.2.4"),
        "NtChallengeResponse" => say("The answer to the server's challenge.", "2.2.2.8"),
        "EncryptedRandomSessionKey" => say("The key the client chose for signing and sealing, encrypted under one that follows from the secret.", message),
        "TargetName" => say("What the server calls itself or its domain. Not the name the client asked for.", message),
        "TargetInfo" => say("The server's names and its time, which the client copies into its answer.", message),
        "ServerChallenge" => say("The random number that the client's answer has to fit.", message),
        "NTProofStr" => say("HMAC-MD5 over the challenge and everything below. Only someone who has the secret can make it, so nothing below can be changed on the way.", "2.2.2.8"),
        "NTLMv2_CLIENT_CHALLENGE" => say("What NTProofStr is computed over, besides the server's challenge.", "2.2.2.7"),
        "RespType" | "HiRespType" => say("The version of the answer; 1.", "2.2.2.7"),
        "TimeStamp" => say("When the client answered: the server's time where it sent one, else its own.", "2.2.2.7"),
        "ChallengeFromClient" => say("The client's own random number.", "2.2.2.7"),
        "AvPairs" => say("The names the server sent, and what the client adds: which server it meant, and whether there is a MIC.", "2.2.2.1"),
        "Reserved" => say("Zero; receivers ignore it.", message),
        "Reserved1" | "Reserved2" | "Reserved3" => say("Zero; receivers ignore it.", "2.2.2.7"),
        "Reserved4" => say("Four zero bytes that end what NTProofStr is computed over.", "3.3.2"),
        "AvId" => say("What the pair is.", "2.2.2.1"),
        "AvLen" => say("Size of its value, in bytes.", "2.2.2.1"),
        "Value" => say("Its value.", "2.2.2.1"),
        "Size" => say("Size of the structure, in bytes.", "2.2.2.2"),
        "Z4" => say("Zero.", "2.2.2.2"),
        "CustomData" => say("For a server on the same machine only.", "2.2.2.2"),
        "MachineID" => say("A random number made when the client computer started.", "2.2.2.2"),
        "AfterMachineID" => say("Added by newer Windows; receivers ignore it.", "2.2.2.2"),
        _ if name.ends_with("MaxLen") => say("The space reserved for the field, in bytes. Receivers ignore it.", message),
        _ if name.ends_with("Len") => say("The field's size, in bytes.", message),
        _ if name.ends_with("BufferOffset") => say("Where the field begins, in bytes from the start of the message.", message),
        _ => say("No field refers to these bytes.", message),
    }
}

/// Explains the field of an AP-REQ at `path`. The parts of an element have the explanation of the
/// whole of it.
#[rustfmt::skip]
fn kerberos(path: &FieldPath) -> Explanation {
    let named = path.steps().iter().rev().find_map(|step| match step {
        Name::Field(name) if !matches!(*name, "value" | "end of contents") => Some(*name),
        _ => None,
    });
    let (text, section) = match named.unwrap_or_default() {
        "tag and length" => ("What kind of element this is, and its size.", "5.1"),
        "AP-REQ" => ("What a client shows a service: a ticket, and that it has the ticket's key.", "5.5.1"),
        "pvno" => ("The version of Kerberos: 5.", "5.5.1"),
        "msg-type" => ("Which message this is: 14.", "5.5.1"),
        "ap-options" => ("What the client wants: that the server proves itself too, or that the session key of its own ticket is used.", "5.5.1"),
        "ticket" => ("What the domain controller gave the client for one service. Only the service can open it.", "5.3"),
        "authenticator" => ("Shows that the client has the ticket's session key. Its checksum holds the flags and channel bindings.", "5.5.1"),
        "tkt-vno" => ("The version of the ticket: 5.", "5.3"),
        "realm" => ("The realm that gave the ticket. It is not part of the service's name.", "5.2.2"),
        "sname" => ("The service the ticket is for, in the clear. A server that checks it compares it with its own names.", "5.3"),
        "name-type" => ("What kind of name follows. Receivers do not rely on it.", "6.2"),
        "name-string" => ("The parts of the name: the service, then the host.", "5.2.2"),
        "enc-part" => ("The session key, the client's name and its groups, under the key of the service.", "5.3"),
        "etype" => ("How it is encrypted.", "5.2.9"),
        "kvno" => ("Which of the service's keys it is encrypted with.", "5.2.9"),
        "cipher" => ("The encrypted bytes. They are not decrypted.", "5.2.9"),
        _ => ("No field refers to these bytes.", "5.5.1"),
    };
    Explanation { text, specification: "RFC 4120", section }
}

/// Explains an AV pair.
#[must_use]
#[rustfmt::skip]
pub const fn av_pair(id: AvId) -> Explanation {
    say(match id {
        AvId::MsvAvEOL => "Ends the list.",
        AvId::MsvAvNbComputerName => "The server's NetBIOS name.",
        AvId::MsvAvNbDomainName => "The NetBIOS name of the server's domain.",
        AvId::MsvAvDnsComputerName => "The server's full DNS name.",
        AvId::MsvAvDnsDomainName => "The DNS name of the server's domain.",
        AvId::MsvAvDnsTreeName => "The DNS name of the server's forest.",
        AvId::MsvAvFlags => "Three bits: constrained account (0x1), a MIC is there (0x2), the target name is untrusted (0x4).",
        AvId::MsvAvTimestamp => "The server's time.",
        AvId::MsvAvSingleHost => "Which machine the client is. Only a server on the same machine looks at it.",
        AvId::MsvAvTargetName => "The name the client asked for: the service, a slash, the host as the user typed it. A server that checks it compares it with its own names.",
        AvId::MsvAvChannelBindings => "Ties the sign-in to a TLS channel. Zero means none; SMB has none.",
        _ => "Not named in the specification. Receivers ignore it.",
    }, "2.2.2.1")
}

/// Explains bit `bit` (0 to 31) of NegotiateFlags, where it is set.
#[must_use]
#[rustfmt::skip]
pub const fn flag(bit: usize) -> Explanation {
    say(match bit {
        0 => "Strings are UTF-16.",
        1 => "Strings are in the OEM code page.",
        2 => "The server is to send its TargetName.",
        4 => "Messages are to be signed.",
        5 => "Messages are to be encrypted.",
        6 => "Connectionless authentication.",
        7 => "The session key is made the LAN Manager way.",
        9 => "NTLM is used.",
        11 => "The sign-in is anonymous.",
        12 => "A domain name is supplied.",
        13 => "A workstation name is supplied.",
        15 => "A session key is made even if nothing is signed.",
        16 => "TargetName is a domain.",
        17 => "TargetName is a server.",
        19 => "The newer session security is used.",
        20 => "The server may only identify the client.",
        22 => "The session key is made from the LM hash.",
        23 => "TargetInfo is there.",
        25 => "Version is there.",
        29 => "128-bit keys.",
        30 => "The client chooses the session key.",
        31 => "56-bit keys.",
        _ => "Reserved; receivers ignore it.",
    }, "2.2.2.5")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_pair_has_a_sentence_of_its_own() {
        let unnamed = av_pair(AvId(u16::MAX));
        for id in (0..u16::MAX).map(AvId) {
            assert_eq!(id.name().is_some(), av_pair(id) != unnamed, "{id}");
        }
    }

    #[test]
    fn a_number_is_explained_by_what_it_counts() {
        let at = |names: &[&'static str]| {
            let steps: Vec<_> = names.iter().copied().map(Name::Field).collect();
            field(&FieldPath::new(&steps))
        };
        let pointer = ["AUTHENTICATE_MESSAGE", "UserNameFields"];
        assert!(at(&[&pointer[..], &["UserNameMaxLen"]].concat()).text.contains("reserved"));
        assert!(at(&[&pointer[..], &["UserNameLen"]].concat()).text.contains("size"));
        assert_eq!(at(&["CHALLENGE_MESSAGE", "ServerChallenge"]).section, "2.2.1.2");
        let names = ["AP-REQ", "ticket", "sname", "name-string"].map(Name::Field);
        let second = [&names[..], &[Name::Index(1), Name::Field("value")]].concat();
        let host = field(&FieldPath::new(&second));
        assert_eq!(host, field(&FieldPath::new(&names)));
        assert_eq!((host.specification, host.section), ("RFC 4120", "5.2.2"));
    }
}
