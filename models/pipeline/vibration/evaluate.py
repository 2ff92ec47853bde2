"""Measures a version under ONNX Runtime: the floor on validation machines, every stated figure on machines never seen."""
import json
from pathlib import Path

import numpy as np

from .. import ort_check, paths
from ..evaluation import Judged, choose_floor, figures
from ..recipe import VibrationRecipe
from .dataset import windows_of
from .physics import AXES, FAULTS, WINDOW, Windows

VARIANTS, EDGE, CONDITIONS = ("small", "large"), "small", ("easy", "hard")
EVALUATION_SEED, EVALUATION_COUNT = 78001, 4000
FLOOR_SEED, FLOOR_COUNT = 56001, 4000


def judge(folder: Path, variant: str, stem: str, data: Windows, latency_runs: int = 500) -> Judged:
    window, rpm = (paths.work("clips", f"{stem}-{name}.bin") for name in ("window", "rpm"))
    window.write_bytes(data.windows.astype("<f4").tobytes())
    rpm.write_bytes(data.rated_rpm.astype("<f4").tobytes())
    inputs = [
        ort_check.RowInput("window", "FP32", [WINDOW, AXES], window),
        ort_check.RowInput("rated_rpm", "FP32", [1], rpm),
    ]
    checked = ort_check.check(folder / f"{variant}.onnx", inputs, "anomaly", "margin", data.labels, latency_runs)
    return Judged(checked.classes == data.labels, checked.confidences, checked.report)


def measure_floor(recipe: VibrationRecipe) -> float:
    """On validation windows, easy and hard alike, with the variant that the edge runs."""
    parts = []
    for condition in CONDITIONS:
        data = windows_of("validation", condition, FLOOR_SEED, FLOOR_COUNT)
        parts.append(judge(paths.version_folder("vibration", recipe.version), EDGE, f"vibration-floor-{condition}", data))
    confidences, right = (np.concatenate([getattr(part, key) for part in parts]) for key in ("confidences", "right"))
    return choose_floor(confidences, right, recipe.kept_windows_right)


def evaluate(recipe: VibrationRecipe) -> dict:
    """All figures of a version, kept in the working folder and returned; machines are drawn again as voices are for `keyword`."""
    folder, floor = paths.version_folder("vibration", recipe.version), measure_floor(recipe)
    made = {"version": recipe.version, "floor": floor, "conditions": {}, "variants": {}}
    for condition in CONDITIONS:
        data = windows_of("evaluation", condition, EVALUATION_SEED, EVALUATION_COUNT)
        judged = {variant: judge(folder, variant, f"vibration-{condition}", data) for variant in VARIANTS}
        for variant, part in judged.items():
            made["variants"].setdefault(variant, {})[condition] = part.report
        made["conditions"][condition] = figures(judged, [int(machine) for machine in data.machines], floor, EDGE)
    paths.work(f"vibration-{recipe.version}.json").write_text(json.dumps(made, indent=2))
    return made
