#!/usr/bin/env python3
"""The library and the command line beside those who decode the same messages: one table.

    compare.py --program target/release/spnscope --native PROGRAM --module FOLDER

All get the same messages in the same run, in turn, so that what else the machine does meets all of them.
Rates are messages a second of the processor, since other programs share it; the start is by the clock on the
wall. Each figure is the median of several runs. A contestant that decodes less than it was given ends the
whole. `make bench` calls this; README.md says what each column means.
"""

import argparse
import base64
import contextlib
import datetime
import functools
import gc
import io
import json
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import spnego
from impacket import ntlm
from impacket.smbserver import computeNTLMv2
from spnego.__main__ import main as pyspnego_main
from spnego.__main__ import parse_token
from spnego.exceptions import SpnegoError

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tools"))
from broken import broken  # noqa: E402
from http_capture import http_capture  # noqa: E402
from spellings import message as spelled_message  # noqa: E402
from spellings import spellings  # noqa: E402

FIXTURES = HERE.parent / "fixtures"
# A run of each, and how long one of those in one process takes, in seconds.
RUNS = 7
SECONDS = 0.4
# As many messages as one input of the command line may hold.
PASTED = 1_000
# Enough for tshark's start not to count.
FRAMES = 15_000
STARTS = 15
DATA_LINK = 147  # the first of those that a user may give a meaning


def lines(name):
    return [json.loads(line) for line in (FIXTURES / name).read_text().splitlines()]


def text(message):
    return base64.b64encode(message).decode()


def demand(found, wanted, who):
    if found != wanted:
        sys.exit(f"compare: {who} decoded {found} messages of {wanted}")


