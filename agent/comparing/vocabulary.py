"""Words that one outlet uses much more than the others: log-odds with an informative Dirichlet prior (Monroe, Colaresi and Quinn,
"Fightin' Words: Lexical Feature Selection and Evaluation for Identifying the Content of Political Conflict", Political Analysis 2008)."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent.comparing.claims import Comparison
from agent.reading.words import FUNCTION_WORDS
from agent.terms import STOP, stem
from vectorstore.sentence import Span

# The prior's weight in words: as if so many words of the pooled coverage had been read before (equation 22 of the paper, with the
# event itself for a background). An article has some hundreds of words, so this holds a single one back about as much as it says.
PRIOR = 500.0
# Two-sided one in a hundred. Hundreds of words are looked at, so a few would pass by chance: LEAST uses in the outlet are asked as well.
Z, LEAST = 2.58, 3
UNITS = frozenset("cent percent million billion trillion thousand hundred year years month week today".split())
WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Use:
    """A word in an article, outside quotation marks; `stem` is what is counted."""

    article_id: str
    span: Span
    text: str
    stem: str


@dataclass(frozen=True, slots=True)
class Distinctive:
    """`uses` in `of_words` counted words of the outlet, `elsewhere` in `of_words_elsewhere` of the others'; `z` is the log-odds ratio over
    its standard deviation."""

    outlet: str
    uses: tuple[Use, ...]
    of_words: int
    elsewhere: int
    of_words_elsewhere: int
    z: float


def distinctive(comparison: Comparison, origin_of: Mapping[str, str]) -> list[Distinctive]:
    """For each outlet, the strongest first. A text that several outlets print counts once among the others, and is no outlet's own: words
    of an origin that two outlets print are left out for both. Names are left out: whom an article is about is no choice of words."""
    by_origin: dict[str, set[str]] = {}
    outlet_of = {}
    for reading in comparison.readings:
        article = reading.article
        if article.outlet.value:
            outlet_of[article.article_id] = article.outlet.value
            by_origin.setdefault(origin_of.get(article.article_id, article.article_id), set()).add(article.outlet.value)
    own = {article_id: outlet for article_id, outlet in outlet_of.items() if len(by_origin[origin_of.get(article_id, article_id)]) == 1}
    read: set[str] = set()
    uses: dict[str, list[Use]] = {}
    for number, one in enumerate(comparison.sentences):
        article_id = comparison.article_id(number)
        origin = origin_of.get(article_id, article_id)
        key = own.get(article_id) or f"\n{origin}"  # a shared text counts once: by the first article of it that is met
        if article_id not in own and origin in read and article_id not in read:
            continue
        read |= {origin, article_id}
        quoted = one.sentence.quotations
        named = one.sentence.names
        for match in WORD.finditer(one.sentence.text):
            span = Span(one.sentence.span.start + match.start(), one.sentence.span.start + match.end())
            lower = match[0].lower()
            if lower in STOP or lower in FUNCTION_WORDS or len(lower) < 4 or "’" in lower or "'" in lower or lower in UNITS:
                continue
            if any(part.start <= span.start < part.end for part in (*quoted, *named)):
                continue
            uses.setdefault(key, []).append(Use(article_id, span, match[0], stem(lower)))
    total = Counter(use.stem for group in uses.values() for use in group)
    names = _mostly_capital(use for group in uses.values() for use in group)
    found = [one for outlet in sorted(set(own.values())) for one in _of_outlet(outlet, uses.get(outlet, []), total, names)]
    return sorted(found, key=lambda one: (-one.z, one.outlet, one.uses[0].text))


def _of_outlet(outlet: str, own: list[Use], total: Counter[str], names: frozenset[str]) -> Iterable[Distinctive]:
    counted = Counter(use.stem for use in own)
    everything, mine = sum(total.values()), len(own)
    theirs = everything - mine
    if not mine or not theirs:
        return
    for word, count in counted.items():
        if count < LEAST or word in names:
            continue
        z = log_odds(count, mine, total[word] - count, theirs, PRIOR * total[word] / everything, PRIOR)
        if z >= Z:
            places = tuple(use for use in own if use.stem == word)
            yield Distinctive(outlet, places, mine, total[word] - count, theirs, z)


def log_odds(mine: int, of_mine: int, theirs: int, of_theirs: int, prior: float, of_prior: float) -> float:
    """Equations 16, 19 and 22 of the paper: the difference of the two log-odds of a word over its standard deviation.

    `prior` is the word's own weight of `of_prior`. 0.0 where a side has no words at all.
    """
    if not of_mine or not of_theirs:
        return 0.0
    first = math.log((mine + prior) / (of_mine + of_prior - mine - prior))
    second = math.log((theirs + prior) / (of_theirs + of_prior - theirs - prior))
    return (first - second) / math.sqrt(1 / (mine + prior) + 1 / (theirs + prior))


def _mostly_capital(uses: Iterable[Use]) -> frozenset[str]:
    capital: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for use in uses:
        every[use.stem] += 1
        capital[use.stem] += use.text[:1].isupper()
    return frozenset(word for word, count in every.items() if 2 * capital[word] > count)
