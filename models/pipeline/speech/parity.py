"""The float files against the trained networks. Apart from `evaluate.py`, because it needs PyTorch and a check in CI does not."""
import numpy as np
from scipy.special import softmax

from .. import paths
from ..errors import PipelineError
from . import evaluate
from .build import load_exported
from .clips import ClipSet
from .features import features
from .training import logits_of

PARITY_CLIPS, PARITY = 200, 1e-3


def check_parity(version: int) -> None:
    """From samples to confidence: a slip in the graph must not pass as a weak model."""
    clip_set = ClipSet("validation", "hard", evaluate.FLOOR_SEED, evaluate.FLOOR_COUNT)
    for variant, name in (("tiny-fp32", "tiny"), ("large", "large")):
        judged, clips = evaluate.judge(paths.version_folder("keyword", version), variant, clip_set)
        scores = softmax(logits_of(load_exported(version, name), features(clips.audio[:PARITY_CLIPS])), axis=1)
        difference = float(np.abs(scores.max(1) - judged.confidences[:PARITY_CLIPS]).max())
        print(f"{variant}: file and network differ by {difference:.1e} at most", flush=True)
        if difference > PARITY:
            raise PipelineError(f"{variant}: the exported file does not answer as the trained network does.")
