"""Intervals. A figure without one is not stated: Wilson for a share of clips, a bootstrap over voices where voices matter."""
from math import sqrt

import numpy as np

_Z95 = 1.959964
FRESH_Z = 3.5  # one share in about 2,000 falls outside
DESIGN_EFFECT = 2.0  # ten fresh sets: see README


def wilson(successes: float, trials: float, z: float = _Z95) -> tuple[float, float]:
    """The Wilson score interval of a share."""
    if trials == 0:
        return 0.0, 1.0
    share, spread = successes / trials, z * z / trials
    centre = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(share * (1 - share) / trials + spread / (4 * trials))
    return max(0.0, centre - half), min(1.0, centre + half)


def _by_group(groups) -> list[np.ndarray]:
    names = np.asarray(groups)
    return [np.flatnonzero(names == name) for name in sorted(set(groups))]


def paired_gap(better: np.ndarray, worse: np.ndarray, groups, seed: int = 1, rounds: int = 4000) -> tuple[float, float, float]:
    """The mean difference of two 0/1 vectors over the same clips, and its 95 % interval when whole voices are drawn again."""
    random, rows = np.random.default_rng(seed), _by_group(groups)
    difference = better.astype(float) - worse.astype(float)
    sums, sizes = np.array([difference[row].sum() for row in rows]), np.array([row.size for row in rows])
    drawn = random.integers(len(rows), size=(rounds, len(rows)))
    gaps = sums[drawn].sum(1) / sizes[drawn].sum(1)
    return float(difference.mean()), *(float(bound) for bound in np.quantile(gaps, [0.025, 0.975]))


def fresh_set_interval(hits: np.ndarray, clips: int) -> tuple[float, float]:
    """Where the share of a fresh set of `clips` clips by the same voices and a new seed falls, nearly always.

    A Wilson interval at FRESH_Z for a difference of two samples: the measured share is uncertain as well, so the variances of
    both add (1/clips + 1/measured). Clips of a set share rooms and tracks of noise and are not quite independent: DESIGN_EFFECT
    multiplies the variance for that.
    """
    effective = 1 / (DESIGN_EFFECT * (1 / clips + 1 / hits.size))
    return wilson(float(hits.mean()) * effective, effective, FRESH_Z)


def voices_interval(hits: np.ndarray, groups, clips: int, seed: int = 1, rounds: int = 20000) -> tuple[float, float]:
    """The 95 % interval of a set of `clips` clips by other voices: as many voices are drawn anew, then the clips among theirs."""
    random, rows = np.random.default_rng(seed), _by_group(groups)
    sums, sizes = np.array([hits[row].sum() for row in rows], float), np.array([row.size for row in rows])
    drawn = random.integers(len(rows), size=(rounds, len(rows)))
    shares = random.binomial(clips, sums[drawn].sum(1) / sizes[drawn].sum(1)) / clips
    low, high = np.quantile(shares, [0.025, 0.975])
    return float(low), float(high)
