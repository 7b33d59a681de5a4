"""The language of a text, found by py3langid; offline, and the same for the same text. Imported only when something is stored."""

from __future__ import annotations

import io
import lzma
from array import array
from dataclasses import replace
from functools import cache

import numpy as np
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

from vectorstore.article import Article, Field

# Calibrated on the first 40 to 4,000 characters of 1,533 news articles, and on 1,440 pieces of software messages in 24 languages: from
# 120 characters on, no answer of .8 or more was wrong; at 200, 1.5 % of the articles and 3.5 % of the others stay unknown.
LEAST_CHARACTERS, LEAST_PROBABILITY = 120, 0.8
# More characters change nothing and cost time: .5 ms for 1,000.
CHARACTERS_READ = 1_000
# So sure it must be before it is held against what the source says of itself.
SURE = 0.95
# Written so much alike that one is no objection to the other.
ALIKE = (frozenset(("no", "nb", "nn", "da")), frozenset(("sr", "hr", "bs", "sh")), frozenset(("id", "ms")), frozenset(("zh", "yue", "wuu")))
NO_LANGUAGE = "zxx"


@cache
def _identifier() -> LanguageIdentifier:
    """The model that the package carries, read in memory: the package's own way writes 68 MB to the temporary folder each time."""
    with np.load(io.BytesIO(lzma.decompress((MODEL_DIR / MODEL_FILE).read_bytes())), allow_pickle=False) as data:
        return LanguageIdentifier(
            data["ptc"],
            data["pc"],
            data["classes"].tolist(),
            array("I", data["nextmove"].astype(np.uint32).tobytes()),
            data["out_feat"].tolist(),
            norm_probs=True,
            tk_row=array("I", data["nextmove_row"].astype(np.uint32).tobytes()),
        )


def language_of(text: str) -> tuple[str, float] | None:
    """Its ISO 639 code and how probable it is; None for a text that is too short, mixed or odd to say."""
    start = " ".join(text[: 4 * CHARACTERS_READ].split())[:CHARACTERS_READ]
    if len(start) < LEAST_CHARACTERS:
        return None
    code, probability = _identifier().classify(start)
    return (str(code), float(probability)) if probability >= LEAST_PROBABILITY and code != NO_LANGUAGE else None


def with_language(article: Article) -> Article:
    """The article with the language its text is in. A language that was given is kept; a note says so if the text is surely in another."""
    found = language_of(article.text)
    if found is None:
        return article
    code, probability = found
    given = article.language.value
    if given is None:
        return replace(article, language=Field(code, "found", f"py3langid, probability {probability:.2f}"))
    if given == code or probability < SURE or any(given in group and code in group for group in ALIKE):
        return article
    note = f'language given as "{given}", but the text reads as "{code}" (probability {probability:.2f})'
    return article if note in article.notes else replace(article, notes=(*article.notes, note))
