"""All cases, or every Nth of them, one after the other."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from eval.injection.events import Violation
from vectorstore.embed import Embedder

OnCase = Callable[[str, Sequence[Violation]], None]


def run_all(embedder: Embedder, *, hostile_model: bool, every: int, on_case: OnCase) -> tuple[list[tuple[str, Violation]], int]:
    """What was seen, with the name of its case, and the number of cases."""
    from eval.injection.planted import cases
    from eval.injection.run import SECRET, Attacks

    # In place of a key of the user's: it is looked for in all that is shown.
    os.environ["OPENAI_API_KEY"] = SECRET
    found: list[tuple[str, Violation]] = []
    number = 0

    def note(name: str, violations: Sequence[Violation]) -> None:
        nonlocal number
        number += 1
        found.extend((name, violation) for violation in violations)
        on_case(name, violations)

    if hostile_model:
        from eval.injection.assumed import Assaults, assaults

        assault_with = Assaults(embedder)
        for assault in assaults()[::every]:
            note(assault.name, assault_with.violations(assault))
    else:
        attack_with = Attacks(embedder)
        for case in cases()[::every]:
            note(case.name, attack_with.violations(case))
    return found, number
