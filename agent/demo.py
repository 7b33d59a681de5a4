"""The demonstration: the fictional sample coverage in a library that is thrown away. Everything printed is computed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

from agent.asker import ask
from agent.render.answer import answer_lines
from agent.render.brief_markdown import brief_markdown
from agent.render.report import event_lines, ingest_lines
from agent.subject import brief_on, choose_subject
from vectorstore.library import EmbedderChoice, Library
from vectorstore.readers import find_files, read_file

QUESTIONS = ("How many people were killed in the granary explosion in Hald?", "What did the Norrland Herald report about the granary?")
BRIEF_ON = "the explosion in the granary at Hald"
SCREEN = 40  # lines


def run(choice: EmbedderChoice, sample: Path | None = None) -> Iterator[str]:
    """The lines of the demonstration over the articles in `sample`, or those that come with the program."""
    with as_file(files("vectorstore") / "sample") as shipped, tempfile.TemporaryDirectory(prefix="rashomon-demo-") as folder:
        yield "Fictional outlets reporting fictional events, written for this demonstration."
        yield ""
        library_folder = Path(folder) / "library"
        with Library.open(library_folder, choice, write=True) as library:
            report = library.ingest(item for file in find_files(sample or shipped) for item in read_file(file))
        yield from (line.replace(str(library_folder), "(thrown away)") for line in ingest_lines(report, library_folder))
        with Library.open(library_folder, choice) as library:
            events = library.events()
            shown = [event for event in events if len(event.article_ids) > 1]
            yield from event_lines(shown, len(events) - len(shown))
            for question in QUESTIONS:
                yield ""
                yield f"> {question}"
                yield from answer_lines(ask(question, library))
        yield ""
        yield f"> brief: {BRIEF_ON}"
        subject = choose_subject([], None, BRIEF_ON, [], lambda: Library.open(library_folder, choice), choice)
        with subject.library as library:
            yield from brief_markdown(brief_on(subject, library)).splitlines()[:SCREEN]
        yield f"... the first {SCREEN} lines; `rashomon brief` prints all of it on your own articles"
