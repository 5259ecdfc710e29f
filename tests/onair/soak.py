#!/usr/bin/env python3
"""Broadcasts to SRT and says what an independent receiver (ffmpeg) got; then does it harm, and says how it recovers.

    python3 soak.py target/release/shouyu                     # ten minutes in peace, ten with harm
    python3 soak.py target/release/shouyu --seconds 60 --size 640x360
    chrt -r 5 python3 soak.py target/release/shouyu --seconds 3600 --only peace      # beside other work

In peace: frames, gaps, the clocks of sound and picture, memory, processor; whether each picture leaves in time, and comes in
time at a socket beside it.

With harm: the receiver is killed and comes back three times, the input pauses for a minute, the renderer's process is
killed, once with its spare. Needs ffmpeg and ffprobe with SRT. Ports are taken from the system; every process ends with the
script. Exit status 0 if nothing was wrong.
"""

import argparse
import fractions
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import measure
from measure import check, wrong

NEWS = """今天北京下雪，气温零下五度。
冰壶比赛下午三点开始，请观众提前入场。
中国队在短道速滑比赛中获得第一名。
明天上午举行花样滑冰比赛。
请大家注意安全，天气很冷。
记者采访了运动员和教练。
"""


def receiver(port, path):
    """Waits to be called."""
    address = f"srt://127.0.0.1:{port}?mode=listener"
    return subprocess.Popen(["ffmpeg", "-v", "error", "-nostdin", "-y", "-analyzeduration", "500000", "-i", address, "-c", "copy", "-map", "0", "-copyts", "-f", "mpegts", path],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def broadcast(options, folder, name, *more):
    log = os.path.join(folder, name + ".events.jsonl")
    command = [options.shouyu, "live", "--size", options.size, "--rate", options.rate, "--events", log, *more]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL), log


def wait_for(log, holds, seconds=60):
    until = time.time() + seconds
    while time.time() < until:
        if os.path.exists(log):
            found = [event for event in measure.events(log) if holds(event)]
            if found:
                return found[-1]
        time.sleep(0.1)
    raise SystemExit(f"nothing of what was waited for stands in {log}")


def show(figures):
    for what, figure in figures.items():
        print(f"      {what}: {figure}")


def family(pid):
    """A process and its children: the broadcast and its studios."""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [pid, *map(int, file.read().split())]


