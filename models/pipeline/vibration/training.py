"""Trains the autoencoder on well windows and the classifier on all, together. One thread and fixed seeds."""
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from .. import paths
from ..recipe import VibrationRecipe
from .dataset import mixed
from .features import features
from .networks import NETWORKS
from .physics import Windows

REBUILDING_WEIGHT = 0.3
SCORE_QUANTILE = 0.95


def checkpoint(version: int, name: str) -> Path:
    return paths.work("checkpoints", f"vibration-{version}-{name}.pt")


def load_network(version: int, name: str) -> nn.Module:
    network = NETWORKS[name]()
    network.load_state_dict(torch.load(checkpoint(version, name)))
    return network.eval()


@torch.no_grad()
def features_of(data: Windows, batch: int = 2000) -> torch.Tensor:
    rows = [slice(at, at + batch) for at in range(0, len(data.labels), batch)]
    parts = [features(torch.from_numpy(data.windows[row]), torch.from_numpy(data.rated_rpm[row])) for row in rows]
    return torch.cat(parts)


def train(recipe: VibrationRecipe, name: str) -> None:
    """Trains, sets the score's scale from well windows, keeps the checkpoint."""
    torch.set_num_threads(1)
    torch.manual_seed(recipe.seed)
    settings, started = recipe.networks[name], time.monotonic()
    data = mixed("training", recipe.training_seed, settings.mix)
    known = features_of(data)
    network = NETWORKS[name]()
    network.mean.copy_(known.mean(0))
    network.scale.copy_(known.std(0).clamp(min=1e-3))
    parameters = sum(parameter.numel() for parameter in network.parameters())
    print(f"{name}: {parameters} parameters, {len(known)} windows, made in {time.monotonic() - started:.0f} s", flush=True)
    fit(network, data, known, settings, recipe.seed)
    network.eval()
    with torch.no_grad():
        well = np.flatnonzero(data.labels == 0)[:5000]
        _, error, _ = network(torch.from_numpy(data.windows[well]), torch.from_numpy(data.rated_rpm[well]), known[well])
        network.score_scale.fill_(float(np.quantile(error.numpy(), SCORE_QUANTILE)))
    torch.save(network.state_dict(), checkpoint(recipe.version, name))
    print(f"{name}: trained in {time.monotonic() - started:.0f} s", flush=True)


def fit(network: nn.Module, data: Windows, known: torch.Tensor, settings, seed: int) -> None:
    """AdamW under a one-cycle schedule; only well windows teach the autoencoder."""
    random, steps = np.random.default_rng(seed), len(known) // settings.batch
    optimiser = torch.optim.AdamW(network.parameters(), settings.learning_rate, weight_decay=settings.weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, settings.learning_rate, epochs=settings.epochs, steps_per_epoch=steps, pct_start=0.2
    )
    loss_of = nn.CrossEntropyLoss(label_smoothing=settings.label_smoothing)
    network.train()
    for epoch in range(settings.epochs):
        order, total = random.permutation(len(known)), 0.0
        for step in range(steps):
            rows = np.sort(order[step * settings.batch : (step + 1) * settings.batch])
            target = torch.from_numpy(data.labels[rows])
            window, rpm = torch.from_numpy(data.windows[rows]), torch.from_numpy(data.rated_rpm[rows])
            logits, error, _ = network(window, rpm, known[rows])
            loss = loss_of(logits, target) + REBUILDING_WEIGHT * error[target == 0].mean()
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
        print(f"  epoch {epoch + 1} of {settings.epochs}: loss {total / steps:.3f}", flush=True)
