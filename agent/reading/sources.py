"""What kind of source somebody is, by the words an article uses of them. Lists of ours: no name of a
person, party, paper or country stands in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Literal, get_args

from agent.reading import Attribution
from agent.reading.names import HONORIFICS
from agent.reading.words import CONJUNCTIONS, PREPOSITIONS, listed
from vectorstore.sentence import Span

SourceType = Literal[
    "official", "police or rescue", "military", "party or campaign", "company", "NGO or union", "expert", "eyewitness", "private person",
    "document", "anonymous", "other media", "unknown",
]  # fmt: skip
SOURCE_TYPES: tuple[SourceType, ...] = get_args(SourceType)

NAMELESS = re.compile(
    r"\b(?:anonym\w+|unnamed|insiders?|(?:people|persons?|someone|those) (?:familiar|close|briefed|with knowledge|who know)"
    r"|not to be (?:named|identified)|declined to be (?:named|identified)|not authori[sz]ed to|sources?)\b",
    re.IGNORECASE,
)
# What makes a type wherever it stands among the words of a source; two words at most.
TELLING_WORDS: dict[SourceType, str] = {
    "document": (
        "document record report memo memorandum letter filing indictment affidavit transcript log video footage recording email "
        "dossier ruling lawsuit court_papers court_documents poll survey study data figures statistics website diary ledger"
    ),
    "expert": (
        "professor analyst economist researcher scientist historian academic scholar strategist forecaster expert "
        "epidemiologist criminologist seismologist geologist meteorologist engineer sociologist psychologist institute "
        "think_tank university lecturer specialist consultant observatory pollster virologist doctor surgeon dr"
    ),
    "military": (
        "general colonel admiral lieutenant brigadier commander army navy military troops soldier air_force armed_forces "
        "marines regiment battalion militia chief_of_staff rebels fighters"
    ),
    "police or rescue": (
        "police sheriff detective constable firefighter fireman fire_chief fire_officer fire_brigade fire_service "
        "fire_department coastguard coast_guard paramedic ambulance rescuer rescue_service rescue_services investigator "
        "customs_officer prison border_guard incident_commander superintendent lifeboat"
    ),
    "party or campaign": ("campaign candidate nominee party caucus convention national_committee opposition pac delegate running_mate"),
    "company": (
        "company firm corporation chief_executive ceo cfo inc ltd plc operator owner insurer shareholder employer manufacturer "
        "airline tycoon businessman businesswoman billionaire entrepreneur magnate mogul managing_director trader broker "
        "supplier retailer brewery shipyard bank"
    ),
    "NGO or union": (
        "union charity watchdog rights_group aid_group aid_agency activist campaigner foundation nonprofit non-profit ngo "
        "red_cross red_crescent association federation shop_steward steward advocate advocacy_group church bishop organiser "
        "organizer alliance network coalition advocates"
    ),
    "official": (
        "minister ministry mayor governor senator congressman congresswoman lawmaker legislator mp government administration "
        "premier chancellor justice chief_justice ambassador envoy embassy prosecutor judge court magistrate attorney_general "
        "district_attorney council councillor parliament authority authorities official department commissioner inspector "
        "inspectorate harbour_master harbourmaster regulator white_house palace cabinet congress senate state_department "
        "municipality commission agency embassy supreme_court foreign_office secretary_of secretary-general representative "
        "speaker_of undersecretary port_office central_bank coroner committee kremlin pentagon gov sen rep u.s._attorney"
    ),
    "eyewitness": (
        "witness eyewitness resident neighbour neighbor survivor passenger bystander villager onlooker who_saw who_heard who_lives "
        "who_survived who_witnessed"
    ),
    "private person": (
        "shopkeeper mother father wife husband widow widower son daughter brother sister friend relative family driver patient student "
        "pupil teacher voter farmer fisherman worker employee docker dockworker miner nurse tourist guest spectator customer protester "
        "demonstrator crew parent plaintiff defendant retiree"
    ),
    "other media": (
        "newspaper news_agency broadcaster tabloid magazine television radio tv journalist reporter correspondent columnist "
        "editor blog news_channel newscast daily herald gazette tribune"
    ),
}
TELLING = {word.replace("_", " "): kind for kind, words in TELLING_WORDS.items() for word in words.split()}
# Offices that say little: what they are of or for tells more, and only alone they count for this.
WEAK: dict[str, SourceType] = {
    "president": "official", "vice president": "official", "prime minister": "official", "secretary": "official", "king": "official",
    "captain": "police or rescue", "sergeant": "police or rescue", "chief": "unknown", "attorney": "unknown", "lawyer": "unknown",
    "director": "unknown", "chairman": "unknown", "spokesman": "unknown",
    "spokeswoman": "unknown", "spokesperson": "unknown", "statement": "document", "paper": "document", "post": "document",
}  # fmt: skip
LONGEST_TERM = 2
# "General" is an officer's rank before a name, and no rank in "attorney general" or "general hospital".
NO_GENERAL = listed("attorney secretary director surgeon solicitor inspector")
OF_ALL = listed("hospital election manager secretary strike counsel assembly public council fund")
BESIDE_POINT = ("document", "other media")
GENERIC = listed("official representative committee commission department agency authority")
# Where what the source is ends, and what it is of, or what it did, begins; "who lives" and the like say what it is.
ENDS_HEAD = re.compile(
    r"[,(]|(?<!\S)(?:of|for|at|in|from|with|on|to|about|by|which|that|whose|who(?! (?:saw|heard|lives|survived|witnessed)))(?!\S)"
)
HEAD_OF_STATE = re.compile(r"(?:the |then-|former |ex-)*(?:vice )?(?:president|press secretary|secretary)\b(?! of\b)", re.IGNORECASE)
# "Treasury Secretary Ida Moll" holds an office of state; of a club or a union one is a secretary without its capital, or a general one.
SECRETARY = re.compile(r"\b(?!General|Executive|Honorary|Press|Union|Club|Party)[A-Z][a-z]+ Secretary\b(?! of\b)")
# An apposition, or an age before one: it says anew what the source is.
SET_OFF = re.compile(r"[,(]\s*(?:\d+\s*,\s*)?")
RELATIVE = re.compile(r"(?:who(?! (?:saw|heard|lives|survived|witnessed))|whose|which|that)\b")
SAYING = re.compile(
    r"(?<!\S)(?:said|says|told|tells|added|wrote|writes|called|asked|expressed|announced|spoke|speaking|argued|put|claimed|warned)(?!\S)"
)
# A name that ends like that of a paper or station.
MEDIUM = re.compile(r"\b[A-Z][\w.]* (?:News|Times|Post|Journal|Radio|TV|Television|Herald|Gazette|Tribune|Telegraph|Observer|Chronicle)$")
BEFORE = re.compile(r"(?:[\w.’'-]+[^\S\n]+){1,6}$")
AFTER = re.compile(r"\s*,\s+((?:(?:a|an|the|who|his|her|its|their|one|head|chief|former)\b|[a-z])[^.;:“”\"\n]{2,120}?)(?=[,.;:)“\"\n]|$)")
MOST_PLACES = 6
# Characters that say who somebody is. What goes on for longer is no description; each part of it that is set off would be looked at anew.
LONGEST_DESCRIPTION = 500


def source_type(words: str, outlets: Iterable[str] = ()) -> SourceType:
    """The type of a source by words that say who it is; `outlets` are the names of news outlets that are known.

    What the source is itself counts first, then what it is of or for: "a spokesman for the coal company" is a company's, "a professor at
    the police academy" is an expert. "unknown" if nothing tells.
    """
    if NAMELESS.search(words):
        return "anonymous"
    bare = " ".join(words[:LONGEST_DESCRIPTION].split())
    cut = min((found for found in (ENDS_HEAD.search(bare), SAYING.search(bare)) if found), key=lambda found: found.start(), default=None)
    head, rest = (bare[: cut.start()], bare[cut.start() :]) if cut else (bare, "")
    if MEDIUM.search(head) or any(re.search(rf"(?<!\w){re.escape(outlet)}(?!\w)", head) for outlet in outlets):
        return "other media"
    tokens = _tokens(head)
    told = list(_telling(tokens))
    # The last word of a phrase is what it is: a "government scientist" is a scientist. "Union official" says more by its first word.
    told = [one for one in told if one[0] not in GENERIC] or told
    if told:
        kinds = [kind for _, kind in told]
        # "A candidate for the senate", "a senate candidate": not yet there.
        return "party or campaign" if "party or campaign" in kinds else kinds[-1]
    if RELATIVE.match(rest.lstrip(", (")):
        return "unknown"
    set_off = SET_OFF.match(rest)
    if set_off:
        return source_type(rest[set_off.end() :], outlets)
    # Papers and press further on are what somebody speaks in or to.
    beyond = [kind for term, kind in _telling(_tokens(SAYING.split(rest)[0])) if kind not in BESIDE_POINT and term not in GENERIC]
    # "Leader of the miners' union" leads a union, of whomever.
    bodies = [kind for kind in beyond if kind not in ("private person", "eyewitness")]
    if beyond:
        return (bodies or beyond)[0]
    if SECRETARY.search(head):
        return "official"
    weak = (WEAK[one] for token in range(len(tokens)) for one in _terms(tokens, token) if one in WEAK)
    found: SourceType = next((one for one in weak if one != "unknown"), "unknown")
    # A country's president needs no more words; "the centre's president" and "president of the club" are of something unknown.
    presides = any(token in ("president", "secretary") for token in tokens) and not HEAD_OF_STATE.match(bare)
    return "unknown" if presides and found == "official" else found


def _tokens(words: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:[-.’'][^\W_]+)*\.?", words.lower())


def _telling(tokens: list[str]) -> Iterator[tuple[str, SourceType]]:
    for place in range(len(tokens)):
        for term in _terms(tokens, place):
            if term in TELLING and not (term == "general" and _no_rank(tokens, place)):
                yield term, TELLING[term]
                break


def _no_rank(tokens: list[str], place: int) -> bool:
    before, after = tokens[place - 1 : place], tokens[place + 1 : place + 2]
    return not after or after[0] in OF_ALL or (bool(before) and before[0] in NO_GENERAL)


def _terms(tokens: list[str], place: int) -> Iterator[str]:
    """The words from `place` on as they may be listed, the longest first."""
    for length in range(LONGEST_TERM, 0, -1):
        if place + length <= len(tokens):
            yield from _singulars(" ".join(tokens[place : place + length]))


def _singulars(term: str) -> Iterator[str]:
    bare = term.rstrip(".")
    yield bare
    for ending in ("'s", "’s"):
        bare = bare.removesuffix(ending)
    yield bare
    if bare.endswith("ies"):
        yield bare[:-3] + "y"
    if bare.endswith("men"):
        yield bare[:-3] + "man"
    if bare.endswith("es"):
        yield bare[:-2]
    if bare.endswith("s"):
        yield bare[:-1]


def descriptions_of(text: str, attribution: Attribution) -> tuple[Span, ...]:
    """Where the article says who this source is: the source as the sentence names it with what is set off after it by a comma, then the
    words around the speaker's name elsewhere."""
    found = [attribution.source, *_beside(text, attribution.source.start, attribution.source.end)]
    if attribution.speaker:
        for match in islice(re.finditer(re.escape(attribution.speaker), text), MOST_PLACES):
            found += _beside(text, match.start(), match.end())
    return tuple(dict.fromkeys(found))


