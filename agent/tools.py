"""The agent's tools: read-only, and they reach nothing but the library. What they show goes to the ledger."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Protocol, TypeVar

from langchain_core.tools import BaseTool, tool
from pydantic import BaseModel, Field, field_validator

from agent.planning import plan_for
from agent.statement import Evidence, Ledger, Search
from agent.wording import count, listed
from vectorstore.article import Article
from vectorstore.plan import SearchPlan
from vectorstore.scope import EVERYTHING, Scope
from vectorstore.sentence import Span, paragraph_spans

if TYPE_CHECKING:
    from vectorstore.outlets import HeldOutlets, Outlet
    from vectorstore.planned import Found
    from vectorstore.search import Hit

PASSAGES = 10
PARAGRAPHS = 12
# As long as a passage may be: a longer paragraph is shown in pieces, each with a key of its own.
LONGEST_PIECE = 1_200
LONGEST_TEXT = 8_000
LONGEST_NAME = 200
OUTLETS_LISTED = 80
COPIES = 5
UNKNOWN = "outlet unknown"

T = TypeVar("T")
# What a tool gives back: the text for the model, and the keys of what it showed, which stay in the agent's state.
Shown = tuple[str, dict[str, list[str]]]
InCaller = Callable[[Callable[[], Shown]], Shown]


class Coverage(Protocol):
    """The part of vectorstore.library.Library that a question needs; all of it only reads."""

    def articles(
        self, *, outlets: Collection[str | None] | None = None, since: date | None = None, until: date | None = None
    ) -> list[Article]: ...

    def article(self, article_id: str) -> Article: ...

    def outlets(self) -> list[Outlet]: ...

    @property
    def as_of(self) -> date | None: ...

    def held_outlets(self) -> HeldOutlets: ...

    def search_plan(self, plan: SearchPlan, scope: Scope = EVERYTHING, limit: int = 10) -> list[Found]: ...


class SearchArguments(BaseModel):
    query: str = Field(min_length=1, max_length=400, description="What to look for, in a few words.")
    outlets: list[str] | None = Field(default=None, max_length=40, description="Only these outlets; leave out for all.")
    since: date | None = Field(default=None, description="Only articles of this day or later, as YYYY-MM-DD.")
    until: date | None = Field(default=None, description="Only articles of this day or earlier, as YYYY-MM-DD.")

    @field_validator("outlets", mode="before")
    @classmethod
    def _one_name(cls, value: object) -> object:
        return ([value] if value.strip() else None) if isinstance(value, str) else value or None

    @field_validator("since", "until", mode="before")
    @classmethod
    def _no_date(cls, value: object) -> object:
        return value or None


class ReadArguments(BaseModel):
    article_id: str = Field(min_length=4, max_length=64, description="The article, as a search showed it.")
    first: int = Field(default=1, ge=1, description="The first paragraph, counted from 1.")
    last: int | None = Field(default=None, ge=1, description=f"The last paragraph; at most {PARAGRAPHS} are shown at once.")


class NoArguments(BaseModel):
    pass


def coverage_tools(library: Coverage, ledger: Ledger, in_caller: InCaller = lambda work: work()) -> list[BaseTool]:
    """The three tools for one question. `in_caller` runs the work where the library may be used: it is not safe across threads.

    What the model can put right comes back as text. A failure of the library itself is raised: an answer that takes a broken
    disk for an empty search would call an outlet silent.
    """

    @tool(args_schema=SearchArguments, response_format="content_and_artifact")
    def search_coverage(query: str, outlets: list[str] | None = None, since: date | None = None, until: date | None = None) -> Shown:
        """Searches the articles held, or those of the outlets named, and shows the best passages, each with the key to cite it by."""
        return in_caller(lambda: _search(library, ledger, query, outlets, since, until))

    @tool(args_schema=NoArguments, response_format="content_and_artifact")
    def list_outlets() -> Shown:
        """Lists the outlets held, with how many articles each has, and of which days."""
        return in_caller(lambda: (held(library.outlets()), {"keys": []}))

    @tool(args_schema=ReadArguments, response_format="content_and_artifact")
    def read_article(article_id: str, first: int = 1, last: int | None = None) -> Shown:
        """Shows paragraphs of one article in full, each with the key to cite it by."""
        return in_caller(lambda: _read(library, ledger, article_id, first, last))

    return [search_coverage, list_outlets, read_article]


def _search(library: Coverage, ledger: Ledger, query: str, outlets: Sequence[str] | None, since: date | None, until: date | None) -> Shown:
    if since and until and since > until:
        return f"since ({since}) is after until ({until}). Nothing was searched.", {"keys": []}
    known = library.outlets()
    wanted, missing = _resolve(outlets, known)
    notes = [f"No article by {one_line(name)} is in this library." for name in missing]
    if wanted is not None and not wanted:
        return "\n".join([*notes, "Nothing was searched. The library holds:", held(known)]), {"keys": []}
    scope = library.articles(outlets=wanted, since=since, until=until)
    hits = _found(library, query, wanted, since, until) if scope else []
    articles = {article.article_id: article for article in scope}
    shown: list[tuple[list[Evidence], list[Article]]] = []
    for hit in hits:
        others = [articles[other] for other in hit.also if other in articles]
        copies = [article for article in others if article.text_id == hit.article.text_id][:COPIES]
        near = [article for article in others if article.text_id != hit.article.text_id][:COPIES]
        shown.append(([Evidence(article, hit.start, hit.end) for article in (hit.article, *copies)], near))
    every = ledger.show(evidence for copies, _ in shown for evidence in copies)
    keys = tuple(evidence.key for evidence in every)
    names = tuple(sorted({article.outlet.value for article in scope if article.outlet.value}))
    named = tuple(name for name in wanted if name) if wanted else ()
    ledger.record(Search(query, named, since, until, len(scope), keys))
    where = f"{count(len(scope), 'article')} by {listed([one_line(name) for name in names]) or UNKNOWN}"
    if not scope:
        notes.append(f"No article {_of_outlets(wanted)}is held of these days. {held(known)}")
    elif not hits:
        notes.append(f"Nothing found in {where}.")
    else:
        notes.append(f"{count(len(hits), 'passage')}, from {where}:")
    return "\n\n".join([*notes, *(_block(*copies, near=near) for copies, near in shown)]), {"keys": list(keys)}


def _found(library: Coverage, query: str, wanted: Sequence[str | None] | None, since: date | None, until: date | None) -> list[Hit]:
    """The best passages for each part of the query, outlets in turn. A part is searched in the outlet that it names only where the model
    asked for outlets and each of them has a part: the others were to be searched too."""
    plan = replace(plan_for(query, library, wanted), outlets=frozenset(), spread=True, since=None, until=None)
    named = frozenset().union(*(part.outlets for part in plan.parts)) if all(part.outlets for part in plan.parts) else set(wanted or ())
    if not wanted or not named >= set(wanted):
        plan = replace(plan, parts=tuple(replace(part, outlets=frozenset()) for part in plan.parts))
    return [one.hit for one in library.search_plan(plan, Scope.of(wanted, since, until), PASSAGES)]


def _of_outlets(wanted: Collection[str | None] | None) -> str:
    return f"by {listed([one_line(name) if name else UNKNOWN for name in wanted])} " if wanted else ""


def _resolve(outlets: Sequence[str] | None, known: Iterable[Outlet]) -> tuple[list[str | None] | None, list[str]]:
    """The outlets meant, None for all, and the names that no outlet held has. Case, blanks and a leading "the" don't matter,
    and a name under which the articles of one outlet came is that outlet's."""
    if outlets is None:
        return None, []
    known = list(known)
    claims = Counter(_plain(spelling) for outlet in known for spelling in outlet.spellings)
    alone = {_plain(spelling): outlet.name for outlet in known for spelling in outlet.spellings if claims[_plain(spelling)] == 1}
    names: dict[str, str | None] = {**alone, **{_plain(outlet.name or UNKNOWN): outlet.name for outlet in known}}
    wanted = [names[_plain(name)] for name in outlets if _plain(name) in names]
    return list(dict.fromkeys(wanted)), [name for name in outlets if _plain(name) not in names]


