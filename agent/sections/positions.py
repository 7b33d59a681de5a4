"""How each article stands to a claim that several make: as fact or on whose word, whom its words make the doer, and where it says it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent.comparing.agreement import coverage, to_come
from agent.comparing.claims import PRONOUNS, SURE, on_whose_word, source_name, stance_on
from agent.comparing.doers import Deed, deeds_in
from agent.comparing.voices import speaker_name
from agent.findings import PROBABLE, Finder
from agent.reading import Attribution
from agent.reading.force import force_of
from agent.reading.grammar import NOTHING
from agent.reading.placement import placement_of
from agent.reading.sources import SourceType, type_of
from agent.reading.stance import tells
from agent.shared import Shared
from agent.statement import Statement
from agent.tables import Act, Cell, Finding, Headline, Position, Row
from agent.wording import computed

# So many paragraphs, or this share of an article, must lie between two places before the difference is worth a line.
FAR, FAR_SHARE = 4, 30
ACT_COVERED = 0.25  # share of what one of them says, by rarity, that the other must say too
SAME_ACT = 4  # words that two sentences about one act share if they have no figure in common


CLAIMS = 12  # rows of the matrix


def matrix(finder: Finder, absent: Sequence[str]) -> tuple[Row, ...]:
    """The claims that most origins make, with a cell for each outlet and for each of `absent`, whose articles have no usable text."""
    rows = []
    for star in finder.contested(CLAIMS):
        cells: list[Cell] = [finder.cell(star, outlet) for outlet in finder.outlets]
        cells += ["not held"] * len(absent)
        held = positions(finder, star)
        quotes = [
            tuple(sentence for one in held if one.outlet == outlet for sentence in one.sentences)
            or tuple(finder.sentence(number) for number in (finder.differing(star, outlet) if cell == "differs" else ()))
            for outlet, cell in zip((*finder.outlets, *absent), cells, strict=True)
        ]
        rows.append(Row(finder.sentence(star.gist), tuple(cells), tuple(quotes), held))
    return tuple(rows)


def positions(finder: Finder, star: Shared) -> tuple[Position, ...]:
    """One for each article that makes the claim, in the order of the articles."""
    return tuple(_position(finder, star, article_id, numbers) for article_id, numbers in finder.by_article(star).items())


def _position(finder: Finder, star: Shared, article_id: str, numbers: Sequence[int]) -> Position:
    article, reading = finder.articles[article_id], finder.reading_of[article_id]
    stance = finder.stance(star, numbers)
    sentences = [finder.comparison.sentences[number] for number in numbers]
    every = [(one, sentence.sentence) for sentence in sentences for one in sentence.sentence.attributions]
    spoken = [one for one, sentence in every if tells(sentence, one)] if stance != "asserts" else []
    named = on_whose_word(reading, spoken)
    acts = _deeds(finder, numbers)
    act = next(iter(acts), None)
    return Position(
        article_id,
        article.outlet.value,
        article.published.value,
        stance,
        tuple(finder.sentence(number) for number in numbers),
        source_name(reading, named) if named else None,
        _type(finder, article.text, named) if named else None,
        finder.cite_words(article, *named.cue) if named else None,
        force_of(article.text, named) if named else None,
        Act(act.verb, act.doer, finder.cite_words(article, *act.span)) if act else None,
        placement_of(reading, tuple(one.sentence.span for one in sentences)),
    )


def _type(finder: Finder, text: str, one: Attribution) -> SourceType:
    own = type_of(text, one, finder.outlets)
    return own if own != "unknown" else finder.sources.type_of(speaker_name(text, one) or text[slice(*one.source)])


def _deeds(finder: Finder, numbers: Sequence[int]) -> list[Deed]:
    return [deed for number in numbers for deed in _deeds_of(finder, number)]


def _deeds_of(finder: Finder, number: int) -> Iterator[Deed]:
    grammar = finder.comparison.grammar
    return deeds_in(finder.comparison.sentences[number], grammar[number] if grammar else NOTHING)


def drifts(finder: Finder) -> tuple[Finding, ...]:
    """Claims that some articles state as fact and others on somebody's word, with reserve, or as denied."""
    found = []
    for star in (*finder.shared, *finder.likely):
        facts = [number for number in (star.gist, *star.supporters) if _plain_fact(finder, number)]
        stances: dict[int, tuple[str, str]] = {}
        for number in (star.gist, *star.supporters):
            near = [fact for fact in facts if finder.states_the_same(fact, number)]
            if number not in facts and near and (stance := _reserve(finder, number, near)):
                stances[number] = stance
        facts = [fact for fact in facts if any(finder.states_the_same(fact, number) for number in stances)]
        by_side: dict[tuple[str, str], list[int]] = {}
        for number, side in stances.items():
            by_side.setdefault(side, []).append(number)
        fact_outlets = set(finder.names(finder.comparison.article_id(number) for number in facts))
        kept = {side: numbers for side, numbers in by_side.items() if not fact_outlets & set(_outlets(finder, numbers))}
        if not facts or not kept:
            continue
        sides = [("asserts", "", *_outlets(finder, facts))]
        sides += [(stance, source, *_outlets(finder, numbers)) for (stance, source), numbers in kept.items()]
        quotes = [finder.sentence(number) for number in (*facts, *(number for numbers in kept.values() for number in numbers))]
        statements = (quotes[0], computed("drift", *sides, citations=[quote.citations[0] for quote in quotes]))
        scores = [
            (
                f"likely to state the same, {finder.outlet(finder.comparison.article_id(number))}",
                f"{finder.near(facts[0], number):.2f}",
                f"{SURE:.2f}",
            )
            for number in stances
        ]
        found.append(finder.finding("drift", statements, quotes[1:], scores))
    return tuple(found)


