#!/usr/bin/env python3
"""Speaks to `shouyu serve`, receives its OpenTelemetry traces on loopback, prints them as a tree and says whether they are whole.

    python3 trace.py target/release/shouyu [--wav speech.wav] [--roles] [--out spans.json]

One trace must show speech → understanding (which leg, and why) → motion → render → encode, each stage beginning where the one
before it has its result, and carry the trace id that the client sent. With --roles five processes make one trace. Needs
grpcio, grpcio-tools and opentelemetry-proto. Exit status 0 if nothing was wrong.
"""

import argparse
import collections
import concurrent.futures
import importlib
import json
import os
import pathlib
import secrets
import sys
import threading
import time
import wave

import grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc

from roles import machine, serve
from sign import load_protos, sound

SAID = pathlib.Path(__file__).resolve().parents[2] / "models/speech/tests/fixtures/said/hospital.wav"
STAGES = ("speech", "understanding", "motion", "render", "encode")
wrong = []


def check(holds, what):
    print(("ok    " if holds else "WRONG ") + what)
    if not holds:
        wrong.append(what)


def plain(value):
    kind = value.WhichOneof("value")
    return getattr(value, kind) if kind else None


class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    """Keeps what is exported to it; listens on loopback alone."""

    def __init__(self):
        self.spans, self.lock = [], threading.Lock()
        self.server = grpc.server(concurrent.futures.ThreadPoolExecutor(2))
        trace_service_pb2_grpc.add_TraceServiceServicer_to_server(self, self.server)
        self.address = f"http://127.0.0.1:{self.server.add_insecure_port('127.0.0.1:0')}"
        self.server.start()

    def Export(self, request, context):
        with self.lock:
            for resource in request.resource_spans:
                of = {it.key: plain(it.value) for it in resource.resource.attributes}
                for span in (span for scope in resource.scope_spans for span in scope.spans):
                    self.spans.append({
                        "name": span.name, "trace": span.trace_id.hex(), "id": span.span_id.hex(), "parent": span.parent_span_id.hex(),
                        "start": span.start_time_unix_nano, "end": span.end_time_unix_nano, "process": of.get("process.pid"),
                        "attributes": {it.key: plain(it.value) for it in span.attributes},
                        "events": [{"name": it.name, "time": it.time_unix_nano, "attributes": {a.key: plain(a.value) for a in it.attributes}} for it in span.events],
                    })
        return trace_service_pb2.ExportTraceServiceResponse()


def speak(pb, rpc, address, path, traceparent):
    """A session that hears a file as fast as it sounds; gives what it was told."""
    video_pb, speech_pb = (importlib.import_module(f"shouyu.v1.{name}_pb2") for name in ("video", "speech_service"))
    with wave.open(path, "rb") as file:
        audio = speech_pb.AudioConfig(encoding="AUDIO_ENCODING_PCM_S16LE", sample_rate=file.getframerate(), channels=file.getnchannels(), language="zh")
    config = pb.SigningConfig(outputs=[pb.OUTPUT_SENTENCE, pb.OUTPUT_VIDEO], audio=audio, video=video_pb.VideoConfig(width=320, height=240))

    def messages():
        yield pb.StreamingSignRequest(config=config)
        for piece in sound(path, lambda _: None):
            yield pb.StreamingSignRequest(audio=piece)
        yield pb.StreamingSignRequest(end=pb.EndOfInput())

    channel = grpc.insecure_channel(address, options=[("grpc.max_receive_message_length", 64 << 20)])
    kinds = collections.Counter()
    for response in rpc.SigningServiceStub(channel).StreamingSign(messages(), metadata=[("traceparent", traceparent)]):
        kinds[response.WhichOneof("content")] += 1
    channel.close()
    return kinds


def show(spans, parent, began, depth=0):
    children = [span for span in spans if span["parent"] == parent]
    for span in sorted(children, key=lambda span: span["start"]):
        took, at = (span["end"] - span["start"]) / 1e6, (span["start"] - began) / 1e6
        notes = {key: value for key, value in span["attributes"].items() if key not in ("trace", "level", "target", "key") and not key.startswith(("code.", "thread."))}
        print(f"{at:9.1f} ms {'  ' * depth}{span['name']} {took:.1f} ms {notes} (process {span['process']})")
        for event in span["events"]:
            told = {key: value for key, value in event["attributes"].items() if key not in ("level", "target", "utterance") and not key.startswith("code.")}
            print(f"{(event['time'] - began) / 1e6:9.1f} ms {'  ' * depth}  · {event['name']} {told}")
        show(spans, span["id"], began, depth + 1)


def judge(spans, caller):
    ids = {span["id"] for span in spans}
    roots = [span for span in spans if span["parent"] not in ids]
    check(len({span["trace"] for span in spans}) == 1, f"{len(spans)} spans are of one trace")
    check({span["parent"] for span in roots} == {caller}, "each span hangs on another, the topmost on the caller's")
    named = lambda name: sorted((span for span in spans if span["name"] == name), key=lambda span: span["start"])
    for name in STAGES:
        check(bool(named(name)), f"{name} is there: {len(named(name))}")
    if wrong:
        return
    told = [event for span in named("understanding") for event in span["events"] if "leg" in event["attributes"]]
    for event in told:
        print(f"      leg: {event['attributes']['leg']}; why: {event['attributes']['why']}")
    check(bool(told) and all(event["attributes"]["why"] for event in told), "understanding says which leg, and why")
    first = {name: next(span for span in named(name) if name in ("render", "encode") or span["attributes"].get("utterance") == "a1") for name in STAGES}
    for before, after in zip(STAGES, STAGES[1:]):
        check(first[after]["start"] >= first[before]["start"], f"{after} begins after {before} has")
    check(first["speech"]["attributes"]["text"] != "", f"speech says what was heard: {first['speech']['attributes']['text']}")
    check(any("last sound" in event["name"] for event in first["speech"]["events"]), "speech says when the phrase ended")
    check(first["understanding"]["start"] >= first["speech"]["end"] - 1_000_000, "understanding begins when the phrase was heard")
    check(first["render"]["start"] >= first["motion"]["end"] - 1_000_000, "render begins with the first sign's pose")
    phrase = next(event["time"] for event in first["speech"]["events"] if "last sound" in event["name"])
    print(f"      end of phrase → first picture of its first sign encoded: {(first['encode']['end'] - phrase) / 1e6:.0f} ms")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--wav", default=str(SAID))
    parser.add_argument("--roles", action="store_true", help="five processes instead of one")
    parser.add_argument("--out", help="a file for the spans, as JSON")
    options = parser.parse_args()
    pb, rpc = load_protos()
    print(machine())
    collector = Collector()
    os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.address
    server = serve(options.binary, options.roles)
    trace, caller = secrets.token_hex(16), secrets.token_hex(8)
    try:
        kinds = speak(pb, rpc, server.address, options.wav, f"00-{trace}-{caller}-01")
        print(f"      told: {dict(kinds)}")
    finally:
        # What waits to be exported is sent when a process ends.
        print("exit:", server.stop())
    time.sleep(0.5)
    spans = [span for span in collector.spans if span["trace"] == trace]
    if options.out:
        pathlib.Path(options.out).write_text(json.dumps(spans, ensure_ascii=False, indent=1), encoding="utf-8")
    check(bool(spans), f"the caller's trace came: {len(spans)} of {len(collector.spans)} spans are its")
    if spans:
        show(spans, caller, min(span["start"] for span in spans))
        judge(spans, caller)
    collector.server.stop(None)
    print("nothing was wrong" if not wrong else f"{len(wrong)} wrong: {wrong}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
