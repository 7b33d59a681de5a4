"""A passage found becomes a result of whole sentences, as long as one may be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vectorstore.widen import END, widened

TEXT = (
    "Varn terminal burns\nThe ferry burned. Mr. Orlow of the U.S. Coastguard said so. “It was at 4.30 p.m.,” he said. Nobody died."
    "\n\nThe end came late."
)


def wide(start: int, end: int, longest: int) -> str:
    (span,) = widened([("a", start, end)], {"a": TEXT}, longest)
    return TEXT[span.start : span.end]


def at(words: str) -> tuple[int, int]:
    return TEXT.index(words), TEXT.index(words) + len(words)


def test_sentences_are_taken_in_whole_after_and_before_by_turns() -> None:
    middle = at("“It was at 4.30 p.m.,” he said.")
    assert wide(*middle, 31) == "“It was at 4.30 p.m.,” he said."
    assert wide(*middle, 45) == "“It was at 4.30 p.m.,” he said. Nobody died."
    assert wide(*middle, 97) == "Mr. Orlow of the U.S. Coastguard said so. “It was at 4.30 p.m.,” he said. Nobody died."
    assert wide(*middle, 1_200) == TEXT
    assert wide(*at("Nobody died."), 33) == "Nobody died.\n\nThe end came late."


def test_results_of_one_article_share_no_more_than_the_sentences_where_they_meet() -> None:
    first, second = at("The ferry burned."), at("Nobody died.")
    spans = widened([("a", *second), ("a", *first), ("b", *first)], {"a": TEXT, "b": TEXT})
    assert spans[0].start == first[0]
    assert spans[1].end == at("Mr. Orlow of the U.S. Coastguard said so.")[1]
    assert (spans[1].start, spans[2].start, spans[2].end) == (0, 0, len(TEXT))


def test_what_is_too_long_already_stays_as_it_is() -> None:
    assert wide(*at("The ferry burned."), 5) == "The ferry burned."
    assert widened([], {}) == []


@given(st.text(alphabet="aB. \n”“Mr1", max_size=80), st.data())
def test_a_result_holds_its_passage_and_shares_little_with_others(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=4, max_size=4)))
    longest = data.draw(st.integers(1, 90))
    before = [("a", cuts[0], cuts[1]), ("a", cuts[2], cuts[3])]
    after = widened(before, {"a": text}, longest)
    for (_, start, end), span in zip(before, after, strict=True):
        assert 0 <= span.start <= start
        assert end <= span.end <= len(text)
        assert span.end - span.start <= max(longest, end - start)
    if cuts[1] < cuts[2]:
        assert len(END.findall(text, after[1].start, after[0].end)) <= 2
