"""From checkpoints to the files of a version's folder."""
import json
from pathlib import Path

from .. import paths
from ..recipe import KeywordRecipe
from .calibration import apply_temperature, calibrate_network
from .export import export_large, export_tiny
from .quantise import CALIBRATION_CLIPS, export_tiny_int8
from .training import load_network, validation_set
from .vocabulary import LABELS


def _temperatures_file(version: int) -> Path:
    return paths.work("checkpoints", f"keyword-{version}-temperatures.json")


def load_exported(version: int, name: str):
    """The network as it was exported, its temperature folded in: what the files are compared with."""
    network = load_network(version, name)
    apply_temperature(network, json.loads(_temperatures_file(version).read_text())[name])
    return network


def export(recipe: KeywordRecipe) -> Path:
    """Writes labels and the three ONNX files; the manifest comes from evaluation, because it states measured figures."""
    folder = paths.version_folder("keyword", recipe.version)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "labels.txt").write_text("\n".join(LABELS) + "\n")
    tiny, large = load_network(recipe.version, "tiny"), load_network(recipe.version, "large")
    x, y = validation_set(recipe)
    temperatures = {name: calibrate_network(network, x, y) for name, network in (("tiny", tiny), ("large", large))}
    print(f"temperatures: {temperatures}", flush=True)
    _temperatures_file(recipe.version).write_text(json.dumps(temperatures))
    calibration = x[:: len(x) // CALIBRATION_CLIPS][:CALIBRATION_CLIPS]
    sizes = {
        "tiny-fp32": export_tiny(tiny, folder / "tiny-fp32.onnx"),
        "tiny-int8": export_tiny_int8(tiny, folder / "tiny-int8.onnx", calibration),
        "large": export_large(large, folder / "large.onnx"),
    }
    for name, size in sizes.items():
        print(f"exported {name}: {size} bytes", flush=True)
    return folder
