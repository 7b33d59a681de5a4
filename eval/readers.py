"""Who answers the cases: the extractive reader, a model's recorded replies, and a script that only shows that the path holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from agent.asker import Answer, ask
from eval.case import EvalCase
from vectorstore.library import Library


@dataclass(frozen=True)
class Reader:
    """`quality` is false for scripted replies: they show that nothing breaks and say nothing of answers."""

    name: str
    quality: bool
    can_answer: Callable[[EvalCase], bool]
    ask: Callable[[EvalCase, Library], Answer]


def extractive() -> Reader:
    return Reader("extractive", True, lambda case: True, lambda case, library: ask(case.question, library))


def readers(names: tuple[str, ...], replays: Path) -> tuple[Reader, ...]:
    """Raises KeyError for a name that no reader has."""
    known = {"extractive": extractive}
    return tuple(known[name]() for name in names)
