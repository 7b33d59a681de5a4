"""Whole-process times of `rashomon --help` and `rashomon demo`: medians over several runs after one warm-up, and peak memory.

    uv run python benchmarks/startup.py [--runs 5]

The limits: --help under 0.4 s; demo under 30 s on 2 cores with less than 1 GB. Beside each stands the start of the bare
interpreter (`python -c pass`) in the same round, as a measure of the machine.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("rashomon")


def measure(command: list[str]) -> tuple[float, int]:
    """Wall seconds and peak resident kilobytes of one run, from the operating system's account of the finished process."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status != 0:
        raise SystemExit(f"{' '.join(command)} ended with status {status}")
    return seconds, usage.ru_maxrss


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "rashomon --help": [str(PROGRAM), "--help"],
        "rashomon demo": [str(PROGRAM), "demo"],
    }
    measured: dict[str, list[tuple[float, int]]] = {name: [] for name in commands}
    for number in range(runs + 1):
        for name, command in commands.items():
            result = measure(command)
            if number:  # the first round fills the caches
                measured[name].append(result)
    base = statistics.median(seconds for seconds, _ in measured["python -c pass"])
    for name, results in measured.items():
        seconds = statistics.median(wall for wall, _ in results)
        spread = f"{min(wall for wall, _ in results):.3f} to {max(wall for wall, _ in results):.3f}"
        peak = max(kilobytes for _, kilobytes in results) / 1024
        print(f"{name}: {seconds:.3f} s ({spread}), {seconds / base:.1f} x bare interpreter, peak {peak:.0f} MB")


if __name__ == "__main__":
    main()
