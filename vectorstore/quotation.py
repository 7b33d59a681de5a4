"""Offsets of what stands in quotation marks. Who says it, and whether it is speech at all, is not decided here."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vectorstore.sentence import Span, paragraph_spans

# A quotation may go on through this many paragraphs, and through this many characters of one.
MOST_PARAGRAPHS = 6
LONGEST_IN_PARAGRAPH = 4_000
# A mark at the start of a paragraph that nothing closes takes the paragraph, unless that is longer than paragraphs are.
LONGEST_UNCLOSED = 1_200

# Two apostrophes are how some wires write a double mark.
OPENERS = re.compile(r"``|''|‘‘|[“”„‟«»‹›‘‚\"']")
SINGLE = frozenset("‘‚'‹›")
# Which marks may close a quotation that a mark has opened; typists mix curly and straight ones.
CLOSERS = {
    "“": "”\"", "”": "”", "„": "“”\"", "‟": "”\"", "«": "»", "»": "«", "‹": "›", "›": "‹", "‘": "’'", "‚": "‘’", '"': '"”',
    "'": "'’",
}  # fmt: skip
ALWAYS_OPENING = frozenset({"“", "„", "‟", "«", "‹", "``"})
DOUBLED = {"``": "''", "''": "''", "‘‘": "’’"}
BEFORE_OPENING = frozenset("([{<—–-/:;,…“„«‘‹\"'*>|")
ELISIONS = re.compile(r"['’‘](?:\d0s|\d\d\b|em\b|til\b|cause\b|tis\b|twas\b|round\b|bout\b|n['’]|cos\b|nuff\b)", re.IGNORECASE)
SENTENCE_END = re.compile(r"[.!?…](?=\s)")


def quotation_spans(text: str) -> list[Span]:
    """Quotations in order, their marks included; of nested ones the outer.

    A quotation whose mark is opened again on each following paragraph and closed on the last is one span. Where the closing
    mark is missing, a quotation ends with its paragraph if it began it, else with its sentence.
    """
    paragraphs = paragraph_spans(text)
    found: list[Span] = []
    at = 0
    while at < len(paragraphs):
        at = _read_paragraph(text, paragraphs, at, found)
    return found


def _read_paragraph(text: str, paragraphs: Sequence[Span], index: int, found: list[Span]) -> int:
    """Adds the quotations that start in a paragraph; returns the index of the first paragraph not read."""
    paragraph = paragraphs[index]
    position = max(paragraph.start, found[-1].end if found else 0)
    while opening := OPENERS.search(text, position, paragraph.end):
        mark = opening.group()
        position = opening.end()
        if not _opens(text, opening.start(), mark, paragraph):
            continue
        end = _closing(text, opening.start(), mark, paragraph.end)
        if end is None:
            last = _continued(text, paragraphs, index, mark) if _leads(text, opening.start(), paragraph) or mark not in SINGLE else None
            if last:
                found.append(Span(opening.start(), last[1]))
                return last[0] if last[1] < paragraphs[last[0]].end else last[0] + 1
            end = _unclosed_end(text, opening.start(), mark, paragraph)
        if end is not None:
            found.append(Span(opening.start(), end))
            position = end
    return index + 1


def _opens(text: str, at: int, mark: str, paragraph: Span) -> bool:
    after = at + len(mark)
    before_fits = at == paragraph.start or text[at - 1].isspace() or text[at - 1] in BEFORE_OPENING
    if after >= paragraph.end:
        return False
    if mark in ALWAYS_OPENING:
        return True
    if not before_fits or text[after].isspace():
        return False
    if mark in "'‘" and ELISIONS.match(text, at):
        return False
    # A closing curly mark may open only where a word follows: ”as in Swedish”.
    return text[after].isalnum() if mark in "”»›" else text[after] not in ",.;:!?)]}"


def _closing(text: str, at: int, mark: str, end: int) -> int | None:
    """The end of the quotation opened at `at` within the paragraph, or None."""
    end = min(end, at + LONGEST_IN_PARAGRAPH)
    if mark in DOUBLED:
        return _doubled_closing(text, at, mark, end)
    return _single_closing(text, at, mark, end) if mark in "‘‚'" else _double_closing(text, at, mark, end)


def _doubled_closing(text: str, at: int, mark: str, end: int) -> int | None:
    here = text.find(DOUBLED[mark], at + 2, end)
    while here >= 0:
        opens = text[here - 1].isspace() and here + 2 < end and text[here + 2].isalnum()
        if mark == "''" and opens:
            return None
        if not opens:
            # Of three apostrophes the first closes an inner quotation.
            return here + 3 if text.startswith("'", here + 2) and here + 3 <= end else here + 2
        here = text.find(DOUBLED[mark], here + 2, end)
    return None


def _double_closing(text: str, at: int, mark: str, end: int) -> int | None:
    closers, inner = CLOSERS[mark], "" if mark == "„" else "“"
    nested = 0
    for match in re.finditer(f"[{re.escape(closers + inner + mark[0])}]", text[at + len(mark) : end]):
        here, found = at + len(mark) + match.start(), match.group()
        if found == inner:
            nested += 1
            if nested > 1:
                return None
        elif found == "”" and nested:
            nested -= 1
        elif found == mark[0] and _reopens(text, here, mark, end):
            return None
        elif found in closers and not (nested and mark == "“"):
            return here + 1
    return None


def _single_closing(text: str, at: int, mark: str, end: int) -> int | None:
    possessive: int | None = None
    for match in re.finditer(f"[{CLOSERS[mark]}{mark}]", text[at + 1 : end]):
        here = at + 1 + match.start()
        if match.group() == mark and _reopens(text, here, mark, end):
            break
        if match.group() not in CLOSERS[mark] or here == at + 1 or not _may_close_single(text, here, end):
            continue
        if text[here - 1] not in "sSxXzZ" or not re.match(r".\s[a-z0-9]", text[here : here + 3]):
            return here + 1
        possessive = possessive or here + 1
    return possessive


def _reopens(text: str, at: int, mark: str, end: int) -> bool:
    """Whether the opening mark comes again before a closing one, so that the closing one is missing."""
    if mark in "“„‟«‹‘‚":
        return True
    follows = at + 1 < end and text[at + 1].isalnum()
    return follows and (text[at - 1].isspace() or text[at - 1] in "([—–")


def _may_close_single(text: str, at: int, end: int) -> bool:
    after = text[at + 1] if at + 1 < end else " "
    return not text[at - 1].isspace() and not after.isalnum()


def _leads(text: str, at: int, paragraph: Span) -> bool:
    return not text[paragraph.start : at].strip("([—–-*• ")


def _continued(text: str, paragraphs: Sequence[Span], index: int, mark: str) -> tuple[int, int] | None:
    """Index of the last paragraph and end of a quotation that goes on, its mark opened again on each paragraph."""
    for at in range(index + 1, min(index + MOST_PARAGRAPHS, len(paragraphs))):
        start, end = paragraphs[at]
        if not text.startswith(mark, start):
            return None
        close = _closing(text, start, mark, end)
        if close is not None:
            return at, close
    return None


def _unclosed_end(text: str, at: int, mark: str, paragraph: Span) -> int | None:
    if mark in SINGLE:
        return None  # as likely an apostrophe
    following = next((m.start() for m in OPENERS.finditer(text, at + len(mark), paragraph.end) if m.group() == mark), paragraph.end)
    if following == paragraph.end and _leads(text, at, paragraph) and paragraph.end - at <= LONGEST_UNCLOSED:
        return paragraph.end
    sentence = SENTENCE_END.search(text, at, following)
    end = sentence.end() if sentence else following
    return at + len(text[at:end].rstrip())
