"""The title of an event: a headline of one of its articles that the others bear out. No words of ours."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vectorstore.events.traits import terms_of

MARK = r"\s*(?::|\||-\s|–|—)"
# What an editor puts before a headline or after it, and what makes it one outlet's view.
LABELS = (
    r"correct(?:ed|ion)|clarification|updated?|live(?: updates?| blog)?|breaking(?: news)?|developing|just in|watch|video|photos?|"
    r"exclusive|fact[- ]check|explainer|explained"
)
LABEL = re.compile(rf"\W*(?:{LABELS}){MARK}|\W*\[(?:{LABELS})\]|.*(?:[-–—|(]\s*live(?: updates?)?\)?|live updates)\W*$", re.IGNORECASE)
VIEWS = r"opinion|editorial|commentary|comment|analysis|column|letters?|op-ed|perspective|view(?:point)?|review|podcast"
VIEW = re.compile(rf"\W*(?:{VIEWS}){MARK}|.*[|–—]\s*(?:{VIEWS})\W*$", re.IGNORECASE)
TEENS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBERS = {word: value for value, word in enumerate(TEENS.split())} | {word: 10 * tens for tens, word in enumerate(TENS.split(), 2)}
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
# A headline is cut where it has two parts; a part of fewer words than these says too little. Before a colon, so few are a speaker.
CUT = re.compile(r"\s*[:;]\s+|\s+[–—-]\s+|\s*\|\s*")
SHORTEST_PART, SPEAKER = 4, 2
# What a fault leaves of a headline's support. Half: another one that half as many articles bear out is better.
CONTESTED, VIEWED, LABELLED, SHOUTED, SPOKEN, CUT_SHORT = 0.4, 0.4, 0.6, 0.7, 0.7, 0.95


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article of the event: its headline and the first words of its text."""

    article_id: str
    headline: str | None
    start: str


@dataclass(frozen=True, slots=True)
class Title:
    """`headline[start:end]` of an article. No headline: both are 0."""

    article_id: str
    start: int
    end: int


def most_telling(candidates: Sequence[Candidate]) -> Title:
    """The headline, or part of one, whose words most of the articles have. `candidates` come with the most central first."""
    texts = [f"{item.headline or ''} . {item.start}" for item in candidates]
    counts = [dict(_counts(text)) for text in texts]
    held = Counter(term for text in texts for term in set(terms_of(text)))
    best, title = -1.0, Title(candidates[0].article_id, 0, 0)
    for place, item in enumerate(candidates):
        for span in _parts(item.headline or ""):
            value = _value_of(item.headline or "", span, place, held, counts)
            if value > best:
                best, title = value, Title(item.article_id, *span)
    return title


def _parts(headline: str) -> Iterator[tuple[int, int]]:
    """The headline, and its parts that may stand alone: without a label before it, or before and after a colon."""
    whole = (len(headline) - len(headline.lstrip()), len(headline.rstrip()))
    if whole[0] < whole[1]:
        yield whole
    ends = [whole[0], *(place for cut in CUT.finditer(headline) for place in cut.span()), whole[1]]
    for start, end in zip(ends[::2], ends[1::2], strict=True):
        part = headline[start:end]
        if (start, end) != whole and len(part.split()) >= SHORTEST_PART and all(part.count(a) == part.count(b) for a, b in ("“”", "()")):
            yield start, end


def _value_of(headline: str, span: tuple[int, int], place: int, held: Counter[str], counts: Sequence[dict[str, frozenset[float]]]) -> float:
    part = headline[span[0] : span[1]]
    words = set(terms_of(part))
    if not words:
        return 0.0
    # Shares of the other articles that have each word; the root keeps a long headline from winning by its length alone.
    value = sum((held[word] - 1) / max(len(counts) - 1, 1) for word in words) / math.sqrt(len(words))
    speaker, colon, _ = part.partition(": ")
    faults = (
        (_contested(part, place, counts), CONTESTED),
        (_is_view(part) or bool(VIEW.match(headline)), VIEWED),
        (bool(LABEL.match(part)), LABELLED),
        (_shouts(part), SHOUTED),
        (bool(colon) and len(speaker.split()) <= SPEAKER, SPOKEN),
        (len(part) < len(headline.strip()), CUT_SHORT),
    )
    return value * math.prod(left for faulty, left in faults if faulty)


def first_words(text: str) -> str:
    return " ".join(text.split(None, FIRST_WORDS)[:FIRST_WORDS])


def _is_view(headline: str) -> bool:
    return headline.rstrip(" ”’\"'»").endswith("?") or bool(VIEW.match(headline))


def _shouts(headline: str) -> bool:
    words = [word for word in re.findall(r"[^\W\d_]{4,}", headline) if word.isupper()]
    return len(words) > 1


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
