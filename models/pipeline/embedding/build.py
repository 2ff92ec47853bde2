"""The command `embed`: says what it takes, fetches it, builds both variants, measures them, and puts the version's folder in place when all holds."""
import shutil
import sys
import tempfile
from math import ceil
from pathlib import Path

import onnx

from ..errors import PipelineError
from . import check, source
from .pooling import OUTPUT, WIDTH, pooled
from .quantise import quantised

FAMILY, VERSION = "embed", 1
_MANIFEST = """\
model: {family}
version: {version}
description: Sentence embeddings. A text in, a vector of length 1 out; the dot product of two says how much alike their texts are.
licence: "{licence}"
inputs:  [{{ name: text, datatype: BYTES, shape: [-1] }}]
outputs: [{{ name: {output}, datatype: FP32, shape: [-1, {width}] }}]
pre: {{ wordpiece: {{ vocab: vocab.txt, lower_case: true, max_tokens: {max_tokens} }} }}
privacy: any
updates: never
batching: {{ max_batch_size: 64, max_queue_size: 256 }}
variants:
  - {{ name: int8, file: int8.onnx, zones: [device, edge], memory_mib: {int8[memory]}, latency_ms: {int8[latency]} }}
  - {{ name: fp32, file: fp32.onnx, zones: [cloud], memory_mib: {fp32[memory]}, latency_ms: {fp32[latency]} }}
"""


def embed(out: Path, yes: bool) -> None:
    print(source.STATEMENT, flush=True)
    _ask(yes)
    staged = out / FAMILY / ".staged"
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    try:
        with tempfile.TemporaryDirectory() as work:
            reports = _build(staged, Path(work))
        _put(staged, out / FAMILY / str(VERSION))
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    print(_table(reports))
    print(f"wrote {out / FAMILY / str(VERSION)}. Serve it with --models {out}")


def _ask(yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise PipelineError("Nothing was fetched. Say --yes if that is what you want.")
    if input("Fetch it? [y/N] ").strip().lower() not in ("y", "yes"):
        raise PipelineError("Nothing was fetched.")


def _build(folder: Path, work: Path) -> dict[str, dict]:
    source.fetch(work)
    shutil.copy(work / "vocab.txt", folder / "vocab.txt")
    encoder = pooled(onnx.load(work / "model.onnx"))
    _save(encoder, folder / "fp32.onnx", "all-MiniLM-L6-v2, pooled and normalised, in float.")
    _save(quantised(encoder), folder / "int8.onnx", "all-MiniLM-L6-v2, pooled and normalised, in eight bits.")
    reports = check.measure(folder, ["fp32", "int8"], work)
    check.require(reports)
    declared = {
        variant: {"memory": ceil(report["resident_mib"]), "latency": f"{report['latency_median_ms']:.1f}"} for variant, report in reports.items()
    }
    (folder / "model.yaml").write_text(_MANIFEST.format(
        family=FAMILY, version=VERSION, licence=source.LICENCE, output=OUTPUT, width=WIDTH, max_tokens=check.MAX_TOKENS, **declared
    ))
    return reports


def _save(model: onnx.ModelProto, file: Path, description: str) -> None:
    model.doc_string = description
    onnx.checker.check_model(model)
    file.write_bytes(model.SerializeToString(deterministic=True))


def _put(staged: Path, folder: Path) -> None:
    """A version that is there is replaced whole."""
    if folder.exists():
        shutil.rmtree(folder)
    staged.rename(folder)


def _table(reports: dict[str, dict]) -> str:
    head = "| variant | bytes | cosine to fp32, mean (least) | same meaning / other | alone = batched | ms a sentence | MiB |\n|---|---|---|---|---|---|---|"
    return "\n".join([head, *(
        f"| {variant} | {report['bytes']:,} | {report['cosine_mean']:.4f} ({report['cosine_min']:.4f}) | {report['pairs']:.2f} / {report['strangers']:.2f} "
        f"| bit-equal, {report['compared']} rows | {report['latency_median_ms']:.1f} at {report['latency_tokens']:.0f} tokens | {report['resident_mib']:.0f} |"
        for variant, report in reports.items()
    )])
