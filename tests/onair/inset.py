#!/usr/bin/env python3
"""Puts the signer over a programme that counts its own frames and beeps every second, eight seconds late, and measures.

    python3 inset.py target/release/shouyu [--delay 8] [--share 1/6] [--live] [--size 640x360]

Says whether each frame of the programme comes out exactly so many frames later, whether its sound is late by the same, when
signs begin against their captions, and how large the signer is. With --live the programme comes over UDP instead of from a
file. Needs numpy and ffmpeg. Exit status 0 if nothing was wrong.
"""

import argparse
import fractions
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time

import numpy

import measure
from measure import check, wrong

WIDTH, HEIGHT, RATE, SECONDS, BITS = 1280, 720, 25, 24, 10
PANEL = (200, 210, 217)
CAPTIONS = [(1.0, "北京今天下雪。"), (5.0, "冰壶比赛三点开始。"), (10.0, "请大家注意安全。"), (15.0, "中国队获得第一名。"), (20.0, "谢谢大家。")]


def make_programme(path):
    """Frame N shows the bits of N as bright and dark columns at the top; each second begins with a beep of 40 ms."""
    column = WIDTH // BITS
    picture = f"nullsrc=s={WIDTH}x{HEIGHT}:r={RATE}:d={SECONDS},geq=lum='if(gt(bitand(N,pow(2,floor(X/{column}))),0),200,40)':cb=128:cr=128"
    sound = f"aevalsrc='if(lt(mod(t,1),0.04),0.8*sin(2*PI*1000*t),0)':s=48000:d={SECONDS}"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, "-c:v", "libx264", "-preset", "ultrafast",
                    "-pix_fmt", "yuv420p", "-g", "50", "-c:a", "aac", "-b:a", "128k", path], check=True)


