"""What no sentence of a model may hold, whatever it cites: the user's key, and our own words to it. An endpoint was sent both."""

from __future__ import annotations

import re
from collections.abc import Collection

# Words in a row that are ours and nobody's by chance.
RUN = 8
# A key is longer; anything shorter might be a word.
SHORTEST_SECRET = 8


def held_back(text: str, quoted: str, system: str, secrets: Collection[str]) -> list[str]:
    """Reasons against a sentence. What an article says too may be said."""
    reasons = []
    if any(len(secret) >= SHORTEST_SECRET and _letters(secret) in _letters(text) for secret in secrets):
        reasons.append("it holds what is to be kept secret")
    ours = _runs(system) - _runs(quoted)
    if ours & _runs(text):
        reasons.append("it repeats its instructions")
    return reasons


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[place : place + RUN]) for place in range(len(words) - RUN + 1)}
