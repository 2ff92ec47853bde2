"""Clips and how the exported small variant did on them. It is asked under the product's runtime, because its file is what will run."""
from dataclasses import dataclass, replace

import numpy as np

from ... import paths
from ...parallel import run_chunks
from ..clips import CHUNK, Clips, ClipSet, make_chunk
from ..evaluate import EDGE, judge_file
from ..features import Resolution, features_in_batches

COARSE = Resolution(window=256, hop=640, mels=8, first_bin=1, end_bin=122)


@dataclass(frozen=True)
class HardnessSet:
    """Features [N, mels, frames]; whether the small variant was right, and how sure it was."""

    x: np.ndarray
    right: np.ndarray
    confidences: np.ndarray

    def hard(self, floor: float) -> np.ndarray:
        """What the classifier is to tell: wrong, or not sure enough to be kept."""
        return ~self.right | (self.confidences < floor)


def load_mix(version: int, base: ClipSet, mix: dict[str, int]) -> HardnessSet:
    """Several conditions together, as a recipe lists them."""
    parts = [_load(version, replace(base, condition=condition, count=count)) for condition, count in mix.items()]
    return HardnessSet(*(np.concatenate([getattr(part, key) for part in parts]) for key in ("x", "right", "confidences")))


def _load(version: int, clip_set: ClipSet) -> HardnessSet:
    """Made chunk by chunk and kept: audio of a whole set would fill gigabytes."""
    wanted = clip_set.chunks()
    missing = [chunk for chunk in wanted if not _file(version, *chunk[:2]).exists()]
    whole = [(of, chunk, CHUNK) for of, chunk, _ in missing]
    for (of, chunk, _), clips in zip(whole, run_chunks(make_chunk, whole) if whole else ()):
        _keep(version, of, chunk, clips)
        print(f"hardness: {of.split} {of.condition}: chunk {chunk + 1} of {len(wanted)}", flush=True)
    kept = [np.load(_file(version, *chunk[:2])) for chunk in wanted]
    return HardnessSet(*(np.concatenate([part[key] for part in kept])[: clip_set.count] for key in ("x", "right", "confidences")))


def _file(version: int, clip_set: ClipSet, chunk: int):
    folder = f"{version}-{clip_set.split}-{clip_set.condition}-{clip_set.seed}-{clip_set.uses}"
    return paths.work("hardness", folder, f"{chunk}.npz")


def _keep(version: int, clip_set: ClipSet, chunk: int, clips: Clips) -> None:
    file = _file(version, clip_set, chunk)
    packed, partial = file.with_suffix(".bin"), file.with_suffix(".partial.npz")
    packed.write_bytes(clips.audio.tobytes())
    judged = judge_file(paths.version_folder("keyword", version), EDGE, packed, clips.labels, latency_runs=1)
    packed.unlink()
    np.savez(
        partial, x=features_in_batches(clips.audio, COARSE).astype(np.float16), right=judged.right, confidences=judged.confidences
    )
    partial.rename(file)
