"""Plain text: the file is the article. What its first lines say of headline, byline and date is found, not given."""

from __future__ import annotations

from collections.abc import Iterator

from vectorstore.article import Article
from vectorstore.readers import head
from vectorstore.readers.decode import LONGEST_ARTICLE, Unreadable, clean, decode
from vectorstore.readers.source import Found, Source

# A character takes at most four bytes.
LONGEST_FILE = 4 * LONGEST_ARTICLE + 4


def read(source: Source) -> Iterator[Found]:
    try:
        text, notes = whole_text(source)
    except Unreadable as error:
        yield None, error
        return
    yield None, Article(text, title=head.title(text), author=head.author(text), published=head.published(text), notes=notes)


def whole_text(source: Source) -> tuple[str, tuple[str, ...]]:
    """The text of a file that is one article, and remarks on it. Raises Unreadable."""
    data = source.file.read(LONGEST_FILE + 1)
    if len(data) > LONGEST_FILE:
        raise Unreadable(f"the file is too long; an article has at most {LONGEST_ARTICLE:,} characters: split it, one article a file")
    decoded, notes = decode(data, source.charset)
    text, more = clean(decoded)
    return text, notes + more
