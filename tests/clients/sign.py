#!/usr/bin/env python3
"""Streams text to a running `shouyu serve` and saves the video while it comes.

Needs the packages grpcio and grpcio-tools; everything else is generated from the protos:

    python3 sign.py --out a.mp4 北京今天有雪。 你好，我叫李明。

Prints, for each utterance, milliseconds from sending its text to its first sentence, to the event that its first sign
begins, and to the first video chunk of that sign.
"""

import argparse
import importlib
import pathlib
import queue
import sys
import tempfile
import time

import grpc
from grpc_tools import protoc

FLICKS = 705_600_000


def load_protos():
    """Generates Python from the protos into a temporary folder and imports it."""
    root = pathlib.Path(__file__).resolve().parents[2] / "proto"
    out = tempfile.mkdtemp(prefix="shouyu-protos-")
    files = sorted(str(path) for path in (root / "shouyu/v1").glob("*.proto"))
    if protoc.main(["protoc", f"-I{root}", f"--python_out={out}", f"--grpc_python_out={out}", *files]) != 0:
        sys.exit("the protos could not be compiled")
    sys.path.insert(0, out)
    return importlib.import_module("shouyu.v1.signing_service_pb2"), importlib.import_module(
        "shouyu.v1.signing_service_pb2_grpc"
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("text", nargs="+")
    parser.add_argument("--address", default="127.0.0.1:50051")
    parser.add_argument("--out", help="where the video goes: .mp4 or .ts")
    parser.add_argument("--size", default="640x360")
    parser.add_argument("--rate", type=int, default=25)
    parser.add_argument("--poses", action="store_true", help="ask for poses too")
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between two texts")
    parser.add_argument("--key", help="API key")
    arguments = parser.parse_args()
    pb, rpc = load_protos()
    video_pb = importlib.import_module("shouyu.v1.video_pb2")
    pose_pb = importlib.import_module("shouyu.v1.pose_pb2")

    width, height = map(int, arguments.size.split("x"))
    container = "VIDEO_CONTAINER_MPEG_TS" if (arguments.out or "").endswith(".ts") else "VIDEO_CONTAINER_FRAGMENTED_MP4"
    outputs = [pb.OUTPUT_SENTENCE] + [pb.OUTPUT_POSE] * arguments.poses + [pb.OUTPUT_VIDEO] * bool(arguments.out)
    config = pb.SigningConfig(
        outputs=outputs,
        video=video_pb.VideoConfig(
            width=width, height=height, rate=pose_pb.FrameRate(num=arguments.rate, den=1), container=container
        ),
    )
    sent, requests = {}, queue.Queue()

    def messages():
        yield pb.StreamingSignRequest(config=config)
        requests.get()  # the session has started
        for index, text in enumerate(arguments.text):
            sent[f"t{index}"] = time.monotonic()
            yield pb.StreamingSignRequest(text=pb.TextInput(text=text, utterance_id=f"t{index}"))
            time.sleep(arguments.pause)
        yield pb.StreamingSignRequest(end=pb.EndOfInput())

    frames, poses, began, seen = 0, 0, time.monotonic(), {}
    awaited = {}
    out = open(arguments.out, "wb") if arguments.out else None
    channel = grpc.insecure_channel(arguments.address, options=[("grpc.max_receive_message_length", 64 << 20)])
    metadata = [("x-api-key", arguments.key)] if arguments.key else []

    def note(utterance, what):
        if utterance in sent:
            seen.setdefault(utterance, {}).setdefault(what, (time.monotonic() - sent[utterance]) * 1e3)

    for response in rpc.SigningServiceStub(channel).StreamingSign(messages(), metadata=metadata):
        kind = response.WhichOneof("content")
        if kind == "session_started":
            print("session", response.session_started.session_id)
            requests.put(None)
        elif kind == "sentence":
            note(response.sentence.utterance_id, "sentence")
            print(" ".join(token.gloss for token in response.sentence.sentence.tokens))
        elif kind == "video":
            frames += response.video.frames
            for utterance, flicks in list(awaited.items()):
                if response.video.frames and response.video.time_flicks >= flicks:
                    note(utterance, "video")
                    del awaited[utterance]
            out.write(response.video.data)
            out.flush()
        elif kind == "poses":
            poses += len(response.poses.frames)
        elif kind == "event":
            event = response.event
            name = pb.EventKind.Name(event.kind).removeprefix("EVENT_KIND_")
            print(f"{event.time_flicks / FLICKS:8.2f} s {name} {event.utterance_id} {event.message}")
            if name == "UTTERANCE_STARTED":
                note(event.utterance_id, "sign")
                awaited[event.utterance_id] = event.time_flicks
    for utterance, times in seen.items():
        print(utterance, " ".join(f"{what} {millis:.0f} ms" for what, millis in times.items()))
    print(f"{frames} frames, {poses} poses in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
