"""Who answers the cases: the extractive reader, a model's recorded replies, and a script that only shows that the path holds."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2
from langchain_core.messages import AIMessage, BaseMessage

from agent.asker import EXTRACTIVE, Answer, ask
from agent.model import chat_model
from agent.replay import ReplayTransport, ScriptedModel
from agent.settings import Settings
from eval.articles import InvalidData
from eval.case import EvalCase
from vectorstore.library import Library

# Nothing is ever sent there: the transport or the script takes the place of the endpoint.
NOWHERE = "http://127.0.0.1:9/v1"
LONGEST_QUERY = 400
# How agent.asker ends its note on a model that failed.
INSTEAD = "The extractive reader answers instead"
ABOUT = "about.json"


@dataclass(frozen=True)
class Reader:
    """`quality` is false for scripted replies: they show that nothing breaks and say nothing of answers."""

    name: str
    quality: bool
    can_answer: Callable[[EvalCase], bool]
    ask: Callable[[EvalCase, Library], Answer]


class NotOfTheModel(RuntimeError):
    """The extractive reader answered in the place of a model whose reply was to be judged."""


def readers(names: tuple[str, ...], replays: Path) -> tuple[Reader, ...]:
    """Raises InvalidData for a name that no reader has, and for recordings that do not say who wrote them."""
    made = {"extractive": extractive, "replayed": lambda: replayed(replays), "scripted": scripted}
    unknown = [name for name in names if name not in made]
    if unknown:
        raise InvalidData(f"no reader is called {unknown[0]!r}; there are {', '.join(made)}")
    return tuple(made[name]() for name in names)


def extractive() -> Reader:
    return Reader(
        "extractive", True, lambda case: True, lambda case, library: ask(case.question, library, history=[(one, "") for one in case.after])
    )


def replayed(folder: Path) -> Reader:
    """Plays `CASE.jsonl` for each case that has one. Another prompt, passage or order of passages is a miss, and an error."""
    recorded = {file.stem for file in folder.glob("*.jsonl")}
    model = recorded_model(folder) if recorded else ""

    def answer(case: EvalCase, library: Library) -> Answer:
        transport = ReplayTransport(folder / f"{case.id}.jsonl")
        return _of_model(ask(case.question, library, _settings(model), open_model=lambda settings: chat_model(settings, transport)))

    return Reader("replayed", True, lambda case: case.id in recorded, answer)


def recorded_model(folder: Path) -> str:
    """The name of the model that was recorded, which is a part of every request. Raises InvalidData."""
    file = folder / ABOUT
    try:
        about = json.loads(file.read_text(encoding="utf-8"))
        return str(about["model"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise InvalidData(f'{file}: must say {{"model": name, "kind": who wrote the replies}}; `rashomon eval record` writes it') from None


def record(case: EvalCase, library: Library, settings: Settings, folder: Path, kind: str, transport: httpx2.BaseTransport) -> Answer:
    """Asks the configured model and keeps its replies. Raises InvalidData if another model's replies are there already."""
    if settings.model is None:
        raise InvalidData("no model is configured; set RASHOMON_MODEL and OPENAI_BASE_URL or OPENAI_API_KEY")
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / ABOUT).exists():
        (folder / ABOUT).write_text(json.dumps({"model": settings.model, "kind": kind}) + "\n", encoding="utf-8")
    elif recorded_model(folder) != settings.model:
        raise InvalidData(f"{folder} holds replies of {recorded_model(folder)}; record {settings.model} into another folder")
    file = folder / f"{case.id}.jsonl"
    file.unlink(missing_ok=True)
    taped = ReplayTransport(file, transport)
    return _of_model(ask(case.question, library, replace(settings, tracing=False), open_model=lambda own: chat_model(own, taped)))


def scripted() -> Reader:
    """Takes the model's path for hostile questions with a model that searches once and quotes the first line that it is shown."""

    def answer(case: EvalCase, library: Library) -> Answer:
        query = " ".join(case.question.split())[:LONGEST_QUERY]
        search = AIMessage("", tool_calls=[{"name": "search_coverage", "args": {"query": query}, "id": "1"}])
        model = ScriptedModel(replies=[search, _first_line, _nothing])
        return _of_model(ask(case.question, library, _settings("scripted"), open_model=lambda settings: model))

    return Reader("scripted", False, lambda case: case.kind == "hostile", answer)


def _settings(model: str) -> Settings:
    return Settings(library=Path(), model=model, base_url=NOWHERE)


def _of_model(answer: Answer) -> Answer:
    """The extractive reader also answers where nothing is found, and then no model was asked: that is an answer of its own."""
    failed = [note for note in answer.notes if INSTEAD in note]
    if answer.reader == EXTRACTIVE and failed:
        raise NotOfTheModel(" ".join(failed))
    return answer


def _first_line(messages: list[BaseMessage]) -> AIMessage:
    shown = str(messages[-1].content)
    block = re.search(r"^key: (?P<key>\w+)\noutlet: (?P<outlet>.*)\n(?:.+\n)*?\| (?P<line>.+)", shown, re.MULTILINE)
    if block is None:
        return _nothing(messages)
    outlet = "An article of unknown outlet" if block["outlet"] == "unknown" else block["outlet"]
    line = re.match(r".{1,900}?(?:[.!?](?=\s|$)|$)", block["line"])
    quote = line.group() if line else block["line"][:900]
    sentence = {"text": f"{outlet}: {quote}", "citations": [{"key": block["key"], "quote": quote}]}
    return _draft({"sentences": [sentence], "not_found": False})


def _nothing(messages: list[BaseMessage]) -> AIMessage:
    return _draft({"sentences": [], "not_found": True})


def _draft(arguments: dict[str, object]) -> AIMessage:
    return AIMessage("", tool_calls=[{"name": "DraftAnswer", "args": arguments, "id": "2"}])
