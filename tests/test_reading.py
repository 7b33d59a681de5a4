from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.reading import Attribution, Reading, ReadSentence
from agent.reading.read import read
from agent.reading.stance import stance_towards
from vectorstore.article import Article, Field
from vectorstore.sentence import Span, sentence_spans

DAY = Field("2025-03-14", "given", "published")


def reading(text: str) -> Reading:
    return read(Article(text, published=DAY))


def only(text: str) -> ReadSentence:
    (sentence,) = reading(text).sentences
    return sentence


def parts(text: str, one: Attribution) -> tuple[str, str, tuple[str, ...]]:
    at = [text[span.start : span.end] for span in (one.source, one.cue, *one.content)]
    return at[0], at[1], tuple(at[2:])


def attributed(text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    found = dict.fromkeys(one for sentence in reading(text).sentences for one in sentence.attributions)
    return [parts(text, one) for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ines Moro said the lock was broken.", ("Ines Moro", "said", ("the lock was broken",))),
        ("Moro said on Monday that the lock was broken.", ("Moro", "said", ("that the lock was broken",))),
        ("Moro told reporters that the lock was broken.", ("Moro", "told", ("that the lock was broken",))),
        ("“The lock is broken,” Moro said.", ("Moro", "said", ("“The lock is broken,”",))),
        ("“The lock is broken,” said Moro.", ("Moro", "said", ("“The lock is broken,”",))),
        ("“Is the lock broken?” Moro asked.", ("Moro", "asked", ("“Is the lock broken?”",))),
        ("“The lock,” Moro said, “is broken.”", ("Moro", "said", ("“The lock,”", "“is broken.”"))),
        ("Moro said: “The lock is broken.”", ("Moro", "said", ("“The lock is broken.”",))),
        ("The lock was broken, Moro said.", ("Moro", "said", ("The lock was broken",))),
        ("The lock, Moro claimed, was broken by thieves.", ("Moro", "claimed", ("was broken by thieves",))),
        ("The lock was broken, according to the harbour office.", ("the harbour office", "according to", ("The lock was broken",))),
        ("According to the harbour office, the lock was broken.", ("the harbour office", "According to", ("the lock was broken",))),
        (
            "Moro, who was in Lund last week, acknowledged that the lock was old.",
            ("Moro, who was in Lund last week", "acknowledged", ("that the lock was old",)),
        ),
        ("Moro also said the lock was old.", ("Moro", "said", ("the lock was old",))),
        ("The board has said the lock was old.", ("The board", "has said", ("the lock was old",))),
        ("Moro called for a new lock.", ("Moro", "called for", ("a new lock",))),
        ("Moro promised to mend the lock.", ("Moro", "promised", ("to mend the lock",))),
    ],
)
def test_who_says_what(text: str, expected: tuple[str, str, tuple[str, ...]]) -> None:
    assert expected in attributed(text)


@pytest.mark.parametrize(
    "text",
    [
        "The claims were paid by the insurer.",
        "A reported theft closed the lock.",
        "Moro read the report.",
        "The ship is believed to be lost.",
        "The lock was closed on Monday.",
        "",
    ],
)
def test_words_of_speech_that_are_none(text: str) -> None:
    assert attributed(text) == []


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Mr. Moro on Thursday said, “The lock is old.”", "Mr. Moro"),
        ("The lock is old, the Lock Board and the Port Service said Thursday.", "the Lock Board and the Port Service"),
        ("He left the Lock Board and the Port Service said that the lock is old.", "the Port Service"),
        ("“The lock is old,” the blog post reads.", "the blog post"),
    ],
)
def test_a_source_is_found_past_a_day_and_with_the_one_it_is_joined_to(text: str, source: str) -> None:
    assert source in [one[0] for one in attributed(text)]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“The lock is old,” said Lund, Torvany, resident Ida Moll, who lives beside it.", "Ida Moll"),
        ("Sen. Ida Moll, R-Torvany, who mends locks, said that the lock is old.", "Ida Moll"),
        ("Representative Ida F. Goings of Lund said that the lock is old.", "Ida F. Goings"),
        ("Ida Moll, a former Lock Board engineer, said that the lock is old.", "Ida Moll"),
    ],
)
def test_the_speaker_is_the_person_and_not_the_place_party_or_body_beside(text: str, speaker: str) -> None:
    assert speaker in [one.speaker for sentence in reading(text).sentences for one in sentence.attributions]


def test_who_is_quoted_goes_on_and_not_the_paper_that_has_it() -> None:
    text = "“The lock is old,” said Moro in a speech, according to the Gazette. “It will break before the winter comes.”"
    last = reading(text).sentences[-1]
    assert [one.speaker for one in last.attributions] == ["Moro"]


