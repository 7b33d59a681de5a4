"""Bytes to text, once, at the door. The text keeps its length from here on, so that offsets hold."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

# An article is a page of news. A million characters is ten times the longest one seen; more is a dump or an attack.
LONGEST_ARTICLE = 1_000_000
# Above this share of unreadable characters a text is not prose in any encoding we know.
MOST_GARBAGE = 0.1

MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
UNREADABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffd\ud800-\udfff]")

# Those that browsers know; Python knows others that decode to something else than text.
ENCODINGS = re.compile(r"cp125\d|cp866|cp874|iso8859-\d+|koi8-[ru]|gb\w+|big5\w*|euc_\w+|shift_jis\w*|iso2022_jp|mac-roman")

# They change what is seen and not what is read; the joiners of emoji and of Persian are not among them.
UNSEEN = re.compile("[\u200b\u202a-\u202e\u2060-\u2064\u2066-\u2069\U000e0000-\U000e007f]")


class Unreadable(ValueError):
    """Input that is not an article. The message says what is wrong and what to do."""


def decode(data: bytes, served: str | None = None, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The text and remarks on how it was decoded. `served` and `declared` are the encodings that a server and a page state; what is
    valid UTF-8 is UTF-8 all the same. Raises Unreadable for what is not text."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        place = error.start
    for name, who in ((served, "server"), (declared, "page")):
        known = _encoding(name) if name else None
        if known:
            return data.decode(known, errors="replace"), (f"decoded as {known}, as the {who} says",)
    if data.count(0) > len(data) // 4:
        raise Unreadable("not text: a quarter of its bytes are zero; save it as UTF-8")
    damaged = data.decode("utf-8", errors="replace")
    good = sum(1 for character in damaged if character > "\x7f" and character != "\ufffd")
    if good > damaged.count("\ufffd"):
        return damaged, (f"damaged UTF-8 at byte {place}{_lost(damaged)}",)
    # Bytes of Windows-1252 punctuation between plain letters are by far the commonest other encoding of saved news pages.
    high = len(data) - len(data.translate(None, delete=bytes(range(0x80, 0x100))))
    if high * 20 <= len(data):
        text = data.decode("cp1252", errors="replace")
        return text, (f"not UTF-8 at byte {place}: decoded as Windows-1252{_lost(text)}",)
    best = from_bytes(data[:200_000]).best()
    if best is None:
        raise Unreadable(f"not text in a known encoding (byte {place} is not UTF-8); save it as UTF-8")
    text = data.decode(best.encoding, errors="replace")
    return text, (f"not UTF-8 at byte {place}: decoded as {best.encoding}, a guess{_lost(text)}",)


def _encoding(name: str) -> str | None:
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    # Browsers read Latin-1 and ASCII as Windows-1252.
    known = "cp1252" if known in ("iso8859-1", "ascii") else known
    return known if ENCODINGS.fullmatch(known) else None


def _decoded(data: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    text = data.decode(encoding, errors="replace")
    return text, ((f"damaged {encoding}{_lost(text)}",) if "\ufffd" in text else ())


def _lost(text: str) -> str:
    count = text.count("\ufffd")
    return f", {count} characters lost" if count else ""


def clean(text: str) -> tuple[str, tuple[str, ...]]:
    """The same text at the same length without what cannot be stored or shown: NUL becomes a blank, a lone surrogate U+FFFD.

    Raises Unreadable for what is not prose.
    """
    if not text.strip():
        raise Unreadable("no text: the article is empty")
    if len(text) > LONGEST_ARTICLE:
        raise Unreadable(f"{len(text):,} characters; an article of at most {LONGEST_ARTICLE:,} is read: split the file")
    garbage = len(UNREADABLE.findall(text))
    if garbage > MOST_GARBAGE * len(text):
        raise Unreadable(f"not prose: {garbage} of {len(text)} characters are unreadable")
    notes = []
    if "\x00" in text:
        notes.append(f"{text.count(chr(0))} NUL characters replaced by blanks")
        text = text.replace("\x00", " ")
    surrogates = re.findall("[\ud800-\udfff]", text)
    if surrogates:
        notes.append(f"{len(surrogates)} lone surrogates replaced")
        text = re.sub("[\ud800-\udfff]", "\ufffd", text)
    unseen = len(UNSEEN.findall(text))
    if unseen:
        notes.append(f"{unseen} characters that turn the direction of writing or are not seen; kept")
    return text, tuple(notes)
