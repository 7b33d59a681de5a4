"""What is read from the catalog again and again although nothing has changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from vectorstore.catalog import Catalog

T = TypeVar("T")


class Kept:
    """Values by name, forgotten when anybody has written to the catalog."""

    def __init__(self, catalog: Catalog):
        self._catalog = catalog
        self._state: object = None
        self._values: dict[object, Any] = {}

    def value(self, name: object, read: Callable[[], T]) -> T:
        state = self._catalog.database.state()
        if state != self._state:
            self._state, self._values = state, {}
        if name not in self._values:
            self._values[name] = read()
        found: T = self._values[name]
        return found
