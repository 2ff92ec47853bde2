"""Sets of windows by split, condition, seed and count. Splits draw their machines from seeds of their own."""
import csv
from pathlib import Path

import numpy as np

from .physics import CONDITIONS, FAULTS, LABELS, Windows, make_machines, make_windows

MACHINES = {"training": (1, 3000), "validation": (2, 300), "evaluation": (3, 300)}
_CONDITION_CODES = {"easy": 1, "hard": 2}
_CHUNK = 2000


def windows_of(split: str, condition: str, seed: int, count: int) -> Windows:
    """The windows, made in chunks so that memory stays small; they depend on the arguments alone."""
    code, population = MACHINES[split]
    machines = make_machines(np.random.default_rng([9100, code]), population)
    random = np.random.default_rng([seed, code, _CONDITION_CODES[condition]])
    sizes = [min(_CHUNK, count - at) for at in range(0, count, _CHUNK)]
    return _join([make_windows(random, machines, CONDITIONS[condition], size) for size in sizes])


def _join(parts: list[Windows]) -> Windows:
    names = Windows.__dataclass_fields__
    return Windows(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def mixed(split: str, seed: int, counts: dict[str, int]) -> Windows:
    return _join([windows_of(split, condition, seed, count) for condition, count in counts.items() if count])


def write_windows(folder: Path, seed: int, counts: dict[str, int]) -> int:
    """`window.bin` [N, 256, 3] and `rated_rpm.bin` [N, 1] as little-endian float32, `windows.csv` a line for each, in order."""
    folder.mkdir(parents=True, exist_ok=True)
    data = mixed("evaluation", seed, counts)
    (folder / "window.bin").write_bytes(data.windows.astype("<f4").tobytes())
    (folder / "rated_rpm.bin").write_bytes(data.rated_rpm.astype("<f4").tobytes())
    conditions = [condition for condition, count in counts.items() for _ in range(count)]
    with open(folder / "windows.csv", "w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["index", "label", "label_index", "condition", "fault", "machine", "seed"])
        for index, (label, condition, fault, machine) in enumerate(zip(data.labels, conditions, data.faults, data.machines)):
            rows.writerow([index, LABELS[label], label, condition, FAULTS[fault] if fault >= 0 else "none", machine, seed])
    return len(conditions)
