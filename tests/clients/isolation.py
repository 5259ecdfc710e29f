#!/usr/bin/env python3
"""Two live sessions with different text at once, many times: not one message of the other may come.

    python3 isolation.py target/release/shouyu [--roles] [--count 200]

Each session has a text, a name and a seed of its own, drawn anew each time. All sentences must be of the own text
and all names own ones, and the motion of the two must differ.
"""

import argparse
import random
import threading

import grpc

from roles import machine, serve
from sign import load_protos

WHO = ["我", "你", "他", "老师", "学生", "医生", "妈妈", "爸爸", "朋友", "警察"]
WHAT = ["去北京", "喜欢下雪", "买苹果", "看比赛", "吃饭", "来学校", "找医院", "坐火车", "写名字", "喝水"]


def run(protos, address, text, name, seed, out):
    """All that one session got."""
    pb, rpc = protos

    def messages():
        outputs = [pb.OUTPUT_TRANSCRIPT, pb.OUTPUT_SENTENCE, pb.OUTPUT_POSE]
        yield pb.StreamingSignRequest(config=pb.SigningConfig(outputs=outputs, seed=seed))
        yield pb.StreamingSignRequest(text=pb.TextInput(text=text, utterance_id=name))
        yield pb.StreamingSignRequest(end=pb.EndOfInput())

    with grpc.insecure_channel(address) as channel:
        out[name] = list(rpc.SigningServiceStub(channel).StreamingSign(messages(), timeout=120))


def signed(responses):
    """The poses from the first frame of the first sign on: what is before depends on when the text came."""
    poses, begun = [], False
    for response in responses:
        kind = response.WhichOneof("content")
        if kind == "event" and response.event.kind == 1:
            begun = True
        elif kind == "poses" and begun:
            poses += [tuple(frame.rotations[16 * 4 : 16 * 4 + 8]) for frame in response.poses.frames]
    return poses


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--roles", action="store_true")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--at-once", type=int, default=4, help="pairs at once")
    arguments = parser.parse_args()
    protos = load_protos()
    print(machine())
    server = serve(arguments.binary, arguments.roles)
    draw, crossed, messages, pairs, differ = random.Random(7), 0, 0, 0, 0
    try:
        while pairs < arguments.count:
            batch = []
            for pair in range(pairs, min(pairs + arguments.at_once, arguments.count)):
                texts = draw.sample([who + what + "。" for who in WHO for what in WHAT], 2)
                batch += [(text, f"p{pair}-{side}", draw.randrange(1 << 30)) for side, text in enumerate(texts)]
            out = {}
            threads = [
                threading.Thread(target=run, args=(protos, server.address, text, name, seed, out))
                for text, name, seed in batch
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            for text, name, _ in batch:
                for response in out[name]:
                    messages += 1
                    kind = response.WhichOneof("content")
                    if kind == "transcript":
                        crossed += response.transcript.utterance_id != name or response.transcript.transcript.text != text
                    elif kind == "sentence":
                        crossed += response.sentence.utterance_id != name or response.sentence.sentence.source.text != text
                    elif kind == "event":
                        crossed += response.event.utterance_id not in ("", name)
                ends = [r.event.kind for r in out[name] if r.WhichOneof("content") == "event"]
                crossed += 1 not in ends or 2 not in ends
            for (first, a, _), (second, b, _) in zip(batch[::2], batch[1::2]):
                differ += signed(out[a]) != signed(out[b])
            pairs += len(batch) // 2
        print(f"{pairs} pairs, {messages} messages, {crossed} of another session or missing; {differ} pairs moved differently")
    finally:
        print("exit:", server.stop())
    raise SystemExit(crossed > 0 or differ < pairs)


if __name__ == "__main__":
    main()
