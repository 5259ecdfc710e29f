"""What the scripts of this folder share: sound from files, `SpeechService` of a server they start, times in milliseconds."""

import importlib
import pathlib
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "clients"))

import grpc
from sign import load_protos

FLICKS_MS = 705_600
RATE = 16_000
# Bytes of 100 ms of 16-bit mono.
PIECE = RATE // 10 * 2


def protos():
    """The module with the messages of `SpeechService` and the one with its stub."""
    load_protos()
    names = ("shouyu.v1.speech_service_pb2", "shouyu.v1.speech_service_pb2_grpc")
    return tuple(importlib.import_module(name) for name in names)


def pcm(path):
    """A file's sound as 16 kHz mono, 16 bit."""
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(path), "-ac", "1", "-ar", str(RATE), "-f", "s16le", "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def silence(secs):
    return bytes(round(secs * RATE) * 2)


def said(folder):
    """The files of a folder with transcripts.tsv, each with what is said in it."""
    lines = (pathlib.Path(folder) / "transcripts.tsv").read_text().splitlines()
    return [(pathlib.Path(folder) / name, text) for name, text in (line.split("\t", 1) for line in lines if "\t" in line)]


class Stream(threading.Thread):
    """A stream of recognition on a connection of its own; `sound` is bytes, or pieces of them. `spans` has (start ms, end ms, text, stable, ms since the start)."""

    def __init__(self, modules, address, sound, at_pace=True, language="zh"):
        super().__init__(daemon=True)
        self.pb, self.rpc = modules
        self.sound, self.at_pace, self.language = sound, at_pace, language
        # On a shared connection the stream beyond the connection's limit would wait instead of being refused.
        self.channel = grpc.insecure_channel(address, options=[("grpc.use_local_subchannel_pool", 1)])
        self.spans, self.error, self.sent_secs, self.ended_secs = [], None, 0.0, None

    def messages(self):
        config = self.pb.AudioConfig(sample_rate=RATE, language=self.language)
        yield self.pb.StreamingRecognizeRequest(config=config)
        whole = isinstance(self.sound, bytes)
        for piece in (self.sound[at : at + PIECE] for at in range(0, len(self.sound), PIECE)) if whole else self.sound:
            self.sent_secs += len(piece) / 2 / RATE
            if self.at_pace:
                time.sleep(max(0.0, self.began + self.sent_secs - time.monotonic()))
            yield self.pb.StreamingRecognizeRequest(audio=piece)

    def run(self):
        self.began = time.monotonic()
        try:
            for response in self.rpc.SpeechServiceStub(self.channel).StreamingRecognize(self.messages()):
                it = response.transcript
                now = (time.monotonic() - self.began) * 1e3
                self.spans.append((it.start_flicks / FLICKS_MS, it.end_flicks / FLICKS_MS, it.text, it.stable, now))
        except grpc.RpcError as error:
            self.error = error
        self.ended_secs = time.monotonic() - self.began
        self.channel.close()

    def stable(self):
        return [span for span in self.spans if span[3]]

    def delays(self):
        """For each stable span, milliseconds from its last sound to its arrival."""
        return [now - end for _, end, _, _, now in self.stable()]
