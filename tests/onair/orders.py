#!/usr/bin/env python3
"""Gives an operator's orders to a broadcast over gRPC and looks what becomes of them.

    python3 orders.py target/release/shouyu [--size 640x360]

Holds, resumes, skips, repeats, replaces and loads a term pack while a script is signed; orders what can't be followed; says
whether each was answered and told, whether the picture went on, and what was signed. Needs grpcio, grpcio-tools and ffmpeg.
Exit status 0 if nothing was wrong.
"""

import argparse
import importlib
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import grpc
from grpc_tools import protoc

import measure
from measure import check, wrong

RATE = 25
SCRIPT = ["北京今天有雪。", "冰壶比赛下午三点开始。", "请大家注意安全。", "中国队获得第一名。", "我喜欢下雪。", "谢谢大家。"]
PACK = """name = "terms"
version = "0.2.0"
sign_language = "csl"
licence = "CC0-1.0"
provenance = "made by this test"
"""
SIGNS = """[[sign]]
id = "term_mascot"
headword = "墩墩熊"
senses = [{ zh = ["墩墩熊"], en = ["the bear"] }]
pos = "noun"
description = "一手五指张开，掌心向下，置于胸前。"
provenance = { kind = "recalled", confidence = 0.5 }
"""


def load_protos(folder):
    root = pathlib.Path(__file__).resolve().parents[2] / "proto"
    files = sorted(str(path) for path in (root / "shouyu/v1").glob("*.proto"))
    if protoc.main(["protoc", f"-I{root}", f"--python_out={folder}", f"--grpc_python_out={folder}", *files]) != 0:
        sys.exit("the protos could not be compiled")
    sys.path.insert(0, folder)
    return importlib.import_module("shouyu.v1.broadcast_service_pb2"), importlib.import_module("shouyu.v1.broadcast_service_pb2_grpc")


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shouyu")
    parser.add_argument("--size", default="640x360")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        messages, services = load_protos(os.path.join(folder))
        script, pack, out, log = (os.path.join(folder, name) for name in ("script.txt", "terms", "out.ts", "events.jsonl"))
        write(script, "\n".join(SCRIPT))
        write(os.path.join(pack, "pack.toml"), PACK)
        write(os.path.join(pack, "signs", "terms.toml"), SIGNS)
        port = measure.free_port()
        running = subprocess.Popen([options.shouyu, "live", "--file", script, "--size", options.size, "--rate", str(RATE), "--for", "60", "--out", out,
                                    "--events", log, "--control", f"127.0.0.1:{port}", "--no-spare"])
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            grpc.channel_ready_future(channel).result(60)
            desk = services.BroadcastServiceStub(channel)
            status = lambda: desk.GetStatus(messages.GetStatusRequest())

            def until(holds, seconds=60):
                end = time.monotonic() + seconds
                while time.monotonic() < end:
                    found = status()
                    if holds(found):
                        return found
                    time.sleep(0.04)
                return status()

            def refused(call, code, what):
                try:
                    call()
                    check(False, what)
                except grpc.RpcError as error:
                    check(error.code() == code, f"{what}: {error.code().name}: {error.details()}")

            found = until(lambda it: it.HasField("signing"))
            first = found.signing.text
            print("      " + desk.Hold(messages.HoldRequest()).message)
            refused(lambda: desk.Hold(messages.HoldRequest()), grpc.StatusCode.FAILED_PRECONDITION, "a second hold is refused")
            time.sleep(3)
            held = status()
            check(held.held and not held.HasField("signing"), "on hold nothing is signed")
            time.sleep(1)
            check(status().frames > held.frames, "on hold frames go on")
            print("      " + desk.Resume(messages.ResumeRequest()).message)
            again = until(lambda it: it.HasField("signing"))
            check(again.signing.text == first, f"what was broken off is signed again: {again.signing.text}")
            print("      " + desk.Skip(messages.SkipRequest()).message)
            after = until(lambda it: it.HasField("signing") and it.signing.text != first)
            check(after.signing.text != first, f"the next one follows a skip: {after.signing.text}")
            print("      " + desk.Repeat(messages.RepeatRequest()).message)
            print("      " + desk.LoadPack(messages.LoadPackRequest(folder=pack)).message)
            check("terms 0.2.0" in status().packs, f"packs: {list(status().packs)}")
            refused(lambda: desk.LoadPack(messages.LoadPackRequest(folder="/nowhere/at/all")), grpc.StatusCode.FAILED_PRECONDITION, "a missing pack is refused")
            print("      " + desk.Replace(messages.ReplaceRequest(text="墩墩熊。")).message)
            found = until(lambda it: it.HasField("signing") and "墩墩熊" in it.signing.text)
            check("墩墩熊" in found.signing.text, f"the replacement is signed: {found.signing.text}")
            refused(lambda: desk.Replace(messages.ReplaceRequest(text=" ")), grpc.StatusCode.INVALID_ARGUMENT, "an empty text is refused")
            refused(lambda: desk.Replace(messages.ReplaceRequest(text="a" * 2000)), grpc.StatusCode.INVALID_ARGUMENT, "a long text is refused")
        check(running.wait() == 0, "the broadcast ended well")
        told = [event for event in measure.events(log) if event["event"] == "operator"]
        for event in told:
            print(f"      {event['wall']:6.2f} s {event['order']} {event['outcome']} ({event['from']}): {event['message']}")
        outcomes = [(event["order"], event["outcome"]) for event in told]
        expected = [("hold", "followed"), ("hold", "refused"), ("resume", "followed"), ("skip", "followed"), ("repeat", "followed"), ("load_pack", "followed"),
                    ("load_pack", "refused"), ("replace", "followed")]
        check(outcomes == expected, "each order is told, in order")
        figures = measure.stream(out, RATE)
        check(figures["frames"] == 60 * RATE and not figures["gaps"], f"{figures['frames']} frames without a gap")
        check(not figures["still stretches"], f"no still stretch: {figures['still stretches']}")
        signed = [event["text"] for event in measure.events(log) if event["event"] == "signing"]
        print(f"      signed: {signed}")
    print("nothing was wrong" if not wrong else f"{len(wrong)} wrong: {wrong}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
