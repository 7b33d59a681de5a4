"""A model that orders what a search has found, behind vectorstore.rerank's protocol. Imported only where a model is set and
RASHOMON_MODEL_RERANKS is on."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, Field

from agent.model import Budget, ModelUnavailable
from agent.proposal import budget_of
from agent.settings import Settings
from agent.structured import OpenModel, ask_for
from prompts import Prompt

# Characters shown of a passage: a result may have 1,200.
SHOWN = 1_200


class Order(BaseModel):
    order: list[str] = Field(max_length=400)


class ModelReranker:
    """Asks for the order of all passages at once. Keys that were not shown are dropped, and so is a second one; passages that the model
    leaves out follow in the order in which they were found. One object may make `budget.model_calls` calls; each search is one."""

    def __init__(self, settings: Settings, open_model: OpenModel | None = None, budget: Budget | None = None):
        self._settings, self._open_model = settings, open_model
        self._budget = budget or budget_of(settings)

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """Raises ModelUnavailable, also if no key that was shown is in the reply."""
        keys = [f"p{number}" for number in range(1, len(texts) + 1)]
        passages = "\n\n".join(f"{key}\n{_quoted(text)}" for key, text in zip(keys, texts, strict=True))
        asked = Prompt.load("rerank_passages").render(question=" ".join(question.split()), passages=passages)
        given = ask_for(Order, asked, self._settings, self._budget, self._open_model).order
        order = [key for key in dict.fromkeys(given) if key in keys]
        if not order:
            raise ModelUnavailable("The model's order had none of the passages that it was shown.")
        place = {key: number for number, key in enumerate([*order, *(key for key in keys if key not in order)])}
        return [float(-place[key]) for key in keys]


def _quoted(text: str) -> str:
    return "\n".join(f"| {line}" for line in text[:SHOWN].splitlines() if line.strip())
