"""Turns measured figures into what is published: `expected.json` for CI, and the tables of the README between their markers."""
import json
import re

from . import paths
from .evaluation import FRESH_CLIPS
from .manifest import latency_ms
from .statistics import FRESH_TAIL, STRETCH

EXPECTED = paths.MODELS / "expected.json"
README = paths.MODELS / "README.md"
_HOW = (
    f"low to high: where the share of a fresh set of {FRESH_CLIPS} clips a condition, by the same evaluation voices (machines) and "
    f"with any new seed, falls. Beta posterior of the measured share, then a binomial; {100 * FRESH_TAIL:g} % cut off each side, then both "
    f"sides stretched by {STRETCH}. other_voices: 95 % interval of a set of {FRESH_CLIPS} clips by as many other voices "
    "(machines), by resampling them; not for the check."
)


def write_expected(family: str, figures: dict) -> None:
    """Replaces one version's intervals and leaves the others."""
    known = json.loads(EXPECTED.read_text()) if EXPECTED.exists() else {"families": {}}
    versions = known["families"].setdefault(family, {})
    versions[str(figures["version"])] = _expected_version(figures)
    EXPECTED.write_text(json.dumps({"clips": FRESH_CLIPS, "how": _HOW, "families": known["families"]}, indent=2) + "\n")


def floor_of(family: str, version: int) -> float:
    """The floor that the last evaluation chose."""
    return json.loads(EXPECTED.read_text())["families"][family][str(version)]["floor"]


def threshold_of(family: str, version: int) -> float:
    """The classifier's, as it was chosen last."""
    return json.loads(EXPECTED.read_text())["families"][family][str(version)]["classifier"]["threshold"]


def write_expected_classifier(family: str, figures: dict) -> None:
    """Adds what the farm does with a fresh set to a version's intervals; they stay until the version is evaluated again."""
    known = json.loads(EXPECTED.read_text())
    stated = {"threshold": figures["threshold"]}
    for condition, part in figures["conditions"].items():
        stated[condition] = {key: _bounds(part[key]) for key in ("sent", "escalated", "accuracy")}
    known["families"][family][str(figures["version"])]["classifier"] = stated
    EXPECTED.write_text(json.dumps(known, indent=2) + "\n")


def _expected_version(figures: dict) -> dict:
    made = {"floor": figures["floor"], "variants": {}, "cascade": {}}
    for condition, part in figures["conditions"].items():
        for variant in part["accuracy"]:
            made["variants"].setdefault(variant, {})[condition] = {
                key: _bounds(part[key][variant]) for key in ("accuracy", "escalation")
            }
        made["cascade"][condition] = {"accuracy": _bounds(part["cascade"])}
    return made


def _bounds(share: dict) -> dict:
    others = [round(share["voices_low"], 4), round(share["voices_high"], 4)]
    return {"low": round(share["fresh_low"], 4), "high": round(share["fresh_high"], 4), "other_voices": others}


def compare(family: str, version: int, measured: dict) -> list[str]:
    """What a fresh set gave outside the stated intervals; `measured` is [variant][condition][accuracy or escalation]."""
    stated = json.loads(EXPECTED.read_text())["families"][family][str(version)]["variants"]
    wrong = []
    for variant, conditions in measured.items():
        for condition, shares in conditions.items():
            wrong += _outside(f"{family} {variant} {condition}", shares, stated[variant][condition])
    return wrong


def compare_classifier(family: str, version: int, measured: dict) -> list[str]:
    """The same for the classifier; `measured` is [condition][sent, escalated or accuracy]."""
    stated = json.loads(EXPECTED.read_text())["families"][family][str(version)]["classifier"]
    return [line for condition, shares in measured.items() for line in _outside(f"{family} classifier {condition}", shares, stated[condition])]


