"""Who is quoted: whose words stand in quotation marks, how many, and in which outlets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agent.comparing.claims import PRONOUNS
from agent.comparing.people import BEFORE_DETAILS, SOMEBODY, names_a_source
from agent.comparing.prose import is_prose
from agent.reading import Attribution, Reading, ReadSentence
from agent.reading.cast import GROUPS
from agent.reading.first_names import one_form
from agent.reading.names import HONORIFICS, TITLES
from agent.reading.words import FUNCTION_WORDS
from agent.terms import words
from vectorstore.sentence import Span

HONORIFIC = re.compile(rf"^(?:(?:{'|'.join(sorted(HONORIFICS))})\.?\s+)+", re.IGNORECASE)
LONGEST_NAME, MOST_WORDS = 60, 6
# Who may speak without a name. Documents, videos and websites may not: somebody wrote or made them.
UNNAMED = PRONOUNS | frozenset("gov sen rep dr mr mrs ms prof capt sgt lt col gen".split())

OFFICES = TITLES | GROUPS | frozenset("ceo coo cfo cto secretary-general president chairman chairwoman".split())
THINGS = frozenset("document record paper report video footage statement letter sign banner poster leaflet website page text post".split())


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
            names[key] = _fuller(names.get(key, ""), name)
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
    """The speaker's name, or the source's words when they name a person or body; None for a pronoun, a document or a video."""
    if attribution.speaker:
        name = _tidy(attribution.speaker)
        return None if _nobody(name) else name
    name = _tidy(text[attribution.source.start : attribution.source.end])
    head = BEFORE_DETAILS.split(name)[0]
    return head if _somebody(head) and not _nobody(head) and names_a_source(head) else None


def _somebody(head: str) -> bool:
    """Whether the words end in a name or in a word for a person or body."""
    last = (head.split() or [""])[-1]
    one = last.lower().removesuffix("es") if last.lower().endswith("sses") else last.lower()
    if one in SOMEBODY or one.removesuffix("s") in SOMEBODY:
        return True
    return last[:1].isupper() and last.lower() not in FUNCTION_WORDS and one.removesuffix("s") not in THINGS


def _tidy(name: str) -> str:
    name = re.sub(r"\s+", " ", name).strip(" ,.;:")
    name = _without_office(re.sub(r" (?:him|her|it|them)sel(?:f|ves)$", "", name))
    return re.sub(r"^that (?=(?:Mr|Mrs|Ms|Dr)\b|[A-Z])", "", name)


def _without_office(name: str) -> str:
    """ "Norline COO Ida Moll" is Ida Moll: what stands before two capitalised words that an office or a party ends."""
    parts = name.split()
    last = max((place for place, part in enumerate(parts) if part.lower() in OFFICES), default=-1)
    rest = parts[last + 1 :]
    return " ".join(rest) if last >= 0 and len(rest) > 1 and all(part[0].isupper() for part in rest) else name


def _nobody(name: str) -> bool:
    return not name or name.lower().rstrip(".") in UNNAMED or len(name) > LONGEST_NAME or len(name.split()) > MOST_WORDS


def _fuller(known: str, name: str) -> str:
    """Of two forms of one name the shortest that is full: "Ida Moll", and neither "Moll" nor "Captain Ida B. Moll"."""
    if not known:
        return name
    return min((known, name), key=lambda one: (len(one.split()) < 2, len(one.split()) if len(one.split()) > 1 else -len(one), len(one)))


def _same_person(name: str, names: Mapping[str, str]) -> str:
    """The key of a known speaker whose name ends in the same family name and does not contradict it, else a new key."""
    parts = re.findall(r"[^\W\d_][\w’'-]*", HONORIFIC.sub("", name))
    if not parts or not parts[-1][0].isupper():
        return name.lower().removeprefix("the ")
    parts = [one_form(part).removesuffix("'s") for part in parts]
    for key, known in names.items():
        theirs = [one_form(part).removesuffix("'s") for part in re.findall(r"[^\W\d_][\w’'-]*", HONORIFIC.sub("", known))]
        if theirs and theirs[-1] == parts[-1] and (len(parts) == 1 or len(theirs) == 1 or _compatible(parts, theirs)):
            return key
    return name.lower()


def _compatible(one: Sequence[str], other: Sequence[str]) -> bool:
    short, long = sorted((one, other), key=len)
    return set(short) <= set(long)