def _plain(name: str) -> str:
    return re.sub(r"^the ", "", " ".join(name.split()).casefold())


def _read(library: Coverage, ledger: Ledger, article_id: str, first: int, last: int | None) -> Shown:
    try:
        article = library.article(article_id)
    except KeyError:
        return "No article has this id. Take one that search_coverage showed.", {"keys": []}
    paragraphs = paragraph_spans(article.text)
    if first > len(paragraphs):
        return f"This article has {count(len(paragraphs), 'paragraph')}.", {"keys": []}
    last = min(last or len(paragraphs), first + PARAGRAPHS - 1, len(paragraphs))
    if last < first:
        return f"last ({last}) is before first ({first}).", {"keys": []}
    shown: list[Evidence] = []
    budget = LONGEST_TEXT
    for span in paragraphs[first - 1 : last]:
        for piece in pieces(article.text, span):
            budget -= piece.end - piece.start
            if budget >= 0:
                shown.append(Evidence(article, piece.start, piece.end))
    ledger.show(shown)
    goes_on = budget < 0 or last < len(paragraphs)
    more = f"\n\nThe article goes on; it has {count(len(paragraphs), 'paragraph')}." if goes_on else ""
    return "\n\n".join(map(_block, shown)) + more, {"keys": [evidence.key for evidence in shown]}


