"""Finds the hands of rendered manual letters with an off-the-shelf detector.

In: the folder that `shouyu lexicon letters` wrote. Out: a line for each letter, then how many hands were found and how
far their fingertips lie from where the rig says, as a share of the hand's size (twice from the wrist to the middle
finger's knuckle, as long as that is, however the hand is turned): of the ends of the fingers' bones, and for comparison of
the skin's ends. What is hidden behind the hand a detector can only guess, and is told apart: in brackets in a letter's line.
Fails if a hand is found in fewer than 95 % of the letters, or the mean fingertip is off by more than 5 %.
"""

import json
import statistics
import sys
from pathlib import Path

import cv2
import mediapipe

TIPS = (4, 8, 12, 16, 20)
# A detector's landmarks lie on bones: its middle joints agree with the rig's along the fingers within 1 % of the hand, its
# tips lie some 4 % before the skin's ends. Bones end half a finger's thickness under the skin; on the default avatar
# that is a quarter of the last segment.
UNDER_SKIN = 0.25
LEAST_FOUND = 0.95
MOST_OFF = 0.05


def distance(a, b):
    return ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5


def end_of_bone(rig, tip):
    """Where the last bone of a finger ends, in pixels, given that `tip` is where its skin does."""
    joint, skin = rig[tip - 1], rig[tip]
    return [at + (before - at) * UNDER_SKIN for before, at in zip(joint, skin)]


def nearest_hand(found, width, height, wrist):
    """The detected hand whose wrist is nearest to the rig's, in pixels."""
    hands = [[(mark.x * width, mark.y * height) for mark in hand.landmark] for hand in found or []]
    return min(hands, key=lambda hand: distance(hand[0], wrist), default=None)


def share_within(shares):
    """How many of some distances are within the limit, as a share."""
    return sum(share <= MOST_OFF for share in shares) / len(shares) if shares else 0.0


def main(folder):
    letters = json.loads((folder / "joints.json").read_text(encoding="utf-8"))
    found, offs, offs_of_seen, offs_of_skin = 0, [], [], []
    detector = mediapipe.solutions.hands.Hands(
        static_image_mode=True, max_num_hands=2, model_complexity=1, min_detection_confidence=0.3
    )
    with detector:
        for letter, told in sorted(letters.items()):
            rig, size, seen = told["joints"], told["hand"], told["seen"]
            picture = cv2.imread(str(folder / f"{letter}.png"))
            height, width = picture.shape[:2]
            result = detector.process(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
            hand = nearest_hand(result.multi_hand_landmarks, width, height, rig[0])
            if hand is None or distance(hand[0], rig[0]) > size:
                print(f"{letter}: no hand")
                continue
            found += 1
            off = [distance(hand[tip], end_of_bone(rig, tip)) / size for tip in TIPS]
            offs.extend(off)
            offs_of_seen.extend(share for share, is_seen in zip(off, seen) if is_seen)
            offs_of_skin.extend(distance(hand[tip], rig[tip]) / size for tip in TIPS)
            told = [f"{100 * share:.0f} %" if is_seen else f"({100 * share:.0f} %)" for share, is_seen in zip(off, seen)]
            print(f"{letter}: fingertips off by {', '.join(told)}")
    share_found = found / len(letters)
    off = statistics.mean(offs) if offs else float("inf")
    print(f"hands found: {found} of {len(letters)} ({100 * share_found:.0f} %)")
    print(f"fingertips: off by {100 * off:.1f} % of the hand on average, {100 * share_within(offs):.0f} % of them within 5 % "
          f"({100 * share_within(offs_of_skin):.0f} % if the skin's ends are taken)")
    if offs_of_seen:
        print(f"fingertips that are seen, {len(offs_of_seen)} of {len(offs)}: off by "
              f"{100 * statistics.mean(offs_of_seen):.1f} % on average, "
              f"{100 * share_within(offs_of_seen):.0f} % of them within 5 %")
    return 0 if share_found >= LEAST_FOUND and off <= MOST_OFF else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
