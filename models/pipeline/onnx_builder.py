"""A thin layer over onnx.helper, so that a graph reads as a list of steps.

Opset 17 and IR 8: what python3-onnx 1.12 writes and every current runtime reads.
"""
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET, IR_VERSION = 17, 8


class GraphBuilder:
    """Collects nodes and weights; every method returns the name of the value it made."""

    def __init__(self, name: str):
        self._name = name
        self._nodes, self._weights, self._inputs, self._outputs = [], [], [], []
        self._constants: dict[tuple, str] = {}

    def input(self, name: str, datatype: int, shape: list) -> str:
        self._inputs.append(helper.make_tensor_value_info(name, datatype, shape))
        return name

    def output(self, value: str, name: str, shape: list) -> None:
        """Publishes a float value under a name."""
        self._nodes.append(helper.make_node("Identity", [value], [name], name=name))
        self._outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))

    def weight(self, array: np.ndarray) -> str:
        """A stored constant; equal small ones are stored once."""
        array = np.array(array, order="C")
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in self._constants:
            self._constants[key] = f"w{len(self._weights)}"
            self._weights.append(numpy_helper.from_array(array, self._constants[key]))
        return self._constants[key]

    def constant(self, value, dtype=np.float32) -> str:
        return self.weight(np.asarray(value, dtype))

    def node(self, operator: str, *inputs, **attributes) -> str:
        """Inputs are value names; floats become constants."""
        names = [self.constant(value) if isinstance(value, (int, float)) else value for value in inputs]
        made = f"{operator.lower()}{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, names, [made], name=made, **attributes))
        return made

    def first(self, operator: str, *inputs, outputs: int, **attributes) -> str:
        """The first of several values that an operator makes; the others are left unused."""
        made = f"{operator.lower()}{len(self._nodes)}"
        names = [made, *(f"{made}_{at}" for at in range(1, outputs))]
        self._nodes.append(helper.make_node(operator, list(inputs), names, name=made, **attributes))
        return made

    def range(self, start: int, limit: int) -> str:
        bounds = [self.constant(bound, np.int64) for bound in (start, limit, 1)]
        return self.node("Range", *bounds)

    def to_float(self, value: str) -> str:
        return self.node("Cast", value, to=TensorProto.FLOAT)

    def unsqueeze(self, value: str, *axes: int) -> str:
        return self.node("Unsqueeze", value, self.constant(axes, np.int64))

    def slice(self, value: str, axis: int, start: int, end: int) -> str:
        bounds = [self.constant([bound], np.int64) for bound in (start, end, axis)]
        return self.node("Slice", value, *bounds)

    def reshape(self, value: str, *shape: int) -> str:
        return self.node("Reshape", value, self.constant(shape, np.int64))

    def linear(self, value: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """A linear layer over [N, inputs, 1], as a convolution: its sums do not depend on what shares the batch.

        A matrix product over the batch adds in another order for one row than for sixteen, and the product promises the same
        answer alone and in a batch.
        """
        return self.node("Conv", value, self.weight(weight[:, :, None].astype(np.float32)), self.weight(bias.astype(np.float32)))

    def save(self, path: Path, description: str) -> int:
        """Checks and writes the model; returns its bytes."""
        graph = helper.make_graph(self._nodes, self._name, self._inputs, self._outputs, self._weights)
        model = helper.make_model(
            graph, producer_name="orleans-hybrid-models", opset_imports=[helper.make_opsetid("", OPSET)]
        )
        model.ir_version, model.doc_string = IR_VERSION, description
        onnx.checker.check_model(model, full_check=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(model.SerializeToString())
        return path.stat().st_size
