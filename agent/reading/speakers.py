"""Who a source is: the fullest name of the person or body in the article, or nobody where that is not clear."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.reading.attributions import Found
from agent.reading.names import BODIES, HONORIFICS, NATIONAL_SUFFIXES, TITLES
from agent.reading.words import CONJUNCTIONS, DETERMINERS, PREPOSITIONS, Word, listed, words_of
from vectorstore.sentence import Span

MALE = listed("he him his himself")
FEMALE = listed("she her hers herself")
MALE_TITLES = listed(
    "mr sir lord king prince duke baron emperor sultan emir pope imam chairman spokesman congressman councilman father brother"
)
FEMALE_TITLES = listed(
    "mrs ms miss madam lady dame queen princess duchess baroness chairwoman spokeswoman congresswoman councilwoman mother sister"
)
MALE_NAMES = listed(
    "james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark donald steven paul "
    "andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan jacob gary nicholas eric jonathan stephen "
    "larry justin scott brandon benjamin samuel gregory frank alexander raymond patrick jack dennis jerry tyler aaron jose henry "
    "adam douglas nathan peter zachary kyle walter harold jeremy ethan carl keith roger gerald christian terry sean arthur austin "
    "noah lawrence jesse joe bryan billy jordan albert dylan bruce willie gabriel alan juan logan wayne ralph roy eugene randy "
    "vincent russell louis philip bobby johnny bradley ahmed mohammed muhammad ali omar hassan ibrahim ivan vladimir sergei dmitri "
    "boris pierre jean jacques hans klaus giovanni marco luca carlos luis miguel antonio pedro ashton barack bill bob tom jim mike "
    "tim ted ben sam dan steve chris greg jeff matt nick tony rick ron ken ian simon neil martin oliver harry leo max hugo erik lars"
)
FEMALE_NAMES = listed(
    "mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra ashley kimberly emily "
    "donna michelle carol amanda dorothy melissa deborah stephanie rebecca sharon laura cynthia kathleen amy angela shirley anna "
    "brenda pamela emma nicole helen samantha katherine christine debra rachel carolyn janet catherine maria heather diane ruth "
    "julie olivia joyce virginia victoria kelly lauren christina joan evelyn judith megan andrea cheryl hannah jacqueline martha "
    "gloria teresa ann anne sara madison frances kathryn janice jean abigail alice julia judy sophia grace denise amber doris "
    "marilyn danielle beverly isabella theresa diana natalie brittany charlotte marie kayla alexis lori hillary elena olga natasha "
    "ingrid fatima aisha leila ursula angela jane lucy kate sally fiona claire ellen eva nina sofia elsa greta"
)
ORGANISATIONS = BODIES | listed(
    "international group news times post journal inc corp ltd llc plc co foundation network trust fund company coalition alliance "
    "front force forces police services service nations pentagon kremlin congress senate watch press radio television tv channel "
    "television reuters club team authority administration government ministry embassy brigade corps guard campaign project "
    "initiative partnership holdings industries airlines motors systems bureau observatory institute"
)
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
GROUPS = listed(
    "republican republicans democrat democrats democratic conservative conservatives liberal liberals labour tory tories "
    "christian christians muslim muslims jew jews jewish"
)
# After these a single name is a place or a body.
PLACED = listed("in from at across near into throughout around")
# How many attributions and paragraphs back a pronoun or a description may reach.
NEAR_PARAGRAPHS = 2
# And this many characters, for one who has been named and not quoted.
REACH = 500


@dataclass(slots=True)
class Entity:
    """One person or body: all spans that name it; `full` is the longest name and `where` its first place."""

    full: str
    where: Span
    spans: list[Span] = field(default_factory=list)
    person: bool | None = None
    female: bool | None = None
    titles: set[str] = field(default_factory=set)

    def fits(self, female: bool | None) -> bool:
        return self.person is not False and (female is None or self.female is None or self.female == female)


class Cast:
    """The persons and bodies that an article names."""

    def __init__(self, text: str, names: Sequence[Span]) -> None:
        self._text = text
        self.entities: list[Entity] = []
        by_name: dict[str, Entity] = {}
        by_last: dict[str, list[Entity]] = {}
        whole = [(span, text[span.start : span.end]) for span in names]
        for span, name in sorted(whole, key=lambda item: (-len(item[1].split()), item[0].start)):
            entity = by_name.get(name) or self._shortened(span, name, by_last)
            if entity is None:
                entity = Entity(name, span)
                self.entities.append(entity)
                for key in {name.split()[-1], *_short_names(name)}:
                    by_last.setdefault(key, []).append(entity)
            by_name.setdefault(name, entity) if len(name.split()) > 1 else None
            entity.spans.append(span)
            self._learn(entity, span, name)
        for entity in self.entities:
            entity.spans.sort()
            first = next(span for span in entity.spans if text[span.start : span.end] == entity.full)
            entity.where = first
        self._in_order = sorted(((span, entity) for entity in self.entities for span in entity.spans), key=lambda item: item[0])
        self._starts = [span.start for span, _ in self._in_order]

    def _shortened(self, span: Span, name: str, by_last: dict[str, list[Entity]]) -> Entity | None:
        """The entity that a short name is part of; of several the one named in full last before it."""
        candidates = by_last.get(name, ()) if len(name.split()) == 1 or name.isupper() else ()
        female = self._honorific_gender(span)
        fitting = [entity for entity in candidates if entity.fits(female)]
        if len(fitting) < 2:
            return fitting[0] if fitting else None
        before = [(max((s.start for s in entity.spans if s.start < span.start), default=-1), entity) for entity in fitting]
        return max(before, key=lambda item: item[0])[1] if max(start for start, _ in before) >= 0 else None

    def _words_before(self, span: Span) -> list[str]:
        """Up to four words that lead to a name without a mark in between, in lower case; a shortened title keeps its point."""
        found: list[str] = []
        point = False
        for word in reversed(list(words_of(self._text, max(0, span.start - 60), span.start))):
            shortened = word.lower in HONORIFICS
            if len(found) == 4 or (point and not shortened) or not (word.is_word or word.text == "."):
                break
            point = word.text == "."
            if not point:
                found.insert(0, word.lower)
        return found

    def _honorific_gender(self, span: Span) -> bool | None:
        before = self._words_before(span)
        return before[-1] in FEMALE_TITLES if before and before[-1] in MALE_TITLES | FEMALE_TITLES else None

    def _learn(self, entity: Entity, span: Span, name: str) -> None:
        words, before = name.split(), self._words_before(span)
        first = words[0].lower().rstrip(".")
        if entity.female is None:
            entity.female = self._honorific_gender(span)
        if entity.female is None and len(words) > 1 and (first in MALE_NAMES) != (first in FEMALE_NAMES):
            entity.female = first in FEMALE_NAMES
        if before and before[-1] in TITLES and first not in GROUPS:
            entity.person = True
            entity.titles.update(word for word in before if word not in DETERMINERS | PREPOSITIONS | CONJUNCTIONS)
        elif entity.person is None:
            entity.person = self._guess(words, first, before)

    def _guess(self, words: Sequence[str], first: str, before: Sequence[str]) -> bool | None:
        """Whether an untitled name is a person's; None if nothing tells."""
        if any(word.lower().rstrip(".") in ORGANISATIONS | GROUPS for word in words) or (words[0].isupper() and len(words) == 1):
            return False
        if first in MALE_NAMES | FEMALE_NAMES:
            return True if len(words) > 1 else None
        placed = len(words) == 1 and (first.endswith(NATIONAL_SUFFIXES) or (bool(before) and before[-1] in PLACED))
        return False if placed or (before and before[-1] == "the") else None

    def inside(self, start: int, end: int) -> list[tuple[Span, Entity]]:
        """The entities named between two offsets, in order."""
        first = bisect_left(self._starts, start)
        last = bisect_left(self._starts, end)
        return [(span, entity) for span, entity in self._in_order[first:last] if span.end <= end]


