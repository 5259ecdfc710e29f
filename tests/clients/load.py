#!/usr/bin/env python3
"""Sessions at real time until the next one is refused: poses alone, then video at 640×360 and at 1280×720.

    python3 load.py target/release/shouyu [--secs 20] [--sessions 400]

With --sessions the server's own limit is raised to that many, and sessions of poses are added until a frame in a hundred
is a frame late; no video then. For each number of sessions: how late frames were begun (from the server's own histogram), and frames that were more than
one frame late. Needs grpcio, grpcio-tools and grpcio-status. Exit status 0 if nothing was wrong.
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
    counts = {edge: after[0][edge] - before[0].get(edge, 0) for edge in after[0]}
    total = counts.get(float("inf"), 0)
    p99 = next((edge for edge in sorted(counts) if counts[edge] >= 0.99 * total), float("nan"))
    return total, p99, after[1] - before[1]


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
    plans = (("poses", poses, (1, 16, 32, 64, 80)), ("video 640×360", video(640, 360), range(1, 20)), ("video 1280×720", video(1280, 720), range(1, 20)))
    if arguments.sessions:
        plans = (("poses", poses, range(64, arguments.sessions + 1, 64)),)
    wrong = []
    try:
        for title, config, steps in plans:
            clients, told = [], None
            for wanted in steps:
                try:
                    while len(clients) < wanted:
                        clients.append(Client(pb, rpc, server.address, config, len(clients)))
                except grpc.RpcError as error:
                    told = refusal(error)
                time.sleep(2)
                before = late(server)
                time.sleep(arguments.secs)
                total, p99, missed = lateness(before, late(server))
                print(
                    f"{title}, {len(clients)} sessions: {total:.0f} frames, {total / len(clients) / arguments.secs:.1f} a second each, "
                    f"p99 begun at most {p99 * 1e3:.1f} ms late, {missed:.0f} more than a frame late; memory {server.rss_mb():.0f} MB",
                    flush=True,
                )
                late_by_a_frame = missed > 0.01 * total
                if told or (arguments.sessions and late_by_a_frame):
                    break
                if late_by_a_frame:
                    wrong.append(f"{title}: {len(clients)} sessions are admitted and too late")
            if told or not arguments.sessions:
                print(f"{title}: session {len(clients) + 1} was refused: {told}")
                if not (told and told.startswith("RESOURCE_EXHAUSTED") and "RetryInfo" in told and "no RetryInfo" not in told):
                    wrong.append(f"{title}: the next one is not refused as it should be")
            for client in clients:
                client.end()
            time.sleep(3)
        print(f"memory when all have left: {server.rss_mb():.0f} MB")
    finally:
        print("exit:", server.stop())
    print("nothing was wrong" if not wrong else f"{len(wrong)} wrong: {wrong}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
