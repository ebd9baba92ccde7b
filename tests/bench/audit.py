"""Measures the reading of captures: the command line and the library as a WebAssembly module in Node, beside tshark.

    audit.py --program target/release/spnscope --module FOLDER [--runs N]

Two captures of 200 MB are made from those of the lab (captures.py). Each is read by all in turns, and the medians of
their processor times are told, with rows of the same run.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
MEGABYTES = 200
# What an analyst asks of tshark: the packet and the fields of each AUTHENTICATE.
FIELDS = [
    "frame.number", "frame.time_epoch", "ip.src", "ip.dst", "ntlmssp.auth.domain", "ntlmssp.auth.username",
    "ntlmssp.auth.hostname", "ntlmssp.ntlmv2_response.target_name",
]


def run(command):
    """Seconds of processor time, the peak of memory in MiB, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run(["/usr/bin/env", "time", "-f", "%M", *map(str, command)], capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if out.returncode not in (0, 3):
        sys.exit(f"{command[0]} failed: {out.stderr}")
    return seconds, int(out.stderr.split()[-1]) / 1024, out.stdout


def by_program(arguments, file):
    seconds, peak, out = run([arguments.program, "audit", "--format", "jsonl", file])
    return seconds, peak, sum(1 for line in out.splitlines() if '"mechanism"' in line)


def by_module(arguments, file):
    _, _, out = run(["node", HERE / "audit.mjs", arguments.module, file])
    said = json.loads(out)
    return said["seconds"], said["memory"] / 2**20, said["rows"]


def by_tshark(_, file):
    shown = [part for field in FIELDS for part in ("-e", field)]
    seconds, peak, out = run(["tshark", "-n", "-r", file, "-Y", "ntlmssp.messagetype==3", "-T", "fields", *shown])
    return seconds, peak, len(out.splitlines())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=Path, help="the command line")
    parser.add_argument("--module", required=True, type=Path, help="the library as a WebAssembly module")
    parser.add_argument("--runs", type=int, default=3, help="how often each reads each file")
    arguments = parser.parse_args()
    who = {"spnscope audit": by_program, "wasm in Node": by_module, "tshark": by_tshark}
    print(f"\nload {os.getloadavg()[0]:.1f}; medians of {arguments.runs} runs in turns; peak memory of wasm is the module's.\n")
    print("| capture, 200 MB | who | processor time, s | MB/s | peak, MiB | sign-ins | times tshark |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="spnscope-bench-") as folder:
        for kind in ("bulk", "dense"):
            file = Path(folder) / f"{kind}.pcap"
            subprocess.run([sys.executable, HERE / "captures.py", kind, file, str(MEGABYTES)], check=True)
            size = file.stat().st_size / 1e6
            runs = {name: [] for name in who}
            for _ in range(arguments.runs):
                for name, read in who.items():
                    runs[name].append(read(arguments, file))
            seconds = {name: statistics.median(each[0] for each in of) for name, of in runs.items()}
            for name, of in runs.items():
                peak = max(each[1] for each in of)
                ratio = seconds["tshark"] / seconds[name]
                print(
                    f"| {kind} | {name} | {seconds[name]:.2f} | {size / seconds[name]:,.0f} | {peak:.0f} | {of[0][2]:,} | {ratio:.0f} |",
                    flush=True,
                )
            file.unlink()


main()
