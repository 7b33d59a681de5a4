"""The local embedder: all-MiniLM-L6-v2 in onnxruntime or OpenVINO, from the files of the data wheel.

It reads English; the same statement in two other languages may score as unrelated.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from threading import Lock
from typing import TYPE_CHECKING, Any

from vectorstore.embed import RUNTIMES, EmbedderIdentity, TokenStates, without_surrogates
from vectorstore.model_files import (
    TOKENIZER,
    WEIGHTS,
    RuntimeMissing,
    cache_folder,
    read_verified,
    sealed,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    Vectors = NDArray[np.float32]
    # (tokens, mask, names of outputs) -> these outputs
    Run = Callable[[NDArray[np.int64], NDArray[np.int64], list[str]], list[Vectors]]

MINILM_IDENTITY = EmbedderIdentity(
    name="sentence-transformers/all-MiniLM-L6-v2",
    digest=hashlib.sha256(f"{WEIGHTS.sha256}\n{TOKENIZER.sha256}\n".encode()).hexdigest(),
    dimension=384,
    pooling="mean",
    normalised=True,
    max_tokens=256,
)
# Raised whenever vectorstore/minilm_graph.py changes what it builds, so that no graph of an older program is used.
GRAPH_VERSION = 2
# On two cores 4, 8 and 16 differed by no more than two runs of one of them; a smaller batch has less padding.
BATCH = 8
# Single sentences of a question and its answers differ more in length. 4 took .8 of the processor time that 8 did, 2 and 1 no less.
BATCH_OF_STATES = 4

_CLS, _SEP = 101, 102
ROOM = MINILM_IDENTITY.max_tokens - 2
OPENVINO_COMMAND = 'python -m pip install "openvino>=2025.0"'


class MiniLM:
    """Embedder of texts up to 256 tokens; what is longer is cut there. May be used from several threads.

    `runtime` is "onnxruntime" (float32) or "openvino" (bfloat16 where the processor has it, else float32; the cosine
    of its vectors to those of onnxruntime is .9999 on average). Raises ValueError for another runtime, ModelMissing,
    ModelAltered and RuntimeMissing.
    """

    def __init__(self, runtime: str = "onnxruntime") -> None:
        if runtime not in RUNTIMES:
            raise ValueError(f"unknown runtime {runtime!r}: it is {' or '.join(RUNTIMES)}")
        self._tokenizer = _open_tokenizer()
        graph = _graph()
        self._run, self._runtime = _open_openvino(graph) if runtime == "openvino" else _open_onnxruntime(graph)

    @property
    def identity(self) -> EmbedderIdentity:
        return MINILM_IDENTITY

    @property
    def runtime(self) -> str:
        return self._runtime

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(tokens) for tokens in self._tokens(texts)]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), 384). Some hundreds of texts at a time are best: texts of one length share a batch."""
        import numpy as np

        rows = [tokens[:ROOM] for tokens in self._tokens(texts)]
        vectors = np.empty((len(rows), MINILM_IDENTITY.dimension), dtype=np.float32)
        for chosen, tokens, mask in _batches(rows):
            vectors[chosen] = self._run(tokens, mask, ["embeddings"])[0]
        return vectors

    def states(self, texts: Sequence[str]) -> list[TokenStates]:
        """The vectors of `embed`, and those of the tokens of each text, in one pass. Control tokens are left out."""
        import numpy as np

        # unlike encode_batch_fast, this keeps the offsets
        read = self._tokenizer.encode_batch([without_surrogates(text) for text in texts], add_special_tokens=False)
        rows = [encoding.ids[:ROOM] for encoding in read]
        found: dict[int, TokenStates] = {}
        for chosen, tokens, mask in _batches(rows, BATCH_OF_STATES):
            vectors, states = self._run(tokens, mask, ["embeddings", "states"])
            for line, number in enumerate(chosen):
                length = len(rows[number])
                kept = states[line, 1 : length + 1].astype(np.float16)
                found[number] = TokenStates(vectors[line].copy(), kept, tuple(rows[number]), tuple(read[number].offsets[:ROOM]))
        return [found[number] for number in range(len(rows))]

    def _tokens(self, texts: Sequence[str]) -> list[list[int]]:
        clean = [without_surrogates(text) for text in texts]
        return [encoding.ids for encoding in self._tokenizer.encode_batch_fast(clean, add_special_tokens=False)]


def _batches(rows: Sequence[Sequence[int]], size: int = BATCH) -> Iterator[tuple[list[int], NDArray[np.int64], NDArray[np.int64]]]:
    """Texts of one length together: their numbers, their tokens between the control tokens, and the mask."""
    import numpy as np

    by_length = sorted(range(len(rows)), key=lambda number: len(rows[number]))
    for start in range(0, len(by_length), size):
        chosen = by_length[start : start + size]
        tokens = np.zeros((len(chosen), len(rows[chosen[-1]]) + 2), dtype=np.int64)
        mask = np.zeros_like(tokens)
        for line, number in enumerate(chosen):
            row = [_CLS, *rows[number], _SEP]
            tokens[line, : len(row)] = row
            mask[line, : len(row)] = 1
        yield chosen, tokens, mask


def _open_tokenizer() -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_buffer(read_verified(TOKENIZER))
    # the file sets both to 128; `embed` cuts and pads by itself
    tokenizer.no_truncation()
    tokenizer.no_padding()
    # an article that writes "[SEP]" or "[PAD]" has these characters, not the model's control tokens
    tokenizer.encode_special_tokens = True
    return tokenizer


def _graph() -> bytes:
    source = hashlib.sha256(f"{WEIGHTS.sha256}\n{GRAPH_VERSION}\n".encode()).hexdigest()
    return sealed(cache_folder() / f"minilm-{source[:16]}.graph", _build)


def _build() -> bytes:
    from vectorstore.minilm_graph import build_graph

    return build_graph(read_verified(WEIGHTS))


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _open_onnxruntime(graph: bytes) -> tuple[Run, str]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = _cores()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    # Threads that wait for each other in a loop take the time from whoever else wants the processor, and from the next step too: without
    # it, short texts took .6 of the processor time on two cores that others used as well. No result changes.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def run(tokens: NDArray[np.int64], mask: NDArray[np.int64], outputs: list[str]) -> list[Vectors]:
        found: list[Vectors] = session.run(outputs, {"tokens": tokens, "mask": mask})
        return found

    return run, f"onnxruntime {onnxruntime.__version__}, float32, {_cores()} threads"


def _open_openvino(graph: bytes) -> tuple[Run, str]:
    try:
        import openvino
    except ImportError:
        raise RuntimeMissing(f"The runtime openvino is not installed. This brings it: {OPENVINO_COMMAND}") from None
    core = openvino.Core()
    precision = "bf16" if "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES") else "f32"
    settings: dict[str, Any] = {
        "INFERENCE_PRECISION_HINT": precision,
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": _cores(),
    }
    request = core.compile_model(core.read_model(graph), "CPU", settings).create_infer_request()
    one_at_a_time = Lock()

    def run(tokens: NDArray[np.int64], mask: NDArray[np.int64], outputs: list[str]) -> list[Vectors]:
        with one_at_a_time:
            request.infer({"tokens": tokens, "mask": mask})
            return [request.get_tensor(name).data.copy() for name in outputs]

    name = {"bf16": "bfloat16", "f32": "float32"}[precision]
    return run, f"openvino {version('openvino')}, {name}, {_cores()} threads"