def pieces(text: str, span: Span, longest: int = LONGEST_PIECE) -> list[Span]:
    """The span in parts of at most `longest` characters, cut at blanks where there are any."""
    found, start = [], span.start
    while span.end - start > longest:
        cut = text.rfind(" ", start + 1, start + longest)
        cut = cut if cut > start else start + longest
        found.append(Span(start, cut))
        start = cut + (text[cut] == " ")
    return [*found, Span(start, span.end)]


def paragraph_of(evidence: Evidence) -> int:
    """In which paragraph of its article the evidence starts, counted from 1."""
    spans = paragraph_spans(evidence.article.text)
    return max(1, sum(span.start <= evidence.start for span in spans))


def _block(evidence: Evidence, *copies: Evidence, near: Iterable[Article] = ()) -> str:
    """A passage as the model sees it, with who else prints the text. Articles with nearly the same one have it elsewhere: they must be read
    to be cited. Every line of the article has a mark before it, so that none can pass for one of ours."""
    article = evidence.article
    paragraphs = len(paragraph_spans(article.text))
    header = [
        f"key: {evidence.key}",
        f"outlet: {one_line(article.outlet.value) or 'unknown'}",
        f"headline: {one_line(article.title.value) or 'unknown'}",
        f"published: {one_line(article.published.value) or 'unknown'}",
        f"article: {article.article_id}, paragraph {paragraph_of(evidence)} of {paragraphs}",
    ]
    for copy in copies:
        header.append(f"the same text: key {copy.key}, outlet {one_line(copy.article.outlet.value) or 'unknown'}")
    for other in near:
        header.append(f"nearly the same text: article {other.article_id}, outlet {one_line(other.outlet.value) or 'unknown'}")
    return "\n".join([*header, *(f"| {line}" for line in harmless(evidence.text).splitlines())])


def passages(evidence: Iterable[Evidence]) -> str:
    """Passages as the tools show them, for a call without tools."""
    return "\n\n".join(map(_block, evidence))


def held(outlets: Sequence[Outlet]) -> str:
    """The outlets of the library, one a line."""
    if not outlets:
        return "no articles"
    lines = [f"{one_line(o.name) or UNKNOWN}: {count(o.articles, 'article')}{_days(o)}" for o in outlets[:OUTLETS_LISTED]]
    left = len(outlets) - OUTLETS_LISTED
    return "\n".join([*lines, *([f"and {count(left, 'more outlet')}"] if left > 0 else [])])


def _days(outlet: Outlet) -> str:
    if outlet.first is None or outlet.last is None:
        return ", no date known"
    return f", {outlet.first}" if outlet.first == outlet.last else f", {outlet.first} to {outlet.last}"


def one_line(value: str | None) -> str:
    """Metadata of an article on one line, cut to a length that no headline needs."""
    return harmless(" ".join((value or "").split()))[:LONGEST_NAME]


def harmless(text: str) -> str:
    """The text with a blank after "<" and "[" where a chat template could take what follows for a control token.

    Local endpoints read <|im_start|> or [INST] as such wherever it stands. Quotes are found again without that blank.
    """
    return re.sub(r"<(?=\S)|\[(?=/?[A-Z])", r"\g<0> ", text)
