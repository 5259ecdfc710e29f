#!/usr/bin/env python3
"""SIGTERM in the middle of a stream: what is being signed is signed to its end, then the process exits with 0.

    python3 drain.py target/release/shouyu
"""

import sys
import threading
import time

import grpc

from roles import Process, machine
from sign import load_protos


def main():
    pb, rpc = load_protos()
    print(machine())
    server = Process(sys.argv[1], "--set", "speech.enabled=false")
    forever = threading.Event()

    def messages():
        yield pb.StreamingSignRequest(config=pb.SigningConfig(outputs=[pb.OUTPUT_POSE, pb.OUTPUT_VIDEO]))
        yield pb.StreamingSignRequest(text=pb.TextInput(text="北京今天有雪，冰壶比赛下午三点开始。", utterance_id="a"))
        forever.wait()

    events, frames, told, new = [], 0, None, None
    with grpc.insecure_channel(server.address, options=[("grpc.max_receive_message_length", 64 << 20)]) as channel:
        try:
            for response in rpc.SigningServiceStub(channel).StreamingSign(messages(), timeout=60):
                kind = response.WhichOneof("content")
                frames += len(response.poses.frames) if kind == "poses" else 0
                if kind == "event":
                    name = pb.EventKind.Name(response.event.kind).removeprefix("EVENT_KIND_")
                    events.append(f"{name} {response.event.message}".strip())
                    if name == "UTTERANCE_STARTED":
                        server.process.terminate()
                        began = time.monotonic()
                if events and new is None and time.monotonic() - began > 0.5:
                    try:
                        rpc.SigningServiceStub(channel).Sign(pb.SignRequest(text="你好"), timeout=5)
                        new = "was taken"
                    except grpc.RpcError as error:
                        new = f"{error.code().name}: {error.details()}"
            told = "OK"
        except grpc.RpcError as error:
            told = f"{error.code().name}: {error.details()}"
    forever.set()
    code = server.process.wait(timeout=60)
    print(f"{frames} frames; events {events}")
    print(f"the stream ended {told}; a new call {new}; exit {code}, {time.monotonic() - began:.1f} s after SIGTERM")
    sys.exit(not (told == "OK" and code == 0 and any(event.startswith("UTTERANCE_FINISHED") for event in events)))


if __name__ == "__main__":
    main()
