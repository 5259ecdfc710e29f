#!/usr/bin/env python3
"""Writes captions as DVB teletext (EN 300 706 in EN 300 472), or announces a track of picture captions, in MPEG-TS.

    python3 teletext.py out.ts                                    # page 888, two captions, nothing else
    python3 teletext.py out.ts --picture a.mp4                    # beside a programme's picture and sound
    python3 teletext.py out.ts --picture a.mp4 --kind pictures    # a track of DVB subtitles, empty

The small files under renderer/stream/tests/fixtures are made by this. With --picture it needs ffmpeg.
"""

import argparse
import os
import subprocess
import tempfile

CAPTIONS = [(1.0, "My friend likes to drink tea."), (6.0, "I am going to Beijing.")]
TRACK, CLOCK, MAP = 0x102, 0x110, 0x1000
HAMMING = (0x15, 0x02, 0x49, 0x5E, 0x64, 0x73, 0x38, 0x2F, 0xD0, 0xC7, 0x8C, 0x9B, 0xA1, 0xB6, 0xFD, 0xEA)
REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
HEADER, ROW, MAGAZINE = 0, 20, 0  # magazine 8 is written 0


def odd(text):
    """Characters of seven bits with odd parity."""
    return bytes(code if bin(code).count("1") % 2 else code | 0x80 for code in text)


def unit(row, data):
    """A data unit of subtitle teletext: one line of 42 bytes, whose bits go out the lowest first."""
    address = MAGAZINE | row << 3
    line = bytes((HAMMING[address & 15], HAMMING[address >> 4])) + data
    assert len(line) == 42, len(line)
    return bytes((0x03, 0x2C, 0xE7 + row % 4, 0xE4)) + line.translate(REVERSED)


def header(page, erase=False, subtitle=False):
    # A page of subtitles is one by its flag, and suppresses the header's own text.
    nibbles = (page & 15, page >> 4, 0, 8 if erase else 0, 0, 8 if subtitle else 0, 1 if subtitle else 0, 0)
    return unit(HEADER, bytes(HAMMING[it] for it in nibbles) + odd(b" " * 32))


def page(text):
    """Page 888 with one boxed line; the header behind it says that it is whole."""
    boxed = (b"\x0b\x0b" + text.encode("ascii")[:36] + b"\x0a\x0a").ljust(40)
    return header(0x88, erase=True, subtitle=True) + unit(ROW, odd(boxed)) + header(0xFF)


def checksum(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ (0x04C11DB7 if crc & 0x80000000 else 0)) & 0xFFFFFFFF
    return crc.to_bytes(4, "big")


class Transport:
    """Packets of 188 bytes."""

    def __init__(self):
        self.out, self.counters = bytearray(), {}

    def packet(self, pid, payload, first):
        counter = self.counters.get(pid, 0)
        self.counters[pid] = (counter + 1) % 16
        assert len(payload) == 184, len(payload)
        self.out += bytes((0x47, (0x40 if first else 0) | pid >> 8, pid & 255, 0x10 | counter)) + payload

    def table(self, pid, table, number, body):
        length = len(body) + 9
        section = bytes((table, 0xB0 | length >> 8, length & 255)) + number.to_bytes(2, "big") + b"\xc1\x00\x00" + body
        self.packet(pid, (b"\x00" + section + checksum(section)).ljust(184, b"\xff"), True)

    def tables(self, descriptor):
        self.table(0, 0x00, 1, (1).to_bytes(2, "big") + (0xE000 | MAP).to_bytes(2, "big"))
        stream = b"\x06" + (0xE000 | TRACK).to_bytes(2, "big") + (0xF000 | len(descriptor)).to_bytes(2, "big") + descriptor
        self.table(MAP, 0x02, 1, (0xE000 | CLOCK).to_bytes(2, "big") + b"\xf0\x00" + stream)

    def clock(self, secs):
        """Receivers place teletext by the programme's clock."""
        reference = (round(secs * 90_000) << 15 | 0x3F << 9).to_bytes(6, "big")
        self.out += bytes((0x47, CLOCK >> 8, CLOCK & 255, 0x20, 183, 0x10)) + reference.ljust(182, b"\xff")

    def caption(self, secs, units):
        """One PES of a packet's size, as EN 300 472 wants it: a header of 45 bytes, then units of 46."""
        ticks = round(secs * 90_000)
        stamp = bytes((0x21 | ticks >> 29 & 0x0E, ticks >> 22 & 255, ticks >> 14 & 0xFE | 1, ticks >> 7 & 255, ticks << 1 & 0xFE | 1))
        pes = b"\x84\x80\x24" + stamp.ljust(36, b"\xff") + b"\x10" + units
        self.packet(TRACK, b"\x00\x00\x01\xbd" + len(pes).to_bytes(2, "big") + pes, True)


def write(path, kind="teletext", captions=CAPTIONS):
    """Languages are English: what teletext can say is Latin."""
    transport = Transport()
    # Teletext: subtitles (2) on page 888. DVB subtitles: normal (0x10), composition page 1.
    descriptor = b"\x56\x05eng\x10\x88" if kind == "teletext" else b"\x59\x08eng\x10\x00\x01\x00\x01"
    transport.tables(descriptor)
    for at, text in captions:
        transport.tables(descriptor)
        transport.clock(at)
        if kind == "teletext":
            transport.caption(at, page(text))
    with open(path, "wb") as file:
        file.write(transport.out)


def beside(picture, path, kind="teletext", captions=CAPTIONS):
    """The same beside the picture and sound of a file."""
    with tempfile.TemporaryDirectory() as folder:
        track = os.path.join(folder, "track.ts")
        write(track, kind, captions)
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", picture, "-copyts", "-f", "mpegts", "-fix_teletext_pts", "0", "-i", track, "-map", "0", "-map", "1", "-c", "copy",
                        "-f", "mpegts", "-muxdelay", "0", "-muxpreload", "0", path], check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--picture")
    parser.add_argument("--kind", choices=("teletext", "pictures"), default="teletext")
    options = parser.parse_args()
    if options.picture:
        beside(options.picture, options.out, options.kind)
    else:
        write(options.out, options.kind)


if __name__ == "__main__":
    main()
