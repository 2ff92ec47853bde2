"""Trains one network of a recipe and keeps its checkpoint. One thread and fixed seeds: the same machine gives the same weights."""
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from .. import paths
from ..recipe import KeywordRecipe, NetworkRecipe
from . import augment
from .clips import ClipSet
from .dataset import load_mix
from .networks import NETWORKS


def checkpoint(version: int, name: str) -> Path:
    return paths.work("checkpoints", f"keyword-{version}-{name}.pt")


def validation_set(recipe: KeywordRecipe) -> tuple[np.ndarray, np.ndarray]:
    """Easy and hard clips of the validation voices: for the floor and for activation ranges, never for the stated figures."""
    base = ClipSet("validation", "easy", recipe.validation_seed, 0)
    return load_mix(base, {"easy": recipe.validation_count, "hard": recipe.validation_count})


def load_network(version: int, name: str) -> nn.Module:
    network = NETWORKS[name]()
    network.load_state_dict(torch.load(checkpoint(version, name)))
    return network.eval()


@torch.no_grad()
def logits_of(network: nn.Module, x: np.ndarray, batch: int = 500) -> np.ndarray:
    network.eval()
    parts = [network(torch.from_numpy(x[at : at + batch].astype(np.float32))) for at in range(0, len(x), batch)]
    return torch.cat(parts).numpy()


def train(recipe: KeywordRecipe, name: str) -> None:
    """Trains and keeps the last weights: the learning rate ends at zero, so the last epoch is the best."""
    settings = recipe.networks[name]
    if settings.from_version is not None:
        checkpoint(recipe.version, name).write_bytes(checkpoint(settings.from_version, name).read_bytes())
        return
    torch.set_num_threads(1)
    torch.manual_seed(recipe.seed)
    network, stage, seed = NETWORKS[name](), settings, recipe.seed
    parameters = sum(parameter.numel() for parameter in network.parameters())
    print(f"{name}: {parameters} parameters", flush=True)
    while stage is not None:
        kept = checkpoint(recipe.version, f"{name}-stage{seed - recipe.seed + 1}")
        _train_stage(recipe, name, network, stage, seed, kept)
        stage, seed = stage.refine, seed + 1


def _train_stage(
    recipe: KeywordRecipe, name: str, network: nn.Module, stage: NetworkRecipe, seed: int, kept: Path
) -> None:
    """One stage; an earlier stage that was finished before is taken over (delete its file to train it again)."""
    started = time.monotonic()
    if stage.refine and kept.exists():
        network.load_state_dict(torch.load(kept))
        return
    x, y = load_mix(ClipSet("training", "easy", recipe.training_seed, 0, recipe.training_uses), stage.mix)
    valid_x, valid_y = validation_set(recipe)
    print(f"{name}: {len(x)} clips", flush=True)
    fit(network, x, y, stage, seed, lambda epoch: _report(network, name, epoch, started, valid_x, valid_y, recipe))
    if stage.refine:
        torch.save(network.state_dict(), kept)
    print(f"{name}: trained in {time.monotonic() - started:.0f} s", flush=True)


def fit(network: nn.Module, x: np.ndarray, y: np.ndarray, settings: NetworkRecipe, seed: int, after_epoch) -> None:
    """AdamW under a one-cycle schedule."""
    random, steps = np.random.default_rng(seed), len(x) // settings.batch
    optimiser = torch.optim.AdamW(network.parameters(), settings.learning_rate, weight_decay=settings.weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, settings.learning_rate, epochs=settings.epochs, steps_per_epoch=steps, pct_start=settings.warm_up
    )
    loss_of = nn.CrossEntropyLoss(label_smoothing=settings.label_smoothing)
    for epoch in range(settings.stop_after or settings.epochs):
        network.train()
        order = random.permutation(len(x))
        for step in range(steps):
            rows = np.sort(order[step * settings.batch : (step + 1) * settings.batch])
            batch, target = x[rows].astype(np.float32), torch.from_numpy(y[rows])
            if settings.other_throats:
                batch = augment.other_throats(random, batch)
            if settings.masks:
                augment.mask(random, batch)
            with torch.autocast("cpu", torch.bfloat16, enabled=settings.bf16):
                logits = network(torch.from_numpy(batch))
            loss = loss_of(logits.float(), target)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
            if step % 400 == 0:
                print(f"  epoch {epoch + 1} step {step} of {steps}: loss {loss.item():.3f}", flush=True)
        after_epoch(epoch)


def _report(network, name, epoch, started, valid_x, valid_y, recipe) -> None:
    """Prints validation accuracy and keeps the weights, so that a stopped run still leaves something to look at."""
    right = logits_of(network, valid_x).argmax(1) == valid_y
    easy, hard = right[: recipe.validation_count].mean(), right[recipe.validation_count :].mean()
    print(f"{name}: epoch {epoch + 1}: {easy:.3f} easy, {hard:.3f} hard, {time.monotonic() - started:.0f} s", flush=True)
    torch.save(network.state_dict(), checkpoint(recipe.version, name))
