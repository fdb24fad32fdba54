"""Every address of the site. A deck, a document and a note have one address each, named after the thing,
so that cards can link to them without knowing which room draws the page."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from cards.views.lists import note
from quizzes.views.decks import deck
from quizzes.views.reader import reader

from . import views

# One door: the admin's own would know neither links nor the brake on wrong passwords.
to_sign_in = RedirectView.as_view(pattern_name="accounts:sign-in", query_string=True)

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("healthz/", views.healthz),
    path("", include("accounts.urls")),
    path("admin/login/", to_sign_in),
    path("admin/", admin.site.urls),
    path("decks/<slug:slug>/", deck, name="deck"),
    path("documents/<slug:slug>/", reader, name="document"),
    path("notes/<str:guid>/", note, name="note"),
    path("", include("quizzes.urls")),
    path("", include("cards.urls")),
]
