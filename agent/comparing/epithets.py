"""How articles describe the same person: the words just before the name, or set off by commas beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

from agent.comparing.claims import Comparison
from agent.comparing.prose import IRREGULAR
from agent.comparing.sameness import Compared
from agent.comparing.voices import SOMEBODY
from agent.reading.cues import ALSO_NOUNS, VERB_FORMS, Form
from agent.reading.names import HONORIFICS
from agent.reading.phrases import WHEN
from agent.reading.words import ADVERBS, AUXILIARIES, CONJUNCTIONS, DETERMINERS, FUNCTION_WORDS, PREPOSITIONS
from agent.terms import terms, words
from vectorstore.sentence import Span

# What may stand between a name and what is said of its bearer: "Ida Moll (R-Varn) of Torvany, 59,".
TAIL = r"(?:\.?\s+of(?:\s+[A-Z][\w’'-]+){1,3})?(?:\s+\([^()]{1,30}\))?(?:,\s+\d{1,3}(?=,))?"
# ", the mayor of Varn," or ", a former captain."; what follows "who" or "and" says something else.
END = r"(?=[,.;)—–]|\s+(?:who|which|that|and|but|He|She|They|The)\s)"
AFTER = re.compile(TAIL + r",\s+((?:[a-z]|(?:[A-Z][\w-]+\s+){1,3}of\s)[^,;:.()—–\"“”]{2,99}?)" + END)
IS = re.compile(TAIL + r"\s+(?:is|was|remains|became)\s+((?:an?|the|one of)\s[^,;:.()—–\"“”]{2,60}?)" + END)
# "the third man on the ship, Captain Ida Moll"
BEFORE = re.compile(
    r"\b((?:[Tt]he|[Aa]n?|[Oo]ne of (?:the|its|his|her|their))\s"
    r"(?:(?!\s(?:that|who|which|said|by|with|to|and|but|as|when)\s)[^,;:.()—–\"“”]){3,80}),\s+(?:[A-Z][\w-]*\.?\s+){0,2}$"
)
NOT_SAID_OF_PEOPLE = FUNCTION_WORDS - frozenset("the a an one".split())
# Words for people: those of the list, and by their endings ("governor", "activist", "politician").
PEOPLE = SOMEBODY | frozenset(
    "republican democrat conservative liberal socialist member ally hero star veteran aide host secretary adviser".split()
)
THINGS = frozenset("matter letter number order paper power other computer center tower fundraiser factor".split())
ENDINGS = ("er", "or", "ist", "ian", "ant", "man", "woman", "geon")
POLITE = re.compile(r"(?:^|\s)(?:Mr|Mrs|Ms|Miss|Dr)\.?$")
# An office alone describes nobody.
CLOSED = FUNCTION_WORDS | ADVERBS | CONJUNCTIONS | AUXILIARIES | WHEN
OFFICES_AFTER = frozenset("gov sen rep".split())
BARE_TITLES = HONORIFICS | frozenset(
    "president minister senator representative governor congressman congresswoman former late prime captain colonel sergeant general "
    "major lieutenant constable inspector superintendent judge officer justice chief current then the".split()
)


def descriptions(comparison: Comparison) -> dict[str, list[tuple[int, Span]]]:
    """Family names, with each article's fullest description of the bearer; those that two or more articles describe."""
    known = frozenset(parts[-1] for one in comparison.sentences for parts, _, _ in _names(one) if len(parts) > 1)
    found: dict[str, dict[int, Span]] = {}
    for one in comparison.sentences:
        for family, span in _described(one, known):
            known_as = found.setdefault(family, {})
            if one.article not in known_as or _telling(comparison, one.article, span) > _telling(
                comparison, one.article, known_as[one.article]
            ):
                known_as[one.article] = span
    return {family: sorted(spans.items()) for family, spans in found.items() if len(spans) > 1}


def _telling(comparison: Comparison, article: int, span: Span) -> int:
    return len(terms(comparison.readings[article].article.text[span.start : span.end]))


