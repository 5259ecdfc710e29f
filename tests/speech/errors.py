"""Character errors of `shouyu transcribe` over a folder of sound with transcripts, as heard and with harm.

    python3 tests/speech/errors.py SHOUYU FOLDER [--harm none,pink,white,fast,slow,quiet,phone] [--show]

FOLDER has sound files and transcripts.tsv (file, tab, what was said). Marks, script and the writing of numbers do not count.
ffmpeg makes the harm: noise 10 dB below the voice, tempo, level, a telephone's band. Prints a line for each harm.
"""

import argparse
import json
import pathlib
import re
import subprocess
import tempfile
import unicodedata

DIGITS = dict(zip("零〇一二三四五六七八九两", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 2)))
UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}


def number(text):
    """The value of a number in Chinese; digit by digit where it has no units."""
    if not any(c in UNITS for c in text):
        return "".join(str(DIGITS[c]) for c in text)
    total, section, digit = 0, 0, None
    for c in text:
        if c in DIGITS:
            digit = DIGITS[c]
        elif c == "万":
            total += (section + (digit or 0)) * 10_000
            section, digit = 0, None
        else:
            section += (1 if digit is None else digit) * UNITS[c]
            digit = None
    return str(total + section + (digit or 0))


def plain(text):
    text = "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())
    return re.sub("[零〇一二三四五六七八九两十百千万]+", lambda found: number(found[0]), text)


def distance(a, b):
    row = list(range(len(b) + 1))
    for n, x in enumerate(a, 1):
        before, row[0] = row[0], n
        for m, y in enumerate(b, 1):
            before, row[m] = row[m], min(before + (x != y), row[m] + 1, row[m - 1] + 1)
    return row[-1]


def ffmpeg(*words):
    return subprocess.run(["ffmpeg", "-nostdin", "-v", "info", "-y", *words], check=True, capture_output=True, text=True).stderr


def level(path):
    """Mean level in dB."""
    return float(re.search(r"mean_volume: (\S+) dB", ffmpeg("-i", path, "-af", "volumedetect", "-f", "null", "-"))[1])


def harmed(path, harm, folder):
    out = folder / f"{harm}-{path.stem}.wav"
    simple = {"fast": "atempo=1.12", "slow": "atempo=0.89", "quiet": "volume=-20dB", "phone": "highpass=300,lowpass=3400,aresample=8000"}
    if harm in simple:
        ffmpeg("-i", str(path), "-af", simple[harm], str(out))
        return out
    noise = folder / "noise.wav"
    ffmpeg("-f", "lavfi", "-i", f"anoisesrc=color={harm}:seed=7:duration=30:amplitude=0.1", str(noise))
    gain = level(str(path)) - 10 - level(str(noise))
    mix = f"[1]volume={gain}dB[n];[0][n]amix=inputs=2:duration=first:normalize=0"
    ffmpeg("-i", str(path), "-i", str(noise), "-filter_complex", mix, str(out))
    return out


def heard(shouyu, path):
    out = subprocess.run([shouyu, "transcribe", str(path), "--json"], check=True, capture_output=True, text=True).stdout
    texts = []
    for line in out.splitlines():
        found = json.loads(line)
        spans = found if isinstance(found, list) else found.get("spans", [found])
        texts += [span["text"] for span in spans if span.get("stable", True)]
    return "".join(texts)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("shouyu")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--harm", default="none")
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    said = [line.split("\t", 1) for line in (arguments.folder / "transcripts.tsv").read_text().splitlines() if "\t" in line]
    with tempfile.TemporaryDirectory() as folder:
        for harm in arguments.harm.split(","):
            wrong = count = 0
            for name, expected in said:
                path = arguments.folder / name
                text = heard(arguments.shouyu, path if harm == "none" else harmed(path, harm, pathlib.Path(folder)))
                errors = distance(plain(text), plain(expected))
                wrong, count = wrong + errors, count + len(plain(expected))
                if arguments.show and errors:
                    print(f"  {errors}  {expected}  {text}")
            print(f"{harm}: {100 * wrong / count:.1f} % ({wrong} of {count} characters)", flush=True)


if __name__ == "__main__":
    main()
