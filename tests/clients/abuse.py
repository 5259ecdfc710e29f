#!/usr/bin/env python3
"""Abusive clients beside a well-behaved one: what they are answered, what memory they cost, what the other notices.

    python3 abuse.py target/release/shouyu

One that never reads, one that sends garbage, one that opens a thousand streams, one that sends a message of 1 GB, one
that is silent. Needs grpcio, grpcio-tools and h2.
"""

import collections
import os
import socket
import struct
import sys
import threading
import time

import grpc
import h2.connection
import h2.config
import h2.events
import h2.exceptions

from roles import Process, machine
from sign import FLICKS, load_protos

GIGABYTE = 1 << 30


class Good(threading.Thread):
    """Signs on, and notes how evenly poses arrive."""

    def __init__(self, pb, rpc, address):
        super().__init__(daemon=True)
        self.pb, self.rpc, self.address = pb, rpc, address
        self.done, self.frames, self.gaps, self.longest, self.end = threading.Event(), 0, 0, 0.0, None
        self.signed = 0

    def messages(self):
        yield self.pb.StreamingSignRequest(config=self.pb.SigningConfig(outputs=[self.pb.OUTPUT_POSE]))
        while not self.done.is_set():
            yield self.pb.StreamingSignRequest(text=self.pb.TextInput(text="北京今天有雪。"))
            self.done.wait(4)

    def run(self):
        last, before = None, None
        try:
            with grpc.insecure_channel(self.address) as channel:
                for response in self.rpc.SigningServiceStub(channel).StreamingSign(self.messages()):
                    if response.WhichOneof("content") == "event":
                        self.signed += response.event.kind == 2
                    if response.WhichOneof("content") != "poses":
                        continue
                    now, time_flicks = time.monotonic(), response.poses.frames[-1].time_flicks
                    if last is not None:
                        self.longest = max(self.longest, now - last)
                        self.gaps += time_flicks - before != FLICKS // 25
                    last, before, self.frames = now, time_flicks, self.frames + 1
            self.end = "OK"
        except grpc.RpcError as error:
            self.end = f"{error.code().name} {error.details()}"


def begin(raw, server, method):
    """An HTTP/2 connection by hand, with a call begun on its first stream."""
    connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
    connection.initiate_connection()
    connection.send_headers(1, [
        (":method", "POST"), (":path", f"/shouyu.v1.SigningService/{method}"), (":scheme", "http"),
        (":authority", server.address), ("content-type", "application/grpc"), ("te", "trailers"),
    ])
    raw.sendall(connection.data_to_send())
    return connection


def ending(event):
    """How a call ended, if this says so."""
    if isinstance(event, (h2.events.ResponseReceived, h2.events.TrailersReceived)):
        headers = {key.decode(): value.decode() for key, value in event.headers}
        if "grpc-status" in headers:
            return f"grpc-status {headers['grpc-status']}: {headers.get('grpc-message', '')}"
    elif isinstance(event, h2.events.StreamReset):
        return f"reset {event.error_code}"
    return None


def never_reads(pb, rpc, server):
    """Asks for poses and does not read a byte for 30 seconds. (A gRPC library would read and keep them.)"""
    told, taken = None, 0
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as raw:
        # The system keeps little for it either.
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 14)
        connection = begin(raw, server, "StreamingSign")

        def send(**content):
            message = pb.StreamingSignRequest(**content).SerializeToString()
            connection.send_data(1, struct.pack(">BI", 0, len(message)) + message)
            raw.sendall(connection.data_to_send())

        send(config=pb.SigningConfig(outputs=[pb.OUTPUT_POSE]))
        for _ in range(30):
            send(text=pb.TextInput(text="北京今天有雪，冰壶比赛下午三点开始。"))
            time.sleep(1)
        # Now it looks: what had come before the server gave up, then why it did.
        while told is None:
            data = raw.recv(1 << 16)
            if not data:
                told = "closed"
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.DataReceived):
                    taken += len(event.data)
                    connection.acknowledge_received_data(event.flow_controlled_length, 1)
                told = told or ending(event)
            raw.sendall(connection.data_to_send())
    return f"{taken / 1e3:.0f} kB had waited for it, then {told}"


