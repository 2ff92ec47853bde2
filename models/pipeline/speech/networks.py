"""The two networks. Both take features [N, 40, 49] and give logits [N, classes].

Pooling and the last layer are convolutions and per-row products on purpose: a matrix product over the batch would sum in another
order for one row than for sixteen, and the product promises the same answer alone and in a batch.
"""
import torch
from torch import nn

from .features import MELS
from .vocabulary import LABELS


def conv_block(inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1) -> nn.Sequential:
    """Convolution, batch norm, ReLU; the export folds the norm into the convolution."""
    convolution = nn.Conv1d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm1d(outputs), nn.ReLU())


class Tiny(nn.Module):
    """19 thousand weights: for devices and the edge."""

    WIDTH, BLOCKS = 48, 4

    def __init__(self):
        super().__init__()
        layers = [conv_block(MELS, self.WIDTH, 3, 2)]
        for _ in range(self.BLOCKS):
            layers += [conv_block(self.WIDTH, self.WIDTH, 7, groups=self.WIDTH), conv_block(self.WIDTH, self.WIDTH, 1)]
        self.layers = nn.Sequential(*layers)
        self.head = nn.Linear(2 * self.WIDTH, len(LABELS))

    def forward(self, x):
        x = self.layers(x)
        return self.head(torch.cat([x.mean(2), x.amax(2)], 1))


class Residual(nn.Module):
    """Two convolutions around a shortcut."""

    def __init__(self, width: int):
        super().__init__()
        self.first = conv_block(width, width, 3)
        self.second = conv_block(width, width, 3)[:2]

    def forward(self, x):
        return torch.relu(x + self.second(self.first(x)))


class Large(nn.Module):
    """Some 450 thousand weights and attention over time: for the cloud."""

    WIDTH, BLOCKS, HEADS, CHANNELS = 128, 4, 4, (16, 32)

    def __init__(self, dropout: float = 0.2):
        super().__init__()
        first, second = self.CHANNELS
        self.stem = nn.Sequential(
            nn.Conv2d(1, first, 3, (2, 1), 1, bias=False), nn.BatchNorm2d(first), nn.ReLU(),
            nn.Conv2d(first, second, 3, (2, 1), 1, bias=False), nn.BatchNorm2d(second), nn.ReLU(),
        )
        self.join = conv_block(second * MELS // 4, self.WIDTH, 1)
        self.blocks = nn.Sequential(*[Residual(self.WIDTH) for _ in range(self.BLOCKS)])
        self.attention = nn.Conv1d(self.WIDTH, self.HEADS, 1)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(self.HEADS * self.WIDTH, len(LABELS))

    def forward(self, x):
        x = self.stem(x.unsqueeze(1)).flatten(1, 2)
        x = self.blocks(self.join(x))
        weights = torch.softmax(self.attention(x), 2)
        pooled = torch.bmm(weights, x.transpose(1, 2)).flatten(1)
        return self.head(self.dropout(pooled))


NETWORKS = {"tiny": Tiny, "large": Large}
