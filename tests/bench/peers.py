#!/usr/bin/env python3
"""How many AUTHENTICATE messages a second become JSON: here, in tshark and in pyspnego.

All three get the same messages in the same run. Every figure is the median of several runs, in seconds of
the processor, since other programs share it; every run counts what it decoded, and one that decoded less
than it was given ends the whole. `make bench` calls this with the command line built in release.
"""

import base64
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from spnego.__main__ import parse_token

TESTS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "tools"))
from http_capture import http_capture  # noqa: E402

FIXTURES = TESTS / "fixtures"
RUNS = 7
# As many messages as one input may hold.
PASTED = 1_000
# Enough for tshark's start not to count.
FRAMES = 20_000
PARSED = 2_000


def authenticates():
    """The messages that `samples.rs` takes too."""
    lines = map(json.loads, (FIXTURES / "captures/messages.jsonl").read_text().splitlines())
    largest = None
    for line in lines:
        # The last of the largest, as Rust's max_by_key has it.
        if line["type"] == 3 and (largest is None or line["length"] >= largest["length"]):
            largest = line
    t1 = (FIXTURES / "vectors/t1-authenticate.b64").read_text().strip()
    return {"t1": t1, "largest": largest["base64"]}


def demand(found, wanted, who):
    if found != wanted:
        sys.exit(f"peers: {who} decoded {found} messages of {wanted}")


def command(arguments, output):
    """Seconds of the processor that a command takes, with its output written to a file."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(output, "wb") as file:
        subprocess.run(arguments, stdout=file, stderr=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


class Ours:
    name = "spnscope decode --format json"

    def __init__(self, program, message, folder):
        self.input, self.output = folder / "pasted", folder / "ours"
        self.input.write_text(f"{message}\n" * PASTED)
        self.command = [program, "decode", "--format", "json", self.input]

    def run(self):
        seconds = command(self.command, self.output)
        demand(self.output.read_bytes().count(b'"message": "AUTHENTICATE"'), PASTED, self.name)
        return PASTED / seconds


class Tshark:
    def __init__(self, name, arguments, mark, message, folder):
        self.name, self.mark = name, mark
        self.output = folder / "tshark"
        file = folder / "capture.pcap"
        file.write_bytes(http_capture([base64.b64decode(message)] * FRAMES, apart=False))
        self.command = ["tshark", "-n", "-r", file, *arguments]

    def run(self):
        seconds = command(self.command, self.output)
        demand(self.output.read_bytes().count(self.mark), FRAMES, self.name)
        return FRAMES / seconds


class Pyspnego:
    name = "pyspnego, in one process"

    def __init__(self, message):
        self.bytes = base64.b64decode(message)

    def run(self):
        found = 0
        start = time.process_time()
        for _ in range(PARSED):
            parsed = parse_token(self.bytes)
            found += parsed["MessageType"].startswith("AUTHENTICATE_MESSAGE")
            json.dumps(parsed, indent=4)
        seconds = time.process_time() - start
        demand(found, PARSED, self.name)
        return PARSED / seconds


def rounded(number):
    """Three digits that count."""
    digits = max(0, len(str(int(number))) - 3)
    return f"{round(number, -digits):,.0f}"


def main():
    program = Path(sys.argv[1])
    print(f"{RUNS} runs each; {PASTED} messages a run of ours, {FRAMES} of tshark's, {PARSED} of pyspnego's\n")
    print("| message | who | messages a second | least to most | ours is faster by |")
    print("|---|---|---|---|---|")
    for name, message in authenticates().items():
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            json_mark = b'"ntlmssp.messagetype": "0x00000003"'
            fields = ["-T", "fields", "-e", "ntlmssp.messagetype"]
            peers = [
                Ours(program, message, folder),
                Tshark("tshark -T json", ["-T", "json"], json_mark, message, folder),
                Tshark("tshark -T fields, the type alone", fields, b"0x00000003", message, folder),
                Pyspnego(message),
            ]
            for peer in peers:
                peer.run()
            # In turn, so that what else the machine does meets all of them.
            rates = [[] for _ in peers]
            for _ in range(RUNS):
                for peer, found in zip(peers, rates):
                    found.append(peer.run())
        ours = statistics.median(rates[0])
        size = len(base64.b64decode(message))
        for peer, found in zip(peers, rates):
            middle = statistics.median(found)
            times = "" if peer is peers[0] else f"{ours / middle:.1f}"
            cells = [f"{name}, {size} bytes", peer.name, rounded(middle), f"{rounded(min(found))} to {rounded(max(found))}", times]
            print(f"| {' | '.join(cells)} |")
    print(f"\nload of the machine at the end: {os.getloadavg()[0]:.1f}")


main()
