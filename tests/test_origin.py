from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.article import UNKNOWN, Article, Field
from vectorstore.origin import find_origins

WORDS = "the port police fire night crew ferry minister said four harbour smoke order money union court storm bridge vote law".split()


def value(text: str | None) -> Field:
    return Field(text, "given", "test") if text else UNKNOWN


def article(text: str, outlet: str | None = None, author: str | None = None) -> Article:
    return Article(text, outlet=value(outlet), author=value(author), url=value(f"https://x.example/{outlet}/{len(text)}/{hash(text)}"))


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


def test_credits_stand_at_the_top_or_the_bottom() -> None:
    middle = "First line here.\n\nSecond line.\n\nThe unit (Pellwire) — an agency.\n\nMore text.\n\nLast line."
    assert credited_names(article(middle)) == set()
    assert credited_names(article("HALD, March 14 (Pellwire) — Fire broke out.")) == {"pellwire"}
    assert credited_names(article("Text.\n\nMore.\n\n(Pellwire/Nordwire)")) == {"pellwire", "nordwire"}
    assert credited_names(article("Text.\n\nAda Holm contributed to this report.", author="Bo Ek and Cy Dahl")) == {
        "ada holm",
        "bo ek",
        "cy dahl",
    }


def test_nothing_has_no_origins() -> None:
    assert find_origins([]) == []


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
