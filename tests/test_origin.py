from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.article import UNKNOWN, Article, Field
from vectorstore.origin import Origin, find_origins

WORDS = "the port police fire night crew ferry minister said four harbour smoke order money union court storm bridge vote law".split()


def value(text: str | None) -> Field:
    return Field(text, "given", "test") if text else UNKNOWN


def article(text: str, outlet: str | None = None, author: str | None = None, published: str | None = None) -> Article:
    return Article(
        text,
        outlet=value(outlet),
        author=value(author),
        published=value(published),
        url=value(f"https://x.example/{outlet}/{len(text)}/{hash(text)}"),
    )


def prose(seed: int, sentences: int = 12) -> list[str]:
    chance = random.Random(seed)
    return [" ".join(f"{chance.choice(WORDS)}{chance.randint(0, 99)}" for _ in range(12)).capitalize() + "." for _ in range(sentences)]


def kinds(*articles: Article) -> list[tuple[str, ...]]:
    return [tuple(link.kind for link in origin.links) for origin in find_origins(articles)]


def test_independent_reports_are_origins_of_their_own() -> None:
    assert kinds(*(article(" ".join(prose(seed)), f"O{seed}") for seed in range(5))) == [()] * 5


def test_the_same_text_is_an_exact_copy_of_the_earlier_one() -> None:
    text = " ".join(prose(1))
    first, second = article(text, "Pellwire"), article(text, "Metro")
    (origin,) = find_origins([first, second])
    assert (origin.origin_id, [(link.source, link.copy, link.kind) for link in origin.links]) == (
        first.article_id,
        [(first.article_id, second.article_id, "exact")],
    )


def test_most_of_a_text_makes_an_edited_copy_with_the_share_said() -> None:
    lines = prose(1)
    (origin,) = find_origins([article(" ".join(lines), "A"), article(" ".join([*lines[:9], *prose(2, 2)]), "B")])
    (link,) = origin.links
    assert link.kind == "edited"
    assert f"{100 * link.shared:.0f} %" in link.why


def test_part_of_a_text_counts_only_with_a_credit_that_both_name() -> None:
    lines, own = prose(1), prose(2)
    credited = article("HALD, March 14 (Pellwire) — " + " ".join(lines), "Pellwire")
    rewritten = " ".join([*lines[:3], *own[:9]])
    assert kinds(credited, article(rewritten, "Radio")) == [(), ()]
    assert kinds(credited, article(rewritten + "\n\nWith material from Pellwire.", "Radio")) == [("rewritten",)]


def test_an_outlets_own_follow_up_is_no_rewrite_of_its_first_report() -> None:
    lines, own = prose(1), prose(2)
    assert kinds(article(" ".join(lines), "Post", "Ada Holm"), article(" ".join([*lines[:3], *own[:9]]), "Post", "Ada Holm")) == [(), ()]


def test_the_credited_outlet_is_the_source_even_if_it_was_stored_with_a_later_time() -> None:
    lines = prose(1)
    copy = article("HALD (Pellwire) — " + " ".join(lines[:10]), "Metro")
    wire = article(" ".join(lines), "Pellwire")
    (origin,) = find_origins([copy, wire])
    assert origin.origin_id == wire.article_id
    assert origin.links[0].copy == copy.article_id


def test_a_chain_of_copies_is_one_origin() -> None:
    lines = prose(1)
    versions = [article(" ".join([*lines, *prose(10 + number, number)]), f"O{number}") for number in range(5)]
    (origin,) = find_origins([*versions, article(" ".join(prose(9)), "Other")])[:1]
    assert set(origin.article_ids) == {item.article_id for item in versions}


def test_a_thousand_clones_are_one_origin_and_hide_no_other() -> None:
    lines = prose(1, 30)
    clones = [article(" ".join([*lines, f"Clone{number} was here."]), f"O{number}") for number in range(1_000)]
    others = [article(" ".join(prose(50 + number)), f"P{number}") for number in range(3)]
    found = find_origins([*clones, *others])
    assert [len(origin.article_ids) for origin in found] == [1_000, 1, 1, 1]


def test_short_texts_are_not_compared_by_their_runs() -> None:
    assert kinds(article("Fire at the port tonight, police said.", "A"), article("Fire at the port tonight, police said so.", "B")) == [
        (),
        (),
    ]


