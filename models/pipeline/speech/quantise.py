"""The tiny network in eight bits: static activation scales, per-channel weight scales, the features in float.

Weights use seven bits (-64..64). With eight, processors without VNNI add two products in a saturating 16-bit register and answer
differently from those with it; with seven nothing can saturate, so the integers are meant to be the same everywhere.
Pooling is float on dequantised values, and the last layer is an integer product scaled once: its sums are exact in any order.
"""
from pathlib import Path

import numpy as np
import torch

from ..folding import FoldedConvolution, fold
from ..onnx_builder import GraphBuilder
from .export import add_answer
from .feature_nodes import add_features, add_input
from .networks import Tiny

WEIGHT_LIMIT = 64
ACTIVATION_LEVELS = 255
CALIBRATION_CLIPS = 1000
_QUANTILE = 0.9999


def quantise_weights(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Symmetric, one scale for each output channel (axis 0)."""
    scale = np.abs(weight).reshape(len(weight), -1).max(1) / WEIGHT_LIMIT
    scale = np.maximum(scale, 1e-8).astype(np.float32)
    levels = np.rint(weight / scale.reshape(-1, *[1] * (weight.ndim - 1)))
    return np.clip(levels, -WEIGHT_LIMIT, WEIGHT_LIMIT).astype(np.int8), scale


@torch.no_grad()
def calibrate(network: Tiny, x: np.ndarray) -> dict[str, float]:
    """The scale of every activation, from a quantile over calibration clips: a few clipped peaks cost less than a coarse step."""
    value = torch.from_numpy(x.astype(np.float32))
    scales = {"input_low": float(np.quantile(x, 1 - _QUANTILE)), "input_high": float(np.quantile(x, _QUANTILE))}
    for index, block in enumerate(network.layers):
        value = block(value)
        scales[f"layer{index}"] = float(np.quantile(value.numpy(), _QUANTILE)) / ACTIVATION_LEVELS
    scales["mean"] = float(np.quantile(value.mean(2).numpy(), _QUANTILE)) / ACTIVATION_LEVELS
    return scales


def export_tiny_int8(network: Tiny, path: Path, calibration: np.ndarray) -> int:
    scales = calibrate(network, calibration)
    graph = GraphBuilder("keyword_tiny_int8")
    scale = (scales["input_high"] - scales["input_low"]) / ACTIVATION_LEVELS
    zero = int(np.clip(np.rint(-scales["input_low"] / scale), 0, ACTIVATION_LEVELS))
    x = _add_quantise(graph, add_features(graph, add_input(graph)), scale, zero)
    for index, block in enumerate(network.layers):
        x = _add_convolution(graph, x, fold(block), scale, zero, scales[f"layer{index}"])
        scale, zero = scales[f"layer{index}"], 0
    add_answer(graph, _add_head(graph, x, network, scale, scales["mean"]))
    return graph.save(path, "Spoken commands, small eight-bit network for devices and the edge.")


def _add_quantise(graph: GraphBuilder, value: str, scale: float, zero: int = 0) -> str:
    return graph.node("QuantizeLinear", value, scale, graph.constant(zero, np.uint8))


def _add_convolution(graph, x: str, folded: FoldedConvolution, scale: float, zero: int, made_scale: float) -> str:
    """The unsigned output with zero point 0 is the ReLU: what is negative saturates at 0."""
    weight, weight_scale = quantise_weights(folded.weight)
    bias = np.rint(folded.bias / (np.float32(scale) * weight_scale)).astype(np.int32)
    return graph.node(
        "QLinearConv",
        x, float(scale), graph.constant(zero, np.uint8),
        graph.weight(weight), graph.weight(weight_scale), graph.weight(np.zeros(len(weight), np.int8)),
        float(made_scale), graph.constant(0, np.uint8), graph.weight(bias),
        **folded.attributes,
    )


def _add_head(graph: GraphBuilder, x: str, network: Tiny, scale: float, mean_scale: float) -> str:
    """Mean and maximum have scales of their own: a mean is so much smaller that a shared step would lose it."""
    value = graph.node("DequantizeLinear", x, float(scale), graph.constant(0, np.uint8))
    weight, width = network.head.weight.detach().numpy(), network.WIDTH
    logits = graph.weight(network.head.bias.detach().numpy())
    for pool, part, pool_scale in (("ReduceMean", weight[:, :width], mean_scale), ("ReduceMax", weight[:, width:], scale)):
        pooled = _add_quantise(graph, graph.node(pool, value, axes=[2], keepdims=0), pool_scale)
        levels, weight_scale = quantise_weights(part)
        product = graph.node("MatMulInteger", pooled, graph.weight(levels.T))
        logits = graph.node("Add", logits, graph.node("Mul", graph.to_float(product), graph.weight(weight_scale * np.float32(pool_scale))))
    return logits
