"""The features as graph nodes, so that a client sends raw samples and every zone computes the same features.

The Fourier basis and the mel triangles are built in the graph from Range, Cos and Sin: stored, they would be many times the tiny
model. The runtime folds them into constants when it loads the file. `k·n` is reduced modulo the window in INT64 first, because the
cosine of a large float angle is inexact; the divisor is a positive constant, which the product's check of graphs allows.
"""
import numpy as np
from onnx import TensorProto

from ..onnx_builder import GraphBuilder
from . import features as spec
from .words import SAMPLE_RATE


def add_features(graph: GraphBuilder, audio: str, of: spec.Resolution = spec.FINE) -> str:
    """audio [N, 16000] INT16 → [N, mels, frames] FP32."""
    samples = graph.node("Mul", graph.to_float(audio), 1 / 32768)
    bins = of.end_bin - of.first_bin
    spectrum = graph.node("Conv", graph.unsqueeze(samples, 1), _basis(graph, of), strides=[of.hop])
    squared = graph.node("Mul", spectrum, spectrum)
    power = graph.node("Add", graph.slice(squared, 1, 0, bins), graph.slice(squared, 1, bins, 2 * bins))
    mels = graph.node("Log", graph.node("Add", graph.node("MatMul", _triangles(graph, of), power), spec.FLOOR))
    mean = graph.node("ReduceMean", mels, axes=[1, 2], keepdims=1)
    return graph.node("Mul", graph.node("Sub", mels, mean), spec.SCALE)


def _basis(graph: GraphBuilder, of: spec.Resolution) -> str:
    """[2·bins, 1, window]: cosines, then sines, under a Hann window."""
    time = graph.range(0, of.window)
    product = graph.node("Mul", graph.unsqueeze(graph.range(of.first_bin, of.end_bin), 1), graph.unsqueeze(time, 0))
    turns = graph.node("Mod", product, graph.constant(of.window, np.int64))
    angle = graph.node("Mul", graph.to_float(turns), 2 * np.pi / of.window)
    window_angle = graph.node("Mul", graph.to_float(time), 2 * np.pi / of.window)
    window = graph.node("Sub", 0.5, graph.node("Mul", graph.node("Cos", window_angle), 0.5))
    waves = graph.node("Concat", graph.node("Cos", angle), graph.node("Sin", angle), axis=0)
    return graph.unsqueeze(graph.node("Mul", waves, window), 1)


def _triangles(graph: GraphBuilder, of: spec.Resolution) -> str:
    """[mels, bins], from the corner frequencies."""
    lowest, highest = (spec.MEL_FACTOR * np.log1p(hz / 700) for hz in (spec.LOWEST_HZ, spec.HIGHEST_HZ))
    step = (highest - lowest) / (of.mels + 1)
    index = graph.to_float(graph.range(0, of.mels + 2))
    mel = graph.node("Add", graph.node("Mul", index, float(step / spec.MEL_FACTOR)), float(lowest / spec.MEL_FACTOR))
    edges = graph.unsqueeze(graph.node("Mul", graph.node("Sub", graph.node("Exp", mel), 1.0), 700.0), 1)
    bins = graph.node("Mul", graph.to_float(graph.range(of.first_bin, of.end_bin)), SAMPLE_RATE / of.window)
    left, centre, right = (graph.slice(edges, 0, at, at + of.mels) for at in range(3))
    rising = graph.node("Div", graph.node("Sub", bins, left), graph.node("Sub", centre, left))
    falling = graph.node("Div", graph.node("Sub", right, bins), graph.node("Sub", right, centre))
    return graph.node("Max", graph.node("Min", rising, falling), 0.0)


def add_input(graph: GraphBuilder) -> str:
    return graph.input("audio", TensorProto.INT16, ["N", SAMPLE_RATE])
