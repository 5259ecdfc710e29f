#!/usr/bin/env python3
"""Goes through every way in and every way out of `shouyu live`, one short broadcast each.

    python3 ways.py target/release/shouyu [--size 320x180] [WAY...]

In: WebVTT, SubRip, TTML, a script, lines on standard input and over TCP, a programme as a file, over SRT, RTMP, UDP and HTTP, its sound, its caption
track. Out: SRT called and listened to (latency, passphrase, stream id), RTMP, MPEG-TS over UDP, HLS, DASH, each kind of file, several at once;
25p, 50p and 30000/1001; a colour, fill and key, alpha, inset; the mark in the key, again when a receiver is back. Says for each whether what came out has the right number of frames, no gap, and
sound, and whether the text was signed. Needs numpy, and ffmpeg with SRT and RTMP. Exit status 0 if nothing was wrong.
"""

import argparse
import fractions
import functools
import http.server
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time

import numpy

import measure
from measure import check, wrong

TEXT = "北京今天下雪。"
SECONDS = 6


def ffmpeg(*arguments):
    return subprocess.Popen(["ffmpeg", "-v", "fatal", "-nostdin", "-y", *arguments], stderr=subprocess.DEVNULL)


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        for name, text in {
            "a.vtt": f"WEBVTT\n\n00:01.000 --> 00:03.000\n{TEXT}\n",
            "a.srt": f"1\n00:00:01,000 --> 00:00:03,000\n{TEXT}\n",
            "a.ttml": f'<tt xmlns="http://www.w3.org/ns/ttml" xml:lang="zh"><body><div><p begin="1s" end="3s">{TEXT}</p></div></body></tt>',
            "a.txt": TEXT + "\n",
        }.items():
            with open(self.path(name), "w", encoding="utf-8") as file:
                file.write(text)

    def path(self, name):
        return os.path.join(self.folder, name)

    @functools.cached_property
    def programme(self):
        """A picture that moves, a tone, captions at one second."""
        ffmpeg("-f", "lavfi", "-i", f"testsrc2=s={self.options.size}:r=25:d={SECONDS}", "-f", "lavfi", "-i", f"sine=440:r=48000:d={SECONDS}", "-i", self.path("a.srt"), "-map", "0", "-map", "1",
               "-map", "2", "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-c:a", "aac", "-c:s", "mov_text", self.path("programme.mp4")).wait()
        return self.path("programme.mp4")

    def live(self, name, *arguments, rate="25", seconds=SECONDS, outputs=(), lines=None, on_air=None, size=None):
        """Runs a broadcast beside a file of its own; gives what was told."""
        log = self.path(name + ".jsonl")
        command = [self.options.shouyu, "live", "--size", size or self.options.size, "--rate", rate, "--for", str(seconds), "--events", log, "--no-spare", *arguments]
        for output in outputs:
            command += ["--out", output]
        running = subprocess.Popen(command, stdin=subprocess.PIPE if lines else subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        said = []
        reading = threading.Thread(target=lambda: said.extend(running.stderr))
        reading.start()
        while running.poll() is None and not (os.path.exists(log) and any(event["event"] == "on_air" for event in measure.events(log))):
            time.sleep(0.05)
        if lines:
            running.stdin.write(lines)
            running.stdin.close()
        helper = on_air(said) if on_air else None
        code = running.wait()
        reading.join()
        check(code == 0, f"{name}: it ended well {''.join(said)[-300:] if code else ''}")
        if helper:
            helper.wait(30)
        return measure.events(log)

    def signed(self, name, told, due=None):
        found = [event for event in told if event["event"] == "signing"]
        check(any("北京" in event["text"] for event in found) and (due is None or abs(found[0]["at"] - due) <= 1), f"{name}: signed {[(it['text'], it['due'], it['at']) for it in found]}")

    def holds(self, name, path, rate="25", seconds=SECONDS, least=None, sound=True):
        figures = measure.stream(path, float(fractions.Fraction(rate)))
        count = int(seconds * fractions.Fraction(rate))
        enough = figures["frames"] == count if least is None else least <= figures["frames"] <= count
        # Containers that count in milliseconds are as near as that.
        check(enough and not figures["gaps"] and (not sound or "clocks part by, ms" in figures), f"{name}: {figures['frames']} frames of {count}, no gap{', sound' if sound else ''} {figures['gaps'][:3] or ''}")


def texts(bench):
    for kind in ("a.vtt", "a.srt", "a.ttml"):
        out = bench.path(kind + ".ts")
        bench.signed(kind, bench.live(kind, "--captions", bench.path(kind), outputs=[out]), 1)
        bench.holds(kind, out)
    bench.signed("script", bench.live("script", "--file", bench.path("a.txt"), outputs=[bench.path("script.ts")]))
    bench.signed("standard input", bench.live("stdin", "--lines", "-", outputs=[bench.path("stdin.ts")], lines=f"00:00:02:00 {TEXT}\n"), 2)

    def send(said):
        address = None
        while address is None:
            address = next((found.group(1) for line in said if (found := re.search(r"tcp://[\d.]+:(\d+)", line))), None)
            time.sleep(0.05)
        with socket.create_connection(("127.0.0.1", int(address))) as connection:
            connection.sendall(f"00:00:03:00 {TEXT}\n".encode())
    bench.signed("lines over TCP", bench.live("tcp", "--lines", "tcp://127.0.0.1:0", outputs=[bench.path("tcp.ts")], on_air=send), 3)


def feeds(bench):
    programme = bench.programme
    inset = ["--inset", "--delay", "1"]
    bench.signed("caption track", bench.live("track", "--programme", programme, "--caption-track", *inset, outputs=[bench.path("track.ts")]), 2)
    bench.holds("caption track", bench.path("track.ts"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(QuietHandler, directory=bench.folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    ports = {kind: measure.free_port(socket.SOCK_STREAM if kind == "rtmp" else socket.SOCK_DGRAM) for kind in ("srt", "called", "rtmp", "udp")}
    play = lambda target, *options: ffmpeg("-re", "-i", programme, "-map", "0:v", "-map", "0:a", "-c", "copy", *options, target)
    for name, source, sender in (
        ("SRT, listening", f"srt://127.0.0.1:{ports['srt']}?mode=listener", lambda _: (time.sleep(1), play(f"srt://127.0.0.1:{ports['srt']}", "-f", "mpegts"))[1]),
        ("SRT, calling", f"srt://127.0.0.1:{ports['called']}", lambda _: play(f"srt://127.0.0.1:{ports['called']}?mode=listener", "-f", "mpegts")),
        ("RTMP", f"rtmp://127.0.0.1:{ports['rtmp']}/live/x", lambda _: play(f"rtmp://127.0.0.1:{ports['rtmp']}/live/x", "-f", "flv", "-listen", "1")),
        ("UDP", f"udp://127.0.0.1:{ports['udp']}", lambda _: play(f"udp://127.0.0.1:{ports['udp']}?pkt_size=1316", "-f", "mpegts")),
        ("HTTP", f"http://127.0.0.1:{server.server_address[1]}/programme.mp4", lambda _: None),
    ):
        short = re.sub(r"\W", "", name)
        told = bench.live(short, "--programme", source, "--file", bench.path("a.txt"), *inset, outputs=[bench.path(short + ".ts")], on_air=sender, seconds=SECONDS + 3)
        opened = [event["message"] for event in told if event["event"] == "input" and event["state"] == "open"]
        check(any("with sound" in message and "×" in message for message in opened), f"{name}: its picture and sound came: {opened[:1]}")
        bench.holds(name, bench.path(short + ".ts"), seconds=SECONDS + 3)
    server.shutdown()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def receivers(bench):
    ports = {kind: measure.free_port(socket.SOCK_STREAM if kind == "rtmp" else socket.SOCK_DGRAM) for kind in ("caller", "listener", "rtmp", "udp")}
    taken = {kind: bench.path(kind + ".got.ts") for kind in ports}
    take = lambda kind, source, *options: ffmpeg("-analyzeduration", "500000", *options, "-i", source, "-c", "copy", "-map", "0", "-copyts", "-f", "mpegts", taken[kind])
    waiting = [
        take("caller", f"srt://127.0.0.1:{ports['caller']}?mode=listener&passphrase=a-good-secret&latency=300000"),
        take("rtmp", f"rtmp://127.0.0.1:{ports['rtmp']}/live/key", "-listen", "1"),
        take("udp", f"udp://127.0.0.1:{ports['udp']}?timeout=3000000"),
    ]
    time.sleep(1)
    called = []
    told = bench.live("receivers", "--file", bench.path("a.txt"), "--again", seconds=14, outputs=[
        f"srt://127.0.0.1:{ports['caller']}?mode=caller&passphrase=a-good-secret&latency=300&streamid=%23!::r=live/signer",
        f"srt://127.0.0.1:{ports['listener']}?mode=listener&latency=120", f"rtmp://127.0.0.1:{ports['rtmp']}/live/key", f"udp://127.0.0.1:{ports['udp']}", f"hls:{bench.path('hls')}",
        f"dash:{bench.path('dash')}", *(bench.path("file." + kind) for kind in ("ts", "mp4", "mkv", "flv"))],
        on_air=lambda _: called.append(take("listener", f"srt://127.0.0.1:{ports['listener']}")))
    for receiver in waiting + called:
        try:
            receiver.wait(20)
        except subprocess.TimeoutExpired:
            receiver.kill()
    check(sum(event["event"] == "receiver" and event["state"] == "connected" for event in told) == 10, "all ten receivers were connected")
    for kind in ports:
        # What was sent before it was there is not received.
        bench.holds(f"out over {kind}", taken[kind], seconds=14, least=14 * 25 - 125)
    for kind in ("ts", "mp4"):
        bench.holds(f"file .{kind}", bench.path("file." + kind), seconds=14)
    for kind in ("mkv", "flv"):
        check(len(measure.packets(bench.path("file." + kind), "v:0")) == 14 * 25, f"file .{kind}: all frames")
    with open(bench.path("hls/master.m3u8"), encoding="utf-8") as hls, open(bench.path("dash/manifest.mpd"), encoding="utf-8") as dash:
        check("sign-language" in hls.read(), "HLS says that it is a signer")
        check('value="sign"' in dash.read(), "DASH says that it is a signer")


def forms(bench):
    script = ["--file", bench.path("a.txt")]
    for rate in ("25", "50", "30000/1001"):
        out = bench.path(f"rate{rate.replace('/', '_')}.ts")
        bench.live("rate", *script, rate=rate, outputs=[out])
        bench.holds(f"{rate} a second", out, rate=rate)
    for fill in ("straight", "premultiplied"):
        out, key = bench.path("fill.ts"), bench.path("key.ts")
        bench.live("keyed", *script, "--background", "transparent", "--fill", fill, "--key-out", key, outputs=[out])
        check(measure.packets(out, "v:0") == measure.packets(key, "v:0") != [], f"fill ({fill}) and key have equal times")
    for kind in ("webm", "mov"):
        out = bench.path("alpha." + kind)
        bench.live("alpha", *script, "--background", "transparent", outputs=[out])
        raw = subprocess.run(["ffmpeg", "-v", "error", *(["-c:v", "libvpx-vp9"] if kind == "webm" else []), "-sseof", "-1", "-i", out, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgba", "-"], capture_output=True, check=True).stdout
        alpha = raw[3::4]
        check(min(alpha) == 0 and max(alpha) == 255, f".{kind}: the signer is opaque and what is around it is not")
    told = subprocess.run([bench.options.shouyu, "live", "--programme", bench.programme, *script, "--inset", "1/12", "--place", "20,10", "--for", "2", "--size", bench.options.size, "--no-spare", "--events",
                           bench.path("small.jsonl"), "--out", bench.path("small.ts")], capture_output=True, text=True)
    check(told.returncode == 0 and "a sixth" in told.stderr, f"an inset of a twelfth is warned of: {told.stderr.strip()[:120]}")
    told = subprocess.run([bench.options.shouyu, "live", "--programme", bench.programme, *script, "--inset", "--place", "9000,10", "--for", "2", "--out", bench.path("x.ts")], capture_output=True, text=True)
    check(told.returncode != 0 and "does not fit" in told.stderr, f"a place outside is refused: {told.stderr.strip()[:140]}")


def marked(path, size, seconds_of):
    """For how many seconds from its beginning a recording of the key has the mark in its upper left corner, and whether the signer keeps out of it."""
    width, height = map(int, size.split("x"))
    raw = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", path, "-vsync", "passthrough", "-f", "rawvideo", "-pix_fmt", "gray", "-"], capture_output=True, check=True).stdout
    frames = numpy.frombuffer(raw, numpy.uint8).reshape(-1, height, width)
    corner = frames[:, :height // 4, :width // 3] > 60
    shown = corner.mean(axis=(1, 2)) > 0.05
    until = int(numpy.argmin(shown)) if not shown.all() else len(shown)
    later = corner[until + 2:]
    return until / seconds_of, not later.size or later.mean(axis=0).max() == 0, float(corner[until // 2].mean())


def mark(bench):
    """In fill and key, at the start and when a receiver is back."""
    size, ports = "640x360", {part: measure.free_port() for part in ("fill", "key")}
    taken = lambda part, number: bench.path(f"mark.{part}.{number}.ts")
    take = lambda part, number: ffmpeg("-analyzeduration", "500000", "-i", f"srt://127.0.0.1:{ports[part]}?mode=listener", "-c", "copy", "-f", "mpegts", "-flush_packets", "1", taken(part, number))

    def watch(_):
        time.sleep(7)
        for part in ports:
            first[part].kill()
            first[part].wait()
        time.sleep(1)
        again.update({part: take(part, 2) for part in ports})

    first, again = {part: take(part, 1) for part in ports}, {}
    bench.live("mark", "--file", bench.path("a.txt"), "--again", "--background", "transparent", "--key-out", f"srt://127.0.0.1:{ports['key']}", outputs=[f"srt://127.0.0.1:{ports['fill']}"],
               seconds=20, size=size, on_air=watch)
    for receiver in again.values():
        receiver.wait(20)
    for number, what in ((1, "at the start"), (2, "when the receiver is back")):
        stands, clear, share = marked(taken("key", number), size, 25)
        check(2.0 <= stands < 8, f"{what} the key has the mark for {stands:.2f} s, {share:.0%} of its corner")
        check(clear, f"{what}: later nothing of the signer comes there")


WAYS = {way.__name__: way for way in (texts, feeds, receivers, forms, mark)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shouyu")
    parser.add_argument("way", nargs="*", choices=[*WAYS, []], default=[])
    parser.add_argument("--size", default="320x180")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options, folder)
        for name, way in WAYS.items():
            if not options.way or name in options.way:
                print(f"--- {name}")
                way(bench)
    print("nothing was wrong" if not wrong else f"{len(wrong)} wrong: {wrong}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
