"""Quizzes through the front door: made, guarded, listed, and their results."""

from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from cards import library
from cards.models import Card, Deck, Document, Note
from quizzes import assembling, taking
from quizzes.models import Question, Quiz, Response

from ..conftest import DECK
from .quiz_steps import HTMX, SKIES, SUN, judge, load, one_question, queries, respond, right_answer, text

# Making


def test_making_a_quiz_leads_to_its_first_question(as_alice: Client, deck: Deck) -> None:
    response = as_alice.post(reverse("quizzes:make"), {"deck": "water"})
    quiz = Quiz.objects.get()
    assert (response.status_code, response["Location"]) == (303, quiz.get_absolute_url())
    assert len(quiz.code) >= 16
    assert quiz.title == "Nature · Water"
    assert list(quiz.decks.all()) == [deck]
    page = text(as_alice.get(quiz.get_absolute_url()))
    assert f"Question 1 of {quiz.questions.count()}" in page


def test_every_form_is_asked_once_per_note_and_frozen_with_its_card(alice: User, deck: Deck) -> None:
    load(alice, SKIES)
    quiz = assembling.make(alice, Deck.objects.get(name="Nature"), seed=2)
    questions = list(quiz.questions.select_related("card__note"))
    assert {question.form for question in questions} == {"choice", "multi", "typed", "cloze"}
    notes = [question.card.note.guid for question in questions]
    assert len(set(notes)) == len(notes) == 6
    assert "bbbbbbbb02" not in notes
    assert all(question.card_content_at == question.card.note.content_at for question in questions)
    choice = next(question for question in questions if question.form == "choice")
    assert sorted(option["text"] for option in choice.options) == ["Clouds", "Rivers", "Winds"]
    assert [option["reason"] for option in choice.options if option["text"] == "Clouds"] == [
        "They bring rain down."
    ]


def test_the_questions_stay_as_they_were_when_the_note_changes(
    as_alice: Client, alice: User, quiz: Quiz
) -> None:
    before = list(quiz.questions.values("stem", "options", "answers", "explanation", "form"))
    load(alice, DECK.replace("A: The sun", "A: A star").replace("Winds", "Trucks").replace("April", "May"))
    Note.objects.all().update(question="?")
    assert list(quiz.questions.values("stem", "options", "answers", "explanation", "form")) == before


def test_at_most_ten_questions_and_retired_cards_are_out(alice: User, document: Document) -> None:
    notes = "\n".join(
        f"Q: Question {n}?\nA: answer {n}\n> Snow is frozen water vapour.\nid: dddddddd{n:02}\n"
        for n in range(14)
    )
    deck = load(alice, f"deck: Many\nslug: many\nsource: water-cycle\n\n{notes}")
    library.retire_notes(Note.objects.filter(guid="dddddddd00"))
    asked = Question.objects.filter(quiz__in=[assembling.make(alice, deck) for _ in range(6)])
    assert asked.count() == 60
    assert not asked.filter(card__note__guid="dddddddd00").exists()


@pytest.mark.parametrize(
    ("parent", "visibility", "title"),
    [
        ({"name": "Skies"}, "public", "Skies · Water"),
        ({"visibility": "private"}, "public", "Water"),
        ({"visibility": "private"}, "private", "Nature · Water"),
        ({"name": "N" * 200}, "public", "Water"),
    ],
    ids=["its parent before it", "a private one stays so", "all is private", "too long for both"],
)
def test_what_a_quiz_is_called(
    alice: User, deck: Deck, parent: dict[str, str], visibility: str, title: str
) -> None:
    Deck.objects.filter(name="Nature").update(**parent)
    Deck.objects.filter(pk=deck.pk).update(visibility=visibility)
    assert assembling.make(alice, Deck.objects.get(pk=deck.pk)).title == title


def test_a_deck_at_the_top_gives_its_name_alone(alice: User, deck: Deck) -> None:
    assert assembling.make(alice, Deck.objects.get(name="Nature")).title == "Nature"


def test_a_deck_with_nothing_to_ask_says_so_and_makes_no_quiz(
    as_alice: Client, alice: User, document: Document
) -> None:
    long = "A: one two three four five six seven\n> Snow is frozen water vapour."
    load(alice, f"deck: Long\nslug: long\nsource: water-cycle\n\nQ: Why?\n{long}\nid: eeeeeeee01\n")
    response = as_alice.post(reverse("quizzes:make"), {"deck": "long"}, follow=True)
    assert response.redirect_chain == [(reverse("deck", args=["long"]), 303)]
    assert "has nothing a quiz can ask yet" in text(response)
    assert not Quiz.objects.exists()


