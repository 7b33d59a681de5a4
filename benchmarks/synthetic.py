"""Many articles for measuring size: sentences of the fictional sample, recombined, with names and figures of their own for each event.

They read as nonsense; what matters is that words, lengths and the share of articles an event are like those of a real collection.
The vectors are a stand-in too: each is the sum of a random vector for each word, so that articles on one event are alike. Nothing here
says how good the program's answers are.
"""

from __future__ import annotations

import json
import random
import re
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectorstore.article import Article, Field
from vectorstore.embed import EmbedderIdentity
from vectorstore.readers import Read, find_files, read_file
from vectorstore.sentence import sentence_spans

SAMPLE = Path(__file__).resolve().parent.parent / "vectorstore" / "sample"
OUTLETS = 60
SENTENCES_AN_ARTICLE = 24
SYLLABLES = "ba ren to mi lor ka ves du pel gran os tir hu ne sol am bri fen".split()


class StandIn:
    """Deterministic vectors of 384 dimensions, from the words alone."""

    identity = EmbedderIdentity("benchmark/stand-in", "", 384, "sum", True, 256)
    runtime = "stand-in"

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(re.findall(r"\w+|[^\w\s]", text)) for text in texts]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.stack([np.sum([_word(word) for word in re.findall(r"\w{4,}", text.lower())] or [_word("")], axis=0) for text in texts])
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors.astype(np.float32)


@lru_cache(maxsize=200_000)
def _word(word: str) -> NDArray[np.float32]:
    return np.random.default_rng(zlib.crc32(word.encode())).normal(size=384).astype(np.float32)


def articles(start: int, count: int) -> Iterator[Article]:
    """Articles number `start` and following of one endless collection; a number always has the same article."""
    yield from (_article(number) for number in range(start, start + count))


def reads(start: int, count: int) -> Iterator[Read]:
    return (Read(article, "synthetic", number) for number, article in enumerate(articles(start, count), start + 1))


@lru_cache(maxsize=1)
def sample_sentences() -> tuple[str, ...]:
    found = [item.article.text for file in find_files(SAMPLE) for item in read_file(file) if isinstance(item, Read)]
    return tuple(text[span.start : span.end] for text in found for span in sentence_spans(text) if 40 <= span.end - span.start <= 300)


@lru_cache(maxsize=64)
def _event(number: int) -> tuple[tuple[str, ...], date]:
    """Sentences of one event, with names and figures of its own, and the day it happened."""
    chance = random.Random(f"event {number}")
    names: dict[str, str] = {}

    def renamed(match: re.Match[str]) -> str:
        return names.setdefault(match[0], "".join(chance.choices(SYLLABLES, k=3)).capitalize())

    chosen = chance.sample(sample_sentences(), 48)
    own = tuple(re.sub(r"\d", lambda _: str(chance.randint(1, 9)), re.sub(r"(?<=[a-z,] )[A-Z][a-z]+", renamed, text)) for text in chosen)
    return own, date(2001, 1, 1) + timedelta(days=number // 3)


def _article(number: int) -> Article:
    """Articles come in the order of time; six neighbouring numbers out of a window of 30 report one event."""
    event = number // 30 * 5 + number % 5
    sentences, day = _event(event)
    chance = random.Random(f"article {number}")
    chosen = chance.sample(sentences, SENTENCES_AN_ARTICLE)
    text = "\n\n".join(" ".join(islice(chosen, start, start + 3)) for start in range(0, SENTENCES_AN_ARTICLE, 3))
    title = " ".join(chosen[0].split()[:9]).rstrip(".,;:")
    values = {
        "title": title,
        "outlet": f"Outlet {chance.randrange(OUTLETS)}",
        "url": f"https://example.test/{number}",
        "published": (day + timedelta(days=chance.randrange(3))).isoformat(),
    }
    fields: dict[str, Any] = {name: Field(value, "given", name) for name, value in values.items()}
    return Article(text, **fields)


def write_lines(path: Path, start: int, count: int) -> None:
    """The same articles as a file that `rashomon ingest` reads."""
    with path.open("w", encoding="utf-8") as file:
        for article in articles(start, count):
            row = {name: field.value for name, field in article.fields() if field.value}
            file.write(json.dumps({**row, "text": article.text}) + "\n")
