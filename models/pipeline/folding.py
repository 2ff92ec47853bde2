"""Batch norm folded into the convolution before it: fewer nodes, and the shape that quantisation needs."""
from dataclasses import dataclass

import numpy as np
from torch import nn


@dataclass(frozen=True)
class FoldedConvolution:
    """Weights and settings of one convolution, as ONNX takes them."""

    weight: np.ndarray
    bias: np.ndarray
    strides: list[int]
    pads: list[int]
    group: int

    @property
    def attributes(self) -> dict:
        return {"strides": self.strides, "pads": self.pads, "group": self.group}


def fold(block: nn.Sequential) -> FoldedConvolution:
    """A block whose first two layers are a convolution and its batch norm."""
    convolution, norm = block[0], block[1]
    factor = (norm.weight / (norm.running_var + norm.eps).sqrt()).detach().numpy()
    weight = convolution.weight.detach().numpy()
    bias = norm.bias.detach().numpy() - norm.running_mean.numpy() * factor
    return FoldedConvolution(
        weight=(weight * factor.reshape(-1, *[1] * (weight.ndim - 1))).astype(np.float32),
        bias=bias.astype(np.float32),
        strides=list(convolution.stride),
        pads=list(convolution.padding) * 2,
        group=convolution.groups,
    )
