"""Sentences: hard cases by table, what always holds by property."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.passages import Passage, split
from cards.reading import Block, read

DOCUMENTS = sorted((Path(__file__).parents[2] / "fixtures/documents").glob("*.txt"))


def sentences(text: str) -> list[str]:
    block = Block("paragraph", 0, 0, len(text))
    return [text[passage.start : passage.end] for passage in split(text, [block])]


# A bar stands where a sentence ends.
HARD_CASES = [
    "Dr. Young treated her.| She lived.",
    "Mrs. J. R. Smith saw Prof. A. B. Jones.| They spoke.",
    "Some drugs, e.g. Benzene or chloramphenicol, harm the marrow.| Others do not.",
    "The marrow, i.e. The soft tissue inside bones, fails.| Blood follows.",
    "Young et al. reported this.| It held.",
    "This was shown by Young et al. (2018) and others.| It held.",
    "This was shown by Young et al.| The finding held.",
    "Horse vs. Rabbit antithymocyte globulin was compared.| Horse won.",
    "As Fig. 2 shows, cells die.| See Figs. 3 and 4.| They live.",
    "It is drawn in Fig. S2 of the paper.| Nothing else is.",
    "It takes approx. 5 days.| Then it ends.",
    "Patient No. 5 relapsed.| No. 6 did not.",
    "Did it help?| No.| It failed.",
    "He moved to the U.S. in May.| He stayed.",
    "He moved to the U.S.| The trial was there.",
    "The U.S. Army paid.| It stopped.",
    "The dose is due at 8 a.m. every day.| Take it.",
    "The dose is due at 8 a.m.| Take it with water.",
    "The dose is due at 5 p.m. Monday.| Take it.",
    "She holds a Ph.D. in hematology.| She teaches.",
    "She holds a Ph.D.| Her sister does not.",
    "She was born in St. Louis.| She left.",
    "The clinic is on Main St.| The doors are open.",
    "George W. Bush visited.| He left.",
    "He has hepatitis B.| Treatment began.",
    "She took vitamin C.| Scurvy went.",
    "Plan A failed, so they chose plan B.| It worked.",
    "The mean was 0.5 and the p value .05 in all.| The rest was 1.25.",
    "Give 0.5 mg.| Then give 1.5 mg/kg.| Stop.",
    "Use version 2.0.1 of it.| Version 3.0 fails.",
    "Wait ... what is that?| It is a cell.",
    "It grew… and then it died.| Nobody knew.",
    "It grew...| Then it died.",
    "It grew . . . and died.| Nobody knew.",
    "Really?!| Yes.| No!!| Perhaps.",
    "He said “It works.”| She agreed.",
    'He said "It works."| She agreed.',
    "“Can it help?” he asked.| Nobody knew.",
    "“Can it help?” Dr. Smith asked.| Nobody knew.",
    "She asked, “Can it help?”| The doctor said yes.",
    "(This was expected.)| Then it failed.",
    "It failed.| (This was expected.)| Then it worked.",
    "It failed (see Fig. 2.) and then worked.| All was well.",
    "Cells divide.| p53 stops them.| mTOR drives them.",
    "Cells divide.| c-Myc drives them.| miR-21 helps.| β-Catenin too.",
    "The clotting was slow.| von Willebrand factor was low.",
    "They were treated.| 20 of them lived.",
    "They were treated.| “All lived,” he said.",
    "See https://example.org/a.b?c=d.e for more.| It is long.",
    "See www.example.com.| It is short.",
    "Drugs, chemicals, etc. can harm cells.| They do.",
    "Drugs harm cells, as do chemicals, etc.| They die.",
    "The cells die; the marrow empties; blood fails.| So it goes.",
    "The cells die – they are attacked — and fail.| So it goes.",
    "E. coli was grown.| S. aureus was not.",
    "It was caused by E. coli and S. aureus.| Both died.",
    "This was shown.[12]| It held.[3, 4]| It ended.",
    "This was shown. [12]| It held.",
    "This was shown.¹²| It held.",
    "This was shown in cells.12| It held in mice.3–5| It ended.",
    "This was shown [12].| It held.",
    "It was given b.i.d. to all.| It was given t.i.d.| Patients lived.",
    "Acme Inc. made it.| It is sold by Acme Inc.| The price is high.",
    "On Jan. 5 it began.| It ended in Dec.| The year was over.",
    "1. Wash your hands.| 2. Dry them.| Go.",
    "Roe v. Wade was cited.| It fell.",
    "See p. 5 and pp. 7–9.| Read them.",
    "She has MS.| Ms. Young has it too.",
    "In 2018 N. Young wrote it.| He was right.",
    "So do I.| The rest do not.",
    "« Oui. »| Il part.| « Non ! »",
    "‘It works.’| She left.",
    "It is **bold.**| It is not.",
    "We use .NET here.| .NET is old.",
    "骨髓不能造血。|这是一种病！|真的吗？|是的。",
    "「行く。」と言った。|彼は行った。",
    "“你好吗？”他问。|她笑了。",
    "यह रक्त है।| यह नहीं।",
    "هل هذا دم؟| نعم.",
    "What is it?|\nA disease\nof the\nmarrow.",
    "It fell by 5%.| It rose.",
    "Is it a T cell?| iPSCs are not.",
    "Mr. and Mrs. Alice and Bob came.| They sat.",
    "It froze at 5 °C.| Warm it to 37 °C.| Done.",
    "The ratio (1:2, ca. 5 ml) was kept.| It held.",
    "Platelets were 10×10⁹/L.| Neutrophils were low.",
    "Drs. Smith and Jones wrote in J. Clin. Invest. 2018.| It was read.",
    "[…] The marrow fails.| […] It recovers.",
]


@pytest.mark.parametrize("case", HARD_CASES)
def test_hard_case(case: str) -> None:
    wanted = [piece.strip() for piece in case.split("|")]
    assert sentences(case.replace("|", "")) == wanted


def test_kinds_levels_and_offsets() -> None:
    text = "Title. Here\n  One. Two.  \nAn item. More.\na. b. Cell."
    blocks = [
        Block("heading", 1, 0, 11),
        Block("paragraph", 0, 12, 25),
        Block("item", 2, 26, 40),
        Block("cell", 0, 41, 52),
    ]
    assert split(text, blocks) == [
        Passage(0, 0, "heading", 1, 0, 11),
        Passage(1, 1, "sentence", 0, 14, 18),
        Passage(2, 1, "sentence", 0, 19, 23),
        Passage(3, 2, "item", 2, 26, 34),
        Passage(4, 2, "item", 2, 35, 40),
        Passage(5, 3, "cell", 0, 41, 52),
    ]


def test_nothing_but_marks_is_one_passage() -> None:
    assert sentences("... !!! ??? —") == ["... !!! ??? —"]
    assert sentences("Wait. ——— ...") == ["Wait. ——— ..."]


def test_blank_block_has_no_passage() -> None:
    assert split(" \n ", [Block("paragraph", 0, 0, 3)]) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_our_documents_split_at_every_stop(path: Path) -> None:
    """Their prose has no abbreviations: every sentence is a capital, words, and one stop."""
    reading = read(path.read_bytes(), path.name)
    passages = [p for p in split(reading.text, reading.blocks) if p.kind == "sentence"]
    for passage in passages:
        assert re.fullmatch(r"[A-Z][^.?!]+\.", reading.text[passage.start : passage.end])
    assert len(passages) == reading.text.count(".")


MARKS = st.sampled_from(
    [*"aZ9 .?!…\n“”\"'()[]。」-", " e.g. ", " Dr. ", ". The ", "p53", "\u00a0", "¹", "»", "[1]"]
)
TEXTS = st.one_of(st.lists(MARKS).map("".join), st.text())


@given(st.lists(TEXTS, max_size=4))
def test_passages_cover_their_blocks(parts: list[str]) -> None:
    text, blocks = "", []
    for part in parts:
        blocks.append(Block("paragraph", 0, len(text), len(text) + len(part)))
        text += part
    covered: set[int] = set()
    last = 0
    passages = split(text, blocks)
    for number, passage in enumerate(passages):
        block, piece = blocks[passage.block], text[passage.start : passage.end]
        assert passage.position == number
        assert piece
        assert piece == piece.strip()
        assert block.start <= passage.start < passage.end <= block.end
        assert last <= passage.start
        last = passage.end
        covered |= set(range(passage.start, passage.end))
    assert all(index in covered for index, char in enumerate(text) if not char.isspace())


@given(st.lists(MARKS, min_size=1).map("".join))
def test_a_block_splits_alike_wherever_it_stands(text: str) -> None:
    """What stands in other blocks has no say."""
    alone = split(text, [Block("paragraph", 0, 0, len(text))])
    moved = split(f"Q. {text} Z", [Block("paragraph", 0, 3, 3 + len(text))])
    assert [(p.start + 3, p.end + 3) for p in alone] == [(p.start, p.end) for p in moved]


def _seconds(text: str) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        split(text, [Block("paragraph", 0, 0, len(text))])
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize(
    "unit",
    [
        "It was 0.5 mg of e.g. benzene (see Fig. 2). ",
        ".",
        ". ",
        "! ",
        "a.",
        "... ",
        ".”",
        "a! ( ",
        ".\n\n\n",
        "[1].",
    ],
)
def test_time_grows_with_the_text_and_no_faster(unit: str) -> None:
    """Eight times the text takes about eight times as long; quadratic would take 64 times."""
    small = unit * (40_000 // len(unit))
    assert _seconds(small * 8) < 24 * max(_seconds(small), 0.004)
