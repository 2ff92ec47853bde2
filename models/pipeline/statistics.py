"""Intervals. A figure without one is not stated: Wilson for a share of clips, a bootstrap over voices where voices matter."""
from math import sqrt

import numpy as np

_Z95 = 1.959964
FRESH_TAIL = 0.0005
STRETCH = 1.2  # the root of the largest design effect that ten fresh sets showed: see README


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


def fresh_set_interval(hits: int, measured: int, clips: int, seed: int = 1, rounds: int = 400000) -> tuple[float, float]:
    """Where the share of a fresh set of `clips` clips by the same voices and a new seed falls, nearly always.

    The true share is drawn from its Beta posterior (it was measured on so many clips), then the fresh set from a binomial; FRESH_TAIL
    is cut off each side. Clips of a set share rooms and tracks of noise and are not quite independent: STRETCH widens both sides.
    """
    random, share = np.random.default_rng(seed), hits / measured
    drawn = random.binomial(clips, random.beta(hits + 0.5, measured - hits + 0.5, rounds)) / clips
    low, high = np.quantile(drawn, [FRESH_TAIL, 1 - FRESH_TAIL])
    return max(0.0, share - STRETCH * (share - low)), min(1.0, share + STRETCH * (high - share))


def area_under_curve(scores: np.ndarray, hits: np.ndarray) -> float:
    """How often a hit scores above a miss; ties count half."""
    misses, ranked = np.sort(scores[~hits]), scores[hits]
    below = (np.searchsorted(misses, ranked, "left") + np.searchsorted(misses, ranked, "right")) / 2
    return float(below.mean() / misses.size)


def curve_interval(scores: np.ndarray, hits: np.ndarray, groups, seed: int = 1, rounds: int = 1000) -> tuple[float, float]:
    """Its 95 % interval when whole voices are drawn again."""
    random, rows = np.random.default_rng(seed), _by_group(groups)
    areas = []
    for drawn in random.integers(len(rows), size=(rounds, len(rows))):
        chosen = np.concatenate([rows[at] for at in drawn])
        areas.append(area_under_curve(scores[chosen], hits[chosen]))
    low, high = np.quantile(areas, [0.025, 0.975])
    return float(low), float(high)


def voices_interval(hits: np.ndarray, groups, clips: int, seed: int = 1, rounds: int = 20000) -> tuple[float, float]:
    """The 95 % interval of a set of `clips` clips by other voices: as many voices are drawn anew, then the clips among theirs."""
    random, rows = np.random.default_rng(seed), _by_group(groups)
    sums, sizes = np.array([hits[row].sum() for row in rows], float), np.array([row.size for row in rows])
    drawn = random.integers(len(rows), size=(rounds, len(rows)))
    shares = random.binomial(clips, sums[drawn].sum(1) / sizes[drawn].sum(1)) / clips
    low, high = np.quantile(shares, [0.025, 0.975])
    return float(low), float(high)
