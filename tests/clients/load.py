#!/usr/bin/env python3
"""Sessions at real time until the next one is refused: poses alone, then video at 640×360 and at 1280×720.

    python3 load.py target/release/shouyu [--secs 20] [--sessions 400]

With --sessions the server's own limit is raised to that many, and sessions of poses are added until a frame in a hundred
is a frame late; no video then. A table has, for each number of sessions: frames a second of each, how late frames were begun
(from the server's own histogram), frames more than one frame late, these while the newest session began, and memory. Must
hold: 99 of 100 frames are begun less than a frame late, however many sessions were admitted, and also after another one was
refused; the next one is refused with RESOURCE_EXHAUSTED and a RetryInfo; when one has left, another is admitted. Needs
grpcio, grpcio-tools and grpcio-status. Exit status 1 if something does not hold.
"""

import argparse
import importlib
import sys
import threading
import time

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from roles import Process, machine
from sign import load_protos


def refusal(error):
    """Code, reason and when to try again."""
    reason, retry = "", "no RetryInfo"
    status = rpc_status.from_call(error)
    for detail in status.details if status else []:
        info, back = error_details_pb2.ErrorInfo(), error_details_pb2.RetryInfo()
        if detail.Unpack(info):
            reason = info.reason
        elif detail.Unpack(back):
            retry = f"RetryInfo {back.retry_delay.seconds} s"
    return f"{error.code().name} {reason}, {retry}: {error.details()}"


class Client:
    """A session that signs something every five seconds and reads all that comes."""

    def __init__(self, pb, rpc, address, config, seed):
        self.done = threading.Event()
        # A connection of its own: on a shared one the stream beyond the connection's limit would wait instead of being refused.
        options = [("grpc.max_receive_message_length", 64 << 20), ("grpc.use_local_subchannel_pool", 1)]
        self.channel = grpc.insecure_channel(address, options=options)

        def messages():
            yield pb.StreamingSignRequest(config=config)
            self.done.wait(0.21 * (seed % 24))
            while not self.done.is_set():
                yield pb.StreamingSignRequest(text=pb.TextInput(text="北京今天有雪，比赛下午三点开始。"))
                self.done.wait(5)

        self.responses = rpc.SigningServiceStub(self.channel).StreamingSign(messages())
        next(self.responses)
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        try:
            for _ in self.responses:
                pass
        except grpc.RpcError:
            pass

    def end(self):
        self.done.set()
        self.responses.cancel()
        self.channel.close()


def late(server):
    """Cumulative counts of the histogram of lateness, and frames more than a frame late."""
    found = server.metrics()
    rows = {name: value for name, value in found.items() if name.startswith("shouyu_late_seconds_bucket")}
    counts = {float(name.split('le="')[1].split('"')[0].replace("+Inf", "inf")): value for name, value in rows.items()}
    return counts, found.get("shouyu_frames_late_total", 0), found.get("shouyu_frames_total", 0)


def lateness(before, after):
    """Frames between two looks, below which lateness 99 of 100 of them were begun, and how many were more than a frame late."""
    counts = {edge: after[0][edge] - before[0].get(edge, 0) for edge in after[0]}
    total = counts.get(float("inf"), 0)
    p99 = next((edge for edge in sorted(counts) if counts[edge] >= 0.99 * total), float("nan"))
    return total, p99, after[1] - before[1]


# A frame at 25 frames a second.
FRAME = 0.04
COLUMNS = "{:16} {:>8} {:>11} {:>10} {:>12} {:>14} {:>10}  {}"


