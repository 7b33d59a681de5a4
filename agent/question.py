"""What a question asks for: which outlets it names, which names it turns on, and what kind of answer it wants."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from agent.credited import credited_unheld
from agent.hours import Hour, hours_in, without_hours
from agent.near import NEAR
from agent.reading.names import names_in
from agent.reading.words import QUESTION_WORDS
from agent.terms import terms
from vectorstore.outlets import HeldOutlets, is_acronym
from vectorstore.readers.metadata import moment
from vectorstore.sentence import sentence_spans

TIME = re.compile(r"\bwhen\b|\bwhat (?:day|date|time|year|hour)\b|\bhow (?:long ago|soon)\b|\bat what\b", re.IGNORECASE)
SPAN = re.compile(r"\bhow long\b(?! ago)|\bfor how (?:long|many (?:minutes|hours|days|nights|weeks|months|years))\b", re.IGNORECASE)
PLACE = re.compile(r"\bwhere(?:abouts)?\b|\b(?:in|at) (?:what|which) (?:place|city|town|country|street|port)\b", re.IGNORECASE)
AGE = re.compile(r"\bhow old\b|\bwhat age\b", re.IGNORECASE)
FIRST = re.compile(
    r"\b(?:which|what) (?:outlets?|papers?|newspapers?|media|stations?)\b.*\b(?:first|earliest)\b"
    r"|\bwho (?:reported|published|printed|broke|covered|had|wrote)\b.*\bfirst\b|\bwho (?:first|was (?:the )?first to) "
    r"(?:report|publish|print|br[eo]ke?|cover|write|wrote|ha[dv]e?)",
    re.IGNORECASE,
)
# What only shapes a question, and stands in no article for it: "how long did it last", "which outlet was first".
HOW = re.compile(r"\bhow (?:long|old|soon|often|late)\b(?: ago\b)?", re.IGNORECASE)
LASTING = re.compile(r"\b(?:last|lasted|take|took)\b", re.IGNORECASE)
COMING_FIRST = re.compile(r"\b(?:first|earliest|broke|break)\b", re.IGNORECASE)
NUMBER = re.compile(
    r"\bhow (?:many|much|far|big|large|high|old|often)\b|\bnumber of\b"
    r"|\b(?:what|which) (?:\w+ ){0,3}(?:number|figure|toll|amount|price|share|count|fine|total|percentage|proportion)\b",
    re.IGNORECASE,
)
COUNT = re.compile(r"\bhow many\b|\bnumber of\b", re.IGNORECASE)
SPEAKER = re.compile(
    r"\b(?:who|which \w+) (?:says?|said|claims?|claimed|told|denies|denied)\b|\baccording to wh|\bon whose\b", re.IGNORECASE
)
WHY = re.compile(
    r"\bwhy\b|\bhow come\b|\bwhat (?:caused|led to|sparked|triggered|is behind|was behind|(?:is|was) the (?:cause|reason))"
    r"|\b(?:reasons?|motives?|grounds) (?:for|of|why|did|does|do|was|were|is|are)\b",
    re.IGNORECASE,
)
YES_OR_NO = re.compile(r"\W*(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should)\b", re.IGNORECASE)
CONTRAST = re.compile(
    r"\b(?:differ|disagree|compare|contrast|conflict|versus|vs|contradict|dispute|agree)\w*\b"
    r"|\b(?:each|different|other|the|all|which) outlets?\b|\boutlets\b",
    re.IGNORECASE,
)
# Words that only a publication does, and words that a publication and a person do.
PRINTING = r"report|publish|print|cover|run|carry|headline"
SAYING = r"say|write|claim|mention|call|describe|put|quote|name"
NAME = r"((?:the )?[A-Z][\w&.’'-]*(?: (?:of |the |and |and the |or |or the )?[A-Z][\w&.’'-]*)*)"
PRINTED_BY = re.compile(
    rf"\b(?:[Dd]id|[Dd]oes|[Dd]o|[Hh]as|[Hh]ad) {NAME} (?:{PRINTING})|\b(?:reported|published|printed|covered|written) (?:by|in) {NAME}"
    rf"|\b{NAME}(?:'s|’s) (?:report|article|coverage|story|headline|version)"
)
SAID_BY = re.compile(
    rf"\b(?:[Dd]id|[Dd]oes|[Dd]o|[Hh]as|[Hh]ad) (?:(?:the |a )?(?:[a-z-]+ ){{0,3}})?{NAME} (?:{SAYING})|\baccording to {NAME}"
    rf"|\b{NAME} (?:says|said|wrote|writes)\b"
)
# Somebody whose office or trade is told and no name: "what does the fire chief say".
SAID_BY_ROLE = re.compile(
    r"\bwhat (?:else )?(?:did|does|do|has|have) (?:the|a|an|his|her|their|its) (?P<role>(?:[\w’'-]+ ){1,5}?)"
    r"(?:say|said|claim|claimed|tell|told|think|write|written|announce|announced|demand|answer|reply)\b",
    re.IGNORECASE,
)
# Outlets are set against each other; so are persons.
COMPARED = re.compile(
    rf"\b(?:[Dd]o|[Dd]id|[Dd]oes) {NAME}(?= (?:both )?(?:agree|disagree|differ|conflict|contradict))"
    rf"|\b(?:agree|disagree|differ|conflict)s? (?:with|from) {NAME}|\bcontradicts? {NAME}"
    rf"|\b[Cc]ompare {NAME}|\b[Cc]ompare [^?.]*? (?:with|to|against) {NAME}"
    rf"|\bdiffer\w* between {NAME}|\b(?:dis)?agree\w* between {NAME}|{NAME} (?:versus|vs\.?)(?= )|\b(?:versus|vs\.?) {NAME}"
)
# A name of two words with one of these is a publication's, known or not.
PUBLICATION = re.compile(
    r"\b(?:Broadcasting|Bulletin|Chronicle|Courier|Daily|Dispatch|Examiner|Gazette|Globe|Herald|Inquirer|Journal|Ledger|Magazine|Mail|Messenger"
    r"|News|Newspaper|Observer|Post|Radio|Standard|Telegraph|Television|Times|Tribune|TV|Weekly)\b"
)
MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
YEAR, ORDINAL = r"(?:,? \d{4})?", r"\d{1,2}(?:st|nd|rd|th)?"
DAY = rf"(\d{{4}}-\d\d-\d\d|{ORDINAL} (?:of )?{MONTH}{YEAR}|{MONTH} {ORDINAL}{YEAR})"
CLOCK = re.compile(r"\b(?:at )?what time\b", re.IGNORECASE)
# The words between a question word and its verb: "how many US soldiers are", "what was the weather like on".
VERBS = (
    r"is|are|was|were|do|does|did|has|have|had|will|would|can|could|in|of|on|at|for|from|took|take|came|come|went|go|made|make|got|get"
    r"|like|according|according|by|to|that|who|which|there|per"
)
FOCUS = re.compile(
    rf"\b(?:how many|(?:what|how (?:large|big|high)) (?:is|was|are|were) the|which) ((?:(?!(?:{VERBS})\b)[\w’'-]+ ?){{1,4}})",
    re.IGNORECASE,
)
# What somebody is asked to have spoken about.
ABOUT = re.compile(r"\b(?:say|said|claim|claimed|told|tell|write|wrote)\b(?: about| of| on| that)? (.+)", re.IGNORECASE)
ANYTHING = frozenset(terms("people person persons times time number figure amount money outlets outlet sources source"))
# What is said to the program and not asked of the coverage.
PRONOUN = re.compile(r"\b(?:he|she|it|they|him|her|them|his|their|this|that|these|those)\b", re.IGNORECASE)
TO_PROGRAM = re.compile(r"^\W*(?:ignore|disregard|forget|pretend)\b|\byour (?:\w+ )?(?:rules|prompt|instructions|system)\b", re.IGNORECASE)
# Words that ask, and name nothing that an article would.
ASKING = frozenset(
    terms(
        "report article outlet outlets account accounts describe differ different disagree compare conflict conflicts contradict agree "
        "give gives number numbers much many day date time tell name newspaper paper coverage cover story say said according version "
        "write print publish run carry mention mentions mentioned anybody anyone somebody someone anything "
        "something everybody everyone nobody"
    )
)
# These too, unless nothing else is asked: "how long did it last", "what percentage of".
LIGHT = frozenset(terms("happen happened happening occur occurred last lasted percent percentage proportion share involved"))
DOMAIN = re.compile(r"\.(?:com|org|net|co\.uk|news|info|example|[a-z]{2})$")


@dataclass(frozen=True, slots=True)
class Question:
    """`outlets` are held and named; `unheld` are named as publications and not held; `speakers` may be either or persons.

    `wants_span` is how long, `wants_first` which outlet was first. `roles` are speakers by what they are ("fire chief"). `terms` are the
    words that an answer is about; `focus` those of them without which it is none ("women" in "how many women"). In a talk `topic` is the
    question that this one goes on from, and `context` are the words of that which an answer's article has, or all that is searched is
    about them (`settled`): see agent/follow_up.py. `hours` are those of the day that the question names.
    """

    text: str
    outlets: tuple[str, ...]
    unheld: tuple[str, ...]
    speakers: tuple[str, ...]
    names: tuple[str, ...]
    terms: tuple[str, ...]
    focus: tuple[str, ...]
    wants_time: bool
    wants_clock: bool
    wants_number: bool
    wants_speaker: bool
    wants_contrast: bool
    asks_why: bool = False
    roles: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    topic: str = ""
    settled: bool = False
    hours: tuple[Hour, ...] = ()
    wants_span: bool = False
    wants_place: bool = False
    wants_age: bool = False
    wants_first: bool = False

    @property
    def counts(self) -> bool:
        return COUNT.search(self.text) is not None

    @property
    def yes_or_no(self) -> bool:
        return YES_OR_NO.match(self.text) is not None

    def about(self, part: str) -> Question:
        """The same question of only a part of its words."""
        kept = frozenset(terms(part))
        names = tuple(name for name in self.names if kept.issuperset(terms(name)))
        return replace(
            self, names=names, terms=tuple(term for term in self.terms if term in kept), focus=tuple(t for t in self.focus if t in kept)
        )


def read_question(text: str, held: HeldOutlets) -> Question:
    """Reads a question against the outlets held and those that the registry knows. On days see agent/planning.py."""
    text = about_coverage(text)
    printing, saying, compared = (_captured(pattern, text, held) for pattern in (PRINTED_BY, SAID_BY, COMPARED))
    called = {name: _called(name, text, held) for name in held.names}
    # A word that only a publication does makes any spelling an outlet's; with others it must be one that the registry writes so.
    for name in (*printing, *(name for name in (*saying, *compared) if held.known(name))):
        for outlet in held.meant(name):
            called[outlet] = (*called[outlet], name)
    for outlet, name in _short_names(text, tuple(held.names)):
        called[outlet] = (*called[outlet], name)
    outlets = [outlet for outlet, names in called.items() if names]
    said_as = [name for outlet in outlets for name in (outlet, *called[outlet])]
    known = {core(name) for name in (*said_as, *(initials(outlet) for outlet in outlets)) if name}
    roles = [] if outlets else [match["role"].strip() for match in SAID_BY_ROLE.finditer(text)]
    publications = [*printing, *(name for name in (*saying, *compared) if _is_publication(name, held))]
    unheld_by_core = {core(name): name for name in (*credited_unheld(text, held), *publications) if core(name) not in known}
    unheld = list(unheld_by_core.values())
    speakers = [name for name in saying if core(name) not in known and name not in unheld]
    about = [
        name
        for name in names_in(text)
        if core(name) not in known and not any(core(name) in core(other) for other in unheld) and not _part_of(name, outlets)
    ]
    hours = hours_in(text)
    outside = {term for name in (*said_as, *unheld) for term in terms(name)}
    content = [term for term in dict.fromkeys(terms(without_hours(without_asking(text)))) if term not in outside and term not in ASKING]
    said = ABOUT.search(text) if speakers or roles else None
    topic = [term for term in content if term in terms(said[1])] if said else content
    topic = [term for term in topic if term not in LIGHT] or topic
    who = bool(SPEAKER.search(text))
    return Question(
        text,
        tuple(outlets),
        tuple(unheld),
        tuple(speakers),
        tuple(about),
        tuple(topic or content),
        () if who else tuple(term for term in _focus(text) if term in content),
        bool(TIME.search(text)),
        bool(CLOCK.search(text)),
        bool(NUMBER.search(text)),
        who,
        bool(CONTRAST.search(text)) or len(outlets) > 1,
        bool(WHY.search(text)),
        tuple(roles),
        hours=hours,
        wants_span=bool(SPAN.search(text)),
        wants_place=bool(PLACE.search(text)),
        wants_age=bool(AGE.search(text)),
        wants_first=bool(FIRST.search(text)),
    )


def without_asking(text: str) -> str:
    """The text without words that only shape the question; all of it if nothing else would be left."""
    short = LASTING.sub(" ", text) if SPAN.search(text) else text
    short = HOW.sub("how", COMING_FIRST.sub(" ", short) if FIRST.search(short) else short)
    return short if terms(short) else text


def about_coverage(text: str) -> str:
    """The part of the input that asks about the coverage: no control characters or chat tokens, and where there are sentences
    with a question mark, only those."""
    visible = "".join(character if character.isprintable() else " " for character in re.sub(r"\x1b\[[0-9;]*[A-Za-z]", " ", text))
    plain = re.sub(r"<\|[^|>]*\|>|\[/?INST\]|<<?/?SYS>?>", "\n", visible)
    # A point may stand after an initial or an abbreviation; the other marks end a sentence whatever follows.
    blocks = re.split(r"(?<=[!?])\s+|\n", plain)
    sentences = [block[span.start : span.end] for block in blocks for span in sentence_spans(block)]
    ours = [sentence for sentence in sentences if not TO_PROGRAM.search(sentence)]
    asked = [number for number, sentence in enumerate(ours) if sentence.endswith("?")]
    # "It resigned, I read. Why did it?": a pronoun needs the sentence before.
    kept = {*asked, *(number - 1 for number in asked if number and PRONOUN.search(ours[number]))}
    return " ".join(ours[number] for number in sorted(kept)) if asked else " ".join(ours)


def _focus(text: str) -> tuple[str, ...]:
    """The noun that the question word asks for: the last content word before the verb."""
    match = FOCUS.search(text)
    if match is None:
        return ()
    words = [term for term in terms(match[1]) if term not in ASKING]
    if words and words[-1] not in ANYTHING:
        return (words[-1],)
    # "How many people were killed": people are killed, arrested, hurt; the verb says which are counted.
    verbs = terms(text[match.end() :])[:1]
    return tuple(verb for verb in verbs if verb in NEAR)


def day_of(written: str, year: int | None) -> date | None:
    """The day that a match of DAY means; `year` completes one without."""
    plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)|\bof ", "", written)
    iso = moment(plain if re.search(r"\d{4}", plain) else f"{plain} {year or ''}")
    return date.fromisoformat(iso[:10]) if iso else None


def _captured(pattern: re.Pattern[str], text: str, held: HeldOutlets) -> list[str]:
    """The names that stand in its place, each of "X or Y" and of "X and Y" by itself, but The Globe and Mail as one."""
    found: dict[str, None] = {}
    for match in pattern.finditer(text):
        for joined in re.split(r",? or (?:the )?", next(filter(None, match.groups()))):
            parts = joined.split(" and ")
            start = 0
            while start < len(parts):
                ends = (end for end in range(len(parts), start + 1, -1) if held.known(" and ".join(parts[start:end])))
                end = next(ends, start + 1)
                found[re.sub(r"^(?:Compare|Contrast|Show|Find|List) |(?:'s|’s)$", "", " and ".join(parts[start:end]))] = None
                start = end
    return [name for name in found if name and name.split()[0].lower() not in QUESTION_WORDS]


def core(name: str) -> str:
    """The name in small letters, without "the" before it and a domain's ending."""
    return DOMAIN.sub("", re.sub(r"^the ", "", name.strip().lower()))


