"""What a received stream holds: frames, gaps, the offset of sound to picture, stretches that stand still."""

import json
import re
import socket
import statistics
import struct
import subprocess
import threading

# What did not hold.
wrong = []


def check(holds, what):
    """Says whether something holds, and remembers if it does not."""
    print(("ok    " if holds else "WRONG ") + what)
    if not holds:
        wrong.append(what)


def free_port(kind=socket.SOCK_DGRAM):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def packets(path, stream):
    """(time, duration) of each packet in seconds, in order of presentation."""
    found = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", stream, "-show_entries", "packet=pts,duration:stream=time_base", "-of", "json", path],
        capture_output=True, text=True, check=True)
    found = json.loads(found.stdout)
    if not found.get("streams"):
        return []
    above, below = map(int, found["streams"][0]["time_base"].split("/"))
    times = [(int(it["pts"]) * above / below, int(it.get("duration", 0)) * above / below) for it in found.get("packets", []) if "pts" in it]
    return sorted(times)


def still_stretches(path, seconds=2.0):
    """(start, duration) of stretches of at least so many seconds in which the picture does not move."""
    log = subprocess.run(
        ["ffmpeg", "-hide_banner", "-nostats", "-i", path, "-an", "-vf", f"freezedetect=n=0.0001:d={seconds}", "-f", "null", "-"],
        capture_output=True, text=True, check=True).stderr
    starts = [float(at) for at in re.findall(r"freeze_start: ([\d.]+)", log)]
    lengths = [float(span) for span in re.findall(r"freeze_duration: ([\d.]+)", log)]
    return list(zip(starts, lengths + [float("inf")] * (len(starts) - len(lengths))))


def stream(path, rate):
    """Figures of one recording. `rate` in frames a second."""
    video, sound = packets(path, "v:0"), packets(path, "a:0")
    step = 1.0 / rate
    gaps = [round(after[0] - before[0], 4) for before, after in zip(video, video[1:]) if abs(after[0] - before[0] - step) > 0.0015]
    breaks = [round(after[0] - before[0] - before[1], 4) for before, after in zip(sound, sound[1:]) if abs(after[0] - before[0] - 1024 / 48000) > 0.0015]
    figures = {"frames": len(video), "seconds": round(video[-1][0] - video[0][0] + step, 3) if video else 0, "gaps": gaps, "breaks in sound": breaks}
    if video and sound:
        # Sound against picture where both begin, and how far their clocks part until the end.
        figures["sound behind picture at the beginning, ms"] = round((sound[0][0] - video[0][0]) * 1e3, 1)
        of_video = video[-1][0] - video[0][0] - step * (len(video) - 1)
        of_sound = sound[-1][0] - sound[0][0] - 1024 / 48000 * (len(sound) - 1)
        figures["clocks part by, ms"] = round((of_sound - of_video) * 1e3, 2)
    figures["still stretches"] = still_stretches(path)
    return figures


class Arrivals(threading.Thread):
    """When each picture of MPEG-TS over UDP began to arrive, by the system's clock at the socket, against its own time."""

    STAMPS = 35  # SO_TIMESTAMPNS of Linux

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, self.STAMPS, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.socket.settimeout(0.5)
        self.socket.bind(("127.0.0.1", 0))
        self.port, self.found, self.stop = self.socket.getsockname()[1], [], threading.Event()
        self.start()

    def run(self):
        while not self.stop.is_set():
            try:
                data, told, _, _ = self.socket.recvmsg(65536, 64)
            except TimeoutError:
                continue
            seconds, nanos = next(struct.unpack("qq", value) for _, kind, value in told if kind == self.STAMPS)
            for at in range(0, len(data) - 187, 188):
                packet = data[at:at + 188]
                # The beginning of a picture; what lies between the header and it is adaptation.
                if packet[1] & 0x40 and (begin := 4 + (packet[4] + 1 if packet[3] & 0x20 else 0)) < 174 and packet[begin:begin + 4] == b"\0\0\1\xe0":
                    a, b, c, d, e = packet[begin + 9:begin + 14]
                    self.found.append((seconds + nanos / 1e9, ((a >> 1 & 7) << 30 | b << 22 | c >> 1 << 15 | d << 7 | e >> 1) / 90_000))

    def figures(self, rate):
        """Lateness against the middle one, milliseconds. The first two seconds, in which sockets open, are left out."""
        self.stop.set()
        self.join()
        late = [(came - time) * 1e3 for came, time in self.found[int(2 * rate):]]
        if not late:
            return {"pictures": 0}
        middle = statistics.median(late)
        late = sorted(it - middle for it in late)
        return {"pictures": len(late), "more than a frame late": sum(it > 1e3 / rate for it in late), "worst": round(late[-1], 1),
                "of 1,000 the latest": round(late[len(late) * 999 // 1000], 1), "earliest": round(late[0], 1)}


def events(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}\n")]
