"""Writes captures of HTTP requests with NTLM messages, for programs that read nothing but captures."""

import base64
import struct


def checksum(data):
    """The checksum of IPv4 and TCP."""
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def http_capture(messages, apart):
    """A pcap file with one request a frame, each with one message: each in a connection of its own, or
    all in one."""
    source, target = bytes((10, 10, 10, 20)), bytes((10, 0, 0, 11))
    out = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 0x40000, 1)]
    sequence = 1
    for number, message in enumerate(messages):
        text = base64.b64encode(message).decode()
        request = f"GET / HTTP/1.1\r\nHost: dcfr.lab.lan\r\nAuthorization: NTLM {text}\r\n\r\n".encode()
        port = 10_000 + number % 50_000 if apart else 50_000
        tcp = struct.pack(">HHIIBBHHH", port, 80, sequence & 0xFFFFFFFF, 1, 5 << 4, 0x18, 0xFFFF, 0, 0)
        pseudo = source + target + struct.pack(">BBH", 0, 6, len(tcp) + len(request))
        tcp = tcp[:16] + struct.pack(">H", checksum(pseudo + tcp + request)) + tcp[18:]
        ip = struct.pack(">BBHHHBBH", 0x45, 0, 40 + len(request), number & 0xFFFF, 0x4000, 64, 6, 0) + source + target
        ip = ip[:10] + struct.pack(">H", checksum(ip)) + ip[12:]
        frame = bytes(12) + b"\x08\x00" + ip + tcp + request
        out.append(struct.pack("<IIII", number // 1000, number % 1000 * 1000, len(frame), len(frame)) + frame)
        if not apart:
            sequence += len(request)
    return b"".join(out)
