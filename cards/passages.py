"""Blocks → passages: our sentence splitter, exact to the code point and linear in the text. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from cards.reading import Block, BlockKind

PassageKind = Literal["sentence", "heading", "item", "cell"]

KINDS: dict[BlockKind, PassageKind] = {
    "paragraph": "sentence",
    "heading": "heading",
    "item": "item",
    "cell": "cell",
}


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence, heading, cell, or sentence of a list item: text[start:end], no blanks around it."""

    position: int  # from 0, in reading order
    block: int  # index of its block
    kind: PassageKind
    level: int
    start: int
    end: int


# A run of stops, the quotes and brackets it closes, and references: [12], ¹², †, the 12 of "cells.12".
# Possessive throughout: nothing is tried twice, so a million dots cost a million steps.
STOP = re.compile(
    r"""
    (?P<run>  \.(?:[ \u00a0]\.(?!\w))++ | [.!?…‽。！？｡।॥؟۔]++ )
    (?P<close>(?: ["'”’»«›‹)\]}」』）】》〉] | [ \u00a0\u202f]»(?!\w) )*+)
    (?:
        [⁰¹²³⁴-⁹*†‡]++
      | [ ]?\[\d{1,4}(?:[,;–-][ ]?\d{1,4}){0,9}\]
      | (?<=[a-z]{3}\.)\d{1,3}(?:[,–-]\d{1,3}){0,5}(?=\s)
    ){0,9}+
    """,
    re.VERBOSE,
)
# What stands after a stop and the blanks: a few marks at most, then a word.
AHEAD = re.compile(r"\s*+(?:[^\w\s]|_|[ ]){0,12}+(?P<token>(?P<word>[^\W\d_]{1,40})?+[\w.’'–-]{0,40}+)")
LETTER_OR_DIGIT = re.compile(r"[^\W_]")
TOKEN = re.compile(r"[\w.]+")
LOOK_BACK = 40  # code points before a stop that may matter

WIDE_STOP = re.compile("[。！？｡]")  # these need no blank after them
# 「行く。」と言った: the sentence goes on after the quotation.
WIDE_SPEECH = re.compile(r"と|って|[\u4e00-\u9fff]{1,3}[说說问問道]")
# “Can it help?” Dr. Smith asked: the sentence goes on although a name follows.
SPEECH = re.compile(
    r"\s+(?:[^\W\d_][\w.’'-]{0,30}\s+){1,3}?"
    r"(?:said|says|asked|asks|replied|wrote|writes|cried|added|answered|wondered|shouted|exclaimed)\b"
)
# p53, mTOR, c-Myc, miR-21, β-cells: small letters that may begin a sentence.
GENE = re.compile(r"[α-ω]-|[a-z]-\w|[^\W\d_]{1,6}-?\d|[^\W_A-Z]*[A-Z]")
PARTICLE = re.compile(r"(?:von|van|de|di|da|del|della|la|le|ten|ter)\s+(?:der\s+|den\s+)?[A-Z]")
ENUMERATOR = re.compile(r"[(\[“\"]?(?:\d{1,3}|[^\W\d_]|[ivxIVX]{1,5})")
NUMBER = re.compile(r"[A-Z]?\d|[IVXLC]+\b|[A-Z]\b")
WORD_NUMBER = re.compile(r"\d")
CLOCK_ZONE = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|[A-Z]{1,2}[SD]?T\b|GMT|UTC|Eastern|Pacific"
)
ACRONYM = re.compile(r"(?:[^\W\d_]{1,3}\.)+[^\W\d_]{1,3}")


def _words(lines: str) -> frozenset[str]:
    return frozenset(lines.split())


# Never at the end of a sentence.
NEVER = _words("dr drs mr mrs ms messrs prof hon mme mlle vs v cf viz approx ca e.g i.e eg ie resp incl esp")
# Titles and the like: "St. Mary" goes on, "on Main St. The" does not. Capitals matter.
NAMES = _words("""
    St Mt Ft Gen Col Sen Rep Gov Capt Lt Sgt Maj Rev Fr Pres Supt Inc Ltd Co Corp Bros Jr Sr Esq Ave Blvd Rd
    Dept Univ Inst Assn Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri
    Sat Sun Am Int Natl Acad Sci Clin Invest Med Engl dept univ est
""")
# Abbreviations only before a number: "Fig. 2", "No. 5", "p. 7".
NUMBERED = _words("""
    fig figs eq eqs no nos nr vol vols ch chap sec sect p pp par para app art ref refs tab ex exp suppl ser
    n c b d l
""")
NUMBERED_BY_DIGITS = _words("no n c b d l p ex art")  # "No. A trial" is an answer
# A single capital after these is a name's last word, "hepatitis B.", and no initial.
LABELS = _words("""
    vitamin vitamins hepatitis type types group groups class grade stage phase factor plan part figure table
    panel appendix section category influenza protein complex arm option cohort chain case hospital site
    variant level cyclosporin cyclosporine ciclosporin immunoglobulin step box point
""")
# Words that begin a sentence and hardly ever a name.
STARTERS = _words("""
    A An The This That These Those It He She They We You I In On At For From With Without By To As If When
    While Where Why How What Who Which Whose After Before Since Because Although Though However Moreover
    Furthermore Therefore Thus Hence Additionally Also But And Or Nor So Yet There Here His Her Their Its Our
    My Your Some Many Most Several Few Each Every Both All Any Such Other Others Another One Two Three Four
    Five Six First Second Third Finally Then Next Once Until Unless During Between Among Under Over Not No
    Nevertheless Nonetheless Meanwhile Instead Despite Similarly Likewise Consequently Conversely Overall Is
    Are Was Were Do Does Did Can Could Should Would Will Has Have Had Only Even Still Today Later Often
    Sometimes Usually Please See Studies Results Patients Treatment
""")


