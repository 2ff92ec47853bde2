"""Log-mel features, twice: here in NumPy for training, and as nodes inside the graph (`feature_nodes.py`); evaluation compares the two."""
import numpy as np
from scipy.fft import rfft

from .words import SAMPLE_RATE

WINDOW, HOP, FRAMES, MELS = 512, 320, 49, 40
LOWEST_HZ, HIGHEST_HZ = 60.0, 7600.0
FIRST_BIN, END_BIN = 2, 244  # bins of 31.25 Hz that some triangle covers
FLOOR, SCALE = 1e-5, 0.4
MEL_FACTOR = 1127.0


def mel_edges_hz() -> np.ndarray:
    """The 42 corners of the 40 triangles, equally spaced in mel."""
    lowest, highest = (MEL_FACTOR * np.log1p(hz / 700) for hz in (LOWEST_HZ, HIGHEST_HZ))
    return 700 * np.expm1(np.linspace(lowest, highest, MELS + 2) / MEL_FACTOR)


def mel_matrix() -> np.ndarray:
    """[MELS, bins]: each row one triangle with a peak of 1."""
    edges = mel_edges_hz()
    bins = np.arange(FIRST_BIN, END_BIN) * SAMPLE_RATE / WINDOW
    left, centre, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    return np.maximum(0, np.minimum((bins - left) / (centre - left), (right - bins) / (right - centre)))


_MELS = mel_matrix().astype(np.float32).T
_HANN = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)).astype(np.float32)


def features(audio: np.ndarray) -> np.ndarray:
    """[N, MELS, FRAMES] float32 from int16 clips: log-mel power, minus the clip's mean, scaled to about unit size."""
    samples = audio.astype(np.float32) / 32768
    frames = np.lib.stride_tricks.sliding_window_view(samples, WINDOW, axis=1)[:, ::HOP]
    spectrum = rfft(frames * _HANN, axis=2)[:, :, FIRST_BIN:END_BIN]
    power = spectrum.real**2 + spectrum.imag**2
    mels = np.log(power @ _MELS + np.float32(FLOOR))
    mels -= mels.mean(axis=(1, 2), keepdims=True)
    return np.ascontiguousarray((mels * np.float32(SCALE)).transpose(0, 2, 1))


def features_in_batches(audio: np.ndarray, batch: int = 250) -> np.ndarray:
    return np.concatenate([features(audio[at : at + batch]) for at in range(0, len(audio), batch)])
