"""Starts `shouyu serve`, as one process or as five roles on loopback, and ends it. Ports are taken from the system."""

import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

PEERS = ("speech", "understanding", "motion", "render")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """One `shouyu serve`."""

    def __init__(self, binary, *arguments, wait=True, log=None):
        self.port, self.admin = free_port(), free_port()
        self.arguments = [str(binary), "serve", *arguments]
        self.log = log
        self.start(wait)

    def start(self, wait=True):
        command = [*self.arguments, "--listen", f"127.0.0.1:{self.port}", "--admin", f"127.0.0.1:{self.admin}"]
        out = open(self.log, "ab") if self.log else subprocess.DEVNULL
        self.process = subprocess.Popen(command, stderr=out, stdout=subprocess.DEVNULL)
        if wait:
            self.wait_until_ready()

    def ready(self):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.admin}/readyz", timeout=2)
            return True
        except (urllib.error.URLError, OSError):
            return False

    def wait_until_ready(self, secs=120):
        until = time.monotonic() + secs
        while not self.ready():
            if self.process.poll() is not None:
                sys.exit(f"{' '.join(self.arguments)}: ended with {self.process.returncode}")
            if time.monotonic() > until:
                sys.exit(f"{' '.join(self.arguments)}: not ready after {secs} s")
            time.sleep(0.1)

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def metrics(self):
        text = urllib.request.urlopen(f"http://127.0.0.1:{self.admin}/metrics", timeout=5).read().decode()
        rows = (line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#"))
        return {name: float(value) for name, value in rows}

    def rss_mb(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self, secs=60):
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(timeout=secs)


class Roles:
    """Five processes; clients call the gateway's."""

    def __init__(self, binary, log=None):
        self.running = {role: Process(binary, "--role", role, wait=False, log=log) for role in PEERS}
        peers = [word for role in PEERS for word in (f"--{role}", f"http://{self.running[role].address}")]
        self.running["gateway"] = Process(binary, "--role", "gateway", *peers, wait=False, log=log)
        for process in self.running.values():
            process.wait_until_ready()

    @property
    def address(self):
        return self.running["gateway"].address

    def stop(self):
        return {role: self.running[role].stop() for role in reversed(list(self.running))}


def serve(binary, five_roles, log=None, arguments=()):
    """One process or five, ready."""
    return Roles(binary, log) if five_roles else Process(binary, *arguments, log=log)


def machine():
    """What a figure was measured on, in a line."""
    load = os.getloadavg()[0]
    cores = os.cpu_count()
    note = " (loaded: figures are worse than an idle machine's)" if load > 0.5 * cores else ""
    return f"{cores} cores, load {load:.1f} before the start{note}"


def share(values, part):
    """The value below which `part` of the sorted values lie."""
    values = sorted(values)
    return values[max(0, min(len(values) - 1, -(-len(values) * part // 100) - 1))] if values else float("nan")


def percentiles(values):
    if not values:
        return "none"
    row = ", ".join(f"p{part} {share(values, part):.0f}" for part in (50, 95, 99))
    return f"{row}, most {max(values):.0f} ms, of {len(values)}"