def _outlets(finder: Finder, numbers: Sequence[int]) -> tuple[str, ...]:
    return finder.names(finder.comparison.article_id(number) for number in numbers)


def _plain_fact(finder: Finder, number: int) -> bool:
    """Nothing in it is on somebody's word, in quotation marks or under a hedge, and nobody speaks in its paragraph or just before it: what
    follows "he said" may be said by him too."""
    sentence = finder.comparison.sentences[number].sentence
    if sentence.attributions or sentence.quotations or sentence.hedges or sentence.stance != "asserts":
        return False
    if not finder.sharing.legible(number):
        return False
    every = finder.reading_of[finder.comparison.article_id(number)].sentences
    place = next((at for at, one in enumerate(every) if one.span.start >= sentence.span.start), 0)
    near = [one for at, one in enumerate(every) if one.paragraph == sentence.paragraph or at == place - 1]
    # An article of one paragraph is not taken for one speech.
    near = near if len({one.paragraph for one in every}) > 1 else list(every[max(0, place - 1) : place])
    return not any(one.attributions or one.quotations for one in near)


def _reserve(finder: Finder, number: int, facts: Sequence[int]) -> tuple[str, str] | None:
    """How a sentence stands to what others state as fact, and on whose word; None if it states it as fact too.

    To blame somebody or to expect something is no saying that it is so.
    """
    one = finder.comparison.sentences[number]
    stance = stance_on([one], [finder.comparison.sentences[fact] for fact in facts])
    if stance == "asserts":
        return None
    reading = finder.reading_of[finder.comparison.article_id(number)]
    spoken = [said for said in one.sentence.attributions if tells(one.sentence, said)]
    if any(force_of(reading.article.text, said) in ("accused", "thought") for said in spoken):
        return None
    named = dict.fromkeys(name for said in spoken if (name := source_name(reading, said)))
    somebody = any(reading.article.text[slice(*said.source)].lower() in PRONOUNS for said in spoken)
    if stance == "attributes" and not (named or somebody):
        return None  # "a story called «The Flood»" is nobody's word
    return stance, next(iter(named)) if len(named) == 1 else ""


