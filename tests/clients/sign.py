#!/usr/bin/env python3
"""Streams text or the sound of a WAV file to a running `shouyu serve` and saves the video while it comes.

Needs the packages grpcio and grpcio-tools; everything else is generated from the protos:

    python3 sign.py --out a.mp4 北京今天有雪。 你好，我叫李明。
    python3 sign.py --out a.mp4 --wav speech.wav

Sound is sent as fast as it sounds. Prints, for each utterance, milliseconds to its transcript, to its first sentence, to
the event that its first sign begins, and to the first video chunk of that sign: from the sending of a text, or from the
end of a spoken phrase. With --check, ffprobe then says whether the saved video has constant durations and no gap.
"""

import argparse
import importlib
import json
import pathlib
import queue
import subprocess
import sys
import tempfile
import time
import wave

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


def check(path):
    """What ffprobe says of a video: frames, whether all last equally long, gaps. True if there is nothing to object to."""
    command = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "packet=pts,dts,duration,flags"]
    probe = subprocess.run([*command, "-of", "json", path], capture_output=True, text=True, check=True)
    packets = json.loads(probe.stdout)["packets"]
    durations = {packet.get("duration") for packet in packets}
    steps = {int(b["pts"]) - int(a["pts"]) for a, b in zip(packets, packets[1:])}
    decode = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-f", "null", "-"], capture_output=True, text=True)
    complaints = len(decode.stderr.splitlines())
    print(f"ffprobe: {len(packets)} frames, durations {durations}, steps {steps}, {complaints} complaints when decoded")
    return len(durations) == 1 and len(steps) <= 1 and not complaints


def sound(path, start):
    """Pieces of 100 ms, each when it has sounded. `start` is told when the first one begins."""
    with wave.open(path, "rb") as file:
        frames = file.getframerate() // 10
        began = time.monotonic()
        start(began)
        sent = 0
        while data := file.readframes(frames):
            sent += len(data) // (file.getsampwidth() * file.getnchannels())
            time.sleep(max(0.0, began + sent / file.getframerate() - time.monotonic()))
            yield data


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("text", nargs="*")
    parser.add_argument("--wav", action="append", default=[], help="16-bit WAV file to be said, may be given more than once")
    parser.add_argument("--language", default="zh", help="what is spoken: zh, en or auto")
    parser.add_argument("--address", default="127.0.0.1:50051")
    parser.add_argument("--out", help="where the video goes: .mp4 or .ts")
    parser.add_argument("--check", action="store_true", help="have ffprobe look at the video")
    parser.add_argument("--size", default="640x360")
    parser.add_argument("--rate", type=int, default=25)
    parser.add_argument("--poses", action="store_true", help="ask for poses too")
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between two texts")
    parser.add_argument("--key", help="API key")
    arguments = parser.parse_args()
    if not arguments.text and not arguments.wav:
        parser.error("name a text or a --wav")
    pb, rpc = load_protos()
    video_pb = importlib.import_module("shouyu.v1.video_pb2")
    pose_pb = importlib.import_module("shouyu.v1.pose_pb2")
    speech_pb = importlib.import_module("shouyu.v1.speech_service_pb2")

    width, height = map(int, arguments.size.split("x"))
    container = "VIDEO_CONTAINER_MPEG_TS" if (arguments.out or "").endswith(".ts") else "VIDEO_CONTAINER_FRAGMENTED_MP4"
    outputs = [pb.OUTPUT_TRANSCRIPT, pb.OUTPUT_SENTENCE]
    outputs += [pb.OUTPUT_POSE] * arguments.poses + [pb.OUTPUT_VIDEO] * bool(arguments.out)
    config = pb.SigningConfig(
        outputs=outputs,
        video=video_pb.VideoConfig(
            width=width, height=height, rate=pose_pb.FrameRate(num=arguments.rate, den=1), container=container
        ),
    )
    if arguments.wav:
        with wave.open(arguments.wav[0], "rb") as file:
            if file.getsampwidth() != 2:
                parser.error(f"{arguments.wav[0]}: expected 16-bit samples")
            kind = (file.getframerate(), file.getnchannels())
        for path in arguments.wav[1:]:
            with wave.open(path, "rb") as file:
                if (file.getframerate(), file.getnchannels()) != kind:
                    parser.error(f"{path}: expected {kind[0]} Hz and {kind[1]} channels, as in the first file")
        config.audio.CopyFrom(
            speech_pb.AudioConfig(
                encoding="AUDIO_ENCODING_PCM_S16LE", sample_rate=kind[0], channels=kind[1], language=arguments.language
            )
        )
    sent, spoken, requests = {}, [], queue.Queue()

    def messages():
        yield pb.StreamingSignRequest(config=config)
        requests.get()  # the session has started
        for index, text in enumerate(arguments.text):
            sent[f"t{index}"] = time.monotonic()
            yield pb.StreamingSignRequest(text=pb.TextInput(text=text, utterance_id=f"t{index}"))
            time.sleep(arguments.pause)
        for path in arguments.wav:
            for piece in sound(path, spoken.append):
                yield pb.StreamingSignRequest(audio=piece)
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
        elif kind == "transcript":
            name, transcript = response.transcript.utterance_id, response.transcript.transcript
            if transcript.stable and name not in sent:
                # Sound counts from its first sample; files follow each other without a gap.
                sent[name] = spoken[0] + transcript.end_flicks / FLICKS
            note(name, "transcript") if transcript.stable else None
            print(f"  {'said' if transcript.stable else '  …'} {name} {transcript.text}")
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
    if out:
        out.close()
    if arguments.check and not check(arguments.out):
        sys.exit(1)


if __name__ == "__main__":
    main()
