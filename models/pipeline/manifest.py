"""Writes `model.yaml`. Memory and latency are the measured ones, so the manifest is made after evaluation, never by hand."""
from math import ceil
from pathlib import Path

_KEYWORD = """\
model: keyword
version: {version}
description: {description}
licence: Apache-2.0
inputs:  [{{ name: audio, datatype: INT16, shape: [-1, 16000] }}]
outputs: [{{ name: probabilities, datatype: FP32, shape: [-1, {classes}], labels: labels.txt }}]
confidence: {{ output: probabilities, rule: max, floor: {floor:.2f} }}
privacy: any
updates: monthly
batching: {{ max_batch_size: 16, preferred_batch_size: [4, 8], max_queue_delay_microseconds: 500, max_queue_size: 256 }}
variants:
"""

_VIBRATION = """\
model: vibration
version: {version}
description: {description}
licence: Apache-2.0
inputs:
  - {{ name: window, datatype: FP32, shape: [-1, 256, 3] }}
  - {{ name: rated_rpm, datatype: FP32, shape: [-1, 1] }}
outputs:
  - {{ name: anomaly, datatype: FP32, shape: [-1, {classes}], labels: labels.txt }}
  - {{ name: score, datatype: FP32, shape: [-1, 1] }}
  - {{ name: reconstruction, datatype: FP32, shape: [-1, 32, 3] }}
confidence: {{ output: anomaly, rule: margin, floor: {floor:.2f} }}
privacy: any
updates: monthly
batching: {{ max_batch_size: 16, preferred_batch_size: [4, 8], max_queue_delay_microseconds: 500, max_queue_size: 256 }}
variants:
"""

_TEMPLATES = {"keyword": _KEYWORD, "vibration": _VIBRATION}


def write_manifest(folder: Path, family: str, description: str, classes: int, figures: dict) -> None:
    """Variants in the order of the figures: the one best for the edge first."""
    text = _TEMPLATES[family].format(
        version=figures["version"], description=_quoted(description), classes=classes, floor=figures["floor"]
    )
    for name, reports in figures["variants"].items():
        zones = "[cloud]" if name == "large" else "[device, edge]"
        memory = max(ceil(report["resident_mib"]) for report in reports.values())
        text += (
            f"  - {{ name: {name}, file: {name}.onnx, zones: {zones}, "
            f"memory_mib: {memory}, latency_ms: {latency_ms(reports):.2f} }}\n"
        )
    (folder / "model.yaml").write_text(text)


def write_classifier(folder: Path, threshold: float) -> None:
    """States the version's classifier; `write_manifest` leaves it out, because one made for other variants tells nothing."""
    file = folder / "model.yaml"
    lines = [line for line in file.read_text().splitlines() if not line.startswith("classifier:")]
    at = next(index for index, line in enumerate(lines) if line.startswith("updates:")) + 1
    lines.insert(at, f"classifier: {{ file: hard.onnx, output: hard, threshold: {threshold:.2f} }}")
    file.write_text("\n".join(lines) + "\n")


def latency_ms(reports: dict) -> float:
    """The median of the calmer run: on a shared machine the other one holds somebody else's work too."""
    return min(report["latency_median_ms"] for report in reports.values())


def _quoted(text: str) -> str:
    return f'"{text}"' if any(mark in text for mark in ":?#") else text
