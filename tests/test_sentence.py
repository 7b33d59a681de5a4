from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.sentence import LONGEST_PARAGRAPH, paragraph_spans, sentence_spans


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentence_spans(text)]


def test_sentences_of_a_news_paragraph() -> None:
    text = 'The U.S. envoy left at 4.30 p.m. on Friday. "We are done," Mr. Hale said. “Not yet.” No one replied.'
    assert sentences(text) == [
        "The U.S. envoy left at 4.30 p.m. on Friday.",
        '"We are done," Mr. Hale said.',
        "“Not yet.”",
        "No one replied.",
    ]


def test_a_shortened_title_month_or_number_ends_no_sentence() -> None:
    for one in (
        "They urged Ariz. Gov. Jana Brill to sign it.",
        "It was Rep. Odd Venn and Lt. Col. Una Rast who left.",
        "The hearing is on Feb. 24 in room No. 7 of the town hall.",
        "Former Ill. Attorney General Mark Hale and Msgr. Tor Lund spoke.",
    ):
        assert sentences(f"{one} Nobody came.") == [one, "Nobody came."]
    assert sentences("He lives in Tempe, Ariz. The council met.") == ["He lives in Tempe, Ariz.", "The council met."]
    assert sentences("Was it No? No. 12 people came in the end.")[:2] == ["Was it No?", "No. 12 people came in the end."]


def test_no_sentence_crosses_a_line_end() -> None:
    assert sentences("A headline without a stop\nThe text begins\r\n\r\nand goes on.") == [
        "A headline without a stop",
        "The text begins",
        "and goes on.",
    ]


def test_a_text_without_words_has_no_sentences() -> None:
    assert sentence_spans("") == sentence_spans(" \n\t\r\n ") == ()


def test_a_paragraph_of_any_length_is_split() -> None:
    text = "word " * LONGEST_PARAGRAPH
    spans = sentence_spans(text)
    assert len(spans) > 1
    assert "".join(text[span.start : span.end] for span in spans).replace(" ", "") == text.replace(" ", "")


def test_paragraphs_have_no_blanks_around_them() -> None:
    text = "  one \n\n\ttwo\u2028three  "
    assert [text[span.start : span.end] for span in paragraph_spans(text)] == ["one", "two", "three"]


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("aB1 .!?”\"'’()[]\n\r\t\u2028\u00a0é…—\u200b\ufffd中😀")), max_size=200))
def test_sentences_are_in_order_apart_and_hold_all_that_is_not_blank(text: str) -> None:
    end = 0
    for span in sentence_spans(text):
        assert end <= span.start < span.end <= len(text)
        assert not text[end : span.start].strip()
        assert text[span.start : span.end].strip() == text[span.start : span.end]
        end = span.end
    assert not text[end:].strip()
