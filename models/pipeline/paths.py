"""Where the pipeline reads and writes. Everything that can be made again goes to `.work`, which git ignores."""
from pathlib import Path

MODELS = Path(__file__).resolve().parent.parent
WORK = MODELS / ".work"
RECIPES = Path(__file__).resolve().parent / "recipes"
ORT_CHECK = Path(__file__).resolve().parent / "OrtCheck"
TEXT_CHECK = Path(__file__).resolve().parent / "TextCheck"


def version_folder(family: str, version: int) -> Path:
    """`<family>/<version>/`, as the product reads it."""
    return MODELS / family / str(version)


def work(*parts: str) -> Path:
    """A path below the working folder, whose parent exists."""
    path = WORK.joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
