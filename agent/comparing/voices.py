"""Who is quoted: whose words stand in quotation marks, how many, and in which outlets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agent.comparing.claims import PRONOUNS
from agent.comparing.prose import is_prose
from agent.reading import Attribution, Reading, ReadSentence
from agent.terms import words
from vectorstore.sentence import Span

LONGEST_NAME = 80
UNNAMED = PRONOUNS | frozenset("gov sen rep dr mr mrs ms prof capt sgt lt col gen".split())


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words of a speaker in one article; `span` includes the quotation marks."""

    article_id: str
    outlet: str | None
    span: Span
    words: int


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker, by the fullest name found, and what is quoted of them. `origins` counts the independent texts that do so."""

    speaker: str
    quoted: tuple[Quoted, ...]
    origins: int

    @property
    def words(self) -> int:
        return sum(one.words for one in self.quoted)

    @property
    def outlets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.outlet for one in self.quoted if one.outlet))


def voices(readings: Sequence[Reading], origin_of: Mapping[str, str]) -> list[Voice]:
    """Speakers by words quoted, each origin counted once. A quotation without a clear speaker is left out."""
    found: dict[str, list[Quoted]] = {}
    names: dict[str, str] = {}
    for reading in readings:
        for name, quoted in _quoted(reading):
            key = _same_person(name, names)
            names[key] = max(names.get(key, ""), name, key=lambda one: (len(one.split()), len(one)))
            found.setdefault(key, []).append(quoted)
    listed = []
    for key, quotes in found.items():
        origins = {origin_of.get(quote.article_id, quote.article_id) for quote in quotes}
        listed.append(Voice(names[key], tuple(quotes), len(origins)))
    return sorted(listed, key=lambda voice: (-voice.origins, -voice.words, voice.speaker))


def unique_words(voice: Voice, origin_of: Mapping[str, str]) -> int:
    """Words quoted, those of one origin only once: copies print the same quotation."""
    longest: dict[str, dict[str, int]] = {}
    for quote in voice.quoted:
        by_article = longest.setdefault(origin_of.get(quote.article_id, quote.article_id), {})
        by_article[quote.article_id] = by_article.get(quote.article_id, 0) + quote.words
    return sum(max(by_article.values()) for by_article in longest.values())


def _quoted(reading: Reading) -> Iterator[tuple[str, Quoted]]:
    article, seen = reading.article, set[Span]()
    for sentence in reading.sentences:
        if not is_prose(sentence):
            continue
        for attribution in sentence.attributions:
            if not attribution.direct:
                continue
            name = speaker_name(article.text, attribution)
            if name is None:
                continue
            for span in _quotations(sentence, attribution):
                if span not in seen:
                    seen.add(span)
                    spoken = len(words(article.text[span.start : span.end]))
                    yield name, Quoted(article.article_id, article.outlet.value, span, spoken)


def _quotations(sentence: ReadSentence, attribution: Attribution) -> list[Span]:
    """The quotation marks' contents that belong to this attribution; all of the sentence's, if it is the only one."""
    inside = [
        span
        for span in sentence.quotations
        if any(content.start < span.end and span.start < content.end for content in attribution.content)
    ]
    return inside or (list(sentence.quotations) if len(sentence.attributions) == 1 else [])


def speaker_name(text: str, attribution: Attribution) -> str | None:
    """The speaker's name, or the source's words when they name somebody; None for a pronoun."""
    name = attribution.speaker or text[attribution.source.start : attribution.source.end]
    name = re.sub(r"\s+", " ", name).strip(" ,.;:")
    name = re.sub(r" (?:him|her|it|them)sel(?:f|ves)$", "", name)
    if re.match(r"an? (?:\w+ )?(?:statement|letter|report|interview|tweet|post|e-?mail)\b", name, re.IGNORECASE):
        return None  # where it was said, not who said it
    return None if not name or name.lower().rstrip(".") in UNNAMED or len(name) > LONGEST_NAME else name


def _same_person(name: str, names: Mapping[str, str]) -> str:
    """The key of a known speaker whose name ends in the same family name and does not contradict it, else a new key."""
    parts = re.findall(r"[^\W\d_][\w’'-]*", name)
    if not parts or not parts[-1][0].isupper():
        return name.lower().removeprefix("the ")
    last = parts[-1].lower().removesuffix("’s").removesuffix("'s")
    for key, known in names.items():
        theirs = re.findall(r"[^\W\d_][\w’'-]*", known)
        if theirs and theirs[-1].lower() == last and (len(parts) == 1 or len(theirs) == 1 or _compatible(parts, theirs)):
            return key
    return name.lower()


def _compatible(one: Sequence[str], other: Sequence[str]) -> bool:
    short, long = sorted((one, other), key=len)
    return set(short) <= set(long)
