"""What the process for hostile kinds costs: python benchmarks/reading_process.py [PAGES]

Reads generated pages in this process and through the other one, in turn, and prints seconds of the processor of both together, starting
included where it says so.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from pathlib import Path
from statistics import median

from vectorstore.readers import child, read_file, reader_of
from vectorstore.readers.source import Source

SENTENCE = "The council of Orsbay met on Tuesday and argued about the harbour wall for most of the afternoon, officials said. "
ROUNDS = 5


def processor() -> float:
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.html" for number in range(count)]
        for number, file in enumerate(files):
            paragraphs = "".join(f"<p>{SENTENCE}{number} {place}</p>" for place in range(15))
            file.write_text(f"<html><head><title>Wall {number}</title></head><body><article>{paragraphs}</article></body></html>")
        read = reader_of("html")

        def here() -> None:
            for file in files:
                with file.open("rb") as opened:
                    list(read(Source(opened, file.name)))

        def there(chosen: list[Path]) -> float:
            """The other process's time counts once it has ended."""
            before = processor()
            for file in chosen:
                list(read_file(file))
            child.close_idle()
            return processor() - before

        here()
        inside, outside, start = [], [], []
        for _ in range(ROUNDS):
            before = processor()
            here()
            inside.append(processor() - before)
            outside.append(there(files))
            start.append(there(files[:1]))
    print(f"{count} pages, median of {ROUNDS}, seconds of the processor")
    print(f"in this process {median(inside):.2f}; in the other {median(outside):.2f}")
    print(f"one page, starting included: {median(start):.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
