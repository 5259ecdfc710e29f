#!/usr/bin/env python3
"""Latency of text, and of speech, over many utterances: p50, p95 and p99 to the first sentence, to the first pose of the
first sign and to the first video chunk with it.

    python3 latency.py target/release/shouyu [--roles] [--count 100] [--wav a.wav --wav b.wav …]

Text counts from its sending. Speech counts from the end of the phrase as the voice detector heard it (the end of the
stable transcript); files, a phrase each, are sent at their own pace, silence behind each until it is signed. A phrase whose
first clause was stable before its end is being signed by then: its clauses are told apart and don't count. Then, stage by
stage, what each adds. Exit status 1 if what is asked does not hold: text to video p95 250 ms, phrase to video p95 1,000 ms.
"""

import argparse
import importlib
import queue
import sys
import threading
import time
import wave

import grpc

from roles import machine, percentiles, serve, share
from sign import FLICKS, load_protos

TEXTS = [
    "今天有雪。", "请大家注意安全。", "我明天去北京。", "比赛下午三点开始。", "他是医生。", "老师喜欢学生。", "你几岁？",
    "医院在哪里？", "妈妈买了苹果。", "火车几点到？", "我不喜欢下雨。", "北京很冷。", "朋友来我家。", "今天星期五。", "谢谢大家。",
    "你叫什么名字？", "爸爸开车去学校。", "我吃饭了。", "他没有钱。", "明天多云。",
]
STEPS = ("transcript", "sentence", "pose", "video")
# Most that 95 of 100 may take to the first video chunk, milliseconds.
TEXT_MS, SPEECH_MS = 250, 1000
# Sound of so many milliseconds goes into a message.
PIECE_MS = 40


class Session:
    """A session whose messages come from `queue`; notes when what came of each utterance."""

    def __init__(self, protos, address, config):
        self.pb, rpc = protos
        self.queue = queue.Queue()
        self.queue.put(self.pb.StreamingSignRequest(config=config))
        self.sent, self.seen, self.awaited, self.finished, self.started = {}, {}, {}, queue.Queue(), threading.Event()
        self.signed, self.phrases = set(), []
        channel = grpc.insecure_channel(address, options=[("grpc.max_receive_message_length", 64 << 20)])
        self.responses = rpc.SigningServiceStub(channel).StreamingSign(iter(self.queue.get, None))
        self.spoken = None
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()
        self.started.wait(60)

    def note(self, name, what):
        if name in self.sent:
            self.seen.setdefault(name, {}).setdefault(what, (time.monotonic() - self.sent[name]) * 1e3)

    def read(self):
        for response in self.responses:
            kind = response.WhichOneof("content")
            if kind == "session_started":
                self.started.set()
            elif kind == "transcript" and response.transcript.transcript.stable:
                name = response.transcript.utterance_id
                if self.spoken is not None and name not in self.sent:
                    self.sent[name] = self.spoken + response.transcript.transcript.end_flicks / FLICKS
                self.note(name, "transcript")
            elif kind == "sentence":
                self.note(response.sentence.utterance_id, "sentence")
            elif kind == "poses":
                self.arrived("pose", response.poses.frames[-1].time_flicks)
            elif kind == "video" and response.video.frames:
                self.arrived("video", response.video.time_flicks)
            elif kind == "event":
                name = self.pb.EventKind.Name(response.event.kind).removeprefix("EVENT_KIND_")
                if name == "UTTERANCE_STARTED":
                    self.awaited[response.event.utterance_id] = (response.event.time_flicks, {"pose", "video"})
                elif name == "UTTERANCE_FINISHED":
                    self.signed.add(response.event.utterance_id)
                    self.finished.put(response.event.utterance_id)
                elif name not in ("OMITTED", "FLUSHED"):
                    print(f"   {name} {response.event.message}")

    def arrived(self, what, flicks):
        for name, (due, left) in list(self.awaited.items()):
            if flicks >= due and what in left:
                self.note(name, what)
                left.discard(what)

    def end(self):
        self.queue.put(self.pb.StreamingSignRequest(end=self.pb.EndOfInput()))
        self.queue.put(None)
        self.thread.join(120)

    def clauses(self):
        """What is not a whole phrase: the names of utterances of which a phrase has several."""
        cut = set()
        for begin, end in self.phrases:
            within = [name for name in self.seen if begin < self.sent[name] <= end + 0.5]
            cut.update(within if len(within) > 1 else ())
        return cut

    def report(self, title, most):
        """What was measured; whether the video came in time."""
        print(title)
        cut = self.clauses()
        if cut:
            early = [self.seen[name]["video"] for name in cut if "video" in self.seen[name]]
            print(f"   {len(cut)} clauses of phrases that were signed before they ended: → video {percentiles(early)}")
        rows = [times for name, times in self.seen.items() if name not in cut]
        for step in STEPS:
            print(f"   → {step:10} {percentiles([times[step] for times in rows if step in times])}")
        steps = [step for step in STEPS if any(step in times for times in rows)]
        for before, after in zip(steps, steps[1:]):
            both = [times[after] - times[before] for times in rows if before in times and after in times]
            print(f"     {before} → {after:10} {percentiles(both)}")
        slowest = sorted(rows, key=lambda times: times.get("video", 0))[-3:]
        print("     slowest:", "; ".join(" ".join(f"{step} {times[step]:.0f}" for step in steps if step in times) for times in slowest))
        video = [times["video"] for times in rows if "video" in times]
        found = share(video, 95)
        holds = len(video) == len(rows) and found <= most
        print(f"   {'holds' if holds else 'DOES NOT HOLD'}: {len(video)} of {len(rows)} came, p95 {found:.0f} ms, at most {most} ms")
        return holds


