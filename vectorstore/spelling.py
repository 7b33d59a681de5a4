"""The word held that comes nearest to one that no article has: a slip of the keys is the commonest reason for finding nothing."""

from __future__ import annotations

import re

from vectorstore.database import Database
from vectorstore.schema import phrase
from vectorstore.word_scores import Tokens

# Shorter words are one slip away from too many others.
SHORTEST = 5


def near_word(database: Database, word: str) -> str | None:
    """A word of the articles that is one slip away (a letter left out, put in, exchanged, or two turned round), the commonest such;
    None if there is none. The first letter must be right."""
    tokens = Tokens()
    mine = tokens.of(word)
    if len(word) < SHORTEST or len(mine) != 1:
        return None
    # Of this connection alone, and gone with it.
    database.rows("CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab (main, lexicon, row)")
    first = mine[0][0]
    held = database.rows(
        "SELECT term FROM temp.vocabulary WHERE term >= ? AND term < ? ORDER BY doc DESC, term", (first, chr(ord(first) + 1))
    )
    near = next((str(term) for (term,) in held if one_slip(mine[0], str(term))), None)
    if near is None:
        return None
    # A stem is not always its own stem: then the lexicon finds no row for it.
    rows = database.rows("SELECT title || ' ' || body FROM lexicon WHERE lexicon MATCH ? LIMIT 1", (phrase(near),))
    forms = [form for (text,) in rows for form in re.findall(r"\w+", str(text)) if tokens.of(form) == [near]]
    # A capital may be due to a headline only.
    return min(forms, key=lambda form: form[0].isupper(), default=None)


def one_slip(one: str, other: str) -> bool:
    """Whether one letter left out, put in or exchanged, or two neighbours turned round, make one word of the other."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    at = next((place for place, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    turned = short[at + 1 : at + 2] + short[at : at + 1] + short[at + 2 :]
    return short[at + 1 :] == long[at + 1 :] or turned == long[at:]
