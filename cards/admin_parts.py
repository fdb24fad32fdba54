"""Kinds of admin pages, here and in quizzes: nothing is deleted, much is only looked at."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from . import access
from .forms import Picker, is_id
from .models import Deck, Document, Note

admin.site.site_header = admin.site.site_title = _("Recite")
admin.site.index_title = _("Administration")


class Picking(admin.options.BaseModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """Other rows are found by typing; an address or a form that names none is no crash."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = Picker(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class Kept(Picking, admin.ModelAdmin):  # type: ignore[type-arg]
    """What has history is retired, never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def response_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """What cannot be an id chooses nothing."""
        post = request.POST.copy()
        post.setlist(ACTION_CHECKBOX_NAME, [pk for pk in post.getlist(ACTION_CHECKBOX_NAME) if is_id(pk)])
        request.POST = post  # type: ignore[assignment]
        return super().response_action(request, *args, **kwargs)


class ReadOnly(Kept):
    """To look at only."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class OnSite(Kept):
    """“View on site” leads straight to the thing's page, where the person may see it."""

    look: Callable[[access.Viewer, str], object]  # how the site finds the thing; 404 where he may not
    key = "slug"

    def may_see(self, user: access.Viewer, obj: Any) -> bool:
        try:
            type(self).look(user, getattr(obj, self.key))
        except Http404:
            return False
        return True

    def view_on_site(self, obj: Any) -> str:
        return str(obj.get_absolute_url())

    def render_change_form(
        self, request: HttpRequest, context: Any, add: bool = False, change: bool = False,
        form_url: str = "", obj: Any = None,
    ) -> HttpResponse:  # fmt: skip
        response = super().render_change_form(request, context, add, change, form_url, obj)
        # Corrected afterwards: where Django decides about the link, it does not know who asks.
        shown = cast(dict[str, Any], cast(TemplateResponse, response).context_data)
        shown["has_absolute_url"] = bool(obj) and self.may_see(request.user, obj)
        return response


class Standing(admin.SimpleListFilter):
    """Live or retired."""

    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("live", _("live")), ("retired", _("retired"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(retired_at__isnull=self.value() == "live") if self.value() else queryset


@admin.display(description=_("live"), boolean=True, ordering="-retired_at")
def live(obj: Deck | Document | Note) -> bool:
    return obj.retired_at is None
