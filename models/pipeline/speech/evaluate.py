"""Measures a version under ONNX Runtime: the floor on validation clips, then every stated figure on evaluation clips of strangers."""
import json
from pathlib import Path

import numpy as np

from .. import ort_check, paths
from ..evaluation import Judged, choose_floor, figures
from ..recipe import KeywordRecipe
from .clips import Clips, ClipSet, make_clips
from .mixing import CLIP_SAMPLES

VARIANTS = ("tiny-int8", "tiny-fp32", "large")  # the best for the edge first, as in the manifest
EDGE = "tiny-int8"
CONDITIONS = ("easy", "hard")
EVALUATION_SEED, EVALUATION_COUNTS = 77001, {"easy": 3000, "hard": 4000}
FLOOR_SEED, FLOOR_COUNT = 55001, 3000


def kept_clips(clip_set: ClipSet) -> tuple[Path, Clips]:
    """The set packed in the working folder; made when missing."""
    stem = f"{clip_set.split}-{clip_set.condition}-{clip_set.seed}-{clip_set.count}"
    packed, about = paths.work("clips", f"{stem}.bin"), paths.work("clips", f"{stem}.npz")
    if not about.exists():
        clips = make_clips(clip_set)
        packed.write_bytes(clips.audio.tobytes())
        np.savez(about, labels=clips.labels, variants=np.array(clips.variants))
    kept = np.load(about)
    audio = np.memmap(packed, "<i2", "r").reshape(-1, CLIP_SAMPLES)
    return packed, Clips(audio, kept["labels"], [str(variant) for variant in kept["variants"]])


def judge_file(folder: Path, variant: str, packed: Path, labels: np.ndarray, latency_runs: int = 500) -> Judged:
    inputs = [ort_check.RowInput("audio", "INT16", [CLIP_SAMPLES], packed)]
    checked = ort_check.check(folder / f"{variant}.onnx", inputs, "probabilities", "max", labels, latency_runs)
    return Judged(checked.classes == labels, checked.confidences, checked.report)


def judge(folder: Path, variant: str, clip_set: ClipSet) -> tuple[Judged, Clips]:
    packed, clips = kept_clips(clip_set)
    return judge_file(folder, variant, packed, clips.labels), clips


def measure_floor(recipe: KeywordRecipe) -> float:
    """On validation clips, easy and hard alike, with the variant that the edge runs."""
    folder = paths.version_folder("keyword", recipe.version)
    parts = [judge(folder, EDGE, ClipSet("validation", name, FLOOR_SEED, FLOOR_COUNT))[0] for name in CONDITIONS]
    confidences, right = (np.concatenate([getattr(part, key) for part in parts]) for key in ("confidences", "right"))
    return choose_floor(confidences, right, recipe.kept_clips_right)


def evaluate(recipe: KeywordRecipe) -> dict:
    """All figures of a version, kept in the working folder and returned."""
    folder, floor = paths.version_folder("keyword", recipe.version), measure_floor(recipe)
    made = {"version": recipe.version, "floor": floor, "conditions": {}, "variants": {}}
    for condition in CONDITIONS:
        clip_set = ClipSet("evaluation", condition, EVALUATION_SEED, EVALUATION_COUNTS[condition])
        judged = {}
        for variant in VARIANTS:
            judged[variant], clips = judge(folder, variant, clip_set)
            made["variants"].setdefault(variant, {})[condition] = judged[variant].report
        made["conditions"][condition] = figures(judged, clips.variants, floor, EDGE)
    paths.work(f"keyword-{recipe.version}.json").write_text(json.dumps(made, indent=2))
    return made
