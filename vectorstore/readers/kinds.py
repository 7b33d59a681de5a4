"""What kind of input this is: by what its bytes begin with, and by its name only where that leaves it open."""

from __future__ import annotations

import json
import re
from pathlib import PurePath
from typing import BinaryIO, Literal

from vectorstore.readers.decode import MARKS, Unreadable
from vectorstore.readers.front_matter import has_front_matter
from vectorstore.readers.jsonl import LONGEST_LINE
from vectorstore.readers.record import has_text
from vectorstore.readers.table import looks_like_table

Kind = Literal["text", "markdown", "html", "jsonl", "json_document", "table", "feed", "archive"]
# The endings that are read in folders.
ENDINGS: dict[str, Kind] = {
    ".txt": "text",
    **dict.fromkeys((".md", ".markdown"), "markdown"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
    **dict.fromkeys((".jsonl", ".ndjson"), "jsonl"),
    ".json": "json_document",
    **dict.fromkeys((".csv", ".tsv"), "table"),
    **dict.fromkeys((".rss", ".atom"), "feed"),
    ".zip": "archive",
}
# How files begin that hold no text that we read, and what to do with them.
SIGNATURES = (
    (b"%PDF-", "a PDF: save its text as .txt, or the article's page as HTML"),
    (b"PK\x03\x04", "a document made of a ZIP archive (.docx, .epub, .xlsx): save its text as .txt"),
    (b"\x1f\x8b", "compressed with gzip: unpack it first"),
    (b"BZh", "compressed with bzip2: unpack it first"),
    (b"\xfd7zXZ", "compressed with xz: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd: unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive: unpack it first"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"RIFF", "a picture, sound or film (RIFF)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"ID3", "a sound file (MP3)"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3\x00", "an SQLite database: export its articles as CSV or JSON lines"),
    (b"\xd0\xcf\x11\xe0", "an old Office document: save its text as .txt"),
    (b"{\\rtf", "a document in RTF: save its text as .txt"),
    (b"bplist00", "a web archive of Safari: save the page as HTML source"),
    (b"WARC/", "a web archive (WARC), which is not read yet"),
)
# Their first member says so, by its name or type.
DOCUMENT = re.compile(rb"PK\x03\x04.{26}(?:\[Content_Types\]\.xml|mimetype|_rels/|META-INF/)", re.DOTALL)
BEFORE = r"(?:<\?xml[^>]*>\s*)?(?:(?:<!--(?:(?!-->).)*+-->|<\?(?:(?!\?>).)*+\?>|<!DOCTYPE\s(?!html)[^>\[]*+(?:\[[^\]]*+\]\s*+)?>)\s*+)*+"
FEED = re.compile(rf"{BEFORE}<(?:rss|feed|rdf:RDF)\b", re.DOTALL)
LIST = re.compile(rf"{BEFORE}<(?:urlset|sitemapindex|opml)\b", re.DOTALL)
XML = re.compile(r"\s*<(?:\?xml\s|!DOCTYPE\s(?!html))", re.IGNORECASE)
MAIL = re.compile(r"(?:(?:From|MIME-Version|Received|Return-Path|Message-ID|Subject|Date|Snapshot-Content-Location): [^\n]*\r?\n){3}")
PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
ELEMENT = re.compile(r"\s*<(?:article|main|div|section|p|meta|title|h1|table|span|header|script|link|style)\b", re.IGNORECASE)
HEAD = 65_536


def kind_of(file: BinaryIO, name: str) -> Kind:
    """Leaves the file at its start. Raises Unreadable for what is empty or none of the kinds that are read."""
    file.seek(0)
    data = file.read(HEAD)
    file.seek(0)
    if not data.strip(b" \t\r\n\x0b\x0c\xef\xbb\xbf"):
        raise Unreadable("no text: the file is empty") if len(data) < HEAD else Unreadable("no text: the file begins with 65,536 blanks")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")) and not DOCUMENT.match(data):
        return "archive"
    for signature, what in SIGNATURES:
        if data.startswith(signature):
            raise Unreadable(f"not an article but {what}")
    if data.count(0) > len(data) // 4 and not any(data.startswith(mark) for mark, _ in MARKS):
        raise Unreadable("not text: a quarter of its bytes are zero; save it as UTF-8")
    start = _text(data)
    if FEED.match(start.lstrip()):
        return "feed"
    if LIST.match(start.lstrip()):
        raise Unreadable("a list of addresses, not of articles; this reads what stands there: rashomon watch FILE or URL")
    named = ENDINGS.get(PurePath(name).suffix.lower())
    if MAIL.match(start) and named in (None, "html"):
        raise Unreadable("an e-mail or a page saved as one file of several parts (.mhtml), which is not read yet: save the page as HTML")
    if PAGE.match(start) or (ELEMENT.match(start) and named != "markdown"):
        return "html"
    if XML.match(start):
        raise Unreadable("XML that is neither a page nor a feed: save its text as .txt, or the article's page as HTML")
    stripped = start.lstrip()
    if stripped[:1] in ("{", "["):
        found = _json_kind(file, stripped, named)
        if found:
            return found
    if has_front_matter(start):
        return "markdown"
    if named == "table" or looks_like_table(stripped.partition("\n")[0]):
        return "table"
    # A page without one element of a page is text; so is what is called JSON and does not begin like it, with a reason from its reader.
    return named if named in ("markdown", "jsonl", "json_document") else "text"


def _text(data: bytes) -> str:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    return data.decode("utf-8", "replace")


def _json_kind(file: BinaryIO, start: str, named: Kind | None) -> Kind | None:
    """Lines or one piece; None for a text that only begins with a bracket."""
    lines = [line for line in start.splitlines() if line.strip()]
    first, more = lines[0].strip(), len(lines) > 1
    if not more and len(start) >= HEAD // 4:  # a first line longer than what was read
        line = file.readline(LONGEST_LINE + 1)
        more = bool(file.read(1))
        file.seek(0)
        first = _text(line).strip()
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, (dict, list)):
        return "jsonl" if more or (named == "jsonl" and isinstance(value, dict) and has_text(list(value), {})) else "json_document"
    if named == "jsonl":
        return "json_document" if more and re.fullmatch(r"[\[{]+", first) else "jsonl"
    if named == "json_document" or re.match(r'(?:\[\s*)*\{\s*"', start):
        return "json_document"
    return None