def test_a_press_conference_is_no_pressing() -> None:
    assert "press" not in [one[1] for one in attributed("Comments from the board's later press conference warned of the old lock.")]


def test_two_speakers_of_one_sentence_keep_their_words_apart() -> None:
    text = "Moro said the lock was old, but Berg said the lock was new."
    assert attributed(text) == [("Moro", "said", ("the lock was old",)), ("Berg", "said", ("the lock was new",))]


def test_a_participle_keeps_the_subject() -> None:
    text = "Moro defended the plan, adding that the lock was old."
    assert ("Moro", "adding", ("that the lock was old",)) in attributed(text)


def test_direct_is_speech_in_quotation_marks() -> None:
    assert [one.direct for one in only("“The lock is far too old,” Moro said.").attributions] == [True]
    assert [one.direct for one in only("Moro said the lock was old.").attributions] == [False]
    assert [one.direct for one in only("Moro said the town would soon train its “volunteer” guards.").attributions] == [False]


def test_scare_quotes_are_kept_apart_from_speech() -> None:
    text = "The town hired “volunteer” guards. “They are paid like everyone else,” Moro said. Moro called it “a farce.”"
    first, second, third = reading(text).sentences
    assert [text[span.start : span.end] for span in first.scare_quotes] == ["“volunteer”"]
    assert first.quotations == ()
    assert second.scare_quotes == third.scare_quotes == ()
    assert [text[span.start : span.end] for span in second.quotations] == ["“They are paid like everyone else,”"]
    assert [text[span.start : span.end] for span in third.quotations] == ["“a farce.”"]


def test_the_title_of_a_work_is_neither_speech_nor_scare() -> None:
    sentence = only("The film “Night Ferry” opened in Lund.")
    assert sentence.quotations == sentence.scare_quotes == ()


@pytest.mark.parametrize(
    "text",
    [
        "“The lock is old,” Moro said. “It will break before the winter comes.”",
        "“The lock is old. It will break before the winter comes,” Moro said.",
        "“The lock is old,” Moro said.\n\n“It will break before the winter comes.”",
        "Moro spoke to the board and said:\n\n“It will break before the winter comes.”",
        "“The lock is old,” Moro said. “It leaks.\n\n“It will break before the winter comes.”",
    ],
)
def test_a_quotation_that_goes_on_keeps_its_speaker(text: str) -> None:
    at = text.index("It will break")
    assert any(
        text[one.source.start : one.source.end] == "Moro" and any(part.start <= at < part.end for part in one.content)
        for sentence in reading(text).sentences
        if sentence.span.start <= at < sentence.span.end
        for one in sentence.attributions
    )


def test_a_quotation_right_after_indirect_speech_has_its_speaker() -> None:
    text = "The lock was old, Moro said. “But I will not say who broke it.”\n\n“Somebody else is speaking here now.”"
    _, second, third = reading(text).sentences
    assert [text[one.source.start : one.source.end] for one in second.attributions] == ["Moro"]
    assert third.attributions == ()


def test_a_participle_after_its_noun_is_no_speech() -> None:
    assert attributed("The income stated in the form was high.") == []


def test_a_source_at_the_end_may_have_a_listener() -> None:
    assert attributed("The lock was broken, a guard told the Gazette.") == [("a guard", "told", ("The lock was broken",))]


def test_a_quotation_after_other_text_is_nobodys() -> None:
    text = "“The lock is old,” Moro said.\n\nRain fell on the town all night.\n\n“Nobody sleeps in this weather at all.”"
    assert reading(text).sentences[-1].attributions == ()


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("The lock was broken.", "asserts"),
        ("No one was hurt.", "asserts"),
        ("The lock was reportedly broken.", "hedges"),
        ("The lock may be broken.", "hedges"),
        ("Moro said the lock may be broken.", "attributes"),
        ("The lock was broken, according to Moro.", "attributes"),
        ("Moro denied that the lock was broken.", "denies"),
        ("Moro rejected the allegations of theft.", "denies"),
        ("Moro rejected the offer.", "asserts"),
        ("“The lock may have been broken for years,” Moro said.", "attributes"),
    ],
)
def test_stance(text: str, stance: str) -> None:
    assert only(text).stance == stance


def test_stance_towards_some_of_the_words() -> None:
    text = "Moro, who took office in May, said the old lock leaked badly."
    sentence = only(text)

    def towards(*words: str) -> str:
        return stance_towards(sentence, [Span(text.index(word), text.index(word) + len(word)) for word in words])

    assert towards("lock", "leaked", "badly") == "attributes"
    assert towards("took", "office") == "asserts"
    assert towards() == sentence.stance == "attributes"


