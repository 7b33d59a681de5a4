"""all-MiniLM-L6-v2 as an ONNX graph, from its safetensors file. Imported only when no built graph is cached.

BERT (Devlin et al. 2019) with 6 layers and 12 heads (MiniLM, Wang et al. 2020), then the mean over the tokens of a
text, scaled to length 1 (Sentence-BERT, Reimers and Gurevych 2019).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

LAYERS = 6
HEADS = 12
WIDTH = 384
HEAD_WIDTH = WIDTH // HEADS
LONGEST = 256
EPSILON = 1e-12
# Added to the score of a padding position; its softmax weight is then exactly 0 in float32 and in bfloat16.
PADDING_SCORE = -1e9
OPSET = 20
# what opset 20 asks for at least; a higher one is refused by older runtimes
IR_VERSION = 9


def build_graph(weights: bytes) -> bytes:
    """The serialised graph of the weights in a safetensors file.

    Inputs `tokens` and `mask` (1 for a token, 0 for padding), both int64 of shape (texts, longest); outputs
    `embeddings`, float32 of shape (texts, 384), each row of length 1, and `states`, the vectors of the tokens that they
    are the means of, of shape (texts, longest, 384). Standard operators only, so that any runtime
    can run it; onnxruntime's own fused attention was 5 % slower, since three quarters of the time go into the plain
    products.
    """
    graph = _Graph(safetensors.numpy.load(weights))
    hidden = graph.embedded()
    for layer in range(LAYERS):
        hidden = graph.layer(f"encoder.layer.{layer}.", hidden)
    graph.pooled(hidden)
    graph.named(hidden, "states")
    return bytes(graph.model().SerializeToString(deterministic=True))


class _Graph:
    """Nodes and constants under construction. Methods add to them and return the name of what they computed."""

    def __init__(self, weights: Mapping[str, NDArray[np.float32]]) -> None:
        self._weights = weights
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []
        self._integers("split_heads", [0, 0, HEADS, HEAD_WIDTH])
        self._integers("join_heads", [0, 0, WIDTH])
        self._integers("0", [0])
        self._integers("1", [1])
        self._integers("1,2", [1, 2])

    def embedded(self) -> str:
        words = self._constant("words", self._weights["embeddings.word_embeddings.weight"])
        # every text is of token type 0, so its vector joins that of the position
        positions = self._constant(
            "positions",
            self._weights["embeddings.position_embeddings.weight"][:LONGEST] + self._weights["embeddings.token_type_embeddings.weight"][0],
        )
        longest = self._add("Shape", ["tokens"], "longest", start=1, end=2)
        used = self._add("Slice", [positions, "0", longest, "0"], "used_positions")
        total = self._add("Add", [self._add("Gather", [words, "tokens"], "word"), used], "embedded")
        mask = self._add("Cast", ["mask"], "mask_float", to=TensorProto.FLOAT)
        padding = self._add("Sub", [self._constant("one", np.float32(1)), mask], "padding")
        score = self._add("Mul", [padding, self._constant("padding_score", np.float32(PADDING_SCORE))], "padding_flat")
        self._add("Unsqueeze", [score, "1,2"], "padding_scores")
        return self._normalised(total, "embeddings.LayerNorm")

    def layer(self, prefix: str, hidden: str) -> str:
        attention = prefix + "attention."
        query = self._heads(hidden, attention + "self.query", [0, 2, 1, 3], 1 / np.sqrt(HEAD_WIDTH))
        key = self._heads(hidden, attention + "self.key", [0, 2, 3, 1])
        value = self._heads(hidden, attention + "self.value", [0, 2, 1, 3])
        scores = self._add("MatMul", [query, key], attention + "scores")
        masked = self._add("Add", [scores, "padding_scores"], attention + "masked")
        shares = self._add("Softmax", [masked], attention + "shares", axis=-1)
        context = self._add("MatMul", [shares, value], attention + "context")
        context = self._add("Transpose", [context], attention + "turned", perm=[0, 2, 1, 3])
        context = self._add("Reshape", [context, "join_heads"], attention + "joined")
        seen = self._linear(context, attention + "output.dense")
        seen = self._normalised(self._add("Add", [seen, hidden], attention + "sum"), attention + "output.LayerNorm")
        inner = self._linear(seen, prefix + "intermediate.dense")
        inner = self._add("Gelu", [inner], prefix + "gelu", approximate="none")
        outer = self._linear(inner, prefix + "output.dense")
        return self._normalised(self._add("Add", [outer, seen], prefix + "sum"), prefix + "output.LayerNorm")

    def pooled(self, hidden: str) -> None:
        """A product with the mask sums each text's tokens; scaling to length 1 spares the division by their number."""
        row = self._add("Unsqueeze", ["mask_float", "1"], "mask_row")
        total = self._add("Squeeze", [self._add("MatMul", [row, hidden], "token_sum"), "1"], "sum")
        self._add("LpNormalization", [total], "embeddings", axis=-1, p=2)

    def named(self, hidden: str, name: str) -> None:
        self._add("Identity", [hidden], name)

    def model(self) -> ModelProto:
        batch = ["texts", "longest"]
        graph = helper.make_graph(
            self._nodes,
            "all-MiniLM-L6-v2",
            [helper.make_tensor_value_info(name, TensorProto.INT64, batch) for name in ("tokens", "mask")],
            [
                helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ["texts", WIDTH]),
                helper.make_tensor_value_info("states", TensorProto.FLOAT, [*batch, WIDTH]),
            ],
            self._constants,
        )
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)

    def _heads(self, hidden: str, prefix: str, order: list[int], scale: float = 1.0) -> str:
        flat = self._linear(hidden, prefix, scale)
        split = self._add("Reshape", [flat, "split_heads"], prefix + ".split")
        return self._add("Transpose", [split], prefix + ".heads", perm=order)

    def _linear(self, hidden: str, prefix: str, scale: float = 1.0) -> str:
        factor = np.float32(scale)
        weight = self._constant(prefix + ".weight", self._weights[prefix + ".weight"].T * factor)
        bias = self._constant(prefix + ".bias", self._weights[prefix + ".bias"] * factor)
        return self._add("Add", [self._add("MatMul", [hidden, weight], prefix + ".product"), bias], prefix)

    def _normalised(self, hidden: str, prefix: str) -> str:
        weight = self._constant(prefix + ".weight", self._weights[prefix + ".weight"])
        bias = self._constant(prefix + ".bias", self._weights[prefix + ".bias"])
        return self._add("LayerNormalization", [hidden, weight, bias], prefix, axis=-1, epsilon=EPSILON)

    def _add(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self._nodes.append(helper.make_node(operator, inputs, [output], name=output, **attributes))
        return output

    def _constant(self, name: str, value: NDArray[Any] | np.float32) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value).reshape(np.shape(value)), name))
        return name

    def _integers(self, name: str, values: list[int]) -> None:
        self._constant(name, np.array(values, dtype=np.int64))
