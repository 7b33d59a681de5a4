"""A model's draft through the gate: what passes, and one chance to mend what does not. Imported only where a model answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from agent.evidence import gate
from agent.model import CALLS_IN_TIME, Budget, ModelUnavailable
from agent.model_reader import Draft, ModelReader
from agent.quote import to_reported
from agent.settings import Settings
from agent.statement import Dropped, Ledger, Reported, Statement
from prompts import Prompt

Checked = tuple[tuple[Statement, ...], tuple[Dropped, ...]]


def budget_of(settings: Settings) -> Budget:
    return Budget(seconds=CALLS_IN_TIME * settings.timeout)


def settle(
    reader: ModelReader, propose: Callable[[], Draft], ledger: Ledger, outlets: Sequence[str], settings: Settings | None = None
) -> Checked:
    """The sentences that pass and those that don't, after one repair. Raises ModelUnavailable if nothing can be had."""
    secrets = [settings.api_key] if settings and settings.api_key else []
    # A hostile model knows the one prompt as well as the other: they are public.
    system = "\n".join(Prompt.load(name).body for name in ("answer_system", "brief_system"))
    draft = propose()
    passed, dropped = _checked(draft, ledger, outlets, system, secrets)
    if not dropped:
        return passed, dropped
    try:
        mended, still = _checked(reader.repair(draft, dropped), ledger, outlets, system, secrets)
    except ModelUnavailable:
        if not passed:
            raise
        return passed, dropped  # what had passed before the endpoint failed still stands
    return (mended, still) if mended or not passed else (passed, dropped)


def _checked(draft: Draft, ledger: Ledger, outlets: Sequence[str], system: str, secrets: Sequence[str]) -> Checked:
    made = [to_reported(sentence, ledger, system, secrets) for sentence in draft.sentences]
    passed, dropped = gate([item for item in made if isinstance(item, Reported)], ledger, outlets)
    return passed, (*(item for item in made if isinstance(item, Dropped)), *dropped)
