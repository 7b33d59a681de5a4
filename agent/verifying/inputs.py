"""Whether the numbers and names that a computed sentence was built from follow from what the brief's file holds beside it.

The gate only builds the sentence again from its inputs. Who changes both alike is found here.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from agent.brief_file import BriefFile, ComputedPart
from agent.findings import UNKNOWN
from agent.terms import words
from agent.verifying import silence as silence  # its rules enter FOLLOWS
from agent.verifying.place import FOLLOWS, Held, Place, differs, follows, unlisted


def unfounded(file: BriefFile, held: Held) -> Iterator[tuple[str, str]]:
    """Places with what does not follow there."""
    places = [("counts", Place(file, held, file.counts))]
    places += [(f"refusal {number}", Place(file, held, one)) for number, one in enumerate(file.refusal, 1)]
    places += [(f"missing {number}", Place(file, held, one)) for number, one in enumerate(file.missing, 1)]
    for number, row in enumerate(file.tables.silences, 1):
        part = ComputedPart.model_validate({"kind": "computed", "text": "", "rule": "public", "inputs": row.public.inputs, "citations": ()})
        places.append((f"silence {number}", Place(file, held, part)))
    for section in file.sections:
        for finding in section.findings:
            for number, one in enumerate(finding.statements, 1):
                if one.kind == "computed":
                    where = f"{section.name} {finding.rank}, statement {number}"
                    places.append((where, Place(file, held, one, finding, section.findings)))
    for where, place in places:
        check = FOLLOWS.get(place.one.rule)
        if check is not None:
            try:
                yield from ((where, reason) for reason in check(place, *place.one.inputs))
            except (TypeError, ValueError, IndexError, AttributeError, StopIteration):
                yield where, f"its inputs do not fit the rule {place.one.rule}"


@follows
def brief_counts(place: Place, outlets: int, unknown: int, articles: int, origins: int) -> Iterator[str]:
    listed = place.file.articles
    yield from differs("outlets", outlets, len({part.outlet for part in listed if part.outlet}))
    yield from differs("articles of unknown outlet", unknown, sum(1 for part in listed if not part.outlet))
    yield from differs("articles", articles, len(listed))
    yield from differs("independent origins", origins, len({part.origin for part in listed}))


@follows
def agreement(place: Place, names: tuple[str, ...], origins: int, *ways: int) -> Iterator[str]:
    cited = place.one.citations
    yield from differs("outlets", names, place.outlets(cited))
    witnesses = {citation.outlet or citation.article_id for citation in cited}
    yield from differs("origins", origins, min(len({place.held.origin(citation) for citation in cited}), len(witnesses)))
    articles = len({citation.article_id for citation in cited})
    if sum(ways) > articles:
        yield f"it counts {sum(ways)} positions of {articles} articles"
    # Beside a silence stand passages of the silent outlet.
    aside = any(one.kind == "computed" and one.rule == "silent" for one in place.finding.statements) if place.finding else False
    quoted = [*place.spoken, *(() if aside else place.details)]
    if not {citation.article_id for citation in quoted} <= {citation.article_id for citation in cited}:
        yield "it quotes an article that it does not count"
    counted = list(dict.fromkeys(citation.article_id for citation in cited))
    shown = list(dict.fromkeys(citation.article_id for citation in quoted if citation.article_id in counted))
    if [counted.index(one) for one in shown] != sorted(counted.index(one) for one in shown):
        yield "its quotes are not in their order"


@follows
def perhaps(place: Place, names: tuple[str, ...], origins: int) -> Iterator[str]:
    yield from agreement(place, names, origins)


@follows
def same_words(place: Place, names: tuple[str, ...], origins: int) -> Iterator[str]:
    yield from agreement(place, names, origins)
    if len({words(citation.quote) for citation in (*place.spoken, *place.details)}) != 1:
        yield "its quotes are not in the same words"


@follows
def disputed(place: Place, relation: str, question: str, *sides: tuple[str, ...]) -> Iterator[str]:
    cited = place.one.citations
    yield from differs("quotes", tuple(citation.quote for citation in place.details), tuple(citation.quote for citation in cited))
    yield from differs("outlets", tuple(sorted({name for side in sides for name in side[2:]})), tuple(sorted(place.outlets(cited))))
    for value, _, *names in sides:
        if not any(_has(citation.quote, value) for citation in cited if (citation.outlet or UNKNOWN) in names):
            yield f"no quote of {', '.join(names)} has “{value}”"
    if any(_after(first.published, second.published) for first, second in pairwise(cited)):
        yield "the quotes are not in the order of their publication"


def _after(first: str | None, second: str | None) -> bool:
    """By the times as they are written, those unknown last: the order in which sides are listed."""
    return (first or "9999") > (second or "9999")


def _has(quote: str, value: str) -> bool:
    """Whether all words of a value stand in a quote, in their order."""
    wanted, there = words(value), words(quote)
    at = 0
    for word in wanted:
        while at < len(there) and there[at] != word:
            at += 1
        if at == len(there):
            return False
        at += 1
    return True


@follows
def quoted_differently(place: Place, first: str, first_outlet: str, second: str, second_outlet: str) -> Iterator[str]:
    cited = place.one.citations
    yield from differs("outlets", (first_outlet, second_outlet), tuple(citation.outlet or UNKNOWN for citation in cited))
    for value, citation in zip((first, second), cited, strict=True):
        if not _has(citation.quote, value):
            yield f"the quote of {citation.outlet or UNKNOWN} has no “{value}”"


@follows
def named(place: Place, subject: str, *labels: tuple[str, ...]) -> Iterator[str]:
    cited = place.one.citations
    yield from differs("outlets", tuple(sorted({name for label in labels for name in label[1:]})), tuple(sorted(place.outlets(cited))))
    for label, *outlets in labels:
        if not any(citation.quote == label and (citation.outlet or UNKNOWN) in outlets for citation in cited):
            yield f"no quote of {', '.join(outlets)} is “{label}”"


@follows
def scare_quoted(place: Place, marked: str, outlets: tuple[str, ...], others: tuple[str, ...]) -> Iterator[str]:
    yield from differs("words", marked, place.one.citations[0].quote)
    yield from differs("outlets", outlets, place.outlets(place.one.citations))
    yield from unlisted(place, others)


@follows
def used_more(place: Place, outlet: str, of_words: int, *each: tuple[str, ...]) -> Iterator[str]:
    yield from differs("outlet", (outlet,), place.outlets(place.one.citations))
    yield from differs("words", tuple(word for word, *_ in each), tuple(citation.quote.lower() for citation in place.one.citations))
    rows = {row.word: row for row in place.file.tables.words if row.outlet == outlet}
    for word, mine, theirs in each:
        row = rows.get(word)
        found = (f"{row.uses:,}", f"{row.elsewhere:,}", row.of_words) if row else ()
        yield from differs(f"uses of “{word}”", (mine, theirs, of_words), found)


@follows
def look_at(place: Place, outlet: str, shown: tuple[str, ...]) -> Iterator[str]:
    yield from differs("outlet", (outlet,), place.outlets(place.one.citations))
    yield from differs("words", shown, tuple(dict.fromkeys(citation.quote for citation in place.one.citations))[: len(shown)])


@follows
def voice(place: Place, speaker: str, kind: str, spoken: int, all_words: int, outlets: tuple[str, ...]) -> Iterator[str]:
    yield from differs("outlets", outlets, place.outlets(place.details))
    longest: dict[str, dict[str, int]] = {}
    for citation in place.details:
        by_article = longest.setdefault(place.held.origin(citation), {})
        by_article[citation.article_id] = by_article.get(citation.article_id, 0) + len(words(citation.quote))
    yield from differs("quoted words", spoken, sum(max(by_article.values()) for by_article in longest.values()))
    rows = place.file.tables.sourcing.voices
    yield from differs("all quoted words", all_words, sum(row.words for row in rows))
    if (speaker, kind, spoken) not in [(row.speaker, row.source_type, row.words) for row in rows]:
        yield f"the ledger of sources has no {speaker} of this type with {spoken} words"
    said = [one.inputs[2] for finding in place.section for one in finding.statements if one.kind == "computed" and one.rule == "voice"]
    if said != sorted(said, key=lambda number: -number if isinstance(number, int) else 0):
        yield "the speakers are not in the order of their words"


@follows
def heard_in_one(place: Place, *sides: tuple[str, ...]) -> Iterator[str]:
    table = place.file.tables.sourcing
    spoken = {row.speaker: row for row in table.voices}
    told = [(outlet, name) for outlet, *names in sides for name in names]
    yield from differs("outlets", tuple(outlet for outlet, _ in told), tuple(citation.outlet or "" for citation in place.one.citations))
    for (outlet, name), citation in zip(told, place.one.citations, strict=False):
        row = spoken.get(name)
        alone = row is not None and [cell.outlet for cell in row.cells] == [outlet] and citation.key == row.cells[0].quotes[0].key
        if row is None or not alone or set(row.absent) != set(table.outlets) - {outlet}:
            yield f"by the ledger of sources {name} is not named and quoted in {outlet} alone"


@follows
def shares_of_types(place: Place, all_words: int, *types: tuple[str, str]) -> Iterator[str]:
    rows = sorted((row for row in place.file.tables.sourcing.types if row.words), key=lambda row: (-row.words, row.source_type))
    yield from differs("types", types, tuple((row.source_type, str(row.words)) for row in rows))
    yield from differs("all quoted words", all_words, sum(row.words for row in rows))


@follows
def only_heard(place: Place, kind: str, outlets: tuple[str, ...], silent: int) -> Iterator[str]:
    table = place.file.tables.sourcing
    row = next(row for row in table.types if row.source_type == kind)
    quoting = {cell.outlet for one in table.types for cell in one.cells if cell.words}
    yield from differs("outlets", outlets, tuple(cell.outlet for cell in row.cells if cell.words))
    quiet = [cell.outlet for cell in row.cells if cell.outlet in quoting and not cell.words and not cell.told]
    yield from differs("other outlets", silent, len(quiet))


@follows
def drift(place: Place, *sides: tuple[str, ...]) -> Iterator[str]:
    told = tuple(sorted({name for side in sides for name in side[2:]}))
    yield from differs("outlets", told, tuple(sorted(place.outlets(place.one.citations))))
    yield from differs(
        "quotes", tuple(one.quote for one in (*place.spoken, *place.details)), tuple(one.quote for one in place.one.citations)
    )


def _beside(place: Place) -> Iterator[str]:
    """What a line says of a claim must cite the claim itself too, or it has come to stand beside another."""
    cited = {(one.article_id, one.start) for one in place.one.citations}
    if place.spoken and not any((one.article_id, one.start) in cited for one in place.spoken):
        yield "it is not about the sentence beside it"


@follows
def doers(place: Place, *sides: tuple[str, ...]) -> Iterator[str]:
    cited = place.one.citations
    yield from differs("outlets", tuple(sorted({name for side in sides for name in side[2:]})), tuple(sorted(place.outlets(cited))))
    yield from differs("words", tuple(sorted({side[0] for side in sides})), tuple(sorted({citation.quote for citation in cited})))


@follows
def placed(place: Place, *places: tuple[str, ...]) -> Iterator[str]:
    told = tuple(sorted({name for one in places for name in one[3:]}))
    yield from differs("outlets", told, tuple(sorted(place.outlets(place.one.citations))))
    yield from _beside(place)
    held = [one for row in place.file.matrix for one in row.positions]
    for part, paragraph, paragraphs, *names in places:
        same = [one for one in held if (one.outlet or UNKNOWN) in names and one.place.part == part]
        if (
            part == "body"
            and same
            and not any((str(one.place.paragraph), str(one.place.paragraphs)) == (paragraph, paragraphs) for one in same)
        ):
            rows = {row.claim.citations[0].start for row in place.file.matrix}
            if {one.start for one in place.spoken} & rows:
                yield f"no article of {', '.join(names)} has it in paragraph {paragraph} of {paragraphs}"


@follows
def order(place: Place, *entries: tuple[str, str, str]) -> Iterator[str]:
    rows = [row for row in place.file.tables.timeline if place.spoken and row.claim.citations[0].key == place.spoken[0].key]
    told = [tuple((one.what, one.outlet or UNKNOWN, one.published[:16].replace("T", " ")) for one in row.entries) for row in rows]
    if entries not in told:
        yield "the timeline of the claim beside it has other entries or another order"


@follows
def headline(place: Place, outlet: str, title: str) -> Iterator[str]:
    if not any((part.outlet or UNKNOWN, part.title or "") == (outlet, title) for part in place.compared):
        yield f"no article of {outlet} with this headline is listed"


@follows
def copies(place: Place, first: str, others: tuple[str, ...], least: int, most: int, author: str, basis: str) -> Iterator[str]:
    for origin in place.file.origins:
        parts = [place.held.articles[one] for one in origin.article_ids if one in place.held.articles and place.held.articles[one].compared]
        names = tuple(dict.fromkeys(part.outlet or UNKNOWN for part in parts))
        shares = origin.shared or (100,)
        if (
            names[:1] == (first,)
            and names[1:] == others
            and (min(shares), max(shares)) == (least, most)
            and (origin.author or "") == author
        ):
            return
    yield f"the brief lists no origin whose text {first} and {', '.join(others)} print so far"


@follows
def repeated(place: Place, outlet: str, articles: int, read: int) -> Iterator[str]:
    unread = sum(1 for part in place.file.articles if not part.compared and (part.outlet or "") == outlet)
    yield from differs("articles not compared", articles, unread)


@follows
def read_in_part(place: Place, name: str, title: str, read: int) -> Iterator[str]:
    known = [part.compared_to for part in place.compared if part.outlet in (name, None) and (part.title or "") == title]
    if read not in known:
        yield from differs("characters compared", read, next(iter(known), None))


@follows
def no_dates(place: Place, names: tuple[str, ...], articles: int) -> Iterator[str]:
    yield from differs("articles", articles, len(place.file.articles))
    yield from differs("articles without a date", len(names), sum(1 for part in place.file.articles if not part.published))


@follows
def no_outlets(place: Place, titles: tuple[str, ...], articles: int) -> Iterator[str]:
    yield from differs("articles", articles, len(place.file.articles))
    yield from differs("articles without an outlet", len(titles), sum(1 for part in place.file.articles if not part.outlet))


@follows
def other_languages(place: Place, names: tuple[str, ...], languages: tuple[str, ...], articles: int) -> Iterator[str]:
    foreign = [part for part in place.file.articles if part.language not in (None, "en")]
    yield from differs("articles", articles, len(place.file.articles))
    yield from differs("articles not in English", len(names), len(foreign))
    yield from differs("languages", languages, tuple(sorted({part.language for part in foreign if part.language})))
