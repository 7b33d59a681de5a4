"""The closed lists of wording: the fixed sentences, and the templates that computed sentences are built and rebuilt from.

A fixed sentence has no number and no outlet of its own. A computed one is a pure function of its inputs, so that the gate
and `verify` can build it again and compare. What a comparison finds is worded in agent/wording_findings.py.
"""

from __future__ import annotations

from collections.abc import Sequence

from agent.rules import COMPUTED as COMPUTED
from agent.rules import Input, rule
from agent.rules import count as count
from agent.rules import listed as listed
from agent.rules import some_of as some_of
from agent.statement import Citation, Computed, Fixed
from agent.wording_findings import REASONS
from vectorstore.article import in_marks

FIXED: dict[str, str] = {
    "nothing_agreed": "No sentence was found that enough independent origins surely share to call it agreed.",
    "nothing_disputed": (
        "No two articles were found to differ on a figure, a time or a day, or one to deny what another says. Disputes about causes and "
        "judgements are not looked for here."
    ),
    "no_parser": "What outlets call the same was not looked for: the parser's files are not installed, and doctor says how to bring them.",
    "values_differ": "The outlets differ.",
    "values_differ_in_time": "The outlets differ, and part of the difference is time.",
    "no_reason": "No sentence found gives a reason; these come nearest.",
    "no_time": "No sentence found says when; these come nearest.",
    "no_span": "No sentence found says how long; these come nearest.",
    "no_place": "No sentence found names the place; these come nearest.",
    "no_age": "No sentence found gives an age; these come nearest.",
    "no_number": "No sentence found gives a number; these come nearest.",
    "not_found": "Not found in what was searched.",
    "part_only": "What is held answers only a part of the question:",
    "nothing_passed": "What was found could not be shown to answer the question, so it is not given as an answer.",
    "why_sentence": (
        "A sentence is quoted if it and what stands around it have enough of the question's words, or near ones, and if no other comes "
        "much nearer; one that has what was asked for (a number, a time, a place, a speaker, a reason) comes before one that has not."
    ),
    "why_built": "Built from the words of the articles, and built again by the check.",
    "why_counted": "A count of what was searched or of what stands in the sentences quoted; it rests on no single sentence.",
    "why_weighed": (
        "Whether anything found answers is weighed by how much of each part of the question stands in one passage, in one sentence, and "
        "how near the nearest sentence comes, by the days and the outlets it names; how it is phrased weighs nothing."
    ),
    "why_of_model": (
        "A sentence of the model is shown if its quote stands word for word in an article that was searched, and if its numbers, names, "
        "days and outlet are those of the quote."
    ),
    **REASONS,
}


def fixed(name: str) -> Fixed:
    """KeyError for a name that is not in the list."""
    return Fixed(FIXED[name], name)


def computed(rule: str, *inputs: Input, citations: Sequence[Citation] = ()) -> Computed:
    """KeyError for a rule that is not in the list, TypeError for inputs that do not fit it."""
    return Computed(COMPUTED[rule](*inputs), rule, inputs, tuple(citations))


# Said of an answer and of a brief alike.


@rule
def silent(outlet: str, articles: int) -> str:
    return f"not found in the {count(articles, 'article')} of {outlet} held here"


@rule
def silent_others(outlets: int, articles: int) -> str:
    others = "other outlet" if outlets == 1 else count(outlets, "other outlet")
    return f"not found in the {count(articles, 'article')} of the {others} held here"


# The answer.


@rule
def not_held(name: str, outlets: int, mentions: int) -> str:
    """`name` is no outlet held; `mentions` is the number of articles held whose text has the name."""
    verb = "mentions" if mentions == 1 else "mention"
    elsewhere = f"{count(mentions, 'article')} held here {verb} the name" if mentions else "nothing held here mentions the name"
    return f"No article by {name} is in this library ({count(outlets, 'outlet is', 'outlets are')} held); {elsewhere}."


@rule
def not_mentioned(name: str) -> str:
    """`name` is somebody asked to have spoken, whom no text held names."""
    return f"Nothing held here mentions {name}."


@rule
def not_read(outlet: str, languages: tuple[str, ...]) -> str:
    """The outlet's articles are in these languages, and nothing was found in them."""
    return f"{outlet} is held in {listed(languages)}: only English is read well, so that its silence is not said."


@rule
def part_not_found(words: str, articles: int) -> str:
    """`words` are a part of the question."""
    return f"Not found in the {count(articles, 'article')} searched: “{words}”."


@rule
def not_quoted(words: tuple[str, ...]) -> str:
    """`words` are the question's, and stand in none of the sentences quoted nor beside them."""
    return f"Not in the sentences quoted, nor beside them: {listed([f'“{word}”' for word in words])}."


@rule
def no_article_of(outlets: tuple[str, ...], days: tuple[str, ...], articles: int) -> str:
    """`articles` is how many of the outlets' articles are held, none of these days."""
    return f"No article by {listed(outlets)} of {listed(days)} is held ({count(articles, 'article')} of other days)."


@rule
def nearest(label: str) -> str:
    return f"Nearest article: {label}."


@rule
def speaker(source: str, name: str) -> str:
    """`source` is how the sentence names the speaker, `name` the fullest name the same article gives."""
    if name in source:
        return f"Said by {source}, as the same article tells."
    return f"“{source}” is {name}, as the same article names the source elsewhere."


@rule
def one_origin(outlets: tuple[str, ...]) -> str:
    """`outlets` print the same text, in whole or in large part."""
    return f"{listed(outlets)} print or rewrite one text: one origin."


