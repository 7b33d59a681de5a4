"""Reads every file of tests/hostile_corpus.py and says what became of each: python benchmarks/hostile.py [NAME...]

Seconds are of the processor, of this process and its reading process together; memory is the largest of the two so far, in MB. Exits
with 1 if a file took over 10 s or raised.
"""

from __future__ import annotations

import importlib.util
import resource
import sys
import tempfile
import time
from pathlib import Path

from vectorstore.readers import Read, child, read_file

CORPUS = Path(__file__).parent.parent / "tests" / "hostile_corpus.py"
LONGEST = 10.0


def processor() -> float:
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def main(names: list[str]) -> int:
    spec = importlib.util.spec_from_file_location("hostile_corpus", CORPUS)
    assert spec
    assert spec.loader
    module = sys.modules["hostile_corpus"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    count = read_count = rejected_count = bad = 0
    slowest: list[tuple[float, str]] = []
    for case in module.corpus():
        if names and case.name not in names:
            continue
        count += 1
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / case.name
            file.write_bytes(case.make())
            child.close_idle()
            before, started = processor(), time.monotonic()
            try:
                items = list(read_file(file))
            except Exception as error:  # the very thing that is looked for
                print(f"{case.name!r}: RAISED {type(error).__name__}: {error}")
                bad += 1
                continue
            child.close_idle()
            seconds, wall = processor() - before, time.monotonic() - started
            written = [path.name for path in Path(folder).iterdir() if path != file]
        read = sum(isinstance(item, Read) for item in items)
        read_count, rejected_count = read_count + read, rejected_count + len(items) - read
        slowest.append((seconds, case.name))
        bad += seconds > LONGEST or bool(written)
        reason = next((item.reason for item in items if not isinstance(item, Read)), "")
        memory = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1_000
        print(f"{case.name!r}: {read} read, {len(items) - read} rejected, {seconds:.1f} s ({wall:.1f} s), {memory} MB  {reason[:90]!r}")
    print(f"{count} files: {read_count} articles read, {rejected_count} inputs rejected, {bad} bad")
    print("slowest:", ", ".join(f"{name} {seconds:.1f} s" for seconds, name in sorted(slowest, reverse=True)[:5]))
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