def test_nothing_has_no_origins() -> None:
    assert find_origins([]) == []


def only(*articles: Article) -> Origin:
    (origin,) = find_origins(articles)
    return origin


# Who wrote it first, and how that is known.


def test_the_author_is_the_agency_credited_though_no_text_of_it_is_held() -> None:
    text = " ".join(prose(1))
    outlets = ("Post", "Metro", "Radio", "Flash", "Mirror")
    origin = only(*(article(f"HALD, March 14 (AP) — {text} Edited by {outlet}.", outlet) for outlet in outlets))
    assert len(origin.article_ids) == 5
    assert (origin.author.name, origin.author.held, origin.author.basis) == ("Associated Press", None, "credit")
    assert "credited in 5 of 5 articles" in origin.author.evidence[0]
    assert "(AP)" in origin.author.evidence[0]


def test_one_article_alone_may_have_an_agency_for_its_author() -> None:
    origin = only(article(" ".join(prose(1)) + "\n\n(Reuters)", "Post"))
    assert (origin.author.name, origin.author.held) == ("Reuters", None)


def test_two_different_texts_of_one_agency_are_two_origins() -> None:
    found = find_origins([article("(AP) — " + " ".join(prose(seed)), f"O{seed}") for seed in (1, 2)])
    assert [(origin.author.name, len(origin.article_ids)) for origin in found] == [("Associated Press", 1)] * 2


def test_the_earliest_wrote_it_where_nobody_is_credited() -> None:
    text = " ".join(prose(1))
    origin = only(
        article(text, "Post", published="2025-03-14T08:00:00+00:00"), article(text, "Metro", published="2025-03-14T09:00:00+02:00")
    )
    assert (origin.author.name, origin.author.basis, origin.links[0].order) == ("Metro", "time", "time")
    assert "2025-03-14T09:00:00+02:00" in origin.author.evidence[0]


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (None, None, "neither has a time"),
        ("2025-03-14", None, "one has no time"),
        ("2025-03-14", "2025-03-14", "both on 2025-03-14"),
        ("2025-03-14", "2025-03-14T09:00:00+00:00", "both on 2025-03-14"),
        ("2025-03-14T09:00:00+00:00", "2025-03-14T09:00:00+00:00", "both at 2025-03-14T09:00:00"),
    ],
)
def test_the_order_is_unknown_without_times_that_tell(first: str | None, second: str | None, reason: str) -> None:
    text = " ".join(prose(1))
    origin = only(article(text, "Post", published=first), article(text, "Metro", published=second))
    assert (origin.author.name, origin.author.basis, origin.links[0].order) == (None, "unknown", "unknown")
    assert reason in origin.links[0].order_why


def test_a_credit_beats_the_times() -> None:
    lines = prose(1)
    copy = article(" ".join(lines[:10]) + "\n\n(Pellwire)", "Metro", published="2025-03-13")
    wire = article(" ".join(lines), "Pellwire", published="2025-03-14")
    origin = only(copy, wire)
    assert (origin.author.name, origin.author.held, origin.links[0].order) == ("Pellwire", wire.article_id, "credit")
    assert origin.links[0].order_why == "Metro credits Pellwire"


def test_a_credit_in_one_copy_turns_the_link_of_another() -> None:
    lines = prose(1, 20)
    early = article(" ".join(lines), "Post", published="2025-03-13")
    wire = article(" ".join([*lines[:18], *prose(2, 2)]), "Pellwire", published="2025-03-14")
    credited = article(" ".join(lines[:19]) + "\n\n(Pellwire)", "Metro", published="2025-03-15")
    origin = only(early, wire, credited)
    assert (origin.author.name, origin.origin_id) == ("Pellwire", wire.article_id)
    assert wire.article_id not in {link.copy for link in origin.links}


def test_who_had_the_news_first_is_said_and_does_not_make_a_copy() -> None:
    lines, own = prose(1), prose(2)
    post = article(" ".join(lines), "Harbour Post", published="2025-03-14")
    radio = article(
        " ".join([*lines[:2], *own[:9]]) + " The letter was first reported by the Harbour Post.", "Radio", published="2025-03-15"
    )
    found = find_origins([post, radio])
    assert [len(origin.article_ids) for origin in found] == [1, 1]
    assert any("first reported by the Harbour Post" in line for line in found[1].author.evidence)


