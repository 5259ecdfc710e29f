#!/usr/bin/env python3
"""Opens exported files with readers that nobody here wrote, and says what they found.

    python -m venv venv && venv/bin/pip install pose-format bvh
    npm install gltf-validator
    venv/bin/python models/body/tests/read_exports.py hello.pose hello.bvh hello.glb

Not run in CI: it needs PyPI and npm. Exits with 1 when a file can't be read or is not what it should be.
"""

import json
import subprocess
import sys

HOLISTIC = [
    ("POSE_LANDMARKS", 33),
    ("FACE_LANDMARKS", 468),
    ("LEFT_HAND_LANDMARKS", 21),
    ("RIGHT_HAND_LANDMARKS", 21),
    ("POSE_WORLD_LANDMARKS", 33),
]

VALIDATE = """
const validator = require('gltf-validator');
const bytes = new Uint8Array(require('fs').readFileSync(process.argv[1]));
validator.validateBytes(bytes).then(report => console.log(JSON.stringify(report)));
"""


def read_pose(path):
    from pose_format import Pose
    from pose_format.utils.generic import detect_known_pose_format

    with open(path, "rb") as file:
        pose = Pose.read(file.read())
    assert detect_known_pose_format(pose) == "holistic"
    assert [(part.name, len(part.points)) for part in pose.header.components] == HOLISTIC
    frames, people, points, dims = pose.body.data.shape
    assert (people, points, dims) == (1, 576, 3)
    hands = pose.body.confidence[:, :, 501:543]
    assert (hands == 1).all(), "a point of a hand is unknown"
    face = (pose.body.confidence[0, 0, 33:501] > 0).sum()
    return f"{frames} frames at {pose.body.fps:g} a second, {points} points, {face} of the face known"


def read_bvh(path):
    from bvh import Bvh

    with open(path) as file:
        motion = Bvh(file.read())
    channels = sum(len(motion.joint_channels(name)) for name in motion.get_joints_names())
    assert channels == len(motion.frames[0]), "as many numbers as channels"
    assert len(motion.frames) == motion.nframes
    return f"{motion.nframes} frames of {motion.frame_time:g} s, {len(motion.get_joints_names())} joints"


def read_glb(path):
    found = subprocess.run(["node", "-e", VALIDATE, path], check=True, capture_output=True, text=True)
    report = json.loads(found.stdout)
    issues, info = report["issues"], report["info"]
    assert issues["numErrors"] == 0, issues["messages"][:3]
    assert info["animationCount"] >= 1, "no animation"
    return f"{issues['numErrors']} errors, {issues['numWarnings']} warnings, {info['animationCount']} animation"


READERS = {"pose": read_pose, "bvh": read_bvh, "glb": read_glb}


def main(paths):
    failed = False
    for path in paths:
        reader = READERS.get(path.rsplit(".", 1)[-1].lower())
        try:
            print(f"{path}: {reader(path) if reader else 'not an exported format'}")
            failed |= reader is None
        except Exception as error:  # whatever the outside reader raises is the finding
            print(f"{path}: {type(error).__name__}: {error}")
            failed = True
    return 1 if failed or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
