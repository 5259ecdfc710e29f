#!/usr/bin/env python3
"""Orders to a live session over gRPC: flush, interrupt, replace what waits, what is under way, what was signed, what nobody
said, and what was heard; and input that is wrong.

    python3 orders.py target/release/shouyu [--roles] [--wav a.wav] [--size 640x360]

Says what each order did and how long it took until the hands did something else, and looks at the stream around it: poses
and pictures at a constant rate, every utterance between its start and its finish. With --wav that file is said, and the
utterance that the server made of it is corrected. Exit status 1 if something does not hold.
"""

import argparse
import importlib
import pathlib
import queue
import sys
import tempfile
import threading
import time
import wave

import grpc

import sign
from roles import machine, serve
from sign import FLICKS, load_protos, sound

LONG = "昨天下午三点，老师和学生坐火车去北京看冰壶比赛。"


class Session:
    """A session whose messages go by `say`; keeps all that comes, and when."""

    def __init__(self, protos, address, config, video):
        self.pb, rpc = protos
        self.queue, self.changed = queue.Queue(), threading.Condition()
        self.queue.put(self.pb.StreamingSignRequest(config=config))
        self.events, self.sentences, self.transcripts, self.poses, self.failed = [], [], [], [], None
        self.video = open(video, "wb")
        channel = grpc.insecure_channel(address, options=[("grpc.max_receive_message_length", 64 << 20)])
        self.responses = rpc.SigningServiceStub(channel).StreamingSign(iter(self.queue.get, None))
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        try:
            for response in self.responses:
                kind = response.WhichOneof("content")
                with self.changed:
                    if kind == "event":
                        event = response.event
                        name = self.pb.EventKind.Name(event.kind).removeprefix("EVENT_KIND_")
                        self.events.append((name, event.utterance_id, event.time_flicks / FLICKS, event.message))
                        self.heard(self.events[-1])
                    elif kind == "sentence":
                        self.sentences.append((response.sentence.utterance_id, response.sentence.sentence))
                    elif kind == "transcript":
                        self.transcripts.append((response.transcript.utterance_id, response.transcript.transcript))
                    elif kind == "poses":
                        self.poses.extend(frame.time_flicks for frame in response.poses.frames)
                    elif kind == "video":
                        self.video.write(response.video.data)
                    self.changed.notify_all()
        except grpc.RpcError as error:
            self.failed = error
        with self.changed:
            self.changed.notify_all()

    def heard(self, event):
        """Called with each event when it comes."""

    def put(self, **content):
        self.queue.put(self.pb.StreamingSignRequest(**content))

    def say(self, text, name):
        self.put(text=self.pb.TextInput(text=text, utterance_id=name))

    def replace(self, name, text):
        self.put(replace=self.pb.ReplaceInput(utterance_id=name, text=text))

    def event(self, kind, name=None, since=0, secs=40):
        """The first such event among those from number `since` on; `None` if it doesn't come."""
        found = lambda: next((it for it in self.events[since:] if it[0] == kind and name in (None, it[1])), None)
        with self.changed:
            self.changed.wait_for(lambda: found() or self.failed, secs)
            return found()

    def glosses(self, name, since=0):
        """Of each of its sentences from number `since` on."""
        return [[token.gloss for token in sentence.tokens] for of, sentence in self.sentences[since:] if of == name]

    def end(self):
        self.put(end=self.pb.EndOfInput())
        self.queue.put(None)
        self.thread.join(120)
        self.video.close()


class Check:
    """Says what holds, and remembers what does not."""

    def __init__(self):
        self.wrong = []

    def __call__(self, holds, what):
        print(f"   {'holds' if holds else 'DOES NOT HOLD'}: {what}")
        if not holds:
            self.wrong.append(what)


def flush(session, check):
    print("flush")
    session.say("你好。", "f0")
    session.say("我去北京。", "f1")
    session.put(flush=session.pb.FlushInput())
    done, last = session.event("FLUSHED"), session.event("UTTERANCE_FINISHED", "f1")
    check(done and last and done[2] >= last[2], f"FLUSHED comes when the last one is signed, {done[2] - last[2]:.2f} s after it")


def interrupt(session, check):
    print("interrupt")
    for index in range(4):
        session.say(LONG, f"i{index}")
    session.event("UTTERANCE_STARTED", "i0")
    time.sleep(1)
    since = len(session.events)
    sent = time.monotonic()
    session.put(interrupt=session.pb.InterruptInput())
    session.say("大家好。", "after")
    told = session.event("INTERRUPTED", since=since)
    next_one = session.event("UTTERANCE_STARTED", "after", since)
    secs = time.monotonic() - sent
    check(told and all(f"i{index}" in told[3] for index in range(4)), f"INTERRUPTED names what it drops: {told and told[3]}")
    check(next_one is not None and secs < 3, f"what is said next begins {secs:.2f} s after the order")
    session.event("UTTERANCE_FINISHED", "after", since)
    signed = [it[1] for it in session.events[since:] if it[0].startswith("UTTERANCE")]
    check(signed == ["after", "after"], f"nothing that was dropped is begun or finished: {signed}")