def test_every_link_names_the_credit_lines_it_rests_on() -> None:
    lines, own = prose(1), prose(2)
    wire = article("HALD, March 14 (Pellwire) — " + " ".join(lines), "Pellwire", published="2025-03-14")
    copy = article(" ".join([*lines[:3], *own[:9]]) + "\n\nWith material from Pellwire.", "Radio", published="2025-03-14")
    (link,) = only(wire, copy).links
    ((article_id, credit),) = link.credits
    assert (article_id, credit.name, credit.place) == (copy.article_id, "Pellwire", "line")
    assert credit.span is not None
    assert copy.text[credit.span.start : credit.span.end] == credit.words == "With material from Pellwire"


# What looks like a copy and is none.

SPEECH = "“" + " ".join(prose(77, 14)) + "”"


def test_a_long_speech_quoted_by_two_is_no_copy() -> None:
    assert kinds(*(article(f"{' '.join(prose(seed, 5))}\n\n{SPEECH} the minister said.", f"O{seed}") for seed in (1, 2))) == [(), ()]


def test_a_speech_and_a_credit_to_one_agency_are_no_copy_either() -> None:
    texts = [f"HALD (AP) — {' '.join(prose(seed, 5))}\n\n{SPEECH} the minister said." for seed in (1, 2)]
    assert kinds(article(texts[0], "Post"), article(texts[1], "Metro")) == [(), ()]


@pytest.mark.parametrize(
    "document",
    [
        "\n".join(f"{number}. {line}" for number, line in enumerate(prose(78, 12), 1)),
        "\n".join(f"§ {number} {line}" for number, line in enumerate(prose(78, 12), 1)),
        "\n".join(f"({letter}) {line}" for letter, line in zip("abcdefghijkl", prose(78, 12), strict=True)),
        "\n".join(f"HOLM: {line}" for line in prose(78, 12)),
        "\n".join(f"> {line}" for line in prose(78, 12)),
        "Here is the statement in full:\n\n" + " ".join(prose(78, 12)),
    ],
)
def test_a_law_a_transcript_or_a_statement_that_two_print_is_no_copy(document: str) -> None:
    assert kinds(*(article(f"{' '.join(prose(seed, 5))}\n\n{document}", f"O{seed}") for seed in (1, 2))) == [(), ()]


def test_what_stands_in_all_articles_of_an_outlet_is_no_copying() -> None:
    about = " ".join(prose(79, 8))
    articles = [article(f"{' '.join(prose(seed, 9))}\n\n{about}", "Harbour Post") for seed in range(5)]
    other = article(f"{' '.join(prose(6, 4))}\n\n{about}", "Metro")
    assert kinds(*articles) == [()] * 5
    assert kinds(*articles, other) == [()] * 6


def test_an_alert_of_one_sentence_is_no_copy_of_a_report() -> None:
    lines = prose(1, 20)
    alert = article(" ".join([lines[3][:60], *prose(5, 2)]), "Flash")
    assert kinds(article(" ".join(lines), "Post"), alert) == [(), ()]


def test_short_equal_texts_are_one_notice_only_with_a_credit() -> None:
    notice = "Please switch on scripts to read this page."
    assert kinds(article(notice, "Post"), article(notice, "Metro")) == [(), ()]
    alert = "HALD (AP) — Four hurt in port fire."
    assert kinds(article(alert, "Post"), article(alert, "Metro")) == [("exact",)]


def test_empty_texts_are_no_copies_of_each_other() -> None:
    assert kinds(article("", "Post"), article("", "Metro"), article("—", "Radio")) == [(), (), ()]


def test_a_round_up_of_two_texts_does_not_make_them_one() -> None:
    one, two = prose(1), prose(2)
    round_up = article(" ".join([*one[:9], *two[:8]]), "Digest", published="2025-03-15")
    found = find_origins(
        [article(" ".join(one), "Post", published="2025-03-14"), article(" ".join(two), "Metro", published="2025-03-14"), round_up]
    )
    assert [len(origin.article_ids) for origin in found] == [2, 1]


