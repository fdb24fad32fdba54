from django.urls import path

from .views import decks, quiz, study, today

app_name = "quizzes"
urlpatterns = [
    path("", today.today, name="today"),
    path("enroll/", today.enroll, name="enroll"),
    path("study/", study.study, name="study"),
    path("study/answer/", study.answer, name="answer"),
    path("study/read/", study.read, name="read"),
    path("study/undo/", study.undo, name="undo"),
    path("decks/<slug:slug>/study/", study.study, name="study-deck"),
    path("decks/<slug:slug>/study/settings/", decks.settings, name="deck-settings"),
    path("decks/<slug:slug>/leave/", decks.leave, name="leave"),
    path("quizzes/", quiz.quizzes, name="quizzes"),
    path("quizzes/make/", quiz.make, name="make"),
    path("q/<slug:code>/", quiz.take, name="take"),
    path("q/<slug:code>/answer/", quiz.respond, name="respond"),
    path("q/<slug:code>/judge/", quiz.judge, name="judge"),
    path("q/<slug:code>/result/", quiz.result, name="result"),
]
