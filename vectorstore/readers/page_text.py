"""The text of the article in a web page: what a reader of the page sees, without what surrounds the article.

trafilatura finds the article. It keeps text that nobody sees and loses text without a word, so hidden elements are taken out before,
and what it kept is measured afterwards against what is visible.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import trafilatura
from lxml import etree

from vectorstore.article import PARTIAL
from vectorstore.readers.decode import Unreadable
from vectorstore.readers.page_tree import LEAST_WORDS, Run, phrases, prose, squeezed

# Of 60 pages whose article is known, trafilatura kept .80 and more of the prose in the article's own frame, on all but one. There it had
# kept .43 and lost half of the article; with every paragraph of the frame it was whole.
LEAST_OF_FRAME = 0.7
# Of the same pages the article is .13 and more of all visible prose; the rest is teasers and comments.
LEAST_OF_PAGE = 0.1
# Prose of fewer characters measures nothing.
LEAST_PROSE = 200
# A line of an article, in a script without blanks between words.
LEAST_LINE = 40
# It warns about every page that has no article; we say so ourselves.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
LINE_BREAKING = ("p", "head", "item", "quote", "row", "list", "table", "lb", "code")
# A line that asks the reader to do something or points elsewhere. Whole sentences of an article start so too, hence the narrow words.
LONGEST_APPEAL = 160
APPEAL = re.compile(
    r"""(?: (?:read|see|watch|listen) [ ] (?:more|also|next|now) \b (?![ ]than\b)
    | (?:read|watch|listen|related|see[ ]also)
      (?:[ ](?:story|stories|articles?|content|videos?|coverage|the[ ]full[ ]\w+))? \s* :
    | also [ ] on [ ] \S+ \. \w | related [ ] (?:stories|articles|content|coverage|videos?) \b
    | more [ ] (?:on[ ]this|stories|coverage) \b | more [ ] from [^.]* $ | recommended (?:[ ](?:for[ ]you|stories|reading))? \s* :? $
    | (?:like|enjoy(?:ed)?) [ ] this [ ] (?:story|article|post) | share [ ] (?:this|on|via) \b | follow [ ] (?:us|me|him|her|them|@) \b
    | sign [ ] up [ ] (?:for|to|here|now) \b | subscribe [ ] (?:to|now|here|today) \b | subscribe $
    | get [ ] (?:the|our) [ ] (?:latest|top|best|day’s) \b | download [ ] (?:the|our) \b .* \b app \b | click [ ] (?:here|to) \b
    | advertisement s? \s* :? $ | (?:story|article) [ ] continues \b | scroll [ ] (?:down|to) \b
    | filed [ ] under \b | posted [ ] in \b | tags? \s* : | topics? \s* : | categor(?:y|ies) \s* :
    | (?:copyright \s* )? (?:©|\([cC]\)) \s* | copyright [ ] (?:19|20)\d\d | all [ ] rights [ ] reserved
    | (?:leave [ ] a [ ])? comments? \s* (?:\(?\d+\)?)? $ | join [ ] the [ ] (?:conversation|discussion) | have [ ] a [ ] (?:news[ ])?tip \b
    | (?:print|email|share|tweet|save|copy[ ]link) (?:[ ]this(?:[ ]\w+)?)? $ )""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class PageText:
    """The article's paragraphs, one a line. `share` is their part of the page's visible prose, None if that is too little to say."""

    text: str
    share: float | None
    notes: tuple[str, ...]


@dataclass(slots=True)
class Line:
    """A paragraph, heading or list item of the article, and how many of its characters are links."""

    kind: str
    text: str = ""
    linked: int = 0

    @property
    def only_links(self) -> bool:
        return self.linked >= 0.9 * len(self.text)


