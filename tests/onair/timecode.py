#!/usr/bin/env python3
"""Sends a programme with timecodes over the network, and looks which timecode each of its pictures goes out with.

    python3 timecode.py target/release/shouyu [--rate 25] [--delay 2]

The programme is MPEG-2 made by ffmpeg, which has timecodes in its groups of pictures, and shows the number of each frame. What
comes in at a timecode must go out at that timecode + delay, to the frame, in the pictures themselves (H.264, SEI picture timing, read by
ffprobe), over MPEG-TS, SRT and in MP4. Then that goes in again: a second broadcast takes its timecode from H.264. Needs numpy and ffmpeg.
Exit status 0 if nothing was wrong.
"""

import argparse
import fractions
import os
import subprocess
import sys
import tempfile
import time

import numpy

import measure
from measure import check, wrong

WIDTH, HEIGHT, SECONDS, BITS = 640, 360, 12, 9


def count_of(label, rate):
    """A timecode as a number of frames."""
    nominal, drops = round(rate), ";" in label
    hours, minutes, seconds, frames = map(int, label.replace(";", ":").split(":"))
    count = ((hours * 60 + minutes) * 60 + seconds) * nominal + frames
    return count - (nominal // 15 * (hours * 60 + minutes - (hours * 60 + minutes) // 10) if drops else 0)


def make_programme(path, rate, label):
    """Frame N shows the bits of N as bright and dark columns at the top."""
    column = WIDTH // BITS
    picture = f"nullsrc=s={WIDTH}x{HEIGHT}:r={rate}:d={SECONDS},geq=lum='if(gt(bitand(N,pow(2,floor(X/{column}))),0),200,40)':cb=128:cr=128"
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", f"sine=440:r=48000:d={SECONDS}", "-c:v", "mpeg2video",
                    "-q:v", "3", "-g", "12", "-timecode", label, "-c:a", "mp2", "-f", "mpegts", "-muxdelay", "0", "-muxpreload", "0", path], check=True)


def numbers(path):
    raw = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", path, "-vsync", "passthrough", "-f", "rawvideo", "-pix_fmt", "gray", "-"],
                         capture_output=True, check=True).stdout
    frames, column = numpy.frombuffer(raw, numpy.uint8).reshape(-1, HEIGHT, WIDTH), WIDTH // BITS
    # Below the mark, above the signer.
    strip = frames[:, HEIGHT * 5 // 24:HEIGHT * 17 // 72].mean(axis=1)
    found = []
    for row in strip:
        values = [row[bit * column + 12:(bit + 1) * column - 12].mean() for bit in range(BITS)]
        found.append(sum(1 << bit for bit, value in enumerate(values) if value > 120) if min(values) > 45 or max(values) > 60 else None)
    return found


def labels(path):
    """The timecode of each picture, as ffprobe reads it; empty where there is none."""
    found = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "frame=pts:frame_tags=timecode", "-of", "compact=p=0:nk=0", path],
                           capture_output=True, text=True, check=True).stdout
    rows = [dict(part.split("=", 1) for part in row.split("|") if "=" in part) for row in found.splitlines() if "pts=" in row]
    return [row.get("tag:timecode", "") for row in rows]


def broadcast(options, folder, name, source, *outputs):
    log, script = os.path.join(folder, name + ".jsonl"), os.path.join(folder, "script.txt")
    with open(script, "w", encoding="utf-8") as file:
        file.write("今天北京下雪。\n")
    command = [options.shouyu, "live", "--programme", source, "--file", script, "--inset", "1/6", "--delay", str(options.delay), "--size", f"{WIDTH}x{HEIGHT}",
               "--rate", options.rate, "--for", str(SECONDS + options.delay), "--events", log, "--no-spare"]
    for output in outputs:
        command += ["--out", output]
    running = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    while running.poll() is None and not (os.path.exists(log) and any(event["event"] == "on_air" for event in measure.events(log))):
        time.sleep(0.02)
    return running, log


def told(log):
    found = [event for event in measure.events(log) if event["event"] == "input" and event["state"] == "timecode"]
    for event in found:
        print(f"      told: {event['message']}")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shouyu")
    parser.add_argument("--rate", default="25")
    parser.add_argument("--delay", type=float, default=2)
    options = parser.parse_args()
    rate = fractions.Fraction(options.rate)
    first = "10:00:00;00" if rate.denominator == 1001 else "10:00:00:00"
    with tempfile.TemporaryDirectory() as folder:
        path = lambda name: os.path.join(folder, name)
        make_programme(path("programme.ts"), options.rate, first)
        ports = {name: measure.free_port() for name in ("first", "second", "srt")}
        receiving = subprocess.Popen(["ffmpeg", "-v", "error", "-nostdin", "-y", "-analyzeduration", "500000", "-i", f"srt://127.0.0.1:{ports['srt']}?mode=listener",
                                      "-c", "copy", path("srt.ts")])
        again, again_log = broadcast(options, folder, "again", f"udp://127.0.0.1:{ports['second']}", path("again.ts"))
        running, log = broadcast(options, folder, "first", f"udp://127.0.0.1:{ports['first']}", path("out.ts"), path("out.mp4"), f"srt://127.0.0.1:{ports['srt']}",
                                 f"udp://127.0.0.1:{ports['second']}")
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-re", "-i", path("programme.ts"), "-c", "copy", "-f", "mpegts", "-muxdelay", "0", "-muxpreload", "0",
                        f"udp://127.0.0.1:{ports['first']}?pkt_size=1316"], check=True)
        check(running.wait() == 0 and again.wait() == 0, "both broadcasts ended well")
        receiving.wait(20)
        check(len(told(log)) == 1, "the operator heard of the timecode once")
        begins, delay = count_of(first, rate), round(options.delay * rate)
        for name in ("out.ts", "out.mp4", "srt.ts"):
            seen, codes = numbers(path(name)), labels(path(name))
            pairs = [(number, count_of(code, rate)) for number, code in zip(seen, codes) if number and code]
            off = {code - delay - begins - number for number, code in pairs}
            check(len(seen) == len(codes) and len(pairs) > (SECONDS - 3) * rate and off == {0},
                  f"{name}: {len(pairs)} pictures of the programme go out at their timecode + delay; off by {sorted(off)} frames")
            counts = [count_of(code, rate) for code in codes if code]
            check(all(after - before == 1 for before, after in zip(counts, counts[1:])), f"{name}: {len(counts)} timecodes of {len(codes)} pictures, each one more than the last")
            check(all((";" in code) == (";" in first) for code in codes if code), f"{name}: written as {first} is, such as {codes[-1]}")
        check(len(told(again_log)) == 1, "the second broadcast read a timecode off H.264")
        seen, codes = numbers(path("again.ts")), labels(path("again.ts"))
        off = {count_of(code, rate) - 2 * delay - begins - number for number, code in zip(seen, codes) if number and code}
        check(off == {0}, f"what went through both is two delays later, to the frame; off by {sorted(off)}")
    print("nothing was wrong" if not wrong else f"{len(wrong)} wrong: {wrong}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
