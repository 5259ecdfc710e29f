#!/usr/bin/env python3
"""Runs five roles as processes, kills each in the middle of a stream, and says what the client saw.

    python3 kill.py target/release/shouyu

Needs grpcio and grpcio-tools. Ports are taken from the system; every process ends with the script.
"""

import importlib
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import grpc

from sign import FLICKS, load_protos

TEXT = "北京今天有雪，冰壶比赛下午三点开始。"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Roles:
    def __init__(self, binary):
        self.binary = binary
        self.ports = {role: (free_port(), free_port()) for role in ("speech", "understanding", "motion", "render", "gateway")}
        self.running = {}
        for role in self.ports:
            self.start(role)

    def start(self, role):
        port, admin = self.ports[role]
        command = [self.binary, "serve", "--role", role, "--listen", f"127.0.0.1:{port}", "--admin", f"127.0.0.1:{admin}"]
        if role == "gateway":
            for peer in ("speech", "understanding", "motion", "render"):
                command += [f"--{peer}", f"http://127.0.0.1:{self.ports[peer][0]}"]
        self.running[role] = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{admin}/readyz")
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        sys.exit(f"{role} is not ready")

    def kill(self, role):
        self.running[role].send_signal(signal.SIGKILL)
        self.running[role].wait()

    def stop(self):
        codes = {}
        for role in reversed(list(self.running)):
            process = self.running[role]
            if process.poll() is None:
                process.terminate()
            codes[role] = process.wait(timeout=60)
        return codes


def session(roles, pb, rpc, video_pb, outputs, on_frame):
    """One session: sends TEXT every two seconds; `on_frame(frames)` may kill. Returns events, frames and the end."""
    channel = grpc.insecure_channel(f"127.0.0.1:{roles.ports['gateway'][0]}")
    done, requests = threading.Event(), queue.Queue()

    def messages():
        yield pb.StreamingSignRequest(
            config=pb.SigningConfig(outputs=outputs, video=video_pb.VideoConfig(width=320, height=240))
        )
        count = 0
        while not done.is_set():
            yield pb.StreamingSignRequest(text=pb.TextInput(text=TEXT, utterance_id=f"u{count}"))
            count += 1
            done.wait(4)
        yield pb.StreamingSignRequest(end=pb.EndOfInput())

    events, times = [], []
    try:
        for response in rpc.SigningServiceStub(channel).StreamingSign(messages(), timeout=60):
            kind = response.WhichOneof("content")
            if kind == "poses":
                times += [frame.time_flicks for frame in response.poses.frames]
            elif kind == "event":
                events.append((len(times), pb.EventKind.Name(response.event.kind).removeprefix("EVENT_KIND_"), response.event.message[:90]))
            if on_frame(len(times), events):
                done.set()
        end = "OK"
    except grpc.RpcError as error:
        end = f"{error.code().name}: {error.details()[:120]}"
    done.set()
    step = FLICKS // 25
    gaps = sum(later - earlier != step for earlier, later in zip(times, times[1:]))
    return events, len(times), gaps, end


def main():
    pb, rpc = load_protos()
    video_pb = importlib.import_module("shouyu.v1.video_pb2")
    roles = Roles(sys.argv[1])
    try:
        for victim in ("understanding", "motion", "render", "gateway"):
            outputs = [pb.OUTPUT_POSE] + [pb.OUTPUT_VIDEO] * (victim == "render")
            state = {"killed": 0, "back": False}

            def on_frame(frames, events):
                if frames >= 50 and not state["killed"]:
                    state["killed"] = frames
                    roles.kill(victim)
                if state["killed"] and not state["back"] and frames >= state["killed"] + 75:
                    state["back"] = True
                    threading.Thread(target=roles.start, args=(victim,)).start()
                return frames >= 50 + 75 + 250

            began = time.monotonic()
            events, frames, gaps, end = session(roles, pb, rpc, video_pb, outputs, on_frame)
            print(f"kill -9 {victim}: {frames} frames, {gaps} gaps, {time.monotonic() - began:.1f} s, ended {end}")
            for event in events:
                if event[1] not in ("UTTERANCE_STARTED", "UTTERANCE_FINISHED"):
                    print("   frame %d %s %s" % event)
            signed_after = sum(1 for at, kind, _ in events if kind == "UTTERANCE_STARTED" and at > 150)
            print(f"   utterances begun after the role was back: {signed_after}")
            if not state["back"]:
                roles.start(victim)
    finally:
        print("exit codes after SIGTERM:", roles.stop())


if __name__ == "__main__":
    main()
