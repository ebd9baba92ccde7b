#!/usr/bin/env python3
"""Lets sign-ins made up here be accepted by pyspnego and impacket, and theirs be verified here.

    peers.py --peer PROGRAM --spnscope PROGRAM

Each sign-in is made anew and changed as well: what is changed has to be refused, by them as by us. The exit
status is 1 where something is not as it should be.
"""

import argparse
import base64
import hmac
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

# (user, domain, password): plain, and with characters beyond ASCII and in lower case.
ACCOUNTS = [("User", "LAB", "Password"), ("zoë", "lab.lan", "Übung macht den Meister 7€")]
NTLMV2 = ["windows", "no-target-name", "empty-target-name", "bare-host", "untrusted-target-name"]
OLD = ["ntlm2-session", "ntlmv1"]
SERVER_CHALLENGE = slice(24, 32)
MIC = slice(72, 88)
ZEROS = bytes(16)

folder = tempfile.TemporaryDirectory(prefix="spnscope-peers-")
# Where pyspnego's acceptor finds its users: read when its modules are used.
os.environ["NTLM_USER_FILE"] = str(Path(folder.name) / "users")
Path(os.environ["NTLM_USER_FILE"]).write_text(
    "".join(f"{domain}:{user}:{password}\n" for user, domain, password in ACCOUNTS), encoding="utf-8"
)

import spnego  # noqa: E402
from impacket import ntlm  # noqa: E402
from impacket.smbserver import computeNTLMv2  # noqa: E402
from spnego.exceptions import SpnegoError  # noqa: E402

# pyspnego's own NTLM, whatever the machine's GSS-API libraries offer.
OWN_NTLM = spnego.NegotiateOptions.use_ntlm


class Peers:
    def __init__(self, peer, spnscope):
        self.programs = {"peer": peer, "spnscope": spnscope}
        self.passed = 0
        self.failed = 0

    def check(self, what, is_right, shown=""):
        if is_right:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED: {what} {shown}")

    # --- Ours ---

    def peer(self, *arguments):
        """The lines that our side of a sign-in prints."""
        done = subprocess.run([self.programs["peer"], *arguments], capture_output=True, text=True, encoding="utf-8")
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip())
        return done.stdout.split()

    def negotiate(self, kind, account):
        return base64.b64decode(self.peer("negotiate", kind, *account)[0])

    def challenge(self, negotiate):
        return base64.b64decode(self.peer("challenge", text(negotiate))[0])

    def answer(self, kind, account, negotiate, challenge):
        message, key = self.peer("answer", kind, *account, text(negotiate), text(challenge))
        return base64.b64decode(message), bytes.fromhex(key)

    def proof(self, messages, password):
        """What spnscope decode proves about three messages."""
        file = Path(folder.name) / "password"
        file.write_text(password + "\n", encoding="utf-8")
        command = [self.programs["spnscope"], "decode", "--format", "json", "--password-file", file]
        pasted = "\n".join(text(message) for message in messages)
        done = subprocess.run(command, input=pasted, capture_output=True, text=True, check=True)
        (exchange,) = json.loads(done.stdout)["exchanges"]
        return exchange["proof"]

    # --- Ours, accepted by them ---

    def accepted_by_pyspnego(self):
        for account in ACCOUNTS:
            for kind in NTLMV2 + OLD:
                what = f"pyspnego's acceptor and {kind}, {account[0]}"
                key, ours, error = self.accept(kind, account)
                self.check(what, error is None and key == ours, f"{error or 'another session key'}")
                wrong = (account[0], account[1], account[2] + "x")
                _, _, error = self.accept(kind, wrong)
                self.check(f"{what}, wrong password", error is not None, "was accepted")
                for name, change in changes(kind):
                    _, _, error = self.accept(kind, account, change)
                    self.check(f"{what}, {name}", error is not None, "was accepted")

    def accept(self, kind, account, change=lambda message: message):
        """The session key of pyspnego's acceptor and ours, or why it refused."""
        server = spnego.server(protocol="ntlm", options=OWN_NTLM)
        negotiate = self.negotiate(kind, account)
        challenge = server.step(negotiate)
        message, key = self.answer(kind, account, negotiate, challenge)
        try:
            server.step(change(message))
        except (SpnegoError, ValueError) as error:
            return None, key, f"{type(error).__name__}: {error}"
        return server.session_key, key, None if server.complete else "it is not complete"

    def accepted_by_impacket(self):
        for account in ACCOUNTS:
            for kind in NTLMV2 + OLD:
                what = f"impacket and {kind}, {account[0]}"
                negotiate = self.negotiate(kind, account)
                challenge = self.challenge(negotiate)
                message, key = self.answer(kind, account, negotiate, challenge)
                verify = impacket_ntlmv2 if kind in NTLMV2 else impacket_ntlmv1
                verified = verify(account, negotiate, challenge, message)
                self.check(what, verified == (True, key), str(verified))
                if kind in NTLMV2:
                    covered = negotiate + challenge + message[: MIC.start] + ZEROS + message[MIC.stop :]
                    mic = ntlm.hmac_md5(key, covered)
                    self.check(f"{what}, MIC", mic == message[MIC])
                wrong = (account[0], account[1], account[2] + "x")
                is_right, _ = verify(wrong, negotiate, challenge, message)
                self.check(f"{what}, wrong password", not is_right, "was accepted")
                for name, change in changes(kind):
                    if name == "MIC":
                        continue  # its functions look at the response only
                    is_right, _ = verify(account, negotiate, challenge, change(message))
                    self.check(f"{what}, {name}", not is_right, "was accepted")

    # --- Theirs, verified here ---

    def pyspnego_verified_here(self):
        for account in ACCOUNTS:
            user, domain, password = account
            # LmCompatibilityLevel, and what its client answers with.
            for level, mic in [("3", "valid"), ("1", "absent"), ("0", "absent")]:
                os.environ["LM_COMPAT_LEVEL"] = level
                client = spnego.client(
                    f"{domain}\\{user}", password, hostname="dcfr.lab.lan", service="cifs",
                    protocol="ntlm", options=OWN_NTLM,
                )
                negotiate = client.step()
                challenge = self.challenge(negotiate)
                message = client.step(challenge)
                del os.environ["LM_COMPAT_LEVEL"]
                messages = [negotiate, challenge, message]
                self.verified(f"pyspnego's client at level {level}, {user}", messages, password, mic, client.session_key)

    def impacket_verified_here(self):
        for user, domain, password in ACCOUNTS:
            for use_ntlmv2 in (True, False):
                first = ntlm.getNTLMSSPType1("CLIENT20", "", signingRequired=True, use_ntlmv2=use_ntlmv2)
                negotiate = first.getData()
                challenge = self.challenge(negotiate)
                third, key = ntlm.getNTLMSSPType3(first, challenge, user, password, domain, use_ntlmv2=use_ntlmv2)
                what = f"impacket's client, {'NTLMv2' if use_ntlmv2 else 'NTLM2 session'}, {user}"
                # Over SMB it sends no MIC.
                self.verified(what, [negotiate, challenge, third.getData()], password, "absent", key)

    def verified(self, what, messages, password, mic, key):
        proof = self.proof(messages, password)
        self.check(what, (proof["nt_proof_str"], proof["mic"]) == ("valid", mic), str(proof))
        self.check(f"{what}, session key", proof["exported_session_key"] == key.hex(), str(proof))
        proof = self.proof(messages, password + "x")
        self.check(f"{what}, wrong password", proof["nt_proof_str"] == "invalid", str(proof))
        self.check(f"{what}, no key for a wrong password", proof["exported_session_key"] is None)
        changed = messages[:2] + [flipped(messages[2], at_response(messages[2]))]
        proof = self.proof(changed, password)
        self.check(f"{what}, response changed", proof["nt_proof_str"] == "invalid", str(proof))


