"""How articles describe the same person: the words just before the name, or set off by commas after it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from agent.comparing.claims import Comparison
from agent.comparing.prose import IRREGULAR
from agent.comparing.sameness import Compared
from agent.comparing.voices import SOMEBODY
from agent.reading.cues import VERB_FORMS
from agent.reading.words import ADVERBS, AUXILIARIES, CONJUNCTIONS, FUNCTION_WORDS
from agent.terms import words
from vectorstore.sentence import Span

# ", the mayor of Varn," or ", a former captain."; what follows "who" or "and" says something else.
AFTER = re.compile(r",\s+([a-z][^,;:.()—–\"“”]{2,99}?)(?=[,.;)—–]|\s+(?:who|which|that|and|but)\s)")
NOT_SAID_OF_PEOPLE = FUNCTION_WORDS - frozenset("the a an one".split())
# Words for people: those of the list, and by their endings ("governor", "activist", "politician").
ENDINGS = ("er", "or", "ist", "ian", "ant", "man", "woman", "geon")


def descriptions(comparison: Comparison) -> dict[str, list[tuple[int, Span]]]:
    """Family names, with each article's first description of the bearer; those that two or more articles describe."""
    known = frozenset(parts[-1] for one in comparison.sentences for parts, _, _ in _names(one) if len(parts) > 1)
    found: dict[str, dict[int, Span]] = {}
    for one in comparison.sentences:
        for family, span in _described(one, known):
            found.setdefault(family, {}).setdefault(one.article, span)
    return {family: sorted(spans.items()) for family, spans in found.items() if len(spans) > 1}


def _names(one: Compared) -> Iterator[tuple[list[str], int, int]]:
    """(its words in lower case, start, end) of each name outside quotation marks, in offsets of the sentence."""
    offset = one.sentence.span.start
    for name in one.sentence.names:
        if not any(quote.start <= name.start < quote.end for quote in one.sentence.quotations):
            start, end = name.start - offset, name.end - offset
            parts = re.findall(r"[^\W\d_][\w’'-]*", one.sentence.text[start:end].lower())
            if parts:
                yield parts, start, end


def _described(one: Compared, known: Set[str]) -> Iterator[tuple[str, Span]]:
    text, offset = one.sentence.text, one.sentence.span.start
    for parts, start, end in _names(one):
        if parts[-1] not in known:
            continue
        after = AFTER.match(text, end)
        if after and _says_who(after[1]):
            yield parts[-1], Span(offset + after.start(1), offset + after.end(1))
            continue
        begin = start
        for match in reversed(list(re.finditer(r"[\w’'-]+(?=\s)", text[:start]))):
            word = match[0]
            gap = text[match.end() : begin].strip()
            if gap or not word[:1].islower() or word in FUNCTION_WORDS | ADVERBS | CONJUNCTIONS | AUXILIARIES:
                break
            begin = match.start()
        before = text[begin:start].strip()
        if before and not _like_a_verb(before.split()[-1]) and _says_who(before):
            yield parts[-1], Span(offset + begin, offset + begin + len(before))


def _says_who(phrase: str) -> bool:
    first = phrase.split()[0].lower()
    if first in NOT_SAID_OF_PEOPLE or _like_a_verb(first) or first.endswith("ly") or any(character.isdigit() for character in phrase):
        return False
    if phrase.split()[-1].lower() in VERB_FORMS:
        return False  # "who knew the captain said" ends in no noun
    return any(word in SOMEBODY or (len(word) > 4 and word.endswith(ENDINGS)) for word in words(phrase) if word not in FUNCTION_WORDS)


def _like_a_verb(word: str) -> bool:
    return word in IRREGULAR or (len(word) > 4 and word.endswith(("ed", "ing")))