class Costs(threading.Thread):
    """Memory and processor time of a broadcast with its studios, once in so many seconds, until it ends."""

    def __init__(self, running, every):
        super().__init__(daemon=True)
        self.running, self.every, self.samples = running, every, []

    def run(self):
        page, tick, began = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK"), time.time()
        while self.running.poll() is None:
            used, resident = 0, 0
            try:
                for pid in family(self.running.pid):
                    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
                        fields = file.read().rsplit(")", 1)[1].split()
                    used += (int(fields[11]) + int(fields[12])) / tick
                    resident += int(fields[21]) * page / (1 << 20)
                self.samples.append((time.time() - began, used, resident))
            except (FileNotFoundError, ProcessLookupError):
                pass
            time.sleep(self.every)

    def figures(self):
        """After the first tenth, in which caches fill."""
        kept = self.samples[len(self.samples) // 10:]
        if len(kept) < 2:
            return {}
        (from_, used, _), (until, used_then, _) = kept[0], kept[-1]
        resident = [round(it[2]) for it in kept]
        return {"processor, cores": round((used_then - used) / (until - from_), 2), "memory with studios, MB, first, least, most, last": (resident[0], min(resident), max(resident), resident[-1])}


def in_peace(options, folder):
    print(f"# {options.seconds} s in peace: a news text, over and over")
    text = os.path.join(folder, "news.txt")
    with open(text, "w", encoding="utf-8") as file:
        file.write(NEWS)
    port, path, arrivals = measure.free_port(), os.path.join(folder, "peace.ts"), measure.Arrivals()
    receiving = receiver(port, path)
    sending, log = broadcast(options, folder, "peace", "--file", text, "--again", "--for", str(options.seconds), "--out", f"srt://127.0.0.1:{port}",
                             "--out", f"udp://127.0.0.1:{arrivals.port}")
    costs = Costs(sending, max(1, options.seconds / 120))
    costs.start()
    check(sending.wait(options.seconds + 120) == 0, "the broadcast ended well")
    receiving.wait(20)
    rate = fractions.Fraction(options.rate)
    told = measure.events(log)
    ended = [event for event in told if event["event"] == "ended"][-1]
    figures = measure.stream(path, float(rate))
    show({"told": {key: ended[key] for key in ("frames", "late", "lost")}, **figures})
    memory = [event["memory_mb"] for event in told if event["event"] == "metrics"]
    show({"memory, MB, first and last": (memory[:1], memory[-1:])})
    show(costs.figures())
    worst = [event["worst_late_ms"] for event in told if event["event"] == "metrics"]
    show({"worst lateness, ms, of all reports": max(worst, default=0), "reports with a frame late": f"{sum(it > 1e3 / rate for it in worst)} of {len(worst)}"})
    stages = [event["worst_ms"] for event in told if event["event"] == "metrics" and "worst_ms" in event]
    show({"worst of each stage, ms, of all reports": {stage: max(it[stage] for it in stages) for stage in (stages[0] if stages else [])}})
    came = arrivals.figures(float(rate))
    show({"pictures as they came over UDP beside it, ms against the middle one": came})
    check(ended["frames"] == int(options.seconds * rate), f"frames sent = rate × time = {int(options.seconds * rate)}")
    check(ended["late"] == 0 and ended["lost"] == 0, "no frame left more than a frame late, and none was lost")
    check(came["pictures"] >= ended["frames"] - 3 * float(rate) and came.get("more than a frame late") == 0, "none came more than a frame late")
    check(figures["frames"] >= ended["frames"] - 3 * float(rate), "the receiver got all from its first key frame on")
    check(not figures["gaps"], "no gap in timestamps")
    check(not figures["breaks in sound"], "no gap in sound")
    check(abs(figures.get("clocks part by, ms", 1e9)) < 1e3 / float(rate), "the offset of sound to picture is constant to the frame")
    check(not figures["still stretches"], "no two seconds without movement")


def feed_lines(address, pause, stop):
    """Sends a line every six seconds; pauses for a minute after the first third."""
    host, port = address.removeprefix("tcp://").rsplit(":", 1)
    with socket.create_connection((host, int(port))) as connection:
        began, paused = time.time(), False
        for line in NEWS.splitlines() * 1000:
            if stop.is_set():
                return
            connection.sendall((line + "\n").encode())
            stop.wait(6)
            if not paused and time.time() - began > pause[0]:
                paused = True
                print(f"      the input pauses for {pause[1]} s")
                stop.wait(pause[1])


def with_harm(options, folder):
    print(f"# {options.seconds} s with harm")
    port, lines = measure.free_port(), measure.free_port(socket.SOCK_STREAM)
    rate = float(fractions.Fraction(options.rate))
    parts = [os.path.join(folder, f"harm{number}.ts") for number in range(4)]
    whole = os.path.join(folder, "harm.whole.ts")
    receiving = receiver(port, parts[0])
    sending, log = broadcast(options, folder, "harm", "--lines", f"tcp://127.0.0.1:{lines}", "--for", str(options.seconds),
                             "--out", f"srt://127.0.0.1:{port}", "--out", whole)
    wait_for(log, lambda event: event["event"] == "on_air")
    stop = threading.Event()
    third = options.seconds / 3
    feeding = threading.Thread(target=feed_lines, args=(f"tcp://127.0.0.1:{lines}", (third, min(60, third)), stop))
    feeding.start()
    began = time.time()
    away = []
    for number in (1, 2, 3):
        time.sleep(max(0, began + options.seconds * number / 10 - time.time()))
        print(f"      the receiver is killed, {number}")
        receiving.kill()
        receiving.wait()
        time.sleep(3)
        back = time.time()
        receiving = receiver(port, parts[number])
        while not (os.path.exists(parts[number]) and os.path.getsize(parts[number]) > 0) and time.time() < back + 30:
            time.sleep(0.02)
        away.append(round(time.time() - back, 2))
    print(f"      from the receiver's return to its first bytes, s: {away}")
    works = lambda event: event["event"] == "studio" and event["state"] == "works"
    time.sleep(max(0, began + options.seconds * 0.45 - time.time()))
    pid = wait_for(log, works)["pid"]
    print(f"      the renderer's process {pid} is killed")
    os.kill(pid, signal.SIGKILL)
    time.sleep(max(15, began + options.seconds * 0.8 - time.time()))
    pids = {event["pid"] for event in measure.events(log) if event["event"] == "studio" and event["state"] in ("works", "stands_by")}
    print("      all renderers' processes are killed")
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    check(sending.wait(options.seconds + 120) == 0, "the broadcast ended well")
    stop.set()
    feeding.join()
    receiving.wait(20)
    told = measure.events(log)
    ended = [event for event in told if event["event"] == "ended"][-1]
    show({"told": {key: ended[key] for key in ("frames", "late", "lost")}})
    show({"renderer lost and back, s": [event["away"] for event in told if works(event) and event.get("away") is not None]})
    show({"receiver lost and back, s": [round(event["away"], 2) for event in told if event["event"] == "receiver" and event["state"] == "connected" and "srt" in event["destination"]]})
    show({"input": [event["state"] for event in told if event["event"] == "input"]})
    for path in parts:
        figures = measure.stream(path, rate)
        print(f"   {os.path.basename(path)}")
        show(figures)
        check(not figures["gaps"], "no gap in timestamps while it was received")
        check(not figures["still stretches"], "no two seconds without movement")
    figures = measure.stream(whole, rate)
    print("   the file beside it")
    show(figures)
    check(figures["frames"] == int(options.seconds * fractions.Fraction(options.rate)), "frames in the file = rate × time")
    check(not figures["gaps"] and not figures["breaks in sound"], "no gap in it, neither picture nor sound")
    check(not figures["still stretches"], "no two seconds without movement in it")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shouyu")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--rate", default="25")
    parser.add_argument("--only", choices=("peace", "harm"))
    parser.add_argument("--keep", help="a folder for recordings and events")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or temporary
        os.makedirs(folder, exist_ok=True)
        if options.only != "harm":
            in_peace(options, folder)
        if options.only != "peace":
            with_harm(options, folder)
    print("nothing was wrong" if not wrong else f"{len(wrong)} wrong: {wrong}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
