"""The committed examples in `clips/`: a packed evaluation set, and requests that can be pasted into curl.

The keyword examples are searched for, so that they show the ways a request can take. The easy one is kept at the edge by a wide margin.
On the other two both tiny variants are wrong and far below the floor, while the large variant is right and above it; the classifier
tells the hard one beforehand, and finds nothing wrong with the unsure one.
"""
import json
import wave

import numpy as np

from . import paths, report
from .errors import PipelineError
from .speech import evaluate as speech
from .speech.clips import ClipSet, write_clips
from .speech.hardness import evaluate as hardness
from .speech.mixing import CLIP_SAMPLES
from .speech.vocabulary import LABELS
from .vibration import evaluate as vibration

FOLDER = paths.MODELS / "clips"
PACKED_SEED, PACKED_COUNT = 20261124, 120
SEARCH_SEED, SEARCH_COUNT = 31001, 1500
EASY_CONFIDENCE, HARD_DISTANCE, VERDICT_DISTANCE = 0.95, 0.2, 0.1


def make_samples() -> None:
    FOLDER.mkdir(exist_ok=True)
    sets = [ClipSet("evaluation", condition, PACKED_SEED, PACKED_COUNT) for condition in speech.CONDITIONS]
    write_clips(FOLDER, "evaluation", sets)
    about = {name: _keyword_example(name) for name in ("easy", "hard", "unsure")} | _vibration_examples()
    (FOLDER / "examples.json").write_text(json.dumps(about, indent=2) + "\n")


def _keyword_example(name: str) -> dict:
    clip_set = ClipSet("evaluation", "easy" if name == "easy" else "hard", SEARCH_SEED, SEARCH_COUNT)
    floor, folder = report.floor_of("keyword", 1), paths.version_folder("keyword", 1)
    judged = {variant: speech.judge(folder, variant, clip_set)[0] for variant in speech.VARIANTS}
    verdicts, threshold = hardness.judge(folder, clip_set, floor).verdicts, report.threshold_of("keyword", 1)
    _, clips = speech.kept_clips(clip_set)
    tiny, large = [judged["tiny-int8"], judged["tiny-fp32"]], judged["large"]
    command = clips.labels >= 2
    as_told = verdicts >= threshold + VERDICT_DISTANCE if name == "hard" else verdicts <= threshold / 2
    if name == "easy":
        quality = np.min([part.confidences for part in (*tiny, large)], 0)
        fits = command & large.right & tiny[0].right & tiny[1].right & (quality >= EASY_CONFIDENCE)
    else:
        highest = np.max([part.confidences for part in tiny], 0)
        fits = command & large.right & ~tiny[0].right & ~tiny[1].right & (highest <= floor - HARD_DISTANCE)
        fits &= large.confidences > floor
        quality = np.minimum(large.confidences - floor, (floor - highest) / 4)
    fits &= as_told
    if not fits.any():
        raise PipelineError(f"No {name} example among {SEARCH_COUNT} clips: search with another SEARCH_SEED.")
    chosen = int(np.argmax(np.where(fits, quality, -1)))
    _write_audio(name, clips.audio[chosen])
    return {
        "label": LABELS[clips.labels[chosen]], "voice": clips.variants[chosen],
        "verdict": round(float(verdicts[chosen]), 3),
        "confidence": {name: round(float(part.confidences[chosen]), 3) for name, part in judged.items()},
        "right": {name: bool(part.right[chosen]) for name, part in judged.items()},
    }


def _write_audio(name: str, audio: np.ndarray) -> None:
    """The same second three times: to paste, to post as raw bytes, and to listen to."""
    (FOLDER / f"{name}.raw").write_bytes(audio.astype("<i2").tobytes())
    _write_request(name, [{"name": "audio", "shape": [1, CLIP_SAMPLES], "datatype": "INT16", "data": audio.tolist()}])
    with wave.open(str(FOLDER / f"{name}.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(CLIP_SAMPLES)
        file.writeframes(audio.astype("<i2").tobytes())


def _write_request(name: str, inputs: list[dict]) -> None:
    (FOLDER / f"{name}.json").write_text(json.dumps({"inputs": inputs}, separators=(",", ":")) + "\n")


def _vibration_examples() -> dict:
    """A fault that the small network is sure of, and one that it is not but the large network is."""
    about, floor = {}, report.floor_of("vibration", 1)
    for name, condition in (("vibration", "easy"), ("vibration-hard", "hard")):
        data = vibration.windows_of("evaluation", condition, SEARCH_SEED, SEARCH_COUNT)
        folder = paths.version_folder("vibration", 1)
        judged = {key: vibration.judge(folder, key, f"vibration-search-{condition}", data) for key in vibration.VARIANTS}
        small, large = judged["small"], judged["large"]
        if condition == "easy":
            fits, quality = small.right & large.right, np.minimum(small.confidences, large.confidences)
        else:
            fits = large.right & ~small.right & (small.confidences < floor - 0.1) & (large.confidences > floor)
            quality = large.confidences - floor + (floor - small.confidences) / 4
        chosen = int(np.argmax(np.where(fits & (data.labels == 1), quality, -1)))
        window = [round(float(acceleration), 3) for acceleration in data.windows[chosen].ravel()]
        rpm = [float(data.rated_rpm[chosen, 0])]
        _write_request(name, [
            {"name": "window", "shape": [1, 256, 3], "datatype": "FP32", "data": window},
            {"name": "rated_rpm", "shape": [1, 1], "datatype": "FP32", "data": rpm},
        ])
        about[name] = {
            "label": "anomaly", "fault": vibration.FAULTS[data.faults[chosen]],
            "confidence": {key: round(float(part.confidences[chosen]), 3) for key, part in judged.items()},
            "right": {key: bool(part.right[chosen]) for key, part in judged.items()},
        }
    return about
