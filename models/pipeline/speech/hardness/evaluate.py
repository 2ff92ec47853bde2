"""Measures the classifier under ONNX Runtime: the threshold on validation clips, then what it does on evaluation clips of strangers."""
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ... import ort_check, paths
from ...evaluation import Judged, share
from ...recipe import KeywordRecipe
from ...statistics import area_under_curve, curve_interval
from .. import evaluate as variants
from ..clips import ClipSet
from ..mixing import CLIP_SAMPLES

FILE, OUTPUT = "hard.onnx", "hard"


@dataclass(frozen=True)
class Verdicts:
    """The classifier and two variants on the clips of one condition, under a floor."""

    verdicts: np.ndarray
    small: Judged
    large: Judged
    groups: list
    floor: float
    report: dict

    @property
    def unsure(self) -> np.ndarray:
        return self.small.confidences < self.floor

    @property
    def hard(self) -> np.ndarray:
        """What the classifier is to tell: the small variant is wrong, or not sure enough to be kept."""
        return ~self.small.right | self.unsure


def judge(folder: Path, clip_set: ClipSet, floor: float) -> Verdicts:
    packed, clips = variants.kept_clips(clip_set)
    small, large = (variants.judge_file(folder, name, packed, clips.labels) for name in (variants.EDGE, "large"))
    inputs = [ort_check.RowInput("audio", "INT16", [CLIP_SAMPLES], packed)]
    checked = ort_check.check(folder / FILE, inputs, OUTPUT, "max", clips.labels)
    return Verdicts(checked.confidences, small, large, clips.variants, floor, checked.report)


def choose_threshold(verdicts: np.ndarray, hard: np.ndarray, wanted: float) -> float:
    """The lowest threshold, in hundredths, from which on the clips sent up are hard ones often enough."""
    for threshold in np.arange(0.30, 0.995, 0.01):
        sent = verdicts >= threshold
        if sent.any() and hard[sent].mean() >= wanted:
            return round(float(threshold), 2)
    return 0.99


def measure_threshold(recipe: KeywordRecipe, floor: float) -> float:
    """On the clips that chose the floor, easy and hard alike."""
    folder = paths.version_folder("keyword", recipe.version)
    parts = [judge(folder, ClipSet("validation", name, variants.FLOOR_SEED, variants.FLOOR_COUNT), floor) for name in variants.CONDITIONS]
    verdicts, hard = (np.concatenate([getattr(part, key) for part in parts]) for key in ("verdicts", "hard"))
    return choose_threshold(verdicts, hard, recipe.classifier.sent_hard)


def evaluate(recipe: KeywordRecipe, floor: float) -> dict:
    """All figures of the classifier, kept in the working folder and returned."""
    folder, threshold = paths.version_folder("keyword", recipe.version), measure_threshold(recipe, floor)
    parts = {
        name: judge(folder, ClipSet("evaluation", name, variants.EVALUATION_SEED, count), floor)
        for name, count in variants.EVALUATION_COUNTS.items()
    }
    made = {
        "version": recipe.version, "floor": floor, "threshold": threshold,
        "bytes": next(iter(parts.values())).report["bytes"],
        "latency_ms": min(part.report["latency_median_ms"] for part in parts.values()),
        "auc": {name: _curve([part]) for name, part in parts.items()} | {"all": _curve(list(parts.values()))},
        "conditions": {name: routed(part, threshold) for name, part in parts.items()},
    }
    paths.work(f"keyword-{recipe.version}-hard.json").write_text(json.dumps(made, indent=2))
    return made


def _curve(parts: list[Verdicts]) -> dict:
    verdicts, hard = (np.concatenate([getattr(part, key) for part in parts]) for key in ("verdicts", "hard"))
    low, high = curve_interval(verdicts, hard, [group for part in parts for group in part.groups])
    return {"area": area_under_curve(verdicts, hard), "low": low, "high": high}


def routed(part: Verdicts, threshold: float) -> dict:
    """What the farm does with a condition's clips: hard ones go to the cloud first, unsure answers follow."""
    sent, groups = part.verdicts >= threshold, part.groups
    above = sent | part.unsure

    def among(hits: np.ndarray, which: np.ndarray) -> dict:
        return share(hits[which], [group for group, wanted in zip(groups, which) if wanted])

    return {
        "clips": len(groups),
        "hard": share(part.hard, groups), "mean_verdict": float(part.verdicts.mean()),
        "sent": share(sent, groups), "escalated": share(~sent & part.unsure, groups),
        "needless": share(sent & ~part.hard, groups),
        "caught": among(sent, part.hard), "sent_hard": among(part.hard, sent),
        "accuracy": share(np.where(above, part.large.right, part.small.right), groups),
        "without": share(np.where(part.unsure, part.large.right, part.small.right), groups),
    }
