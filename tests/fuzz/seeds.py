#!/usr/bin/env python3
"""Writes tests/fuzz/corpus anew: what each fuzz target starts from, a dozen small files each.

Everything is taken from tests/fixtures. Payloads of packets are cut out by tshark, which
`tests/tools/setup.sh peers` installs.
"""

import base64
import json
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
FIXTURES = HERE.parent / "fixtures"
CAPTURES = FIXTURES / "captures"


def vector(name):
    """The messages of a file of vectors, one a line."""
    text = (FIXTURES / "vectors" / name).read_text()
    decode = bytes.fromhex if name.endswith(".hex") else base64.b64decode
    return [decode(line) for line in text.splitlines()]


def captured(capture, frame):
    """The NTLM message in a frame of a capture."""
    for line in (CAPTURES / "messages.jsonl").read_text().splitlines():
        line = json.loads(line)
        if (line["capture"], line["frame"]) == (capture, frame):
            return base64.b64decode(line["base64"])
    raise SystemExit(f"{capture} has no message in frame {frame}")


def payload(capture, frame):
    """What a frame of a capture carries over TCP, put together where it spans segments."""
    fields = ["-e", "tcp.reassembled.data", "-e", "tcp.payload"]
    command = ["tshark", "-r", CAPTURES / capture, "-Y", f"frame.number == {frame}", "-T", "fields", *fields]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    whole, segment = out.rstrip("\n").split("\t")
    return bytes.fromhex((whole or segment).replace(":", ""))


def message_seeds():
    seeds = {"unknown-type": b"NTLMSSP\0\x05\0\0\0", "cut": vector("t1.b64")[2][:150]}
    seeds |= dict(zip(("t1-negotiate", "t1-challenge", "t1-authenticate"), vector("t1.b64")))
    seeds["t3-empty-name"] = vector("t3.b64")[2]
    seeds["t5-untrusted"] = vector("t5.b64")[2]
    seeds["ntlmv1"] = vector("ms-nlmp-4.2.2.3-authenticate.hex")[0]
    seeds["ntlm2-session"] = vector("ms-nlmp-4.2.3.3-authenticate.hex")[0]
    seeds["ntlmv2-without-mic"] = vector("ms-nlmp-4.2.4.3-authenticate.hex")[0]
    seeds["anonymous"] = captured("impacket-anonymous.pcapng", 12)
    seeds["smbclient-authenticate"] = captured("smb3-direct-by-fqdn.pcapng", 12)
    seeds["exim-short-challenge"] = captured("smtp-ntlm-curl-exim.pcapng", 11)
    seeds["curl-without-version"] = captured("http-ntlm-curl.pcapng", 10)
    return seeds


def carrier_seeds():
    seeds = {
        "smb2-negotiate": payload("smb3-direct-by-ip.pcapng", 9),
        "smb2-setup-challenge": payload("smb3-direct-by-ip.pcapng", 11),
        "smb2-setup-authenticate": payload("smb3-direct-by-ip.pcapng", 12),
        "smb2-setup-raw": payload("smb3-raw-ntlmssp.pcapng", 10),
        "smb1-setup-challenge": payload("smb1-nt1-by-fqdn.pcap", 9),
        "smb1-setup-authenticate": payload("smb1-nt1-by-fqdn.pcap", 10),
        "smb1-plain-setup": payload("smb1-nt1-no-extended-security.pcap", 8),
        "rpc-auth3": payload("ad-rpc-tcp-ntlm-seal.pcapng", 20),
        "ldap-bind": payload("ad-ldap-gss-spnego-ntlm.pcapng", 10),
        "tds-login": payload("tds-freetds.pcapng", 10),
    }
    line = json.loads((CAPTURES / "kerberos.jsonl").read_text().splitlines()[0])
    seeds["kerberos-gss"] = base64.b64decode(line["gss_token_base64"])
    seeds["kerberos-smb2"] = payload("ad-smb3-kerberos-by-fqdn.pcapng", line["frame"])
    seeds["bare-messages"] = b"".join(vector("t4.b64"))
    return seeds