def test_only_a_deck_one_may_see_makes_a_quiz(
    as_alice: Client, as_charlie: Client, alice: User, document: Document
) -> None:
    load(alice, DECK, visibility="private")
    assert as_charlie.post(reverse("quizzes:make"), {"deck": "water"}).status_code == 404
    assert as_alice.post(reverse("quizzes:make"), {"deck": "no such deck"}).status_code == 400
    assert not Quiz.objects.exists()
    assert as_alice.post(reverse("quizzes:make"), {"deck": "water"}).status_code == 303


def test_signing_in_comes_first(client: Client, quiz: Quiz) -> None:
    for name, args in [("quizzes", []), ("take", [quiz.code]), ("result", [quiz.code])]:
        response = client.get(reverse(f"quizzes:{name}", args=args))
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("accounts:sign-in"))


# What must not work


def test_a_second_click_shows_the_first_verdict(as_alice: Client, quiz: Quiz) -> None:
    question = quiz.questions.get(position=0)
    respond(as_alice, question, right_answer(question))
    again = respond(as_alice, question, "", headers=HTMX)
    assert again.status_code == 200
    assert "<b>Right</b>" in text(again)
    assert Response.objects.get().verdict == "right"


def test_two_requests_at_once_store_one_answer(alice: User, quiz: Quiz) -> None:
    """Both have read the run before either has written."""
    runs = [taking.run(quiz, alice), taking.run(quiz, alice)]
    for run, skip in zip(runs, [False, True], strict=True):
        assert run
        question = run.questions[0]
        given = (
            [int(index) for index in right_answer(question)] if question.options else right_answer(question)
        )
        assert taking.answer(run, question, given[:0] if skip else given, 0).verdict == "right"
    assert Response.objects.count() == 1


@pytest.mark.parametrize("given", [["7"], ["x"], ["0", "1"], ["-1"]])
def test_an_option_that_is_not_there_is_refused(
    as_alice: Client, alice: User, document: Document, given: list[str]
) -> None:
    _, question = one_question(alice, "Q: Which?\n- [x] A\n- [ ] B\n> Snow is frozen water vapour.")
    response = respond(as_alice, question, given)
    assert response.status_code == 400
    assert "Nothing was saved" in text(response)
    assert not Response.objects.exists()


def test_text_beyond_measure_is_refused(as_alice: Client, alice: User, document: Document) -> None:
    _, question = one_question(alice, SUN)
    assert respond(as_alice, question, "sun " * 100).status_code == 400
    assert respond(as_alice, question, "s\0un").status_code == 400
    assert not Response.objects.exists()


def test_only_the_question_being_asked_takes_an_answer(as_alice: Client, quiz: Quiz) -> None:
    later = quiz.questions.get(position=2)
    assert respond(as_alice, later, right_answer(later)).status_code == 400
    for number in ["0", "99", "", "x", "01"]:
        data = {"number": number, "given": "0"}
        assert as_alice.post(reverse("quizzes:respond", args=[quiz.code]), data).status_code == 404
    assert not Response.objects.exists()


def test_there_is_nothing_to_judge_about_a_plain_verdict(as_alice: Client, quiz: Quiz) -> None:
    question = quiz.questions.get(position=0)
    assert judge(as_alice, question, "yes").status_code == 400
    respond(as_alice, question, "")
    assert judge(as_alice, question, "yes").status_code == 400
    assert judge(as_alice, question, "perhaps").status_code == 400
    assert Response.objects.get().verdict == "blank"


def test_get_writes_nothing_and_begin_begins_once(as_bob: Client, bob: User, quiz: Quiz) -> None:
    page = text(as_bob.get(quiz.get_absolute_url()))
    assert "Begin" in page
    assert not bob.attempts.exists()
    for _ in range(2):
        assert as_bob.post(quiz.get_absolute_url()).status_code == 303
    assert bob.attempts.count() == 1
    assert "Question 1 of" in text(as_bob.get(quiz.get_absolute_url()))


def test_the_address_of_a_form_leads_back_to_its_page(as_alice: Client, quiz: Quiz) -> None:
    """As after signing in anew, or a reload."""
    for name in ("respond", "judge"):
        response = as_alice.get(reverse(f"quizzes:{name}", args=[quiz.code]))
        assert (response.status_code, response["Location"]) == (302, quiz.get_absolute_url())
    response = as_alice.get(reverse("quizzes:make"))
    assert (response.status_code, response["Location"]) == (302, reverse("quizzes:quizzes"))
    assert Quiz.objects.count() == 1


def test_each_taker_has_a_run_of_his_own(as_alice: Client, as_bob: Client, quiz: Quiz) -> None:
    question = quiz.questions.get(position=0)
    assert respond(as_bob, question, right_answer(question)).status_code == 404
    respond(as_alice, question, right_answer(question))
    assert as_bob.get(reverse("quizzes:result", args=[quiz.code])).status_code == 303
    as_bob.post(quiz.get_absolute_url())
    page = text(as_bob.get(quiz.get_absolute_url() + "?answered=1"))
    assert "<b>Right</b>" not in page
    assert "Question 1 of" in page


