#!/usr/bin/env python3
"""How far a live session falls behind a reader whom it hears: a folder of sound is said for minutes at a newsreader's pace.

    python3 lag.py target/release/shouyu FOLDER [--minutes 10] [--pace 280] [--roles] [--size 640x360]

FOLDER has WAV files of 16 bits and `transcripts.tsv` (file, text). They are said in turns, without the silence around them,
as much faster or slower (ffmpeg) as makes so many characters a minute, punctuation included. Lag counts from the last sound
of a phrase to the end of its last sign, on this machine's clock. Exit status 1 if its p95 is above 6 s, if it grows, if a
phrase is neither signed nor told to be captioned, or if a word is left out and not told.
"""

import argparse
import importlib
import os
import pathlib
import random
import subprocess
import sys
import time

from orders import Session
from roles import machine, serve, share
from sign import FLICKS, load_protos

RATE = 16_000
# Sound of so many seconds goes into a message.
PIECE = 0.04
# Between two files, seconds.
BREATH = 0.25
MOST, GROWTH = 6.0, 0.5
LEFT_OUT = "left out to keep pace"


def samples(path, tempo=1.0):
    """16-bit mono sound without the silence before and behind it."""
    trim = "silenceremove=start_periods=1:start_threshold=-45dB,areverse"
    command = ["ffmpeg", "-v", "error", "-i", path, "-af", f"{trim},{trim},atempo={tempo}", "-ac", "1", "-ar", str(RATE)]
    return subprocess.run([*command, "-f", "s16le", "-"], capture_output=True, check=True).stdout


def spoken(folder, pace, minutes):
    """Sound of so many minutes, and its characters."""
    rows = [line.split("\t") for line in (folder / "transcripts.tsv").read_text().splitlines() if line]
    secs = sum(len(samples(folder / name)) / 2 / RATE for name, _ in rows)
    characters = sum(len(text) for _, text in rows)
    # Breaths are no shorter for a faster reader.
    tempo = secs / (characters * 60 / pace - BREATH * len(rows))
    if not 0.5 <= tempo <= 2:
        sys.exit(f"{folder}: {pace} characters a minute would be {tempo:.2f} times its tempo: not between 0.5 and 2")
    said = {name: samples(folder / name, tempo) + bytes(2 * int(BREATH * RATE)) for name, _ in rows}
    draw, sound, count = random.Random(5), b"", 0
    while len(sound) < minutes * 60 * RATE * 2:
        for name, text in draw.sample(rows, len(rows)):
            sound += said[name]
            count += len(text)
    print(f"{len(sound) / 2 / RATE:.0f} s, {count} characters, {count / len(sound) * 2 * RATE * 60:.0f} a minute, tempo {tempo:.2f}")
    return sound


class Timed(Session):
    """Knows when each event came."""

    def __init__(self, *arguments):
        self.came = {}
        super().__init__(*arguments)

    def heard(self, event):
        self.came.setdefault((event[0], event[1]), time.monotonic())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--pace", type=float, default=280)
    parser.add_argument("--roles", action="store_true")
    parser.add_argument("--size", help="video of this size too")
    arguments = parser.parse_args()
    protos = load_protos()
    pb = protos[0]
    video_pb, speech_pb = (importlib.import_module(f"shouyu.v1.{name}_pb2") for name in ("video", "speech_service"))
    print(machine())
    sound = spoken(arguments.folder, arguments.pace, arguments.minutes)
    config = pb.SigningConfig(
        outputs=[pb.OUTPUT_TRANSCRIPT, pb.OUTPUT_SENTENCE, pb.OUTPUT_POSE],
        audio=speech_pb.AudioConfig(encoding="AUDIO_ENCODING_PCM_S16LE", sample_rate=RATE, channels=1),
    )
    if arguments.size:
        width, height = map(int, arguments.size.split("x"))
        config.outputs.append(pb.OUTPUT_VIDEO)
        config.video.CopyFrom(video_pb.VideoConfig(width=width, height=height))
    server, wrong = serve(arguments.binary, arguments.roles), []
    try:
        session = Timed(protos, server.address, config, os.devnull)
        time.sleep(2)
        began, step = time.monotonic(), 2 * int(PIECE * RATE)
        for at in range(0, len(sound), step):
            piece = sound[at : at + step]
            time.sleep(max(0.0, began + (at + len(piece)) / 2 / RATE - time.monotonic()))
            session.put(audio=piece)
        session.end()
        if session.failed:
            wrong.append(f"the stream ended: {session.failed}")
        said = {name: began + it.end_flicks / FLICKS for name, it in session.transcripts if it.stable}
        captioned = {name for kind, name, _, message in session.events if kind == "OMITTED" and message.startswith("captioned")}
        empty = {name for kind, name, _, message in session.events if kind == "OMITTED" and "nothing" in message}
        lags = [(end, session.came["UTTERANCE_FINISHED", name] - end) for name, end in said.items()
                if name not in captioned and ("UTTERANCE_FINISHED", name) in session.came]
        neither = set(said) - captioned - empty - {name for kind, name in session.came if kind == "UTTERANCE_FINISHED"}
        dropped = sum(it.reason.startswith(LEFT_OUT) for _, sentence in session.sentences for it in sentence.dropped)
        told = sum(kind == "OMITTED" and LEFT_OUT in message for kind, _, _, message in session.events)
        p50, p95, most = (share([lag for _, lag in lags], part) for part in (50, 95, 100))
        half = began + len(sound) / 4 / RATE
        first, second = (share([lag for end, lag in lags if (end > half) == late], 50) for late in (False, True))
        print(f"{len(said)} phrases and clauses: {len(lags)} signed, {len(captioned)} captioned, {len(empty)} with nothing to sign, {len(neither)} neither")
        print(f"said → its last sign is over: p50 {p50:.2f}, p95 {p95:.2f}, most {most:.2f} s; medians of the halves {first:.2f} and {second:.2f} s")
        print(f"left out: {dropped} words, of which {told} were told by an event")
        for holds, what in (
            (p95 <= MOST, f"p95 {p95:.2f} s, at most {MOST} s"),
            (second <= first + GROWTH, "the lag grows"),
            (not neither, f"neither signed nor captioned: {sorted(neither)}"),
            (dropped == told, "words were left out and not told"),
        ):
            if not holds:
                wrong.append(what)
    finally:
        print("exit:", server.stop())
    print("nothing was wrong" if not wrong else "does not hold: " + "; ".join(wrong))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