def replace_waiting(session, check):
    print("replace what waits")
    since, said = len(session.events), len(session.sentences)
    session.say(LONG, "w0")
    session.say("他喜欢下雪。", "w1")
    session.event("UTTERANCE_STARTED", "w0", since)
    session.replace("w1", "我去学校。")
    session.event("UTTERANCE_FINISHED", "w1", since)
    found = session.glosses("w1", said)
    check(len(found) == 2 and "学校" in found[1] and "错" not in found[1], f"signed as corrected, without 错: {found}")
    names = [it[1] for it in session.events[since:] if it[0].startswith("UTTERANCE")]
    check(names == ["w0", "w0", "w1", "w1"], f"each once, in order: {names}")


def replace_under_way(session, check):
    print("replace what is under way")
    since, said = len(session.events), len(session.sentences)
    session.say(LONG, "r0")
    begun = session.event("UTTERANCE_STARTED", "r0", since)
    time.sleep(1.5)
    session.replace("r0", "他喜欢下雪。")
    over = session.event("UTTERANCE_FINISHED", "r0", since)
    found = session.glosses("r0", said)
    check(found and found[-1][:1] == ["错"] and "喜欢" in found[-1], f"the correction is signed after 错: {found[-1:]}")
    check(over is not None and over[2] - begun[2] < 8, f"from its start to the end of the repair {over[2] - begun[2]:.1f} s")
    return over[2] - begun[2]


def replace_signed(session, check):
    print("replace what was signed")
    since = len(session.events)
    session.replace("f1", "我去上海。")
    begun, over = session.event("UTTERANCE_STARTED", "f1", since), session.event("UTTERANCE_FINISHED", "f1", since)
    found = session.glosses("f1")
    check(begun and over and found[-1][:1] == ["错"], f"it starts and finishes once more: {found[-1:]}")


def wrong_input(session, check):
    print("what is wrong")
    for what, send in (
        ("an utterance that nobody said", lambda: session.replace("nobody", "你好。")),
        ("a second configuration", lambda: session.put(config=session.pb.SigningConfig())),
        ("a message without content", lambda: session.put()),
        ("a text of 10,001 characters", lambda: session.say("好" * 10_001, "long")),
        ("a name of 65 characters", lambda: session.say("你好。", "n" * 65)),
    ):
        since = len(session.events)
        send()
        told = session.event("WARNING", since=since, secs=10)
        check(told is not None, f"{what}: {told and told[3]}")


def replace_heard(session, check, wav):
    print("replace what was heard")
    since, heard = len(session.events), len(session.transcripts)
    for piece in sound(wav, lambda _: None):
        session.put(audio=piece)
    with wave.open(wav, "rb") as file:
        session.put(audio=bytes(2 * file.getnchannels() * file.getframerate()))
    begun = session.event("UTTERANCE_STARTED", since=since)
    stable = [(name, it.text) for name, it in session.transcripts[heard:] if it.stable]
    check(begun is not None and bool(stable), f"heard as {stable}")
    name = begun[1]
    session.replace(name, "他喜欢下雪。")
    over = session.event("UTTERANCE_FINISHED", name, since)
    found = session.glosses(name)
    check(over is not None and found[-1][:1] == ["错"], f"{name} is repaired: {found[-1:]}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--roles", action="store_true")
    parser.add_argument("--wav")
    parser.add_argument("--size", default="640x360")
    arguments = parser.parse_args()
    protos = load_protos()
    pb = protos[0]
    video_pb, speech_pb = (importlib.import_module(f"shouyu.v1.{name}_pb2") for name in ("video", "speech_service"))
    width, height = map(int, arguments.size.split("x"))
    config = pb.SigningConfig(
        outputs=[pb.OUTPUT_TRANSCRIPT, pb.OUTPUT_SENTENCE, pb.OUTPUT_POSE, pb.OUTPUT_VIDEO],
        video=video_pb.VideoConfig(width=width, height=height),
    )
    if arguments.wav:
        with wave.open(arguments.wav, "rb") as file:
            rate, channels = file.getframerate(), file.getnchannels()
        config.audio.CopyFrom(
            speech_pb.AudioConfig(encoding="AUDIO_ENCODING_PCM_S16LE", sample_rate=rate, channels=channels)
        )
    print(machine())
    server, check = serve(arguments.binary, arguments.roles), Check()
    video = pathlib.Path(tempfile.mkdtemp(prefix="shouyu-orders-")) / "orders.mp4"
    try:
        session = Session(protos, server.address, config, video)
        for step in (flush, interrupt, replace_waiting, replace_under_way, replace_signed, wrong_input):
            step(session, check)
        if arguments.wav:
            replace_heard(session, check, arguments.wav)
        session.end()
        check(session.failed is None, f"the stream ends well: {session.failed}")
        steps = {b - a for a, b in zip(session.poses, session.poses[1:])}
        check(steps == {FLICKS // 25}, f"{len(session.poses)} poses at a constant rate")
        check(sign.check(str(video)), f"the video is whole: {video.stat().st_size} bytes")
    finally:
        print("exit:", server.stop())
    print("nothing was wrong" if not check.wrong else "does not hold: " + "; ".join(check.wrong))
    sys.exit(bool(check.wrong))


if __name__ == "__main__":
    main()
