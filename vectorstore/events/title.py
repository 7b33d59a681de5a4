"""The title of an event: a headline of one of its articles that the others bear out. No words of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# What an editor puts before a headline, and what makes it one outlet's view.
LABEL = re.compile(
    r"\W*(?:correct(?:ed|ion)|clarification|updated?|live(?: updates?| blog)?|breaking(?: news)?|developing|just in|watch|video|photos?|"
    r"exclusive|fact[- ]check|explainer|explained)\s*(?::|\||-\s|–|—)|\W*\[?(?:updated?|corrected|live)\]|.*(?:[-–—|(]\s*live(?: updates?)?\)?|live updates)\W*$",
    re.IGNORECASE,
)
VIEW = re.compile(
    r"\W*(?:opinion|editorial|commentary|comment|analysis|column|letters?|op-ed|perspective|view(?:point)?|review|podcast)\s*(?::|\||-\s|–|—)|"
    r".*[|–—]\s*(?:opinion|editorial|commentary|analysis|letters?)\W*$",
    re.IGNORECASE,
)
NUMBERS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
    )
} | {word: 10 * tens for tens, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
# Words for one kind of count: a headline says "dead" where the text says "killed".
SAME_COUNT = {
    word: group[0]
    for group in (
        "dead die dies died dying kill kills killed killing death deaths fatality fatalities".split(),
        "hurt injured injures injuring injuries wounded wounds hospitalised hospitalized".split(),
        "missing unaccounted".split(),
        "arrested arrests arrest detained held".split(),
        "homes houses".split(),
    )
    for word in group
}
# A count and what is counted stand within so many words of each other.
REACH = 3
FIRST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article of the event: its headline and the first words of its text."""

    article_id: str
    headline: str | None
    start: str


def most_telling(candidates: Sequence[Candidate]) -> str:
    """The article whose headline is the title. `candidates` come with the most central first; one is chosen in any case."""
    counts = [dict(_counts(f"{item.headline or ''} . {item.start}")) for item in candidates]

    def faults(place: int) -> tuple[int, int]:
        headline = candidates[place].headline
        if not headline or not headline.strip():
            return 100, place
        return 4 * _is_view(headline) + 3 * _contested(headline, place, counts) + 2 * bool(LABEL.match(headline)) + _shouts(headline), place

    return candidates[min(range(len(candidates)), key=faults)].article_id


def first_words(text: str) -> str:
    return " ".join(text.split(None, FIRST_WORDS)[:FIRST_WORDS])


def _is_view(headline: str) -> bool:
    return headline.rstrip(" ”’\"'»").endswith("?") or bool(VIEW.match(headline))


def _shouts(headline: str) -> bool:
    letters = [character for character in headline if character.isalpha()]
    return len(letters) > 10 and sum(character.isupper() for character in letters) > 0.7 * len(letters)


def _contested(headline: str, place: int, counts: Sequence[dict[str, frozenset[float]]]) -> bool:
    """Whether another article counts the same thing and never comes to this number."""
    return any(
        counted in other and not values & other[counted]
        for counted, values in _counts(headline)
        for number, other in enumerate(counts)
        if number != place
    )


def _counts(text: str) -> Iterator[tuple[str, frozenset[float]]]:
    """What is counted, and the numbers near it."""
    words = re.findall(r"\d[\d.,]*\d|\d|[^\W\d_]+|[.!?;:]", text.lower())
    found: dict[str, set[float]] = {}
    for place, word in enumerate(words):
        value = _value(word)
        if value is None:
            continue
        for step in (*range(1, REACH + 1), *range(-1, -REACH - 1, -1)):
            other = words[place + step] if 0 <= place + step < len(words) else ""
            if other and other in SAME_COUNT:
                found.setdefault(SAME_COUNT[other], set()).add(value)
                break
        following = words[place + 1] if place + 1 < len(words) else ""
        if len(following) > 3 and following.isalpha() and following not in SAME_COUNT and _value(following) is None:
            found.setdefault(following.rstrip("s"), set()).add(value)
    yield from ((counted, frozenset(values)) for counted, values in found.items())


def _value(word: str) -> float | None:
    if word in NUMBERS:
        return float(NUMBERS[word])
    if not word[0].isdigit():
        return None
    try:
        return float(word.replace(",", ""))
    except ValueError:
        return None