@rule
def gives_value(value: str, origins: int, *given: tuple[str, ...]) -> str:
    """Each of `given` is an outlet and whom its article cites for the value, in its words, "" for nobody; `origins` counts the texts
    that do not copy each other."""
    copies = f" ({count(origins, 'origin')})" if origins < len(given) else ""
    sources = {source for _, source in given}
    if len(sources) == 1:
        return f"{value}: {listed([outlet for outlet, _ in given])}{copies}{f', citing {source}' if (source := min(sources)) else ''}"
    return f"{value}: {listed([f'{outlet} (citing {source})' if source else outlet for outlet, source in given])}{copies}"


@rule
def printed_first(*given: tuple[str, ...]) -> str:
    """Each of `given` is an outlet and when it printed what is asked for, a day or a minute, the earliest first; "" if that is unknown."""
    of_day: dict[str, list[tuple[str, ...]]] = {}
    for one in given:
        of_day.setdefault(one[1][:10], []).append(one)
    undated = [outlet for outlet, _ in of_day.pop("", [])]
    rows = []
    for day, printed in of_day.items():
        if len(printed) > 1 and any(when == day for _, when in printed):
            rows.append(f"{listed([outlet for outlet, _ in printed])} ({day}, in which order is not known)")
        else:
            rows += [f"{outlet} ({when})" for outlet, when in printed]
    first = f"First among the articles found here: {rows[0]}" if rows else "No article found here that has it is dated"
    return f"{first}{'; then ' + ', '.join(rows[1:]) if rows[1:] else ''}{'; undated: ' + ', '.join(undated) if undated else ''}."


@rule
def searched(outlets: int, unknown: int, articles: int, first: str, last: str) -> str:
    """`unknown` of the `articles` have no known outlet; days are ISO dates or "" when no article has one."""
    dates = f"{first} to {last}" if first and first != last else first or "no dates known"
    if not articles:
        return "searched: no article"
    by = f"{count(outlets, 'outlet')}, " if outlets else ""
    without = f" ({unknown} of unknown outlet)" if unknown and outlets else " of unknown outlet" if unknown else ""
    return f"searched: {by}{count(articles, 'article')}{without}, {dates}"


# The brief.


@rule
def brief_counts(outlets: int, unknown: int, articles: int, origins: int) -> str:
    known = [count(outlets, "outlet")] if outlets or not unknown else []
    without = [f"{unknown} of unknown outlet"] if unknown else []
    return ", ".join([*known, count(articles, "article"), *without, count(origins, "independent origin")])


@rule
def no_text(names: tuple[str, ...]) -> str:
    return f"not held: no text: {count(len(names), 'page')} ({some_of(names, 12)})"


@rule
def stubs(names: tuple[str, ...], words: int) -> str:
    return f"not held: fewer than {words} words of text: {count(len(names), 'page')} ({some_of(names, 12)})"


@rule
def repeated(outlet: str, articles: int, read: int) -> str:
    """`outlet` is "" if unknown."""
    of = f"of {outlet}" if outlet else "of an unknown outlet"
    return f"not compared: {articles} more {'article' if articles == 1 else 'articles'} {of} from an origin of which {read} were"


@rule
def read_in_part(name: str, title: str, read: int) -> str:
    """`name` is an outlet's, or what an article without one is called; `read` how many characters of its text were compared."""
    which = f"{name}, {in_marks(title)}" if title else name
    return f"not compared whole, as it is too long: {which}, of which the first {read:,} characters were"


@rule
def no_dates(names: tuple[str, ...], articles: int) -> str:
    """`articles` is how many articles there are in all."""
    some = f"{len(names)} of {count(articles, 'article')} {'has' if len(names) == 1 else 'have'} no known date"
    return f"{some}, so who was first is not said of them ({some_of(names)})"


@rule
def no_outlets(titles: tuple[str, ...], articles: int) -> str:
    some = f"{len(titles)} of {count(articles, 'article')} {'has' if len(titles) == 1 else 'have'} no known outlet"
    return f"{some}, so neither silence nor who was first is said of them ({some_of(titles)})"


@rule
def other_languages(names: tuple[str, ...], languages: tuple[str, ...], articles: int) -> str:
    """`languages` are the ISO 639 codes; the rules that read articles know English only."""
    some = f"{len(names)} of {count(articles, 'article')} {'is' if len(names) == 1 else 'are'} not in English ({listed(languages)})"
    meaning = "only English is compared well: what they share or dispute may be missing, and silence is not said of them"
    return f"{some}, and {meaning} ({some_of(names)})"


@rule
def no_comparison(articles: int, outlet: str, held: str, paragraphs: int, unknown: tuple[str, ...]) -> str:
    """`outlet` is "" if unknown; `held` names the article; `unknown` are the metadata that nobody gave."""
    if not articles:
        return "No comparison is possible: no article with text is held."
    lacking = f", no {' or '.join((', '.join(unknown[:-1]), unknown[-1])) if len(unknown) > 1 else unknown[0]} known" if unknown else ""
    return (
        f"No comparison is possible: {'one article' if articles == 1 else count(articles, 'article')}, one outlet ({outlet or 'unknown'}). "
        f"Held: {held}, {count(paragraphs, 'paragraph')}{lacking}."
    )


@rule
def would_take(about: str, source_known: int) -> str:
    """`about` are words of the article; `source_known` is 0 if its outlet or date is not known."""
    event = f"the same event ({about})" if about else "the same event"
    return f"It would take: another outlet's report of {event}{'' if source_known else ', or this article’s source and date'}."


@rule
def on_whose_word(source: str) -> str:
    """`source` is "" where the article names nobody and says it itself."""
    return f"on the word of {source}" if source else "on the article's own word"


@rule
def left_out(findings: int) -> str:
    return f"{count(findings, 'finding')} did not pass the check and {'was' if findings == 1 else 'were'} left out"
