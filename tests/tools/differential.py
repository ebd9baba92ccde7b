#!/usr/bin/env python3
"""Decodes NTLM messages here, with tshark and with pyspnego, and compares the three field by field.

    differential.py --program target/release/spnscope [FILE...]

A file is a capture, JSON lines with messages in base64, or anything else that has messages in it: bytes,
base64 or hex. Without one, all fixtures are read, and the collection beside the project where it is there.

tshark decodes a message where it stands in its capture. Those it passes over there, and those that are in
no capture, it is given as headers of HTTP requests. Every difference is printed with the three values.
Differences that are a peer's own are told apart by the table KNOWN, printed with --known, and counted.
The exit status is 1 where a difference is left.
"""

import argparse
import base64
import collections
import datetime
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from http_capture import http_capture
from spnego.__main__ import parse_token

SIGNATURE = b"NTLMSSP\0"
PROJECT = Path(__file__).resolve().parent.parent.parent
PEERS = ("tshark", "pyspnego")
# How captures begin: pcapng, and pcap of either byte order with microseconds or nanoseconds.
CAPTURES = [bytes.fromhex(magic) for magic in ("0a0d0d0a", "a1b2c3d4", "d4c3b2a1", "a1b23c4d", "4d3cb2a1")]

# --- The messages of a file ---

Found = collections.namedtuple("Found", "place bytes tshark")


def is_capture(file):
    with file.open("rb") as opened:
        return opened.read(4) in CAPTURES


def read(file):
    """The messages of a file."""
    if is_capture(file):
        return read_capture(file)
    if file.suffix == ".jsonl":
        return read_json_lines(file)
    return [Found(f"byte {at}", message, None) for at, message in search(file.read_bytes())]


def read_json_lines(file):
    found = []
    for number, line in enumerate(file.read_text().splitlines(), 1):
        line = json.loads(line)
        for key in ("base64", "negotiate", "challenge", "authenticate"):
            if key in line:
                found.append(Found(f"line {number} {key}", base64.b64decode(line[key]), None))
    return found


