"""What changed between two versions, sentence by sentence."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.article import Article, Field
from vectorstore.revision import Edit, Revision, revision
from vectorstore.sentence import sentence_spans

OPENING = "A fire shut the ferry terminal on Friday night."
HURT = "At least 4 people were taken to hospital, the coastguard said."
CAUSE = "The fire service suspects an electrical fault."
REFORM = "The harbour reform had been opposed for months."


def between(old: str, new: str) -> Revision:
    return revision(Article(old), Article(new))


def words(change: Revision, edit: Edit) -> tuple[list[str], list[str]]:
    return [change.old.text[s:e] for s, e in edit.old_words], [change.new.text[s:e] for s, e in edit.new_words]


def kinds(change: Revision) -> list[str]:
    return [edit.kind for edit in change.edits]


def quote(text: str, edit: Edit, side: str) -> str:
    span = getattr(edit, side)
    return text[span.start : span.end]


def test_a_change_of_figures_alone_shows_the_figures() -> None:
    change = between(f"{OPENING} {HURT} {CAUSE}", f"{OPENING} {HURT.replace('4', '11')} {CAUSE}")
    (edit,) = change.edits
    assert (edit.kind, change.unchanged, words(change, edit)) == ("changed", 2, (["4"], ["11"]))


def test_short_sentences_with_other_figures_are_changed_not_removed_and_added() -> None:
    change = between("4 hurt.", "11,500.5 hurt.")
    assert kinds(change) == ["changed"]
    assert words(change, change.edits[0]) == (["4"], ["11,500.5"])


def test_added_and_removed() -> None:
    change = between(f"{OPENING} {CAUSE}", f"{OPENING} {HURT}")
    assert sorted(kinds(change)) == ["added", "removed"]
    added, removed = sorted(change.edits, key=lambda edit: edit.kind)
    assert quote(change.new.text, added, "new") == HURT
    assert quote(change.old.text, removed, "old") == CAUSE
    assert (added.old, removed.new, change.unchanged) == (None, None, 1)


def test_what_was_moved_is_neither_removed_nor_added() -> None:
    change = between(f"{OPENING} {HURT} {CAUSE} {REFORM}", f"{OPENING} {REFORM} {HURT} {CAUSE}")
    assert kinds(change) == ["moved"]
    assert quote(change.new.text, change.edits[0], "new") == REFORM
    assert change.unchanged == 3


def test_what_was_moved_and_changed_shows_its_words() -> None:
    changed = REFORM.replace("months", "years")
    change = between(f"{OPENING} {HURT} {CAUSE} {REFORM}", f"{changed} {OPENING} {HURT} {CAUSE}")
    assert kinds(change) == ["moved"]
    assert words(change, change.edits[0]) == (["months"], ["years"])


def test_line_ends_and_blanks_are_no_change() -> None:
    assert between(f"{OPENING} {HURT}", f"{OPENING}\n\n{HURT.replace(' people', '  people')}").edits == ()


def test_removed_sentences_stand_where_they_stood() -> None:
    change = between(f"{OPENING} {CAUSE} {HURT}", f"{OPENING} {HURT} Nobody died.")
    assert kinds(change) == ["removed", "added"]


def test_metadata() -> None:
    def titled(text: str | None) -> Article:
        return Article(OPENING, title=Field(text, "given", "title") if text else Field())

    (change,) = revision(titled("Fire"), titled("Inferno")).metadata
    assert (change.field, change.old, change.new) == ("title", "Fire", "Inferno")
    (change,) = revision(titled(None), titled("Inferno")).metadata
    assert change.old is None


SENTENCES = st.lists(st.sampled_from([OPENING, HURT, CAUSE, REFORM, "4 hurt.", "No.", "Éire 𝟙 said “no”.", "..."]), max_size=8).map(
    " ".join
)


@settings(max_examples=150, deadline=None)
@given(SENTENCES | st.text(max_size=80), SENTENCES | st.text(max_size=80))
def test_every_sentence_is_accounted_for_once_and_the_words_stand_within_it(old: str, new: str) -> None:
    change = between(old, new)
    moved_or_kept = change.count("changed") + change.count("moved") + change.unchanged
    assert change.count("removed") + moved_or_kept == len(sentence_spans(old))
    assert change.count("added") + moved_or_kept == len(sentence_spans(new))
    olds = [edit.old for edit in change.edits if edit.old]
    news = [edit.new for edit in change.edits if edit.new]
    assert len(olds) == len(set(olds))
    assert len(news) == len(set(news))
    for edit in change.edits:
        assert all(edit.old and edit.old.start <= start < end <= edit.old.end for start, end in edit.old_words)
        assert all(edit.new and edit.new.start <= start < end <= edit.new.end for start, end in edit.new_words)
    assert between(old, old).edits == ()


def test_hostile_lengths_take_seconds() -> None:
    started = time.monotonic()
    same = between("No. " * 4_000, "No. " * 3_999 + "Yes.")
    assert same.count("added") + same.count("removed") + same.count("changed") <= 4
    between(" ".join(f"Sentence {n} on ferries." for n in range(1_500)), " ".join(f"Other {n} about trams." for n in range(1_500)))
    between("word " * 20_000, "word " * 19_999 + "other")
    assert time.monotonic() - started < 30
