"""Writes agent/checking/verbs.txt: which verbs say what another one says, or less, from WordNet 3.0's dictionary files.

`python docs/make_verbs.py FOLDER > agent/checking/verbs.txt`, FOLDER with index.verb, data.verb, data.noun and cntlist.rev
(Debian's package wordnet-base has them). Only words that WordNet's tagged texts have, and only their first senses: the rest are
meanings that news seldom uses.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

from agent.checking.tokens import key

SENSES = 4  # the places in their lists of the sense that two words share add up to less
NOTICE = """\
# From WordNet 3.0, Copyright 2006 by Princeton University. All rights reserved. Changed: verbs only, cut down, words without endings.
# THIS SOFTWARE AND DATABASE IS PROVIDED "AS IS" AND PRINCETON UNIVERSITY MAKES NO REPRESENTATIONS OR WARRANTIES, EXPRESS OR IMPLIED.
# BY WAY OF EXAMPLE, BUT NOT LIMITATION, PRINCETON UNIVERSITY MAKES NO REPRESENTATIONS OR WARRANTIES OF MERCHANTABILITY OR FITNESS FOR
# ANY PARTICULAR PURPOSE OR THAT THE USE OF THE LICENSED SOFTWARE, DATABASE OR DOCUMENTATION WILL NOT INFRINGE ANY THIRD PARTY PATENTS,
# COPYRIGHTS, TRADEMARKS OR OTHER RIGHTS. Permission to use, copy, modify and distribute this software and database and its
# documentation for any purpose and without fee or royalty is hereby granted, provided that you agree to comply with this notice, and
# that the same appear on all copies. The name of Princeton University may not be used in advertising. Full text: docs/licences/wordnet.txt.
# Made by docs/make_verbs.py. Each line: a word of a quote (or a verb and its particle), then the verbs that may stand for it."""


class Synset(NamedTuple):
    words: list[str]
    pointers: list[tuple[str, str, str, str]]


def synsets(path: Path) -> dict[str, Synset]:
    found: dict[str, Synset] = {}
    for line in path.read_text(encoding="latin-1").splitlines():
        if line.startswith("  "):
            continue
        fields = line.split("|")[0].split()
        count = int(fields[3], 16)
        at = 4 + 2 * count
        four = [fields[at + 1 + part : at + 1 + 4 * int(fields[at]) : 4] for part in range(4)]
        found[fields[0]] = Synset([word.lower() for word in fields[4:at:2]], list(zip(*four, strict=True)))
    return found


def related(folder: Path) -> dict[str, set[str]]:
    used: Counter[str] = Counter()
    for line in (folder / "cntlist.rev").read_text(encoding="latin-1").splitlines():
        sense, _, count = line.split()
        used[sense.split("%")[0]] += int(count)
    rank: dict[tuple[str, str], int] = {}
    for line in (folder / "index.verb").read_text(encoding="latin-1").splitlines():
        if not line.startswith("  "):
            fields = line.split()
            for place, offset in enumerate(fields[6 + int(fields[3]) :]):
                rank[fields[0], offset] = place
    verbs, nouns = synsets(folder / "data.verb"), synsets(folder / "data.noun")
    found: defaultdict[str, set[str]] = defaultdict(set)

    def add(quoted: str, said: str) -> None:
        if "_" not in said and "-" not in said and used[said]:
            found[named(quoted)].add(key(said))

    for offset, (words, pointers) in verbs.items():
        wider = [other for mark, other, kind, _ in pointers if mark in {"@", "*", "$"} and kind == "v"]
        for place, quoted in enumerate(words, 1):
            if not used[quoted] or quoted.count("_") > 1 or rank[quoted, offset] >= SENSES:
                continue
            more = 4 if "_" in quoted else 0  # a particle leaves less to choose from
            for said in words:
                if rank[said, offset] + rank[quoted, offset] < SENSES + more:
                    add(quoted, said)
            for other in wider:
                for said in verbs[other].words:
                    if rank[said, other] + rank[quoted, offset] < SENSES:
                        add(quoted, said)
            for mark, other, kind, ends in pointers:
                if mark == "+" and kind == "n" and int(ends[:2], 16) == place:
                    noun = nouns[other].words[int(ends[2:], 16) - 1]
                    if "_" not in noun and used[noun]:
                        for said in words:
                            if rank[said, offset] < SENSES:
                                add(noun, said)
    return {quoted: said - {quoted} for quoted, said in found.items() if said - {quoted}}


def named(word: str) -> str:
    head, _, particle = word.partition("_")
    return f"{key(head)}_{particle}" if particle else key(word)


if __name__ == "__main__":
    print(NOTICE)
    for quoted, said in sorted(related(Path(sys.argv[1])).items()):
        print(quoted, *sorted(said))
