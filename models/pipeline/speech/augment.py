"""Changes to a batch of features that leave the word the same. All work on [N, MELS, FRAMES] log-mel features, so they cost little."""
import numpy as np

from .features import MELS, mel_edges_hz

_WARP = (-0.16, 0.26)  # logarithm of the factor on formants: deep voices to children
_TILT, _TILT_SHARE, _TILT_TERMS = 0.6, 0.7, 5
_GROUP = 16


def mask(random, batch: np.ndarray) -> None:
    """Hides one stretch of time and one band, the same for the whole batch: cheap, and enough against learning by heart."""
    width, height = random.integers(1, 9), random.integers(1, 7)
    start, low = random.integers(0, batch.shape[2] - width), random.integers(0, batch.shape[1] - height)
    batch[:, :, start : start + width] = 0
    batch[:, low : low + height] = 0


def other_throats(random, batch: np.ndarray) -> np.ndarray:
    """Longer and shorter vocal tracts (the frequency axis is warped, a factor for every few clips), and a smooth tone curve for each
    clip, as microphones and muffled voices have. Without it a network knows the training voices' formants too well."""
    warped = np.empty_like(batch)
    for at in range(0, len(batch), _GROUP):
        rows = slice(at, at + _GROUP)
        warped[rows] = _warp_matrix(np.exp(random.uniform(*_WARP))) @ batch[rows]
    terms = np.arange(1, _TILT_TERMS)
    curves = np.cos(np.pi * terms[:, None] * (np.arange(MELS) + 0.5) / MELS)
    levels = random.standard_normal((len(batch), terms.size)) * _TILT / np.sqrt(terms)
    levels *= random.random((len(batch), 1)) < _TILT_SHARE
    return warped + (levels @ curves)[:, :, None].astype(np.float32)


def _warp_matrix(factor: float) -> np.ndarray:
    """Row m reads where the sound now at band m was before all frequencies grew by the factor."""
    centres = mel_edges_hz()[1:-1]
    source = np.interp(centres / factor, centres, np.arange(MELS))
    lower = np.minimum(source.astype(int), MELS - 2)
    share = source - lower
    matrix = np.zeros((MELS, MELS), np.float32)
    matrix[np.arange(MELS), lower] = 1 - share
    matrix[np.arange(MELS), lower + 1] = share
    return matrix
