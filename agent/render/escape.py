"""The one place where text that came from an article is made harmless for what it is printed to."""

from __future__ import annotations

import re
import unicodedata

from vectorstore.article import in_marks as _in_marks

# Characters that draw nothing although Unicode calls them letters, marks or symbols.
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
HIDDEN = frozenset(("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"))
# An address becomes a link wherever a renderer sees "://", "www." or "a@b", escaped or not; in a code span none of them does.
ADDRESS = re.compile(r"@+|(?<=[A-Za-z]):(?=//)|(?<=www)\.|(?<=WWW)\.", re.IGNORECASE)
PUNCTUATION = re.compile(r"[\\`*_\[\]{}|~$^]")
UNUSUAL = re.compile(r"[^\x20-\x7e]")
# Joiners belong to the spelling of Persian, of Indian scripts and of emoji, marks of direction to Hebrew and Arabic; elsewhere they hide.
JOINERS, MARKS = "\u200c\u200d", "\u200e\u200f\u061c"
SHAPED = re.compile(r"[\u0590-\u0dff\u1780-\u17ff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]")
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
FIRST = re.compile(r"^(?:([-+=#:!])|(\d{1,9})([.)]))")


_SINGLE = str.maketrans("«»", "‹›")


def visible(character: str) -> str:
    """The character, or a name for one that would act on the text or hide in it."""
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if character in BLANK or unicodedata.category(character) in HIDDEN:
        return "\u2421" if code == 0x7F else f"\u27e8U+{code:04X}\u27e9"
    return character


def inert_json(text: str) -> str:
    """JSON that says the same, with every character that would act on a terminal or hide there written as its code."""
    return re.sub(r"[^\n\x20-\x7e]", lambda found: _coded(found[0]), text)


def _coded(character: str) -> str:
    if unicodedata.category(character) not in HIDDEN:
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[place]:02x}{units[place + 1]:02x}" for place in range(0, len(units), 2))


def terminal(text: str) -> str:
    """Text for a terminal: line ends stay, a tab is a blank, every control, escape, bidi and zero-width character is shown by name."""
    lines = re.split(r"\r\n|\n", text.replace("\t", " "))
    return "\n".join(UNUSUAL.sub(lambda found: visible(found[0]), line) for line in lines)


def one_line(text: str) -> str:
    """As `terminal`, on one line, with single blanks."""
    return piece(text).strip()


def piece(text: str) -> str:
    """A part of one line: as `one_line`, with a blank kept at either end."""
    return terminal(" ".join(re.split(r"[ \t\r\n\f\v\u2028\u2029\u00a0]+", text)))


def inside(text: str) -> str:
    """Words that are shown between «»: marks of that kind in them would end the quotation, and what follows would pass for another's."""
    return text.translate(_SINGLE)


def headline(title: str | None) -> str:
    """In quotation marks, which no mark in it ends."""
    return _in_marks(title) if title else "no headline"


def markdown(text: str) -> str:
    """One line of Markdown that renders as the text and does nothing: no link, image, HTML, mention, table or list comes of it."""
    pieces, at = [], 0
    line = one_line(text)
    for match in ADDRESS.finditer(line):
        pieces += [_inert(line[at : match.start()]), f"`{match[0]}`"]
        at = match.end()
    escaped = "".join([*pieces, _inert(line[at:])])
    return FIRST.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", escaped)


def cell(text: str) -> str:
    """A cell of a table for spreadsheets: one line, and never a formula. A mark in front keeps it text, as OWASP advises."""
    line = one_line(text)
    return f"'{line}" if line.startswith(FORMULA) else line


def html(text: str) -> str:
    """Text for HTML, for between tags as for a quoted attribute. Blanks of every kind become one blank; what acts on the text or hides
    in it is shown by name, but for joiners and marks of direction where a script needs them."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;").replace("'", "&#39;")
    return UNUSUAL.sub(lambda found: _in_html(found, text), re.sub(r"[\s\u2028\u2029]+", " ", escaped))


def _in_html(found: re.Match[str], text: str) -> str:
    character = found[0]
    if character in JOINERS and SHAPED.search(found.string[max(0, found.start() - 1) : found.end() + 1]):
        return character
    if character in MARKS and any(unicodedata.bidirectional(one) in ("R", "AL") for one in text):
        return character
    return visible(character)


def direction(text: str) -> str | None:
    """ "rtl" where the first letter says so, None for text from left to right."""
    first = next((kind for kind in map(unicodedata.bidirectional, text) if kind in ("L", "R", "AL")), "L")
    return None if first == "L" else "rtl"


def _inert(text: str) -> str:
    # A bare & between blanks is one; it is written out only where what follows could make a character of it.
    text = re.sub(r"&(?=[#\w])", "&amp;", PUNCTUATION.sub(r"\\\g<0>", text))
    return text.replace("<", "&lt;").replace(">", "&gt;")
