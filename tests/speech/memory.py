#!/usr/bin/env python3
"""Memory of `shouyu serve` with no, one and four listening streams, and over an hour of sound faster than it sounds.

    python3 memory.py target/release/shouyu FOLDER [--minutes 60]

FOLDER has sound and transcripts.tsv. Prints resident megabytes, and their growth over the second half of the hour. Exit
status 0 if that is under 8 MB. Needs ffmpeg, grpcio and grpcio-tools.
"""

import argparse
import random
import sys
import time

from ears import RATE, Stream, pcm, protos, said, silence
from roles import Process, machine

# Growth that is more than the allocator's unrest.
MOST_MB = 8


def programme(sounds, minutes):
    """Pieces of a tenth of a second, ever another order."""
    draw, left = random.Random(1), minutes * 60 * RATE * 2
    while left > 0:
        sound = draw.choice(sounds) + silence(draw.uniform(0.2, 2.0))
        left -= len(sound)
        for at in range(0, len(sound), RATE // 5):
            yield sound[at : at + RATE // 5]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("folder")
    parser.add_argument("--minutes", type=float, default=60)
    arguments = parser.parse_args()
    modules = protos()
    sounds = [pcm(path) for path, _ in said(arguments.folder)]
    print(machine(), flush=True)
    server = Process(arguments.binary)
    try:
        print(f"ready, nobody heard: {server.rss_mb():.0f} MB", flush=True)
        for count in (1, 4):
            streams = [Stream(modules, server.address, b"".join(sounds[n::4]) * 2) for n in range(count)]
            for stream in streams:
                stream.start()
            most = 0.0
            while any(stream.is_alive() for stream in streams):
                most = max(most, server.rss_mb())
                time.sleep(0.2)
            failed = [stream.error for stream in streams if stream.error]
            print(f"{count} at once: at most {most:.0f} MB {failed or ''}", flush=True)
        stream = Stream(modules, server.address, programme(sounds, arguments.minutes), at_pace=False)
        stream.start()
        rows, step = [], arguments.minutes / 12
        while stream.is_alive():
            if stream.sent_secs / 60 >= len(rows) * step:
                rows.append(server.rss_mb())
                print(f"{stream.sent_secs / 60:.0f} minutes sent in {time.monotonic() - stream.began:.0f} s: {rows[-1]:.0f} MB", flush=True)
            time.sleep(0.2)
        rows.append(server.rss_mb())
        heard = max((span[1] for span in stream.stable()), default=0) / 60_000
        print(f"the end: {rows[-1]:.0f} MB after {stream.ended_secs:.0f} s; last stable text at {heard:.1f} minutes; {stream.error or 'no error'}")
        grown = rows[-1] - rows[len(rows) // 2]
        print(f"growth over the second half: {grown:.1f} MB")
        sys.exit(grown > MOST_MB or stream.error is not None or heard < 0.98 * arguments.minutes)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
