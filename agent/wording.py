"""The closed lists of wording: the fixed sentences, and the templates that computed sentences are built and rebuilt from.

A fixed sentence has no number and no outlet of its own. A computed one is a pure function of its inputs, so that the gate
and `verify` can build it again and compare.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from agent.statement import Citation, Computed, Fixed

Input = str | int | tuple[str, ...]

FIXED: dict[str, str] = {
    "nothing_agreed": "No sentence was found that enough independent origins surely share to call it agreed.",
    "nothing_disputed": (
        "No two articles were found to give different figures, times or days for one thing. Disputes about causes and judgements "
        "are not looked for here."
    ),
    "values_differ": "The outlets differ.",
    "values_differ_in_time": "The outlets differ, and part of the difference is time.",
    "no_reason": "No sentence found gives a reason; these come nearest.",
    "not_found": "Not found in what was searched.",
    "part_only": "What is held answers only a part of the question:",
    "nothing_passed": "What was found could not be shown to answer the question, so it is not given as an answer.",
}
COMPUTED: dict[str, Callable[..., str]] = {}


def fixed(name: str) -> Fixed:
    """KeyError for a name that is not in the list."""
    return Fixed(FIXED[name], name)


def computed(rule: str, *inputs: Input, citations: Sequence[Citation] = ()) -> Computed:
    """KeyError for a rule that is not in the list, TypeError for inputs that do not fit it."""
    return Computed(COMPUTED[rule](*inputs), rule, inputs, tuple(citations))


def _rule(function: Callable[..., str]) -> Callable[..., str]:
    COMPUTED[function.__name__] = function
    return function


def count(number: int, one: str, many: str | None = None) -> str:
    """As in "1 article", "5 articles"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names: Sequence[str]) -> str:
    """As in "A", "A and B", "A, B and C"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


STANDS = ("asserted", "attributed", "hedged", "denied")


def some_of(names: Sequence[str], most: int = 6) -> str:
    """The names, or the first of them and how many more."""
    return ", ".join(names) if len(names) <= most else f"{', '.join(names[: most - 1])} and {len(names) - most + 1} more"


# Said of an answer and of a brief alike.


@_rule
def silent(outlet: str, articles: int) -> str:
    return f"not found in the {count(articles, 'article')} of {outlet} held here"


@_rule
def silent_others(outlets: int, articles: int) -> str:
    return f"not found in the {count(articles, 'article')} of the {count(outlets, 'other outlet')} held here"


# The answer.


@_rule
def not_held(name: str, outlets: int, mentions: int) -> str:
    """`name` is no outlet held; `mentions` is the number of articles held whose text has the name."""
    verb = "mentions" if mentions == 1 else "mention"
    elsewhere = f"{count(mentions, 'article')} held here {verb} the name" if mentions else "nothing held here mentions the name"
    return f"No article by {name} is in this library ({count(outlets, 'outlet is', 'outlets are')} held); {elsewhere}."


@_rule
def not_mentioned(name: str) -> str:
    """`name` is somebody asked to have spoken, whom no text held names."""
    return f"Nothing held here mentions {name}."


@_rule
def not_read(outlet: str, languages: tuple[str, ...]) -> str:
    """The outlet's articles are in these languages, and nothing was found in them."""
    return f"{outlet} is held in {listed(languages)}: only English is read well, so that its silence is not said."


@_rule
def part_not_found(words: str, articles: int) -> str:
    """`words` are a part of the question."""
    return f"Not found in the {count(articles, 'article')} searched: “{words}”."


@_rule
def not_quoted(words: tuple[str, ...]) -> str:
    """`words` are the question's, and stand in none of the sentences quoted nor beside them."""
    return f"Not in the sentences quoted, nor beside them: {listed([f'“{word}”' for word in words])}."


@_rule
def no_article_of(outlets: tuple[str, ...], days: tuple[str, ...], articles: int) -> str:
    """`articles` is how many of the outlets' articles are held, none of these days."""
    return f"No article by {listed(outlets)} of {listed(days)} is held ({count(articles, 'article')} of other days)."