def split(text: str, blocks: Sequence[Block]) -> list[Passage]:
    """The passages of a text in reading order; together they hold every mark of every block."""
    found: list[Passage] = []
    for number, block in enumerate(blocks):
        for start, end in _pieces(text, block):
            found.append(Passage(len(found), number, KINDS[block.kind], block.level, start, end))
    return found


def _pieces(text: str, block: Block) -> Iterator[tuple[int, int]]:
    start, end = _strip(text, block.start, block.end)
    if block.kind in ("paragraph", "item"):
        for stop in _sentence_ends(text, start, end):
            yield start, stop
            start, _ = _strip(text, stop, end)
    if start < end:
        yield start, end


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without the blanks around it."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _sentence_ends(text: str, start: int, end: int) -> Iterator[int]:
    """Where each sentence of text[start:end] ends, but the last."""
    first = _first_word(text, start, end)
    for stop in STOP.finditer(text, start, end):
        if first < stop.start() and stop.end() < end and _is_end(text, start, stop, end):
            yield stop.end()
            start, _ = _strip(text, stop.end(), end)
            first = _first_word(text, start, end)


def _first_word(text: str, start: int, end: int) -> int:
    """Where the first letter or digit stands; `end` if there is none."""
    found = LETTER_OR_DIGIT.search(text, start, end)
    return end if found is None else found.start()


def _is_end(text: str, start: int, stop: re.Match[str], end: int) -> bool:
    """True if the sentence that began at `start` ends with this stop."""
    after = stop.end()
    if WIDE_STOP.search(stop["run"]):
        return not (stop["close"] and WIDE_SPEECH.match(text, after, end))
    ahead = AHEAD.match(text, after, end)
    if ahead is None or not ahead["token"] or not text[after].isspace():
        return False
    if stop["run"].strip(".… \u00a0"):
        return _begins_sentence(text, ahead) and not _is_speech(text, stop, ahead)
    if len(stop["run"]) > 1 or stop["run"] == "…":
        return not ahead["token"][0].islower()
    return _begins_sentence(text, ahead) and _stop_ends(text, start, stop.start(), ahead)


def _begins_sentence(text: str, ahead: re.Match[str]) -> bool:
    """True unless a small letter follows; a gene's or that of "von Willebrand" may begin a sentence."""
    if not ahead["token"][0].islower():
        return True
    place = ahead.start("token")
    return GENE.match(ahead["token"]) is not None or PARTICLE.match(text, place) is not None


def _is_speech(text: str, stop: re.Match[str], ahead: re.Match[str]) -> bool:
    quoted = any(mark in stop["close"] for mark in "\"”’'»")
    return quoted and ahead["word"] not in STARTERS and SPEECH.match(text, stop.end()) is not None


def _stop_ends(text: str, start: int, place: int, ahead: re.Match[str]) -> bool:
    """True if the single full stop at `place` ends a sentence and no abbreviation, initial or list number."""
    if place - start <= 6 and ENUMERATOR.fullmatch(text, start, place):
        return False
    before, word = _words_before(text, max(start, place - LOOK_BACK), place)
    if word.casefold() in NUMBERED and _is_number(word, ahead["token"]):
        return False
    if word.isupper() and len(word) == 1:
        return before.casefold() in LABELS or text[place - 2] in "°/" or _is_starter(ahead)
    if word.isupper() and "." not in word:
        return True  # "with MS. The", "of NO. The": an acronym, not Ms. or No.
    return _word_ends(word, ahead)


def _words_before(text: str, start: int, place: int) -> tuple[str, str]:
    """The last two words before the stop, with the dots inside them; "" where there is none."""
    words = ["", "", *TOKEN.findall(text, start, place)]
    if TOKEN.fullmatch(text, place - 1, place) is None:
        words.append("")
    return words[-2].strip("."), words[-1].strip(".")


def _word_ends(word: str, ahead: re.Match[str]) -> bool:
    if word.casefold() in NEVER:
        return False
    if word in NAMES:
        return _is_starter(ahead)
    if word in ("etc", "al"):
        return not ahead["token"][0].isdigit() and not ahead["token"][0].islower()
    if ACRONYM.fullmatch(word) is None:
        return True
    if word.islower():  # a.m., b.i.d., i.v.
        return ahead["token"][0].isupper() and CLOCK_ZONE.match(ahead["token"]) is None
    return _is_starter(ahead)  # U.S., Ph.D.


def _is_number(word: str, token: str) -> bool:
    pattern = WORD_NUMBER if word.casefold() in NUMBERED_BY_DIGITS else NUMBER
    return pattern.match(token) is not None


def _is_starter(ahead: re.Match[str]) -> bool:
    """True before a word like "The"; "A." or "I." is an initial."""
    return ahead["word"] in STARTERS and not ahead["token"][len(ahead["word"]) :].startswith(".")
