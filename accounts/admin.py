"""People in the admin panel."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .models import User


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """Django's own, with our fields. A person with history is made inactive, never deleted here."""

    list_display = ["username", "email", "is_staff", "is_active", "is_guest", "last_login"]
    list_filter = ["is_staff", "is_superuser", "is_active", "is_guest", "groups"]
    fieldsets = [
        *(UserAdmin.fieldsets or ()),
        (_("Study"), {"fields": ["time_zone", "day_start", "language", "is_guest"]}),
    ]

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False
