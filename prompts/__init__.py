"""What we say to a model: one prompt a file, checked when it is loaded and filled in strictly."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import resources
from string import Template

FENCE = "---"
HEADER = ("name", "variables", "returns")


class PromptError(ValueError):
    """A prompt file that does not keep its own header, or values that do not fit it."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt file: a header (name, variables, returns) between two lines `---`, then the text with its `$variables`.

    `$$` is a dollar sign. `digest` is the sha256 of the whole file: it says which wording an answer was made with.
    """

    name: str
    variables: tuple[str, ...]
    returns: str
    body: str
    digest: str

    @classmethod
    def load(cls, name: str) -> Prompt:
        """The prompt of this name. Raises PromptError; KeyError for a name that no file has."""
        if name not in names():
            raise KeyError(f"no prompt is called {name!r}")
        prompt = cls.parse(resources.files(__name__).joinpath(f"{name}.md").read_text(encoding="utf-8"))
        if prompt.name != name:
            raise PromptError(f"{name}.md: the header calls it {prompt.name!r}")
        return prompt

    @classmethod
    def parse(cls, source: str) -> Prompt:
        lines = source.splitlines()
        if not lines or lines[0] != FENCE or FENCE not in lines[1:]:
            raise PromptError("a prompt starts with a header between two lines of ---")
        end = lines.index(FENCE, 1)
        header = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines[1:end])}
        if tuple(header) != HEADER:
            raise PromptError(f"the header must have {', '.join(HEADER)}, in this order; it has {', '.join(header)}")
        body = "\n".join(lines[end + 1 :]).strip()
        declared = tuple(name.strip() for name in header["variables"].split(",") if name.strip())
        template = Template(body)
        if not template.is_valid():
            raise PromptError(f"{header['name']}: a $ that starts no variable; write $$ for a dollar sign")
        used = template.get_identifiers()
        if sorted(declared) != sorted(used):
            raise PromptError(f"{header['name']}: declared variables {sorted(declared)}, used {sorted(used)}")
        digest = hashlib.sha256(source.encode("utf-8")).hexdigest()
        return cls(header["name"], declared, header["returns"], body, digest)

    def render(self, **values: str) -> str:
        """The text with its values, which are inserted once and never expanded. Raises PromptError."""
        if set(values) != set(self.variables):
            raise PromptError(f"{self.name} takes {sorted(self.variables)}, got {sorted(values)}")
        return Template(self.body).substitute(values)


def names() -> list[str]:
    """Every prompt there is."""
    return sorted(entry.name[:-3] for entry in resources.files(__name__).iterdir() if entry.name.endswith(".md"))
