"""From the published encoder to a sentence's vector: what is not needed is cut off, mean pooling and length 1 go into the graph."""
import onnx
from onnx import TensorProto, helper, numpy_helper

import numpy as np

from ..errors import PipelineError

HIDDEN, OUTPUT, WIDTH = "last_hidden_state", "embedding", 384
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_LENGTH_MIN = 1e-12


def pooled(encoder: onnx.ModelProto) -> onnx.ModelProto:
    """The encoder with one output, `embedding` [N, 384] of length 1.

    The mean over the tokens of a row is their sum over their number, and the number cancels out when the length becomes 1: so a sum is enough.
    """
    names = {value.name for value in encoder.graph.input}
    if set(INPUTS) - names or HIDDEN not in {value.name for value in encoder.graph.output}:
        raise PipelineError(f"The encoder has other tensors than expected: {sorted(names)}. Is it another model?")
    model = onnx.ModelProto()
    model.CopyFrom(encoder)
    graph = model.graph
    _weight(graph, "pool_axes", np.array([1], np.int64))
    _weight(graph, "pool_length_min", np.array(_LENGTH_MIN, np.float32))
    graph.node.extend([
        helper.make_node("Cast", ["attention_mask"], ["pool_mask"], name="pool_mask", to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["pool_mask", "pool_axes"], ["pool_row"], name="pool_row"),
        helper.make_node("MatMul", ["pool_row", HIDDEN], ["pool_sums"], name="pool_sums"),
        helper.make_node("Squeeze", ["pool_sums", "pool_axes"], ["pool_sum"], name="pool_sum"),
        helper.make_node("ReduceL2", ["pool_sum"], ["pool_length"], name="pool_length", axes=[1], keepdims=1),
        helper.make_node("Max", ["pool_length", "pool_length_min"], ["pool_divisor"], name="pool_divisor"),
        helper.make_node("Div", ["pool_sum", "pool_divisor"], [OUTPUT], name=OUTPUT),
    ])
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["batch", WIDTH]))
    prune(graph)
    return model


def prune(graph: onnx.GraphProto) -> None:
    """Drops every node and weight that no output needs."""
    made_by = {name: node for node in graph.node for name in node.output}
    needed, todo = set(), [value.name for value in graph.output]
    while todo:
        name = todo.pop()
        if name in needed:
            continue
        needed.add(name)
        if name in made_by:
            todo.extend(made_by[name].input)
    nodes = [node for node in graph.node if needed.intersection(node.output)]
    weights = [weight for weight in graph.initializer if weight.name in needed]
    del graph.node[:], graph.initializer[:], graph.value_info[:]
    graph.node.extend(nodes)
    graph.initializer.extend(weights)


def _weight(graph: onnx.GraphProto, name: str, value: np.ndarray) -> None:
    graph.initializer.append(numpy_helper.from_array(value, name))
