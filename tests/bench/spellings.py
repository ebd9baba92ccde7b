"""One message in every spelling that one meets: what programs print, and what people write."""

import base64
import json
import textwrap
import urllib.parse
from pathlib import Path

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
# Those are logs of whole sign-ins, with other messages.
LOGS = ("curl", "tshark", "README")


def message():
    """The AUTHENTICATE of T1, which the files below `fixtures/inputs` have."""
    return base64.b64decode((FIXTURES / "vectors/t1-authenticate.b64").read_text())


def tlv(tag, content):
    """An element of ASN.1 in DER."""
    length = len(content)
    head = [length] if length < 128 else [0x82, length >> 8, length & 255]
    return bytes([tag, *head]) + content


def spnego(message):
    """A NegTokenResp with nothing but the message as its responseToken."""
    return tlv(0xA1, tlv(0x30, tlv(0xA2, tlv(0x04, message))))


def spellings():
    """Names and bytes."""
    printed = sorted(path for path in (FIXTURES / "inputs").iterdir() if not path.name.startswith(LOGS))
    found = [(path.name, path.read_bytes()) for path in printed]
    found += [(name, text if isinstance(text, bytes) else text.encode()) for name, text in written(message())]
    return found


def written(message):
    pairs = [f"{byte:02x}" for byte in message]
    plain, digits = base64.b64encode(message).decode(), message.hex()
    token = base64.b64encode(spnego(message)).decode()
    quoted = urllib.parse.quote(plain, safe="")

    def lines(width, end="\n"):
        return end.join(textwrap.wrap(plain, width))

    return [
        ("the bytes", message),
        ("base64", plain),
        ("base64 with a line end", plain + "\n"),
        ("base64, URL-safe", base64.urlsafe_b64encode(message).decode()),
        ("base64 without padding", plain.rstrip("=")),
        ("base64 in lines of 76", lines(76)),
        ("base64 in lines of 64, CRLF", lines(64, "\r\n")),
        ("base64 in groups", lines(4, " ")),
        ("base64 in quotes", f'"{plain}"'),
        ("PEM", f"-----BEGIN NTLM-----\n{lines(64)}\n-----END NTLM-----\n"),
        ("hex", digits),
        ("hex, upper case", digits.upper()),
        ("hex with spaces", " ".join(pairs)),
        ("hex with colons", ":".join(pairs)),
        ("hex with dashes", "-".join(pairs).upper()),
        ("hex in lines of 32", "\n".join(textwrap.wrap(digits, 32))),
        ("0x before all", f"0x{digits}"),
        ("0x list", ", ".join(f"0x{pair}" for pair in pairs)),
        ("\\x escapes", "".join(f"\\x{pair}" for pair in pairs)),
        ("C array", "unsigned char blob[] = {\n" + textwrap.fill(", ".join(f"0x{pair}" for pair in pairs), 72) + "\n};"),
        ("Python bytes", repr(message)),
        ("decimal numbers", ", ".join(map(str, message))),
        ("percent-encoded base64", quoted),
        ("percent-encoded bytes", "".join(f"%{pair}" for pair in pairs)),
        ("Authorization: NTLM", f"Authorization: NTLM {plain}"),
        ("Proxy-Authorization: NTLM", f"Proxy-Authorization: NTLM {plain}"),
        ("WWW-Authenticate: NTLM", f"WWW-Authenticate: NTLM {plain}"),
        ("Proxy-Authenticate: Negotiate", f"Proxy-Authenticate: Negotiate {token}"),
        ("Authorization: Negotiate", f"Authorization: Negotiate {token}"),
        ("HTTP request", f"GET / HTTP/1.1\r\nHost: dcfr.lab.lan\r\nAuthorization: NTLM {plain}\r\n\r\n"),
        ("curl -v", f"* Connected to dcfr\n> GET / HTTP/1.1\n> Authorization: NTLM {plain}\n> Accept: */*\n>\n"),
        ("SMTP dialogue", f"C: AUTH NTLM\nS: 334 NTLM supported\nC: {plain}\nS: 235 2.7.0 accepted\n"),
        ("IMAP dialogue", f"C: a1 AUTHENTICATE NTLM\nS: +\nC: {plain}\nS: a1 OK done\n"),
        ("POP3 dialogue", f"C: AUTH NTLM\nS: +OK\nC: {plain}\nS: +OK Logged in.\n"),
        ("SPNEGO, bytes", spnego(message)),
        ("SPNEGO, base64", token),
        ("SPNEGO, hex", spnego(message).hex()),
        ("JSON", json.dumps({"token": plain})),
        ("JSON with escapes", json.dumps({"token": plain}).replace("/", "\\/")),
        ("YAML", f"token: {plain}\nuser: User\n"),
        ("YAML, block", "token: |\n" + textwrap.indent(lines(60), "  ") + "\n"),
        ("XML", f"<token>{plain}</token>"),
        ("in a sentence", f"The client sent {plain} and was let in."),
        *as_people_paste(pairs, textwrap.wrap(plain, 76)),
    ]


def as_people_paste(pairs, lines):
    """Forms that programs print and pastes take on the way: prefixes, marks, explanations, broken rows."""
    rows = [" ".join(pairs[at : at + 16]) for at in range(0, len(pairs), 16)]
    numbered = list(zip(range(0, len(pairs), 16), rows))
    digits = "".join(pairs)

    def each(form, parts):
        return "".join(form.format(part) + "\n" for part in parts)

    return [
        ("hex, then a date", f"token: {' '.join(pairs)}\n2026-02-23 10:11:12,366 next\n"),
        ("hex behind a log prefix", each("10:00:00 DEBUG {}", rows)),
        ("base64 behind a log prefix", each("10:00:00 DEBUG {}", lines)),
        ("strings behind a log prefix", each('INFO "{}"', ["\\x" + row.replace(" ", "\\x") for row in rows])),
        ("a colon glued to the first byte", "".join(f"{at:08x}:{row}\n" for at, row in numbered)),
        ("a colon apart", "".join(f"{at:08x} : {row}\n" for at, row in numbered)),
        ("offsets of a dump in decimal", "".join(f"0x{at:08}:{row} :\n" for at, row in numbered)),
        ("a number in front of the offset", "".join(f"[1:00001a2b] - {at:04x} {row}\n" for at, row in numbered)),
        ("hex with explanations", each("{}   (a field)", rows)),
        ("rows broken in two", "".join(f"{at:04x} {row[:11]}\n{row[12:]}\n" for at, row in numbered)),
        ("hex broken inside a byte", "\n".join(textwrap.wrap(digits, 101))),
        ("base64 with <br>", "<br>\n".join(lines)),
        ("base64 with zero-width spaces", "\u200b".join(lines)),
        ("hex in angle brackets", "".join(as_character(pair, f"<{pair}>") for pair in pairs)),
        ("printed twice, in base64 and in hex", f"token {''.join(lines)}\nbytes {digits}\n"),
        ("printed twice, in hex and as a dump", f"{digits}\n\n" + "".join(f"{at:04x}  {row}\n" for at, row in numbered)),
        ("in a header, and again below", f"Authorization: NTLM {''.join(lines)}\n\nagain: {''.join(lines)}\n"),
        ("0x amid text", " ".join(as_character(pair, f"0x{pair}") for pair in pairs)),
    ]


def as_character(pair, otherwise):
    """The letter or digit that a byte prints as, or what stands in its place."""
    character = chr(int(pair, 16))
    return character if character.isascii() and character.isalnum() else otherwise