def test_the_quiz_of_a_private_deck_is_not_found_by_a_stranger(
    as_alice: Client, as_charlie: Client, alice: User, document: Document
) -> None:
    quiz = assembling.make(alice, load(alice, DECK, visibility="private"))
    url = quiz.get_absolute_url()
    question = quiz.questions.get(position=0)
    assert as_charlie.get(url).status_code == 404
    assert as_charlie.post(url).status_code == 404
    assert respond(as_charlie, question, right_answer(question)).status_code == 404
    assert as_charlie.get(reverse("quizzes:result", args=[quiz.code])).status_code == 404
    assert as_alice.get(url).status_code == 200
    assert as_alice.get(reverse("quizzes:take", args=["nosuchcode"])).status_code == 404


def test_a_quiz_once_begun_stays_with_its_taker(as_bob: Client, deck: Deck, quiz: Quiz) -> None:
    as_bob.post(quiz.get_absolute_url())
    Deck.objects.filter(pk=deck.pk).update(visibility="private")
    assert as_bob.get(quiz.get_absolute_url()).status_code == 200
    for question in quiz.questions.all():
        respond(as_bob, question, right_answer(question))
    page = text(as_bob.get(reverse("quizzes:result", args=[quiz.code])))
    assert "Another quiz" not in page


# The result and the list


def test_the_result_says_what_was_answered_and_what_is_right(as_alice: Client, quiz: Quiz) -> None:
    for question in quiz.questions.all():
        respond(as_alice, question, right_answer(question) if question.position else "")
    page = text(as_alice.get(reverse("quizzes:result", args=[quiz.code])))
    total = quiz.questions.count()
    assert f"{total - 1} <small>of {total} right</small>" in page
    assert page.count("?answered=") == total
    assert page.count("not known") == 1
    assert "<h1>Quiz: Nature · Water</h1>" in page
    assert page.count(reverse("document", args=["water-cycle"]) + "?note=") == total
    assert reverse("deck", args=["water"]) in page
    assert "Another quiz" in page


def test_words_from_a_taker_are_shown_as_words(as_alice: Client, alice: User, document: Document) -> None:
    quiz, question = one_question(alice, SUN)
    page = text(respond(as_alice, question, "<b>*sun*</b>", headers=HTMX))
    judge(as_alice, question, "no")
    page += text(as_alice.get(reverse("quizzes:result", args=[quiz.code])))
    assert "<b>*sun" not in page
    assert page.count("&lt;b&gt;*sun*&lt;/b&gt;") == 2


def test_the_list_shows_what_i_began_and_how_it_went(as_alice: Client, as_bob: Client, quiz: Quiz) -> None:
    total = quiz.questions.count()
    first, *rest = quiz.questions.all()
    respond(as_alice, first, right_answer(first))
    assert f"1 of {total} answered" in text(as_alice.get(reverse("quizzes:quizzes")))
    for question in rest:
        respond(as_alice, question, right_answer(question))
    page = text(as_alice.get(reverse("quizzes:quizzes")))
    assert f"{total} of {total}</td>" in page
    assert reverse("quizzes:result", args=[quiz.code]) in page
    assert "A quiz does not change your schedule." in page
    assert "No quiz yet" in text(as_bob.get(reverse("quizzes:quizzes")))


def _queries_of_a_quiz(client: Client, quiz: Quiz) -> list[int]:
    """To ask, to show the feedback and the result."""
    url = quiz.get_absolute_url()
    counts = [queries(partial(client.get, url))]
    for question in quiz.questions.all():
        respond(client, question, right_answer(question))
    addresses = [f"{url}?answered=1", reverse("quizzes:result", args=[quiz.code])]
    return counts + [queries(partial(client.get, address)) for address in addresses]


def test_queries_do_not_grow_with_the_questions(as_alice: Client, alice: User, deck: Deck) -> None:
    small, _ = one_question(alice, SUN)
    large = assembling.make(alice, deck, seed=1)
    assert large.questions.count() == 5
    counts = [_queries_of_a_quiz(as_alice, quiz) for quiz in (small, large)]
    assert counts[0] == counts[1]
    before = queries(lambda: as_alice.get(reverse("quizzes:quizzes")))
    assembling.make(alice, deck)
    assert queries(lambda: as_alice.get(reverse("quizzes:quizzes"))) == before
    assert Card.objects.count() > 5


def test_making_takes_as_many_queries_for_many_notes(alice: User, deck: Deck, document: Document) -> None:
    small = queries(lambda: assembling.make(alice, deck))
    notes = "\n".join(
        f"Q: N {n}?\nA: a {n}\n> Snow is frozen water vapour.\nid: dddddddd{n:02}\n" for n in range(30)
    )
    many = load(alice, f"deck: Many\nslug: many\nsource: water-cycle\n\n{notes}")
    assert queries(lambda: assembling.make(alice, many)) <= small