def initials(name: str) -> str:
    """ "TST" for "Torvany State Television"; nothing for fewer than three words."""
    words = [word for word in re.findall(r"[\w’']+", name) if word[0].isupper() and word != "The"]
    return "".join(word[0] for word in words) if len(words) >= 3 else ""


def _called(outlet: str, text: str, held: HeldOutlets) -> tuple[str, ...]:
    """The names of an outlet held by which a text has it."""
    names = [name for name in held.names[outlet] if _stands(name, outlet, text, held)]
    short = initials(outlet)
    if short and (re.search(rf"(?<!\w){short}(?!\w)", text) is not None or _speaks_as(short, text)):
        names.append(short)
    return tuple(names)


def _speaks_as(name: str, text: str) -> bool:
    """Whether the name stands where an outlet speaks ("did the Flash say", "the nyt's report"), in small letters if all of the text is."""
    own = re.escape(name.lower() if text == text.lower() else name)
    speaking = (
        rf"\b(?:did|does|do|has|had) (?:the )?{own} (?:{PRINTING}|{SAYING})|\baccording to (?:the )?{own}(?!\w)"
        rf"|\bthe {own}(?:'s|’s) (?:report|article|coverage|story|headline|version)"
    )
    return re.search(speaking, text) is not None


def _short_names(text: str, held: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Outlets held of which only the last words are said: "State Television", or "the Gazette" of a single word. Only where no other
    outlet held ends so, and where no further word with a capital makes it another name."""
    ends: dict[str, set[str]] = {}
    for outlet in held:
        parts = outlet.split()
        for number in range(1, len(parts)):
            ends.setdefault(" ".join(parts[number:]), set()).add(outlet)
    for end, outlets in ends.items():
        if len(outlets) == 1 and _speaks_as(end, text):
            yield next(iter(outlets)), end.lower() if text == text.lower() else end
        elif len(outlets) == 1 and end[0].isupper() and PUBLICATION.search(end):
            for match in re.finditer(rf"(?<!\w){re.escape(end)}(?![\w-]| (?:of )?[A-Z])", text):
                before = text[: match.start()].split()[-1:]
                if before in (["the"], ["The"]) or (" " in end and (len(text[: match.start()].split()) < 2 or before[0].islower())):
                    yield next(iter(outlets)), end
                    break


def _stands(name: str, outlet: str, text: str, held: HeldOutlets) -> bool:
    own = core(name)
    if not own or own not in text.lower():
        return False
    # "The Standard" inside "The Lissen Standard" is the longer one.
    longer = {core(other) for other, names in held.names.items() if other != outlet for other in names}
    rest = text
    for other in sorted((other for other in longer if own in other and own != other), key=len, reverse=True):
        rest = re.sub(re.escape(other), " ", rest, flags=re.IGNORECASE)
    if is_acronym(name):
        return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", rest) is not None or _speaks_as(name, rest)
    found = re.finditer(rf"(?<!\w){re.escape(own)}(?!\w)", rest, re.IGNORECASE)
    # Of one word it may be a plain word as well ("at what time"): then it must have its capital, if the text has any.
    plain = " " in own or "." in name or text == text.lower()
    return any(plain or match[0][:1].isupper() or name[:1].islower() for match in found)


def _is_publication(name: str, held: HeldOutlets) -> bool:
    return held.known(name) or DOMAIN.search(name) is not None or (" " in name and PUBLICATION.search(name) is not None)


def _part_of(name: str, outlets: Sequence[str]) -> bool:
    return any(core(name) in core(outlet) for outlet in outlets)
