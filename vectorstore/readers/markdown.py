"""Markdown with or without front matter: the front matter is a record, the body's words are the text, its marks are not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from vectorstore.article import Article, Field
from vectorstore.readers import head, metadata
from vectorstore.readers.decode import Unreadable, clean
from vectorstore.readers.front_matter import FRONT_MATTER
from vectorstore.readers.record import article_of
from vectorstore.readers.source import Found, Source
from vectorstore.readers.text import whole_text

# More is not front matter, and YAML takes long over it.
LONGEST_FRONT_MATTER = 64_000
# Half a million opening brackets take 7 s, and twice as many four times as long.
LONGEST_BODY = 300_000
BLOCKS = ("paragraph_open", "heading_open", "list_item_open", "blockquote_open", "tr_open", "fence", "code_block", "html_block")
TAG = re.compile(r"<[^<>]*>")


def read(source: Source) -> Iterator[Found]:
    try:
        written, notes = whole_text(source)
        record, body = _front_matter(written)
        if len(body) > LONGEST_BODY:
            raise Unreadable(f"{len(body):,} characters of Markdown; at most {LONGEST_BODY:,} are read: split the file, or save it as .txt")
        plain, heading = _plain(body)
        text, more = clean(plain)
        article = article_of(record, source.columns, (*notes, *more), text)
    except Unreadable as error:
        yield None, error
        return
    yield None, _completed(article, heading)


def _completed(article: Article, heading: str | None) -> Article:
    """With what the text itself says where the front matter is silent, or says otherwise."""
    first = Field(metadata.plain(heading), "found", "first heading") if heading else head.title(article.text)
    return replace(
        article,
        title=Field.of((article.title, *article.title.others, first)),
        author=article.author if article.author.value else head.author(article.text),
        published=Field.of((article.published, *article.published.others, head.published(article.text)), metadata.same_time),
    )


def _front_matter(written: str) -> tuple[dict[str, Any], str]:
    match = FRONT_MATTER.match(written)
    if match is None:
        return {}, written
    if len(match["yaml"]) > LONGEST_FRONT_MATTER:
        raise Unreadable(f"front matter of over {LONGEST_FRONT_MATTER:,} characters")
    try:
        # Every value stays the text that was written: no dates, no numbers, and Norway's "no" is no falsehood.
        record = yaml.load(match["yaml"], Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 2}" if mark else ""
        deep = isinstance(error, RecursionError)
        problem = getattr(error, "problem", None) or (
            "lists within each other, too deep to be read" if deep else "a value that cannot be read"
        )
        raise Unreadable(f"the front matter is no YAML{where}: {problem}; put values with a colon in quotation marks") from None
    if record in (None, ""):
        return {}, written[match.end() :]
    if not isinstance(record, dict):
        raise Unreadable("the front matter is no list of keys and values (title: ..., date: ...)")
    return record, written[match.end() :]


def _plain(body: str) -> tuple[str, str | None]:
    """One block a line, and the heading at the top, which is left out of the text."""
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    lines: list[str] = [""]
    heading = None
    for number, token in enumerate(tokens):
        if token.type in BLOCKS and lines[-1]:
            lines.append("")
        if token.type == "inline":
            words = " ".join(_words(token.children or ()).split(" ")).strip()
            if number and tokens[number - 1].type == "heading_open" and heading is None and not any(lines):
                heading = words
                continue
            lines[-1] += (" " if lines[-1] else "") + words
        elif token.type in ("fence", "code_block"):
            lines.append(token.content)
        elif token.type == "html_block":
            lines.append(TAG.sub(" ", token.content))
    parts = (part.strip() for line in lines for part in line.splitlines())
    return "\n".join(part for part in parts if part), heading


def _words(tokens: Sequence[Token]) -> str:
    """Without marks, addresses and pictures."""
    words = []
    for token in tokens:
        if token.type in ("text", "code_inline", "text_special"):
            words.append(token.content)
        elif token.type == "softbreak":
            words.append(" ")
        elif token.type == "hardbreak":
            words.append("\n")
    return "".join(words)
