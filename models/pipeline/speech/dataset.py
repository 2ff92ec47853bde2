"""Training data: features and labels of clip sets, made once, chunk by chunk, and kept in the working folder.

A smaller set is the beginning of a larger one with the same seed, so recipes that differ in size share what was made.
"""
from dataclasses import replace
from pathlib import Path

import numpy as np

from .. import paths
from ..parallel import run_chunks
from .clips import CHUNK, ClipSet, make_chunk
from .features import features_in_batches


def _chunk_file(clip_set: ClipSet, chunk: int) -> Path:
    folder = f"{clip_set.split}-{clip_set.condition}-{clip_set.seed}-{clip_set.uses}"
    return paths.work("features", folder, f"{chunk}.npz")


def _keep_chunk(clip_set: ClipSet, chunk: int, _count: int) -> int:
    """Makes a whole chunk's features in half precision; written beside and renamed, so that a killed run leaves no half file."""
    clips = make_chunk(clip_set, chunk, CHUNK)
    file = _chunk_file(clip_set, chunk)
    partial = file.with_suffix(".partial.npz")
    np.savez(partial, x=features_in_batches(clips.audio).astype(np.float16), y=clips.labels)
    partial.rename(file)
    return chunk


def load_features(clip_set: ClipSet) -> tuple[np.ndarray, np.ndarray]:
    """Features [N, 40, 49] and labels."""
    wanted = clip_set.chunks()
    missing = [chunk for chunk in wanted if not _chunk_file(*chunk[:2]).exists()]
    for chunk in run_chunks(_keep_chunk, missing) if missing else ():
        print(f"features: {clip_set.split} {clip_set.condition}: chunk {chunk + 1} of {len(wanted)}", flush=True)
    kept = [np.load(_chunk_file(*chunk[:2])) for chunk in wanted]
    x, y = (np.concatenate([part[key] for part in kept])[: clip_set.count] for key in "xy")
    return x, y


def load_mix(base: ClipSet, mix: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """Several conditions together, as a recipe lists them."""
    parts = [load_features(replace(base, condition=condition, count=count)) for condition, count in mix.items() if count]
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
