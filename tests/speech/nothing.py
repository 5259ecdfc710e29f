#!/usr/bin/env python3
"""Silence, music and a street: what `shouyu transcribe --stream` takes for speech where nobody speaks.

    python3 nothing.py target/release/shouyu [--minutes 10] [--seed 1] [--only silence,music,street] [--keep FOLDER]

Makes the sound itself, another one for every seed: rooms and lines without speech; pieces of music with melody, chords,
bass, drums, vibrato and tremolo at changing tempos; a street with traffic, engines, horns, sirens, footsteps, birds and
rain. Prints each stable span. Exit status 0 if there was none. Needs numpy.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import wave

import numpy as np

RATE = 16_000


def coloured(draw, count, slope):
    """Noise whose power falls with frequency to the `slope`: 0 white, 1 pink, 2 brown. Mean square one."""
    spectrum = np.fft.rfft(draw.standard_normal(count))
    frequency = np.maximum(np.fft.rfftfreq(count, 1 / RATE), 20)
    noise = np.fft.irfft(spectrum / frequency ** (slope / 2), count)
    return noise / noise.std()


def band(sound, low, high):
    spectrum, frequency = np.fft.rfft(sound), np.fft.rfftfreq(len(sound), 1 / RATE)
    spectrum[(frequency < low) | (frequency > high)] = 0
    return np.fft.irfft(spectrum, len(sound))


def add(sound, at, part):
    """Mixes a part in; what reaches beyond the end is cut."""
    part = part[: max(0, len(sound) - at)]
    sound[at : at + len(part)] += part


def time(secs):
    return np.arange(int(secs * RATE)) / RATE


def silence(draw, secs):
    """Nothing at all, a quiet room, a humming line."""
    t = time(secs)
    sound = coloured(draw, len(t), draw.uniform(0, 2)) * 10 ** (draw.uniform(-75, -50) / 20)
    sound += 10 ** (draw.uniform(-70, -45) / 20) * np.sin(2 * np.pi * 50 * t)
    sound[: len(t) // 3] = 0
    return sound


def tone(draw, pitch, secs, timbre):
    """A note: overtones that fade by `timbre`, vibrato, attack and decay."""
    t = time(secs)
    depth, speed = draw.uniform(0, 0.012), draw.uniform(4, 7)
    phase = 2 * np.pi * pitch * t + depth * pitch / speed * np.sin(2 * np.pi * speed * t)
    note = sum(n**-timbre * np.sin(n * phase) for n in range(1, 9) if n * pitch < RATE / 2)
    return note * np.minimum(t / 0.02, 1) * np.exp(-t * draw.uniform(0.3, 4)) * np.minimum((secs - t) / 0.03, 1)


def drum(draw, kind):
    t = time(0.25)
    if kind == "bass":
        return np.sin(2 * np.pi * 55 * t * np.exp(-3 * t) + 3) * np.exp(-18 * t)
    noise = draw.standard_normal(len(t)) * np.exp(-(20 if kind == "snare" else 60) * t)
    return noise * 0.5 + (np.sin(2 * np.pi * 190 * t) * np.exp(-25 * t) if kind == "snare" else 0)


def music(draw, secs):
    """A piece: four chords again and again, a melody of the scale over them, bass and drums."""
    sound = np.zeros(int(secs * RATE))
    beat, key = 60 / draw.uniform(70, 150), 110 * 2 ** (draw.integers(0, 12) / 12)
    scale = [0, 2, 4, 5, 7, 9, 11, 12] if draw.random() < 0.6 else [0, 2, 3, 5, 7, 8, 10, 12]
    chords, timbre = draw.choice(len(scale) - 1, 4), draw.uniform(0.7, 2.2)
    drums, sung = draw.random() < 0.75, draw.random() < 0.5
    pitch = lambda step, octave: key * 2 ** (octave + scale[step % 7] / 12 + step // 7)
    for n in range(int(secs / beat)):
        at, chord = int(n * beat * RATE), chords[n // 4 % 4]
        if n % 2 == 0:
            for step in (0, 2, 4):
                add(sound, at, 0.15 * tone(draw, pitch(chord + step, 1), 2 * beat, timbre))
            add(sound, at, 0.3 * tone(draw, pitch(chord, 0), beat, 1.5))
        if draw.random() < 0.8:
            note = tone(draw, pitch(int(chord + draw.choice([0, 2, 4, 5, 7])), 2), beat * draw.choice([0.5, 1, 2]), timbre)
            # A voice that hums: the melody through a mouth's first two resonances.
            if sung:
                note = 3 * (band(note, 500, 900) + 0.6 * band(note, 1_000, 1_500)) + 0.2 * note
            add(sound, at, 0.3 * note)
        if drums:
            add(sound, at, 0.5 * drum(draw, "bass" if n % 2 == 0 else "snare"))
            for half in (0, 1):
                add(sound, at + int(half * beat / 2 * RATE), 0.12 * drum(draw, "hat"))
    return sound / max(1e-9, np.abs(sound).max()) * draw.uniform(0.2, 0.9)


def street(draw, secs):
    """Traffic that swells, engines, horns, a siren, footsteps, birds, rain."""
    t = time(secs)
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * t / draw.uniform(8, 20) + draw.uniform(0, 6))
    sound = coloured(draw, len(t), 1.6) * swell * 0.1
    if draw.random() < 0.4:
        sound += band(coloured(draw, len(t), 0), 2_000, 7_900) * 0.02
    for _ in range(int(secs / 4)):
        at, kind = draw.integers(0, len(t)), draw.choice(["engine", "horn", "steps", "bird", "siren", "brakes"])
        loud = draw.uniform(0.03, 0.2)
        if kind == "engine":
            p = time(draw.uniform(2, 5))
            turns = 2 * np.pi * np.cumsum(draw.uniform(40, 80) * (1 + 0.5 * np.sin(p))) / RATE
            part = sum(np.sin(k * turns) / k for k in (1, 2, 3, 4, 6)) * np.sin(np.pi * p / p[-1])
        elif kind == "horn":
            p = time(draw.uniform(0.3, 1.2))
            part = sum(np.sign(np.sin(2 * np.pi * f * p)) for f in (draw.uniform(350, 450), draw.uniform(440, 560))) * 0.4
        elif kind == "steps":
            part = np.zeros(int(3 * RATE))
            for step in range(6):
                add(part, int(step * 0.5 * RATE), band(draw.standard_normal(1_600), 100, 2_500) * np.exp(-np.arange(1_600) / 200))
        elif kind == "bird":
            p = time(0.5)
            part = np.sin(2 * np.pi * (3_000 * p + 60 * np.sin(2 * np.pi * draw.uniform(8, 20) * p))) * np.sin(np.pi * p / p[-1])
        elif kind == "siren":
            p = time(4)
            part = np.sin(2 * np.pi * np.cumsum(700 + 300 * np.sin(2 * np.pi * p / draw.uniform(0.6, 3))) / RATE)
        else:
            p = time(1)
            part = band(draw.standard_normal(len(p)), 2_500, 4_000) * np.sin(np.pi * p / p[-1]) * 2
        add(sound, at, loud * part)
    return np.clip(sound, -1, 1)


KINDS = {"silence": silence, "music": music, "street": street}


def write(path, sound):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32_767).astype("<i2").tobytes())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default=",".join(KINDS))
    parser.add_argument("--lang", default="zh", help="what the listener is told to expect: zh, en or auto")
    parser.add_argument("--keep", type=pathlib.Path, help="where the sound is left")
    arguments = parser.parse_args()
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = arguments.keep or pathlib.Path(folder)
        for kind in arguments.only.split(","):
            draw = np.random.default_rng([arguments.seed, list(KINDS).index(kind)])
            pieces, left = [], arguments.minutes * 60
            while left > 0:
                secs = min(left, draw.uniform(20, 40))
                pieces.append(KINDS[kind](draw, secs))
                left -= secs
            path = folder / f"{kind}-{arguments.seed}.wav"
            write(path, np.concatenate(pieces))
            command = [arguments.binary, "transcribe", str(path), "--stream", "--lang", arguments.lang]
            lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
            spans = [json.loads(line) for line in lines]
            stable = [span for span in spans if span["stable"]]
            for span in stable:
                print(f"  {span['start_ms'] / 1e3:.1f}–{span['end_ms'] / 1e3:.1f} s: {span['text']}")
            print(f"{kind}, {arguments.minutes:g} minutes: {len(stable)} stable spans, {len(spans) - len(stable)} interim", flush=True)
            wrong += len(stable)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
