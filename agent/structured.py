"""One question to a model, answered with one JSON object of a given form. Imported only where a model is used."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeVar

from langchain_core.language_models import BaseChatModel
from pydantic import BaseModel, ValidationError

from agent.model import Budget, ModelUnavailable, chat_model, one_reply
from agent.settings import Settings
from prompts import Prompt

M = TypeVar("M", bound=BaseModel)
OpenModel = Callable[[Settings], BaseChatModel]


def ask_for(schema: type[M], asked: str, settings: Settings, budget: Budget, open_model: OpenModel | None = None) -> M:
    """Raises ModelUnavailable, also for a reply that is not of this form: it is not asked again, as it can be done without."""
    model = (open_model or chat_model)(settings)
    text = one_reply(model, Prompt.load("structured").render(), asked, budget, settings.tracing)
    start = text.find("{")
    try:
        found, _ = json.JSONDecoder().raw_decode(text, max(start, 0))
        return schema.model_validate(found)
    except ValidationError as error:
        places = sorted({".".join(map(str, detail["loc"])) or "the whole" for detail in error.errors(include_url=False)})
        raise ModelUnavailable(f"The model's reply had the wrong form at {', '.join(places)[:200]}.") from None
    except (ValueError, RecursionError):  # also a number of more digits than Python reads
        raise ModelUnavailable("The model's reply was not valid JSON.") from None
