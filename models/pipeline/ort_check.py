"""Runs ONNX files under the runtime the product uses, through the small .NET program in `OrtCheck/`: Python has none here."""
import csv
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import paths
from .errors import PipelineError

BATCH_SIZES = [2, 4, 7, 16]


@dataclass(frozen=True)
class RowInput:
    """One input of the model: its rows packed in a file."""

    name: str
    datatype: str
    row_shape: list[int]
    file: Path

    def to_json(self) -> dict:
        return {"name": self.name, "datatype": self.datatype, "row_shape": self.row_shape, "file": str(self.file)}


@dataclass(frozen=True)
class Checked:
    """A variant's answers to every row and OrtCheck's report about them."""

    classes: np.ndarray
    confidences: np.ndarray
    report: dict


def build() -> Path:
    """Builds OrtCheck once; needs the .NET SDK 10."""
    program = paths.ORT_CHECK / "bin" / "Release" / "net10.0" / "OrtCheck.dll"
    if program.exists():
        return program
    if shutil.which("dotnet") is None:
        raise PipelineError("The .NET SDK 10 is missing (evaluation runs ONNX Runtime in .NET): https://dotnet.microsoft.com/download")
    made = subprocess.run(["dotnet", "build", "-c", "Release", str(paths.ORT_CHECK)], capture_output=True, text=True)
    if made.returncode != 0:
        raise PipelineError(f"OrtCheck does not build:\n{made.stdout}")
    return program


def check(
    model: Path, inputs: list[RowInput], output: str, rule: str, labels: np.ndarray, latency_runs: int = 500, batch_rows: int = 320
) -> Checked:
    """A process for each model, so that its resident memory is its own."""
    program, stem = build(), paths.work("check", f"{model.parent.parent.name}-{model.parent.name}-{model.stem}")
    labels_file, answers_file = stem.with_suffix(".labels"), stem.with_suffix(".csv")
    labels_file.write_text("\n".join(str(int(label)) for label in labels) + "\n")
    spec_file = stem.with_suffix(".json")
    spec_file.write_text(json.dumps({
        "model": str(model), "inputs": [item.to_json() for item in inputs], "output": output, "rule": rule,
        "labels": str(labels_file), "answers": str(answers_file), "batch_sizes": BATCH_SIZES,
        "batch_rows": batch_rows, "latency_runs": latency_runs,
    }))
    run = subprocess.run(["dotnet", str(program), str(spec_file)], capture_output=True, text=True)
    if run.returncode not in (0, 1) or not run.stdout:
        raise PipelineError(f"OrtCheck failed on {model}:\n{run.stderr}")
    report = json.loads(run.stdout)
    if not report["bit_equal_in_batch"]:
        raise PipelineError(f"{model}: answers in a batch are not bit-equal to answers alone.")
    with open(answers_file) as file:
        rows = list(csv.DictReader(file))
    return Checked(
        np.array([int(row["class"]) for row in rows]), np.array([float(row["confidence"]) for row in rows]), report
    )
