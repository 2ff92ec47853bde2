"""Log-mel features, twice: here in NumPy for training, and as nodes inside the graph (`feature_nodes.py`); evaluation compares the two."""
from dataclasses import dataclass

import numpy as np
from scipy.fft import rfft

from .words import SAMPLE_RATE

LOWEST_HZ, HIGHEST_HZ = 60.0, 7600.0
FLOOR, SCALE = 1e-5, 0.4
MEL_FACTOR = 1127.0


@dataclass(frozen=True)
class Resolution:
    """How finely sound is looked at: window and hop in samples, mel bands, and the bins that some triangle covers."""

    window: int
    hop: int
    mels: int
    first_bin: int
    end_bin: int

    @property
    def frames(self) -> int:
        return (SAMPLE_RATE - self.window) // self.hop + 1


FINE = Resolution(window=512, hop=320, mels=40, first_bin=2, end_bin=244)  # the networks of the variants
WINDOW, HOP, FRAMES, MELS = FINE.window, FINE.hop, FINE.frames, FINE.mels


def mel_edges_hz(mels: int = MELS) -> np.ndarray:
    """The corners of the triangles, two more than there are bands, equally spaced in mel."""
    lowest, highest = (MEL_FACTOR * np.log1p(hz / 700) for hz in (LOWEST_HZ, HIGHEST_HZ))
    return 700 * np.expm1(np.linspace(lowest, highest, mels + 2) / MEL_FACTOR)


def mel_matrix(of: Resolution = FINE) -> np.ndarray:
    """[mels, bins]: each row one triangle with a peak of 1."""
    edges = mel_edges_hz(of.mels)
    bins = np.arange(of.first_bin, of.end_bin) * SAMPLE_RATE / of.window
    left, centre, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    return np.maximum(0, np.minimum((bins - left) / (centre - left), (right - bins) / (right - centre)))


def features(audio: np.ndarray, of: Resolution = FINE) -> np.ndarray:
    """[N, mels, frames] float32 from int16 clips: log-mel power, minus the clip's mean, scaled to about unit size."""
    samples = audio.astype(np.float32) / 32768
    hann = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(of.window) / of.window)).astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(samples, of.window, axis=1)[:, :: of.hop]
    spectrum = rfft(frames * hann, axis=2)[:, :, of.first_bin : of.end_bin]
    power = spectrum.real**2 + spectrum.imag**2
    mels = np.log(power @ mel_matrix(of).astype(np.float32).T + np.float32(FLOOR))
    mels -= mels.mean(axis=(1, 2), keepdims=True)
    return np.ascontiguousarray((mels * np.float32(SCALE)).transpose(0, 2, 1))


def features_in_batches(audio: np.ndarray, of: Resolution = FINE, batch: int = 250) -> np.ndarray:
    return np.concatenate([features(audio[at : at + batch], of) for at in range(0, len(audio), batch)])