def input_seeds():
    lines = (FIXTURES / "vectors/t1.b64").read_text().splitlines()
    negotiate, challenge, authenticate = lines
    raw = vector("t1.b64")[2]
    pairs = [f"{byte:02x}" for byte in raw]
    rows = [pairs[at:at + 16] for at in range(0, len(pairs), 16)]
    dump = "\n".join(f"{number * 16:08x}  {' '.join(row)}" for number, row in enumerate(rows))
    log = "\r\n".join([
        "> GET / HTTP/1.1", "> Host: dcfr.lab.lan", f"> Authorization: NTLM {negotiate}", ">",
        "< HTTP/1.1 401 Unauthorized", f"< WWW-Authenticate: NTLM {challenge}", "<",
        "> GET / HTTP/1.1", f"> Authorization: NTLM {authenticate}", ">", "",
    ])
    seeds = {
        "base64": "\n".join(lines) + "\n",
        "base64-wrapped": "\n".join(authenticate[at:at + 64] for at in range(0, len(authenticate), 64)),
        "base64-url": authenticate.replace("+", "-").replace("/", "_").rstrip("="),
        "hex": "".join(pairs),
        "hex-spaces": " ".join(pairs),
        "hex-dump": dump,
        "hex-c-array": ", ".join("0x" + pair for pair in pairs),
        "http-log": log,
        "json": json.dumps({"a": negotiate, "b": challenge, "c": authenticate}),
        "http-negotiate": payload("http-negotiate-curl-apache.pcapng", 8),
        "bytes": b"\x05\0\x10something\0" + raw + b"after",
        "pcap": (CAPTURES / "impacket-smb1-ntlmv1-plain.pcap").read_bytes(),
        "pcapng": (CAPTURES / "tds-freetds.pcapng").read_bytes(),
        "nothing": "hello",
        "hash-line": (FIXTURES / "cases/24b-netntlmv2-alone.txt").read_text(),
        "hash-line-broken": (FIXTURES / "cases/min-17a-coloured-and-broken-at-80-columns.txt").read_text(),
        "twice": f"{negotiate}\n{authenticate}\n{''.join(pairs)}\n{negotiate}\n",
        "left-out": f"<Buffer {' '.join(pairs[:50])} ... 320 more bytes>",
    }
    return {name: seed.encode() if isinstance(seed, str) else seed for name, seed in seeds.items()}


def repeated_seeds():
    negotiate = (FIXTURES / "vectors/t1.b64").read_text().splitlines()[0]
    seeds = {
        "base64": negotiate + "\n",
        "quoted": f'"{negotiate}",',
        "hex": "4e544c4d5353500001000000",
        "hex-tokens": "a1073005a0030a0100\n",
        "hex-spaces": "4e 54 4c 4d 53 53 50 00 01 00 00 00 ",
        "header": "Authorization: NTLM TlRMTVNTUAABAAAA\r\n",
        "headers-in-a-line": "WWW-Authenticate: Negotiate, NTLM ",
        "dialogue": "AUTH NTLM\r\n334 \r\n",
        "dialogues-in-a-line": "AUTH NTLM ",
        "signature": "NTLMSSP\0\1\0\0\0",
        "spnego": "\x60\x20\x06\x06+\x06\x01\x05\x05\x02",
        "escapes": "\\x4e\\x54",
        "percent": "%54%6c",
        "hash-line": "a::b:0123456789abcdef:" + 32 * "0" + ":0101000000000000\n",
        "colons": "a::",
    }
    return {name: seed.encode("latin-1") for name, seed in seeds.items()}


def settings_seeds():
    seeds = {
        "names": "name DCFR\nname dcfr.lab.lan\n",
        "controller": "role domain-controller\ndomain LAB\ndomain lab.lan\n",
        "addresses": "address 10.0.0.11\naddress fd00:11::11\naddress ::ffff:10.0.0.11\n",
        "allowed": "allowed files\nallowed 10.0.0.100\nallowed a name with spaces\n",
        "switches": "off audit-file-share\non audit-client-spn\noff honours-untrusted-flag\noff patched-cve-2019-1040\n"
                    "off loopback-rule\non loopback\noff reports-target\n",
        "not-understood": 'address ten\n{"role": 7\non nothing\nname DCFR\r\n\nname\n',
    }
    return {name: seed.encode() for name, seed in seeds.items()}


