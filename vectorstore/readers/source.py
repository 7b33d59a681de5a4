"""What a reader gets and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from vectorstore.article import Article
from vectorstore.readers.decode import Unreadable


@dataclass(frozen=True, slots=True)
class Source:
    """One input: bytes that can be read again from the start, and the name they go by.

    `columns` says under which key of a record a field stands, for records that name it in a way of their own. `charset` is the
    encoding that a web server stated; what the bytes themselves say counts more.
    """

    file: BinaryIO
    name: str
    columns: Mapping[str, str] = field(default_factory=dict)
    charset: str | None = None


# Line or record number (None: the input is one article), and an article or the reason why there is none.
Found = tuple[int | None, Article | Unreadable]
Reader = Callable[[Source], Iterator[Found]]
