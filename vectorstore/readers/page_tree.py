"""A web page as a tree of elements, and what of its text a reader of the page sees."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree, html

from vectorstore.readers.decode import Unreadable

# trafilatura has no time limit. A saved news page has 300 to 5,000 elements; 48,000 table cells took it 7.6 s.
MOST_ELEMENTS = 30_000
# libxml2 compares each attribute of a tag with all others: 200,000 in one tag took 170 s, 100 tags of 4,900 took 11 s and 900 MB.
MOST_IN_TAG, MOST_ATTRIBUTES = 500, 200_000
# Saved pages carry their pictures in the markup. They are no text.
PICTURE = re.compile(r"data:[\w.+-]+/[\w.+-]+;base64,[A-Za-z0-9+/=%\s]{100,}?(?=[\"')>])")
TAG = re.compile(r"<(script\b|style\b|[a-z])", re.IGNORECASE)
END_OF_SCRIPT = re.compile(r"</(?:script|style)", re.IGNORECASE)
# Possessive, so that the whole page is passed once.
IN_TAG = re.compile(r"""(?:[^>"']|"[^"]*"|'[^']*')*+""")
# Elements whose text is not shown; `noscript` is where scripts are off.
UNSHOWN = frozenset("script style template noscript iframe object embed svg canvas audio video select datalist textarea".split())
ZERO = r"(?:0+(?:\.0*)?|\.0+)"
HIDING = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)"
    rf"|opacity\s*:\s*{ZERO}%?\s*(?:[;!]|$)|font-size\s*:\s*{ZERO}(?:[a-z]+|%)?\s*(?:[;!]|$)"
    r"|text-indent\s*:\s*-\d{3,}|(?:left|top)\s*:\s*-\d{4,})",
    re.IGNORECASE,
)
# What surrounds an article.
FURNITURE = frozenset("nav header footer aside form button figure menu dialog".split())
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
TEXT_BLOCKS = HEADINGS | frozenset("p li ul ol dl dd dt blockquote pre".split())
BLOCKS = TEXT_BLOCKS | frozenset("div section article main table tr td th".split())
# Shorter runs of text are labels, links and bylines.
LEAST_WORDS, PHRASE = 8, 4

# The parser lets them in and not out again.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
QUOTED = re.compile(r"""\"[^"]*"|'[^']*'""")


@dataclass(frozen=True, slots=True)
class Run:
    """A run of visible prose in one block. Blocks that are laid out alike share a frame: tag and class of it and of what it is in."""

    frame: tuple[str, ...]
    text: str


def parse(markup: str) -> Any:
    """Raises Unreadable for what has no element or too many."""
    _check_attributes(markup)
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        tree = html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise Unreadable(f"not a web page: {str(error)[:80]}") from None
    count = sum(1 for _ in tree.iter())
    if count > MOST_ELEMENTS:
        raise Unreadable(f"the page has {count:,} elements; one of at most {MOST_ELEMENTS:,} is read: save the article alone")
    return tree


def without_pictures(markup: str) -> str:
    return PICTURE.sub("data:,", markup)


def _check_attributes(markup: str) -> None:
    place = total = 0
    while tag := TAG.search(markup, place):
        body = IN_TAG.match(markup, tag.end())
        assert body
        place = body.end()
        if len(tag[1]) > 1:  # what is in a script is no tag
            end = END_OF_SCRIPT.search(markup, place)
            place = end.start() if end else len(markup)
        count = body[0].count(" ")
        if len(body[0]) > MOST_IN_TAG:
            count = len(QUOTED.sub(" ", body[0]).split())
        total += count
        if count > MOST_IN_TAG or total > MOST_ATTRIBUTES:
            raise Unreadable(
                f"the page seems to have over {MOST_IN_TAG} attributes in a tag or {MOST_ATTRIBUTES:,} in all: save the article alone"
            )


def strip_unseen(tree: Any) -> None:
    """Takes out what is not shown, and makes one blank of every run of blanks and line ends, as a browser does."""
    elements = list(tree.iter())
    # First of all: what is joined when an element goes is checked anew, and refused with such characters in it.
    for element in elements:
        if element.text:
            element.text = CONTROL.sub(" ", element.text)
        if element.tail:
            element.tail = CONTROL.sub(" ", element.tail)
    for element in elements:
        if element.tag in ("html", "body") or element.getparent() is None:
            continue
        if element.tag in UNSHOWN or "hidden" in element.attrib or HIDING.search(element.get("style", "")):
            element.drop_tree()
    preformatted = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            preformatted += element.tag == "pre"
            if element.text:
                element.text = _shown(element.text, preformatted)
        else:
            preformatted -= element.tag == "pre"
            if element.tail:
                element.tail = _shown(element.tail, preformatted)


def _shown(text: str, preformatted: int) -> str:
    return text if preformatted else re.sub(r"\s+", " ", text)


def prose(tree: Any, least_words: int = LEAST_WORDS) -> list[Run]:
    """Runs of so many words or more outside what surrounds articles, in the order of the page."""
    runs: list[Run] = []
    words: list[str] = []
    blocks: list[Any] = []
    outside = 0

    def close() -> None:
        text = " ".join("".join(words).split())
        words.clear()
        if text.count(" ") + 1 >= least_words and text and blocks:
            runs.append(Run(_frame_of(blocks), text))

    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag
        if event == "start":
            outside += tag in FURNITURE
            if tag in BLOCKS or tag == "br":
                close()
            if tag in BLOCKS:
                blocks.append(element)
            if not outside and element.text:
                words.append(element.text)
            continue
        if tag in BLOCKS:
            close()
            blocks.pop()
        outside -= tag in FURNITURE
        if not outside and element.tail:
            words.append(element.tail)
    return runs


def _frame_of(blocks: list[Any]) -> tuple[str, ...]:
    frames = [block for block in blocks if block.tag not in TEXT_BLOCKS][-3:]
    return tuple(f"{block.tag}.{block.get('class', '')}" for block in frames)


def phrases(text: str) -> list[tuple[str, ...]]:
    """All runs of four words."""
    words = re.findall(r"\w+", text.casefold())
    return list(zip(*(words[start:] for start in range(PHRASE)), strict=False))


def squeezed(text: str) -> str:
    """Letters and digits alone: whether two strings have the same words, whatever stands between them."""
    return "".join(re.findall(r"\w", text.casefold()))
