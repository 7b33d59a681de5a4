"""Whether what was found answers a question: a weighing of how much of each part stands in one place, never of how it is phrased."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from agent.terms import stem, terms
from vectorstore.planned import MEANING

MARKED = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][\w’'-]*|\b\d[\d.,]*")


@lru_cache(maxsize=4096)
def _of_text(text: str) -> frozenset[str]:
    return frozenset(terms(text))


def _asked(text):
    return tuple(dict.fromkeys(t for t in terms(text) if t not in ASKING))


ASKING = frozenset(
    terms(
        "article articles report reports reported outlet news source sources question individual suggest claim consistency consistent portrayal published according name considering information"
    )
)
ASKING = frozenset(terms("article report outlet news source"))


def features(plan, found, rare, unheld):
    weight = lambda words: sum(rare.get(w, 1.0) for w in words)
    arts = {}
    for one in found:
        a = one.hit.article
        arts.setdefault(a.article_id, (a, _of_text((a.title.value or "") + " " + a.text), []))[2].append(one)

    def cover(words, held):
        t = weight(words)
        return weight([w for w in words if w in held]) / t if t else 1.0

    rows = []
    parts = [p for p in plan.parts if len(_asked(p.words)) >= 2] or list(plan.parts)
    for number, part in enumerate(plan.parts):
        if part not in parts:
            continue
        words = _asked(part.words)
        marked = tuple(dict.fromkeys(stem(w.lower()) for m in MARKED.findall(part.words) for w in re.findall(r"\w+", m)))
        marked = [w for w in marked if w in words]
        mine = [(a, held, ones) for a, held, ones in arts.values() if not part.outlets or a.outlet.value in part.outlets]
        best_pass = best_art = best_day = best_mark = 0.0
        cos = [one.grade.meaning / MEANING for _, _, ones in mine for one in ones if one.grade.part == number]
        for a, held, ones in mine:
            title = _of_text(a.title.value or "")
            p = max(cover(words, _of_text(one.hit.text) | title) for one in ones)
            best_pass = max(best_pass, p)
            best_art = max(best_art, cover(words, held))
            best_mark = max(best_mark, cover(marked, held)) if marked else best_art
            if a.day in part.days:
                best_day = max(best_day, p)
        rows.append(
            dict(
                p=best_pass,
                a=best_art,
                c=max(cos, default=0.0),
                m=best_mark if marked else best_art,
                d=best_day / max(best_pass, 1e-6) if part.days else 1.0,
                dd=1.0 if not part.days else float(best_day > 0),
                n=len(mine),
                w=weight(words),
            )
        )
    whole = _asked(" ".join(p.words for p in plan.parts))
    union = (
        frozenset().union(*(_of_text(one.hit.text + " " + (one.hit.article.title.value or "")) for one in found)) if found else frozenset()
    )
    marked = [
        w
        for w in dict.fromkeys(stem(w.lower()) for p in plan.parts for m in MARKED.findall(p.words) for w in re.findall(r"\w+", m))
        if w in whole
    ]
    rarest = sorted(whole, key=lambda w: -rare.get(w, 1.0))[:5]
    out = {}
    for k in "pacmd":
        v = [r[k] for r in rows]
        out[k + "_min"], out[k + "_mean"] = min(v), sum(v) / len(v)
    out["dd_min"] = min(r["dd"] for r in rows)
    out["none"] = sum(r["n"] == 0 for r in rows) / len(rows)
    out["whole_art"] = max((cover(whole, held) for _, held, _ in arts.values()), default=0.0)
    out["whole_union"] = cover(whole, union)
    out["mark_union"] = cover(marked, union) if marked else out["whole_union"]
    out["rarest_union"] = cover(rarest, union)
    out["rarest_art"] = max((cover(rarest, held) for _, held, _ in arts.values()), default=0.0)
    out["unheld"] = float(len(unheld) > 0)
    out["unheld_n"] = min(len(unheld), 3) / 3
    out["parts"] = math.log(len(rows))
    out["words"] = math.log(max(len(whole), 1))
    sc = sorted({a: max(o.hit.score for o in ones) for a, (_, _, ones) in arts.items()}.values(), reverse=True)
    out["margin"] = (sc[0] - sc[min(4, len(sc) - 1)]) if sc else 0.0
    out["top"] = sc[0] if sc else 0.0
    return out
