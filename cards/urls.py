from django.urls import path

from .views import export, lists

app_name = "cards"
urlpatterns = [
    path("decks/", lists.decks, name="decks"),
    path("decks/<slug:slug>/export/", export.export, name="export"),
    path("decks/<slug:slug>/export/anki/", export.export_anki, name="export-anki"),
    path("documents/", lists.documents, name="documents"),
]
