"""Makes of an exported BVH the recording of another signer: `python3 restyle.py IN.bvh OUT.bvh`.

Another rig: joints as Mixamo names them, inches, channels X Y Z, Z up, 30 frames a second, a rest pose with the arms aslant by
50 degrees. Another signer: a third slower and slower still in the middle, elbows turned out, the trunk leaning forwards.
Standard library alone; nothing of the project's own reader is used.
"""
import math
import sys

NAMES = {"hips": "Hips", "spine": "Spine", "chest": "Spine1", "upperChest": "Spine2", "neck": "Neck", "head": "Head"}
PARTS = {"Shoulder": "Shoulder", "UpperArm": "Arm", "LowerArm": "ForeArm", "Hand": "Hand", "UpperLeg": "UpLeg",
         "LowerLeg": "Leg", "Foot": "Foot", "Toes": "ToeBase", "Eye": "Eye"}
SEGMENTS = {"Metacarpal": 1, "Proximal": 1, "Intermediate": 2, "Distal": 3}
INCH = 2.54
SLANT = math.radians(50)


def renamed(name):
    if name in NAMES:
        return "mixamorig:" + NAMES[name]
    side, rest = ("Left", name[4:]) if name.startswith("left") else ("Right", name[5:])
    if rest in PARTS:
        return f"mixamorig:{side}{PARTS[rest]}"
    for finger in ("Thumb", "Index", "Middle", "Ring", "Little"):
        if rest.startswith(finger):
            segment = rest[len(finger):]
            number = {"Metacarpal": 1, "Proximal": 2, "Distal": 3}[segment] if finger == "Thumb" else SEGMENTS[segment]
            return f"mixamorig:{side}Hand{'Pinky' if finger == 'Little' else finger}{number}"
    return name


def axis(index, angle):
    c, s = math.cos(angle), math.sin(angle)
    return [[[1, 0, 0], [0, c, -s], [0, s, c]], [[c, 0, s], [0, 1, 0], [-s, 0, c]], [[c, -s, 0], [s, c, 0], [0, 0, 1]]][index]


def mul(a, b):
    return [[sum(a[i][k] * b[k][j] for k in range(3)) for j in range(3)] for i in range(3)]


def transposed(a):
    return [list(row) for row in zip(*a)]


def apply(a, v):
    return [sum(a[i][k] * v[k] for k in range(3)) for i in range(3)]


def xyz(m):
    """Angles of Rx Ry Rz."""
    y = math.asin(max(-1.0, min(1.0, m[0][2])))
    return math.atan2(-m[1][2], m[2][2]), y, math.atan2(-m[0][1], m[0][0])


def read(path):
    words = open(path).read().split()
    joints, stack, at = [], [], 0
    while words[at] != "MOTION":
        if words[at] in ("ROOT", "JOINT"):
            joints.append({"name": words[at + 1], "parent": stack[-1] if stack else None, "ends": []})
            stack.append(len(joints) - 1)
            at += 2
        elif words[at] == "End":
            offset = [float(w) for w in words[at + 4:at + 7]]
            joints[stack[-1]]["ends"].append(offset)
            at += 8
        elif words[at] == "OFFSET":
            joints[stack[-1]]["offset"] = [float(w) for w in words[at + 1:at + 4]]
            at += 4
        elif words[at] == "CHANNELS":
            count = int(words[at + 1])
            joints[stack[-1]]["channels"] = words[at + 2:at + 2 + count]
            at += 2 + count
        else:
            if words[at] == "}":
                stack.pop()
            at += 1
    count, seconds = int(words[at + 2]), float(words[at + 5])
    numbers = [float(w) for w in words[at + 6:]]
    width = sum(len(joint["channels"]) for joint in joints)
    rows = [numbers[i * width:(i + 1) * width] for i in range(count)]
    return joints, seconds, rows


def main(source, target):
    joints, seconds, rows = read(source)

    def pose(row):
        at, place, turns = 0, [0.0] * 3, []
        for joint in joints:
            turn = axis(0, 0.0)
            for channel in joint["channels"]:
                index = "XYZ".index(channel[0])
                if channel.endswith("position"):
                    place[index] = row[at]
                else:
                    turn = mul(turn, axis(index, math.radians(row[at])))
                at += 1
            turns.append(turn)
        return place, turns

    whole = (len(rows) - 1) * seconds
    # Up is +Z now: (x, y, z) becomes (x, -z, y).
    upright = axis(0, math.pi / 2)
    # What the new rest pose has turned, seen from the world.
    slants = []
    for joint in joints:
        own = 0.0
        if joint["name"] in ("leftUpperArm", "rightUpperArm"):
            own = -SLANT if joint["name"].startswith("left") else SLANT
        before = slants[joint["parent"]] if joint["parent"] is not None else axis(0, 0.0)
        slants.append(mul(before, axis(2, own)))
    out = ["HIERARCHY"]
    children = {index: [i for i, j in enumerate(joints) if j["parent"] == index] for index in range(len(joints))}

    def write(index, depth):
        joint, pad = joints[index], "\t" * depth
        parent = slants[joint["parent"]] if joint["parent"] is not None else axis(0, 0.0)
        offset = [number / INCH for number in apply(upright, apply(parent, joint["offset"]))]
        out.append(f"{pad}{'ROOT' if depth == 0 else 'JOINT'} {renamed(joint['name'])}\n{pad}{{")
        out.append(f"{pad}\tOFFSET " + " ".join(f"{number:.5f}" for number in offset))
        channels = "Xposition Yposition Zposition " if depth == 0 else ""
        out.append(f"{pad}\tCHANNELS {6 if depth == 0 else 3} {channels}Xrotation Yrotation Zrotation")
        order.append(index)
        for child in children[index]:
            write(child, depth + 1)
        for end in joint["ends"]:
            end = [number / INCH for number in apply(upright, apply(slants[index], end))]
            out.append(f"{pad}\tEnd Site\n{pad}\t{{\n{pad}\t\tOFFSET " + " ".join(f"{n:.5f}" for n in end) + f"\n{pad}\t}}")
        out.append(f"{pad}}}")

    order = []
    write(0, 0)
    count = int(whole * 1.35 * 30) + 1
    out.append(f"MOTION\nFrames: {count}\nFrame Time: {1 / 30:.6f}")
    for frame in range(count):
        share = frame / max(count - 1, 1)
        # Slower in the middle.
        then = share - 0.25 * math.sin(2 * math.pi * share) / (2 * math.pi) * -1
        place, turns = pose(rows[min(len(rows) - 1, round(then * whole / seconds))])
        numbers = [n / INCH for n in apply(upright, place)]
        worlds = {}
        for index, joint in enumerate(joints):
            turn = turns[index]
            if joint["name"] == "spine":
                turn = mul(axis(0, 0.06), turn)
            if joint["name"] in ("leftUpperArm", "rightUpperArm"):
                out_by = 0.12 if joint["name"].startswith("left") else -0.12
                turn = mul(axis(2, out_by), turn)
            before = worlds[joint["parent"]] if joint["parent"] is not None else axis(0, 0.0)
            worlds[index] = mul(before, turn)
        for index in order:
            parent = joints[index]["parent"]
            # In the new rig a joint's turn is counted from the slanted rest: world = turn * slant.
            def turned(i):
                return mul(mul(upright, mul(worlds[i], transposed(slants[i]))), transposed(upright))
            own = turned(index)
            local = mul(transposed(turned(parent)), own) if parent is not None else own
            numbers += [math.degrees(angle) for angle in xyz(local)]
        out.append(" ".join(f"{number:.5f}" for number in numbers))
    open(target, "w").write("\n".join(out) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
