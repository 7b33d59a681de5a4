"""Changes to a brief's file, drawn by a fixed seed: a word, a number, an outlet, a hash or an order. Used by tests and benchmarks."""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

KINDS = ("word", "number", "outlet", "hash", "order")
HASHES = ("text_id", "article_id", "key", "seal")
# Where a change is only of what is told beside the sentences and their quotes: often nothing contradicts it, and the seal alone finds it.
TOLD = ("tables", "origins", "positions", "why", "notes", "searched", "manifest", "reader", "seal", "format", "version")

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Change:
    kind: str
    where: str
    data: Any


def changes(data: Any, number: int, seed: int) -> Iterator[Change]:
    """As many changed copies, the kinds in turn."""
    dice = random.Random(seed)
    outlets = sorted({part["outlet"] for part in data["articles"] if part["outlet"]})
    places = {kind: list(_places(data, kind, outlets)) for kind in KINDS}
    for turn in range(number):
        kind = KINDS[turn % len(KINDS)]
        path = dice.choice(places[kind])
        changed = copy.deepcopy(data)
        before = _at(data, path)
        after = _changed(before, kind, outlets, dice)
        _put(changed, path, after)
        assert changed != data, (kind, path)
        yield Change(kind, "/".join(map(str, path)), changed)


def told(change: Change) -> bool:
    return any(part in TOLD for part in change.where.split("/")[:5])


def _places(data: Any, kind: str, outlets: list[str]) -> Iterator[Path]:
    for path, value in _walk(data, ()):
        if path and _fits(kind, path[-1], value, outlets):
            yield path


def _fits(kind: str, name: str | int, value: Any, outlets: list[str]) -> bool:
    if kind == "order":
        return isinstance(value, list) and len({repr(one) for one in value}) > 1
    if kind == "number" and type(value) is int:
        return name != "version"
    if not isinstance(value, str):
        return False
    if kind == "hash":
        return name in HASHES or re.fullmatch(r"[0-9a-f]{64}", value) is not None
    if kind == "outlet":
        return value in outlets
    if kind == "number":
        return name in ("text", "quote") and re.search(r"\d", value) is not None
    return name in ("text", "quote", "title") and len(value.split()) > 1


def _walk(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    yield path, value
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield from _walk(inner, (*path, name))


def _changed(value: Any, kind: str, outlets: list[str], dice: random.Random) -> Any:
    if kind == "order":
        return _swapped(value, dice)
    if kind == "outlet":
        return dice.choice([name for name in outlets if name != value])
    if kind == "hash":
        at = dice.randrange(len(value))
        return value[:at] + dice.choice([letter for letter in "0123456789abcdef" if letter != value[at]]) + value[at + 1 :]
    if kind == "number" and isinstance(value, int):
        return value + dice.choice([-1, 1, 7])
    if kind == "number":
        digit = dice.choice(list(re.finditer(r"\d", value)))
        other = dice.choice([one for one in "0123456789" if one != digit[0]])
        return value[: digit.start()] + other + value[digit.end() :]
    words = list(re.finditer(r"\S+", value))
    one = dice.choice(words)
    return value[: one.start()] + dice.choice(["", "never", one[0] + " " + one[0], one[0][::-1] + "x"]) + value[one.end() :]


def _swapped(value: list[Any], dice: random.Random) -> list[Any]:
    places = [number for number in range(len(value) - 1) if value[number] != value[number + 1]]
    at = dice.choice(places)
    return [*value[:at], value[at + 1], value[at], *value[at + 2 :]]


def _at(data: Any, path: Path) -> Any:
    for name in path:
        data = data[name]
    return data


def _put(data: Any, path: Path, value: Any) -> None:
    _at(data, path[:-1])[path[-1]] = value