def doers(finder: Finder) -> tuple[Finding, ...]:
    """Claims in which one act is worded with a doer by some and without one by others."""
    found = []
    for star in (*finder.shared, *finder.likely):
        by_act: dict[str, dict[str, list[tuple[str, int, Deed]]]] = {}
        for number in (star.gist, *star.supporters):
            for deed in _deeds_of(finder, number):
                of_act = by_act.setdefault(deed.act, {})
                of_act.setdefault(deed.doer, []).append((finder.comparison.article_id(number), number, deed))
        for sides in by_act.values():
            named = [one for doer in ("subject", "after by") for one in sides.get(doer, ())]
            # An article that words it both ways has named the doer.
            telling = {article_id for article_id, _, _ in named}
            unnamed = [one for one in sides.get("nobody", ()) if one[0] not in telling]
            unnamed = [one for one in unnamed if any(_one_act(finder, one[1], other[1]) for other in named)]
            named = [one for one in named if any(_one_act(finder, one[1], other[1]) for other in unnamed)]
            if named and {finder.origin(one[0]) for one in unnamed} - {finder.origin(one[0]) for one in named}:
                found.append(_doers(finder, named, unnamed))
    return tuple(found)


def _one_act(finder: Finder, first: int, second: int) -> bool:
    """Whether two sentences with verbs of one group mean one act: they probably state the same, and share a figure or many words."""
    one, other = (finder.comparison.sentences[number] for number in (first, second))
    alike = bool(one.numbers & other.numbers) or len(set(one.terms) & set(other.terms)) >= SAME_ACT
    alike = alike and coverage(one, other, finder.rarity) >= ACT_COVERED and to_come(one) == to_come(other)
    return finder.near(first, second) >= PROBABLE and alike


def _doers(finder: Finder, named: Sequence[tuple[str, int, Deed]], unnamed: Sequence[tuple[str, int, Deed]]) -> Finding:
    by_words: dict[tuple[str, str], list[str]] = {}
    citations = []
    for article_id, _, deed in (*named, *unnamed):
        citation = finder.cite_words(finder.articles[article_id], *deed.span)
        by_words.setdefault((citation.quote, deed.doer), []).append(article_id)
        citations.append(citation)
    sides = [(words, doer, *finder.names(articles)) for (words, doer), articles in by_words.items()]
    quotes = [finder.sentence(number) for number in dict.fromkeys(number for _, number, _ in (*named, *unnamed))]
    return finder.finding("doers", (computed("doers", *sides, citations=citations),), quotes)


def prominence(finder: Finder) -> tuple[Finding, ...]:
    """Where claims stand that some articles have at their head and others far down."""
    found = []
    for star in finder.shared:
        held = positions(finder, star)
        if not _far_apart(held):
            continue
        groups: dict[tuple[str, str, str], list[Position]] = {}
        for one in sorted(held, key=lambda one: (("headline", "lede", "body").index(one.place.part), one.place.before)):
            where = (one.place.part, "", "") if one.place.part != "body" else ("body", str(one.place.paragraph), str(one.place.paragraphs))
            groups.setdefault(where, []).append(one)
        places = [(*where, *finder.names(one.article_id for one in ones)) for where, ones in groups.items()]
        statements: list[Statement] = [finder.sentence(star.gist)]
        quotes = [sentence for one in held for sentence in one.sentences]
        statements.append(computed("placed", *places, citations=[quote.citations[0] for quote in quotes]))
        scores = [(f"share of the words before it, {finder.outlet(one.article_id)}", f"{one.place.before} %", "") for one in held]
        found.append(finder.finding("placed", statements, (), scores))
    return tuple(found)


def _far_apart(held: Sequence[Position]) -> bool:
    high = [one for one in held if one.place.part != "body"]
    low = [one for one in held if one.place.part == "body" and one.place.paragraph > FAR and one.place.before >= FAR_SHARE]
    return bool(high and low)


def headlines(finder: Finder) -> tuple[tuple[Headline, ...], tuple[Finding, ...]]:
    """Headlines side by side, in the order of publication where it is known. They are what the source gave, not words of the text."""
    articles = sorted(finder.articles.values(), key=lambda one: (one.published.value or "9999", one.outlet.value or ""))
    table = tuple(Headline(one.article_id, one.outlet.value, one.title.value, one.published.value) for one in articles)
    lines = [computed("headline", finder.outlet(one.article_id), one.title or "") for one in table]
    return table, tuple(finder.finding("headlines", (line,)) for line in dict.fromkeys(lines))