def import_seeds():
    folder = FIXTURES / "imports"
    seeds = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name != "README.md"}
    fields = {"SubjectUserName": "anna", "SpnName": "cifs/10.0.0.100", "ErrorCode": "0xc0000022", "ServerNames": "DCFR;dcfr.lab.lan;",
              "ConfiguredNames": "N/A", "IpAddresses": "127.0.0.1;::1;10.0.0.11;"}
    provider = "Microsoft-Windows-Security-Auditing"
    xml = (FIXTURES / "imports/event-5168.xml").read_text()
    message = (FIXTURES / "imports/event-5168-german.txt").read_text()
    values = ["S-1-5-21-1", "anna", "LAB", "0x1", *list(fields.values())[1:]]
    one_line = message.replace("\n", "  ").replace("\t", " ")
    forms = {
        "winlogbeat": json.dumps({"winlog": {"event_id": "5168", "provider_name": provider, "event_data": fields}}, indent=1),
        "nxlog": "\n".join(2 * [json.dumps({"EventID": 5168, "SourceName": provider, **fields})]),
        "wazuh": json.dumps({"data": {"win": {"system": {"eventID": "5168"}, "eventdata": {key[0].lower() + key[1:]: value for key, value in fields.items()}}}}),
        "string-inserts": json.dumps([{"ProviderName": provider, "EventID": 5168, "StringInserts": values}]),
        "convertto-json": json.dumps({"Id": 5168, "ProviderName": provider, "Properties": [{"Value": value} for value in values]}),
        "xml-as-json": json.dumps({"Event": {"System": {"EventID": {"#text": 5168}}, "EventData": {"Data": [{"@Name": key, "#text": value} for key, value in fields.items()]}}}),
        "osquery": json.dumps({"eventid": "5168", "provider_name": provider, "data": json.dumps({"EventData": fields})}),
        "xml-in-json": json.dumps({"EventID": 5168, "EventData": xml[xml.index("<EventData"):]}),
        "escaped-xml": xml.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;"),
        "pairs": f'EventCode="5168" SourceName="{provider}" ' + " ".join(f'{key}="{value}"' for key, value in fields.items()),
        "csv": ",".join(["EventID", *fields]) + "\n" + ",".join(["5168", *(f'"{value}"' for value in fields.values())]),
        "viewer-csv": f'Ebene,Datum und Uhrzeit,Quelle,Ereignis-ID,Aufgabenkategorie\nx,1.1.2026,{provider},5168,x,"{message}"',
        "snare": f"<13>Nov 28 09:08:07 dcfr MSWinEventLog\t1\tSecurity\t1\tx\t5168\t{provider}\tanna\tN/A\tx\tdcfr\tx\t\t{one_line}\t12",
        "rsyslog": f"Nov 28 09:08:07 dcfr {provider}: 5168: " + message.replace("\n", "#015#012").replace("\t", "#011"),
        "format-list": f"ProviderName : {provider}\nId           : 5168\nMessage      : " + message.replace("\n", "\n               "),
    }
    seeds |= {name: form.encode() for name, form in forms.items()}
    seeds["list"] = b"nas.lab.lan\n10.0.0.100\n"
    seeds["template"] = b"MACHINE\\System\\CurrentControlSet\\Services\\LanManServer\\Parameters\\SmbServerNameHardeningLevel=4,1\n"
    seeds["json"] = b'{ "SmbServerNameHardeningLevel": 3, "SrvAllowedServerNames": [ "nas", "10.0.0.100" ] }'
    return seeds


def capture_seeds():
    names = ("impacket-smb1-ntlmv1-plain.pcap", "tds-freetds.pcapng", "ldap-sicily-ldap3.pcapng", "http-ntlm-curl.pcapng",
             "smb3-wrong-password.pcapng", "smb3-snaplen-160.pcap", "impacket-anonymous.pcapng", "smtp-ntlm-curl-exim.pcapng")
    # The first byte says in which pieces the target pushes the file.
    return {name: b"\x06" + (CAPTURES / name).read_bytes() for name in names}


def segments(capture):
    """The TCP payloads of an Ethernet capture over IPv4, and whether the client sent each."""
    file = (CAPTURES / capture).read_bytes()
    number = lambda at: int.from_bytes(file[at:at + 4], "little")
    is_pcapng = file.startswith(b"\x0a\x0d\x0d\x0a")
    at = 0 if is_pcapng else 24
    client = None
    while at < len(file):
        if is_pcapng:
            packet = file[at + 28:at + 28 + number(at + 20)] if number(at) == 6 else b""
            at += number(at + 4)
        else:
            packet = file[at + 16:at + 16 + number(at + 8)]
            at += 16 + number(at + 8)
        ip = packet[14:]
        if packet[12:14] != b"\x08\0" or ip[9] != 6:
            continue
        tcp = ip[20:int.from_bytes(ip[2:4], "big")]
        client = client or ip[12:16]
        if payload := tcp[tcp[12] >> 2:]:
            yield ip[12:16] == client, payload


def stream_seeds():
    seeds = {}
    for capture in ("smb3-wrong-password.pcapng", "smb1-nt1-by-fqdn.pcap", "smb3-smbprotocol-two-users.pcapng", "http-ntlm-curl.pcapng",
                    "ad-rpc-tcp-ntlm-seal.pcapng", "ldap-sicily-ldap3.pcapng", "tds-freetds.pcapng", "pop3-ntlm-curl.pcapng"):
        seed = b""
        for is_client, payload in segments(capture):
            # Who sends it, no step back, no flags, how long it is, and nothing missing.
            for start in range(0, len(payload), 255):
                piece = payload[start:start + 255]
                seed += bytes([0 if is_client else 1, 0, 0, len(piece), 0]) + piece
        seeds[capture.split(".")[0]] = seed
    return seeds


def main():
    shutil.rmtree(HERE / "corpus", ignore_errors=True)
    for make in (message_seeds, carrier_seeds, input_seeds, repeated_seeds, settings_seeds, import_seeds,
                 capture_seeds, stream_seeds):
        target = make.__name__.removesuffix("_seeds")
        folder = HERE / "corpus" / target
        folder.mkdir(parents=True)
        seeds = make()
        for name, seed in seeds.items():
            (folder / name).write_bytes(seed)
        print(f"{target}: {len(seeds)} files, {sum(map(len, seeds.values()))} bytes")


main()