def numbers(path):
    """The number that each frame shows, and the share of the frame that is the signer's panel or the signer."""
    raw = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", path, "-vsync", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
                         capture_output=True, check=True).stdout
    frames = numpy.frombuffer(raw, numpy.uint8).reshape(-1, HEIGHT, WIDTH, 3)
    column = WIDTH // BITS
    # Below the mark, above the signer.
    strip = frames[:, HEIGHT * 5 // 24:HEIGHT * 17 // 72, :, 1].mean(axis=1)
    found = []
    for row in strip:
        values = [row[bit * column + 20:(bit + 1) * column - 20].mean() for bit in range(BITS)]
        found.append(sum(1 << bit for bit, value in enumerate(values) if value > 120) if max(values) > 60 or min(values) > 32 else None)
    late = frames[-RATE * 3].astype(int)
    panel = numpy.abs(late - numpy.array(PANEL)).max(axis=2) < 12
    rows, columns = numpy.where(panel.sum(axis=1) > 20)[0], numpy.where(panel.sum(axis=0) > 20)[0]
    area = (columns[0], rows[0], columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1) if rows.size else (0, 0, 0, 0)
    return found, area


class Relay(threading.Thread):
    """Hands datagrams on, and says when the first one came."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.to, self.first = ("127.0.0.1", port), None
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.start()

    def run(self):
        while True:
            data = self.socket.recv(65536)
            self.first = self.first or time.monotonic()
            self.socket.sendto(data, self.to)


def beeps(path):
    raw = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", path, "-map", "0:a:0", "-ac", "1", "-ar", "48000", "-f", "f32le", "-"],
                         capture_output=True, check=True).stdout
    loud = numpy.abs(numpy.frombuffer(raw, numpy.float32)) > 0.2
    starts, last = [], -48000
    for at in numpy.where(loud)[0]:
        if at - last > 24000:
            starts.append(at / 48000)
        last = at
    return starts


def main():
    global WIDTH, HEIGHT
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shouyu")
    parser.add_argument("--delay", type=float, default=8)
    parser.add_argument("--share", default="1/6")
    parser.add_argument("--live", action="store_true")
    parser.add_argument("--size", default=f"{WIDTH}x{HEIGHT}")
    parser.add_argument("--keep")
    options = parser.parse_args()
    WIDTH, HEIGHT = map(int, options.size.split("x"))
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or temporary
        os.makedirs(folder, exist_ok=True)
        programme, captions, out, log = (os.path.join(folder, name) for name in ("programme.mp4", "captions.srt", "inset.ts", "inset.events.jsonl"))
        make_programme(programme)
        with open(captions, "w", encoding="utf-8") as file:
            for number, (at, text) in enumerate(CAPTIONS, 1):
                file.write(f"{number}\n00:00:{int(at):02d},000 --> 00:00:{int(at) + 2:02d},500\n{text}\n\n")
        source, sending = programme, None
        if options.live:
            source = f"udp://127.0.0.1:{measure.free_port()}"
        length = SECONDS + options.delay + (4 if options.live else 0)
        running = subprocess.Popen([options.shouyu, "live", "--programme", source, "--captions", captions, "--inset", options.share, "--delay", str(options.delay),
                                    "--size", f"{WIDTH}x{HEIGHT}", "--rate", str(RATE), "--for", str(length), "--out", out, "--events", log])
        if options.live:
            # What is sent before anybody listens is lost.
            while running.poll() is None and not (os.path.exists(log) and any(event["event"] == "on_air" for event in measure.events(log))):
                time.sleep(0.01)
            on_air, relay = time.monotonic(), Relay(int(source.rsplit(":", 1)[1]))
            sending = subprocess.Popen(["ffmpeg", "-v", "error", "-nostdin", "-re", "-i", programme, "-c", "copy", "-f", "mpegts",
                                        "-muxdelay", "0", "-muxpreload", "0", f"udp://127.0.0.1:{relay.port}?pkt_size=1316"])
        check(running.wait() == 0, "the broadcast ended well")
        if sending:
            sending.wait()
        found, area = numbers(out)
        figures = measure.stream(out, RATE)
        check(figures["frames"] == int(length * RATE) and not figures["gaps"], f"{figures['frames']} frames without a gap")
        # The last picture stands for two seconds.
        newest = max(number for number in found if number)
        shown = found[:found.index(newest) + 1]
        offsets = [index - number for index, number in enumerate(shown) if number]
        steady = offsets[RATE:]
        print(f"      programme's frames come {min(steady)} to {max(steady)} frames later; {options.delay} s are {options.delay * RATE:.0f}")
        if not options.live:
            check(set(steady) == {round(options.delay * RATE)}, "each frame of the programme is late by the delay, to the frame")
        else:
            check(max(steady) == min(steady), "each frame of the programme is equally late, to the frame")
            came = relay.first - on_air
            extra = steady[0] / RATE - options.delay - came
            print(f"      its first packet came {came:.2f} s after the broadcast began: from there to its picture it takes {extra * 1e3:+.0f} ms more than the delay")
            check(abs(extra) <= 0.25, "it is late by the delay from when it came, to a quarter of a second")
        late = [beep - round(beep - steady[0] / RATE) - steady[0] / RATE for beep in beeps(out)]
        print(f"      sound against picture, ms: {min(late) * 1e3:.1f} to {max(late) * 1e3:.1f}, {len(late)} beeps")
        check(len(late) >= SECONDS - 2 and max(abs(it) for it in late) <= 1 / RATE, "its sound is late by the same, to the frame")
        told = measure.events(log)
        signs = [(event["due"], round(event["at"] - event["due"], 2)) for event in told if event["event"] == "signing"]
        print(f"      signs begin against their captions' due time, s: {signs}")
        check(len(signs) == len(CAPTIONS) and all(abs(after) <= 1 for _, after in signs), "each sign falls within a second of its caption")
        share = area[2] * area[3] / (WIDTH * HEIGHT)
        print(f"      the signer's part: {area[2]}×{area[3]} at {area[0]}, {area[1]}: {share:.4f} of the picture, asked for {options.share}")
        check(share >= float(fractions.Fraction(options.share)) - 0.002, "the signer is as large as asked")
        ended = [event for event in told if event["event"] == "ended"][-1]
        print(f"      told: {ended}")
    print("nothing was wrong" if not wrong else f"{len(wrong)} wrong: {wrong}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