def text(message):
    return base64.b64encode(message).decode()


def flipped(message, at):
    changed = bytearray(message)
    changed[at] ^= 1
    return bytes(changed)


def at_response(message):
    """The first byte of NtChallengeResponse."""
    return int.from_bytes(message[24:28], "little")


def at_end_of_response(message):
    """The last byte of NtChallengeResponse but those that close it: of NTLMv2 the last of its AV pairs."""
    length = int.from_bytes(message[20:22], "little")
    return at_response(message) + length - (10 if length > 24 else 1)


def changes(kind):
    """Changes to an AUTHENTICATE, each of which has to be noticed."""
    found = [
        ("first byte of the response", lambda message: flipped(message, at_response(message))),
        ("end of the response", lambda message: flipped(message, at_end_of_response(message))),
    ]
    if kind in NTLMV2:
        found.append(("MIC", lambda message: flipped(message, MIC.start)))
    return found


def parsed_by_impacket(challenge, message):
    theirs = ntlm.NTLMAuthChallengeResponse()
    theirs.fromString(message)
    return ntlm.NTLMAuthChallenge(challenge), theirs


def impacket_ntlmv2(account, negotiate, challenge, message):
    """Whether the SMB server of impacket takes the response, and its session key."""
    user, _, password = account
    first = ntlm.NTLMAuthNegotiate()
    first.fromString(negotiate)
    second, third = parsed_by_impacket(challenge, message)
    status, key = computeNTLMv2(
        user, ntlm.compute_lmhash(""), ntlm.compute_nthash(password), challenge[SERVER_CHALLENGE], third, second, first
    )
    return status == 0, key


def impacket_ntlmv1(account, _, challenge, message):
    """Whether impacket computes the same response, and its session key."""
    user, domain, password = account
    _, third = parsed_by_impacket(challenge, message)
    flags, lm_response, nthash = third["flags"], third["lanman"], ntlm.compute_nthash(password)
    response, _, base = ntlm.computeResponseNTLMv1(
        flags, challenge[SERVER_CHALLENGE], lm_response[:8], b"", domain, user, "", ntlm.compute_lmhash(""), nthash
    )
    key = ntlm.KXKEY(flags, base, lm_response, challenge[SERVER_CHALLENGE], "", "", nthash, False)
    # Cut out here: without a MIC in the header impacket looks for it sixteen bytes too late.
    length, start = int.from_bytes(message[52:54], "little"), int.from_bytes(message[56:60], "little")
    key = ntlm.generateEncryptedSessionKey(key, message[start : start + length])
    return hmac.compare_digest(response, third["ntlm"]), key


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peer", required=True, metavar="PROGRAM", help="our side of a sign-in")
    parser.add_argument("--spnscope", required=True, metavar="PROGRAM", help="the command line")
    arguments = parser.parse_args()
    peers = Peers(arguments.peer, arguments.spnscope)
    peers.accepted_by_pyspnego()
    peers.accepted_by_impacket()
    peers.pyspnego_verified_here()
    peers.impacket_verified_here()
    print(f"peers: {peers.passed} passed, {peers.failed} failed")
    # A run that checks next to nothing is no success either.
    return 0 if peers.failed == 0 and peers.passed > 150 else 1


if __name__ == "__main__":
    sys.exit(main())
