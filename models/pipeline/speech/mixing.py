"""One clip of a condition: a word somewhere in the second, perhaps in a room, under noise at a chosen distance."""
from dataclasses import dataclass

import numpy as np

from . import noise, rooms
from .words import SAMPLE_RATE

CLIP_SAMPLES = SAMPLE_RATE
WORD_DBFS = (-34.0, -18.0)


@dataclass(frozen=True)
class Condition:
    """How hard listening is: the range of the signal-to-noise ratio, and the shares of clips with a room and with babble."""

    name: str
    snr_db: tuple[float, float]
    room_share: float
    babble_share: float


CONDITIONS = {
    condition.name: condition
    for condition in (
        Condition("clean", (30.0, 50.0), 0.0, 0.10),
        Condition("easy", (15.0, 35.0), 0.0, 0.20),
        Condition("mild", (5.0, 25.0), 0.25, 0.30),
        Condition("hard", (-4.0, 8.0), 0.65, 0.50),
    )
}


def mix(random, condition: Condition, word: np.ndarray | None, noises: noise.NoiseBank, room_set: list) -> np.ndarray:
    """An int16 clip. Without a word (silence) the noise is as loud as it would be under one."""
    level = 10 ** (random.uniform(*WORD_DBFS) / 20)
    noise_level = level * 10 ** (-random.uniform(*condition.snr_db) / 20)
    babble = random.random() < condition.babble_share
    kind = "babble" if babble else noise.COLOURS[random.integers(len(noise.COLOURS))]
    clip = noises.cut(random, kind, CLIP_SAMPLES) * noise_level
    if word is not None:
        clip = clip + level * _place(random, word, condition, room_set)
    return np.clip(np.rint(clip * 32768), -32768, 32767).astype("<i2")


def _place(random, word: np.ndarray, condition: Condition, room_set: list) -> np.ndarray:
    clip = np.zeros(CLIP_SAMPLES, np.float32)
    start = random.integers(0, CLIP_SAMPLES - word.size + 1)
    clip[start : start + word.size] = word
    if random.random() >= condition.room_share:
        return clip
    wet = rooms.reverberate(clip, room_set[random.integers(len(room_set))])
    spoken = wet[start : start + word.size]
    return wet / max(np.sqrt(np.mean(spoken**2)), 1e-6)
