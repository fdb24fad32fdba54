"""Answers: marked, judged, shown with the passage."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from cards.models import Deck, Document
from quizzes import assembling
from quizzes.models import Attempt, Question, Quiz, Response

from .quiz_steps import (
    HTMX,
    REVERSED,
    RIVERS,
    SUN,
    judge,
    load,
    one_question,
    respond,
    right_answer,
    text,
)

# Taking


def test_a_whole_quiz_without_javascript(as_alice: Client, quiz: Quiz) -> None:
    total = quiz.questions.count()
    for number, question in enumerate(quiz.questions.all(), 1):
        assert f"Question {number} of {total}" in text(as_alice.get(quiz.get_absolute_url()))
        response = respond(as_alice, question, right_answer(question))
        assert (response.status_code, response["Location"]) == (
            303,
            f"{quiz.get_absolute_url()}?answered={number}",
        )
        feedback = text(as_alice.get(response["Location"]))
        assert "<b>Right</b>" in feedback
        assert ("Next question" in feedback) == (number < total)
        assert ("See the result" in feedback) == (number == total)
    assert Attempt.objects.get().finished_at is not None
    response = as_alice.get(quiz.get_absolute_url())
    assert (response.status_code, response["Location"]) == (303, reverse("quizzes:result", args=[quiz.code]))
    assert f"{total} <small>of {total} right</small>" in text(as_alice.get(response["Location"]))


def test_a_whole_quiz_through_htmx(as_alice: Client, quiz: Quiz) -> None:
    for question in quiz.questions.all():
        asked = as_alice.get(quiz.get_absolute_url(), headers=HTMX)
        assert asked["HX-Replace-Url"] == quiz.get_absolute_url()
        assert "<html" not in text(asked)
        response = respond(as_alice, question, right_answer(question), headers=HTMX)
        assert response.status_code == 200
        assert "<html" not in text(response)
        assert '<div id="quiz">' in text(response)
        assert 'hx-swap-oob="true"' in text(response)
        assert response["HX-Replace-Url"] == f"{quiz.get_absolute_url()}?answered={question.position + 1}"
        assert "HX-Request" in response["Vary"]
    done = as_alice.get(quiz.get_absolute_url(), headers=HTMX)
    assert done["HX-Redirect"] == reverse("quizzes:result", args=[quiz.code])
    restored = as_alice.get(
        quiz.get_absolute_url() + "?answered=1", headers=HTMX | {"HX-History-Restore-Request": "true"}
    )
    assert "<html" in text(restored)


def test_the_answer_is_nowhere_in_the_page_before_it_is_given(as_alice: Client, quiz: Quiz) -> None:
    for question in quiz.questions.all():
        response = as_alice.get(quiz.get_absolute_url())
        page = text(response) + str(response.headers)
        if question.options:
            assert all(option["text"] in page for option in question.options)
            assert page.count('type="radio"') == len(question.options)
            assert "checked" not in page
            assert "They bring rain down" not in page
            labels = re.findall(r"<label>.*?</label>", page)
            shapes = {re.sub(r"\d|<span>.*?</span>", "", label) for label in labels}
            assert len(shapes) == 1
        else:
            assert question.answers[0].lower() not in page.lower().replace("water cycle", "")
        assert "figure" not in page
        respond(as_alice, question, right_answer(question))


def test_feedback_to_a_wrong_choice(as_alice: Client, alice: User, document: Document) -> None:
    _, question = one_question(alice, RIVERS)
    clouds = next(str(i) for i, option in enumerate(question.options) if option["text"] == "Clouds")
    page = text(respond(as_alice, question, clouds, headers=HTMX))
    assert '<div class="option wrong"> <span>Clouds</span> <em>your choice</em>' in page
    assert '<div class="option right"> <span>Rivers</span> <em>right</em>' in page
    assert "They bring rain <em>down</em>." in page
    assert "Every river does." in page
    assert "Not all." in page
    assert "<mark>Rivers</mark>" in page
    assert "Rain falls from heavy clouds." in page
    assert reverse("document", args=["water-cycle"]) in page
    assert 'role="status"' in page
    response = Response.objects.get()
    assert (response.verdict, response.judge, response.given) == ("wrong", "machine", [int(clouds)])


@pytest.mark.parametrize(
    ("chosen", "verdict"), [("AC", "right"), ("A", "wrong"), ("ABC", "wrong"), ("", "blank")]
)
def test_several_right_is_all_or_nothing(
    as_alice: Client, alice: User, document: Document, chosen: str, verdict: str
) -> None:
    options = "- [x] A\n- [ ] B\n- [x] C\nkind: multi"
    quiz, question = one_question(alice, f"Q: Which?\n{options}\n> Snow is frozen water vapour.")
    page = text(as_alice.get(quiz.get_absolute_url()))
    assert page.count('type="checkbox"') == 3
    respond(as_alice, question, [i for i, option in enumerate(question.options) if option["text"] in chosen])
    assert Response.objects.get().verdict == verdict


def test_typed_words_that_mean_the_same_are_right(as_alice: Client, alice: User, document: Document) -> None:
    _, question = one_question(alice, SUN)
    respond(as_alice, question, "  SUN ")
    assert (Response.objects.get().verdict, Response.objects.get().given) == ("right", "SUN")


def test_an_accepted_wording_is_right(as_alice: Client, alice: User, document: Document) -> None:
    _, question = one_question(alice, SUN)
    page = text(respond(as_alice, question, "sunlight", headers=HTMX))
    assert Response.objects.get().verdict == "right"
    assert "You wrote “sunlight”." in page
    assert "<del>" not in page


def test_a_slip_is_forgiven_unless_it_makes_a_word_of_the_document(
    as_alice: Client, alice: User, document: Document
) -> None:
    slips = "Q: What feeds rivers in {}?\nA: {}\n> Melting snow feeds the rivers in spring."
    _, question = one_question(alice, slips.format("spring", "Meltings"))
    respond(as_alice, question, "Meltinks")
    assert Response.objects.get().verdict == "right"
    Response.objects.all().delete()
    Question.objects.filter(pk=question.pk).update(answers=["melding"])
    respond(as_alice, question, "melting")
    assert Response.objects.get().verdict == "open"


def test_another_cards_answer_is_never_a_slip(as_alice: Client, alice: User, document: Document) -> None:
    notes = [("Q: One?\nA: adsorption", 1), ("Q: Two?\nA: absorption", 2), ("Q: Three?\nA: resorption", 3)]
    body = "\n\n".join(f"{note}\n> Snow is frozen water vapour.\nid: ffffffff0{n}" for note, n in notes)
    quiz = assembling.make(alice, load(alice, f"deck: S\nslug: s\nsource: water-cycle\n\n{body}\n"), seed=1)
    question = quiz.questions.first()
    assert question is not None
    other = {"adsorption": "absorption", "absorption": "resorption", "resorption": "adsorption"}[
        question.answers[0]
    ]
    respond(as_alice, question, other)
    assert Response.objects.get().verdict == "open"


@pytest.mark.parametrize(("button", "verdict", "right"), [("yes", "right", 1), ("no", "wrong", 0)])
def test_the_taker_judges_what_the_machine_left_open(
    as_alice: Client, alice: User, document: Document, button: str, verdict: str, right: int
) -> None:
    quiz, question = one_question(alice, SUN)
    page = text(respond(as_alice, question, "our sun", headers=HTMX))
    assert "Did you have it?" in page
    assert re.search(r"<del>.*?our</del> .*?sun", page)
    assert re.search(r"<ins>.*?The</ins>", page)
    assert "Next question" not in page
    assert "See the result" not in page
    assert Response.objects.get().verdict == "open"
    assert "Did you have it?" in text(as_alice.get(quiz.get_absolute_url()))  # it waits
    assert Attempt.objects.get().finished_at is None
    done = judge(as_alice, question, button)
    assert (done.status_code, done["Location"]) == (303, quiz.get_absolute_url())
    response = Response.objects.get()
    assert (response.verdict, response.judge) == (verdict, "taker")
    assert Attempt.objects.get().finished_at is not None
    assert f"{right} <small>of 1 right</small>" in text(
        as_alice.get(reverse("quizzes:result", args=[quiz.code]))
    )
    again = judge(as_alice, question, "no" if button == "yes" else "yes")
    assert again.status_code == 303
    assert Response.objects.get().verdict == verdict


def test_an_answer_of_quite_other_words_is_set_beside_the_right_one(
    as_alice: Client, alice: User, document: Document
) -> None:
    _, question = one_question(alice, SUN)
    page = text(respond(as_alice, question, "the moon", headers=HTMX))
    assert "<b>Is this what you meant?</b> <span>You wrote “the moon”.</span>" in page
    assert "The right answer: </span>The <strong>sun</strong></div>" in page
    assert "<del>" not in page
    assert "not quite these" not in page


def test_the_answer_of_a_blank_is_set_beside_other_words_too(
    as_alice: Client, alice: User, document: Document
) -> None:
    _, question = one_question(alice, "C: {{c1::Snow}} is frozen.\n> **Snow** is frozen water vapour.")
    page = text(respond(as_alice, question, "ice", headers=HTMX))
    assert "You wrote “ice”." in page
    assert "The right answer: </span>Snow</div>" in page


@pytest.mark.parametrize(
    ("given", "button", "struck", "verdict"),
    [
        ("helium ball", "yes", False, "right, by your own judgement"),
        ("helium ball", "no", True, "wrong"),
        ("sunlight", "", False, "right"),
    ],
)
def test_the_result_tells_the_takers_judgement_from_the_machines(
    as_alice: Client,
    alice: User,
    document: Document,
    given: str,
    button: str,
    struck: bool,
    verdict: str,
) -> None:
    quiz, question = one_question(alice, SUN)
    respond(as_alice, question, given)
    if button:
        judge(as_alice, question, button)
    page = text(as_alice.get(reverse("quizzes:result", args=[quiz.code])))
    assert given in page
    assert ("<del>" in page) == struck
    assert ("The right answer: </span>The <strong>sun</strong></ins>" in page) == bool(button)
    assert f">{verdict}</td>" in page
    feedback = text(as_alice.get(f"{quiz.get_absolute_url()}?answered=1"))
    assert ("<b>Right, by your own judgement</b>" in feedback) == (button == "yes")


def test_other_wordings_are_for_the_question_not_for_its_reverse(
    as_alice: Client, alice: User, document: Document
) -> None:
    load(alice, f"deck: One\nslug: one\nsource: water-cycle\n\n{REVERSED}\nid: cccccccc01\n")
    deck, seen = Deck.objects.get(slug="one"), {}
    for seed in range(30):
        question = assembling.make(alice, deck, seed).questions.select_related("card").get()
        if question.card.ordinal not in seen:
            respond(as_alice, question, "sunlight")
            seen[question.card.ordinal] = Response.objects.get(question=question).verdict
    assert seen == {0: "right", 1: "open"}


def test_other_wordings_are_not_for_one_blank_of_several(
    as_alice: Client, alice: User, document: Document
) -> None:
    snow = "C: {{c1::Snow}} is frozen water {{c2::vapour}}.\naccept: steam\n> Snow is frozen water vapour."
    _, question = one_question(alice, snow)
    respond(as_alice, question, "steam")
    assert Response.objects.get().verdict == "open"


def test_judging_through_htmx_brings_the_next_question(as_alice: Client, quiz: Quiz) -> None:
    for question in quiz.questions.all():
        if question.options:
            respond(as_alice, question, right_answer(question))
            continue
        respond(as_alice, question, "something else")
        response = judge(as_alice, question, "yes", headers=HTMX)
        last = question.position + 1 == quiz.questions.count()
        assert ("HX-Redirect" in response) == last
        assert last or f"Question {question.position + 2} of" in text(response)


@pytest.mark.parametrize("data", [{"given": ""}, {"given": "the sun", "skip": "1"}, {}])
def test_leaving_a_question_out_is_blank(
    as_alice: Client, alice: User, document: Document, data: dict[str, str]
) -> None:
    quiz, _ = one_question(alice, SUN)
    response = as_alice.post(
        reverse("quizzes:respond", args=[quiz.code]), {"number": 1, **data}, headers=HTMX
    )
    assert "You did not know this one. Here it is." in text(response)
    assert (Response.objects.get().verdict, Response.objects.get().given) == ("blank", "")


def test_the_time_to_the_answer_is_kept(as_alice: Client, alice: User, document: Document) -> None:
    quiz, _ = one_question(alice, SUN)
    shown = re.search(r'name="shown" value="([^"]+)"', text(as_alice.get(quiz.get_absolute_url())))
    assert shown
    data = {"number": 1, "given": "sun", "shown": shown[1]}
    as_alice.post(reverse("quizzes:respond", args=[quiz.code]), data)
    assert 0 < Response.objects.get().duration < 60_000


def test_the_passage_marks_only_the_words_that_were_asked(
    as_alice: Client, alice: User, document: Document
) -> None:
    source = """C: Clouds form when {{c1::vapour}} condenses on {{c2::dust}}.
> Clouds form when **vapour** condenses on **dust**.
"""
    _, question = one_question(alice, source)
    respond(as_alice, question, right_answer(question))
    page = text(as_alice.get(f"{question.quiz.get_absolute_url()}?answered=1", follow=True))
    marked = re.findall(r"<mark>(.*?)</mark>", page)
    assert marked == [right_answer(question)]
