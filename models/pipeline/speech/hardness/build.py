"""From a recipe to `hard.onnx`, checked against the network it was made from. Needs PyTorch."""
from pathlib import Path

import numpy as np
from scipy.special import expit

from ... import paths
from ...errors import PipelineError
from ...recipe import KeywordRecipe
from .. import evaluate as variants
from ..clips import ClipSet
from ..features import features
from . import evaluate
from .dataset import COARSE
from .export import export_hardness
from .network import Hardness
from .training import logits_of, train

PARITY_CLIPS, PARITY = 200, 1e-3


def make(recipe: KeywordRecipe, floor: float) -> Path:
    """Trains and writes the classifier beside the variants that it is about."""
    file = paths.version_folder("keyword", recipe.version) / evaluate.FILE
    network = train(recipe, floor)
    print(f"exported hard: {export_hardness(network, file)} bytes", flush=True)
    _check_parity(network, file.parent, floor)
    return file


def _check_parity(network: Hardness, folder: Path, floor: float) -> None:
    """From samples to verdict: a slip in the graph must not pass as a weak model."""
    clip_set = ClipSet("validation", "hard", variants.FLOOR_SEED, variants.FLOOR_COUNT)
    judged, (_, clips) = evaluate.judge(folder, clip_set, floor), variants.kept_clips(clip_set)
    scores = expit(logits_of(network, features(clips.audio[:PARITY_CLIPS], COARSE)))
    difference = float(np.abs(scores - judged.verdicts[:PARITY_CLIPS]).max())
    print(f"hard: file and network differ by {difference:.1e} at most", flush=True)
    if difference > PARITY:
        raise PipelineError("hard.onnx does not answer as the trained network does.")