def speak(session, pb, files, count):
    """Says files until `count` phrases were heard or each was said often enough. Silence follows each until it is signed:
    a phrase that waits for the one before it would measure the signer's lag."""
    session.spoken = time.monotonic()
    sent = 0

    def say(data, rate, width):
        nonlocal sent
        step = rate * PIECE_MS // 1000 * width
        for at in range(0, len(data), step):
            piece = data[at : at + step]
            sent += len(piece) // width
            time.sleep(max(0.0, session.spoken + sent / rate - time.monotonic()))
            session.queue.put(pb.StreamingSignRequest(audio=piece))

    for turn in range(10 * count):
        with wave.open(files[turn % len(files)], "rb") as file:
            rate, width = file.getframerate(), file.getsampwidth() * file.getnchannels()
            data = file.readframes(file.getnframes())
        begin = session.spoken + sent / rate
        session.phrases.append((begin, begin + len(data) / width / rate))
        say(data + bytes(width * (rate * 3 // 2)), rate, width)
        until = time.monotonic() + 15
        while time.monotonic() < until and not set(session.seen) <= session.signed:
            say(bytes(width * (rate // 5)), rate, width)
        if len(session.seen) >= count:
            return


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--roles", action="store_true")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--wav", action="append", default=[])
    parser.add_argument("--size", default="640x360")
    arguments = parser.parse_args()
    protos = load_protos()
    pb = protos[0]
    video_pb, speech_pb = (importlib.import_module(f"shouyu.v1.{name}_pb2") for name in ("video", "speech_service"))
    print(machine())
    server = serve(arguments.binary, arguments.roles)
    try:
        width, height = map(int, arguments.size.split("x"))
        config = pb.SigningConfig(
            outputs=[pb.OUTPUT_TRANSCRIPT, pb.OUTPUT_SENTENCE, pb.OUTPUT_POSE, pb.OUTPUT_VIDEO],
            video=video_pb.VideoConfig(width=width, height=height),
        )
        session = Session(protos, server.address, config)
        time.sleep(2)
        for index in range(arguments.count):
            name = f"t{index}"
            session.sent[name] = time.monotonic()
            text = TEXTS[index % len(TEXTS)]
            session.queue.put(pb.StreamingSignRequest(text=pb.TextInput(text=text, utterance_id=name)))
            session.finished.get(timeout=60)
            # Not in step with the frames.
            time.sleep(0.3 + 0.037 * (index % 11))
        session.end()
        where = "five processes" if arguments.roles else "one process"
        holds = session.report(f"text, {where}, {arguments.size}, {arguments.count} utterances:", TEXT_MS)
        if arguments.wav:
            with wave.open(arguments.wav[0], "rb") as file:
                rate, channels = file.getframerate(), file.getnchannels()
            config.audio.CopyFrom(
                speech_pb.AudioConfig(encoding="AUDIO_ENCODING_PCM_S16LE", sample_rate=rate, channels=channels)
            )
            session = Session(protos, server.address, config)
            speak(session, pb, arguments.wav, arguments.count)
            session.end()
            title = f"speech, from the end of the phrase, {where}, {arguments.size}, {len(session.seen)} phrases:"
            holds &= session.report(title, SPEECH_MS)
    finally:
        print("exit:", server.stop())
    sys.exit(not holds)


if __name__ == "__main__":
    main()
