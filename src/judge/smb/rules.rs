//! Every rule that a decision rests on, with its basis and its source.
//!
//! Nothing rests on what cannot be checked in public, such as code of Microsoft's that somebody
//! took apart: what only that would support is not simulated, or is `assumed`.

use crate::judge::rule::rules;

const NLMP: &str = "[MS-NLMP] revision 36.0, 3.2.5.1.2 and 3.3.2";
const LM_HASH: &str =
    "Microsoft, \"Network security: Do not store LAN Manager hash value on next password change\"";
const POLICY: &str =
    "Microsoft, \"Microsoft network server: Server SPN target name validation level\"";
const EVENT_5168: &str = "Microsoft, \"5168(F): SPN check for SMB/SMB2 failed\"";
const TENABLE: &str = "Clément Notin (Tenable), \"SMB 'Access is denied' caused by anti-NTLM relay protection\", 2023";
const ALIASES: &str = "ServerFault answer, \"Why does a MS GPO option break SMB shares that use a hosts file for the machine name\"";
const POLICY_AND_COMMAND: &str = "Microsoft, \"Microsoft network server: Server SPN target name validation level\" and \"Set-SmbServerConfiguration\"";
const CLASS: &str = "jdu2600/Windows10EtwEvents, event 3025 of Microsoft-Windows-SMBServer, for the separate test; Pixis, \"NTLM Relay\", 2020";
const EVENTS_3024_3026: &str =
    "jdu2600/Windows10EtwEvents, events 3024 and 3026 of Microsoft-Windows-SMBServer";
const NO_SOURCE: &str = "no public statement found";

