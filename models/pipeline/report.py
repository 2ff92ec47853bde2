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
            for key, value in shares.items():
                bounds = stated[variant][condition][key]
                if not bounds["low"] <= value <= bounds["high"]:
                    wrong.append(f"{family} {variant} {condition} {key}: {value:.3f} is outside {bounds['low']} to {bounds['high']}")
    return wrong


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


def _percent(share: dict) -> str:
    return f"{100 * share['share']:.1f} [{100 * share['low']:.1f}, {100 * share['high']:.1f}]"


def _points(gap) -> str:
    return f"{100 * gap[0]:+.1f} [{100 * gap[1]:.1f}, {100 * gap[2]:.1f}]"


def write_readme(name: str, figures: dict) -> None:
    """Puts the tables between `<!-- name -->` and `<!-- /name -->`."""
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.S)
    text = README.read_text()
    README.write_text(pattern.sub(lambda found: f"{found[1]}{tables(figures)}\n{found[2]}", text))
