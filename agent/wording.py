"""The closed lists of wording: the fixed sentences, and the templates that computed sentences are built and rebuilt from.

A fixed sentence has no number and no outlet of its own. A computed one is a pure function of its inputs, so that the gate
and `verify` can build it again and compare.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from agent.statement import Citation, Computed, Fixed

Input = str | int | tuple[str, ...]

FIXED: dict[str, str] = {
    "not_found": "Not found in what was searched.",
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
def nearest(label: str) -> str:
    return f"Nearest article: {label}."


@_rule
def speaker(source: str, name: str) -> str:
    """`source` is how the sentence names the speaker, `name` the fullest name the same article gives."""
    return f"“{source}” is {name}, as the same article names the source elsewhere."


@_rule
def one_origin(outlet: str, others: tuple[str, ...]) -> str:
    """`others` print the same text as `outlet`, in whole or in large part."""
    return f"{outlet} and {listed(others)} print one text: one origin."


@_rule
def searched(outlets: int, unknown: int, articles: int, first: str, last: str) -> str:
    """`unknown` of the `articles` have no known outlet; days are ISO dates or "" when no article has one."""
    dates = f"{first} to {last}" if first and first != last else first or "no dates known"
    by = f"{count(outlets, 'outlet')}, " if outlets else ""
    without = f" ({unknown} of unknown outlet)" if unknown and outlets else " of unknown outlet" if unknown else ""
    return f"searched: {by}{count(articles, 'article')}{without}, {dates}"


# The brief.
