"""Where the front matter of a Markdown file is: all that is needed to know the kind of a file."""

from __future__ import annotations

import re

FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)


def has_front_matter(start: str) -> bool:
    """Whether a text begins with a block between lines of dashes that has a key."""
    match = FRONT_MATTER.match(start)
    return bool(match and re.search(r"^[\w-]+[ \t]*:", match["yaml"], re.MULTILINE))
