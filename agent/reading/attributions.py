"""Attributions within one sentence: a cue, the source beside it, and the content on one side or on both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.reading.cues import ALSO_NOUNS, PHRASAL, SPEECH, TAKES, VERB_FORMS, Form, Takes
from agent.reading.phrases import SUBJECTS, WHEN, clause_starts, is_adverb, is_noun_like, is_verb, phrase_after, phrase_before
from agent.reading.units import Piece, Unit
from agent.reading.words import ADVERBS, AUXILIARIES, CONJUNCTIONS, DETERMINERS, PREPOSITIONS, listed
from vectorstore.sentence import Span

BE = listed("is are was were be been being am 's 're isn't aren't wasn't weren't")
MODALS = AUXILIARIES - BE - listed("has have had having hasn't haven't hadn't 've")
# Verbs that may stand before "to" and the cue: "went on to say", "refused to say".
BEFORE_TO = listed(
    "went continued began refused declined seemed appeared tried sought used wanted hoped failed want wants continues refuses "
    "hesitated hastened on expected likely able forced going has had have plans vowed promised started seems appears hopes"
)
PLURAL = listed("police people they we i you who some many others most few several both men women children those these us all")
COMPLEMENTS = listed("that whether how why if what")
OCCASIONS = listed(
    "statement interview speech email e-mail letter tweet post message briefing conference call report column article op-ed memo "
    "debate rally hearing address video advance filing release appearance response reply testimony note event town "
    "meeting news press phone telephone television radio series recent morning afternoon evening night show"
)
QUOTE_ENDS = (",", "?", "!", "—", "–", "-", "…", ";")


@dataclass(frozen=True, slots=True)
class Found:
    """An attribution before its speaker is known. `speech` is true for a cue that only speech or writing has."""

    source: Span
    cue: Span
    content: tuple[Span, ...]
    direct: bool
    speech: bool


@dataclass(frozen=True, slots=True)
class _Cue:
    lemma: str
    form: Form
    first: int
    last: int
    participle: bool
    takes: frozenset[Takes]


def attributions_in(unit: Unit) -> list[Found]:
    """The attributions of a sentence by their cues, in order."""
    pieces = unit.pieces
    found: list[Found] = []
    subject: tuple[int, int] | None = None
    cues = list(_cues(pieces))
    for cue in cues:
        later = [other for other in cues if other.first > cue.last]
        source, inverted = _source(pieces, cue, subject)
        if source is None:
            continue
        content = _content(pieces, cue, source, inverted, later)
        if not cue.participle:
            subject = source
        if content:
            found.append(_found(pieces, cue, source, content))
    found.extend(_according(pieces))
    return sorted(found, key=lambda one: one.cue)


def _found(pieces: Sequence[Piece], cue: _Cue, source: tuple[int, int], content: Sequence[tuple[int, int]]) -> Found:
    direct = any(piece.kind == "quote" for start, end in content for piece in pieces[start:end])
    return Found(
        _span(pieces, *source),
        _span(pieces, cue.first, cue.last + 1),
        tuple(_span(pieces, start, end) for start, end in content),
        direct,
        cue.lemma in SPEECH,
    )


def _span(pieces: Sequence[Piece], start: int, end: int) -> Span:
    return Span(pieces[start].start, pieces[end - 1].end)


# Cues ---------------------------------------------------------------------------------------------------------------


def _cues(pieces: Sequence[Piece]) -> Iterator[_Cue]:
    for i, piece in enumerate(pieces):
        if piece.is_word and not (piece.capitalised and i > 0) and piece.lower in VERB_FORMS:
            cue = _verb_cue(pieces, i)
            if cue:
                yield cue


def _verb_cue(pieces: Sequence[Piece], i: int) -> _Cue | None:
    lemma, form = VERB_FORMS[pieces[i].lower]
    first = i
    while first > 0 and (
        _is_auxiliary(pieces, first - 1) or is_adverb(pieces[first - 1]) or pieces[first - 1].lower in {"to", "not"}
    ):
        if pieces[first - 1].lower == "to":
            if first < 2 or pieces[first - 2].lower not in BEFORE_TO:
                return None
            first -= 1
        first -= 1
    while first < i and is_adverb(pieces[first]) and pieces[first].lower not in {"not", "never"}:
        first += 1
    group = {pieces[j].lower for j in range(first, i)}
    if "being" in group or (form is Form.PAST and group & BE):
        return None
    before = next((pieces[j] for j in range(first - 1, -1, -1) if not is_adverb(pieces[j])), None)
    if not _fits(pieces, i, first, lemma, form, group, before):
        return None
    takes, last = _complement(pieces, i, lemma)
    if not takes:
        return None
    participle = form is Form.ING and not group & BE
    if participle and before and (before.lower in DETERMINERS or before.lower in {"'s", "of", "for", "to"}):
        return None
    return _Cue(lemma, form, first, last, participle, takes)


def _is_auxiliary(pieces: Sequence[Piece], i: int) -> bool:
    """Whether this is an auxiliary; "'s" is one after a pronoun, and a possessive elsewhere."""
    return pieces[i].lower in AUXILIARIES and (pieces[i].lower != "'s" or (i > 0 and pieces[i - 1].lower in SUBJECTS))


def _fits(
    pieces: Sequence[Piece], i: int, first: int, lemma: str, form: Form, group: set[str], before: Piece | None
) -> bool:
    """Whether the form can be this verb here, and not a noun or a participle before a noun."""
    if before is not None and (before.lower in DETERMINERS - {"that", "which", "who", "all", "some", "many", "others", "most", "few", "this"}):
        return False
    if before is not None and before.lower in {"'s"} | PREPOSITIONS and form is not Form.ING:
        return False
    finite = bool(group & (MODALS | {"has", "have", "had", "to"})) or bool(group & BE)
    if form is Form.BASE and not finite:
        plural = before is not None and (before.lower in PLURAL or (before.lower.endswith("s") and before.is_word) or before.text == ",")
        if not plural or (lemma in ALSO_NOUNS and before is not None and before.lower not in PLURAL and not _clause_follows(pieces, i + 1)):
            return False
    if form is Form.THIRD and lemma in ALSO_NOUNS and before is not None:
        named = before.name or before.lower in listed("he she it who which that") or before.text in {",", ")", "—"}
        return named or _clause_follows(pieces, i + 1) or (i + 1 < len(pieces) and pieces[i + 1].lower in PHRASAL.get(lemma, ()))
    if form is Form.PAST and i + 1 < len(pieces) and pieces[i + 1].lower == "by":
        return False
    return True


def _clause_follows(pieces: Sequence[Piece], i: int) -> bool:
    return i < len(pieces) and (pieces[i].lower in COMPLEMENTS or pieces[i].kind == "quote" or clause_starts(pieces, i))


def _complement(pieces: Sequence[Piece], i: int, lemma: str) -> tuple[frozenset[Takes], int]:
    """What the cue takes here, and the index of its last word."""
    takes = TAKES[lemma]
    following = pieces[i + 1].lower if i + 1 < len(pieces) else ""
    if lemma == "go":
        return (frozenset({Takes.CLAUSE}), i + 1) if following == "on" and _near_quote(pieces, i) else (frozenset(), i)
    if following in PHRASAL.get(lemma, ()):
        if following in COMPLEMENTS:
            return frozenset({Takes.CLAUSE}), i
        clause = {Takes.CLAUSE} if following in {"out", "back", "in"} else set()
        return frozenset({Takes.OBJECT} | clause), i + 1
    if following == "to" and Takes.INFINITIVE in takes:
        return frozenset({Takes.INFINITIVE}), i
    if takes == {Takes.INFINITIVE}:
        return frozenset(), i
    if lemma not in SPEECH and Takes.CLAUSE in takes and Takes.OBJECT not in takes:
        return (takes, i) if _clause_follows(pieces, i + 1) or _near_quote(pieces, i) else (frozenset(), i)
    return takes, i


def _near_quote(pieces: Sequence[Piece], i: int) -> bool:
    return any(piece.kind == "quote" for piece in pieces[max(0, i - 6) : i + 4])


# Sources ------------------------------------------------------------------------------------------------------------


def _source(pieces: Sequence[Piece], cue: _Cue, subject: tuple[int, int] | None) -> tuple[tuple[int, int] | None, bool]:
    """The source as indices, and whether it stands after the cue."""
    if cue.participle:
        return _source_of_participle(pieces, cue, subject), False
    after = _inverted(pieces, cue)
    if after is not None:
        return after, True
    start = phrase_before(pieces, cue.first)
    if start is None:
        joined = cue.first > 0 and pieces[cue.first - 1].lower in {"and", "but", "then", "or", ","}
        return (subject if joined and cue.form is not Form.BASE else None), False
    end = cue.first
    while end - 1 > start and (pieces[end - 1].text in {",", "—", "–"} or is_adverb(pieces[end - 1])):
        end -= 1
    return (start, end), False


def _source_of_participle(
    pieces: Sequence[Piece], cue: _Cue, subject: tuple[int, int] | None
) -> tuple[int, int] | None:
    before = pieces[cue.first - 1] if cue.first else None
    if before is None:
        comma = next((i for i in range(cue.last, len(pieces)) if pieces[i].text == ","), None)
        if comma is None:
            return None
        end = phrase_after(pieces, comma + 1)
        return (comma + 1, end) if end > comma + 1 else None
    if before.is_word and is_noun_like(pieces, cue.first - 1) and before.lower not in WHEN:
        start = phrase_before(pieces, cue.first)
        return (start, cue.first) if start is not None and not subject else subject
    return subject or _main_subject(pieces, cue.first)


def _main_subject(pieces: Sequence[Piece], end: int) -> tuple[int, int] | None:
    """The subject of the first verb before `end`."""
    for i in range(1, end):
        if is_verb(pieces, i) or pieces[i].lower in VERB_FORMS:
            start = phrase_before(pieces, i)
            if start is not None:
                return start, i
    return None


def _inverted(pieces: Sequence[Piece], cue: _Cue) -> tuple[int, int] | None:
    """The source after the cue, as in: "...," said the chief of police, a former officer."""
    if cue.form not in (Form.PAST, Form.THIRD) or cue.lemma not in SPEECH or cue.first != cue.last or cue.first == 0:
        return None
    before = pieces[cue.first - 1]
    if not (before.kind == "quote" or before.text in {",", "—", "–"}):
        return None
    start = cue.last + 1
    end = phrase_after(pieces, start)
    if end <= start or pieces[start].lower in {"that", "it", "there"} or pieces[start].lower in WHEN:
        return None
    follows = pieces[end] if end < len(pieces) else None
    closes = follows is None or follows.text in {".", ",", ";", "—", "–", "?", ":"} or follows.lower in PREPOSITIONS | {"who", "whose"}
    if before.kind != "quote":
        quoted = any(piece.kind == "quote" for piece in pieces[: cue.first])
        has_verb = any(is_verb(pieces, i) for i in range(cue.first - 1))
        if not closes or not has_verb or (not quoted and phrase_before(pieces, cue.first) is not None and follows is not None and follows.text != "."):
            return None
    elif not closes and follows is not None and is_verb(pieces, end) and follows.lower not in VERB_FORMS:
        return None
    return start, _with_apposition(pieces, end)


def _with_apposition(pieces: Sequence[Piece], end: int) -> int:
    """The end of a source with the apposition that closes the sentence: "said Ann Lee, head of the school"."""
    if end < len(pieces) and pieces[end].text == "," and end + 1 < len(pieces):
        first = pieces[end + 1]
        stop = next((i for i in range(end + 1, len(pieces)) if pieces[i].kind == "quote" or pieces[i].text in {".", ";", "—"}), len(pieces))
        stop = stop - 1 if pieces[stop - 1].text in {",", ":"} else stop
        opens = first.lower in DETERMINERS | {"who", "whose"} or is_noun_like(pieces, end + 1)
        participle = first.lower.endswith("ing") and first.lower in VERB_FORMS
        if opens and not participle and stop > end + 1 and first.lower not in CONJUNCTIONS and not clause_starts(pieces, end + 1):
            cut = next((i for i in range(end + 1, stop) if pieces[i].text == "," and pieces[i + 1].lower.endswith("ing")), stop)
            return cut
    return end


# Content ------------------------------------------------------------------------------------------------------------


def _content(
    pieces: Sequence[Piece], cue: _Cue, source: tuple[int, int], inverted: bool, later: Sequence[_Cue]
) -> list[tuple[int, int]]:
    left_end = cue.first if inverted or cue.participle else source[0]
    left = None if cue.participle else _left(pieces, left_end, cue, inverted)
    start = source[1] if inverted else cue.last + 1
    if left is not None:
        right = _right_of_left(pieces, start, left)
        return [left, right] if right else [left]
    right = _right(pieces, cue, start, later)
    return [right] if right else []


def _left(pieces: Sequence[Piece], end: int, cue: _Cue, inverted: bool) -> tuple[int, int] | None:
    """Content before source and cue: a quotation that ends there, or a clause and a comma."""
    if end == 0 or Takes.CLAUSE not in cue.takes | ({Takes.CLAUSE} if Takes.RECIPIENT in cue.takes else set()):
        return None
    before = pieces[end - 1]
    stop = end - 1 if before.text in {",", "—", "–", "-"} and before.kind == "mark" else end
    if stop == 0:
        return None
    start = _left_start(pieces, stop)
    quote = pieces[stop - 1]
    if quote.kind == "quote":
        inner = quote.text.rstrip("”’\"'»“` ")
        if stop < end or inner.endswith(QUOTE_ENDS) or (start == stop - 1 and (inverted or _ends_soon(pieces, cue.last + 1))):
            if len(inner) > 12 or start < stop - 1 or inner.endswith(("?", "!")) or inverted:
                return start, stop
        return None
    if stop == end or cue.lemma not in SPEECH:
        return None
    has_verb = any(is_verb(pieces, i) for i in range(start, stop))
    first = pieces[start]
    if not has_verb or first.lower in PREPOSITIONS | CONJUNCTIONS - {"but", "and"} or first.lower.endswith("ing"):
        return None
    if inverted or _ends_soon(pieces, cue.last + 1):
        return start, stop
    return None


def _left_start(pieces: Sequence[Piece], stop: int) -> int:
    start = 0
    for i in range(stop - 1):
        if pieces[i].text in {";", ":"} and pieces[i].kind == "mark":
            start = i + 1
    if start < stop - 1 and pieces[start].lower in {"but", "and", "still", "yet", "so"}:
        start += 1
        if start < stop - 1 and pieces[start].text == ",":
            start += 1
    return start


def _ends_soon(pieces: Sequence[Piece], start: int) -> bool:
    """Whether nothing that could be content follows: the end, a comma, or when and where it was said."""
    if start >= len(pieces) or pieces[start].text in {".", ",", ";", "—", "–", "?", "!"}:
        return True
    word = pieces[start].lower
    return word in WHEN or word in {"in", "on", "at", "during", "of", "to", "after", "last", "this", "as", "earlier", "when", "while", "from"}


def _right_of_left(pieces: Sequence[Piece], start: int, left: tuple[int, int]) -> tuple[int, int] | None:
    """What goes on after source and cue in the middle: "...," he said, "..."."""
    for i in range(start, len(pieces)):
        if pieces[i].kind == "quote" and i > start and (pieces[i - 1].text in {",", ":", ".", "—", "–", "that", "and"} or len(pieces[i].text) > 40):
            return _trimmed(pieces, i, len(pieces))
    if start + 1 < len(pieces) and pieces[start].text == "," and is_verb(pieces, start + 1):
        return _trimmed(pieces, start + 1, len(pieces))
    return None


def _right(pieces: Sequence[Piece], cue: _Cue, start: int, later: Sequence[_Cue]) -> tuple[int, int] | None:
    end = len(pieces)
    clausal = Takes.CLAUSE in cue.takes or Takes.RECIPIENT in cue.takes
    if Takes.RECIPIENT in cue.takes:
        start = _over_recipient(pieces, start)
    elif clausal:
        start = _over_adjunct(pieces, start)
    while start < end and pieces[start].kind == "mark" and pieces[start].text in {",", ":", "—", "–", "-"}:
        start += 1
    for other in later:
        cut = _cut_before(pieces, other, start)
        if cut is not None:
            end = min(end, cut)
    for i in range(start, end):
        if pieces[i].text == ";" and pieces[i].kind == "mark":
            end = i
            break
        if pieces[i].lower == "according" and i + 1 < end and pieces[i + 1].lower == "to":
            end = i
            break
    if not clausal and Takes.INFINITIVE not in cue.takes:
        end = _object_end(pieces, start, end)
    return _trimmed(pieces, start, end)


def _over_recipient(pieces: Sequence[Piece], start: int) -> int:
    limit = min(len(pieces), start + 25)
    for i in range(start, limit):
        if pieces[i].kind == "quote" and len(pieces[i].text) > 30:
            return i
        if pieces[i].lower in COMPLEMENTS | {"to"} and i > start and pieces[i].kind == "word":
            return i
        if pieces[i].text in {":", ","} and pieces[i].kind == "mark":
            return i + 1
        if is_verb(pieces, i):
            break
    after = phrase_after(pieces, start)
    if after < len(pieces) and pieces[start].lower in listed("him her them me us you") or start + 1 < len(pieces) and pieces[start].lower == "reporters":
        return start + 1
    return after if after < len(pieces) and not is_verb(pieces, after) else start + 1


def _over_adjunct(pieces: Sequence[Piece], start: int) -> int:
    """Past "on Wednesday", "in a statement", "to reporters": up to "that" or a quotation if it comes soon, else as far as known."""
    i = start
    limit = min(len(pieces), start + 16)
    while i < limit and is_adverb(pieces[i]):
        i += 1
    if i < limit and (pieces[i].lower in WHEN or pieces[i].lower in {"last", "this", "earlier"} or (pieces[i].lower in PREPOSITIONS and pieces[i].is_word)):
        for j in range(i, limit):
            if pieces[j].lower == "that" and j > i and pieces[j - 1].lower not in PREPOSITIONS:
                return j
            if pieces[j].kind == "quote" and len(pieces[j].text) > 25:
                return j
            if pieces[j].text in {",", ":"} or (is_verb(pieces, j) and j > i):
                break
        if pieces[i].lower in WHEN:
            return _over_adjunct(pieces, i + 1)
        if pieces[i].lower in {"on", "last", "this", "late", "early"} and i + 1 < limit and (
            pieces[i + 1].lower in WHEN or pieces[i + 1].lower in {"week", "month", "year", "night", "morning"}
        ):
            return _over_adjunct(pieces, i + 2)
        if pieces[i].lower in {"in", "during", "on", "at", "through", "via", "to"}:
            end = phrase_after(pieces, i + 1)
            if any(piece.lower in OCCASIONS or piece.lower == "reporters" for piece in pieces[i + 1 : end]):
                return _over_adjunct(pieces, end)
    return i


def _cut_before(pieces: Sequence[Piece], other: _Cue, start: int) -> int | None:
    """Where the content of an earlier cue ends because this later one is not inside it."""
    if other.first <= start:
        return None
    before = pieces[other.first - 1]
    if other.participle:
        return other.first - 1 if before.text == "," or before.kind == "quote" else None
    if before.lower == "and" and other.form is Form.PAST and other.lemma in SPEECH:
        return other.first - 1
    source = phrase_before(pieces, other.first)
    if source is None or source - 2 < start:
        return None
    if pieces[source - 1].lower in {"but", "while", "though", "although"} and pieces[source - 2].text in {",", ";"}:
        return source - 2
    return None


def _object_end(pieces: Sequence[Piece], start: int, end: int) -> int:
    for i in range(start + 1, end):
        word = pieces[i]
        if word.kind == "mark" and word.text in {",", "—", "–", "(", ";"} and i > start + 1:
            if word.text == "," and i + 1 < end and (pieces[i + 1].kind == "quote" or (is_noun_like(pieces, i + 1) and i + 2 < end and pieces[i + 2].text == ",")):
                continue
            return i
        if word.lower in listed("when while after before because although though until") and word.is_word:
            return i
        if word.lower in {"and", "but"} and i + 1 < end and (is_verb(pieces, i + 1) or clause_starts(pieces, i + 1)):
            return i
    return end


def _trimmed(pieces: Sequence[Piece], start: int, end: int) -> tuple[int, int] | None:
    while end > start and pieces[end - 1].kind == "mark" and pieces[end - 1].text in ".,;:—–-!":
        end -= 1
    while start < end and pieces[start].kind == "mark" and pieces[start].text in ".,;:—–-":
        start += 1
    return (start, end) if end > start else None


# According to -------------------------------------------------------------------------------------------------------


def _according(pieces: Sequence[Piece]) -> Iterator[Found]:
    for i in range(len(pieces) - 2):
        if pieces[i].lower != "according" or pieces[i + 1].lower != "to":
            continue
        end = next(
            (j for j in range(i + 2, len(pieces)) if pieces[j].kind == "quote" or pieces[j].text in {",", ";", ".", "—"} and not _shortened(pieces, j)),
            len(pieces),
        )
        left = _trimmed(pieces, _left_start(pieces, i) if i else 0, i)
        if left and len(left) and left[1] - left[0] <= 1 and pieces[left[0]].lower in ADVERBS | CONJUNCTIONS:
            left = None
        right = _trimmed(pieces, end, len(pieces)) if left is None or end < len(pieces) and pieces[end].text == "," and end + 1 < len(pieces) and is_verb(pieces, end + 1) else None
        content = [part for part in (left, right) if part]
        if content and end > i + 2:
            direct = any(piece.kind == "quote" for start, stop in content for piece in pieces[start:stop])
            yield Found(
                _span(pieces, i + 2, end), _span(pieces, i, i + 2), tuple(_span(pieces, *part) for part in content), direct, True
            )


def _shortened(pieces: Sequence[Piece], i: int) -> bool:
    return pieces[i].text == "." and i + 1 < len(pieces) and pieces[i + 1].capitalised and len(pieces[i - 1].text) <= 4
