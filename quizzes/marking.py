"""Marks what was typed, pure: `matched`, `open` for a person to decide, or `blank`; never wrong.

Strict on numbers, units, negation, order and known words; a slip is forgiven only in a long word.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import permutations, product
from typing import Literal

from rapidfuzz.distance import OSA, Indel

from .wording import keys, spelling, words

State = Literal["matched", "open", "blank"]
Op = Literal["same", "missing", "extra"]
Diff = tuple[tuple[Op, str], ...]

ONE_EDIT, TWO_EDITS = 6, 10  # letters a word needs before so many slips are forgiven

# Words that turn a sentence round, and units: a slip is never forgiven in them.
_NEGATIONS = {"no", "not", "nor", "never", "none", "neither", "without", "cannot", "except", "unless"}
_LITTLE = {"a", "an", "the", "of", "in", "on", "at", "to", "by", "for", "and", "or", "it", "is", "are"}
_UNIT = re.compile(
    r"(kilo|centi|deci|milli|micro|nano|pico|femto)?(gram|met(er|re)|lit(er|re)|mole?|second|joule)s?"
)
# Two words that are alike but for one of these beginnings, or endings, are different words.
_BEGINNINGS = (
    ("", "a", "an", "un", "in", "im", "il", "ir", "non", "dis", "anti", "de"),
    ("ante", "anti"), ("hyper", "hypo"), ("inter", "intra", "infra"), ("macro", "micro"), ("ab", "ad"),
    ("af", "ef"), ("auto", "allo", "iso", "xeno"), ("endo", "ecto", "exo"),
    ("pre", "pro", "post", "per", "peri"), ("super", "sub", "supra"),
)  # fmt: skip
_ENDINGS = (
    ("ate", "ite", "ide"), ("ase", "ose"), ("itis", "osis"), ("one", "olone"), ("blast", "clast"),
    ("ectomy", "otomy", "ostomy"), ("emia", "uria"), ("genic", "lytic"), ("gram", "graph"), ("ole", "ule"),
    ("ine", "ane", "ene", "yne"),
)  # fmt: skip


def mark(given: str, answers: Sequence[str], known_words: Collection[str] = ()) -> State:
    """Compare with every right answer. A slip is not forgiven where it makes one of the known words."""
    if not given.strip():
        return "blank"
    known = frozenset(spelling(word) for text in known_words for word in words(text))
    matched = any(_matches(given, answer, known) for answer in answers)
    return "matched" if matched else "open"


def diff(given: str, answers: Sequence[str]) -> Diff:
    """Word by word against the nearest answer: same, extra (given only), missing (in the answer only)."""
    found = (tuple(_diff(given, answer)) for answer in answers)
    return min(found, key=lambda pieces: sum(op != "same" for op, _ in pieces), default=())


def akin(pieces: Diff) -> bool:
    """Whether a word agrees that says something: not only a “the” or an “of”."""
    return any(op == "same" and not _LITTLE.issuperset(words(word)) for op, word in pieces)


def forgivable(given: str) -> list[str]:
    """The words in which a slip might be forgiven: those to look up, whether they are known words."""
    return [word for word in words(given) if len(word) >= ONE_EDIT - 2 and not _strict(word)]


def _matches(given: str, right: str, known: frozenset[str]) -> bool:
    for articles in (False, True):
        ours, theirs = words(given, articles=articles), words(right, articles=articles)
        if not theirs:
            return given.split() == right.split()  # an answer of signs alone
        pairs = zip(ours, theirs, strict=False)
        if len(ours) == len(theirs) and all(_alike(a, b, known) for a, b in pairs):
            return True
        if keys(_joined(ours)) & keys(_joined(theirs)):
            return True
    return False


def _joined(found: Iterable[str]) -> str:
    """Written as one, for bone-marrow and bonemarrow; numbers, signs and negations stand by themselves."""
    return "".join(f" {word} " if _alone(word) else spelling(word) for word in found)


def _alike(given: str, right: str, known: frozenset[str]) -> bool:
    return bool(keys(given) & keys(right)) or _forgiven(given, right, known)


def _forgiven(given: str, right: str, known: frozenset[str]) -> bool:
    """A slip of the pen in a long word: not if it makes another word."""
    if len(right) < ONE_EDIT or _strict(right) or _strict(given) or keys(given) & known:
        return False
    allowed = 2 if len(right) >= TWO_EDITS else 1
    pairs = list(product(keys(given), keys(right)))
    if any(_opposed(a, b) for a, b in pairs):
        return False
    return any(OSA.distance(a, b, score_cutoff=allowed) <= allowed for a, b in pairs)


def _strict(word: str) -> bool:
    return _alone(word) or bool(_UNIT.fullmatch(word))


def _alone(word: str) -> bool:
    return not word.isalpha() or word in _NEGATIONS


def _opposed(a: str, b: str) -> bool:
    """Alike but for a beginning or an ending that carries the meaning."""
    beginnings = (pair for group in _BEGINNINGS for pair in permutations(group, 2))
    endings = (pair for group in _ENDINGS for pair in permutations(group, 2))
    return any(
        a.startswith(one) and b.startswith(other) and a[len(one) :] == b[len(other) :]
        for one, other in beginnings
    ) or any(
        a.endswith(one) and b.endswith(other) and a.removesuffix(one) == b.removesuffix(other)
        for one, other in endings
    )


def _diff(given: str, right: str) -> Iterator[tuple[Op, str]]:
    ours, theirs = given.split(), right.split()
    names: list[frozenset[str]] = []
    first, second = ([_name(word, names) for word in written] for written in (ours, theirs))
    for op in Indel.opcodes(first, second):
        if op.tag == "insert":
            yield from (("missing", word) for word in theirs[op.dest_start : op.dest_end])
        else:
            same: Op = "same" if op.tag == "equal" else "extra"
            yield from ((same, word) for word in ours[op.src_start : op.src_end])


def _name(word: str, names: list[frozenset[str]]) -> int:
    """The number of this word; words that are one have one number."""
    found = keys("".join(words(word)))
    for number, known in enumerate(names):
        if found & known:
            return number
    names.append(found)
    return len(names) - 1
