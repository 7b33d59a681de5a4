"""kill -9 at aimed and at random moments of an ingest. KILLS=300 runs as many trials as are wanted before a release."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

AIMED = [
    ("article", 11, 0.0),
    ("vectors", 2, 0.0),
    ("passages", 20, 0.0),
    ("transaction", 150, 0.0),
    ("transaction", 60, 0.0),
    ("index opened", 1, 0.0),
    ("index opened", 3, 0.0),
    ("index add", 1, 0.0),
    ("index add", 2, 0.002),
    ("index add", 3, 0.005),
    ("index close", 1, 0.0),
    ("index close", 2, 0.001),
    ("generations", 1, 0.0),
    ("events", 1, 0.0),
    ("events", 9, 0.0),
]
TRIALS = int(os.environ.get("KILLS", "20"))


def test_no_kill_loses_an_acknowledged_article_or_hides_one_from_the_search(tmp_path: Path) -> None:
    chance = random.Random(2)
    trials = list(AIMED)
    while len(trials) < TRIALS:
        point = chance.choice([aimed[0] for aimed in AIMED])
        trials.append((point, chance.randint(1, 3), chance.uniform(0, 0.05)))
    root = Path(__file__).resolve().parent.parent
    worker = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("kill_worker.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert worker.stdin
    assert worker.stdout
    kills = recovered = 0
    for number, (point, count, delay) in enumerate(trials):
        # Every library takes several kills in turn, so that recoveries of recoveries are tried too.
        folder = tmp_path / str(number // 4) / "library"
        folder.mkdir(parents=True, exist_ok=True)
        trial = {"folder": str(folder), "point": point, "count": count, "delay": delay, "start": 32 * (number % 4)}
        worker.stdin.write(json.dumps(trial) + "\n")
        worker.stdin.flush()
        answer = json.loads(worker.stdout.readline())
        found = answer["found"]
        assert found, f"the recovery after {trial} failed"
        broken = {name: found[name] for name in ("lost", "passages_missing", "missed", "differing", "unplaced") if found[name]}
        assert not broken, (trial, found)
        kills += answer["killed"] == 9
        recovered += any("index rebuilt in" in notice for notice in found["notices"])
    worker.stdin.close()
    assert worker.wait(timeout=20) == 0
    assert kills >= 0.6 * len(trials), (kills, recovered)
    assert recovered >= len(AIMED) // 3, (kills, recovered)
