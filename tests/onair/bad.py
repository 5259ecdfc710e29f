#!/usr/bin/env python3
"""Gives broadcasts and the page what they should bear, and says what they say.

    python3 bad.py target/release/shouyu [--size 320x180] [CASE...]

Cases: mute (a feed without sound), captions (out of order, overlapping), timecodes (lines whose timecodes jump), clock (a feed
whose clock jumps), track (no captions; teletext; captions that are pictures, in a file and from the network), desk (a line
of 50 MB, a flood of lines, a client too many), long (captions of 50 MB), receivers (nobody listens; a wrong passphrase), page (a socket that is
flooded, 50 MB pasted). All without an argument. For each: what the operator was told, whether every frame went out, how much
memory it took. Needs ffmpeg with SRT. Exit status 0 if nothing was wrong.
"""

import argparse
import json
import os
import re
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

import measure
from measure import check, wrong
import teletext

RATE = 25


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *arguments], check=True)


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def resident(pid):
    """Megabytes."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1)) / 1024
    except (FileNotFoundError, ProcessLookupError, AttributeError):
        return 0.0


class Bench:
    def __init__(self, shouyu, size, folder):
        self.shouyu, self.size, self.folder = shouyu, size, folder

    def path(self, name):
        return os.path.join(self.folder, name)

    def broadcast(self, name, seconds, *arguments, lines=None, most_mb=800):
        """Runs one; gives what was told. Checks that every frame went out."""
        out, log = self.path(name + ".ts"), self.path(name + ".jsonl")
        command = [self.shouyu, "live", "--size", self.size, "--rate", str(RATE), "--for", str(seconds), "--out", out, "--events", log, "--no-spare", *arguments]
        running = subprocess.Popen(command, stdin=subprocess.PIPE if lines is not None else subprocess.DEVNULL, text=True)
        most = [0.0]

        def watch():
            while running.poll() is None:
                most[0] = max(most[0], resident(running.pid))
                time.sleep(0.2)

        watching = threading.Thread(target=watch)
        watching.start()
        for delay, line in lines or []:
            time.sleep(delay)
            running.stdin.write(line + "\n")
            running.stdin.flush()
        if lines is not None:
            running.stdin.close()
        check(running.wait() == 0, f"{name}: the broadcast ended well")
        watching.join()
        figures = measure.stream(out, RATE)
        check(figures["frames"] == seconds * RATE and not figures["gaps"] and not figures["still stretches"],
              f"{name}: {figures['frames']} frames, no gap, nothing stood still; at most {most[0]:.0f} MB")
        check(0 < most[0] < most_mb, f"{name}: memory stays below {most_mb} MB")
        told = measure.events(log)
        for event in told:
            if event["event"] in ("input", "session", "signing") or (event["event"] == "receiver" and event["destination"] != out):
                shown = {key: value for key, value in event.items() if key not in ("event", "utterance")}
                print(f"      {event['event']}: {shown}")
        return told

    def says(self, told, event, holds, what):
        check(any(it["event"] == event and holds(it) for it in told), what)


def mute(bench):
    programme = bench.path("mute.mp4")
    ffmpeg("-f", "lavfi", "-i", f"testsrc2=s={bench.size}:r={RATE}:d=6", "-c:v", "libx264", "-preset", "ultrafast", programme)
    told = bench.broadcast("mute", 8, "--programme", programme, "--hear", "--inset", "1/4", "--delay", "1")
    bench.says(told, "input", lambda it: "no sound" in it["message"], "it is said that there is no sound")


def captions(bench):
    path = bench.path("odd.srt")
    cues = [(5, 7, "谢谢大家。"), (1, 4, "北京今天下雪。"), (2, 6, "冰壶比赛三点开始。"), (1, 2, "你好。")]
    write(path, "".join(f"{number}\n00:00:0{start},000 --> 00:00:0{end},000\n{text}\n\n" for number, (start, end, text) in enumerate(cues, 1)))
    told = bench.broadcast("captions", 16, "--captions", path)
    bench.says(told, "input", lambda it: it["state"] == "overlap", "overlaps are said")
    signed = [event["text"] for event in told if event["event"] == "signing"]
    check(len(signed) + sum(it["event"] == "session" and it["kind"] == "omitted" for it in told) >= len(cues), f"each is signed or told as left out: {signed}")


def timecodes(bench):
    lines = [(1, "10:00:01:00 北京今天下雪。"), (3, "10:00:04:00 谢谢大家。"), (3, "03:00:00:00 你好。"), (2, "99:99:99:99 再见。")]
    told = bench.broadcast("timecodes", 16, "--lines", "-", lines=lines)
    check(sum(it["event"] == "input" and it["state"] == "jump" for it in told) == 2, "both jumps are said")
    bench.says(told, "input", lambda it: it["state"] == "wrong" and "99:99" in it["message"], "the wrong timecode is said")
    check(sum(it["event"] == "signing" for it in told) == 4, "all four lines are signed")


def clock(bench):
    parts = []
    for number, offset in enumerate((0, 1_000)):
        parts.append(bench.path(f"part{number}.ts"))
        ffmpeg("-f", "lavfi", "-i", f"testsrc2=s={bench.size}:r={RATE}:d=4", "-f", "lavfi", "-i", "sine=440:d=4", "-c:v", "libx264", "-preset", "ultrafast",
               "-c:a", "aac", "-output_ts_offset", str(offset), "-f", "mpegts", parts[-1])
    joined, script = bench.path("jump.ts"), bench.path("script.txt")
    with open(joined, "wb") as out:
        for part in parts:
            with open(part, "rb") as file:
                out.write(file.read())
    write(script, "北京今天下雪。\n")
    told = bench.broadcast("clock", 10, "--programme", joined, "--file", script, "--inset", "1/4", "--delay", "1")
    bench.says(told, "input", lambda it: it["state"] == "jump", "the jump is said")


def track(bench):
    programme, script = bench.path("pictures.mkv"), bench.path("few.srt")
    write(script, "1\n00:00:01,000 --> 00:00:02,000\nab\n")
    ffmpeg("-f", "lavfi", "-i", f"testsrc2=s={bench.size}:r={RATE}:d=4", "-c:v", "libx264", "-preset", "ultrafast", programme)
    told = bench.broadcast("track", 6, "--programme", programme, "--caption-track", "--inset", "1/4")
    bench.says(told, "input", lambda it: "no captions" in it["message"], "it is said that there are no captions")

    whole = bench.path("sound.mp4")
    ffmpeg("-f", "lavfi", "-i", f"testsrc2=s={bench.size}:r={RATE}:d=10", "-f", "lavfi", "-i", "anullsrc", "-t", "10", "-c:v", "libx264", "-preset", "ultrafast",
           "-g", str(RATE), "-pix_fmt", "yuv420p", "-c:a", "aac", whole)
    carried, pictures = bench.path("with-teletext.ts"), bench.path("with-pictures.ts")
    teletext.beside(whole, carried)
    teletext.beside(whole, pictures, kind="pictures")
    told = bench.broadcast("teletext", 14, "--programme", carried, "--caption-track", "--lang", "en", "--inset", "1/4", "--delay", "2")
    signs = [(event["text"].rstrip(".") + ".", event["at"] - event["due"]) for event in told if event["event"] == "signing"]
    check([text for text, _ in signs] == [text for _, text in teletext.CAPTIONS], f"teletext is signed: {[text for text, _ in signs]}")
    check(all(abs(after) <= 1 for _, after in signs), f"each within a second of its time: {[round(after, 2) for _, after in signs]} s")

    refused = subprocess.run([bench.shouyu, "live", "--programme", pictures, "--caption-track", "--for", "2", "--size", bench.size, "--out", bench.path("none.ts")],
                             capture_output=True, text=True)
    print(f"      {refused.stderr.strip()}")
    check(refused.returncode == 1 and "pictures of text" in refused.stderr and "--hear" in refused.stderr, "a file whose captions are pictures is refused, and what to do is said")
    check(not os.path.exists(bench.path("none.ts")), "and nothing was begun")
    port = measure.free_port()
    sending = subprocess.Popen(["ffmpeg", "-v", "fatal", "-nostdin", "-re", "-stream_loop", "3", "-i", pictures, "-map", "0", "-c", "copy", "-f", "mpegts", f"udp://127.0.0.1:{port}?pkt_size=1316"])
    told = bench.broadcast("pictures", 10, "--programme", f"udp://127.0.0.1:{port}", "--caption-track", "--inset", "1/4", "--delay", "1")
    sending.kill()
    sending.wait()
    bench.says(told, "input", lambda it: "pictures of text" in it["message"] and "--captions" in it["message"], "of a feed it is said, and the picture goes on")


def desk(bench):
    """Lines over TCP: a flood, a line of 50 MB, a client too many."""
    port = measure.free_port(socket.SOCK_STREAM)

    def misbehave():
        time.sleep(2)
        clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(9)]
        clients[0].settimeout(9)
        try:
            clients[0].sendall("00:00:03:00 谢谢大家。\n".encode() + b"x" * (50 << 20) + "\n你好。\n".encode())
            clients[0].sendall("北京今天下雪。\n".encode() * 200_000)
        except OSError as error:
            print(f"      a client that floods waits: {error}")
        time.sleep(2)
        for client in clients:
            client.close()

    sending = threading.Thread(target=misbehave)
    sending.start()
    told = bench.broadcast("desk", 16, "--lines", f"tcp://127.0.0.1:{port}", most_mb=400)
    sending.join()
    bench.says(told, "input", lambda it: it["state"] == "wrong" and "bytes are left out" in it["message"], "what of a huge line is left out is said")
    bench.says(told, "input", lambda it: it["state"] == "wrong" and "refused" in it["message"], "a client too many is refused, and that is said")
    check(any(it["event"] == "signing" and it["text"].startswith("谢谢") or it["event"] == "session" and "谢谢" in it["message"] for it in told),
          "what came before the flood is signed, or told as left out")


def long(bench):
    """Captions of 50 MB."""
    path = bench.path("long.srt")
    with open(path, "w", encoding="utf-8") as file:
        for number in range(1, 600_000):
            at = number * 100
            stamp = lambda ms: f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d},{ms % 1000:03d}"
            file.write(f"{number}\n{stamp(at)} --> {stamp(at + 90)}\n北京今天下雪，气温零下五度，请大家注意。\n\n")
    print(f"      {os.path.getsize(path) >> 20} MB")
    refused = subprocess.run([bench.shouyu, "live", "--captions", path, "--for", "1", "--out", bench.path("long.ts")], capture_output=True, text=True)
    check(refused.returncode != 0 and "16 MiB" in refused.stderr, f"captions of 50 MB are refused with a reason: {refused.stderr.strip()[:200]}")


def receivers(bench):
    script = bench.path("script2.txt")
    write(script, "北京今天下雪。\n谢谢大家。\n")
    silent, locked = measure.free_port(), measure.free_port()
    taken = bench.path("locked.ts")
    receiver = subprocess.Popen(["ffmpeg", "-v", "fatal", "-nostdin", "-y", "-i", f"srt://127.0.0.1:{locked}?mode=listener&passphrase=right-right-right", "-c", "copy", taken],
                                stderr=subprocess.DEVNULL)
    told = bench.broadcast("receivers", 12, "--file", script, "--out", f"srt://127.0.0.1:{silent}", "--out", f"rtmp://127.0.0.1:{silent}/live/secret",
                           "--out", f"srt://127.0.0.1:{locked}?passphrase=wrong-wrong-wrong")
    receiver.kill()
    receiver.wait()
    bench.says(told, "receiver", lambda it: str(silent) in it["destination"] and "nobody answers" in it["message"], "nobody answers: it is said, and what to check")
    bench.says(told, "receiver", lambda it: it["destination"].startswith("rtmp") and it["state"] == "away", "RTMP without a server is said")
    bench.says(told, "receiver", lambda it: str(locked) in it["destination"] and "passphrase" in it["message"], "a wrong passphrase is said")
    check("secret" not in json.dumps(told) and "wrong-wrong" not in json.dumps(told), "no secret is told")
    refused = subprocess.run([bench.shouyu, "live", "--file", script, "--out", "srt://127.0.0.1:9000?passphrase=short"], capture_output=True, text=True)
    check(refused.returncode != 0 and "10 to 64" in refused.stderr, f"a short passphrase is refused: {refused.stderr.strip()}")


class Page:
    """As much of a WebSocket as it takes to misbehave."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.settimeout(10)
        host = f"127.0.0.1:{port}"
        self.socket.sendall(f"GET /live?picture=mp4 HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
        self.rest = b""
        while b"\r\n\r\n" not in self.rest:
            self.rest += self.socket.recv(4096)
        self.rest = self.rest.split(b"\r\n\r\n", 1)[1]

    def send(self, payload):
        length = len(payload)
        head = struct.pack("!BB", 0x81, 0x80 | length) if length < 126 else struct.pack("!BBH", 0x81, 0xFE, length) if length < 65536 else struct.pack("!BBQ", 0x81, 0xFF, length)
        self.socket.sendall(head + b"\0\0\0\0" + payload)

    def take(self, count):
        while len(self.rest) < count:
            more = self.socket.recv(1 << 16)
            if not more:
                raise ConnectionError("closed")
            self.rest += more
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def next(self):
        kind, length = self.take(2)
        if length == 126:
            length = struct.unpack("!H", self.take(2))[0]
        elif length == 127:
            length = struct.unpack("!Q", self.take(8))[0]
        return kind & 15, self.take(length)

    def until(self, problem, seconds=20):
        """The message of a problem, and how many pictures came before it."""
        pictures, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            kind, payload = self.next()
            pictures += kind == 2
            if kind == 8:
                return None, pictures
            if kind == 1:
                told = json.loads(payload)
                if told.get("type") == "problem" and told["problem"] == problem:
                    return told["message"], pictures
        return None, pictures


def page(bench):
    port = measure.free_port(socket.SOCK_STREAM)
    environment = {**os.environ, "SHOUYU_LOG": "error", "XDG_DATA_HOME": bench.folder}
    running = subprocess.Popen([bench.shouyu, "demo", "--port", str(port), "--size", "180x240"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.1)
        good = Page(port)
        while good.next()[0] != 2:
            pass
        before, most, done = resident(running.pid), [0.0], threading.Event()

        def watch():
            while not done.wait(0.02):
                most[0] = max(most[0], resident(running.pid))

        watching = threading.Thread(target=watch)
        watching.start()
        flooding = Page(port)
        message = json.dumps({"type": "say", "text": "雪" * 1000, "language": "zh"}).encode()
        for _ in range(300):
            flooding.send(message)
        said, _ = flooding.until("flood")
        check(bool(said), f"a flood is told: {said}")
        pasting = Page(port)
        try:
            pasting.send(json.dumps({"type": "captions", "text": "x" * (50 << 20), "language": "zh"}).encode())
        except OSError:
            pass
        try:
            said, _ = pasting.until("too_long")
        except OSError as error:
            said = f"the socket was shut: {error}"
        check(bool(said), f"50 MB pasted: {said}")
        pictures, end = 0, time.monotonic() + 4
        while time.monotonic() < end:
            pictures += good.next()[0] == 2
        after = resident(running.pid)
        check(pictures >= 25, f"another visitor's picture went on: {pictures} pictures in four seconds")
        check(most[0] - before < 150, f"memory: {before:.0f} MB with one visitor, at most {most[0]:.0f} MB meanwhile, {after:.0f} MB with the three sessions afterwards")
    finally:
        done.set()
        running.terminate()
        running.wait()


CASES = {case.__name__: case for case in (mute, captions, timecodes, clock, track, desk, long, receivers, page)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shouyu")
    parser.add_argument("case", nargs="*", choices=[*CASES, []], default=[])
    parser.add_argument("--size", default="320x180")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options.shouyu, options.size, folder)
        for name, case in CASES.items():
            if not options.case or name in options.case:
                print(f"--- {name}")
                case(bench)
    print("nothing was wrong" if not wrong else f"{len(wrong)} wrong: {wrong}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
