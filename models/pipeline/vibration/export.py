"""Writes the vibration networks as ONNX files: a raw window and the rated speed in; class, score and reconstruction out."""
from pathlib import Path

import numpy as np
from onnx import TensorProto

from .. import paths
from ..folding import fold
from ..onnx_builder import GraphBuilder
from ..recipe import VibrationRecipe
from . import features as spec
from .networks import Small
from .physics import AXES, LABELS, WINDOW
from .training import load_network


def export(recipe: VibrationRecipe) -> Path:
    """Labels and both ONNX files; the manifest comes from evaluation, because it states measured figures."""
    folder = paths.version_folder("vibration", recipe.version)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "labels.txt").write_text("\n".join(LABELS) + "\n")
    for name in recipe.networks:
        size = export_network(load_network(recipe.version, name), name, folder / f"{name}.onnx")
        print(f"exported {name}: {size} bytes", flush=True)
    return folder


def export_network(network: Small, name: str, path: Path) -> int:
    graph = GraphBuilder(f"vibration_{name}")
    window = graph.input("window", TensorProto.FLOAT, ["N", WINDOW, AXES])
    rated_rpm = graph.input("rated_rpm", TensorProto.FLOAT, ["N", 1])
    window = _add_centred(graph, window)
    known = graph.unsqueeze(_add_features(graph, window, rated_rpm), 2)
    mean, scale = (getattr(network, key).numpy()[:, None] for key in ("mean", "scale"))
    x = graph.node("Div", graph.node("Sub", known, graph.weight(mean)), graph.weight(scale))
    hidden = graph.node("Relu", _linear(graph, x, network.encoder))
    code = _linear(graph, hidden, network.code)
    rebuilt = _linear(graph, graph.node("Relu", _linear(graph, code, network.decoder)), network.rebuilt)
    difference = graph.node("Sub", rebuilt, graph.slice(x, 1, 0, spec.ORDER_FEATURES))
    average = np.full((1, spec.ORDER_FEATURES), 1 / spec.ORDER_FEATURES)
    error = graph.linear(graph.node("Mul", difference, difference), average, np.zeros(1))
    heard = [hidden, error, *_add_wave(graph, window, network)]
    mixed = graph.node("Relu", _linear(graph, graph.node("Concat", *heard, axis=1), network.mixed))
    logits = graph.reshape(_linear(graph, mixed, network.head), 0, len(LABELS))
    graph.output(graph.node("Softmax", logits, axis=1), "anomaly", ["N", len(LABELS)])
    score = graph.node("Div", error, float(network.score_scale))
    graph.output(graph.reshape(score, 0, 1), "score", ["N", 1])
    graph.output(graph.reshape(rebuilt, 0, spec.ORDERS.size, AXES), "reconstruction", ["N", spec.ORDERS.size, AXES])
    return graph.save(path, f"Is a rotating machine well? The {name} network.")


def _add_centred(graph: GraphBuilder, window: str) -> str:
    """Without the mean over time. The mean is a matrix product for each row, because the runtime's ReduceMean sums
    some shapes in another order for a single row than for a batch, and answers would differ in their last bits."""
    average = graph.weight(np.full((1, WINDOW), 1 / WINDOW, np.float32))
    return graph.node("Sub", window, graph.node("MatMul", average, window))


def _linear(graph: GraphBuilder, value: str, layer) -> str:
    return graph.linear(value, layer.weight.detach().numpy(), layer.bias.detach().numpy())


def _add_features(graph: GraphBuilder, window: str, rated_rpm: str) -> str:
    """[N, 145], the same sums as `features.py`."""
    tapered = graph.node("Mul", window, graph.weight(spec.hann()[:, None]))
    orders = graph.reshape(_add_orders(graph, tapered, rated_rpm), 0, -1)
    bands = graph.reshape(_add_bands(graph, tapered), 0, -1)
    return graph.node("Concat", orders, bands, graph.node("Mul", rated_rpm, float(spec.RPM_SCALE)), axis=1)


def _log_power(graph: GraphBuilder, power: str) -> str:
    return graph.node("Log", graph.node("Add", power, spec.FLOOR))


def _add_power(graph: GraphBuilder, cosines: str, sines: str, tapered: str) -> str:
    """Power at the frequencies of [.., K, 256] waves: [N, K, 3]."""
    parts = [graph.node("MatMul", waves, tapered) for waves in (cosines, sines)]
    return graph.node("Add", *(graph.node("Mul", part, part) for part in parts))


def _add_orders(graph: GraphBuilder, tapered: str, rated_rpm: str) -> str:
    """`order · sample` from two ranges, times the speed, gives turns; the whole turns are dropped before the cosine."""
    half_orders = graph.unsqueeze(graph.to_float(graph.range(1, spec.ORDERS.size + 1)), 1)
    samples = graph.unsqueeze(graph.to_float(graph.range(0, WINDOW)), 0)
    step = float(spec.CYCLES_A_SAMPLE_AND_RPM / 2)
    steps = graph.node("Mul", graph.node("Mul", half_orders, samples), step)
    cycles = graph.node("Mul", graph.unsqueeze(rated_rpm, 2), steps)
    turn = graph.node("Sub", cycles, graph.node("Floor", cycles))
    angle = graph.node("Mul", turn, 2 * np.pi)
    return _log_power(graph, _add_power(graph, graph.node("Cos", angle), graph.node("Sin", angle), tapered))


def _add_bands(graph: GraphBuilder, tapered: str) -> str:
    bins = spec.BANDS * spec.BINS_A_BAND
    product = graph.node(
        "Mul", graph.unsqueeze(graph.range(0, bins), 1), graph.unsqueeze(graph.range(0, WINDOW), 0)
    )
    turns = graph.to_float(graph.node("Mod", product, graph.constant(WINDOW, np.int64)))
    angle = graph.node("Mul", turns, 2 * np.pi / WINDOW)
    power = _add_power(graph, graph.node("Cos", angle), graph.node("Sin", angle), tapered)
    banded = graph.node("ReduceSum", graph.reshape(power, 0, spec.BANDS, spec.BINS_A_BAND, AXES), graph.constant([2], np.int64), keepdims=0)
    return _log_power(graph, banded)


def _add_wave(graph: GraphBuilder, window: str, network: Small) -> list[str]:
    """The raw wave's branch, where the network has one: mean and maximum over time, each [N, channels, 1]."""
    if not network.WAVE:
        return []
    x = graph.node("Mul", graph.node("Transpose", window, perm=[0, 2, 1]), 8.0)
    for block in network.layers:
        folded = fold(block)
        x = graph.node("Relu", graph.node("Conv", x, graph.weight(folded.weight), graph.weight(folded.bias), **folded.attributes))
    return [graph.node(pool, x, axes=[2], keepdims=1) for pool in ("ReduceMean", "ReduceMax")]
