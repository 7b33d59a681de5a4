"""A re-ranker that a user may plug into a library: it orders anew what a search has found. Off unless one is given."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")

# A re-ranker sees so many times the passages that are asked for, at most this many, or all that are asked for: it is slow. Not
# calibrated; no re-ranker ships.
WIDER, MOST_RERANKED = 3, 60


class Reranker(Protocol):
    """A cross-encoder, a language model or anything else that knows how well a text answers a question."""

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """One number for every text, in their order; higher is better."""
        ...


class RerankFailed(RuntimeError):
    """The re-ranker gave no order; the message says why."""


def wanted(limit: int) -> int:
    """How many passages to find, so that the re-ranker can choose."""
    return max(limit, min(WIDER * limit, MOST_RERANKED))


def reranked(reranker: Reranker, question: str, found: Sequence[T], texts: Sequence[str]) -> list[T]:
    """The best first, equal ones in the order in which they were found. Raises RerankFailed."""
    if not found:
        return []
    try:
        scores = [float(score) for score in reranker.scores(question, texts)]
    except Exception as error:  # a class of somebody else's may raise anything
        said = " ".join(str(error).split())[:200]
        raise RerankFailed(f"{type(error).__name__}: {said}" if said else type(error).__name__) from error
    if len(scores) != len(found):
        raise RerankFailed(f"it gave {len(scores)} scores for {len(found)} texts")
    if not all(map(math.isfinite, scores)):
        raise RerankFailed("it gave a score that is no number")
    return [found[place] for place in sorted(range(len(found)), key=lambda place: -scores[place])]