@pytest.mark.parametrize(
    ("text", "words", "stance"),
    [
        # The speaker's own name and office are no part of what is said.
        ("Ida Moll, head of the lock board, said the lock leaks badly.", "Ida Moll head lock board leaks badly", "attributes"),
        ("Ida Moll shot back: “The lock leaks badly.”", "Ida Moll lock leaks badly", "attributes"),
        # What somebody does by saying it, wants, or is expected to do, the article tells itself.
        ("Ida Moll announced that she will leave the lock board.", "Moll will leave lock board", "asserts"),
        ("Ida Moll is expected to disclose the plan of the board.", "Moll disclose plan board", "asserts"),
        ("Ida Moll opposes the plan of the board.", "opposes plan board", "asserts"),
        ("Ida Moll did not respond to questions about the lock.", "questions about lock", "asserts"),
    ],
)
def test_stance_is_towards_what_is_said_and_not_towards_who_says_it(text: str, words: str, stance: str) -> None:
    spans = [Span(text.rindex(word), text.rindex(word) + len(word)) for word in words.split()]
    assert stance_towards(only(text), spans) == stance


def test_a_sentence_is_read_whole() -> None:
    text = "More than 4,000 sailors have been stationed in Lund since 2014, Ines Moro said on Wednesday."
    sentence = only(text)
    assert [(one.value, one.unit, one.modifier) for one in sentence.quantities] == [(4000, "sailor", ">")]
    assert [(time.text, time.iso) for time in sentence.times] == [("since 2014", "2014"), ("Wednesday", "2025-03-12")]
    assert [text[span.start : span.end] for span in sentence.names] == ["Lund", "Ines Moro"]


def test_paragraphs_are_counted() -> None:
    assert [sentence.paragraph for sentence in reading("One. Two.\n\nThree.\nFour.").sentences] == [0, 0, 1, 2]


def test_reading_twice_gives_the_same() -> None:
    article = Article("“The lock is old,” Moro said. He may mend it.", published=DAY)
    assert read(article) == read(Article(article.text, published=DAY))


def check(text: str) -> None:
    result = reading(text)
    assert [sentence.span for sentence in result.sentences] == list(sentence_spans(text))
    for sentence in result.sentences:
        assert text[sentence.span.start : sentence.span.end] == sentence.text
        for spans in (sentence.quotations, sentence.scare_quotes, sentence.names, sentence.hedges, sentence.negations):
            assert list(spans) == sorted(spans)
            assert all(sentence.span.start <= span.start < span.end <= sentence.span.end for span in spans)
        for quantity in sentence.quantities:
            assert text[quantity.span.start : quantity.span.end] == quantity.text
        for time in sentence.times:
            assert text[time.span.start : time.span.end] == time.text
        for one in sentence.attributions:
            assert one.content
            assert all(0 <= span.start < span.end <= len(text) for span in (one.source, one.cue, *one.content))
            assert (one.speaker is None) == (one.speaker_span is None)
            if one.speaker_span:
                assert text[one.speaker_span.start : one.speaker_span.end] == one.speaker


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n ",
        "“a” “b” “c”",
        "“”",
        "said said said said",
        "according to",
        "according to, according to.",
        "he said",
        ", said , said",
        "no punctuation at all just words that go on and on " * 60,
        "\x00Moro\x00 said \x00it\x00.",
        "🙂 Moro said 🙂 “🙂🙂🙂🙂🙂” 🙂",
        "قال الوزير “نعم سنذهب غدا إلى المدينة” ثم ذهب.",
        "a and b and c and " * 300 + "said so",
        "who " * 500 + "said",
        "“" * 500,
        "'" * 500,
        "(" * 500 + "said",
        "Moro, " * 500 + "said so.",
        "\u2028Moro said\u2029so.",
    ],
)
def test_text_that_nobody_wrote(text: str) -> None:
    check(text)


pieces = st.lists(
    st.sampled_from(
        [
            "Ines Moro", "Moro", "he", "she", "who", "the minister", "said", "told", "reporters", "that", "according", "to", "denied",
            "adding", "was", "has", "the lock", "5,000", "ships", "on Monday", "may", "not", "and", "but", "Mr.", "Berg", "saying",
            ",", ".", "“", "”", "'", '"', ":", ";", "—", "(", ")", "\n\n", "of", "in", "a", "’s", "when", "?", "claims", "wants",
        ]
    ),
    max_size=40,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(pieces.map(" ".join))
def test_offsets_hold_for_any_order_of_words(text: str) -> None:
    check(text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_offsets_hold_for_any_text(text: str) -> None:
    check(text)
