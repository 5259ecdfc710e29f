#!/usr/bin/env python3
"""A minute of Mandarin speech, a Winter Olympics bulletin, to a keyed stream: fill and key.

    python3 bulletin.py target/release/shouyu SOUND...

SOUND are sound files in Mandarin, or folders of them; they are put one after the other with pauses until a minute is full.
What is heard is signed as fill and key, sent over SRT, received by ffmpeg, keyed over bars, and written to bulletin.mp4.
Says what was heard, when each sentence was signed, and whether fill and key stay together. Needs ffmpeg with SRT.
Exit status 0 if nothing was wrong.
"""

import argparse
import os
import subprocess
import sys
import tempfile

import measure
from measure import check, wrong

RATE, SECONDS = 25, 60


def sounds(paths):
    for path in paths:
        if os.path.isdir(path):
            yield from (os.path.join(path, name) for name in sorted(os.listdir(path)) if name.endswith((".wav", ".mp3", ".flac", ".m4a")))
        else:
            yield path


def make_speech(paths, out):
    """One file of a minute: the sounds, each followed by 0.9 s of silence, over and over."""
    found = list(sounds(paths))
    inputs = [argument for path in found for argument in ("-i", path)]
    parts = "".join(f"[{number}:a]aresample=48000,aformat=channel_layouts=mono,apad=pad_dur=0.9[p{number}];" for number in range(len(found)))
    joined = "".join(f"[p{number}]" for number in range(len(found)))
    graph = f"{parts}{joined}concat=n={len(found)}:v=0:a=1,aloop=loop=-1:size=2e9,atrim=0:{SECONDS}"
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *inputs, "-filter_complex", graph, out], check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shouyu")
    parser.add_argument("sound", nargs="+")
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--delay", type=float, default=8)
    parser.add_argument("--out", default="bulletin.mp4")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        speech, log = os.path.join(folder, "speech.wav"), os.path.join(folder, "events.jsonl")
        make_speech(options.sound, speech)
        ports = {part: measure.free_port() for part in ("fill", "key")}
        paths = {part: os.path.join(folder, part + ".ts") for part in ports}
        receiving = [subprocess.Popen(["ffmpeg", "-v", "fatal", "-nostdin", "-y", "-analyzeduration", "500000", "-i", f"srt://127.0.0.1:{ports[part]}?mode=listener",
                                       "-c", "copy", "-copyts", "-f", "mpegts", paths[part]], stderr=subprocess.DEVNULL) for part in ports]
        length = SECONDS + options.delay + 2
        sent = subprocess.run([options.shouyu, "live", "--programme", speech, "--delay", str(options.delay), "--for", str(length), "--size", options.size, "--rate", str(RATE),
                               "--background", "key", "--out", f"srt://127.0.0.1:{ports['fill']}", "--key-out", f"srt://127.0.0.1:{ports['key']}", "--events", log])
        for receiver in receiving:
            receiver.wait(30)
        check(sent.returncode == 0, "the broadcast ended well")
        signs = [event for event in measure.events(log) if event["event"] == "signing"]
        for event in signs:
            print(f"      {event['due']:6.2f} s due, {event['at'] - event['due']:+5.2f} s: {event['text']}")
        told = [event for event in measure.events(log) if event["event"] == "session"]
        for event in told:
            print(f"      {event['kind']}: {event['message']}")
        check(len(signs) >= 5, "what was said is signed")
        times = {part: [round(at * 90000) for at, _ in measure.packets(paths[part], "v:0")] for part in paths}
        both = sorted(set(times["fill"]) & set(times["key"]))
        between = [at for at in sorted(set(times["fill"]) | set(times["key"])) if both[0] <= at <= both[-1]]
        check(both == between, f"fill and key have equal timestamps on all {len(both)} frames that both received")
        check(all(after - before == 90000 // RATE for before, after in zip(both, both[1:])), "without a gap")
        check(not measure.still_stretches(paths["fill"]), "no two seconds without movement")
        graph = f"[0:v][1:v]alphamerge[s];[2:v][s]overlay=shortest=1"
        begin = f"{(both[0] / 90000):.6f}"
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-copyts", "-i", paths["fill"], "-copyts", "-i", paths["key"], "-f", "lavfi", "-i",
                        f"smptehdbars=s={options.size}:r={RATE},setpts=PTS+{begin}/TB", "-filter_complex", graph, "-c:v", "libx264", "-preset", "veryfast", options.out], check=True)
        print(f"      keyed over bars: {options.out}")
    print("nothing was wrong" if not wrong else f"{len(wrong)} wrong: {wrong}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
