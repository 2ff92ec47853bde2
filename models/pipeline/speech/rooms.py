"""Synthetic rooms: a direct path, a few early reflections and a tail that decays by 60 dB in 0.2 to 0.9 s."""
import numpy as np
from scipy.fft import irfft, rfft

from .words import SAMPLE_RATE

_LENGTH = 9600
_FFT = 16384 * 2


def make_room(random) -> np.ndarray:
    """One impulse response, stored as its spectrum because it is used many times."""
    decay_seconds = random.uniform(0.2, 0.9)
    time = np.arange(_LENGTH) / SAMPLE_RATE
    tail = random.standard_normal(_LENGTH) * 10 ** (-3 * time / decay_seconds)
    tail[: random.integers(40, 160)] = 0
    tail *= 10 ** (-random.uniform(0, 9) / 20) / np.sqrt(np.sum(tail**2))
    response = tail
    response[0] += 1
    for _ in range(random.integers(3, 8)):
        response[random.integers(20, 800)] += random.uniform(-0.5, 0.5)
    return rfft(response.astype(np.float32), _FFT)


def make_rooms(random, count: int) -> list[np.ndarray]:
    return [make_room(random) for _ in range(count)]


def reverberate(clip: np.ndarray, room: np.ndarray) -> np.ndarray:
    """The clip in the room, cut to the clip's length."""
    return irfft(rfft(clip, _FFT) * room, _FFT)[: clip.size].astype(np.float32)
