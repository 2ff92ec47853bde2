"""What both families share when they are measured: the floor, shares with intervals, the cascade."""
from dataclasses import dataclass

import numpy as np

from .statistics import fresh_set_interval, paired_gap, voices_interval, wilson

FRESH_CLIPS = 300


@dataclass(frozen=True)
class Judged:
    """One variant on the rows of one condition."""

    right: np.ndarray
    confidences: np.ndarray
    report: dict


def choose_floor(confidences: np.ndarray, right: np.ndarray, wanted: float) -> float:
    """The lowest floor, in hundredths, from which on the kept answers are right often enough."""
    for floor in np.arange(0.30, 0.995, 0.01):
        kept = confidences >= floor
        if kept.any() and right[kept].mean() >= wanted:
            return round(float(floor), 2)
    return 0.99


def figures(judged: dict[str, Judged], groups: list, floor: float, edge: str, large: str = "large") -> dict:
    """Accuracy and escalation of every variant, the cascade edge → large, and by how much large leads, paired on the same rows."""
    made = {"clips": len(groups), "accuracy": {}, "escalation": {}}
    for variant, part in judged.items():
        made["accuracy"][variant] = share(part.right, groups)
        made["escalation"][variant] = share(part.confidences < floor, groups)
    first, last = judged[edge], judged[large]
    unsure = first.confidences < floor
    made["cascade"] = share(np.where(unsure, last.right, first.right), groups)
    made["kept_right"] = share(first.right[~unsure], [group for group, out in zip(groups, unsure) if not out])
    made["gap"] = {name: paired_gap(last.right, part.right, groups) for name, part in judged.items() if name != large}
    return made


def share(hits: np.ndarray, groups: list) -> dict:
    """A share with its 95 % Wilson interval, and where a set of FRESH_CLIPS falls: fresh by the same voices, and by others."""
    low, high = wilson(int(hits.sum()), hits.size)
    fresh, voices = fresh_set_interval(int(hits.sum()), hits.size, FRESH_CLIPS), voices_interval(hits, groups, FRESH_CLIPS)
    bounds = {"fresh_low": fresh[0], "fresh_high": fresh[1], "voices_low": voices[0], "voices_high": voices[1]}
    return {"share": float(hits.mean()), "low": low, "high": high, **bounds}