def _outside(where: str, shares: dict, stated: dict) -> list[str]:
    wrong = {key: value for key, value in shares.items() if not stated[key]["low"] <= value <= stated[key]["high"]}
    return [f"{where} {key}: {value:.3f} is outside {stated[key]['low']} to {stated[key]['high']}" for key, value in wrong.items()]


def tables(figures: dict) -> str:
    """Markdown: a line per variant, then the cascade."""
    conditions = figures["conditions"]
    accuracies = " | ".join(f"{name}, %" for name in conditions)
    lines = [
        f"| variant | bytes | {accuracies} | below the floor, % ({', '.join(conditions)}) | ms | MiB |",
        "|---|---|" + "---|" * (len(conditions) + 3),
    ]
    for variant, reports in figures["variants"].items():
        accuracy = " | ".join(_percent(part["accuracy"][variant]) for part in conditions.values())
        escalation = ", ".join(_percent(part["escalation"][variant]) for part in conditions.values())
        size, memory = next(iter(reports.values()))["bytes"], max(report["resident_mib"] for report in reports.values())
        lines.append(f"| {variant} | {size:,} | {accuracy} | {escalation} | {latency_ms(reports):.2f} | {memory:.0f} |")
    cascade = " | ".join(_percent(part["cascade"]) for part in conditions.values())
    lines.append(f"| cascade, floor {figures['floor']:.2f} | | {cascade} | | | |")
    lines.append("")
    for condition, part in conditions.items():
        gaps = "; ".join(f"over {name} {_points(gap)} points" for name, gap in part["gap"].items())
        kept = _percent(part["kept_right"])
        lines.append(f"- {part['clips']} {condition}: large {gaps} (paired, groups resampled). What the edge keeps is right in {kept} %.")
    return "\n".join(lines)


def classifier_table(figures: dict) -> str:
    """Markdown: a line per figure, a column per condition."""
    conditions = figures["conditions"]
    lines = [f"| `hard.onnx`, {figures['bytes']:,} bytes, {figures['latency_ms']:.2f} ms | {' | '.join(conditions)} |", "|---|" + "---|" * len(conditions)]
    rows = {
        "area under its ROC curve, %": lambda name: _area(figures["auc"][name]),
        "clips that the small variant gets wrong or is unsure of, %": lambda name: _percent(conditions[name]["hard"]),
        "sent to the cloud first, %": lambda name: _percent(conditions[name]["sent"]),
        "of all clips, sent needlessly, %": lambda name: _percent(conditions[name]["needless"]),
        "of the sent ones, hard, %": lambda name: _percent(conditions[name]["sent_hard"]),
        "of the hard ones, sent, %": lambda name: _percent(conditions[name]["caught"]),
        "escalated after the small variant, %": lambda name: _percent(conditions[name]["escalated"]),
        "right in the end, %": lambda name: _percent(conditions[name]["accuracy"]),
        "right without the classifier, %": lambda name: _percent(conditions[name]["without"]),
    }
    lines += [f"| {title} | {' | '.join(cell(name) for name in conditions)} |" for title, cell in rows.items()]
    lines.append(f"\nOver all clips the area is {_area(figures['auc']['all'])} %. Threshold {figures['threshold']:.2f}.")
    return "\n".join(lines)


def _area(curve: dict) -> str:
    return f"{100 * curve['area']:.1f} [{100 * curve['low']:.1f}, {100 * curve['high']:.1f}]"


def _percent(share: dict) -> str:
    return f"{100 * share['share']:.1f} [{100 * share['low']:.1f}, {100 * share['high']:.1f}]"


def _points(gap) -> str:
    return f"{100 * gap[0]:+.1f} [{100 * gap[1]:.1f}, {100 * gap[2]:.1f}]"


def write_readme(name: str, text: str) -> None:
    """Puts the text between `<!-- name -->` and `<!-- /name -->`."""
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.S)
    README.write_text(pattern.sub(lambda found: f"{found[1]}{text}\n{found[2]}", README.read_text()))
