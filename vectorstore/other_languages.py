"""What articles that are not in English mean for search, said to the user."""

from __future__ import annotations

from collections.abc import Mapping

from vectorstore.embed import EmbedderIdentity

ENGLISH = "en"
MOST_LISTED = 6


def other_languages(languages: Mapping[str | None, int]) -> dict[str, int]:
    """Those that are known and not English, the commonest first."""
    return {code: number for code, number in languages.items() if code not in (None, ENGLISH) and code}


def language_notice(languages: Mapping[str | None, int], embedder: EmbedderIdentity | None) -> str | None:
    """A sentence for a library that holds other languages than its embedder knows; None for any other."""
    others = other_languages(languages)
    if embedder is None or not embedder.english_only or not others:
        return None
    number, total = sum(others.values()), sum(languages.values())
    listed = ", ".join(f"{count} {code}" for code, count in list(others.items())[:MOST_LISTED])
    more = f", {len(others) - MOST_LISTED} languages more" if len(others) > MOST_LISTED else ""
    return (
        f"{number} of {total} articles {'is' if number == 1 else 'are'} not in English ({listed}{more}), and the embedder {embedder.name} "
        "knows English only: a search in another language finds them by equal words at best, they are not reliably put into one event with "
        "English articles, and they are hardly compared. A multilingual embedder helps search and events: rashomon reindex --embedder "
        "openai:MODEL; what articles say is read by rules for English"
    )
