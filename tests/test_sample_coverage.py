"""On the sample coverage a search finds what its questions are answered with."""

from __future__ import annotations

from pathlib import Path

from agent.planning import plan_for
from eval.articles import LabelledArticles, sample_folder
from eval.case import fold, load_suite
from vectorstore.library import Library

# Of the pieces of evidence in the cases; 58 of 59 were found when this was written.
WANTED = 0.97
SUITE = Path(__file__).parent.parent / "eval" / "data" / "sample.jsonl"


def test_nearly_every_piece_of_evidence_is_among_ten_passages(sample_library: Path) -> None:
    articles = LabelledArticles.read(sample_folder())
    missing, pieces = [], 0
    with Library.open(sample_library) as library:
        for case in load_suite(SUITE, articles).cases:
            found = library.search_plan(plan_for(case.question, library), limit=10) if case.expect.quotes else []
            shown = [(one.hit.article.text_id, fold(one.hit.text)) for one in found]
            for quote in case.expect.quotes:
                texts = {articles.by_label[label].text_id for label in quote.articles}
                pieces += 1
                if not any(text_id in texts and any(fold(words) in text for words in quote.words) for text_id, text in shown):
                    missing.append(f"{case.id}: {quote.words[0]}")
    assert pieces > 0
    assert len(missing) <= (1 - WANTED) * pieces, missing
