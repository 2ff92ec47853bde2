"""Measures what was built, with the product's tokeniser under the product's runtime, and fails when it is not what it is said to be."""
from pathlib import Path

import numpy as np

from .. import text_check
from ..errors import PipelineError
from . import sentences
from .pooling import WIDTH

MAX_TOKENS = 256
COSINE_MEAN_MIN, COSINE_MIN = 0.99, 0.975
_LENGTHS, _BATCH_SIZES, _LATENCY_RUNS = [3, 5, 8, 13, 21, 34, 64, 128, MAX_TOKENS], [2, 4, 7, 16], 200


def measure(folder: Path, variants: list[str], work: Path) -> dict[str, dict]:
    """A process for each variant, so that its resident memory is its own. Every report also gets its vectors and its cosines to the first variant."""
    reports = {variant: _run(folder, variant, work) for variant in variants}
    reference = reports[variants[0]]["vectors"]
    for report in reports.values():
        cosines = (report["vectors"] * reference).sum(1)
        report["cosine_mean"], report["cosine_min"] = float(cosines.mean()), float(cosines.min())
        report["pairs"], report["strangers"] = _closeness(report["vectors"])
    return reports


def require(reports: dict[str, dict]) -> None:
    """Every promise at once, so that one run tells all that is broken."""
    wrong = []
    for variant, report in reports.items():
        lengths = np.linalg.norm(report["vectors"], axis=1)
        if np.abs(lengths - 1).max() > 1e-5:
            wrong.append(f"{variant}: vectors have lengths from {lengths.min():.6f} to {lengths.max():.6f}, not 1")
        if not report["bit_equal"]:
            wrong.append(f"{variant}: vectors in a batch are not bit-equal to vectors alone ({report['unequal']})")
        if report["cosine_mean"] < COSINE_MEAN_MIN or report["cosine_min"] < COSINE_MIN:
            wrong.append(f"{variant}: cosine to fp32 is {report['cosine_mean']:.4f} on average (at least {COSINE_MEAN_MIN}), {report['cosine_min']:.4f} at worst (at least {COSINE_MIN})")
        lost = [sentences.ALL[row] for row in _not_nearest(report["vectors"])]
        if lost:
            wrong.append(f"{variant}: these sentences are not nearest to their other wording: {lost}")
        wrong += [f"{text!r} has other tokens than BERT's: {report['tokens'][sentences.ALL.index(text)]}" for text, ids in sentences.KNOWN.items()
                  if report["tokens"][sentences.ALL.index(text)] != ids]
    if wrong:
        raise PipelineError("\n".join(wrong))


def _run(folder: Path, variant: str, work: Path) -> dict:
    answers = work / f"{variant}.f32"
    report = text_check.sentences({
        "model": str(folder / f"{variant}.onnx"), "vocabulary": str(folder / "vocab.txt"), "lower_case": True, "max_tokens": MAX_TOKENS,
        "texts": sentences.ALL, "vectors": str(answers), "lengths": _LENGTHS, "batch_sizes": _BATCH_SIZES, "latency_runs": _LATENCY_RUNS,
        "latency_texts": 2 * len(sentences.PAIRS),
    }, work / f"{variant}.json")
    report["vectors"] = np.fromfile(answers, "<f4").reshape(-1, WIDTH).astype(np.float64)
    return report


def _similarities(vectors: np.ndarray) -> np.ndarray:
    rows = vectors[: 2 * len(sentences.PAIRS)]
    return rows @ rows.T


def _closeness(vectors: np.ndarray) -> tuple[float, float]:
    """The mean cosine within a pair, and between sentences of different pairs."""
    similar = _similarities(vectors)
    partner = np.arange(len(similar)) ^ 1
    within = similar[np.arange(len(similar)), partner]
    others = (similar.sum() - np.trace(similar) - within.sum()) / (similar.size - 2 * len(similar))
    return float(within.mean()), float(others)


def _not_nearest(vectors: np.ndarray) -> list[int]:
    similar = _similarities(vectors)
    np.fill_diagonal(similar, -1)
    return [row for row in range(len(similar)) if similar[row].argmax() != row ^ 1]