def _beside(text: str, start: int, end: int) -> Iterable[Span]:
    after = AFTER.match(text, end)
    opens = after.group(1).split()[0].lower() if after else ""
    if after and not SAYING.match(after.group(1)) and opens not in NO_APPOSITION and not opens.endswith(("ed", "ing", "ly")):
        yield Span(after.start(1), after.end(1))
    before = BEFORE.search(text, max(0, start - 70), start)
    if before:
        begin = start
        for word in reversed(list(re.finditer(r"[\w.’'-]+", text[before.start() : start]))):
            lower = word[0].lower()
            if lower in STOPS or (word[0].endswith(".") and lower.rstrip(".") not in HONORIFICS):
                break
            begin = before.start() + word.start()
        if text[begin:start].strip():
            yield Span(begin, begin + len(text[begin:start].rstrip()))


NO_APPOSITION = PREPOSITIONS | CONJUNCTIONS | listed("he she it they we i you is are was were has have had will would then also")
STOPS = listed(
    "the a an and but or that said says told added by to with as when while after before which who whom is are was were has had have "
    "according asked from of for in on at than because if then his her their"
)


def type_of(text: str, attribution: Attribution, outlets: Iterable[str] = ()) -> SourceType:
    """The type of the source of an attribution, by the article's own words."""
    known = tuple(outlets)
    for span in descriptions_of(text, attribution):
        found = source_type(text[span.start : span.end], known)
        if found != "unknown":
            return found
    return "unknown"


def commonest(types: Iterable[SourceType]) -> SourceType:
    """What most say of one source, "unknown" only if nobody says more."""
    counted: Counter[SourceType] = Counter(one for one in types if one != "unknown")
    return min(counted, key=lambda one: (-counted[one], SOURCE_TYPES.index(one))) if counted else "unknown"
