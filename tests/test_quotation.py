from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.quotation import LONGEST_IN_PARAGRAPH, quotation_spans
from vectorstore.sentence import paragraph_spans


def quoted(text: str) -> list[str]:
    return [text[span.start : span.end] for span in quotation_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The harbour master said “we wait” and left.", ["“we wait”"]),
        ("‘We wait,’ she said. ‘It’s late.’", ["‘We wait,’", "‘It’s late.’"]),
        ('She said "we wait" and "we hope".', ['"we wait"', '"we hope"']),
        ("'We wait,' she said.", ["'We wait,'"]),
        ("Il a dit « attendez » puis rien.", ["« attendez »"]),
        ("Er sagte „Guten Tag“ und ging.", ["„Guten Tag“"]),
        ("Er sagte »ja« und ging.", ["»ja«"]),
        ("Hon sade ”nej” och gick.", ["”nej”"]),
        ("''It's cold,'' she said, ''and wet.''", ["''It's cold,''", "''and wet.''"]),
        ("``It is cold,'' she said.", ["``It is cold,''"]),
        ("“She told me ‘no’ twice,” he said.", ["“She told me ‘no’ twice,”"]),
        ("“She said “no” twice,” he said.", ["“She said “no” twice,”"]),
        ('He said:"Stop" and ("go").', ['"Stop"', '"go"']),
        ("He sang “one” “two”.", ["“one”", "“two”"]),
    ],
)
def test_marks_of_many_kinds(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The workers’ rights and the town’s harbour aren’t safe.",
        "The workers' rights and the town's harbour aren't safe.",
        "In the ’90s they sang rock ’n’ roll.",
        "In the '90s they sang rock 'n' roll.",
        'A 6\'2" man carried a 12" board.',
        "",
        "“",
        '"',
        "''",
        "’",
        "no marks at all",
    ],
)
def test_apostrophes_and_inches_quote_nothing(text: str) -> None:
    assert quoted(text) == []


def test_plural_possessive_does_not_close_a_quotation() -> None:
    assert quoted("‘It was the pilots’ mistake,’ she said.") == ["‘It was the pilots’ mistake,’"]


def test_a_quotation_of_several_paragraphs_is_one() -> None:
    text = "“The port is old.\n\n“It was built by hand.\n\n“It will last,” he said. “We think.”"
    assert quoted(text) == ["“The port is old.\n\n“It was built by hand.\n\n“It will last,”", "“We think.”"]


def test_a_quotation_ends_with_the_paragraph_if_the_next_does_not_open_it_again() -> None:
    text = "“The port is old.\n\nThe mayor disagrees.\n\n“It is new,” he said."
    assert quoted(text) == ["“The port is old.", "“It is new,”"]


def test_endless_reopening_is_not_one_quotation() -> None:
    paragraphs = [f"“Paragraph {number} goes on." for number in range(20)]
    assert quoted("\n\n".join(paragraphs)) == paragraphs


def test_a_missing_closing_mark_takes_one_sentence_at_most() -> None:
    text = "He called it a “disaster and left. " + "Nothing else was said that day. " * 300
    assert quoted(text) == ["“disaster and left."]


def test_a_missing_closing_mark_on_one_endless_line_does_not_swallow_it() -> None:
    text = "“It began well. " + "And then it rained again. " * 400
    assert quoted(text) == ["“It began well."]


def test_a_missing_closing_mark_leaves_the_next_quotation_whole() -> None:
    assert quoted("“We go, he said. “We stay,” she said.") == ["“We go, he said.", "“We stay,”"]
    assert quoted('"We go, he said. Then "we stay" she said.') == ['"We go, he said.', '"we stay"']


def test_a_missing_opening_mark_is_left_alone() -> None:
    assert quoted('We go," he said. "We stay," she said.') == ['"We stay,"']


@pytest.mark.parametrize("text", ["\x00“a\x00b”\x00", "🙂 “🙂” 🙂", "قال “نعم” ثم ذهب", "“a”\r\n“b”", "“\u2028”"])
def test_odd_characters(text: str) -> None:
    for span in quotation_spans(text):
        assert 0 <= span.start < span.end <= len(text)


marks = st.text(alphabet="ab c.,?\n“”‘’\"'«»„‹›`s(—", max_size=200)


@settings(max_examples=300, deadline=None)
@given(marks)
def test_spans_are_in_order_inside_the_text_and_start_with_a_mark(text: str) -> None:
    spans = quotation_spans(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(first.end <= second.start for first, second in pairwise(spans))
    assert all(text[span.start] in "“”‘‚’\"'«»„‟‹›`" for span in spans)
    assert all(not text[span.end - 1].isspace() for span in spans)


@settings(max_examples=100, deadline=None)
@given(st.lists(marks, max_size=8))
def test_no_quotation_is_longer_than_a_few_paragraphs(paragraphs: list[str]) -> None:
    text = "\n\n".join(paragraphs)
    for span in quotation_spans(text):
        touched = [one for one in paragraph_spans(text) if one.start < span.end and span.start < one.end]
        assert len(touched) <= 6
        assert span.end - span.start <= LONGEST_IN_PARAGRAPH * 6
