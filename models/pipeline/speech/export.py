"""Writes the networks as float ONNX files: samples in, probabilities out."""
from pathlib import Path

import numpy as np

from ..folding import FoldedConvolution, fold
from ..onnx_builder import GraphBuilder
from .feature_nodes import add_features, add_input
from .features import FRAMES
from .networks import Large, Tiny
from .vocabulary import LABELS


def add_convolution(graph: GraphBuilder, value: str, folded: FoldedConvolution) -> str:
    return graph.node("Conv", value, graph.weight(folded.weight), graph.weight(folded.bias), **folded.attributes)


def add_answer(graph: GraphBuilder, logits: str) -> None:
    """Logits [N, classes] → the output."""
    graph.output(graph.node("Softmax", logits, axis=1), "probabilities", ["N", len(LABELS)])


def _add_head(graph: GraphBuilder, value: str, layer) -> None:
    """[N, inputs, 1] through the last layer to the output."""
    logits = graph.linear(value, layer.weight.detach().numpy(), layer.bias.detach().numpy())
    add_answer(graph, graph.node("Squeeze", logits, graph.constant([2], np.int64)))


def export_tiny(network: Tiny, path: Path) -> int:
    graph = GraphBuilder("keyword_tiny_fp32")
    x = add_features(graph, add_input(graph))
    for block in network.layers:
        x = graph.node("Relu", add_convolution(graph, x, fold(block)))
    mean = graph.node("ReduceMean", x, axes=[2], keepdims=1)
    highest = graph.node("ReduceMax", x, axes=[2], keepdims=1)
    _add_head(graph, graph.node("Concat", mean, highest, axis=1), network.head)
    return graph.save(path, "Spoken commands, small float network for devices and the edge.")


def export_large(network: Large, path: Path) -> int:
    graph = GraphBuilder("keyword_large")
    x = graph.unsqueeze(add_features(graph, add_input(graph)), 1)
    for at in (0, 3):
        x = graph.node("Relu", add_convolution(graph, x, fold(network.stem[at : at + 2])))
    joined = fold(network.join)
    x = graph.node("Relu", add_convolution(graph, graph.reshape(x, 0, joined.weight.shape[1], FRAMES), joined))
    for block in network.blocks:
        inner = graph.node("Relu", add_convolution(graph, x, fold(block.first)))
        x = graph.node("Relu", graph.node("Add", x, add_convolution(graph, inner, fold(block.second))))
    scores = graph.node(
        "Conv", x, graph.weight(network.attention.weight.detach().numpy()), graph.weight(network.attention.bias.detach().numpy())
    )
    weights = graph.node("Softmax", scores, axis=2)
    pooled = graph.node("MatMul", weights, graph.node("Transpose", x, perm=[0, 2, 1]))
    _add_head(graph, graph.reshape(pooled, 0, network.head.in_features, 1), network.head)
    return graph.save(path, "Spoken commands, large float network for the cloud.")
