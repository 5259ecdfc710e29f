#!/usr/bin/env python3
"""Sound that is none, to `shouyu transcribe` and to `SpeechService`: each must be refused with a reason, or borne.

    python3 bad.py target/release/shouyu FOLDER

FOLDER has sound and transcripts.tsv. Prints what was said to each. Exit status 0 if all ended in time, everything that is
no sound was refused, and the service listened to a good stream afterwards. Needs ffmpeg, grpcio and grpcio-tools.
"""

import argparse
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import threading
import time

import grpc
from ears import PIECE, RATE, Stream, pcm, protos, said, silence
from roles import Process

SECS = 60


def wav(path, rate, kind, width, data):
    """A WAV file."""
    head = struct.pack("<IHHIIHH", 16, kind, 1, rate, rate * width, width, 8 * width)
    size = len(data)
    path.write_bytes(b"RIFF" + struct.pack("<I", 36 + size) + b"WAVEfmt " + head + b"data" + struct.pack("<I", size) + data)


def files(folder, sound):
    """Files of which each must be refused."""
    (folder / "empty.wav").touch()
    (folder / "text.wav").write_text("这不是声音。\n" * 100)
    wav(folder / "hertz.wav", 1, 1, 2, bytes(200))
    wav(folder / "nan.wav", RATE, 3, 4, struct.pack("<3f", 0.1, float("nan"), 0.1) + bytes(40_000))
    wav(folder / "none.wav", RATE, 1, 2, b"")
    picture = ["-f", "lavfi", "-i", "testsrc=s=320x180:r=25:d=30", "-shortest"]
    for name, flags in (("index.mp4", []), ("front.mp4", ["-movflags", "+faststart"])):
        # The sound three times: what is cut off is more than a second.
        whole = folder / "whole.mp4"
        command = ["ffmpeg", "-v", "error", "-y", "-stream_loop", "2", "-i", str(sound), *picture, *flags, str(whole)]
        subprocess.run(command, check=True)
        (folder / name).write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])
    return [folder / name for name in ("empty.wav", "text.wav", "hertz.wav", "nan.wav", "none.wav", "index.mp4", "front.mp4", "absent.wav")]


def command_line(binary, path):
    """Exit status, the last line of the error, what was heard before; None if it did not end."""
    try:
        ended = subprocess.run([binary, "transcribe", str(path), "--json"], capture_output=True, text=True, timeout=SECS)
    except subprocess.TimeoutExpired:
        return None
    return ended.returncode, (ended.stderr.strip().splitlines() or [""])[-1], ended.stdout.strip()


def endless(binary, folder, sound):
    """A pipe whose writer goes away in the middle of a word."""
    path = folder / "pipe.wav"
    os.mkfifo(path)
    whole = folder / "whole.wav"
    wav(whole, RATE, 1, 2, pcm(sound))

    def write():
        # Opening waits for the reader.
        with open(path, "wb") as pipe:
            pipe.write(whole.read_bytes()[: RATE * 2 * 2])

    threading.Thread(target=write, daemon=True).start()
    return command_line(binary, path)


def service(modules, address, config, pieces):
    """Code and reason of what the service said, or the texts it gave."""
    pb, rpc = modules

    def messages():
        yield pb.StreamingRecognizeRequest(config=pb.AudioConfig(**config))
        for piece in pieces:
            yield pb.StreamingRecognizeRequest(audio=piece)

    with grpc.insecure_channel(address) as channel:
        try:
            responses = rpc.SpeechServiceStub(channel).StreamingRecognize(messages(), timeout=SECS)
            return "".join(response.transcript.text for response in responses if response.transcript.stable), None
        except grpc.RpcError as error:
            return f"{error.code().name}: {error.details()}", error.code()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("folder")
    arguments = parser.parse_args()
    sound, wrong = said(arguments.folder)[0][0], []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for path in files(folder, sound):
            ended = command_line(arguments.binary, path)
            print(f"{path.name}: {ended}".replace(str(folder) + "/", ""), flush=True)
            if ended is None or ended[0] != 1 or path.name not in ended[1]:
                wrong.append(f"{path.name}: not refused by its name")
        ended = endless(arguments.binary, folder, sound)
        print(f"a pipe whose writer dies: {ended}", flush=True)
        if ended is None:
            wrong.append("a pipe whose writer died did not end")
    modules = protos()
    server = Process(arguments.binary, "--set", "limits.silence_secs=5")
    try:
        good, bad = pcm(sound), grpc.StatusCode.INVALID_ARGUMENT
        rows = [
            ("1 Hz", {"sample_rate": 1}, [good[:PIECE]], bad),
            ("seven channels", {"channels": 7}, [good[:PIECE]], bad),
            ("a sample that is no number", {"encoding": 2}, [struct.pack("<2f", 0.1, float("nan"))], bad),
            ("2 MB in a message", {}, [bytes(2 << 20)], bad),
            ("French", {"language": "fr"}, [good[:PIECE]], bad),
            ("no sound at all", {}, [], None),
            ("half a sample", {}, [good[: PIECE + 1]], None),
        ]
        for name, config, pieces, expected in rows:
            text, code = service(modules, server.address, config, pieces)
            print(f"{name}: {text!r}", flush=True)
            if code != expected:
                wrong.append(f"{name}: {code}, expected {expected}")
        # Sound that stops, while the client holds the stream open.
        never = (time.sleep(SECS) or silence(1) for _ in range(2))
        begun = time.monotonic()
        text, code = service(modules, server.address, {}, (piece for part in ([good[:PIECE]], never) for piece in part))
        print(f"a stream that stops without end: {text!r} after {time.monotonic() - begun:.0f} s")
        if code != grpc.StatusCode.DEADLINE_EXCEEDED or time.monotonic() - begun > SECS / 2:
            wrong.append("a stream that stopped was not ended")
        # Clients that vanish: their places come back.
        for _ in range(8):
            lost = Stream(modules, server.address, good + silence(30), language="zh")
            lost.start()
            time.sleep(0.5)
            lost.channel.close()
        time.sleep(2)
        after = Stream(modules, server.address, silence(0.5) + good + silence(1), at_pace=False)
        after.run()
        print(f"afterwards: {''.join(span[2] for span in after.stable())} {after.error or ''}")
        if not after.stable():
            wrong.append("nothing was heard afterwards")
    finally:
        server.stop()
    print("\n".join(wrong) or "nothing wrong")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