rules! {
    CUT_OFF: "cut-off", Documented, NLMP,
        "A server answers the whole message; what a cut paste leaves out may decide, so there is no answer to it.";
    PROOF_WRONG: "proof-wrong", Documented, NLMP,
        "A response that does not fit the user's secret ends the sign-in. That happens before the name check (inferred).";
    LM_ALONE: "lmv2-alone", Documented, NLMP,
        "An LMv2 response that fits is enough, even if the NT response beside it does not fit; the target name in the NT response is read all the same.";
    LM_NOT_KEPT: "lm-not-kept", Inferred, LM_HASH,
        "An LM response that fits is not enough if the server keeps no LM hash, which has been the default since Windows Vista.";
    RESPONSE_DAMAGED: "response-damaged", Inferred, NLMP,
        "A response too short for its own kind fits no secret.";
    PROOF_NOT_CHECKED: "proof-not-checked", Assumed, "nothing given to check it with",
        "Without the user's password or hash, the response is assumed to be right.";
    TICKET_NOT_CHECKED: "ticket-not-checked", Assumed, "nothing is decrypted",
        "A Kerberos ticket and its authenticator are assumed to be right.";
    ANONYMOUS_NO_PROOF: "anonymous-no-proof", Documented, NLMP,
        "An anonymous sign-in has no response and an all-zero session key.";
    GUEST: "guest-not-proven", Assumed, NO_SOURCE,
        "A sign-in that ends as guest is assumed to be checked like any other, though nothing proves the name in it.";
    MIC_WRONG: "mic-wrong", Documented, NLMP,
        "An announced MIC that does not match ends the sign-in. That happens before the name check (inferred).";
    MIC_MISSING: "mic-missing", Documented, NLMP,
        "A MIC that is announced but missing ends the sign-in. That happens before the name check (inferred).";
    MIC_MISSING_UNPATCHED: "mic-missing-unpatched", Observed,
        "Preempt, \"Drop the MIC\" (CVE-2019-1040), 2019; Pixis, \"NTLM Relay\", 2020",
        "A server without the update of June 2019 does not mind that an announced MIC is missing.";
    MIC_NOT_CHECKED: "mic-not-checked", Assumed, "nothing given to check it with",
        "Without the user's password or hash and all three messages, the MIC is assumed to be right.";
    TIME_STAMP_FAR: "time-stamp-far", Documented, "[MS-NLMP] revision 36.0, 3.2.5.1.2 with notes 39 and 69",
        "Windows 7, Server 2008 R2 and older refuse an NTLMv2 response whose time stamp is more than 36 hours from the server's clock. That happens before the name check (inferred).";
    TIME_STAMP_NEAR: "time-stamp-near", Documented, "[MS-NLMP] revision 36.0, 3.2.5.1.2 with notes 39 and 69",
        "Windows 7, Server 2008 R2 and older accept a time stamp that is at most 36 hours from the server's clock.";
    TIME_STAMP_NOT_COMPARED: "time-stamp-not-compared", Assumed, "the server's clock is not given",
        "If the server's clock is not given, the time stamp of a response is assumed to be close enough.";
    OFF: "level-off", Documented, POLICY,
        "At level 0 the target name is not checked.";
    LEVEL_NOT_DOCUMENTED: "level-not-documented", Documented, POLICY_AND_COMMAND,
        "The policy has the levels 0, 1 and 2; what a server makes of another value is not documented.";
    LOOPBACK_CONTESTED: "loopback-contested", Observed, "\"Windows Authentication Reflection, Part 1\", 2026, one author",
        "A server of October 2025 or later may refuse a sign-in over loopback; by which rule is not known.";
    OWN_NAME: "own-name", Documented, POLICY,
        "A target name whose host is one of the server's own names is accepted.";
    OWN_ADDRESS: "own-address", Observed, TENABLE,
        "A target name whose host is one of the server's own addresses is accepted.";
    LOOPBACK_NAME: "loopback-name", Inferred, EVENT_5168,
        "LocalHost, 127.0.0.1 and `::1` are always in the server's lists.";
    DOMAIN_NAME: "domain-name", Inferred, EVENT_5168,
        "On a domain controller the names of the domain are in the server's list.";
    ALLOWED: "allowed-name", Observed, TENABLE,
        "Names and addresses in SrvAllowedServerNames are accepted at level 1 and level 2.";
    ADDRESS_NOT_OWN: "address-not-own", Observed, TENABLE,
        "An address that is neither the server's own nor allowed is denied.";
    ADDRESS_UNKNOWN: "address-unknown", Assumed, "no message names the server's addresses",
        "An address is denied unless it is one of the server's addresses.";
    NAME_NOT_OWN: "name-not-own", Documented, POLICY,
        "A name that is neither the server's own nor allowed is denied.";
    NAME_UNKNOWN: "name-unknown", Assumed, "no message names the server",
        "A name is denied unless it is one of the server's names.";
    OTHER_OWN_NAMES: "other-own-names", Assumed, NO_SOURCE,
        "Whether alternate names made with netdom and the network names of a cluster are in the server's list is not documented.";
    SHORT_OR_LONG_NAME: "name-not-exact", Observed,
        "comment in a public hardening script",
        "The comparison is exact: a short name does not match the full one, nor the other way round.";
    DOMAIN_NAME_ON_MEMBER: "domain-name-on-member", Assumed, NO_SOURCE,
        "A member server's list is assumed not to have the names of its domain.";
    NO_CLASS: "no-class", Observed, "grawity, jborean93/smbprotocol issue 169",
        "A host without a service class is denied.";
    CLASS_NOT_CIFS: "class-not-cifs", Inferred, CLASS,
        "The service class is tested on its own (observed), and one other than cifs is denied (inferred).";
    NAME_AND_CLASS: "name-and-class", Inferred, CLASS,
        "A foreign host with another service class, as from a relay of HTTP to SMB, is denied.";
    CLASS_CONTESTED: "class-contested", Assumed, NO_SOURCE,
        "Which service classes pass besides cifs is not known; no report was found of anyone who tried another one with the right host.";
    REALM_NOT_STRIPPED: "realm", Observed, "nurfed1, skelsec/aiosmb issue 32",
        "A realm at the end of an NTLM target name is not stripped, so it does not match.";
    EXTRA_COMPONENT: "extra-component", Assumed, NO_SOURCE,
        "A port or a third part is assumed to be compared with the rest, so it does not match.";
    SPELLING: "spelling", Assumed, NO_SOURCE,
        "A dot at the end, brackets, a zone, an IPv6 name and other spellings of an IPv4 address are assumed not to match; other spellings of an IPv6 address are assumed to match.";
    IPV6_ADDRESS: "own-address-ipv6", Inferred, EVENT_5168,
        "IPv6 addresses are in the server's list. One matches as an IPv4 address does (inferred).";
    IPV6_NOT_OWN: "address-not-own-ipv6", Inferred, TENABLE,
        "An IPv6 address that is neither the server's own nor allowed is denied, as an IPv4 address is.";
    ABSENT_ACCEPTED: "absent-accepted", Documented, POLICY_AND_COMMAND,
        "At level 1 a client that sends no target name is accepted.";
    ABSENT_DENIED: "absent-denied", Documented, POLICY,
        "At level 2 a client that sends no target name is denied.";
    EMPTY_DENIED: "empty", Inferred, EVENTS_3024_3026,
        "The server can tell an empty target name from none (observed). An empty one counts as sent, and matches nothing (inferred).";
    EMPTY_CONTESTED: "empty-contested", Assumed,
        "dotnet/runtime, HttpListener, for another service of Microsoft's",
        "Another Microsoft service treats an empty target name as none, which level 1 would accept.";
    UNTRUSTED_ACCEPTED: "untrusted-accepted", Inferred, NLMP,
        "A target name marked untrusted is ignored, which level 1 accepts.";
    UNTRUSTED_DENIED: "untrusted-denied", Observed, "grawity and jborean93, gssapi/gss-ntlmssp issue 67",
        "A target name marked untrusted is ignored, which level 2 denies.";
    UNTRUSTED_CONTESTED: "untrusted-contested", Observed, "grawity and jborean93, gssapi/gss-ntlmssp issue 67",
        "A target name marked untrusted was denied. The level was not reported; it was probably 2.";
    NOT_CARRIED_ACCEPTED: "not-carried-accepted", Documented, POLICY,
        "At level 1 a response that cannot carry a target name is accepted.";
    NOT_CARRIED_DENIED: "not-carried-denied", Documented, EVENT_5168,
        "At level 2 a response that cannot carry a target name is denied.";
    SMB1_ACCEPTED: "smb1-no-place-accepted", Inferred, POLICY,
        "SMB1 without extended security has no place for a target name, which level 1 accepts.";
    SMB1_DENIED: "smb1-no-place-denied", Inferred, POLICY,
        "SMB1 without extended security has no place for a target name, which level 2 denies.";
    ANONYMOUS_ACCEPTED: "anonymous-accepted", Inferred, NLMP,
        "An anonymous sign-in sends no target name, which level 1 accepts; other rules about anonymous sign-ins may not.";
    ANONYMOUS_DENIED: "anonymous-denied", Inferred, NLMP,
        "An anonymous sign-in sends no target name, which level 2 denies.";
    KERBEROS_OWN_NAME: "kerberos-own-name", Documented, EVENT_5168,
        "The service name of a Kerberos ticket is checked too; one of the server's own names is accepted.";
    KERBEROS_NOT_LISTED: "kerberos-name-not-listed", Inferred, ALIASES,
        "A Kerberos ticket for a name that is neither the server's own nor allowed is denied, though the ticket itself is good.";
    KERBEROS_CLASS: "kerberos-class-not-cifs", Inferred, CLASS,
        "A Kerberos ticket for a service class other than cifs is denied, as an NTLM target name is.";
    KERBEROS_CLASS_CONTESTED: "kerberos-class-contested", Observed, "The Hacker Recipes, \"Kerberos relay\"",
        "Services in general do not check the service class of a ticket. This check does (inferred).";
    KERBEROS_MARKED_ACCEPTED: "kerberos-unverified-accepted", Assumed,
        "[MS-KILE] revision 45.0, 3.2.5.8, which does not say how a server treats the mark",
        "A Kerberos service name marked unverified is assumed to be ignored as an NTLM one is, which level 1 accepts.";
    KERBEROS_MARKED_DENIED: "kerberos-unverified-denied", Assumed,
        "[MS-KILE] revision 45.0, 3.2.5.8, which does not say how a server treats the mark",
        "A Kerberos service name marked unverified is assumed to be ignored as an NTLM one is, which level 2 denies.";
    KERBEROS_UNVERIFIED: "kerberos-unverified-hidden", Assumed,
        "[MS-KILE] revision 45.0, 3.2.5.8, which does not say how a server treats the mark",
        "A mark that the service name is unverified would be in the encrypted authenticator. It is assumed not to be there.";
    NAMES_FROM_CHALLENGE: "names-from-challenge", Assumed, "the CHALLENGE message",
        "The server's names come from its CHALLENGE.";
    NAMES_FROM_ECHO: "names-from-echo", Assumed, "the AUTHENTICATE message",
        "The server's names come from what the AUTHENTICATE message echoes.";
    ERRORS: "errors-passed-over", Assumed, "the findings",
        "A message with errors that a receiver may refuse is assumed to be readable.";
    MARSHALLED: "marshalled", Observed, "\"Windows Authentication Reflection, Part 1\", 2026; HackTricks, \"NTLM\"",
        "A marshalled target makes a client name one machine and talk to another; the check cannot see that.";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_every_rule_has_a_source() {
        let codes: HashSet<_> = RULES.iter().map(|rule| rule.code).collect();
        assert_eq!(codes.len(), RULES.len());
        assert!(RULES.iter().all(|rule| !rule.source.is_empty()));
    }
}
