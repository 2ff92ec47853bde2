"""Writes the classifier as `hard.onnx`: the samples as they are sent in, one probability a row out."""
from pathlib import Path

import numpy as np

from ...onnx_builder import GraphBuilder
from ..feature_nodes import add_features, add_input
from .dataset import COARSE
from .evaluate import OUTPUT
from .network import FEATURES, RANKS, Hardness


def export_hardness(network: Hardness, path: Path) -> int:
    graph = GraphBuilder("keyword_hard")
    x = add_features(graph, add_input(graph), COARSE)
    summary = graph.node("Concat", _ranked(graph, x), _motion(graph, x), axis=1)
    inner = graph.node("Relu", _linear(graph, graph.reshape(summary, 0, FEATURES, 1), network.first))
    logits = graph.reshape(_linear(graph, inner, network.second), 0, 1)
    graph.output(graph.node("Sigmoid", logits), OUTPUT, ["N", 1])
    return graph.save(path, "How likely the small variant gets a clip of speech wrong, or is unsure of it.")


def _ranked(graph: GraphBuilder, x: str) -> str:
    """Each band's levels from loud to quiet, at a few ranks: [N, mels · ranks]."""
    levels = graph.first("TopK", x, graph.constant([COARSE.frames], np.int64), outputs=2, axis=2)
    return graph.reshape(graph.node("Gather", levels, graph.constant(RANKS, np.int64), axis=2), 0, COARSE.mels * len(RANKS))


def _motion(graph: GraphBuilder, x: str) -> str:
    """The mean step between neighbouring frames: [N, mels]."""
    later, earlier = graph.slice(x, 2, 1, COARSE.frames), graph.slice(x, 2, 0, COARSE.frames - 1)
    return graph.node("ReduceMean", graph.node("Abs", graph.node("Sub", later, earlier)), axes=[2], keepdims=0)


def _linear(graph: GraphBuilder, value: str, layer) -> str:
    return graph.linear(value, layer.weight.detach().numpy(), layer.bias.detach().numpy())
