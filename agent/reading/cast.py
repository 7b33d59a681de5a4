"""The persons and bodies that an article names, with what it shows of each: title, sex, and whether it is a person at all."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.reading.first_names import one_form
from agent.reading.names import BODIES, HONORIFICS, NATIONAL_SUFFIXES, TITLES
from agent.reading.words import CONJUNCTIONS, DETERMINERS, PREPOSITIONS, listed, words_of
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
GROUPS = listed(
    "republican republicans democrat democrats democratic conservative conservatives liberal liberals labour tory tories "
    "christian christians muslim muslims jew jews jewish"
)
# After these a single name is a place or a body.
PLACED = listed("in at across near into throughout around")
AGE = re.compile(r",\s+\d{1,2}\s*[,.]")
# No name, mark of a new sentence or other person may stand between a name and the pronoun that shows its sex.
OWN_PRONOUN = re.compile(
    r"(?:,\s+\d{1,2},)?(?:(?!\b(?:told|asked|with|to|of|for|by|than|and|met|said)\b)[^A-Z.!?;“”\"\n]){1,50}?\b(?P<own>his|her|he|she|himself|herself)\b(?!\s+(?:and|,|\.))"
)


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
        """Whether "she" (or "he", or with None either) may be this: persons come with a title, an age, a pronoun or more than one name."""
        person = self.person or (self.person is None and (self.female is not None or 2 <= len(self.full.split()) <= 3))
        return bool(person) and (female is None or self.female is None or self.female == female)


class Cast:
    """The persons and bodies that an article names."""

    def __init__(self, text: str, names: Sequence[Span]) -> None:
        self._text = text
        self._before: dict[int, list[str]] = {}
        self.entities: list[Entity] = []
        # Short names that more than one person of the article has.
        self._unclear: dict[str, Entity] = {}
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
            if self._unclear.get(name) is not entity:
                self._learn(entity, span, name)
        self.entities += self._unclear.values()
        for entity in self.entities:
            entity.spans.sort()
            first = next(span for span in entity.spans if text[span.start : span.end] == entity.full)
            entity.where = first
        self._in_order = sorted(((span, entity) for entity in self.entities for span in entity.spans), key=lambda item: item[0])
        self._starts = [span.start for span, _ in self._in_order]

    def _shortened(self, span: Span, name: str, by_last: dict[str, list[Entity]]) -> Entity | None:
        """The entity that a short name is part of. Of several bodies it is the one named in full last before it; between several persons
        of one name a title or a pronoun decides, or nobody does."""
        candidates = by_last.get(name, []) if len(name.split()) == 1 or name.isupper() else []
        # "Mrs. Clinton" is no foundation of that name, and "Clinton" is one only where nobody else is called so.
        fitting = [one for one in candidates if one.person is not False] or candidates
        female = self._honorific_gender(span)
        female = self._sex_after(span) if female is None and len(fitting) > 1 else female
        fitting = [one for one in fitting if female is None or one.female in (None, female)]
        # Who has not been named yet is not meant.
        fitting = [one for one in fitting if min(one.spans).start < span.start] or fitting
        if len(fitting) > 1:
            titles = {word for word in self._words_before(span)[-1:] if word in TITLES - HONORIFICS}
            fitting = [one for one in fitting if titles & one.titles] or fitting
        if len(fitting) < 2:
            return fitting[0] if fitting else None
        if all(one.fits(None) for one in fitting):
            # "Ed Markey" and "Edward J. Markey" are one.
            if len({one_form(one.full.split()[0]) for one in fitting}) == 1:
                return fitting[0]
            return self._unclear.setdefault(name, Entity(name, span, person=True))
        before = [(max((s.start for s in entity.spans if s.start < span.start), default=-1), entity) for entity in fitting]
        return max(before, key=lambda item: item[0])[1] if max(start for start, _ in before) >= 0 else None

    def _words_before(self, span: Span) -> list[str]:
        """Up to four words that lead to a name without a mark in between, in lower case; a shortened title keeps its point."""
        if span.start in self._before:
            return self._before[span.start]
        found = self._before[span.start] = []
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
        # "former GOP candidate": capitals after a title are a body's.
        if before and before[-1] in TITLES and first not in GROUPS and not (len(words) == 1 and len(name) > 1 and name.isupper()):
            entity.person = True
            entity.titles.update(word for word in before if word not in DETERMINERS | PREPOSITIONS | CONJUNCTIONS)
        elif entity.person is None:
            entity.person = True if AGE.match(self._text, span.end) else self._guess(words, first, before)
        if entity.female is None and entity.person is not False:
            entity.female = self._sex_after(span)

    def _sex_after(self, span: Span) -> bool | None:
        """What the pronoun that follows in the same sentence shows: "Agnes Holm was doing her crossword"."""
        match = OWN_PRONOUN.match(self._text, span.end)
        return match["own"].lower() in FEMALE if match else None

    def _guess(self, words: Sequence[str], first: str, before: Sequence[str]) -> bool | None:
        """Whether an untitled name is a person's; None if nothing tells."""
        given = first in MALE_NAMES | FEMALE_NAMES
        # "Bill Hale" is no bill.
        telling = words[1:] if given else words
        capitals = words[0].isupper() and (
            len(words) == 1 or (len(words[0]) > 2 and words[0].isalpha())
        )  # "TMS Capital"; "JD Moll" is a person
        if capitals or any(word.lower().rstrip(".") in ORGANISATIONS | GROUPS for word in telling):
            return False
        if given:
            return True if len(words) > 1 else None
        placed = (len(words) == 1 and first.endswith(NATIONAL_SUFFIXES)) or (bool(before) and before[-1] in PLACED)
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