def garbage(pb, rpc, server):
    """Bytes that are no HTTP/2, HTTP/2 that is no gRPC, gRPC that is no message."""
    ends = collections.Counter()
    for index in range(60):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
            raw.settimeout(2)
            preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" if index % 2 else b""
            try:
                raw.sendall(preface + os.urandom(1 << 16))
                while raw.recv(1 << 16):
                    pass
                ends["closed"] += 1
            except TimeoutError:
                ends["left open"] += 1
            except OSError:
                ends["reset"] += 1
    codes = collections.Counter()
    with grpc.insecure_channel(server.address) as channel:
        call = channel.stream_stream("/shouyu.v1.SigningService/StreamingSign")
        for _ in range(60):
            try:
                for _ in call(iter([os.urandom(1000)]), timeout=20):
                    pass
                codes["OK"] += 1
            except grpc.RpcError as error:
                codes[error.code().name] += 1
    return f"raw bytes: {dict(ends)}; garbage messages: {dict(codes)}"


def thousand_streams(pb, rpc, server):
    """Sessions without end, on many connections."""
    codes, held, lock = collections.Counter(), [], threading.Lock()
    over = threading.Event()

    def one(channel):
        def messages():
            yield pb.StreamingSignRequest(config=pb.SigningConfig(outputs=[pb.OUTPUT_SENTENCE]))
            over.wait(60)

        try:
            responses = rpc.SigningServiceStub(channel).StreamingSign(messages(), timeout=90)
            next(responses)
            with lock:
                codes["begun"] += 1
                held.append(responses)
        except grpc.RpcError as error:
            with lock:
                codes[error.code().name] += 1

    # A channel of its own for each sixty, and not shared below.
    channels = [
        grpc.insecure_channel(server.address, options=[("grpc.use_local_subchannel_pool", 1), ("n", index)])
        for index in range(17)
    ]
    threads = [threading.Thread(target=one, args=(channels[index // 60],)) for index in range(1000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    over.set()
    for responses in held:
        responses.cancel()
    for channel in channels:
        channel.close()
    return str(dict(codes))


def big_message(pb, rpc, server):
    """A message that says it is 1 GB, and goes on coming as long as it is taken."""
    sent, told = 0, "nothing"
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        raw.settimeout(5)
        connection = begin(raw, server, "Sign")
        connection.send_data(1, struct.pack(">BI", 0, GIGABYTE))
        raw.sendall(connection.data_to_send())
        while sent < GIGABYTE and told == "nothing":
            room = min(connection.local_flow_control_window(1), connection.max_outbound_frame_size)
            if room > 0:
                connection.send_data(1, bytes(room))
                sent += room
                raw.sendall(connection.data_to_send())
                continue
            try:
                data = raw.recv(1 << 16)
            except OSError as error:
                told = f"no answer ({error})"
                break
            if not data:
                told = "closed"
            for event in connection.receive_data(data):
                told = (ending(event) or told) if told == "nothing" else told
            raw.sendall(connection.data_to_send())
    return f"{sent / 1e6:.1f} MB were taken, then: {told}"


def silent(pb, rpc, server):
    """Connections that say nothing, and streams that never send their first message."""
    raw = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(200)]
    over = threading.Event()

    def nothing():
        over.wait(60)
        yield from ()

    with grpc.insecure_channel(server.address) as channel:
        began = time.monotonic()
        try:
            next(rpc.SigningServiceStub(channel).StreamingSign(nothing(), timeout=60))
            told = "was answered"
        except grpc.RpcError as error:
            told = f"{error.code().name} after {time.monotonic() - began:.1f} s: {error.details()}"
        over.set()
    for connection in raw:
        connection.close()
    return f"200 silent connections; a stream without a message: {told}"


def main():
    pb, rpc = load_protos()
    print(machine())
    server = Process(sys.argv[1], "--set", "speech.enabled=false")
    good = Good(pb, rpc, server.address)
    good.start()
    time.sleep(3)
    print(f"memory with one good session: {server.rss_mb():.0f} MB")
    for abuse in (garbage, big_message, silent, thousand_streams, never_reads):
        most, over = [server.rss_mb()], threading.Event()

        def watch():
            while not over.wait(0.05):
                most.append(server.rss_mb())

        watcher = threading.Thread(target=watch)
        watcher.start()
        frames, gaps, signed, good.longest = good.frames, good.gaps, good.signed, 0.0
        began = time.monotonic()
        told = abuse(pb, rpc, server)
        secs = time.monotonic() - began
        over.set()
        watcher.join()
        print(f"{abuse.__name__}: {told}")
        print(
            f"   memory {most[0]:.0f} MB before, {max(most):.0f} at most, {server.rss_mb():.0f} after; the good session: "
            f"{good.frames - frames} frames in {secs:.1f} s, {good.gaps - gaps} gaps, longest pause {good.longest * 1e3:.0f} ms, "
            f"{good.signed - signed} utterances signed"
        )
    good.done.set()
    good.join(60)
    print(f"the good session ended {good.end}; exit {server.stop()}")


if __name__ == "__main__":
    main()
