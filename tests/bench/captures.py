#!/usr/bin/env python3
"""Writes the two captures that the audit is measured with, 200 MB each, from the captures of the lab.

    captures.py dense|bulk FILE [MEGABYTES]

`dense` is one sign-in after another, each from a client of its own. `bulk` has a sign-in now and then, and
behind each a file that is read in pieces of 1 MiB. The same captures give the same file each time.
"""

import random
import struct
import sys
from pathlib import Path

CAPTURES = Path(__file__).parent.parent / "fixtures" / "captures"
ETHERNET, TCP, SEGMENT = 14, 6, 1448
AUTHENTICATE = b"NTLMSSP\0\x03\0\0\0"


def packets(name):
    """The TCP packets over IPv4 of a little-endian Ethernet capture: (nanoseconds, bytes)."""
    file = (CAPTURES / name).read_bytes()
    number = lambda at: struct.unpack_from("<I", file, at)[0]
    is_pcapng = number(0) == 0x0A0D0D0A
    at = 0 if is_pcapng else 24
    while at < len(file):
        if is_pcapng:
            kind, length = number(at), number(at + 4)
            time = (number(at + 12) << 32 | number(at + 16)) * 1000 if kind == 6 else 0
            packet = file[at + 28:at + 28 + number(at + 20)] if kind == 6 else b""
        else:
            length = 16 + number(at + 8)
            time = number(at) * 10**9 + number(at + 4) * 1000
            packet = file[at + 16:at + length]
        at += length
        if packet[12:14] == b"\x08\0" and packet[ETHERNET + 9] == TCP:
            yield time, packet


def connections():
    """The SMB captures of the lab that hold one connection each."""
    names = sorted(path.name for path in CAPTURES.glob("*.pcap*"))
    left_out = ("cooked", "snaplen", "ipv6", "nt1-by-fqdn")
    for name in names:
        if name.startswith(("smb", "impacket", "rpcclient")) and not any(word in name for word in left_out):
            yield list(packets(name))


class Writer:
    def __init__(self, path, most):
        self.file, self.size, self.most = open(path, "wb"), 24, most
        self.file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        self.now = 1_795_000_000 * 10**9

    def full(self):
        return self.size >= self.most

    def write(self, packet):
        self.now += 20_000
        head = struct.pack("<IIII", self.now // 10**9, self.now % 10**9 // 1000, len(packet), len(packet))
        self.file.write(head + packet)
        self.size += len(head) + len(packet)


def fresh(packet, client, chance):
    """The packet from another client, with another proof in it."""
    packet = bytearray(packet)
    is_from_client = struct.unpack_from(">H", packet, 36)[0] in (139, 445)
    place = 26 if is_from_client else 30
    packet[place:place + 4] = client
    found = packet.find(AUTHENTICATE)
    if found >= 0:
        length, _, offset = struct.unpack_from("<HHI", packet, found + 20)
        if length >= 16 and found + offset + 16 <= len(packet):
            packet[found + offset:found + offset + 16] = chance.randbytes(16)
    return bytes(packet)


def shifted(packet, sequence, acknowledged):
    """The packet with both of its numbers further on."""
    packet = bytearray(packet)
    at = ETHERNET + (packet[ETHERNET] & 15) * 4
    numbers = struct.unpack_from(">II", packet, at + 4)
    struct.pack_into(">II", packet, at + 4, (numbers[0] + sequence) & 0xFFFFFFFF, (numbers[1] + acknowledged) & 0xFFFFFFFF)
    return bytes(packet)


def dense(writer):
    chance = random.Random(1)
    known = list(connections())
    number = 0
    while not writer.full():
        client = (0x0A400000 + number).to_bytes(4, "big")
        for _, packet in known[number % len(known)]:
            writer.write(fresh(packet, client, chance))
        number += 1


def read_response(size):
    """A READ response of SMB2 with its length before it."""
    header = b"\xFESMB" + struct.pack("<HHIHHIIQIIQ16x", 64, 0, 0, 8, 1, 1, 0, 99, 0, 1, 1)
    body = struct.pack("<HBBIII", 17, 80, 0, size, 0, 0)
    return struct.pack(">I", len(header) + len(body) + size) + header + body + bytes(range(256)) * (size // 256)


def bulk(writer):
    chance = random.Random(2)
    connection = list(packets("smb3-direct-by-fqdn.pcapng"))
    number = 0
    while not writer.full():
        client = (0x0A800000 + number).to_bytes(4, "big")
        number += 1
        # The last packets close the connection; the file is read before them.
        for _, packet in connection[:-6]:
            writer.write(fresh(packet, client, chance))
        from_server = [packet for _, packet in connection[:-6] if packet[34:36] == b"\x01\xBD"]
        last = bytearray(fresh(from_server[-1], client, chance))
        header = ETHERNET + 20 + (last[ETHERNET + 32] >> 4) * 4
        sequence, = struct.unpack_from(">I", last, 38)
        sequence += len(last) - header
        sent = 0
        data = read_response(1 << 20)
        for start in range(0, len(data), SEGMENT):
            piece = data[start:start + SEGMENT]
            packet = bytearray(last[:header])
            struct.pack_into(">H", packet, ETHERNET + 2, header - ETHERNET + len(piece))
            struct.pack_into(">I", packet, 38, (sequence + sent) & 0xFFFFFFFF)
            sent += len(piece)
            writer.write(bytes(packet) + piece)
        for _, packet in connection[-6:]:
            is_server = packet[34:36] == b"\x01\xBD"
            moved = shifted(packet, sent if is_server else 0, 0 if is_server else sent)
            writer.write(fresh(moved, client, chance))


def main():
    kind, path, *size = sys.argv[1:]
    writer = Writer(path, int(size[0] if size else 200) * 1_000_000)
    {"dense": dense, "bulk": bulk}[kind](writer)


main()
