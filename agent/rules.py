"""How the rules are kept that computed sentences are built and rebuilt from, and how they write numbers and lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Input = str | int | tuple[str, ...]

COMPUTED: dict[str, Callable[..., str]] = {}


def rule(function: Callable[..., str]) -> Callable[..., str]:
    """Registers a pure function of its inputs under its own name."""
    COMPUTED[function.__name__] = function
    return function


def count(number: int, one: str, many: str | None = None) -> str:
    """As in "1 article", "5 articles"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names: Sequence[str]) -> str:
    """As in "A", "A and B", "A, B and C"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def some_of(names: Sequence[str], most: int = 6) -> str:
    """The names as in a sentence, or the first of them and how many more."""
    return listed(names) if len(names) <= most else f"{', '.join(names[: most - 1])} and {len(names) - most + 1} more"


def percent(part: int, whole: int) -> str:
    """As in "37 %", "under 1 %"."""
    share = round(100 * part / max(whole, 1))
    return f"{share} %" if share or not part else "under 1 %"
