"""The commands, each a few lines. Imports are inside, so that `clips` needs neither PyTorch nor onnx."""
from pathlib import Path

from .errors import PipelineError

KEYWORD, VIBRATION = "keyword-v1", "vibration-v1"


def _recipe(name: str):
    """A recipe and the family that its name begins with."""
    from .recipe import KeywordRecipe, VibrationRecipe, load_recipe

    family = Path(name).stem.split("-")[0]
    if family not in ("keyword", "vibration"):
        raise PipelineError(f"A recipe's name begins with its family, keyword- or vibration-: got {name}")
    return family, load_recipe(name, KeywordRecipe if family == "keyword" else VibrationRecipe)


def clips(out: str, seed: int, easy: int, hard: int) -> None:
    """A fresh labelled set of keyword clips."""
    from .speech.clips import ClipSet, write_clips

    counts = {"easy": easy, "hard": hard}
    sets = [ClipSet("evaluation", condition, seed, count) for condition, count in counts.items() if count]
    total = write_clips(Path(out), "clips", sets)
    print(f"{total} clips in {out}: clips.bin (int16 little-endian, 16000 samples each) and clips.csv")


def windows(out: str, seed: int, easy: int, hard: int) -> None:
    """A fresh labelled set of vibration windows."""
    from .vibration.dataset import write_windows

    total = write_windows(Path(out), seed, {"easy": easy, "hard": hard})
    print(f"{total} windows in {out}: window.bin, rated_rpm.bin (float32 little-endian) and windows.csv")


def train(name: str, networks: list[str]) -> None:
    family, recipe = _recipe(name)
    if family == "keyword":
        from .speech.training import train as train_network
    else:
        from .vibration.training import train as train_network
    for network in networks or recipe.networks:
        train_network(recipe, network)


def export(name: str) -> None:
    family, recipe = _recipe(name)
    if family == "keyword":
        from .speech.build import export as export_version
    else:
        from .vibration.export import export as export_version
    print(f"wrote {export_version(recipe)}")


def evaluate(name: str) -> None:
    """Measures, then writes what follows from the figures: manifest, expected intervals, tables."""
    from . import manifest, paths, report

    family, recipe = _recipe(name)
    if family == "keyword":
        from .speech.evaluate import evaluate as measure
        from .speech.parity import check_parity
        from .speech.vocabulary import LABELS

        check_parity(recipe.version)
    else:
        from .vibration.evaluate import evaluate as measure
        from .vibration.physics import LABELS
    figures = measure(recipe)
    manifest.write_manifest(paths.version_folder(family, recipe.version), family, recipe.description, len(LABELS), figures)
    report.write_expected(family, figures)
    report.write_readme(f"{family}-{recipe.version}", report.tables(figures))
    print(report.tables(figures))


def classifier(name: str) -> None:
    """Trains, exports and measures the classifier of exported and evaluated variants, then states it in manifest, intervals and README."""
    from . import manifest, paths, report
    from .speech.hardness.build import make
    from .speech.hardness.evaluate import evaluate as measure

    family, recipe = _recipe(name)
    if family != "keyword" or recipe.classifier is None:
        raise PipelineError(f"The recipe {name} describes no classifier.")
    floor = report.floor_of(family, recipe.version)
    make(recipe, floor)
    figures = measure(recipe, floor)
    manifest.write_classifier(paths.version_folder(family, recipe.version), figures["threshold"])
    report.write_expected_classifier(family, figures)
    report.write_readme(f"{family}-{recipe.version}-hard", report.classifier_table(figures))
    print(report.classifier_table(figures))


def embed(out: str | None, yes: bool) -> None:
    """The sentence encoder of a NuGet package, built and checked; needs consent."""
    from . import paths
    from .embedding.build import embed as build

    build(Path(out) if out else paths.MODELS, yes)


def samples() -> None:
    from .samples import make_samples

    make_samples()


def check(seed: int, easy: int, hard: int) -> None:
    """Fresh sets with a new seed against the stated intervals; fails when one is left."""
    from .fresh import check_fresh

    wrong = check_fresh(seed, {"easy": easy, "hard": hard})
    if wrong:
        raise PipelineError("\n".join(wrong))
    print("every share lies in its stated interval")


def everything() -> None:
    for name in (KEYWORD, VIBRATION):
        train(name, [])
        export(name)
        evaluate(name)
    classifier(KEYWORD)
    samples()
