"""Whom an article credits with its text, with parts of it, or with the news, and in which words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from vectorstore.article import Article
from vectorstore.registry import shipped_wires
from vectorstore.registry_file import spelling
from vectorstore.sentence import Span, paragraph_spans

# text: it is theirs. material: parts of it are. report: they had the news first.
Role = Literal["text", "material", "report"]
Place = Literal["author", "dateline", "byline", "end", "line", "prose"]

# What an author field says that names nobody.
NOBODY = frozenset(
    "staff staffs editor editors editorial admin team desk newsroom reporter reporters correspondent correspondents contributor "
    "contributors news writer writers guest agencies agency wire wires services online web unknown anonymous".split()
)
WORD = r"[A-Z](?:[\w&’'-]|\.(?=\w)|(?<=\b[A-Z])\.){0,40}"
NAME = rf"{WORD}(?: (?:of |de |for )?{WORD}){{0,4}}"
LISTED = (
    r"(?:[Tt]he )?[A-Z](?:[\w.&’'-]|,? (?=[A-Z]|and |in |of |at |business |the |political |staff |news |sports |writer|reporter)){1,250}?"
)
BRACKETED = r"[A-Z][\w .&’'/-]{1,40}"
# The first paragraphs may repeat the headline and hold a byline; below them a name in brackets is something else.
TOP, BOTTOM = 4, 4
LONGEST_BYLINE, LONGEST_CREDIT = 140, 700
DATELINE = re.compile(
    rf"\A[^\w(]{{0,3}}(?:[A-Z0-9][^()\n]{{0,80}}?[ ,.])?"
    rf"(?:\((?P<bracketed>{BRACKETED})\)|/(?P<slashed>{BRACKETED}?)/\.?)(?=\s*[—–:-]|(?<=/\.)\s)"
    r"|\A(?P<leading>[A-Z][A-Za-z]{1,12})(?:/[A-Z][\w .]{1,30})? ?(?:--|[—–])"
)
BYLINE = re.compile(r"\A\W{0,3}(?:by|from|source:)\s+(?P<names>\S.*?)\W*\Z", re.IGNORECASE | re.DOTALL)
LINE = re.compile(
    rf"\b(?:[Ww]ith (?:additional )?(?:material|reporting|files|information|inputs?) (?:from|by)|[Mm]aterial from|[Ii]nformation from|"
    rf"[Aa]dditional reporting by) (?:the )?(?P<material>{NAME}(?:(?:,| and|/) (?:the )?{NAME})*)"
    rf"|(?:\A|(?<=[.!?”\"] )|(?<=\())(?P<contributed>{LISTED}) (?:also )?contributed "
    rf"(?:reporting|to (?:this|the) (?:report|story|article|dispatch|coverage))"
    rf"|(?:\A\W{{0,2}}With|\([Ww]ith|(?<=[.!?”\"] )With) (?P<with>agencies|wires|wire reports|{NAME}(?:(?:,| and|/) ?{NAME})*)\W*\Z"
)
REPUBLISHED = re.compile(
    rf"\b(?:(?:originally|first) (?:published|appeared|ran)|appeared first|republished|adapted|reprinted|syndicated)"
    rf" (?:\w+ ){{0,4}}?(?:on|in|by|at|from|with permission from) (?:the )?(?P<name>{NAME})"
    rf"|(?:©|[Cc]opyright|\([Cc]\))(?: \d{{4}})?,?(?: by)? (?:the |The )?(?P<owner>{NAME})"
)
# A look for plain words costs a hundredth of a pattern with names in it.
LINE_HINTS = ("with ", "material from", "information from", "additional reporting", "contributed")
REPUBLISHED_HINTS = ("©", "(c)", "copyright", "published", "appeared", " ran ", "adapted", "reprinted", "syndicated")
END = re.compile(rf"(?:\A|\s)(?:\((?P<bracketed>{BRACKETED})\)|[—–-] ?(?P<dashed>{NAME}))\W*\Z|\A\W*(?P<alone>{NAME}(?:/{NAME})*)\W*\Z")
FIRST = re.compile(
    rf"\b(?:first|initially|originally) (?:reported|revealed|disclosed|published|broken) (?:\w+ )?by (?:the )?(?P<by>{NAME})"
    rf"|\b(?P<who>{NAME}) (?:was the )?first (?:to report|reported|revealed|broke)\b"
)
FIRST_HINT = re.compile(r"\b(?:first|initially|originally)\b")
LONGEST_NAME = 120
# Who holds the right to a picture says nothing of the text.
PICTURE = re.compile(r"\b(?:photo|photograph|picture|image|video|getty|courtesy|file photo|pool|illustration|via)\b|\|", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Credit:
    """`name` is whom the words credit, an agency by its usual name. `span` is where the words stand in the text, None in the author
    field. `known` says that the name is that of an agency."""

    name: str
    role: Role
    place: Place
    words: str
    span: Span | None
    known: bool

    @property
    def key(self) -> str:
        """Equal for two credits of one source."""
        return key_of(self.name)


def key_of(name: str) -> str:
    return re.sub(r"\Athe |\.com\Z", "", name.lower()).strip()


def read_credits(article: Article, wires: Mapping[str, str] | None = None) -> tuple[Credit, ...]:
    """Every credit in the article, each name once a role. `wires` are agencies as `Registry.wires` gives them; None: those that ship."""
    wires = shipped_wires() if wires is None else wires
    found: dict[tuple[str, Role], Credit] = {}
    own = key_of(article.outlet.value or "")
    for name, role, place, words, around in _candidates(article, wires):
        known = spelling(name) in wires
        span = _tight(article.text, around) if around else None
        credit = Credit(wires.get(spelling(name), name), role, place, article.text[span.start : span.end] if span else words, span, known)
        if credit.key and credit.key != own and not NOBODY.issuperset(re.findall(r"\w+", credit.key)):
            found.setdefault((credit.key, role), credit)
    return tuple(found.values())


def _tight(text: str, span: Span) -> Span:
    """Without the blanks around it."""
    words = text[span.start : span.end]
    return Span(span.end - len(words.lstrip()), span.start + len(words.rstrip()))


# Name, role, place, the words where they are not in the text, and where they stand if they are.
_Candidate = tuple[str, Role, Place, str, Span | None]


def _candidates(article: Article, wires: Mapping[str, str]) -> Iterator[_Candidate]:
    text, author = article.text, article.author.value or ""
    for name in _names(author):
        yield name, "text", "author", author, None
    lines = paragraph_spans(text)
    under_a_byline = False
    for number, line in enumerate(lines):
        if number < TOP:
            yield from _at_the_top(text, line, wires, under_a_byline)
            under_a_byline = line.end - line.start <= LONGEST_BYLINE and BYLINE.match(text[line.start : line.end]) is not None
        if number >= len(lines) - BOTTOM:
            yield from _at_the_bottom(text, line, wires)
    for hint in FIRST_HINT.finditer(text):
        match = FIRST.search(text, max(0, hint.start() - LONGEST_NAME), hint.end() + LONGEST_NAME)
        if match:
            yield _clean(match["by"] or match["who"]), "report", "prose", "", Span(*match.span())


def _at_the_top(text: str, line: Span, wires: Mapping[str, str], under_a_byline: bool) -> Iterator[_Candidate]:
    words = text[line.start : line.end]
    dateline = DATELINE.search(words)
    if dateline:
        name = dateline[dateline.lastgroup or 0]
        span = Span(line.start, line.start + dateline.end())
        for part in _names(name):
            if dateline.lastgroup == "bracketed" or spelling(part) in wires:
                yield part, "text", "dateline", "", span
    if len(words) > LONGEST_BYLINE or PICTURE.search(words.replace(" | ", ", ")):
        return
    byline = BYLINE.match(words)
    if byline:
        for part in _names(byline["names"]):
            if spelling(part) in wires:
                yield part, "text", "byline", "", line
    elif under_a_byline and _is_wire(words, wires):  # an agency alone is as likely the owner of the picture
        yield from ((part, "text", "byline", "", line) for part in _names(words))


def _at_the_bottom(text: str, line: Span, wires: Mapping[str, str]) -> Iterator[_Candidate]:
    words = text[line.start : line.end]
    last = words[-LONGEST_CREDIT:]
    offset = line.end - len(last)
    lines = list(LINE.finditer(last)) if any(hint in last.lower() for hint in LINE_HINTS) else []
    for match in lines:
        names = match[match.lastgroup or 0]
        for part in _staff_of(names, wires) or _names(names):
            yield part, "material", "line", "", Span(offset + match.start(), offset + match.end())
    for match in REPUBLISHED.finditer(last) if any(hint in last.lower() for hint in REPUBLISHED_HINTS) else ():
        name = _clean(match["name"] or match["owner"])
        if match["name"] or spelling(name) in wires:
            yield name, "text", "line", "", Span(offset + match.start(), offset + match.end())
    end = END.search(last)
    if end and not PICTURE.search(last[-60:]):
        span = Span(offset + end.start(), line.end)
        for part in _names(end[end.lastgroup or 0]):
            # A name alone may be a person or a place, or end another credit; in brackets it is one.
            if end.lastgroup == "bracketed" or (spelling(part) in wires and not lines):
                yield part, "text", "end", "", span


def _staff_of(names: str, wires: Mapping[str, str]) -> list[str]:
    """The agency in "Associated Press writers Ada Holm and Bo Ek"."""
    bare = re.sub(r"\Athe ", "", names.lower())
    if not re.search(r"\b(?:writer|reporter|journalist|correspondent|photographer|staff)", bare):
        return []
    words = bare.split()
    return [name for size in range(1, len(words)) if spelling(name := " ".join(words[:size])) in wires][:1]


def _is_wire(words: str, wires: Mapping[str, str]) -> bool:
    parts = _names(words)
    return bool(parts) and all(spelling(part) in wires for part in parts)


def _names(names: str) -> list[str]:
    """The names in "Ada Holm and Bo Ek, The Associated Press"."""
    parts = re.split(r"[/,;|&]| and | with | for ", re.sub(r"\A\s*by ", "", names, flags=re.IGNORECASE))
    return [name for part in parts if (name := _clean(part)) and len(name) <= 60]


def _clean(name: str) -> str:
    return re.sub(r"\A(?:the|by) |['’]s\Z", "", name.strip(" .:—–-\n\t()[]_"), flags=re.IGNORECASE)
