#!/usr/bin/env python3
"""Compares the sign-ins of captures: every AUTHENTICATE that tshark sees, by its packet, and the SMB server's answer.

    sign_ins.py --program target/release/spnscope [CAPTURE...]

Without a capture, all fixtures are read. What tshark passes over and is found here is listed. The exit status is 1
where tshark sees an AUTHENTICATE that is not found here, or another answer.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

CAPTURES = Path(__file__).resolve().parent.parent / "fixtures" / "captures"
FIELDS = ["frame.number", "tcp.stream", "smb2.response_in", "smb.response_in"]
STATUSES = ["frame.number", "smb2.nt_status", "smb.nt_status"]


def tshark(file, shown, fields):
    """The values of fields in the packets of a capture that a filter shows; each a list."""
    command = ["tshark", "-r", file, "-Y", shown, "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=,"]
    for field in fields:
        command += ["-e", field]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for line in out.splitlines():
        values = (line.split("\t") + [""] * len(fields))[:len(fields)]
        yield [value.split(",") if value else [] for value in values]


def seen_by_tshark(file):
    """The packet of each AUTHENTICATE, and the number of the answer where tshark follows it."""
    statuses = {}
    for (number,), smb2, smb1 in tshark(file, "smb2.nt_status or smb.nt_status", STATUSES):
        statuses[number] = [int(value, 0) for value in smb2 + smb1]
    # tshark decrypts TLS where the keys are in the file; nothing is decrypted here.
    for (number,), stream, smb2, smb1 in tshark(file, "ntlmssp.messagetype == 3 and not tls", FIELDS):
        answers = [status for packet in smb2 + smb1 for status in statuses.get(packet, [])]
        yield int(number), stream, answers


def found_here(program, file):
    """The rows of the audit with an AUTHENTICATE: their packets, and the number of the answer."""
    out = subprocess.run([program, "audit", "--format", "json", file], capture_output=True, text=True).stdout
    for row in json.loads(out)["rows"]:
        said = row["server_said"]
        code = said and said["status_code"]
        yield row, code and int(code, 16)


def compare(program, file):
    """What differs, in lines; how many both see; and what only one of them sees."""
    rows = [(row, code) for row, code in found_here(program, file)]
    wrong, both, matched = [], 0, set()
    for packet, stream, answers in seen_by_tshark(file):
        # A message in several segments ends here in the packet that tshark shows it in.
        places = [at for at, (row, _) in enumerate(rows) if packet in row["packets"]]
        if not places:
            wrong.append(f"{file.name}: packet {packet} (stream {','.join(stream)}) is an AUTHENTICATE to tshark, and in no row")
            continue
        both += 1
        matched.update(places)
        codes = {rows[at][1] for at in places}
        # tshark names the same request for each response of a chain.
        if answers and not codes & set(answers):
            wrong.append(f"{file.name}: packet {packet} is answered {answers}, here {sorted(code or 0 for code in codes)}")
    ours = [row for at, (row, _) in enumerate(rows) if at not in matched and row["mechanism"] == "ntlm"]
    return wrong, both, ours


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="target/release/spnscope", help="the command line to compare")
    parser.add_argument("files", nargs="*", type=Path)
    arguments = parser.parse_args()
    files = arguments.files or sorted(CAPTURES.glob("*.pcap*"))
    wrong, both, ours = [], 0, []
    for file in files:
        differs, seen, more = compare(arguments.program, file)
        wrong += differs
        both += seen
        ours += [(file.name, row) for row in more]
    for name, row in ours:
        print(f"only here: {name}, packets {row['packets']}, {row['protocol']}, {row['target_name']['value']}")
    print(f"{len(files)} captures: tshark and the audit see {both} AUTHENTICATE messages, {len(ours)} more are seen only here")
    for line in wrong:
        print(f"differs: {line}")
    sys.exit(bool(wrong))


main()
