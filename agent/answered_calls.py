"""A history as endpoints accept it: each tool call of the model's has its answer right behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, ToolMessage

NO_JSON = "Not run: the arguments were not valid JSON."
NOT_RUN = "Not run: another call of the same message could not be read."


def answered(messages: Iterable[AnyMessage]) -> list[AnyMessage]:
    """The messages with an answer to each call that got none, which an OpenAI endpoint refuses with status 400.

    A call whose arguments are no JSON reaches no tool, and those beside it may not either.
    """
    given, made = list(messages), list[AnyMessage]()
    place = 0
    while place < len(given):
        message = given[place]
        place += 1
        if not isinstance(message, AIMessage) or not (message.tool_calls or message.invalid_tool_calls):
            made.append(message)
            continue
        made.append(message)
        end = next((n for n in range(place, len(given)) if not isinstance(given[n], ToolMessage)), len(given))
        made += [*given[place:end], *_missing(message, given[place:end])]
        place = end
    return made


def name_calls(message: AIMessage, turn: int) -> None:
    """Gives an id to each call that came without one: LangChain's tools fail with such a call, and so does the next request."""
    calls = [*message.tool_calls, *message.invalid_tool_calls]
    for number, call in enumerate(calls):
        call["id"] = call["id"] or f"call_{turn}_{number}_unnamed"


def _missing(message: AIMessage, answers: Sequence[BaseMessage]) -> list[ToolMessage]:
    known = {answer.tool_call_id for answer in answers if isinstance(answer, ToolMessage)}
    unread = [(call, NO_JSON) for call in message.invalid_tool_calls]
    calls = [*((call, NOT_RUN) for call in message.tool_calls), *unread]
    wanted = {key: (call["name"], told) for call, told in calls if (key := call["id"]) and key not in known}
    return [ToolMessage(told, name=name, tool_call_id=key, status="error") for key, (name, told) in wanted.items()]
