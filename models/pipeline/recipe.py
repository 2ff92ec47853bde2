"""A version's recipe: data, sizes and seeds as a YAML file in `recipes/`, so that a new version is a new file, not new code."""
from dataclasses import dataclass, field
from pathlib import Path

from . import paths
from .errors import PipelineError


@dataclass(frozen=True)
class NetworkRecipe:
    """How one network is trained. `mix` counts clips of each condition."""

    mix: dict[str, int]
    epochs: int
    learning_rate: float
    batch: int = 128
    label_smoothing: float = 0.0
    masks: bool = False  # hide a stretch of time and a band
    other_throats: bool = False  # warp and tilt the spectrum, as other throats and microphones do
    bf16: bool = False
    weight_decay: float = 0.01
    warm_up: float = 0.2  # share of the steps in which the learning rate rises
    stop_after: int | None = None  # leaves the schedule after this epoch, for `refine` to go on
    refine: "NetworkRecipe | None" = None  # a further stage, which starts from this one's weights
    from_version: int | None = None  # takes this network from another version's checkpoint, trained before


@dataclass(frozen=True)
class ClassifierRecipe:
    """How the classifier of hard clips is trained. `mix` counts clips of each condition; `sent_hard` chooses its threshold."""

    seed: int
    mix: dict[str, int]
    epochs: int
    learning_rate: float
    validation_count: int
    sent_hard: float
    batch: int = 256


@dataclass(frozen=True)
class KeywordRecipe:
    """One version of the `keyword` family."""

    version: int
    seed: int
    training_seed: int
    training_uses: int
    validation_seed: int
    validation_count: int
    description: str
    kept_clips_right: float
    networks: dict[str, NetworkRecipe] = field(default_factory=dict)
    classifier: ClassifierRecipe | None = None


@dataclass(frozen=True)
class VibrationRecipe:
    """One version of the `vibration` family."""

    version: int
    seed: int
    training_seed: int
    validation_seed: int
    validation_count: int
    description: str
    kept_windows_right: float
    networks: dict[str, NetworkRecipe] = field(default_factory=dict)


def _network(values: dict) -> NetworkRecipe:
    refine = values.pop("refine", None)
    return NetworkRecipe(**values, refine=_network(refine) if refine else None)


def load_recipe(name: str, kind: type = KeywordRecipe):
    """Reads `recipes/<name>.yaml` as a `kind`; a key that is not known is an error, so a typo never trains the wrong model."""
    import yaml

    file = Path(name) if name.endswith(".yaml") else paths.RECIPES / f"{name}.yaml"
    if not file.exists():
        known = ", ".join(sorted(path.stem for path in paths.RECIPES.glob("*.yaml")))
        raise PipelineError(f"There is no recipe {file}. Known recipes: {known}")
    values = yaml.safe_load(file.read_text())
    try:
        values["networks"] = {key: _network(value) for key, value in values["networks"].items()}
        if "classifier" in values:
            values["classifier"] = ClassifierRecipe(**values["classifier"])
        return kind(**values)
    except (KeyError, TypeError) as error:
        raise PipelineError(f"The recipe {file} is not well formed: {error}") from error
