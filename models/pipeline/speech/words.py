"""A word as clean 16 kHz samples: said, trimmed, resampled, at unit power."""
from functools import lru_cache

import numpy as np
from scipy.signal import firwin, resample_poly

from .espeak import Espeak
from .voices import Voice

SAMPLE_RATE = 16000
_LONGEST = SAMPLE_RATE - 200


@lru_cache(1)
def _low_pass() -> np.ndarray:
    return firwin(2 * 8 * 441 + 1, 1.0 / 441, window=("kaiser", 5.0)).astype(np.float32)


def render(word: str, voice: Voice) -> np.ndarray:
    """The word in a voice; never longer than a clip. 22,050 Hz to 16,000 Hz is 320/441 exactly."""
    engine = Espeak.get()
    samples = engine.say(word, voice)
    loud = np.flatnonzero(np.abs(samples) > 0.02 * np.abs(samples).max(initial=1e-6))
    if loud.size < 400:
        return np.zeros(400, np.float32)
    samples = samples[loud[0] : loud[-1] + 1]
    resampled = resample_poly(samples, 320, 441, window=_low_pass()).astype(np.float32)[:_LONGEST]
    return resampled / max(np.sqrt(np.mean(resampled**2)), 1e-6)
