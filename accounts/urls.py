"""Addresses of signing in and out, and of a person's own settings."""

from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [
    path("accounts/link/", views.link, name="link"),
    path("accounts/sign-in/", views.sign_in, name="sign-in"),
    path("accounts/sign-out/", views.sign_out, name="sign-out"),
    path("settings/", views.preferences, name="settings"),
]
