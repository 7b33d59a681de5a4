"""Who a source is: the fullest name of the person or body in the article, or nobody where that is not clear."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from agent.reading.attributions import Found
from agent.reading.cast import FEMALE, FEMALE_TITLES, MALE, MALE_TITLES, Cast, Entity
from agent.reading.names import TITLES
from agent.reading.words import CONJUNCTIONS, DETERMINERS, PREPOSITIONS, Word, listed, words_of
from vectorstore.sentence import Span

# Nouns that can stand for a person who has been named before.
ROLES = (
    TITLES
    | MALE_TITLES
    | FEMALE_TITLES
    | listed(
        "man woman politician lawmaker official executive owner founder head boss lawyer activist scientist researcher historian "
        "economist veteran diplomat magnate billionaire businessman businesswoman lawyer actor singer author writer expert survivor "
        "resident student teacher nurse driver captain pilot witness victim suspect defendant farmer fisherman billionaire frontrunner "
        "front-runner democrat republican conservative statesman premier native incumbent pontiff monarch tycoon mogul"
    )
)
PRONOUNS_OF_NOBODY = listed("it they we i you who which that some many others everyone nobody someone this these those one both us")
POSSESSED = frozenset({"'s", "’s", "'", "’"})
# How many attributions and paragraphs back a pronoun or a description may reach.
NEAR_PARAGRAPHS = 2
# And this many characters, for one who has been named and not quoted.
REACH = 500


MOST_MENTIONS = 12
# Characters before the first name of a sentence whose subject it may be.
SUBJECT_WITHIN = 40


@dataclass(frozen=True, slots=True)
class Mention:
    """Where somebody came up: as the source of an attribution, or as the subject of a sentence."""

    paragraph: int
    start: int
    entity: Entity
    spoke: bool


class Resolver:
    """Resolves the sources of an article in their order."""

    def __init__(self, text: str, cast: Cast, quotations: Sequence[Span]) -> None:
        self._text = text
        self._cast = cast
        self._quotations = quotations
        self._mentions: list[Mention] = []

    def resolve(self, found: Sequence[Found], sentence: Span, paragraph: int) -> list[Entity | None]:
        """The sources of one sentence; call it for every sentence, with or without attributions."""
        entities = []
        for one in found:
            entity = self._who(one, sentence, paragraph)
            entities.append(entity)
            if entity is not None:
                if entity.person is None and self._text[one.source.start : one.source.end].lower() in MALE | FEMALE:
                    entity.person = True
                self._mentions.append(Mention(paragraph, one.source.start, entity, True))
        subject = self._subject(sentence)
        if subject is not None and not any(subject is entity for entity in entities):
            self._mentions.append(Mention(paragraph, sentence.start, subject, False))
        return entities

    def _subject(self, sentence: Span) -> Entity | None:
        for span, entity in self._told_of(sentence.start, min(sentence.end, sentence.start + SUBJECT_WITHIN)):
            possessive = self._text.startswith(("’s", "'s"), span.end)
            return entity if entity.fits(None) and not possessive else None
        return None

    def _who(self, found: Found, sentence: Span, paragraph: int) -> Entity | None:
        words = [word for word in words_of(self._text, *found.source) if word.is_word or word.lower == "'s"]
        if not words:
            return None
        first = words[0].lower
        if first in MALE | FEMALE and len(words) == 1:
            return self._pronoun(first in FEMALE, found, sentence, paragraph)
        if first == "who" and len(words) == 1:
            return self._named(Span(max(sentence.start, found.source.start - 80), found.source.start), last=True)
        if first in PRONOUNS_OF_NOBODY and words[0].text != "US":
            return None
        return self._named(found.source) or self._described(words, found, paragraph)

    def _named(self, source: Span, last: bool = False) -> Entity | None:
        """The entity that is the head of the phrase, if the head is a name."""
        inside = self._cast.inside(*source)
        if last:
            return inside[-1][1] if inside and self._text[inside[-1][0].end : source.end].strip(" ,") == "" else None
        candidates: list[tuple[Span, Entity, list[Word]]] = []
        for span, entity in inside:
            before = self._text[source.start : span.start]
            after = list(words_of(self._text, span.end, source.end))
            if any(word.lower in PREPOSITIONS or word.text == "," for word in words_of(before)) and candidates:
                break
            if after and (after[0].lower == "'s" or (after[0].is_word and after[0].lower not in PREPOSITIONS | CONJUNCTIONS | {"who"})):
                continue
            if any(word.lower in PREPOSITIONS for word in words_of(before)) and not before.rstrip().endswith(","):
                continue
            candidates.append((span, entity, after))
        if not candidates:
            return None
        _, entity, after = candidates[0]
        later = inside[-1]
        role = list(words_of(self._text, source.start, later[0].start))[-1:]
        # "Lissen, Torvany, resident Ida Moll" is no place.
        ends = self._text[later[0].end : source.end].lstrip()[:1] in {"", ",", "("}
        if entity.person is not True and ends and role and role[0].lower in ROLES and len(later[1].full.split()) > 1:
            return later[1]
        # Two names joined are two speakers.
        return None if after and after[0].lower in {"and", "&"} and len(candidates) > 1 else entity

    def _pronoun(self, female: bool, found: Found, sentence: Span, paragraph: int) -> Entity | None:
        at = found.source.start
        content = found.content
        here = [
            entity
            for span, entity in self._told_of(sentence.start, at)
            if entity.fits(female) and not any(part.start <= span.start < part.end for part in content)
        ]
        if len({id(entity) for entity in here}) == 1:
            return here[0]
        return self._recent(female, paragraph, among=here) if here else self._recent(female, paragraph) or self._last_named(female, at)

    def _told_of(self, start: int, end: int) -> list[tuple[Span, Entity]]:
        """Who is named between two offsets in the article's own words: not in a quotation, not after "of" or "to"."""
        found = []
        for span, entity in self._cast.inside(start, end):
            near = bisect_right(self._quotations, span.start, key=lambda quotation: quotation.start) - 1
            quoted = near >= 0 and span.start < self._quotations[near].end
            if not quoted and not self._after_preposition(start, span.start):
                found.append((span, entity))
        return found

    def _after_preposition(self, start: int, name: int) -> bool:
        """Whether "of", "at" or the like leads to the name, over an article and an owner: "at the Harbour Post's Forum"."""
        for word in reversed(list(words_of(self._text, max(start, name - 40), name))):
            if word.lower in PREPOSITIONS:
                return True
            if not (word.lower in DETERMINERS or word.lower in POSSESSED or word.capitalised):
                return False
        return False

    def _recent(self, female: bool, paragraph: int, among: Sequence[Entity] | None = None) -> Entity | None:
        """Who spoke or did something last, within a few paragraphs, and fits."""
        for mention in reversed(self._mentions):
            if paragraph - mention.paragraph > NEAR_PARAGRAPHS:
                return None
            if mention.entity.fits(female) and (among is None or any(mention.entity is one for one in among)):
                return mention.entity
        return None

    def _last_named(self, female: bool, at: int) -> Entity | None:
        """The only fitting person named in the text just before, else nobody."""
        near = self._told_of(max(0, at - REACH), at)
        fitting = {id(entity): entity for _, entity in near if entity.fits(female)}
        return next(iter(fitting.values())) if len(fitting) == 1 else None

    def _described(self, words: Sequence[Word], found: Found, paragraph: int) -> Entity | None:
        """Who "the minister" or "the Pentagon chief" is: the one with that title, else the only one who spoke just before."""
        head = next((i for i, word in enumerate(words) if word.lower in PREPOSITIONS | {"who", "'s"}), len(words))
        role = words[head - 1].lower if head else ""
        if role not in ROLES or words[0].lower not in {"the", "this"}:
            return None
        female = True if role in FEMALE_TITLES else False if role in MALE_TITLES else None
        before = [entity for entity in self._cast.entities if entity.person and entity.spans[0].start < found.source.start]
        titled = [entity for entity in before if role in entity.titles and entity.fits(female)]
        if titled:
            return titled[0] if len(titled) == 1 else None
        recent = {
            id(one.entity): one.entity
            for one in self._mentions[-MOST_MENTIONS:]
            if paragraph - one.paragraph <= NEAR_PARAGRAPHS and one.spoke
        }
        persons = [entity for entity in recent.values() if entity.fits(female)]
        return persons[0] if len(persons) == 1 else None