def _short_names(name: str) -> list[str]:
    """Other single words for the same: the first word of a body's name and its initials."""
    words = name.split()
    if len(words) < 2:
        return []
    initials = "".join(word[0] for word in words if word[0].isupper())
    body = any(word.lower() in ORGANISATIONS for word in words)
    return [initials, *([words[0]] if body and words[0].lower() not in TITLES else [])] if len(initials) > 1 else []


@dataclass(frozen=True, slots=True)
class Said:
    """An attribution resolved: where it stands, and whose it is."""

    paragraph: int
    start: int
    entity: Entity


class Resolver:
    """Resolves the sources of an article in their order."""

    def __init__(self, text: str, cast: Cast, quotations: Sequence[Span]) -> None:
        self._text = text
        self._cast = cast
        self._quotations = quotations
        self._said: list[Said] = []

    def resolve(self, found: Found, sentence: Span, previous: Span | None, paragraph: int) -> Entity | None:
        entity = self._who(found, sentence, previous, paragraph)
        if entity is not None:
            if entity.person is None:
                source = self._text[found.source.start : found.source.end].lower()
                entity.person = True if source in MALE | FEMALE else None
            self._said.append(Said(paragraph, found.source.start, entity))
        return entity

    def _who(self, found: Found, sentence: Span, previous: Span | None, paragraph: int) -> Entity | None:
        words = [word for word in words_of(self._text, *found.source) if word.is_word or word.lower == "'s"]
        if not words:
            return None
        first = words[0].lower
        if first in MALE | FEMALE and len(words) == 1:
            return self._pronoun(first in FEMALE, found, sentence, previous, paragraph)
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
        # Two names joined are two speakers.
        return None if after and after[0].lower in {"and", "&"} and len(candidates) > 1 else entity

    def _pronoun(self, female: bool, found: Found, sentence: Span, previous: Span | None, paragraph: int) -> Entity | None:
        at = found.source.start
        content = found.content
        here = [
            entity
            for span, entity in self._told_of(sentence.start, at)
            if entity.fits(female) and entity.person and not any(part.start <= span.start < part.end for part in content)
        ]
        if here:
            return here[0] if len({id(entity) for entity in here}) == 1 else self._recent(female, paragraph, among=here)
        recent = self._recent(female, paragraph)
        between = self._told_of(previous.start, previous.end) if previous else []
        newer = [entity for _, entity in between if entity.person and entity.fits(female)]
        if recent is not None and (not newer or recent in newer or self._spoke_in(previous, recent)):
            return recent
        distinct = list({id(entity): entity for entity in newer}.values())
        if len(distinct) == 1:
            return distinct[0]
        if distinct and previous and self._text[previous.start : between[0][0].start].count(" ") <= 4 and between[0][1] in distinct:
            return between[0][1]
        return self._last_named(female, at) if not distinct else None

    def _told_of(self, start: int, end: int) -> list[tuple[Span, Entity]]:
        """Who is named between two offsets in the article's own words: not in a quotation, not after "of" or "to"."""
        found = []
        for span, entity in self._cast.inside(start, end):
            near = bisect_right(self._quotations, span.start, key=lambda quotation: quotation.start) - 1
            quoted = near >= 0 and span.start < self._quotations[near].end
            before = list(words_of(self._text, max(start, span.start - 12), span.start))
            if not quoted and not (before and before[-1].lower in PREPOSITIONS):
                found.append((span, entity))
        return found

    def _spoke_in(self, sentence: Span | None, entity: Entity) -> bool:
        return sentence is not None and any(said.entity is entity and sentence.start <= said.start < sentence.end for said in self._said)

    def _recent(self, female: bool | None, paragraph: int, among: Sequence[Entity] | None = None) -> Entity | None:
        """Who spoke last, within a few paragraphs, and fits."""
        for said in reversed(self._said):
            if paragraph - said.paragraph > NEAR_PARAGRAPHS:
                return None
            if said.entity.fits(female) and said.entity.person is not False and (among is None or said.entity in among):
                return said.entity
        return None

    def _last_named(self, female: bool, at: int) -> Entity | None:
        """The only fitting person named in the text just before, else nobody."""
        near = self._told_of(max(0, at - REACH), at)
        fitting = {id(entity): entity for _, entity in near if entity.person and entity.fits(female)}
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
        recent = {id(said.entity): said.entity for said in self._said if paragraph - said.paragraph <= NEAR_PARAGRAPHS}
        persons = [entity for entity in recent.values() if entity.fits(female) and entity.person]
        return persons[0] if len(persons) == 1 else None