def _names(one: Compared) -> Iterator[tuple[list[str], int, int]]:
    """(its words in lower case, start, end) of each name outside quotation marks, in offsets of the sentence."""
    offset = one.sentence.span.start
    for name in one.sentence.names:
        if not any(quote.start <= name.start < quote.end for quote in one.sentence.quotations):
            start, end = name.start - offset, name.end - offset
            parts = re.findall(r"[^\W\d_][\w’'-]*", one.sentence.text[start:end].lower())
            if parts and parts[-1] in {"jr", "sr"}:
                parts.pop()
            if parts:
                yield parts, start, end


def _described(one: Compared, known: Set[str]) -> Iterator[tuple[str, Span]]:
    text, offset = one.sentence.text, one.sentence.span.start
    for parts, start, end in _names(one):
        if parts[-1] not in known:
            continue
        for pattern in (AFTER, IS):
            match = pattern.match(text, end)
            if match and _says_who(match[1]):
                yield parts[-1], Span(offset + match.start(1), offset + match.end(1))
        preceding = BEFORE.search(text[:start])
        if preceding and _says_who(preceding[1]):
            yield parts[-1], Span(offset + preceding.start(1), offset + preceding.end(1))
        begin = _leading(text, start)
        before = text[begin:start].strip()
        if before and not POLITE.search(before) and not _only_titles(before) and not _like_a_verb(before.split()[-1]) and _says_who(before):
            yield parts[-1], Span(offset + begin, offset + begin + len(before))


def _leading(text: str, start: int) -> int:
    """Where the words begin that stand right before a name: "Free Varn host", "former captain"."""
    begin = start
    preceding = list(re.finditer(r"\w[\w’'-]*\.?(?=\s)", text[:start]))
    for place in range(len(preceding) - 1, -1, -1):
        match = preceding[place]
        word = match[0].rstrip(".").lower()
        stop = match[0].endswith(".") and word not in HONORIFICS
        if text[match.end() : begin].strip() or stop or word in CLOSED:
            break
        # "the embattled governor", but "voters booed governor".
        if (_like_a_verb(word) or _saying(word)) and not _opens(text, preceding, place):
            break
        begin = match.start()
    return begin


def _opens(text: str, words_before: Sequence[re.Match[str]], place: int) -> bool:
    """Whether a phrase may begin with this word, which looks like a verb: it stands first, or after an article or a mark."""
    if place == 0:
        return True
    before = words_before[place - 1]
    between = text[before.end() : words_before[place].start()].strip()
    adjective = words_before[place][0].lower().endswith("ed") and before[0].lower() in PREPOSITIONS | CONJUNCTIONS
    return bool(between) or before[0].lower() in DETERMINERS or adjective


def _only_titles(phrase: str) -> bool:
    return all(word in BARE_TITLES for word in words(phrase))


def _says_who(phrase: str) -> bool:
    """Whether the phrase's noun, the last word before what hangs on it, is a word for people, and no verb of saying is near."""
    said = phrase.lower().replace(",", " ").split()
    first = said[0]
    if first in NOT_SAID_OF_PEOPLE or first in VERB_FORMS or first.endswith("ly") or any(character.isdigit() for character in phrase):
        return False
    if first.endswith("ing") or (_like_a_verb(first) and said[1:2] == ["the"]) or any(_saying(word) for word in said[1:]):
        return False  # "who knew the captain said" ends in no noun
    if said[-1].rstrip(".") in HONORIFICS - OFFICES_AFTER or len(said[-1].rstrip(".")) == 1:
        return False  # cut at a full stop that ends no sentence
    body = said[2:] if said[:2] == ["one", "of"] else said
    head = next((place for place, word in enumerate(body) if word in PREPOSITIONS and place), len(body))
    return _for_people(re.split(r"['’]", body[head - 1])[0].strip("."))


def _for_people(word: str) -> bool:
    return (
        word in PEOPLE
        or word.removesuffix("s") in PEOPLE
        or word in HONORIFICS
        or (len(word) > 4 and word.endswith(ENDINGS) and word not in THINGS)
    )


def _saying(word: str) -> bool:
    return word in VERB_FORMS and word not in ALSO_NOUNS and VERB_FORMS[word][1] in (Form.PAST, Form.THIRD)


def _like_a_verb(word: str) -> bool:
    return word in IRREGULAR or (len(word) > 4 and word.endswith(("ed", "ing")))
