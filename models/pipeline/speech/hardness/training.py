"""Trains the classifier against what the exported small variant did, and calibrates it on validation voices."""
import time
from pathlib import Path

import numpy as np
import torch
from scipy.optimize import minimize
from torch import nn

from ... import paths
from ...recipe import ClassifierRecipe, KeywordRecipe
from ..clips import ClipSet
from .dataset import HardnessSet, load_mix
from .network import Hardness, summarise


def checkpoint(version: int) -> Path:
    return paths.work("checkpoints", f"keyword-{version}-hard.pt")


def validation_set(recipe: KeywordRecipe) -> HardnessSet:
    """Clips of the validation voices, half of them easy, for the calibration."""
    count = recipe.classifier.validation_count
    return load_mix(recipe.version, ClipSet("validation", "easy", recipe.classifier.seed, 0), {"easy": count, "hard": count})


def train(recipe: KeywordRecipe, floor: float) -> Hardness:
    """One thread and fixed seeds. The network's standardisation and calibration end up in its layers."""
    settings, started = recipe.classifier, time.monotonic()
    torch.set_num_threads(1)
    torch.manual_seed(settings.seed)
    heard = load_mix(recipe.version, ClipSet("training", "easy", settings.seed, 0, recipe.training_uses), settings.mix)
    x, hard = summarise(torch.from_numpy(heard.x.astype(np.float32))), torch.from_numpy(heard.hard(floor).astype(np.float32))
    network = Hardness()
    centre, spread = x.mean(0), x.std(0)
    _fit(network, (x - centre) / spread, hard, settings)
    with torch.no_grad():  # from standardised features to features as they are
        network.first.weight.div_(spread)
        network.first.bias.sub_(network.first.weight @ centre)
    check = validation_set(recipe)
    _calibrate(network, logits_of(network, check.x), check.hard(floor))
    torch.save(network.state_dict(), checkpoint(recipe.version))
    print(f"hard: {sum(part.numel() for part in network.parameters())} weights, {len(x)} clips, {time.monotonic() - started:.0f} s", flush=True)
    return network.eval()


def _fit(network: Hardness, x: torch.Tensor, hard: torch.Tensor, settings: ClassifierRecipe) -> None:
    """AdamW under a one-cycle schedule."""
    steps = len(x) // settings.batch
    optimiser = torch.optim.AdamW(network.parameters(), settings.learning_rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, settings.learning_rate, epochs=settings.epochs, steps_per_epoch=steps)
    for _ in range(settings.epochs):
        order = torch.randperm(len(x))
        for step in range(steps):
            rows = order[step * settings.batch : (step + 1) * settings.batch]
            loss = nn.functional.binary_cross_entropy_with_logits(_second_layers(network, x[rows]), hard[rows])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()


def _second_layers(network: Hardness, summary: torch.Tensor) -> torch.Tensor:
    return network.second(torch.relu(network.first(summary))).squeeze(1)


@torch.no_grad()
def logits_of(network: Hardness, x: np.ndarray) -> np.ndarray:
    return network(torch.from_numpy(x.astype(np.float32))).numpy().astype(float)


@torch.no_grad()
def _calibrate(network: Hardness, logits: np.ndarray, hard: np.ndarray) -> None:
    """A slope and an offset (Platt), so that a verdict is a probability on voices that training never heard."""

    def loss(line) -> float:
        scores = line[0] * logits + line[1]
        return float(np.mean(np.logaddexp(0, scores) - hard * scores))

    slope, offset = minimize(loss, [1.0, 0.0], method="Nelder-Mead").x
    network.second.weight.mul_(slope)
    network.second.bias.mul_(slope).add_(offset)
    print(f"hard: calibrated with slope {slope:.2f} and offset {offset:+.2f}", flush=True)

