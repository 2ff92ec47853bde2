"""From checkpoints to the files of a version's folder."""
from pathlib import Path

from .. import paths
from ..recipe import KeywordRecipe
from .export import export_large, export_tiny
from .quantise import CALIBRATION_CLIPS, export_tiny_int8
from .training import load_network, validation_set
from .vocabulary import LABELS


def folder_of(version: int) -> Path:
    return paths.MODELS / "keyword" / str(version)


def export(recipe: KeywordRecipe) -> Path:
    """Writes labels and the three ONNX files; the manifest comes from evaluation, because it states measured figures."""
    folder = folder_of(recipe.version)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "labels.txt").write_text("\n".join(LABELS) + "\n")
    tiny, large = load_network(recipe.version, "tiny"), load_network(recipe.version, "large")
    x, _ = validation_set(recipe)
    calibration = x[:: len(x) // CALIBRATION_CLIPS][:CALIBRATION_CLIPS]
    sizes = {
        "tiny-fp32": export_tiny(tiny, folder / "tiny-fp32.onnx"),
        "tiny-int8": export_tiny_int8(tiny, folder / "tiny-int8.onnx", calibration),
        "large": export_large(large, folder / "large.onnx"),
    }
    for name, size in sizes.items():
        print(f"exported {name}: {size} bytes", flush=True)
    return folder
