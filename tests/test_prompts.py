from __future__ import annotations

import hashlib
from importlib import resources

import pytest

import prompts
from prompts import Prompt, PromptError

GOOD = "---\nname: hello\nvariables: who, what\nreturns: a greeting\n---\nSay $what to $who for $$5.\n"


@pytest.mark.parametrize("name", prompts.names())
def test_every_prompt_that_ships_loads_and_has_the_digest_of_its_file(name: str) -> None:
    prompt = Prompt.load(name)
    source = resources.files("prompts").joinpath(f"{name}.md").read_bytes()
    assert prompt.digest == hashlib.sha256(source).hexdigest()
    assert prompt.returns
    assert prompt.body


def test_the_prompts_that_the_agent_needs_are_there() -> None:
    needed = {"answer_system", "answer_question", "earlier", "search_first", "mend_format", "repair", "brief_system", "brief_event"}
    assert needed <= set(prompts.names())


def test_values_are_inserted_once_and_never_expanded() -> None:
    text = Prompt.parse(GOOD).render(who="$what $$ ${who}", what="hi")
    assert text == "Say hi to $what $$ ${who} for $5."


@pytest.mark.parametrize("values", [{}, {"who": "a"}, {"who": "a", "what": "b", "more": "c"}])
def test_a_missing_or_extra_value_is_an_error_that_names_the_variables(values: dict[str, str]) -> None:
    with pytest.raises(PromptError, match=r"hello takes \['what', 'who'\]"):
        Prompt.parse(GOOD).render(**values)


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (GOOD.replace("who, what", "who"), r"declared variables \['who'\], used \['what', 'who'\]"),
        (GOOD.replace("who, what", "who, what, when"), "declared variables"),
        (GOOD.replace("$$5", "$5"), r"write \$\$"),
        (GOOD.replace("returns: a greeting\n", ""), "the header must have name, variables, returns"),
        (GOOD.removeprefix("---\n"), "a prompt starts with a header"),
        ("---\nname: x\n", "a prompt starts with a header"),
        ("", "a prompt starts with a header"),
    ],
)
def test_a_file_that_breaks_its_own_header_is_refused(source: str, problem: str) -> None:
    with pytest.raises(PromptError, match=problem):
        Prompt.parse(source)


@pytest.mark.parametrize("name", ["nothing", "../pyproject", "answer_system.md", ""])
def test_an_unknown_name_is_a_key_error(name: str) -> None:
    with pytest.raises(KeyError):
        Prompt.load(name)
