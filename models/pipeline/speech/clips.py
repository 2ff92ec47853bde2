"""Sets of labelled clips. A set is its split, condition, seed and count; a chunk is made alone, so any machine makes the same.

Rendering speech costs more than mixing, so a training chunk mixes each said word several times;
evaluation says every word anew.
"""
import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..parallel import run_chunks
from . import vocabulary
from .mixing import CLIP_SAMPLES, CONDITIONS, mix
from .noise import NoiseBank
from .rooms import make_rooms
from .voices import draw_voice
from .words import render

CHUNK = 5000
_SPLIT_CODES = {"training": 1, "validation": 2, "evaluation": 3}
_CONDITION_CODES = {"clean": 1, "easy": 2, "mild": 3, "hard": 4}
_BABBLE_WORDS = 150


@dataclass(frozen=True)
class ClipSet:
    """Which clips: `uses` is how often a rendered word is mixed."""

    split: str
    condition: str
    seed: int
    count: int
    uses: int = 1

    def chunks(self) -> list[tuple["ClipSet", int, int]]:
        return [(self, at // CHUNK, min(CHUNK, self.count - at)) for at in range(0, self.count, CHUNK)]


@dataclass
class Clips:
    """Audio [N, 16000] int16, labels [N] and each clip's variant (the person, for resampling)."""

    audio: np.ndarray
    labels: np.ndarray
    variants: list[str]


def draw_label(random) -> int:
    draw = random.random()
    if draw < vocabulary.SILENCE_SHARE:
        return vocabulary.SILENCE
    if draw < vocabulary.SILENCE_SHARE + vocabulary.UNKNOWN_SHARE:
        return vocabulary.UNKNOWN
    return 2 + int(random.integers(len(vocabulary.COMMANDS)))


def make_chunk(clip_set: ClipSet, chunk: int, count: int) -> Clips:
    """The chunk's clips; needs NumPy, SciPy and eSpeak NG only."""
    random = np.random.default_rng(
        [clip_set.seed, _SPLIT_CODES[clip_set.split], _CONDITION_CODES[clip_set.condition], chunk]
    )
    condition, unknown = CONDITIONS[clip_set.condition], vocabulary.unknown_words(clip_set.split)
    babble = [
        render(unknown[random.integers(len(unknown))], draw_voice(random, clip_set.split)) for _ in range(_BABBLE_WORDS)
    ]
    noises, room_set = NoiseBank(random, babble), make_rooms(random, 60)
    audio, labels, variants = np.empty((count, CLIP_SAMPLES), "<i2"), np.empty(count, np.int64), []
    for at in range(0, count, clip_set.uses):
        label, voice = draw_label(random), draw_voice(random, clip_set.split)
        word = None
        if label == vocabulary.UNKNOWN:
            word = render(unknown[random.integers(len(unknown))], voice)
        elif label != vocabulary.SILENCE:
            word = render(vocabulary.LABELS[label], voice)
        for use in range(at, min(at + clip_set.uses, count)):
            audio[use], labels[use] = mix(random, condition, word, noises, room_set), label
            variants.append(voice.variant if word is not None else "none")
    return Clips(audio, labels, variants)


def make_clips(clip_set: ClipSet) -> Clips:
    """The whole set in memory: for evaluation sets, which are small."""
    parts = list(run_chunks(make_chunk, clip_set.chunks()))
    return Clips(
        np.concatenate([part.audio for part in parts]),
        np.concatenate([part.labels for part in parts]),
        [variant for part in parts for variant in part.variants],
    )


def write_clips(folder: Path, name: str, sets: list[ClipSet]) -> int:
    """`<name>.bin` holds the clips' little-endian int16 samples one after another; `<name>.csv` a line for each, in order."""
    folder.mkdir(parents=True, exist_ok=True)
    total = 0
    with open(folder / f"{name}.bin", "wb") as packed, open(folder / f"{name}.csv", "w", newline="") as table:
        rows = csv.writer(table, lineterminator="\n")
        rows.writerow(["index", "label", "label_index", "condition", "voice", "seed"])
        for clip_set in sets:
            clips = make_clips(clip_set)
            packed.write(clips.audio.tobytes())
            for label, variant in zip(clips.labels, clips.variants):
                rows.writerow([total, vocabulary.LABELS[label], label, clip_set.condition, variant, clip_set.seed])
                total += 1
    return total
