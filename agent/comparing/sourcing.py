"""Who gets to speak: what kind of source each speaker is, by all that the event's articles say of them, and how each outlet uses them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from agent.comparing.prose import is_prose
from agent.comparing.voices import Quoted, Voice, speaker_name, voices
from agent.reading import Attribution, Reading
from agent.reading.first_names import folded, one_form
from agent.reading.force import FORCES, Force, force_of
from agent.reading.sources import SourceType, commonest, descriptions_of, source_type
from vectorstore.sentence import Span

MOST_PARTS = 4  # of a person's name; longer ones are descriptions


@dataclass(slots=True)
class Heard:
    """All that is known of a source: the types its descriptions tell, where the first telling one stands, and the cues of its words."""

    types: list[SourceType] = field(default_factory=list)
    described: tuple[str, Span] | None = None  # article id and place
    forces: dict[str, Counter[Force]] = field(default_factory=dict)  # by article
    told: Counter[str] = field(default_factory=Counter)  # attributions without a quotation, by article


class Sources:
    """The sources of an event. `outlets` are names of news outlets, which are other media when they are cited."""

    def __init__(self, readings: Sequence[Reading], origin_of: Mapping[str, str], outlets: Iterable[str]) -> None:
        self._outlets = tuple(outlets)
        self.voices: list[Voice] = voices(readings, origin_of)
        self._heard: dict[str, Heard] = {}
        self._full: dict[str, set[str]] = {}  # family names, with the first names that they go with
        for reading in readings:
            for sentence in reading.sentences:
                for one in sentence.attributions:
                    self._learn(speaker_name(reading.article.text, one) or "")
        for reading in readings:
            seen: set[Span] = set()
            for sentence in reading.sentences:
                if not is_prose(sentence):
                    continue
                for one in sentence.attributions:
                    if one.cue not in seen:
                        seen.add(one.cue)
                        self._note(reading, one)

    def _note(self, reading: Reading, one: Attribution) -> None:
        text, article_id = reading.article.text, reading.article.article_id
        name = speaker_name(text, one) or text[slice(*one.source)]
        heard = self._heard.setdefault(self._key(name), Heard())
        for span in descriptions_of(text, one):
            kind = source_type(text[slice(*span)], self._outlets)
            if kind != "unknown":
                heard.types.append(kind)
                heard.described = heard.described or (article_id, span)
                break
        heard.forces.setdefault(article_id, Counter())[force_of(text, one)] += 1
        if not one.direct:
            heard.told[article_id] += 1

    def _learn(self, name: str) -> None:
        parts = name_parts(name)
        if len(parts) > 1 and parts[-1][0].isupper():
            self._full.setdefault(family_of(parts), set()).add(one_form(parts[0]))

    def _key(self, name: str) -> str:
        """A person by first and family name; a family name alone is the one person who has it, if there is but one."""
        parts = name_parts(name)
        if not parts or len(parts) > MOST_PARTS or not parts[-1][0].isupper() or (parts[-1].isupper() and len(parts) == 1):
            return " ".join(parts).lower().removeprefix("the ")
        firsts = self._full.get(family_of(parts), set())
        if len(parts) == 1 and len(firsts) == 1:
            return f"{next(iter(firsts))} {family_of(parts)}"
        return f"{one_form(parts[0])} {family_of(parts)}" if len(parts) > 1 else family_of(parts)

    def type_of(self, name: str) -> SourceType:
        heard = self._heard.get(self._key(name))
        return commonest(heard.types) if heard else source_type(name, self._outlets)

    def described(self, name: str) -> tuple[str, Span] | None:
        """Where the words stand that tell its type: article id and place."""
        heard = self._heard.get(self._key(name))
        return heard.described if heard else None

    def forces(self, name: str, articles: Iterable[str]) -> tuple[Force, ...]:
        """What the cues of its words add to "said" in these articles, the commonest first."""
        heard = self._heard.get(self._key(name))
        counted: Counter[Force] = Counter()
        for article_id in articles if heard else ():
            counted.update(heard.forces.get(article_id, Counter()) if heard else Counter())
        return tuple(sorted(counted, key=lambda force: (-counted[force], FORCES.index(force))))

    def told(self, articles: Iterable[str]) -> Counter[SourceType]:
        """Attributions without a quotation in these articles, by type of source."""
        wanted = set(articles)
        found: Counter[SourceType] = Counter()
        for heard in self._heard.values():
            found[commonest(heard.types)] += sum(number for article_id, number in heard.told.items() if article_id in wanted)
        return found


def name_parts(name: str) -> list[str]:
    return re.findall(r"[^\W\d_][\w’'-]*", name)


def family_of(parts: Sequence[str]) -> str:
    return folded(parts[-1]).removesuffix("'s")


def words_by_outlet(voice: Voice, outlet_of: Mapping[str, str], origin_of: Mapping[str, str]) -> dict[str, tuple[int, list[Quoted]]]:
    """For each known outlet the words quoted of a speaker and the quotations; of its articles of one origin the fullest counts."""
    counted: dict[str, dict[str, dict[str, int]]] = {}
    quotes: dict[str, list[Quoted]] = {}
    for quote in voice.quoted:
        outlet = outlet_of.get(quote.article_id)
        if outlet is None:
            continue
        by_article = counted.setdefault(outlet, {}).setdefault(origin_of.get(quote.article_id, quote.article_id), {})
        by_article[quote.article_id] = by_article.get(quote.article_id, 0) + quote.words
        quotes.setdefault(outlet, []).append(quote)
    return {outlet: (sum(max(one.values()) for one in origins.values()), quotes[outlet]) for outlet, origins in counted.items()}
