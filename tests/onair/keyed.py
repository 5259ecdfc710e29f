#!/usr/bin/env python3
"""Broadcasts fill and key, keys them over bars (a straight fill with ffmpeg's alphamerge), and looks for fringes along the signer's edge.

    python3 keyed.py target/release/shouyu

A fringe is a pixel along the edge that is darker or lighter than all that it may be mixed of: the bars there, and the
signer's own pixels around it. Both fills are tried, straight and premultiplied. Needs numpy and ffmpeg.
Exit status 0 if nothing was wrong.
"""

import os
import subprocess
import sys
import tempfile

import numpy

import measure
from measure import check, wrong

WIDTH, HEIGHT, RATE = 640, 480, 25
TEXT = "今天北京下雪。冰壶比赛下午三点开始。"
# What 4:2:0 and the encoder may do to a pixel: of 255, mean and worst.
TOLERANCE = 40


def frames(inputs, graph, pixel, channels):
    command = ["ffmpeg", "-v", "error", "-nostdin", *inputs, *(["-filter_complex", graph] if graph else []), "-vsync", "passthrough", "-f", "rawvideo", "-pix_fmt", pixel, "-"]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    return numpy.frombuffer(raw, numpy.uint8).reshape(-1, HEIGHT, WIDTH, channels).astype(numpy.int16)


def around(picture, reach, fold):
    """The least or greatest value of each pixel's neighbours."""
    out = picture.copy()
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            out = fold(out, numpy.roll(picture, (dy, dx), (0, 1)))
    return out


def main():
    shouyu = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        text = os.path.join(folder, "text.txt")
        with open(text, "w", encoding="utf-8") as file:
            file.write(TEXT)
        for kind in ("straight", "premultiplied"):
            print(f"# {kind}")
            fill, key = (os.path.join(folder, f"{kind}.{part}.ts") for part in ("fill", "key"))
            subprocess.run([shouyu, "live", "--file", text, "--for", "7", "--size", f"{WIDTH}x{HEIGHT}", "--rate", str(RATE), "--no-spare", "--background", "key",
                            "--fill", kind, "--out", fill, "--key-out", key, "--events", os.path.join(folder, "events")], check=True)
            times = measure.packets(fill, "v:0")
            check(len(times) == 7 * RATE and times == measure.packets(key, "v:0"), f"fill and key have equal timestamps on all {len(times)} frames")
            bars = f"smptehdbars=s={WIDTH}x{HEIGHT}:r={RATE}:d=7,format=gbrp"
            behind = frames(["-f", "lavfi", "-i", bars], None, "rgb24", 3)[0]
            signer = frames(["-i", fill], None, "rgb24", 3)
            mask = frames(["-i", key], None, "gray", 1)
            if kind == "straight":
                # The times of a recording begin where its container puts them: frames are paired by number.
                number = f"setpts=N/{RATE}/TB"
                merge = f"[0:v]{number},format=gbrp[f];[1:v]{number},format=gray[k];[2:v]{number}[b];[f][k]alphamerge[s];[b][s]overlay=format=gbrp"
                mixed = frames(["-i", fill, "-i", key, "-f", "lavfi", "-i", bars], merge, "rgb24", 3)
            else:
                # What a mixer adds; ffmpeg's overlay takes premultiplied RGB for limited range.
                mixed = numpy.minimum(signer + behind * (255 - mask.astype(numpy.int32)) // 255, 255).astype(numpy.int16)
            worst, edge_pixels, fringe_pixels = 0, 0, 0
            # From the third second on there is no mark, which is meant to be half transparent.
            for number in range(3 * RATE, len(mixed), 5):
                alpha = mask[number][..., 0]
                solid = (alpha >= 250)[..., None]
                edge = (alpha > 5) & (alpha < 250)
                low = numpy.minimum(around(numpy.where(solid, signer[number], 999), 3, numpy.minimum), around(behind, 1, numpy.minimum))
                high = numpy.maximum(around(numpy.where(solid, signer[number], -999), 3, numpy.maximum), around(behind, 1, numpy.maximum))
                beyond = numpy.maximum(low - mixed[number], mixed[number] - high).max(axis=2)[edge]
                edge_pixels += beyond.size
                fringe_pixels += int((beyond > TOLERANCE).sum())
                worst = max(worst, int(beyond.max(initial=0)))
            print(f"      {edge_pixels} pixels along edges; beyond what they may be mixed of: worst {worst} of 255, more than {TOLERANCE}: {fringe_pixels}")
            check(edge_pixels > 1000, "there are edges to look at")
            check(fringe_pixels <= edge_pixels // 1000, "no fringe")
            inside = (mask[-1][..., 0] >= 250)
            check(bool(inside.any()) and numpy.abs(mixed[-1][inside] - signer[-1][inside]).mean() < 3, "inside, the picture is the fill")
            outside = (mask[-1][..., 0] <= 1)
            check(numpy.abs(mixed[-1][outside] - behind[outside]).mean() < 3, "outside, it is the bars")
            if len(sys.argv) > 2:
                keep = os.path.join(sys.argv[2], f"over_bars.{kind}.png")
                subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-i", "-", keep],
                               input=mixed[4 * RATE].astype(numpy.uint8).tobytes(), check=True)
    print("nothing was wrong" if not wrong else f"{len(wrong)} wrong: {wrong}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
