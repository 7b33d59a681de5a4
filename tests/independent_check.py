"""Checks a brief without this program: python tests/independent_check.py BRIEF.json EXPORT.jsonl

Standard library only, and nothing of ours is imported: the wording of every computed sentence is written down here a second time.
EXPORT.jsonl is what `rashomon export` prints. Exit code 1 if anything is wrong.

A reported sentence is right if every quote stands in the article's text at its place, the text has the hash given, the outlet is the
article's, and every number and every name of the sentence stands in what is quoted. A computed one is right if its inputs give its
words again.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
NUMERALS = set(
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty "
    "thirty forty fifty sixty seventy eighty ninety hundred thousand million billion dozen dozens".split()
)
NAME = re.compile(r"(?<![.!?…:“\"‘(]\s)(?<!^)\b[A-Z][\w’'-]+")
Json = dict[str, Any]


def plural(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def joined(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1] if names else ""


def first_ones(names: list[str], most: int = 6) -> str:
    return joined(names) if len(names) <= most else ", ".join(names[: most - 1]) + f" and {len(names) - most + 1} more"


def days(first: str, last: str) -> str:
    return f"{first} to {last}" if first and first != last else first or "no dates known"


def _counts(outlets: int, unknown: int, articles: int, origins: int) -> str:
    parts = [plural(outlets, "outlet")] if outlets or not unknown else []
    parts += [plural(articles, "article")] + ([f"{unknown} of unknown outlet"] if unknown else [])
    return ", ".join([*parts, plural(origins, "independent origin")])


def _agreement(names: list[str], origins: int, *ways: int) -> str:
    one_way = [how for how, number in zip(WAYS, ways, strict=True) if number == sum(ways)][:1]
    verb = "say" if ways[0] == sum(ways) else "report"
    how = one_way[0] if one_way else ""
    return f"so {verb} {_who(names, origins)} ({plural(origins, 'origin')}{how})"


def _who(names: list[str], origins: int) -> str:
    return "outlets not known" if origins > 1 and names == ["an outlet not known"] else first_ones(names)


WAYS = ("", "; each on somebody's word", "; each with reserve", "; each denies it")


def _percent(part: int, whole: int) -> str:
    return f"{round(100 * part / max(whole, 1))} %" if not part or round(100 * part / max(whole, 1)) else "under 1 %"


def _disputed(relation: str, question: str, *sides: list[str]) -> str:
    note = {"update": "", "scope": " These may be different things.", "conflict": ""}[relation]
    between = "; later " if relation == "update" else "; "
    words = {word for _, word, *_ in sides}
    all_on = words.pop() if len(words) == 1 and len(sides) > 1 else ""
    told = []
    for value, word, *outlets in sides:
        told.append(f"“{value}” in {first_ones(outlets)}" + (f" (on the word of {word})" if word and not all_on else ""))
    return f"{question}: {between.join(told)}.{f' Each on the word of {all_on}.' if all_on else ''}{note}"


def _voice(who: str, kind: str, words: int, total: int, outlets: list[str]) -> str:
    named = who if kind == "unknown" else f"{who} ({kind})"
    return f"{named}: {words} of {plural(total, 'quoted word')} ({_percent(words, total)}), in {first_ones(outlets)}"


def _types(total: int, *types: list[str]) -> str:
    known, unknown = [one for one in types if one[0] != "unknown"], [["type unknown", one[1]] for one in types if one[0] == "unknown"]
    shares = ", ".join(f"{kind} {_percent(int(words), total)}" for kind, words in known + unknown)
    return f"Of {plural(total, 'quoted word')} with a clear speaker: {shares}"


def _drift(*sides: list[str]) -> str:
    how = {"asserts": "as fact", "attributes": "as somebody's word", "hedges": "with reserve", "denies": "as denied"}
    told = []
    for stance, word, *outlets in sides:
        way = f"on the word of {word}" if word and stance == "attributes" else how[stance]
        told.append(f"{way} in {first_ones(outlets)}")
    return "; ".join(told)


def _doers(*sides: list[str]) -> str:
    whom = {"subject": "which names a doer", "after by": "which names one after “by”", "nobody": "which names no doer"}
    return "; ".join(f"“{words}”, {whom[doer]}, in {first_ones(outlets)}" for words, doer, *outlets in sides)


def _placed(*places: list[str]) -> str:
    told = []
    for part, paragraph, paragraphs, *outlets in places:
        body = f"in paragraph {paragraph} of {paragraphs} in"
        told.append(f"{ {'headline': 'in the headline of', 'lede': 'in the first paragraph of'}.get(part, body) } {first_ones(outlets)}")
    return "; ".join(told)


def _order(*entries: list[str]) -> str:
    verbs = {
        "first": "earliest here in",
        "followed": "then",
        "changed": "with other figures before in",
        "dropped": "not in the later version of",
    }
    return "; ".join(f"{verbs[what]} {outlet} ({when})" for what, outlet, when in entries)


def _instant(time: str) -> datetime:
    when = datetime.fromisoformat(time)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _public(maker: str, made: str, outlet: str, last: str) -> str:
    def minute(time: str) -> str:
        return time[:16].replace("T", " ")

    if not made or not last:
        why = f"no article of {outlet} has a known time" if made else "no article that makes it has a known time"
        return f"whether it was out when {outlet} printed is not known: {why}"
    hours = "T" in made and "T" in last
    if (hours and _instant(made) <= _instant(last)) or (not hours and made[:10] < last[:10]):
        return f"it was out: {maker} had it {minute(made)}, the last article of {outlet} held here is of {minute(last)}"
    if not hours and made[:10] == last[:10]:
        return f"whether it was out when {outlet} printed is not known: both are of {made[:10]}, and an hour is missing"
    return f"it was not out yet: {maker} had it first {minute(made)}, the last article of {outlet} held here is of {minute(last)}"


def _near_miss(shared: list[str], lacking: list[str]) -> str:
    has = "has " + quoted_words(shared) if shared else "has none of its words"
    return f"{has}, but not {quoted_words(lacking)}" if lacking else has


def quoted_words(words: list[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)


def _copies(first: str, others: list[str], least: int, most: int, author: str, basis: str) -> str:
    share = f"{least} %" if least == most else f"{least} to {most} %"
    basis_words = {
        "credit": f", credited to {author}",
        "not held": f", credited to {author}, whose text is not held",
        "time": f", first in {author} by the times given",
    }
    known = basis_words[basis] if author else "; which was first is not known"
    return f"{joined([first, *others])} print or rewrite one text ({share} of word runs the same): one origin{known}"


def _no_comparison(articles: int, outlet: str, held: str, paragraphs: int, unknown: list[str]) -> str:
    if not articles:
        return "No comparison is possible: no article with text is held."
    lacking = (
        f", no {joined(unknown).replace(' and ', ' or ') if len(unknown) < 3 else ', '.join(unknown[:-1]) + ' or ' + unknown[-1]} known"
    )
    return (
        f"No comparison is possible: {'one article' if articles == 1 else plural(articles, 'article')}, "
        f"one outlet ({outlet or 'unknown'}). "
        f"Held: {held}, {plural(paragraphs, 'paragraph')}{lacking if unknown else ''}."
    )


def _share(number: int, articles: int, one: str, many: str) -> str:
    return f"{number} of {plural(articles, 'article')} {one if number == 1 else many}"


WORDINGS: dict[str, Any] = {
    "brief_counts": _counts,
    "agreement": _agreement,
    "perhaps": lambda names, origins: f"perhaps shared by {_who(names, origins)} ({plural(origins, 'origin')})",
    "same_words": lambda names, origins: f"in the same words in {_who(names, origins)} ({plural(origins, 'origin')})",
    "disputed": _disputed,
    "quoted_differently": lambda a, one, b, other: f"quoted as “{a}” in {one}, as “{b}” in {other}",
    "named": lambda subject, *labels: f"{subject}: " + "; ".join(f"“{words}” in {first_ones(names)}" for words, *names in labels),
    "scare_quoted": lambda words, outlets, others: (
        f"{words} stands in scare quotes in {first_ones(outlets)}, without them in {first_ones(others)}"
    ),
    "used_more": lambda outlet, of_words, *each: (
        f"{outlet} uses much more than the others, in {of_words:,} of its own words: "
        + ", ".join(f"“{word}” ({mine}, elsewhere {theirs})" for word, mine, theirs in each)
    ),
    "voice": _voice,
    "name_absent": lambda outlet, articles: f"the name was not found in the {plural(articles, 'article')} of {outlet} held here",
    "shares_of_types": _types,
    "only_heard": lambda kind, outlets, silent: (
        f"{kind}: quoted in {first_ones(outlets)}; among the speakers of the {plural(silent, 'other outlet')} none is known to be one"
    ),
    "heard_in_one": lambda *sides: (
        "Named and quoted in one outlet only: " + "; ".join(f"{first_ones(names)} in {outlet}" for outlet, *names in sides)
    ),
    "drift": _drift,
    "doers": _doers,
    "placed": _placed,
    "order": _order,
    "public": _public,
    "near_miss": _near_miss,
    "look_at": lambda outlet, words: f"{outlet}: {quoted_words(words)}",
    "headline": lambda outlet, title: f"{outlet}: " + ('"' + title.replace('"', "'") + '"' if title else "no headline"),
    "score": lambda name, value, limit: f"{name}: {value}" + (f" ({limit} asked)" if limit else ""),
    "copies": _copies,
    "silent": lambda outlet, articles: f"not found in the {plural(articles, 'article')} of {outlet} held here",
    "silent_others": lambda outlets, articles: (
        f"not found in the {plural(articles, 'article')} of the {plural(outlets, 'other outlet').removeprefix('1 ')} held here"
    ),
    "no_text": lambda names: f"not held: no text: {plural(len(names), 'page')} ({first_ones(names, 12)})",
    "stubs": lambda names, words: f"not held: fewer than {words} words of text: {plural(len(names), 'page')} ({first_ones(names, 12)})",
    "repeated": lambda outlet, articles, read: (
        f"not compared: {articles} more {'article' if articles == 1 else 'articles'} "
        f"{f'of {outlet}' if outlet else 'of an unknown outlet'} from an origin of which {read} were"
    ),
    "read_in_part": lambda name, title, read: (
        f"not compared whole, as it is too long: {name}"
        + (', "' + title.replace('"', "'") + '"' if title else "")
        + f", of which the first {read:,} characters were"
    ),
    "no_dates": lambda names, articles: (
        f"{_share(len(names), articles, 'has', 'have')} no known date, so who was first is not said of them ({first_ones(names)})"
    ),
    "no_outlets": lambda names, articles: (
        f"{_share(len(names), articles, 'has', 'have')} no known outlet, so neither silence nor who was first is said of them "
        f"({first_ones(names)})"
    ),
    "other_languages": lambda names, languages, articles: (
        f"{_share(len(names), articles, 'is', 'are')} not in English ({joined(languages)}), and only English is compared well: what they "
        f"share or dispute may be missing, and silence is not said of them ({first_ones(names)})"
    ),
    "no_comparison": _no_comparison,
    "would_take": lambda about, known: (
        f"It would take: another outlet's report of the same event{f' ({about})' if about else ''}"
        f"{'' if known else ', or this article’s source and date'}."
    ),
    "on_whose_word": lambda source: f"on the word of {source}" if source else "on the article's own word",
    "left_out": lambda number: f"{plural(number, 'finding')} did not pass the check and {'was' if number == 1 else 'were'} left out",
}


def statements(value: Any, place: str = "") -> Iterator[tuple[str, Json]]:
    """Whatever has a `kind` in the file, wherever it stands."""
    if isinstance(value, dict):
        if value.get("kind") in ("reported", "computed", "fixed"):
            yield place, value
            return
        for name, inner in value.items():
            yield from statements(inner, f"{place}/{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from statements(inner, f"{place}/{number}")


def quote_faults(citation: Json, articles: dict[str, Json]) -> Iterator[str]:
    article = articles.get(citation["article_id"])
    if article is None:
        yield f"article {citation['article_id']} is not in the export"
        return
    text = article["text"]
    if hashlib.sha256(text.encode()).hexdigest() != citation["text_id"]:
        yield "the text exported is not the one cited"
    if text[citation["start"] : citation["end"]] != citation["quote"]:
        yield "the quote does not stand at its place"
    for name in ("outlet", "title", "published"):
        if article[name] != citation[name]:
            yield f"the {name} is another"


def reported_faults(one: Json, articles: dict[str, Json]) -> Iterator[str]:
    if not one["citations"]:
        yield "nothing is cited"
    for citation in one["citations"]:
        yield from quote_faults(citation, articles)
    quoted = " ".join(citation["quote"] for citation in one["citations"])
    said = one["text"]
    for citation in one["citations"]:
        said = said.replace(citation["outlet"] or "\0", " ")
    has = set(NUMBER.findall(quoted))
    yield from (f"the number {number} is not quoted" for number in NUMBER.findall(said) if number not in has)
    there = set(re.findall(r"[\w’'-]+", quoted.lower()))
    spelled = (word for word in re.findall(r"[a-z]+", said.lower()) if word in NUMERALS)
    yield from (f"the number {word} is not quoted" for word in spelled if word not in " ".join(there))
    names = (name.removesuffix("’s").removesuffix("'s") for name in NAME.findall(said))
    yield from (f"the name {name} is not quoted" for name in names if name.lower() not in quoted.lower())


def computed_faults(one: Json, articles: dict[str, Json]) -> Iterator[str]:
    wording = WORDINGS.get(one["rule"])
    if wording is None:
        yield f"no wording is known here for the rule {one['rule']}"
    elif wording(*one["inputs"]) != one["text"]:
        yield f"the inputs give: {wording(*one['inputs'])}"
    for citation in one["citations"]:
        yield from quote_faults(citation, articles)


def check(brief: Json, articles: dict[str, Json]) -> tuple[dict[str, Any], list[str]]:
    """Counts, and what is wrong with its place."""
    counted, right = {"reported": 0, "computed": 0}, {"reported": 0, "computed": 0}
    problems = []
    for place, one in statements(brief):
        if one["kind"] == "fixed":
            if NUMBER.search(one["text"]):
                problems.append(f"{place}: a fixed sentence with a number")
            continue
        faults = list((reported_faults if one["kind"] == "reported" else computed_faults)(one, articles))
        counted[one["kind"]] += 1
        right[one["kind"]] += not faults
        problems += [f"{place}: {fault}" for fault in faults]
    for number, part in enumerate(brief["articles"]):
        article = articles.get(part["article_id"])
        if article is None or hashlib.sha256(article["text"].encode()).hexdigest() != part["text_id"]:
            problems.append(f"/articles/{number}: not in the export, or with another text")
        elif any(article[name] != part[name] for name in ("outlet", "title", "published", "author", "url")):
            problems.append(f"/articles/{number}: the export has other metadata")
    kept = sum(len(section["findings"]) for section in brief["sections"])
    dropped = sum(one["inputs"][0] for one in brief["missing"] if one["rule"] == "left_out")
    figures = {
        "reported": counted["reported"],
        "reported right": right["reported"],
        "computed": counted["computed"],
        "computed right": right["computed"],
        "articles": len(brief["articles"]),
        "different reported sentences per article": round(_different(brief) / max(len(brief["articles"]), 1), 1),
        "findings": kept,
        "share of findings that the gate dropped": round(dropped / max(kept + dropped, 1), 4),
    }
    return figures, problems


def _different(brief: Json) -> int:
    places = {
        (citation["article_id"], citation["start"], citation["end"])
        for _, one in statements(brief)
        if one["kind"] == "reported"
        for citation in one["citations"]
    }
    return len(places)


def main() -> None:
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    brief = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    rows = (json.loads(line) for line in Path(sys.argv[2]).read_text(encoding="utf-8").split("\n") if line.strip())
    figures, problems = check(brief, {row["article_id"]: row for row in rows})
    sys.stdout.write("".join(f"{name}: {value}\n" for name, value in figures.items()))
    sys.stdout.write("".join(f"WRONG {problem}\n" for problem in problems))
    raise SystemExit(1 if problems else 0)


if __name__ == "__main__":
    main()