def on_the_processor(arguments, output):
    """Seconds of the processor that a command takes, with its output written to a file."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(output, "wb") as file:
        subprocess.run(arguments, stdout=file, stderr=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def by_the_clock(arguments):
    """Seconds from the start of a command to its end."""
    start = time.perf_counter()
    subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def in_this_process(decode, messages):
    """Messages a second of the processor; `decode` says whether it was one."""
    count, found = 0, 0
    end, start = time.perf_counter() + SECONDS, time.process_time()
    while time.perf_counter() < end:
        found += sum(map(decode, messages))
        count += len(messages)
    seconds = time.process_time() - start
    demand(found, count, decode.__qualname__)
    return count / seconds


class Contestant:
    """Who decodes. What one has not stays None."""

    decode = json = start = remarks = understood = None

    def judged(self, sign_ins):
        return None

    def close(self):
        pass


# --- Ours ---


class Report:
    """What a report of ours says, in JSON."""

    def __init__(self, report):
        self.tokens, self.exchanges = report["tokens"], report["exchanges"]

    def remarks(self):
        found = [finding["code"] for token in self.tokens for finding in token["findings"]]
        return found if self.tokens else ["no message"]

    def has(self, message):
        # Some dumps go on with zeros behind the message.
        return any(token["hex"].rstrip("0") == message.hex().rstrip("0") for token in self.tokens)

    def accepts(self):
        """Whether the secret fits the response and the MIC; None where that is not told. Where the response
        does not fit there is no key for the MIC."""
        verdicts = [self.exchanges[0]["proof"][which] for which in ("nt_proof_str", "mic")]
        if "invalid" in verdicts:
            return False
        return True if verdicts == ["valid", "valid"] else None


class Ours(Contestant):
    """The library, whoever runs it."""

    def remarks(self, message):
        return Report(self.report(text(message).encode())).remarks()

    def understood(self, pasted, message):
        return Report(self.report(pasted)).has(message)

    def judged(self, sign_ins):
        def accepts(messages, password):
            return Report(self.report("\n".join(map(text, messages)).encode(), password)).accepts()

        return share_judged(sign_ins, accepts)


class Asked(Ours):
    """The library in a process that answers requests."""

    def __init__(self, name, command, messages):
        self.name = name
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        # How many of them it takes; null: all.
        self.number = self.ask(load=[text(message) for message in messages]) or len(messages)
        # Engines of JavaScript compile what runs often again, in the background.
        for what in ("decode", "json", "json"):
            self.ask(time=what, seconds=2)

    def ask(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"compare: {self.name} ended")
        return json.loads(answer)

    def time(self, what):
        took = self.ask(time=what, seconds=SECONDS)
        if not took["messages"] or took["messages"] % self.number:
            sys.exit(f"compare: {self.name} did not decode every message")
        return took["messages"] / took["seconds"]

    def decode(self):
        return self.time("decode")

    def json(self):
        return self.time("json")

    def report(self, pasted, password=None):
        return json.loads(self.ask(report=base64.b64encode(pasted).decode(), password=password))

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class InNode(Asked):
    def __init__(self, module, messages):
        command = ["node", HERE / "module.mjs", "node", module]
        super().__init__("spnscope as WebAssembly, in Node", command, messages)
        self.once = [*command, "once", text(spelled_message())]

    def start(self):
        return by_the_clock(self.once)


class InChromium(Asked):
    def __init__(self, module, messages):
        command = ["node", HERE / "module.mjs", "chromium", module]
        super().__init__("spnscope as WebAssembly, in Chromium", command, messages)

    def start(self):
        return self.ask(start=text(spelled_message()))


class CommandLine(Ours):
    name = "spnscope, the command line"

    def __init__(self, program, messages, folder):
        self.command = [program, "decode", "--format", "json"]
        self.input, self.output, self.one, self.secret = (folder / name for name in ("pasted", "out", "one", "password"))
        repeated = [messages[at % len(messages)] for at in range(PASTED)]
        self.input.write_text("".join(f"{text(message)}\n" for message in repeated))
        self.one.write_text(text(spelled_message()))

    def json(self):
        seconds = on_the_processor([*self.command, self.input], self.output)
        demand(self.output.read_bytes().count(b'"layer": "ntlmssp"'), PASTED, self.name)
        return PASTED / seconds

    def start(self):
        return by_the_clock([*self.command, self.one])

    def report(self, pasted, password=None):
        self.secret.write_text(f"{password}\n")
        secret = ["--password-file", self.secret] if password is not None else []
        return json.loads(subprocess.run([*self.command, *secret], input=pasted, capture_output=True).stdout)


# --- tshark ---


class Tshark(Contestant):
    name = "tshark"
    # Messages that are frames of their own.
    bare = ["-o", f'uat:user_dlts:"User 0 (DLT={DATA_LINK})","ntlmssp","0","","0",""']
    says = ["_ws.expert.message", "_ws.malformed", "ntlmssp.messagetype"]

    def __init__(self, messages, folder):
        self.folder, self.output, self.file = folder, folder / "tshark", folder / "capture.pcap"
        repeated = [messages[at % len(messages)] for at in range(FRAMES)]
        self.file.write_bytes(http_capture(repeated, apart=False))
        self.one = folder / "one.pcap"
        self.one.write_bytes(http_capture([spelled_message()], apart=False))
        self.expected = None

    def run(self, arguments, mark):
        seconds = on_the_processor(["tshark", "-n", "-r", self.file, *arguments], self.output)
        demand(self.output.read_bytes().count(mark), FRAMES, self.name)
        return FRAMES / seconds

    def decode(self):
        return self.run(["-T", "fields", "-e", "ntlmssp.messagetype"], b"0x0000000")

    def json(self):
        return self.run(["-T", "json"], b'"ntlmssp.messagetype": "0x0000000')

    def start(self):
        return by_the_clock(["tshark", "-n", "-r", self.one, "-T", "json"])

    def fields(self, file, names, *options):
        wanted = [option for name in names for option in ("-e", name)]
        command = ["tshark", "-n", "-r", file, *options, "-T", "fields", *wanted]
        out = subprocess.run(command, capture_output=True, text=True).stdout
        return [line.split("\t") for line in out.splitlines()]

    @functools.lru_cache(maxsize=None)
    def remarks_of(self, messages):
        file = self.folder / "broken.pcap"
        file.write_bytes(http_capture(messages, apart=True))
        rows = self.fields(file, self.says)
        return {
            message: [*filter(None, expert.split(",")), *filter(None, [malformed]), *(["no message"] if not kind else [])]
            for message, (expert, malformed, kind) in zip(messages, rows, strict=True)
        }

    def understood(self, pasted, message):
        """Whether text2pcap, which comes with it, makes a capture of it that has the message."""
        source, capture = self.folder / "dump.txt", self.folder / "dump.pcap"
        source.write_bytes(pasted)
        names = ["ntlmssp.auth.username", "ntlmssp.auth.hostname", "ntlmssp.ntlmv2_response.ntproofstr", "ntlmssp.authenticate.mic"]
        self.expected = self.expected or self.fields(self.one, names)
        for offsets in ("hex", "dec", "oct", "none"):
            capture.unlink(missing_ok=True)
            made = ["text2pcap", "-q", "-o", offsets, "-F", "pcap", "-l", str(DATA_LINK), source, capture]
            subprocess.run(made, capture_output=True)
            # A capture without a packet has its header only.
            has_packet = capture.exists() and capture.stat().st_size > 24
            if has_packet and self.fields(capture, names, *self.bare) == self.expected:
                return True
        return False


# --- pyspnego ---


class Pyspnego(Contestant):
    name = "pyspnego"

    def __init__(self, messages, folder):
        self.messages, self.file = messages, folder / "token"

    @staticmethod
    def is_message(parsed):
        return re.search(r"\([123]\)$", parsed["MessageType"]) is not None

    def decode(self):
        return in_this_process(lambda message: self.is_message(parse_token(message)), self.messages)

    def json(self):
        def both(message):
            parsed = parse_token(message)
            # As its command line writes it.
            return bool(json.dumps(parsed, indent=4)) and self.is_message(parsed)

        return in_this_process(both, self.messages)

    def start(self):
        return by_the_clock([sys.executable, "-m", "spnego", "--token", text(spelled_message())])

    def remarks(self, message):
        try:
            parsed = parse_token(message)
        except Exception as error:  # It fails in many ways, none of which it announces.
            return [type(error).__name__]
        return [] if self.is_message(parsed) else [parsed["MessageType"]]

    def understood(self, pasted, message):
        self.file.write_bytes(pasted)
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.suppress(Exception):
            pyspnego_main(["--file", str(self.file)])
        return f'"RawData": "{message.hex().upper()}"' in said.getvalue()

    def judged(self, sign_ins):
        """Its acceptor; it takes no challenge from outside, so the sign-ins are its own."""
        right = total = 0
        for _ in sign_ins:
            for wanted, change, password in situations("Password"):
                total += 1
                right += self.accepts(change, password) == wanted
        return right, total

    def accepts(self, change, password):
        users = self.file.with_name("users")
        users.write_text(f"LAB:User:{password}\n")
        os.environ["NTLM_USER_FILE"] = str(users)
        options = spnego.NegotiateOptions.use_ntlm
        host = {"hostname": "dcfr.lab.lan", "service": "cifs", "protocol": "ntlm", "options": options}
        client, server = spnego.client("LAB\\User", "Password", **host), spnego.server(protocol="ntlm", options=options)
        negotiate = client.step()
        challenge = server.step(negotiate)
        authenticate = client.step(challenge)
        try:
            server.step(change(negotiate, challenge, authenticate)[2])
        except (SpnegoError, ValueError):
            return False
        return server.complete


# --- impacket ---


class Impacket(Contestant):
    name = "impacket"

    def __init__(self, messages):
        self.messages = messages

    @staticmethod
    def parse(message):
        """A message with all that its classes have for it: AV pairs come apart."""
        kind = int.from_bytes(message[8:12], "little")
        if not message.startswith(b"NTLMSSP\0") or kind not in (1, 2, 3):
            raise ValueError("no message")
        classes = ntlm.NTLMAuthNegotiate, ntlm.NTLMAuthChallenge, ntlm.NTLMAuthChallengeResponse
        parsed = classes[kind - 1]()
        parsed.fromString(message)
        if kind == 2 and parsed["TargetInfoFields_len"]:
            return parsed, ntlm.AV_PAIRS(parsed["TargetInfoFields"])
        if kind == 3 and parsed["ntlm_len"] > 44:
            return parsed, ntlm.AV_PAIRS(parsed["ntlm"][44:])
        return parsed, None

    def decode(self):
        return in_this_process(lambda message: bool(self.parse(message)), self.messages)

    def start(self):
        code = "import base64, sys; from impacket import ntlm; m = ntlm.NTLMAuthChallengeResponse(); m.fromString(base64.b64decode(sys.argv[1])); m.dump()"
        return by_the_clock([sys.executable, "-c", code, text(spelled_message())])

    def remarks(self, message):
        try:
            self.parse(message)
        except Exception as error:  # As above.
            return [type(error).__name__]
        return []

    def understood(self, pasted, message):
        try:
            return pasted == message and bool(self.parse(pasted))
        except Exception:
            return False

    def judged(self, sign_ins):
        """The function of its SMB server."""

        def accepts(messages, password):
            negotiate, challenge, authenticate = messages
            parsed, _ = self.parse(authenticate)
            user = parsed["user_name"].decode("utf-16le")
            first, second = self.parse(negotiate)[0], self.parse(challenge)[0]
            status, _ = computeNTLMv2(
                user, ntlm.compute_lmhash(""), ntlm.compute_nthash(password), challenge[24:32], parsed, second, first
            )
            return status == 0

        return share_judged(sign_ins, accepts)


# --- ntlm-parser ---


class NtlmParser(Asked):
    def __init__(self, messages):
        super().__init__("ntlm-parser", ["node", HERE / "ntlm-parser.mjs"], messages)
        self.program = HERE.parent / "tools/node_modules/.bin/ntlm-parser"

    def start(self):
        return by_the_clock([self.program, text(spelled_message())])

    def remarks(self, message):
        found = self.ask(remark=text(message))
        return [found] if found else []

    def understood(self, pasted, message):
        pasted = pasted.decode("latin-1")
        return self.ask(understands=pasted, message=text(message))

    def judged(self, sign_ins):
        return None


# --- What is asked of all ---


def flipped(message, at):
    return message[:at] + bytes([message[at] ^ 1]) + message[at + 1:]


def situations(password):
    """What becomes of a sign-in on the way, and whether it is to be accepted then: with the MIC, all that a
    server can notice."""

    def response(message):
        return int.from_bytes(message[24:28], "little")

    return [
        (True, lambda n, c, a: (n, c, a), password),
        (False, lambda n, c, a: (n, c, a), password + "x"),
        # NTProofStr itself, the last AV pair, the MIC itself, the flags.
        (False, lambda n, c, a: (n, c, flipped(a, response(a))), password),
        (False, lambda n, c, a: (n, c, flipped(a, response(a) + int.from_bytes(a[20:22], "little") - 10)), password),
        (False, lambda n, c, a: (n, c, flipped(a, 72)), password),
        (False, lambda n, c, a: (n, c, flipped(a, 63)), password),
    ]


def share_judged(sign_ins, accepts):
    """In how many situations `accepts` is right, and of how many."""
    right = total = 0
    for messages, password in sign_ins:
        for wanted, change, tried in situations(password):
            total += 1
            try:
                right += accepts(change(*messages), tried) == wanted
            except Exception:  # Whatever a peer makes of what it cannot read, it does not accept it.
                right += not wanted
    return right, total


def some(found):
    """Nothing to measure with would look like a figure."""
    return found or sys.exit("compare: the fixtures have nothing for one of the columns")


def sign_ins():
    """Captured sign-ins with NTLMv2, a MIC and a password that fits both: (messages, password)."""
    found = {}
    for line in lines("captures/exchanges.jsonl"):
        expected = line["expected"]
        if expected.get("nt_proof_ok") and expected.get("mic_valid") and line.get("password"):
            messages = tuple(base64.b64decode(line[key]) for key in ("negotiate", "challenge", "authenticate"))
            found[messages] = line["password"]
    return some(list(found.items()))


def share_remarked(remarks, cases):
    """How many broken messages draw a remark that the whole message does not."""
    whole = {message: set(remarks(message)) for _, message, _ in cases}
    ways = {}
    for way, message, changed in cases:
        noticed = bool(set(remarks(changed)) - whole[message])
        ways.setdefault(way, []).append(noticed)
    return ways


def rounded(number):
    """Three digits that count."""
    digits = max(0, len(str(int(number))) - 3)
    return f"{round(number, -digits):,.0f}"


def measured(contestants, what, runs):
    """The medians, taken in turn."""
    those = [contestant for contestant in contestants if getattr(contestant, what) is not None]
    found = {contestant: [] for contestant in those}
    for contestant in those:
        getattr(contestant, what)()
    for _ in range(runs):
        for contestant in those:
            gc.collect()
            found[contestant].append(getattr(contestant, what)())
    return {contestant: statistics.median(figures) for contestant, figures in found.items()}


def processor():
    with contextlib.suppress(OSError):
        names = re.findall(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
        return f"{len(names)} cores of {names[0]}"
    return platform.machine()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=Path, help="the command line")
    parser.add_argument("--native", required=True, type=Path, help="the library, natively")
    parser.add_argument("--module", required=True, type=Path, help="the library as a WebAssembly module")
    parser.add_argument("--ways", action="store_true", help="tells for each way to break a message what share is remarked on")
    arguments = parser.parse_args()
    messages = [base64.b64decode(line["base64"]) for line in lines("captures/messages.jsonl")]
    with tempfile.TemporaryDirectory(prefix="spnscope-bench-") as folder:
        compare(arguments, messages, Path(folder))


def compare(arguments, messages, folder):
    native = Asked("spnscope, the library", [arguments.native], messages)
    program = CommandLine(arguments.program, messages, folder)
    node, chromium = InNode(arguments.module, messages), InChromium(arguments.module, messages)
    tshark, pyspnego = Tshark(messages, folder), Pyspnego(messages, folder)
    impacket, ntlm_parser = Impacket(messages), NtlmParser(messages)
    contestants = [native, program, node, chromium, tshark, pyspnego, impacket, ntlm_parser]

    decode = measured(contestants, "decode", RUNS)
    as_json = measured(contestants, "json", RUNS)
    start = measured(contestants, "start", STARTS)

    cases = some(list(broken(sorted(set(messages)))))
    every = tuple(dict.fromkeys([message for _, message, _ in cases] + [changed for _, _, changed in cases]))
    tshark.remarks = tshark.remarks_of(every).__getitem__
    ways = {contestant: share_remarked(contestant.remarks, cases) for contestant in contestants}
    pasted, spelled = spellings(), spelled_message()
    understood = {
        contestant: [name for name, spelling in pasted if contestant.understood(spelling, spelled)] for contestant in contestants
    }
    signed = sign_ins()
    judged = {contestant: contestant.judged(signed) for contestant in contestants}

    today = datetime.date.today().isoformat()
    print(f"\n{today}, {processor()}, load {os.getloadavg()[0]:.1f}; medians of {RUNS} runs, of the start {STARTS}.\n")
    print(
        f"| who | decoded in full, messages a second | to JSON, messages a second | start to first answer, ms | spellings understood, of {len(pasted)}"
        f" | broken messages that draw a remark, of {len(cases):,} | proof and MIC judged rightly |"
    )
    print("|---|---|---|---|---|---|---|")
    for contestant in contestants:
        seen = [noticed for found in ways[contestant].values() for noticed in found]
        cells = [
            contestant.name,
            rounded(decode[contestant]) if contestant in decode else "",
            rounded(as_json[contestant]) if contestant in as_json else "",
            f"{start[contestant] * 1000:.1f}" if contestant in start else "",
            str(len(understood[contestant])),
            f"{100 * sum(seen) / len(seen):.1f} %",
            "{} of {}".format(*judged[contestant]) if judged[contestant] else "none",
        ]
        print(f"| {' | '.join(cells)} |")

    if ntlm_parser.number < len(messages):
        print(f"\nntlm-parser throws at {len(messages) - ntlm_parser.number} of the {len(messages)} messages; its rates are of the others.")

    ratios = [
        ("WebAssembly in Node, of native, decoded", decode[node] / decode[native], 0.4, None),
        ("WebAssembly in Node, of native, to JSON", as_json[node] / as_json[native], 0.4, None),
        ("WebAssembly in Chromium, of native, decoded", decode[chromium] / decode[native], 0.4, None),
        ("WebAssembly in Chromium, of native, to JSON", as_json[chromium] / as_json[native], 0.4, None),
        ("command line to JSON, of tshark's", as_json[program] / as_json[tshark], 5, 10),
        ("library to JSON, of pyspnego's in its process", as_json[native] / as_json[pyspnego], 14, 30),
        ("command line to JSON, of pyspnego's in its process", as_json[program] / as_json[pyspnego], None, None),
    ]
    print("\n| ratio | is | floor | aim |")
    print("|---|---|---|---|")
    for name, ratio, floor, aim in ratios:
        missed = ", missed" if floor and ratio < floor else ""
        print(f"| {name} | {ratio:.2f}{missed} | {floor or ''} | {aim or ''} |")

    if arguments.ways:
        print(f"\n| way to break a message | {' | '.join(contestant.name for contestant in contestants)} |")
        print(f"|---|{'---|' * len(contestants)}")
        for way in dict.fromkeys(way for way, _, _ in cases):
            shares = [ways[contestant][way] for contestant in contestants]
            print(f"| {way.replace('_', ' ')} | {' | '.join(f'{100 * sum(found) / len(found):.0f} %' for found in shares)} |")
        for contestant in contestants:
            missed = [name for name, _ in pasted if name not in understood[contestant]]
            print(f"\n{contestant.name} does not understand: {'; '.join(missed)}")
    for contestant in contestants:
        contestant.close()


if __name__ == "__main__":
    main()
