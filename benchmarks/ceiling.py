"""How near the embedding session comes to what the processor can do: python benchmarks/ceiling.py CORPUS.jsonl

It prints the rate of a bare matrix product of the network's shapes (onnxruntime, float32, one thread, best of 8) beside the rate of our
whole session, tokenising included (best of 3), both in GFLOP per processor second. Counted are the products of the six layers and of
attention.
"""

from __future__ import annotations

import argparse
import time
from itertools import islice
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from vectorstore.ingest import room
from vectorstore.library import EmbedderChoice
from vectorstore.passage import cut
from vectorstore.readers import Read, read_file

LAYERS, WIDTH, INNER = 6, 384, 1536
ARTICLES, RUNS = 60, 60


def product(rows: int, inner: int, columns: int) -> float:
    """GFLOP per processor second of one matrix product."""
    weights = numpy_helper.from_array(np.random.default_rng(0).random((inner, columns), np.float32), "w")
    sides = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [rows, size]) for name, size in (("x", inner), ("y", columns))]
    graph = helper.make_graph([helper.make_node("MatMul", ["x", "w"], ["y"])], "product", sides[:1], sides[1:], [weights])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    given = {"x": np.random.default_rng(1).random((rows, inner), np.float32)}
    best = 0.0
    for _ in range(8):
        started = time.process_time()
        for _ in range(RUNS):
            session.run(None, given)
        best = max(best, 2 * rows * inner * columns * RUNS / (time.process_time() - started))
    return best / 1e9


def session(corpus: Path) -> tuple[float, float]:
    """GFLOP a passage, and GFLOP per processor second of the whole session."""
    embedder = EmbedderChoice().open()
    articles = [item.article for item in islice(read_file(corpus), ARTICLES) if isinstance(item, Read)]
    texts = [passage.text for one in articles for passage in cut(one.text, one.text_id, embedder.count_tokens, room(embedder.identity))]
    tokens = [count + 2 for count in embedder.count_tokens(texts)]
    work = sum(LAYERS * (2 * count * (4 * WIDTH**2 + 2 * WIDTH * INNER) + 4 * count**2 * WIDTH) for count in tokens)
    best = 0.0
    for _ in range(3):
        started = time.process_time()
        embedder.embed(texts)
        best = max(best, work / (time.process_time() - started))
    return work / len(texts) / 1e9, best / 1e9


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("corpus", type=Path)
    corpus = parser.parse_args().corpus
    for shape in ((1_600, WIDTH, INNER), (1_600, INNER, WIDTH), (1_600, WIDTH, WIDTH)):
        print(f"product {shape}: {product(*shape):.0f} GFLOP per processor second (onnx {onnx.__version__})")
    passage, rate = session(corpus)
    print(f"our session: {passage:.1f} GFLOP a passage, {rate:.0f} GFLOP per processor second")


if __name__ == "__main__":
    main()
