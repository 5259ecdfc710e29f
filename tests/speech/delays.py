#!/usr/bin/env python3
"""How long after its last sound a span is stable, at the pace of the sound; and four streams at once.

    python3 delays.py target/release/shouyu FOLDER [--rounds 2] [--pause 0.8] [--show]

FOLDER has sound and transcripts.tsv. Each stream of `SpeechService` hears all files in an order of its own with pauses
between them, first one stream alone, then as many as the server takes, at once. Prints p50 and p95 in milliseconds of the
time between a stable span's last sound and its arrival, and how far behind each stream ended. A stream more must be
refused with a reason; none may hear what another was told: of every stream of the crowd, the text is compared with what
it hears alone. Exit status 0 if nothing was wrong. Needs ffmpeg, grpcio, grpcio-tools and grpcio-status.
"""

import argparse
import difflib
import random
import sys

import grpc
from ears import Stream, pcm, protos, said, silence
from load import refusal
from roles import Process, machine, percentiles

CROWD = 4


def programme(sounds, seed, rounds, pause):
    """All sounds in an order that only this seed has."""
    order = list(sounds) * rounds
    random.Random(seed).shuffle(order)
    return silence(pause) + b"".join(sound + silence(pause) for sound in order)


def text(stream):
    return "".join(span[2] for span in stream.stable())


def report(name, streams):
    delays = [delay for stream in streams for delay in stream.delays()]
    behind = [stream.ended_secs - stream.sent_secs for stream in streams]
    print(f"{name}: {percentiles(delays)}; ended {', '.join(f'{secs:.2f}' for secs in behind)} s after their sound", flush=True)
    return max(behind)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("folder")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--show", action="store_true", help="every span of the stream that is alone")
    parser.add_argument("--pause", type=float, default=0.8, help="silence between files, seconds")
    arguments = parser.parse_args()
    modules, wrong = protos(), []
    sounds = [pcm(path) for path, _ in said(arguments.folder)]
    programmes = [programme(sounds, seed, arguments.rounds, arguments.pause) for seed in range(CROWD)]
    print(machine(), flush=True)
    server = Process(arguments.binary)
    try:
        # What the first call loads is not what later ones wait for.
        warm = Stream(modules, server.address, silence(1.0) + sounds[0], at_pace=False)
        warm.run()
        alone = Stream(modules, server.address, programmes[0])
        alone.run()
        if arguments.show:
            for delay, span in zip(alone.delays(), alone.stable()):
                print(f"  {delay:.0f} ms  {span[0] / 1e3:.2f}–{span[1] / 1e3:.2f} s  {span[2]}")
        report("one stream", [alone])
        crowd = [Stream(modules, server.address, sound) for sound in programmes]
        for stream in crowd:
            stream.start()
        # Refused at once, while the others go on.
        crowd[0].join(timeout=3)
        extra = Stream(modules, server.address, silence(1.0))
        extra.run()
        if extra.error is None or extra.error.code() != grpc.StatusCode.RESOURCE_EXHAUSTED:
            wrong.append(f"a stream more than {CROWD} was not refused: {extra.error}")
        else:
            print(f"a stream more: {refusal(extra.error)}")
        for stream in crowd:
            stream.join()
        if report(f"{CROWD} streams", crowd) > 2.0:
            wrong.append("a stream did not keep up")
        wrong += [f"a stream of the crowd failed: {stream.error}" for stream in crowd if stream.error]
        for n, (stream, sound) in enumerate(zip(crowd, programmes)):
            quiet = Stream(modules, server.address, sound, at_pace=False)
            quiet.run()
            # Where text is cut depends on how fast the sound comes; another stream's sentences would be a large part.
            same = difflib.SequenceMatcher(None, text(quiet), text(stream), autojunk=False).ratio()
            print(f"stream {n}: {len(text(stream))} characters, {100 * same:.1f} % as when alone")
            if same < 0.9:
                wrong.append(f"stream {n} heard something else than alone: {text(stream)} | {text(quiet)}")
    finally:
        server.stop()
    print("\n".join(wrong) or "nothing wrong")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