def page_text(tree: Any, titles: Sequence[str]) -> PageText:
    """`tree` comes from page_tree.parse without what is unseen. A first line that is one of the titles is left out.
    Raises Unreadable if the page has no article."""
    runs = prose(tree)
    lines = list(_article_lines(_found(tree), titles))
    notes: list[str] = []
    frame, share_of_frame = _frame(runs, lines)
    if share_of_frame < LEAST_OF_FRAME:
        lines = list(_article_lines([Line("p", run.text) for run in runs if run.frame == frame], titles))
        notes.append(f"{share_of_frame:.0%} of the article's part of the page was recognised as its text; all paragraphs there were taken")
    if not any(len(line.split()) >= LEAST_WORDS or len(line) >= LEAST_LINE for line in lines):
        raise Unreadable(
            "a web page without article text: no paragraph of prose was found; if a script loads the text, save the page from a browser"
        )
    visible, kept = sum(len(run.text) for run in runs), sum(_kept(runs, lines))
    # Text that does not stand in blocks of prose is not measured by them.
    share = kept / visible if visible >= LEAST_PROSE and 2 * kept >= sum(map(len, lines)) else None
    if share is not None:
        notes.append(f"{share:.0%} of the page's visible prose is the article's text")
        if share < LEAST_OF_PAGE:
            notes.append(f"{PARTIAL} the rest of the page holds ten times as much prose")
    return PageText("\n".join(lines), share, tuple(notes))


def _kept(runs: Sequence[Run], lines: Sequence[str]) -> list[float]:
    """How many characters of each run are in the lines: the share of its phrases that they have."""
    known = {phrase for line in lines for phrase in phrases(line)}
    kept = []
    for run in runs:
        found = [phrase in known for phrase in phrases(run.text)]
        kept.append(len(run.text) * sum(found) / max(1, len(found)))
    return kept


def _frame(runs: Sequence[Run], lines: Sequence[str]) -> tuple[tuple[str, ...], float]:
    """The frame that holds most of the lines (without lines, most prose), and the share of its prose that they are; 1 if the page is
    not laid out so that this could be said."""
    held: Counter[tuple[str, ...]] = Counter()
    found: Counter[tuple[str, ...]] = Counter()
    for run, characters in zip(runs, _kept(runs, lines), strict=True):
        held[run.frame] += len(run.text)
        found[run.frame] += round(characters)
    frame = max(held, key=lambda one: (found[one], held[one]), default=())
    if held[frame] < LEAST_PROSE or 2 * found[frame] < sum(map(len, lines)):
        return frame, 1.0
    return frame, found[frame] / held[frame]


def _found(tree: Any) -> list[Line]:
    try:
        document = trafilatura.bare_extraction(tree, include_comments=False, favor_precision=True, include_links=True)
    except (RecursionError, ValueError):  # nested too deep for it, or characters that it cannot write back; the paragraphs are taken
        return []
    body = getattr(document, "body", None)
    return [] if body is None else _lines(body)


def _lines(body: Any) -> list[Line]:
    lines, links = [Line("p")], 0

    def add(text: str | None) -> None:
        if text:
            lines[-1].text += text
            lines[-1].linked += len(text.strip()) if links else 0

    for event, element in etree.iterwalk(body, events=("start", "end")):
        tag = element.tag
        if event == "start":
            links += tag == "ref"
            if tag in LINE_BREAKING:
                lines.append(Line(lines[-1].kind if tag == "lb" else tag))
            add(element.text)
            continue
        links -= tag == "ref"
        if tag in LINE_BREAKING and tag != "lb":
            lines.append(Line("p"))
        if tag == "cell":
            add(" ")
        if element is not body:
            add(element.tail)
    for line in lines:
        line.text = " ".join(line.text.split())
    return [line for line in lines if line.text]


def _article_lines(lines: list[Line], titles: Sequence[str]) -> Iterator[str]:
    """Without the headline, which is metadata, lists of links, headings of nothing, and appeals to read on, share or subscribe."""
    known = {squeezed(title) for title in titles}
    kept = [line for line in lines if not (line.kind == "item" and line.only_links) and not is_appeal(line.text)]
    while kept and squeezed(kept[0].text) in known:
        del kept[0]
    while kept and (kept[-1].kind == "head" or kept[-1].only_links):
        del kept[-1]
    return (line.text for line in kept)


def is_appeal(text: str) -> bool:
    return len(text) <= LONGEST_APPEAL and APPEAL.match(text) is not None


__all__ = ["PageText", "is_appeal", "page_text"]
