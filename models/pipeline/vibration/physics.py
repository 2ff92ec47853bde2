"""A rotating machine as its accelerometer hears it. All signals are in g, at 1,600 samples a second, 256 to a window.

A well machine: residual imbalance, a few harmonics, blade pass, mains hum of the motor, structural and sensor noise, a neighbour,
now and then a knock. Faults, each as textbooks describe it: imbalance (once a turn, radial), misalignment (twice a turn, axial too),
looseness (many harmonics, half orders, clipping), bearing (impulses at the ball-pass rate that ring a resonance).
"""
from dataclasses import dataclass

import numpy as np

SAMPLE_RATE, WINDOW, AXES = 1600, 256, 3
LOWEST_RPM, HIGHEST_RPM = 900.0, 3000.0
LABELS = ["normal", "anomaly"]
FAULTS = ["imbalance", "misalignment", "looseness", "bearing"]
_TIME = np.arange(WINDOW) / SAMPLE_RATE


@dataclass(frozen=True)
class Condition:
    """How hard it is to tell: how far the fault has come, the sensor's noise (g), and how loud the neighbourhood is."""

    name: str
    severity: tuple[float, float]
    noise_g: tuple[float, float]
    disturbance: float


CONDITIONS = {
    "easy": Condition("easy", (0.55, 1.0), (0.003, 0.02), 0.3),
    "hard": Condition("hard", (0.12, 0.45), (0.01, 0.05), 1.0),
}


@dataclass(frozen=True)
class Machines:
    """A population; arrays with one entry a machine. Splits share no machine."""

    rated_rpm: np.ndarray
    blades: np.ndarray
    mount: np.ndarray
    harmonics: np.ndarray
    ball_pass: np.ndarray
    resonance_hz: np.ndarray

    @property
    def count(self) -> int:
        return self.rated_rpm.size


def make_machines(random, count: int) -> Machines:
    return Machines(
        rated_rpm=random.choice([960, 1180, 1450, 1475, 1770, 2200, 2600, 2950], count).astype(float),
        blades=random.integers(4, 9, count),
        mount=random.uniform(0.5, 1.4, (count, AXES)),
        harmonics=random.uniform(0.15, 1.0, (count, 3)) * np.array([0.06, 0.025, 0.012]),
        ball_pass=np.where(random.random(count) < 0.5, random.uniform(2.9, 3.7, count), random.uniform(4.8, 5.5, count)),
        resonance_hz=random.uniform(320, 700, count),
    )


@dataclass(frozen=True)
class Windows:
    """Windows [N, 256, 3], rated speeds [N, 1], labels, each window's machine and fault (-1: none)."""

    windows: np.ndarray
    rated_rpm: np.ndarray
    labels: np.ndarray
    machines: np.ndarray
    faults: np.ndarray


def make_windows(random, machines: Machines, condition: Condition, count: int) -> Windows:
    """Half of the windows hold a fault."""
    chosen = random.integers(machines.count, size=count)
    faults = np.where(random.random(count) < 0.5, random.integers(len(FAULTS), size=count), -1)
    severity = random.uniform(*condition.severity, count)
    turn_hz = machines.rated_rpm[chosen] / 60 * (1 - random.uniform(0, 0.04, count))
    phase = random.uniform(0, 2 * np.pi, count)
    signal = _well(random, machines, chosen, turn_hz, phase)
    for index, add in enumerate((_imbalance, _misalignment, _looseness)):
        rows = np.flatnonzero(faults == index)
        signal[rows] = add(random, signal[rows], turn_hz[rows], phase[rows], severity[rows])
    rows = np.flatnonzero(faults == FAULTS.index("bearing"))
    pass_hz = turn_hz[rows] * machines.ball_pass[chosen[rows]]
    signal[rows] += _bearing(random, pass_hz, turn_hz[rows], machines.resonance_hz[chosen[rows]], severity[rows])
    signal = signal * machines.mount[chosen][:, None, :]
    signal += _surroundings(random, count, condition)
    signal += random.standard_normal(signal.shape) * random.uniform(*condition.noise_g, (count, 1, 1))
    signal += _gravity(random, count)
    return Windows(
        np.round(signal / 0.004).astype(np.float32) * np.float32(0.004),  # the sensor's step of 4 mg
        machines.rated_rpm[chosen, None].astype(np.float32), (faults >= 0).astype(np.int64), chosen, faults,
    )


def _wave(hz, phase) -> np.ndarray:
    return np.sin(2 * np.pi * np.asarray(hz)[:, None] * _TIME + np.asarray(phase)[:, None])


