"""Forms of one name: spelt with and without accents, with one or the other apostrophe, and the short forms of English first names."""

from __future__ import annotations

import unicodedata

SHORT_FORMS = {
    short: long
    for long, shorts in (
        ("alexander", "alex"),
        ("andrew", "andy drew"),
        ("anthony", "tony"),
        ("benjamin", "ben"),
        ("charles", "charlie chuck"),
        ("christopher", "chris"),
        ("daniel", "dan danny"),
        ("david", "dave"),
        ("deborah", "debbie deb"),
        ("donald", "don"),
        ("edward", "ed eddie ted"),
        ("elizabeth", "liz beth betsy"),
        ("gregory", "greg"),
        ("james", "jim jimmy"),
        ("jeffrey", "jeff"),
        ("jennifer", "jen jenny"),
        ("judith", "judy"),
        ("joseph", "joe joey"),
        ("katherine", "kate kathy"),
        ("kenneth", "ken"),
        ("lawrence", "larry"),
        ("matthew", "matt"),
        ("michael", "mike mick"),
        ("nicholas", "nick"),
        ("pamela", "pam"),
        ("patrick", "pat"),
        ("rebecca", "becky"),
        ("richard", "dick rick"),
        ("robert", "bob bobby rob"),
        ("ronald", "ron"),
        ("samuel", "sam"),
        ("stephen", "steve steven"),
        ("susan", "sue"),
        ("thomas", "tom tommy"),
        ("timothy", "tim"),
        ("william", "bill billy will"),
    )
    for short in shorts.split()
}


def folded(text: str) -> str:
    """In lower case, without accents, with straight apostrophes; its length may change."""
    apart = unicodedata.normalize("NFKD", text.replace("’", "'").replace("‘", "'"))
    return "".join(mark for mark in apart if not unicodedata.combining(mark)).lower()


def one_form(part: str) -> str:
    """A part of a name in the form that all its forms have in common."""
    plain = folded(part)
    return SHORT_FORMS.get(plain, plain)
