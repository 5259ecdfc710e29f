#!/usr/bin/env python3
"""Uses the window of `shouyu demo --window` under Xvfb: a line is signed, keys give orders, and it closes.

    python3 window.py target/release/shouyu [--shots FOLDER]

Needs Xvfb, xdotool and ImageMagick's import; screenshots are left in FOLDER to be looked at. Exit status 0 if nothing was wrong.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time

import numpy

WIDTH, HEIGHT = 540, 720
wrong = []


def check(holds, what):
    print(("ok    " if holds else "WRONG ") + what)
    if not holds:
        wrong.append(what)


def free_display():
    return next(f":{number}" for number in range(90, 200) if not os.path.exists(f"/tmp/.X11-unix/X{number}"))


class Window:
    def __init__(self, display, shots):
        self.environment, self.shots, self.id = {**os.environ, "DISPLAY": display}, shots, None

    def run(self, *command):
        return subprocess.run(command, env=self.environment, capture_output=True, check=False)

    def find(self, seconds=120):
        until = time.time() + seconds
        while time.time() < until and self.id is None:
            found = self.run("xdotool", "search", "--name", "Shouyu").stdout.split()
            self.id = found[-1].decode() if found else None
            time.sleep(0.2)
        return self.id

    def press(self, key):
        # Without a window manager nobody else gives the focus.
        self.run("xdotool", "windowfocus", "--sync", self.id)
        self.run("xdotool", "key", key)

    def look(self, name=None):
        """The picture as [height, width, 3] numbers."""
        png = self.run("import", "-window", self.id, "png:-").stdout
        if name and self.shots:
            with open(os.path.join(self.shots, name + ".png"), "wb") as file:
                file.write(png)
        raw = subprocess.run(["convert", "png:-", "-depth", "8", "-resize", f"{WIDTH}x{HEIGHT}!", "rgb:-"], input=png, capture_output=True, check=True).stdout
        return numpy.frombuffer(raw, numpy.uint8).reshape(HEIGHT, WIDTH, 3).astype(int)

    def moves(self, seconds):
        """How much of the signing space changes, pixels, the median from look to look."""
        looks, until = [], time.time() + seconds
        while time.time() < until or len(looks) < 3:
            looks.append(self.look()[100:660, 150:])
        return float(numpy.median([(numpy.abs(after - before).max(axis=2) > 24).sum() for before, after in zip(looks, looks[1:])]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shouyu")
    parser.add_argument("--shots")
    options = parser.parse_args()
    if options.shots:
        os.makedirs(options.shots, exist_ok=True)
    display = free_display()
    server = subprocess.Popen(["Xvfb", display, "-screen", "0", "1280x900x24"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    running = None
    try:
        with tempfile.TemporaryDirectory() as runtime:
            window, until = Window(display, options.shots), time.time() + 60
            while window.run("xdotool", "getdisplaygeometry").returncode != 0 and time.time() < until:
                time.sleep(0.2)
            environment = {**window.environment, "XDG_RUNTIME_DIR": runtime, "SHOUYU_LOG": "error"}
            running = subprocess.Popen([options.shouyu, "demo", "--window"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True)
            check(window.find() is not None, "a window opens")
            until = time.time() + 60
            while time.time() < until and window.look().std() < 20:
                time.sleep(0.5)
            time.sleep(4)
            rest = window.look("window-rest")
            check(rest.std() > 20, "the signer is in it")
            # Keys: white letters on a dark plate, below the mark at the left, clear of the hands.
            keys, hands = rest[60:300, :130], rest[440:700, 150:400]
            check((keys.min(axis=2) > 200).sum() > 150 and (keys.max(axis=2) < 120).sum() > 1500, "what keys do can be read")
            check((hands.min(axis=2) > 240).sum() < 30, "nothing is written over the hands")
            idle = window.moves(3)
            running.stdin.write("北京今天有雪，冰壶比赛下午三点开始。请大家注意安全。\n" * 3)
            running.stdin.flush()
            time.sleep(1.5)
            signing = window.moves(3)
            window.look("window-signing")
            check(signing > 4 * idle + 500, f"it signs a line: {signing:.0f} pixels change from look to look, {idle:.0f} when it idles")
            window.press("space")
            time.sleep(2.5)
            held = window.moves(3)
            picture = window.look("window-held")
            check(held < signing / 4, f"space holds: {held:.0f} pixels change")
            check((picture[680:, :300].min(axis=2) > 200).sum() > 40, "and a message says so")
            window.press("space")
            time.sleep(2)
            again = window.moves(3)
            check(again > signing / 3, f"space goes on: {again:.0f} pixels change")
            window.press("s")
            window.press("r")
            time.sleep(1)
            window.look("window-orders")
            window.press("q")
            try:
                code = running.wait(20)
            except subprocess.TimeoutExpired:
                code = "it stays"
            check(code == 0, f"Q closes it: {code}")
            said = running.stderr.read()
            for line in said.splitlines():
                print(f"      {line[:140]}")
            check("skip" in said or "跳过" in said, "skipping is told")
    finally:
        for process in (running, server):
            if process and process.poll() is None:
                process.kill()
                process.wait()
    print("nothing was wrong" if not wrong else f"{len(wrong)} wrong: {wrong}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
