"""The classifier's network: how loud each band is in its loudest, middle and quietest moments and how much it moves, then two small layers.

Sorted over time, a band's levels say where the noise lies and how far speech stands out of it, wherever in the second the word is;
the steps between neighbouring frames tell a hum from babble. Nothing here can tell which word it was.
"""
import torch
from torch import nn

from .dataset import COARSE

RANKS = (0, 5, 10, 14, 19, 24)  # of a band's 25 frames, the loudest first
HIDDEN = 16
FEATURES = COARSE.mels * (len(RANKS) + 1)


class Hardness(nn.Module):
    """Features [N, mels, frames] → logits [N]."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(FEATURES, HIDDEN)
        self.second = nn.Linear(HIDDEN, 1)

    def forward(self, x):
        return self.second(torch.relu(self.first(summarise(x)))).squeeze(1)


def summarise(x: torch.Tensor) -> torch.Tensor:
    """[N, mels, frames] → [N, FEATURES]."""
    ranked = x.sort(2, descending=True).values[:, :, list(RANKS)]
    motion = (x[:, :, 1:] - x[:, :, :-1]).abs().mean(2)
    return torch.cat([ranked.flatten(1), motion], 1)