def tshark(file, *arguments):
    command = ["tshark", "-n", "-r", file, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def read_capture(file):
    found = [Found(f"frame {frame}", message, pairs) for frame, message, pairs in decoded_by_tshark(file)]
    there = {message.bytes for message in found}
    for frame, message in searched_in_streams(file):
        if message not in there:
            found.append(Found(f"frame {frame}", message, None))
    return found


def decoded_by_tshark(file):
    """Frame, bytes and fields of each message that tshark decodes."""
    out = tshark(file, "-Y", "ntlmssp.messagetype", "-T", "json", "-x")
    # Names of fields repeat, so that objects are lists of pairs.
    for packet in json.loads(out or "[]", object_pairs_hook=list):
        frame = dict(dict(dict(dict(packet)["_source"])["layers"])["frame"])["frame.number"]
        for pairs, raw in protocols(packet):
            yield int(frame), bytes.fromhex(raw), pairs


def protocols(pairs):
    raw = None
    for key, value in pairs:
        if key == "ntlmssp_raw":
            raw = value[0]
        elif key == "ntlmssp":
            # Sealed payload has the protocol's name too.
            if raw and bytes.fromhex(raw).startswith(SIGNATURE):
                yield value, raw
        elif is_object(value):
            yield from protocols(value)


def is_object(value):
    return isinstance(value, list) and bool(value) and isinstance(value[0], (list, tuple)) and len(value[0]) == 2


def searched_in_streams(file):
    """Frame and bytes of each message that a search in the streams finds, bare or in base64."""
    fields = ["frame.number", "tcp.stream", "tcp.srcport", "tcp.seq", "tcp.payload"]
    options = [option for field in fields for option in ("-e", field)]
    streams = collections.defaultdict(list)
    for row in tshark(file, "-Y", "tcp.len > 0", "-T", "fields", *options).splitlines():
        frame, stream, port, sequence, payload = row.split("\t")
        if payload:
            streams[stream, port].append((int(sequence), int(frame), bytes.fromhex(payload)))
    for segments in streams.values():
        data, starts, following = b"", [], None
        for sequence, frame, payload in sorted(segments):
            if following is not None and sequence > following:
                # Bytes that were not captured end whatever message they are in.
                yield from searched(data, starts)
                data, starts, following = b"", [], None
            payload = payload[max(0, (following or sequence) - sequence):]
            starts.append((len(data), frame))
            data += payload
            following = max(following or 0, sequence + len(payload))
        yield from searched(data, starts)


def searched(data, starts):
    for at, message in search(data):
        yield max((start, frame) for start, frame in starts if start <= at)[1], message


def search(data):
    """Where messages stand in bytes, and the messages: bare, in base64, in hex."""
    found = [(match.start(), bare(data[match.start():])) for match in re.finditer(SIGNATURE + rb"[\1-\3]\0\0\0", data)]
    for match in re.finditer(rb"TlRMTVNTUA[A-Za-z0-9+/]+={0,2}", data):
        text = match.group()
        found.append((match.start(), bare(base64.b64decode(text + b"=" * (-len(text) % 4)))))
    for match in re.finditer(rb"(?i)4e544c4d53535000(?:[0-9a-f]{2})+", data):
        found.append((match.start(), bare(bytes.fromhex(match.group().decode()))))
    return sorted(found)


def bare(data):
    """The message at the start of bytes, as far as its pointers reach."""
    pointers = {1: (16, 24), 2: (12, 40), 3: (12, 20, 28, 36, 44, 52)}[data[8]]
    ends = [{1: 16, 2: 32, 3: 64}[data[8]]]
    starts = []
    for at in pointers:
        if at + 8 <= len(data):
            length, offset = int.from_bytes(data[at:at + 2], "little"), int.from_bytes(data[at + 4:at + 8], "little")
            ends += [at + 8, offset + length] if length else [at + 8]
            starts += [offset] if offset else []
    # Version stands between the header and what is pointed to, or is the end of it.
    flags_at = {1: 12, 2: 20, 3: 60}[data[8]]
    if int.from_bytes(data[flags_at:flags_at + 4], "little") & 0x02000000:
        version_end = {1: 40, 2: 56, 3: 72}[data[8]]
        if not starts or min(starts) >= version_end:
            ends.append(version_end)
    return data[:max(ends)]


# --- What each of the three says of a message: fields by the name that [MS-NLMP] gives them ---

UNITS = 10_000_000
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def ticks(year, month, day, time, fraction):
    """A time in units of 100 ns since 1601. Python's own dates end with the year 9999."""
    cycles, year = divmod(int(year), 400)
    days = datetime.date(year + 400, month, int(day)).toordinal() + (cycles - 1) * 146_097
    hours, minutes, seconds = map(int, time.split(":"))
    days -= datetime.date(1601, 1, 1).toordinal()
    return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * UNITS + int((fraction or "").ljust(7, "0")[:7])


def iso_ticks(text):
    """The time that `2003-06-17T10:00:00.5Z` is; the text where it is of another form."""
    match = re.fullmatch(r"(\d{4,})-(\d\d)-(\d\d)T([\d:]+)(?:\.(\d+))?Z", text)
    return ticks(match[1], int(match[2]), match[3], match[4], match[5]) if match else text


def tshark_ticks(text):
    """The time that `Jun 17, 2003 10:00:00.500000000 UTC` is; the text where it is of another form."""
    match = re.fullmatch(r"(\w{3}) +(\d+), (\d+) ([\d:]+)\.(\d+) UTC", text)
    return ticks(match[3], MONTHS.index(match[1]) + 1, match[2], match[4], match[5]) if match else text


def is_text(av_id):
    return av_id in (1, 2, 3, 4, 5, 9)


def ours(program, message):
    """Fields and their places."""
    out = subprocess.run([program, "decode", "--format", "json"], input=message, capture_output=True).stdout
    tokens = json.loads(out)["tokens"]
    if len(tokens) != 1 or tokens[0]["hex"] != message.hex():
        return {"Message": f"{len(tokens)} messages, {[token['hex'] for token in tokens]}"}, {}
    fields, places = {"Message": "decoded"}, {}
    for field in tokens[0]["fields"]:
        name = field["path"].split(".", 1)[1]
        name = name.replace("NtChallengeResponse.NTLMv2_CLIENT_CHALLENGE.", "").replace("TargetInfo[", "AvPairs[")
        name = name.replace("NtChallengeResponse.NTProofStr", "NTProofStr")
        value = field["value"]
        if value is None:
            value = message[field["start"]:field["end"]].hex()
        elif name == "NegotiateFlags":
            value = int(value, 16)
        elif isinstance(value, str) and (name == "TimeStamp" or name.startswith("AvPairs[")):
            value = iso_ticks(value)
        fields[name], places[name] = value, (field["start"], field["end"])
    for name in list(fields):
        # What is empty has no bytes, and so no place in the tree.
        if name.endswith("Fields") and fields.get(f"{name}.{name[:-6]}Len") == 0:
            fields.setdefault(name[:-6], "")
        elif name.endswith(".AvLen") and fields[name] == 0 and fields[name.replace("AvLen", "AvId")] != 0:
            fields.setdefault(name.replace("AvLen", "Value"), "")
    fields["AvPairs, number"] = sum(name.endswith(".AvId") for name in fields)
    fields["damaged"] = any(finding["severity"] != "note" for finding in tokens[0]["findings"])
    return fields, places


TSHARK = {
    "ntlmssp.messagetype": "MessageType",
    "ntlmssp.negotiateflags": "NegotiateFlags",
    "ntlmssp.ntlmserverchallenge": "ServerChallenge",
    "ntlmssp.reserved": "Reserved",
    "ntlmssp.negotiate.domain": "DomainName",
    "ntlmssp.negotiate.callingworkstation": "Workstation",
    "ntlmssp.challenge.target_name": "TargetName",
    "ntlmssp.challenge.target_info": "TargetInfo",
    "ntlmssp.auth.lmresponse": "LmChallengeResponse",
    "ntlmssp.auth.ntresponse": "NtChallengeResponse",
    "ntlmssp.auth.domain": "DomainName",
    "ntlmssp.auth.username": "UserName",
    "ntlmssp.auth.hostname": "Workstation",
    "ntlmssp.auth.sesskey": "EncryptedRandomSessionKey",
    "ntlmssp.authenticate.mic": "MIC",
    "ntlmssp.version": "Version",
    "ntlmssp.version.major": "Version.ProductMajorVersion",
    "ntlmssp.version.minor": "Version.ProductMinorVersion",
    "ntlmssp.version.build_number": "Version.ProductBuild",
    "ntlmssp.version.ntlm_current_revision": "Version.NTLMRevisionCurrent",
    "ntlmssp.ntlmv2_response.ntproofstr": "NTProofStr",
    "ntlmssp.ntlmv2_response.rversion": "RespType",
    "ntlmssp.ntlmv2_response.hirversion": "HiRespType",
    "ntlmssp.ntlmv2_response.time": "TimeStamp",
    "ntlmssp.ntlmv2_response.chal": "ChallengeFromClient",
    "ntlmssp.ntlmv2_response.pad": "Reserved4",
}
POINTERS = {"length": "Len", "maxlen": "MaxLen", "offset": "BufferOffset"}
NUMBERS = re.compile(r"MessageType|NegotiateFlags|.*(Len|Offset|AvId)|Version\.(?!Reserved).*|(Hi)?RespType")


def tshark_value(name, value, raw):
    """A value as tshark prints it, as the others have it."""
    if NUMBERS.fullmatch(name):
        return int(value, 0)
    if name == "TimeStamp":
        return tshark_ticks(value)
    if name == "Reserved4":
        return int.from_bytes(bytes.fromhex(raw), "little")
    if re.fullmatch(r"[0-9a-f]{2}(:[0-9a-f]{2})*", value) and raw == value.replace(":", ""):
        return raw
    return value


def by_tshark(pairs):
    """Fields and their places."""
    fields, places = {"Message": "decoded"}, {}
    base = next(value[1] for key, value in pairs if key == "ntlmssp.identifier_raw")

    def note(name, value, raw):
        fields[name] = tshark_value(name, value, raw[0]) if isinstance(value, str) else raw[0]
        places[name] = (raw[1] - base, raw[1] - base + raw[2])

    def walk(pairs, within):
        raw = None
        for key, value in pairs:
            if key.endswith("_raw"):
                raw = value
                continue
            last = key.rsplit(".", 1)[-1]
            if key in TSHARK and raw:
                note(TSHARK[key], value, raw)
            elif last in POINTERS and within and raw:
                note(f"{within}Fields.{within}{POINTERS[last]}", value, raw)
            if key.startswith("Attribute:") or key.startswith("ntlmssp.target_info_attr"):
                attribute(value)
            elif is_object(value):
                walk(value, TSHARK.get(key.removesuffix("_tree"), None))

    def attribute(pairs):
        name, raw, av_id = f"AvPairs[{attribute.count}]", None, None
        attribute.count += 1
        for key, value in pairs:
            if key.endswith("_raw"):
                raw = value
            elif key.endswith(".item.type"):
                av_id = int(value, 0)
                note(f"{name}.AvId", value, raw)
            elif key.endswith(".item.length"):
                note(f"{name}.AvLen", value, raw)
            elif isinstance(value, str) and raw:
                note(f"{name}.Value", value, raw)
                if av_id == 6:
                    fields[f"{name}.Value"] = int(value, 0)
                elif av_id == 7:
                    fields[f"{name}.Value"] = tshark_value("TimeStamp", value, raw[0])

    attribute.count = 0
    walk(pairs, None)
    fields["AvPairs, number"] = attribute.count
    if fields.get("MessageType") == 3:
        fields.setdefault("MIC", None)
    fields.setdefault("Version", None)
    return fields, places


def by_pyspnego(message):
    """Fields; pyspnego does not tell places."""
    try:
        parsed = parse_token(message)
    except Exception as error:  # It fails in many ways, none of which it announces.
        return {"Message": f"{type(error).__name__}: {error}"}
    data = parsed["Data"]
    if not isinstance(data, dict):
        return {"Message": data}
    fields = {"Message": "decoded", "MessageType": int(re.search(r"\((\d+)\)", parsed["MessageType"])[1])}
    fields["NegotiateFlags"] = data["NegotiateFlags"]["raw"]
    for key in ("ServerChallenge", "Reserved", "MIC"):
        if key in data:
            fields[key] = data[key] and data[key].lower()
    if data["Version"]:
        names = {"Major": "ProductMajorVersion", "Minor": "ProductMinorVersion", "Build": "ProductBuild"}
        names |= {"Reserved": "Reserved", "NTLMRevision": "NTLMRevisionCurrent"}
        for key, name in names.items():
            value = data["Version"][key]
            fields[f"Version.{name}"] = value.lower() if isinstance(value, str) else value
    else:
        fields["Version"] = None
    for key, value in data.items():
        if key.endswith("Fields"):
            for part, number in value.items():
                fields[f"{key}.{key[:-6]}{part}"] = number
    for key, value in data["Payload"].items():
        if key == "TargetInfo":
            pyspnego_pairs(value, fields)
        elif key == "LmChallengeResponse" and value:
            fields[key] = (value["LMProofStr"] + value.get("ChallengeFromClient", "")).lower()
        elif key == "NtChallengeResponse" and value:
            proof = value["NTProofStr"].lower()
            if "ClientChallenge" not in value:
                fields[key] = proof
                continue
            fields["NTProofStr"] = proof
            for part, number in value["ClientChallenge"].items():
                if part == "AvPairs":
                    pyspnego_pairs(number, fields)
                elif part == "TimeStamp":
                    fields[part] = iso_ticks(number)
                else:
                    fields[part] = number.lower() if isinstance(number, str) else number
        elif key == "EncryptedRandomSessionKey" and value:
            fields[key] = value.lower()
        else:
            fields[key] = value
    fields["AvPairs, number"] = sum(name.endswith(".AvId") for name in fields)
    return fields


def pyspnego_pairs(pairs, fields):
    for number, pair in enumerate(pairs or []):
        name, value = f"AvPairs[{number}]", pair["Value"]
        av_id = int(re.search(r"\((\d+)\)", pair["AvId"])[1])
        fields[f"{name}.AvId"] = av_id
        if av_id == 6:
            fields[f"{name}.Value"] = value["raw"]
        elif av_id == 7:
            fields[f"{name}.Value"] = iso_ticks(value)
        elif av_id == 8:
            for part, inner in value.items():
                part = part.replace("MachineId", "MachineID")
                fields[f"{name}.Value.{part}"] = inner.lower() if isinstance(inner, str) else inner
        elif av_id != 0:
            fields[f"{name}.Value"] = value if is_text(av_id) or value is None else value.lower()


# --- Differences that are a peer's own ---

# A difference as the rules see it: `ours` and `theirs` are the values, `our` and `their` all fields.
Difference = collections.namedtuple("Difference", "peer field ours theirs our their message")


UNIX_EPOCH = 11_644_473_600 * UNITS


def pointer_of(difference):
    """The bytes that point to a field, as hex."""
    numbers = {
        1: {"DomainName": 16, "Workstation": 24},
        2: {"TargetName": 12, "TargetInfo": 40},
        3: {"LmChallengeResponse": 12, "NtChallengeResponse": 20, "DomainName": 28, "UserName": 36}
        | {"Workstation": 44, "EncryptedRandomSessionKey": 52},
    }
    at = numbers[difference.message[8]].get(difference.field)
    return at and difference.message[at:at + 8].hex()


def nt_response(difference):
    return bytes.fromhex(difference.our.get("NtChallengeResponse", ""))


def offset_of(fields, field):
    field = re.sub("Fields.*|, place", "", field)
    return fields[f"{field}Fields.{field}BufferOffset"]


def av_ids(fields):
    return [value for name, value in fields.items() if name.endswith(".AvId")]


def empty_for_tshark(difference):
    """tshark gives an empty field the place of its pointer."""
    field = difference.field.removesuffix(", place")
    return difference.our.get(f"{field}Fields.{field}Len") == 0 and not difference.ours


def is_cut(difference):
    """Whether the header or what it points to goes on behind the end."""
    our, length = difference.our, len(difference.message)
    if length < {1: 32, 2: 48, 3: 64}[difference.message[8]]:
        return True
    names = [name[:-6] for name in our if name.endswith("Fields")]
    return any(our[f"{x}Fields.{x}BufferOffset"] + our[f"{x}Fields.{x}Len"] > length for x in names if our[f"{x}Fields.{x}Len"])


def ends_before_version(difference):
    end = {1: 40, 2: 56, 3: 72}[difference.message[8]]
    return len(difference.message) < end and "Version" not in difference.our


PAYLOAD = "(DomainName|Workstation|UserName|TargetName|TargetInfo|(Lm|Nt)ChallengeResponse|EncryptedRandomSessionKey)"

# Who, in which fields, under which condition, and why.
KNOWN = [
    (
        "tshark",
        PAYLOAD,
        lambda d: empty_for_tshark(d) and d.theirs == "NULL",
        "writes NULL for an empty text",
    ),
    (
        "tshark",
        PAYLOAD,
        lambda d: empty_for_tshark(d) and d.theirs == pointer_of(d),
        "shows the eight bytes of the pointer as the value of an empty field",
    ),
    (
        "tshark",
        f"{PAYLOAD}, place",
        empty_for_tshark,
        "gives an empty field the place of its pointer; here it has none",
    ),
    (
        "tshark",
        "Version",
        lambda d: d.theirs is None and not d.our["NegotiateFlags"] & 0x02000000,
        "shows Version only where NTLMSSP_NEGOTIATE_VERSION is set; here it is found by the room for it",
    ),
    (
        "tshark",
        "Version|MIC",
        lambda d: d.theirs is None and is_cut(d),
        "stops at the first field that goes on behind the end",
    ),
    (
        "tshark",
        "TimeStamp",
        lambda d: d.ours == 0 and d.theirs == UNIX_EPOCH,
        "shows the FILETIME 0 as 1970; it is 1601",
    ),
    (
        "tshark",
        "Reserved4, place",
        lambda d: d.ours[0] == d.theirs[0] and d.ours[1] == d.ours[0] + 4 < d.theirs[1],
        "takes all bytes behind the list for Reserved4, which has four",
    ),
    (
        "tshark",
        "Reserved4.*",
        lambda d: d.ours is None and d.their["Reserved4"] != 0,
        "takes what follows the list for Reserved4 even where it is not zero; here it is a finding",
    ),
    (
        "tshark",
        rf"{PAYLOAD}|AvPairs\[\d+\].Value",
        lambda d: d.ours != d.theirs == d.ours.split("\0")[0],
        "ends a text at its first zero character",
    ),
    (
        "tshark",
        rf"{PAYLOAD}(Fields\..*BufferOffset|, place)?",
        lambda d: offset_of(d.our, d.field) % 2 == 1 and offset_of(d.their, d.field) == offset_of(d.our, d.field) + 1,
        "takes the next even offset for UTF-16 at an odd one",
    ),
    (
        "tshark",
        "AvPairs, number",
        lambda d: d.theirs == 0 and is_cut(d),
        "stops at the first field that goes on behind the end",
    ),
    (
        "tshark",
        rf"{PAYLOAD}|AvPairs\[\d+\].Value",
        lambda d: re.sub(r"(\\x[0-9a-f]{2})+", "\ufffd", d.ours) == re.sub("\ufffd+", "\ufffd", d.theirs),
        "shows one sign for bytes that are no text; here they are shown as bytes",
    ),
    (
        "pyspnego",
        PAYLOAD,
        lambda d: d.theirs is None and d.ours == "",
        "gives None for an empty field",
    ),
    (
        "pyspnego",
        "Reserved4",
        lambda d: d.ours is None and d.theirs == int.from_bytes(nt_response(d)[-4:], "little"),
        "takes the last four bytes of the response for Reserved4 even where the list ends there",
    ),
    (
        "pyspnego",
        r"Version\..*",
        ends_before_version,
        "gives a default Version where the message ends before one",
    ),
    (
        "pyspnego",
        "Message",
        lambda d: d.our["damaged"],
        "gives nothing of a message that is damaged",
    ),
    (
        "pyspnego",
        rf"{PAYLOAD}|AvPairs.*|MIC",
        lambda d: d.ours is None and is_cut(d),
        "takes what is there of a field that is cut, or an empty value",
    ),
    (
        "pyspnego",
        r"AvPairs.*|Reserved4",
        lambda d: 0 in av_ids(d.our)[:-1] or (0 in av_ids(d.our) and len(av_ids(d.their)) > len(av_ids(d.our))),
        "goes on reading pairs behind MsvAvEOL",
    ),
    (
        "pyspnego",
        r"AvPairs.*",
        lambda d: len(set(av_ids(d.our))) < len(av_ids(d.our)),
        "keeps one of the pairs that have the same id",
    ),
    (
        "pyspnego",
        PAYLOAD,
        lambda d: not d.our["NegotiateFlags"] & 1 and "\\x" in d.ours,
        "reads OEM text as Windows-1252; here other bytes than ASCII are shown as bytes",
    ),
    (
        "pyspnego",
        "session key",
        lambda d: d.theirs == "failed to derive" and "NTProofStr" not in by_pyspnego(d.message),
        "derives keys of NTLMv2 only",
    ),
    (
        "pyspnego",
        "session key",
        lambda d: d.ours is None and d.our["nt_proof_str"] == "invalid",
        "derives a key from a secret that does not fit; here it gives none",
    ),
]


def known(difference):
    """Why the peer differs, where that is known."""
    for peer, field, holds, reason in KNOWN:
        if peer == difference.peer and re.fullmatch(field, difference.field):
            try:
                if holds(difference):
                    return reason
            except (AttributeError, KeyError, TypeError):
                # The rule presumes a value that is not there.
                continue
    return None


# --- Comparing ---


class Tally:
    """What was compared, and what came of it."""

    def __init__(self, print_known):
        self.print_known = print_known
        self.fields = collections.Counter()
        # By peer and reason; the reason is None where it is not known.
        self.differences = collections.Counter()

    def compared(self, place, name, mine, theirs, reasons):
        """Notes one field: `theirs` has the value of each peer, `reasons` why those differ that do."""
        for peer, reason in reasons.items():
            self.differences[peer, reason] += 1
        if None in reasons.values() or reasons and self.print_known:
            values = [f"spnscope {shown(mine)}", *(f"{peer} {shown(value)}" for peer, value in theirs.items())]
            print(f"{place}, {name}: {'; '.join(values)}")

    def known(self, peer):
        return [(n, why) for (who, why), n in self.differences.most_common() if who == peer and why]

    def others(self, peer):
        return self.differences[peer, None]


def shown(value):
    text = "-" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 100 else text[:97] + "..."


def compare_message(place, message, mine, theirs, tally):
    """Compares one message. Of `mine` and of each of `theirs` there are the fields and their places."""
    our, our_places = mine
    names = dict.fromkeys(name for fields, _ in theirs.values() for name in fields)
    rows = [(name, our.get(name), {peer: fields.get(name) for peer, (fields, _) in theirs.items()}) for name in names]
    named = {peer: set(fields) for peer, (fields, _) in theirs.items()}
    their_places = theirs["tshark"][1]
    for name, span in their_places.items():
        rows.append((f"{name}, place", our_places.get(name), {"tshark": span}))
        named["tshark"].add(f"{name}, place")
    for name, ours_value, values in rows:
        reasons = {}
        for peer, value in values.items():
            if name in named[peer]:
                tally.fields[peer] += 1
                if ours_value != value:
                    difference = Difference(peer, name, ours_value, value, our, theirs[peer][0], message)
                    reasons[peer] = known(difference)
        tally.compared(place, name, ours_value, values, reasons)


def session_keys(program, file):
    """For each sign-in with a password: its place, the AUTHENTICATE, our session key and pyspnego's."""
    for number, line in enumerate(file.read_text().splitlines(), 1):
        line = json.loads(line)
        if "password" not in line or "authenticate" not in line:
            continue
        pasted = "\n".join(line[key] for key in ("negotiate", "challenge", "authenticate"))
        with tempfile.NamedTemporaryFile("w") as secret:
            secret.write(line["password"])
            secret.flush()
            command = [program, "decode", "--format", "json", "--password-file", secret.name]
            out = subprocess.run(command, input=pasted.encode(), capture_output=True).stdout
        message = base64.b64decode(line["authenticate"])
        theirs = parse_token(message, secret=line["password"])["Data"]["SessionKey"]
        yield f"line {number}", message, json.loads(out)["exchanges"][0]["proof"], theirs.lower()


def service_names(program, file):
    """For each Kerberos token: its place, and the service name here and in pyspnego."""
    for number, line in enumerate(file.read_text().splitlines(), 1):
        token = json.loads(line).get("gss_token_base64")
        if not token:
            continue
        out = subprocess.run([program, "decode", "--format", "json"], input=token.encode(), capture_output=True).stdout
        evidence = [exchange["evidence"] for exchange in json.loads(out)["exchanges"]]
        mine = next((stated["spn"] for stated in evidence if stated), None)
        yield f"line {number}", mine, ticket_name(parse_token(base64.b64decode(token)))


def ticket_name(parsed):
    """The service name of the ticket somewhere in what pyspnego says."""
    if isinstance(parsed, dict):
        if "sname" in parsed:
            return "/".join(parsed["sname"]["name-string"])
        return next(filter(None, map(ticket_name, parsed.values())), None)
    return None


def default_files():
    fixtures = PROJECT / "tests/fixtures"
    beside = PROJECT.parent / "shared/captures"
    folders = [fixtures / "captures", fixtures / "vectors", beside]
    files = [file for folder in folders if folder.is_dir() for file in sorted(folder.iterdir())]
    # Captures first: there tshark decodes a message where it stands.
    files = sorted((file for file in files if file.name != "README.md"), key=lambda file: not is_capture(file))
    unique = {}
    for file in files:
        unique.setdefault(hashlib.sha256(file.read_bytes()).digest(), file)
    return list(unique.values())


def compare_messages(program, files, tally):
    """Compares each message once, wherever it stands first."""
    found, repeated = {}, 0
    for file in files:
        for message in read(file):
            repeated += message.bytes in found
            found.setdefault(message.bytes, (f"{file.name}, {message.place}", message.tshark))

    passed_over = [message for message, (_, pairs) in found.items() if pairs is None]
    with tempfile.TemporaryDirectory() as folder:
        capture = Path(folder) / "passed-over.pcap"
        capture.write_bytes(http_capture(passed_over, apart=True))
        in_http = {message: pairs for _, message, pairs in decoded_by_tshark(capture)}

    for message, (place, pairs) in found.items():
        pairs = pairs or in_http.get(message)
        theirs = {
            "tshark": by_tshark(pairs) if pairs else ({"Message": "not decoded"}, {}),
            "pyspnego": (by_pyspnego(message), {}),
        }
        compare_message(place, message, ours(program, message), theirs, tally)

    kinds = collections.Counter({1: "NEGOTIATE", 2: "CHALLENGE", 3: "AUTHENTICATE"}[message[8]] for message in found)
    print(f"\n{len(found)} messages: {', '.join(f'{n} {kind}' for kind, n in kinds.items())}; {repeated} more repeat one of them")
    print(f"tshark decoded {len(found) - len(passed_over)} in their captures and {len(in_http)} as headers of HTTP requests")


def compare_lines(program, files, tally):
    """Compares what needs more than one message, or another kind of it: session keys, service names."""
    keys, names, not_here = 0, 0, 0
    for file in files:
        for place, message, proof, theirs in session_keys(program, file):
            mine = proof["exported_session_key"]
            keys += 1
            reasons = {}
            if mine != theirs:
                reasons["pyspnego"] = known(Difference("pyspnego", "session key", mine, theirs, proof, {}, message))
            tally.compared(f"{file.name}, {place}", "session key", mine, {"pyspnego": theirs}, reasons)
        for place, mine, theirs in service_names(program, file):
            names += 1
            not_here += mine is None
            reasons = {"pyspnego": None} if mine not in (None, theirs) else {}
            tally.compared(f"{file.name}, {place}", "service name", mine, {"pyspnego": theirs}, reasons)
    tally.fields["pyspnego"] += keys + names - not_here
    print(f"{keys} session keys; {names} Kerberos tokens, {not_here} of which are not decoded here")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=PROJECT / "target/release/spnscope", help="the command line to compare")
    parser.add_argument("--known", action="store_true", help="print the known differences too")
    parser.add_argument("files", nargs="*", type=Path)
    arguments = parser.parse_args()

    files = arguments.files or default_files()
    tally = Tally(arguments.known)
    compare_messages(arguments.program, files, tally)
    compare_lines(arguments.program, [file for file in files if file.suffix == ".jsonl"], tally)
    for peer in PEERS:
        explained = tally.known(peer)
        total = sum(number for number, _ in explained)
        print(f"{peer}: {tally.fields[peer]} fields compared, {total} known differences, {tally.others(peer)} others")
        for number, why in explained:
            print(f"  {number:5} {why}")
    sys.exit(1 if any(map(tally.others, PEERS)) else 0)


main()
