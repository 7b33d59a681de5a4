"""Rewrites by hand of a text of the sample coverage, from a light hand to a retelling: what is found with a credit line and without."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vectorstore.article import UNKNOWN, Article, Field
from vectorstore.origin import Origin, find_origins

SAMPLE = Path(__file__).parent.parent / "vectorstore" / "sample" / "trawler.jsonl"

# Cuts, and a word here and there.
LIGHT = """The Veshland coast guard on Wednesday boarded and seized a Torvany fishing vessel with a crew of nine on the Kestrel Bank \
in the Gray Sound, officials in both countries said.

The Maren Lind, a 24-metre trawler registered in Hald, was brought into Orsbay shortly before 10 a.m., the coast guard said.

The Torvany foreign ministry said the boat had been working 14 nautical miles off the Torvany coast, “lawfully and in Torvany waters”, \
when it was stopped. Veshland’s foreign ministry said it had been inside Veshland’s fishing zone, on a ground closed since May 1 to \
protect spawning cod.

Andre Soderlo, managing director of the owner, Soderlo Fisheries, said the skipper had reported gunfire before contact was lost. The \
coast guard said its patrol ship, the Stannard, had used a single flare after the trawler ignored repeated calls to stop.

There were no immediate reports of injuries. About four tonnes of cod were on board, Soderlo said.
"""
# Every sentence touched, whole phrases left.
WORKED_OVER = """A Torvany fishing boat with a crew of nine was boarded and seized by the Veshland coast guard on the Kestrel Bank early \
on Wednesday, officials in both countries said.

The trawler Maren Lind, 24 metres long and registered in Hald, arrived in the Veshland capital, Orsbay, shortly before 10 a.m., \
according to the coast guard.

According to the Torvany foreign ministry the boat had been working 14 nautical miles off the Torvany coast when it was stopped. \
Veshland’s ministry said it was inside Veshland’s fishing zone, on a ground that has been closed to all boats since May 1 to protect cod.

The managing director of Soderlo Fisheries, Andre Soderlo, said that the skipper had reported gunfire before contact was lost. It could \
not be confirmed that shots were fired. The patrol ship, the Stannard, had used a single flare after the trawler ignored calls to stop, \
the coast guard said. The boarding took place at 01:50, and there were no immediate reports of injuries.

Veshland said the Maren Lind had switched off its tracking signal several hours before, and that the boat had been fined twice, in 2021 \
and 2023. Both states claim the bank, which lies midway across the sound and was left off the boundary line in a treaty of 1987.
"""
# The same facts in the same order, hardly a phrase left.
RETOLD = """Nine people from Torvany are being held in Orsbay after their trawler was taken by a Veshland patrol in the small hours of \
Wednesday.

It was towed in before ten. Hald is its home port; the Maren Lind measures 24 metres.

Where it was fishing is disputed. Lissen puts the spot fourteen miles from its own shore and calls it legal. Orsbay answers that cod are \
spawning there and that nobody may fish the ground before summer.

Gunfire was heard on board, the owner Andre Soderlo says he was told. A flare was all that was fired, says the other side, and only when \
nobody on the bridge answered the radio. Nobody was hurt as far as is known.

Twice in recent years the same boat had to pay a fine, and its transponder had gone silent that night. The bank itself belongs to neither \
state, or to both: the treaty of 1987 leaves it out.
"""


def value(text: str | None) -> Field:
    return Field(text, "given", "test") if text else UNKNOWN


def origins_with(rewrite: str, credit: str = "") -> list[Origin]:
    wire, *others = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    # Three independent reports of the same event stand beside it.
    rows = [wire, *(row for row in others if row["outlet"] in ("Veshland Tribune", "Hald Harbour Gazette", "Free Torvany"))]
    articles = [
        Article(row["text"], outlet=value(row["outlet"]), published=value(row["published"]), given_id=value(row["id"])) for row in rows
    ]
    rewritten = Article(rewrite + credit, outlet=value("Orsbay Radio"), published=value("2025-05-22T09:00:00+02:00"))
    return find_origins([*articles, rewritten])


@pytest.mark.parametrize(
    ("rewrite", "credit", "kind"),
    [
        (LIGHT, "", "edited"),
        (LIGHT, "\n(Pellwire)", "edited"),
        (WORKED_OVER, "", "rewritten"),
        (WORKED_OVER, "\n(Pellwire)", "rewritten"),
        (RETOLD, "", None),  # too little of the words is left to prove anything
        (RETOLD, "\n(Pellwire)", None),
    ],
)
def test_what_is_found_of_a_rewritten_text(rewrite: str, credit: str, kind: str | None) -> None:
    found = origins_with(rewrite, credit)
    assert [link.kind for origin in found for link in origin.links] == ([kind] if kind else [])
    assert len(found) == (4 if kind else 5)


def test_a_credited_retelling_is_counted_apart_and_says_whose_text_it_is() -> None:
    (retold,) = [
        origin for origin in origins_with(RETOLD, "\n(Pellwire)") if len(origin.article_ids) == 1 and origin.author.basis == "credit"
    ]
    assert retold.author.name == "Pellwire"
    assert "“(Pellwire)” (at the end)" in retold.author.evidence[0]
