"""Opens exported poses with readers that others wrote: `pose-format` for .pose, `bvh` for .bvh.

    python -m venv venv && venv/bin/pip install pose-format bvh
    shouyu sign "你好。谢谢你。" -o x.mp4 --fps 25 --pose x.pose      # and again with x.bvh
    venv/bin/python tests/exports/check.py --fps 25 --frames 92 x.pose x.bvh

`--frames` is the number that `shouyu sign` reports. Ends with status 1 at the first thing that is wrong.
"""

import argparse
import pathlib
import sys

# The field's holistic layout: component, points.
LAYOUT = [
    ("POSE_LANDMARKS", 33),
    ("FACE_LANDMARKS", 478),
    ("LEFT_HAND_LANDMARKS", 21),
    ("RIGHT_HAND_LANDMARKS", 21),
    ("POSE_WORLD_LANDMARKS", 33),
]


def must(holds, what):
    if not holds:
        sys.exit(f"wrong: {what}")


def check_pose(path, fps, frames):
    import numpy
    from pose_format import Pose

    pose = Pose.read(path.read_bytes())
    found = [(component.name, len(component.points)) for component in pose.header.components]
    must(found == LAYOUT, f"{path}: components {found}, not {LAYOUT}")
    must(abs(pose.body.fps - fps) < 1e-3, f"{path}: {pose.body.fps} frames a second, not {fps}")
    points = sum(count for _, count in LAYOUT)
    must(pose.body.data.shape == (frames, 1, points, 3), f"{path}: shape {pose.body.data.shape}")
    data, confidence = numpy.asarray(pose.body.data.data), pose.body.confidence
    must(numpy.isfinite(data).all(), f"{path}: a coordinate that is no number")
    must(((confidence >= 0) & (confidence <= 1)).all(), f"{path}: a confidence outside of 0 to 1")
    must((data[confidence == 0] == 0).all(), f"{path}: an unknown point that is not at zero")
    start = LAYOUT[0][1] + LAYOUT[1][1]
    hands = slice(start, start + 42)
    must((confidence[:, :, hands] == 1).all(), f"{path}: a point of a hand that is not known")
    moved = numpy.ptp(data[:, 0, hands, :2], axis=0).max()
    must(moved > 10, f"{path}: the hands move by {moved} pixels only")
    for component in pose.header.components:
        count = len(component.points)
        must(all(max(limb) < count for limb in component.limbs), f"{path}: a limb to a point that is not there")
    print(f"{path}: {frames} frames at {fps}, {points} points, {int((confidence == 0).all(axis=(0, 1)).sum())} unknown")


def check_bvh(path, fps, frames):
    from bvh import Bvh

    bvh = Bvh(path.read_text())
    must(bvh.nframes == frames, f"{path}: {bvh.nframes} frames, not {frames}")
    must(abs(bvh.frame_time - 1 / fps) < 1e-4, f"{path}: {bvh.frame_time} s a frame, not {1 / fps}")
    joints = bvh.get_joints_names()
    channels = sum(len(bvh.joint_channels(joint)) for joint in joints)
    must(all(len(frame) == channels for frame in bvh.frames), f"{path}: a frame without its {channels} numbers")
    print(f"{path}: {frames} frames at {fps}, {len(joints)} joints, {channels} channels")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fps", type=float, required=True)
    parser.add_argument("--frames", type=int, required=True)
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    checks = {".pose": check_pose, ".bvh": check_bvh}
    for path in options.files:
        must(path.suffix in checks, f"{path}: expected .pose or .bvh")
        checks[path.suffix](path, options.fps, options.frames)


main()
