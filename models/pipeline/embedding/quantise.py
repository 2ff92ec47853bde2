"""The encoder in eight bits: products with stored weights become `MatMulInteger`, the word table is stored as integers.

Activations are quantised **per row** (one scale a token), never per tensor: a row's answer then depends on that row alone, so it is bit-equal
alone and in a batch. `DynamicQuantizeLinear` has one scale for everything that shares the batch, and answers would depend on the neighbours.
Weights have one scale for each column and use seven bits (-64..64): with eight, processors without VNNI add two products in a saturating 16-bit
register and would answer differently from those with it. It costs 0.002 of cosine. The products between activations inside attention stay float.
"""
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from .pooling import prune

WEIGHT_LIMIT = 64
_ACTIVATION_LIMIT = 127
_ZERO_POINT = 128
_SMALLEST = 1e-9


def quantised(model: onnx.ModelProto) -> onnx.ModelProto:
    made = onnx.ModelProto()
    made.CopyFrom(model)
    graph = made.graph
    weights = {weight.name: weight for weight in graph.initializer}
    builder = _Builder(graph)
    nodes = []
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in weights:
            nodes.extend(builder.product(node, numpy_helper.to_array(weights[node.input[1]])))
        elif node.op_type == "Gather" and node.input[0] in weights and weights[node.input[0]].data_type == TensorProto.FLOAT:
            nodes.extend(builder.table(node, numpy_helper.to_array(weights[node.input[0]])))
        else:
            nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)
    prune(graph)
    return made


def levels(weight: np.ndarray, axis: int, limit: int) -> tuple[np.ndarray, np.ndarray]:
    """Symmetric integers and their scales, one scale for each slice that remains when `axis` is reduced."""
    scale = np.maximum(np.abs(weight).max(axis, keepdims=True) / limit, _SMALLEST).astype(np.float32)
    return np.clip(np.rint(weight / scale), -limit, limit).astype(np.int8), scale


class _Builder:
    """Makes the nodes that take the place of one; equal inputs are quantised once."""

    def __init__(self, graph: onnx.GraphProto):
        self._graph = graph
        self._rows: dict[str, tuple[str, str]] = {}
        self._constant("q_limit", np.array(_ACTIVATION_LIMIT, np.float32))
        self._constant("q_step", np.array(1 / _ACTIVATION_LIMIT, np.float32))
        self._constant("q_smallest", np.array(_SMALLEST, np.float32))
        self._constant("q_half", np.array(_ZERO_POINT + 0.5, np.float32))  # Cast cuts the fraction off, so half a step makes it round.
        self._constant("q_zero", np.array(_ZERO_POINT, np.uint8))

    def product(self, node: onnx.NodeProto, weight: np.ndarray) -> list[onnx.NodeProto]:
        integers, scale = levels(weight, 0, WEIGHT_LIMIT)
        name = node.output[0]
        self._constant(f"{name}_w", integers)
        self._constant(f"{name}_s", scale[0])
        made, (rows, step) = self._quantised_rows(node.input[0])
        return made + [
            helper.make_node("MatMulInteger", [rows, f"{name}_w", "q_zero"], [f"{name}_i"], name=f"{name}_i"),
            helper.make_node("Cast", [f"{name}_i"], [f"{name}_f"], name=f"{name}_f", to=TensorProto.FLOAT),
            helper.make_node("Mul", [f"{name}_f", step], [f"{name}_r"], name=f"{name}_r"),
            helper.make_node("Mul", [f"{name}_r", f"{name}_s"], [name], name=f"{name}_d"),
        ]

    def table(self, node: onnx.NodeProto, weight: np.ndarray) -> list[onnx.NodeProto]:
        """A row of a table by index: integers and their scale are looked up, then multiplied."""
        integers, scale = levels(weight, 1, _ACTIVATION_LIMIT)
        name, index = node.output[0], node.input[1]
        self._constant(f"{name}_w", integers)
        self._constant(f"{name}_s", scale)
        return [
            helper.make_node("Gather", [f"{name}_w", index], [f"{name}_i"], name=f"{name}_i", axis=0),
            helper.make_node("Gather", [f"{name}_s", index], [f"{name}_g"], name=f"{name}_g", axis=0),
            helper.make_node("Cast", [f"{name}_i"], [f"{name}_f"], name=f"{name}_f", to=TensorProto.FLOAT),
            helper.make_node("Mul", [f"{name}_f", f"{name}_g"], [name], name=f"{name}_d"),
        ]

    def _quantised_rows(self, value: str) -> tuple[list[onnx.NodeProto], tuple[str, str]]:
        if value in self._rows:
            return [], self._rows[value]
        part = {key: f"{value}_q_{key}" for key in ("abs", "max", "safe", "step", "inverse", "scaled", "shifted", "rows")}
        self._rows[value] = part["rows"], part["step"]

        def node(operator: str, inputs: list[str], key: str, **attributes) -> onnx.NodeProto:
            return helper.make_node(operator, inputs, [part[key]], name=part[key], **attributes)

        return [
            node("Abs", [value], "abs"),
            node("ReduceMax", [part["abs"]], "max", axes=[-1], keepdims=1),
            node("Max", [part["max"], "q_smallest"], "safe"),
            node("Mul", [part["safe"], "q_step"], "step"),
            node("Div", ["q_limit", part["safe"]], "inverse"),
            node("Mul", [value, part["inverse"]], "scaled"),
            node("Add", [part["scaled"], "q_half"], "shifted"),
            node("Cast", [part["shifted"]], "rows", to=TensorProto.UINT8),
        ], self._rows[value]

    def _constant(self, name: str, value: np.ndarray) -> None:
        self._graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(value).reshape(value.shape), name))