class Table:
    """Prints a row for each number of sessions, and remembers what does not hold."""

    def __init__(self, server, secs):
        self.server, self.secs, self.wrong = server, secs, []
        print(COLUMNS.format("output", "sessions", "frames/s", "p99 late", "over a frame", "while it began", "memory", ""))

    def measure(self, title, sessions, began, note=""):
        """`began` is a look from before the newest session began. True if frames are in time."""
        opened = late(self.server)
        time.sleep(self.secs)
        total, p99, missed = lateness(opened, late(self.server))
        opening = opened[1] - began[1]
        rate = total / sessions / self.secs
        holds = p99 <= FRAME and 24.5 <= rate <= 25.5
        columns = (title, sessions, f"{rate:.1f}", f"≤ {p99 * 1e3:.1f} ms", f"{missed:.0f} of {total:.0f}", f"{opening:.0f}")
        print(COLUMNS.format(*columns, f"{self.server.rss_mb():.0f} MB", ("" if holds else "TOO LATE ") + note), flush=True)
        return holds

    def check(self, holds, what):
        if not holds:
            self.wrong.append(what)


def climb(table, title, steps, client, own_limit):
    """Adds sessions until one is refused, or with `own_limit` raised until they are late; how many were held."""
    clients, told, held = [], None, 0
    try:
        for wanted in steps:
            before = late(table.server)
            try:
                while len(clients) < wanted:
                    clients.append(client(len(clients)))
                    time.sleep(0.2)
            except grpc.RpcError as error:
                told = refusal(error)
            time.sleep(1)
            holds = table.measure(title, len(clients), before, f"after one more was refused: {told}" if told else "")
            held = len(clients) if holds else held
            if own_limit and not holds:
                break
            table.check(holds, f"{title}: {len(clients)} sessions are admitted and too late")
            if told:
                break
        if own_limit:
            return held
        good = told and told.startswith("RESOURCE_EXHAUSTED") and "RetryInfo" in told and "no RetryInfo" not in told
        table.check(good, f"{title}: session {len(clients) + 1} is not refused as it should be: {told}")
        clients.pop().end()
        time.sleep(2)
        try:
            clients.append(client(len(clients)))
        except grpc.RpcError as error:
            table.check(any(word in refusal(error) for word in ("RENDER_LATE", "RENDER_BUSY")), f"{title}: no place for another when one has left: {refusal(error)}")
        return held
    finally:
        for one in clients:
            one.end()
        time.sleep(4)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--secs", type=float, default=20)
    parser.add_argument("--sessions", type=int)
    arguments = parser.parse_args()
    pb, rpc = load_protos()
    video_pb = importlib.import_module("shouyu.v1.video_pb2")
    print(machine())
    limit = ["--set", f"limits.sessions={arguments.sessions}"] if arguments.sessions else []
    server = Process(arguments.binary, "--set", "speech.enabled=false", *limit)
    video = lambda width, height: pb.SigningConfig(
        outputs=[pb.OUTPUT_VIDEO], video=video_pb.VideoConfig(width=width, height=height)
    )
    poses = pb.SigningConfig(outputs=[pb.OUTPUT_POSE])
    video = {f"video {w}×{h}": video(w, h) for w, h in ((640, 360), (1280, 720))}
    plans = [("poses", poses, (1, 16, 32, 64, 80)), *((title, config, range(1, 20)) for title, config in video.items())]
    if arguments.sessions:
        plans = [("poses", poses, range(64, arguments.sessions + 1, 64))]
    try:
        table, held = Table(server, arguments.secs), {}
        for title, config, steps in plans:
            client = lambda seed, config=config: Client(pb, rpc, server.address, config, seed)
            held[title] = climb(table, title, steps, client, bool(arguments.sessions))
        print(f"memory when all have left: {server.rss_mb():.0f} MB")
        print("held: " + ", ".join(f"{count} sessions of {title}" for title, count in held.items()))
        for title, count in held.items():
            table.check(count > 0, f"{title}: not one session is held")
    finally:
        status = server.stop()
        print("exit:", status)
    table.check(status == 0, f"the server ended with {status}")
    print("nothing was wrong" if not table.wrong else "does not hold: " + "; ".join(table.wrong))
    sys.exit(bool(table.wrong))


if __name__ == "__main__":
    main()
