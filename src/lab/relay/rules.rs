//! The rules about relays and about those who only look like one, with basis and source; beside
//! [`smb::rules`](crate::judge::smb::rules), which has the server's checks.

use crate::judge::rule::rules;
pub use crate::judge::rule::{Basis, Rule};

const NLMP: &str = "[MS-NLMP] revision 36.0, 3.1.5.1.2, 3.2.5.1.2 and 3.3";
const SMB2: &str = "[MS-SMB2] revision 84.0, 3.3.5.2.4 and 3.3.5.5.3";
const TENABLE: &str = "Clément Notin (Tenable), \"SMB 'Access is denied' caused by anti-NTLM relay protection\", 2023";
const NO_SOURCE: &str = "no public statement found";

rules! {
    UNDER_PROOF: "under-proof", Documented, NLMP,
        "NTProofStr covers all AV pairs, including the target name and MsvAvFlags; whoever changes one has to recompute it with the user's secret.";
    MIC_COVERS: "mic-covers", Documented, NLMP,
        "The MIC covers all three messages, byte by byte.";
    MIC_NOT_ANNOUNCED: "mic-not-announced", Documented, NLMP,
        "A server checks a MIC only if MsvAvFlags announces one.";
    PASS_THROUGH: "pass-through", Inferred, NLMP,
        "A member server does not have the user's key: it passes challenge and response to a domain controller, and gets the session key back.";
    SERVER_NAMED: "server-named", Documented, "[MS-APDS] revision 37.0, 3.1.5.2",
        "A domain controller answers only the server that the response names in `MsvAvNbComputerName`.";
    NO_SERVER_NAMED: "no-server-named", Documented, "[MS-NRPC] revision 49.0, 3.5.4.5.1",
        "Where the response has no `MsvAvNbComputerName`, the domain controller does not compare it.";
    SIGNATURE: "signature", Documented, SMB2,
        "Where signing is required, a request without the right signature is answered with `STATUS_ACCESS_DENIED`.";
    SIGNING_NOT_REQUIRED: "signing-not-required", Documented, SMB2,
        "Where signing is not required, a request need not be signed.";
    NOBODY_UNSIGNED: "anonymous-unsigned", Documented, SMB2,
        "An anonymous session is not signed, whatever the server requires.";
    NO_KEY: "relay-without-key", Documented,
        "Microsoft, \"Support for Audit Events to deploy SMB Server Hardening\" (KB5066913)",
        "Required signing stops relays: a relay only passes messages on and never learns the session key.";
    ENCRYPTION: "encryption", Documented, "[MS-SMB2] revision 84.0, 3.3.5.2.9",
        "If the server encrypts everything and refuses unencrypted access, a request in the clear is answered with `STATUS_ACCESS_DENIED`.";
    ENCRYPTION_NOT_REQUIRED: "encryption-not-required", Documented, "[MS-SMB2] revision 84.0, 3.3.5.2.9",
        "Where encryption is not required, a request may be in the clear.";
    ENCRYPTED_NOT_SIGNED: "encrypted-not-signed", Documented, "[MS-SMB2] revision 84.0, 3.1.4.3 and 3.3.5.2.4",
        "An encrypted request is not signed as well.";
    NO_KEY_TO_ENCRYPT: "relay-without-key-to-encrypt", Inferred,
        "Microsoft, \"Support for Audit Events to deploy SMB Server Hardening\" (KB5066913), for the protection; [MS-SMB2] revision 84.0, 3.3.5.2.9",
        "Required encryption stops relays: a relay only passes messages on and never learns the session key.";
    NOBODY_UNENCRYPTED: "anonymous-unencrypted", Assumed, NO_SOURCE,
        "An anonymous session has no key to encrypt with, so where encryption is required its requests are assumed to be refused.";
    ENCRYPTION_FIRST: "encryption-before-sign-in", Documented, "[MS-SMB2] revision 84.0, 3.3.5.5",
        "A client below SMB 3, or without the encryption capability, is refused before it signs in if everything has to be encrypted.";
    CONTROLLER_SIGNS: "controller-signs", Documented,
        "Microsoft, \"Overview of Server Message Block signing\"; [MS-SMB2] revision 84.0, note 90",
        "Domain controllers require signing by default, and member servers do not; Windows 11 24H2 Enterprise, Pro and Education require it too.";
    NOT_LOOKED_AT: "nothing-looked-at", Documented,
        "Microsoft, \"Microsoft network server: Server SPN target name validation level\"",
        "At level 0 the server compares no name, so it cannot tell a relay from a client.";
    PASSES_ON: "passes-on", Observed, TENABLE,
        "Address translation and load balancers pass an NTLM sign-in on as it is.";
    SPOOFED: "spoofed-name", Documented,
        "Microsoft, \"Connect to the Database Engine Using Extended Protection\", for the principle",
        "A name in the response stops those who lure a client elsewhere, not those who pose as the server it meant.";
    ALLOWED_FOR_ALL: "allowed-for-all", Inferred, TENABLE,
        "An allowed name is allowed for everyone behind it, including a relay.";
    MARSHALLED_REFUSED: "marshalled-refused", Observed,
        "Synacktiv, as reported in \"Windows Authentication Reflection, Part 1\", 2026, and by HackTricks",
        "SMB clients with the update of June 2025 (CVE-2025-33073) refuse a name with a marshalled target.";
    KNOWN_CREDENTIALS: "known-credentials", Observed, TENABLE,
        "Whoever knows the user's password can name any server, and has the session key.";
    HTTP_CLASS: "http-class", Observed,
        "gssapi/gss-ntlmssp issue 63; Synacktiv, \"A study on Windows HTTP authentication (Part II)\", 2023",
        "An HTTP client sends HTTP/ and the host it was told to open.";
    HTTP_UNSIGNED: "http-unsigned", Observed, "a Windows HTTP client in erspan.pcap of the test suite of zeek/zeek",
        "An HTTP client negotiates no signing, so a relay has no signing flags to clear, and the MIC can stay.";
    UNBOUND: "ntlmv1-unbound", Documented, NLMP,
        "NTLMv1 and NTLM2 session carry neither target name nor MIC, so nothing binds them to a server.";
    NTLMV1_TAKEN: "ntlmv1-taken", Assumed, NO_SOURCE,
        "Server and domain controller are assumed to accept NTLMv1 and NTLM2 session; `LmCompatibilityLevel` 5 on the controller refuses them.";
    NTLMV1_GONE: "ntlmv1-gone", Documented,
        "Microsoft, \"Upcoming changes to NTLMv1 in Windows 11, version 24H2 and Windows Server 2025\" (KB5066470)",
        "Windows 11 24H2 and Server 2025 no longer have NTLMv1; as servers they refuse it (inferred).";
    NTLMV2_ONLY: "lm-compatibility-level", Documented,
        "Microsoft, \"Network security: LAN Manager authentication level\"",
        "From `LmCompatibilityLevel` 3 on, a client answers with NTLMv2 only, whatever it is offered.";
    FLAGS_OF_NTLM: "flags-of-ntlm", Inferred, SMB2,
        "SMB settles signing in its own negotiation, so the flags of NTLM do not switch it off; attacks clear them to reach LDAP.";
    NOBODYS_SESSION: "nobodys-session", Inferred, NO_SOURCE,
        "An anonymous session gives an attacker nothing it could not have opened itself.";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use crate::lab::stated_rules;

    #[test]
    fn codes_are_unique_beside_those_of_the_policy_and_every_rule_has_a_source() {
        let all = || stated_rules().map(|(rule, _)| rule);
        let codes: HashSet<_> = all().map(|rule| rule.code).collect();
        assert_eq!(codes.len(), all().count());
        assert!(all().all(|rule| !rule.source.is_empty()));
    }
}