# Copies in other clothes.


def test_equal_words_are_an_exact_copy_whatever_the_blanks_and_marks() -> None:
    lines = prose(1)
    (link,) = only(article(" ".join(lines), "Post"), article("\n\n".join(lines).replace(".", " !"), "Metro")).links
    assert link.kind == "exact"


def test_a_new_order_of_paragraphs_hides_no_copy() -> None:
    lines = prose(1, 20)
    assert kinds(article("\n\n".join(lines), "Post"), article("\n\n".join(reversed(lines)), "Metro")) == [("edited",)]


def test_a_text_with_words_exchanged_is_a_rewritten_copy() -> None:
    chance = random.Random(5)
    words = " ".join(prose(1, 30)).split()
    spun = [f"other{chance.randint(0, 10_000)}" if place % 5 == 4 else word for place, word in enumerate(words)]
    (link,) = only(
        article(" ".join(words), "Post", published="2025-03-14"), article(" ".join(spun), "Spinner", published="2025-03-15")
    ).links
    assert link.kind == "rewritten"
    assert "in the same order" in link.why


def test_chains_lead_back_to_the_first() -> None:
    lines = prose(1, 30)
    texts = [lines, [*lines[:22], *prose(2, 8)], [*lines[:12], *prose(2, 8), *prose(3, 10)]]
    first, second, third = (
        article(" ".join(text), name, published=f"2025-03-1{day}") for day, (name, text) in enumerate(zip("ABC", texts, strict=True))
    )
    origin = only(first, second, third)
    assert {(link.source, link.copy) for link in origin.links} == {
        (first.article_id, second.article_id),
        (second.article_id, third.article_id),
    }
    assert origin.author.held == first.article_id


def test_an_outlets_new_version_under_another_address_is_one_origin() -> None:
    lines = prose(1, 20)
    assert kinds(article(" ".join(lines), "Post"), article(" ".join([*lines[:17], *prose(2, 3)]), "Post")) == [("edited",)]


def test_of_two_versions_of_one_article_the_later_one_stands() -> None:
    old, new = (Article(" ".join(prose(seed)), given_id=value("a")) for seed in (1, 2))
    origin = only(old, new)
    assert (origin.article_ids, origin.links) == ((new.article_id,), ())


def test_a_thousand_edited_clones_of_one_outlet_are_one_origin_in_little_time() -> None:
    lines = prose(1, 30)
    clones = [article(" ".join([*lines[: 20 + number % 10], f"Clone{number} was here."]), "Flood") for number in range(1_000)]
    others = [article(" ".join(prose(50 + number)), f"P{number}") for number in range(3)]
    started = time.process_time()
    found = find_origins([*clones, *others])
    assert [len(origin.article_ids) for origin in found] == [1_000, 1, 1, 1]
    assert time.process_time() - started < 10


def test_a_huge_text_and_odd_characters_are_read_in_little_time() -> None:
    odd = "\ufeff\x00 ’’’ ((((( ((AP)) — \u202e“““ " * 5_000
    huge = [
        article(text, f"O{number}") for number, text in enumerate(("A" * 300_000, "( " * 100_000, odd, "first " * 50_000, "İ. " * 50_000))
    ]
    started = time.process_time()
    assert len(find_origins(huge)) == 5
    assert time.process_time() - started < 20


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(["a b c d e.", "f g h i j.", "(Pellwire)", "\n\n", "", "k " * 30]), max_size=6),
            st.sampled_from([None, "A", "Pellwire"]),
        ),
        max_size=8,
    )
)
def test_every_article_is_in_exactly_one_origin(items: list[tuple[list[str], str | None]]) -> None:
    articles = [
        Article(" ".join(parts) or "x", outlet=value(outlet), given_id=value(str(number))) for number, (parts, outlet) in enumerate(items)
    ]
    found = find_origins(articles)
    assert sorted(article_id for origin in found for article_id in origin.article_ids) == sorted(item.article_id for item in articles)
    for origin in found:
        assert {link.copy for link in origin.links} <= set(origin.article_ids[1:])
        assert {link.source for link in origin.links} <= set(origin.article_ids)
