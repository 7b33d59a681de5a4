"""Text from an article, once printed, is seen and does nothing."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest

from agent.render.escape import inert_json, markdown, one_line, terminal

HOSTILE = [
    "[click](https://evil.example)",
    "![x](https://evil.example/a.png)",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<https://evil.example>",
    "see https://evil.example/a or www.evil.example or HTTP://EVIL.EXAMPLE",
    "write to someone@evil.example, @everyone",
    "[x]: javascript:alert(1)",
    "`code` ``more``",
    "a | b | c",
    "&lt;b&gt; &#60;b&#62;",
    "line\n# heading\n- item\n> quote",
    "\x1b[31mred\x1b[0m \x1b]8;;https://evil.example\x07link\x1b]8;;\x07",
    "\u202eevil\u202c \u200bzero\u200d \u2066x\u2069 \U000e0041tag",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_leaves_nothing_alive(text: str) -> None:
    written = markdown(text)
    without_code = re.sub(r"(?<!\\)`[@:.]+`", " ", written)
    assert "\n" not in written
    assert "<" not in written
    assert ">" not in written
    assert not re.search(r"(?<!\\)[\[\]|*_`]", without_code)
    assert "://" not in without_code
    assert not re.search(r"(?i)www\.", without_code)
    assert "@" not in without_code
    assert not any(unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"} for character in written)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_terminal_gets_no_control_character(text: str) -> None:
    written = terminal(text)
    assert not any(unicodedata.category(character) in {"Cc", "Cf"} and character != "\n" for character in written)


def test_what_is_hidden_is_shown_by_name() -> None:
    assert terminal("a\x1bb") == "a\u241bb"
    assert terminal("a\u202eb") == "a\u27e8U+202E\u27e9b"
    assert terminal("a\u200bb\ud800") == "a\u27e8U+200B\u27e9b\u27e8U+D800\u27e9"


def test_an_ampersand_is_written_out_only_where_it_could_make_a_character() -> None:
    assert markdown("Kessling & Prow, R&D &") == "Kessling & Prow, R&amp;D &"
    assert markdown("&lt; &#60;") == "&amp;lt; &amp;#60;"


def test_words_stay_as_they_are() -> None:
    plain = "Eleven people were hurt, \u201cthe coastguard\u201d said (at 9.10 a.m.)."
    assert markdown(plain) == plain
    assert terminal("one\r\ntwo\tthree") == "one\ntwo three"
    assert one_line(" one\n\n two\u00a0three ") == "one two three"


def test_a_line_does_not_become_a_list_or_heading() -> None:
    assert markdown("# Head") == r"\# Head"
    assert markdown("- item") == r"\- item"
    assert markdown("1. item") == r"1\. item"
    assert markdown("    indented") == "indented"
    assert markdown("") == ""


def test_json_says_the_same_and_holds_nothing_that_acts() -> None:
    said = {"title": "\x1b[31m\x9b31m\u202eevil\u2028\U000e0069 café 你好 😀", "lone": "\ud800"}
    text = inert_json(json.dumps(said, ensure_ascii=False))
    assert json.loads(text) == said
    assert "café 你好 😀" in text
    assert not {character for character in text if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp", "Cn")}
