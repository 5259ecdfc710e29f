#!/usr/bin/env python3
"""Runs five roles as processes, kills each in the middle of a stream, and says what the client saw.

    python3 kill.py target/release/shouyu [speech.wav]

The session signs text every four seconds and, if a WAV file is named, hears it over and over; it asks for poses and
video. The role is killed at second 4 and started again 3 seconds later. Needs grpcio and grpcio-tools, and ffprobe.
"""

import importlib
import sys
import tempfile
import threading
import time
import wave

import grpc

from roles import PEERS, Roles, machine
from sign import FLICKS, check, load_protos

TEXT = "北京今天有雪，冰壶比赛下午三点开始。"
KILL_AT, AWAY, AFTER = 100, 3.0, 350


def sound(path):
    """The sound of a file over and over, at its own pace."""
    while True:
        with wave.open(path, "rb") as file:
            began, sent = time.monotonic(), 0
            while data := file.readframes(file.getframerate() // 10):
                sent += len(data) // (file.getsampwidth() * file.getnchannels())
                yield data
                time.sleep(max(0.0, began + sent / file.getframerate() - time.monotonic()))


def main():
    pb, rpc = load_protos()
    video_pb, speech_pb = (importlib.import_module(f"shouyu.v1.{name}_pb2") for name in ("video", "speech_service"))
    print(machine())
    wav = sys.argv[2] if len(sys.argv) > 2 else None
    roles = Roles(sys.argv[1])
    failed = []
    try:
        for victim in (*PEERS, "gateway"):
            for container in ("FRAGMENTED_MP4", "MPEG_TS") if victim == "render" else ("FRAGMENTED_MP4",):
                print(f"kill -9 {victim} ({container})")
                if not one(pb, rpc, video_pb, speech_pb, roles, victim, container, wav):
                    failed.append(f"{victim} ({container})")
    finally:
        print("exit codes after SIGTERM:", roles.stop())
    sys.exit(f"not as it should be: {', '.join(failed)}" if failed else 0)


def one(pb, rpc, video_pb, speech_pb, roles, victim, container, wav):
    done, begun = threading.Event(), threading.Event()
    lock = threading.Condition()
    queue = []

    def put(message):
        with lock:
            queue.append(message)
            lock.notify()

    def texts():
        begun.wait()
        for count in range(1000):
            if done.is_set():
                break
            put(pb.StreamingSignRequest(text=pb.TextInput(text=TEXT, utterance_id=f"t{count}")))
            done.wait(4)
        put(pb.StreamingSignRequest(end=pb.EndOfInput()))
        put(None)

    def speak():
        begun.wait()
        for piece in sound(wav):
            if done.is_set():
                return
            put(pb.StreamingSignRequest(audio=piece))

    config = pb.SigningConfig(
        outputs=[pb.OUTPUT_TRANSCRIPT, pb.OUTPUT_POSE, pb.OUTPUT_VIDEO],
        video=video_pb.VideoConfig(width=320, height=240, container=f"VIDEO_CONTAINER_{container}"),
    )
    if wav:
        with wave.open(wav, "rb") as file:
            config.audio.CopyFrom(
                speech_pb.AudioConfig(
                    encoding="AUDIO_ENCODING_PCM_S16LE", sample_rate=file.getframerate(), channels=file.getnchannels()
                )
            )

    def messages():
        yield pb.StreamingSignRequest(config=config)
        while True:
            with lock:
                while not queue:
                    lock.wait()
                message = queue.pop(0)
            if message is None:
                return
            yield message

    threads = [threading.Thread(target=texts, daemon=True)]
    threads += [threading.Thread(target=speak, daemon=True)] if wav else []
    for thread in threads:
        thread.start()
    back = threading.Event()

    def kill():
        roles.running[victim].kill()
        time.sleep(AWAY)
        roles.running[victim].start()
        back.set()

    killer = threading.Thread(target=kill)
    events, times, frames, began, back_at, heard = [], [], 0, time.monotonic(), None, {"before": 0, "after": 0}
    saved = tempfile.NamedTemporaryFile(suffix=".ts" if container == "MPEG_TS" else ".mp4")
    channel = grpc.insecure_channel(roles.address, options=[("grpc.max_receive_message_length", 64 << 20)])
    try:
        for response in rpc.SigningServiceStub(channel).StreamingSign(messages(), timeout=120):
            kind = response.WhichOneof("content")
            if kind == "session_started":
                begun.set()
            elif kind == "transcript":
                stable = response.transcript.transcript.stable and response.transcript.utterance_id.startswith("a")
                heard["after" if back_at else "before"] += stable
            elif kind == "poses":
                times += [frame.time_flicks for frame in response.poses.frames]
            elif kind == "video":
                frames += response.video.frames
                saved.write(response.video.data)
            elif kind == "event":
                name = pb.EventKind.Name(response.event.kind).removeprefix("EVENT_KIND_")
                events.append((len(times), name, response.event.utterance_id, response.event.message))
            if len(times) >= KILL_AT and not killer.is_alive() and not killer.ident:
                killer.start()
            if back.is_set() and back_at is None:
                back_at = len(times)
            if back_at and len(times) >= back_at + AFTER:
                done.set()
        end = "OK"
    except grpc.RpcError as error:
        end = f"{error.code().name}: {(error.details() or '')[:160]}"
    done.set()
    put(None)
    killer.join()
    saved.flush()
    gaps = sum(later - earlier != FLICKS // 25 for earlier, later in zip(times, times[1:]))
    print(f"   {len(times)} poses, {gaps} gaps; {frames} frames; {time.monotonic() - began:.1f} s; ended {end}")
    kept = ("UTTERANCE_STARTED", "UTTERANCE_FINISHED")
    for at, name, utterance, message in events:
        if name not in kept and "left out to keep pace" not in message:
            print(f"   pose {at} {name} {utterance} {message[:150]}")
    after = sum(1 for at, name, _, _ in events if name == "UTTERANCE_STARTED" and at > (back_at or 1 << 60))
    print(f"   the role was back at pose {back_at}; utterances begun after that: {after}; heard {heard}")
    if victim == "gateway":
        return end.startswith(("UNAVAILABLE", "UNKNOWN", "INTERNAL", "CANCELLED"))
    good = end == "OK" and gaps == 0 and frames == len(times) and after > 0 and check(saved.name)
    told = [name for _, name, _, _ in events]
    good &= victim == "understanding" or ("FALLBACK" in told and "RECOVERED" in told) or (victim == "speech" and not wav)
    return good and (victim != "speech" or not wav or heard["after"] > 0)


if __name__ == "__main__":
    main()