@_rule
def nearest(label: str) -> str:
    return f"Nearest article: {label}."


@_rule
def speaker(source: str, name: str) -> str:
    """`source` is how the sentence names the speaker, `name` the fullest name the same article gives."""
    return f"“{source}” is {name}, as the same article names the source elsewhere."


@_rule
def one_origin(outlets: tuple[str, ...]) -> str:
    """`outlets` print the same text, in whole or in large part."""
    return f"{listed(outlets)} print or rewrite one text: one origin."


@_rule
def gives_value(value: str, origins: int, *given: tuple[str, ...]) -> str:
    """Each of `given` is an outlet and whom its article cites for the value, in its words, "" for nobody; `origins` counts the texts
    that do not copy each other."""
    copies = f" ({count(origins, 'origin')})" if origins < len(given) else ""
    sources = {source for _, source in given}
    if len(sources) == 1:
        return f"{value}: {listed([outlet for outlet, _ in given])}{copies}{f', citing {source}' if (source := min(sources)) else ''}"
    return f"{value}: {listed([f'{outlet} (citing {source})' if source else outlet for outlet, source in given])}{copies}"


@_rule
def searched(outlets: int, unknown: int, articles: int, first: str, last: str) -> str:
    """`unknown` of the `articles` have no known outlet; days are ISO dates or "" when no article has one."""
    dates = f"{first} to {last}" if first and first != last else first or "no dates known"
    if not articles:
        return "searched: no article"
    by = f"{count(outlets, 'outlet')}, " if outlets else ""
    without = f" ({unknown} of unknown outlet)" if unknown and outlets else " of unknown outlet" if unknown else ""
    return f"searched: {by}{count(articles, 'article')}{without}, {dates}"


# The brief.


@_rule
def brief_counts(outlets: int, unknown: int, articles: int, origins: int) -> str:
    known = [count(outlets, "outlet")] if outlets or not unknown else []
    without = [f"{unknown} of unknown outlet"] if unknown else []
    return ", ".join([*known, count(articles, "article"), *without, count(origins, "independent origin")])


@_rule
def agreement(names: tuple[str, ...], origins: int, asserts: int, attributes: int, hedges: int, denies: int) -> str:
    """Who states it, and how many of their articles assert, attribute, hedge or deny it."""
    ways = [f"{verb} by {number}" for verb, number in zip(STANDS, (asserts, attributes, hedges, denies), strict=True) if number]
    return f"{some_of(names)}: {count(origins, 'origin')}; {', '.join(ways)}"


@_rule
def disputed(relation: str, about: str, *sides: tuple[str, ...]) -> str:
    """Each side is a value and the outlets that give it, in the order of publication where it is known."""
    sign = " → " if relation == "update" else " / "
    note = {"update": "updated later: ", "scope": "perhaps different things: "}.get(relation, "")
    return f"{about}: {note}" + sign.join(f"{side[0]} ({some_of(side[1:])})" for side in sides)


@_rule
def quoted_differently(first: str, first_outlet: str, second: str, second_outlet: str) -> str:
    return f"quoted as “{first}” in {first_outlet}, as “{second}” in {second_outlet}"


@_rule
def named(subject: str, *labels: tuple[str, ...]) -> str:
    """Each label is the words and the outlets that use them."""
    return f"{subject}: " + " · ".join(f"“{label[0]}” {some_of(label[1:])}" for label in labels)


@_rule
def scare_quoted(words: str, outlets: tuple[str, ...]) -> str:
    return f"in scare quotes: {words} {some_of(outlets)}"


@_rule
def voice(speaker: str, words: int, all_words: int, outlets: tuple[str, ...]) -> str:
    """Words quoted of a speaker out of all words quoted of speakers that are clear; copies counted once."""
    return f"{speaker}: {words} of {count(all_words, 'quoted word')} ({100 * words // max(all_words, 1)} %), in {some_of(outlets)}"