def _radial(hz, phase, amplitude, axial_share: float = 0.15) -> np.ndarray:
    """A turning force: the two radial axes a quarter turn apart, and a share of it along the shaft."""
    amplitude = np.asarray(amplitude)[:, None]
    x, y = amplitude * _wave(hz, phase), amplitude * _wave(hz, phase + np.pi / 2)
    return np.stack([x, y, axial_share * x], 2)


def _well(random, machines, chosen, turn_hz, phase) -> np.ndarray:
    count = chosen.size
    signal = np.zeros((count, WINDOW, AXES))
    for order in range(3):
        amplitude = machines.harmonics[chosen, order] * random.uniform(0.7, 1.4, count)
        signal += _radial(turn_hz * (order + 1), random.uniform(0, 2 * np.pi, count) if order else phase, amplitude)
    signal += _radial(turn_hz * machines.blades[chosen], random.uniform(0, 2 * np.pi, count), random.uniform(0.002, 0.02, count))
    mains = random.choice([100.0, 120.0], count)
    return signal + _radial(mains, random.uniform(0, 2 * np.pi, count), random.uniform(0.0, 0.01, count), 0.5)


def _imbalance(random, signal, turn_hz, phase, severity):
    return signal + _radial(turn_hz, phase, severity * random.uniform(0.15, 0.35, severity.size))


def _misalignment(random, signal, turn_hz, phase, severity):
    twice = severity * random.uniform(0.12, 0.25, severity.size)
    shift = random.uniform(0, 2 * np.pi, severity.size)
    return signal + _radial(2 * turn_hz, phase + shift, twice, 0.9) + _radial(3 * turn_hz, shift, twice * 0.35, 0.7)


def _looseness(random, signal, turn_hz, phase, severity):
    """Half orders and a rattle of harmonics; the loose part hits its stop, so one side of the wave is cut."""
    for half_order in range(1, 15):
        amplitude = severity * random.uniform(0.02, 0.10, severity.size) / half_order**0.4
        signal = signal + _radial(turn_hz * half_order / 2, random.uniform(0, 2 * np.pi, severity.size), amplitude, 0.4)
    stop = signal.std(1, keepdims=True) * 1.5
    return np.minimum(signal, stop)


def _bearing(random, pass_hz, turn_hz, resonance_hz, severity) -> np.ndarray:
    """Each ball over the flaw strikes once; the strike rings the housing and dies within some milliseconds."""
    count = severity.size
    signal = np.zeros((count, WINDOW))
    first, decay = random.uniform(-1, 0, count), random.uniform(150, 400, count)
    load = 1 + 0.5 * np.sin(2 * np.pi * turn_hz[:, None] * _TIME + random.uniform(0, 6.28, (count, 1)))
    for strike in range(50):
        start = (first + strike + random.normal(0, 0.02, count)) / pass_hz
        after = _TIME - start[:, None]
        ring = np.exp(-decay[:, None] * np.maximum(after, 0)) * np.sin(2 * np.pi * resonance_hz[:, None] * after)
        signal += np.where(after >= 0, ring, 0) * random.uniform(0.6, 1.4, (count, 1))
    amplitude = severity * random.uniform(0.15, 0.4, count)
    return (signal * load * amplitude[:, None])[:, :, None] * random.uniform(0.4, 1, (count, 1, AXES))


def _surroundings(random, count: int, condition: Condition) -> np.ndarray:
    """Structure-borne noise, a neighbouring machine at its own speed, and in some windows a knock."""
    white = random.standard_normal((count, WINDOW, AXES))
    slow = np.cumsum(white, 1) * 0.1
    slow -= slow.mean(1, keepdims=True)
    signal = slow * random.uniform(0.002, 0.02, (count, 1, 1))
    neighbour = condition.disturbance * random.uniform(0, 0.06, count)
    signal += _radial(random.uniform(14, 60, count), random.uniform(0, 6.28, count), neighbour, 0.6)
    knocked = (random.random(count) < 0.25 * condition.disturbance)[:, None]
    after = _TIME - random.uniform(0, 0.15, (count, 1))
    hz, decay = random.uniform(80, 600, (count, 1)), random.uniform(40, 200, (count, 1))
    knock = np.where((after >= 0) & knocked, np.exp(-decay * np.maximum(after, 0)) * np.sin(2 * np.pi * hz * after), 0)
    return signal + (knock * random.uniform(0.05, 0.4, (count, 1)))[:, :, None] * random.uniform(0.3, 1, (count, 1, AXES))


def _gravity(random, count: int) -> np.ndarray:
    direction = random.standard_normal((count, 1, AXES))
    return direction / np.linalg.norm(direction, axis=2, keepdims=True)
