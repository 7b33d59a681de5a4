"""all-MiniLM-L6-v2 written a second time, in plain numpy with a tokenizer of its own, to check the graph that we run.

It shares no code with the package. Texts are ASCII.
"""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[Any]


class ReferenceMiniLM:
    def __init__(self, weights: Path, tokenizer: Path) -> None:
        content = weights.read_bytes()
        (size,) = struct.unpack("<Q", content[:8])
        self.tensors: dict[str, Matrix] = {}
        for name, entry in json.loads(content[8 : 8 + size]).items():
            if name != "__metadata__" and entry["dtype"] == "F32":
                start, end = (8 + size + offset for offset in entry["data_offsets"])
                self.tensors[name] = np.frombuffer(content[start:end], dtype="<f4").reshape(entry["shape"])
        self.vocabulary: dict[str, int] = json.loads(tokenizer.read_text(encoding="utf-8"))["model"]["vocab"]

    def tokens(self, text: str) -> list[int]:
        found: list[int] = []
        for word in re.findall(r"[a-z0-9]+|[^a-z0-9\s]", text.lower()):
            found += self._pieces(word)
        return found

    def _pieces(self, word: str) -> list[int]:
        pieces, start = [], 0
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = word[start:end] if start == 0 else "##" + word[start:end]
                if piece in self.vocabulary:
                    pieces.append(self.vocabulary[piece])
                    start = end
                    break
            else:
                return [self.vocabulary["[UNK]"]]
        return pieces

    def vectors(self, texts: list[str]) -> Matrix:
        """Shape (texts, 384). The texts stand one after the other in one matrix, so that no padding can be wrong."""
        rows: list[tuple[int, int]] = []
        spans: list[slice] = []
        for text in texts:
            tokens = [self.vocabulary["[CLS]"], *self.tokens(text)[:254], self.vocabulary["[SEP]"]]
            spans.append(slice(len(rows), len(rows) + len(tokens)))
            rows += list(enumerate(tokens))
        at = self.tensors
        x = at["embeddings.word_embeddings.weight"][[token for _, token in rows]]
        x = x + at["embeddings.position_embeddings.weight"][[place for place, _ in rows]]
        x = self._norm(x + at["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for number in range(6):
            x = self._block(x, f"encoder.layer.{number}", spans)
        means = np.stack([x[span].mean(axis=0) for span in spans])
        return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), np.float32)

    def _block(self, x: Matrix, name: str, spans: list[slice]) -> Matrix:
        query, key, value = (self._dense(x, f"{name}.attention.self.{part}") for part in ("query", "key", "value"))
        context = np.empty_like(x)
        for span in spans:
            for head in range(12):
                part = slice(32 * head, 32 * head + 32)
                logits = query[span, part] @ key[span, part].T / np.float32(np.sqrt(32.0))
                powers = np.exp(logits - logits.max(axis=1, keepdims=True))
                context[span, part] = powers / powers.sum(axis=1, keepdims=True) @ value[span, part]
        attended = self._dense(context, f"{name}.attention.output.dense")
        x = self._norm(attended + x, f"{name}.attention.output.LayerNorm")
        inner = self._dense(x, f"{name}.intermediate.dense")
        inner = inner * (1 + error_function(inner / np.float32(np.sqrt(2.0)))) / 2
        return self._norm(self._dense(inner, f"{name}.output.dense") + x, f"{name}.output.LayerNorm")

    def _dense(self, x: Matrix, name: str) -> Matrix:
        product: Matrix = x @ self.tensors[f"{name}.weight"].T
        return product + self.tensors[f"{name}.bias"]

    def _norm(self, x: Matrix, name: str) -> Matrix:
        centred = x - x.mean(axis=1, keepdims=True)
        scaled = centred / np.sqrt((centred * centred).mean(axis=1, keepdims=True) + np.float32(1e-12))
        moved: Matrix = scaled * self.tensors[f"{name}.weight"] + self.tensors[f"{name}.bias"]
        return moved


def error_function(x: Matrix) -> Matrix:
    """Abramowitz and Stegun 7.1.26, wrong by less than 2e-7."""
    size = np.abs(x)
    t = 1 / (1 + np.float32(0.3275911) * size)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    value: Matrix = np.sign(x) * (1 - series * np.exp(-size * size))
    return value