FIRST_BY = {
    "credit": ", credited to {author}",
    "not held": ", credited to {author}, whose text is not held",
    "time": ", first in {author} by the times given",
}


@_rule
def copies(first: str, others: tuple[str, ...], least: int, most: int, author: str, basis: str) -> str:
    """`others` print the text of `first`; `least` and `most` are the lowest and highest share of equal word runs in percent. `author` is
    who seems to have written it, "" if that is not known, and `basis` how that is known: one of FIRST_BY."""
    share = f"{least} %" if least == most else f"{least} to {most} %"
    known = FIRST_BY[basis].format(author=author) if author else "; which was first is not known"
    return f"{listed((first, *others))} print or rewrite one text ({share} of word runs the same): one origin{known}"


@_rule
def no_text(names: tuple[str, ...]) -> str:
    return f"not held: no text: {count(len(names), 'page')} ({some_of(names, 12)})"


@_rule
def stubs(names: tuple[str, ...], words: int) -> str:
    return f"not held: fewer than {words} words of text: {count(len(names), 'page')} ({some_of(names, 12)})"


@_rule
def repeated(outlet: str, articles: int, read: int) -> str:
    """`outlet` is "" if unknown."""
    of = f"of {outlet}" if outlet else "of an unknown outlet"
    return f"not compared: {articles} more {'article' if articles == 1 else 'articles'} {of} from an origin of which {read} were"


@_rule
def no_dates(names: tuple[str, ...], articles: int) -> str:
    """`articles` is how many articles there are in all."""
    some = f"{len(names)} of {count(articles, 'article')} {'has' if len(names) == 1 else 'have'} no known date"
    return f"{some}, so who was first is not said of them ({some_of(names)})"


@_rule
def no_outlets(titles: tuple[str, ...], articles: int) -> str:
    some = f"{len(titles)} of {count(articles, 'article')} {'has' if len(titles) == 1 else 'have'} no known outlet"
    return f"{some}, so silence is not said of them ({some_of(titles)})"


@_rule
def other_languages(names: tuple[str, ...], languages: tuple[str, ...], articles: int) -> str:
    """`languages` are the ISO 639 codes; the rules that read articles know English only."""
    some = f"{len(names)} of {count(articles, 'article')} {'is' if len(names) == 1 else 'are'} not in English ({listed(languages)})"
    meaning = "only English is compared well: what they share or dispute may be missing, and silence is not said of them"
    return f"{some}, and {meaning} ({some_of(names)})"


@_rule
def no_comparison(articles: int, outlet: str, held: str, paragraphs: int, unknown: tuple[str, ...]) -> str:
    """`outlet` is "" if unknown; `held` names the article; `unknown` are the metadata that nobody gave."""
    if not articles:
        return "No comparison is possible: no article with text is held."
    lacking = f", no {' or '.join((', '.join(unknown[:-1]), unknown[-1])) if len(unknown) > 1 else unknown[0]} known" if unknown else ""
    return (
        f"No comparison is possible: {'one article' if articles == 1 else count(articles, 'article')}, one outlet ({outlet or 'unknown'}). "
        f"Held: {held}, {count(paragraphs, 'paragraph')}{lacking}."
    )


@_rule
def would_take(about: str, source_known: int) -> str:
    """`about` are words of the article; `source_known` is 0 if its outlet or date is not known."""
    event = f"the same event ({about})" if about else "the same event"
    return f"It would take: another outlet's report of {event}{'' if source_known else ', or this article’s source and date'}."


@_rule
def on_whose_word(source: str) -> str:
    """`source` is "" where the article names nobody and says it itself."""
    return f"on the word of {source}" if source else "on the article's own word"


@_rule
def left_out(findings: int) -> str:
    return f"{count(findings, 'finding')} did not pass the check and {'was' if findings == 1 else 'were'} left out"
