"""Noise at unit power: white, pink, brown, mains hum, and babble of two to six voices of the same split."""
import numpy as np
from scipy.fft import irfft, rfftfreq

from .words import SAMPLE_RATE

COLOURS = ("white", "pink", "brown", "hum")
_SLOPES = {"white": 0.0, "pink": 0.5, "brown": 1.0}
_TRACK = 4 * SAMPLE_RATE


def _unit(samples: np.ndarray) -> np.ndarray:
    return (samples / max(np.sqrt(np.mean(samples**2)), 1e-6)).astype(np.float32)


def _coloured(random, slope: float, samples: int) -> np.ndarray:
    frequency = np.maximum(rfftfreq(samples, 1 / SAMPLE_RATE), 20)
    bins = random.standard_normal((2, frequency.size)).astype(np.float32)
    return irfft((bins[0] + 1j * bins[1]) / frequency**slope, samples)


def _hum(random, samples: int) -> np.ndarray:
    time = np.arange(samples) / SAMPLE_RATE
    mains = random.choice([50.0, 60.0]) * random.uniform(0.99, 1.01)
    harmonics = np.arange(1, 20)
    phases = random.uniform(0, 2 * np.pi, harmonics.size)
    levels = random.uniform(0.1, 1, harmonics.size) / harmonics**0.7
    wave = np.zeros(samples)
    for harmonic, level, phase in zip(harmonics, levels, phases):
        wave += level * np.sin(2 * np.pi * mains * harmonic * time + phase)
    return wave + 0.3 * _unit(_coloured(random, 0.5, samples)) * wave.std()


class NoiseBank:
    """Tracks of four seconds, cut at a random place for each clip. Made from the words of one split, so no voice leaks."""

    def __init__(self, random, babble_words: list[np.ndarray], tracks: int = 16):
        self._tracks = {
            colour: [
                _unit(_hum(random, _TRACK) if colour == "hum" else _coloured(random, _SLOPES[colour], _TRACK))
                for _ in range(tracks)
            ]
            for colour in COLOURS
        }
        self._tracks["babble"] = [_unit(self._babble(random, babble_words)) for _ in range(tracks * 6)]

    @staticmethod
    def _babble(random, words: list[np.ndarray]) -> np.ndarray:
        track = np.zeros(_TRACK, np.float32)
        for _ in range(random.integers(2, 7)):
            position, level = int(random.integers(-4000, 4000)), random.uniform(0.5, 1)
            while position < _TRACK:
                word = words[random.integers(len(words))]
                start, end = max(position, 0), min(position + word.size, _TRACK)
                if end > start:
                    track[start:end] += level * word[start - position : end - position]
                position += word.size + int(random.integers(300, 3000))
        return track

    def cut(self, random, kind: str, samples: int) -> np.ndarray:
        tracks = self._tracks[kind]
        track = tracks[random.integers(len(tracks))]
        start = random.integers(0, track.size - samples)
        return _unit(track[start : start + samples])
