"""A fresh evaluation set against `expected.json`: guards the files, the pipeline and the runtime together."""
import json

from . import paths, report
from .evaluation import Judged
from .speech import evaluate as speech
from .speech.clips import ClipSet
from .speech.hardness import evaluate as hardness
from .vibration import evaluate as vibration


def _shares(part: Judged, floor: float) -> dict:
    return {"accuracy": float(part.right.mean()), "escalation": float((part.confidences < floor).mean())}


def check_fresh(seed: int, counts: dict[str, int], version: int = 1) -> list[str]:
    """The complaints; prints every share on the way."""
    families = json.loads(report.EXPECTED.read_text())["families"]
    wrong = []
    for family, judge in (("keyword", _judge_keyword), ("vibration", _judge_vibration)):
        floor, measured = families[family][str(version)]["floor"], {}
        for condition, count in counts.items():
            for variant, part in judge(seed, condition, count, version).items():
                measured.setdefault(variant, {})[condition] = _shares(part, floor)
                print(f"{family} {variant} {condition}: {measured[variant][condition]}", flush=True)
        wrong += report.compare(family, version, measured)
    return wrong + _check_classifier(seed, counts, version)


def _check_classifier(seed: int, counts: dict[str, int], version: int) -> list[str]:
    stated = json.loads(report.EXPECTED.read_text())["families"]["keyword"][str(version)]
    measured = {}
    for condition, count in counts.items():
        judged = hardness.judge(paths.version_folder("keyword", version), ClipSet("evaluation", condition, seed, count), stated["floor"])
        routed = hardness.routed(judged, stated["classifier"]["threshold"])
        measured[condition] = {key: routed[key]["share"] for key in ("sent", "escalated", "accuracy")}
        print(f"keyword classifier {condition}: {measured[condition]}", flush=True)
    return report.compare_classifier("keyword", version, measured)


def _judge_keyword(seed: int, condition: str, count: int, version: int) -> dict[str, Judged]:
    clip_set = ClipSet("evaluation", condition, seed, count)
    return {variant: speech.judge(paths.version_folder("keyword", version), variant, clip_set)[0] for variant in speech.VARIANTS}


def _judge_vibration(seed: int, condition: str, count: int, version: int) -> dict[str, Judged]:
    data, folder = vibration.windows_of("evaluation", condition, seed, count), paths.version_folder("vibration", version)
    return {variant: vibration.judge(folder, variant, f"fresh-{condition}", data) for variant in vibration.VARIANTS}
