"""What was typed as plain words, pure: case, accents, punctuation, articles and number words folded.

`words` gives them in order; `keys` says which two are one word (plural, British or American spelling).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "ο": "omicron",
    "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi",
    "ψ": "psi", "ω": "omega",
}  # fmt: skip
NUMBERS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40,
    "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip

_CHARACTERS = str.maketrans({
    **dict.fromkeys("‘’‛ʼ′`´", "'"), **dict.fromkeys("‐‑‒–—−", "-"), "⁄": "/", "%": " percent ", "&": " and ",
    "æ": "ae", "œ": "oe", "ø": "o", "ς": "σ", "≤": "<=", "≥": ">=", "×": "x",
})  # fmt: skip
_SUPERSCRIPT = re.compile(r"[⁰¹²³⁴-⁹]+")
_LONE_GREEK = re.compile(r"(?<![α-ω])[α-ω](?![α-ω])")
_LETTER = r"(?:[^\W\d_]|[\u0483-\u1fff\ua000-\ud7ff])"  # and the vowel signs of the scripts that have them
_TOKEN = re.compile(
    r"(?:(?<![^\s(<>=±])-)?(?:\d+(?:[.,]\d+)*|(?<!\w)\.\d+)"  # a number, its minus too
    rf"|{_LETTER}+(?:'{_LETTER}+)*"
    r"|[+<>=±^]|(?<=\d)/(?=\d)"  # signs that change a quantity
)
# `a` may be a name: vitamin a, group A, A positive. So it goes only where it can hardly be one.
_ARTICLE = re.compile(
    r"\b(?i:an|the)\b(?=\s+\w)"
    r"|^\s*A(?=\s+(?!positive|negative)[a-z])"
    r"|(?i:(?<!vitamin )(?<!hepatitis )(?<!influenza )(?<!group )(?<!type )(?<!class )(?<!factor ))"
    r"(?<![\w'’-])a(?=\s+\w)"
)
_PLURALS = (
    ("ies", "y"), ("ices", "ix"), ("ices", "ex"), ("es", "is"), ("es", ""), ("s", ""),
    ("i", "us"), ("ae", "a"), ("a", "um"), ("a", "on"), ("mata", "ma"),
)  # fmt: skip
_SPELLINGS = (
    (re.compile(r"ae|oe"), "e"), (re.compile(r"our"), "or"), (re.compile(r"sulph"), "sulf"),
    (re.compile(r"(?<=[iy])z(?=[aei])"), "s"), (re.compile(r"(?<=[bt])re$"), "er"),
)  # fmt: skip


def words(text: str, *, articles: bool = False) -> list[str]:
    """Folded words, numbers and signs in their order, without the articles unless they are wanted."""
    text = _plain(text if articles else _ARTICLE.sub(" ", text))
    return list(_numerals(token.removesuffix("'s").replace("'", "") for token in _TOKEN.findall(text)))


def is_number(word: str) -> bool:
    return any(character.isdigit() for character in word)


@lru_cache(maxsize=4096)
def keys(word: str) -> frozenset[str]:
    """The word and what it may be the plural of. Two words are one if they share a key."""
    found = {word}
    if len(word) > 3 and word.isalpha() and not word.endswith("ss"):
        found |= {word.removesuffix(many) + one for many, one in _PLURALS if word.endswith(many)}
    return frozenset(spelling(one) for one in found)


def spelling(word: str) -> str:
    """haemorrhage → hemorrhage, tumour → tumor, immunized → immunised: one spelling of each."""
    for pattern, replacement in _SPELLINGS:
        word = pattern.sub(replacement, word)
    return word


def _plain(text: str) -> str:
    """Lower case, without accents, Greek letters by their names. Vowel signs of other scripts stay."""
    text = _SUPERSCRIPT.sub(lambda power: f"^{power[0]}", text.replace("≠", " not = "))
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not "\u0300" <= c <= "\u036f")
    text = unicodedata.normalize("NFKC", text).casefold().translate(_CHARACTERS)
    text = _LONE_GREEK.sub(lambda letter: f" {GREEK[letter[0]]} ", text)
    return re.sub(r"\bper cent\b", "percent", text)


def _numerals(tokens: Iterable[str]) -> Iterator[str]:
    """Number words as digits: twenty-one → 21."""
    tens = 0  # waiting for their units
    for token in tokens:
        value = NUMBERS.get(token)
        if tens and value is not None and 0 < value < 10:
            yield str(tens + value)
            tens = 0
            continue
        if tens:
            yield str(tens)
        tens = value if value is not None and value >= 20 else 0
        if not tens:
            yield _number(token) if value is None else str(value)
    if tens:
        yield str(tens)


def _number(token: str) -> str:
    """1,000 → 1000, 2.50 → 2.5, 0,5 → 0.5, .5 → 0.5; a word stays."""
    if not is_number(token):
        return token
    thousands = re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", token)
    token = token.replace(",", "" if thousands else ".")
    if token.count(".") == 1:
        token = token.rstrip("0").rstrip(".")
    return re.sub(r"^(-?)\.", r"\g<1>0.", token)
