"""Admin pages of rows that are evidence: everybody may look, nobody may add, change or delete, superusers included."""

from typing import Any, TypeVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

M = TypeVar("M", bound=Model)


class EvidenceInline(admin.TabularInline[Any, Any]):
    """Parts of such a row, shown below it."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class EvidenceAdmin(admin.ModelAdmin[M]):
    """Actions that go through a verb may still be offered: give them `permissions=["act"]`."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Who was given the right to change such rows may ask for what its verbs allow."""
        return request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")
